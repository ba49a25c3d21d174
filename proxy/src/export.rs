//! The history as JSON lines, without what identifies an account: to settle what Zoho really sends.

use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zoho_backup_core::instant::Timestamp;

use crate::store::database::Database;
use crate::store::problem::StoreProblem;
use crate::store::sighting::{ReadAt, Reading, Sent, Sighting};

/// Why there is no export.
#[derive(Debug)]
pub enum ExportError {
    /// The history cannot be read.
    Store(StoreProblem),
    /// The lines cannot be written.
    Output(io::Error),
}

impl std::fmt::Display for ExportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ExportError::Store(problem) => problem.fmt(f),
            ExportError::Output(error) => error.fmt(f),
        }
    }
}

/// Writes the history in this folder, a line for each observation. A gateway may be running.
///
/// # Errors
/// When the history cannot be read, or the lines not be written.
pub fn export(folder: &Path, mut output: impl Write) -> Result<(), ExportError> {
    let store = |error: rusqlite::Error| ExportError::Store(error.into());
    let readings = Database::open_to_read(folder).map_err(ExportError::Store)?.readings().map_err(store)?;
    let mut jobs = Vec::new();
    for reading in &readings {
        writeln!(output, "{}", line(reading, &mut jobs)).map_err(ExportError::Output)?;
    }
    output.flush().map_err(ExportError::Output)
}

/// One observation. `jobs` are the ids so far, in whose place it has a number.
fn line<'a>(Reading { sighting, first, last }: &'a Reading, jobs: &mut Vec<&'a str>) -> Value {
    let mut line = json!({
        "first": written(first.zoho),
        "last": written(last.zoho),
        "machine_ahead_ms": [ahead(first), ahead(last)],
    });
    match sighting {
        Sighting::Nothing => line["nothing_scheduled"] = true.into(),
        Sighting::Backup(Sent { status, scheduled_date, rrule, job }) => {
            let number = job.as_deref().map(|job| match jobs.iter().position(|known| *known == job) {
                Some(index) => index + 1,
                None => {
                    jobs.push(job);
                    jobs.len()
                }
            });
            line["status"] = json!(status);
            line["scheduled_date"] = json!(scheduled_date);
            line["rrule"] = json!(rrule);
            line["job"] = json!(number.map(|number| format!("job {number}")));
        }
    }
    line
}

/// By how much this machine's clock was ahead of Zoho's.
fn ahead(at: &ReadAt) -> i64 {
    at.machine.as_millis().saturating_sub(at.zoho.as_millis())
}

/// A time in UTC; `None` for one that the format cannot express.
fn written(at: Timestamp) -> Option<String> {
    let since = Duration::from_millis(u64::try_from(at.as_millis()).ok()?);
    let time = SystemTime::UNIX_EPOCH.checked_add(since)?;
    OffsetDateTime::from(time).format(&Rfc3339).ok()
}
