// A clock that stands still until a test moves it. Must run before the widget loads; served as a file, so that it
// runs under a strict policy. It starts at the real time: replies of the sandbox are relative to that.
(() => {
  const RealDate = Date;
  const timers = new Map();
  let now = RealDate.now();
  // Beyond the ids of real timers.
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

  // WebKit's driver bounds a script by a timer in its page: that one is no business of the page's clock. It is told by
  // its delay, which session.rs sets.
  const DRIVERS_OWN = 987_654_321;
  const { setTimeout: realSetTimeout, clearTimeout: realClearTimeout } = window;
  const driverTimers = new Set();

  // The requests for data that are still without a deadline.
  let sent = 0;
  const realFetch = window.fetch;
  window.fetch = function (resource, ...rest) {
    if (String(resource).includes("/crm/bulk/v6/backup")) sent += 1;
    return realFetch.call(this, resource, ...rest);
  };

  // As browsers do: a delay is a signed 32-bit number of milliseconds, and what overflows fires at once.
  const start = (callback, delay, args, repeats) => {
    const wait = Math.max(0, delay | 0);
    lastId += 1;
    const every = repeats ? Math.max(1, wait) : 0;
    // The deadline of a request is set when it is sent, or when the wasm takes it over.
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
    if (delay !== DRIVERS_OWN) return start(callback, delay, args, false);
    const id = realSetTimeout(callback, delay);
    driverTimers.add(id);
    return id;
  };
  window.setInterval = (callback, delay, ...args) => start(callback, delay, args, true);
  window.clearTimeout = stop;
  window.clearInterval = stop;

  // The server's clock goes with the page's, unless a test says how far this computer's is ahead of it, or how long a
  // cache has kept the answers.
  const server = { ahead: 0, age: 0 };
  const realGet = Headers.prototype.get;
  Headers.prototype.get = function (name) {
    const value = realGet.call(this, name);
    const header = String(name).toLowerCase();
    const sent = now - server.ahead - server.age;
    if (header === "date") return value && new RealDate(sent).toUTCString();
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

  // A request is under way for as long as its deadline waits.
  const isAsking = () => [...timers.values()].some(({ isDeadline }) => isDeadline);
  const answered = async () => {
    while (isAsking()) {
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
    /** Lets so many milliseconds pass: every timer fires at its time, and promises settle in between. */
    async advance(milliseconds) {
      const end = now + milliseconds;
      let fired = 0;
      for (let timer = next(end); timer; timer = next(end)) {
        await fire(timer);
        fired += 1;
        if (fired > 20_000) throw new Error(`20,000 timers within ${milliseconds} ms: one starts itself anew for ever`);
      }
      now = end;
    },
    /** The same, but time stands still while a request is under way: each is answered in the moment it is made. */
    async pass(milliseconds) {
      const end = now + milliseconds;
      await answered();
      for (let timer = next(end); timer; timer = next(end)) {
        await fire(timer);
        await answered();
      }
      now = end;
    },
    /** The computer sleeps so long: time has passed, and every timer is late. They fire when time advances. */
    sleep(milliseconds) {
      now += milliseconds;
    },
    /** Somebody sets the computer's clock, forward or back: timers wait as long as they would have. */
    set(milliseconds) {
      now += milliseconds;
      for (const timer of timers.values()) timer.at += milliseconds;
    },
    /** From now on this computer's clock is so many milliseconds ahead of the server's, and answers so old. */
    server(ahead, age = 0) {
      Object.assign(server, { ahead, age });
    },
    settle,
  };
})();
