import { render } from "lit";
import { backup } from "../../recipes/lit/backup";

render(backup(), document.querySelector("#root"));
