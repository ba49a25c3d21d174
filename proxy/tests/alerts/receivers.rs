//! Receivers of all manners: what is decided is delivered at last, in its order, and at most once more than needed.

use std::collections::BTreeSet;

use zoho_backup_proxy::alerts::problem::Problem;

use crate::folder::Folder;
use crate::world::{DAY, HOUR, Manners, Post, World, accepts, daily, pass, refuses, start, stop};

/// A failed run at the start of day 1, and no other trouble.
fn one_failure(now: u64) -> Result<(&'static str, Option<u64>), zoho_backup_proxy::failure::Failure> {
    let due = |day| Some(day * DAY + 2 * HOUR);
    Ok(match now / DAY {
        1 if now % DAY >= 8_400 => ("FAILED", due(2)),
        2 if now % DAY < 2 * HOUR => ("FAILED", due(2)),
        _ => daily(now),
    })
}

/// When the failure is told of.
const TOLD: u64 = DAY + 8_400;

async fn posts_by(manners: Manners, days: u64) -> (World, Vec<Post>) {
    let world = World::new(one_failure, manners);
    let folder = Folder::new();
    let gateway = world.gateway(folder.path());
    let running = start(&gateway);
    pass(days * DAY).await;
    stop(gateway, running).await;
    let posts = world.posts();
    (world, posts)
}

fn pauses(posts: &[Post]) -> Vec<f64> {
    posts.windows(2).map(|pair| pair[1].at - pair[0].at).collect()
}

/// That both alerts were accepted once, in their order, after refusals of the first only.
fn assert_delivered(world: &World, posts: &[Post]) {
    assert_eq!(world.accepted(), ["failed", "good-again (failed)"]);
    let refused: BTreeSet<_> = posts.iter().filter(|post| !post.is_accepted).map(|post| &post.id).collect();
    let first = posts.iter().find(|post| post.is_accepted).map(|post| &post.id);
    assert_eq!(refused.into_iter().collect::<Vec<_>>(), first.into_iter().collect::<Vec<_>>(), "one id");
}

#[tokio::test(start_paused = true)]
async fn one_that_answers_500_for_an_hour() {
    let (world, posts) =
        posts_by(|now| if now < TOLD + HOUR { refuses(500, None) } else { accepts(now) }, 3).await;
    let pauses = pauses(&posts);
    println!("{pauses:?}");
    for (pause, least) in pauses.iter().zip([15.0, 30.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1_920.0]) {
        assert!((least..=least * 1.1 + 0.1).contains(pause), "{pause}, not {least}");
    }
    assert_eq!(posts.iter().filter(|post| !post.is_accepted).count(), 8);
    assert_delivered(&world, &posts);
}

#[tokio::test(start_paused = true)]
async fn one_that_asks_to_wait() {
    let (world, posts) =
        posts_by(|now| if now < TOLD + 2 * HOUR { refuses(429, Some(1_800)) } else { accepts(now) }, 3).await;
    let pauses = pauses(&posts);
    assert!(pauses[..4].iter().all(|pause| (1_800.0..1_920.0).contains(pause)), "{pauses:?}");
    assert_delivered(&world, &posts);
}

#[tokio::test(start_paused = true)]
async fn one_that_asks_to_wait_for_a_year_is_asked_after_a_day() {
    let (world, posts) =
        posts_by(|now| if now < TOLD + HOUR { refuses(503, Some(365 * DAY)) } else { accepts(now) }, 4).await;
    let pauses = pauses(&posts);
    assert!((DAY as f64..DAY as f64 + 400.0).contains(&pauses[0]), "{pauses:?}");
    assert_delivered(&world, &posts);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_gone_for_three_hours_is_tried_hourly() {
    for status in [404, 410, 302] {
        let manners: Manners = match status {
            404 => |now| if now < TOLD + 3 * HOUR { refuses(404, None) } else { accepts(now) },
            410 => |now| if now < TOLD + 3 * HOUR { refuses(410, None) } else { accepts(now) },
            _ => |now| if now < TOLD + 3 * HOUR { refuses(302, None) } else { accepts(now) },
        };
        let (world, posts) = posts_by(manners, 3).await;
        let refused = posts.iter().filter(|post| !post.is_accepted).count();
        assert!((3..=4).contains(&refused), "{status}: {refused}");
        assert!(pauses(&posts)[..2].iter().all(|pause| (3_600.0..3_961.0).contains(pause)), "{status}");
        assert_delivered(&world, &posts);
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_is_slow_may_get_it_twice_by_one_id() {
    let slow = |now| match now < TOLD + 120 {
        true => Err(Problem::TimedOut.into()),
        false => accepts(now),
    };
    let (world, posts) = posts_by(slow, 3).await;
    assert!((3..=5).contains(&posts.len()), "{posts:?}");
    assert_delivered(&world, &posts);
}

#[tokio::test(start_paused = true)]
async fn what_waits_keeps_its_order() {
    let (world, posts) =
        posts_by(|now| if now < 3 * DAY { refuses(500, None) } else { accepts(now) }, 4).await;
    // Before the second is tried, the first is accepted.
    assert_delivered(&world, &posts);
    let accepted: Vec<_> = posts.iter().filter(|post| post.is_accepted).map(|post| post.at).collect();
    assert!(accepted.iter().all(|at| *at > (3 * DAY) as f64), "{accepted:?}");
}

#[tokio::test(start_paused = true)]
async fn one_that_never_accepts_is_given_up_after_a_week() {
    let world = World::new(one_failure, |_| refuses(500, None));
    let folder = Folder::new();
    let gateway = world.gateway(folder.path());
    let running = start(&gateway);
    pass(8 * DAY).await;
    assert_eq!(gateway.upkeep().alerts.map(|alerts| alerts.waiting), Some(2));
    pass(3 * DAY).await;
    assert_eq!(gateway.upkeep().alerts.map(|alerts| alerts.waiting), Some(0));
    let posts = world.posts();
    let first: Vec<_> = posts.iter().filter(|post| post.id == posts[0].id).collect();
    let lasted = first.last().expect("an attempt").at - first[0].at;
    let longest = (7 * DAY) as f64;
    assert!((longest..=longest + 4_000.0).contains(&lasted), "{lasted}");
    stop(gateway, running).await;
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_sent_although_the_machine_was_off_for_a_week() {
    let world = World::new(one_failure, |now| if now < 2 * DAY { refuses(500, None) } else { accepts(now) });
    let folder = Folder::new();
    let gateway = world.gateway(folder.path());
    let running = start(&gateway);
    pass(TOLD + HOUR).await;
    stop(gateway, running).await;
    pass(8 * DAY).await;
    let gateway = world.gateway(folder.path());
    let running = start(&gateway);
    pass(HOUR).await;
    stop(gateway, running).await;
    assert_delivered(&world, &world.posts());
}

#[tokio::test(start_paused = true)]
async fn retries_and_their_pauses_survive_a_restart() {
    let world =
        World::new(
            one_failure,
            |now| if now < TOLD + 2 * HOUR { refuses(429, Some(HOUR)) } else { accepts(now) },
        );
    let folder = Folder::new();
    // Each process lives for 20 minutes.
    for _ in 0..3 * DAY / 1_200 {
        let gateway = world.gateway(folder.path());
        let running = start(&gateway);
        pass(1_200).await;
        stop(gateway, running).await;
    }
    let posts = world.posts();
    assert_delivered(&world, &posts);
    let pauses = pauses(&posts);
    assert!(pauses[..2].iter().all(|pause| (3_600.0..4_000.0).contains(pause)), "{pauses:?}");
}
