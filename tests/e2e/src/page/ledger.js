// Counts what a page holds, so that a test can see what was left behind. It must run before the widget loads.
(() => {
  const memories = new Set();
  WebAssembly.Instance = class extends WebAssembly.Instance {
    constructor(...parts) {
      super(...parts);
      if (this.exports.memory) memories.add(this.exports.memory);
    }
  };

  // Only listeners on window and document can outlive an element.
  const listeners = new Map();
  for (const target of [window, document]) {
    for (const [name, change] of [["addEventListener", "add"], ["removeEventListener", "delete"]]) {
      const original = target[name];
      target[name] = function (type, callback, ...rest) {
        if (!listeners.has(type)) listeners.set(type, new Set());
        listeners.get(type)[change](callback);
        return original.call(this, type, callback, ...rest);
      };
    }
  }

  window.__ledger = {
    /** The bytes of each wasm instance's memory, in the order of their start. */
    memory: () => [...memories].map(({ buffer }) => buffer.byteLength),
    /** How many listeners window and document have. */
    listeners: () => [...listeners.values()].reduce((sum, { size }) => sum + size, 0),
  };
})();
