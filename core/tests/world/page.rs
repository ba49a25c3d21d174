//! The page: a feed and its widgets, driven as `src/feed.rs` and `src/model.rs` drive them.

use crate::alarms::{AlarmId, Alarms, Wake, Wanted};
use crate::mix::WidgetMix;
use crate::random::Random;
use std::rc::Rc;
use std::time::Duration;
use zoho_backup_core::clock::SteadyClock;
use zoho_backup_core::clock_error::ClockError;
use zoho_backup_core::feed::{Exchange, Feed};
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::knowledge::Knowledge;
use zoho_backup_core::polling::{Action, Effects, Event as FeedEvent};
use zoho_backup_core::reader::{Drawing, Event, Reader, Setup, Step};
use zoho_backup_core::verdict::Verdict;

/// What the page finds when it asks the browser.
#[derive(Clone, Debug)]
pub struct Browser {
    /// What this computer's clock says.
    pub told: Timestamp,
    pub is_hidden: bool,
    pub is_online: bool,
    pub random: Random,
}

/// What the page did, in order.
#[derive(Clone, Debug)]
pub enum Did {
    Fetch(u64),
    Abort,
    /// A widget looked at what it knows.
    Looked {
        widget: usize,
        before: Rc<Verdict>,
        step: Step,
    },
    /// [`Page::join`] is to be called in a task of its own.
    Joining(usize),
}

pub struct Widget {
    reader: Reader,
    alarm: AlarmId,
    pub setup: Setup,
    /// As the subscriber of the feed.
    pub interval: Option<Duration>,
    is_subscribed: bool,
    is_told_by_feed: bool,
    is_ended: bool,
}

pub struct Page {
    pub browser: Browser,
    clock: SteadyClock,
    feed: Feed,
    feed_alarm: Option<AlarmId>,
    pub widgets: Vec<Widget>,
    alarms: Alarms,
    request: u64,
    did: Vec<Did>,
}

impl Page {
    pub fn new(browser: Browser) -> Page {
        Page {
            browser,
            clock: SteadyClock::new(),
            feed: Feed::default(),
            feed_alarm: None,
            widgets: Vec::new(),
            alarms: Alarms::default(),
            request: 0,
            did: Vec::new(),
        }
    }

    /// `clock::now`.
    pub fn now(&mut self) -> Timestamp {
        self.clock.now(self.browser.told)
    }

    /// `clock::set_back`.
    pub fn set_back(&self) -> ClockError {
        self.clock.set_back()
    }

    pub fn take_did(&mut self) -> Vec<Did> {
        std::mem::take(&mut self.did)
    }

    pub fn take_timer(&mut self) -> Option<Wanted> {
        self.alarms.take_wanted()
    }

    /// The shortest interval that a widget wants.
    pub fn interval(&self) -> Option<Duration> {
        self.present().filter_map(|widget| widget.interval).min()
    }

    pub fn is_ended(&self, widget: usize) -> bool {
        self.widgets[widget].is_ended
    }

    fn present(&self) -> impl Iterator<Item = &Widget> {
        self.widgets.iter().filter(|widget| !widget.is_ended && widget.is_subscribed)
    }

    /// `Model::new` and `Model::take_over`.
    pub fn open(&mut self, mix: WidgetMix) {
        let now = self.now();
        let (index, alarm) = (self.widgets.len(), self.alarms.add());
        self.widgets.push(Widget {
            reader: Reader::new(mix.setup, now),
            alarm,
            setup: mix.setup,
            interval: mix.interval,
            is_subscribed: false,
            is_told_by_feed: false,
            is_ended: false,
        });
        self.tell(index, Event::Time);
        // `Subscription::new`
        if self.feed_alarm.is_none() {
            self.feed_alarm = Some(self.alarms.add());
            self.look_at_page();
            self.ask(FeedEvent::Connected);
        }
        self.widgets[index].is_subscribed = true;
        self.apply_intervals();
        self.widgets[index].is_told_by_feed = true;
        self.did.push(Did::Joining(index));
        self.tell(index, Event::HostChanged { setup: mix.setup, known: Some(Rc::new(Knowledge::default())) });
    }

    /// The task that `Model::follow` leaves behind.
    pub fn join(&mut self, widget: usize) {
        if !self.widgets[widget].is_ended {
            self.tell(widget, Event::Joined(self.feed.known().clone()));
        }
    }

    /// `Model::end`. One widget must be left.
    pub fn close(&mut self, widget: usize) {
        let now = self.now();
        self.widgets[widget].is_ended = true;
        self.apply_intervals();
        self.alarms.drop_alarm(self.widgets[widget].alarm, now);
    }

    /// `Model::take_over` with another interval.
    pub fn change(&mut self, widget: usize, mix: WidgetMix) {
        self.tell(widget, Event::Time);
        (self.widgets[widget].interval, self.widgets[widget].setup) = (mix.interval, mix.setup);
        self.apply_intervals();
        self.tell(widget, Event::HostChanged { setup: mix.setup, known: None });
    }

