//! Which clock is right: this computer's, or the one that the answers tell of.
//!
//! One answer proves little: a cache may keep `Date`, or set it anew and send an `Age` as well; a network may replay an
//! answer. Two answers that were asked for 10 to 15 s apart tell these apart. They agree on an error of the clock, or
//! the server's time has stood still between them.

use crate::clock_error::{ClockError, Reading, ServerTime};
use crate::instant::Timestamp;
use std::cmp::Ordering;

/// This computer's clock as a page reads it: it never goes back. Otherwise old answers were fresh again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SteadyClock {
    read: Timestamp,
    /// In milliseconds.
    set_back: i64,
}

impl SteadyClock {
    /// A clock that was not read yet.
    pub const fn new() -> SteadyClock {
        SteadyClock { read: Timestamp::from_millis(i64::MIN), set_back: 0 }
    }

    /// The time, when this computer's clock says `told`.
    pub fn now(&mut self, told: Timestamp) -> Timestamp {
        self.set_back = self.set_back.max(self.read.millis_since(told));
        self.read = self.read.max(told.shifted(self.set_back));
        self.read
    }

    /// Takes that this time has certainly come, whatever this computer's clock says.
    pub fn has_come(&mut self, at: Timestamp) {
        self.read = self.read.max(at);
    }

    /// How far it is ahead of what this computer's clock says, which has been set back by as much in all.
    pub fn set_back(&self) -> ClockError {
        ClockError::ahead_by(self.set_back)
    }
}

impl Default for SteadyClock {
    fn default() -> Self {
        SteadyClock::new()
    }
}

/// What is known of this computer's [`SteadyClock`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    error: ClockError,
    /// The error if what this computer's clock says is right.
    own: ClockError,
    /// Whether answers have confirmed the error, or turned out to be older than it seemed.
    is_proven: bool,
    /// Whether the last answer disagrees by more than a minute, and nothing has explained it.
    is_doubted: bool,
    /// Whether caches on the way set `Date` anew, so that `Age` does not count for the clock.
    has_new_dates: bool,
    last: Option<Reading>,
}

/// What an answer told beside the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// Whether the answer seems old: the server's time has not gone on since the last one.
    pub seems_old: bool,
    /// Whether another answer, 10 to 15 s after this one, would tell more.
    pub wants_second: bool,
}

impl Clock {
    /// How far what this computer's clock says is from the server's time.
    pub fn error(&self) -> ClockError {
        ClockError::ahead_by(self.error.millis() - self.own.millis())
    }

    /// Whether the last answer disagrees by more than a minute, and nothing has explained it.
    pub fn is_doubted(&self) -> bool {
        self.is_doubted
    }

    /// Whether the time is not known: it is doubted, and was never confirmed.
    pub fn is_unknown(&self) -> bool {
        self.is_doubted && !self.is_proven
    }

    /// The server's time when this computer's clock says `local`.
    pub fn correct(&self, local: Timestamp) -> Timestamp {
        self.error.correct(local)
    }

    /// What this computer's clock says at a server's time.
    pub fn local(&self, at: Timestamp) -> Timestamp {
        self.error.local(at)
    }

    /// When the source of an answer was read, by its headers.
    pub fn source_at(&self, server: ServerTime) -> Timestamp {
        // An answer that is replayed has the age that it had then.
        if self.has_new_dates { server.date.before(server.age) } else { server.date }
    }

    /// What is known after an answer that tells no time. Unless another one did, this computer's clock counts: `own` is
    /// [`SteadyClock::set_back`].
    pub fn after_silence(self, own: ClockError) -> Clock {
        let error = if self.is_proven { self.error } else { own };
        Clock { error, own, ..self }
    }

    /// What is known after an answer that tells the time.
    pub fn after(self, reading: Reading, own: ClockError) -> (Clock, Finding) {
        let mut clock = Clock { own, last: Some(reading), is_doubted: true, ..self };
        if !reading.is_sound() {
            // This computer's clock was set while the request was under way.
            clock.last = None;
            return (clock, Finding { seems_old: false, wants_second: true });
        }
        let order = self.last.and_then(|last| reading.stands_still_since(last));
        let first = self.last.filter(|last| reading.examines(*last));
        // A time that has gone back may be right, where it was wrong before: then this computer's clock agrees.
        let may_prove = order.is_none() || (order == Some(Ordering::Less) && reading.agrees_with(own));
        if let Some((error, has_new_dates)) = self.proof(reading, own, first).filter(|_| may_prove) {
            clock = Clock { error, has_new_dates, is_proven: true, is_doubted: false, ..clock };
            return (clock, Finding::default());
        }
        let told = self.as_dated(reading);
        let (is_pair, seems_old) = (first.is_some(), order.is_some() && told.is_behind(self.error));
        // The server's time has not gone on: the answer is old, and the clock right.
        let is_equal = order == Some(Ordering::Equal);
        let is_old = seems_old && (is_equal || (is_pair && self.is_proven));
        clock.is_proven |= is_old;
        // By `Date` alone, the clock may be right.
        let is_far = told.is_far_from(self.error) && self.right_by_date(reading, own).is_none();
        clock.is_doubted = !is_old && (is_equal || is_far);
        (clock, Finding { seems_old, wants_second: !is_pair && !is_old })
    }

