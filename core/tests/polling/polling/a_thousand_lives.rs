//! What holds in any life: each property in a thousand cases.

use super::*;
use proptest::prelude::*;
use zoho_backup_core::clock::SteadyClock;
use zoho_backup_core::polling::{Action, Effects, Event, Machine};

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
    has_failed_offline: bool,
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
            after.has_failed_offline = after.is_offline && matches!(outcome, Outcome::Failed { .. });
            after.floor = match outcome {
                Outcome::Failed { retry_at: Some(at), .. } => Some((at.as_millis() - START).min(now + HOUR)),
                _ => None,
            };
        }
        Event::Hidden => after.is_hidden = true,
        Event::Visible => after.is_hidden = false,
        Event::Offline => after.is_offline = true,
        Event::Online => {
            after.is_owed |= after.is_offline && !after.is_asking && after.has_failed_offline;
            after.is_offline = false;
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
        has_failed_offline: false,
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
                    (Outcome::Failed { is_configuration, asks_for_sign_on, .. }, Some(wait)) => {
                        Outcome::Failed {
                            is_configuration: *is_configuration,
                            asks_for_sign_on: *asks_for_sign_on,
                            retry_at: Some(at(now + wait)),
                        }
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
        23 => Step::Answer(if chance % 2 == 0 { RUNNING } else { DOUBTFUL }, None),
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
            prop_assert_eq!(moment.wake_at().is_some(), waits && !seen.is_unseen(), "{:?}", moment);
        }
    }

    #[test]
    fn nothing_is_asked_before_retry_after(life in any_life()) {
        for moment in life.iter().filter(|moment| moment.fetches()) {
            prop_assert!(moment.before.floor.is_none_or(|at| moment.now >= at), "{moment:?}");
        }
    }

    #[test]
    fn nothing_is_asked_while_hidden_or_page_hidden(life in any_life()) {
        for moment in life.iter().filter(|moment| moment.fetches()) {
            prop_assert!(!moment.after.is_unseen(), "{moment:?}");
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
            let returns = moment.event == Event::Online && moment.before.has_failed_offline;
            let wanted = first || moment.before.is_owed || returns || moment.event == Event::RefreshAsked;
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
                let is_refused = before.is_unseen() || before.floor.is_some_and(|at| moment.now < at);
                let served = Some(Action::Fetch);
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

    /// A clock may be set ahead by anything at any time: nothing panics, and no wake-up lies beyond its bound.
    #[test]
    fn any_clock_is_endured(
        interval in any::<u32>().prop_map(interval_of),
        steps in prop::collection::vec((any_raw(), any::<i64>(), 0..DAY, any::<bool>()), 1..100),
    ) {
        let mut machine = Machine::new(interval);
        let (mut steady, mut interval) = (SteadyClock::new(), interval);
        let _ = machine.handle(Event::Connected, steady.now(at(0)), MIDDLE);
        for (raw, wild, near, is_wild) in steps {
            let (_, step, chance) = step_of(raw);
            let now = steady.now(if is_wild { Timestamp::from_millis(wild) } else { at(near) });
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
