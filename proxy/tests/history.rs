//! What readers get of past runs beside the backup. The clock is paused.

#[allow(dead_code, reason = "not all of it is used here")]
#[path = "downstream/folder.rs"]
mod folder;
mod upstream;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use folder::Folder;
use rusqlite::Connection;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::time::{Instant, advance};
use zoho_backup_core::backup::Backup;
use zoho_backup_proxy::failure::Failure;
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::route::BADGE_PATH;
use zoho_backup_proxy::store::Store;
use zoho_backup_proxy::zoho::{Answer, BACKUP_PATH, Token, Upstream};
use zoho_backup_proxy::zoho_clock::ZohoClock;

use upstream::picture::title;
use upstream::{InProcess, Reply, settings};

/// 2026-11-26T00:00:00Z.
const START: u64 = 1_795_651_200;
const YEAR: Duration = Duration::from_secs(365 * 86_400);

/// Zoho, whose answer a test changes, and its clock.
#[derive(Clone)]
struct Zoho {
    start: Instant,
    says: Arc<Mutex<Value>>,
}

impl Zoho {
    fn new() -> Zoho {
        Zoho { start: Instant::now(), says: Arc::default() }
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(START) + self.start.elapsed()
    }

    fn gateway(&self, store: Option<Store>) -> InProcess {
        let zoho = self.clone();
        let clock = ZohoClock::with(move || zoho.now());
        let settings = settings("http://zoho.invalid");
        InProcess::of(match store {
            Some(store) => Gateway::with_memory(settings, self.clone(), clock, store),
            None => Gateway::with_clock(settings, self.clone(), clock),
        })
    }

    /// What a reader gets once Zoho says this. `date` is an hour of the first days.
    async fn says(&self, gateway: &InProcess, status: &str, date: u64) -> Reply {
        let date = format!("2026-11-{:02}T{:02}:00:00Z", 26 + date / 24, date % 24);
        *self.says.lock().unwrap() =
            json!({ "id": "1", "status": status, "scheduled_date": date, "rrule": "RRULE:FREQ=DAILY" });
        pass(61).await;
        gateway.get().await
    }
}

impl Upstream for Zoho {
    async fn fetch_backup(&self, _: &SecretString, _: Instant) -> Result<Answer, Failure> {
        let says = self.says.lock().unwrap().clone();
        let backup = Backup::read(&serde_json::from_value(says.clone()).unwrap());
        let text = json!({ "backup": says }).to_string();
        Ok(Answer { backup, text, date: Some(self.now()) })
    }

    async fn renew_token(&self, _: Instant) -> Result<Token, Failure> {
        Ok(Token { secret: "1000.token".into(), lifetime: Duration::from_secs(3_600), mismatch: None })
    }
}

async fn pass(seconds: u64) {
    advance(Duration::from_secs(seconds)).await;
}

fn outcomes(reply: &Reply) -> Vec<String> {
    let history = reply.json()["history"].clone();
    let runs = history["runs"].as_array().expect("runs").clone();
    runs.iter().map(|run| run["outcome"].as_str().expect("an outcome").to_owned()).collect()
}

fn open(folder: &Path) -> Store {
    Store::open(folder, YEAR)
}

/// A run at 01:00 that fails, after which Zoho waits for the next one. The last answer.
async fn fail(zoho: &Zoho, gateway: &InProcess) -> Reply {
    zoho.says(gateway, "SCHEDULED", 1).await;
    // Readers look every ten minutes.
    for _ in 0..6 {
        pass(600).await;
        gateway.get().await;
    }
    zoho.says(gateway, "INPROGRESS", 1).await;
    zoho.says(gateway, "FAILED", 25).await;
    zoho.says(gateway, "SCHEDULED", 25).await
}

