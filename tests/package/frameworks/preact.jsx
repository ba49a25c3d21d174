/** @jsxImportSource preact */
import { createRef, hydrate, render } from "preact";
import { container, isHydrated, start } from "./app.js";
import App from "./Preact.jsx";

const ref = createRef();
let draw = isHydrated ? hydrate : render;

await start(
  (props) => {
    draw(<App {...props} reference={ref} />, container);
    draw = render;
  },
  () => ref.current,
);
