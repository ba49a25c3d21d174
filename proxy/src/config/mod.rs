//! The configuration: flags and environment variables become settings, or a list of every mistake.

pub mod alerts;
pub mod arguments;
pub mod certificates;
pub mod cleaned;
pub mod credentials;
pub mod listen;
pub mod mistakes;
pub mod readers;
pub mod servers;
pub mod setting;
pub mod settings;
pub mod values;

pub use tracing::Level;

pub use self::arguments::{Arguments, EXAMPLE};
pub use self::settings::Settings;
