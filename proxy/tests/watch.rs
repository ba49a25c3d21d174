//! The watch, for days on a paused clock: how often it asks, and that it asks no more than readers and Zoho allow.

mod common;
#[allow(dead_code, reason = "not all of it is used here")]
#[path = "downstream/folder.rs"]
mod folder;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use folder::Folder;
use secrecy::SecretString;
use serde_json::json;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use zoho_backup_core::backup::{Backup, Status};
use zoho_backup_core::history::Seen;
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::failure::{Failure, Secret};
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::metrics::metrics;
use zoho_backup_proxy::status::status;
use zoho_backup_proxy::store::Store;
use zoho_backup_proxy::zoho::{Answer, Token, Upstream};
use zoho_backup_proxy::zoho_clock::ZohoClock;

/// The start of every test, in seconds: 2026-11-26T00:00:00Z.
const START: u64 = 1_795_651_200;
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;
const YEAR: Duration = Duration::from_secs(365 * DAY);

/// What Zoho says at a time, in seconds after the start: a status with a date, or a failure.
type Story = fn(u64) -> Result<(&'static str, &'static str), Failure>;

/// Zoho, and the clocks of the machine.
#[derive(Clone)]
struct World(Arc<Recorded>);

struct Recorded {
    start: Instant,
    story: Story,
    /// When it was asked, in seconds after the start.
    asked: Mutex<Vec<f64>>,
    renewed: Mutex<Vec<f64>>,
}

impl World {
    fn new(story: Story) -> World {
        let (asked, renewed) = (Mutex::default(), Mutex::default());
        World(Arc::new(Recorded { start: Instant::now(), story, asked, renewed }))
    }

    fn clock(&self) -> ZohoClock {
        let world = self.clone();
        ZohoClock::with(move || world.now())
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(START) + self.0.start.elapsed()
    }

    /// A gateway that watches, and remembers if there is a folder.
    fn gateway(&self, folder: Option<&Path>) -> Gateway {
        let watch_interval = Some(Duration::from_secs(300));
        let settings = Settings { watch_interval, ..common::settings("http://zoho.invalid") };
        match folder {
            Some(folder) => {
                Gateway::with_memory(settings, self.clone(), self.clock(), Store::open(folder, YEAR))
            }
            None => Gateway::with_clock(settings, self.clone(), self.clock()),
        }
    }

    fn asked(&self) -> Vec<f64> {
        self.0.asked.lock().unwrap().clone()
    }

    fn renewed(&self) -> Vec<f64> {
        self.0.renewed.lock().unwrap().clone()
    }

    /// How many questions there were in this time.
    fn count(&self, from: u64, to: u64) -> usize {
        self.asked().iter().filter(|at| (from as f64..to as f64).contains(*at)).count()
    }
}

impl Upstream for World {
    async fn fetch_backup(&self, _: &SecretString, _: Instant) -> Result<Answer, Failure> {
        let passed = self.0.start.elapsed();
        self.0.asked.lock().unwrap().push(passed.as_secs_f64());
        let (status, date) = (self.0.story)(passed.as_secs())?;
        let document = json!({ "id": "4876876000001593003", "status": status, "scheduled_date": date });
        let text = json!({ "backup": document }).to_string();
        let backup = Backup::read(&serde_json::from_value(document).unwrap());
        Ok(Answer { backup, text, date: Some(self.now()) })
    }

    async fn renew_token(&self, _: Instant) -> Result<Token, Failure> {
        self.0.renewed.lock().unwrap().push(self.0.start.elapsed().as_secs_f64());
        let lifetime = Duration::from_secs(3_600);
        Ok(Token { secret: SecretString::from("a"), lifetime, mismatch: None })
    }
}

/// Lets it watch. What it calls random is the same at each run.
#[must_use = "abort it"]
fn start(gateway: &Gateway) -> JoinHandle<()> {
    let gateway = gateway.clone();
    let mut state = 1_u32;
    let chance = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state
    };
    tokio::spawn(async move { gateway.watch(chance).await })
}

async fn pass(seconds: u64) {
    sleep(Duration::from_secs(seconds)).await;
}

