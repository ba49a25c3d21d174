// The demo page around the widgets: the live card's options and events, the gallery, the theme. The widgets need none of
// it.

import { showPastRuns } from "./past-runs.js";

const PATH = "/crm/bulk/v6/backup";
const byId = (id) => document.getElementById(id);

// Choices are kept in the page's address, so that they survive a reload.

const query = new URLSearchParams(location.search);

function remember(choices) {
  for (const [name, value] of Object.entries(choices)) {
    if (value == null) query.delete(name);
    else query.set(name, value);
  }
  history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`);
}

// The theme is the system's until the reader chooses one.

const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemIsDark.matches);
const showTheme = () => byId("theme").setAttribute("aria-pressed", isDark());

if (["light", "dark"].includes(query.get("theme"))) root.dataset.theme = query.get("theme");
showTheme();
systemIsDark.addEventListener("change", showTheme);
byId("theme").addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  remember({ theme: root.dataset.theme });
  showTheme();
  showPicture();
});

// Replies as Zoho sends them, with dates relative to now.

const WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// The time `seconds` from now in Zoho's format: with an offset, without fractions.
const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "+00:00");

// Every second week, on the weekday of the next run, starting two weeks before it.
const fortnightly = (next) => ({
  scheduled_date: at(next),
  start_date: at(next - 14 * DAY),
  rrule: `RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=${WEEKDAYS[new Date(Date.now() + next * 1000).getUTCDay()]}`,
});

const reply = (changes) => ({
  backup: {
    id: "4876876000001593003",
    ...fortnightly(2 * DAY + 4 * HOUR),
    requester: { id: "4876876000000327001", name: "Patricia Boyle", zuid: "7534658674" },
    status: "SCHEDULED",
    ...changes,
  },
});

const withoutRule = { scheduled_date: null, start_date: null, rrule: null };

// [state, what is special about it, the reply]
const SAMPLES = [
  ["scheduled", "next in two days", reply({})],
  ["scheduled", "next within the hour", reply(fortnightly(12 * MINUTE))],
  ["due", "10 minutes ago", reply(fortnightly(-10 * MINUTE))],
  ["overdue", "5 hours ago", reply(fortnightly(-5 * HOUR))],
  ["running", "", reply({ status: "INPROGRESS", scheduled_date: at(-20 * MINUTE) })],
  ["completed", "next in two days", reply({ status: "COMPLETED" })],
  ["completed", "for the last time", reply({ status: "COMPLETED", scheduled_date: null, rrule: "RRULE:FREQ=DAILY;COUNT=3" })],
  ["failed", "next attempt in two days", reply({ status: "FAILED" })],
  ["stopped", "", reply({ status: "STOPPED" })],
  ["one-off", "no rule, no dates", reply(withoutRule)],
  ["none", "nothing was ever scheduled", { backup: null }],
  ["unknown", "an undocumented status", reply({ status: "PAUSED" })],
  ["scheduled", "a date that cannot be read", reply({ scheduled_date: "next Tuesday" })],
  ["error", "no backup document", { backup: [] }],
  [
    "error",
    "refused by the API",
    { code: "OAUTH_SCOPE_MISMATCH", message: "Unauthorized", details: {}, status: "error" },
  ],
];

for (const [state, what, data] of SAMPLES) {
  const figure = byId("sample").content.cloneNode(true);
  figure.querySelector("b").textContent = state;
  figure.querySelector("figcaption span").textContent = what;
  for (const widget of figure.querySelectorAll("zoho-backup-status")) widget.data = data;
  byId("gallery").append(figure);
}

// `data` cannot show the state `loading`: a widget loads until it has an answer. New elements load again.

function addLoading() {
  const figure = byId("slow-sample").content.firstElementChild.cloneNode(true);
  const note = figure.querySelector("figcaption span");
  const untilThen = note.textContent;
  figure.addEventListener("backup-status-change", ({ detail }) => {
    note.textContent = `and now ${detail.state}`;
  });
  figure.querySelector("button").addEventListener("click", () => {
    for (const widget of figure.querySelectorAll("zoho-backup-status")) widget.replaceWith(widget.cloneNode());
    note.textContent = untilThen;
  });
  byId("gallery").prepend(figure);
}

// The live card's options, from the form.

const live = byId("live");
const form = byId("options");
const fields = [...form.elements].filter(({ name }) => name);
const proxyUrl = byId("proxy-url");

// The defaults of the attributes.
const DEFAULTS = {
  "refresh-interval": "300",
  "overdue-after": "3600",
  countdown: "auto",
  theme: "auto",
  variant: "card",
  label: "Zoho CRM backup",
  credentials: "same-origin",
};

// The attributes that affect requests. The badge beside the title gets the same, so that both share their requests.
const SHARED = ["proxy-url", "refresh-interval", "credentials"];

// The attribute's value; null if it need not be set.
function given({ name, value }) {
  const text = value.trim();
  return text && text !== DEFAULTS[name] ? text : null;
}

function set(element, name, value) {
  if (value === element.getAttribute(name)) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

const escaped = (text) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

// One attribute is on the line of the tag; several are on lines of their own.
function tag() {
  const attributes = fields.filter(given).map((field) => `${field.name}="${escaped(given(field))}"`);
  const [before, after] = attributes.length > 1 ? ["\n  ", "\n"] : [" ", ""];
  const inside = attributes.map((attribute) => before + attribute).join("") + after;
  return `<zoho-backup-status${inside}>`;
}

function apply() {
  for (const field of fields) {
    set(live, field.name, given(field));
    if (SHARED.includes(field.name)) set(byId("title-badge"), field.name, given(field));
  }
  byId("tag").textContent = tag();
  byId("copy").textContent = "Copy";
  showScenario();
  showPicture();
}

// The badge of the chosen scenario as a picture. Another address has none that this page knows.
function showPicture() {
  const name = scenarioOf(proxyUrl.value.trim());
  const { theme } = root.dataset;
  const url = `${name ? `/scenarios/${name}` : ""}/badge.svg${theme ? `?theme=${theme}` : ""}`;
  byId("picture-section").hidden = isAlone || name === null;
  set(byId("picture"), "src", url);
  set(byId("picture-link"), "href", url);
}

// A scenario is selected and recognised by its address.

const scenario = byId("scenario");
const urlOf = (name) => (name ? `/scenarios/${name}${PATH}` : PATH);

// The name of the scenario with this address; null if there is none.
function scenarioOf(url) {
  if (url === PATH) return "";
  const name = url.split("/")[2];
  return name && url === urlOf(name) ? name : null;
}

const summaries = new Map([["", "A backup every two weeks: what the sandbox answers at Zoho's own path."]]);

// Scenarios whose answer is changed by this page's own server on the way.
const ON_THE_WAY = {
  dropped: "This page's server turns it into an HTTP 500.",
  "no-cors": "It has no effect here, because the page has the same origin.",
};

let isAlone = false;

function showScenario() {
  const name = scenarioOf(proxyUrl.value.trim());
  if (isAlone) return supply(name !== null);
  // The sandbox has not listed its scenarios yet.
  if (scenario.disabled) return;
  scenario.value = summaries.has(name) ? name : "another";
  const summary = summaries.get(name) ?? "This address is not one of the sandbox's scenarios.";
  byId("summary").textContent = [summary, ON_THE_WAY[name]].filter(Boolean).join(" ");
}

// Shows a sample reply instead of the sandbox's, so that the other options have an effect.
function supply(isWanted) {
  for (const widget of [live, byId("title-badge")]) widget.data = isWanted ? SAMPLES[0][2] : null;
}

async function scenarios() {
  const response = await fetch("/scenarios", { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`/scenarios answered HTTP ${response.status}`);
  return response.json();
}

async function offer() {
  for (const { name, summary } of await scenarios()) {
    summaries.set(name, summary);
    scenario.add(new Option(name, name));
  }
  scenario.disabled = false;
  showScenario();
  addLoading();
  showPastRuns((name) => ({ url: urlOf(name), summary: summaries.get(name) }));
}

function doWithoutSandbox() {
  isAlone = true;
  byId("past-section").hidden = true;
  byId("past-link").hidden = true;
  byId("summary").textContent =
    "The sandbox does not answer, so this page shows a sample reply. To start both: cargo xtask serve";
  for (const widget of document.querySelectorAll("[data-sample]")) {
    widget.data = SAMPLES.find(([state]) => state === widget.dataset.sample)?.[2];
  }
  showScenario();
  showPicture();
}

// The form in the page's address. Its names have a prefix, as the page has a theme of its own.

const keyOf = ({ name }) => `card-${name}`;

function recall() {
  proxyUrl.value = urlOf(query.get("scenario"));
  for (const field of fields) {
    if (!query.has(keyOf(field))) continue;
    field.value = query.get(keyOf(field));
    // An option that does not exist.
    if (field.selectedIndex === -1) field.selectedIndex = 0;
  }
}

function rememberForm() {
  const choices = Object.fromEntries(fields.map((field) => [keyOf(field), given(field)]));
  const url = proxyUrl.value.trim();
  const name = scenarioOf(url);
  remember({ ...choices, [keyOf(proxyUrl)]: name === null ? url : null, scenario: name || null });
}

// The pause after typing, in milliseconds: half an address should not be requested, and browsers limit how often a page
// may change its own address.
const PAUSE = 300;
let pause;

function follow(wait) {
  clearTimeout(pause);
  pause = setTimeout(() => {
    apply();
    rememberForm();
  }, wait);
}

scenario.addEventListener("change", () => (proxyUrl.value = urlOf(scenario.value)));
form.addEventListener("input", () => follow(PAUSE));
form.addEventListener("change", () => follow(0));
// The fields get their initial values only after this event.
form.addEventListener("reset", () => follow(0));
form.addEventListener("submit", (event) => event.preventDefault());

const zones = Intl.supportedValuesOf?.("timeZone") ?? [];
byId("time-zones").append(...["UTC", ...zones].map((zone) => new Option("", zone)));

recall();
apply();
offer().catch(doWithoutSandbox);

// The events of the live card, the latest first.

const EVENTS_SHOWN = 20;

function log({ type, detail: { state, tone, stale, fault } }) {
  const row = byId("events").insertRow(0);
  const texts = [new Date().toLocaleTimeString(), type, state, tone, stale ? "yes" : "no", fault?.kind ?? "none"];
  for (const text of texts) row.insertCell().textContent = text;
  byId("no-events")?.remove();
  byId("events").rows[EVENTS_SHOWN]?.remove();
}

for (const type of ["change", "error", "due", "update"].map((name) => `backup-status-${name}`)) {
  live.addEventListener(type, log);
}

// Copies the lines that embed the card. Browsers offer the clipboard to secure pages only.

if (navigator.clipboard) {
  const copy = byId("copy");
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(byId("lines").textContent);
      copy.textContent = "Copied";
    } catch {
      copy.textContent = "Select the lines and copy them";
    }
  });
}
