// Records events, console messages, errors and policy violations for the tests. It is a file, so that it runs under a
// strict policy.
(() => {
  // The first `read` lines of the console are known to the test.
  const record = { events: [], console: [], read: 0, errors: [], violations: [] };
  window.__record = record;

  // Tests' scripts run in the page, as modules of the files' origin. A driver's script would run in a realm of its own
  // (Firefox), or with microtasks in the middle of it (WebKit). A path is one of the origin of this file.
  window.__import = (url) => import(url);

  for (const type of ["change", "error", "due", "update"]) {
    document.addEventListener(`backup-status-${type}`, (event) => {
      const { bubbles, composed, detail, target } = event;
      const copy = JSON.parse(JSON.stringify(detail ?? null));
      record.events.push({ type: event.type, bubbles, composed, detail: copy, target: target.id });
    });
  }

  for (const level of ["debug", "log", "info", "warn", "error"]) {
    const original = console[level];
    console[level] = (...words) => {
      record.console.push(`${level}: ${words.map(String).join(" ")}`);
      original.apply(console, words);
    };
  }

  // Only errors that the browser reports. A later listener may still prevent the report.
  for (const type of ["error", "unhandledrejection"]) {
    window.addEventListener(type, (event) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        if (!event.defaultPrevented) record.errors.push(String(event.message ?? event.reason));
      };
      port2.postMessage(null);
    });
  }

  document.addEventListener("securitypolicyviolation", (event) => {
    const { effectiveDirective, blockedURI, sourceFile, sample } = event;
    // A request of the browser's own.
    if (blockedURI.endsWith("/favicon.ico")) return;
    record.violations.push(`${effectiveDirective} blocked ${blockedURI} for ${sourceFile} ${sample}`);
  });
})();
