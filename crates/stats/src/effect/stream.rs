//! Effects and their moments on any panel: with gaps, covariates, clusters.
//!
//! Influences are formed for a block of units at a time, and kept as products of numbers by numbers; only with few
//! units, or few clusters, they are kept themselves, since Student's law needs to know whose they are.

use std::collections::BTreeMap;

use faer::linalg::matmul::triangular::{BlockStructure, matmul};
use faer::{Accum, Mat, MatRef, Par};

use super::adjust::Fitter;
use super::cell::{Comparison, Covariates, Span};
use super::cross_sections::CrossSections;
use super::plan::Pair;
use super::rows::Rows;
use super::sample::{Sample, WhyNoCell};
use super::scatter::Value;
use super::{Seen, Settings};
use crate::panel::Panel;
use crate::uncertainty::{
    Count, Entry, FewClusters, Gram, Independent, Kind, Load, MANY_UNITS, Members, Moments, Part, WhyUnknown,
};

/// Values by pair, and the moments of the pairs that have one, in their order, and of the cohorts' shares.
pub(super) fn stream(
    panel: &Panel,
    sample: &Sample,
    settings: &Settings,
    pairs: &[Pair],
) -> (Vec<Result<Value, WhyNoCell>>, Moments) {
    let covariates = Covariates::of(panel, sample);
    let (values, columns) = fit(panel, sample, &covariates, settings, pairs);
    // Clusters that are seen again and again are their starts' own independent parts.
    let is_apart = settings.seen == Seen::InEither && panel.clusters().is_none();
    let apart = is_apart.then(|| CrossSections::of(panel, sample));
    let moments = moments(&Rows::of(panel, sample, &covariates, &columns), &columns, apart.as_ref());
    (values, moments)
}

/// A comparison as a column: with whom it compares, and its models; `None` for a base, which is 0 for everybody.
pub(super) struct Column {
    pub pair: Pair,
    pub comparison: Option<Comparison>,
}

/// Values by pair, and the columns of those that have one.
pub(super) fn fit(
    panel: &Panel,
    sample: &Sample,
    covariates: &Covariates<'_>,
    settings: &Settings,
    pairs: &[Pair],
) -> (Vec<Result<Value, WhyNoCell>>, Vec<Column>) {
    let mut fitter = Fitter::new(panel, sample, covariates, settings);
    let (mut values, mut columns) = (Vec::new(), Vec::new());
    for pair in pairs {
        let fitted = if pair.base == pair.at {
            fitter.n_at_base(pair).map(|value| (value, None))
        } else {
            fitter.fit(pair).map(|(value, comparison)| (value, Some(comparison)))
        };
        values.push(fitted.map(|(value, comparison)| {
            columns.push(Column { pair: pair.clone(), comparison });
            value
        }));
    }
    (values, columns)
}

