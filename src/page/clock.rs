//! The browser's side of time: now, and one timer for all alarms of the page.

use crate::page::environment;
use crate::page::listener::Listener;
use crate::page::timeout::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;
use web_sys::EventTarget;
use zoho_backup_core::clock::SteadyClock;
use zoho_backup_core::clock_error::ClockError;
use zoho_backup_core::instant::Timestamp;

/// The longest time a browser's timer is asked to wait. Timers stand still while a computer sleeps, and some pages hear
/// of no event afterwards: so no text is more than a minute late.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// How much too early timers may fire. Much earlier means that the computer's clock was set back meanwhile.
const EARLY: Duration = Duration::from_secs(1);

/// Now, by this computer's clock, which never goes back here.
pub fn now() -> Timestamp {
    let told = Timestamp::from_millis(js_sys::Date::now() as i64);
    CLOCK.with(|clock| {
        let mut steady = clock.steady.get();
        let now = steady.now(told);
        clock.steady.set(steady);
        now
    })
}

/// How far [`now`] is ahead of what this computer's clock says, which has been set back by as much in all.
pub fn set_back() -> ClockError {
    CLOCK.with(|clock| clock.steady.get().set_back())
}

/// The time at which this computer's clock said `millis`, a number of `Date.now()`.
pub fn time_of(millis: f64) -> Timestamp {
    set_back().local(Timestamp::from_millis(millis as i64))
}

/// Why an alarm calls back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// Its time has come.
    Time,
    /// The page is looked at again or no more, perhaps after a sleep, in another zone or language, or without a network.
    PageChanged,
    /// The page was left, perhaps into the back/forward cache.
    PageLeft,
    /// The page is about to be printed.
    PagePrinted,
}

/// The page's events after which alarms look at the clock: timers stand still while a computer sleeps, and are late in
/// hidden pages.
const DOCUMENT_EVENTS: [(&str, Wake); 1] = [("visibilitychange", Wake::PageChanged)];
const WINDOW_EVENTS: [(&str, Wake); 7] = [
    ("beforeprint", Wake::PagePrinted),
    ("pagehide", Wake::PageLeft),
    ("pageshow", Wake::PageChanged),
    ("focus", Wake::PageChanged),
    ("languagechange", Wake::PageChanged),
    ("online", Wake::PageChanged),
    ("offline", Wake::PageChanged),
];

/// Calls back when its time has come, and whenever the page changes. It can be set again and again.
#[must_use = "dropping an alarm switches it off"]
pub struct Alarm(Rc<Setting>);

struct Setting {
    at: Cell<Option<Timestamp>>,
    is_dropped: Cell<bool>,
    call: Box<dyn Fn(Wake)>,
}

impl Alarm {
    /// An alarm that is not set yet.
    pub fn new(call: impl Fn(Wake) + 'static) -> Alarm {
        let setting =
            Rc::new(Setting { at: Cell::new(None), is_dropped: Cell::new(false), call: Box::new(call) });
        CLOCK.with(|clock| clock.add(&setting));
        Alarm(setting)
    }

    /// Sets the time at which it calls back; `None` switches it off.
    pub fn set(&self, at: Option<Timestamp>) {
        self.0.at.set(at);
        CLOCK.with(Clock::schedule_timer);
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.0.is_dropped.set(true);
        CLOCK.with(|clock| clock.remove(&self.0));
    }
}

/// Whether the clock was stopped, and with it everything that goes on by itself.
pub fn is_stopped() -> bool {
    CLOCK.with(|clock| clock.is_stopped.get())
}

/// Stops the clock for good: no alarm calls back any more. Safe to call during a panic.
pub fn stop() {
    CLOCK.with(Clock::stop);
}

thread_local! {
    static CLOCK: Clock = const {
        Clock {
            alarms: RefCell::new(Vec::new()),
            timer: RefCell::new(None),
            listeners: RefCell::new(Vec::new()),
            is_stopped: Cell::new(false),
            steady: Cell::new(SteadyClock::new()),
        }
    };
}

/// All alarms of the page, and the one timer that is set for the earliest.
struct Clock {
    alarms: RefCell<Vec<Weak<Setting>>>,
    timer: RefCell<Option<Timer>>,
    /// To the page's events, while there are alarms.
    listeners: RefCell<Vec<Listener>>,
    is_stopped: Cell<bool>,
    steady: Cell<SteadyClock>,
}

