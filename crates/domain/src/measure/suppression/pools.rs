//! Pools: which parts are hidden together, so that their sum may be known.

use std::collections::{BTreeMap, BTreeSet};

use super::{N_FEWEST, Part, Shown, alone};

/// Parts that are hidden together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Their places.
    pub places: Vec<usize>,
    /// Whether their sum may be known.
    pub is_closed: bool,
}

/// All pools of a table. A part is in one of them or in none.
pub struct Pools {
    pools: Vec<Pool>,
    /// By part, the number of its pool.
    of_place: Vec<Option<usize>>,
}

impl Pools {
    fn of(pools: Vec<Pool>, n_parts: usize) -> Pools {
        let mut of_place = vec![None; n_parts];
        for (number, pool) in pools.iter().enumerate() {
            pool.places.iter().for_each(|place| of_place[*place] = Some(number));
        }
        Pools { pools, of_place }
    }

    /// The pools that have parts among `own`, each with how many of them.
    pub fn touched(&self, own: &[usize]) -> Vec<(&Pool, usize)> {
        let mut n_of = BTreeMap::new();
        for number in own.iter().filter_map(|place| self.of_place[*place]) {
            *n_of.entry(number).or_insert(0) += 1;
        }
        n_of.into_iter().map(|(number, n)| (&self.pools[number], n)).collect()
    }

    /// With what could not be closed put together with closed pools, as few as close it: those first that have parts in its
    /// own groups, whose sums are cut already, then the smallest. Where all of them do not close it, it stays as it is. A
    /// pool never has parts of two groups of the first way.
    pub fn joined(self, parts: &[Part], labels: &[Vec<u32>]) -> Pools {
        let (mut pools, open): (Vec<Pool>, Vec<Pool>) =
            self.pools.into_iter().partition(|pool| pool.is_closed);
        let mut left_out = BTreeMap::<Option<&u32>, Vec<usize>>::new();
        for place in open.into_iter().flat_map(|pool| pool.places) {
            left_out.entry(labels[place].first()).or_default().push(place);
        }
        let mut still_open = Vec::new();
        for (label, places) in left_out {
            let groups: BTreeSet<Option<&u32>> = places.iter().map(|place| labels[*place].get(1)).collect();
            let is_near =
                |pool: &Pool| pool.places.iter().any(|place| groups.contains(&labels[*place].get(1)));
            let n_people = |pool: &Pool| pool.places.iter().map(|place| parts[*place].of).sum::<u32>();
            let (mut own, others): (Vec<Pool>, Vec<Pool>) =
                pools.into_iter().partition(|pool| labels[pool.places[0]].first() == label);
            own.sort_by_key(|pool| (!is_near(pool), n_people(pool)));
            let mut growing = Growing::of(places.iter().map(|place| parts[*place]));
            let closing = own.iter().position(|pool| {
                pool.places.iter().for_each(|place| growing.take(parts[*place]));
                growing.holds_tight()
            });
            match closing {
                Some(last) => {
                    let joined = own.drain(..=last).flat_map(|pool| pool.places);
                    let places = places.into_iter().chain(joined).collect();
                    own.push(Pool { places, is_closed: true });
                }
                None => still_open.extend(places),
            }
            pools = [others, own].concat();
        }
        if !still_open.is_empty() {
            pools.push(Pool { places: still_open, is_closed: false });
        }
        Pools::of(pools, parts.len())
    }

    /// Whether a part is in a pool that could not be closed.
    pub fn is_left_out(&self, place: usize) -> bool {
        self.of_place[place].is_some_and(|number| !self.pools[number].is_closed)
    }
}

/// The hidden and the exact parts of a class.
#[derive(Default)]
struct Class {
    hidden: Vec<usize>,
    exact: Vec<usize>,
}

