//! Units, or clusters, of unlike sizes: what a mean takes of their spread, and how well the rest tells it.
//!
//! Ten units of which one counts as much as the others together are hardly more than two. So how much a variance is to be
//! raised, and its degrees of freedom, follow from how much each counts; among equals both are those of their number. It
//! knows no outcomes.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

/// A covariance raised by more than this for sides of few, or for one's size, is not to be left as it was.
pub(crate) const MUCH_RAISED: f64 = 1.08;

/// Less than this of their squares is never left by a mean: rounding.
const LEAST_LEFT: f64 = 1e-12;

/// What one unit or cluster holds of one group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Counts {
    /// The unit's, or cluster's, number.
    pub member: usize,
    pub group: usize,
    /// How much its deviation counts: its weight, or the sum of its units'.
    pub size: f64,
    /// How much it counts in the mean that deviations are taken from.
    pub pull: f64,
}

/// Units or clusters that are alike in whom they hold, and vary independently of one another.
///
/// Were all that one of them holds of a group to deviate together, with variance 1, the squares of its deviations from the
/// group's mean would vary as a sum of chi-squares with the matrix A(r, s) = size(r) size(s) (1{r = s} - p(r) - p(s) + sum p^2), p the
/// shares in the mean. Its trace says what the mean leaves; trace^2 over the trace of its square, the degrees of freedom.
/// With equal sizes that is n - 1 of n. Taking all that a cluster holds to move together is the careful case.
///
/// Sources: Satterthwaite (1946), Biometrics Bulletin 2(6), 110-114; Bell and McCaffrey (2002), Survey Methodology 28(2),
/// 169-181; Carter, Schnepel and Steigerwald (2017), Review of Economics and Statistics 99(4), 698-709.
#[derive(Clone, Debug, Default)]
pub(crate) struct Members {
    pub n: usize,
    holds: Vec<Holds>,
    /// Groups by groups, row by row: the trace of the product of two groups' matrices. Empty among equals.
    products: Vec<f64>,
}

/// Of one group.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Holds {
    group: usize,
    /// The sum of sizes, and of their squares.
    sum: f64,
    squares: f64,
    /// What the mean leaves of the squares.
    left: f64,
    /// The largest share that one of the whole group's members has of it, if there are several.
    largest: f64,
}

/// What a group's mean is made of.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    n: usize,
    pulls: f64,
    squares: f64,
    sizes: f64,
    largest: f64,
}

impl Members {
    /// Equals.
    ///
    /// - `holds`: by group, the sum of their squared sizes.
    pub fn even(n: usize, holds: Vec<(usize, f64)>) -> Self {
        let of = |(group, squares): (usize, f64)| {
            let left = squares * (n as f64 - 1.0) / n as f64;
            Holds { group, sum: (squares * n as f64).sqrt(), squares, left, largest: 0.0 }
        };
        Members { n, holds: holds.into_iter().map(of).collect(), products: Vec::new() }
    }

    /// The units of one group, each with its weight.
    pub fn of_units(group: usize, weights: impl Iterator<Item = f64>) -> Self {
        let weights: Vec<f64> = weights.collect();
        if weights.iter().all(|weight| *weight == weights[0]) {
            return Members::even(
                weights.len(),
                vec![(group, weights.iter().map(|weight| weight * weight).sum())],
            );
        }
        let of = |(member, weight): (usize, &f64)| Counts { member, group, size: *weight, pull: *weight };
        let all: Vec<Counts> = weights.iter().enumerate().map(of).collect();
        Members::of(&all, &all)
    }

    /// Those of each kind: of one group, and of several together, the latter first.
    pub fn by_kind(all: &[Counts]) -> Vec<Self> {
        let mut group_of = BTreeMap::<usize, Option<usize>>::new();
        for share in all {
            let known = group_of.entry(share.member).or_insert(Some(share.group));
            *known = known.filter(|group| *group == share.group);
        }
        let mut kinds = BTreeMap::<Option<usize>, Vec<Counts>>::new();
        for share in all {
            kinds.entry(group_of[&share.member]).or_default().push(*share);
        }
        kinds.values().map(|kind| Members::of(kind, all)).collect()
    }

