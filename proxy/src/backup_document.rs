//! An answer of Zoho with backup details, as the gateway caches it.

use std::sync::Arc;

use zoho_backup_core::backup::Backup;

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
    /// The document of this backup. Readers learn who scheduled it only on request.
    ///
    /// # Errors
    /// When the JSON cannot be written. No backup is known to cause that.
    pub fn new(backup: &Backup, include_requester: bool) -> serde_json::Result<BackupDocument> {
        let representation = Representation::of_backup(backup, include_requester)?;
        let documented = Backup::read(&backup.documented(false)).unwrap_or_else(|| backup.clone());
        Ok(BackupDocument { representation, backup: Arc::new(documented) })
    }
}
