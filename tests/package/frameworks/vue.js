import { createApp } from "vue";
import { start } from "./app.js";
import App from "./Vue.vue";

const app = createApp(App).mount("#root");
await start(app.set, app.element);
