// The floor: an element written by hand, with the same visible features as the widget and nothing else. No checks of what
// arrives, no languages, no faults with remedies, no time zones, no clock of the server, no polling.

const ICONS = { SCHEDULED: "M8 2a6 6 0 1 0 .01 0M8 4.8V8l2.3 1.5", FAILED: "M3.5 3.5l9 9M12.5 3.5l-9 9" };
const WORDS = { SCHEDULED: "Scheduled", FAILED: "Failed" };
const REASONS = { SCHEDULED: "The next run is planned.", FAILED: "Zoho reports that the last backup failed." };
const DAYS = { SU: "Sunday", MO: "Monday", TU: "Tuesday", WE: "Wednesday", TH: "Thursday", FR: "Friday", SA: "Saturday" };

const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
  :host { display: block; font: 14px/1.45 system-ui, sans-serif; color: light-dark(#1c2430, #e8ecf2); }
  :host([variant="badge"]) { display: inline-block; }
  .card { padding: 16px 18px; border: 1px solid light-dark(#d9dfe7, #364152); border-radius: 12px; }
  .badge { display: inline-flex; gap: 6px; padding: 3px 10px; border-radius: 15px; background: light-dark(#e2f4e8, #14341f); }
  .quiet { color: light-dark(#566273, #a3afbf); }
  svg { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.8; }
  dl { display: grid; grid-template-columns: 2fr 5fr; gap: 6px; }
  dd { margin: 0; }`);

const LENGTH = Intl.DurationFormat && new Intl.DurationFormat("en", { style: "short" });
const DATE = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "long" });
const DAY = new Intl.DateTimeFormat("en", { dateStyle: "full" });

// What is left until `at`: minutes and seconds within the hour, two units before it.
function left(at) {
  const seconds = Math.max(0, Math.ceil((at - Date.now()) / 1000));
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60)];
  if (seconds <= 3600) return `${`${minutes}`.padStart(2, 0)}:${`${seconds % 60}`.padStart(2, 0)}`;
  const units = days ? { days, hours } : { hours, minutes: minutes % 60 };
  return LENGTH ? LENGTH.format(units) : `${days} d ${hours} h`;
}

// Of weekly rules only.
function schedule(rule, next) {
  const parts = Object.fromEntries(rule.replace("RRULE:", "").split(";").map((part) => part.split("=")));
  const weeks = Number(parts.INTERVAL ?? 1);
  const upcoming = [1, 2, 3, 4, 5].map((count) => DAY.format(new Date(next.getTime() + count * weeks * 604800000)));
  return [`Every ${weeks > 1 ? `${weeks} weeks` : "week"} on ${DAYS[parts.BYDAY]}`, upcoming];
}

const ticking = new Set();
let timer;

// One timer for all: it fires when the second of the countdowns changes.
function tick() {
  for (const element of ticking) element.tick();
  timer = ticking.size ? setTimeout(tick, 1000 - (Date.now() % 1000)) : undefined;
}

class HandWritten extends HTMLElement {
  #data;
  #next;
  #countdown;
  #age;
  #checkedAt;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [STYLE];
  }

  async connectedCallback() {
    ticking.add(this);
    timer ??= setTimeout(tick, 1000);
    if (this.#data) this.#draw();
    else this.data = await (await fetch(this.getAttribute("proxy-url"), { cache: "no-cache" })).json();
  }

  disconnectedCallback() {
    ticking.delete(this);
  }

  set data(data) {
    this.#data = data;
    if (this.isConnected) this.#draw();
  }

  tick() {
    if (!this.#countdown) return;
    this.#countdown.data = `Next run in ${left(this.#next)}`;
    const age = `Checked ${Math.floor((Date.now() - this.#checkedAt) / 60000)} min ago`;
    if (this.#age && this.#age.data !== age) this.#age.data = age;
  }

  #draw() {
    const { status, rrule, scheduled_date } = this.#data.backup;
    this.#next = new Date(scheduled_date);
    this.#checkedAt = Date.now();
    const node = (name, className, ...children) => {
      const element = document.createElement(name);
      if (className) element.className = className;
      element.append(...children);
      return element;
    };
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("viewBox", "0 0 16 16");
    icon.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
    icon.firstChild.setAttribute("d", ICONS[status]);
    this.#countdown = new Text();
    const line = node("div", "line", node("span", "badge", icon, node("b", "", WORDS[status])), " ", this.#countdown);
    if (this.getAttribute("variant") === "badge") this.shadowRoot.replaceChildren(line);
    else {
      const [sentence, upcoming] = schedule(rrule, this.#next);
      const refresh = node("button", "", "Check again");
      refresh.onclick = () => this.connectedCallback();
      this.#age = new Text();
      const facts = [["Next run", DATE.format(this.#next)], ["Schedule", sentence]];
      const list = node("dl", "", ...facts.flatMap(([name, value]) => [node("dt", "quiet", name), node("dd", "", value)]));
      const details = node("details", "", node("summary", "", "Upcoming runs"));
      details.append(node("ol", "", ...upcoming.map((day) => node("li", "", day))));
      const head = node("div", "", node("b", "", "Zoho CRM backup"), " ", refresh);
      const reason = node("p", "quiet", REASONS[status]);
      const card = node("div", "card", head, line, reason, list, details, node("small", "quiet", this.#age));
      this.shadowRoot.replaceChildren(card);
    }
    this.tick();
  }
}

customElements.define("hand-written", HandWritten);
