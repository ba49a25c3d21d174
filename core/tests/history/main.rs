//! What follows from what was seen of a backup: rules by name, and what holds for any observations.

mod document;
mod properties;
mod rules;
mod script;
