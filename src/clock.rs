//! The browser's side of the clock: now, and one timer for all widgets of the page.
//!
//! Whatever the browser offers may be a page's own code, so nothing is borrowed while it is called.

use crate::host;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;
use web_sys::EventTarget;
use zoho_backup_core::clock::Timestamp;

/// The longest time a browser's timer is asked to wait, in milliseconds. (`setTimeout` cannot count beyond 2³¹.)
const LONGEST_WAIT: i64 = 24 * 3_600 * 1_000;

/// Now, by this computer's clock.
pub fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

thread_local! {
    static ALARMS: RefCell<Vec<Weak<Setting>>> = const { RefCell::new(Vec::new()) };
    /// The timer that is set for the earliest alarm.
    static TIMER: RefCell<Option<Timer>> = const { RefCell::new(None) };
    /// What wakes the clock, while there are alarms.
    static WAKERS: RefCell<Vec<EventListener>> = const { RefCell::new(Vec::new()) };
    static IS_STOPPED: Cell<bool> = const { Cell::new(false) };
}

struct Timer {
    /// When it fires.
    at: Timestamp,
    /// When it was set.
    set_at: Timestamp,
    _timeout: Timeout,
}

/// Whether the clock was stopped, and with it all that goes on by itself.
pub fn is_stopped() -> bool {
    IS_STOPPED.get()
}

/// Stops the clock for good: no alarm rings any more. Safe to call in the midst of a panic.
pub fn stop() {
    IS_STOPPED.set(true);
    // Somebody may hold them at this moment; then they find the clock stopped.
    drop(TIMER.with(|timer| Some(timer.try_borrow_mut().ok()?.take())));
    drop(WAKERS.with(|wakers| Some(std::mem::take(&mut *wakers.try_borrow_mut().ok()?))));
}

/// Why an alarm rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ring {
    /// Its time has come, or the computer's clock was set back, so that nobody knows.
    Time,
    /// The page is looked at again or no more, perhaps after a sleep, in another zone or language, or without a network.
    Awake,
    /// The page was left, perhaps into the back/forward cache.
    Left,
}

/// Calls back when its time has come, and whenever the page awakes or is left. It can be set again and again.
#[must_use = "dropping an alarm switches it off"]
pub struct Alarm(Rc<Setting>);

struct Setting {
    at: Cell<Option<Timestamp>>,
    is_dropped: Cell<bool>,
    ring: Box<dyn Fn(Ring)>,
}

impl Alarm {
    /// An alarm that is not set yet.
    pub fn new(ring: impl Fn(Ring) + 'static) -> Alarm {
        let setting =
            Rc::new(Setting { at: Cell::new(None), is_dropped: Cell::new(false), ring: Box::new(ring) });
        ALARMS.with_borrow_mut(|alarms| alarms.push(Rc::downgrade(&setting)));
        if WAKERS.with_borrow(Vec::is_empty) && !is_stopped() {
            drop(WAKERS.replace(wakers()));
        }
        Alarm(setting)
    }

    /// Sets the time at which it rings; `None` switches it off.
    pub fn set(&self, at: Option<Timestamp>) {
        self.0.at.set(at);
        wind();
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        let this = Rc::as_ptr(&self.0);
        self.0.is_dropped.set(true);
        let are_left = ALARMS.with_borrow_mut(|alarms| {
            alarms.retain(|alarm| alarm.as_ptr() != this);
            !alarms.is_empty()
        });
        if !are_left {
            drop(WAKERS.take());
        }
        self.set(None);
    }
}

/// Timers stand still while a computer sleeps and are late in hidden pages: these tell when to look at the clock.
fn wakers() -> Vec<EventListener> {
    let (Some(window), Some(document)) = (web_sys::window(), host::document()) else { return Vec::new() };
    let listen = |target: &EventTarget, event: &'static str, why| {
        EventListener::new(target, event, move |_| look_around(why))
    };
    let window = window.as_ref();
    vec![
        listen(document.as_ref(), "visibilitychange", Ring::Awake),
        listen(window, "pagehide", Ring::Left),
        listen(window, "pageshow", Ring::Awake),
        listen(window, "focus", Ring::Awake),
        listen(window, "languagechange", Ring::Awake),
        listen(window, "online", Ring::Awake),
        listen(window, "offline", Ring::Awake),
    ]
}

fn settings() -> Vec<Rc<Setting>> {
    ALARMS.with_borrow(|alarms| alarms.iter().filter_map(Weak::upgrade).collect())
}

/// Sets the one timer for the earliest alarm.
fn wind() {
    // Once, unless the page's own `setTimeout` has set an alarm meanwhile.
    for _ in 0..3 {
        let earliest = settings().iter().filter_map(|setting| setting.at.get()).min();
        let present = TIMER.with_borrow(|timer| timer.as_ref().map(|timer| timer.at));
        if earliest == present || is_stopped() {
            return;
        }
        drop(TIMER.take());
        let timer = earliest.map(|at| {
            let set_at = now();
            let wait = (at.as_millis() - set_at.as_millis()).clamp(0, LONGEST_WAIT);
            Timer { at, set_at, _timeout: Timeout::new(wait as u32, ring) }
        });
        drop(TIMER.replace(timer));
    }
}

/// Rings every alarm whose time has come.
fn ring() {
    // Timers fire a few milliseconds early at most. Much earlier means that the computer's clock was set back
    // meanwhile (or that the wait was cut): then everybody looks anew.
    let early = Duration::from_secs(1);
    ring_those(|timer, now| timer.at > now.after(early), None);
}

/// Rings every alarm, and looks at the clock after what may have been a sleep.
fn look_around(why: Ring) {
    ring_those(|timer, now| now < timer.set_at, Some(why));
}

fn ring_those(was_set_back: impl Fn(&Timer, Timestamp) -> bool, others: Option<Ring>) {
    if is_stopped() {
        return;
    }
    let now = now();
    let was_set_back = TIMER.take().is_some_and(|timer| was_set_back(&timer, now));
    for setting in settings() {
        // One that rang before may have set, switched off or dropped this one.
        if let Some(why) = others.filter(|_| !setting.is_dropped.get()) {
            (setting.ring)(why);
        }
        if setting.at.get().is_some_and(|at| at <= now || was_set_back) && !setting.is_dropped.get() {
            setting.at.set(None);
            (setting.ring)(Ring::Time);
        }
    }
    wind();
}
