//! One widget over its feed, driven as the browser drives it: what is drawn, told and said.

use proptest::prelude::*;
use std::rc::Rc;
use std::time::Duration;
use zoho_backup_core::clock_error::ClockError;
use zoho_backup_core::countdown::{CountdownMode, Pace};
use zoho_backup_core::fault::Fault;
use zoho_backup_core::feed::{Exchange, Feed};
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::knowledge::Knowledge;
use zoho_backup_core::news::{Announcement, HostEvent, RefreshOutcome, RefreshResult};
use zoho_backup_core::no_answer::Attempt;
use zoho_backup_core::polling::{Action, Effects, Event as FeedEvent};
use zoho_backup_core::reader::{Event, Reader, Setup};
use zoho_backup_core::reason::{State, Tone};
use zoho_backup_core::reply::{self, Body, Reply};
use zoho_backup_core::verdict::verdict;

/// 2022-07-26T04:28:45Z.
const START: Timestamp = Timestamp::from_millis(1_658_809_725_000);
const INTERVAL: Duration = Duration::from_secs(300);
/// The middle of all chances.
const CHANCE: u32 = 1 << 31;

/// A page with one widget, and a clock that is moved by hand.
struct Page {
    /// By this computer's clock.
    now: Timestamp,
    /// How many seconds this computer's clock is ahead of the server's; `None`: answers have no `Date`.
    ahead: Option<u64>,
    feed: Feed,
    reader: Reader,
    is_asking: bool,
    events: Vec<HostEvent>,
    /// State and staleness as the host knows them, from events and from its own changes.
    heard: (State, bool),
    said: Vec<Announcement>,
    outcome: Option<RefreshOutcome>,
    settled: Vec<RefreshResult>,
    drawings: usize,
    /// How often texts that tick were written between two drawings.
    ticks: usize,
}

impl Page {
    fn open() -> Page {
        let mut page = Page {
            now: START,
            ahead: None,
            feed: Feed::default(),
            reader: Reader::new(Setup { shows_age: true, ..Setup::default() }, START),
            is_asking: false,
            events: Vec::new(),
            heard: (State::Loading, false),
            said: Vec::new(),
            outcome: None,
            settled: Vec::new(),
            drawings: 0,
            ticks: 0,
        };
        page.ask(FeedEvent::Connected);
        page.ask(FeedEvent::OptionsChanged { interval: Some(INTERVAL) });
        page
    }

    fn ask(&mut self, event: FeedEvent) {
        let effects = self.feed.handle(event, self.now, CHANCE);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Effects) {
        match effects.action {
            Some(Action::Fetch) => self.is_asking = true,
            Some(Action::Abort) => self.is_asking = false,
            Some(Action::Publish) => self.tell(Event::Published(self.feed.known().clone())),
            Some(Action::RefreshRefused) | None => {}
        }
    }

    fn tell(&mut self, event: Event) {
        let effects = self.reader.handle(event, self.now, self.feed.requests(self.now));
        // In the order of src/model.rs.
        self.said.extend(effects.clears_said.then_some(Announcement::Nothing));
        self.ticks += effects.steps.iter().filter(|step| step.ticks && step.drawing.is_none()).count();
        for drawing in effects.steps.into_iter().filter_map(|step| step.drawing) {
            self.drawings += 1;
            if drawing.events.contains(&HostEvent::Change) {
                self.heard = (drawing.verdict.state, drawing.verdict.stale);
            }
            self.events.extend(drawing.events);
            self.said.extend(drawing.announcement);
            self.outcome = drawing.outcome;
            // The name of the next run's day changes, for instance, at the next full hour.
            let hour = drawing.verdict.next_run.as_ref().map(|_| 3_600_000);
            let now = self.feed.known().clock.correct(self.now).as_millis();
            self.reader.drawing_changes_at(hour.map(|hour| Timestamp::from_millis((now / hour + 1) * hour)));
        }
        self.settled.extend(effects.refreshed);
        if effects.run_due {
            self.ask(FeedEvent::RunDue);
        }
    }