    /// - `own`: those of one kind, each of a member and group once; `all`: of all kinds.
    pub fn of(own: &[Counts], all: &[Counts]) -> Self {
        let is_alike = |share: &Counts| {
            (share.group, share.size, share.pull) == (own[0].group, own[0].size, own[0].pull)
        };
        if own.iter().all(is_alike)
            && own.len() == all.iter().filter(|share| share.group == own[0].group).count()
        {
            let squares = own.iter().map(|share| share.size.powi(2)).sum();
            return Members::even(
                own.len(),
                own.first().map(|share| (share.group, squares)).into_iter().collect(),
            );
        }
        let mut means = BTreeMap::<usize, Mean>::new();
        for share in all {
            let mean = means.entry(share.group).or_default();
            mean.n += 1;
            mean.pulls += share.pull;
            mean.sizes += share.size;
            mean.largest = mean.largest.max(share.size);
        }
        for share in all {
            if let Some(mean) = means.get_mut(&share.group) {
                mean.squares += (share.pull / mean.pulls).powi(2);
            }
        }
        let mut by_group = BTreeMap::<usize, BTreeMap<usize, Counts>>::new();
        for share in own {
            by_group.entry(share.group).or_default().insert(share.member, *share);
        }
        let members: BTreeSet<usize> = own.iter().map(|share| share.member).collect();
        let n = members.len();
        let alike = |(group, shares): (&usize, &BTreeMap<usize, Counts>)| {
            let first = shares.values().next();
            let same = |share: &Counts| {
                first.is_some_and(|first| (first.size, first.pull) == (share.size, share.pull))
            };
            shares.len() == n && means[group].n == n && shares.values().all(same)
        };
        if by_group.iter().all(alike) {
            let squares =
                |shares: &BTreeMap<usize, Counts>| shares.values().map(|share| share.size.powi(2)).sum();
            return Members::even(
                n,
                by_group.iter().map(|(group, shares)| (*group, squares(shares))).collect(),
            );
        }
        let hold = |(group, shares): (&usize, &BTreeMap<usize, Counts>)| {
            let mean = means[group];
            let squares: f64 = shares.values().map(|share| share.size.powi(2)).sum();
            let left = |share: &Counts| {
                let p = share.pull / mean.pulls;
                share.size.powi(2) * ((1.0 - p).powi(2) + (mean.squares - p * p).max(0.0))
            };
            let left: f64 = shares.values().map(left).sum();
            Holds {
                group: *group,
                sum: shares.values().map(|share| share.size).sum(),
                squares,
                left: left.max(LEAST_LEFT * squares),
                largest: if mean.n > 1 { mean.largest / mean.sizes } else { 0.0 },
            }
        };
        let holds: Vec<Holds> = by_group.iter().map(hold).collect();
        let products = by_group.iter().flat_map(|(g, ours)| {
            let means = &means;
            by_group.iter().map(move |(h, theirs)| product((ours, means[g]), (theirs, means[h])))
        });
        let products = products.collect();
        Members { n, holds, products }
    }

    /// Whether they are equals.
    pub fn are_even(&self) -> bool {
        self.products.is_empty()
    }

    /// By group, the sum of their squared sizes.
    pub fn holds(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.holds.iter().map(|hold| (hold.group, hold.squares))
    }

    /// How many equals would know their mean as well.
    pub fn effective(&self) -> f64 {
        match &self.holds[..] {
            [only] if !self.are_even() => only.sum * only.sum / only.squares,
            _ => self.n as f64,
        }
    }

    /// What they add to a variance, from what one of size 1 of each group adds.
    pub fn spread(&self, of_one: &[f64]) -> f64 {
        self.holds.iter().map(|hold| of(of_one, hold.group) * hold.squares).sum()
    }

    /// What means leave of that.
    pub fn left(&self, of_one: &[f64]) -> f64 {
        if self.are_even() {
            return (1.0 - 1.0 / self.n.max(1) as f64) * self.spread(of_one);
        }
        self.holds.iter().map(|hold| of(of_one, hold.group) * hold.left).sum()
    }

