//! When a feed asks: simulated days by name, and what holds in every life.

use proptest::prelude::*;
use std::time::Duration;
use zoho_backup_core::clock::Timestamp;
use zoho_backup_core::polling::{Action, Effects, Event, Machine, Outcome};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// An instant far from the beginning of time.
const START: i64 = 1_658_000_000_000;

const USUAL: Option<Duration> = Some(Duration::from_secs(300));
/// The middle of all chances: no variation of an interval, and half of a pause.
const MIDDLE: u32 = 1 << 31;

const GOOD: Outcome = Outcome::Good { running_or_due: false };
const RUNNING: Outcome = Outcome::Good { running_or_due: true };
const FAILED: Outcome = Outcome::Failed { configuration: false, retry_at: None };
const MISCONFIGURED: Outcome = Outcome::Failed { configuration: true, retry_at: None };

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(START + millis)
}

/// 429 with such a `Retry-After`.
fn limited(now: i64, wait: i64) -> Outcome {
    Outcome::Failed { configuration: false, retry_at: Some(at(now + wait)) }
}

/// A machine with a clock, in milliseconds since its start.
struct Feed {
    machine: Machine,
    now: i64,
    chance: u32,
    wake_at: Option<i64>,
}

impl Feed {
    fn new(interval: Option<Duration>) -> Feed {
        Feed { machine: Machine::new(interval), now: 0, chance: MIDDLE, wake_at: None }
    }

    /// One that has its first answer, asked for at 0.
    fn answered(interval: Option<Duration>, outcome: Outcome) -> Feed {
        let mut feed = Feed::new(interval);
        assert_eq!(feed.send(Event::Connected), Some(Action::Fetch));
        assert_eq!(feed.send(Event::Answered(outcome)), Some(Action::Publish));
        feed
    }

    fn send(&mut self, event: Event) -> Option<Action> {
        let effects = self.machine.handle(event, at(self.now), self.chance);
        self.wake_at = effects.wake_at.map(|at| at.as_millis() - START);
        effects.action
    }

    fn send_at(&mut self, now: i64, event: Event) -> Option<Action> {
        self.now = now;
        self.send(event)
    }

    /// Lets the time pass until the wake-up, which must be one for a request. Gives the time.
    fn fetch(&mut self) -> i64 {
        let now = self.wake_at.expect("a wake-up");
        assert_eq!(self.send_at(now, Event::Timer), Some(Action::Fetch));
        now
    }
}

// One event after another.

#[test]
fn the_first_reader_is_served_at_once_and_others_are_not_asked_for_again() {
    let mut feed = Feed::new(USUAL);
    assert_eq!(feed.send(Event::Timer), None);
    assert_eq!(feed.send(Event::Connected), Some(Action::Fetch));
    assert!(feed.machine.is_asking());
    assert_eq!((feed.send(Event::Connected), feed.wake_at), (None, None));
    assert_eq!(feed.send(Event::Answered(GOOD)), Some(Action::Publish));
    assert!(!feed.machine.is_asking());
    assert_eq!((feed.send(Event::Connected), feed.wake_at), (None, Some(300 * SECOND)));
}

#[test]
fn intervals_are_counted_from_start_to_start_and_vary_by_a_tenth() {
    let cases = [
        ("usual", 300, GOOD, 270_000, 300_000, 329_999),
        ("long", 3_600, GOOD, 3_240_000, 3_600_000, 3_959_999),
        ("short", 30, GOOD, 27_000, 30_000, 32_999),
        ("usual, running", 300, RUNNING, 54_000, 60_000, 65_999),
        ("long, running", 3_600, RUNNING, 54_000, 60_000, 65_999),
        ("short, running", 30, RUNNING, 27_000, 30_000, 32_999),
    ];
    for (name, seconds, outcome, least, middle, _) in cases {
        for (chance, expected) in [(0, least), (MIDDLE, middle)] {
            let mut feed = Feed::new(Some(Duration::from_secs(seconds)));
            feed.chance = chance;
            assert_eq!(feed.send(Event::Connected), Some(Action::Fetch), "{name}");
            feed.send_at(7 * SECOND, Event::Answered(outcome));
            assert_eq!(feed.wake_at, Some(expected), "{name}, {chance}");
        }
    }
    for (name, seconds, outcome, _, _, most) in cases {
        let mut feed = Feed::new(Some(Duration::from_secs(seconds)));
        feed.chance = u32::MAX;
        assert_eq!(feed.send(Event::Connected), Some(Action::Fetch), "{name}");
        feed.send(Event::Answered(outcome));
        assert!((most..=most + 1).contains(&feed.wake_at.unwrap()), "{name}: {:?}", feed.wake_at);
    }
}

#[test]
fn pauses_after_failures_double_up_to_five_minutes_for_ever() {
    let mut feed = Feed::new(USUAL);
    feed.chance = u32::MAX;
    assert_eq!(feed.send(Event::Connected), Some(Action::Fetch));
    let mut pauses = Vec::new();
    for _ in 0..10 {
        feed.send_at(feed.now + 3 * SECOND, Event::Answered(FAILED));
        let failed_at = feed.now;
        pauses.push((feed.fetch() - failed_at) / SECOND);
    }
    assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 300, 300, 300, 300]);
}

#[test]
fn a_pause_may_be_any_but_keeps_two_seconds_from_the_last_start() {
    for (name, chance, took, expected) in [
        ("least, fast", 0, 10, 2_000),
        ("least, slow", 0, 9_000, 9_001),
        ("middle, fast", MIDDLE, 10, 2_511),
        ("most, fast", u32::MAX, 10, 5_010),
    ] {
        let mut feed = Feed::new(USUAL);
        assert_eq!(feed.send(Event::Connected), Some(Action::Fetch));
        feed.chance = chance;
        feed.send_at(took, Event::Answered(FAILED));
        assert_eq!(feed.wake_at, Some(expected), "{name}");
    }
}

#[test]
fn what_somebody_must_repair_is_asked_about_every_five_minutes() {
    for (chance, expected) in [(0, 270 * SECOND), (MIDDLE, 300 * SECOND), (u32::MAX, 330 * SECOND)] {
        let mut feed = Feed::new(Some(Duration::from_secs(30)));
        assert_eq!(feed.send(Event::Connected), Some(Action::Fetch));
        feed.chance = chance;
        feed.send(Event::Answered(MISCONFIGURED));
        assert_eq!(feed.wake_at, Some(expected));
    }
}

#[test]
fn a_success_makes_the_next_pause_a_short_one() {
    let mut feed = Feed::answered(USUAL, FAILED);
    for _ in 0..20 {
        feed.fetch();
        feed.send(Event::Answered(FAILED));
    }
    assert_eq!(feed.wake_at, Some(feed.now + 150 * SECOND + 1));
    feed.fetch();
    feed.send(Event::Answered(GOOD));
    feed.fetch();
    feed.send(Event::Answered(FAILED));
    assert_eq!(feed.wake_at, Some(feed.now + 2_501));
}

