// The sentences of other languages than English: one file each, beside the script.

// By language and script: the URL of the file, its integrity, and later what is known of it.
const LANGUAGES = "%LANGUAGES%";

// In milliseconds: a file that has not come this long after it was asked for is not waited for any more, and one that has
// failed is asked for again no sooner than this.
const PATIENCE = 1_000;
const PAUSE = 300_000;

// The sentences of the language of this tag: a text or, while that is on its way, a promise that is settled when it has
// come or failed. Undefined for English, and for what is not there.
function tableOf(tag) {
  const code = codeOf(tag);
  const language = LANGUAGES[code];
  // A page's own Date may throw: here, where it ends nothing that is under way.
  const now = Date.now();
  if (!language || language.table || now < language.nextTry) return language?.table;
  return (language.request ??= loadTable(language, code, now));
}

async function loadTable(language, code, now) {
  try {
    const response = await fetch(language.url(), { integrity: language.integrity });
    const table = await response.text();
    // Its first line is its tag. A page's own fetch may return anything.
    if (table.startsWith(code.slice(0, 2))) language.table = table;
  } catch {
    // The same as for a file without a tag.
  }
  if (language.table) return;
  if (!language.nextTry && WASM) warn("the folder lang is not beside the script, unaltered: the sentences are English.");
  language.nextTry = now + PAUSE;
  language.request = undefined;
}

// Language and script, such as `de-Latn`; undefined if it is no tag.
function codeOf(tag) {
  let code;
  attempt(() => {
    const { language, script } = new Intl.Locale(tag.trim().split(/[.@]/)[0].replaceAll("_", "-")).maximize();
    code = `${language}-${script}`;
  });
  return code;
}

// Asks for the language of an element, or for that of its own option. Resolves when it is there, or not waited for any
// more.
function awaitLanguage(element, own) {
  let awaited;
  attempt(() => {
    const table = tableOf(own || inheritedLanguage(element));
    if (table?.then) awaited = Promise.race([table, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  });
  return awaited;
}

// The nearest language tag, across shadow roots, or else the browser's. The wasm looks for itself: this one only saves it
// the wait.
function inheritedLanguage(element) {
  for (let node = element; node; node = node.parentElement ?? node.getRootNode().host) {
    if (codeOf(node.lang)) return node.lang;
  }
  return navigator.language;
}
