//! The environment variables of the secrets.

use std::collections::BTreeMap;

/// Stands for every secret, and must never be shown.
pub const SENTINEL: &str = "1000.sentinel";

pub const SECRET: &str = "ZOHO_BACKUP_CLIENT_SECRET";
pub const SECRET_FILE: &str = "ZOHO_BACKUP_CLIENT_SECRET_FILE";
pub const TOKEN: &str = "ZOHO_BACKUP_REFRESH_TOKEN";
pub const TOKEN_FILE: &str = "ZOHO_BACKUP_REFRESH_TOKEN_FILE";

pub type Environment = BTreeMap<String, String>;
