// The demo page's section of past runs: a badge and a card for each timeline of the sandbox, and one that plays.

const NAMES = [
  "good",
  "recovered",
  "failed-then-scheduled",
  "missed-then-scheduled",
  "running-after-failure",
  "not-watched",
  "nothing-scheduled",
  "completed-between",
  "passed",
];

// What plays: four weeks.
const PLAYED = "month";

// An hour of the timeline takes a second, so that a day takes 24 and the four weeks 11 minutes.
const SPEED = 3600;

// In milliseconds. A widget refreshes at most once in 5 seconds.
const PAUSE = 6000;

// `scenarioOf` gives the URL and the summary of a name.
export function showPastRuns(scenarioOf) {
  for (const name of NAMES) add(name, scenarioOf(name));
  addPlayed(scenarioOf(PLAYED));
}

function add(name, { url, summary }) {
  const figure = document.getElementById("past-sample").content.firstElementChild.cloneNode(true);
  figure.querySelector("b").textContent = name;
  figure.querySelector("figcaption span").textContent = summary;
  request(figure, url);
  document.getElementById("past").append(figure);
  return figure;
}

// Badge and card have the same address, so that they share their requests.
function request(figure, url) {
  for (const widget of widgets(figure)) widget.setAttribute("proxy-url", url);
}

const widgets = (figure) => figure.querySelectorAll("zoho-backup-status");

// At rest it is at its end. It plays only while the reader wants it to: each refresh is announced.
function addPlayed({ url, summary }) {
  const figure = add(PLAYED, { url, summary });
  const button = figure.querySelector("button");
  const note = figure.querySelector("figcaption span");
  let timer = null;
  button.hidden = false;
  button.addEventListener("click", () => {
    if (timer === null) {
      const start = Math.floor(Date.now() / 1000);
      request(figure, `${url}?speed=${SPEED}&start=${start}`);
      // A page out of sight asks for nothing.
      timer = setInterval(() => void widgets(figure)[1].refresh(), PAUSE);
    } else {
      clearInterval(timer);
      timer = null;
      request(figure, url);
    }
    button.textContent = timer === null ? "Play" : "Stop";
    note.textContent = timer === null ? summary : "A day takes 24 seconds, and the four weeks 11 minutes.";
  });
}
