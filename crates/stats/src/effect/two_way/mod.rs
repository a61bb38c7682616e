//! The two-way coefficient: one number for all starts and periods. A warning, never the answer.
//!
//! Where effects differ by start or grow with exposure it is no average of them: started units serve as comparison
//! for later ones. It is here to show how far it is from what it is taken for; see [`bacon`](super::bacon()).

mod refused;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use faer::Mat;

pub use refused::TwoWayRefused;

use super::shares::noise;
use super::starts;
use crate::linear::{
    Clusters, Coefficients, Collector, Mean, Pattern, UnitPeriod, for_each_unit, patterns, take_effects,
};
use crate::panel::Panel;
use crate::uncertainty::{
    Contributions, Estimate, Law, Lent, Level, MOST_CLUSTERS, Of, Rows, SmallSample, WhyUnknown, Wild,
    WildRefused, WildSettings, sides, wild,
};

/// The two-way coefficient, with what it rests on.
#[derive(Clone, Debug)]
pub struct TwoWay {
    /// The coefficient, in the outcome's unit.
    pub coefficient: Estimate,
    /// How much of the treated observations' weight is negative: their effects count with the wrong sign. Between 0
    /// and 1, of the sum of all their weights' sizes.
    pub negative_share: f64,
    /// The factor that the variance includes.
    pub small_sample: SmallSample,
    /// Units the analysis rests on, those treated throughout included.
    pub n_units: usize,
    /// Clusters the error rests on.
    pub n_clusters: usize,
    /// How much of the truth the interval is to hold.
    pub level: Level,
    few: Result<(Contributions, Vec<f64>), WildRefused>,
}

