// The custom element <zoho-backup-status> and mount(): lifecycle only. What is shown, when, and why is decided in the
// wasm. The build puts wasm-bindgen's glue in front of this file, as a function `newInstance`, and fills in the
// constants.

const VERSION = "%VERSION%";
const STYLE = "%STYLE%";
const WASM_HASH = "%WASM_HASH%";
const WASM = new URL(`widget_bg.wasm?v=${WASM_HASH}`, import.meta.url);
const TAG = "zoho-backup-status";

const text = (fallback) => (value) => value ?? fallback;
const number = (fallback) => (value) => (/^\s*-?\d+(\.\d+)?\s*$/.test(value ?? "") ? Number(value) : fallback);

// Each attribute with its property and how the property reads it.
const ATTRIBUTES = {
  "proxy-url": ["proxyUrl", text("")],
  "refresh-interval": ["refreshInterval", number(300)],
  "overdue-after": ["overdueAfter", number(3600)],
  countdown: ["countdown", text("auto")],
  "time-zone": ["timeZone", text("")],
  "hour-cycle": ["hourCycle", text("")],
  theme: ["theme", text("auto")],
  variant: ["variant", text("card")],
  label: ["label", text("")],
  href: ["href", text("")],
  credentials: ["credentials", text("same-origin")],
};

// All that a host sets.
const PROPERTIES = [...Object.values(ATTRIBUTES).map(([property]) => property), "data", "messages"];

// The wasm: one instance per page, begun by the first widget. A panic ends it; the next widget starts another.

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
  loading ??= start().catch((error) => {
    // A network recovers, so that the next widget tries again; a policy does not.
    if (!isForbidden(error)) loading = undefined;
    hasFailed = true;
    report(remedy(error), error);
    throw error;
  });
  return loading;
}

