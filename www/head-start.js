// The head start: the first request, sent while the wasm loads. It must be the request that the wasm would send.

// From core: src/request.rs, src/options.rs (the default first), src/proxy_url.rs.
const FETCH_OPTIONS = "%FETCH_OPTIONS%";
const CREDENTIALS = "%CREDENTIALS%";
const MAX_URL_LENGTH = "%MAX_URL_LENGTH%";

const headStarts = new Map();

class HeadStart {
  blocked = false;
  started = Date.now();
  arrived;
  controller = new AbortController();
  #key;
  #users = new Set();
  #watch = (event) => {
    const isOurs = event.effectiveDirective === "connect-src" && event.blockedURI === this.url;
    if (isOurs && event.disposition === "enforce") this.blocked = true;
  };

  // Joins or starts the request for these options. Returns undefined where only the wasm can decide.
  static join(user, { proxyUrl, credentials, data }) {
    if (instance || hasFailed || data != null || document.visibilityState === "hidden") return undefined;
    const url = HeadStart.#plainUrl(proxyUrl?.trim());
    if (!url) return undefined;
    const word = credentials?.trim().toLowerCase();
    const mode = CREDENTIALS.includes(word) ? word : CREDENTIALS[0];
    const key = `${mode} ${url}`;
    const headStart = headStarts.get(key) ?? new HeadStart(key, url, mode);
    headStart.#users.add(user);
    return headStart;
  }

  // The URL, if core is certain to accept it. www/proxy-url-cases.json says what both do with which URL.
  static #plainUrl(proxyUrl) {
    if (!proxyUrl || !URL.canParse?.(proxyUrl, document.baseURI)) return undefined;
    const url = new URL(proxyUrl, document.baseURI);
    url.hash = "";
    const pageIsHttp = location.protocol === "http:" || origin.startsWith("http:");
    const isSecure = url.protocol === "https:" || (url.protocol === "http:" && pageIsHttp);
    const isPlain = !url.username && !url.password && !url.search && url.href.length <= MAX_URL_LENGTH;
    return isSecure && isPlain ? url.href : undefined;
  }

  constructor(key, url, credentials) {
    this.#key = key;
    this.url = url;
    this.credentials = credentials;
    listen(true, "securitypolicyviolation", this.#watch);
    const options = { ...FETCH_OPTIONS, credentials, signal: this.controller.signal };
    // A page's own fetch may throw, or return something that is no promise.
    this.response = new Promise((resolve) => resolve(fetch(url, options)));
    // The wasm handles failures.
    this.response.then(() => (this.arrived = Date.now())).catch(() => {});
    headStarts.set(key, this);
  }

  // Hands it over, once: from now on the wasm watches and aborts it.
  take() {
    if (headStarts.get(this.#key) !== this) return undefined;
    this.#forget();
    return this;
  }

  // Aborts it when its last user leaves.
  leave(user) {
    this.#users.delete(user);
    if (this.#users.size === 0 && headStarts.get(this.#key) === this) {
      this.#forget();
      this.controller.abort();
    }
  }

  #forget() {
    headStarts.delete(this.#key);
    listen(false, "securitypolicyviolation", this.#watch);
  }
}

