//! What surrounds the page at an instant, as far as the invariants depend on it.

use crate::computer::Computer;
use crate::network::Network;
use crate::proxy::{Answer, Headers, Proxy};
use crate::units::{HOUR, Millis, SECOND};

/// The clock's error that no rule finds: within the tolerance.
pub const TOLERANCE: Millis = 5 * SECOND;

#[derive(Clone, Debug, Default)]
pub struct Conditions {
    pub is_hidden: bool,
    pub is_left: bool,
    /// Since when somebody may be looking: the page is visible, and the computer awake.
    pub watched_since: Option<Millis>,
    /// Since when every check can succeed on time.
    pub on_time_since: Option<Millis>,
    /// Since when network, proxy and clock are sound.
    pub sound_since: Option<Millis>,
    /// Good answers in a row since the clock was set, a request failed, or the page was not watched.
    pub answers: u32,
    /// Whether two answers in a row came since the clock was set: enough to know how wrong it is.
    pub is_clock_known: bool,
    /// How often the clock was set.
    pub clock_sets: u32,
    pub clock_set_at: Option<Millis>,
    /// When the last good answer arrived.
    pub answered_at: Option<Millis>,
    /// When the last answer arrived that was no replay.
    pub read_at: Option<Millis>,
    /// When the newest source was read.
    pub source_at: Millis,
    /// By how much its source was older than its headers admit.
    pub hidden_age: Millis,
    /// How long the computer slept while its clock was set, since the last answer: no page can know that.
    pub unseen_sleep: Millis,
    /// By how much times are wrong that no one can know: the proxy sends no time, or a wrong one.
    pub hidden_error: Millis,
    /// Until when the last answer asked not to be asked.
    pub floor: Millis,
    /// When the last request started.
    pub asked_at: Option<Millis>,
}

impl Conditions {
    /// A request has failed. A clock that drifts may be wrong before another one succeeds.
    pub fn failed(&mut self, computer: &Computer) {
        self.paused(computer);
    }

    /// A computer wakes up whose clock was set back while it slept: for how long, no page can know.
    pub fn slept_unseen(&mut self, length: Millis) {
        self.unseen_sleep = length;
    }

    /// Nobody asks for a while. A clock that drifts may be wrong afterwards.
    pub fn paused(&mut self, computer: &Computer) {
        self.answers = 0;
        self.is_clock_known &= !computer.is_drifting();
    }

    pub fn clock_was_set(&mut self, now: Millis) {
        self.clock_set_at = Some(now);
        (self.answers, self.is_clock_known) = (0, false);
        self.clock_sets += 1;
        (self.on_time_since, self.sound_since) = (None, None);
    }

    pub fn asked_to_wait(&mut self, now: Millis, wait: Millis) {
        self.floor = now + wait.min(HOUR);
    }

    /// A good answer has arrived.
    pub fn answered(&mut self, now: Millis, answer: &Answer, is_replay: bool, computer: &Computer) {
        self.answers += u32::from(!is_replay);
        self.is_clock_known |= self.answers >= 2;
        if is_replay {
            self.paused(computer);
        } else {
            self.read_at = Some(now);
        }
        self.unseen_sleep = if is_replay { self.unseen_sleep } else { 0 };
        self.answered_at = Some(now);
        let is_newest = answer.source_at > self.source_at;
        self.source_at = self.source_at.max(answer.source_at);
        let kept_since = answer.date.map_or(0, |_| now - answer.sent_at);
        let hidden = (now - answer.source_at - answer.admitted - kept_since).max(0);
        // An answer with a new date, which is replayed by chance just when it has its age, looks like one with a true date.
        let has_new_date = answer.date.is_some_and(|date| answer.sent_at - date < SECOND);
        let is_taken_for_true = has_new_date && (kept_since - answer.admitted).abs() < 2 * TOLERANCE;
        let hidden = hidden + if is_taken_for_true { answer.admitted } else { 0 };
        // What an older answer hides counts beside what the newest one hid.
        self.hidden_age = if is_newest { hidden } else { self.hidden_age.max(hidden) };
    }

    /// Looks at the surroundings after something has happened.
    pub fn look(&mut self, now: Millis, computer: &Computer, network: &Network, proxy: &Proxy) {
        let is_watched = !self.is_hidden && !self.is_left && !computer.is_asleep();
        let ahead = computer.ahead(now).abs();
        // By a `Date` that stands still an answer is old, and a clock that was wrong is not found out.
        let is_old = match proxy.headers {
            Headers::Frozen { .. } => true,
            Headers::KeptDate => self.clock_sets > 0 || ahead > TOLERANCE,
            _ => false,
        };
        let is_on_time = is_watched && network.ill(now).is_none() && now >= self.floor && !is_old;
        let is_told_truly = match proxy.headers {
            Headers::True | Headers::NewDate => true,
            Headers::None | Headers::AgeOnly => ahead < TOLERANCE,
            Headers::Frozen { .. } | Headers::KeptDate => false,
            Headers::NewDateWithAge | Headers::Wrong { .. } => false,
        };
        let since = |since: Option<Millis>, holds: bool| holds.then(|| since.unwrap_or(now));
        self.watched_since = since(self.watched_since, is_watched);
        self.on_time_since = since(self.on_time_since, is_on_time);
        self.sound_since = since(self.sound_since, is_on_time && is_told_truly);
        self.hidden_error = match proxy.headers {
            Headers::None | Headers::AgeOnly | Headers::KeptDate | Headers::Frozen { .. } => {
                self.hidden_error.max(ahead)
            }
            Headers::Wrong { ahead: wrong } => self.hidden_error.max(ahead + wrong.abs()),
            // What was not known is known after two true answers.
            _ if self.answers < 2 => {
                let unread_for = now - self.read_at.unwrap_or(now);
                self.hidden_error.max(computer.drift_in(unread_for))
            }
            _ => 0,
        };
    }
}
