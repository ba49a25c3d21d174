//! The one timer of a page and its alarms, as in `src/page/clock.rs`.

use std::time::Duration;
use zoho_backup_core::instant::Timestamp;

/// `LONGEST_WAIT` of `src/page/clock.rs`.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// `EARLY` of `src/page/clock.rs`.
const EARLY: Duration = Duration::from_secs(1);

/// Why an alarm calls back: `Wake` of `src/page/clock.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    Time,
    PageChanged,
    PageLeft,
}

/// The number of an alarm.
pub type AlarmId = usize;

#[derive(Clone, Copy, Debug)]
struct Timer {
    alarm_at: Timestamp,
    at: Timestamp,
}

/// A timer that the browser is to set.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Only the last one that was set fires.
    pub generation: u64,
    pub wait: Duration,
}

#[derive(Clone, Debug, Default)]
pub struct Alarms {
    /// `None`: dropped.
    alarms: Vec<Option<Setting>>,
    timer: Option<Timer>,
    pub generation: u64,
    wanted: Option<Wanted>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Setting {
    at: Option<Timestamp>,
}

impl Alarms {
    pub fn add(&mut self) -> AlarmId {
        self.alarms.push(Some(Setting::default()));
        self.alarms.len() - 1
    }

    pub fn drop_alarm(&mut self, alarm: AlarmId, now: Timestamp) {
        self.alarms[alarm] = None;
        self.schedule_timer(now);
    }

    pub fn set(&mut self, alarm: AlarmId, at: Option<Timestamp>, now: Timestamp) {
        if let Some(setting) = &mut self.alarms[alarm] {
            setting.at = at;
        }
        self.schedule_timer(now);
    }

    pub fn is_there(&self, alarm: AlarmId) -> bool {
        self.alarms[alarm].is_some()
    }

    /// The timer that was set since the last call.
    pub fn take_wanted(&mut self) -> Option<Wanted> {
        self.wanted.take()
    }

    pub fn schedule_timer(&mut self, now: Timestamp) {
        let earliest = self.alarms.iter().flatten().filter_map(|setting| setting.at).min();
        if earliest == self.timer.map(|timer| timer.alarm_at) {
            return;
        }
        self.generation += 1;
        let wait = |at: Timestamp| at.since(now).min(LONGEST_WAIT);
        self.timer = earliest.map(|at| Timer { alarm_at: at, at: now.after(wait(at)) });
        self.wanted = earliest.map(|at| Wanted { generation: self.generation, wait: wait(at) });
    }

    /// The time at which the timer was to fire, if that is later than now: then it has come all the same.
    pub fn fired_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.timer.map(|timer| timer.at).filter(|at| *at > now.after(EARLY))
    }

    /// Begins a round of calls. Returns how many alarms there are.
    pub fn begin(&mut self) -> usize {
        self.generation += 1;
        self.timer = None;
        self.alarms.len()
    }

    /// Whether this alarm's time has come: then it is switched off.
    pub fn is_due(&mut self, alarm: AlarmId, now: Timestamp) -> bool {
        let Some(setting) = &mut self.alarms[alarm] else { return false };
        let is_due = setting.at.is_some_and(|at| at <= now);
        if is_due {
            setting.at = None;
        }
        is_due
    }
}
