use super::{NOTICEABLE, Shown, View, YOUNG};
use crate::units::{Millis, text};
use zoho_backup_core::reason::{Reason, Tone};

/// 5. A sentence in the present tense rests on a fresh answer.
///
/// What is stale is never green nor blue: green and blue are the present tense. Fresh is an answer that arrived at most
/// 2 × refresh-interval + 10 s ago, from a source that admitted at most 15 minutes on arrival. And that Zoho has not
/// reported the start of a run rests on an answer read since the run was due.
pub fn check(view: &View<'_>, shown: &Shown) -> Option<String> {
    let verdict = &shown.verdict;
    if !view.is_watched() {
        return None;
    }
    let hidden = view.around.hidden_error + view.around.hidden_age + view.around.unseen_sleep;
    let due = verdict.next_run.as_ref().filter(|_| claims_zoho_is_silent(verdict.reason));
    let unread = due.map(|due| due.at.as_millis() - view.around.source_at);
    if let Some(unread) = unread.filter(|unread| *unread > NOTICEABLE + hidden && !view.is_clock_open()) {
        return Some(format!("{} of an answer read {} before the run was due", verdict.reason, text(unread)));
    }
    if !matches!(verdict.tone, Tone::Good | Tone::Info) {
        return None;
    }
    if verdict.stale {
        return Some(format!("{} and stale", verdict.tone));
    }
    let answered_at = view.around.answered_at?;
    let waits = view.now - answered_at;
    let fresh_for =
        shown.setup.policy.stale_after.as_millis() as Millis + NOTICEABLE + view.around.unseen_sleep;
    if waits > fresh_for {
        return Some(format!("{}, and no answer for {}", verdict.tone, text(waits)));
    }
    let admitted = answered_at - view.around.source_at - view.around.hidden_age;
    let is_old = admitted > YOUNG + NOTICEABLE + view.around.hidden_error + view.around.unseen_sleep;
    is_old.then(|| format!("{}, from an answer read {} before it arrived", verdict.tone, text(admitted)))
}

/// Whether the reason's sentence says that Zoho has not reported the start of a run.
fn claims_zoho_is_silent(reason: Reason) -> bool {
    matches!(reason, Reason::NotStarted | Reason::Overdue)
}
