//! (what the host was told, verdict before, verdict after, cause) → which events fire, and what is said aloud.

use crate::countdown::Countdown;
use crate::instant::Timestamp;
use crate::reason::State;
use crate::verdict::Verdict;
use std::time::Duration;

named_enum! {
    /// An event that a host can listen to.
    pub enum HostEvent {
        /// The time of the next run passed while the widget ran.
        Due = "backup-status-due",
        /// The state or its staleness has changed, the first answer included.
        Change = "backup-status-change",
        /// A request has failed.
        Error = "backup-status-error",
        /// A request has ended, whatever it brought. The last event of its moment.
        Update = "backup-status-update",
    }
}

named_enum! {
    /// The outcome of a refresh that was asked for.
    pub enum RefreshOutcome {
        /// The answer is on its way.
        Busy = "busy",
        /// There is an answer.
        Done = "done",
        /// The request failed.
        Failed = "failed",
        /// No request was made: the page is hidden, the last answer asked to wait, or there is nothing to ask.
        Refused = "refused",
    }
}

named_enum! {
    /// What those learn who asked for a refresh.
    pub enum RefreshResult {
        /// There is a new answer.
        Done = "done",
        /// The request failed.
        Failed = "failed",
        /// No request was made: the page is hidden, the last answer asked to wait, or there is nothing to ask.
        Refused = "refused",
        /// No request was made: the last one has just ended.
        Recent = "recent",
    }
}

/// Why a widget judges what it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The host changed an option or the data. It needs no event for that.
    Host,
    /// Time has passed.
    Time,
    /// The widget joined a feed that had its answer already.
    Joined,
    /// A request has ended.
    Request,
}

/// What a host has been told so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The state.
    pub state: State,
    /// Whether it was stale.
    pub stale: bool,
    /// The last run that was announced as due.
    pub due: Option<Timestamp>,
}

impl Default for Told {
    fn default() -> Self {
        Told { state: State::Loading, stale: false, due: None }
    }
}

/// One judgement, and what led to it.
#[derive(Clone, Copy, Debug)]
pub struct Judgement<'a> {
    /// The verdict that was shown until now.
    pub before: &'a Verdict,
    /// The verdict from now on.
    pub after: &'a Verdict,
    /// The instant of the judgement, by the server's clock.
    pub now: Timestamp,
    /// Why it was made.
    pub cause: Cause,
    /// Whether a request is under way or overdue, so that the answer may be replaced in a moment.
    pub is_request_due: bool,
    /// The outcome of a refresh that has not been said yet.
    pub refresh: Option<RefreshOutcome>,
}

/// What is said aloud to readers who do not see the widget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announcement {
    /// Nothing; what was said before is cleared.
    Nothing,
    /// The state and its reason.
    Verdict,
    /// The outcome of a refresh.
    Refresh(RefreshOutcome),
}

/// What a judgement changes for host and reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The events to fire, in this order.
    pub events: Vec<HostEvent>,
    /// What to say aloud; `None`: what was said stays.
    pub announcement: Option<Announcement>,
    /// Whether a run has come due, so that the feed should ask about it: also one that was announced a little too early.
    pub run_due: bool,
    /// What the host has been told from now on.
    pub told: Told,
}

/// By how much a run may have been announced too early to be announced again: for less, no clock is in doubt.
const EARLY: Duration = Duration::from_secs(60);