#[tokio::test(start_paused = true)]
async fn an_answer_tells_what_became_of_past_runs_with_itself() {
    let (zoho, folder) = (Zoho::new(), Folder::new());
    let gateway = zoho.gateway(Some(open(folder.path())));
    let first = zoho.says(&gateway, "SCHEDULED", 1).await;
    assert_eq!((first.status, outcomes(&first)), (200, vec![]), "it has seen no run");
    let reply = fail(&zoho, &gateway).await;
    assert_eq!(outcomes(&reply), ["failed"]);
    let document = reply.json();
    assert_eq!(document["backup"]["status"], "SCHEDULED", "the backup is as without a history");
    let history = &document["history"];
    assert_eq!((&history["failures_since"], &history["last_good"]), (&json!(1), &Value::Null));
    assert_eq!(history["watched_since"], "2026-11-26T00:01:01Z");
    assert_eq!(history["runs"][0]["due"], "2026-11-26T01:00:00Z");
    assert!(!reply.text().contains("1593003"), "runs name no job");
    let picture = gateway.ask("GET", BADGE_PATH, "").await;
    assert!(title(&picture).contains(": Failed. The last known run, of 2026-11-26 01:00 UTC, failed."));
    assert!(title(&picture).contains(" Last good run: None since the watch began on 2026-11-26 00:01 UTC."));
}

#[tokio::test(start_paused = true)]
async fn the_entity_tag_changes_with_the_history_alone() {
    let (zoho, folder) = (Zoho::new(), Folder::new());
    let gateway = zoho.gateway(Some(open(folder.path())));
    let tag = |reply: &Reply| reply.header("etag").expect("an entity tag").to_owned();
    let scheduled = tag(&zoho.says(&gateway, "SCHEDULED", 1).await);
    pass(61).await;
    let again = gateway.ask("GET", BACKUP_PATH, &scheduled).await;
    assert_eq!(again.status, 304, "nothing has happened");
    // Nothing is read for long enough, and then the same: the run that was due is overdue.
    for _ in 0..13 {
        pass(600).await;
        gateway.get().await;
    }
    let later = gateway.get().await;
    assert_eq!(
        (later.json()["backup"]["status"].as_str(), outcomes(&later)),
        (Some("SCHEDULED"), vec!["missed".to_owned()])
    );
    assert_ne!(tag(&later), scheduled);
}

#[tokio::test(start_paused = true)]
async fn where_nothing_is_scheduled_only_a_gateway_that_remembers_has_something_to_tell() {
    let (zoho, folder) = (Zoho::new(), Folder::new());
    let (remembers, forgets) = (zoho.gateway(Some(open(folder.path()))), zoho.gateway(None));
    fail(&zoho, &remembers).await;
    *zoho.says.lock().unwrap() = Value::Null;
    pass(61).await;
    let reply = remembers.get().await;
    assert_eq!((reply.status, &reply.json()["backup"]), (200, &Value::Null));
    assert_eq!(outcomes(&reply), ["failed"]);
    assert_eq!(reply.as_the_widget_reads_it(), Ok(None));
    assert_eq!(forgets.get().await.status, 204);
}

#[tokio::test(start_paused = true)]
async fn without_a_memory_the_answer_is_as_before() {
    let zoho = Zoho::new();
    let reply = fail(&zoho, &zoho.gateway(None)).await;
    assert_eq!(reply.json().as_object().expect("an object").keys().collect::<Vec<_>>(), ["backup"]);
}

#[tokio::test(start_paused = true)]
async fn a_restart_forgets_nothing() {
    let (zoho, folder) = (Zoho::new(), Folder::new());
    let store = open(folder.path());
    fail(&zoho, &zoho.gateway(Some(store.clone()))).await;
    store.close().await;
    let reply = zoho.says(&zoho.gateway(Some(open(folder.path()))), "SCHEDULED", 25).await;
    assert_eq!(outcomes(&reply), ["failed"]);
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_cannot_be_written_hides_no_failure() {
    let (zoho, folder) = (Zoho::new(), Folder::new());
    let cannot_write = |connection: &Connection| connection.execute_batch("PRAGMA query_only = 1");
    open(folder.path()).close().await;
    let store = Store::open_with(folder.path(), YEAR, cannot_write);
    let reply = fail(&zoho, &zoho.gateway(Some(store.clone()))).await;
    assert_eq!(outcomes(&reply), ["failed"]);
    store.flush().await;
    assert!(store.report().problem.is_some(), "nothing is on the disk");
}

#[tokio::test(start_paused = true)]
async fn a_second_process_with_the_same_folder_tells_nothing_of_the_past() {
    let (zoho, folder) = (Zoho::new(), Folder::new());
    let first = open(folder.path());
    let second = zoho.gateway(Some(open(folder.path())));
    let reply = fail(&zoho, &second).await;
    assert_eq!(reply.json().get("history"), None);
    first.close().await;
}
