//! A full disk, a folder that cannot be written, damaged and foreign files, newer ones, and a second process.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use zoho_backup_proxy::store::problem::StoreProblem;

use super::*;
use crate::folder::Folder;

const HISTORY: &str = "history.sqlite3";

/// A store whose connections are set up with this pragma while the switch is on, and the switch.
fn troubled(folder: &Path, pragma: &'static str) -> (Store, Arc<AtomicBool>) {
    let is_on = Arc::new(AtomicBool::new(true));
    let is_broken = is_on.clone();
    let prepare = move |connection: &Connection| {
        if is_broken.load(Ordering::Relaxed) { connection.execute_batch(pragma) } else { Ok(()) }
    };
    (Store::open_with(folder, KEEP, prepare), is_on)
}

async fn assert_recovers(pragma: &'static str) {
    let folder = Folder::new();
    let store = open(folder.path());
    record(&store, [reading("SCHEDULED", 0)]).await;
    let before = store.observations();
    store.close().await;
    let (store, is_on) = troubled(folder.path(), pragma);
    // More than the pages that there are.
    for number in 0..300 {
        store.record(reading(&format!("STATUS_{number}"), 60 + number));
    }
    store.flush().await;
    assert!(matches!(store.report().problem, Some(StoreProblem::Unusable(_))), "{:?}", store.report());
    let committed = store.report().observations;
    assert!((1..301).contains(&committed), "{committed}");
    assert!(store.observations().starts_with(&before), "the first is the same");
    assert_eq!(store.observations().len(), 301, "all is known meanwhile");
    is_on.store(false, Ordering::Relaxed);
    store.record(reading("SCHEDULED", 5_000));
    store.flush().await;
    assert_eq!(store.report().problem, None, "it is well again");
    assert_eq!(store.observations().len(), 302, "and nothing is lost");
    let after = store.observations();
    store.close().await;
    assert_eq!(open(folder.path()).observations(), after);
}

#[tokio::test]
async fn a_full_disk_is_survived() {
    assert_recovers("PRAGMA max_page_count = 6").await;
}

#[tokio::test]
async fn a_disk_that_cannot_be_written_is_survived() {
    assert_recovers("PRAGMA query_only = 1").await;
}

/// What is committed and cannot be read back must not vanish: a failure would be hidden until the next write.
#[tokio::test]
async fn what_is_committed_but_cannot_be_read_back_is_known_meanwhile() {
    let folder = Folder::new();
    let store = open(folder.path());
    record(&store, [reading("SCHEDULED", 0)]).await;
    store.close().await;
    let unreadable = "CREATE TEMP TRIGGER unreadable AFTER INSERT ON main.observation BEGIN \
                      UPDATE observation SET status = CAST(x'ff' AS TEXT) WHERE id = new.id; END";
    let (store, is_on) = troubled(folder.path(), unreadable);
    record(&store, [reading("FAILED", 60)]).await;
    assert!(store.report().problem.is_some());
    let expected = rows(&[("Scheduled", 0, 0), ("Failed", 60, 60)]);
    assert_eq!(summary(&store), expected);
    is_on.store(false, Ordering::Relaxed);
    let repaired = Connection::open(folder.path().join(HISTORY)).unwrap();
    repaired.execute("UPDATE observation SET status = 'FAILED' WHERE id = 2", []).unwrap();
    store.flush().await;
    assert_eq!((store.report().problem, summary(&store)), (None, expected));
}

#[tokio::test]
async fn a_folder_that_is_none_is_reported_until_it_is_one() {
    let folder = Folder::new();
    let state = folder.write("state", "a file");
    let store = open(&state);
    record(&store, [nothing(0), nothing(60), reading("SCHEDULED", 120)]).await;
    let problem = store.report().problem.expect("a problem").to_string();
    for word in ["state", "permissions of the state directory"] {
        assert!(problem.contains(word), "{problem}");
    }
    assert_eq!(
        Store::check(&state).map_err(|problem| matches!(problem, StoreProblem::Unusable(_))),
        Err(true)
    );
    fs::remove_file(&state).unwrap();
    fs::create_dir(&state).unwrap();
    record(&store, [reading("SCHEDULED", 180)]).await;
    assert_eq!(summary(&store), rows(&[("nothing", 0, 60), ("Scheduled", 120, 180)]));
    assert_eq!((store.report().problem, Store::check(&state)), (None, Ok(())));
}

/// A folder with the history of two observations, closed.
async fn with_history() -> Folder {
    let folder = Folder::new();
    let store = open(folder.path());
    record(&store, [nothing(0), reading("SCHEDULED", 60)]).await;
    store.close().await;
    folder
}

