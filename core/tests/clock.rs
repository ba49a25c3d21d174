//! Which clock is believed, and what is shown meanwhile: a feed and a widget, second by second.

use std::rc::Rc;
use std::time::Duration;
use zoho_backup_core::clock::SteadyClock;
use zoho_backup_core::countdown::Countdown;
use zoho_backup_core::fault::Fault;
use zoho_backup_core::feed::{Exchange, Feed};
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::json::Json;
use zoho_backup_core::news::HostEvent;
use zoho_backup_core::no_answer::Attempt;
use zoho_backup_core::polling::{Action, Effects, Event as FeedEvent};
use zoho_backup_core::reader::{Event, Reader, Setup};
use zoho_backup_core::reason::{Reason, State, Tone};
use zoho_backup_core::reply::{self, Body, Reply};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// 2026-11-26T00:00:00Z, in seconds. All seconds here count from it.
const START: i64 = 1_795_651_200;

fn second(second: i64) -> Timestamp {
    Timestamp::from_millis((START + second) * 1_000)
}

/// What a proxy tells of the time in an answer of that second: `Date` and `Age`, in seconds.
type Headers = fn(i64) -> (Option<i64>, u64);

/// A scheduled run at two o'clock.
const RUN: i64 = 2 * HOUR;
const SCHEDULED: &str = r#"{"backup":{"status":"SCHEDULED","scheduled_date":"2026-11-26T02:00:00Z"}}"#;
const RUNNING: &str = r#"{"backup":{"status":"INPROGRESS","scheduled_date":"2026-11-26T02:00:00Z"}}"#;

struct Page {
    /// The true time.
    at: i64,
    /// How many seconds this computer's clock is ahead.
    ahead: i64,
    headers: Headers,
    /// `None`: requests get no answer.
    document: Option<&'static str>,
    clock: SteadyClock,
    feed: Feed,
    reader: Reader,
    wake_at: Option<Timestamp>,
    asked: Vec<i64>,
    told: Vec<(i64, HostEvent)>,
}

impl Page {
    fn open(ahead: i64, interval: Option<u64>, headers: Headers) -> Page {
        Page::open_at(0, ahead, interval, headers)
    }

    fn open_at(at: i64, ahead: i64, interval: Option<u64>, headers: Headers) -> Page {
        let mut page = Page {
            at,
            ahead,
            headers,
            document: Some(SCHEDULED),
            clock: SteadyClock::new(),
            feed: Feed::default(),
            reader: Reader::new(Setup::default(), second(at + ahead)),
            wake_at: None,
            asked: Vec::new(),
            told: Vec::new(),
        };
        page.ask(FeedEvent::OptionsChanged { interval: interval.map(Duration::from_secs) });
        page.ask(FeedEvent::Connected);
        page
    }

    fn now(&mut self) -> Timestamp {
        self.clock.now(second(self.at + self.ahead))
    }

    fn ask(&mut self, event: FeedEvent) {
        let now = self.now();
        let effects = self.feed.handle(event, now, 1 << 31);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Effects) {
        self.wake_at = effects.wake_at;
        match effects.action {
            Some(Action::Fetch) => {
                self.asked.push(self.at);
                let (now, exchange) = (self.now(), self.exchange());
                let effects = self.feed.finish(exchange, now, 1 << 31);
                self.carry_out(effects);
            }
            Some(Action::Publish) => self.tell(Event::Published(Rc::clone(self.feed.known()))),
            Some(Action::Abort | Action::RefreshRefused) | None => {}
        }
    }

    fn exchange(&mut self) -> Exchange {
        let now = self.now();
        let attempt = Attempt { is_online: true, ..Attempt::default() };
        let result = self.document.ok_or_else(|| Fault::no_answer(&attempt)).and_then(|document| {
            let body = Body::read(document, |text| serde_json::from_str(text).ok());
            reply::read(Reply { status: 200, body, retry_at: None })
        });
        let (date, age) = (self.headers)(self.at);
        let (date, age, set_back) = (date.map(second), Duration::from_secs(age), self.clock.set_back());
        Exchange { result, sent: now, arrived: Some(now), age, date, set_back }
    }

