//! The verdict: is the gain held, slipping, or is it too early to say.
//!
//! Silence is never called holding: a gain is held only when the readings show that more than half of it is there.
//! It does not write sentences, and "some rule fired" is not its idea of slipping.

use super::cusum::{self, Summed};
use super::gain::{Gain, Phases, PhasesRefused, Proof};
use super::half_way::{Rule, past_half_way};
use super::{mean, student};

/// Which rule raises the alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// All but one of the last few readings are past the half-way line.
    HalfWay,
    /// The capped cumulative sum.
    Cusum,
}

/// What is known of the gain after its level was frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The gain is under two standard errors: there is nothing to hold.
    NoGain,
    /// The alarm rule fired.
    Slipping {
        /// The reading (0-based) since freezing at which it first did.
        fired_at: usize,
        /// How much is lost.
        depth: Depth,
    },
    /// No alarm, and more than half of the gain is there (one-sided 95 %).
    Holding,
    /// Neither can be said yet.
    TooEarly,
}

/// How far down a slip goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Some of the gain may still be there.
    Partly,
    /// Less than half of it is there over the last window (one-sided 95 %).
    Relapsed,
}

/// An interval of shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The share of the gain that is still there: 1 is all of it, 0 none, more than 1 a further gain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retained {
    /// Mean change since before the change, over the gain.
    pub share: f64,
    /// Its 90 % interval; `None` when the gain is so uncertain that the share has no bounded interval.
    pub interval: Option<Interval>,
    /// Distance of the mean from the half-way line in standard errors; `None` where nothing varies.
    pub above_half: Option<f64>,
}

/// Everything a watch found.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// The gain that is watched.
    pub gain: Gain,
    /// Which rule raised the alarm.
    pub rules: Rules,
    /// The half-way rule for a gain of this size; `None` below one sigma.
    pub half_way: Option<Rule>,
    /// For each reading since freezing, whether it is past the half-way line.
    pub past: Vec<bool>,
    /// The cumulative sum, when it is the rule in use.
    pub cusum: Option<Summed>,
    /// The first reading (0-based) since freezing at which the rule in use fired.
    pub fired_at: Option<usize>,
    /// What is left of the gain; `None` without a reading since freezing, or when both levels are equal.
    pub retained: Option<Retained>,
    /// The answer.
    pub verdict: Verdict,
}

/// Why nothing can be watched.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WatchRefused {
    /// The phases cannot be compared.
    #[error(transparent)]
    Phases(#[from] PhasesRefused),
    /// A cumulative sum counts in sigmas, and there is none.
    #[error(
        "no reading differs from the one before it, so there is no noise to sum in; use the half-way rule"
    )]
    NothingVaries,
}

/// Watches whether a gain is held since its level was frozen.
///
/// - `phases`: readings in their own unit, in order; both levels and the noise come from `before` and `gained` only.
/// - `improve`: which way is better.
/// - `rules`: which rule raises the alarm; the retained share is the same for both.
///
/// The alarm stays raised once it fired: what was found is not unfound by a good week. Freeze a new level to start over.
///
/// Assumes independent readings around each level. Misleads when neighbours move together (see
/// [`Gain::smoothness`]) and across seasons.
///
/// Waiting fell from about 20 minutes to about 10, and the level was frozen. Is it still there?
///
/// ```
/// use traction_stats::control::{Improve, Phases, Rules, Verdict, watch};
///
/// let before = [20.0, 21.0, 19.0, 20.0, 22.0, 20.0, 19.0, 21.0];
/// let gained = [10.0, 11.0, 9.0, 10.0, 11.0, 10.0, 9.0, 10.0];
/// let verdict = |watched: &[f64]| {
///     let phases = Phases { before: &before, gained: &gained, watched };
///     watch(&phases, Improve::Down, Rules::HalfWay).map(|found| found.verdict)
/// };
/// assert_eq!(verdict(&[10.0, 9.0, 11.0, 10.0, 10.0, 9.0])?, Verdict::Holding);
/// assert!(matches!(verdict(&[10.0, 19.0, 20.0, 21.0, 20.0, 19.0])?, Verdict::Slipping { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn watch(phases: &Phases<'_>, improve: super::Improve, rules: Rules) -> Result<Watched, WatchRefused> {
    watch_gain(Gain::between(phases, improve)?, phases.watched, rules)
}