fn moments(rows: &Rows<'_>, columns: &[Column], apart: Option<&CrossSections>) -> Moments {
    let n_columns = columns.len() + rows.sample.cohorts.len();
    let n_independent = rows.n_independent();
    let n_groups = rows.sample.groups().count();
    let is_few = n_independent < MANY_UNITS;
    let (mut parts, mut entries) =
        if is_few { kept(rows, n_columns, apart) } else { summed(rows, n_columns, apart) };
    let mut unknown: Vec<Option<WhyUnknown>> =
        columns.iter().map(|column| column.comparison.as_ref().and_then(|one| one.unknown)).collect();
    unknown.resize(n_columns, None);
    let mut loads: Vec<Vec<Load>> = columns.iter().map(|column| column.loads(rows.sample, apart)).collect();
    loads.resize(n_columns, Vec::new());
    let mut lone: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
    for (place, column) in columns.iter().enumerate() {
        for (unit, scale) in column.comparison.iter().flat_map(|one| &one.lone) {
            lone.entry(*unit).or_default().push((place, *scale));
        }
    }
    let why = if rows.has_clusters() { WhyUnknown::OneClusterEach } else { WhyUnknown::OneUnitEach };
    for served in lone.into_values() {
        let borrowed: Vec<(usize, Option<Vec<f64>>)> = served
            .iter()
            .map(|&(place, scale)| (place, rows.deviations(columns[place].spans(), scale)))
            .collect();
        let mut groups: Vec<usize> =
            served.iter().flat_map(|(place, scale)| columns[*place].side(*scale).iter().copied()).collect();
        groups.sort_unstable();
        groups.dedup();
        let holds = groups.iter().map(|&group| (n_groups + group, rows.squares_of(group))).collect();
        lend((borrowed, holds), (is_few, why), &mut parts, &mut entries, &mut unknown);
    }
    let n_units = rows.sample.n_units();
    let n_spare = apart.map_or(n_independent.saturating_sub(n_groups), CrossSections::n_spare);
    let independent = if rows.has_clusters() { Independent::Clusters } else { Independent::Units };
    let n_started = rows.sample.cohorts.len();
    let n_started = apart.map_or(n_started, |apart| apart.cell(n_started, 0));
    let count = Count { n_independent, n_spare, n_units, n_started, independent };
    Moments::new(parts, (entries, loads), unknown, count)
}

impl Column {
    fn spans(&self) -> &[Span] {
        self.comparison.as_ref().map_or(&[], |one| &one.spans)
    }

    /// The groups of the starting units if `scale` adds, else those they are compared with.
    fn side(&self, scale: f64) -> &[usize] {
        if scale > 0.0 { std::slice::from_ref(&self.pair.cohort) } else { &self.pair.compared }
    }

    /// How it weighs outcomes without gaps and covariates: near enough for counting degrees of freedom.
    fn loads(&self, sample: &Sample, apart: Option<&CrossSections>) -> Vec<Load> {
        let Some(comparison) = &self.comparison else { return Vec::new() };
        let n_groups = sample.groups().count();
        let side = |sign: f64| {
            let is_lone = comparison.lone.iter().any(|(_, scale)| scale * sign > 0.0);
            let weight: f64 = self.side(sign).iter().map(|&group| sample.weight_of_group(group)).sum();
            let scale = sign * sample.n_units() as f64 / weight;
            let periods = [(self.pair.at, scale), (self.pair.base, -scale)];
            let lent = if is_lone { n_groups } else { 0 };
            let of_group = move |&group: &usize| {
                periods.map(|(period, coefficient)| {
                    let group = apart.map_or(group + lent, |apart| apart.cell(group, period));
                    Load { group, period, coefficient }
                })
            };
            self.side(sign).iter().flat_map(of_group)
        };
        side(1.0).chain(side(-1.0)).collect()
    }
}

/// The influences themselves.
fn kept(rows: &Rows<'_>, n_columns: usize, apart: Option<&CrossSections>) -> (Vec<Part>, Vec<Vec<Entry>>) {
    let mut entries = vec![Vec::new(); n_columns];
    rows.for_each_block(|first, columns, values| {
        for (local, &column) in columns.iter().enumerate() {
            for row in 0..values.nrows() {
                let (part, feature) = rows.place(first + row);
                entries[column].push(Entry { part, feature, coefficient: values[(row, local)] });
            }
        }
    });
    let part = |n: usize, gram: Gram, members| Part {
        n_features: n,
        gram,
        sums: vec![1.0; n],
        kind: Kind::Own,
        members,
    };
    let parts = match rows.held() {
        Some((held, n_clusters)) => {
            let (n, clusters) = (held.len(), FewClusters::new(held, n_clusters));
            let members = clusters.members();
            vec![part(n, Gram::Clusters(clusters), members)]
        }
        None => {
            let groups = rows.sample.groups().enumerate();
            let own = |group| vec![rows.members_of(group)];
            let members = |group| apart.map_or_else(|| own(group), |apart| apart.members(group));
            let part_of =
                |(group, units): (usize, &Vec<usize>)| part(units.len(), Gram::Units, members(group));
            groups.map(part_of).collect()
        }
    };
    (parts, entries)
}

