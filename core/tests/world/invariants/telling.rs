use crate::timeline::Timeline;
use crate::units::Millis;
use zoho_backup_core::reason::State;

/// What a widget has told its host.
#[derive(Clone, Debug, Default)]
pub struct Telling {
    /// When which state was told.
    pub changes: Vec<(Millis, State)>,
    /// Which run was told to be due, and when, if it was within a noticeable time.
    pub dues: Vec<(Millis, Millis)>,
    /// Runs told to be due that were not, since the clock was last set.
    pub false_dues: u32,
    pub clock_sets: u32,
    pub next_change: usize,
    pub next_due: usize,
}

impl Telling {
    /// Starts at an instant at which the host knows this state.
    pub fn new(truth: &Timeline, now: Millis, state: State) -> Telling {
        let mut telling = Telling { changes: vec![(now, state)], ..Telling::default() };
        telling.restart(truth, now);
        telling
    }

    /// Judges only what happens from now on.
    pub fn restart(&mut self, truth: &Timeline, now: Millis) {
        let next = truth.index(now) + 1;
        (self.next_change, self.next_due) = (next, next);
    }
}
