// Types of zoho-backup-status.js: the element, mount() and its handle, events, verdict. A test compares them with the
// built script.

/** The state that is shown. docs/reference.md has a table of all. */
export type State =
  | "loading"
  | "none"
  | "error"
  | "stopped"
  | "running"
  | "failed"
  | "missed"
  | "unknown"
  | "one-off"
  | "completed"
  | "scheduled"
  | "due"
  | "overdue";

/** How good or bad the state is. Never `good` from stale, missing or malformed data. */
export type Tone = "good" | "info" | "neutral" | "warning" | "bad";

/** Why the state is shown, as a stable name. */
export type ReasonCode =
  | "loading"
  | "nothing-scheduled"
  | "fault"
  | "stopped"
  | "running"
  | "running-long"
  | "failed"
  | "failed-next-passed"
  | "payment-failed"
  | "payment-failed-next-passed"
  | "last-run-failed"
  | "last-run-missed"
  | "status-missing"
  | "status-malformed"
  | "status-unknown"
  | "one-off"
  | "one-off-completed"
  | "completed"
  | "completed-next-ahead"
  | "completed-next-passed"
  | "completed-next-missing"
  | "completed-date-missing"
  | "scheduled"
  | "date-missing"
  | "date-malformed"
  | "field-malformed"
  | "rule-contradicts"
  | "clock-disagrees"
  | "due"
  | "not-started"
  | "overdue"
  | "not-read-since-due"
  | "too-old";

/** What went wrong, as a stable name. docs/faults.md has the cause and remedy of each. */
export type FaultKind =
  | "bad-url"
  | "offline"
  | "unreachable"
  | "opaque-origin"
  | "local-network"
  | "blocked"
  | "redirected"
  | "timed-out"
  | "too-large"
  | "empty"
  | "not-json"
  | "html"
  | "malformed"
  | "invalid-url-pattern"
  | "scope-mismatch"
  | "no-permission"
  | "invalid-token"
  | "authentication-failure"
  | "invalid-request-method"
  | "internal-error"
  | "rate-limited"
  | "gateway"
  | "api-error"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "server-error"
  | "http-error";

