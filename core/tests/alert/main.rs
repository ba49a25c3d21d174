//! Which alerts follow: by name, and what holds for any observations.

mod played;
mod properties;
mod rules;
#[allow(dead_code, reason = "not all of it is used here")]
#[path = "../history/script.rs"]
mod script;
