import { createApp, createSSRApp } from "vue";
import { container, isHydrated, start } from "./app.js";
import App from "./Vue.vue";

const create = isHydrated ? createSSRApp : createApp;
let app;

await start(
  (props) => {
    if (app) return app.set(props);
    app = create(App, { first: props }).mount(container);
  },
  () => app.element(),
);