/// Every hidden part in its pool; exact parts that close one are withheld in `shown`.
pub fn pools(parts: &[Part], labels: &[Vec<u32>], shown: &mut [Shown]) -> Pools {
    let mut closed = Vec::new();
    let is_exact = |shown: &Shown| matches!(shown, Shown::Exact(_));
    let mut open: Vec<usize> = (0..parts.len()).filter(|place| !is_exact(&shown[*place])).collect();
    // Nobody is in it, so nobody is found in it: it needs no pool.
    open.retain(|place| parts[*place].of > 0);
    let n_ways = labels.first().map_or(0, Vec::len);
    for depth in (1..=n_ways).rev() {
        let mut classes = BTreeMap::<&[u32], Class>::new();
        for place in std::mem::take(&mut open) {
            classes.entry(&labels[place][..depth]).or_default().hidden.push(place);
        }
        for place in (0..parts.len()).filter(|place| is_exact(&shown[*place])) {
            if let Some(class) = classes.get_mut(&labels[place][..depth]) {
                class.exact.push(place);
            }
        }
        for Class { hidden, mut exact } in classes.into_values() {
            exact.sort_by_key(|place| parts[*place].of);
            match n_shields(parts, &hidden, &exact) {
                Some(n) => {
                    exact.truncate(n);
                    exact.iter().for_each(|place| shown[*place] = Shown::Withheld);
                    closed.push(Pool { places: [hidden, exact].concat(), is_closed: true });
                }
                None => open.extend(hidden),
            }
        }
    }
    if !open.is_empty() {
        closed.push(Pool { places: open, is_closed: false });
    }
    Pools::of(closed, parts.len())
}

/// How many of the exact parts, which come smallest first, close a pool of hidden ones; `None` where all do not.
fn n_shields(parts: &[Part], hidden: &[usize], exact: &[usize]) -> Option<usize> {
    let mut pool = Growing::of(hidden.iter().map(|place| parts[*place]));
    if pool.holds_tight() {
        return Some(0);
    }
    exact
        .iter()
        .position(|place| {
            pool.shield(parts[*place]);
            pool.holds_tight()
        })
        .map(|last| last + 1)
}

/// A pool to which shields are added one by one.
struct Growing {
    /// All of it.
    sum: Part,
    /// What a reader can tell of the sum of its counts without knowing it: the least and the most.
    range: (i64, i64),
    /// By how much the count of its least certain small part may vary.
    widest: i64,
    /// By how much the sum of its shields may; `None` as long as it has none.
    shields_vary: Option<i64>,
}

impl Growing {
    fn of(hidden: impl Iterator<Item = Part>) -> Growing {
        let nothing = Part { count: 0, of: 0 };
        let mut pool = Growing { sum: nothing, range: (0, 0), widest: 0, shields_vary: None };
        hidden.for_each(|part| pool.hide(part));
        pool
    }

    fn hide(&mut self, part: Part) {
        let (low, high) = range(part);
        self.add(part, (low, high));
        self.widest = self.widest.max(high - low);
    }

    /// Takes a part of another pool in, as what it is there.
    fn take(&mut self, part: Part) {
        match alone(part) {
            Shown::Exact(_) => self.shield(part),
            _ => self.hide(part),
        }
    }

    fn add(&mut self, part: Part, (low, high): (i64, i64)) {
        self.sum = [self.sum, part].into_iter().sum();
        self.range = (self.range.0 + low, self.range.1 + high);
    }

    fn shield(&mut self, part: Part) {
        let (of, few) = (i64::from(part.of), i64::from(N_FEWEST));
        let (low, high) = (few, of - few);
        self.add(part, (low, high));
        self.shields_vary = Some(self.shields_vary.unwrap_or(0) + high - low);
    }

    /// Whether the pool's sum tells nothing of its small parts, alone or together, that is not said anyway: each may
    /// still be the least and the most of its range, whatever the others are.
    fn holds_tight(&self) -> bool {
        let known = i64::from(self.sum.count);
        let (low, high) = self.range;
        // Shields whose counts are all but known would tell the sum of those they shield.
        let is_shielded = self.shields_vary.is_none_or(|vary| vary >= i64::from(N_FEWEST) - 1);
        matches!(alone(self.sum), Shown::Exact(_))
            && is_shielded
            && high - known >= self.widest
            && known - low >= self.widest
    }
}

/// What a reader who knows these rules can tell of a small part.
fn range(part: Part) -> (i64, i64) {
    let (of, few) = (i64::from(part.of), i64::from(N_FEWEST));
    match alone(part) {
        Shown::Few { .. } => (0, few - 1),
        Shown::NearlyAll { .. } => (of - few + 1, of),
        Shown::Withheld | Shown::Exact(_) => (0, of),
    }
}
