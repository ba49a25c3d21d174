/** @jsxImportSource react */
import { createRef, useLayoutEffect } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { start } from "./app.js";

const ref = createRef();
const root = createRoot(document.querySelector("#root"));

function App({ isShown, isEarly, data, messages, onChange, listening, ...attributes }) {
  useLayoutEffect(() => {
    if (isEarly && isShown) Object.assign(ref.current, { data, messages });
  }, [isEarly, isShown, data, messages]);
  const properties = isEarly ? {} : { data, messages };
  return isShown && <zoho-backup-status ref={ref} {...attributes} {...properties} onbackup-status-change={onChange} />;
}

await start(
  (props) => flushSync(() => root.render(<App {...props} />)),
  () => ref.current,
);