    /// Time passes, and the widget looks at the clock.
    fn wait(&mut self, seconds: u64) {
        self.now = self.now.after(Duration::from_secs(seconds));
        self.tell(Event::Time);
    }

    fn answer(&mut self, result: Result<&str, Fault>) {
        self.is_asking = false;
        let result = result.and_then(|document| {
            let body = Body::read(document, |text| serde_json::from_str(text).ok());
            reply::read(Reply { status: 200, body, retry_at: None })
        });
        let date = self.ahead.map(|seconds| self.now.before(Duration::from_secs(seconds)));
        let (sent, arrived) = (self.now, Some(self.now));
        let (age, set_back) = (Duration::ZERO, ClockError::default());
        let exchange = Exchange { result, sent, arrived, age, date, set_back };
        let effects = self.feed.finish(exchange, self.now, CHANCE);
        self.carry_out(effects);
    }

    fn refresh(&mut self) {
        let (refresh, effects) = self.feed.refresh(self.now, CHANCE);
        self.carry_out(effects);
        self.tell(Event::Refreshed(refresh, self.feed.known().clone()));
    }

    fn shown(&self) -> (State, Tone, bool) {
        let verdict = self.reader.verdict();
        (verdict.state, verdict.tone, verdict.stale)
    }

    fn take_events(&mut self) -> Vec<HostEvent> {
        std::mem::take(&mut self.events)
    }
}

fn unreachable() -> Fault {
    Fault::no_answer(&Attempt { is_online: true, ..Attempt::default() })
}

/// Scheduled, an hour after the start.
const SCHEDULED: &str = r#"{"backup":{"status":"SCHEDULED","scheduled_date":"2022-07-26T05:28:45Z"}}"#;
const FAILED: &str = r#"{"backup":{"status":"FAILED","scheduled_date":"2022-07-27T05:28:45Z"}}"#;

#[test]
fn the_first_answer_is_drawn_and_told_but_not_said() {
    let mut page = Page::open();
    assert!(page.is_asking);
    assert_eq!(page.shown(), (State::Loading, Tone::Neutral, false));
    page.answer(Ok(SCHEDULED));
    assert_eq!(page.shown(), (State::Scheduled, Tone::Good, false));
    assert_eq!(page.take_events(), [HostEvent::Change, HostEvent::Update]);
    assert_eq!(page.said, [Announcement::Nothing]);
}

#[test]
fn a_run_that_comes_due_is_told_once_and_asked_about() {
    let mut page = Page::open();
    page.answer(Ok(SCHEDULED));
    page.take_events();
    // Answers come on time, so that nothing is stale.
    page.wait(3_500);
    page.ask(FeedEvent::Timer);
    page.answer(Ok(SCHEDULED));
    page.take_events();
    page.wait(100);
    assert_eq!(page.shown(), (State::Due, Tone::Info, false));
    assert_eq!(page.take_events(), [HostEvent::Due, HostEvent::Change]);
    page.wait(6);
    page.ask(FeedEvent::Timer);
    assert!(page.is_asking, "within five seconds");
    page.answer(Ok(SCHEDULED));
    assert_eq!(page.take_events(), [HostEvent::Update]);
}

#[test]
fn a_fault_stands_beside_the_last_answer_and_is_told_each_time() {
    let mut page = Page::open();
    page.answer(Ok(SCHEDULED));
    page.take_events();
    page.wait(300);
    page.ask(FeedEvent::Timer);
    page.answer(Err(unreachable()));
    assert_eq!(page.shown(), (State::Scheduled, Tone::Good, false));
    assert!(page.reader.verdict().fault.is_some());
    assert_eq!(page.take_events(), [HostEvent::Error, HostEvent::Update]);
    page.wait(300);
    page.ask(FeedEvent::Timer);
    page.answer(Err(unreachable()));
    assert_eq!(page.take_events(), [HostEvent::Error, HostEvent::Update]);
}