    /// The error, known or of what this computer's clock says, with which an answer agrees by its `Date` alone.
    fn right_by_date(&self, reading: Reading, own: ClockError) -> Option<ClockError> {
        [self.error, own].into_iter().find(|error| reading.dated_anew().agrees_with(*error))
    }

    fn as_dated(&self, reading: Reading) -> Reading {
        if self.has_new_dates { reading.dated_anew() } else { reading }
    }

    /// The error that an answer proves, and whether caches set `Date` anew. `first` is the one that it examines.
    fn proof(&self, reading: Reading, own: ClockError, first: Option<Reading>) -> Option<(ClockError, bool)> {
        let (told, known) = (self.as_dated(reading), self.error);
        if told.agrees_with(known) {
            return Some((known, self.has_new_dates));
        }
        if told.agrees_with(own) {
            return Some((own, self.has_new_dates));
        }
        if reading.agrees_with(known) {
            return Some((known, false));
        }
        let first = first?;
        let anew = reading.dated_anew();
        let agree_anew = anew.confirms(first.dated_anew());
        // Some caches set `Date` anew and repeat an `Age` that does not grow.
        match self.right_by_date(reading, own).filter(|_| agree_anew) {
            Some(error) => Some((error, true)),
            None if reading.confirms(first) => Some((reading.error(), false)),
            None => agree_anew.then(|| (anew.error(), true)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// 2026-11-25T12:00:00Z, in seconds.
    const NOON: i64 = 1_795_608_000;

    /// An answer: when it was asked for by the true time, `Date`, and `Age`, in seconds since noon.
    type Told = (i64, i64, u64);

    fn reading((at, date, age): Told, ahead: i64) -> Reading {
        let second = |second: i64| Timestamp::from_millis((NOON + second) * 1_000);
        let server = ServerTime { date: second(date), age: Duration::from_secs(age) };
        // Headers have whole seconds: the middle of one.
        let sent = Timestamp::from_millis((NOON + at + ahead) * 1_000 + 500);
        Reading::new(server, sent, sent)
    }

    /// What is known after such answers to a computer whose clock is so many seconds ahead: how far ahead it is held to
    /// be, whether that is doubted, and what the last answer told.
    fn after(ahead: i64, told: &[Told]) -> (i64, bool, Finding) {
        let (clock, finding) =
            told.iter().fold((Clock::default(), Finding::default()), |(clock, _), told| {
                clock.after(reading(*told, ahead), ClockError::default())
            });
        let noon = Timestamp::from_millis(NOON * 1_000);
        (clock.local(noon).as_millis() / 1_000 - NOON, clock.is_doubted(), finding)
    }

    const NOTHING: Finding = Finding { seems_old: false, wants_second: false };
    const ASK: Finding = Finding { seems_old: false, wants_second: true };
    const OLD: Finding = Finding { seems_old: true, wants_second: false };
    const OLD_ASK: Finding = Finding { seems_old: true, wants_second: true };

    /// A named case each: seconds that the clock is ahead; answers → the error, whether it is doubted, what is found.
    macro_rules! cases {
        ($($name:ident: $ahead:literal, [$($told:expr),+] => $error:literal, $doubted:literal, $finding:ident;)+) => { $(
            #[test]
            fn $name() {
                assert_eq!(after($ahead, &[$($told),+]), ($error, $doubted, $finding));
            }
        )+ };
    }

    cases! {
        right: 0, [(0, 0, 0)] => 0, false, NOTHING;
        right_behind_a_cache: 0, [(0, -3_000, 3_000), (300, -3_000, 3_300)] => 0, false, NOTHING;
        a_little_wrong: 4, [(0, 0, 0), (12, 12, 0)] => 0, false, NOTHING;
        ten_seconds_once: 10, [(0, 0, 0)] => 0, false, ASK;
        ten_seconds_twice: 10, [(0, 0, 0), (12, 12, 0)] => 10, false, NOTHING;
        ten_minutes_once: 600, [(0, 0, 0)] => 0, true, ASK;
        ten_minutes_twice: 600, [(0, 0, 0), (12, 12, 0)] => 600, false, NOTHING;
        a_day_behind_twice: -86_400, [(0, 0, 0), (10, 10, 0)] => -86_400, false, NOTHING;
        ten_minutes_behind_a_cache: 600, [(0, -200, 200), (15, -200, 215)] => 600, false, NOTHING;
        ten_minutes_across_a_refilled_cache: 600, [(0, -290, 290), (12, 10, 2)] => 600, false, NOTHING;
        ten_minutes_by_two_that_are_too_near: 600, [(0, 0, 0), (9, 9, 0)] => 0, true, ASK;
        ten_minutes_by_two_that_are_too_far_apart: 600, [(0, 0, 0), (16, 16, 0)] => 0, true, ASK;
        ten_minutes_by_two_of_a_day: 600, [(0, 0, 0), (300, 300, 0)] => 0, true, ASK;
        ten_minutes_and_then_known: 600, [(0, 0, 0), (12, 12, 0), (300, 300, 0)] => 600, false, NOTHING;
        two_that_do_not_agree: 0, [(0, 600, 0), (12, 700, 0)] => 0, true, NOTHING;
        a_third_that_agrees_with_the_second: 0, [(0, 600, 0), (12, 700, 0), (24, 712, 0)] => -688, false, NOTHING;
        frozen_once: 0, [(0, -86_400, 0)] => 0, true, ASK;
        frozen_twice: 0, [(0, -86_400, 0), (12, -86_400, 0)] => 0, false, OLD;
        frozen_for_long: 0, [(0, -86_400, 0), (12, -86_400, 0), (300, -86_400, 0)] => 0, false, OLD;
        frozen_and_met_by_a_clock_that_is_behind: -600, [(0, 0, 0), (600, 0, 0)] => 0, true, ASK;
        frozen_with_an_age: 0, [(0, -86_400, 60), (12, -86_400, 60)] => 0, false, OLD;
        frozen_after_a_good_one: 0, [(0, 0, 0), (300, 0, 0)] => 0, false, OLD;
        kept_by_a_cache_without_age_once: 0, [(0, 0, 0), (600, 310, 0)] => 0, true, ASK;
        kept_by_a_cache_without_age_twice: 0, [(0, 0, 0), (600, 310, 0), (612, 310, 0)] => 0, false, OLD;
        replayed_once: 0, [(0, 0, 0), (300, 300, 0), (600, 0, 0)] => 0, true, OLD_ASK;
        replayed_twice: 0, [(0, 0, 0), (600, 100, 0), (900, 0, 0), (912, 0, 0)] => 0, false, OLD;
        replayed_older_ones: 0, [(600, 600, 0), (900, 100, 0), (912, 0, 0)] => 0, false, OLD;
        a_server_that_is_set_back: 0, [(0, 0, 0), (300, -300, 0), (312, -288, 0)] => 600, false, NOTHING;
        a_new_date_with_an_age_once: 0, [(0, 0, 200)] => 0, false, ASK;
        a_new_date_with_an_age_that_does_not_grow: 0, [(0, 0, 137), (12, 12, 137)] => 0, false, NOTHING;
        a_new_date_with_an_absurd_age: 0, [(0, 0, 2_147_483_648), (12, 12, 2_147_483_648)] => 0, false, NOTHING;
        two_servers_of_different_clocks: 0, [(0, 0, 0), (300, 320, 0), (312, 312, 0)] => 0, false, NOTHING;
        two_servers_of_which_the_second_is_far_off: 0, [(0, 0, 0), (300, 390, 0), (312, 312, 0)] => 0, false, NOTHING;
        a_server_whose_clock_was_ahead_and_is_set_right: 0, [(0, 600, 0), (12, 612, 0), (300, 300, 0)] => 0, false, NOTHING;
        an_older_answer_does_not_clear_the_doubt: 600, [(0, 0, 0), (12, -3, 0)] => 0, true, OLD;
        a_new_date_with_an_age_twice: 0, [(0, 0, 200), (12, 12, 212)] => 0, false, NOTHING;
        a_new_date_with_an_age_ever_after: 0, [(0, 0, 200), (12, 12, 212), (300, 300, 500)] => 0, false, NOTHING;
        a_new_date_with_an_age_and_ten_minutes: 600, [(0, 0, 200), (12, 12, 212)] => 600, false, NOTHING;
        a_new_date_across_a_refilled_cache: 600, [(0, 0, 290), (12, 12, 2)] => 600, false, NOTHING;
        three_minutes_behind_what_a_cache_could_explain: -180, [(0, -290, 290), (12, -290, 302)] => -180, false, NOTHING;
        a_clock_that_was_set_right: 600, [(0, 0, 0), (12, 12, 0), (300, 900, 0), (312, 912, 0)] => 0, false, NOTHING;
    }

    #[test]
    fn an_error_is_that_of_what_this_computers_clock_says() {
        let minutes = |clock: Clock| clock.error().reported_minutes();
        let set_back = ClockError::ahead_by(600_000);
        let clock = Clock::default().after_silence(set_back);
        assert_eq!(minutes(clock), None, "nothing tells otherwise");
        let (clock, _) = clock.after(reading((0, 0, 0), 600), set_back);
        assert_eq!(minutes(clock), None, "it was set right");
        let (clock, _) = Clock::default().after(reading((0, 0, 0), 0), set_back);
        assert_eq!(minutes(clock), Some(-10), "it was right, and set back");
        assert_eq!(minutes(clock.after_silence(set_back)), Some(-10), "what was confirmed holds");
        let (clock, _) = Clock::default().after(reading((0, 0, 0), 600), ClockError::default());
        assert!(clock.is_unknown());
        assert!(!clock.after(reading((12, 12, 0), 600), ClockError::default()).0.is_unknown());
        let (clock, _) = Clock::default().after(reading((0, 0, 0), 0), ClockError::default());
        let (clock, _) = clock.after(reading((300, 300, 0), 600), ClockError::default());
        assert!(clock.is_doubted() && !clock.is_unknown(), "it was confirmed before");
    }

    #[test]
    fn a_clock_that_was_set_during_a_request_proves_nothing() {
        for (sent, arrived, is_sound) in [(0, 15_000, true), (0, 15_001, false), (1, 0, false)] {
            let at = |millis| Timestamp::from_millis(NOON * 1_000 + millis);
            let server = ServerTime { date: at(0), age: Duration::ZERO };
            let reading = Reading::new(server, at(sent), at(arrived));
            let (clock, finding) = Clock::default().after(reading, ClockError::default());
            assert_eq!((clock.is_doubted(), finding.wants_second), (!is_sound, !is_sound), "{arrived}");
        }
    }

    #[test]
    fn the_source_is_as_old_as_the_headers_say() {
        let server = ServerTime { date: Timestamp::from_millis(500_000), age: Duration::from_secs(200) };
        assert_eq!(Clock::default().source_at(server), server.date);
        let (clock, _) = Clock::default().after(reading((0, 0, 200), 0), ClockError::default());
        let (clock, _) = clock.after(reading((12, 12, 212), 0), ClockError::default());
        assert_eq!(clock.source_at(server), Timestamp::from_millis(300_000), "the date is new");
    }

    #[test]
    fn a_steady_clock_never_goes_back() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
        let mut clock = SteadyClock::new();
        let told = [100, 160, 100, 110, 170, 230, 230, 90, 91];
        let read = told.map(|told| clock.now(at(told)));
        assert_eq!(read, [100, 160, 160, 170, 230, 290, 290, 290, 291].map(at));
        assert_eq!(clock.set_back(), ClockError::ahead_by(200_000));
    }

    #[test]
    fn a_time_that_has_come_has_come_although_the_clock_was_set_back() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
        let mut clock = SteadyClock::default();
        assert_eq!(clock.now(at(100)), at(100));
        clock.has_come(at(160));
        assert_eq!(clock.now(at(30)), at(160));
        clock.has_come(at(150));
        assert_eq!((clock.now(at(31)), clock.set_back()), (at(161), ClockError::ahead_by(130_000)));
    }

    #[test]
    fn absurd_headers_do_no_harm() {
        let at = Timestamp::from_millis;
        for (date, age) in [(i64::MAX, u64::MAX), (i64::MIN, 0), (0, u64::MAX)] {
            let server = ServerTime { date: at(date), age: Duration::from_secs(age) };
            for (sent, arrived) in [(i64::MIN, i64::MAX), (i64::MAX, i64::MIN), (0, 0)] {
                let reading = Reading::new(server, at(sent), at(arrived));
                let (clock, _) = Clock::default()
                    .after(reading, ClockError::ahead_by(i64::MAX))
                    .0
                    .after(reading, ClockError::default());
                let (clock, _) = clock.after(
                    Reading::new(server, at(sent.saturating_add(12_000)), at(arrived)),
                    ClockError::default(),
                );
                let _ = (clock.error().reported_minutes(), clock.correct(at(0)), clock.local(at(0)));
            }
        }
    }
}
