//! Bands that hold several effects at once, by the multiplier bootstrap.
//!
//! Each draw multiplies every unit's (or cluster's) influence by a random sign, or by another number of mean 0 and
//! variance 1. Errors stay the analytic ones; from the draws comes only how far out a band must lie.

mod columns;
mod multiplier;
#[cfg(test)]
mod tests;

use faer::Mat;

use self::columns::columns;
pub use self::multiplier::Multiplier;
use super::GroupTime;
use super::aggregate::{Means, means_by_exposure, means_by_period, means_by_start, overall};
use crate::panel::{Panel, Period};
use crate::uncertainty::{Combination, Estimate, Law, Level};

/// The distance between the quartiles of the normal law, in standard deviations.
const QUARTILES: f64 = 1.348_979_500_392_163_6;

/// How the bands are to be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// How many draws; 999 serve.
    pub n: usize,
    /// The seed of the generators, one for each draw.
    pub seed: u64,
    /// What influences are multiplied by.
    pub multiplier: Multiplier,
    /// What the bands are to hold.
    pub hold: Hold,
}

/// What bands are to hold as often as the effects' own level says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hold {
    /// All effects at once, or all parts of a summary.
    #[default]
    Together,
    /// Each effect by itself.
    EachAlone,
}

impl Default for Draws {
    /// 999 draws, seed 1, Rademacher's signs, bands that hold all at once.
    fn default() -> Self {
        Draws { n: 999, seed: 1, multiplier: Multiplier::Rademacher, hold: Hold::Together }
    }
}

/// Bands for all effects and their summaries.
#[derive(Clone, Debug, PartialEq)]
pub struct Bands {
    /// How they were drawn.
    pub draws: Draws,
    /// Of the effects by start and period, in the order of the cells; overall that of [`simple`](super::simple).
    pub cells: Band<usize>,
    /// Of [`by_start`](super::by_start).
    pub by_start: Band<Period>,
    /// Of [`by_period`](super::by_period).
    pub by_period: Band<Period>,
    /// Of [`by_exposure`](super::by_exposure).
    pub by_exposure: Band<i64>,
}

/// A band for several effects at once, and one for their summary.
#[derive(Clone, Debug, PartialEq)]
pub struct Band<K> {
    /// The summary's limits; `None` where its spread is not known.
    pub overall: Option<Limits>,
    /// How many standard errors out the limits of each lie; `None` where no spread is known, or each has its own.
    pub critical: Option<f64>,
    /// Each effect's limits; `None` where its spread is not known.
    pub each: Vec<(K, Option<Limits>)>,
}

/// The two ends of a band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The lower end, in the outcome's unit.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Bands that hold all effects, or all parts of a summary, at once as often as the effects' own level says; or each
/// by itself, as [`Hold`] says.
///
/// The largest distance from 0 among all, each in its own scale (the distance between the quartiles of its draws over
/// that of the normal law), is found for every draw; the level's quantile of it, over the normal law's own, is how many
/// times farther than its interval the band of each effect reaches: by the normal law, that quantile times the standard
/// error. It never reaches less far than the interval: with few units or clusters draws are too tame.
///
/// - `panel`: the one `effects` were found from. `draws`: the same seed gives the same bands on any number of cores.
///
/// Misleads with few clusters, as all inference does. Sources: Callaway and Sant'Anna (2021), section 4.1, algorithm 1;
/// Mammen (1993), Annals of Statistics 21(1), 255-285.
///
/// Between which limits do the effects of all months lie, all at once?
///
/// ```
/// use traction_stats::effect::{self, Draws, Settings};
/// use traction_stats::panel::{self, Columns, Unbalanced};
///
/// let file = "ward,month,hours,start\n\
///     a,1,10,3\na,2,12,3\na,3,8,3\na,4,9,3\nb,1,12,3\nb,2,12,3\nb,3,10,3\nb,4,11,3\n\
///     c,1,10,4\nc,2,11,4\nc,3,11,4\nc,4,9,4\nd,1,12,4\nd,2,13,4\nd,3,11,4\nd,4,11,4\n\
///     e,1,10,\ne,2,11,\ne,3,10,\ne,4,12,\nf,1,12,\nf,2,13,\nf,3,12,\nf,4,12,\n";
/// let columns =
///     Columns { unit: "ward", period: "month", outcome: "hours", start: "start", ..Columns::default() };
/// let panel = panel::read(file.as_bytes(), &columns, Unbalanced::Keep)?;
/// let effects = effect::group_time(&panel, &Settings::default())?;
/// let bands = effect::bands(&panel, &effects, &Draws::default());
/// let alone = effect::by_exposure(&effects);
/// for (part, (at, limits)) in alone.each.iter().zip(&bands.by_exposure.each) {
///     assert_eq!(part.at, *at);
///     let (Some(alone), Some(together)) = (part.effect.interval(), limits) else { continue };
///     println!("{at}: {:.1} to {:.1}", together.low, together.high);
///     assert!(together.low <= alone.low && alone.high <= together.high);
/// }
/// assert!(bands.by_exposure.each.iter().any(|(_, limits)| limits.is_some()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn bands(panel: &Panel, effects: &GroupTime, draws: &Draws) -> Bands {
    let columns = columns(panel, effects, draws);
    let on = Drawn { effects, columns: &columns, hold: draws.hold };
    let cells: Vec<(usize, Estimate, Combination)> = effects
        .cells
        .iter()
        .enumerate()
        .map(|(place, cell)| (place, cell.effect.clone(), Combination::of(place)))
        .collect();
    let (value, combination) = overall(effects);
    let estimate = effects.estimate(value, &combination);
    Bands {
        draws: *draws,
        cells: on.band(cells, (estimate, combination)),
        by_start: on.band_of(means_by_start(effects)),
        by_period: on.band_of(means_by_period(effects)),
        by_exposure: on.band_of(means_by_exposure(effects)),
    }
}