    fn tell(&mut self, event: Event) {
        let now = self.now();
        let effects = self.reader.handle(event, now, self.feed.requests(now));
        for drawing in effects.steps.into_iter().filter_map(|step| step.drawing) {
            let at = self.at;
            self.told.extend(drawing.events.into_iter().map(|event| (at, event)));
        }
        if effects.run_due {
            self.ask(FeedEvent::RunDue);
        }
    }

    /// Time passes. `check` looks at every second of it.
    fn pass(&mut self, seconds: i64, mut check: impl FnMut(&Page)) {
        for _ in 0..seconds {
            self.at += 1;
            self.tell(Event::Time);
            let now = self.now();
            if self.wake_at.is_some_and(|at| at <= now) {
                self.ask(FeedEvent::Timer);
            }
            check(self);
        }
    }

    /// Somebody sets the clock, and the timer of the page, which was set for now, fires.
    fn set_clock(&mut self, ahead: i64) {
        let was = self.now();
        self.ahead = ahead;
        self.clock.has_come(was);
        let _ = self.now();
    }

    fn shown(&self) -> (State, Tone, Reason) {
        let verdict = self.reader.verdict();
        (verdict.state, verdict.tone, verdict.reason)
    }

    /// By how many seconds what is shown is of another time than the true one.
    fn is_off_by(&mut self) -> i64 {
        let now = self.now();
        self.feed.known().clock.correct(now).as_millis() / 1_000 - (START + self.at)
    }

    fn dues(&self) -> Vec<i64> {
        let dues = self.told.iter().filter(|(_, event)| *event == HostEvent::Due);
        dues.map(|(at, _)| *at).collect()
    }
}

const GOOD: (State, Tone, Reason) = (State::Scheduled, Tone::Good, Reason::Scheduled);
const DOUBTED: (State, Tone, Reason) = (State::Scheduled, Tone::Neutral, Reason::ClockDisagrees);

const HONEST: Headers = |at| (Some(at), 0);
/// A day old, and without an `Age`.
const FROZEN: Headers = |_| (Some(-DAY), 0);
/// A cache that keeps answers for five minutes, with their `Date` and `Age`.
const CACHED: Headers = |at| (Some(at - at % 300), (at % 300) as u64);
/// A cache that keeps answers for five minutes, sets their `Date` anew and sends their `Age` as well.
const DATED_ANEW: Headers = |at| (Some(at), (at % 300) as u64);
const SILENT: Headers = |_| (None, 0);

#[test]
fn a_clock_that_is_wrong_is_found_out_by_a_second_request() {
    for headers in [HONEST, CACHED] {
        for ahead in [10, 600, 30 * HOUR, -10, -600, -30 * HOUR] {
            let mut page = Page::open(ahead, Some(300), headers);
            let is_doubted = ahead.abs() > MINUTE;
            assert_eq!(page.shown(), if is_doubted { DOUBTED } else { GOOD }, "{ahead}");
            if is_doubted {
                assert_eq!(page.reader.verdict().countdown, Countdown::None, "{ahead}");
            }
            page.pass(9, |page| assert_eq!(page.asked, [0], "{ahead}"));
            page.pass(6, |_| {});
            assert_eq!((page.asked.len(), page.is_off_by(), page.shown()), (2, 0, GOOD), "{ahead}");
            page.pass(HOUR, |page| assert_eq!(page.shown(), GOOD, "{ahead}"));
            assert!(page.asked.len() <= 15 && page.is_off_by() == 0, "{ahead}: {:?}", page.asked);
            assert!(page.dues().is_empty(), "{ahead}");
        }
    }
}

#[test]
fn without_a_second_request_a_wrong_clock_is_not_corrected_and_nothing_is_good_beyond_a_minute() {
    for (ahead, shown) in [(10, GOOD), (-59, GOOD), (61, DOUBTED), (600, DOUBTED), (-DAY, DOUBTED)] {
        let mut page = Page::open(ahead, None, HONEST);
        page.pass(500, |page| assert_eq!(page.shown(), shown, "{ahead}"));
        assert_eq!((page.asked.len(), page.is_off_by()), (1, ahead));
    }
}

