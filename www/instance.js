// Loads the wasm, and handles its end after a panic.
//
// The build joins five files to zoho-backup-status.js, one ES module: this one, head-start.js, widget.js, element.js and
// mount.js. wasm-bindgen's glue comes first, as the function `newInstance`. The build fills in the constants.

const VERSION = "%VERSION%";
const WASM = new URL("widget_bg.wasm?v=%WASM_HASH%", import.meta.url);
const WASM_INTEGRITY = "%WASM_INTEGRITY%";
const TAG = "zoho-backup-status";

// One instance per page, started by the first widget. A panic ends it; the next widget starts a new one.

let loading;
let instance;
let hasFailed = false;
// Why the last instance ended.
let lastError;
// The retry functions of elements, to be called when a load succeeds.
const waiting = new Set();
// The widgets that run in the instance.
const running = new Set();

function load() {
  loading ??= start().catch(async (error) => {
    report(await remedy(error), error);
    // The next widget tries again: a network may recover, a policy does not change.
    if (!isForbidden(error)) loading = undefined;
    hasFailed = true;
    throw error;
  });
  return loading;
}

async function start() {
  const started = newInstance();
  started.initSync({ module: await compile() });
  started.on_panic((message) => end(started, new Error(message)));
  instance = started;
  isReported = false;
  for (const retry of waiting) retry();
  waiting.clear();
}

// Only the wasm that this script was built with runs.
async function compile() {
  const response = await fetch(WASM, { integrity: WASM_INTEGRITY });
  const type = response.headers.get("Content-Type");
  if (type === "application/wasm") return WebAssembly.compileStreaming(response);
  console.warn(`${TAG}: ${WASM} is served with the Content-Type "${type}". Serve it as application/wasm: it starts sooner.`);
  return WebAssembly.compile(await response.arrayBuffer());
}

// After a panic an instance may return anything: nothing calls into it any more.
function end(ended, error) {
  if (ended !== instance) return;
  instance = loading = undefined;
  lastError = error;
  attempt(() => ended.abandon());
  attempt(silenceTrap);
  for (const widget of [...running]) attempt(() => widget.end(error));
  report("an error in the widget itself. Please report it.", error);
  // An error of the next instance is reported again.
  isReported = false;
}

// Ignores what `action` throws, so that the rest is done: a page may have replaced any function of the browser.
function attempt(action) {
  try {
    action();
  } catch {
    // There is no other way to report it.
  }
}

// A panic ends in a trap, which browsers report as an error of the page (WebKit does so without the error itself). Our
// own message is enough.
function silenceTrap() {
  const silence = (event) => {
    const error = event.error ?? event.reason;
    if (error == null || error instanceof WebAssembly.RuntimeError) event.preventDefault();
  };
  for (const type of ["error", "unhandledrejection"]) {
    addEventListener(type, silence);
    setTimeout(() => removeEventListener(type, silence), 0);
  }
}

let isReported = false;

function report(remedy, error) {
  if (isReported) return;
  isReported = true;
  attempt(() => console.error(`${TAG} ${VERSION} cannot run: ${remedy}`, error));
}

function isForbidden(error) {
  return /unsafe-eval|content.security.policy|blocked by csp/i.test(error?.message);
}

// What to change, as precisely as can be found out: scripts learn only that a fetch has failed.
async function remedy(error) {
  if (typeof WebAssembly !== "object") return "this browser has no WebAssembly, or it is switched off.";
  if (isForbidden(error)) {
    return "this page's Content-Security-Policy forbids WebAssembly. Add 'wasm-unsafe-eval' to its script-src.";
  }
  if (error instanceof WebAssembly.CompileError) return `this browser's WebAssembly is too old: ${error.message}.`;
  let isBlocked = false;
  const watch = ({ effectiveDirective, blockedURI }) => {
    isBlocked ||= effectiveDirective === "connect-src" && blockedURI.startsWith(WASM.origin);
  };
  attempt(() => document.addEventListener("securitypolicyviolation", watch));
  // Without `integrity`, which rejects error pages too.
  const response = await (async () => fetch(WASM, { cache: "reload" }))().catch(() => undefined);
  // The event may come one task after the rejection. (A page's own setTimeout may throw.)
  await new Promise((resolve) => setTimeout(resolve, 0)).catch(() => {});
  attempt(() => document.removeEventListener("securitypolicyviolation", watch));
  if (isBlocked) {
    return `this page's Content-Security-Policy forbids to fetch ${WASM}. Add ${WASM.origin} to its connect-src.`;
  }
  if (!response) {
    return (
      `${WASM} cannot be reached. Serve it beside the script, with Access-Control-Allow-Origin if that is another ` +
      "origin than the page's."
    );
  }
  if (!response.ok) return `${WASM} answers with HTTP ${response.status}. Serve it beside the script.`;
  return `${WASM} is not the file that this script was built with. Serve both files of one build, unaltered.`;
}
