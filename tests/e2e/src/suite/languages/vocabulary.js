// Which words of a card are not of its language. In the page, so that the words of dates come from its own Intl.

// Runs of letters; in scripts without spaces, and in Arabic, whose words grow together, each letter.
const isWhole = (tag) => !/^(ar|ja|zh)/.test(tag);
const wordsOf = (tag, text) =>
  (text.match(/[\p{L}\p{M}]+/gu) ?? []).flatMap((word) =>
    isWhole(tag) || /^[a-z]+$/i.test(word) ? [word.toLowerCase()] : [...word],
  );

// All that Intl writes in this language, as the widget calls it.
const textsOfIntl = (tag) => {
  const day = { day: "numeric", month: "short", year: "numeric" };
  const moment = { ...day, weekday: "short", hour: "numeric", minute: "2-digit" };
  const zones = [undefined, "UTC", "Asia/Kolkata"].map((timeZone) => ({ ...moment, timeZone, timeZoneName: "short" }));
  const days = Array.from({ length: 366 }, (_, index) => new Date(Date.UTC(2028, 0, 1 + index, index % 24, 5)));
  const texts = [day, ...zones]
    .map((options) => new Intl.DateTimeFormat(tag, options))
    .flatMap((format) => days.map((it) => format.format(it)));
  const numbers = Array.from({ length: 120 }, (_, number) => number);
  for (const numeric of ["auto", "always"]) {
    const relative = new Intl.RelativeTimeFormat(tag, { numeric });
    for (const unit of ["day", "hour", "minute"]) {
      texts.push(relative.format(-1, unit), ...numbers.map((number) => relative.format(number, unit)));
    }
  }
  for (const [unit, unitDisplay] of [["day", "long"], ["hour", "short"], ["minute", "short"]]) {
    const format = new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay });
    texts.push(...numbers.map((number) => format.format(number)));
  }
  if (Intl.DurationFormat) {
    const format = new Intl.DurationFormat(tag, { style: "short", days: "long" });
    texts.push(...numbers.map((number) => format.format({ days: 1 + number, hours: number % 24, minutes: number % 60 })));
  }
  return [...texts, new Intl.ListFormat(tag, { type: "conjunction" }).format(["1", "2", "3"])];
};

// The words of a card that are neither in the vocabulary nor quoted. What is quoted stands isolated, and is code or of the
// reply.
const foreignWords = (host, tag, vocabulary) => {
  const { backup, fault, reason } = host.verdict;
  // A quote may be cut.
  const reply = JSON.stringify([backup, fault?.code, fault?.message]).toLowerCase();
  const root = host.shadowRoot;
  const found = wordsOf(tag, reason).filter((word) => !reply.includes(word));
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (parentElement.closest("style")) continue;
    const isIsolated = parentElement.closest("bdi");
    if (isIsolated && /^[!-~]+$/.test(data.trim())) continue;
    found.push(...wordsOf(tag, data).filter((word) => !(isIsolated && reply.includes(word))));
  }
  for (const it of root.querySelectorAll("[aria-label], [title]")) {
    found.push(...wordsOf(tag, it.title), ...wordsOf(tag, it.ariaLabel ?? ""));
  }
  return [...new Set(found)].filter((word) => !vocabulary.has(word) && word !== "utc");
};
