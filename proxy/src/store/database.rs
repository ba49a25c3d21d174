//! The file of the history: opened, written in transactions, and read.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use std::{fs, io};

use rusqlite::{
    Connection, OpenFlags, OptionalExtension, Result, Row, Transaction, TransactionBehavior, params,
};
use time::OffsetDateTime;
use time::macros::format_description;
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::instant::Timestamp;

use crate::store::alert_table;
use crate::store::problem::StoreProblem;
use crate::store::schema::{Content, complete, inspect};
use crate::store::sighting::{ReadAt, Reading, Sent, Sighting};
use crate::store::stored_alert::StoredAlert;

/// The name of the file.
pub const HISTORY: &str = "history.sqlite3";
/// What SQLite keeps beside the file.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];
/// How long a lock of another connection is waited for, such as that of an export.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest file, in pages of 4,096 bytes: 64 MiB, some centuries of daily backups.
const MAX_PAGES: u32 = 16_384;
/// The smallest page of a database, in bytes.
const SMALLEST: u64 = 512;
/// How many pages the log may have before they are copied into the file.
const CHECKPOINT_PAGES: u32 = 64;
/// How long the times of renewals are kept. Zoho counts ten minutes.
const RENEWALS_KEPT: Duration = Duration::from_secs(3_600);

/// What is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// What answers said.
    Reading(Reading),
    /// A token is about to be requested.
    Renewal(Timestamp),
    /// It was not requested after all.
    NoRenewal(Timestamp),
    /// An alert as it is now.
    Alert(StoredAlert),
}

/// How the connection is set up beyond the usual.
pub type Prepare = dyn Fn(&Connection) -> Result<()> + Send + Sync;

/// The file of the history, open for writing.
#[derive(Debug)]
pub struct Database(Connection);

/// A history that has just been opened.
#[derive(Debug)]
pub struct Opened {
    /// The history.
    pub database: Database,
    /// The new name of the damaged file that was in its place.
    pub moved_aside: Option<PathBuf>,
}

impl Database {
    /// Opens the history, or begins one. What is damaged or foreign is moved aside.
    ///
    /// # Errors
    /// When the file is of a newer program, or cannot be used.
    pub fn open(folder: &Path, now: SystemTime, prepare: &Prepare) -> Result<Opened, StoreProblem> {
        let path = folder.join(HISTORY);
        match Database::open_file(&path, prepare) {
            Err(StoreProblem::Corrupt(_)) => {
                let moved_aside = move_aside(&path, now)?;
                let database = Database::open_file(&path, prepare)?;
                Ok(Opened { database, moved_aside: Some(moved_aside) })
            }
            opened => Ok(Opened { database: opened?, moved_aside: None }),
        }
    }

    fn open_file(path: &Path, prepare: &Prepare) -> Result<Database, StoreProblem> {
        let length = create_private(path).map_err(|error| StoreProblem::of_file(path, &error))?;
        // SQLite would take some of them for empty.
        if (1..SMALLEST).contains(&length) {
            return Err(StoreProblem::Corrupt("it is cut off".to_owned()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        let content = inspect(&connection)?;
        // A commit is on the disk when it returns, and a reader does not wait for it.
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        connection.pragma_update(None, "max_page_count", MAX_PAGES)?;
        prepare(&connection)?;
        complete(&mut connection, content)?;
        Ok(Database(connection))
    }

    /// Opens the history to read it, even while a gateway writes it.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn open_to_read(folder: &Path) -> Result<Database, StoreProblem> {
        let path = folder.join(HISTORY);
        fs::metadata(&path).map_err(|error| StoreProblem::of_file(&path, &error))?;
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        match inspect(&connection)? {
            Content::History { .. } => Ok(Database(connection)),
            Content::Empty => Err(StoreProblem::Unusable(format!("{}: it is empty", path.display()))),
        }
    }

    /// Writes all entries or none. Readings that ended longer ago than `keep` are removed, but never the last one. Returns
    /// whether there are other rows than before.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&mut self, entries: &[Entry], keep: Duration) -> Result<bool> {
        let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut has_other_rows = false;
        for entry in entries {
            match entry {
                Entry::Reading(reading) => has_other_rows |= record(&transaction, reading, keep)?,
                Entry::Renewal(at) => {
                    transaction.execute(
                        "DELETE FROM renewal WHERE at < ?",
                        [at.before(RENEWALS_KEPT).as_millis()],
                    )?;
                    transaction.execute("INSERT INTO renewal VALUES (?)", [at.as_millis()])?;
                }
                Entry::NoRenewal(at) => {
                    transaction.execute("DELETE FROM renewal WHERE at = ?", [at.as_millis()])?;
                }
                Entry::Alert(alert) => alert_table::put(&transaction, alert)?,
            }
        }
        transaction.commit()?;
        Ok(has_other_rows)
    }

    /// All readings, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn readings(&self) -> Result<Vec<Reading>> {
        let mut statement = self.0.prepare(&format!("SELECT {COLUMNS} FROM observation ORDER BY id"))?;
        statement.query_map([], reading)?.collect()
    }

