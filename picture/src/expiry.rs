//! Until when a picture may say what it says.

use std::time::Duration;

use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::policy::Policy;
use zoho_backup_core::reason::Reason;
use zoho_backup_core::verdict::Verdict;

/// The delays of two pictures of one answer differ by steps of this length, so that a browser may keep one for a while.
const STEP: u128 = 10_000;
/// The steps of the last one.
const LAST_STEP: u128 = 100;

/// Until when a picture may say what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expiry {
    /// It is not current from the start.
    Past,
    /// After this time it is not current.
    After(Duration),
    /// It never changes by itself.
    Never,
}

impl Expiry {
    /// Of a verdict, at an instant.
    ///
    /// The time is rounded down. A browser that asks again and hears that its picture is still the same starts the
    /// animation anew: never so late that it would end after the truth.
    pub(crate) fn of(verdict: &Verdict, now: Timestamp) -> Expiry {
        // Core knows no change of what was not read: whoever asks again may hear something else.
        let unread = || {
            matches!(verdict.reason, Reason::Fault | Reason::Loading)
                .then(|| now.after(Policy::default().stale_after))
        };
        match verdict.changes_at.or_else(unread) {
            _ if verdict.stale => Expiry::Past,
            Some(at) => Expiry::After(rounded_down(at.since(now))),
            None => Expiry::Never,
        }
    }
}

fn rounded_down(length: Duration) -> Duration {
    let millis = length.as_millis();
    let step = if millis < STEP { LAST_STEP } else { STEP };
    Duration::from_millis(u64::try_from(millis - millis % step).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use zoho_backup_core::knowledge::Knowledge;
    use zoho_backup_core::verdict::verdict;

    const NOW: Timestamp = Timestamp::from_millis(1_795_633_000_000);

    fn loading() -> Verdict {
        verdict(&Knowledge::default(), NOW, &Policy::default())
    }

    fn changing_in(millis: u64) -> Verdict {
        Verdict {
            changes_at: Some(NOW.after(Duration::from_millis(millis))),
            reason: Reason::Scheduled,
            ..loading()
        }
    }

    #[test]
    fn the_time_left_is_rounded_down() {
        for (left, expected) in [
            (0, 0),
            (99, 0),
            (100, 100),
            (1_999, 1_900),
            (9_999, 9_900),
            (10_000, 10_000),
            (10_001, 10_000),
            (19_999, 10_000),
            (610_001, 610_000),
            (609_999, 600_000),
            (u64::MAX, i64::MAX as u64 - NOW.as_millis() as u64),
        ] {
            let Expiry::After(length) = Expiry::of(&changing_in(left), NOW) else { panic!("{left}") };
            let expected = if left == u64::MAX { expected - expected % 10_000 } else { expected };
            assert_eq!(length, Duration::from_millis(expected), "{left}");
        }
    }

    #[test]
    fn what_was_not_read_is_not_current_after_as_long_as_an_answer() {
        for reason in [Reason::Loading, Reason::Fault] {
            let verdict = Verdict { reason, ..loading() };
            assert_eq!(Expiry::of(&verdict, NOW), Expiry::After(Duration::from_secs(610)), "{reason}");
        }
    }

    #[test]
    fn a_verdict_without_a_change_ahead_never_expires_and_a_stale_one_has() {
        let never = Verdict { changes_at: None, ..changing_in(0) };
        assert_eq!(Expiry::of(&never, NOW), Expiry::Never);
        for verdict in [never, changing_in(60_000), loading()] {
            assert_eq!(Expiry::of(&Verdict { stale: true, ..verdict }, NOW), Expiry::Past);
        }
    }
}