async function start() {
  const started = newInstance();
  await started({ module_or_path: WASM });
  started.on_panic((message) => end(started, new Error(message)));
  instance = started;
  isReported = false;
  for (const retry of waiting) retry();
  waiting.clear();
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

function remedy(error) {
  if (typeof WebAssembly !== "object") return "this browser has no WebAssembly, or it is switched off.";
  if (isForbidden(error)) {
    return "this page's Content-Security-Policy forbids WebAssembly. Add 'wasm-unsafe-eval' to its script-src.";
  }
  return (
    `${WASM} could not be loaded. Serve it beside the script as application/wasm, with Access-Control-Allow-Origin ` +
    "if on another origin, and allow its origin in the connect-src of this page's Content-Security-Policy."
  );
}

// Style sheets: one constructed sheet per document, which works under every style-src.

const sheets = new WeakMap();

function adoptStyle(root) {
  const { ownerDocument } = root;
  // A sheet belongs to the document whose window made it: there is none in a document without one.
  if (!ownerDocument.defaultView) return;
  let sheet = sheets.get(ownerDocument);
  if (!sheet) {
    sheet = new ownerDocument.defaultView.CSSStyleSheet();
    sheet.replaceSync(STYLE);
    sheets.set(ownerDocument, sheet);
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [sheet];
}

// What a shadow root holds while no widget runs in it: the host's own children, or else a skeleton.
function placeholder(withSkeleton) {
  const slot = document.createElement("slot");
  if (withSkeleton) {
    const skeleton = slot.appendChild(document.createElement("div"));
    skeleton.className = "skeleton";
    for (const width of ["wide", "narrow"]) skeleton.appendChild(document.createElement("span")).className = width;
  }
  return slot;
}

// The head start: the first request, begun while the wasm loads. The same request as in src/fetch.rs.

const headStarts = new Map();

class HeadStart {
  blocked = false;
  started = Date.now();
  controller = new AbortController();
  #key;
  #users = new Set();
  #watch = (event) => {
    const isOurs = event.effectiveDirective === "connect-src" && event.blockedURI === this.url;
    if (isOurs && event.disposition === "enforce") this.blocked = true;
  };

  // Joins or starts the request that these options call for; undefined where the wasm had better decide itself.
  static join(user, { proxyUrl, credentials, data }) {
    if (instance || hasFailed || data != null || document.visibilityState === "hidden") return undefined;
    const url = HeadStart.#plainUrl(proxyUrl?.trim());
    if (!url) return undefined;
    const word = credentials?.trim().toLowerCase();
    const mode = ["include", "omit"].includes(word) ? word : "same-origin";
    const key = `${mode} ${url}`;
    const headStart = headStarts.get(key) ?? new HeadStart(key, url, mode);
    headStart.#users.add(user);
    return headStart;
  }

  // Only a URL that is certain to be accepted: see core/src/proxy_url.rs.
  static #plainUrl(proxyUrl) {
    if (!proxyUrl || !URL.canParse?.(proxyUrl, document.baseURI)) return undefined;
    const url = new URL(proxyUrl, document.baseURI);
    url.hash = "";
    const pageIsHttp = location.protocol === "http:" || origin.startsWith("http:");
    const isSecure = url.protocol === "https:" || (url.protocol === "http:" && pageIsHttp);
    const isPlain = !url.username && !url.password && !url.search && url.href.length <= 2048;
    return isSecure && isPlain ? url.href : undefined;
  }

  constructor(key, url, credentials) {
    this.#key = key;
    this.url = url;
    this.credentials = credentials;
    document.addEventListener("securitypolicyviolation", this.#watch);
    const { signal } = this.controller;
    const options = { mode: "cors", credentials, cache: "no-cache", redirect: "manual", referrerPolicy: "no-referrer" };
    // Whatever a page's own fetch may do: throw, or return no promise.
    this.response = new Promise((resolve) => resolve(fetch(url, { ...options, signal })));
    // Whoever takes it over looks at failures.
    this.response.catch(() => {});
    headStarts.set(key, this);
  }

  // Gives it away, once: from now on the wasm watches and aborts it.
  take() {
    if (headStarts.get(this.#key) !== this) return undefined;
    this.#forget();
    return this;
  }

  // Ends it when its last user has left.
  leave(user) {
    this.#users.delete(user);
    if (this.#users.size === 0 && headStarts.get(this.#key) === this) {
      this.#forget();
      this.controller.abort();
    }
  }

  #forget() {
    headStarts.delete(this.#key);
    document.removeEventListener("securitypolicyviolation", this.#watch);
  }
}

// A widget that runs in the wasm. What is thrown there ends the instance, never the page.
class Widget {
  error = null;
  #instance = instance;
  #handle;
  #fallBack;
  // How many calls are under way: a page's own code runs within them, and may free the widget.
  #depth = 0;
  // Those who wait for a refresh.
  #waiting = new Set();

  // `fallBack` takes the place of the widget when its instance has ended.
  constructor(fallBack, ...given) {
    this.#fallBack = fallBack;
    // It may have ended since it was loaded, a moment ago.
    if (!instance) return this.end(lastError);
    running.add(this);
    this.call(() => {
      this.#handle = this.#instance.mount(...given);
    });
  }

  get isRunning() {
    return running.has(this);
  }

  // What `ask` gets of the handle; null from a widget that runs no more.
  call(ask) {
    if (!this.isRunning) return null;
    this.#depth += 1;
    try {
      return ask(this.#handle);
    } catch (error) {
      end(this.#instance, error);
      return null;
    } finally {
      this.#depth -= 1;
      if (!this.isRunning) this.#release();
    }
  }

  // Resolves with the verdict; with null when the widget ends before there is one.
  refresh() {
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      Promise.resolve(this.call((handle) => handle.refresh())).then((verdict) => {
        this.#waiting.delete(resolve);
        resolve(verdict);
      });
    });
  }

  free() {
    running.delete(this);
    this.#release();
  }

  #release() {
    if (this.#depth > 0) return;
    const handle = this.#handle;
    this.#handle = undefined;
    try {
      handle?.free();
    } catch (error) {
      end(this.#instance, error);
    }
  }

  end(error) {
    running.delete(this);
    // Or else its finalizer would call into the wasm.
    this.#handle?.__destroy_into_raw();
    this.#handle = undefined;
    this.error = error;
    for (const resolve of this.#waiting) resolve(null);
    this.#fallBack(error);
  }
}

class ZohoBackupStatus extends HTMLElement {
  static observedAttributes = [...Object.keys(ATTRIBUTES), "lang"];

  #widget = null;
  #headStart;
  #data = null;
  #messages = null;
  #isSettling = false;
  #hasFailed = false;
  #states = this.attachInternals().states;
  #ready = promise();

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).append(placeholder(true));
  }

  connectedCallback() {
    // Properties that were set before the upgrade hide the accessors.
    for (const name of PROPERTIES) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    if (this.#hasFailed) {
      this.#hasFailed = false;
      this.#ready = promise();
    }
    this.#settle();
  }

  disconnectedCallback() {
    this.#settle();
  }

  attributeChangedCallback() {
    this.#settle();
  }

  /** A reply document to show instead of fetching one; null fetches again. */
  get data() {
    return this.#data;
  }

  set data(value) {
    this.#data = value ?? null;
    this.#settle();
  }

  /** Sentences of the host's own, by key; null: ours. */
  get messages() {
    return this.#messages;
  }

  set messages(value) {
    this.#messages = value ?? null;
    this.#settle();
  }

  /** What is shown and why; null until the wasm runs. */
  get verdict() {
    return this.#widget?.call((handle) => handle.verdict) ?? null;
  }

  /** Resolves when the widget runs; rejects with the reason why it cannot. */
  get ready() {
    return this.#ready.promise;
  }

  /** Asks now, at most once in 5 seconds; resolves with the verdict, its fault set if that failed. */
  async refresh() {
    if (!this.isConnected) return null;
    await this.ready;
    return this.#widget?.refresh() ?? null;
  }

  // Whatever happened to the element in this task is settled at once at its end: a move is no removal, and a hundred
  // changed attributes are one change.
  #settle() {
    if (this.#isSettling) return;
    this.#isSettling = true;
    queueMicrotask(() => {
      this.#isSettling = false;
      if (!this.isConnected) return this.#unmount();
      adoptStyle(this.shadowRoot);
      if (this.#widget) this.#widget.call((handle) => handle.update(this.#options()));
      else if (!this.#hasFailed) this.#start();
    });
  }

  #options() {
    const entries = Object.entries(ATTRIBUTES).map(([name, [property]]) => [property, this.getAttribute(name)]);
    const [data, messages, lang] = [this.#data, this.#messages, this.getAttribute("lang")];
    return { ...Object.fromEntries(entries), data, messages, lang };
  }

  #start() {
    const headStart = HeadStart.join(this, this.#options());
    if (this.#headStart !== headStart) this.#headStart?.leave(this);
    this.#headStart = headStart;
    load().then(
      () => this.#mount(),
      (error) => {
        this.#fail(error);
        if (this.isConnected) waiting.add(this.#retry);
      },
    );
  }

  #retry = () => {
    this.#hasFailed = false;
    this.#settle();
  };

  #mount() {
    if (this.#widget || !this.isConnected) return;
    this.shadowRoot.replaceChildren();
    const headStart = this.#headStart?.take();
    this.#headStart = undefined;
    const fallBack = (error) => {
      this.#widget = null;
      this.#fail(error);
    };
    const widget = new Widget(fallBack, this, this.shadowRoot, this.#options(), this.#states, headStart);
    if (widget.error) return headStart?.controller.abort();
    this.#widget = widget;
    this.#settled().resolve();
  }

  #unmount() {
    waiting.delete(this.#retry);
    this.#headStart?.leave(this);
    this.#headStart = undefined;
    if (!this.#widget) return;
    this.#widget.free();
    this.#widget = null;
    this.#states?.clear();
    this.shadowRoot.replaceChildren(placeholder(true));
    this.#ready = promise();
  }

  #fail(error) {
    this.#hasFailed = true;
    this.#headStart?.leave(this);
    this.#headStart = undefined;
    this.#states?.clear();
    this.shadowRoot.replaceChildren(placeholder(false));
    this.#settled().reject(error);
  }

  // What settles `ready`: a new one for each start and each end of the widget.
  #settled() {
    if (this.#ready.isSettled) this.#ready = promise();
    this.#ready.isSettled = true;
    return this.#ready;
  }
}

// A promise with what settles it. Only those who ask for it are told of its rejection.
function promise() {
  const settle = { isSettled: false };
  settle.promise = new Promise((resolve, reject) => Object.assign(settle, { resolve, reject }));
  settle.promise.catch(() => {});
  return settle;
}

for (const [attribute, [property, read]] of Object.entries(ATTRIBUTES)) {
  Object.defineProperty(ZohoBackupStatus.prototype, property, {
    configurable: true,
    enumerable: true,
    get() {
      return read(this.getAttribute(attribute));
    },
    set(value) {
      if (value == null) this.removeAttribute(attribute);
      else this.setAttribute(attribute, value);
    },
  });
}

// A second copy of this script, perhaps of another version, leaves the field to the first.
if (!customElements.get(TAG)) customElements.define(TAG, ZohoBackupStatus);

// What mount() takes: an element's properties that a host sets, and its language.
const OPTIONS = new Set([...PROPERTIES, "lang"]);

// Once each: a misspelt name would be ignored in silence.
function warnIfUnknown(name) {
  if (OPTIONS.has(name)) return;
  OPTIONS.add(name);
  console.warn(`${TAG}: mount() knows no option "${name}", so it is ignored. Options are named like the properties.`);
}

// The targets that show a widget now, and the shadow roots that were made for one: those stay with their targets.
const mounted = new WeakSet();
const roots = new WeakSet();

/**
 * Shows a widget in the shadow root of `target`, on which its events fire. Options are named like the element's
 * properties. Resolves to a handle once the widget runs; rejects if it cannot.
 */
export async function mount(target, options = {}) {
  if (mounted.has(target)) throw new Error(`${TAG}: the target of mount() shows a widget already: unmount that first`);
  if (target.shadowRoot && !roots.has(target.shadowRoot)) {
    throw new Error(`${TAG}: the target of mount() has a shadow root of its own: give another element`);
  }
  const root = target.shadowRoot ?? target.attachShadow({ mode: "open" });
  roots.add(root);
  mounted.add(target);
  let given = { ...options };
  const leave = () => {
    delete target.dataset.variant;
    mounted.delete(target);
    root.replaceChildren(placeholder(false));
  };
  const show = () => {
    for (const name of Object.keys(given)) warnIfUnknown(name);
    target.dataset.variant = given.variant ?? "card";
  };
  let widget;
  try {
    root.replaceChildren(placeholder(true));
    adoptStyle(root);
    show();
    await load();
    root.replaceChildren();
    widget = new Widget(leave, target, root, given);
    if (widget.error) throw widget.error;
  } catch (error) {
    leave();
    throw error;
  }
  return {
    /** Changes these options; the others stay as they are. */
    update(changes) {
      if (!widget.isRunning) return;
      given = { ...given, ...changes };
      show();
      widget.call((handle) => handle.update(given));
    },
    /** Asks now, at most once in 5 seconds; resolves with the verdict. */
    refresh: () => widget.refresh(),
    /** What is shown and why; null once unmounted. */
    get verdict() {
      return widget.call((handle) => handle.verdict);
    },
    /** Removes the widget; the target's own children show again. */
    unmount() {
      if (!widget.isRunning) return;
      widget.free();
      leave();
    },
  };
}

export { VERSION as version };
