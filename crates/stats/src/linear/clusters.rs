//! Which units stand together, and how many such clusters there are.

mod shares;

use std::collections::BTreeMap;

use crate::panel::Panel;
use crate::uncertainty::{Counts, MANY_UNITS, Members, Side, WhyUnknown};

use super::Keep;

/// The clusters of the units an analysis rests on.
#[derive(Clone, Debug)]
pub(crate) struct Clusters<'a> {
    of_unit: Option<&'a [usize]>,
    /// One more than the largest number.
    n_numbers: usize,
    /// The starts of each cluster's units; a cluster without units that count is absent.
    starts: BTreeMap<usize, Start>,
    /// By kind, its clusters: one kind for each start of whole clusters, and one for those with different starts, and with
    /// them a lone cluster of a start that other clusters hold units of besides.
    groups: Vec<Vec<usize>>,
    /// By kind, what its clusters hold of each start.
    members: Vec<Members>,
    /// Kinds and starts that there are, in order: what [`held`](Self::held) tells.
    blocks: Vec<Block>,
    place_of: BTreeMap<(usize, Option<usize>), usize>,
    kind_of: BTreeMap<Option<usize>, usize>,
    regular: Regular,
    mean: Mean,
}

/// The units of one start in clusters of one kind.
#[derive(Clone, Copy, Debug)]
struct Block {
    kind: usize,
    /// The start's place among those there are, as the kinds' members know it.
    start: usize,
    side: Side,
    /// All units of the start are in one cluster that was named.
    is_enclosed: bool,
    squares: f64,
}

/// Whether all clusters have as many units, all of one weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Regular {
    Yes,
    No,
}

/// How deviations are taken from the mean of a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mean {
    /// All by their weights.
    ByWeight,
    /// Of those that start by their squared weights, as imputed effects are.
    ByWeightTwice,
}

/// When the units of a cluster start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Start {
    /// All with the start at this place, or never.
    Same(Option<usize>),
    Different,
}

/// What a cluster holds of a start.
#[derive(Clone, Copy, Debug, Default)]
struct Own {
    n: usize,
    size: f64,
    twice: f64,
}

impl<'a> Clusters<'a> {
    /// - `units`: those that count, each with the place of its start.
    pub fn of(panel: &'a Panel, mean: Mean, units: impl Iterator<Item = (usize, Option<usize>)>) -> Self {
        let of_unit = panel.clusters();
        let mut cells = BTreeMap::<(usize, Option<usize>), Own>::new();
        let n_numbers = of_unit.map_or(panel.units().len(), |of| of.iter().max().map_or(0, |most| most + 1));
        let mut sizes = vec![0; n_numbers];
        let (mut first, mut is_even) = (None, true);
        for (unit, start) in units {
            let (cluster, weight) = (of_unit.map_or(unit, |clusters| clusters[unit]), panel.weight(unit));
            is_even &= *first.get_or_insert(weight) == weight;
            let own = cells.entry((cluster, start)).or_default();
            own.n += 1;
            own.size += weight;
            own.twice += weight * weight;
            sizes[cluster] += 1;
        }
        let mut starts = BTreeMap::new();
        // By start, whether several clusters hold its units.
        let mut is_in_several = BTreeMap::<Option<usize>, bool>::new();
        for &(cluster, start) in cells.keys() {
            let own = Start::Same(start);
            starts.entry(cluster).and_modify(|known| *known = Start::Different).or_insert(own);
            is_in_several.entry(start).and_modify(|known| *known = true).or_insert(false);
        }
        let n_numbers = starts.last_key_value().map_or(0, |(cluster, _)| cluster + 1);
        let mut groups = BTreeMap::<Start, Vec<usize>>::new();
        starts.iter().for_each(|(cluster, start)| groups.entry(*start).or_default().push(*cluster));
        let is_one_of_several = |start: &Start, clusters: &Vec<usize>| match start {
            Start::Same(start) => clusters.len() == 1 && is_in_several[start],
            Start::Different => false,
        };
        let lone: Vec<Start> = groups
            .iter()
            .filter(|(start, of)| is_one_of_several(start, of))
            .map(|(start, _)| *start)
            .collect();
        for start in lone {
            let cluster = groups.remove(&start).unwrap_or_default();
            groups.entry(Start::Different).or_default().extend(cluster);
        }
        groups.values_mut().for_each(|clusters| clusters.sort_unstable());
        let same = |(kind, start): (usize, &Start)| match start {
            Start::Same(start) => Some((*start, kind)),
            Start::Different => None,
        };
        let kind_of = groups.keys().enumerate().filter_map(same).collect();
        let groups: Vec<Vec<usize>> = groups.into_values().collect();

        let place: BTreeMap<Option<usize>, usize> = is_in_several.keys().copied().zip(0..).collect();
        let counts = |(&(cluster, start), own): (&(usize, Option<usize>), &Own)| {
            let pull = if mean == Mean::ByWeightTwice && start.is_some() { own.twice } else { own.size };
            Counts { member: cluster, group: place[&start], size: own.size, pull }
        };
        let all: Vec<Counts> = cells.iter().map(counts).collect();
        let mut kinds = vec![Vec::new(); groups.len()];
        let mut of_cluster = vec![0; n_numbers];
        for (kind, clusters) in groups.iter().enumerate() {
            clusters.iter().for_each(|cluster| of_cluster[*cluster] = kind);
        }
        all.iter().for_each(|own| kinds[of_cluster[own.member]].push(*own));
        let members: Vec<Members> = kinds.iter().map(|own| Members::of(own, &all)).collect();

        let (mut blocks, mut place_of) = (Vec::<Block>::new(), BTreeMap::new());
        for (&(cluster, start), own) in &cells {
            let kind = of_cluster[cluster];
            let block = *place_of.entry((kind, start)).or_insert_with(|| {
                let side = if start.is_some() { Side::Started } else { Side::Compared };
                let is_enclosed =
                    of_unit.is_some() && !is_in_several[&start] && (own.n > 1 || sizes[cluster] == own.n);
                blocks.push(Block { kind, start: place[&start], side, is_enclosed, squares: 0.0 });
                blocks.len() - 1
            });
            blocks[block].squares += own.size * own.size;
        }
        let mut counted = sizes.iter().filter(|n| **n > 0);
        let n = counted.next();
        let regular = is_even && counted.all(|own| Some(own) == n);
        let regular = if regular { Regular::Yes } else { Regular::No };
        Clusters { of_unit, n_numbers, starts, groups, members, blocks, place_of, kind_of, regular, mean }
    }

