//! Zoho's document with backup details, as the gateway caches it.

use std::sync::Arc;

use zoho_backup_core::backup::Backup;
use zoho_backup_core::json::Json;

use crate::document::documented;

/// The backup details: what readers get, and what the state is derived from.
#[derive(Clone, Debug)]
pub struct BackupDocument {
    /// The `backup` that readers get, as JSON.
    pub text: String,
    /// The documented fields without the requester, who is personal data.
    pub backup: Arc<Backup>,
}

impl BackupDocument {
    /// Zoho's document; `None` if the text is none. Readers learn who scheduled the backup only on request.
    #[must_use]
    pub fn new(text: &str, include_requester: bool) -> Option<BackupDocument> {
        let backup: Json = serde_json::from_str(&documented(text, false).ok()?).ok()?;
        let backup = Arc::new(Backup::read(&backup)?);
        Some(BackupDocument { text: documented(text, include_requester).ok()?, backup })
    }
}
