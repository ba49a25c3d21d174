//! The servers of a test, each on an origin of its own: the bundle's files and the host pages. The API is the sandbox.

pub mod files;
pub mod host;
pub mod server;
pub mod sign_on;
pub mod vite;
