//! What is stored, how long, and how it is exported.

use std::fs;

use serde_json::Value;
use zoho_backup_core::alert::{Alert, News, Trouble};
use zoho_backup_core::history::{Seen, WATCH_GAP};
use zoho_backup_proxy::export::export;
use zoho_backup_proxy::store::stored_alert::{AlertState, StoredAlert};

use super::*;
use crate::folder::Folder;

#[tokio::test]
async fn a_change_makes_a_row_and_an_equal_reading_moves_its_end() {
    let folder = Folder::new();
    let store = open(folder.path());
    let readings = [
        nothing(0),
        nothing(60),
        reading("SCHEDULED", 120),
        reading("SCHEDULED", 180),
        reading("INPROGRESS", 240),
        // Zoho's clock was set back: what was seen stays seen.
        reading("INPROGRESS", 200),
        reading("COMPLETED", 210),
        reading("SCHEDULED", 300),
    ];
    record(&store, readings).await;
    let expected = rows(&[
        ("nothing", 0, 60),
        ("Scheduled", 120, 180),
        ("InProgress", 240, 240),
        ("Completed", 240, 240),
        ("Scheduled", 300, 300),
    ]);
    assert_eq!(summary(&store), expected);
    let before = store.observations();
    store.close().await;
    let store = open(folder.path());
    assert_eq!(store.observations(), before, "the same after a restart");
    record(&store, [reading("SCHEDULED", 360)]).await;
    assert_eq!(summary(&store).last(), rows(&[("Scheduled", 300, 360)]).last(), "and it goes on");
}

/// Without the alert about the failed run, that would be told of again.
#[tokio::test]
async fn a_trouble_that_comes_and_goes_takes_no_alert_about_others_along() {
    let folder = Folder::new();
    let store = open(folder.path());
    store.put_alert(alert(Trouble::Failed, 0, AlertState::Delivered(at(0))));
    store.put_alert(alert(Trouble::Refused, 0, AlertState::Waiting));
    for number in 1..3_000 {
        store.put_alert(alert(Trouble::Refused, number, AlertState::Delivered(at(number))));
    }
    store.flush().await;
    let kept = store.alerts();
    let first: Vec<_> = kept.iter().take(2).map(|stored| stored.alert.trouble).collect();
    assert_eq!(first, [Trouble::Failed, Trouble::Refused], "nor is one forgotten that waits");
    assert!(kept.len() < 2_500, "{}", kept.len());
    assert_eq!(kept.last().map(|last| last.alert.key), Some(at(2_999)));
    let store = open_again(store, folder.path()).await;
    assert_eq!(store.alerts(), kept, "the same on the disk");
}

fn alert(trouble: Trouble, number: i64, state: AlertState) -> StoredAlert {
    StoredAlert {
        id: format!("{trouble} {number}"),
        alert: Alert { news: News::Begun, trouble, key: at(number), ended: None, at: at(number) },
        facts: "{}".to_owned(),
        attempts: 1,
        last_attempt: None,
        pause: Duration::ZERO,
        state,
    }
}

/// What happened in it is not known, so no row may claim that nothing did.
#[tokio::test]
async fn after_a_gap_the_same_reading_makes_a_row_too() {
    const GAP: i64 = WATCH_GAP.as_secs() as i64;
    let folder = Folder::new();
    let store = open(folder.path());
    record(&store, [reading("SCHEDULED", 0), reading("SCHEDULED", GAP), reading("SCHEDULED", 2 * GAP + 1)])
        .await;
    let expected = rows(&[("Scheduled", 0, GAP), ("Scheduled", 2 * GAP + 1, 2 * GAP + 1)]);
    assert_eq!(summary(&store), expected);
    let store = open_again(store, folder.path()).await;
    record(&store, [reading("SCHEDULED", 4 * GAP)]).await;
    assert_eq!(summary(&store).len(), 3, "nor across a restart");
}

#[tokio::test]
async fn a_document_without_fields_is_another_thing_than_nothing() {
    let folder = Folder::new();
    let store = open(folder.path());
    let bare = Reading::new(Sighting::Backup(Sent::default()), nothing(0).first);
    record(&store, [nothing(0), bare, nothing(0)]).await;
    let seen: Vec<_> =
        open_again(store, folder.path()).await.observations().into_iter().map(|it| it.seen).collect();
    let nothing = Seen::Nothing;
    let bare = Seen::Backup { job: None, status: None, scheduled_date: None, rrule: None };
    assert_eq!(seen, [nothing.clone(), bare, nothing]);
}

