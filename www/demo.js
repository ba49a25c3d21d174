// What the demo page does around the widgets: choosing what the sandbox answers, the gallery, the theme.
// The widgets themselves need none of it.

const PATH = "/crm/bulk/v6/backup";
const byId = (id) => document.getElementById(id);

// Choices stay in the page's address, so that a reload keeps them.

const query = new URLSearchParams(location.search);

function remember(name, value) {
  if (value) query.set(name, value);
  else query.delete(name);
  history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`);
}

// The theme: the system's, until somebody chooses.

const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemIsDark.matches);
const showTheme = () => byId("theme").setAttribute("aria-pressed", isDark());

if (["light", "dark"].includes(query.get("theme"))) root.dataset.theme = query.get("theme");
showTheme();
systemIsDark.addEventListener("change", showTheme);
byId("theme").addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  remember("theme", root.dataset.theme);
  showTheme();
});

// Replies as Zoho sends them, with dates relative to now.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// `seconds` from now, written as Zoho writes it: with an offset and without fractions.
const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "+00:00");

const reply = (changes) => ({
  backup: {
    id: "4876876000001593003",
    scheduled_date: at(2 * DAY + 4 * HOUR),
    start_date: at(-12 * DAY),
    rrule: "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    requester: { id: "4876876000000327001", name: "Patricia Boyle", zuid: "7534658674" },
    status: "SCHEDULED",
    ...changes,
  },
});

const withoutRule = { scheduled_date: null, start_date: null, rrule: null };

// [state, what is special about it, the reply]
const SAMPLES = [
  ["scheduled", "next in two days", reply({})],
  ["scheduled", "next within the hour", reply({ scheduled_date: at(12 * MINUTE) })],
  ["due", "10 minutes ago", reply({ scheduled_date: at(-10 * MINUTE) })],
  ["overdue", "5 hours ago", reply({ scheduled_date: at(-5 * HOUR) })],
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

// The live widgets: what the sandbox answers them.

const scenario = byId("scenario");
const summaries = new Map([["", "A fortnightly backup between two runs: what the sandbox answers at Zoho's own path."]]);

// Where this page's own server, which stands between, changes what arrives.
const ON_THE_WAY = {
  dropped: "This page's server makes an HTTP 500 of it.",
  "no-cors": "Of no consequence here: the page has the same origin.",
};

function show(name) {
  const url = name ? `/scenarios/${name}${PATH}` : PATH;
  for (const widget of document.querySelectorAll(".live")) widget.proxyUrl = url;
  byId("proxy-url").textContent = url;
  byId("summary").textContent = [summaries.get(name), ON_THE_WAY[name]].filter(Boolean).join(" ");
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
  const chosen = query.get("scenario") ?? "";
  scenario.value = summaries.has(chosen) ? chosen : "";
  scenario.disabled = false;
  show(scenario.value);
}

function doWithoutSandbox() {
  byId("summary").textContent =
    "The sandbox does not answer, so nothing is live here. To start it along with this page: cargo xtask serve";
  for (const widget of document.querySelectorAll("[data-sample]")) {
    widget.data = SAMPLES.find(([state]) => state === widget.dataset.sample)?.[2];
  }
}

offer().catch(doWithoutSandbox);

byId("choice").addEventListener("submit", (event) => event.preventDefault());
scenario.addEventListener("change", () => {
  remember("scenario", scenario.value);
  show(scenario.value);
});

// What a host hears of the live card, the latest first.

const EVENTS_SHOWN = 4;

for (const type of ["backup-status-change", "backup-status-error", "backup-status-due"]) {
  byId("live").addEventListener(type, ({ detail: { state, tone, fault } }) => {
    const line = document.createElement("li");
    const verdict = [state, tone, fault?.kind].filter(Boolean).join(", ");
    line.textContent = `${new Date().toLocaleTimeString()} ${type}: ${verdict}`;
    byId("events").prepend(line);
    byId("events").children[EVENTS_SHOWN]?.remove();
  });
}

// Copying the two lines; browsers offer the clipboard to secure pages only.

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
