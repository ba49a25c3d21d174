//! One event after another.

use super::*;
use zoho_backup_core::polling::{Action, Event, Machine};

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
            Outcome::Failed {
                is_configuration: true,
                asks_for_sign_on: false,
                retry_at: Some(at(10 * MINUTE)),
            },
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
        ("offline", GOOD, Some(Event::Offline), MINUTE, served),
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
fn hidden_and_offline_pages_let_a_request_finish() {
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
    for away in [Event::Hidden, Event::PageHidden] {
        let mut feed = Feed { machine: feed.machine.clone(), ..feed };
        feed.send(away);
        assert!(!feed.machine.is_due(at(300 * SECOND - 1)), "{away:?}");
        assert!(feed.machine.is_due(at(300 * SECOND)), "{away:?}");
    }
    assert!(!Feed::answered(None, GOOD).machine.is_due(at(DAY)), "nothing is asked by itself");
}

#[test]
fn a_browser_that_calls_itself_offline_keeps_no_request_back() {
    let mut feed = Feed::new(USUAL);
    feed.send(Event::Offline);
    assert_eq!(feed.send(Event::Connected), Some(Action::Fetch), "the first request");
    feed.send(Event::Answered(GOOD));
    assert_eq!(feed.fetch(), 300 * SECOND, "the next one");
    feed.send(Event::Answered(GOOD));
    assert_eq!(feed.send_at(400 * SECOND, Event::RefreshAsked), Some(Action::Fetch), "a reader's");
    feed.send(Event::Answered(GOOD));
    assert_eq!((feed.send(Event::Online), feed.wake_at), (None, Some(700 * SECOND)), "nothing had failed");
}

