/** @jsxImportSource preact */
import { createElement, createRef, hydrate, render } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { container, isHydrated, start } from "./app.js";
import { createApp } from "./hooks.js";

const App = createApp({ createElement, useLayoutEffect });
const ref = createRef();
let draw = isHydrated ? hydrate : render;

await start(
  (props) => {
    draw(<App {...props} reference={ref} />, container);
    draw = render;
  },
  () => ref.current,
);