async fn open_again(store: Store, folder: &Path) -> Store {
    store.close().await;
    open(folder)
}

#[tokio::test]
async fn what_is_too_old_is_removed_but_never_the_last() {
    let folder = Folder::new();
    let store = open(folder.path());
    record(&store, [nothing(0), reading("SCHEDULED", DAY), reading("STOPPED", 2 * DAY)]).await;
    record(&store, [reading("STOPPED", 401 * DAY)]).await;
    assert_eq!(
        summary(&store),
        rows(&[("Scheduled", DAY, DAY), ("Stopped", 2 * DAY, 2 * DAY), ("Stopped", 401 * DAY, 401 * DAY)]),
        "what ended exactly 400 days ago is kept"
    );
    record(&store, [reading("SCHEDULED", 1_000 * DAY)]).await;
    assert_eq!(summary(&store), rows(&[("Scheduled", 1_000 * DAY, 1_000 * DAY)]));
    store.close().await;
    let short = Store::open(folder.path(), Duration::from_secs(1));
    assert_eq!(summary(&short).len(), 1, "never the last");
}

#[tokio::test]
async fn renewals_are_kept_for_an_hour() {
    let folder = Folder::new();
    let store = open(folder.path());
    for seconds in [0, 100, 3_650] {
        store.renewing(at(seconds)).await;
    }
    store.not_renewed(at(100)).await;
    assert_eq!(store.renewals(), [at(3_650)]);
    store.renewing(at(3_700)).await;
    assert_eq!(open_again(store, folder.path()).await.renewals(), [at(3_650), at(3_700)]);
}

/// A daily backup, each run seen as due, under way and scheduled again, and a reading every five minutes.
#[tokio::test]
async fn a_year_fits_into_little() {
    let folder = Folder::new();
    let store = open(folder.path());
    for day in 0..365 {
        let date = format!("2026-11-28T04:26:35.{day:03}+05:30");
        for minute in (0..24 * 60).step_by(5) {
            let status = if (60..90).contains(&minute) { "INPROGRESS" } else { "SCHEDULED" };
            let mut reading = reading(status, day * DAY + minute * 60);
            if let Sighting::Backup(sent) = &mut reading.sighting {
                sent.scheduled_date = Some(date.clone());
            }
            store.record(reading);
        }
        // Once a day, so that the test does not wait for the disk 105,120 times.
        store.flush().await;
    }
    assert_eq!(store.observations().len(), 3 * 365);
    store.close().await;
    let size = fs::metadata(folder.path().join("history.sqlite3")).expect("a file").len();
    println!("a year of daily backups: {} observations, {size} bytes", 3 * 365);
    assert!(size < 300_000, "{size}");
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "the log is closed with the file: {names:?}");
}

#[tokio::test]
async fn the_export_has_neither_ids_nor_names_even_while_a_gateway_writes() {
    let folder = Folder::new();
    let store = open(folder.path());
    let readings = [
        nothing(0),
        reading_of(Some("4876876000001593003"), "SCHEDULED", 60),
        reading_of(Some("4876876000001593999"), "ARCHIVED", 120),
        reading_of(None, "SCHEDULED", 180),
        reading_of(Some("4876876000001593003"), "FAILED", 240),
    ];
    record(&store, readings).await;
    let mut text = Vec::new();
    export(folder.path(), &mut text).expect("an export");
    let text = String::from_utf8(text).unwrap();
    assert!(!text.contains("48768"), "{text}");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let jobs: Vec<_> = lines.iter().map(|line| line["job"].as_str()).collect();
    assert_eq!(jobs, [None, Some("job 1"), Some("job 2"), None, Some("job 1")]);
    let expected = serde_json::json!({
        "first": "2026-11-26T00:02:00Z",
        "last": "2026-11-26T00:02:00Z",
        "machine_ahead_ms": [3_600_000, 3_600_000],
        "status": "ARCHIVED",
        "scheduled_date": "2026-11-28T04:26:35+05:30",
        "rrule": "RRULE:FREQ=WEEKLY;BYDAY=SA",
        "job": "job 2",
    });
    assert_eq!(lines[2], expected);
    assert_eq!(lines[0]["nothing_scheduled"], true);
    // The gateway writes on.
    record(&store, [nothing(300)]).await;
    assert_eq!((store.report().problem, store.observations().len()), (None, 6));
    let empty = Folder::new();
    assert!(export(empty.path(), Vec::new()).is_err(), "there is no history");
    assert_eq!(fs::read_dir(empty.path()).unwrap().count(), 0, "and none is begun");
}
