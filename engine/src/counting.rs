//! How many people a set of boxes stands for.
//!
//! A count of the boxes above one threshold is wrong both ways: people in a crowd score low, and so do posters and shadows. Here
//! every box counts as the probability that it's a person whom no other box counts, and the count is the sum: right on average
//! without a threshold, and with a variance of its own.

use crate::{ClassGroup, Detection};

/// Score below which a box counts for nothing.
const NOTHING: f32 = 0.15;
/// Score from which on it counts in full.
const FULL: f32 = 0.45;
/// What the boxes miss or make up as a whole, beyond chance: relative standard deviation.
const SYSTEMATIC: f32 = 0.2;

/// A number of people, with its error.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Count {
    /// Expected number.
    pub persons: f32,
    /// Variance of it by chance alone.
    pub variance: f32,
}

impl Count {
    /// Standard error: chance, and what the boxes miss or make up as a whole.
    #[must_use]
    pub fn error(&self) -> f32 {
        (self.variance + (SYSTEMATIC * self.persons).powi(2)).sqrt()
    }
}

/// Probability that a box of this score is a person of its own.
#[must_use]
pub fn probability(score: f32) -> f32 {
    ((score - NOTHING) / (FULL - NOTHING)).clamp(0.0, 1.0)
}

/// Counts the persons among these boxes.
#[must_use]
pub fn count<'a>(boxes: impl IntoIterator<Item = &'a Detection>) -> Count {
    let persons = boxes.into_iter().filter(|found| found.group() == Some(ClassGroup::Person));
    persons.map(|found| probability(found.score)).fold(Count::default(), |all, p| Count {
        persons: all.persons + p,
        variance: all.variance + p * (1.0 - p),
    })
}

#[cfg(test)]
mod tests {
    use super::{count, probability};
    use crate::{BBox, Detection};

    fn found(score: f32, class_id: u8) -> Detection {
        Detection { bbox: BBox { x0: 0.1, y0: 0.1, x1: 0.2, y1: 0.4 }, class_id, score }
    }

    #[test]
    fn sure_boxes_count_in_full_and_weak_ones_in_part() {
        let all = count(&[found(0.9, 1), found(0.6, 1), found(0.3, 1), found(0.05, 1), found(0.9, 3)]);
        assert!(all.persons > 2.0 && all.persons < 3.0, "{all:?}");
        assert!(all.variance > 0.0 && all.variance <= 0.25);
        assert!(all.error() > 0.2 * all.persons);
    }

    #[test]
    fn a_higher_score_never_counts_less() {
        let steps: Vec<f32> = (0..=100_u8).map(|n| probability(f32::from(n) / 100.0)).collect();
        assert!(steps.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(probability(f32::NAN).is_nan() || probability(f32::NAN) <= 1.0);
    }
}
