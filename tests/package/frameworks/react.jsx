/** @jsxImportSource react */
import { createRef } from "react";
import { flushSync } from "react-dom";
import { createRoot, hydrateRoot } from "react-dom/client";
import { container, isHydrated, start } from "./app.js";
import App from "./React.jsx";

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