/// As [`watch`], for a gain that was measured otherwise (see [`Gain::above`]).
pub fn watch_gain(gain: Gain, watched: &[f64], rules: Rules) -> Result<Watched, WatchRefused> {
    let half_way = Rule::for_gain(&gain);
    let past = past_half_way(watched, &gain);
    let cusum = match rules {
        Rules::HalfWay => None,
        Rules::Cusum => Some(cusum::run(watched, &gain).ok_or(WatchRefused::NothingVaries)?),
    };
    let fired_at = match &cusum {
        Some(summed) => summed.fired_at,
        None => half_way.and_then(|rule| rule.first_fired(&past)),
    };
    let retained = retained(watched, &gain);
    let verdict = match fired_at {
        _ if gain.proof() == Proof::NotProven => Verdict::NoGain,
        Some(fired_at) => Verdict::Slipping { fired_at, depth: depth(watched, &gain, half_way) },
        None if side_of_half(watched, &gain) == Side::Above => Verdict::Holding,
        None => Verdict::TooEarly,
    };
    Ok(Watched { gain, rules, half_way, past, cusum, fired_at, retained, verdict })
}

/// Where a mean certainly lies (one-sided 95 %).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Above,
    Below,
    Unclear,
}

/// On which side of the half-way line the mean of `readings` certainly lies.
///
/// The same as asking whether a bound of the retained share is beyond one half, without the division.
fn side_of_half(readings: &[f64], gain: &Gain) -> Side {
    let Some((distance, error)) = from_half(readings, gain) else { return Side::Unclear };
    let Some(t) = student::upper_5_percent(gain.noise.freedom()) else { return Side::Unclear };
    let clearly = (t * error).max(gain.rounding());
    if distance > clearly {
        Side::Above
    } else if distance < -clearly {
        Side::Below
    } else {
        Side::Unclear
    }
}

/// How far the mean lies above the half-way line, and the standard error of that; `None` without readings.
fn from_half(readings: &[f64], gain: &Gain) -> Option<(f64, f64)> {
    let distance = gain.improve.oriented(mean(readings)?) - gain.improve.oriented(gain.half_line);
    let spread = 1.0 / readings.len() as f64 + 0.25 * gain.share_before() + 0.25 / gain.n_gained as f64;
    Some((distance, gain.noise.sigma * spread.sqrt()))
}

fn depth(watched: &[f64], gain: &Gain, half_way: Option<Rule>) -> Depth {
    let window = half_way.map_or(watched.len(), |rule| rule.window);
    let last = &watched[watched.len().saturating_sub(window)..];
    if side_of_half(last, gain) == Side::Below { Depth::Relapsed } else { Depth::Partly }
}

/// The share of the gain that is left, with its 90 % interval by Fieller's theorem.
///
/// Source: Fieller (1954), J. Royal Statistical Society B 16, 175-185. The numerator and the denominator share the
/// level before the change, hence their covariance.
fn retained(watched: &[f64], gain: &Gain) -> Option<Retained> {
    let change = gain.improve.oriented(mean(watched)?) - gain.improve.oriented(gain.level_before);
    let size = gain.size();
    if size.abs() <= gain.rounding() {
        return None;
    }
    let above_half =
        from_half(watched, gain).and_then(|(distance, error)| (error > 0.0).then(|| distance / error));
    let interval = student::upper_5_percent(gain.noise.freedom()).and_then(|t| {
        let (m, n1, share_before) = (watched.len() as f64, gain.n_gained as f64, gain.share_before());
        let unit = (t * gain.noise.sigma).powi(2);
        let a = size * size - unit * (share_before + 1.0 / n1);
        let b = change * size - unit * share_before;
        let c = change * change - unit * (1.0 / m + share_before);
        let root = f64::max(0.0, b * b - a * c).sqrt();
        (a > 0.0).then(|| Interval { low: (b - root) / a, high: (b + root) / a })
    });
    Some(Retained { share: change / size, interval, above_half })
}

#[cfg(test)]
mod tests;
