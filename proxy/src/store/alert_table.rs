//! The table of the alerts.

use std::time::Duration;

use rusqlite::{Connection, Result, Row, Transaction, params};
use zoho_backup_core::alert::{Alert, News, Trouble};
use zoho_backup_core::instant::Timestamp;

use crate::store::stored_alert::{AlertState, StoredAlert};

/// How many alerts of each trouble are kept beside those that wait: what is told of the runs that a history has, by far. A
/// trouble that comes and goes leaves those of the others alone, without which they would be told again.
pub(super) const KEPT: u32 = 400;

/// Writes an alert as it is now. One that is delivered stays so.
pub(super) fn put(transaction: &Transaction<'_>, stored: &StoredAlert) -> Result<()> {
    let StoredAlert { id, alert, facts, attempts, last_attempt, pause, state } = stored;
    let delivered = if let AlertState::Delivered(at) = state { Some(at.as_millis()) } else { None };
    let millis = |at: &Timestamp| at.as_millis();
    transaction.execute(
        "INSERT INTO alert (id, kind, trouble, key, ended, facts, created, attempts, last_attempt, pause, state, \
         delivered) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (id) DO UPDATE SET attempts = excluded.attempts, last_attempt = excluded.last_attempt, \
         pause = excluded.pause, state = excluded.state, delivered = excluded.delivered WHERE alert.state = 'waiting'",
        params![
            id,
            alert.news.name(),
            alert.trouble.name(),
            alert.key.as_millis(),
            alert.ended.as_ref().map(millis),
            facts,
            alert.at.as_millis(),
            attempts,
            last_attempt.as_ref().map(millis),
            i64::try_from(pause.as_millis()).unwrap_or(i64::MAX),
            state.name(),
            delivered,
        ],
    )?;
    transaction.execute(
        "DELETE FROM alert WHERE trouble = ?1 AND state <> 'waiting' AND number <= \
         (SELECT number FROM alert WHERE trouble = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
        params![alert.trouble.name(), KEPT],
    )?;
    Ok(())
}

/// All alerts, in their order. Those with a word that this program does not know are left out.
pub(super) fn read(connection: &Connection) -> Result<Vec<StoredAlert>> {
    let mut statement = connection.prepare(
        "SELECT id, kind, trouble, key, ended, facts, created, attempts, last_attempt, pause, state, delivered \
         FROM alert ORDER BY number",
    )?;
    let rows = statement.query_map([], stored_alert)?.collect::<Result<Vec<_>>>()?;
    Ok(rows.into_iter().flatten().collect())
}

fn stored_alert(row: &Row<'_>) -> Result<Option<StoredAlert>> {
    let instant = |index| -> Result<Option<Timestamp>> {
        Ok(row.get::<_, Option<i64>>(index)?.map(Timestamp::from_millis))
    };
    let state = match (row.get::<_, String>(10)?.as_str(), instant(11)?) {
        ("known", _) => AlertState::Known,
        ("waiting", _) => AlertState::Waiting,
        ("delivered", Some(at)) => AlertState::Delivered(at),
        ("given-up", _) => AlertState::GivenUp,
        _ => return Ok(None),
    };
    let names = (row.get::<_, String>(1)?, row.get::<_, String>(2)?);
    let (Some(news), Some(trouble)) = (News::from_name(&names.0), Trouble::from_name(&names.1)) else {
        return Ok(None);
    };
    let (key, at) = (Timestamp::from_millis(row.get(3)?), Timestamp::from_millis(row.get(6)?));
    let pause = Duration::from_millis(u64::try_from(row.get::<_, i64>(9)?).unwrap_or_default());
    Ok(Some(StoredAlert {
        id: row.get(0)?,
        alert: Alert { news, trouble, key, ended: instant(4)?, at },
        facts: row.get(5)?,
        attempts: row.get(7)?,
        last_attempt: instant(8)?,
        pause,
        state,
    }))
}