/// The coefficient of being treated in a regression with an effect of each unit and of each period.
///
/// - `panel`: units x periods, outcome in its own unit; gaps allowed. A unit is treated from its start on; units
///   treated throughout serve as comparison.
/// - `se` is the plain clustered error, raised by [`SmallSample`]. With many clusters in each start by Student's law with one
///   degree less than clusters; below 40 clusters with the bias-reduced error and its own degrees of freedom; with a start of
///   few among many, start by start, with the degrees of the few.
///
/// Assumes parallel change *and* one effect, the same for all starts at all exposures. Misleads where effects grow or
/// differ: then some count with negative weight. Source: Goodman-Bacon (2021), Journal of Econometrics 225(2),
/// 254-277; negative weights: de Chaisemartin and D'Haultfoeuille (2020), American Economic Review 110(9), 2964-2996.
///
/// Where effects grow, one coefficient for all is not their mean:
///
/// ```
/// use traction_stats::effect;
/// use traction_stats::uncertainty::Level;
/// use traction_stats::panel::{self, Columns, Unbalanced};
///
/// let file = "ward,month,hours,start\n\
///     a,1,10,3\na,2,12,3\na,3,8,3\na,4,7,3\nb,1,12,3\nb,2,12,3\nb,3,10,3\nb,4,9,3\n\
///     c,1,10,4\nc,2,11,4\nc,3,11,4\nc,4,9,4\nd,1,12,4\nd,2,13,4\nd,3,11,4\nd,4,11,4\n\
///     e,1,10,\ne,2,11,\ne,3,10,\ne,4,12,\nf,1,12,\nf,2,13,\nf,3,12,\nf,4,12,\n";
/// let columns =
///     Columns { unit: "ward", period: "month", outcome: "hours", start: "start", ..Columns::default() };
/// let panel = panel::read(file.as_bytes(), &columns, Unbalanced::Keep)?;
/// let found = effect::two_way(&panel, Level::default())?;
/// println!("{:.2} hours, as one coefficient has it", found.coefficient.value);
/// assert!((found.coefficient.value + 2.2).abs() < 1e-9); // the effects are -2, -4 and -2: -2.67 on average
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn two_way(panel: &Panel, level: Level) -> Result<TwoWay, TwoWayRefused> {
    let n_periods = panel.periods().len();
    starts::of_units_are_there(panel)?;
    let fit = Fit::of(panel);
    let treated: f64 = fit.sum_over(|part, t| fit.designs[part][t].powi(2));
    let n_cells = fit.sum_over(|_, _| 1.0);
    // What unit and period effects leave of a treatment that they make up is rounding.
    if treated <= 1e-18 * n_cells {
        return Err(TwoWayRefused::NothingToCompare);
    }
    let value = fit.products() / treated;
    let clusters = Clusters::of(panel, Mean::ByWeight, fit.units());
    let n_observations =
        fit.parts.iter().map(|part| part.seen.iter().filter(|seen| **seen).count() * part.units.len()).sum();
    let small_sample =
        SmallSample { n_clusters: clusters.n(), n_observations, n_parameters: fit.problem.rank() + 2 };
    let mut collector = Collector::new((n_periods, 1, 0), panel.clusters(), clusters.keep());
    let mut expected = vec![0.0; clusters.n_blocks()];
    for (place, part) in fit.parts.iter().enumerate() {
        let coefficients = fit.designs[place].iter().map(|x| x / treated).collect();
        let coefficients = Coefficients::new(vec![0], coefficients);
        let squares: f64 = coefficients.squares(|_| true).iter().map(|(_, sum)| sum).sum();
        let held = clusters.held(panel, part.cohort, part.units.iter());
        expected.iter_mut().zip(held).for_each(|(sum, held)| *sum += squares * held);
        let counts = (part.units.len(), clusters.kind_of(part.cohort));
        collector.add(&coefficients, counts, |show| fit.for_each_rest((place, part), value, show));
    }
    let moved = collector.finish();
    let se = (small_sample.factor() * moved.variances[0]).sqrt();
    let of = Of { value, se, noise: noise(panel), level };
    let few = clusters.are_few().then(|| fit.few(value, &clusters)).flatten();
    let many = Law::Student { df: clusters.n() as f64 - 1.0 };
    let coefficient = match few.as_ref().filter(|_| clusters.are_regular()) {
        Some((few, contrast)) => of.of_few((few, clusters.alone()), contrast, Lent::default()),
        None => match clusters.shares(&moved, (0, 1), &expected) {
            Ok(shares) => clusters.estimate(of, &shares, (se, many)),
            // One coefficient for all starts leaves residuals of a start inside one cluster, too.
            Err(why) => match few.as_ref().filter(|_| why == WhyUnknown::InOneCluster) {
                Some((few, contrast)) => of.of_few((few, why), contrast, Lent::default()),
                None => of.unknown(why),
            },
        },
    };
    let on = |part: usize, t: usize| fit.is_treated(&fit.parts[part], t);
    let of_treated = |sign: f64| {
        fit.sum_over(|part, t| if on(part, t) { (sign * fit.designs[part][t]).max(0.0) } else { 0.0 })
    };
    let (positive, negative) = (of_treated(1.0), of_treated(-1.0));
    let are_many = coefficient.interval().is_none_or(|interval| interval.law == many);
    let drawn_for = match few {
        Some(few) => Ok(few),
        None if are_many => Err(WildRefused::ManyClusters { n_clusters: clusters.n() }),
        None if clusters.n() > MOST_CLUSTERS => {
            Err(WildRefused::TooManyClusters { n_clusters: clusters.n() })
        }
        None => fit.few(value, &clusters).ok_or(WildRefused::NoVariation),
    };
    let (n_started, n_never) = clusters.sides(None);
    // Where all start, they are compared with one another.
    let n_compared = if n_never == 0 { n_started } else { n_never };
    Ok(TwoWay {
        coefficient,
        negative_share: negative / (positive + negative),
        small_sample,
        n_units: fit.parts.iter().map(|part| part.units.len()).sum(),
        n_clusters: clusters.n(),
        level,
        few: drawn_for.and_then(|few| sides(n_started, n_compared, clusters.n()).map(|()| few)),
    })
}

impl TwoWay {
    /// The wild cluster bootstrap of the coefficient, where there are fewer than 40 clusters, or few that start; refused with
    /// fewer than five on one side.
    pub fn wild(&self, settings: WildSettings) -> Result<Wild, WildRefused> {
        let (few, contrast) = self.few.as_ref().map_err(|why| *why)?;
        wild(few, (self.coefficient.value, contrast), self.level, settings)
    }
}

struct Fit<'a> {
    panel: &'a Panel,
    parts: Vec<Pattern>,
    weights: Vec<f64>,
    problem: UnitPeriod,
    /// By part and period: being treated, with unit and period effects taken out.
    designs: Vec<Vec<f64>>,
    /// The outcome's period effects.
    effects: Vec<f64>,
}

