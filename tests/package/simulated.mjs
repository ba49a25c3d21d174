// In the document that unit tests of an app simulate, the element is one that cannot run: it rejects, and throws nothing.

import assert from "node:assert/strict";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!doctype html>", { url: "https://portal.example/" });
for (const name of ["window", "document", "location", "origin", "HTMLElement", "customElements"]) {
  globalThis[name] = window[name];
}
const errors = [];
console.error = (message) => errors.push(message);
await import("zoho-backup-status");

const element = document.createElement("zoho-backup-status");
element.proxyUrl = "/crm/bulk/v6/backup";
document.body.append(element);
await assert.rejects(element.ready, TypeError);
assert.equal(element.verdict, null);
assert.equal(errors.length, 1);
assert.match(errors[0], /cannot run/);
// Its timer for a next attempt goes with it: otherwise this process would go on.
element.remove();
console.log("an element in a simulated document rejects, and throws nothing");
