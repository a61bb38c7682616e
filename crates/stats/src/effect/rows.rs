//! Each unit's influences, formed a block at a time: rows are units, or clusters, that vary independently.

mod held;

use std::collections::BTreeMap;

use faer::{Mat, MatRef};

use super::cell::{Comparison, Covariates, Side, Span, probability};
use super::sample::Sample;
use super::stream::Column;
use crate::panel::Panel;
use crate::uncertainty::{Held, MANY_UNITS};

/// Rows that are taken together in one product of matrices.
const BLOCK: usize = 256;

/// What rows there are, and what they add up.
pub(super) struct Rows<'a> {
    pub sample: &'a Sample,
    panel: &'a Panel,
    covariates: &'a Covariates<'a>,
    columns: &'a [Column],
    /// Ascending by row.
    members: Vec<Member>,
    n_rows: usize,
    /// By group, the columns its units are in, and on which side; then the cohorts' shares.
    touched: Vec<Vec<(usize, Side)>>,
    n_clusters: Option<usize>,
}

/// A unit, and the row it belongs to.
#[derive(Clone, Copy, Debug)]
struct Member {
    row: usize,
    unit: usize,
    group: usize,
}

impl<'a> Rows<'a> {
    /// One row a unit, start by start; with clusters one row a cluster, or with few clusters one for each cluster's
    /// units of one start.
    pub fn of(
        panel: &'a Panel,
        sample: &'a Sample,
        covariates: &'a Covariates<'a>,
        columns: &'a [Column],
    ) -> Self {
        let units = sample
            .groups()
            .enumerate()
            .flat_map(|(group, units)| units.iter().map(move |unit| (group, *unit)));
        let members = |row: &mut dyn FnMut(usize, usize) -> usize| -> Vec<Member> {
            units.map(|(group, unit)| Member { row: row(group, unit), unit, group }).collect()
        };
        let mut n_rows = 0;
        let mut n_clusters = None;
        let mut members = match panel.clusters() {
            None => members(&mut |_, _| {
                n_rows += 1;
                n_rows - 1
            }),
            Some(clusters) => {
                // Clusters none of whose units serve do not count.
                let mut number = vec![None; panel.units().len()];
                let mut next = 0;
                let mut numbered = |unit: usize| {
                    *number[clusters[unit]].get_or_insert_with(|| {
                        next += 1;
                        next - 1
                    })
                };
                let members = members(&mut |_, unit| numbered(unit));
                n_rows = next;
                n_clusters = Some(next);
                members
            }
        };
        if n_clusters.is_some_and(|n| n < MANY_UNITS) {
            n_rows = by_group_and_cluster(&mut members);
        } else {
            members.sort_by_key(|member| member.row);
        }
        let touched = touched(sample, columns);
        Rows { sample, panel, covariates, columns, members, n_rows, touched, n_clusters }
    }

    /// How many units, or clusters, vary independently.
    pub fn n_independent(&self) -> usize {
        self.n_clusters.unwrap_or(self.n_rows)
    }

    pub fn has_clusters(&self) -> bool {
        self.n_clusters.is_some()
    }

    /// The part and the feature a row stands for, where influences are kept.
    pub fn place(&self, row: usize) -> (usize, usize) {
        if self.n_clusters.is_some() {
            return (0, row);
        }
        let group = self.members[row].group;
        (group, row - self.members.partition_point(|member| member.group < group))
    }

    /// With few clusters: which cluster's units of which start each row holds, and how many clusters there are.
    pub fn held(&self) -> Option<(Vec<Held>, usize)> {
        let n_clusters = self.n_clusters?;
        let clusters = self.panel.clusters()?;
        let mut number = BTreeMap::new();
        let mut held: Vec<Held> = Vec::new();
        for member in &self.members {
            if held.len() == member.row {
                let next = number.len();
                let cluster = *number.entry(clusters[member.unit]).or_insert(next);
                held.push(Held { cluster, group: member.group, n_units: 0, size: 0.0 });
            }
            held[member.row].n_units += 1;
            held[member.row].size += self.sample.weight(member.unit);
        }
        Some((held, n_clusters))
    }

