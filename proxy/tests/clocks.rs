//! A wrong clock of the gateway's machine, and one that was suspended.

mod downstream;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::http::Request;
use downstream::{answer, settings, token};
use secrecy::SecretString;
use tokio::time::Instant;
use tower::ServiceExt;
use zoho_backup_proxy::failure::Failure;
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::metrics::metrics;
use zoho_backup_proxy::router::router;
use zoho_backup_proxy::zoho::{Answer, BACKUP_PATH, Token, Upstream};
use zoho_backup_proxy::zoho_clock::ZohoClock;

/// The true time, in seconds.
const NOW: u64 = 1_795_608_000;

/// A machine and Zoho, whose clocks go as the test says.
#[derive(Clone, Default)]
struct World(Arc<Mutex<Clocks>>);

#[derive(Clone, Copy, Default)]
struct Clocks {
    /// Seconds since the start.
    passed: u64,
    /// By how much the machine's clock is ahead.
    error: i64,
    /// How long the machine sleeps while Zoho is asked.
    sleeps: u64,
    fails: bool,
}

impl World {
    fn clocks(&self) -> Clocks {
        *self.0.lock().unwrap()
    }

    fn set(&self, change: impl FnOnce(&mut Clocks)) {
        change(&mut self.0.lock().unwrap());
    }

    fn clock(&self) -> ZohoClock {
        let world = self.clone();
        ZohoClock::with(move || {
            let Clocks { passed, error, .. } = world.clocks();
            UNIX_EPOCH + Duration::from_secs((NOW + passed).checked_add_signed(error).unwrap())
        })
    }

    /// Both clocks go on.
    async fn pass(&self, seconds: u64) {
        self.set(|clocks| clocks.passed += seconds);
        tokio::time::advance(Duration::from_secs(seconds)).await;
    }

    fn gateway(&self) -> Gateway {
        Gateway::with_clock(settings("https://zoho.invalid"), self.clone(), self.clock())
    }
}

impl Upstream for World {
    async fn fetch_backup(&self, _: &SecretString, _: Instant) -> Result<Answer, Failure> {
        let sent = self.clocks();
        // The answer was written before the sleep, and is read after it.
        self.set(|clocks| clocks.passed += clocks.sleeps);
        if sent.fails {
            return Err(Failure::Unreachable);
        }
        let date = Some(UNIX_EPOCH + Duration::from_secs(NOW + sent.passed));
        Ok(Answer { date, ..answer() })
    }

    async fn renew_token(&self, _: Instant) -> Result<Token, Failure> {
        Ok(token())
    }
}

/// Status, `Date` in seconds after the start, and `Age`, of an answer to this path.
async fn ask(gateway: &Gateway, path: &str) -> (u16, Option<i64>, Option<u64>) {
    let request = Request::get(path).header("host", "localhost").body(Body::empty()).unwrap();
    let response = router(gateway.clone()).oneshot(request).await.unwrap();
    let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap());
    let seconds = |date: SystemTime| date.duration_since(UNIX_EPOCH).unwrap().as_secs() as i64 - NOW as i64;
    let date = header("date").map(|date| seconds(httpdate::parse_http_date(date).unwrap()));
    (response.status().as_u16(), date, header("age").map(|age| age.parse().unwrap()))
}

#[tokio::test(start_paused = true)]
async fn readers_get_zohos_time_however_wrong_the_machines_clock_is() {
    for error in [-36_000, -600, 0, 600, 36_000] {
        let world = World::default();
        world.set(|clocks| clocks.error = error);
        let gateway = world.gateway();
        assert_eq!(ask(&gateway, BACKUP_PATH).await, (200, Some(0), Some(0)), "{error}");
        world.pass(30).await;
        assert_eq!(ask(&gateway, BACKUP_PATH).await, (200, Some(0), Some(30)), "{error}");
        // Everything else, too. Where the machine's clock is right, the server adds the header.
        let expected = (error != 0).then_some(30);
        assert_eq!(ask(&gateway, "/nowhere").await, (404, expected, None), "{error}");
        world.set(|clocks| clocks.fails = true);
        world.pass(4_000).await;
        let expected = (error != 0).then_some(4_030);
        assert_eq!(ask(&gateway, BACKUP_PATH).await, (502, expected, None), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_state_in_the_metrics_does_not_depend_on_the_machines_clock() {
    let mut texts = BTreeSet::new();
    for error in [-36_000, 0, 36_000] {
        let world = World::default();
        world.set(|clocks| clocks.error = error);
        let gateway = world.gateway();
        ask(&gateway, BACKUP_PATH).await;
        let text =
            metrics(&gateway.observations().so_far(), gateway.last_answer().as_deref(), &gateway.upkeep());
        texts.extend(text.lines().filter(|line| line.starts_with("zoho_backup_s")).map(str::to_owned));
    }
    assert_eq!(texts.len(), 2, "{texts:?}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_read_after_a_sleep_is_as_old_as_its_request() {
    let world = World::default();
    let gateway = world.gateway();
    world.set(|clocks| clocks.sleeps = 7_200);
    // Old, and not an hour's error of the machine's clock.
    assert_eq!(ask(&gateway, BACKUP_PATH).await, (200, Some(0), Some(7_200)));
    assert_eq!(ask(&gateway, "/nowhere").await, (404, None, None));
    world.set(|clocks| clocks.sleeps = 0);
    assert_eq!(ask(&gateway, BACKUP_PATH).await, (200, Some(7_200), Some(0)), "it is asked for again");
}

#[tokio::test(start_paused = true)]
async fn an_answer_ages_while_the_machine_sleeps() {
    let world = World::default();
    let gateway = world.gateway();
    assert_eq!(ask(&gateway, BACKUP_PATH).await, (200, Some(0), Some(0)));
    world.set(|clocks| clocks.passed += 50);
    assert_eq!(ask(&gateway, BACKUP_PATH).await, (200, Some(0), Some(50)));
    world.set(|clocks| clocks.passed += 50);
    assert_eq!(ask(&gateway, BACKUP_PATH).await, (200, Some(100), Some(0)));
}
