// A clock that stands still until a test moves it. It must run before the widget loads, and is a file, so that it runs
// under a strict policy. It starts at the real time, to which the sandbox's dates are relative.
(() => {
  const RealDate = Date;
  const timers = new Map();
  let now = RealDate.now();
  // Larger than the ids of real timers.
  let lastId = 1_000_000_000;

  // Resolves after the tasks that are already queued, without a timer.
  const settle = () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });

  window.Date = class extends RealDate {
    constructor(...parts) {
      if (parts.length === 0) super(now);
      else super(...parts);
    }
    static now() {
      return now;
    }
  };
  Math.random = () => 0.5;

  // WebKit's driver limits a script by a timer in the page, which must stay real. Its delay identifies it; session.rs sets
  // the delay.
  const DRIVER_DELAY = 987_654_321;
  const { setTimeout: realSetTimeout, clearTimeout: realClearTimeout } = window;
  const driverTimers = new Set();

  // How many requests for data have no deadline yet.
  let sent = 0;
  const realFetch = window.fetch;
  window.fetch = function (resource, ...rest) {
    if (String(resource).includes("/crm/bulk/v6/backup")) sent += 1;
    return realFetch.call(this, resource, ...rest);
  };

  // As in browsers, a delay is a signed 32-bit number of milliseconds, and one that overflows fires at once.
  const start = (callback, delay, args, repeats) => {
    const wait = Math.max(0, delay | 0);
    lastId += 1;
    const every = repeats ? Math.max(1, wait) : 0;
    // A request gets its deadline when it is sent, or when the wasm takes it over.
    const isDeadline = sent > 0 && wait === 10_000;
    if (isDeadline) sent -= 1;
    timers.set(lastId, { id: lastId, at: now + wait, every, isDeadline, callback, args });
    return lastId;
  };
  const stop = (id) => {
    if (driverTimers.delete(id)) realClearTimeout(id);
    else timers.delete(id);
  };
  window.setTimeout = (callback, delay, ...args) => {
    if (delay !== DRIVER_DELAY) return start(callback, delay, args, false);
    const id = realSetTimeout(callback, delay);
    driverTimers.add(id);
    return id;
  };
  window.setInterval = (callback, delay, ...args) => start(callback, delay, args, true);
  window.clearTimeout = stop;
  window.clearInterval = stop;

  // The server's clock follows the page's, unless a test sets how far the page's is ahead, the age of cached answers, or
  // the time at which it stands still.
  const server = { ahead: 0, age: 0, stopped: null };
  const realGet = Headers.prototype.get;
  Headers.prototype.get = function (name) {
    const value = realGet.call(this, name);
    const header = String(name).toLowerCase();
    const sent = now - server.ahead - server.age;
    if (header === "date") return value && new RealDate(server.stopped ?? sent).toUTCString();
    if (header === "retry-after" && value?.endsWith("GMT")) {
      const wait = RealDate.parse(value) - RealDate.parse(realGet.call(this, "date"));
      return new RealDate(sent + wait).toUTCString();
    }
    if (header === "age") return server.age ? String(server.age / 1000) : null;
    return value;
  };

  const next = (until) => {
    const due = [...timers.values()].filter(({ at }) => at <= until);
    return due.sort((a, b) => a.at - b.at || a.id - b.id)[0];
  };

  const fire = async (timer) => {
    now = Math.max(now, timer.at);
    if (timer.every) timer.at += timer.every;
    else timers.delete(timer.id);
    timer.callback(...timer.args);
    await settle();
  };

  // A request is in flight while its deadline is pending.
  const isRequesting = () => [...timers.values()].some(({ isDeadline }) => isDeadline);
  const answered = async () => {
    while (isRequesting()) {
      const due = next(now);
      await (due ? fire(due) : new Promise((resolve) => realSetTimeout(resolve, 1)));
    }
    await settle();
  };

  window.__clock = {
    /** The faked time in milliseconds. */
    now: () => now,
    /** How many timers are waiting. */
    pending: () => timers.size,
    /** Moves the clock by this many milliseconds: every timer fires at its time, and promises settle in between. */
    async advance(milliseconds) {
      const end = now + milliseconds;
      let fired = 0;
      for (let timer = next(end); timer; timer = next(end)) {
        await fire(timer);
        fired += 1;
        if (fired > 20_000) throw new Error(`20,000 timers within ${milliseconds} ms: one restarts itself for ever`);
      }
      now = end;
    },
    /** The same, but time stands still while a request is in flight, as if every response came at once. */
    async pass(milliseconds) {
      const end = now + milliseconds;
      await answered();
      for (let timer = next(end); timer; timer = next(end)) {
        await fire(timer);
        await answered();
      }
      now = end;
    },
    /** The computer sleeps for this long: every timer is late, and fires when the clock moves next. */
    sleep(milliseconds) {
      now += milliseconds;
    },
    /** The computer's clock is set forward or back: the remaining time of each timer stays the same. */
    set(milliseconds) {
      now += milliseconds;
      for (const timer of timers.values()) timer.at += milliseconds;
    },
    /** From now on the page's clock is this many milliseconds ahead of the server's, and answers are this old. */
    server(ahead, age = 0) {
      Object.assign(server, { ahead, age, stopped: null });
    },
    /** From now on every answer has the same `Date`, which is this old now. */
    stopServer(age) {
      Object.assign(server, { ahead: 0, age: 0, stopped: now - age });
    },
    settle,
  };
})();
