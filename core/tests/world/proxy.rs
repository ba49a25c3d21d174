//! A proxy that asks an honest Zoho, keeps answers for a while, and sends the headers of its kind.

use crate::mix::{Mix, Trouble};
use crate::random::Random;
use crate::timeline::Timeline;
use crate::units::{DAY, HOUR, MINUTE, Millis, SECOND};
use std::rc::Rc;
use zoho_backup_core::reply::Body;

/// What a proxy tells of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Headers {
    /// `Date` of the source, and `Age` where the cache has kept the answer.
    True,
    None,
    AgeOnly,
    /// Always this `Date`. The content may be as old.
    Frozen {
        date: Millis,
        keeps_content: bool,
    },
    KeptDate,
    NewDate,
    NewDateWithAge,
    /// True, but by a clock that is ahead by so much.
    Wrong {
        ahead: Millis,
    },
}

/// A successful answer on its way, and the truth about it.
#[derive(Clone, Debug)]
pub struct Answer {
    pub body: Rc<Body>,
    /// When Zoho said so.
    pub source_at: Millis,
    /// `Date`, in whole seconds.
    pub date: Option<Millis>,
    /// `Age`, in seconds.
    pub age: Option<u64>,
    /// The age that the headers admit, by true clocks.
    pub admitted: Millis,
    pub sent_at: Millis,
}

#[derive(Clone, Debug)]
struct Kept {
    body: Rc<Body>,
    read_at: Millis,
}

#[derive(Clone, Debug)]
pub struct Proxy {
    pub headers: Headers,
    pub keeps: Millis,
    kept: Option<Kept>,
}

impl Proxy {
    pub fn new(mix: &Mix, random: &mut Random, start: Millis) -> Proxy {
        let kind = mix.troubles.iter().find_map(|trouble| {
            Some(match trouble {
                Trouble::NoHeaders => Headers::None,
                Trouble::AgeOnly => Headers::AgeOnly,
                Trouble::FrozenDate => Headers::Frozen {
                    date: start - random.pick(&[MINUTE, HOUR, DAY]),
                    keeps_content: random.percent(50),
                },
                Trouble::KeptDate => Headers::KeptDate,
                Trouble::NewDate => Headers::NewDate,
                Trouble::NewDateWithAge => Headers::NewDateWithAge,
                Trouble::WrongDate => {
                    let by = random.pick(&[10 * SECOND, 10 * MINUTE, DAY]);
                    Headers::Wrong { ahead: if random.percent(50) { by } else { -by } }
                }
                _ => return None,
            })
        });
        Proxy { headers: kind.unwrap_or(Headers::True), keeps: mix.keeps, kept: None }
    }

    /// From now on it tells the truth about itself.
    pub fn heal(&mut self) {
        self.headers = Headers::True;
        self.kept = None;
    }

    pub fn answer(&mut self, truth: &Timeline, at: Millis) -> Answer {
        let is_frozen = matches!(self.headers, Headers::Frozen { keeps_content: true, .. });
        let keeps = if is_frozen { Millis::MAX } else { self.keeps };
        let kept = self.kept.take().filter(|kept| at - kept.read_at < keeps);
        let kept = kept.unwrap_or_else(|| Kept { body: truth.document(at).body.clone(), read_at: at });
        self.kept = Some(kept.clone());
        let seconds = |at: Millis| at - at.rem_euclid(SECOND);
        let Kept { body, read_at } = kept;
        let kept_for = ((at - read_at) / SECOND) as u64;
        let age = (kept_for > 0).then_some(kept_for);
        let (date, age) = match self.headers {
            Headers::True => (Some(seconds(read_at)), age),
            Headers::None => (None, None),
            Headers::AgeOnly => (None, age),
            Headers::Frozen { date, .. } => (Some(date), None),
            Headers::KeptDate => (Some(seconds(read_at)), None),
            Headers::NewDate => (Some(seconds(at)), None),
            Headers::NewDateWithAge => (Some(seconds(at)), age),
            Headers::Wrong { ahead } => (Some(seconds(read_at + ahead)), age),
        };
        let admitted = match self.headers {
            Headers::None | Headers::NewDate => 0,
            _ => at - read_at,
        };
        Answer { body, source_at: read_at, date, age, admitted, sent_at: at }
    }
}
