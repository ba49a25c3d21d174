//! How the instants of a timeline lie in the reader's time.

use std::time::Duration;

use proptest::prelude::*;
use sandbox::timeline::{MAX_SPEED, Moment, Name, Playing};
use zoho_backup_core::instant::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// In seconds after 1,800,000,000.
fn real(moment: &Moment, at: Timestamp) -> i64 {
    moment.real(at).as_millis().div_euclid(1_000) - 1_800_000_000
}

#[test]
fn at_rest_the_end_is_now() {
    let timeline = Name::Good.timeline();
    // Zoho's dates have whole seconds.
    let moment = Moment::at_rest(&timeline, NOW.after(Duration::from_millis(600)));
    assert_eq!(moment.at(), timeline.end());
    assert_eq!(real(&moment, timeline.end()), 0);
    assert_eq!(real(&moment, timeline.end().after(Duration::from_secs(90))), 90);
    assert_eq!(real(&moment, timeline.end().before(Duration::from_secs(90))), -90);
    assert!(moment.keeps_days());
}

#[test]
fn a_played_timeline_is_mapped_to_the_readers_time() {
    let timeline = Name::Good.timeline();
    let hour = |hours: u64| timeline.start().after(Duration::from_hours(hours));
    let since = NOW.before(Duration::from_mins(10));
    // The speed; how old the timeline is after 10 minutes; and in how many seconds it is one hour old.
    for (speed, at, ago) in [
        (1, Duration::from_mins(10), 3_000),
        (6, Duration::from_hours(1), 0),
        (60, Duration::from_hours(10), -540),
    ] {
        let moment = Moment::played(&timeline, Playing::new(since, speed), NOW);
        assert_eq!(moment.at(), timeline.start().after(at), "{speed}");
        assert_eq!(real(&moment, hour(1)), ago, "{speed}");
        assert_eq!(moment.keeps_days(), speed == 1);
    }
    let early = Moment::played(&timeline, Playing::new(NOW.after(Duration::from_hours(1)), 60), NOW);
    assert_eq!((early.at(), real(&early, timeline.start())), (timeline.start(), 3_600), "it has not begun");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// A date stays where it is during one pass, and is in the order of the timeline.
    #[test]
    fn a_date_stands_still_while_it_is_played(speed in 1..=MAX_SPEED, earlier in 0..500_u32, later in 0..500_u32, minute in 0..14_000_u64) {
        let timeline = Name::Good.timeline();
        let at = timeline.start().after(Duration::from_mins(minute));
        let length = timeline.end().since(timeline.start()) / speed;
        let now = |share: u32| NOW.after((length * share / 500).saturating_sub(Duration::from_millis(1)));
        let moment = |share| Moment::played(&timeline, Playing::new(NOW, speed), now(share));
        let (first, second) = (moment(earlier), moment(later));
        prop_assert_eq!(first.date(at), second.date(at));
        prop_assert!(first.real(timeline.start()) <= first.real(at));
        prop_assert_eq!(first.real(first.at()), now(earlier));
    }
}
