// Loads the wasm, and handles its end after a panic.
//
// The build joins eight files to zoho-backup-status.js, one ES module: this one, retry.js, remedy.js, head-start.js,
// languages.js, widget.js, element.js and mount.js. wasm-bindgen's glue comes first, as the function `newInstance`. The build fills in
// the constants.

const VERSION = "%VERSION%";
// Undefined where a bundler has emptied `import.meta`, as it does in a script that is no module.
const WASM = import.meta.url && new URL("%WASM_URL%", import.meta.url);
const WASM_INTEGRITY = "%WASM_INTEGRITY%";
const TAG = "zoho-backup-status";

// One instance per page, started by the first widget. A panic ends it; the next widget starts a new one.

let loading;
let isCompiled;
let instance;
let hasFailed = !WASM;
// Why the last instance ended.
let lastError;
// The retry functions of elements, to be called when a load succeeds.
const waiting = new Set();
// The widgets that run in the instance.
const running = new Set();

function load() {
  loading ??= start().catch(async (error) => {
    // A page's own fetch may return anything.
    report(await remedy(error).catch(() => "the page's own fetch returns something else than a response."), error);
    // The next widget tries again, unless a policy forbids it: that does not change.
    if (!isForbidden(error)) loading = undefined;
    hasFailed = true;
    throw error;
  });
  return loading;
}

async function start() {
  isCompiled = false;
  const module = await compile();
  isCompiled = true;
  const started = newInstance((imports) => guard(imports, (error, by) => end(started, error, by)));
  started.initSync({ module });
  started.on_panic((message) => end(started, new Error(message)));
  started.load_languages_by(tableOf);
  instance = started;
  isReported = false;
  retries = 0;
  for (const retry of waiting) retry();
  waiting.clear();
  planAttempt();
}

// Wraps the functions that the wasm calls. If one throws, `onThrow` gets the error and the function's source. Otherwise
// nobody may learn of it: a timer that has called the wasm drops the error.
function guard(imports, onThrow) {
  for (const module in imports) {
    for (const name in imports[module]) {
      const action = imports[module][name];
      imports[module][name] = (...values) => {
        try {
          return action(...values);
        } catch (error) {
          onThrow(error, `${action}`);
          throw error;
        }
      };
    }
  }
  return imports;
}

// Only the wasm that this script was built with runs.
async function compile() {
  if (!WASM) {
    throw new Error(
      'a bundler has emptied import.meta. Load the script by <script type="module">, outside the bundle.',
    );
  }
  const fetched = fetch(WASM, { integrity: WASM_INTEGRITY });
  attempt(warmUp);
  const response = await fetched;
  const type = response.headers.get("Content-Type");
  if (type === "application/wasm") return WebAssembly.compileStreaming(response);
  warn(`${WASM} is served with the Content-Type "${type}". Serve it as application/wasm: it starts sooner.`);
  return WebAssembly.compile(await response.arrayBuffer());
}

// The first date that a page writes takes a browser tens of milliseconds: better while the wasm is on its way.
function warmUp() {
  new Date().toLocaleString(document.documentElement.lang || undefined, { timeZoneName: "short" });
}

// After a panic an instance may return anything: nothing calls into it any more. `source` is that of the function that
// has thrown, if it was one that the wasm calls.
function end(ended, error, source) {
  // Tasks of an instance that has ended may still throw.
  attempt(() => silence(error));
  if (ended !== instance) return;
  instance = loading = undefined;
  lastError = error;
  attempt(() => ended.abandon());
  for (const widget of [...running]) attempt(() => widget.end(error));
  report(blame(error, source), error);
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

// Starts or stops to listen to an event of the window or of its document. A page's own addEventListener may throw.
function listen(isOn, type, listener) {
  attempt(() => window[isOn ? "addEventListener" : "removeEventListener"](type, listener, true));
}

// Browsers report what ends an instance as an error of the page, too: a panic's trap (WebKit does so without the error
// itself), or what a function threw. Our own message is enough.
function silence(error) {
  const prevent = (event) => {
    const reported = event.error ?? event.reason;
    if (reported == null || reported === error || reported instanceof WebAssembly.RuntimeError) event.preventDefault();
  };
  for (const type of ["error", "unhandledrejection"]) {
    // First, as a page's own setTimeout may throw: then nothing is left behind.
    setTimeout(() => listen(false, type, prevent), 0);
    listen(true, type, prevent);
  }
}
