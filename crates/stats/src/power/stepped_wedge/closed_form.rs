//! Variances of the effect in closed form, for schedules without holes. What they cannot take, least squares can.

use super::{Schedule, ScheduleRefused};

/// The sums of a schedule that the formulas need.
struct Sums {
    n_units: f64,
    n_periods: f64,
    /// Unit-periods with the treatment.
    u: f64,
    /// Sum over periods of (units with the treatment)^2.
    w: f64,
    /// Sum over units of (periods with the treatment)^2.
    v: f64,
}

/// Variance of the effect where units differ for good and their periods are independent.
///
/// - `between`: variance between units; `within`: variance of a unit's mean in one period, given the unit. Both in the
///   outcome's unit squared.
/// - Returns the variance of the estimated effect, in the same unit.
///
/// Assumes one effect, the same from the first period on, and that what units share of a period lasts. Misleads,
/// towards too little, if a unit's periods hang together beyond its lasting level.
/// Source: Hussey and Hughes (2007), Contemporary Clinical Trials 28(2), 182-191, equation 8.
pub fn hussey_hughes(schedule: &Schedule, between: f64, within: f64) -> Result<f64, ScheduleRefused> {
    let Sums { n_units, n_periods, u, w, v } = Sums::of(schedule)?;
    if within <= 0.0 {
        return Err(ScheduleRefused::NoVariation);
    }
    let top = n_units * within * (within + n_periods * between);
    let bottom = (n_units * u - w) * within
        + (u * u + n_units * n_periods * u - n_periods * w - n_units * v) * between;
    compared(top, bottom)
}

/// Variance of the effect under block-exchangeable correlation.
///
/// - `total`: variance of one person's outcome; `n_people`: people of a unit in a period; correlations of two people of a
///   unit `within_period` and `between_periods`, and of one person's own outcomes, `within_person` (equal to
///   `between_periods` where other people come each period).
///
/// Source: Li, Turner and Preisser (2018), Biometrics 74(4), 1450-1458, equation 5.
pub fn block_exchangeable(
    schedule: &Schedule,
    (total, n_people): (f64, f64),
    (within_period, between_periods, within_person): (f64, f64, f64),
) -> Result<f64, ScheduleRefused> {
    let Sums { n_units, n_periods, u, w, v } = Sums::of(schedule)?;
    let others = n_people - 1.0;
    let lambda_3 = 1.0 + others * (within_period - between_periods) - within_person;
    let lambda_4 = 1.0
        + others * within_period
        + (n_periods - 1.0) * others * between_periods
        + (n_periods - 1.0) * within_person;
    if total <= 0.0 || lambda_3 <= 0.0 {
        return Err(ScheduleRefused::NoVariation);
    }
    let top = total / n_people * n_units * n_periods * lambda_3 * lambda_4;
    let bottom = (u * u + n_units * n_periods * u - n_periods * w - n_units * v) * lambda_4
        - (u * u - n_units * v) * lambda_3;
    compared(top, bottom)
}

/// How many times the people of an individually randomised trial a stepped wedge needs, its measurements counted once.
///
/// - `icc`: correlation within units; `n_people` measured per unit and period; `n_steps`; periods before the first step,
///   and measurements after each step.
///
/// Source: Woertman and others (2013), Journal of Clinical Epidemiology 66(7), 752-758.
pub fn design_effect(icc: f64, n_people: f64, n_steps: usize, (before, per_step): (usize, usize)) -> f64 {
    let (k, b, t) = (n_steps as f64, before as f64, per_step as f64);
    let spread = (1.0 + icc * (k * t * n_people + b * n_people - 1.0))
        / (1.0 + icc * (0.5 * k * t * n_people + b * n_people - 1.0));
    spread * 3.0 * (1.0 - icc) / (2.0 * t * (k - 1.0 / k))
}

fn compared(top: f64, bottom: f64) -> Result<f64, ScheduleRefused> {
    // Without comparison the bottom is 0 but for rounding of its terms, which are of the top's size or larger.
    if bottom > 1e-12 * top.abs() { Ok(top / bottom) } else { Err(ScheduleRefused::NothingCompared) }
}

impl Sums {
    fn of(schedule: &Schedule) -> Result<Self, ScheduleRefused> {
        let whole = |cell: &Option<f64>| cell.is_some_and(|share| share == 0.0 || share == 1.0);
        if !schedule.rows().iter().flatten().all(whole) {
            return Err(ScheduleRefused::NotWhole);
        }
        let by_unit: Vec<f64> = schedule.rows().iter().map(|row| row.iter().flatten().sum()).collect();
        let by_period: Vec<f64> = (0..schedule.n_periods())
            .map(|t| schedule.rows().iter().map(|row| row[t].unwrap_or_default()).sum())
            .collect();
        Ok(Sums {
            n_units: schedule.n_units() as f64,
            n_periods: schedule.n_periods() as f64,
            u: by_unit.iter().sum(),
            w: by_period.iter().map(|sum| sum * sum).sum(),
            v: by_unit.iter().map(|sum| sum * sum).sum(),
        })
    }
}
