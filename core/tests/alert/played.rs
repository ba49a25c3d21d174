//! Alerts that are decided as observations are made.

use crate::script::HOUR;
use zoho_backup_core::alert::{Alert, Answers, News, Present, decide};
use zoho_backup_core::history::{History, Observation};
use zoho_backup_core::instant::Timestamp;

/// The history and the present at the end of the last observation.
pub fn known(observations: &[Observation], answers: Answers) -> (History, Present, Timestamp) {
    let now = observations.iter().map(|it| it.last).max().unwrap_or_default();
    (History::of(observations, now, HOUR), Present::of(observations, answers, now), now)
}

/// Decides at the first and at the last look of each observation. Returns all alerts.
pub fn play(observations: &[Observation]) -> Vec<Alert> {
    let mut told = Vec::new();
    for moments in moments(observations) {
        let (history, present, now) = known(&moments, Answers::Arriving);
        let new = decide(&history, &present, &told, now);
        told.extend(new);
    }
    told
}

/// What was observed at each moment.
pub fn moments(observations: &[Observation]) -> Vec<Vec<Observation>> {
    let at = |number: usize| {
        let whole = observations.iter().take(number + 1).cloned().collect::<Vec<_>>();
        let mut begun = whole.clone();
        if let Some(row) = begun.last_mut() {
            row.last = row.first;
        }
        [begun, whole]
    };
    (0..observations.len()).flat_map(at).collect()
}

/// `failed 1/10:00, good-again (failed)`: those of which somebody is told.
pub fn summary(alerts: &[Alert]) -> String {
    let written = |alert: &Alert| match alert.news {
        News::Begun => format!("{} {}", alert.trouble, crate::script::written(alert.key)),
        news => format!("{news} ({})", alert.trouble),
    };
    alerts.iter().filter(|alert| alert.is_told()).map(written).collect::<Vec<_>>().join(", ")
}
