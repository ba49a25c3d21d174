// What the element and mount() share: a widget in a shadow root, and what stands there while none runs.

// Style sheets: one constructed sheet per document, which works under every style-src.

const STYLE = "%STYLE%";
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
