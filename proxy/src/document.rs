//! What is passed on of a backup, written once for all who ask.

use axum::body::Bytes;
use zoho_backup_core::backup::Backup;
use zoho_backup_core::json::Json;

use crate::failure::Failure;
use crate::respond::entity_tag;

/// The document, ready to be sent.
#[derive(Debug)]
pub struct Document {
    /// It as JSON.
    pub content: Bytes,
    /// Its entity tag.
    pub tag: String,
}

impl Document {
    /// Writes what Zoho documents of a backup, with who scheduled it only where that is wanted.
    ///
    /// # Errors
    /// When it cannot be written, which no backup is known to do.
    pub fn of(backup: &Backup, with_requester: bool) -> Result<Document, Failure> {
        let document = Json::Object(vec![("backup".to_owned(), backup.documented(with_requester))]);
        let content = serde_json::to_vec(&document).map_err(|_| Failure::Internal)?;
        Ok(Document { tag: entity_tag(&content), content: content.into() })
    }
}