    /// What means leave of the squares of all.
    pub fn left_of_squares(&self) -> f64 {
        self.holds.iter().map(|hold| hold.left).sum()
    }

    /// `found` raised by what means took of it: by n / (n - 1) among n equals.
    pub fn raised(&self, found: f64, of_one: &[f64]) -> f64 {
        if self.are_even() {
            let n = self.n as f64;
            return found * n / (n - 1.0);
        }
        let (spread, left) = (self.spread(of_one), self.left(of_one));
        if left > 0.0 {
            return found * spread / left;
        }
        let squares: f64 = self.holds.iter().map(|hold| hold.squares).sum();
        found * squares / self.left_of_squares()
    }

    /// The degrees of freedom of their part of a variance: n - 1 among n equals.
    pub fn df(&self, of_one: &[f64]) -> f64 {
        let most = (self.n as f64 - 1.0).max(1.0);
        if self.are_even() {
            return most;
        }
        let weighs = self.holds.iter().any(|hold| of(of_one, hold.group) > 0.0);
        let of_one = |hold: &Holds| if weighs { of(of_one, hold.group) } else { 1.0 };
        let (left, products) = self.traces(of_one);
        (left * left / products).clamp(1.0, most)
    }

    /// The trace of all groups' matrices together, and of its square.
    fn traces(&self, of_one: impl Fn(&Holds) -> f64) -> (f64, f64) {
        let n = self.holds.len();
        let left = self.holds.iter().map(|hold| of_one(hold) * hold.left).sum();
        let pair = |k: usize| of_one(&self.holds[k / n]) * of_one(&self.holds[k % n]) * self.products[k];
        (left, (0..n * n).map(pair).sum())
    }

    /// The degrees of freedom of all kinds' squares together.
    pub fn spare<'a>(all: impl Iterator<Item = &'a Members> + Clone) -> f64 {
        let n: f64 = all.clone().map(|own| own.n as f64 - 1.0).sum();
        if all.clone().all(Members::are_even) {
            return n;
        }
        let of_kind = |own: &Members| match own.are_even() {
            true => {
                let left = own.left_of_squares();
                (left, left * left / (own.n as f64 - 1.0).max(1.0))
            }
            false => own.traces(|_| 1.0),
        };
        let (left, products) = all.map(of_kind).fold((0.0, 0.0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
        if products > 0.0 { (left * left / products).min(n) } else { n }
    }

    /// The expected parts of a variance, group by group, and the share that the largest of several has of each.
    pub fn carriers<'a>(&'a self, of_one: &'a [f64]) -> impl Iterator<Item = (usize, f64, f64)> + 'a {
        self.holds.iter().map(move |hold| (hold.group, of(of_one, hold.group) * hold.squares, hold.largest))
    }
}

/// The trace of the product of two groups' matrices, over those that hold both.
fn product(
    (ours, our_mean): (&BTreeMap<usize, Counts>, Mean),
    (theirs, their_mean): (&BTreeMap<usize, Counts>, Mean),
) -> f64 {
    let (s, z) = (our_mean.squares, their_mean.squares);
    let [mut r0, mut ra, mut rb, mut rab, mut own] = [0.0; 5];
    for (member, our) in ours {
        let Some(their) = theirs.get(member) else { continue };
        let r = our.size * their.size;
        let (a, b) = (our.pull / our_mean.pulls, their.pull / their_mean.pulls);
        r0 += r;
        ra += r * a;
        rb += r * b;
        rab += r * a * b;
        own += r * r * (1.0 + s - 2.0 * a + z - 2.0 * b);
    }
    let all = s * z * r0 * r0 - 2.0 * s * rb * r0 - 2.0 * z * ra * r0 + 2.0 * rab * r0 + 2.0 * ra * rb;
    (all + own).max(0.0)
}

fn of(of_one: &[f64], group: usize) -> f64 {
    of_one.get(group).copied().unwrap_or(0.0)
}
