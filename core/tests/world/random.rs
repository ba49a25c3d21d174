//! The chance of one seed: SplitMix64 (Steele, Lea and Flood, 2014).

use crate::units::Millis;

#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// What the browser passes to a feed.
    pub fn chance(&mut self) -> u32 {
        (self.bits() >> 32) as u32
    }

    /// From `least` to `most`, both included.
    pub fn between(&mut self, least: Millis, most: Millis) -> Millis {
        least + (self.bits() % (most - least + 1) as u64) as Millis
    }

    /// Whether something happens that happens so many times of a hundred.
    pub fn percent(&mut self, times: Millis) -> bool {
        self.between(1, 100) <= times
    }

    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.between(0, all.len() as Millis - 1) as usize]
    }
}