#[test]
fn staleness_is_shown_at_once_but_told_only_if_the_request_that_is_due_fails() {
    for (result, events) in [
        (Ok(SCHEDULED), vec![HostEvent::Update]),
        (Err(unreachable()), vec![HostEvent::Change, HostEvent::Error, HostEvent::Update]),
    ] {
        let mut page = Page::open();
        page.answer(Ok(SCHEDULED));
        page.take_events();
        page.ask(FeedEvent::Hidden);
        page.wait(1_200);
        assert_eq!(page.shown(), (State::Scheduled, Tone::Neutral, true));
        assert_eq!(page.take_events(), []);
        page.ask(FeedEvent::Visible);
        page.answer(result);
        assert_eq!(page.take_events(), events);
    }
}

#[test]
fn a_refresh_is_reported_until_its_answer_and_ten_seconds_longer() {
    let mut page = Page::open();
    page.answer(Ok(SCHEDULED));
    page.wait(60);
    page.refresh();
    let settled = page.settled.len();
    assert_eq!(page.outcome, Some(RefreshOutcome::Busy));
    assert_eq!(page.said.last(), Some(&Announcement::Refresh(RefreshOutcome::Busy)));
    page.wait(3);
    page.answer(Ok(SCHEDULED));
    assert_eq!(
        (page.outcome, &page.settled[settled..]),
        (Some(RefreshOutcome::Done), &[RefreshResult::Done][..])
    );
    assert_eq!(page.said.last(), Some(&Announcement::Refresh(RefreshOutcome::Done)));
    let said = page.said.len();
    page.wait(9);
    assert_eq!(page.outcome, Some(RefreshOutcome::Done));
    page.wait(1);
    assert_eq!((page.outcome, page.said.len()), (None, said));
}

#[test]
fn what_was_said_can_be_read_for_a_minute() {
    let mut page = Page::open();
    page.answer(Ok(SCHEDULED));
    page.wait(300);
    page.ask(FeedEvent::Timer);
    page.answer(Ok(FAILED));
    assert_eq!(page.said.last(), Some(&Announcement::Verdict));
    page.wait(59);
    assert_eq!(page.said.last(), Some(&Announcement::Verdict));
    page.reader.drawing_changes_at(None);
    let wakes = page.reader.wake_at(page.now).unwrap().since(page.now);
    assert!(wakes <= Duration::from_secs(1), "{wakes:?}");
    let drawings = page.drawings;
    page.wait(1);
    assert_eq!(
        (page.said.last(), page.drawings),
        (Some(&Announcement::Nothing), drawings),
        "nothing is drawn again"
    );
    // Nothing is said again, nor cleared twice.
    let said = page.said.len();
    page.wait(120);
    assert_eq!(page.said.len(), said);
}

#[test]
fn what_is_said_next_can_be_read_for_a_minute_of_its_own() {
    let mut page = Page::open();
    page.answer(Ok(SCHEDULED));
    page.wait(300);
    page.ask(FeedEvent::Timer);
    page.answer(Ok(FAILED));
    page.wait(40);
    page.refresh();
    page.answer(Ok(FAILED));
    assert_eq!(page.said.last(), Some(&Announcement::Refresh(RefreshOutcome::Done)));
    page.wait(59);
    assert_eq!(page.said.last(), Some(&Announcement::Refresh(RefreshOutcome::Done)));
    page.wait(1);
    assert_eq!(page.said.last(), Some(&Announcement::Nothing));
}

#[test]
fn a_clock_that_is_corrected_shows_no_outcome_longer() {
    let mut page = Page::open();
    page.answer(Ok(SCHEDULED));
    page.wait(300);
    page.ask(FeedEvent::Timer);
    // The server is an hour behind: the next answer, 12 seconds later, proves it.
    page.ahead = Some(3_600);
    page.answer(Ok(SCHEDULED));
    page.wait(12);
    page.refresh();
    page.answer(Ok(SCHEDULED));
    assert_eq!(page.feed.known().clock.error().reported_minutes(), Some(60));
    assert_eq!(page.outcome, Some(RefreshOutcome::Done));
    page.wait(10);
    assert_eq!(page.outcome, None);
}

