/** @jsxImportSource react */
import { createRef, useLayoutEffect } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { start } from "./app.js";

const ref = createRef();
const root = createRoot(document.querySelector("#root"));

function App({ isShown, hasWayRound, data, messages, onChange, listening, ...attributes }) {
  useLayoutEffect(() => {
    if (hasWayRound && isShown) Object.assign(ref.current, { data, messages });
  }, [hasWayRound, isShown, data, messages]);
  const properties = hasWayRound ? {} : { data, messages };
  return isShown && <zoho-backup-status ref={ref} {...attributes} {...properties} onbackup-status-change={onChange} />;
}

await start(
  (props) => flushSync(() => root.render(<App {...props} />)),
  () => ref.current,
);