#[test]
fn retry_after_is_a_floor_of_an_hour_at_most() {
    for (name, outcome, expected) in [
        ("shorter than the pause", limited(0, SECOND), 2_501),
        ("past", limited(0, -HOUR), 2_501),
        ("10 minutes", limited(0, 10 * MINUTE), 10 * MINUTE),
        ("an hour", limited(0, HOUR), HOUR),
        ("a day", limited(0, DAY), HOUR),
        (
            "of a fault of configuration",
            Outcome::Failed { configuration: true, retry_at: Some(at(10 * MINUTE)) },
            10 * MINUTE,
        ),
    ] {
        assert_eq!(Feed::answered(USUAL, outcome).wake_at, Some(expected), "{name}");
    }
}

#[test]
fn a_refresh_is_served_refused_or_needless() {
    let served = Some(Action::Fetch);
    let refused = Some(Action::RefreshRefused);
    let cases = [
        ("a moment after", GOOD, None, 4_999, None),
        ("five seconds after", GOOD, None, 5_000, served),
        ("after a failure", FAILED, None, 5_000, served),
        ("a moment after, hidden", GOOD, Some(Event::Hidden), 4_999, None),
        ("hidden", GOOD, Some(Event::Hidden), MINUTE, refused),
        ("offline", GOOD, Some(Event::Offline), MINUTE, Some(Action::ReportOffline)),
        ("offline a moment after", GOOD, Some(Event::Offline), 4_999, None),
        ("page hidden", GOOD, Some(Event::PageHidden), MINUTE, refused),
        ("before Retry-After", limited(0, 10 * MINUTE), None, 10 * MINUTE - 1, refused),
        ("at Retry-After", limited(0, 10 * MINUTE), None, 10 * MINUTE, served),
    ];
    for (name, outcome, event, now, expected) in cases {
        let mut feed = Feed::answered(None, outcome);
        event.map(|event| feed.send(event));
        assert_eq!(feed.send_at(now, Event::RefreshAsked), expected, "{name}");
    }
}

#[test]
fn a_refresh_waits_for_the_answer_that_is_on_its_way() {
    let mut feed = Feed::new(USUAL);
    assert_eq!(feed.send(Event::RefreshAsked), None);
    feed.send(Event::Connected);
    assert_eq!(feed.send_at(9 * SECOND, Event::RefreshAsked), None);
}

#[test]
fn a_refresh_counts_as_the_last_start() {
    let mut feed = Feed::answered(USUAL, GOOD);
    assert_eq!(feed.send_at(100 * SECOND, Event::RefreshAsked), Some(Action::Fetch));
    feed.send(Event::Answered(GOOD));
    assert_eq!(feed.wake_at, Some(400 * SECOND));
}

#[test]
fn a_refresh_need_not_wait_for_a_network_to_settle() {
    let mut feed = Feed::answered(USUAL, FAILED);
    feed.send(Event::Offline);
    feed.send_at(MINUTE, Event::Online);
    assert_eq!(feed.wake_at, Some(MINUTE + SECOND));
    assert_eq!(feed.send(Event::RefreshAsked), Some(Action::Fetch));
}

#[test]
fn without_an_interval_nothing_is_asked_again_by_itself() {
    for outcome in [GOOD, RUNNING, FAILED, MISCONFIGURED, limited(0, MINUTE)] {
        let mut feed = Feed::answered(None, outcome);
        for event in [
            Event::RunDue,
            Event::Timer,
            Event::Offline,
            Event::Online,
            Event::Hidden,
            Event::Visible,
            Event::PageHidden,
            Event::PageShown,
        ] {
            let action = feed.send_at(feed.now + HOUR, event);
            assert_eq!((action, feed.wake_at), (None, None), "{outcome:?}, {event:?}");
        }
    }
}

#[test]
fn without_an_interval_the_first_request_is_made_as_soon_as_it_may() {
    let mut feed = Feed::new(None);
    feed.send(Event::Hidden);
    assert_eq!((feed.send(Event::Connected), feed.wake_at), (None, None));
    assert_eq!(feed.send_at(HOUR, Event::Visible), Some(Action::Fetch));
}

#[test]
fn a_new_interval_counts_from_the_last_start() {
    for (name, from, to, now, action, wake_at) in [
        ("longer", 300, Some(600), 100, None, Some(600)),
        ("shorter", 300, Some(200), 100, None, Some(200)),
        ("shorter than the time that has passed", 300, Some(60), 100, Some(Action::Fetch), None),
        ("none", 300, None, 100, None, None),
    ] {
        let mut feed = Feed::answered(Some(Duration::from_secs(from)), GOOD);
        let interval = to.map(Duration::from_secs);
        assert_eq!(feed.send_at(now * SECOND, Event::OptionsChanged { interval }), action, "{name}");
        assert_eq!(feed.wake_at, wake_at.map(|at: i64| at * SECOND), "{name}");
    }
}

#[test]
fn an_interval_given_after_a_failure_leaves_the_pause() {
    let mut feed = Feed::answered(None, MISCONFIGURED);
    feed.send_at(MINUTE, Event::OptionsChanged { interval: Some(Duration::from_secs(30)) });
    assert_eq!(feed.wake_at, Some(5 * MINUTE));
    feed.send_at(2 * MINUTE, Event::OptionsChanged { interval: USUAL });
    assert_eq!(feed.wake_at, Some(5 * MINUTE));
}

#[test]
fn a_run_that_comes_due_is_asked_about_within_five_seconds() {
    for (chance, expected) in [(0, 100_000), (MIDDLE, 102_500), (u32::MAX, 105_000)] {
        let mut feed = Feed::answered(USUAL, GOOD);
        feed.chance = chance;
        let action = feed.send_at(100 * SECOND, Event::RunDue);
        assert_eq!(action.map_or(feed.wake_at, |_| Some(feed.now)), Some(expected));
        feed.chance = 0;
        feed.send(Event::RunDue);
        assert!(feed.wake_at.is_none_or(|at| at == expected), "a second word of it changes nothing");
    }
}

#[test]
fn a_run_that_comes_due_during_a_request_is_asked_about_after_it() {
    let mut feed = Feed::new(USUAL);
    feed.send(Event::Connected);
    feed.send_at(SECOND, Event::RunDue);
    feed.send_at(2 * SECOND, Event::Answered(GOOD));
    assert_eq!(feed.wake_at, Some(3_500));
    assert_eq!(feed.fetch(), 3_500);
    feed.send_at(4 * SECOND, Event::Answered(RUNNING));
    assert_eq!(feed.wake_at, Some(63_500));
}

