//! How many columns let the wall's tiles be largest.

/// Height of a tile's own bars (header and zone line), CSS pixels: not available to the picture.
const BARS_PX: f64 = 84.0;
/// Shape that pictures have as a rule.
const ASPECT: f64 = 16.0 / 9.0;

/// Columns for `count` tiles on a wall of `width` × `height` CSS pixels such that the pictures are largest. At least 1.
#[must_use]
pub fn columns(count: usize, width: f64, height: f64) -> usize {
    let picture_width = |columns: usize| {
        let rows = count.div_ceil(columns);
        let across = width / columns as f64;
        let down = (height / rows as f64 - BARS_PX).max(1.0);
        across.min(down * ASPECT)
    };
    (1..=count.max(1))
        .max_by(|a, b| picture_width(*a).total_cmp(&picture_width(*b)).then(b.cmp(a)))
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn few_tiles_fill_the_wall() {
        assert_eq!(columns(0, 1400.0, 900.0), 1);
        assert_eq!(columns(1, 1400.0, 900.0), 1);
        assert_eq!(columns(4, 1480.0, 1000.0), 2);
        assert_eq!(columns(9, 1480.0, 1000.0), 3);
    }

    #[test]
    fn two_tiles_stand_side_by_side_only_where_that_is_larger() {
        assert_eq!(columns(2, 1600.0, 700.0), 2);
        assert_eq!(columns(2, 780.0, 760.0), 1);
    }
}