    /// Shows the influences block by block: the first row, the columns there are, and rows by columns.
    pub fn for_each_block(&self, mut show: impl FnMut(usize, &[usize], MatRef<'_, f64>)) {
        let n_columns = self.columns.len() + self.sample.cohorts.len();
        let mut local = vec![usize::MAX; n_columns];
        let mut begin = 0;
        let mut values = Mat::<f64>::zeros(0, 0);
        let mut columns = Vec::new();
        let mut of_groups = Vec::new();
        while begin < self.members.len() {
            let block = self.block(begin);
            let mut groups: Vec<usize> = block.iter().map(|member| member.group).collect();
            groups.dedup();
            groups.sort_unstable();
            groups.dedup();
            if groups != of_groups {
                columns = groups
                    .iter()
                    .flat_map(|&group| &self.touched[group])
                    .map(|(column, _)| *column)
                    .collect();
                columns.sort_unstable();
                columns.dedup();
                columns.iter().enumerate().for_each(|(place, &column)| local[column] = place);
                of_groups = groups;
            }
            let (first, last) = (block[0].row, block[block.len() - 1].row);
            if values.ncols() != columns.len() {
                values = Mat::zeros(BLOCK, columns.len());
            }
            values.fill(0.0);
            let mut rest = block;
            while let Some(member) = rest.first() {
                let n = rest.iter().take_while(|other| other.group == member.group).count();
                self.add(&rest[..n], first, &local, &mut values);
                rest = &rest[n..];
            }
            show(first, &columns, values.get(..last + 1 - first, ..));
            begin += block.len();
        }
    }

    /// The members of the rows from that of the member at `begin` on: as many as fit, of one group if there are no
    /// clusters.
    fn block(&self, begin: usize) -> &[Member] {
        let first = self.members[begin];
        let rest = &self.members[begin..];
        let n = rest.partition_point(|member| {
            member.row < first.row + BLOCK && (self.n_clusters.is_some() || member.group == first.group)
        });
        &rest[..n]
    }

    /// Adds the influences of units of one group.
    fn add(&self, members: &[Member], first: usize, local: &[usize], values: &mut Mat<f64>) {
        let mut x = vec![0.0; self.covariates.n()];
        let mut of: &[f64] = &[];
        let mut known: Vec<f64> = Vec::new();
        for &(column, side) in &self.touched[members[0].group] {
            let into = values.col_as_slice_mut(local[column]);
            let Some(column) = self.columns.get(column) else {
                members.iter().for_each(|member| into[member.row - first] += self.sample.weight(member.unit));
                continue;
            };
            let Some(comparison) = &column.comparison else { continue };
            if !self.covariates.vary() && !comparison.logit.is_empty() && of != &comparison.logit[..] {
                of = &comparison.logit;
                known = self.probabilities(members, comparison, &mut x);
            }
            for (place, member) in members.iter().enumerate() {
                let known = known.get(place).copied();
                let context = (self.panel, self.covariates);
                let influence = comparison.influence(context, (member.unit, side), &mut x, known);
                into[member.row - first] += self.sample.weight(member.unit) * influence;
            }
        }
    }

    /// By member, the probability of being a starting unit, where covariates never change.
    fn probabilities(&self, members: &[Member], comparison: &Comparison, x: &mut [f64]) -> Vec<f64> {
        let of = |member: &Member| {
            self.covariates.fill(member.unit, 0, x);
            probability(&comparison.logit, x)
        };
        members.iter().map(of).collect()
    }

    /// By row of the panel, `scale` times the deviation from its start's mean change, over the root of the degrees of
    /// freedom; `None` if no two units seen share a start. With clusters, by the first unit of each: the deviations of
    /// clusters' mean changes.
    pub fn deviations(&self, spans: &[Span], scale: f64) -> Option<Vec<f64>> {
        let span = spans.first()?;
        let mut deviations = vec![0.0; self.panel.units().len()];
        let mut df = 0;
        for units in self.sample.groups() {
            let changes = self.changes(units, span);
            let n = changes.len();
            let mean = changes.iter().map(|(_, y)| y).sum::<f64>() / n as f64;
            df += n.saturating_sub(1);
            changes.iter().for_each(|(unit, y)| deviations[*unit] = scale * (y - mean));
        }
        deviations.iter_mut().for_each(|deviation| *deviation /= f64::sqrt(df as f64));
        (df > 0).then_some(deviations)
    }

    /// The changes of units that were seen, or the mean changes of their clusters by its first unit.
    fn changes(&self, units: &[usize], span: &Span) -> Vec<(usize, f64)> {
        let seen =
            units.iter().map(|&unit| (unit, span.value(self.panel, unit))).filter(|(_, y)| !y.is_nan());
        let Some(clusters) = self.panel.clusters() else { return seen.collect() };
        let mut by_cluster = BTreeMap::<usize, (usize, f64, f64)>::new();
        for (unit, y) in seen {
            let weight = self.sample.weight(unit);
            let (_, sum, size) = by_cluster.entry(clusters[unit]).or_insert((unit, 0.0, 0.0));
            *sum += weight * y;
            *size += weight;
        }
        by_cluster.into_values().map(|(unit, sum, size)| (unit, sum / size)).collect()
    }
}

/// Numbers rows anew, one for each cluster's units of one start, and returns how many there are.
fn by_group_and_cluster(members: &mut [Member]) -> usize {
    members.sort_by_key(|member| (member.group, member.row));
    let mut n_rows = 0;
    for units in members.chunk_by_mut(|a, b| a.group == b.group) {
        let mut last = None;
        for unit in units {
            if last != Some(unit.row) {
                n_rows += 1;
                last = Some(unit.row);
            }
            unit.row = n_rows - 1;
        }
    }
    n_rows
}

fn touched(sample: &Sample, columns: &[Column]) -> Vec<Vec<(usize, Side)>> {
    let mut touched = vec![Vec::new(); sample.groups().count()];
    for (place, column) in columns.iter().enumerate() {
        touched[column.pair.cohort].push((place, Side::Treated));
        column.pair.compared.iter().for_each(|&group| touched[group].push((place, Side::Compared)));
    }
    // The shares of the cohorts, which are the first groups.
    for (cohort, touched) in touched.iter_mut().enumerate().take(sample.cohorts.len()) {
        touched.push((columns.len() + cohort, Side::Treated));
    }
    touched
}
