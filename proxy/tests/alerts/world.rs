//! A backup by a story, a receiver by another one, and the clocks of the machine, all on tokio's clock.

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rusqlite::Connection;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use zoho_backup_core::backup::Backup;
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_proxy::alerts::courier::{Courier, Parcel};
use zoho_backup_proxy::alerts::problem::{Problem, Refusal};
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::config::alerts::AlertSettings;
use zoho_backup_proxy::failure::Failure;
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::secret::Source;
use zoho_backup_proxy::store::Store;
use zoho_backup_proxy::zoho::{Answer, Token, Upstream};
use zoho_backup_proxy::zoho_clock::ZohoClock;

use crate::common;

/// The start of every test, in seconds: 2026-11-26T00:00:00Z.
pub const START: u64 = 1_795_651_200;
pub const MINUTE: u64 = 60;
pub const HOUR: u64 = 3_600;
pub const DAY: u64 = 86_400;
pub const YEAR: Duration = Duration::from_secs(365 * DAY);

/// What Zoho says at a time, in seconds after the start: a status, with a date in seconds after the start.
pub type Story = fn(u64) -> Result<(&'static str, Option<u64>), Failure>;

/// How the receiver answers, by the time in seconds after the start.
pub type Manners = fn(u64) -> Result<u16, Refusal>;

/// A daily backup at 02:00 that takes 20 minutes and is good.
pub fn daily(now: u64) -> (&'static str, Option<u64>) {
    let (day, second) = (now / DAY, now % DAY);
    let due = |day| Some(day * DAY + 2 * HOUR);
    match second {
        0..7_200 if day == 0 => ("SCHEDULED", due(0)),
        0..7_200 => ("COMPLETED", due(day)),
        7_200..8_400 => ("INPROGRESS", due(day)),
        _ => ("COMPLETED", due(day + 1)),
    }
}

pub fn accepts(_: u64) -> Result<u16, Refusal> {
    Ok(200)
}

pub fn refuses(status: u16, retry_after: Option<u64>) -> Result<u16, Refusal> {
    let retry_after = retry_after.map(Duration::from_secs);
    Err(Refusal { problem: Problem::Status(status), retry_after })
}

/// Zoho, a receiver, and the machine's clocks.
#[derive(Clone)]
pub struct World(Arc<State>);

struct State {
    start: Instant,
    story: Story,
    manners: Manners,
    /// By how much the machine's clock is wrong, in seconds.
    ahead: AtomicI64,
    posts: Mutex<Vec<Post>>,
    pings: Mutex<Vec<f64>>,
}

/// An attempt to send an alert.
#[derive(Clone, Debug)]
pub struct Post {
    /// In seconds after the start.
    pub at: f64,
    pub id: String,
    pub body: Value,
    pub is_accepted: bool,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}

impl World {
    pub fn new(story: Story, manners: Manners) -> World {
        World(Arc::new(State {
            start: Instant::now(),
            story,
            manners,
            ahead: AtomicI64::new(0),
            posts: Mutex::default(),
            pings: Mutex::default(),
        }))
    }

    pub fn elapsed(&self) -> u64 {
        self.0.start.elapsed().as_secs()
    }

    /// Sets the machine's clock.
    pub fn set_clock(&self, ahead: i64) {
        self.0.ahead.store(ahead, Ordering::Relaxed);
    }

    fn true_date(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(START) + self.0.start.elapsed()
    }

    fn clock(&self) -> ZohoClock {
        let world = self.clone();
        ZohoClock::with(move || {
            let ahead = world.0.ahead.load(Ordering::Relaxed);
            let length = Duration::from_secs(ahead.unsigned_abs());
            if ahead < 0 { world.true_date() - length } else { world.true_date() + length }
        })
    }

    pub fn settings(&self) -> Settings {
        let address = || Some(Source::Text("https://hooks.invalid/".into()));
        let alerts = AlertSettings { url: address(), heartbeat_url: address(), ..AlertSettings::default() };
        let watch_interval = Some(Duration::from_secs(300));
        Settings { watch_interval, alerts, ..common::settings("http://zoho.invalid") }
    }

    /// A gateway that watches, remembers and tells.
    pub fn gateway(&self, folder: &Path) -> Gateway {
        self.gateway_with(World::store(folder))
    }

    /// What it remembers.
    pub fn store(folder: &Path) -> Store {
        // Weeks have thousands of commits, and no test but those of the disk depends on how they reach it.
        let prepare = |connection: &Connection| connection.execute_batch("PRAGMA synchronous = OFF");
        Store::open_with(folder, YEAR, prepare)
    }

    pub fn gateway_with(&self, store: Store) -> Gateway {
        self.gateway_to(store, Arc::new(self.clone()))
    }

    /// A gateway with another receiver.
    pub fn gateway_to(&self, store: Store, courier: Arc<dyn Courier>) -> Gateway {
        Gateway::with_courier(self.settings(), self.clone(), self.clock(), Some(store), courier)
    }

    /// A gateway by other settings.
    pub fn gateway_by(&self, settings: Settings, store: Option<Store>) -> Gateway {
        Gateway::with_courier(settings, self.clone(), self.clock(), store, Arc::new(self.clone()))
    }

    pub fn posts(&self) -> Vec<Post> {
        self.0.posts.lock().unwrap().clone()
    }

    pub fn pings(&self) -> Vec<f64> {
        self.0.pings.lock().unwrap().clone()
    }

    /// Kind and subject of what was accepted: `missed`, `good-again (missed)`.
    pub fn accepted(&self) -> Vec<String> {
        let kind = |post: Post| {
            let (kind, about) = (post.body["kind"].as_str().unwrap(), post.body["about"].as_str().unwrap());
            if kind == about { kind.to_owned() } else { format!("{kind} ({about})") }
        };
        self.posts().into_iter().filter(|post| post.is_accepted).map(kind).collect()
    }
}

impl Upstream for World {
    async fn fetch_backup(&self, _: &SecretString, _: Instant) -> Result<Answer, Failure> {
        let (status, date) = (self.0.story)(self.elapsed())?;
        let date = date.map(|date| {
            let at = Timestamp::from_millis(((START + date) * 1_000) as i64);
            DateTime { at, offset: 19_800 }.written().unwrap()
        });
        let document = json!({ "id": "4876876000001593003", "status": status, "scheduled_date": date });
        let text = json!({ "backup": document }).to_string();
        let backup = Backup::read(&serde_json::from_value(document).unwrap());
        Ok(Answer { backup, text, date: Some(self.true_date()) })
    }

    async fn renew_token(&self, _: Instant) -> Result<Token, Failure> {
        let lifetime = Duration::from_secs(3_600);
        Ok(Token { secret: SecretString::from("a"), lifetime, mismatch: None })
    }
}

impl Courier for World {
    fn post(&self, parcel: Parcel) -> BoxFuture<'static, Result<u16, Refusal>> {
        let world = self.clone();
        async move {
            let answer = (world.0.manners)(world.elapsed());
            if answer.is_err_and(|refusal| refusal.problem == Problem::TimedOut) {
                sleep(Duration::from_secs(10)).await;
            }
            world.0.posts.lock().unwrap().push(Post {
                at: world.0.start.elapsed().as_secs_f64(),
                id: parcel.id,
                body: serde_json::from_str(&parcel.body).unwrap(),
                is_accepted: answer.is_ok(),
            });
            answer
        }
        .boxed()
    }

    fn ping(&self) -> BoxFuture<'static, Result<u16, Refusal>> {
        self.0.pings.lock().unwrap().push(self.0.start.elapsed().as_secs_f64());
        async { Ok(200) }.boxed()
    }
}

/// Lets it watch and tell. What it calls random is the same at each run.
#[must_use = "abort it"]
pub fn start(gateway: &Gateway) -> JoinHandle<()> {
    let gateway = gateway.clone();
    let chance = || {
        let mut state = 1_u32;
        move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state
        }
    };
    tokio::spawn(async move {
        tokio::join!(gateway.watch(chance()), gateway.alert(chance()));
    })
}

/// Ends a process in order.
pub async fn stop(gateway: Gateway, running: JoinHandle<()>) {
    running.abort();
    let _ = running.await;
    gateway.close().await;
}

pub async fn pass(seconds: u64) {
    sleep(Duration::from_secs(seconds)).await;
}
