//! The network between the page and the proxy: what becomes of a request.

use crate::mix::{Mix, Trouble};
use crate::random::Random;
use crate::units::{HOUR, MINUTE, Millis};

/// A time of trouble.
#[derive(Clone, Copy, Debug)]
pub struct Episode {
    pub from: Millis,
    pub until: Millis,
    pub ill: Ill,
}

/// What becomes of requests meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ill {
    /// They fail, and the browser may know that there is no network.
    Drops { is_known: bool },
    /// They get no answer within the deadline.
    Stalls,
    /// They get an answer that was given before.
    Replays,
    /// They are answered with this status and body, and perhaps with `Retry-After`, in seconds.
    Refuses { status: u16, body: &'static str, retry_after: Option<u32> },
}

const REFUSALS: &[(u16, &str)] = &[
    (
        502,
        r#"{"code":"ZOHO_UNREACHABLE","message":"no answer","details":{"by":"zoho-backup-proxy"},"status":"error"}"#,
    ),
    (429, ""),
    (200, "<!doctype html><title>Sign in</title>"),
    (401, r#"{"code":"INVALID_TOKEN","message":"invalid oauth token","details":{},"status":"error"}"#),
];

#[derive(Clone, Debug)]
pub struct Network {
    episodes: Vec<Episode>,
}

impl Network {
    pub fn new(mix: &Mix, random: &mut Random, start: Millis) -> Network {
        let kinds = [Trouble::Drops, Trouble::Stalls, Trouble::Replays, Trouble::Refusals];
        let kinds = kinds.into_iter().filter(|kind| mix.has(*kind)).collect::<Vec<_>>();
        let heals_at = start + mix.heals_after;
        let mut episodes = Vec::new();
        if kinds.is_empty() {
            return Network { episodes };
        }
        // Some pages are opened while it lasts.
        let mut at = if random.percent(40) { start - 1 } else { start + random.between(MINUTE, 4 * HOUR) };
        while at < heals_at {
            let ill = match random.pick(&kinds) {
                Trouble::Drops => Ill::Drops { is_known: random.percent(50) },
                Trouble::Stalls => Ill::Stalls,
                Trouble::Replays => Ill::Replays,
                _ => {
                    let (status, body) = random.pick(REFUSALS);
                    let wait = random.pick(&[None, None, Some(60), Some(1_800)]);
                    Ill::Refuses { status, body, retry_after: wait.filter(|_| status == 429) }
                }
            };
            let length = match random.between(1, 4) {
                1 => random.between(5_000, 5 * MINUTE),
                2 | 3 => random.between(5 * MINUTE, 2 * HOUR),
                _ => random.between(2 * HOUR, 27 * HOUR),
            };
            let until = (at + length).min(heals_at);
            episodes.push(Episode { from: at, until, ill });
            at = until + random.between(MINUTE, 4 * HOUR);
        }
        Network { episodes }
    }

    pub fn episodes(&self) -> &[Episode] {
        &self.episodes
    }

    pub fn ill(&self, at: Millis) -> Option<Ill> {
        let episode = self.episodes.iter().find(|episode| episode.from <= at && at < episode.until);
        episode.map(|episode| episode.ill)
    }
}
