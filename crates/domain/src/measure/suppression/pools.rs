//! Pools: which parts are hidden together, so that their sum may be known.

use std::collections::BTreeMap;

use super::{N_FEWEST, Part, Shown, alone};

/// Parts that are hidden together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Their places.
    pub places: Vec<usize>,
    /// Whether their sum may be known.
    pub is_closed: bool,
}

impl Pool {
    /// Whether a part is in it.
    pub fn holds(&self, place: usize) -> bool {
        self.places.contains(&place)
    }
}

/// Every hidden part in its pool; exact parts that close one are withheld in `shown`.
pub fn pools(parts: &[Part], labels: &[Vec<u32>], shown: &mut [Shown]) -> Vec<Pool> {
    let mut closed = Vec::new();
    let is_hidden = |shown: &Shown| !matches!(shown, Shown::Exact(_));
    let mut open: Vec<usize> = (0..parts.len()).filter(|place| is_hidden(&shown[*place])).collect();
    // Nobody is in it, so nobody is found in it: it needs no pool.
    open.retain(|place| parts[*place].of > 0);
    let n_ways = labels.first().map_or(0, Vec::len);
    for depth in (1..=n_ways).rev() {
        let mut classes = BTreeMap::<&[u32], Vec<usize>>::new();
        for place in std::mem::take(&mut open) {
            classes.entry(&labels[place][..depth]).or_default().push(place);
        }
        for (class, hidden) in classes {
            match closing(parts, shown, &hidden, |place| &labels[place][..depth] == class) {
                Some(shields) => {
                    shields.iter().for_each(|place| shown[*place] = Shown::Withheld);
                    closed.push(Pool { places: [hidden, shields].concat(), is_closed: true });
                }
                None => open.extend(hidden),
            }
        }
    }
    if !open.is_empty() {
        closed.push(Pool { places: open, is_closed: false });
    }
    closed
}

/// The fewest exact parts of a class, the smallest first, that close a pool of hidden ones; `None` where all do not.
fn closing(
    parts: &[Part],
    shown: &[Shown],
    hidden: &[usize],
    is_of_class: impl Fn(usize) -> bool,
) -> Option<Vec<usize>> {
    let mut exact: Vec<usize> = (0..parts.len())
        .filter(|place| matches!(shown[*place], Shown::Exact(_)) && is_of_class(*place))
        .collect();
    exact.sort_by_key(|place| parts[*place].of);
    (0..=exact.len())
        .map(|n| &exact[..n])
        .find(|shields| holds_tight(parts, hidden, shields))
        .map(<[_]>::to_vec)
}

/// Whether the sum of a pool tells nothing of its small parts, alone or together, that is not said anyway.
fn holds_tight(parts: &[Part], hidden: &[usize], shields: &[usize]) -> bool {
    let all = || hidden.iter().chain(shields).map(|place| parts[*place]);
    if !matches!(alone(all().sum()), Shown::Exact(_)) {
        return false;
    }
    let ranges = |places: &[usize], is_shield| -> (i64, i64) {
        let each = places.iter().map(|place| range(parts[*place], is_shield));
        each.fold((0, 0), |sum, (low, high)| (sum.0 + low, sum.1 + high))
    };
    let (hidden_range, shield_range) = (ranges(hidden, false), ranges(shields, true));
    // Shields whose counts are all but known would tell the sum of those they shield.
    if !shields.is_empty() && shield_range.1 - shield_range.0 < i64::from(N_FEWEST) - 1 {
        return false;
    }
    let known: i64 = all().map(|part| i64::from(part.count)).sum();
    let (low, high) = (hidden_range.0 + shield_range.0, hidden_range.1 + shield_range.1);
    hidden.iter().all(|place| {
        let (own_low, own_high) = range(parts[*place], false);
        known - (high - own_high) <= own_low && known - (low - own_low) >= own_high
    })
}

/// What a reader who knows these rules can tell of a part that is not shown exactly.
fn range(part: Part, is_shield: bool) -> (i64, i64) {
    let (of, few) = (i64::from(part.of), i64::from(N_FEWEST));
    match alone(part) {
        _ if is_shield => (few, of - few),
        Shown::Few { .. } => (0, few - 1),
        Shown::NearlyAll { .. } => (of - few + 1, of),
        Shown::Withheld | Shown::Exact(_) => (0, of),
    }
}
