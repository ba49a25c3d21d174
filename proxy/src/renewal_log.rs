//! When tokens were requested, kept beyond the end of the process: one that restarts again and again must not request
//! more than Zoho issues.

use std::time::Duration;

use tokio::time::timeout;
use zoho_backup_core::instant::Timestamp;

use crate::retry_after::timestamp;
use crate::store::Store;
use crate::zoho_clock::ZohoClock;

/// How many tokens Zoho issues within the window.
const TOKENS: usize = 10;
/// Zoho's ten minutes, and ten seconds: a request is noted when it is sent, and Zoho counts from when it arrives.
const WINDOW: Duration = Duration::from_secs(610);

/// How long a note is waited for: a disk that hangs must not keep readers without an answer.
const LONGEST: Duration = Duration::from_secs(2);

/// The requests for tokens of this process and of those before it. Its clock is this machine's.
#[derive(Clone, Debug)]
pub struct RenewalLog {
    /// Where they are stored.
    pub store: Store,
    /// The machine's clock.
    pub clock: ZohoClock,
}

impl RenewalLog {
    /// How long no token may be requested; `None` if one may be.
    #[must_use]
    pub fn pause(&self) -> Option<Duration> {
        pause(&self.store.renewals(), self.now())
    }

    /// Notes that a token is about to be requested. Returns the note.
    pub async fn begin(&self) -> Timestamp {
        let at = self.now();
        // Noted later, then.
        let _ = timeout(LONGEST, self.store.renewing(at)).await;
        at
    }

    /// Removes a note, as nothing was requested.
    pub async fn cancel(&self, note: Timestamp) {
        let _ = timeout(LONGEST, self.store.not_renewed(note)).await;
    }

    fn now(&self) -> Timestamp {
        timestamp(self.clock.moment().by_system())
    }
}

/// How long no token may be requested after these requests, which are in order.
fn pause(renewals: &[Timestamp], now: Timestamp) -> Option<Duration> {
    // One from the far future was noted while the clock was wrong, and would count for ever.
    let counted: Vec<_> =
        renewals.iter().filter(|at| now.since(**at) < WINDOW && at.since(now) < WINDOW).collect();
    let oldest = counted.get(counted.len().checked_sub(TOKENS)?)?;
    Some(oldest.after(WINDOW).since(now).min(WINDOW))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    #[test]
    fn ten_requests_in_the_window_make_a_pause() {
        let ten: Vec<_> = (0..10).map(|number| at(number * 10)).collect();
        let eleven: Vec<_> = (0..11).map(|number| at(number * 10)).collect();
        let cases = [
            ("none", &ten[..0], 0, None),
            ("nine", &ten[..9], 81, None),
            ("ten", &ten, 91, Some(519)),
            ("just before the first leaves the window", &ten, 609, Some(1)),
            ("when it has left", &ten, 610, None),
            ("of eleven, ten count", &eleven, 101, Some(519)),
            ("a clock that was set back a little", &ten, -100, Some(610)),
            ("a clock that was set back by a year", &ten, -31_536_000, None),
        ];
        for (case, renewals, now, expected) in cases {
            assert_eq!(pause(renewals, at(now)), expected.map(Duration::from_secs), "{case}");
        }
    }
}
