// The custom element <zoho-backup-status>: its lifecycle only. The wasm decides what is shown and when.

// Each attribute with its property and the property's default, from core/src/options.rs. `lang` is not among them: every
// element has it.
const ATTRIBUTES = "%ATTRIBUTES%";

// The properties that a host sets.
const PROPERTIES = [...ATTRIBUTES.map(([, property]) => property), "data", "messages"];

// What a property returns for the value of its attribute.
function read(value, fallback) {
  if (typeof fallback !== "number") return value ?? fallback;
  return /^\s*-?\d+(\.\d+)?\s*$/.test(value ?? "") ? Number(value) : fallback;
}

// A server that renders pages has no elements: there, the script does nothing.
const { customElements, HTMLElement = Object } = globalThis;

class ZohoBackupStatus extends HTMLElement {
  // For a later copy of this script.
  static version = VERSION;
  static observedAttributes = [...ATTRIBUTES.map(([attribute]) => attribute), "lang"];

  #widget = null;
  #headStart;
  #data = null;
  #messages = null;
  #isSettling = false;
  #hasFailed = false;
  // In the documents that unit tests simulate there are neither.
  #states = this.attachInternals?.().states;
  #ready = promise();
  // Resolves when the element leaves its document.
  #removed = promise();

  constructor() {
    super();
    showPlaceholder(this.attachShadow({ mode: "open" }), true);
  }

  connectedCallback() {
    // Properties that were set before the upgrade shadow the accessors.
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

  /** A backup document to show instead of fetching one; null fetches again. */
  get data() {
    return this.#data;
  }

  set data(value) {
    this.#data = value ?? null;
    this.#settle();
  }

  /** Sentences that replace the widget's own, by key; null: the widget's own. */
  get messages() {
    return this.#messages;
  }

  set messages(value) {
    this.#messages = value ?? null;
    this.#settle();
  }

  /** What is shown and why; null until the widget runs. */
  get verdict() {
    return this.#widget?.call((handle) => handle.verdict) ?? null;
  }

  /** Resolves when the widget runs; rejects with the error if it cannot. */
  get ready() {
    return this.#ready.promise;
  }

  /** Fetches now, at most once in 5 seconds; resolves with the verdict and its `outcome`, or null once removed. */
  async refresh() {
    if (!this.isConnected) return null;
    // In a microtask, so that changes of this task count.
    await (this.#widget ?? Promise.race([this.ready, this.#removed.promise]));
    return this.#widget?.refresh() ?? null;
  }

  // Handles all changes of one task together at its end: moving the element does not remove it, and a hundred changed
  // attributes are one change.
  #settle() {
    if (this.#isSettling) return;
    queueMicrotask(async () => {
      // Turbo puts a permanent element back a few microtasks after it has taken it out.
      for (let left = 4; left && !this.isConnected; left -= 1) await null;
      this.#isSettling = false;
      if (!this.isConnected) return this.#unmount();
      adoptStyle(this.shadowRoot);
      if (this.#widget) this.#widget.call((handle) => handle.update(this.#options()));
      else if (!this.#hasFailed) this.#start();
    });
    // Not before: a page's own queueMicrotask may throw.
    this.#isSettling = true;
  }

  #options() {
    const entries = ATTRIBUTES.map(([attribute, property]) => [property, this.getAttribute(attribute)]);
    const [data, messages, lang] = [this.#data, this.#messages, this.getAttribute("lang")];
    return { ...Object.fromEntries(entries), data, messages, lang };
  }

  #start() {
    let headStart;
    // A page's own Date may throw. Then there is none.
    attempt(() => (headStart = HeadStart.join(this, this.#options())));
    if (this.#headStart !== headStart) this.#headStart?.leave(this);
    this.#headStart = headStart;
    Promise.all([load(), awaitLanguage(this)]).then(
      () => this.#mount(),
      (error) => {
        this.#fail(error);
        if (!this.isConnected) return;
        waiting.add(this.#retry);
        planAttempt();
      },
    );
  }

  #retry = () => {
    this.#hasFailed = false;
    this.#settle();
  };

  #mount() {
    if (this.#widget || !this.isConnected) return;
    // The slot's content stays until the widget has an answer: it may be a picture of the state. The wasm removes the slot.
    const slot = this.shadowRoot.querySelector("slot");
    this.shadowRoot.replaceChildren(...[slot].filter(isFilled));
    slot.onslotchange = () => isFilled(slot) || slot.remove();
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
    if (waiting.delete(this.#retry)) planAttempt();
    this.#removed.resolve();
    this.#removed = promise();
    this.#headStart?.leave(this);
    this.#headStart = undefined;
    if (!this.#widget) return;
    this.#widget.free();
    this.#widget = null;
    this.#states?.clear();
    showPlaceholder(this.shadowRoot, true);
    this.#ready = promise();
  }

  #fail(error) {
    this.#hasFailed = true;
    this.#headStart?.leave(this);
    this.#headStart = undefined;
    this.#states?.clear();
    showPlaceholder(this.shadowRoot, false);
    this.#settled().reject(error);
  }

  // The functions that settle `ready`: a new promise for each start and each end of the widget.
  #settled() {
    if (this.#ready.isSettled) this.#ready = promise();
    this.#ready.isSettled = true;
    return this.#ready;
  }
}

// A promise with its `resolve` and `reject`. A rejection that nobody waits for is no error of the page.
function promise() {
  const settle = { isSettled: false };
  settle.promise = new Promise((resolve, reject) => Object.assign(settle, { resolve, reject }));
  settle.promise.catch(() => {});
  return settle;
}

for (const [attribute, property, fallback] of ATTRIBUTES) {
  Object.defineProperty(ZohoBackupStatus.prototype, property, {
    configurable: true,
    enumerable: true,
    get() {
      return read(this.getAttribute(attribute), fallback);
    },
    set(value) {
      if (value == null) this.removeAttribute(attribute);
      else this.setAttribute(attribute, value);
    },
  });
}

// If a page has two copies of this script, the first defines the element.
const first = customElements?.get(TAG);
if (!first) customElements?.define(TAG, ZohoBackupStatus);
else if (first.version !== VERSION) {
  warn(`the element is that of ${first.version ?? "another version"}, loaded before ${VERSION}. Load only one.`);
}
