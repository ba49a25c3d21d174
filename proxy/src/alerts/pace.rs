//! How long to wait between attempts.

use std::time::Duration;

use crate::alerts::problem::Refusal;

/// How long to wait between attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// After the first. It doubles with each further one.
    pub first: Duration,
    /// At most, and where somebody must repair something.
    pub longest: Duration,
    /// The longest wait that a receiver can ask for.
    pub longest_asked: Duration,
    /// How long an alert is tried before it is given up.
    pub give_up_after: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        let seconds = Duration::from_secs;
        Pace {
            first: seconds(15),
            longest: seconds(3_600),
            longest_asked: seconds(86_400),
            give_up_after: seconds(7 * 86_400),
        }
    }
}

impl Pace {
    /// How long to wait after an attempt of which nothing is known: it was cut off.
    #[must_use]
    pub fn after(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(16);
        self.first.saturating_mul(1 << doublings).min(self.longest)
    }

    /// How long to wait after an attempt that was refused. `chance` is random, so that gateways that failed together do not
    /// come back together.
    #[must_use]
    pub fn after_refusal(&self, attempts: u32, refusal: &Refusal, chance: u32) -> Duration {
        let usual = if refusal.problem.is_lasting() { self.longest } else { self.after(attempts) };
        let jitter = usual.mul_f64(f64::from(chance) / f64::from(u32::MAX) / 10.0);
        let asked = refusal.retry_after.unwrap_or_default().min(self.longest_asked);
        usual.max(asked) + jitter
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::problem::Problem;

    #[test]
    fn pauses_double_from_15_seconds_to_an_hour_with_a_bit_of_chance() {
        let pace = Pace::default();
        let refusal = Refusal::from(Problem::Status(500));
        let pauses: Vec<_> =
            (1..=10).map(|attempts| pace.after_refusal(attempts, &refusal, 0).as_secs()).collect();
        assert_eq!(pauses, [15, 30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
        assert_eq!(pace.after_refusal(u32::MAX, &refusal, u32::MAX), Duration::from_secs(3_960));
    }

    #[test]
    fn a_receiver_can_ask_for_up_to_a_day_and_a_refusal_waits_for_an_hour() {
        let pace = Pace::default();
        let after = |problem, retry_after: Option<u64>| {
            let refusal = Refusal { problem, retry_after: retry_after.map(Duration::from_secs) };
            pace.after_refusal(1, &refusal, 0).as_secs()
        };
        let cases = [
            ("too many requests", Problem::Status(429), Some(300), 300),
            ("a longer wait than is believed", Problem::Status(429), Some(10_000_000), 86_400),
            ("a shorter wait than usual", Problem::Status(503), Some(1), 15),
            ("no wait", Problem::Status(429), None, 15),
            ("not found", Problem::Status(404), None, 3_600),
            ("moved", Problem::Status(302), None, 3_600),
            ("a timeout of the receiver", Problem::Status(408), None, 15),
            ("too early", Problem::Status(425), None, 15),
            ("no answer", Problem::TimedOut, None, 15),
        ];
        for (case, problem, retry_after, expected) in cases {
            assert_eq!(after(problem, retry_after), expected, "{case}");
        }
    }
}
