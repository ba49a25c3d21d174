//! Medians.

/// The figures of one measurement, repeated.
#[derive(Clone, Debug, Default)]
pub struct Series(Vec<f64>);

impl Series {
    pub fn add(&mut self, figure: f64) {
        self.0.push(figure);
    }

    /// The middle figure; of an even number the mean of both. Zero of none.
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = |index: usize| sorted.get(index).copied().unwrap_or_default();
        match sorted.len() {
            0 => 0.0,
            length => (middle((length - 1) / 2) + middle(length / 2)) / 2.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_of_the_sorted_figures() {
        for (figures, median) in
            [(vec![], 0.0), (vec![3.0], 3.0), (vec![9.0, 1.0, 2.0], 2.0), (vec![4.0, 1.0, 2.0, 3.0], 2.5)]
        {
            let mut series = Series::default();
            figures.iter().for_each(|figure| series.add(*figure));
            assert_eq!(series.median(), median, "{figures:?}");
        }
    }
}
