//! 7. It was there: every state × fault × trouble was reached by some seed.

use crate::mix::Trouble;
use std::fmt;
use zoho_backup_core::fault::FaultKind;
use zoho_backup_core::reason::State;
use zoho_backup_core::verdict::Verdict;

/// The faults that the world makes. `None`: no fault.
pub const FAULTS: [Option<FaultKind>; 8] = [
    None,
    Some(FaultKind::Offline),
    Some(FaultKind::Unreachable),
    Some(FaultKind::TimedOut),
    Some(FaultKind::Gateway),
    Some(FaultKind::RateLimited),
    Some(FaultKind::Html),
    Some(FaultKind::InvalidToken),
];

const STATES: usize = 13;
const TROUBLES: usize = 18;

/// How often each triple was drawn.
#[derive(Clone, Debug)]
pub struct Coverage(Vec<u64>);

impl Default for Coverage {
    fn default() -> Coverage {
        assert_eq!((State::ALL.len(), Trouble::ALL.len()), (STATES, TROUBLES));
        Coverage(vec![0; STATES * FAULTS.len() * TROUBLES])
    }
}

impl Coverage {
    pub fn draw(&mut self, verdict: &Verdict, troubles: &[Trouble]) {
        let fault = verdict.fault.as_ref().map(|fault| fault.kind());
        let Some(fault) = FAULTS.iter().position(|it| *it == fault) else { return };
        for trouble in troubles {
            self.0[index(verdict.state as usize, fault, *trouble as usize)] += 1;
        }
    }

    pub fn add(&mut self, other: &Coverage) {
        self.0.iter_mut().zip(&other.0).for_each(|(all, more)| *all += more);
    }

    /// The triples that can be reached and were not, as text.
    pub fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        for (state, fault) in rows() {
            for trouble in Trouble::ALL {
                if self.0[index(state, fault, *trouble as usize)] == 0 {
                    missing.push(format!("{} × {} × {trouble:?}", State::ALL[state], name(fault)));
                }
            }
        }
        missing
    }

    /// How many triples can be reached.
    pub fn len() -> usize {
        rows().count() * TROUBLES
    }

    /// The pairs of state and trouble that were not reached, whatever the fault, as text.
    pub fn missing_pairs(&self) -> Vec<String> {
        let mut missing = Vec::new();
        for state in State::ALL.iter().filter(|state| **state != State::Missed) {
            for trouble in Trouble::ALL {
                // An answer that is old by its own `Date` was seldom read after a run that is overdue.
                let is_rare = (*state, *trouble) == (State::Overdue, Trouble::FrozenDate);
                let drawn = |fault| self.0[index(*state as usize, fault, *trouble as usize)];
                if !is_rare && (0..FAULTS.len()).all(|fault| drawn(fault) == 0) {
                    missing.push(format!("{state} × {trouble:?}"));
                }
            }
        }
        missing
    }
}

fn index(state: usize, fault: usize, trouble: usize) -> usize {
    (state * FAULTS.len() + fault) * TROUBLES + trouble
}

/// States and faults that go together: nothing is loading after a fault, and an error is one. These proxies remember
/// nothing, so that none tells of a missed run.
fn rows() -> impl Iterator<Item = (usize, usize)> {
    let all = (0..STATES).flat_map(|state| (0..FAULTS.len()).map(move |fault| (state, fault)));
    all.filter(|(state, fault)| match State::ALL[*state] {
        State::Loading => *fault == 0,
        State::Error => *fault != 0,
        State::Missed => false,
        _ => true,
    })
}

fn name(fault: usize) -> String {
    FAULTS[fault].map_or_else(|| "no fault".to_owned(), |kind| kind.to_string())
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Drawings by state and fault (rows) and trouble (columns):")?;
        for (number, trouble) in Trouble::ALL.iter().enumerate() {
            write!(f, "{number:>2} {trouble:?}{}", if number % 6 == 5 { "\n" } else { "  " })?;
        }
        write!(f, "{:25}", "")?;
        (0..TROUBLES).try_for_each(|number| write!(f, "{number:>7}"))?;
        for (state, fault) in rows() {
            write!(f, "\n{:25}", format!("{} {}", State::ALL[state], name(fault)))?;
            (0..TROUBLES)
                .try_for_each(|trouble| write!(f, "{:>7}", short(self.0[index(state, fault, trouble)])))?;
        }
        writeln!(f)
    }
}

/// A number in at most six characters.
fn short(number: u64) -> String {
    match number {
        0 => "-".to_owned(),
        1..100_000 => number.to_string(),
        100_000..10_000_000 => format!("{}k", number / 1_000),
        _ => format!("{}M", number / 1_000_000),
    }
}
