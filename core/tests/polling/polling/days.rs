//! Whole days of one page, by name.

use super::*;
use zoho_backup_core::polling::{Action, Event, Machine};

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
fn a_night_without_a_network_is_an_outage_that_ends_within_two_seconds_of_it() {
    let night = 20 * HOUR..30 * HOUR;
    let proxy = |_, now| if night.contains(&now) { FAILED } else { GOOD };
    let happens = vec![(night.start, Event::Offline), (night.end, Event::Online)];
    let lived = Life { happens, until: 2 * DAY, ..Life::new(&proxy) }.live();
    let during = lived.starts_in(night.start, night.end);
    assert!((200..=280).contains(&during), "{during} requests");
    assert_eq!(lived.starts_in(night.end, night.end + 2_001), 1);
}

#[test]
fn a_browser_that_calls_itself_offline_on_a_working_network_changes_nothing() {
    let lived = |happens| Life { happens, ..Life::new(&|_, _| GOOD) }.live();
    let count = lived(vec![(0, Event::Offline)]).starts.len();
    assert!((280..=297).contains(&count), "{count}");
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
        (
            "limited",
            Outcome::Failed { is_configuration: false, asks_for_sign_on: false, retry_at: Some(at(DAY)) },
        ),
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
