//! The measured effect beside the reviews, shrunk for small numbers.
//!
//! It does not say that the expert made the effect: units that ask for help may do well without it.

/// What was measured in the units that one expert served.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The effect, in the metric's unit, positive when better.
    pub effect: f64,
    /// Its standard error; above 0.
    pub standard_error: f64,
}

/// The mean effect in the units that one expert served: of each group of units with one measured effect, that effect and
/// how many units of the group he served. `None` of nothing.
///
/// Groups are taken as measured independently of each other.
pub fn combined(groups: &[(Measured, usize)]) -> Option<Measured> {
    let n_units: usize = groups.iter().map(|(_, n)| n).sum();
    if n_units == 0 {
        return None;
    }
    let share = |n: usize| n as f64 / n_units as f64;
    let effect = groups.iter().map(|(group, n)| share(*n) * group.effect).sum();
    let variance: f64 = groups.iter().map(|(group, n)| (share(*n) * group.standard_error).powi(2)).sum();
    Some(Measured { effect, standard_error: variance.sqrt() })
}

/// The effect as it is best guessed among all experts' effects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shrunk {
    /// The effect, drawn towards zero.
    pub effect: f64,
    /// Its standard error, given the spread between experts.
    pub standard_error: f64,
    /// How much of the measured effect is left, 0 to 1.
    pub kept: f64,
}

/// Each expert's effect, drawn towards zero by as much as chance explains: empirical Bayes.
///
/// True effects are taken as spread around zero with variance t2, and each measured one around its true one with its own
/// variance v. Then the best guess is t2 / (t2 + v) of what was measured, with variance t2 v / (t2 + v). The spread is
/// found from all experts together: t2 is the mean of effect^2 - v, and 0 when that is negative.
///
/// The reason: of many experts with one or two units each, the best and the worst are those with the most noise; a list
/// of unshrunk effects would praise and blame chance. Towards zero, and not towards the mean, because having done
/// nothing is what has to be disproved.
///
/// - `measured`: one per expert, in one unit of measure.
/// - Returns one per expert, in the same order.
///
/// Misleads when experts choose their units, or units their experts, by what they expect.
/// Source: Efron and Morris (1973), J. American Statistical Association 68, 117-130, with unequal variances.
pub fn shrink(measured: &[Measured]) -> Vec<Shrunk> {
    let n = measured.len().max(1) as f64;
    let excess: f64 =
        measured.iter().map(|one| one.effect.powi(2) - one.standard_error.powi(2)).sum::<f64>() / n;
    let spread = excess.max(0.0);
    measured
        .iter()
        .map(|one| {
            let variance = one.standard_error.powi(2);
            let kept = if spread > 0.0 { spread / (spread + variance) } else { 0.0 };
            Shrunk { effect: kept * one.effect, standard_error: (kept * variance).sqrt(), kept }
        })
        .collect()
}
