//! What a widget shows: DOM only.

mod badge;
mod card;
mod icons;
mod nodes;
pub mod popover;
mod runs;
pub mod style;
pub mod widget_view;