#[test]
fn hidden_and_offline_let_a_request_finish() {
    for (event, wake_at) in [(Event::Hidden, None), (Event::Offline, Some(300 * SECOND))] {
        let mut feed = Feed::new(USUAL);
        feed.send(Event::Connected);
        assert_eq!(feed.send_at(SECOND, event), None);
        assert_eq!(feed.send_at(2 * SECOND, Event::Answered(GOOD)), Some(Action::Publish));
        assert_eq!(feed.wake_at, wake_at);
    }
}

#[test]
fn a_refresh_after_an_aborted_request_waits_for_the_next_one() {
    let mut feed = Feed::new(USUAL);
    feed.send(Event::Connected);
    feed.send_at(500, Event::PageHidden);
    feed.send_at(1_000, Event::PageShown);
    assert_eq!((feed.send_at(1_500, Event::RefreshAsked), feed.wake_at), (None, Some(2_000)));
    assert!(feed.machine.is_awaited() && !feed.machine.is_asking());
    assert_eq!(feed.send_at(2_000, Event::RefreshAsked), Some(Action::Fetch));
    assert!(feed.machine.is_awaited());
    feed.send(Event::Answered(GOOD));
    assert!(!feed.machine.is_awaited());
}

#[test]
fn what_is_known_may_be_replaced_in_a_moment_while_a_request_is_due() {
    let mut feed = Feed::new(USUAL);
    assert!(!feed.machine.is_due(at(0)));
    feed.send(Event::Connected);
    assert!(feed.machine.is_due(at(0)), "under way");
    feed.send(Event::Answered(GOOD));
    for away in [Event::Hidden, Event::Offline, Event::PageHidden] {
        let mut feed = Feed { machine: feed.machine.clone(), ..feed };
        feed.send(away);
        assert!(!feed.machine.is_due(at(300 * SECOND - 1)), "{away:?}");
        assert!(feed.machine.is_due(at(300 * SECOND)), "{away:?}");
    }
    assert!(!Feed::answered(None, GOOD).machine.is_due(at(DAY)), "nothing is asked by itself");
}

#[test]
fn that_a_due_request_waits_for_the_network_is_reported_once() {
    let told = Some(Action::ReportOffline);
    let mut feed = Feed::new(USUAL);
    feed.send(Event::Offline);
    assert_eq!((feed.send(Event::Connected), feed.wake_at), (told, None), "the first request");
    assert_eq!((feed.send_at(HOUR, Event::Timer), feed.wake_at), (None, None));
    assert_eq!(feed.send(Event::RefreshAsked), Some(Action::RefreshRefused));
    feed.send(Event::Online);
    feed.fetch();
    feed.send(Event::Answered(GOOD));

    let started = feed.now;
    assert_eq!((feed.send(Event::Offline), feed.wake_at), (None, Some(started + 300 * SECOND)));
    assert_eq!(feed.send(Event::Online), None, "a network that was away between two requests");
    feed.send(Event::Offline);
    feed.send(Event::Hidden);
    assert_eq!((feed.send_at(2 * HOUR, Event::Timer), feed.wake_at), (None, None), "nobody sees the page");
    assert_eq!((feed.send(Event::Visible), feed.wake_at), (told, None));

    let mut refreshed = Feed::answered(USUAL, GOOD);
    refreshed.send(Event::Offline);
    assert_eq!((refreshed.send_at(MINUTE, Event::RefreshAsked), refreshed.wake_at), (told, None));
    assert_eq!(refreshed.send(Event::RefreshAsked), Some(Action::RefreshRefused));
    refreshed.send(Event::Online);
    assert_eq!(refreshed.wake_at, Some(MINUTE + SECOND), "what was told is to hold no longer");
}

#[test]
fn a_page_that_is_left_aborts_its_request_and_makes_it_again_when_it_is_shown() {
    for interval in [USUAL, None] {
        for (name, away, back, action, wake_at) in [
            ("after an hour", 1_000, HOUR, Some(Action::Fetch), None),
            ("after a moment", 1_000, 1_500, None, Some(2_000)),
        ] {
            let mut feed = Feed::new(interval);
            feed.send(Event::Connected);
            assert_eq!(feed.send_at(away, Event::PageHidden), Some(Action::Abort), "{name}");
            assert!(!feed.machine.is_asking());
            assert_eq!(feed.send(Event::Answered(GOOD)), None, "{name}: an answer that was given up");
            assert_eq!(feed.send_at(back, Event::PageShown), action, "{name}");
            assert_eq!(feed.wake_at, wake_at, "{name}");
        }
    }
}

#[test]
fn an_aborted_request_does_not_shorten_or_lengthen_pauses() {
    let mut feed = Feed::answered(USUAL, FAILED);
    feed.fetch();
    feed.send(Event::PageHidden);
    assert_eq!(feed.send_at(HOUR, Event::PageShown), Some(Action::Fetch));
    feed.send(Event::Answered(FAILED));
    assert_eq!(feed.wake_at, Some(HOUR + 5_001));
}

#[test]
fn who_comes_back_gets_what_is_due_at_once_or_the_rest_of_the_wait() {
    for (leave, back) in [(Event::Hidden, Event::Visible), (Event::PageHidden, Event::PageShown)] {
        for (now, action, wake_at) in [
            (100 * SECOND, None, Some(300 * SECOND)),
            (300 * SECOND, Some(Action::Fetch), None),
            (DAY, Some(Action::Fetch), None),
        ] {
            let mut feed = Feed::answered(USUAL, GOOD);
            assert_eq!((feed.send_at(SECOND, leave), feed.wake_at), (None, None), "{leave:?}");
            assert_eq!((feed.send_at(now, back), feed.wake_at), (action, wake_at), "{back:?} at {now}");
        }
    }
}

#[test]
fn one_reason_to_be_silent_is_enough() {
    let mut feed = Feed::answered(USUAL, GOOD);
    for event in [Event::Hidden, Event::PageHidden, Event::Offline] {
        assert_eq!((feed.send(event), feed.wake_at), (None, None));
    }
    for event in [Event::PageShown, Event::Online] {
        assert_eq!((feed.send_at(HOUR, event), feed.wake_at), (None, None), "{event:?}");
    }
    assert_eq!(feed.send_at(2 * HOUR, Event::Visible), Some(Action::Fetch));
}

#[test]
fn a_network_that_returns_is_given_up_to_two_seconds() {
    let now = 10 * SECOND;
    for (name, outcome, until, chance, expected) in [
        ("failed", FAILED, now, MIDDLE, now + 1_000),
        ("failed, least", FAILED, now, 1, now),
        ("failed, most", FAILED, now, u32::MAX, now + 2_000),
        ("misconfigured", MISCONFIGURED, now, MIDDLE, now + 1_000),
        ("not yet due", GOOD, now, MIDDLE, 300 * SECOND),
        ("due", GOOD, HOUR, MIDDLE, HOUR + 1_000),
        ("before Retry-After", limited(0, MINUTE), now, MIDDLE, MINUTE),
    ] {
        let mut feed = Feed::answered(USUAL, outcome);
        feed.send(Event::Offline);
        feed.chance = chance;
        let action = feed.send_at(until, Event::Online);
        assert_eq!(action.map_or(feed.wake_at, |_| Some(feed.now)), Some(expected), "{name}");
    }
}