/// What each draw makes of every column.
struct Drawn<'a> {
    effects: &'a GroupTime,
    /// Draws by columns.
    columns: &'a Mat<f64>,
    hold: Hold,
}

impl Drawn<'_> {
    fn band_of<K: Copy>(&self, means: Means<K>) -> Band<K> {
        let overall = self.effects.estimate(means.value, &means.combination);
        let each = means.each.into_iter().map(|mean| {
            let (at, combination) = (mean.at, mean.combination.clone());
            (at, mean.part(self.effects).effect, combination)
        });
        self.band(each.collect(), (overall, means.combination))
    }

    fn band<K: Copy>(
        &self,
        each: Vec<(K, Estimate, Combination)>,
        (overall, of_overall): (Estimate, Combination),
    ) -> Band<K> {
        let known: Vec<&Combination> =
            each.iter().filter(|(_, effect, _)| effect.interval().is_some()).map(|(_, _, of)| of).collect();
        let together = match self.hold {
            Hold::Together => self.critical(&known),
            Hold::EachAlone => None,
        };
        let critical = |of: &Combination| match self.hold {
            Hold::Together => together,
            Hold::EachAlone => self.critical(&[of]),
        };
        let alone = overall.interval().and_then(|_| self.critical(&[&of_overall]));
        let level = self.effects.settings.level;
        Band {
            overall: limits(&overall, alone, level),
            critical: together,
            each: each.iter().map(|(at, effect, of)| (*at, limits(effect, critical(of), level))).collect(),
        }
    }

    /// How many of their own scales out the largest of these numbers lies in as many draws as the level says.
    fn critical(&self, of: &[&Combination]) -> Option<f64> {
        let n = self.columns.nrows();
        let mut most = vec![0.0_f64; n];
        for combination in of {
            let drawn = self.drawn(combination);
            let mut sorted = drawn.clone();
            sorted.sort_by(f64::total_cmp);
            let scale = (quantile(&sorted, 0.75)? - quantile(&sorted, 0.25)?) / QUARTILES;
            if scale > 0.0 {
                most.iter_mut().zip(&drawn).for_each(|(most, drawn)| *most = most.max(drawn.abs() / scale));
            }
        }
        most.sort_by(f64::total_cmp);
        let critical = quantile(&most, self.effects.settings.level.share())?;
        (critical > 0.0).then_some(critical)
    }

    fn drawn(&self, combination: &Combination) -> Vec<f64> {
        let mut sum = vec![0.0; self.columns.nrows()];
        for &(column, weight) in combination.terms() {
            let drawn = self.columns.col_as_slice(column);
            sum.iter_mut().zip(drawn).for_each(|(sum, drawn)| *sum += weight * drawn);
        }
        sum
    }
}

/// As many times farther out than the effect's own interval as the draws say that many effects need, and no less far:
/// draws are too tame where few started, which only the interval allows for.
fn limits(effect: &Estimate, critical: Option<f64>, level: Level) -> Option<Limits> {
    let (interval, critical) = (effect.interval()?, critical?);
    let times = f64::max(critical / Law::Normal.reach(level), 1.0);
    let reach = times * 0.5 * (interval.high - interval.low);
    Some(Limits { low: effect.value - reach, high: effect.value + reach })
}

/// The smallest value that at least `share` of the sorted ones do not exceed.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(place.max(1) - 1).copied()
}
