// Shared by the element and mount(): a widget in a shadow root, and the placeholder while none runs.

// One constructed style sheet per document: it works under every style-src.

const STYLE = "%STYLE%";
const sheets = new WeakMap();

function adoptStyle(root) {
  const { ownerDocument } = root;
  // A sheet can be adopted only in the document whose window constructed it, and some documents have no window.
  if (!ownerDocument.defaultView) return;
  let sheet = sheets.get(ownerDocument);
  if (!sheet) {
    sheet = new ownerDocument.defaultView.CSSStyleSheet();
    sheet.replaceSync(STYLE);
    sheets.set(ownerDocument, sheet);
  }
  if (!root.adoptedStyleSheets?.includes(sheet)) root.adoptedStyleSheets = [sheet];
}

// What a shadow root shows while no widget runs in it: the host's children, or else a skeleton.
function showPlaceholder(root, withSkeleton) {
  const slot = document.createElement("slot");
  root.replaceChildren(slot);
  if (!withSkeleton) return;
  const skeleton = root.appendChild(document.createElement("div"));
  skeleton.className = "skeleton";
  for (const width of ["wide", "narrow"]) skeleton.appendChild(document.createElement("span")).className = width;
  slot.onslotchange = () => {
    skeleton.hidden = isFilled(slot);
  };
  slot.onslotchange();
}

// White space between the tags is no content, though a slot takes it for some. Elements have no value.
function isFilled(slot) {
  return slot.assignedNodes().some(({ nodeValue }) => nodeValue?.trim() !== "");
}

// A widget that runs in the wasm. An exception from there ends the instance and never reaches the page.
class Widget {
  error = null;
  #instance = instance;
  #handle;
  #fallBack;
  // The number of calls in progress: the page's own code can run during a call, and free the widget.
  #depth = 0;
  // The `resolve` functions of refreshes in progress.
  #waiting = new Set();

  // `fallBack` is called with the error when the instance ends.
  constructor(fallBack, ...mountArguments) {
    this.#fallBack = fallBack;
    // The instance may have ended since `load` resolved.
    if (!instance) return this.end(lastError);
    running.add(this);
    this.call(() => {
      this.#handle = this.#instance.mount(...mountArguments);
    });
  }

  get isRunning() {
    return running.has(this);
  }

  // The result of `action` with the handle; null if the widget does not run.
  call(action) {
    if (!this.isRunning) return null;
    this.#depth += 1;
    try {
      return action(this.#handle);
    } catch (error) {
      end(this.#instance, error);
      return null;
    } finally {
      this.#depth -= 1;
      if (!this.isRunning) this.#release();
    }
  }

  // Resolves with the verdict, or with null if the widget ends before that.
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
    // Otherwise its finalizer would call into the wasm.
    this.#handle?.__destroy_into_raw();
    this.#handle = undefined;
    this.error = error;
    for (const resolve of this.#waiting) resolve(null);
    this.#fallBack(error);
  }
}