#[test]
fn what_comes_due_without_a_network_waits_until_it_has_settled() {
    let mut first = Feed::new(None);
    first.send(Event::Offline);
    first.send(Event::Connected);
    assert_eq!((first.send_at(HOUR, Event::Online), first.wake_at), (None, Some(HOUR + SECOND)));

    let mut run = Feed::answered(Some(Duration::from_secs(3_600)), GOOD);
    run.send_at(MINUTE, Event::Offline);
    run.send(Event::RunDue);
    assert_eq!((run.send_at(10 * MINUTE, Event::Online), run.wake_at), (None, Some(10 * MINUTE + SECOND)));
}

#[test]
fn a_run_that_came_due_is_forgotten_without_an_interval() {
    let mut before = Feed::answered(USUAL, GOOD);
    before.send_at(100 * SECOND, Event::RunDue);
    before.send(Event::OptionsChanged { interval: None });
    before.send(Event::OptionsChanged { interval: USUAL });
    assert_eq!(before.wake_at, Some(300 * SECOND));

    let mut meanwhile = Feed::answered(None, GOOD);
    meanwhile.send_at(100 * SECOND, Event::RunDue);
    meanwhile.send(Event::OptionsChanged { interval: USUAL });
    assert_eq!(meanwhile.wake_at, Some(300 * SECOND));
}

#[test]
fn a_clock_set_back_revives_no_retry_after_and_postpones_no_run() {
    let mut heeded = Feed::answered(USUAL, limited(0, HOUR));
    heeded.fetch();
    heeded.send(Event::Answered(GOOD));
    heeded.send_at(0, Event::Timer);
    assert_eq!(heeded.wake_at, Some(295 * SECOND));

    let mut run = Feed::answered(USUAL, GOOD);
    run.send_at(100 * SECOND, Event::RunDue);
    run.send_at(-DAY, Event::Timer);
    assert_eq!(run.wake_at, Some(-DAY + 5 * SECOND));
}

#[test]
fn a_clock_set_back_counts_the_last_start_as_five_seconds_ago() {
    let mut feed = Feed::answered(USUAL, GOOD);
    assert_eq!(feed.send_at(-DAY, Event::Timer), None);
    assert_eq!(feed.wake_at, Some(-DAY + 295 * SECOND));
    feed.send_at(-DAY + 100 * SECOND, Event::Timer);
    assert_eq!(feed.wake_at, Some(-DAY + 295 * SECOND));

    let mut refreshed = Feed::answered(USUAL, GOOD);
    assert_eq!(refreshed.send_at(-DAY, Event::RefreshAsked), Some(Action::Fetch));

    for (outcome, most) in [(FAILED, 330 * SECOND), (MISCONFIGURED, 330 * SECOND), (limited(0, HOUR), HOUR)] {
        let mut feed = Feed::answered(USUAL, outcome);
        feed.send_at(-DAY, Event::Timer);
        assert!(feed.wake_at.unwrap() <= -DAY + most, "{outcome:?}: {:?}", feed.wake_at);
    }
}

#[test]
fn a_clock_set_forward_makes_the_next_request_due() {
    let mut feed = Feed::answered(USUAL, GOOD);
    assert_eq!(feed.send_at(DAY, Event::Timer), Some(Action::Fetch));
}

#[test]
fn any_length_of_interval_is_endured() {
    for interval in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
        for chance in [0, MIDDLE, u32::MAX] {
            let mut feed = Feed::new(Some(interval));
            feed.chance = chance;
            feed.send(Event::Connected);
            feed.send(Event::Answered(GOOD));
            assert!(feed.wake_at.unwrap() >= 2 * SECOND, "{interval:?}");
        }
    }
}

// Whole days.

/// Numbers without a pattern, the same in every run (xorshift).
struct Chances(u64);

impl Chances {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as u32
    }
}

/// How long a simulated request takes.
const TAKES: i64 = 300;

/// One page's life: what happens to it, and what a proxy answers. `proxy` is given the number of the request, counted
/// from 0, and the time of its start.
struct Life<'a> {
    interval: Option<Duration>,
    happens: Vec<(i64, Event)>,
    proxy: &'a dyn Fn(usize, i64) -> Outcome,
    until: i64,
    seed: u64,
}

/// What came of it, in milliseconds since its start.
#[derive(Default)]
struct Lived {
    starts: Vec<i64>,
    /// The requests that were answered well: when the answer came.
    successes: Vec<i64>,
    aborted: usize,
    /// When it was reported that a request waits for the network.
    offline: Vec<i64>,
    refused: usize,
    machine: Option<Machine>,
    wake_at: Option<i64>,
}

impl Lived {
    fn starts_in(&self, from: i64, to: i64) -> usize {
        self.starts.iter().filter(|at| (from..to).contains(at)).count()
    }
}

impl Life<'_> {
    fn new(proxy: &dyn Fn(usize, i64) -> Outcome) -> Life<'_> {
        Life { interval: USUAL, happens: Vec::new(), proxy, until: DAY, seed: 1 }
    }

    fn live(&self) -> Lived {
        let mut machine = Machine::new(self.interval);
        let mut chances = Chances(self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut lived = Lived::default();
        let mut arrives: Option<(i64, Outcome)> = None;
        let mut happens = [(0, Event::Connected)].iter().chain(&self.happens).copied().peekable();
        loop {
            let next_wake = lived.wake_at.map(|at| (at, Event::Timer));
            let answer = arrives.map(|(at, outcome)| (at, Event::Answered(outcome)));
            // Of those at the same time, what the page does comes first.
            let next = [happens.peek().copied(), answer, next_wake].into_iter().flatten();
            let Some((now, event)) = next.min_by_key(|(at, _)| *at).filter(|(at, _)| *at <= self.until)
            else {
                break;
            };
            match event {
                Event::Timer => {}
                Event::Answered(_) => arrives = None,
                _ => drop(happens.next()),
            }
            let effects = machine.handle(event, at(now), chances.next());
            lived.wake_at = effects.wake_at.map(|at| at.as_millis() - START);
            match effects.action {
                Some(Action::Fetch) => {
                    assert!(arrives.is_none(), "two requests at {now}");
                    arrives = Some((now + TAKES, (self.proxy)(lived.starts.len(), now)));
                    lived.starts.push(now);
                }
                Some(Action::Abort) => {
                    assert!(arrives.take().is_some(), "nothing to abort at {now}");
                    lived.aborted += 1;
                }
                Some(Action::Publish) => {
                    if let Event::Answered(Outcome::Good { .. }) = event {
                        lived.successes.push(now);
                    }
                }
                Some(Action::ReportOffline) => lived.offline.push(now),
                Some(Action::RefreshRefused) => lived.refused += 1,
                None => {}
            }
            assert_eq!(machine.is_asking(), arrives.is_some(), "at {now}");
        }
        for starts in lived.starts.windows(2) {
            assert!(starts[1] - starts[0] >= 2 * SECOND, "{starts:?}");
        }
        lived.machine = Some(machine);
        lived
    }
}