/// Decides what is news to the host and to readers.
pub fn news(told: Told, judgement: &Judgement<'_>) -> News {
    let Judgement { before, after, now, cause, .. } = *judgement;
    let run = match before.countdown {
        Countdown::Until(at) if at <= now => Some(at),
        _ => None,
    };
    // A clock that was ahead has announced a run too early: once it is set right, the run is still to come.
    let told = Told { due: told.due.filter(|due| *due <= now.after(EARLY)), ..told };
    let is_run_news = run.is_some() && run != told.due;
    let has_changed = is_change(told, judgement);
    let (state, stale) = if has_changed { (after.state, after.stale) } else { (told.state, told.stale) };
    let has_ended = cause == Cause::Request;
    let events = [
        (is_run_news, HostEvent::Due),
        (has_changed, HostEvent::Change),
        (has_ended && after.fault.is_some(), HostEvent::Error),
        (has_ended, HostEvent::Update),
    ];
    let events = events.into_iter().filter(|(is_news, _)| *is_news && cause != Cause::Host);
    News {
        events: events.map(|(_, event)| event).collect(),
        announcement: announcement(told, judgement, has_changed),
        run_due: run.is_some(),
        told: Told { state, stale, due: run.or(told.due) },
    }
}

/// Whether state and staleness differ from what the host knows, and it should be told now.
fn is_change(told: Told, judgement: &Judgement<'_>) -> bool {
    let Judgement { before, after, cause, is_request_due, .. } = *judgement;
    let shown = (after.state, after.stale);
    // An answer may be stale because nobody asked. The host hears of it only if the request fails that is due.
    let is_withheld = after.stale && is_request_due && told.state != State::Loading;
    // What was withheld until now is not the host's doing either.
    let was_withheld = cause == Cause::Host && (before.state, before.stale) == shown;
    (told.state, told.stale) != shown && !is_withheld && !was_withheld
}

