//! The store: what is committed stays, and whatever becomes of the disk, it goes on.

#[path = "../downstream/folder.rs"]
mod folder;
mod kept;
#[cfg(unix)]
mod killed;
mod troubles;

use std::path::Path;
use std::time::Duration;

use zoho_backup_core::instant::Timestamp;
use zoho_backup_proxy::store::Store;
use zoho_backup_proxy::store::sighting::{ReadAt, Reading, Sent, Sighting};

const DAY: i64 = 86_400;
const KEEP: Duration = Duration::from_secs(400 * DAY as u64);

/// 2026-11-26T00:00:00Z and so many seconds.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis((1_795_651_200 + seconds) * 1_000)
}

/// A backup with this status, read so many seconds after the start. The machine's clock is an hour ahead.
fn reading(status: &str, seconds: i64) -> Reading {
    reading_of(Some("4876876000001593003"), status, seconds)
}

fn reading_of(job: Option<&str>, status: &str, seconds: i64) -> Reading {
    let sent = Sent {
        status: Some(status.to_owned()),
        scheduled_date: Some("2026-11-28T04:26:35+05:30".to_owned()),
        rrule: Some("RRULE:FREQ=WEEKLY;BYDAY=SA".to_owned()),
        job: job.map(str::to_owned),
    };
    Reading::new(Sighting::Backup(sent), ReadAt { zoho: at(seconds), machine: at(seconds + 3_600) })
}

fn nothing(seconds: i64) -> Reading {
    Reading::new(Sighting::Nothing, ReadAt { zoho: at(seconds), machine: at(seconds) })
}

fn open(folder: &Path) -> Store {
    Store::open(folder, KEEP)
}

/// Records each, and waits until it is written.
async fn record(store: &Store, readings: impl IntoIterator<Item = Reading>) {
    for reading in readings {
        store.record(reading);
        store.flush().await;
    }
}

/// The status and the times of each observation, in seconds after the start.
fn summary(store: &Store) -> Vec<(String, i64, i64)> {
    let seconds = |time: Timestamp| (time.as_millis() - at(0).as_millis()) / 1_000;
    let summary = |it: zoho_backup_core::history::Observation| {
        let status = match it.seen {
            zoho_backup_core::history::Seen::Nothing => "nothing".to_owned(),
            zoho_backup_core::history::Seen::Backup { status, .. } => format!("{:?}", status.expect("one")),
        };
        (status, seconds(it.first), seconds(it.last))
    };
    store.observations().into_iter().map(summary).collect()
}

fn rows(expected: &[(&str, i64, i64)]) -> Vec<(String, i64, i64)> {
    expected.iter().map(|(status, first, last)| ((*status).to_owned(), *first, *last)).collect()
}
