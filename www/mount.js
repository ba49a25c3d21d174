// mount(): the same widget in an element of the host's choice.

// The options of mount(): the properties of the element that a host sets, and the language.
const OPTIONS = new Set([...PROPERTIES, "lang"]);

// Warns once for each unknown name: a misspelt option would be ignored without a word.
function warnIfUnknown(name) {
  if (OPTIONS.has(name)) return;
  OPTIONS.add(name);
  warn(`mount() knows no option "${name}", so it is ignored. Options are named like the properties.`);
}

// The targets that show a widget now, and the shadow roots that mount() attached: they outlive their widgets.
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
  let current = { ...options };
  const leave = () => {
    delete target.dataset.variant;
    mounted.delete(target);
    showPlaceholder(root, false);
  };
  const show = () => {
    for (const name of Object.keys(current)) warnIfUnknown(name);
    target.dataset.variant = current.variant ?? "card";
  };
  let widget;
  try {
    showPlaceholder(root, true);
    adoptStyle(root);
    show();
    await Promise.all([load(), awaitLanguage(target, current.lang)]);
    root.replaceChildren();
    widget = new Widget(leave, target, root, current);
    if (widget.error) throw widget.error;
  } catch (error) {
    leave();
    throw error;
  }
  return {
    /** Changes these options and keeps the others. */
    update(changes) {
      if (!widget.isRunning) return;
      current = { ...current, ...changes };
      show();
      widget.call((handle) => handle.update(current));
    },
    /** Fetches now, at most once in 5 seconds; resolves with the verdict. */
    refresh: () => widget.refresh(),
    /** What is shown and why; null once unmounted. */
    get verdict() {
      return widget.call((handle) => handle.verdict);
    },
    /** Removes the widget; the target's own children are shown again. */
    unmount() {
      if (!widget.isRunning) return;
      widget.free();
      leave();
    },
  };
}

export { VERSION as version };
