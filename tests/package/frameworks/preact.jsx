/** @jsxImportSource preact */
import { createRef, render } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { start } from "./app.js";

const ref = createRef();
const root = document.querySelector("#root");

function App({ isShown, isEarly, data, messages, onChange, listening, ...attributes }) {
  useLayoutEffect(() => {
    if (isEarly && isShown) Object.assign(ref.current, { data, messages });
  }, [isEarly, isShown, data, messages]);
  const properties = isEarly ? {} : { data, messages };
  return isShown && <zoho-backup-status ref={ref} {...attributes} {...properties} onbackup-status-change={onChange} />;
}

await start(
  (props) => render(<App {...props} />, root),
  () => ref.current,
);
