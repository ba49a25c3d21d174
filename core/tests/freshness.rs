//! Freshness over whole days, behind proxies that cache.

use std::rc::Rc;
use std::time::Duration;
use zoho_backup_core::clock_error::ClockError;
use zoho_backup_core::feed::{Exchange, Feed};
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::options::Options;
use zoho_backup_core::polling::{Action, Effects, Event as FeedEvent};
use zoho_backup_core::reader::{Event, Reader, Setup};
use zoho_backup_core::reply::{self, Body, Reply};

/// 2022-07-26T04:28:45Z.
const START: Timestamp = Timestamp::from_millis(1_658_809_725_000);
const DAY: Duration = Duration::from_secs(24 * 3_600);
const SCHEDULED: &str = r#"{"backup":{"status":"SCHEDULED","scheduled_date":"2022-08-26T05:28:45Z"}}"#;

/// A proxy that keeps an answer for a while, and says in `Age` for how long it has.
struct Proxy {
    cache_time: Duration,
    read_at: Timestamp,
}

impl Proxy {
    fn answer(&mut self, now: Timestamp) -> Exchange {
        if now.since(self.read_at) >= self.cache_time {
            self.read_at = now;
        }
        let body = Body::read(SCHEDULED, |text| serde_json::from_str(text).ok());
        let result = reply::read(Reply { status: 200, body, retry_at: None });
        let (date, age) = (Some(self.read_at), now.since(self.read_at));
        Exchange { result, sent: now, arrived: Some(now), age, date, set_back: ClockError::default() }
    }
}

/// How often `stale` changes in a day in which all requests succeed, for one of several readers of the same proxy.
fn changes_in_a_day(interval: u64, cache_time: u64, reader: u32) -> usize {
    let interval = Duration::from_secs(interval);
    let setup = Setup {
        policy: Options { refresh_interval: Some(interval), ..Options::default() }.policy(),
        ..Setup::default()
    };
    let mut proxy = Proxy { cache_time: Duration::from_secs(cache_time), read_at: START };
    let mut now = START.after(Duration::from_secs(7 * u64::from(reader)));
    let (mut feed, mut widget) = (Feed::default(), Reader::new(setup, now));
    // Chance is another for each reader and each request.
    let mut chance = reader.wrapping_mul(0x9e37_79b9);
    let mut next_chance = || {
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        chance
    };
    let _ = feed.handle(FeedEvent::OptionsChanged { interval: Some(interval) }, now, 0);
    let mut effects = feed.handle(FeedEvent::Connected, now, 0);
    let (mut changes, mut was_stale) = (0, false);
    let mut look = |widget: &mut Reader, event, now, feed: &Feed| {
        let _ = widget.handle(event, now, feed.requests(now));
        let stale = widget.verdict().stale;
        changes += usize::from(stale != std::mem::replace(&mut was_stale, stale));
    };
    while now < START.after(DAY) {
        if effects.action == Some(Action::Fetch) {
            effects = feed.finish(proxy.answer(now), now, next_chance());
            look(&mut widget, Event::Published(Rc::clone(feed.known())), now, &feed);
        }
        let Effects { wake_at: Some(at), .. } = effects else { panic!("the feed has stopped at {now:?}") };
        // What time has changed is seen just before the next answer.
        look(&mut widget, Event::Time, at.before(Duration::from_millis(1)), &feed);
        now = at;
        effects = feed.handle(FeedEvent::Timer, now, next_chance());
    }
    changes
}

#[test]
fn while_all_requests_succeed_stale_never_changes_behind_any_cache() {
    for interval in [30, 60, 300, 3_600] {
        for cache_time in [0, 60, 300, 600] {
            for reader in 0..5 {
                let changes = changes_in_a_day(interval, cache_time, reader);
                assert_eq!(changes, 0, "every {interval} s, cached for {cache_time} s, reader {reader}");
            }
        }
    }
}
