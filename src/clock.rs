//! The browser's side of the clock: now, and one timer for all widgets of the page.

use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;
use zoho_backup_core::clock::Timestamp;

/// The longest time a browser's timer is asked to wait, in milliseconds. (`setTimeout` cannot count beyond 2³¹.)
const LONGEST_WAIT: i64 = 24 * 3_600 * 1_000;

/// Now, by this computer's clock.
pub fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

thread_local! {
    static CLOCK: RefCell<Clock> = const { RefCell::new(Clock { alarms: Vec::new(), timer: None }) };
    static IS_STOPPED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the clock was stopped, and with it all that goes on by itself.
pub fn is_stopped() -> bool {
    IS_STOPPED.get()
}

/// Stops the clock for good: no alarm rings any more. Safe to call in the midst of a panic.
pub fn stop() {
    IS_STOPPED.set(true);
    // Somebody may hold it at this moment; then the timer finds the clock stopped.
    let timer = CLOCK.with(|clock| Some(clock.try_borrow_mut().ok()?.timer.take()));
    drop(timer);
}

/// All alarms of the page, and the timer set for the earliest.
struct Clock {
    alarms: Vec<Weak<Setting>>,
    timer: Option<(Timestamp, Timeout)>,
}

/// Calls back once when its time has come. It can be set again and again.
#[must_use = "dropping an alarm switches it off"]
pub struct Alarm(Rc<Setting>);

struct Setting {
    at: Cell<Option<Timestamp>>,
    ring: Box<dyn Fn()>,
}

impl Alarm {
    /// An alarm that is not set yet.
    pub fn new(ring: impl Fn() + 'static) -> Alarm {
        let setting = Rc::new(Setting { at: Cell::new(None), ring: Box::new(ring) });
        CLOCK.with_borrow_mut(|clock| clock.alarms.push(Rc::downgrade(&setting)));
        Alarm(setting)
    }

    /// Sets the time at which it rings; `None` switches it off.
    pub fn set(&self, at: Option<Timestamp>) {
        self.0.at.set(at);
        CLOCK.with_borrow_mut(Clock::wind);
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.set(None);
    }
}

impl Clock {
    /// Sets the one timer for the earliest alarm.
    fn wind(&mut self) {
        if is_stopped() {
            return;
        }
        self.alarms.retain(|alarm| alarm.strong_count() > 0);
        let Some(earliest) = self.settings().filter_map(|setting| setting.at.get()).min() else {
            self.timer = None;
            return;
        };
        if self.timer.as_ref().is_some_and(|(at, _)| *at == earliest) {
            return;
        }
        let wait = (earliest.as_millis() - now().as_millis()).clamp(0, LONGEST_WAIT);
        self.timer = Some((earliest, Timeout::new(wait as u32, ring)));
    }

    fn settings(&self) -> impl Iterator<Item = Rc<Setting>> {
        self.alarms.iter().filter_map(Weak::upgrade)
    }
}

/// Rings every alarm whose time has come.
fn ring() {
    if is_stopped() {
        return;
    }
    let now = now();
    let (timer, settings) =
        CLOCK.with_borrow_mut(|clock| (clock.timer.take(), clock.settings().collect::<Vec<_>>()));
    // Timers fire a few milliseconds early at most. Much earlier means that the computer's clock was set back
    // meanwhile (or that the wait was cut): then everybody looks anew.
    let was_set_back = timer.is_some_and(|(at, _)| at > now.after(Duration::from_secs(1)));
    for setting in settings {
        // One that rang before may have set or switched off this one.
        if setting.at.get().is_some_and(|at| at <= now || was_set_back) {
            setting.at.set(None);
            (setting.ring)();
        }
    }
    CLOCK.with_borrow_mut(Clock::wind);
}
