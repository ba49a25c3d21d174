//! One GET through the proxy URL → a backup, nothing scheduled, or a fault.

mod body;
pub mod head_start;
mod policy_watch;
pub mod request;
