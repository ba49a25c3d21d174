//! One icon per state, drawn as a path in a square of 16 by 16: by the widget, and in the picture.

use zoho_backup_core::reason::State;

/// What is not current: an hourglass.
pub const STALE: &str =
    "M4.500 2.500h7M4.500 13.500h7M5.500 2.500v2L8 8l-2.500 3.500v2M10.500 2.500v2L8 8l2.500 3.500v2";

/// A past run of which no failure was seen: a circle.
pub const NO_FAILURE_SEEN: &str = "M8 2a6 6 0 1 0 .01 0";

/// The icon of a state.
pub const fn of(state: State) -> &'static str {
    match state {
        // Three dots.
        State::Loading => "M3.5 8h.01M8 8h.01M12.5 8h.01",
        // A dashed circle, roughly.
        State::None => {
            "M8 2a6 6 0 0 1 4.2 1.8M14 8a6 6 0 0 1-1.8 4.2M8 14a6 6 0 0 1-4.2-1.8M2 8a6 6 0 0 1 1.8-4.2"
        }
        // A broken line.
        State::Error => "M2 8h3.5l1-3M9.5 11l1-3H14M8 6.5l-.4 3",
        // A square.
        State::Stopped => "M3.5 3.5h9v9h-9z",
        // A play sign.
        State::Running => "M5 3l8 5-8 5z",
        // A cross.
        State::Failed => "M3.5 3.5l9 9M12.5 3.5l-9 9",
        // A circle with a stroke through it.
        State::Missed => "M8 2a6 6 0 1 0 .01 0M3.8 12.200l8.4-8.4",
        // A question mark.
        State::Unknown => "M5.2 5.6a2.8 2.8 0 1 1 4.3 2.4C8.4 8.7 8 9.2 8 10.200M8 13h.01",
        // A single one.
        State::OneOff => "M6 4.5L8.5 3v10M6 13h5",
        // A tick.
        State::Completed => "M2.5 8.500l3.5 3.5 7.5-8",
        // A clock.
        State::Scheduled => "M8 2a6 6 0 1 0 .01 0M8 4.800V8l2.3 1.5",
        // A bell.
        State::Due => "M3.5 11.500c1-1 1-2.2 1-4.500a3.5 3.5 0 0 1 7 0c0 2.3 0 3.5 1 4.500zM6.8 14h2.4",
        // An exclamation mark in a triangle.
        State::Overdue => "M8 2.200L14.5 13.500h-13zM8 6.500v3M8 11.500h.01",
    }
}
