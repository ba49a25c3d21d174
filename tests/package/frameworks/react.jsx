/** @jsxImportSource react */
import { createElement, createRef, useLayoutEffect } from "react";
import { flushSync } from "react-dom";
import { createRoot, hydrateRoot } from "react-dom/client";
import { container, isHydrated, start } from "./app.js";
import { createApp } from "./hooks.js";

const App = createApp({ createElement, useLayoutEffect });
const ref = createRef();
let root;

await start(
  (props) => {
    const app = <App {...props} reference={ref} />;
    flushSync(() => {
      if (!root && isHydrated) {
        root = hydrateRoot(container, app);
      } else {
        root ??= createRoot(container);
        root.render(app);
      }
    });
  },
  () => ref.current,
);
