//! A joint test of numbers that weigh the outcomes of all units of a start alike, where few may have started.
//!
//! What is left of a start of a few units by its own fit says next to nothing of how far chance reaches, so the numbers'
//! covariance is that which follows if units of all starts vary alike. Methods hand over weights and outcomes.

use faer::{Mat, Scale};

use super::measure::Measure;
use super::pooled::{Judge, Pooled};
use super::wald::{Joint, are_many};
use super::{Members, Wald, WaldRefused};

/// Units of one kind (a start, or none) that weigh alike in all numbers, but for their own weights.
#[derive(Clone, Debug)]
pub(crate) struct Alike {
    pub kind: usize,
    /// The sum of the units' squared weights.
    pub squares: f64,
    /// Numbers x periods.
    pub weights: Mat<f64>,
}

/// Outcomes of units about the means of their kinds, summed up while they are shown.
#[derive(Clone, Debug)]
pub(crate) struct Outcomes {
    used: Vec<bool>,
    kinds: Vec<OfKind>,
}

#[derive(Clone, Debug)]
struct OfKind {
    n: f64,
    weights: Vec<f64>,
    /// Sums of weights, and of squared weights.
    sizes: [f64; 2],
    /// By period, sums of weighted outcomes, and of those weighted twice.
    sums: [Vec<f64>; 2],
    /// Periods x periods, of outcomes weighted twice.
    products: Vec<f64>,
}

impl Outcomes {
    fn new(used: Vec<bool>, n_kinds: usize) -> Self {
        let n = used.len();
        let none = OfKind {
            n: 0.0,
            weights: Vec::new(),
            sizes: [0.0; 2],
            sums: [vec![0.0; n], vec![0.0; n]],
            products: vec![0.0; n * n],
        };
        Outcomes { used, kinds: vec![none; n_kinds] }
    }

    /// Whether units seen in these periods lend: in all that some number weighs.
    pub fn lends(&self, seen: impl Fn(usize) -> bool) -> bool {
        self.used.iter().enumerate().all(|(t, used)| !used || seen(t))
    }

    /// Adds a unit, with what its outcomes come to by period.
    pub fn add(&mut self, kind: usize, weight: f64, outcomes: &[f64]) {
        let kind = &mut self.kinds[kind];
        let twice = weight * weight;
        kind.n += 1.0;
        kind.weights.push(weight);
        kind.sizes[0] += weight;
        kind.sizes[1] += twice;
        for (t, y) in outcomes.iter().enumerate().filter(|(t, _)| self.used[*t]) {
            kind.sums[0][t] += weight * y;
            kind.sums[1][t] += twice * y;
            let row = &mut kind.products[t * outcomes.len()..][..=t];
            row.iter_mut().zip(outcomes).for_each(|(sum, other)| *sum += twice * y * other);
        }
    }

    /// Periods by periods, how outcomes vary in all kinds together, and the units less their kinds, or what these are worth
    /// where some count for more than others.
    fn pooled(&self) -> (Mat<f64>, f64) {
        let n = self.used.len();
        let (mut sum, mut left, mut kinds) = (Mat::<f64>::zeros(n, n), 0.0, Vec::new());
        for kind in self.kinds.iter().filter(|kind| kind.n > 1.0) {
            let mean = |t: usize| kind.sums[0][t] / kind.sizes[0];
            let about = |i: usize, j: usize| {
                let product = kind.products[i.max(j) * n + i.min(j)];
                product - mean(i) * kind.sums[1][j] - mean(j) * kind.sums[1][i]
                    + mean(i) * mean(j) * kind.sizes[1]
            };
            sum += Mat::from_fn(n, n, |i, j| if self.used[i] && self.used[j] { about(i, j) } else { 0.0 });
            let members = Members::of_units(0, kind.weights.iter().copied());
            left += members.left_of_squares();
            kinds.push(members);
        }
        let spare = Members::spare(kinds.iter());
        (if left > 0.0 { sum * Scale(1.0 / left) } else { sum }, spare)
    }
}

