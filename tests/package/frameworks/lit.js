import { html, nothing, render } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { createRef, ref } from "lit/directives/ref.js";
import { container, start } from "./app.js";

const element = createRef();

const app = (props) => html`<zoho-backup-status
  ${ref(element)}
  proxy-url=${ifDefined(props["proxy-url"])}
  label=${ifDefined(props.label)}
  refresh-interval=${ifDefined(props["refresh-interval"])}
  .data=${props.data}
  .messages=${props.messages}
  @backup-status-change=${props.onChange ?? nothing}
></zoho-backup-status>`;

await start(
  (props) => render(props.isShown ? app(props) : nothing, container),
  () => element.value,
);