    /// `Model::refresh`.
    pub fn refresh(&mut self, widget: usize) {
        self.look_at_page();
        let chance = self.browser.random.chance();
        let now = self.now();
        let (refresh, effects) = self.feed.refresh(now, chance);
        self.carry_out(effects);
        self.tell(widget, Event::Refreshed(refresh, self.feed.known().clone()));
    }

    /// The page's timer fires. One that was replaced does nothing.
    pub fn timer(&mut self, generation: u64) {
        if generation == self.alarms.generation {
            let now = self.now();
            if let Some(at) = self.alarms.fired_at(now) {
                self.clock.has_come(at);
            }
            self.wake(Wake::Time);
        }
    }

    /// An event of the page, and the timer: `Clock::wake`.
    pub fn wake(&mut self, why: Wake) {
        let now = self.now();
        for alarm in 0..self.alarms.begin() {
            if why != Wake::Time && self.alarms.is_there(alarm) {
                self.call(alarm, why);
            }
            if self.alarms.is_due(alarm, now) {
                self.call(alarm, Wake::Time);
            }
        }
        self.alarms.schedule_timer(now);
    }

    fn call(&mut self, alarm: AlarmId, why: Wake) {
        if self.feed_alarm != Some(alarm) {
            let widget = self.widgets.iter().position(|widget| widget.alarm == alarm);
            return widget.into_iter().for_each(|widget| self.tell(widget, Event::Time));
        }
        match why {
            Wake::Time => {
                self.look_at_page();
                self.ask(FeedEvent::Timer);
            }
            Wake::PageChanged => {
                self.look_at_page();
                self.ask(FeedEvent::PageShown);
            }
            Wake::PageLeft => self.ask(FeedEvent::PageHidden),
        }
    }

    /// A request has ended; one that was aborted does nothing.
    pub fn answer(&mut self, request: u64, exchange: Exchange) {
        if self.is_under_way(request) {
            self.request += 1;
            let chance = self.browser.random.chance();
            let now = self.now();
            let effects = self.feed.finish(exchange, now, chance);
            self.carry_out(effects);
        }
    }

    pub fn is_under_way(&self, request: u64) -> bool {
        request == self.request && self.feed.is_asking()
    }

    fn look_at_page(&mut self) {
        self.ask(if self.browser.is_online { FeedEvent::Online } else { FeedEvent::Offline });
        self.ask(if self.browser.is_hidden { FeedEvent::Hidden } else { FeedEvent::Visible });
    }

    fn apply_intervals(&mut self) {
        self.look_at_page();
        let interval = self.interval();
        self.ask(FeedEvent::OptionsChanged { interval });
    }

    /// `Feed::handle`.
    fn ask(&mut self, event: FeedEvent) {
        let chance = self.browser.random.chance();
        let now = self.now();
        let effects = self.feed.handle(event, now, chance);
        self.carry_out(effects);
    }

    fn carry_out(&mut self, effects: Effects) {
        if let Some(alarm) = self.feed_alarm {
            let now = self.now();
            self.alarms.set(alarm, effects.wake_at, now);
        }
        match effects.action {
            Some(Action::Fetch) => {
                self.request += 1;
                self.did.push(Did::Fetch(self.request));
            }
            Some(Action::Abort) => {
                self.request += 1;
                self.did.push(Did::Abort);
            }
            Some(Action::Publish) => self.publish(),
            Some(Action::RefreshRefused) | None => {}
        }
    }

    fn publish(&mut self) {
        for widget in 0..self.widgets.len() {
            let Widget { is_told_by_feed, is_ended, .. } = self.widgets[widget];
            if is_told_by_feed && !is_ended {
                self.tell(widget, Event::Published(self.feed.known().clone()));
            }
        }
    }

    /// `Model::handle` and `Model::draw`.
    fn tell(&mut self, widget: usize, event: Event) {
        let browser_now = self.now();
        let has_feed = self.widgets[widget].is_told_by_feed;
        let requests = if has_feed { self.feed.requests(browser_now) } else { Default::default() };
        let mut before = self.widgets[widget].reader.verdict().clone();
        let effects = self.widgets[widget].reader.handle(event, browser_now, requests);
        for step in effects.steps {
            let now = step.now;
            let after = step.drawing.as_ref().map(|Drawing { verdict, .. }| verdict.clone());
            self.did.push(Did::Looked { widget, before: before.clone(), step });
            before = after.unwrap_or(before);
            let wake_at = self.widgets[widget].reader.wake_at(now);
            self.alarms.set(self.widgets[widget].alarm, wake_at, browser_now);
        }
        if effects.run_due && has_feed {
            self.ask(FeedEvent::RunDue);
        }
    }
}
