// Types of zoho-backup-status.js: the element, mount(), its handle, and what both tell. A test holds them against
// the built script.

/** What is shown. */
export type State =
  | "loading"
  | "none"
  | "error"
  | "stopped"
  | "running"
  | "failed"
  | "unknown"
  | "one-off"
  | "completed"
  | "scheduled"
  | "due"
  | "overdue";

/** How a state is to be taken. Never `good` from stale, missing or malformed data. */
export type Tone = "good" | "info" | "neutral" | "warning" | "bad";

/** Why a state is shown: stable names. */
export type ReasonCode =
  | "loading"
  | "nothing-scheduled"
  | "fault"
  | "stopped"
  | "running"
  | "failed"
  | "payment-failed"
  | "status-missing"
  | "status-malformed"
  | "status-unknown"
  | "one-off"
  | "one-off-completed"
  | "completed"
  | "completed-next-ahead"
  | "completed-next-passed"
  | "scheduled"
  | "date-missing"
  | "date-malformed"
  | "field-malformed"
  | "due"
  | "overdue"
  | "not-read-since-due"
  | "too-old";

/** What went wrong: stable names. docs/faults.md tells cause and remedy of each. */
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
  | "api-error"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "server-error"
  | "http-error";

/** What went wrong with the last request. It holds no secret and no query of a URL. */
export interface Fault {
  readonly kind: FaultKind;
  /** The `code` of the API's error, as sent. */
  readonly code: string | null;
  readonly httpStatus: number | null;
  /** The `message` of the API's error, as sent. */
  readonly message: string | null;
  /** What happened, in a sentence of the widget's language. */
  readonly cause: string;
  /** What to do about it, likewise. */
  readonly remedy: string;
  /** Before when the answer asked not to be asked again: `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly retryAt: string | null;
}

/** What is shown and why, as plain data. */
export interface Verdict {
  readonly state: State;
  readonly tone: Tone;
  readonly reasonCode: ReasonCode;
  /** Why, in a sentence of the widget's language. */
  readonly reason: string;
  /** The run that is next, or was when it is due or overdue: `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly nextRun: string | null;
  /** The backup's members as they were sent. */
  readonly backup: { readonly [key: string]: unknown } | null;
  /** What went wrong with the last request; the state may rest on an earlier answer. */
  readonly fault: Fault | null;
  /** When the answer was read: `YYYY-MM-DDTHH:MM:SSZ`; null if none was, or if the host supplied it. */
  readonly checkedAt: string | null;
  /** Whether the answer is older than two refresh intervals and ten seconds. */
  readonly stale: boolean;
}

/** A reply of Zoho's, as a host may supply it instead of having it fetched. */
export interface Reply {
  readonly backup?: {
    readonly id?: string | null;
    readonly status?: string | null;
    readonly scheduled_date?: string | null;
    readonly start_date?: string | null;
    readonly rrule?: string | null;
    readonly requester?: { readonly id?: string; readonly name?: string; readonly zuid?: string } | null;
    // Whatever else there is; `any`, so that a host's own interface fits.
    readonly [key: string]: any;
  } | null;
  readonly [key: string]: any;
}

export type Countdown = "auto" | "second" | "minute" | "off";
export type HourCycle = "h11" | "h12" | "h23" | "h24";
export type Theme = "auto" | "light" | "dark";
export type Variant = "card" | "badge";
export type Credentials = "same-origin" | "include" | "omit";

/** The options of mount(). What is left out, null or undefined has its default. */
export interface Options {
  /** Where the details are fetched from: an https URL, or a path on this site. */
  proxyUrl?: string | null;
  /** Seconds between fetches, at least 30 (default 300); 0: only refresh(). */
  refreshInterval?: number | null;
  /** Seconds after its date until a run that is due is overdue (default 3600). */
  overdueAfter?: number | null;
  /** How finely the countdown moves (default `auto`: two leading units, mm:ss in the last hour). */
  countdown?: Countdown | null;
  /** The IANA zone in which times are written (default: inherited, else the browser's). */
  timeZone?: string | null;
  /** How hours are written (default: inherited, else the browser's choice). */
  hourCycle?: HourCycle | null;
  /** The language, a BCP 47 tag (default: inherited, else the browser's). */
  lang?: string | null;
  /** Light or dark (default `auto`: as the page's color-scheme has it). */
  theme?: Theme | null;
  /** Everything, or one line of badge and countdown (default `card`). */
  variant?: Variant | null;
  /** Heading and accessible name: which account this is (default: Zoho CRM backup). */
  label?: string | null;
  /** Where one goes to fix it, https or a path on this site: the heading becomes a link. */
  href?: string | null;
  /** Whether cookies go to the proxy (default `same-origin`). */
  credentials?: Credentials | null;
  /** A reply to show instead of fetching one. */
  data?: Reply | null;
  /** Sentences of the host's own, by key. */
  messages?: { readonly [key: string]: string } | null;
}

/** A widget that mount() shows. */
export interface Handle {
  /** Changes these options; the others stay as they are. */
  update(changes: Options): void;
  /**
   * Asks now, at most once in 5 seconds; resolves with the verdict, its `fault` set if that failed, and with null once
   * the widget runs no more.
   */
  refresh(): Promise<Verdict | null>;
  /** What is shown and why; null once the widget runs no more. */
  readonly verdict: Verdict | null;
  /** Removes the widget; the target's own children show again. */
  unmount(): void;
}

/**
 * Shows a widget in the shadow root of `target`, on which its events fire. Resolves once the widget runs; rejects if it
 * cannot, or if the target has a shadow root of its own or a widget already.
 */
export function mount(target: HTMLElement, options?: Options): Promise<Handle>;

/** The version of this script. */
export const version: string;

/** The element `<zoho-backup-status>`. Setting a property to null removes its attribute. */
export interface ZohoBackupStatusElement extends HTMLElement {
  get proxyUrl(): string;
  set proxyUrl(value: string | null);
  get refreshInterval(): number;
  set refreshInterval(value: number | null);
  get overdueAfter(): number;
  set overdueAfter(value: number | null);
  get countdown(): Countdown;
  set countdown(value: Countdown | null);
  get timeZone(): string;
  set timeZone(value: string | null);
  get hourCycle(): HourCycle | "";
  set hourCycle(value: HourCycle | null);
  get theme(): Theme;
  set theme(value: Theme | null);
  get variant(): Variant;
  set variant(value: Variant | null);
  get label(): string;
  set label(value: string | null);
  get href(): string;
  set href(value: string | null);
  get credentials(): Credentials;
  set credentials(value: Credentials | null);
  /** A reply to show instead of fetching one; null fetches again. */
  data: Reply | null;
  /** Sentences of the host's own, by key; null: ours. */
  messages: { readonly [key: string]: string } | null;
  /** What is shown and why; null until the widget runs. */
  readonly verdict: Verdict | null;
  /** Resolves when the widget runs; rejects with the reason why it cannot. A new promise once it has ended. */
  readonly ready: Promise<void>;
  /**
   * Asks now, at most once in 5 seconds; resolves with the verdict, its `fault` set if that failed, and with null where
   * the element is in no document. Rejects like `ready` if the widget cannot run.
   */
  refresh(): Promise<Verdict | null>;
}

/** The element's attributes, for the JSX types of frameworks. */
export interface ZohoBackupStatusAttributes {
  "proxy-url"?: string;
  "refresh-interval"?: number | string;
  "overdue-after"?: number | string;
  countdown?: Countdown;
  "time-zone"?: string;
  "hour-cycle"?: HourCycle;
  theme?: Theme;
  variant?: Variant;
  label?: string;
  href?: string;
  credentials?: Credentials;
  lang?: string;
}

/** The events; they bubble out of shadow roots. */
export interface ZohoBackupStatusEventMap {
  /** `state` or `stale` has changed, the first answer included. */
  "backup-status-change": CustomEvent<Verdict>;
  /** A request has failed. */
  "backup-status-error": CustomEvent<Verdict>;
  /** The time of the next run was seen passing. */
  "backup-status-due": CustomEvent<Verdict>;
}

declare global {
  interface HTMLElementTagNameMap {
    "zoho-backup-status": ZohoBackupStatusElement;
  }

  // On any element and on the document, as they bubble.
  interface GlobalEventHandlersEventMap extends ZohoBackupStatusEventMap {}
}