#[test]
fn a_quiet_day_is_a_request_every_five_minutes() {
    let lived = Life::new(&|_, _| GOOD).live();
    assert!((280..=297).contains(&lived.starts.len()), "{}", lived.starts.len());
}

#[test]
fn pages_that_start_together_drift_apart() {
    let starts = |seed| {
        Life { seed, until: 2 * HOUR, ..Life::new(&|_, _| GOOD) }.live().starts.last().copied().unwrap()
    };
    let mut last: Vec<_> = (1..=20).map(|page| starts(page) / SECOND).collect();
    last.sort_unstable();
    last.dedup();
    assert!(last.len() >= 15, "{last:?}");
}

#[test]
fn a_day_of_outage_is_a_request_every_150_seconds_and_soon_over_when_it_ends() {
    for seed in 1..=50 {
        let outage = HOUR..HOUR + DAY;
        let proxy = |_, now| if outage.contains(&now) { FAILED } else { GOOD };
        let lived = Life { until: outage.end + HOUR, seed, ..Life::new(&proxy) }.live();
        let during = lived.starts_in(outage.start, outage.end);
        // Half of 300 seconds on the average.
        assert!((500..=660).contains(&during), "{during} requests");
        let recovered = lived.successes.iter().find(|at| **at > outage.end).unwrap() - outage.end;
        assert!(recovered <= 300 * SECOND + TAKES, "recovered after {recovered} ms");
    }
}

#[test]
fn ten_minutes_of_outage_are_over_within_five_minutes_more() {
    for seed in 1..=50 {
        let outage = HOUR..HOUR + 10 * MINUTE;
        let proxy = |_, now| if outage.contains(&now) { FAILED } else { GOOD };
        let lived = Life { until: 2 * HOUR, seed, ..Life::new(&proxy) }.live();
        assert!(lived.starts_in(outage.start, outage.end) <= 60);
        let recovered = lived.successes.iter().find(|at| **at > outage.end).unwrap() - outage.end;
        assert!(recovered <= 300 * SECOND + TAKES, "recovered after {recovered} ms");
    }
}

#[test]
fn a_day_with_a_wrong_scope_is_a_request_every_five_minutes() {
    let lived = Life { interval: Some(Duration::from_secs(30)), ..Life::new(&|_, _| MISCONFIGURED) }.live();
    assert!((260..=321).contains(&lived.starts.len()), "{}", lived.starts.len());
}

#[test]
fn a_night_hidden_is_no_request_and_then_one_at_once() {
    let night = 20 * HOUR..30 * HOUR;
    let happens = vec![(night.start, Event::Hidden), (night.end, Event::Visible)];
    let lived = Life { happens, until: 2 * DAY, ..Life::new(&|_, _| GOOD) }.live();
    assert_eq!(lived.starts_in(night.start, night.end), 0);
    assert!(lived.starts.contains(&night.end));
}

#[test]
fn a_night_offline_is_no_request_and_then_one_within_two_seconds() {
    let night = 20 * HOUR..30 * HOUR;
    let happens = vec![(night.start, Event::Offline), (night.end, Event::Online)];
    let lived = Life { happens, until: 2 * DAY, ..Life::new(&|_, _| GOOD) }.live();
    assert_eq!(lived.starts_in(night.start, night.end), 0);
    assert_eq!(lived.starts_in(night.end, night.end + 2_001), 1);
    let [reported] = lived.offline[..] else { panic!("reported at {:?}", lived.offline) };
    assert!((night.start..night.start + 330 * SECOND).contains(&reported), "{reported}");
}

#[test]
fn a_429_with_retry_after_600_silences_everything_for_ten_minutes() {
    let proxy = |number, now| if number == 3 { limited(now + TAKES, 600 * SECOND) } else { GOOD };
    let until = HOUR;
    let quiet = Life { until, ..Life::new(&proxy) }.live();
    let limited_at = quiet.starts[3] + TAKES;
    assert_eq!(quiet.starts[4], limited_at + 600 * SECOND);
    // The same with a reader who keeps asking, and a page that comes and goes.
    let noise =
        [Event::RefreshAsked, Event::RunDue, Event::Hidden, Event::Visible, Event::Offline, Event::Online];
    let happens =
        (1..600).map(|tick| (limited_at + tick * SECOND, noise[tick as usize % noise.len()])).collect();
    let noisy = Life { happens, until, ..Life::new(&proxy) }.live();
    assert_eq!(noisy.starts_in(limited_at, limited_at + 600 * SECOND), 0);
    assert!((80..=120).contains(&noisy.refused), "{}", noisy.refused);
    assert!(noisy.starts[4] <= limited_at + 602 * SECOND);
}

#[test]
fn a_flapping_network_makes_no_more_requests_of_a_feed_that_is_well() {
    let flaps = |every: i64| -> Vec<_> {
        let flap = |count| (count * every, if count % 2 == 0 { Event::Online } else { Event::Offline });
        (1..HOUR / every).map(flap).collect()
    };
    for every in [100, 700, 1_500, 10_000] {
        let lived = Life { happens: flaps(every), until: HOUR, ..Life::new(&|_, _| GOOD) }.live();
        assert!(lived.starts.len() <= 14, "every {every} ms: {}", lived.starts.len());
        // And one that fails asks at most every other second.
        let lived = Life { happens: flaps(every), until: HOUR, ..Life::new(&|_, _| FAILED) }.live();
        assert!(
            lived.starts.len() as i64 <= HOUR / every.max(2_000),
            "every {every} ms: {}",
            lived.starts.len()
        );
    }
}

#[test]
fn a_run_is_seen_to_begin_followed_every_minute_and_left_when_it_is_complete() {
    let run = 10 * HOUR..10 * HOUR + 20 * MINUTE;
    let proxy = |_, now| if run.contains(&now) { RUNNING } else { GOOD };
    let lived = Life { happens: vec![(run.start, Event::RunDue)], ..Life::new(&proxy) }.live();
    let begun = *lived.starts.iter().find(|at| **at >= run.start).unwrap();
    assert!(begun <= run.start + 5 * SECOND);
    let during = lived.starts_in(run.start, run.end);
    assert!((18..=23).contains(&during), "{during} requests");
    let completed = *lived.starts.iter().find(|at| **at >= run.end).unwrap();
    assert!(completed <= run.end + 66 * SECOND);
    let next = *lived.starts.iter().find(|at| **at > completed).unwrap();
    assert!(next >= completed + 270 * SECOND);
}