fn gaps(times: &[f64]) -> Vec<f64> {
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

fn assert_gaps(times: &[f64], least: f64, most: f64) {
    for (gap, at) in gaps(times).into_iter().zip(times) {
        assert!((least - 0.01..=most + 0.01).contains(&gap), "{gap} seconds after {at}");
    }
}

#[tokio::test(start_paused = true)]
async fn at_rest_it_asks_every_five_minutes() {
    let world = World::new(|_| Ok(("SCHEDULED", "2027-12-01T00:00:00Z")));
    let watching = start(&world.gateway(None));
    pass(7 * DAY).await;
    assert!(world.asked()[0] <= 6.0, "it begins at once");
    assert_gaps(&world.asked(), 270.0, 330.0);
    for day in 0..7 {
        let count = world.count(day * DAY, (day + 1) * DAY);
        assert!((284..=292).contains(&count), "{count} questions on day {day}");
    }
    println!("{} questions in 7 days, {} tokens", world.asked().len(), world.renewed().len());
    assert!(world.renewed().len() <= 7 * 27, "{}", world.renewed().len());
    watching.abort();
}

#[tokio::test(start_paused = true)]
async fn while_a_run_is_due_it_asks_every_minute_for_an_hour() {
    let world = World::new(|_| Ok(("SCHEDULED", "2026-11-26T12:00:00Z")));
    let watching = start(&world.gateway(None));
    pass(DAY).await;
    let (noon, asked) = (12 * HOUR, world.asked());
    let first = asked.iter().find(|at| **at > noon as f64).expect("a question");
    assert!(first - noon as f64 <= 7.1, "it asks when it is due: {first}");
    let counts = (world.count(0, noon), world.count(noon, noon + HOUR), world.count(noon + HOUR, DAY));
    println!("before, while due, after: {counts:?}");
    assert!((140..=150).contains(&counts.0) && (55..=60).contains(&counts.1), "{counts:?}");
    assert!((128..=138).contains(&counts.2), "{counts:?}");
    assert_gaps(&asked, 60.0, 330.0);
    watching.abort();
}

#[tokio::test(start_paused = true)]
async fn while_a_run_is_under_way_it_asks_every_minute_for_a_day() {
    let world = World::new(|_| Ok(("INPROGRESS", "2026-11-26T00:00:00Z")));
    let folder = Folder::new();
    let first = world.gateway(Some(folder.path()));
    let watching = start(&first);
    pass(DAY / 2).await;
    // A new process knows since when it runs.
    watching.abort();
    let _ = watching.await;
    first.close().await;
    let watching = start(&world.gateway(Some(folder.path())));
    pass(DAY / 2 + DAY).await;
    let counts = (world.count(0, DAY), world.count(DAY + 60, 2 * DAY));
    println!("on the first day, on the second: {counts:?}");
    assert!((1_309..=1_440).contains(&counts.0) && (280..=296).contains(&counts.1), "{counts:?}");
    watching.abort();
}

#[tokio::test(start_paused = true)]
async fn during_an_outage_it_asks_ever_more_rarely() {
    let world = World::new(|now| match now {
        DAY.. => Ok(("SCHEDULED", "2027-12-01T00:00:00Z")),
        _ => Err(Failure::Unreachable),
    });
    let watching = start(&world.gateway(None));
    pass(DAY + HOUR).await;
    let gaps = gaps(&world.asked());
    for (gap, least) in gaps.iter().zip([15.0, 30.0, 60.0, 120.0, 240.0, 300.0, 300.0]) {
        assert!((least - 0.01..=least * 1.1 + 0.01).contains(gap), "{gap}, not {least}");
    }
    let count = world.count(0, DAY);
    println!("{count} questions on a day of an outage");
    assert!((262..=292).contains(&count), "{count}");
    // It ends within one interval.
    assert!(world.count(DAY, DAY + 330) >= 1);
    watching.abort();
}

#[tokio::test(start_paused = true)]
async fn where_somebody_must_act_it_keeps_to_the_longer_pauses() {
    let world = World::new(|_| Err(Failure::ZohoError("OAUTH_SCOPE_MISMATCH".into())));
    let watching = start(&world.gateway(None));
    pass(DAY).await;
    let count = world.count(0, DAY);
    println!("{count} questions on a day without permission");
    assert!((125..=150).contains(&count), "{count}");
    watching.abort();
}

#[tokio::test(start_paused = true)]
async fn with_readers_there_is_no_further_question() {
    let story: Story = |_| Ok(("SCHEDULED", "2027-12-01T00:00:00Z"));
    let mut counts = Vec::new();
    for is_watched in [false, true] {
        let world = World::new(story);
        let gateway = world.gateway(None);
        let watching = is_watched.then(|| start(&gateway));
        for _ in 0..DAY / 20 {
            pass(20).await;
            assert!(gateway.backup().await.expect("not busy").is_ok());
        }
        assert_gaps(&world.asked(), 60.0, 80.0);
        counts.push(world.asked().len());
        watching.inspect(JoinHandle::abort);
    }
    println!("readers alone, with the watch: {counts:?}");
    assert!(counts[1] <= counts[0] + 1, "{counts:?}");
}

#[tokio::test(start_paused = true)]
async fn a_readers_answer_counts_for_the_watch() {
    let world = World::new(|_| Ok(("SCHEDULED", "2027-12-01T00:00:00Z")));
    let gateway = world.gateway(None);
    let watching = start(&gateway);
    for _ in 0..100 {
        pass(200).await;
        assert!(gateway.backup().await.expect("not busy").is_ok());
    }
    // The watch's first, and the readers'.
    assert_eq!(world.asked().len(), 101);
    watching.abort();
}

#[tokio::test(start_paused = true)]
async fn processes_that_restart_again_and_again_keep_to_zohos_limit() {
    let world = World::new(|_| Ok(("SCHEDULED", "2027-12-01T00:00:00Z")));
    let folder = Folder::new();
    let mut restarts = 0;
    for (times, lifetime) in [(20, 10), (40, 75)] {
        for _ in 0..times {
            let gateway = world.gateway(Some(folder.path()));
            let watching = start(&gateway);
            let _ = gateway.backup().await;
            pass(lifetime).await;
            watching.abort();
            let _ = watching.await;
            gateway.close().await;
            restarts += 1;
        }
    }
    let renewed = world.renewed();
    println!("{restarts} starts, {} tokens in {:?}", renewed.len(), world.0.start.elapsed());
    for (first, eleventh) in renewed.iter().zip(renewed.iter().skip(10)) {
        assert!(eleventh - first > 600.0, "eleven tokens within ten minutes: {renewed:?}");
    }
    assert_eq!(renewed.iter().filter(|at| **at < 200.0).count(), 10, "as many as Zoho gives");
    assert!(renewed.len() >= 40, "later there are further ones: {}", renewed.len());
}

/// A secret that cannot be read for the first hour.
struct Unreadable(World);

impl Upstream for Unreadable {
    async fn fetch_backup(&self, token: &SecretString, deadline: Instant) -> Result<Answer, Failure> {
        self.0.fetch_backup(token, deadline).await
    }

    async fn renew_token(&self, deadline: Instant) -> Result<Token, Failure> {
        match self.0.0.start.elapsed().as_secs() {
            ..HOUR => Err(Failure::UnreadableSecret(Secret::RefreshToken)),
            _ => self.0.renew_token(deadline).await,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_not_requested_does_not_count() {
    let world = World::new(|_| Ok(("SCHEDULED", "2027-12-01T00:00:00Z")));
    let folder = Folder::new();
    let store = Store::open(folder.path(), YEAR);
    let upstream = Unreadable(world.clone());
    let settings = common::settings("http://zoho.invalid");
    let gateway = Gateway::with_memory(settings, upstream, world.clock(), store.clone());
    for _ in 0..HOUR / 60 {
        assert!(gateway.backup().await.expect("not busy").is_err());
        pass(60).await;
    }
    assert_eq!(store.renewals(), []);
    pass(600).await;
    assert!(gateway.backup().await.expect("not busy").is_ok());
    assert_eq!((store.renewals().len(), world.renewed().len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_second_process_neither_watches_nor_remembers_until_the_first_ends() {
    let world = World::new(|_| Ok(("SCHEDULED", "2027-12-01T00:00:00Z")));
    let folder = Folder::new();
    let (first, second) = (world.gateway(Some(folder.path())), world.gateway(Some(folder.path())));
    let (watching, standing_by) = (start(&first), start(&second));
    pass(HOUR).await;
    assert!((10..=14).contains(&world.asked().len()), "one of them asks: {:?}", world.asked().len());
    assert_eq!((first.upkeep().is_watching(), second.upkeep().is_watching()), (Some(true), Some(false)));
    assert_eq!(
        (first.upkeep().is_remembering(), second.upkeep().is_remembering()),
        (Some(true), Some(false))
    );
    let problem = second.upkeep().store.expect("a store").problem.expect("a problem").to_string();
    assert!(problem.contains("another gateway"), "{problem}");
    // It serves.
    assert!(second.backup().await.expect("not busy").is_ok());
    watching.abort();
    let _ = watching.await;
    first.close().await;
    let before = world.asked().len();
    pass(HOUR).await;
    assert!((10..=14).contains(&(world.asked().len() - before)));
    assert_eq!((second.upkeep().is_watching(), second.upkeep().is_remembering()), (Some(true), Some(true)));
    standing_by.abort();
}

#[tokio::test(start_paused = true)]
async fn what_it_sees_is_remembered_with_the_times_between_which_nothing_changed() {
    let world = World::new(|now| {
        Ok(match now {
            ..HOUR => ("SCHEDULED", "2026-11-26T01:00:00Z"),
            HOUR..5_400 => ("INPROGRESS", "2026-11-26T01:00:00Z"),
            _ => ("SCHEDULED", "2026-11-27T01:00:00Z"),
        })
    });
    let folder = Folder::new();
    let gateway = world.gateway(Some(folder.path()));
    let watching = start(&gateway);
    pass(2 * HOUR).await;
    watching.abort();
    let _ = watching.await;
    gateway.close().await;
    let store = Store::open(folder.path(), YEAR);
    let seen: Vec<_> = store
        .observations()
        .into_iter()
        .map(|observation| {
            let Seen::Backup { status: Some(status), .. } = observation.seen else { panic!("a backup") };
            let seconds = |at: zoho_backup_core::instant::Timestamp| at.as_millis() / 1_000 - START as i64;
            (status, seconds(observation.first), seconds(observation.last))
        })
        .collect();
    println!("{seen:?}");
    let statuses: Vec<_> = seen.iter().map(|(status, ..)| status.clone()).collect();
    assert_eq!(statuses, [Status::Scheduled, Status::InProgress, Status::Scheduled]);
    assert!(seen[1].1 <= 3_600 + 67, "the run was seen as soon as the cache lets it");
    assert!(seen[2].1 - seen[1].2 <= 67, "its end is known to a minute");
}

#[tokio::test(start_paused = true)]
async fn a_run_is_missed_as_soon_as_the_settings_say() {
    let world = World::new(|_| Ok(("SCHEDULED", "2026-11-26T01:00:00Z")));
    for (overdue_after, expected) in [(Duration::from_secs(600), 1), (Duration::from_secs(7_200), 0)] {
        let folder = Folder::new();
        let settings = common::settings("http://zoho.invalid");
        let settings = Settings { watch_interval: Some(Duration::from_secs(60)), overdue_after, ..settings };
        let store = Store::open(folder.path(), YEAR);
        let gateway = Gateway::with_memory(settings, world.clone(), world.clock(), store);
        let watching = start(&gateway);
        pass(HOUR + 900).await;
        let runs = gateway.upkeep().history.expect("a history").runs;
        assert_eq!(runs.len(), expected, "{overdue_after:?}: {runs:?}");
        watching.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_run_is_told_although_the_next_one_is_scheduled() {
    let world = World::new(|now| {
        Ok(match now {
            ..HOUR => ("SCHEDULED", "2026-11-26T01:00:00Z"),
            HOUR..5_400 => ("INPROGRESS", "2026-11-26T01:00:00Z"),
            5_400..9_000 => ("COMPLETED", "2026-11-26T03:00:00Z"),
            9_000..10_800 => ("SCHEDULED", "2026-11-26T03:00:00Z"),
            10_800..12_600 => ("FAILED", "2026-11-27T01:00:00Z"),
            _ => ("SCHEDULED", "2026-11-27T01:00:00Z"),
        })
    });
    let folder = Folder::new();
    let gateway = world.gateway(Some(folder.path()));
    let watching = start(&gateway);
    pass(4 * HOUR).await;
    watching.abort();
    let _ = watching.await;
    let (observed, answer, upkeep) =
        (gateway.observations().so_far(), gateway.last_answer(), gateway.upkeep());
    let status = status(&observed, answer.as_deref(), &upkeep);
    println!("{:#}", status["history"]);
    let outcomes =
        status["history"]["runs"].as_array().expect("runs").iter().map(|run| run["outcome"].as_str());
    assert_eq!(outcomes.collect::<Vec<_>>(), [Some("failed"), Some("completed")]);
    assert_eq!(status["history"]["last_good"]["due"], "2026-11-26T01:00:00Z");
    let metrics = metrics(&observed, answer.as_deref(), &upkeep);
    for line in [
        "zoho_backup_state{state=\"failed\",tone=\"bad\",reason=\"last-run-failed\"} 1",
        "zoho_backup_last_run{outcome=\"failed\"} 1",
        "zoho_backup_failures_since_good_run 1",
    ] {
        assert!(metrics.lines().any(|it| it == line), "{line}: {metrics}");
    }
    let good = metrics.lines().find_map(|it| it.strip_prefix("zoho_backup_last_good_run_timestamp_seconds "));
    let good: f64 = good.expect("a good run").parse().expect("a number");
    assert!((5_400.0..5_500.0).contains(&(good - START as f64)), "{good}");
}