#[test]
fn what_failed_without_a_network_is_asked_again_when_there_is_one() {
    for interval in [USUAL, None] {
        for outcome in [FAILED, MISCONFIGURED] {
            let mut feed = Feed::new(interval);
            feed.send(Event::Offline);
            feed.send(Event::Connected);
            feed.send_at(SECOND, Event::Answered(outcome));
            feed.send_at(2 * SECOND, Event::Online);
            assert_eq!(feed.wake_at, Some(3 * SECOND), "{interval:?}, {outcome:?}");
            assert!(feed.machine.is_awaited());
            feed.fetch();
            feed.send(Event::Answered(GOOD));
            feed.send(Event::Offline);
            feed.send(Event::Online);
            assert!(!feed.machine.is_awaited(), "once");
        }
    }
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
    for event in [Event::Hidden, Event::PageHidden] {
        assert_eq!((feed.send(event), feed.wake_at), (None, None));
    }
    assert_eq!((feed.send_at(HOUR, Event::PageShown), feed.wake_at), (None, None));
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
fn what_came_due_on_a_hidden_page_waits_until_a_network_has_settled() {
    let mut first = Feed::new(None);
    first.send(Event::Offline);
    first.send(Event::Hidden);
    first.send(Event::Connected);
    first.send_at(HOUR, Event::Online);
    assert_eq!((first.send(Event::Visible), first.wake_at), (None, Some(HOUR + SECOND)));

    let mut run = Feed::answered(Some(Duration::from_secs(3_600)), GOOD);
    run.send_at(MINUTE, Event::Offline);
    run.send(Event::Hidden);
    run.send_at(2 * HOUR, Event::Online);
    assert_eq!((run.send(Event::Visible), run.wake_at), (None, Some(2 * HOUR + SECOND)));
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
fn an_answer_that_leaves_the_clock_in_doubt_is_followed_by_a_second_10_to_15_seconds_later() {
    for (chance, expected) in [(0, 10_000), (MIDDLE, 12_000), (u32::MAX, 13_999)] {
        let mut feed = Feed::new(USUAL);
        feed.chance = chance;
        feed.send(Event::Connected);
        feed.send_at(700, Event::Answered(DOUBTFUL));
        assert_eq!(feed.fetch(), expected);
    }
    let mut feed = Feed::answered(USUAL, DOUBTFUL);
    feed.fetch();
    feed.send(Event::Answered(GOOD));
    assert_eq!(feed.wake_at, Some(312 * SECOND), "then all goes on as before");
}

#[test]
fn no_second_request_is_made_where_none_may_be_made() {
    assert_eq!(Feed::answered(None, DOUBTFUL).wake_at, None, "without an interval");
    for away in [Event::Hidden, Event::PageHidden] {
        let mut feed = Feed::answered(USUAL, DOUBTFUL);
        feed.send(away);
        assert_eq!((feed.send_at(HOUR, Event::Timer), feed.wake_at), (None, None), "{away:?}");
    }
    let mut limited_then = Feed::answered(USUAL, DOUBTFUL);
    limited_then.fetch();
    limited_then.send(Event::Answered(limited(limited_then.now, MINUTE)));
    assert_eq!(limited_then.wake_at, Some(limited_then.now + MINUTE), "before Retry-After");
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

/// Somebody may have signed on in another tab meanwhile.
#[test]
fn a_page_that_is_seen_again_asks_whether_somebody_has_signed_on() {
    let mut feed = Feed::answered(USUAL, SENT_AWAY);
    feed.send(Event::Hidden);
    feed.send_at(31 * SECOND, Event::Visible);
    assert_eq!(feed.send(Event::PageShown), Some(Action::Fetch), "otherwise it would wait for five minutes");
    feed.send(Event::Answered(SENT_AWAY));
    // However often somebody turns to it, at most every 30 seconds.
    for moment in 32..61 {
        assert_eq!(feed.send_at(moment * SECOND, Event::PageShown), None);
        assert_eq!(feed.wake_at, Some(61 * SECOND));
    }
    assert_eq!(feed.send_at(61 * SECOND, Event::Timer), Some(Action::Fetch));
    feed.send(Event::Answered(GOOD));
    assert_eq!((feed.send_at(100 * SECOND, Event::PageShown), feed.wake_at), (None, Some(361 * SECOND)));
}

#[test]
fn what_may_pass_by_itself_is_asked_no_later_because_of_a_sign_on() {
    let mut feed = Feed::answered(USUAL, SIGNED_OFF);
    let pause = feed.wake_at.unwrap();
    assert!(pause < 30 * SECOND, "{pause}");
    assert_eq!((feed.send_at(SECOND, Event::PageShown), feed.wake_at), (None, Some(pause)));
    // After several failures the usual pause is longer.
    for _ in 0..6 {
        feed.fetch();
        feed.send(Event::Answered(SIGNED_OFF));
    }
    let (last, pause) = (feed.now, feed.wake_at.unwrap());
    assert!(pause > last + 30 * SECOND, "{pause}");
    feed.send_at(last + SECOND, Event::PageShown);
    assert_eq!(feed.wake_at, Some(last + 30 * SECOND));
}

#[test]
fn a_page_that_is_seen_again_asks_no_sooner_than_usual_after_anything_else() {
    for outcome in [GOOD, RUNNING, FAILED, MISCONFIGURED, limited(0, HOUR)] {
        let mut feed = Feed::answered(USUAL, outcome);
        let wake_at = feed.wake_at;
        for event in [Event::Hidden, Event::Visible, Event::PageShown] {
            assert_eq!(feed.send_at(SECOND, event), None, "{outcome:?}");
        }
        assert_eq!(feed.wake_at, wake_at, "{outcome:?}");
    }
}

#[test]
fn a_page_that_is_seen_again_respects_retry_after_and_an_interval_of_none() {
    let limited =
        Outcome::Failed { is_configuration: true, asks_for_sign_on: true, retry_at: Some(at(10 * MINUTE)) };
    let mut feed = Feed::answered(USUAL, limited);
    assert_eq!((feed.send_at(MINUTE, Event::PageShown), feed.wake_at), (None, Some(10 * MINUTE)));
    let mut feed = Feed::answered(None, SENT_AWAY);
    assert_eq!((feed.send_at(MINUTE, Event::PageShown), feed.wake_at), (None, None));
}
