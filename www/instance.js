// The wasm: loading it, and what is done when it ends. The first of the files of which the build makes
// zoho-backup-status.js, one ES module: wasm-bindgen's glue, as a function `newInstance`, stands before it, then come
// head-start.js, widget.js, element.js and mount.js. The build fills in the constants.

const VERSION = "%VERSION%";
const WASM = new URL(`widget_bg.wasm?v=${"%WASM_HASH%"}`, import.meta.url);
const WASM_INTEGRITY = "%WASM_INTEGRITY%";
const TAG = "zoho-backup-status";

// One instance per page, begun by the first widget. A panic ends it; the next widget starts another.

let loading;
let instance;
let hasFailed = false;
// Why the last instance has ended.
let lastError;
// Elements that wait for a load that succeeds.
const waiting = new Set();
// Widgets that run in the instance.
const running = new Set();

function load() {
  loading ??= start().catch(async (error) => {
    report(await remedy(error), error);
    // A network recovers, so that the next widget tries again; a policy does not.
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

// Only the bytes that this script was built with are run.
async function compile() {
  const response = await fetch(WASM, { integrity: WASM_INTEGRITY });
  const type = response.headers.get("Content-Type");
  if (type === "application/wasm") return WebAssembly.compileStreaming(response);
  console.warn(`${TAG}: ${WASM} is served with the Content-Type "${type}". Serve it as application/wasm: it starts sooner.`);
  return WebAssembly.compile(await response.arrayBuffer());
}

// Nothing calls into an instance that has ended: after a panic it may say anything.
function end(ended, error) {
  if (ended !== instance) return;
  instance = loading = undefined;
  lastError = error;
  attempt(() => ended.abandon());
  silenceTrap();
  for (const widget of [...running]) attempt(() => widget.end(error));
  report("an error in the widget itself. Please report it.", error);
  // What keeps the next instance from loading is news.
  isReported = false;
}

// What must not keep the rest from being done: a page may have wrapped whatever the browser offers.
function attempt(action) {
  try {
    action();
  } catch {
    // There is nobody left to tell.
  }
}

// A panic ends in a trap, which browsers report as an error of the page, WebKit without saying which: one message is
// enough.
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

// What to change, as exactly as can be found out: browsers tell scripts no more than that a fetch has failed.
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
  document.addEventListener("securitypolicyviolation", watch);
  // Without `integrity`, which refuses error pages as well.
  const response = await (async () => fetch(WASM, { cache: "reload" }))().catch(() => undefined);
  // The event may follow the rejection, one task later.
  await new Promise((resolve) => setTimeout(resolve, 0));
  document.removeEventListener("securitypolicyviolation", watch);
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
