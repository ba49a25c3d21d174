// The words that the tests' scripts may use; they come before each script and leave nothing in the page.
const widget = (selector = "zoho-backup-status") => document.querySelector(selector);
const parts = (host, name) => [...(host?.shadowRoot?.querySelectorAll(`[part~="${name}"]`) ?? [])];
const oneLine = (text) => text.replace(/\s+/g, " ").trim();
/** What a reader sees of this part of the widget; null when it is not there or shows nothing. */
const seen = (host, name) => {
  const texts = parts(host, name).filter((part) => part.checkVisibility()).map((part) => oneLine(part.innerText));
  return texts.filter(Boolean).join(" ") || null;
};
const visible = (element) => Boolean(element?.checkVisibility() && element.getBoundingClientRect().height > 0);
