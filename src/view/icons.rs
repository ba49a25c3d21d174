//! The icons as elements. Their paths are those of the picture.

use leptos::prelude::*;
use zoho_backup_core::news::RefreshOutcome;
use zoho_backup_core::reason::State;
use zoho_backup_picture::icons::of;

/// An icon as a picture, which says nothing that no word says.
pub fn icon(part: Option<&'static str>, path: &'static str) -> impl IntoView {
    view! {
        <svg part=part viewBox="0 0 16 16" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
}

/// The icon of the refresh button: an arrow that runs around, or what came of it.
pub fn of_refresh(outcome: Option<RefreshOutcome>) -> &'static str {
    match outcome {
        None | Some(RefreshOutcome::Busy) => "M13.6 2.3v3.4h-3.4M13.3 5.4A5.8 5.8 0 1 0 13.8 8.6",
        Some(RefreshOutcome::Done) => of(State::Completed),
        Some(RefreshOutcome::Failed | RefreshOutcome::Refused) => of(State::Overdue),
    }
}