#[test]
fn a_right_clock_stays_whatever_a_cache_tells() {
    for headers in [HONEST, CACHED, DATED_ANEW, SILENT] {
        for start in [0, 17, 200, 299] {
            let mut page = Page::open_at(start, 0, Some(300), headers);
            page.pass(15, |_| {});
            page.pass(HOUR, |page| assert_eq!(page.shown(), GOOD));
            assert_eq!(page.is_off_by(), 0);
            assert!(page.asked.len() <= 15, "{:?}", page.asked);
        }
    }
}

#[test]
fn a_date_that_stands_still_is_an_old_answer_and_the_clock_stays() {
    for interval in [30, 300, 3_600] {
        let mut page = Page::open_at(RUN + HOUR + 1, 0, Some(interval), FROZEN);
        page.pass(3 * HOUR, |page| assert!(!matches!(page.shown().1, Tone::Good | Tone::Info)));
        assert_eq!((page.is_off_by(), page.shown().2), (0, Reason::TooOld));
        assert_eq!(page.feed.known().clock.error().reported_minutes(), None, "the clock is not blamed");
    }
}

#[test]
fn a_young_date_that_stands_still_is_good_for_fifteen_minutes() {
    let mut page = Page::open(0, Some(60), |_| (Some(-2 * MINUTE), 0));
    page.pass(15, |_| {});
    page.pass(12 * MINUTE, |page| assert_eq!(page.shown(), GOOD, "{}", page.at));
    page.pass(2 * MINUTE, |_| {});
    page.pass(HOUR, |page| assert_eq!(page.shown().1, Tone::Neutral));
    assert!(page.reader.verdict().stale && page.is_off_by() == 0);
}

#[test]
fn an_older_answer_brings_nothing_new() {
    let mut page = Page::open(0, Some(300), HONEST);
    page.pass(HOUR, |_| {});
    page.document = Some(RUNNING);
    page.headers = |_| (Some(10 * MINUTE), 0);
    page.pass(13 * MINUTE, |page| assert_eq!(page.shown().0, State::Scheduled));
    assert!(!page.reader.verdict().stale);
    page.pass(10 * MINUTE, |page| assert_eq!(page.shown().0, State::Scheduled));
    assert!(page.reader.verdict().stale, "what is known grows old meanwhile");
    page.headers = HONEST;
    page.pass(330, |_| {});
    assert_eq!((page.shown().0, page.reader.verdict().stale), (State::Running, false));
}

#[test]
fn a_run_told_falsely_by_a_clock_that_jumps_does_not_suppress_the_real_one() {
    for headers in [HONEST, SILENT] {
        let mut page = Page::open_at(HOUR, 0, Some(300), headers);
        page.pass(5 * MINUTE, |_| {});
        page.set_clock(2 * HOUR);
        page.pass(1, |_| {});
        page.set_clock(0);
        page.pass(RUN - page.at - 1, |_| {});
        page.told.clear();
        page.pass(10, |_| {});
        assert_eq!(page.dues(), [RUN]);
        assert!(page.asked.iter().any(|at| (RUN..RUN + 6).contains(at)), "{:?}", page.asked);
        page.pass(HOUR, |_| {});
        assert_eq!(page.dues(), [RUN], "once");
    }
}

#[test]
fn a_run_told_some_seconds_early_is_not_told_again() {
    let mut page = Page::open_at(RUN - 5, 10, Some(300), HONEST);
    page.pass(MINUTE, |_| {});
    assert_eq!((page.dues().len(), page.is_off_by()), (0, 0), "it was due when the page was opened");
    let mut page = Page::open_at(RUN - 15, 10, Some(300), HONEST);
    page.pass(MINUTE, |_| {});
    assert_eq!((page.dues(), page.is_off_by()), (vec![RUN - 10], 0));
}

