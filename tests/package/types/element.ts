// The element, its events and mount(), as a host without a framework types them.

import { mount, version, type Handle, type Options, type Reply, type Verdict } from "zoho-backup-status";

const element = document.createElement("zoho-backup-status");
element.proxyUrl = "/crm/bulk/v6/backup";
element.refreshInterval = 60;
element.variant = "badge";
element.label = null;
element.label = undefined;
element.data = undefined;
element.messages = { "word.due": "Now" };
const interval: number = element.refreshInterval;
const found = document.querySelector("zoho-backup-status");
const state: "scheduled" | string = found?.verdict?.state ?? version;

// @ts-expect-error: no such variant
element.variant = "line";
// @ts-expect-error: only the widget sets the verdict
element.verdict = null;
// @ts-expect-error: seconds
element.refreshInterval = "60s";

// A reply with an interface of one's own.
interface Details {
  status: string;
  scheduled_date: string;
}
const details: Details = { status: "SCHEDULED", scheduled_date: "2030-10-15T21:58:45+05:30" };
const reply: Reply = { backup: details };
element.data = reply;
// @ts-expect-error: a text
element.data = JSON.stringify(reply);

element.addEventListener("backup-status-change", (event) => {
  const verdict: Verdict = event.detail;
  console.log(verdict.reasonCode, verdict.nextRun?.slice(0, 10), verdict.fault?.retryAt);
  // @ts-expect-error: no such member
  console.log(verdict.colour);
});
document.addEventListener("backup-status-error", ({ detail }) => console.log(detail.fault?.kind === "timed-out"));
document.addEventListener("backup-status-update", ({ detail }) => console.log(detail.history?.runs[0]?.outcome));
// @ts-expect-error: `outcome` is of a refresh
document.addEventListener("backup-status-due", ({ detail }) => console.log(detail.outcome));

const options: Options = { proxyUrl: "/crm/bulk/v6/backup", lang: "de", headingLevel: 2 };
const handle: Handle = await mount(document.body, options);
handle.update({ theme: "dark", data: null, label: undefined });
const refreshed = await handle.refresh();
const outcome: "done" | "failed" | "refused" | "recent" | undefined = refreshed?.outcome;
// @ts-expect-error: a target is needed
await mount();
// @ts-expect-error: options are named like the properties
handle.update({ "proxy-url": "/" });

console.log(interval, state, outcome, await element.refresh(), await element.ready);
handle.unmount();
