// The next attempt after a load that failed.

// A load whose failure may pass is tried again while elements wait for it: when the network or the reader is back, and
// after pauses of 5 seconds to 20 minutes, each three times as long as the one before. Six times in all, and once more
// when a network returns that was missing then.
let mayPass = false;
let retries = 0;
let timer;

// Sets the timer and the listeners for the next attempt, or removes them where there will be none.
function planAttempt() {
  const isWanted = mayPass && waiting.size > 0;
  const isPlanned = isWanted && retries < 6;
  const isExpected = isPlanned || (isWanted && !navigator.onLine);
  for (const type of ["online", "visibilitychange"]) listen(isExpected, type, tryAgain);
  attempt(() => clearTimeout(timer));
  // With a bit of chance, so that not all pages come at once after a server has failed.
  attempt(() => (timer = isPlanned && setTimeout(tryAgain, 1_250 * 3 ** retries * (4 + Math.random()))));
}

// A hidden page waits until it is seen.
function tryAgain() {
  if (document.hidden) return;
  if (!loading) retries += 1;
  load().catch(planAttempt);
}
