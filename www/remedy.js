// Messages on the console: why the widget cannot run, and what to change.

let isReported = false;

function report(remedy, error) {
  if (isReported) return;
  isReported = true;
  attempt(() => console.error(`${TAG} ${VERSION} cannot run: ${remedy}`, error));
}

function warn(text) {
  attempt(() => console.warn(`${TAG}: ${text}`));
}

function isForbidden(error) {
  return /unsafe-eval|content.security.policy|blocked by csp/i.test(error?.message);
}

// What to change, as precisely as can be found out: scripts learn only that a fetch has failed.
async function remedy(error) {
  mayPass = false;
  // The module itself ends by a trap.
  if (isCompiled) return blame(error, "", !(error instanceof WebAssembly.RuntimeError));
  if (typeof WebAssembly !== "object") return "this browser has no WebAssembly, or it is switched off.";
  if (isForbidden(error)) {
    return "this page's Content-Security-Policy forbids WebAssembly. Add 'wasm-unsafe-eval' to its script-src.";
  }
  // The error says it all.
  if (!WASM) return "";
  if (error instanceof WebAssembly.CompileError) return `this browser's WebAssembly is too old: ${error.message}.`;
  // webpack may write a URL without an origin.
  const { origin } = new URL(WASM, document.baseURI);
  let isBlocked = false;
  const watch = ({ disposition, effectiveDirective, blockedURI }) => {
    const isOurs = effectiveDirective === "connect-src" && blockedURI.startsWith(origin);
    isBlocked ||= isOurs && disposition === "enforce";
  };
  listen(true, "securitypolicyviolation", watch);
  // Without `integrity`, which rejects error pages too.
  const response = await (async () => fetch(WASM, { cache: "reload" }))().catch(() => undefined);
  // The event may come one task after the rejection. (A page's own setTimeout may throw.)
  await new Promise((resolve) => setTimeout(resolve, 0)).catch(() => {});
  listen(false, "securitypolicyviolation", watch);
  if (isBlocked) {
    return `this page's Content-Security-Policy forbids to fetch ${WASM}. Add ${origin} to its connect-src.`;
  }
  mayPass = true;
  // Vite before version 8 moves the scripts of packages, and nothing else.
  const advice = /\/deps\/widget_bg/.test(WASM)
    ? `Add optimizeDeps: { exclude: ["${TAG}"] } to Vite's configuration`
    : "Serve it beside the script";
  if (!response) {
    return (
      `${WASM} cannot be reached. ${advice}, with Access-Control-Allow-Origin if that is another ` +
      "origin than the page's."
    );
  }
  // A single-page app answers so for every path that it does not know.
  const isPage = /html/.test(response.headers.get("Content-Type"));
  const answer = response.ok ? isPage && "a web page" : `HTTP ${response.status}`;
  if (answer) return `${WASM} answers with ${answer}. ${advice}.`;
  // The network may have failed for the first request only.
  mayPass = await fetch(WASM, { integrity: WASM_INTEGRITY }).then(() => true, () => false);
  if (mayPass) return `${WASM} did not load at first. Reload the page.`;
  return `${WASM} is not the file that this script was built with. Serve both files of one build, unaltered.`;
}

// What has ended an instance. `source` is that of a function between the wasm and the browser that has thrown: it names
// the browser's function, which a page may have replaced. A panic only quotes what such a function has thrown.
function blame(error, source, isThrown = /JsValue/.test(error?.message)) {
  const name =
    /(?:new (?!Error)|\w\w+\.|\.)\w+|queueMicrotask/.exec(source) ?? (isThrown && "a function of the browser");
  if (!name) return "an error in the widget itself. Please report it.";
  return `${name} throws on this page. Correct what replaces it, or report it.`;
}