fn names(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> = entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_damaged_or_foreign_file_is_moved_aside() {
    let whole = fs::read(with_history().await.path().join(HISTORY)).unwrap();
    let mut overwritten = whole.clone();
    overwritten[4_096..8_192].fill(0xA5);
    let foreign = Folder::new();
    let connection = Connection::open(foreign.path().join("x")).unwrap();
    connection.execute_batch("CREATE TABLE cookies (name TEXT); PRAGMA user_version = 7").unwrap();
    drop(connection);
    let cases = [
        ("a text", b"not a database at all, but quite long enough to be read as one ".repeat(20)),
        ("one byte", vec![0]),
        ("half of its header", whole[..50].to_vec()),
        ("half a page", whole[..2_048].to_vec()),
        ("one page", whole[..4_096].to_vec()),
        ("its end is missing", whole[..whole.len() - 4_096].to_vec()),
        ("a page of garbage", overwritten),
        ("another program's", fs::read(foreign.path().join("x")).unwrap()),
    ];
    for (case, content) in cases {
        let folder = Folder::new();
        folder.write(HISTORY, &content);
        assert_eq!(Store::check(folder.path()), Ok(()), "{case}");
        let store = open(folder.path());
        let report = store.report();
        assert_eq!((&report.problem, report.observations), (&None, 0), "{case}");
        let aside = report.moved_aside.unwrap_or_else(|| panic!("{case}: nothing was moved"));
        assert!(aside.starts_with("history.sqlite3.corrupt-20") && aside.ends_with('Z'), "{aside}");
        assert_eq!(fs::read(folder.path().join(&aside)).unwrap(), content, "{case}: unchanged");
        record(&store, [nothing(0)]).await;
        store.close().await;
        // A check may have left an empty log beside it, which was moved, too.
        let mut names = names(&folder);
        names.retain(|name| !name.ends_with("-wal") && !name.ends_with("-shm"));
        assert_eq!(names, [HISTORY.to_owned(), aside, "lock".to_owned()], "{case}");
        let store = open(folder.path());
        assert_eq!(
            (store.report().moved_aside, summary(&store)),
            (None, rows(&[("nothing", 0, 0)])),
            "{case}"
        );
    }
}

#[tokio::test]
async fn an_empty_file_is_a_new_history() {
    let folder = Folder::new();
    folder.write(HISTORY, "");
    let store = open(folder.path());
    assert_eq!((store.report().problem, store.report().moved_aside), (None, None));
}

#[tokio::test]
async fn a_file_that_is_damaged_while_it_is_open_is_moved_aside() {
    let folder = with_history().await;
    let store = open(folder.path());
    fs::write(folder.path().join(HISTORY), "garbage ".repeat(2_000)).unwrap();
    // The log of the old file would hide the damage.
    fs::write(folder.path().join("history.sqlite3-wal"), "garbage ".repeat(2_000)).unwrap();
    for number in 0..3 {
        record(&store, [reading(&format!("STATUS_{number}"), 120 + number)]).await;
    }
    assert_eq!(store.report().problem, None);
    store.close().await;
    let store = open(folder.path());
    let report = store.report();
    assert_eq!(report.problem, None);
    assert!(
        report.observations > 0 || report.moved_aside.is_some(),
        "nothing is lost in silence: {report:?}"
    );
}

#[tokio::test]
async fn damage_that_is_noticed_while_it_runs_costs_nothing() {
    let folder = with_history().await;
    let (store, is_on) = troubled(folder.path(), "PRAGMA query_only = 1");
    let before = store.observations();
    assert_eq!(before.len(), 2);
    record(&store, [reading("INPROGRESS", 120)]).await;
    folder.write(HISTORY, "garbage ".repeat(1_000));
    is_on.store(false, Ordering::Relaxed);
    record(&store, [reading("COMPLETED", 180)]).await;
    assert!(store.report().moved_aside.is_some());
    store.close().await;
    let after = open(folder.path()).observations();
    assert!(after.starts_with(&before) && after.len() == 4, "{after:?}");
}

#[tokio::test]
async fn a_newer_file_is_left_alone() {
    let folder = with_history().await;
    let path = folder.path().join(HISTORY);
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 3).unwrap();
    drop(connection);
    let before = fs::read(&path).unwrap();
    let store = open(folder.path());
    record(&store, [reading("SCHEDULED", 120)]).await;
    let problem = store.report().problem.expect("a problem");
    assert_eq!(problem, StoreProblem::Newer { version: 3 });
    assert!(problem.to_string().contains("a newer program (version 3"), "{problem}");
    assert_eq!(Store::check(folder.path()), Err(problem));
    store.close().await;
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(names(&folder), [HISTORY, "lock"]);
}

#[tokio::test]
async fn a_second_process_leaves_the_first_alone_and_follows_it() {
    let folder = Folder::new();
    let (first, second) = (open(folder.path()), open(folder.path()));
    record(&second, [reading("SCHEDULED", 0)]).await;
    assert!(second.is_taken() && !first.is_taken());
    record(&first, [reading("STOPPED", 60)]).await;
    assert_eq!((first.observations().len(), second.observations().len()), (1, 0));
    first.close().await;
    record(&second, [reading("STOPPED", 120)]).await;
    assert!(!second.is_taken());
    assert_eq!(summary(&second), rows(&[("Stopped", 60, 120)]), "what the first has seen, and goes on");
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let store = open(folder.path());
    record(&store, [reading("SCHEDULED", 0)]).await;
    for name in names(&folder).iter().filter(|name| name.starts_with(HISTORY)) {
        let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
