// On a server that renders pages, importing the package does nothing.

import assert from "node:assert/strict";

const before = Object.getOwnPropertyNames(globalThis).sort();
const module = await import("zoho-backup-status");
for (const entry of ["preact", "react", "svelte", "vue", "zoho-backup-status.js"]) {
  assert.equal(await import(`zoho-backup-status/${entry}`), module, entry);
}
assert.deepEqual(Object.keys(module).sort(), ["mount", "version"]);
assert.deepEqual(Object.getOwnPropertyNames(globalThis).sort(), before);
// No request, timer or listener keeps the process alive.
assert.deepEqual(process.getActiveResourcesInfo().filter((name) => !/^(TTY|Pipe|FS|File)/.test(name)), []);
await assert.rejects(module.mount(undefined), TypeError);
console.log(`imported ${module.version}: inert`);