#[test]
fn a_refresh_reports_its_own_failure_and_its_refusal() {
    let mut page = Page::open();
    page.answer(Ok(SCHEDULED));
    page.wait(60);
    page.refresh();
    page.settled.clear();
    page.answer(Err(unreachable()));
    assert_eq!((page.outcome, &*page.settled), (Some(RefreshOutcome::Failed), &[RefreshResult::Failed][..]));
    page.wait(1);
    page.refresh();
    assert_eq!(page.outcome, Some(RefreshOutcome::Failed), "the fault is of a moment ago");
    page.wait(60);
    page.ask(FeedEvent::Hidden);
    page.refresh();
    assert_eq!(page.outcome, Some(RefreshOutcome::Refused));
    assert_eq!(page.settled, [RefreshResult::Failed, RefreshResult::Recent, RefreshResult::Refused]);
}

#[test]
fn another_account_begins_again_and_forgets_the_refresh() {
    let mut page = Page::open();
    page.answer(Ok(FAILED));
    page.wait(60);
    page.refresh();
    page.feed = Feed::default();
    page.ask(FeedEvent::Connected);
    page.take_events();
    let (setup, known) = (Setup::default(), Some(Rc::default()));
    page.tell(Event::HostChanged { setup, known });
    assert_eq!(page.shown(), (State::Loading, Tone::Neutral, false));
    assert_eq!((page.take_events(), page.outcome), (vec![], Some(RefreshOutcome::Busy)));
    page.answer(Ok(SCHEDULED));
    assert_eq!(page.take_events(), [HostEvent::Change, HostEvent::Update]);
}

#[test]
fn an_option_changes_what_is_shown_and_tells_nobody() {
    let mut page = Page::open();
    page.answer(Ok(SCHEDULED));
    page.wait(3_700);
    page.ask(FeedEvent::Timer);
    page.answer(Ok(SCHEDULED));
    page.take_events();
    assert_eq!(page.shown().0, State::Due);
    let mut setup = Setup::default();
    setup.policy.overdue_after = Duration::from_secs(60);
    page.tell(Event::HostChanged { setup, known: None });
    assert_eq!((page.shown().0, page.take_events()), (State::Overdue, vec![]));
}

#[test]
fn a_supplied_document_settles_a_refresh_at_once() {
    let mut page = Page::open();
    page.feed = Feed::default();
    let document = Body::read(SCHEDULED, |text| serde_json::from_str(text).ok());
    let known = Some(Rc::new(Knowledge::supplied(&document)));
    page.tell(Event::HostChanged { setup: Setup::default(), known });
    assert_eq!(page.shown(), (State::Scheduled, Tone::Good, false));
    assert_eq!(page.settled, [RefreshResult::Refused], "nothing is asked");
}

#[test]
fn a_widget_that_joins_late_is_told_like_the_first() {
    let mut page = Page::open();
    page.answer(Ok(FAILED));
    page.take_events();
    let mut second = Reader::new(Setup::default(), page.now);
    let mut events = |event| {
        let effects = second.handle(event, page.now, page.feed.requests(page.now));
        effects.steps.into_iter().filter_map(|step| step.drawing).flat_map(|drawing| drawing.events).collect()
    };
    let nothing: Vec<HostEvent> = events(Event::Joined(Rc::default()));
    assert_eq!(nothing, [], "the feed has no answer yet");
    let first: Vec<HostEvent> = events(Event::Joined(page.feed.known().clone()));
    assert_eq!(first, [HostEvent::Change]);
}

#[test]
fn a_drawing_is_made_anew_when_it_says_that_it_changes() {
    let mut page = Page::open();
    page.answer(Ok(SCHEDULED));
    page.reader.drawing_changes_at(Some(page.now.after(Duration::from_secs(10))));
    let drawings = page.drawings;
    page.wait(9);
    assert_eq!(page.drawings, drawings);
    page.wait(1);
    assert_eq!(page.drawings, drawings + 1);
}

