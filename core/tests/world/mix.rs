//! What a seed picks: the troubles, the widgets, and how long the world lasts.

use crate::random::Random;
use crate::units::{DAY, HOUR, MINUTE, Millis, SECOND};
use std::fmt;
use std::time::Duration;
use zoho_backup_core::countdown::{CountdownMode, Pace};
use zoho_backup_core::policy::{OVERDUE_AFTER, Policy};
use zoho_backup_core::reader::Setup;

macro_rules! troubles {
    ($($(#[$meaning:meta])* $Trouble:ident,)+) => {
        /// What can be wrong around a widget.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Trouble { $($(#[$meaning])* $Trouble,)+ }

        impl Trouble {
            pub const ALL: &[Trouble] = &[$(Trouble::$Trouble,)+];
        }
    };
}

troubles! {
    /// The proxy sends neither `Date` nor `Age`.
    NoHeaders,
    /// The page may read `Age` and not `Date`.
    AgeOnly,
    /// Every answer has the same `Date`, which is old, and no `Age`.
    FrozenDate,
    /// A cache keeps the `Date` of its source and sends no `Age`.
    KeptDate,
    /// A cache sets a new `Date` and sends no `Age`: what it hides, no one can know.
    NewDate,
    /// A cache sets a new `Date` and sends the `Age` of its source as well.
    NewDateWithAge,
    /// The proxy's clock is wrong.
    WrongDate,
    /// Requests end without an answer.
    Drops,
    /// Requests get no answer within the deadline.
    Stalls,
    /// The network answers with what it was answered before.
    Replays,
    /// The proxy or Zoho answers with a fault.
    Refusals,
    /// `navigator.onLine` is false on a working network.
    FalseOffline,
    /// The reader's clock is wrong from the start.
    WrongClock,
    /// The reader's clock runs too fast or too slow.
    DriftingClock,
    /// The reader's clock is set wrong, and later right again.
    JumpingClock,
    /// The computer sleeps; on waking, the page may hear of it or not.
    Sleeps,
    /// The page is hidden or left, and seen again.
    HiddenPages,
    /// Several widgets share the feed, with intervals of their own; some come and go.
    SeveralWidgets,
}

/// The kinds that exclude each other: the headers of one proxy.
const HEADERS: &[Trouble] = Trouble::ALL.split_at(7).0;

/// One widget of the page.
#[derive(Clone, Copy, Debug)]
pub struct WidgetMix {
    /// `None`: it asks only when a reader wants it to.
    pub interval: Option<Duration>,
    pub setup: Setup,
}

/// The kinds of the network, which alone bring faults: picked more often.
const NETWORK: &[Trouble] = &[Trouble::Drops, Trouble::Stalls, Trouble::Refusals, Trouble::Refusals];

/// What a seed picks.
#[derive(Clone, Debug)]
pub struct Mix {
    pub seed: u64,
    pub troubles: Vec<Trouble>,
    /// How long the proxy's cache keeps an answer.
    pub keeps: Millis,
    pub widgets: Vec<WidgetMix>,
    /// How long the world lasts.
    pub length: Millis,
    /// When all troubles of network, proxy and clock end, after the start.
    pub heals_after: Millis,
}

impl Mix {
    pub fn new(seed: u64, random: &mut Random) -> Mix {
        let mut troubles = Vec::new();
        for _ in 0..random.pick(&[0, 1, 1, 2, 2, 3, 4, 5]) {
            let kinds = if random.percent(25) { NETWORK } else { Trouble::ALL };
            let trouble = random.pick(kinds);
            let is_excluded = HEADERS.contains(&trouble) && troubles.iter().any(|it| HEADERS.contains(it));
            if !is_excluded && !troubles.contains(&trouble) {
                troubles.push(trouble);
            }
        }
        let count = if troubles.contains(&Trouble::SeveralWidgets) { random.between(2, 3) } else { 1 };
        let widgets = (0..count).map(|index| WidgetMix::new(random, index)).collect::<Vec<_>>();
        let shortest = widgets.iter().filter_map(|widget| widget.interval).min();
        let shortest = shortest.map_or(Millis::MAX, |interval| interval.as_millis() as Millis);
        // So that every world has some thousands of requests at most.
        let (least, most) = if shortest < MINUTE {
            (18 * HOUR, 30 * HOUR)
        } else if shortest == MINUTE {
            (DAY, 2 * DAY)
        } else if shortest < HOUR {
            (DAY, 4 * DAY)
        } else {
            (4 * DAY, 14 * DAY)
        };
        let length = random.between(least, most);
        let heals_after = length - random.between(length / 5, length / 3);
        let keeps = random.pick(&[0, 0, 10, 60, 60, 300, 600]) * SECOND;
        Mix { seed, troubles, keeps, widgets, length, heals_after }
    }

    pub fn has(&self, trouble: Trouble) -> bool {
        self.troubles.contains(&trouble)
    }
}

impl WidgetMix {
    pub fn new(random: &mut Random, index: Millis) -> WidgetMix {
        let seconds = random.pick(&[30, 60, 300, 300, 300, 600, 3_600, 21_600]);
        let interval = (index == 0 || !random.percent(20)).then(|| Duration::from_secs(seconds));
        let modes = [CountdownMode::Auto, CountdownMode::Minute, CountdownMode::Minute, CountdownMode::Off];
        let mode = random.pick(&modes);
        // Seconds tick 3,600 times an hour: seldom, for the time that it takes.
        let pace = Pace { mode, reduced_motion: mode == CountdownMode::Auto && !random.percent(6) };
        let policy = Policy::new(Duration::from_secs(OVERDUE_AFTER), interval);
        WidgetMix { interval, setup: Setup { policy, pace, shows_age: random.percent(50) } }
    }
}

impl fmt::Display for Mix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hours = |length: Millis| length / HOUR;
        let intervals = self.widgets.iter().map(|widget| match widget.interval {
            Some(interval) => format!("{} s", interval.as_secs()),
            None => "on request".to_owned(),
        });
        write!(
            f,
            "seed {}: {} h, sound from hour {}, interval {}, cache {} s, {:?}",
            self.seed,
            hours(self.length),
            hours(self.heals_after),
            intervals.collect::<Vec<_>>().join(" + "),
            self.keeps / SECOND,
            self.troubles,
        )
    }
}
