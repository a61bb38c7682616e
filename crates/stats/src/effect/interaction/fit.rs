//! The saturated regression, start by start.
//!
//! With an effect for every start in every period but its base, each start's periods are free of the others': the
//! regression falls apart into one of unit and period effects for each start, and one for the comparison. No column
//! a start and exposure is ever built.

use faer::Mat;

use super::{InteractionRefused, InteractionSettings};
use crate::effect::{StartsRefused, starts};
use crate::linear::{Pattern, UnitPeriod, for_each_unit, patterns};
use crate::panel::{Panel, Period};

/// Units of one start (or of the comparison) with their own unit and period effects.
pub(super) struct Group {
    /// The place of their start; `None` for the comparison.
    pub cohort: Option<usize>,
    /// The period their effects are measured from; `None` for the comparison.
    pub base: Option<usize>,
    pub parts: Vec<Pattern>,
    /// By part, the sum of its units' weights.
    pub weights: Vec<f64>,
    pub problem: UnitPeriod,
    /// By period.
    pub effects: Vec<f64>,
}

/// All groups, the comparison last.
pub(super) struct Fit<'a> {
    pub panel: &'a Panel,
    pub groups: Vec<Group>,
    /// The last start, where it serves as comparison for want of units that never start.
    pub last: Option<Period>,
    pub n_already_started: usize,
}

impl<'a> Fit<'a> {
    pub fn of(panel: &'a Panel, settings: &InteractionSettings) -> Result<Self, InteractionRefused> {
        let n_periods = panel.periods().len();
        starts::of_units_are_there(panel)?;
        let anticipation = settings.anticipation;
        let base = |cohort: usize| {
            let before =
                |&t: &usize| panel.exposure(t, panel.cohorts()[cohort].start) < -i64::from(anticipation);
            (0..n_periods).rfind(before)
        };
        let n_units = |cohort: usize| panel.cohorts()[cohort].units.len();
        let all = 0..panel.cohorts().len();
        let mut kept: Vec<(usize, usize)> = all.clone().filter_map(|k| Some((k, base(k)?))).collect();
        let n_already_started = all.filter(|&k| base(k).is_none()).map(n_units).sum();
        let (mut n_used, mut comparison) = (n_periods, None);
        match (kept.len(), panel.never().is_empty()) {
            (0, _) => {
                return Err(StartsRefused::NothingBefore { n_units: n_already_started, anticipation }.into());
            }
            (1, true) => return Err(StartsRefused::EveryoneAtOnce { n_units: n_units(kept[0].0) }.into()),
            (_, false) => {}
            (_, true) => {
                comparison = kept.pop();
                n_used = comparison.map_or(n_periods, |(_, base)| base + 1);
            }
        }
        let mut patterns = patterns(panel, &[]);
        patterns.iter_mut().for_each(|pattern| pattern.seen[n_used..].fill(false));
        patterns.retain(|pattern| pattern.seen.contains(&true));
        let mut group = |cohort: Option<usize>, base, own: Option<usize>| {
            let (parts, others) = patterns.drain(..).partition(|pattern: &Pattern| pattern.cohort == own);
            patterns = others;
            Group::of(panel, (cohort, base), parts)
        };
        let mut groups: Vec<Group> =
            kept.iter().map(|&(cohort, base)| group(Some(cohort), Some(base), Some(cohort))).collect();
        groups.push(group(None, None, comparison.map(|(cohort, _)| cohort)));
        let last = comparison.map(|(cohort, _)| panel.cohorts()[cohort].start);
        Ok(Fit { panel, groups, last, n_already_started })
    }

    /// The place of the start of the units that are compared with; `None` if they never start.
    pub fn compared(&self) -> Option<usize> {
        self.comparison().parts.first().and_then(|part| part.cohort)
    }

    /// The units that never start, or do so last.
    pub fn comparison(&self) -> &Group {
        &self.groups[self.groups.len() - 1]
    }

    /// Whether the effect of a start in a period can be told: both periods hang together on both sides.
    pub fn tells(&self, group: &Group, t: usize) -> bool {
        let hang = |problem: &UnitPeriod| {
            let base = group.base.and_then(|base| problem.component(base));
            base.is_some() && base == problem.component(t)
        };
        hang(&group.problem) && hang(&self.comparison().problem)
    }

    /// The change of a group from its base to a period, less that of the comparison.
    pub fn effect(&self, group: &Group, t: usize) -> f64 {
        let base = group.base.unwrap_or(t);
        let change = |effects: &[f64]| effects[t] - effects[base];
        change(&group.effects) - change(&self.comparison().effects)
    }

    /// The units with the places of their starts.
    pub fn units(&self) -> impl Iterator<Item = (usize, Option<usize>)> {
        let parts = self.groups.iter().flat_map(|group| &group.parts);
        parts.flat_map(|part| part.units.iter().map(|&unit| (unit, part.cohort)))
    }
}

impl Group {
    fn of(panel: &Panel, (cohort, base): (Option<usize>, Option<usize>), parts: Vec<Pattern>) -> Self {
        let n_periods = panel.periods().len();
        let weight = |part: &Pattern| part.units.iter().map(|&unit| panel.weight(unit)).sum();
        let weights: Vec<f64> = parts.iter().map(weight).collect();
        let cells = parts.iter().map(|part| &part.seen[..]).zip(weights.iter().copied());
        let problem = UnitPeriod::of(n_periods, cells);
        let mut group = Group { cohort, base, parts, weights, problem, effects: vec![0.0; n_periods] };
        let mut sums = Mat::<f64>::zeros(n_periods, 1);
        for part in &group.parts {
            group.for_each_rest(panel, part, |unit, rest| {
                (0..n_periods).for_each(|t| sums[(t, 0)] += panel.weight(unit) * rest[t]);
            });
        }
        group.problem.solve(&mut sums);
        group.effects = (0..n_periods).map(|t| sums[(t, 0)]).collect();
        group
    }

    /// How many units it has.
    pub fn n_units(&self) -> usize {
        self.parts.iter().map(|part| part.units.len()).sum()
    }

    /// The sum of the weights of the units seen in a period.
    pub fn size(&self, t: usize) -> f64 {
        let seen = self.parts.iter().zip(&self.weights).filter(|(part, _)| part.seen[t]);
        seen.map(|(_, weight)| weight).sum()
    }

    /// How many units were seen in a period.
    pub fn n_seen(&self, t: usize) -> usize {
        self.parts.iter().filter(|part| part.seen[t]).map(|part| part.units.len()).sum()
    }

    /// Shows each unit of a part with its residuals by period; 0 where it was not seen.
    pub fn for_each_rest(&self, panel: &Panel, part: &Pattern, mut show: impl FnMut(usize, &[f64])) {
        let n_seen = part.seen.iter().filter(|seen| **seen).count() as f64;
        let mut rest = vec![0.0; part.seen.len()];
        for_each_unit(panel, &[], &part.units, |unit, outcomes| {
            let mut sum = 0.0;
            for (t, rest) in rest.iter_mut().enumerate() {
                *rest = if part.seen[t] { outcomes[t] - self.effects[t] } else { 0.0 };
                sum += *rest;
            }
            for (rest, _) in rest.iter_mut().zip(&part.seen).filter(|(_, seen)| **seen) {
                *rest -= sum / n_seen;
            }
            show(unit, &rest);
        });
    }
}
