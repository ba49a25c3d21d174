// What a page holds, so that a test can tell what was left behind. Must run before the widget loads; served as a file.
(() => {
  const memories = new Set();
  WebAssembly.Instance = class extends WebAssembly.Instance {
    constructor(...parts) {
      super(...parts);
      if (this.exports.memory) memories.add(this.exports.memory);
    }
  };

  // Listeners that outlive what they were made for: those on window and document.
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
