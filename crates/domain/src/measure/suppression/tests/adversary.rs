//! Somebody who wants to know what a few people did: he knows the rules, the sizes, and all that is shown, and tries
//! every table that fits.

use std::collections::{BTreeMap, BTreeSet};

use super::super::*;

/// What a reader holds: statements on sums over sets of parts.
pub struct Reader {
    statements: Vec<(Vec<usize>, Shown)>,
}

impl Reader {
    pub fn of(parts: &[Part], labels: &[Vec<u32>], shown: &Grouped) -> Reader {
        let mut statements: Vec<(Vec<usize>, Shown)> =
            shown.parts.iter().enumerate().map(|(place, shown)| (vec![place], *shown)).collect();
        for (way, groups) in shown.groups.iter().enumerate() {
            for (label, shown) in groups {
                let own = (0..labels.len()).filter(|place| labels[*place][way] == *label);
                statements.push((own.collect(), *shown));
            }
        }
        statements.push(((0..labels.len()).collect(), shown.total));
        let covered: Part = shown.covered.iter().map(|place| parts[*place]).sum();
        statements.push((shown.covered.clone(), alone(covered)));
        Reader { statements }
    }

    /// What a count of a part can be by what is said of it alone.
    fn range(&self, parts: &[Part], place: usize) -> std::ops::RangeInclusive<u32> {
        let of = parts[place].of;
        match self.statements[place].1 {
            Shown::Exact(part) => part.count..=part.count,
            Shown::Few { .. } => 0..=N_FEWEST - 1,
            Shown::NearlyAll { .. } => of + 1 - N_FEWEST..=of,
            Shown::Withheld if of >= 2 * N_FEWEST => N_FEWEST..=of - N_FEWEST,
            Shown::Withheld => 0..=of,
        }
    }

    fn fits(&self, counts: &[u32], parts: &[Part]) -> bool {
        self.statements.iter().all(|(places, shown)| {
            let sum: u32 = places.iter().map(|place| counts[*place]).sum();
            let of: u32 = places.iter().map(|place| parts[*place].of).sum();
            match shown {
                Shown::Exact(part) => part.count == sum,
                Shown::Few { .. } => sum < N_FEWEST,
                Shown::NearlyAll { .. } => of - sum < N_FEWEST,
                Shown::Withheld => true,
            }
        })
    }
}

/// What the reader finds out that he should not.
pub fn found(parts: &[Part], reader: &Reader) -> Vec<String> {
    let n = parts.len();
    let ranges: Vec<_> = (0..n).map(|place| reader.range(parts, place)).collect();
    let mut sums: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
    let mut counts: Vec<u32> = ranges.iter().map(|range| *range.start()).collect();
    loop {
        if reader.fits(&counts, parts) {
            for set in 1..1_usize << n {
                let sum = (0..n).filter(|place| set >> place & 1 == 1).map(|place| counts[place]).sum();
                sums.entry(set).or_default().insert(sum);
            }
        }
        let Some(place) = (0..n).find(|place| counts[*place] < *ranges[*place].end()) else { break };
        counts[place] += 1;
        (0..place).for_each(|before| counts[before] = *ranges[before].start());
    }
    assert!(!sums.is_empty(), "the truth itself must fit what is shown");
    let mut found = Vec::new();
    for (set, possible) in sums {
        let own: Vec<usize> = (0..n).filter(|place| set >> place & 1 == 1).collect();
        let sum: Part = own.iter().map(|place| parts[*place]).sum();
        if sum.of == 0 || matches!(alone(sum), Shown::Exact(_)) {
            continue;
        }
        let enough = if own.len() == 1 { N_FEWEST.min(sum.of + 1) as usize } else { 2 };
        if possible.len() < enough {
            found.push(format!("{own:?} is one of {possible:?}"));
        }
    }
    found
}
