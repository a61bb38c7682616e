//! On which line each cell of a column came, for the refusal of its second row.
//!
//! Where rows come in a regular order, lines are equally far apart, and a run of them is told by its ends. Otherwise each
//! is kept.

/// The lines of a column's cells.
#[derive(Clone, Debug)]
pub(super) enum Lines {
    /// Of units that follow each other.
    Runs(Vec<Run>),
    /// By unit; 0 where no row came.
    Each(Vec<u32>),
}

/// Units that follow each other, and whose lines are equally far apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    unit: u32,
    n: u32,
    line: u32,
    step: u32,
}

/// A run takes the room of four lines; so many runs more are let pass, as columns are short at first.
const LINES_A_RUN: usize = 4;
const FEW_RUNS: usize = 64;

impl Default for Lines {
    fn default() -> Self {
        Lines::Runs(Vec::new())
    }
}

impl Lines {
    /// Notes the line of a unit's cell.
    pub fn note(&mut self, unit: usize, line: u64) {
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        // More units than this do not fit into any memory.
        let of = u32::try_from(unit).unwrap_or(u32::MAX);
        let runs = match self {
            Lines::Each(lines) => return put(lines, unit, line),
            Lines::Runs(runs) => runs,
        };
        if runs.last_mut().is_some_and(|run| run.goes_on_with(of, line)) {
            return;
        }
        if runs.len() < FEW_RUNS + unit / LINES_A_RUN {
            return runs.push(Run { unit: of, n: 1, line, step: 0 });
        }
        let mut lines = Vec::new();
        for run in runs {
            (0..run.n).for_each(|k| put(&mut lines, (run.unit + k) as usize, run.line + k * run.step));
        }
        put(&mut lines, unit, line);
        *self = Lines::Each(lines);
    }

    /// The line of a unit's cell; `None` where no row came.
    pub fn of(&self, unit: usize) -> Option<u64> {
        let line = match self {
            Lines::Each(lines) => lines.get(unit).copied().filter(|line| *line > 0)?,
            Lines::Runs(runs) => {
                let unit = u32::try_from(unit).ok()?;
                let run = runs.iter().find(|run| (run.unit..run.unit + run.n).contains(&unit))?;
                run.line + (unit - run.unit) * run.step
            }
        };
        Some(line.into())
    }
}

impl Run {
    /// Takes the unit in where it follows, and its line as far away as the others.
    fn goes_on_with(&mut self, unit: u32, line: u32) -> bool {
        let Some(away) = line.checked_sub(self.line) else { return false };
        if unit != self.unit + self.n {
            return false;
        }
        if self.n == 1 {
            self.step = away;
        }
        let goes_on = Some(away) == self.n.checked_mul(self.step);
        self.n += u32::from(goes_on);
        goes_on
    }
}

fn put(lines: &mut Vec<u32>, unit: usize, line: u32) {
    if lines.len() <= unit {
        lines.resize(unit + 1, 0);
    }
    lines[unit] = line;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cells: impl Iterator<Item = (usize, u64)> + Clone, is_runs: bool) {
        let mut lines = Lines::default();
        cells.clone().for_each(|(unit, line)| lines.note(unit, line));
        for (unit, line) in cells {
            assert_eq!(lines.of(unit), Some(line), "{unit}");
        }
        assert_eq!(lines.of(100_000), None);
        assert_eq!(matches!(lines, Lines::Runs(_)), is_runs);
    }

    #[test]
    fn lines_are_told_again_whatever_the_order_of_rows() {
        let units = 0..5_000_u64;
        // Unit by unit in 24 periods, period by period, and with a gap now and then.
        check(units.clone().map(|unit| (unit as usize, 2 + 24 * unit)), true);
        check(units.clone().map(|unit| (unit as usize, 2 + unit)), true);
        check(units.clone().filter(|unit| unit % 97 > 0).map(|unit| (unit as usize, 2 + 24 * unit)), true);
        check(units.clone().map(|unit| (unit as usize, 2 + 24 * unit + (unit * unit) % 7)), false);
        check(units.map(|unit| ((unit * 1_009 % 5_000) as usize, 2 + unit)), false);
    }

    #[test]
    fn a_cell_that_did_not_come_has_no_line() {
        let mut lines = Lines::default();
        [(0, 2), (2, 6), (3, 8)].into_iter().for_each(|(unit, line)| lines.note(unit, line));
        assert_eq!([0, 1, 2, 3, 4].map(|unit| lines.of(unit)), [Some(2), None, Some(6), Some(8), None]);
    }
}