/** What went wrong with the last request. It contains no secret and no query of a URL. */
export interface Fault {
  readonly kind: FaultKind;
  /** The `code` of the error, Zoho's or the gateway's, as sent. */
  readonly code: string | null;
  readonly httpStatus: number | null;
  /** The `message` of the answer, as sent. `cause` contains the gateway's own. */
  readonly message: string | null;
  /** What happened, as a sentence in the widget's language. */
  readonly cause: string;
  /** What to do about it, as a sentence in the widget's language. */
  readonly remedy: string;
  /** The time before which the server asked not to retry: `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly retryAt: string | null;
}

/**
 * The outcome of a run, as a gateway observed it. `completed` and `failed`: Zoho said so. `stopped`: the schedule was
 * stopped first. `passed`: Zoho waits for the next run, and no failure was seen. `missed`: it had not started when it
 * was overdue. `not-watched`: it is not known.
 */
export type Outcome = "completed" | "failed" | "stopped" | "passed" | "missed" | "not-watched";

/** A time that is known as a range: later than `after`, and not later than `by`. UTC. */
export interface Between {
  readonly after: string | null;
  readonly by: string;
}

/** A run of the backup that a gateway has seen. */
export interface Run {
  /** When it was due, as Zoho wrote it, if that is known. */
  readonly due: string | null;
  /** When it started, if that was seen. */
  readonly started: Between | null;
  /** When its outcome was seen. */
  readonly ended: Between;
  readonly outcome: Outcome;
}

/** What became of past runs, as a gateway with a memory tells it. */
export interface History {
  /** The last runs, at most ten, the latest first. An older failure that stands takes the place of the tenth. */
  readonly runs: readonly Run[];
  /** The last run that was good: `completed` or `passed`. */
  readonly last_good: Run | null;
  /** How many runs have failed or were missed since then. */
  readonly failures_since: number;
  /** Since when the backup is watched. */
  readonly watched_since: string | null;
}

/** What is shown and why, as plain data. */
export interface Verdict {
  readonly state: State;
  readonly tone: Tone;
  readonly reasonCode: ReasonCode;
  /** Why, as a sentence in the widget's language. */
  readonly reason: string;
  /** The next run, or the one whose time has passed while Zoho still calls it scheduled: `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly nextRun: string | null;
  /** The members of Zoho's `backup`, as they were sent. */
  readonly backup: { readonly [key: string]: unknown } | null;
  /** What became of past runs, as the gateway sent it. null unless the gateway remembers. */
  readonly history: History | null;
  /** What went wrong with the last request; the state may rest on an earlier answer. */
  readonly fault: Fault | null;
  /** When the answer was read: `YYYY-MM-DDTHH:MM:SSZ`. null if none was, or if the page set `data`. */
  readonly checkedAt: string | null;
  /** Whether the answer is too old to be relied on: see docs/reference.md, "Freshness". */
  readonly stale: boolean;
}

/**
 * How a refresh went. `done`: there is a new answer. `failed`: see `fault`. `refused`: no request was made, since the
 * page is hidden, the widget is in no document, the server asked to wait, or there is nothing to ask. `recent`: none was
 * made, since the last one has just ended.
 */
export type RefreshOutcome = "done" | "failed" | "refused" | "recent";

/** The verdict with which refresh() resolves. */
export interface RefreshedVerdict extends Verdict {
  readonly outcome: RefreshOutcome;
}

/** A reply of Zoho's, for the property `data`. */
export interface Reply {
  readonly backup?: {
    readonly id?: string | null;
    readonly status?: string | null;
    readonly scheduled_date?: string | null;
    readonly start_date?: string | null;
    readonly rrule?: string | null;
    readonly requester?: { readonly id?: string; readonly name?: string; readonly zuid?: string } | null;
    // Other members; `any`, so that your own interface fits.
    readonly [key: string]: any;
  } | null;
  /** What became of past runs, as a gateway with a memory tells it. */
  readonly history?: History | null;
  readonly [key: string]: any;
}

export type Countdown = "auto" | "second" | "minute" | "off";
export type HourCycle = "h11" | "h12" | "h23" | "h24";
export type Theme = "auto" | "light" | "dark";
export type Variant = "card" | "badge";
export type Credentials = "same-origin" | "include" | "omit";

/** The options of mount(). An option that is left out, null or undefined has its default. */
export interface Options {
  /** Where the backup details are fetched from: an https URL, or a path on this site. */
  proxyUrl?: string | null | undefined;
  /** Seconds between requests, 30 to 21600 (default 300). 0: one request, then only on refresh(). */
  refreshInterval?: number | null | undefined;
  /** Seconds after its date until a run that is due becomes overdue (default 3600). */
  overdueAfter?: number | null | undefined;
  /** The units of the countdown (default `auto`: the two largest, mm:ss in the last hour). */
  countdown?: Countdown | null | undefined;
  /** Time zone of the dates, an IANA name (default: inherited, else the browser's). */
  timeZone?: string | null | undefined;
  /** How hours are written, as in Intl (default: inherited, else the browser's choice). */
  hourCycle?: HourCycle | null | undefined;
  /** Language of sentences, dates and numbers, a BCP 47 tag (default: inherited, else the browser's). */
  lang?: string | null | undefined;
  /** Light or dark (default `auto`: follows the page's color-scheme). */
  theme?: Theme | null | undefined;
  /** `card`, or `badge`: one line of status and countdown (default `card`). */
  variant?: Variant | null | undefined;
  /** Heading and accessible name: say which account this is (default: Zoho CRM backup). */
  label?: string | null | undefined;
  /** The level of the card's heading, 2 to 6 (default 3). */
  headingLevel?: number | null | undefined;
  /** Where an administrator fixes the backup, https or a path on this site: the card's heading becomes a link. */
  href?: string | null | undefined;
  /** Where that link opens, as in HTML (default: the same frame). */
  target?: string | null | undefined;
  /** Whether cookies are sent to the proxy, as in fetch (default `same-origin`). */
  credentials?: Credentials | null | undefined;
  /** A reply of Zoho's to show instead of fetching one. */
  data?: Reply | null | undefined;
  /** Your own sentences by key. `language` and `direction` say what they are in, if it is another language than the card's. */
  messages?: { readonly [key: string]: string } | null | undefined;
}

/** A widget that mount() shows. */
export interface Handle {
  /** Changes these options and keeps the others. */
  update(changes: Options): void;
  /**
   * Sends a request now, at most one in 5 seconds, and resolves with the verdict; its `outcome` says how that went.
   * Resolves with null after the widget has ended.
   */
  refresh(): Promise<RefreshedVerdict | null>;
  /** What is shown and why. null after the widget has ended. */
  readonly verdict: Verdict | null;
  /** Removes the widget; the target's own children show again. */
  unmount(): void;
}

/**
 * Shows a widget in the shadow root of `target`, on which its events fire. Resolves once the widget runs; rejects if it
 * cannot, or if the target already shows a widget or has a shadow root that mount() did not create.
 */
export function mount(target: HTMLElement, options?: Options): Promise<Handle>;

/** The version of this script. */
export const version: string;

/** The element `<zoho-backup-status>`. Setting a property to null or undefined removes its attribute. */
export interface ZohoBackupStatusElement extends HTMLElement {
  get proxyUrl(): string;
  set proxyUrl(value: string | null | undefined);
  get refreshInterval(): number;
  set refreshInterval(value: number | null | undefined);
  get overdueAfter(): number;
  set overdueAfter(value: number | null | undefined);
  get countdown(): Countdown;
  set countdown(value: Countdown | null | undefined);
  get timeZone(): string;
  set timeZone(value: string | null | undefined);
  get hourCycle(): HourCycle | "";
  set hourCycle(value: HourCycle | null | undefined);
  get theme(): Theme;
  set theme(value: Theme | null | undefined);
  get variant(): Variant;
  set variant(value: Variant | null | undefined);
  get label(): string;
  set label(value: string | null | undefined);
  get headingLevel(): number;
  set headingLevel(value: number | null | undefined);
  get href(): string;
  set href(value: string | null | undefined);
  get target(): string;
  set target(value: string | null | undefined);
  get credentials(): Credentials;
  set credentials(value: Credentials | null | undefined);
  /** A reply of Zoho's to show instead of fetching one. null fetches again. */
  get data(): Reply | null;
  set data(value: Reply | null | undefined);
  /** Your own sentences by key. null restores the built-in ones. */
  get messages(): { readonly [key: string]: string } | null;
  set messages(value: { readonly [key: string]: string } | null | undefined);
  /** What is shown and why. null until the widget runs. */
  readonly verdict: Verdict | null;
  /** Resolves when the widget runs; rejects with the reason if it cannot. A new promise after that, and after the widget has ended. */
  readonly ready: Promise<void>;
  /**
   * Sends a request now, at most one in 5 seconds, and resolves with the verdict; its `outcome` says how that went.
   * Resolves with null if the element is in no document, or leaves it meanwhile. Rejects like `ready` if the widget
   * cannot run.
   */
  refresh(): Promise<RefreshedVerdict | null>;
}

/** The element's attributes, for the JSX types of frameworks. One that is null or undefined is left out. */
export interface ZohoBackupStatusAttributes {
  "proxy-url"?: string | null | undefined;
  "refresh-interval"?: number | string | null | undefined;
  "overdue-after"?: number | string | null | undefined;
  countdown?: Countdown | null | undefined;
  "time-zone"?: string | null | undefined;
  "hour-cycle"?: HourCycle | null | undefined;
  theme?: Theme | null | undefined;
  variant?: Variant | null | undefined;
  label?: string | null | undefined;
  "heading-level"?: number | string | null | undefined;
  href?: string | null | undefined;
  target?: string | null | undefined;
  credentials?: Credentials | null | undefined;
  lang?: string | null | undefined;
}

/** The events. They bubble and cross shadow roots. */
export interface ZohoBackupStatusEventMap {
  /** Fires when `state` or `stale` has changed, the first answer included. */
  "backup-status-change": CustomEvent<Verdict>;
  /** Fires after each request that failed. */
  "backup-status-error": CustomEvent<Verdict>;
  /** Fires once for each run whose time the widget sees passing. */
  "backup-status-due": CustomEvent<Verdict>;
  /** Fires after each request that has ended, failed ones included, and after the other events of that moment. */
  "backup-status-update": CustomEvent<Verdict>;
}

/** What frameworks set as properties, for the types of their templates. */
export type ZohoBackupStatusProperties = Pick<Options, "data" | "messages">;

/** What a template may write where `on` before an event's name adds a listener: React, Preact and Svelte. */
export type ZohoBackupStatusProps = ZohoBackupStatusAttributes &
  ZohoBackupStatusProperties & {
    [Name in keyof ZohoBackupStatusEventMap as `on${Name}`]?: ((event: ZohoBackupStatusEventMap[Name]) => void) | undefined;
  };

declare global {
  interface HTMLElementTagNameMap {
    "zoho-backup-status": ZohoBackupStatusElement;
  }

  // On any element and on the document, as they bubble.
  interface GlobalEventHandlersEventMap extends ZohoBackupStatusEventMap {}
}
