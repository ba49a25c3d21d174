import { mount } from "svelte";
import { start } from "./app.js";
import App from "./Svelte.svelte";

const app = mount(App, { target: document.querySelector("#root") });
await start(app.set, app.reference);
