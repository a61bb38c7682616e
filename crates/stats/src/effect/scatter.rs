//! Effects and their moments on a panel without gaps, covariates or clusters, in one pass.
//!
//! Each cell is a weighted sum of a few outcomes, with weights that all units of a start share. So means and scatter
//! by start, periods by periods, stand for all units, however many cells there are.

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par, Scale};

use super::plan::Pair;
use super::sample::{Sample, WhyNoCell};
use crate::panel::Panel;
use crate::uncertainty::{Count, Entry, Gram, Independent, Kind, Load, Members, Moments, Part, WhyUnknown};

/// Units that are taken together in one product of matrices: their features fit into the nearest cache.
const BLOCK: usize = 256;

/// Outcomes that stay near a core while all groups take theirs: 1 MB of them.
const NEAR: usize = 128 * 1024;

/// A cell before its spread is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub value: f64,
    pub n_treated: usize,
    pub n_compared: usize,
}

/// What all units of one group say together.
pub(super) struct Group<'a> {
    units: &'a [usize],
    weight: f64,
    /// By period.
    means: Vec<f64>,
}

/// Whether every unit of the sample was seen in every period.
pub(super) fn has_no_gaps(panel: &Panel, sample: &Sample) -> bool {
    let seen = |units: &Vec<usize>| {
        (0..panel.periods().len()).all(|t| {
            let column = panel.column(t);
            units.iter().all(|&unit| !column[unit].is_nan())
        })
    };
    panel.n_with_gaps() == panel.n_dropped() || sample.groups().all(seen)
}

/// Values by pair, and the moments of the pairs that have one, in their order, and of the cohorts' shares.
pub(super) fn scatter(
    panel: &Panel,
    sample: &Sample,
    pairs: &[Pair],
) -> (Vec<Result<Value, WhyNoCell>>, Moments) {
    let groups = Group::all(panel, sample);
    let n_periods = panel.periods().len();
    let mut parts = own_parts(panel, sample, &groups);
    let borrowed = borrowed(&parts, &groups, n_periods);
    let pooled = pooled(&parts, n_periods);
    let n = sample.n_units() as f64;
    let (mut values, mut columns, mut loads, mut unknown) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut lent: Vec<Option<usize>> = vec![None; groups.len()];
    for pair in pairs {
        let treated = &groups[pair.cohort];
        let n_compared = pair.compared.iter().map(|&group| groups[group].units.len()).sum();
        if n_compared == 0 {
            values.push(Err(WhyNoCell::NoComparison));
            continue;
        }
        let weight: f64 = pair.compared.iter().map(|&group| groups[group].weight).sum();
        let mean =
            pair.compared.iter().map(|&group| groups[group].weight * groups[group].change(pair)).sum::<f64>()
                / weight;
        let (mut entries, mut weighs) = (Vec::new(), Vec::new());
        let mut why = None;
        let sides = [(pair.cohort, n / treated.weight, treated.units.len(), treated.change(pair))];
        let others = pair.compared.iter().map(|&group| (group, -n / weight, n_compared, mean));
        for (group, scale, n_side, center) in sides.into_iter().chain(others).filter(|_| pair.base != pair.at)
        {
            let mut part = group;
            // A unit that stands alone weighs apart from what it is where it does not.
            let own = if n_side == 1 { groups.len() + group } else { group };
            if n_side == 1 {
                match &borrowed {
                    None => why = Some(WhyUnknown::OneUnitEach),
                    Some(lender) => {
                        part = *lent[group].get_or_insert_with(|| {
                            let members = vec![Members::even(1, vec![(own, 1.0)])];
                            parts.push(Part { members, ..lender.clone() });
                            parts.len() - 1
                        });
                    }
                }
            }
            // A lone unit counts once, whatever its weight; its side's weight is its own.
            let scale = if n_side == 1 { scale.signum() * n } else { scale };
            for (period, coefficient) in [(pair.at, scale), (pair.base, -scale)] {
                entries.push(Entry { part, feature: period, coefficient });
                weighs.push(Load { group: own, period, coefficient });
            }
            let shift = groups[group].change(pair) - center;
            if n_side > 1 && shift != 0.0 {
                entries.push(Entry { part: group, feature: n_periods, coefficient: scale * shift });
            }
        }
        columns.push(entries);
        loads.push(weighs);
        unknown.push(why);
        let value = if pair.base == pair.at { 0.0 } else { treated.change(pair) - mean };
        values.push(Ok(Value { value, n_treated: treated.units.len(), n_compared }));
    }
    for cohort in 0..sample.cohorts.len() {
        columns.push(vec![Entry { part: cohort, feature: n_periods, coefficient: 1.0 }]);
        loads.push(Vec::new());
        unknown.push(None);
    }
    let n_units = sample.n_units();
    let (n_spare, n_started) = (n_units - groups.len(), sample.cohorts.len());
    let independent = Independent::Units;
    let count = Count { n_independent: n_units, n_spare, n_units, n_started, independent };
    (values, Moments::new(parts, (columns, loads), unknown, count).with_pooled(pooled))
}