struct Timer {
    /// The alarm it is set for.
    alarm_at: Timestamp,
    /// When it fires: then, or earlier if that is far ahead.
    at: Timestamp,
    _timeout: Timeout,
}

impl Clock {
    fn add(&self, setting: &Rc<Setting>) {
        self.alarms.borrow_mut().push(Rc::downgrade(setting));
        let is_listening = !self.listeners.borrow().is_empty();
        if !is_listening && !self.is_stopped.get() {
            drop(self.listeners.replace(page_listeners()));
        }
    }

    fn remove(&self, setting: &Rc<Setting>) {
        let is_last = {
            let mut alarms = self.alarms.borrow_mut();
            alarms.retain(|alarm| alarm.as_ptr() != Rc::as_ptr(setting));
            alarms.is_empty()
        };
        if is_last {
            drop(self.listeners.take());
        }
        self.schedule_timer();
    }

    fn stop(&self) {
        self.is_stopped.set(true);
        // What is borrowed at this moment stays. Whoever borrowed it finds the clock stopped.
        drop(self.timer.try_borrow_mut().ok().and_then(|mut timer| timer.take()));
        drop(self.listeners.try_borrow_mut().map(|mut listeners| std::mem::take(&mut *listeners)));
    }

    fn settings(&self) -> Vec<Rc<Setting>> {
        self.alarms.borrow().iter().filter_map(Weak::upgrade).collect()
    }

    /// Sets the timer for the earliest alarm.
    fn schedule_timer(&self) {
        // Once, unless the page's own `setTimeout` has set an alarm meanwhile.
        for _ in 0..3 {
            let earliest = self.settings().iter().filter_map(|setting| setting.at.get()).min();
            let present = self.timer.borrow().as_ref().map(|timer| timer.alarm_at);
            if earliest == present || self.is_stopped.get() {
                return;
            }
            drop(self.timer.take());
            let timer = earliest.and_then(|alarm_at| {
                let now = now();
                let wait = alarm_at.since(now).min(LONGEST_WAIT);
                let fire = Box::new(|| CLOCK.with(Clock::fire_due));
                let timeout = Timeout::new(wait, fire)?;
                Some(Timer { alarm_at, at: now.after(wait), _timeout: timeout })
            });
            drop(self.timer.replace(timer));
        }
    }

    /// Calls every alarm whose time has come.
    fn fire_due(&self) {
        let timer_at = self.timer.borrow().as_ref().map(|timer| timer.at);
        if let Some(at) = timer_at.filter(|at| *at > now().after(EARLY)) {
            let mut steady = self.steady.get();
            steady.has_come(at);
            self.steady.set(steady);
        }
        self.wake(None);
    }

    /// Calls every alarm whose time has come, and before that all of them after an event of the page, which may have
    /// followed a sleep.
    fn wake(&self, all: Option<Wake>) {
        if self.is_stopped.get() {
            return;
        }
        drop(self.timer.take());
        let now = now();
        for setting in self.settings() {
            // One that was called before may have set, switched off or dropped this one.
            if let Some(why) = all.filter(|_| !setting.is_dropped.get()) {
                (setting.call)(why);
            }
            if setting.at.get().is_some_and(|at| at <= now) && !setting.is_dropped.get() {
                setting.at.set(None);
                (setting.call)(Wake::Time);
            }
        }
        self.schedule_timer();
    }
}

fn page_listeners() -> Vec<Listener> {
    let (Some(window), Some(document)) = (web_sys::window(), environment::document()) else {
        return Vec::new();
    };
    let listen = |target: &EventTarget, events: &[(&'static str, Wake)]| {
        let listen = |(event, why): &(&'static str, Wake)| {
            let why = *why;
            Listener::new(target, event, Box::new(move |_| CLOCK.with(|clock| clock.wake(Some(why)))))
        };
        events.iter().map(listen).collect::<Vec<_>>()
    };
    let mut listeners = listen(&document, &DOCUMENT_EVENTS);
    listeners.extend(listen(&window, &WINDOW_EVENTS));
    listeners
}
