//! The tables, and how a file is recognised.

use rusqlite::{Connection, Result, TransactionBehavior};

use crate::store::problem::StoreProblem;

/// The version of the tables (`user_version`).
pub const VERSION: i64 = 2;
/// The mark of a history (`application_id`): "zbph".
const APPLICATION: i64 = 0x7a62_7068;

/// Version 1: a row for each change. All times are milliseconds since 1970-01-01T00:00:00Z.
const TABLES_1: &str = "
    CREATE TABLE observation (
        id INTEGER PRIMARY KEY,
        is_scheduled INTEGER NOT NULL,  -- 0: nothing was ever scheduled
        status TEXT,                    -- the texts as sent
        scheduled_date TEXT,
        scheduled_at INTEGER,           -- the instant of the date, if it can be read
        rrule TEXT,
        job TEXT,
        first INTEGER NOT NULL,         -- by Zoho's clock
        last INTEGER NOT NULL,
        first_by_machine INTEGER NOT NULL,
        last_by_machine INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE renewal (
        at INTEGER NOT NULL             -- when a token was requested, by this machine's clock
    ) STRICT;
";

/// Version 2 adds the alerts, in their order.
const TABLES_2: &str = "
    CREATE TABLE alert (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,             -- as core names them
        trouble TEXT NOT NULL,
        key INTEGER NOT NULL,
        ended INTEGER,
        facts TEXT NOT NULL,            -- JSON: what it tells
        created INTEGER NOT NULL,       -- by Zoho's clock, as the times below
        attempts INTEGER NOT NULL,
        last_attempt INTEGER,
        pause INTEGER NOT NULL,         -- in milliseconds, after the last attempt
        state TEXT NOT NULL,            -- known (told to nobody), waiting, delivered, given-up
        delivered INTEGER
    ) STRICT;
";

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing yet.
    Empty,
    /// A history.
    History {
        /// The version of its tables: this program's, or an older one.
        version: i64,
    },
}

/// Recognises the content of a file, and checks it. The file is not changed.
///
/// # Errors
/// When it is damaged, of a newer program, or no history.
pub fn inspect(connection: &Connection) -> Result<Content, StoreProblem> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if (application, version, tables) == (0, 0, 0) {
        return Ok(Content::Empty);
    }
    if application != APPLICATION || version < 1 {
        return Err(StoreProblem::Corrupt("it is a database of another program".to_owned()));
    }
    if version > VERSION {
        return Err(StoreProblem::Newer { version });
    }
    let check: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if check != "ok" {
        return Err(StoreProblem::Corrupt(check));
    }
    Ok(Content::History { version })
}

/// Creates the tables that are missing, all of them or none.
///
/// # Errors
/// When the file cannot be written.
pub fn complete(connection: &mut Connection, content: Content) -> Result<()> {
    let missing: &[&str] = match content {
        Content::Empty => &[TABLES_1, TABLES_2],
        Content::History { version: 1 } => &[TABLES_2],
        Content::History { .. } => return Ok(()),
    };
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for tables in missing {
        transaction.execute_batch(tables)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}
