//! What befalls the computer and the page: written down before the world starts.

use crate::computer;
use crate::mix::{Mix, Trouble};
use crate::network::{Ill, Network};
use crate::random::Random;
use crate::units::{DAY, HOUR, MINUTE, Millis, SECOND};

/// An event that does not follow from what the page does.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The network becomes ill or well.
    Network,
    /// `navigator.onLine` changes, and the page hears of it.
    Online(bool),
    Hide,
    Show,
    Leave,
    Return,
    Sleep {
        until: Millis,
    },
    WakeUp {
        page_hears: bool,
    },
    /// The reader's clock is set so far ahead.
    SetClock(Millis),
    Refresh,
    /// A host opens, changes or closes a widget.
    Open,
    Change,
    Close,
    /// From now on network, proxy and clock are sound.
    Heal,
}

/// The events of a world that starts and heals then.
pub fn events(mix: &Mix, random: &mut Random, network: &Network, start: Millis) -> Vec<(Millis, Event)> {
    let heals_at = start + mix.heals_after;
    let mut events = vec![(heals_at, Event::Heal)];
    for episode in network.episodes() {
        let is_known = matches!(episode.ill, Ill::Drops { is_known: true });
        events.push((episode.from, Event::Network));
        events.push((episode.until, Event::Network));
        if is_known {
            events.push((episode.from + random.between(1, 2_000), Event::Online(false)));
            events.push((episode.until, Event::Online(true)));
        }
    }
    for trouble in &mix.troubles {
        let pause = match trouble {
            Trouble::FalseOffline | Trouble::JumpingClock => 10 * HOUR,
            Trouble::Sleeps | Trouble::HiddenPages | Trouble::SeveralWidgets => 6 * HOUR,
            _ => continue,
        };
        let mut at = start + random.between(0, pause);
        while at < heals_at {
            let until = (at + length(random)).min(heals_at);
            at = befall(*trouble, random, at, until, &mut events) + random.between(MINUTE, pause);
        }
    }
    // Readers ask for an answer now and then.
    let mut at = start + random.between(MINUTE, 2 * DAY);
    while random.percent(50) && at < start + mix.length {
        events.push((at, Event::Refresh));
        at += random.between(SECOND, DAY);
    }
    events
}

/// What comes of a trouble at that time. Returns when it is over.
fn befall(
    trouble: Trouble,
    random: &mut Random,
    at: Millis,
    until: Millis,
    events: &mut Vec<(Millis, Event)>,
) -> Millis {
    match trouble {
        Trouble::FalseOffline => events.extend([(at, Event::Online(false)), (until, Event::Online(true))]),
        Trouble::JumpingClock => {
            events.extend([(at, Event::SetClock(computer::error(random))), (until, Event::SetClock(0))]);
        }
        Trouble::Sleeps => {
            events.extend([
                (at, Event::Sleep { until }),
                (until, Event::WakeUp { page_hears: random.percent(50) }),
            ]);
        }
        Trouble::HiddenPages if random.percent(70) => {
            events.extend([(at, Event::Hide), (until, Event::Show)]);
        }
        Trouble::HiddenPages => events.extend([(at, Event::Leave), (until, Event::Return)]),
        _ => events.push((at, random.pick(&[Event::Open, Event::Change, Event::Change, Event::Close]))),
    }
    until
}

/// How long a trouble lasts: minutes to a day.
fn length(random: &mut Random) -> Millis {
    match random.between(1, 4) {
        1 => random.between(5 * SECOND, 5 * MINUTE),
        2 | 3 => random.between(5 * MINUTE, 3 * HOUR),
        _ => random.between(3 * HOUR, 26 * HOUR),
    }
}