impl<'a> Group<'a> {
    /// The groups of the sample, in their order.
    pub(super) fn all(panel: &Panel, sample: &'a Sample) -> Vec<Self> {
        let n_periods = panel.periods().len();
        let mut groups: Vec<Self> = sample
            .groups()
            .map(|units| Group { units, weight: sample.weight_of(units), means: vec![0.0; n_periods] })
            .collect();
        for_each_stretch(panel, sample, |place, units| {
            for (t, total) in groups[place].means.iter_mut().enumerate() {
                let column = panel.column(t);
                if sample.has_weights() {
                    units.iter().for_each(|&unit| *total += sample.weight(unit) * column[unit]);
                } else {
                    units.iter().for_each(|&unit| *total += column[unit]);
                }
            }
        });
        for group in &mut groups {
            group.means.iter_mut().for_each(|mean| *mean /= group.weight);
        }
        groups
    }

    fn change(&self, pair: &Pair) -> f64 {
        self.means[pair.at] - self.means[pair.base]
    }

    /// Shows the features of all its units, block by block: units by features.
    pub(super) fn for_each_block(&self, panel: &Panel, sample: &Sample, show: impl FnMut(MatRef<'_, f64>)) {
        self.for_each_block_of(self.units, panel, sample, show);
    }

    /// Features are the outcomes less the group's means, by period, and then 1; all times the unit's weight.
    fn for_each_block_of(
        &self,
        units: &[usize],
        panel: &Panel,
        sample: &Sample,
        mut show: impl FnMut(MatRef<'_, f64>),
    ) {
        let n_periods = self.means.len();
        let mut features = Mat::<f64>::zeros(units.len().min(BLOCK), n_periods + 1);
        for units in units.chunks(BLOCK) {
            for (t, mean) in self.means.iter().enumerate() {
                let column = panel.column(t);
                let rows = features.col_as_slice_mut(t);
                for (row, &unit) in rows.iter_mut().zip(units) {
                    *row = column[unit] - mean;
                }
                if sample.has_weights() {
                    rows.iter_mut().zip(units).for_each(|(row, &unit)| *row *= sample.weight(unit));
                }
            }
            let ones = features.col_as_slice_mut(n_periods);
            ones.iter_mut().zip(units).for_each(|(row, &unit)| *row = sample.weight(unit));
            show(features.get(..units.len(), ..));
        }
    }
}

/// Each group's moments, in the groups' order.
fn own_parts(panel: &Panel, sample: &Sample, groups: &[Group<'_>]) -> Vec<Part> {
    let n_features = panel.periods().len() + 1;
    let empty = || (Mat::<f64>::zeros(n_features, n_features), vec![0.0; n_features]);
    let mut moments: Vec<(Mat<f64>, Vec<f64>)> = groups.iter().map(|_| empty()).collect();
    for_each_stretch(panel, sample, |place, units| {
        let (gram, sums) = &mut moments[place];
        groups[place].for_each_block_of(units, panel, sample, |block| {
            matmul(gram.as_mut(), Accum::Add, block.transpose(), block, 1.0, Par::Seq);
            for (feature, sum) in sums.iter_mut().enumerate() {
                *sum += block.col(feature).iter().sum::<f64>();
            }
        });
    });
    let part = |(place, (gram, sums)): (usize, (Mat<f64>, Vec<f64>))| Part {
        n_features,
        members: vec![match sample.has_weights() {
            true => Members::of_units(place, groups[place].units.iter().map(|&unit| sample.weight(unit))),
            false => Members::even(
                groups[place].units.len(),
                vec![(place, gram[(n_features - 1, n_features - 1)])],
            ),
        }],
        gram: Gram::Full(
            (0..n_features).flat_map(|i| (0..n_features).map(move |j| (i, j))).map(|at| gram[at]).collect(),
        ),
        sums,
        kind: Kind::Own,
    };
    moments.into_iter().enumerate().map(part).collect()
}

/// Shows the units of the sample group by group, as long a stretch of the panel at a time as stays near at hand: the
/// units of a start are scattered over it, and a long panel would be fetched anew for every one.
fn for_each_stretch(panel: &Panel, sample: &Sample, mut show: impl FnMut(usize, &[usize])) {
    let n_near = (NEAR / panel.periods().len()).max(BLOCK);
    let mut groups: Vec<&[usize]> = sample.groups().map(Vec::as_slice).collect();
    for end in (1..).map(|stretch| stretch * n_near) {
        for (place, units) in groups.iter_mut().enumerate() {
            let (near, far) = units.split_at(units.partition_point(|&unit| unit < end));
            *units = far;
            if !near.is_empty() {
                show(place, near);
            }
        }
        if groups.iter().all(|units| units.is_empty()) {
            return;
        }
    }
}

/// What a unit that stands alone borrows: the scatter of all units about the mean of their start, over what these means
/// leave of it (the units less their starts, where all count alike); `None` if no two units share a start.
fn borrowed(parts: &[Part], groups: &[Group<'_>], n_periods: usize) -> Option<Part> {
    let left = |part: &Part| part.members.iter().map(Members::left_of_squares).sum::<f64>();
    let df: f64 =
        parts.iter().zip(groups).filter(|(_, group)| group.units.len() > 1).map(|(part, _)| left(part)).sum();
    let mut pooled = vec![0.0; n_periods * n_periods];
    for (part, _) in parts.iter().zip(groups).filter(|(_, group)| group.units.len() > 1) {
        let Gram::Full(gram) = &part.gram else { continue };
        for (place, pooled) in pooled.iter_mut().enumerate() {
            *pooled += gram[place / n_periods * part.n_features + place % n_periods] / df;
        }
    }
    (df > 0.0).then(|| Part {
        n_features: n_periods,
        gram: Gram::Full(pooled),
        sums: vec![0.0; n_periods],
        kind: Kind::Borrowed,
        members: Vec::new(),
    })
}

/// How outcomes vary about the means of their starts, periods by periods, if in all starts alike.
fn pooled(parts: &[Part], n_periods: usize) -> Option<Mat<f64>> {
    let mut sum = Mat::<f64>::zeros(n_periods, n_periods);
    let mut spare = 0.0;
    for part in parts {
        let Gram::Full(gram) = &part.gram else { continue };
        sum += Mat::from_fn(n_periods, n_periods, |i, j| gram[i * part.n_features + j]);
        spare += part.members.iter().map(Members::left_of_squares).sum::<f64>();
    }
    (spare > 0.0).then(|| sum * Scale(1.0 / spare))
}
