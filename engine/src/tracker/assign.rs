//! The assignment problem: the pairing of rows and columns with the largest sum.
//!
//! Kuhn–Munkres with potentials and shortest augmenting paths (Jonker and Volgenant, *Computing* 38, 1987), O(rows² ·
//! columns). Written here because the matrices are small and the page's wasm should be, too.

/// Working memory, kept from frame to frame.
#[derive(Clone, Debug, Default)]
pub(super) struct Assigner {
    row_potential: Vec<f32>,
    column_potential: Vec<f32>,
    /// Row that holds each column, from 1; 0 for none. Column 0 is the entry of the row being placed.
    row_of: Vec<usize>,
    way: Vec<usize>,
    least: Vec<f32>,
    done: Vec<bool>,
}

impl Assigner {
    /// Pairs every row with a column of its own so that the sum of `cost` is least, and reports each pair `(row,
    /// column)`, by column. `cost` is row-major, finite, and needs at least as many columns as rows.
    pub(super) fn solve(
        &mut self,
        rows: usize,
        columns: usize,
        cost: &[f32],
        mut pair: impl FnMut(usize, usize),
    ) {
        debug_assert!(rows <= columns && cost.len() == rows * columns, "the caller pads the matrix");
        refill(&mut self.row_potential, rows + 1, 0.0);
        refill(&mut self.column_potential, columns + 1, 0.0);
        refill(&mut self.row_of, columns + 1, 0);
        refill(&mut self.way, columns + 1, 0);
        for row in 1..=rows {
            self.place(row, columns, cost);
        }
        for column in 1..=columns {
            if self.row_of[column] > 0 {
                pair(self.row_of[column] - 1, column - 1);
            }
        }
    }

    fn place(&mut self, row: usize, columns: usize, cost: &[f32]) {
        refill(&mut self.least, columns + 1, f32::INFINITY);
        refill(&mut self.done, columns + 1, false);
        self.row_of[0] = row;
        let mut column = 0;
        while self.row_of[column] != 0 {
            self.done[column] = true;
            let from = self.row_of[column];
            let (mut step, mut next) = (f32::INFINITY, 0);
            for other in 1..=columns {
                if self.done[other] {
                    continue;
                }
                let reduced = cost[(from - 1) * columns + other - 1]
                    - self.row_potential[from]
                    - self.column_potential[other];
                if reduced < self.least[other] {
                    self.least[other] = reduced;
                    self.way[other] = column;
                }
                if self.least[other] < step {
                    step = self.least[other];
                    next = other;
                }
            }
            for other in 0..=columns {
                if self.done[other] {
                    self.row_potential[self.row_of[other]] += step;
                    self.column_potential[other] -= step;
                } else {
                    self.least[other] -= step;
                }
            }
            column = next;
        }
        while column != 0 {
            let before = self.way[column];
            self.row_of[column] = self.row_of[before];
            column = before;
        }
    }
}

fn refill<T: Clone>(values: &mut Vec<T>, len: usize, value: T) {
    values.clear();
    values.resize(len, value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn best_by_trying_all(rows: usize, columns: usize, cost: &[f32], taken: &mut Vec<usize>) -> f32 {
        let row = taken.len();
        if row == rows {
            return 0.0;
        }
        let mut best = f32::INFINITY;
        for column in 0..columns {
            if !taken.contains(&column) {
                taken.push(column);
                let rest = best_by_trying_all(rows, columns, cost, taken);
                best = best.min(cost[row * columns + column] + rest);
                taken.pop();
            }
        }
        best
    }

    proptest! {
        #[test]
        fn finds_the_least_sum(rows in 1_usize..5, extra in 0_usize..3, numbers in prop::collection::vec(0_u16..1000, 64)) {
            let columns = rows + extra;
            let cost: Vec<f32> = numbers.iter().take(rows * columns).map(|n| f32::from(*n) / 1000.0).collect();
            let mut sum = 0.0;
            let mut rows_seen = Vec::new();
            let mut assigner = Assigner::default();
            assigner.solve(rows, columns, &cost, |row, column| {
                sum += cost[row * columns + column];
                rows_seen.push(row);
            });
            rows_seen.sort_unstable();
            prop_assert_eq!(rows_seen, (0..rows).collect::<Vec<_>>());
            let best = best_by_trying_all(rows, columns, &cost, &mut Vec::new());
            prop_assert!((sum - best).abs() < 1e-4, "{sum} instead of {best}");
        }
    }
}