#[test]
fn a_page_in_the_cache_makes_its_request_when_it_is_shown() {
    let first = TAKES / 2;
    let happens = vec![
        (first, Event::Hidden),
        (first, Event::PageHidden),
        (HOUR, Event::PageShown),
        (HOUR, Event::Visible),
    ];
    let lived = Life { happens, ..Life::new(&|_, _| GOOD) }.live();
    assert_eq!((lived.aborted, &lived.starts[..2]), (1, &[0, HOUR][..]));
    assert_eq!(lived.successes[0], HOUR + TAKES);
}

/// A day of one page on which everything happens.
fn full_day() -> Vec<(i64, Event)> {
    vec![
        (HOUR, Event::RefreshAsked),
        (HOUR + 2 * SECOND, Event::RefreshAsked),
        (2 * HOUR, Event::OptionsChanged { interval: Some(Duration::from_secs(600)) }),
        (3 * HOUR, Event::Hidden),
        (4 * HOUR, Event::Visible),
        (4 * HOUR + TAKES / 2, Event::PageHidden),
        (5 * HOUR, Event::PageShown),
        (6 * HOUR, Event::Offline),
        (7 * HOUR, Event::Online),
        (8 * HOUR, Event::OptionsChanged { interval: None }),
        (9 * HOUR, Event::RefreshAsked),
        (10 * HOUR, Event::OptionsChanged { interval: USUAL }),
        (11 * HOUR, Event::RunDue),
        (12 * HOUR, Event::Hidden),
        (12 * HOUR, Event::Offline),
        (13 * HOUR, Event::Visible),
        (13 * HOUR + SECOND, Event::Online),
        (14 * HOUR, Event::RefreshAsked),
    ]
}

fn full_day_proxy(now: i64) -> Outcome {
    if (11 * HOUR..11 * HOUR + 30 * MINUTE).contains(&now) { RUNNING } else { GOOD }
}

#[test]
fn whichever_request_fails_the_day_goes_on() {
    let until = 16 * HOUR;
    let whole = Life { happens: full_day(), until, ..Life::new(&|_, now| full_day_proxy(now)) }.live();
    assert_eq!(whole.aborted, 1);
    for (name, failure) in [
        ("failed", FAILED),
        ("misconfigured", MISCONFIGURED),
        ("limited", Outcome::Failed { configuration: false, retry_at: Some(at(DAY)) }),
    ] {
        for k in 0..whole.starts.len() {
            let proxy = |number, now| if number == k { failure } else { full_day_proxy(now) };
            let lived = Life { happens: full_day(), until, ..Life::new(&proxy) }.live();
            let failed_at = lived.starts[k];
            // Where the page is there and wants to be asked, the next success is an hour away at most.
            let away =
                [3 * HOUR..5 * HOUR, 6 * HOUR..7 * HOUR, 8 * HOUR..10 * HOUR, 12 * HOUR..13 * HOUR + SECOND];
            let longest = if name == "limited" { HOUR } else { 330 * SECOND } + 3 * SECOND;
            let overlapping =
                away.iter().filter(|away| away.start < failed_at + longest && failed_at < away.end);
            let by = overlapping.map(|away| away.end).max().unwrap_or(failed_at) + longest + TAKES;
            let recovered = lived.successes.iter().any(|at| (failed_at..=by).contains(at));
            assert!(recovered || by > until, "{name}, request {k} at {failed_at}");
            let machine = lived.machine.unwrap();
            assert!(machine.is_asking() || lived.wake_at.is_some(), "{name}, request {k}");
        }
    }
}

// Every life.

/// What a property test does next.
#[derive(Clone, Copy, Debug)]
enum Step {
    Send(Event),
    /// A request ends, perhaps with a `Retry-After` of so many milliseconds.
    Answer(Outcome, Option<i64>),
    /// Time passes up to the wake-up, and a few milliseconds.
    Wake(i64),
}

/// What a machine can be known to be from outside.
#[derive(Clone, Debug)]
struct Seen {
    machine: Machine,
    interval: Option<Duration>,
    is_connected: bool,
    /// The first request, or one that was aborted, is still to be made.
    is_owed: bool,
    is_asking: bool,
    is_hidden: bool,
    is_offline: bool,
    is_offline_reported: bool,
    is_page_hidden: bool,
    last_started: Option<i64>,
    floor: Option<i64>,
}

impl Seen {
    fn is_unseen(&self) -> bool {
        self.is_hidden || self.is_page_hidden
    }
}

/// One event, what it did, and what was and is known.
#[derive(Clone, Debug)]
struct Moment {
    before: Seen,
    event: Event,
    now: i64,
    effects: Effects,
    after: Seen,
}

impl Moment {
    fn fetches(&self) -> bool {
        self.effects.action == Some(Action::Fetch)
    }

    fn wake_at(&self) -> Option<i64> {
        self.effects.wake_at.map(|at| at.as_millis() - START)
    }
}

fn happen(seen: &Seen, event: Event, now: i64, chance: u32) -> Moment {
    let mut after = seen.clone();
    let effects = after.machine.handle(event, at(now), chance);
    match event {
        Event::Connected if !after.is_connected => (after.is_connected, after.is_owed) = (true, true),
        Event::OptionsChanged { interval } => after.interval = interval,
        Event::Answered(outcome) if after.is_asking => {
            after.is_asking = false;
            after.floor = match outcome {
                Outcome::Failed { retry_at: Some(at), .. } => Some((at.as_millis() - START).min(now + HOUR)),
                _ => None,
            };
        }
        Event::Hidden => after.is_hidden = true,
        Event::Visible => after.is_hidden = false,
        Event::Offline => after.is_offline = true,
        Event::Online => {
            after.is_owed |= after.is_offline_reported;
            (after.is_offline, after.is_offline_reported) = (false, false);
        }
        Event::PageHidden => {
            after.is_page_hidden = true;
            after.is_owed |= after.is_asking;
            after.is_asking = false;
        }
        Event::PageShown => after.is_page_hidden = false,
        _ => {}
    }
    if effects.action == Some(Action::Fetch) {
        (after.is_asking, after.is_owed, after.last_started) = (true, false, Some(now));
    }
    after.is_offline_reported |= effects.action == Some(Action::ReportOffline);
    Moment { before: seen.clone(), event, now, effects, after }
}

