/** @jsxImportSource preact */
import { render } from "preact";
import { Backup } from "../../recipes/preact/Backup";

render(<Backup />, document.querySelector("#root"));