#[test]
fn a_widget_wakes_up_for_its_texts_that_tick() {
    let mut page = Page::open();
    page.answer(Ok(SCHEDULED));
    page.reader.drawing_changes_at(None);
    let wakes = |page: &Page| page.reader.wake_at(page.now).unwrap().since(page.now).as_secs();
    assert_eq!(wakes(&page), 1, "the countdown shows seconds in the last hour");
    let pace = Pace { mode: CountdownMode::Off, reduced_motion: false };
    page.tell(Event::PageChanged(Setup { pace, shows_age: true, ..Setup::default() }));
    page.reader.drawing_changes_at(None);
    assert_eq!(wakes(&page), 60, "the age of the answer shows minutes");
}

#[test]
fn the_outcome_of_a_refresh_is_said_once() {
    let mut page = Page::open();
    page.answer(Ok(SCHEDULED));
    page.ask(FeedEvent::Hidden);
    page.wait(60);
    page.said.clear();
    page.refresh();
    page.tell(Event::PageChanged(Setup::default()));
    let refused = Announcement::Refresh(RefreshOutcome::Refused);
    assert_eq!(page.said.iter().filter(|said| **said == refused).count(), 1, "{:?}", page.said);
    assert_eq!(page.outcome, Some(RefreshOutcome::Refused), "it is still shown");
}

#[test]
fn a_clock_that_is_set_back_draws_anew_what_a_host_supplied() {
    let mut page = Page::open();
    let document = Body::read(SCHEDULED, |text| serde_json::from_str(text).ok());
    let known = Some(Rc::new(Knowledge::supplied(&document)));
    page.now = page.now.after(Duration::from_secs(7_200));
    page.tell(Event::HostChanged { setup: Setup::default(), known });
    assert_eq!(page.shown().0, State::Due);
    page.now = page.now.before(Duration::from_secs(7_000));
    page.tell(Event::Time);
    assert_eq!(page.shown().0, State::Scheduled);
}

