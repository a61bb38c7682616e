//! The same tables made the slow way, by the rules as they read: what is faster must come to the same.

use std::collections::BTreeMap;

use super::super::{Grouped, N_FEWEST, Part, Shown, alone};

pub fn grouped(parts: &[Part], labels: &[Vec<u32>]) -> Grouped {
    let mut shown: Vec<Shown> = parts.iter().map(|part| alone(*part)).collect();
    let pools = pools(parts, labels, &mut shown);
    let n_ways = labels.first().map_or(0, Vec::len);
    let groups = (0..n_ways)
        .map(|way| {
            let mut members = BTreeMap::<u32, Vec<usize>>::new();
            for (place, label) in labels.iter().enumerate() {
                members.entry(label[way]).or_default().push(place);
            }
            members.into_iter().map(|(label, own)| (label, sum(parts, &shown, &pools, &own))).collect()
        })
        .collect();
    let all: Vec<usize> = (0..parts.len()).collect();
    let is_left_out = |place: &usize| pools.iter().any(|pool| !pool.is_closed && pool.holds(*place));
    Grouped {
        groups,
        total: sum(parts, &shown, &pools, &all),
        covered: all.into_iter().filter(|place| !is_left_out(place)).collect(),
        parts: shown,
    }
}

/// What is shown of the sum of `own`.
fn sum(parts: &[Part], shown: &[Shown], pools: &[Pool], own: &[usize]) -> Shown {
    if let [place] = own {
        return shown[*place];
    }
    let said = alone(own.iter().map(|place| parts[*place]).sum());
    let touched: Vec<&Pool> =
        pools.iter().filter(|pool| own.iter().any(|place| pool.holds(*place))).collect();
    let is_whole = |pool: &&Pool| pool.is_closed && pool.places.iter().all(|place| own.contains(place));
    let say_it_themselves =
        own.iter().all(|place| std::mem::discriminant(&shown[*place]) == std::mem::discriminant(&said));
    match said {
        Shown::Exact(_) if touched.iter().all(is_whole) => said,
        // No pool's sum is known there, so these words narrow nothing that each part does not say by itself.
        Shown::Few { .. } | Shown::NearlyAll { .. }
            if touched.iter().all(|pool| !pool.is_closed)
                && (say_it_themselves || own.len() == parts.len()) =>
        {
            said
        }
        _ => Shown::Withheld,
    }
}

struct Pool {
    places: Vec<usize>,
    is_closed: bool,
}

impl Pool {
    fn holds(&self, place: usize) -> bool {
        self.places.contains(&place)
    }
}

fn pools(parts: &[Part], labels: &[Vec<u32>], shown: &mut [Shown]) -> Vec<Pool> {
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