fn announcement(told: Told, judgement: &Judgement<'_>, has_changed: bool) -> Option<Announcement> {
    if let Some(outcome) = judgement.refresh {
        return Some(Announcement::Refresh(outcome));
    }
    // Neither the wait for an answer nor the first one is said: a page of ten widgets would talk for a minute.
    if told.state == State::Loading || judgement.after.state == State::Loading {
        return Some(Announcement::Nothing);
    }
    has_changed.then_some(Announcement::Verdict)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Fault;
    use crate::knowledge::Knowledge;
    use crate::no_answer::Attempt;
    use crate::policy::Policy;
    use crate::verdict::verdict;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_millis(1_658_809_725_000);
    const RUN: Timestamp = Timestamp::from_millis(1_658_809_724_000);

    /// A verdict of which only state, staleness and fault matter.
    fn shown(state: State, stale: bool) -> Verdict {
        Verdict { state, stale, ..verdict(&Knowledge::default(), NOW, &Policy::default()) }
    }

    fn told(state: State, stale: bool) -> Told {
        Told { state, stale, due: None }
    }

    fn no_answer(is_online: bool) -> Option<Fault> {
        Some(Fault::no_answer(&Attempt { is_online, ..Attempt::default() }))
    }

    /// What is news where `told`, `before` and `after` are state and staleness.
    fn judged(
        before: &Verdict,
        after: &Verdict,
        cause: Cause,
        is_request_due: bool,
        host_told: Told,
    ) -> (Vec<HostEvent>, Option<Announcement>, (State, bool)) {
        let refresh = None;
        let judgement = Judgement { before, after, now: NOW, cause, is_request_due, refresh };
        let News { events, announcement, told, .. } = news(host_told, &judgement);
        (events, announcement, (told.state, told.stale))
    }

    use Announcement::{Nothing, Verdict as Said};
    use HostEvent::{Change, Due, Error, Update};

    /// A named case each: what the host was told, what was shown, what is shown, why, whether a request is due →
    /// events, announcement, what the host has been told afterwards.
    macro_rules! changes {
        ($($name:ident: $told:expr, $before:expr, $after:expr, $cause:ident, $due:literal =>
            $events:expr, $announcement:expr, $now_told:expr;)+) => { $(
            #[test]
            fn $name() {
                let ((told_state, told_stale), (before, before_stale), (after, after_stale)) =
                    ($told, $before, $after);
                let found = judged(
                    &shown(before, before_stale),
                    &shown(after, after_stale),
                    Cause::$cause,
                    $due,
                    told(told_state, told_stale),
                );
                assert_eq!(found, ($events, $announcement, $now_told));
            }
        )+ };
    }

    const LOADING: (State, bool) = (State::Loading, false);
    const FRESH: (State, bool) = (State::Scheduled, false);
    const STALE: (State, bool) = (State::Scheduled, true);
    const FAILED: (State, bool) = (State::Failed, false);

    changes! {
        the_first_answer_is_told_and_not_said: LOADING, LOADING, FRESH, Request, false => vec![Change, Update], Some(Nothing), FRESH;
        a_joined_answer_is_told_like_a_first: LOADING, LOADING, FRESH, Joined, false => vec![Change], Some(Nothing), FRESH;
        a_new_state_is_told_and_said: FRESH, FRESH, FAILED, Request, false => vec![Change, Update], Some(Said), FAILED;
        the_same_state_is_no_news: FRESH, FRESH, FRESH, Request, false => vec![Update], None, FRESH;
        what_time_changes_is_told_and_said: FRESH, FRESH, (State::Due, false), Time, false => vec![Change], Some(Said), (State::Due, false);
        what_the_host_changes_is_said_but_not_told: FRESH, FRESH, FAILED, Host, false => vec![], Some(Said), FAILED;
        a_new_feed_is_loading_again_in_silence: FRESH, FRESH, LOADING, Host, true => vec![], Some(Nothing), LOADING;
        staleness_is_told_where_no_request_is_due: FRESH, FRESH, STALE, Time, false => vec![Change], Some(Said), STALE;
        staleness_is_withheld_while_a_request_is_due: FRESH, FRESH, STALE, Time, true => vec![], None, FRESH;
        withheld_staleness_is_told_when_the_request_has_failed: FRESH, STALE, STALE, Request, false => vec![Change, Update], Some(Said), STALE;
        withheld_staleness_that_has_passed_is_no_news: FRESH, STALE, FRESH, Request, false => vec![Update], None, FRESH;
        withheld_staleness_stays_untold_when_the_host_changes_an_option: FRESH, STALE, STALE, Host, false => vec![], None, FRESH;
        a_first_answer_that_is_stale_is_told_at_once: LOADING, LOADING, STALE, Request, true => vec![Change, Update], Some(Nothing), STALE;
        freshness_is_told_once_it_is_back: STALE, STALE, FRESH, Request, false => vec![Change, Update], Some(Said), FRESH;
    }

    #[test]
    fn a_request_that_has_ended_is_an_update_and_one_that_failed_an_error_before() {
        let cases = [
            (no_answer(true), Cause::Request, vec![Error, Update]),
            (no_answer(true), Cause::Time, vec![]),
            (no_answer(true), Cause::Joined, vec![]),
            (no_answer(true), Cause::Host, vec![]),
            (no_answer(false), Cause::Request, vec![Error, Update]),
            (None, Cause::Request, vec![Update]),
        ];
        for (fault, cause, events) in cases {
            let before = shown(State::Scheduled, false);
            let after = Verdict { fault: fault.clone(), ..before.clone() };
            let found = judged(&before, &after, cause, false, told(State::Scheduled, false));
            assert_eq!(found.0, events, "{fault:?} {cause:?}");
        }
    }

    #[test]
    fn a_run_comes_due_once_and_before_the_change_that_it_brings() {
        let before = Verdict { countdown: Countdown::Until(RUN), ..shown(State::Scheduled, false) };
        let after = Verdict { countdown: Countdown::Due, ..shown(State::Due, false) };
        let (refresh, is_request_due) = (None, false);
        let judgement = Judgement {
            before: &before,
            after: &after,
            now: NOW,
            cause: Cause::Time,
            is_request_due,
            refresh,
        };
        let first = news(told(State::Scheduled, false), &judgement);
        assert_eq!((first.events, first.run_due, first.told.due), (vec![Due, Change], true, Some(RUN)));
        let again = news(first.told, &judgement);
        assert_eq!((again.events, again.run_due), (vec![], true), "the feed may have been asked too early");
        let by_host = Judgement { cause: Cause::Host, ..judgement };
        let quiet = news(told(State::Scheduled, false), &by_host);
        assert_eq!((quiet.events, quiet.run_due), (vec![], true), "the feed hears of it, the host does not");
        let early = Judgement { now: RUN.before(Duration::from_millis(1)), ..judgement };
        assert!(!news(told(State::Scheduled, false), &early).run_due);
    }

    #[test]
    fn the_outcome_of_a_refresh_is_said_before_anything_else() {
        for outcome in RefreshOutcome::ALL {
            for state in State::ALL {
                let (before, after) = (shown(State::Loading, false), shown(*state, false));
                let (cause, is_request_due, refresh) = (Cause::Request, false, Some(*outcome));
                let judgement =
                    Judgement { before: &before, after: &after, now: NOW, cause, is_request_due, refresh };
                let news = news(Told::default(), &judgement);
                assert_eq!(news.announcement, Some(Announcement::Refresh(*outcome)), "{outcome} {state}");
            }
        }
    }

    fn any_shown() -> impl Strategy<Value = Verdict> {
        let fault = prop::sample::select(vec![None, no_answer(true), no_answer(false)]);
        let countdown = prop::sample::select(vec![Countdown::None, Countdown::Until(RUN), Countdown::Due]);
        (prop::sample::select(State::ALL), any::<bool>(), fault, countdown)
            .prop_map(|(state, stale, fault, countdown)| Verdict { fault, countdown, ..shown(state, stale) })
    }

    fn any_told() -> impl Strategy<Value = Told> {
        let due = prop::sample::select(vec![None, Some(RUN)]);
        (prop::sample::select(State::ALL), any::<bool>(), due).prop_map(|(state, stale, due)| Told {
            state,
            stale,
            due,
        })
    }

    const CAUSES: [Cause; 4] = [Cause::Host, Cause::Time, Cause::Joined, Cause::Request];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        /// A host that listens from the start knows what it was told, and nothing is told twice.
        #[test]
        fn a_change_is_told_exactly_when_the_told_state_changes(
            before in any_shown(),
            after in any_shown(),
            host_told in any_told(),
            cause in prop::sample::select(CAUSES.to_vec()),
            is_request_due in any::<bool>(),
        ) {
            let judgement =
                Judgement { before: &before, after: &after, now: NOW, cause, is_request_due, refresh: None };
            let first = news(host_told, &judgement);
            let differs = (first.told.state, first.told.stale) != (host_told.state, host_told.stale);
            prop_assert_eq!(first.events.contains(&Change), differs && cause != Cause::Host);
            if differs {
                prop_assert_eq!((first.told.state, first.told.stale), (after.state, after.stale));
            }
            let again = news(first.told, &judgement);
            prop_assert!(!again.events.contains(&Change) && !again.events.contains(&Due));
        }

        /// What the host does itself fires no event.
        #[test]
        fn the_hosts_own_doing_fires_nothing(
            before in any_shown(),
            after in any_shown(),
            host_told in any_told(),
            is_request_due in any::<bool>(),
        ) {
            let cause = Cause::Host;
            let judgement =
                Judgement { before: &before, after: &after, now: NOW, cause, is_request_due, refresh: None };
            prop_assert!(news(host_told, &judgement).events.is_empty());
        }

        /// Fresh answers and failures are told whatever the requests are doing: only staleness waits.
        #[test]
        fn only_staleness_is_withheld(
            before in any_shown(),
            after in any_shown(),
            host_told in any_told(),
            cause in prop::sample::select(CAUSES[1..].to_vec()),
        ) {
            let judgement =
                Judgement { before: &before, after: &after, now: NOW, cause, is_request_due: true, refresh: None };
            let eager = Judgement { is_request_due: false, ..judgement };
            if !after.stale {
                prop_assert_eq!(news(host_told, &judgement), news(host_told, &eager));
            }
        }
    }
}