#[test]
fn a_clock_that_is_set_back_makes_no_old_answer_fresh() {
    for (headers, back) in [(HONEST, HOUR), (SILENT, HOUR), (HONEST, 30 * HOUR), (SILENT, 5 * MINUTE)] {
        let mut page = Page::open(0, Some(300), headers);
        page.pass(5 * MINUTE, |_| {});
        page.document = None;
        page.pass(5 * MINUTE, |_| {});
        page.set_clock(-back);
        page.pass(6 * MINUTE, |_| {});
        assert!(page.reader.verdict().stale, "{back}");
        page.document = Some(SCHEDULED);
        page.pass(330, |_| {});
        page.pass(MINUTE, |page| assert_eq!(page.shown(), GOOD));
    }
}

#[test]
fn a_clock_that_is_set_right_is_believed_at_the_next_answer() {
    for headers in [HONEST, SILENT] {
        let mut page = Page::open(2 * HOUR, Some(300), headers);
        page.pass(MINUTE, |_| {});
        page.set_clock(0);
        page.pass(5 * MINUTE, |_| {});
        assert_eq!((page.is_off_by(), page.shown()), (0, GOOD));
    }
}

#[test]
fn a_run_that_begins_unseen_is_since_the_last_answer_that_said_otherwise() {
    const EARLY: &str = r#"{"backup":{"status":"INPROGRESS","scheduled_date":"2026-11-27T02:00:00Z"}}"#;
    let since = |page: &Page| page.reader.verdict().runs_since;
    let mut page = Page::open(0, Some(300), HONEST);
    page.pass(10 * MINUTE, |_| {});
    assert_eq!(since(&page), None);
    let last_read = page.reader.verdict().checked_at;
    page.document = Some(EARLY);
    page.pass(3 * HOUR, |_| {});
    assert_eq!((page.shown().0, since(&page)), (State::Running, last_read));
    page.document = None;
    page.pass(HOUR, |_| {});
    page.document = Some(EARLY);
    // The date of the next run passes meanwhile.
    page.pass(25 * HOUR - 10 * MINUTE, |_| {});
    assert_eq!(
        (page.shown(), since(&page)),
        ((State::Running, Tone::Warning, Reason::RunningLong), last_read)
    );
    let mut opened = Page::open(0, Some(300), HONEST);
    opened.document = Some(EARLY);
    opened.pass(330, |_| {});
    let first = opened.asked[0];
    assert_eq!(since(&opened), Some(second(first)));
}

#[test]
fn a_second_widget_of_a_page_whose_clock_was_set_back_believes_it_until_told_otherwise() {
    let mut page = Page::open(HOUR, Some(300), SILENT);
    page.pass(MINUTE, |_| {});
    page.set_clock(0);
    assert_eq!(page.is_off_by(), HOUR, "what is known goes on");
    page.feed = Feed::default();
    page.ask(FeedEvent::Connected);
    assert_eq!(page.is_off_by(), 0, "a new feed has nothing that must not get younger");
}

#[test]
fn an_answer_of_the_same_or_an_older_source_counts_where_the_time_has_gone_on() {
    // Two caches of one proxy: one has read its answer later than the other.
    let mut page = Page::open(0, Some(300), |at| (Some(at - 10), 10));
    page.pass(MINUTE, |_| {});
    page.document = Some(RUNNING);
    page.headers = |at| (Some(at - 400), 400);
    page.pass(300, |_| {});
    assert_eq!(page.shown().0, State::Running);
    // A proxy whose `Date` stands still, and whose answers do not.
    let mut page = Page::open(0, Some(300), FROZEN);
    page.pass(MINUTE, |_| {});
    page.document = Some(r#"{"backup":{"status":"FAILED"}}"#);
    page.pass(330, |_| {});
    assert_eq!(page.shown().2, Reason::TooOld);
    let sent = page.reader.verdict().backup.as_ref().map(|backup| backup.sent().clone());
    assert_eq!(sent.unwrap().get("status").and_then(Json::as_text), Some("FAILED"));
}

#[test]
fn a_wrong_clock_that_no_answer_has_confirmed_says_nothing_of_the_age() {
    for ahead in [600, 2 * HOUR, 30 * HOUR] {
        let mut page = Page::open(ahead, None, HONEST);
        page.pass(500, |_| {});
        assert_eq!((page.shown(), page.reader.verdict().stale), (DOUBTED, false), "{ahead}");
    }
}
