//! Whether records and the outcomes' starts tell the same story, and up to when.
//!
//! It compares who won with who started; it looks at no outcome.

use std::collections::{BTreeMap, HashMap};

use traction_stats::effect::risk_set::{Admission, Entrant, Lot, Wave};
use traction_stats::panel::{Panel, Period};

use super::DrawsRefused;
use crate::prove::check::{Check, CheckName, Held};
use crate::words::{counted, counted_first};

/// What the starts say that the records do not.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// Winners.
    n_winners: usize,
    /// Those of them that do not start with their wave.
    n_not_started: usize,
    /// Losers that had started by then all the same.
    n_crossed: usize,
    /// By the wave's start: losers that start later in a way that no record tells, and when the first of them does.
    untold: BTreeMap<Period, (usize, Period)>,
}

/// Starts by row of the panel.
struct Starts(Vec<Option<Period>>);

impl Starts {
    fn of(panel: &Panel) -> Self {
        let mut starts = vec![None; panel.units().len()];
        for cohort in panel.cohorts() {
            cohort.units.iter().for_each(|&row| starts[row] = Some(cohort.start));
        }
        Starts(starts)
    }

    /// Whether no period in which the unit was seen parts its start from `at`: so it is where it starts within a block
    /// of periods, in which it counts for nothing.
    fn are_one(&self, panel: &Panel, entrant: &Entrant, at: Period) -> bool {
        let (Some(start), Some(row)) = (self.of_entrant(entrant), entrant.unit) else { return false };
        let place = |moment: Period| panel.periods().partition_point(|period| *period < moment);
        let (start, at) = (place(start), place(at));
        (start.min(at)..start.max(at)).all(|t| panel.outcome(row, t).is_none())
    }

    fn of_entrant(&self, entrant: &Entrant) -> Option<Period> {
        entrant.unit.and_then(|row| self.0[row])
    }
}

impl Told {
    /// Compares, and ends each list's comparison before the first start of a loser that no record tells of.
    pub fn of(panel: &Panel, lists: &mut [Wave]) -> Result<Self, DrawsRefused> {
        let starts = Starts::of(panel);
        let mut told = Told::default();
        let mut wins = HashMap::<usize, Vec<Period>>::new();
        for list in &*lists {
            let won = list.entrants.iter().filter(|entrant| entrant.lot == Lot::Won);
            won.filter_map(|winner| winner.unit).for_each(|row| wins.entry(row).or_default().push(list.at));
        }
        for list in lists {
            let Wave { at, entrants, until } = list;
            let at = *at;
            if entrants.iter().all(|entrant| entrant.unit.is_none()) {
                return Err(DrawsRefused::OtherUnits { at });
            }
            let with = |entrant: &&Entrant| starts.are_one(panel, entrant, at);
            let winners: Vec<&Entrant> =
                entrants.iter().filter(|e| e.lot == Lot::Won && e.unit.is_some()).collect();
            let n_started = winners.iter().copied().filter(with).count();
            if !winners.is_empty() && n_started == 0 {
                let first = winners.iter().filter_map(|winner| starts.of_entrant(winner)).min();
                return Err(DrawsRefused::OtherStarts { at, starts: first });
            }
            told.n_winners += winners.len();
            told.n_not_started += winners.len() - n_started;
            let losers = || entrants.iter().filter(|e| e.lot == Lot::Lost && e.admission == Admission::Open);
            let by_then = |loser: &&Entrant| {
                starts.of_entrant(loser).is_some_and(|start| start <= at) || starts.are_one(panel, loser, at)
            };
            told.n_crossed += losers().filter(by_then).count();
            let untold = |loser: &Entrant| {
                let start = starts.of_entrant(loser).filter(|_| !by_then(&loser))?;
                let mut won = wins.get(&loser.unit?).into_iter().flatten().filter(|won| **won > at);
                let told = won.any(|won| *won <= start || starts.are_one(panel, loser, *won));
                (!told).then_some(start)
            };
            let untold: Vec<Period> = losers().filter_map(untold).collect();
            if let Some(&first) = untold.iter().min() {
                told.untold.insert(at, (untold.len(), first));
                *until = Some(first);
            }
        }
        Ok(told)
    }

    /// The check, in words.
    pub fn check(&self) -> Check {
        let mut says = Vec::new();
        if self.n_not_started > 0 {
            says.push(format!(
                "{} of {} did not start with the wave, and count as the lot left them.",
                self.n_not_started,
                counted(self.n_winners, "winner", "winners")
            ));
        }
        if self.n_crossed > 0 {
            says.push(format!(
                "{} that lost a draw had a slot by then all the same, counted as the lot left it, which makes the \
                 effect look smaller.",
                counted_first(self.n_crossed, "unit", "units")
            ));
        }
        for (at, (n, first)) in &self.untold {
            says.push(format!(
                "{} that lost the draw for {at} got a slot later, the first in {first}, and no record tells how; only the \
                 periods before {first} are compared. Give the record of that draw too, where there was one.",
                counted_first(*n, "unit", "units")
            ));
        }
        let held = if says.is_empty() { Held::Yes } else { Held::No };
        if says.is_empty() {
            says.push(
                "Who won by the records, and nobody else on their lists, started with the wave.".to_owned(),
            );
        }
        Check { name: CheckName::Records, held, test: None, says: says.join(" ") }
    }
}
