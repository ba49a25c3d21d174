use super::{NOTICEABLE, Shown, View};
use crate::units::{DAY, HOUR, MINUTE, Millis, SECOND, text};
use zoho_backup_core::countdown::{self, Countdown, Length};
use zoho_backup_core::instant::Timestamp;

/// 2. The countdown is within a minute of the truth after at most two answers, or says that it does not know.
///
/// Excepted is a proxy that tells a wrong time, or none to a reader whose clock is wrong.
pub fn check(view: &View<'_>, shown: &Shown) -> Option<String> {
    let countdown = shown.verdict.countdown;
    let (Countdown::Until(target) | Countdown::OverdueSince(target)) = countdown else { return None };
    let says_unknown = shown.verdict.stale;
    let is_unknowable = view.around.hidden_error > MINUTE / 2;
    if says_unknown || is_unknowable || !view.is_watched() || view.is_clock_open() {
        return None;
    }
    let now = |shift: Millis| Timestamp::from_millis(view.now + shift);
    let read = |now| countdown::read(countdown, now, shown.setup.pace).map_or(0, |it| millis(it.length));
    let (reads, early, late) = (read(shown.looked_at), read(now(-NOTICEABLE)), read(now(NOTICEABLE)));
    if reads < early.min(late) || reads > early.max(late) {
        return Some(format!("reads {}, the truth is {}", text(reads), text(read(now(0)))));
    }
    let targets = view.truth.between(view.now - view.promise(shown), view.now + NOTICEABLE).iter();
    let is_true = targets.map(|moment| moment.countdown).any(|it| match it {
        Countdown::Until(at) | Countdown::OverdueSince(at) => at == target,
        Countdown::None | Countdown::Due => false,
    });
    (!is_true).then(|| format!("counts to {}, where no run was planned", text(target.as_millis() - view.now)))
}

/// A length as it reads.
fn millis(length: Length) -> Millis {
    let part = |count: Option<u64>, unit: Millis| count.map_or(0, |count| count as Millis * unit);
    match length {
        Length::LessThanAMinute => MINUTE,
        Length::Units { days, hours, minutes } => part(days, DAY) + part(hours, HOUR) + part(minutes, MINUTE),
        Length::Clock { days, hours, minutes, seconds } => {
            part(days, DAY) + part(hours, HOUR) + part(Some(minutes), MINUTE) + part(Some(seconds), SECOND)
        }
    }
}