fn live(interval: Option<Duration>, steps: &[(i64, Step, u32)]) -> Vec<Moment> {
    let mut seen = Seen {
        machine: Machine::new(interval),
        interval,
        is_connected: false,
        is_owed: false,
        is_asking: false,
        is_hidden: false,
        is_offline: false,
        is_offline_reported: false,
        is_page_hidden: false,
        last_started: None,
        floor: None,
    };
    let (mut now, mut wake_at) = (0, None::<i64>);
    let mut moments = Vec::with_capacity(steps.len());
    for (passes, step, chance) in steps {
        let event = match step {
            Step::Wake(late) => {
                now = wake_at.map_or(now + passes, |at| at + late);
                Event::Timer
            }
            Step::Send(event) => {
                now += passes;
                *event
            }
            Step::Answer(outcome, wait) => {
                now += passes;
                Event::Answered(match (outcome, wait) {
                    (Outcome::Failed { configuration, .. }, Some(wait)) => {
                        Outcome::Failed { configuration: *configuration, retry_at: Some(at(now + wait)) }
                    }
                    (outcome, _) => *outcome,
                })
            }
        };
        let moment = happen(&seen, event, now, *chance);
        wake_at = moment.wake_at();
        seen = moment.after.clone();
        moments.push(moment);
    }
    moments
}

/// Numbers of which a [`Step`] is made. (Strategies for its parts took ten times as long.)
type Raw = (u8, u32, u32);

fn any_raw() -> impl Strategy<Value = Raw> {
    (0..28_u8, any::<u32>(), any::<u32>())
}

/// A number below that.
fn scaled(raw: u32, below: i64) -> i64 {
    (i64::from(raw) * below) >> 32
}

fn interval_of(raw: u32) -> Option<Duration> {
    let seconds = match raw % 8 {
        0 => return None,
        1 => 0,
        2 => scaled(raw, 30),
        3 => scaled(raw, 100_000),
        _ => scaled(raw, 1_000),
    };
    Some(Duration::from_secs(seconds as u64))
}

fn retry_of(raw: u32) -> Option<i64> {
    match raw % 8 {
        0 => Some(scaled(raw, 2 * MINUTE) - MINUTE),
        1 | 2 => Some(scaled(raw, 2 * HOUR)),
        3 => Some(i64::MAX / 4),
        _ => None,
    }
}

/// What is done next, after how much time, by what chance.
fn step_of((kind, raw, chance): Raw) -> (i64, Step, u32) {
    let step = match kind {
        0..=5 => Step::Wake(scaled(raw, 50)),
        6 => Step::Send(Event::Timer),
        7 => Step::Send(Event::Hidden),
        8 | 9 => Step::Send(Event::Visible),
        10 => Step::Send(Event::Offline),
        11 | 12 => Step::Send(Event::Online),
        13 => Step::Send(Event::PageHidden),
        14 | 15 => Step::Send(Event::PageShown),
        16 | 17 => Step::Send(Event::RefreshAsked),
        18 => Step::Send(Event::RunDue),
        19 => Step::Send(Event::Connected),
        20 => Step::Send(Event::OptionsChanged { interval: interval_of(chance) }),
        21 | 22 => Step::Answer(GOOD, None),
        23 => Step::Answer(RUNNING, None),
        24 => Step::Answer(MISCONFIGURED, retry_of(chance)),
        _ => Step::Answer(FAILED, retry_of(chance)),
    };
    let passes = match raw % 10 {
        0..=2 => scaled(raw, 100),
        3..=6 => scaled(raw, 10 * SECOND),
        7 | 8 => scaled(raw, 10 * MINUTE),
        _ => scaled(raw, DAY),
    };
    // The ends are worth more than their share.
    let chance = match chance % 8 {
        0 => 0,
        1 => u32::MAX,
        _ => chance,
    };
    (passes, step, chance)
}

/// A long life, most of it after the first reader has come.
fn any_life() -> impl Strategy<Value = Vec<Moment>> {
    let steps = prop::collection::vec(any_raw(), 1..250);
    (any::<u32>(), 0..4_usize, steps).prop_map(|(interval, connected, steps)| {
        let mut steps: Vec<_> = steps.into_iter().map(step_of).collect();
        steps.insert(connected.min(steps.len()), (0, Step::Send(Event::Connected), MIDDLE));
        live(interval_of(interval), &steps)
    })
}

/// Makes the page present and its interval the usual one, and lets answers and timers come until a request starts.
/// Gives the moments on the way.
fn bring_back(mut seen: Seen, mut now: i64) -> Vec<Moment> {
    let mut moments = Vec::new();
    let back = [
        Event::Connected,
        Event::OptionsChanged { interval: USUAL },
        Event::Visible,
        Event::PageShown,
        Event::Online,
    ];
    let answer = seen.is_asking.then_some(Event::Answered(FAILED));
    let mut events = answer.into_iter().chain(back);
    loop {
        let wake_at = moments.last().and_then(Moment::wake_at);
        let Some(event) = events.next().or_else(|| {
            now = wake_at?;
            Some(Event::Timer)
        }) else {
            return moments;
        };
        let moment = happen(&seen, event, now, MIDDLE);
        seen = moment.after.clone();
        let is_done = moment.fetches() || moments.len() > 20;
        moments.push(moment);
        if is_done {
            return moments;
        }
    }
}

