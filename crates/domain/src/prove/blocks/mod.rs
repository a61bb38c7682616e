//! Long series in blocks: the mean of so many periods each, so that an answer rests on a few numbers with little
//! noise and not on hundreds with much.
//!
//! **The rule.** Up to [`N_PERIODS_MOST`] periods stay as they are. More are taken in blocks of equal length, the
//! shortest that leaves no more than that. Of the places where the first block can begin, the one counts at which
//! most units start at the beginning of a block (of equal ones, the one at which the last block ends with the data);
//! where all starts are a whole number of blocks apart, that is all of them. A unit that starts within a block
//! starts with that block, and has no value in it: part of it lies before the start and part after it. Periods at
//! the ends that do not fill a block are left out. A block is named by its first period.
//!
//! It estimates nothing.

#[cfg(test)]
mod tests;

use traction_stats::panel::{Panel, PanelBuilder, PanelRefused, Period, Row, Unbalanced};

use super::answer::Material;
use super::draws::DrawnWave;
use super::evidence::{self, Evidence, LeftOut};
use super::verdict::Question;
use super::wish::Wish;

/// Periods that an answer on a change rests on, at most.
pub const N_PERIODS_MOST: usize = 26;

/// A panel whose periods are blocks, where there were too many.
#[derive(Clone, Debug)]
pub struct Blocked {
    /// The panel to be asked.
    pub panel: Panel,
    /// How the blocks were made, in words; `None` where the periods stayed as they were.
    pub why: Option<String>,
    /// What did not come into any block.
    pub left_out: Vec<LeftOut>,
    /// The blocks and the periods they were made of, where there were too many.
    laid: Option<(Blocks, Vec<Period>)>,
}

/// Where blocks lie among the periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Blocks {
    /// The place of the first block's first period.
    first: usize,
    /// Periods in a block.
    length: usize,
    /// How many blocks.
    n: usize,
}

/// Where a start lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lies {
    /// Outside the blocks: before the first or after the last.
    Outside,
    /// At the beginning of a block.
    AtBeginning(usize),
    /// Within a block.
    Within(usize),
}

/// The panel in blocks, by the rule of this module.
pub fn blocked(panel: Panel) -> Result<Blocked, PanelRefused> {
    let n_periods = panel.periods().len();
    if n_periods <= N_PERIODS_MOST {
        return Ok(Blocked { panel, why: None, left_out: Vec::new(), laid: None });
    }
    let blocks = Blocks::of(&panel);
    let mut starts = vec![None; panel.units().len()];
    let mut within = vec![None; panel.units().len()];
    for cohort in panel.cohorts() {
        let (start, mixed) = match blocks.lies(place(&panel, cohort.start)) {
            Lies::Outside => (cohort.start, None),
            Lies::AtBeginning(block) => (blocks.name(&panel, block), None),
            Lies::Within(block) => (blocks.name(&panel, block), Some(block)),
        };
        for &unit in &cohort.units {
            starts[unit] = Some(start);
            within[unit] = mixed;
        }
    }
    let mut builder = PanelBuilder::new();
    let (mut line, mut n_mixed) = (0, 0);
    for (unit, label) in panel.units().iter().enumerate() {
        for block in 0..blocks.n {
            let Some(outcome) = blocks.mean(&panel, unit, block) else { continue };
            if within[unit] == Some(block) {
                n_mixed += 1;
                continue;
            }
            line += 1;
            let period = blocks.name(&panel, block);
            builder.push(Row { line, unit: label, period, outcome, start: starts[unit] })?;
        }
    }
    let why = format!(
        "The {n_periods} periods are taken in {} blocks of {}, each the mean of its periods and named by the first, laid so that most units start at the beginning of one.",
        blocks.n, blocks.length
    );
    let left_out = [
        LeftOut::of(
            ("period at the ends", "periods at the ends"),
            n_periods - blocks.n * blocks.length,
            format!("not enough to fill a block of {}", blocks.length),
        ),
        LeftOut::of(
            ("block within which a unit started", "blocks within which a unit started"),
            n_mixed,
            "part of it lies before the start and part after it",
        ),
    ];
    Ok(Blocked {
        panel: builder.finish(Unbalanced::Keep)?,
        why: Some(why),
        left_out: LeftOut::any(left_out).collect(),
        laid: Some((blocks, panel.periods().to_vec())),
    })
}

