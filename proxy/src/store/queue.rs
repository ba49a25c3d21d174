//! What is not yet on the disk, in order.

use std::collections::VecDeque;

use crate::store::database::Entry;
use crate::store::sighting::Reading;

/// How many changes wait while the disk cannot be written. Then the oldest are lost.
const MAX_QUEUED: usize = 10_000;

/// What is not yet on the disk. What is being written stays in it until it is committed, so that it is known throughout.
#[derive(Debug, Default)]
pub(super) struct Queue {
    entries: VecDeque<Entry>,
    /// How many of the first are being written.
    in_flight: usize,
}

impl Queue {
    /// Adds an entry. While the disk cannot be written, equal readings become one, and so do the states of an alert.
    pub(super) fn push(&mut self, entry: Entry) {
        if let Entry::Alert(alert) = &entry {
            let is_it = |other: &&mut Entry| matches!(other, Entry::Alert(other) if other.id == alert.id);
            if let Some(other) = self.entries.iter_mut().skip(self.in_flight).find(is_it) {
                *other = entry;
                return;
            }
        }
        if self.entries.len() > self.in_flight
            && let (Some(Entry::Reading(before)), Entry::Reading(reading)) = (self.entries.back_mut(), &entry)
            && before.extend(reading)
        {
            return;
        }
        if self.entries.len() == MAX_QUEUED {
            self.entries.pop_front();
            self.in_flight = self.in_flight.saturating_sub(1);
        }
        self.entries.push_back(entry);
    }

    /// All entries, which are being written from now on.
    pub(super) fn begin(&mut self) -> Vec<Entry> {
        self.in_flight = self.entries.len();
        self.entries.iter().cloned().collect()
    }

    /// They are committed.
    pub(super) fn committed(&mut self) {
        self.entries.drain(..self.in_flight);
        self.in_flight = 0;
    }

    /// They could not be written, and wait further.
    pub(super) fn failed(&mut self) {
        self.in_flight = 0;
    }

    /// Forgets all entries.
    pub(super) fn clear(&mut self) {
        *self = Queue::default();
    }

    /// Adds the readings in it to those that are committed, as the disk will have them.
    pub(super) fn add_to(&self, readings: &mut Vec<Reading>) {
        add_readings(&self.entries, readings);
    }
}

/// Adds the readings among these entries to those that are committed, as the disk has them.
pub(super) fn add_readings<'a>(entries: impl IntoIterator<Item = &'a Entry>, readings: &mut Vec<Reading>) {
    for entry in entries {
        let Entry::Reading(reading) = entry else { continue };
        if !readings.last_mut().is_some_and(|last| last.extend(reading)) {
            readings.push(reading.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sighting::{ReadAt, Sighting};
    use zoho_backup_core::instant::Timestamp;

    fn nothing(minute: i64) -> Entry {
        let at = Timestamp::from_millis(60_000 * minute);
        Entry::Reading(Reading::new(Sighting::Nothing, ReadAt { zoho: at, machine: at }))
    }

    fn minutes(queue: &Queue) -> Vec<(i64, i64)> {
        let mut readings = Vec::new();
        queue.add_to(&mut readings);
        let minute = |at: ReadAt| at.zoho.as_millis() / 60_000;
        readings.iter().map(|reading| (minute(reading.first), minute(reading.last))).collect()
    }

    #[test]
    fn what_comes_while_the_disk_is_written_is_neither_lost_nor_written_twice() {
        let mut queue = Queue::default();
        queue.push(nothing(0));
        queue.push(nothing(5));
        assert_eq!(queue.begin().len(), 1, "equal readings are one");
        queue.push(nothing(10));
        assert_eq!(minutes(&queue), [(0, 10)]);
        queue.committed();
        assert_eq!((minutes(&queue), queue.begin().len()), (vec![(10, 10)], 1));
        queue.failed();
        queue.push(nothing(60));
        assert_eq!((minutes(&queue), queue.begin().len()), (vec![(10, 10), (60, 60)], 2));
    }

    #[test]
    fn the_oldest_are_lost_at_last_even_while_they_are_written() {
        let mut queue = Queue::default();
        let apart = |number: usize| nothing(100 * number as i64);
        (0..MAX_QUEUED).for_each(|number| queue.push(apart(number)));
        assert_eq!(queue.begin().len(), MAX_QUEUED);
        queue.push(apart(MAX_QUEUED));
        queue.committed();
        assert_eq!(minutes(&queue), [(100 * MAX_QUEUED as i64, 100 * MAX_QUEUED as i64)]);
    }
}
