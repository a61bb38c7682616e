//! The effect on those who used their slot: the effect of being granted one, over how much more winners used it.

use super::compare::{Multiple, Weighed};
use super::effect::{Judge, Kept};
use super::seen::{Look, Looking};
use super::waves::{Lists, Wave};
use super::{RiskSetRefused, RiskSetSettings};
use crate::panel::Panel;
use crate::uncertainty::{Estimate, Law};

/// The effect on users.
#[derive(Clone, Debug)]
pub struct OnUsers {
    /// The effect of being granted a slot, in the outcome's unit.
    pub granted: Estimate,
    /// How much more of their periods winners used a slot than losers did; a share.
    pub difference_in_use: Estimate,
    /// The effect on units that use a slot if and only if they are granted one, in the outcome's unit.
    pub effect: Estimate,
    /// All effects that the draws do not rule out; right also where few winners used theirs.
    pub not_ruled_out: WeakInterval,
}

/// Which effects a test rules out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WeakInterval {
    /// All but those from one end to the other.
    Between {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
    },
    /// Only those strictly between: use differed too little.
    Outside {
        /// Effects up to here stay possible.
        below: f64,
        /// Effects from here on stay possible.
        above: f64,
    },
    /// None.
    Everything,
}

/// Effect on those who use their slot because they were granted it.
///
/// The effect of being granted a slot over the difference in use; its variance is that of outcome less effect times
/// use. The second interval holds every effect for which winners and losers do not differ in outcome less effect times
/// use, and stays right however little use differs.
///
/// - `uses`: units x periods of the panel, how much of the period the unit used the solution (0 to 1, or 0 and 1 only);
///   not a number where that is not known. A unit counts with its mean over the window's periods in which it is; one of
///   which it never is is left out.
/// - Returns effects in the outcome's unit.
///
/// Assumes besides [`risk_set`](super::risk_set()): a slot moves a unit only through its use, and nobody uses the
/// solution because he lost. Source: Imbens and Angrist (1994), Econometrica 62(2), 467-475; Anderson and Rubin (1949),
/// Annals of Mathematical Statistics 20(1), 46-63.
pub fn on_users(
    panel: &Panel,
    waves: &[Wave],
    uses: &[Vec<f64>],
    settings: &RiskSetSettings,
) -> Result<OnUsers, RiskSetRefused> {
    let (n, n_units, n_periods) = (uses.len(), panel.units().len(), panel.periods().len());
    if n != n_units {
        return Err(RiskSetRefused::OtherUnits { n, n_units });
    }
    if let Some(other) = uses.iter().find(|of_unit| of_unit.len() != n_periods) {
        return Err(RiskSetRefused::OtherPeriods { n: other.len(), n_periods });
    }
    let no_share = |share: &&f64| !share.is_nan() && !(0.0..=1.0).contains(*share);
    if let Some(share) = uses.iter().flatten().find(no_share) {
        return Err(RiskSetRefused::NotAShare(*share));
    }
    let lists = Lists::of(panel, waves)?;
    let looking = Looking { panel, lists: &lists, settings, uses: Some(uses), look: Look::Window };
    let kept = Kept::of(&looking)?;
    let weighed = Weighed::of(&kept.sides, settings.weights);
    let beta = weighed.multiple(settings);
    let (outcome, use_of) = ([1.0, -beta.value, 0.0], [0.0, 0.0, 1.0]);
    let judge = Judge::of(panel, settings.level);
    let granted = judge.estimate(weighed.line(outcome), (&weighed, outcome), beta);
    let used = weighed.line(use_of);
    if used.value <= 0.0 {
        return Err(RiskSetRefused::NoDifferenceInUse);
    }
    let effect = granted.value / used.value;
    let along = [outcome[0], outcome[1], -effect];
    let mut line = weighed.line(along);
    line.value = effect;
    line.variance /= used.value.powi(2);
    let law =
        granted.interval().map_or(Law::Student { df: weighed.line(outcome).df }, |interval| interval.law);
    let raised = granted.interval().map_or(1.0, |interval| interval.se_used / interval.se);
    let reach = law.reach(settings.level) * raised;
    let not_ruled_out = not_ruled_out(
        (granted.value, used.value),
        [weighed.line(outcome).variance, weighed.covariance(outcome, use_of), used.variance],
        reach,
    );
    Ok(OnUsers {
        effect: judge.estimate(line, (&weighed, along), beta),
        difference_in_use: judge.estimate(used, (&weighed, use_of), Multiple::NONE),
        granted,
        not_ruled_out,
    })
}

/// Effects x with (granted - x used)^2 <= reach^2 Var(granted - x used): a parabola below 0.
fn not_ruled_out(
    (granted, used): (f64, f64),
    [variance, covariance, variance_of_use]: [f64; 3],
    reach: f64,
) -> WeakInterval {
    let a = used.powi(2) - reach.powi(2) * variance_of_use;
    let b = granted * used - reach.powi(2) * covariance;
    let c = granted.powi(2) - reach.powi(2) * variance;
    let discriminant = b * b - a * c;
    if a > 0.0 {
        // At the estimate itself the parabola is not above 0, so it has roots; rounding may say otherwise.
        let root = discriminant.max(0.0).sqrt();
        WeakInterval::Between { low: (b - root) / a, high: (b + root) / a }
    } else if discriminant <= 0.0 || a == 0.0 {
        WeakInterval::Everything
    } else {
        let root = discriminant.sqrt();
        WeakInterval::Outside { below: (b + root) / a, above: (b - root) / a }
    }
}