/// What a panel can say of a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfDraw {
    /// Units start with its slots.
    Begun,
    /// Its slots start after the last period.
    ToCome,
    /// None of its units is seen to start with its slots.
    Nothing,
}

impl Blocked {
    /// The start that units of this panel have which start with the period `start`: the block in which it lies.
    pub fn start(&self, start: Period) -> Period {
        let Some((blocks, periods)) = &self.laid else { return start };
        match blocks.lies(periods.partition_point(|period| *period < start)) {
            Lies::Outside => start,
            Lies::AtBeginning(block) | Lies::Within(block) => periods[blocks.first + block * blocks.length],
        }
    }

    /// What this panel can say of a draw whose slots start so.
    pub fn tells_of(&self, start: Period) -> OfDraw {
        if self.panel.cohorts().iter().any(|cohort| cohort.start == start) {
            OfDraw::Begun
        } else if self.panel.periods().last().is_some_and(|last| start > *last) {
            OfDraw::ToCome
        } else {
            OfDraw::Nothing
        }
    }
}

/// Makes the evidence record of a panel in blocks, which then says that it is in blocks.
///
/// - `draws`: with the start that their winners have in this panel, as [`Blocked::start`] tells it.
/// - `shown`: this panel's periods in which showcases of it were published.
/// - `used`: how much of each of this panel's periods units used it.
pub fn prove_blocked(
    blocked: &Blocked,
    (draws, shown, used): (&[DrawnWave<'_>], &[Period], Option<&Panel>),
    sha256: &str,
    wish: &Wish,
    question: &Question,
) -> Evidence {
    let material = Material { draws, shown: Some(shown), used, ..Material::of(&blocked.panel) };
    let mut evidence = evidence::prove(&material, sha256, wish, question);
    if let Some(why) = &blocked.why {
        evidence.design.why.push(' ');
        evidence.design.why.push_str(why);
    }
    evidence.source.left_out.extend(blocked.left_out.iter().cloned());
    evidence
}

/// The place of the first period on or after `start`.
fn place(panel: &Panel, start: Period) -> usize {
    panel.periods().partition_point(|period| *period < start)
}

impl Blocks {
    fn of(panel: &Panel) -> Self {
        let n_periods = panel.periods().len();
        let length = n_periods.div_ceil(N_PERIODS_MOST);
        let blocks = |first| Blocks { first, length, n: (n_periods - first) / length };
        let n_at_beginning = |blocks: Blocks| {
            let at_beginning = |start| matches!(blocks.lies(place(panel, start)), Lies::AtBeginning(_));
            let cohorts = panel.cohorts().iter().filter(|cohort| at_beginning(cohort.start));
            cohorts.map(|cohort| cohort.units.len()).sum::<usize>()
        };
        (0..length)
            .map(blocks)
            .max_by_key(|blocks| (n_at_beginning(*blocks), blocks.first == n_periods % length))
            .unwrap_or(blocks(0))
    }

    /// Where the period at `place` lies, if a unit starts with it. Who starts with the first period of all was
    /// never seen before, and moves no block.
    fn lies(self, place: usize) -> Lies {
        let Some(behind) = place.checked_sub(self.first).filter(|_| place > 0) else { return Lies::Outside };
        match (behind / self.length, behind % self.length) {
            (block, _) if block >= self.n => Lies::Outside,
            (block, 0) => Lies::AtBeginning(block),
            (block, _) => Lies::Within(block),
        }
    }

    fn name(self, panel: &Panel, block: usize) -> Period {
        panel.periods()[self.first + block * self.length]
    }

    /// The mean over the periods of `block` in which `unit` was observed.
    fn mean(self, panel: &Panel, unit: usize, block: usize) -> Option<f64> {
        let begin = self.first + block * self.length;
        let seen: Vec<f64> =
            (begin..begin + self.length).filter_map(|period| panel.outcome(unit, period)).collect();
        (!seen.is_empty()).then(|| seen.iter().sum::<f64>() / seen.len() as f64)
    }
}