/// The products of the influences, summed over all units.
fn summed(rows: &Rows<'_>, n_columns: usize, apart: Option<&CrossSections>) -> (Vec<Part>, Vec<Vec<Entry>>) {
    let mut gram = vec![0.0; n_columns * n_columns];
    let mut of: Vec<usize> = Vec::new();
    let mut some = Mat::<f64>::zeros(0, 0);
    rows.for_each_block(|_, columns, values| {
        if of != columns {
            spread(&some, &of, &mut gram, n_columns);
            of = columns.to_vec();
            some = Mat::zeros(of.len(), of.len());
        }
        add_products(&mut some, values);
    });
    spread(&some, &of, &mut gram, n_columns);
    let part = Part {
        n_features: n_columns,
        gram: Gram::Full(gram),
        sums: vec![0.0; n_columns],
        kind: Kind::Own,
        members: apart.map_or_else(|| rows.members_by_kind(), CrossSections::all),
    };
    let itself = |column| vec![Entry { part: 0, feature: column, coefficient: 1.0 }];
    (vec![part], (0..n_columns).map(itself).collect())
}

/// Adds the products of columns, below and on the diagonal.
fn add_products(sum: &mut Mat<f64>, values: MatRef<'_, f64>) {
    let (lower, whole) = (BlockStructure::TriangularLower, BlockStructure::Rectangular);
    matmul(sum.as_mut(), lower, Accum::Add, values.transpose(), whole, values, whole, 1.0, Par::Seq);
}

/// Adds the products of some columns to those of all.
fn spread(some: &Mat<f64>, of: &[usize], all: &mut [f64], n_columns: usize) {
    for (j, &column) in of.iter().enumerate() {
        for (i, &row) in of.iter().enumerate().skip(j) {
            all[row * n_columns + column] += some[(i, j)];
            if i != j {
                all[column * n_columns + row] += some[(i, j)];
            }
        }
    }
}

/// A column's place, and the deviations (by row of the panel) that are borrowed for it; `None` where nobody has any.
type Borrowed = (usize, Option<Vec<f64>>);

/// Lets a lone unit, or cluster, borrow deviations (by row of the panel) for each column it stands alone in.
fn lend(
    (borrowed, holds): (Vec<Borrowed>, Vec<(usize, f64)>),
    (is_few, why): (bool, WhyUnknown),
    parts: &mut Vec<Part>,
    entries: &mut [Vec<Entry>],
    unknown: &mut [Option<WhyUnknown>],
) {
    let mut lent = Vec::new();
    for (place, deviations) in borrowed {
        match deviations {
            Some(deviations) => lent.push((place, deviations)),
            None => unknown[place] = Some(why),
        }
    }
    let part = parts.len();
    let (n_features, gram) = if is_few {
        for (place, deviations) in &lent {
            let entry = |(feature, &coefficient)| Entry { part, feature, coefficient };
            entries[*place].extend(deviations.iter().enumerate().map(entry));
        }
        (lent.first().map_or(0, |(_, deviations)| deviations.len()), Gram::Units)
    } else {
        let product =
            |(a, b): (usize, usize)| -> f64 { lent[a].1.iter().zip(&lent[b].1).map(|(a, b)| a * b).sum() };
        for (feature, (place, _)) in lent.iter().enumerate() {
            entries[*place].push(Entry { part, feature, coefficient: 1.0 });
        }
        let n = lent.len();
        (n, Gram::Full((0..n * n).map(|at| product((at / n, at % n))).collect()))
    };
    let members = vec![Members::even(1, holds)];
    parts.push(Part { n_features, gram, sums: vec![0.0; n_features], kind: Kind::Borrowed, members });
}
