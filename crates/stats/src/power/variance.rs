//! How outcomes of one unit vary and hang together over periods.
//!
//! It names the parts and adds them up to a covariance; it estimates none of them: see
//! [`history`](super::simulation::history) for that.

use faer::Mat;

/// The parts of an outcome's variance, each in the outcome's unit squared.
///
/// The mean of `n` people of a unit in period `t` varies by `lasting`, plus `passing` (of which a share `kept` to the power
/// of their distance joins two periods), plus (`person` + `own`) / n, of which `person` / n lasts: the same people come again.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Variance {
    /// Between units, for good.
    pub lasting: f64,
    /// Between the periods of a unit.
    pub passing: f64,
    /// How much of a period's passing deviation is left in the next one, from 0 to 1.
    pub kept: f64,
    /// Between people of a unit, for good; 0 where other people come each period.
    pub person: f64,
    /// What is left: of one person in one period. Where an outcome is a unit's own, one "person" stands for it.
    pub own: f64,
    /// Of the effect between units.
    pub effect: f64,
    /// Correlation of a unit's effect with its lasting level, from -1 to 1.
    pub effect_with_level: f64,
}

/// Why shares of a variance make no sense.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum SharesRefused {
    /// The total.
    #[error("the total variance is {0}; it must be a number above 0")]
    Total(f64),
    /// A share out of its range.
    #[error("{name} is {value}; it must lie between 0 and 1{}", if *name == Variance::ICC { ", below 1" } else { "" })]
    Share {
        /// Which.
        name: &'static str,
        /// What was given.
        value: f64,
    },
}

impl Variance {
    /// The intracluster correlation's name in refusals.
    pub const ICC: &str = "the correlation within units (icc)";

    /// The parts of a `total`, by the shares the literature uses.
    ///
    /// - `icc`: correlation of two people of a unit in one period; `cac`: how much of it is left between periods;
    ///   `iac`: correlation of one person's own deviation between periods (0 for a repeated cross-section).
    ///
    /// Source: Hooper, Teerenstra, de Hoop and Eldridge (2016), Statistics in Medicine 35(26), 4718-4728.
    pub fn of_shares(total: f64, icc: f64, cac: f64, iac: f64) -> Result<Self, SharesRefused> {
        check_total(total)?;
        check(Variance::ICC, icc, icc < 1.0)?;
        check("the share that lasts between periods (cac)", cac, true)?;
        check("the correlation of a person with themself (iac)", iac, true)?;
        Ok(Variance {
            lasting: total * icc * cac,
            passing: total * icc * (1.0 - cac),
            person: total * (1.0 - icc) * iac,
            own: total * (1.0 - icc) * (1.0 - iac),
            ..Variance::default()
        })
    }

    /// The parts of a `total` where the correlation within units fades: `icc` x `kept`^(distance in periods).
    ///
    /// Source: Kasza, Hemming, Hooper, Matthews and Forbes (2019), Statistical Methods in Medical Research 28(3), 703-716.
    pub fn of_decay(total: f64, icc: f64, kept: f64) -> Result<Self, SharesRefused> {
        check_total(total)?;
        check(Variance::ICC, icc, icc < 1.0)?;
        check("the correlation left a period later (decay)", kept, true)?;
        Ok(Variance { passing: total * icc, kept, own: total * (1.0 - icc), ..Variance::default() })
    }

    /// The variance of a share of people, as an identity link takes it: p (1 - p) at the mean of both expected shares.
    ///
    /// Source: Hussey and Hughes (2007), Contemporary Clinical Trials 28(2), 182-191, section 3.
    pub fn of_share(without: f64, with: f64) -> f64 {
        let middle = 0.5 * (without + with);
        middle * (1.0 - middle)
    }

    /// Covariance of a unit's outcomes: `row` holds its share of treatment in each observed period, `at` those periods' places.
    pub(super) fn covariance(&self, row: &[f64], at: &[usize], n_people: f64) -> Mat<f64> {
        let joint = self.effect_with_level * (self.lasting * self.effect).sqrt();
        Mat::from_fn(row.len(), row.len(), |s, t| {
            let apart = at[s].abs_diff(at[t]) as i32;
            let same = if s == t { 1.0 } else { 0.0 };
            // A power of 0 is 1: what keeps nothing is joined to itself only.
            self.lasting
                + self.passing * self.kept.powi(apart)
                + (self.person + self.own * same) / n_people
                + self.effect * row[s] * row[t]
                + joint * (row[s] + row[t])
        })
    }
}

fn check_total(total: f64) -> Result<(), SharesRefused> {
    if total > 0.0 && total.is_finite() { Ok(()) } else { Err(SharesRefused::Total(total)) }
}

fn check(name: &'static str, value: f64, besides: bool) -> Result<(), SharesRefused> {
    if (0.0..=1.0).contains(&value) && besides { Ok(()) } else { Err(SharesRefused::Share { name, value }) }
}
