//! What may be shown of counts of people: nothing about fewer than five, also not by subtraction.
//!
//! It counts nobody. It guards one table (parts, sums over groups of them, and the sum of all) at a time; that two
//! tables of the same people do not tell on each other is for who makes them (`uptake::months`).

mod open;
mod pools;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use open::{Known, Range, to_hide};
use pools::Pools;

/// The fewest people about whom something is shown.
pub const N_FEWEST: u32 = 5;

/// So many of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How many; at most `of`.
    pub count: u32,
    /// Of how many.
    pub of: u32,
}

impl std::iter::Sum for Part {
    fn sum<I: Iterator<Item = Part>>(parts: I) -> Part {
        parts.fold(Part { count: 0, of: 0 }, |sum, part| Part {
            count: sum.count + part.count,
            of: sum.of + part.of,
        })
    }
}

/// What is shown of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The count itself: at least five did, and at least five did not.
    Exact(Part),
    /// Fewer than five did, perhaps none.
    Few {
        /// Of how many.
        of: u32,
    },
    /// All but fewer than five did, perhaps all.
    NearlyAll {
        /// Of how many.
        of: u32,
    },
    /// Nothing: the group is too small, or the count would give another one away.
    Withheld,
}

impl Shown {
    /// The share from 0 to 1 where it is exact.
    pub fn share(self) -> Option<f64> {
        match self {
            Shown::Exact(part) => Some(f64::from(part.count) / f64::from(part.of)),
            _ => None,
        }
    }
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Shown::Exact(Part { count, of }) => {
                write!(f, "{:.0} % ({count} of {of})", 100.0 * f64::from(*count) / f64::from(*of))
            }
            Shown::Few { of } => write!(f, "fewer than {N_FEWEST} of {of}"),
            Shown::NearlyAll { of } => write!(f, "all but fewer than {N_FEWEST} of {of}"),
            Shown::Withheld => f.write_str("not shown"),
        }
    }
}

/// A table of parts and their sum, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// By part, in the order given.
    pub parts: Vec<Shown>,
    /// All parts together.
    pub total: Shown,
}

/// A table of parts, of sums over several ways to group them, and of the sum of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouped {
    /// By part, in the order given.
    pub parts: Vec<Shown>,
    /// By way of grouping, by group.
    pub groups: Vec<BTreeMap<u32, Shown>>,
    /// All parts together.
    pub total: Shown,
    /// The places of the parts of which a sum is shown or could be: all, where nothing has to be left out.
    pub covered: Vec<usize>,
}

/// One part by itself. Below ten people nothing: whichever way they fall, one side is fewer than five.
pub fn alone(part: Part) -> Shown {
    let Part { count, of } = part;
    if of < 2 * N_FEWEST {
        Shown::Withheld
    } else if count < N_FEWEST {
        Shown::Few { of }
    } else if of - count.min(of) < N_FEWEST {
        Shown::NearlyAll { of }
    } else {
        Shown::Exact(part)
    }
}

/// A table in which nobody can be found by subtracting what is shown from the sum: [`grouped`] without groups.
///
/// Misleads somebody who reads *fewer than five* as none.
pub fn table(parts: &[Part]) -> Published {
    let Grouped { parts, total, .. } = grouped(parts, &vec![vec![0]; parts.len()]);
    Published { parts, total }
}

/// A table in which nobody can be found by subtracting any of the parts, the sums over groups and the sum of all from
/// any others.
///
/// - `labels`: by part, its group in each way of grouping, the same number for all; never empty.
///
/// Parts that must not be shown are put into *pools*: within the same groups first, then across the last way of
/// grouping, the last two, and so on, never across the first one. A pool is closed by exact parts, the smallest group first,
/// until every small part in it may still be anything that is said of it, whoever knows the pool's sum. Every sum that
/// is shown is made of whole pools and of exact parts: so a reader learns no more than the sums of pools. A sum that
/// cuts a pool, or holds one that could not be closed, is not shown.
pub fn grouped(parts: &[Part], labels: &[Vec<u32>]) -> Grouped {
    let mut shown: Vec<Shown> = parts.iter().map(|part| alone(*part)).collect();
    let pools = pools::pools(parts, labels, &mut shown);
    put_together(parts, labels, shown, &pools)
}

/// [`grouped`], where the sum of all is worth more than those of groups: what exact parts do not close is put together with
/// pools that are closed, so that their sums are known with it alone.
///
/// Misleads if it is told beside [`grouped`] of the same parts: what is left out there is what these two leave between them.
pub fn grouped_for_all(parts: &[Part], labels: &[Vec<u32>]) -> Grouped {
    let mut shown: Vec<Shown> = parts.iter().map(|part| alone(*part)).collect();
    let pools = pools::pools(parts, labels, &mut shown).joined(parts, labels);
    put_together(parts, labels, shown, &pools)
}

fn put_together(parts: &[Part], labels: &[Vec<u32>], shown: Vec<Shown>, pools: &Pools) -> Grouped {
    let n_ways = labels.first().map_or(0, Vec::len);
    let groups = (0..n_ways)
        .map(|way| {
            let mut members = BTreeMap::<u32, Vec<usize>>::new();
            for (place, label) in labels.iter().enumerate() {
                members.entry(label[way]).or_default().push(place);
            }
            members.into_iter().map(|(label, own)| (label, sum(parts, &shown, pools, &own))).collect()
        })
        .collect();
    let all: Vec<usize> = (0..parts.len()).collect();
    Grouped {
        groups,
        total: sum(parts, &shown, pools, &all),
        covered: all.into_iter().filter(|place| !pools.is_left_out(*place)).collect(),
        parts: shown,
    }
}

/// What is shown of the sum of `own`.
fn sum(parts: &[Part], shown: &[Shown], pools: &Pools, own: &[usize]) -> Shown {
    if let [place] = own {
        return shown[*place];
    }
    let said = alone(own.iter().map(|place| parts[*place]).sum());
    let touched = pools.touched(own);
    let is_whole = touched.iter().all(|(pool, n)| pool.is_closed && pool.places.len() == *n);
    let say_it_themselves =
        own.iter().all(|place| std::mem::discriminant(&shown[*place]) == std::mem::discriminant(&said));
    match said {
        Shown::Exact(_) if is_whole => said,
        // No pool's sum is known there, so these words narrow nothing that each part does not say by itself.
        Shown::Few { .. } | Shown::NearlyAll { .. }
            if touched.iter().all(|(pool, _)| !pool.is_closed)
                && (say_it_themselves || own.len() == parts.len()) =>
        {
            said
        }
        _ => Shown::Withheld,
    }
}
