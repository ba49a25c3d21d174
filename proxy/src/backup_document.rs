//! An answer of Zoho with backup details, as the gateway caches it.

use std::sync::Arc;

use zoho_backup_core::backup::Backup;
use zoho_backup_core::json::Json;

use crate::document::documented;
use crate::representation::Representation;

/// The backup details: what readers get, and what the state is derived from.
#[derive(Clone, Debug)]
pub struct BackupDocument {
    /// What readers get.
    pub representation: Representation,
    /// The documented fields without the requester, who is personal data.
    pub backup: Arc<Backup>,
}

impl BackupDocument {
    /// Zoho's document; `None` if the text is none. Readers learn who scheduled the backup only on request.
    #[must_use]
    pub fn new(text: &str, include_requester: bool) -> Option<BackupDocument> {
        let representation = Representation::of_document(text, include_requester).ok()?;
        let document: Json = serde_json::from_str(&documented(text, false).ok()?).ok()?;
        let backup = Backup::read(document.get("backup")?)?;
        Some(BackupDocument { representation, backup: Arc::new(backup) })
    }
}