#[derive(Clone, Debug)]
enum Moment {
    Wait(u64),
    Answer(Option<&'static str>),
    Refresh,
    Feed(FeedEvent),
    PageChanged,
    InView(bool),
    OptionChanged(u64),
}

fn any_moment() -> impl Strategy<Value = Moment> {
    let document = prop::sample::select(vec![
        None,
        Some(SCHEDULED),
        Some(FAILED),
        Some(r#"{"backup":null}"#),
        Some(r#"{"backup":{"status":"INPROGRESS","scheduled_date":"2022-07-26T04:00:00Z"}}"#),
        Some("<html>"),
    ]);
    let events = [
        FeedEvent::Timer,
        FeedEvent::Hidden,
        FeedEvent::Visible,
        FeedEvent::Online,
        FeedEvent::Offline,
        FeedEvent::PageHidden,
        FeedEvent::PageShown,
    ];
    prop_oneof![
        4 => (0_u64..5_000).prop_map(Moment::Wait),
        1 => (1_u64..100_000).prop_map(Moment::Wait),
        4 => document.prop_map(Moment::Answer),
        1 => Just(Moment::Refresh),
        4 => prop::sample::select(events.to_vec()).prop_map(Moment::Feed),
        1 => Just(Moment::PageChanged),
        1 => any::<bool>().prop_map(Moment::InView),
        1 => (0_u64..10_000).prop_map(Moment::OptionChanged),
    ]
}

fn live(page: &mut Page, moment: Moment) {
    match moment {
        Moment::Wait(seconds) => page.wait(seconds),
        Moment::Answer(document) if page.is_asking => page.answer(document.ok_or_else(unreachable)),
        Moment::Answer(_) => {}
        Moment::Refresh => page.refresh(),
        Moment::Feed(event) => page.ask(event),
        Moment::PageChanged => page.tell(Event::PageChanged(Setup::default())),
        Moment::InView(is_in_view) => page.tell(Event::InView(is_in_view)),
        Moment::OptionChanged(seconds) => {
            let mut setup = Setup::default();
            setup.policy.overdue_after = Duration::from_secs(seconds);
            page.tell(Event::Time);
            page.tell(Event::HostChanged { setup, known: None });
            let (state, _, stale) = page.shown();
            if !stale {
                page.heard = (state, stale);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Whatever happens: what is shown is what core says of the present, and it holds until the widget looks again.
    #[test]
    fn what_is_shown_is_true_now_and_until_the_next_look(
        moments in prop::collection::vec(any_moment(), 1..40),
        ahead in prop::sample::select(vec![None, Some(0), Some(600), Some(100_000)]),
    ) {
        let mut page = Page { ahead, ..Page::open() };
        for moment in moments {
            live(&mut page, moment);
            prop_assert_eq!(page.feed.is_asking(), page.is_asking);
            page.tell(Event::Time);
            let clock = page.feed.known().clock;
            let now = clock.correct(page.now);
            let wake_at = page.reader.wake_at(now).map(|at| clock.correct(at));
            prop_assert!(wake_at.is_none_or(|at| at > now), "it would look again at once, without end");
            let before = wake_at.map_or(now.after(Duration::from_secs(86_400)), |at| at.before(Duration::from_millis(1)));
            let shown = page.reader.verdict().clone();
            page.now = clock.local(before);
            page.tell(Event::Time);
            prop_assert_eq!(page.reader.verdict(), &shown);
        }
    }

    /// Out of view only texts that tick stand still: state, events and what is said are as in view.
    #[test]
    fn nobody_but_the_eye_notices_that_a_widget_is_out_of_view(
        moments in prop::collection::vec(any_moment(), 1..40),
    ) {
        let (mut seen, mut unseen) = (Page::open(), Page::open());
        unseen.tell(Event::InView(false));
        for moment in moments.into_iter().filter(|moment| !matches!(moment, Moment::InView(_))) {
            live(&mut seen, moment.clone());
            live(&mut unseen, moment);
            prop_assert_eq!(seen.reader.verdict(), unseen.reader.verdict());
            prop_assert_eq!((&seen.events, &seen.said, seen.drawings), (&unseen.events, &unseen.said, unseen.drawings));
        }
        prop_assert_eq!(unseen.ticks, 0);
    }

    /// A host that listens knows state and staleness, apart from a staleness that may pass in a moment.
    #[test]
    fn a_host_that_listens_knows_what_is_shown(moments in prop::collection::vec(any_moment(), 1..40)) {
        let mut page = Page::open();
        for moment in moments {
            live(&mut page, moment);
            let (state, _, stale) = page.shown();
            let heard = page.heard;
            prop_assert!(heard == (state, stale) || stale, "the host heard {heard:?}, but {state} is shown");
        }
    }
}

#[test]
fn out_of_view_a_widget_wakes_for_what_changes_the_state_alone() {
    let mut page = Page::open();
    page.answer(Ok(SCHEDULED));
    let next_wake = |page: &Page| page.reader.wake_at(page.now).map(|at| at.since(page.now));
    // The run is within the hour.
    let ticking = next_wake(&page);
    assert_eq!(ticking, Some(Duration::from_secs(1)));
    page.tell(Event::InView(false));
    let (verdict, now) = (page.reader.verdict().clone(), page.now);
    let drawn_until = Timestamp::from_millis((now.as_millis() / 3_600_000 + 1) * 3_600_000);
    assert_eq!(page.reader.wake_at(now), verdict.changes_at.map(|at| at.min(drawn_until)));
    let ticks = page.ticks;
    page.wait(1);
    assert_eq!(page.ticks, ticks, "nobody sees it");
    page.tell(Event::InView(true));
    assert_eq!(page.ticks, ticks + 1, "it is right as soon as it is seen");
    assert_eq!(next_wake(&page), ticking);
}

#[test]
fn a_verdict_of_the_present_is_what_the_reader_shows() {
    let mut page = Page::open();
    page.answer(Ok(SCHEDULED));
    let known = page.feed.known().clone();
    assert_eq!(**page.reader.verdict(), verdict(&known, page.now, &Setup::default().policy));
}