impl<'a> Fit<'a> {
    fn of(panel: &'a Panel) -> Self {
        let n_periods = panel.periods().len();
        let parts = patterns(panel, &[]);
        let weights: Vec<f64> =
            parts.iter().map(|part| part.units.iter().map(|&unit| panel.weight(unit)).sum()).collect();
        let cells: Vec<(&[bool], f64)> =
            parts.iter().zip(&weights).map(|(part, weight)| (&part.seen[..], *weight)).collect();
        let problem = UnitPeriod::of(n_periods, cells.iter().copied());
        let mut fit = Fit {
            panel,
            problem: problem.clone(),
            designs: Vec::new(),
            effects: vec![0.0; n_periods],
            parts: Vec::new(),
            weights: Vec::new(),
        };
        let design = |part: &Pattern| {
            (0..n_periods).map(|t| f64::from(u8::from(part.seen[t] && fit.is_treated(part, t)))).collect()
        };
        let mut designs: Vec<Vec<f64>> = parts.iter().map(design).collect();
        take_effects(&problem, &cells, &mut designs, 1);
        (fit.designs, fit.weights) = (designs, weights);
        let mut sums = vec![0.0; n_periods];
        for (place, part) in parts.iter().enumerate() {
            fit.for_each_rest((place, part), 0.0, &mut |_, rest| {
                sums.iter_mut().zip(rest).for_each(|(sum, rest)| *sum += rest);
            });
        }
        fit.effects = problem.solve_one(&sums);
        fit.parts = parts;
        fit
    }

    fn is_treated(&self, part: &Pattern, t: usize) -> bool {
        part.cohort.is_some_and(|cohort| self.panel.exposure(t, self.panel.cohorts()[cohort].start) >= 0)
    }

    /// The weighted sum of something over all observations.
    fn sum_over(&self, of: impl Fn(usize, usize) -> f64) -> f64 {
        let parts = self.parts.iter().zip(&self.weights).enumerate();
        parts
            .map(|(place, (part, weight))| {
                let seen = (0..part.seen.len()).filter(|&t| part.seen[t]);
                weight * seen.map(|t| of(place, t)).sum::<f64>()
            })
            .sum()
    }

    /// The weighted sum of products of treatment and outcome, unit and period effects taken out.
    fn products(&self) -> f64 {
        let mut sum = 0.0;
        for (place, part) in self.parts.iter().enumerate() {
            self.for_each_rest((place, part), 0.0, &mut |_, rest| {
                sum += self.designs[place].iter().zip(rest).map(|(x, rest)| x * rest).sum::<f64>();
            });
        }
        sum
    }

    fn units(&self) -> impl Iterator<Item = (usize, Option<usize>)> {
        self.parts.iter().flat_map(|part| part.units.iter().map(|&unit| (unit, part.cohort)))
    }

    /// Shows each unit of a part with its residuals by period, times its weight, for some coefficient.
    fn for_each_rest(
        &self,
        (place, part): (usize, &Pattern),
        value: f64,
        show: &mut dyn FnMut(usize, &[f64]),
    ) {
        let n_seen = part.seen.iter().filter(|seen| **seen).count() as f64;
        let mut rest = vec![0.0; part.seen.len()];
        for_each_unit(self.panel, &[], &part.units, |unit, outcomes| {
            let mut sum = 0.0;
            for (t, rest) in rest.iter_mut().enumerate() {
                *rest = if part.seen[t] { outcomes[t] - self.effects[t] } else { 0.0 };
                sum += *rest;
            }
            let weight = self.panel.weight(unit);
            for (t, rest) in rest.iter_mut().enumerate().filter(|(t, _)| part.seen[*t]) {
                *rest = weight * (*rest - sum / n_seen - value * self.designs[place][t]);
            }
            show(unit, &rest);
        });
    }

    /// What few clusters contribute, and the coefficient as a contrast.
    fn few(&self, value: f64, clusters: &Clusters<'_>) -> Option<(Contributions, Vec<f64>)> {
        let n_periods = self.panel.periods().len();
        let mut rows = Vec::new();
        for (place, part) in self.parts.iter().enumerate() {
            let seen: Vec<usize> = (0..n_periods).filter(|&t| part.seen[t]).collect();
            let entry = |t: usize, k: usize| match k {
                _ if k == n_periods => self.designs[place][t],
                _ if part.seen[k] => f64::from(u8::from(k == t)) - 1.0 / seen.len() as f64,
                _ => 0.0,
            };
            let mut alike = BTreeMap::<usize, Rows>::new();
            self.for_each_rest((place, part), value, &mut |unit, rest| {
                let cluster = clusters.cluster(unit);
                let sum = alike.entry(cluster).or_insert_with(|| Rows {
                    cluster,
                    design: Mat::from_fn(seen.len(), n_periods + 1, |i, k| entry(seen[i], k)),
                    weight: 0.0,
                    residuals: vec![0.0; seen.len()],
                });
                sum.weight += self.panel.weight(unit);
                sum.residuals.iter_mut().zip(&seen).for_each(|(sum, &t)| *sum += rest[t]);
            });
            rows.extend(alike.into_values());
        }
        let few = Contributions::of(n_periods + 1, &rows)?;
        let weights: Vec<f64> = (0..=n_periods).map(|k| f64::from(u8::from(k == n_periods))).collect();
        let contrast = few.contrast(&weights);
        Some((few, contrast))
    }
}
