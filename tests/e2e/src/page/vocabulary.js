// Functions that the tests' scripts may call. They precede each script and leave nothing in the page.
const widget = (selector = "zoho-backup-status") => document.querySelector(selector);
const parts = (host, name) => [...(host?.shadowRoot?.querySelectorAll(`[part~="${name}"]`) ?? [])];
const oneLine = (text) => text.replace(/\s+/g, " ").trim();
/** The visible text of this part of the widget; null when there is none. */
const seen = (host, name) => {
  const texts = parts(host, name).filter((part) => part.checkVisibility()).map((part) => oneLine(part.innerText));
  return texts.filter(Boolean).join(" ") || null;
};
const visible = (element) => Boolean(element?.checkVisibility() && element.getBoundingClientRect().height > 0);
/** From now on the page is `hidden` or `visible`, as if by the browser. */
const look = (visibilityState) => {
  for (const [name, value] of Object.entries({ visibilityState, hidden: visibilityState === "hidden" })) {
    Object.defineProperty(document, name, { configurable: true, value });
  }
  document.dispatchEvent(new Event("visibilitychange"));
};
/** From now on there is a network or none, as if by the browser. */
const connect = (onLine) => {
  Object.defineProperty(navigator, "onLine", { configurable: true, value: onLine });
  window.dispatchEvent(new Event(onLine ? "online" : "offline"));
};