    /// The number of a unit's cluster.
    pub fn cluster(&self, unit: usize) -> usize {
        self.of_unit.map_or(unit, |clusters| clusters[unit])
    }

    /// How many there are.
    pub fn n(&self) -> usize {
        self.starts.len()
    }

    /// How many clusters hold units that start, and how many hold units that are compared with those.
    ///
    /// - `compared`: the start of the latter, `None` if they never start.
    pub fn sides(&self, compared: Option<usize>) -> (usize, usize) {
        let n = |of: &dyn Fn(&Start) -> bool| self.starts.values().filter(|start| of(start)).count();
        let own = Start::Same(compared);
        (n(&|start| *start != own), n(&|start| *start == own || *start == Start::Different))
    }

    /// Whether they are too few for laws that hold for many.
    pub fn are_few(&self) -> bool {
        self.n() < MANY_UNITS
    }

    /// How what they move numbers by is to be summed.
    pub fn keep(&self) -> Keep {
        if self.are_few() || self.of_unit.is_some() {
            Keep::Rows(self.n_numbers)
        } else {
            Keep::Squares(self.groups.len())
        }
    }

    /// How many kinds there are: one for each start of whole clusters, and one for those with different starts.
    pub fn n_kinds(&self) -> usize {
        self.groups.len()
    }

    /// How many blocks there are: of kinds, and of starts within each.
    pub fn n_blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Whether all clusters have as many units, all of one weight.
    pub fn are_regular(&self) -> bool {
        self.regular == Regular::Yes
    }

    /// By block, the sum of the squared weights of some units of one start, those of one cluster taken together.
    pub fn held<'b>(
        &self,
        panel: &Panel,
        start: Option<usize>,
        units: impl Iterator<Item = &'b usize>,
    ) -> Vec<f64> {
        let mut held = vec![0.0; self.blocks.len()];
        let Some(clusters) = self.of_unit else {
            let squares: f64 = units.map(|&unit| panel.weight(unit).powi(2)).sum();
            let block = self.kind_of.get(&start).and_then(|kind| self.place_of.get(&(*kind, start)));
            block.into_iter().for_each(|block| held[*block] += squares);
            return held;
        };
        let mut sizes = BTreeMap::<usize, f64>::new();
        units.for_each(|&unit| *sizes.entry(clusters[unit]).or_default() += panel.weight(unit));
        for (kind, own) in self.groups.iter().enumerate() {
            let Some(block) = self.place_of.get(&(kind, start)) else { continue };
            held[*block] +=
                own.iter().filter_map(|cluster| sizes.get(cluster)).map(|size| size * size).sum::<f64>();
        }
        held
    }

    /// The kind of units of one start, where each unit is its own cluster.
    pub fn kind_of(&self, start: Option<usize>) -> usize {
        self.kind_of.get(&start).copied().unwrap_or(0)
    }

    /// How many clusters of like size the units that start, and those that are compared with them, are worth.
    pub fn worth_of_sides(
        &self,
        compared: Option<usize>,
        panel: &Panel,
        units: impl Iterator<Item = (usize, Option<usize>)>,
    ) -> (f64, f64) {
        let mut sides = [BTreeMap::<usize, f64>::new(), BTreeMap::new()];
        for (unit, start) in units {
            let side = &mut sides[usize::from(start == compared)];
            *side.entry(self.cluster(unit)).or_default() += panel.weight(unit);
        }
        let [started, others] = sides.map(|side| {
            let sum: f64 = side.values().sum();
            let squares: f64 = side.values().map(|size| size * size).sum();
            if squares > 0.0 { sum * sum / squares } else { 0.0 }
        });
        (started, others)
    }

    /// Why nothing tells how far one of them would have moved a number.
    pub fn alone(&self) -> WhyUnknown {
        if self.of_unit.is_some() { WhyUnknown::InOneCluster } else { WhyUnknown::OneUnitEach }
    }
}