/// Tests that `values` are all 0, where units are independent.
///
/// - `plain`: their covariance as the fit left it, which serves with many units in each start.
/// - `by_kind`: the units of each kind.
/// - `show`: adds the outcomes of all units that lend.
///
/// With many units and degrees of freedom the p-value is chi-square's. These degrees follow from how many units each kind
/// has, as [`wald`](super::wald()) has them, but with what each kind would add, were outcomes independent and equally spread.
/// Else it is that of Lawley's and Hotelling's trace, as there, with the lending units less their kinds.
pub(crate) fn wald_alike(
    values: &[f64],
    plain: &Mat<f64>,
    (parts, by_kind): (&[Alike], &[Members]),
    show: impl FnOnce(&mut Outcomes),
) -> Result<Wald, WaldRefused> {
    let (q, n) = (values.len(), by_kind.iter().map(|kind| kind.n).sum::<usize>());
    let Some(n_periods) = parts.first().map(|part| part.weights.ncols()).filter(|_| q > 0) else {
        return Err(WaldRefused::Nothing);
    };
    if n - by_kind.len() <= q {
        return Err(WaldRefused::TooFewUnits { n_units: n, n_numbers: q });
    }
    let even: Vec<(Mat<f64>, f64)> = by_kind
        .iter()
        .enumerate()
        .map(|(kind, members)| {
            let own = parts.iter().filter(|part| part.kind == kind);
            let products = own.map(|part| &part.weights * part.weights.transpose() * Scale(part.squares));
            (products.fold(Mat::zeros(q, q), |sum, own| sum + own), members.df(&[]))
        })
        .collect();
    let all = Measure::of(even.iter().fold(Mat::zeros(q, q), |sum, (own, _)| sum + own))?;
    let df = all.degrees(&even).min((n - by_kind.len()) as f64);
    if are_many(n, df, q) {
        return Ok(Joint::of_many(Measure::of(plain.clone())?).test(values));
    }
    let largest = |t: usize| {
        let weights = parts.iter().flat_map(|part| (0..q).map(move |k| part.weights[(k, t)].abs()));
        weights.fold(0.0_f64, f64::max)
    };
    let largest: Vec<f64> = (0..n_periods).map(largest).collect();
    let most = largest.iter().copied().fold(0.0_f64, f64::max);
    let mut outcomes =
        Outcomes::new(largest.iter().map(|weight| *weight > 1e-12 * most).collect(), by_kind.len());
    show(&mut outcomes);
    let (outcomes, spare) = outcomes.pooled();
    let few = WaldRefused::FewSeenThroughout { n_spare: spare as usize, n_numbers: q };
    if spare <= q as f64 {
        return Err(few);
    }
    // By kind, the parts' mean stands for them: it only tells how many numbers are together.
    let of_kind = |kind: usize| {
        let own = || parts.iter().filter(|part| part.kind == kind);
        let squares: f64 = own().map(|part| part.squares).sum();
        let sum = own().fold(Mat::zeros(q, n_periods), |sum, part| sum + &part.weights * Scale(part.squares));
        sum * Scale(if squares > 0.0 { squares.sqrt().recip() } else { 0.0 })
    };
    let mut pooled = Pooled::of((0..by_kind.len()).map(of_kind).collect(), &outcomes);
    pooled.covariance = Mat::zeros(q, q);
    for part in parts {
        pooled.covariance += &part.weights * &outcomes * part.weights.transpose() * Scale(part.squares);
    }
    let measure = Measure::of(pooled.covariance.clone())?;
    let together = pooled.together(|weights| measure.divide(weights));
    let judge = Judge::of(q as f64, together, spare).ok_or(few)?;
    Ok(Joint::of_few(measure, judge).test(values))
}

/// Tests that `values` are all 0, where units vary together within clusters.
///
/// - `plain`: as for [`wald_alike`]. `parts`: by kind of cluster, what it adds, raised for its mean, with its degrees of
///   freedom. `n_on_a_side`: the clusters that start, or those they are compared with, whichever are fewer; `worth`: as
///   how many of like size.
///
/// Degrees of freedom are no more than the fewer side has to spare: how much clusters of different sizes vary alike nobody
/// knows, so that nothing is borrowed.
pub(crate) fn wald_by_clusters(
    values: &[f64],
    plain: &Mat<f64>,
    (parts, n_clusters): (&[(Mat<f64>, f64)], usize),
    (n_on_a_side, worth): (usize, f64),
) -> Result<Wald, WaldRefused> {
    let q = values.len();
    if q == 0 {
        return Err(WaldRefused::Nothing);
    }
    let few = WaldRefused::TooFewUnits { n_units: n_on_a_side, n_numbers: q };
    let raised = Measure::of(parts.iter().fold(Mat::zeros(q, q), |sum, (part, _)| sum + part))?;
    let side = worth - 1.0;
    let spare: f64 = parts.iter().map(|(_, df)| df).sum();
    let df = raised.degrees(parts).min(spare).min(side);
    if df < q as f64 {
        return Err(few);
    }
    Ok(Joint::chosen((Measure::of(plain.clone())?, Some(raised)), (n_clusters, df))?.test(values))
}