    /// When tokens were requested, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn renewals(&self) -> Result<Vec<Timestamp>> {
        let mut statement = self.0.prepare("SELECT at FROM renewal ORDER BY at")?;
        statement.query_map([], |row| Ok(Timestamp::from_millis(row.get(0)?)))?.collect()
    }

    /// The alerts, in their order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn alerts(&self) -> Result<Vec<StoredAlert>> {
        alert_table::read(&self.0)
    }
}

const COLUMNS: &str = "is_scheduled, status, scheduled_date, rrule, job, first, first_by_machine, last, \
                       last_by_machine, id";

fn reading(row: &Row<'_>) -> Result<Reading> {
    let sent = || -> Result<Sighting> {
        Ok(Sighting::Backup(Sent {
            status: row.get(1)?,
            scheduled_date: row.get(2)?,
            rrule: row.get(3)?,
            job: row.get(4)?,
        }))
    };
    let read_at = |zoho, machine| -> Result<ReadAt> {
        Ok(ReadAt {
            zoho: Timestamp::from_millis(row.get(zoho)?),
            machine: Timestamp::from_millis(row.get(machine)?),
        })
    };
    let sighting = if row.get(0)? { sent()? } else { Sighting::Nothing };
    Ok(Reading { sighting, first: read_at(5, 6)?, last: read_at(7, 8)? })
}

/// Continues the last row, or begins one, and removes what is too old. Returns whether there are other rows than before.
fn record(transaction: &Transaction<'_>, new: &Reading, keep: Duration) -> Result<bool> {
    let newest = format!("SELECT {COLUMNS} FROM observation ORDER BY id DESC LIMIT 1");
    let newest = transaction.query_row(&newest, [], |row| Ok((reading(row)?, row.get::<_, i64>("id")?)));
    let mut newest = newest.optional()?;
    if let Some((old, id)) = &mut newest
        && old.extend(new)
    {
        let last = old.last;
        transaction.execute(
            "UPDATE observation SET last = ?, last_by_machine = ? WHERE id = ?",
            params![last.zoho.as_millis(), last.machine.as_millis(), *id],
        )?;
        return prune(transaction, last.zoho.before(keep));
    }
    // By Zoho's clock, as far as it is known, observations do not overlap.
    let start = newest.map_or(new.first.zoho, |(old, _)| old.last.zoho.max(new.first.zoho));
    let end = start.max(new.last.zoho);
    let nothing = Sent::default();
    let sent = if let Sighting::Backup(sent) = &new.sighting { sent } else { &nothing };
    let scheduled_at = sent.scheduled_date.as_deref().and_then(DateTime::parse);
    transaction.execute(
        "INSERT INTO observation (is_scheduled, status, scheduled_date, scheduled_at, rrule, job, first, last, \
         first_by_machine, last_by_machine) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            new.sighting != Sighting::Nothing,
            sent.status,
            sent.scheduled_date,
            scheduled_at.map(|date| date.at.as_millis()),
            sent.rrule,
            sent.job,
            start.as_millis(),
            end.as_millis(),
            new.first.machine.as_millis(),
            new.last.machine.as_millis(),
        ],
    )?;
    prune(transaction, end.before(keep))?;
    Ok(true)
}

/// Removes the rows that ended before this instant, but never the last one. Returns whether there were any.
fn prune(transaction: &Transaction<'_>, before: Timestamp) -> Result<bool> {
    let removed = transaction.execute(
        "DELETE FROM observation WHERE last < ? AND id < (SELECT max(id) FROM observation)",
        [before.as_millis()],
    )?;
    Ok(removed > 0)
}

/// Creates the file if there is none, for its owner only. SQLite gives what it keeps beside it the same permissions.
/// Returns its length in bytes.
fn create_private(path: &Path) -> io::Result<u64> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(path)?.metadata()?.len())
}

/// Renames a damaged file and what is beside it: `history.sqlite3.corrupt-20261126T194654Z`.
fn move_aside(path: &Path, now: SystemTime) -> Result<PathBuf, StoreProblem> {
    let now = OffsetDateTime::from(now);
    let date = now.format(format_description!("[year][month][day]T[hour][minute][second]Z"));
    let date = date.unwrap_or_else(|_| now.unix_timestamp().to_string());
    let named = |number: u32| {
        let again = if number == 1 { String::new() } else { format!("-{number}") };
        with_suffix(path, &format!(".corrupt-{date}{again}"))
    };
    // Several in one second have a number.
    let aside = (1..).map(named).find(|aside| !aside.exists()).unwrap_or_else(|| named(1));
    // The companions first: a new history must never be read with the old one's.
    for companion in COMPANIONS {
        let old = with_suffix(path, companion);
        if old.exists() {
            rename(&old, &with_suffix(&aside, companion))?;
        }
    }
    rename(path, &aside)?;
    Ok(aside)
}

fn rename(from: &Path, to: &Path) -> Result<(), StoreProblem> {
    fs::rename(from, to).map_err(|error| StoreProblem::of_file(from, &error))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
