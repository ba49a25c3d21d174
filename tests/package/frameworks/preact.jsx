/** @jsxImportSource preact */
import { createRef, render } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { start } from "./app.js";

const ref = createRef();
const root = document.querySelector("#root");

function App({ isShown, hasWayRound, data, messages, onChange, listening, ...attributes }) {
  useLayoutEffect(() => {
    if (hasWayRound && isShown) Object.assign(ref.current, { data, messages });
  }, [hasWayRound, isShown, data, messages]);
  const properties = hasWayRound ? {} : { data, messages };
  return isShown && <zoho-backup-status ref={ref} {...attributes} {...properties} onbackup-status-change={onChange} />;
}

await start(
  (props) => render(<App {...props} />, root),
  () => ref.current,
);