const CASES: u32 = 1_000;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) })]

    #[test]
    fn never_two_requests_are_under_way(life in any_life()) {
        for moment in &life {
            prop_assert!(!(moment.fetches() && moment.before.is_asking), "{moment:?}");
            prop_assert_eq!(moment.after.machine.is_asking(), moment.after.is_asking, "{:?}", moment);
        }
    }

    #[test]
    fn the_wake_up_is_never_past_nor_beyond_its_bound(life in any_life()) {
        for moment in &life {
            let (Some(wake_at), seen) = (moment.wake_at(), &moment.after) else { continue };
            prop_assert!(wake_at >= moment.now, "{moment:?}");
            let longest = seen.interval.map(|interval| interval.as_millis() as i64 * 11 / 10);
            let by_interval = seen.last_started.zip(longest).map(|(at, longest)| at + longest);
            let bound = [Some(moment.now + 330 * SECOND), by_interval, seen.floor].into_iter().flatten().max();
            prop_assert!(Some(wake_at) <= bound, "{moment:?}");
        }
    }

    #[test]
    fn a_feed_that_is_there_and_waits_has_a_wake_up_and_no_other_has(life in any_life()) {
        for moment in &life {
            let seen = &moment.after;
            let waits = seen.is_connected && !seen.is_asking && (seen.interval.is_some() || seen.is_owed);
            let is_there = !seen.is_unseen() && !seen.is_offline_reported;
            prop_assert_eq!(moment.wake_at().is_some(), waits && is_there, "{:?}", moment);
        }
    }

    #[test]
    fn nothing_is_asked_before_retry_after(life in any_life()) {
        for moment in life.iter().filter(|moment| moment.fetches()) {
            prop_assert!(moment.before.floor.is_none_or(|at| moment.now >= at), "{moment:?}");
        }
    }

    #[test]
    fn nothing_is_asked_while_hidden_offline_or_page_hidden(life in any_life()) {
        for moment in life.iter().filter(|moment| moment.fetches()) {
            prop_assert!(!moment.after.is_unseen() && !moment.after.is_offline, "{moment:?}");
        }
    }

    #[test]
    fn offline_is_reported_where_it_is_seen_once_until_the_network_returns(life in any_life()) {
        for moment in life.iter().filter(|moment| moment.effects.action == Some(Action::ReportOffline)) {
            prop_assert!(moment.after.is_offline && !moment.after.is_unseen(), "{moment:?}");
            prop_assert!(!moment.before.is_offline_reported, "{moment:?}");
        }
    }

    #[test]
    fn nothing_is_asked_within_two_seconds_of_the_last_start(life in any_life()) {
        for moment in life.iter().filter(|moment| moment.fetches()) {
            prop_assert!(moment.before.last_started.is_none_or(|at| moment.now - at >= 2 * SECOND), "{moment:?}");
        }
    }

    #[test]
    fn without_an_interval_only_what_is_owed_or_asked_for_is_asked(life in any_life()) {
        for moment in life.iter().filter(|moment| moment.fetches() && moment.after.interval.is_none()) {
            let first = moment.event == Event::Connected && !moment.before.is_connected;
            let is_owed = moment.before.is_owed || moment.before.is_offline_reported;
            let wanted = first || is_owed || moment.event == Event::RefreshAsked;
            prop_assert!(wanted, "{moment:?}");
        }
    }

    #[test]
    fn answers_are_published_leaving_aborts_and_only_readers_are_refused(life in any_life()) {
        for moment in &life {
            let (action, asking) = (moment.effects.action, moment.before.is_asking);
            let is_answered = matches!(moment.event, Event::Answered(_)) && asking;
            prop_assert_eq!(action == Some(Action::Publish), is_answered, "{:?}", moment);
            let is_left = moment.event == Event::PageHidden && asking;
            prop_assert_eq!(action == Some(Action::Abort), is_left, "{:?}", moment);
            if moment.event == Event::RefreshAsked && moment.before.is_connected && !asking {
                let before = &moment.before;
                let gap = if before.is_owed { 2 * SECOND } else { 5 * SECOND };
                let is_fresh = before.last_started.is_some_and(|at| moment.now - at < gap);
                let is_refused = before.is_unseen()
                    || before.is_offline_reported
                    || before.floor.is_some_and(|at| moment.now < at);
                let served = Some(if before.is_offline { Action::ReportOffline } else { Action::Fetch });
                // What was owed or due anyway may go even where the refresh itself changes nothing.
                let expected = match (is_fresh, is_refused) {
                    (true, _) => [None, served],
                    (false, true) => [Some(Action::RefreshRefused); 2],
                    (false, false) => [served; 2],
                };
                prop_assert!(expected.contains(&action), "{moment:?}");
            } else {
                prop_assert_ne!(action, Some(Action::RefreshRefused), "{:?}", moment);
            }
        }
    }

    #[test]
    fn a_success_resets_the_pause(life in any_life(), chance in any::<u32>()) {
        let last = life.last().unwrap();
        let asking = bring_back(last.after.clone(), last.now).pop().unwrap();
        prop_assert!(asking.fetches());
        let good = happen(&asking.after, Event::Answered(GOOD), asking.now, chance);
        let again = happen(&good.after, Event::Timer, good.wake_at().unwrap(), chance);
        prop_assert!(again.fetches(), "{again:?}");
        let failed = happen(&again.after, Event::Answered(FAILED), again.now + SECOND, chance);
        let wait = failed.wake_at().unwrap() - failed.now;
        prop_assert!((SECOND..=5 * SECOND).contains(&wait), "{wait}");
    }

    #[test]
    fn a_request_can_be_reached_from_everywhere(life in any_life()) {
        for moment in life.iter().step_by(7).chain(life.last()) {
            let way = bring_back(moment.after.clone(), moment.now);
            prop_assert!(way.last().is_some_and(Moment::fetches), "{moment:?}, then {way:?}");
            let took = way.last().unwrap().now - moment.now;
            prop_assert!(took <= HOUR, "{took} ms");
        }
    }

    #[test]
    fn what_happens_twice_does_nothing_the_second_time(life in any_life(), chance in any::<u32>()) {
        for moment in &life {
            let again = happen(&moment.after, moment.event, moment.now, chance);
            match moment.event {
                // What is due may follow an answer at once, and one that came unasked may be that of the request
                // which it found due.
                Event::Answered(_) if moment.wake_at() == Some(moment.now) || moment.fetches() => {}
                Event::RefreshAsked => {
                    let expected: &[_] = match moment.effects.action {
                        Some(Action::RefreshRefused) => &[Some(Action::RefreshRefused)],
                        // A moment after the last start, it is what was due that was reported.
                        Some(Action::ReportOffline) => &[Some(Action::RefreshRefused), None],
                        _ => &[None],
                    };
                    prop_assert!(expected.contains(&again.effects.action), "{moment:?}, then {again:?}");
                    prop_assert_eq!(&again.after.machine, &moment.after.machine);
                }
                _ => {
                    prop_assert_eq!(again.effects.action, None, "{:?}", moment);
                    prop_assert_eq!(again.effects.wake_at, moment.effects.wake_at, "{:?}", moment);
                    prop_assert_eq!(&again.after.machine, &moment.after.machine);
                }
            }
        }
    }

    /// Clocks may be set to anything at any time: nothing panics, and no wake-up lies beyond its bound.
    #[test]
    fn any_clock_is_endured(
        interval in any::<u32>().prop_map(interval_of),
        steps in prop::collection::vec((any_raw(), any::<i64>(), -DAY..DAY, any::<bool>()), 1..100),
    ) {
        let mut machine = Machine::new(interval);
        let _ = machine.handle(Event::Connected, at(0), MIDDLE);
        let mut interval = interval;
        for (raw, wild, near, is_wild) in steps {
            let (_, step, chance) = step_of(raw);
            let now = if is_wild { Timestamp::from_millis(wild) } else { at(near) };
            let event = match step {
                Step::Send(event) => event,
                Step::Answer(outcome, _) => Event::Answered(outcome),
                Step::Wake(_) => Event::Timer,
            };
            if let Event::OptionsChanged { interval: changed } = event {
                interval = changed;
            }
            let effects = machine.handle(event, now, chance);
            let longest = interval.unwrap_or_default().mul_f64(1.1).max(Duration::from_secs(330));
            prop_assert!(effects.wake_at.is_none_or(|at| at >= now && at.since(now) <= longest), "{effects:?}");
        }
    }
}
