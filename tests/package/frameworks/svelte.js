import { flushSync, hydrate, mount } from "svelte";
import { container, isHydrated, start } from "./app.js";
import App from "./Svelte.svelte";

const create = isHydrated ? hydrate : mount;
let app;

await start(
  (props) => {
    if (app) return app.set(props);
    app = create(App, { target: container, props: { first: props } });
    flushSync();
  },
  () => app.reference(),
);
