//! How long people with access take to begin: the estimator of Kaplan and Meier, with its band.
//!
//! It shows the curve of a group, never who stands where on it.

use traction_stats::uncertainty::{Law, Level};

/// How long somebody with access has gone without using it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stay {
    /// He began after so many days.
    Adopted {
        /// Days from access.
        days: f64,
    },
    /// He has not begun, as far as is known after so many days.
    Waiting {
        /// Days from access.
        days: f64,
    },
}

impl Stay {
    fn days(self) -> f64 {
        match self {
            Stay::Adopted { days } | Stay::Waiting { days } => days,
        }
    }
}

/// A day on which somebody began, and the share that had begun by its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Days since access.
    pub days: f64,
    /// The share (0 to 1) that has begun.
    pub begun: f64,
    /// The standard error of that share, by Greenwood; `None` once nobody is left.
    pub error: Option<f64>,
    /// Where the share lies in 95 of 100 cases, by log-log; `None` as above.
    pub band: Option<(f64, f64)>,
}

/// The share of the eligible that has begun, by days since access: a step at each day on which somebody began.
#[derive(Clone, Debug, PartialEq)]
pub struct Adoption {
    /// The steps, by days.
    pub steps: Vec<Step>,
    /// How many were followed.
    pub n: usize,
}

/// Products of ratios miss a round share by the last digits of a double.
const ROUNDING: f64 = 1e-12;

impl Adoption {
    /// The days by which `share` (0 to 1) of the eligible had begun; `None` where they have not yet.
    pub fn days_to(&self, share: f64) -> Option<f64> {
        self.first(|step| step.begun >= share - ROUNDING)
    }

    /// The range of [`Adoption::days_to`] in 95 of 100 cases: where the band crosses the share. An end is `None` where
    /// the band has not crossed it yet. Source: Brookmeyer and Crowley (1982), Biometrics 38(1), 29-41.
    pub fn range_to(&self, share: f64) -> (Option<f64>, Option<f64>) {
        let reached = |bound: fn((f64, f64)) -> f64| {
            self.first(|step| step.band.map_or(step.begun, bound) >= share - ROUNDING)
        };
        (reached(|(_, high)| high), reached(|(low, _)| low))
    }

    /// The median as it is printed elsewhere: the middle of the days on which exactly half had begun, where that is a
    /// stretch.
    pub fn median(&self) -> Option<f64> {
        let at = self.steps.iter().position(|step| step.begun >= 0.5 - ROUNDING)?;
        let is_half = (self.steps[at].begun - 0.5).abs() <= ROUNDING;
        match self.steps.get(at + 1) {
            Some(next) if is_half => Some((self.steps[at].days + next.days) / 2.0),
            _ => Some(self.steps[at].days),
        }
    }

    /// The share that had begun by `days`.
    pub fn share_at(&self, days: f64) -> f64 {
        self.steps.iter().rev().find(|step| step.days <= days).map_or(0.0, |step| step.begun)
    }

    fn first(&self, is_it: impl Fn(&Step) -> bool) -> Option<f64> {
        self.steps.iter().find(|step| is_it(step)).map(|step| step.days)
    }
}

/// The share that begins, by days since access, from stays of different lengths.
///
/// At each day on which somebody began, the share still without is multiplied by 1 - begun / still followed. Who
/// waits counts as followed up to and including his last day. The band is that of the logarithm of minus the
/// logarithm of the share without, which keeps it between 0 and 1.
///
/// Assumes that those with little time since access begin as those with more did. Misleads where later units are
/// slower. Source: Kaplan and Meier (1958), JASA 53(282), 457-481; Greenwood (1926); Kalbfleisch and Prentice (1980).
pub fn adoption(stays: &[Stay]) -> Adoption {
    let mut sorted = stays.to_vec();
    sorted.sort_by(|a, b| a.days().total_cmp(&b.days()));
    let z = Law::Normal.reach(Level::NINETY_FIVE);
    let (mut without, mut greenwood) = (1.0, 0.0);
    let mut steps = Vec::new();
    let mut at = 0;
    while at < sorted.len() {
        let days = sorted[at].days();
        let tied = sorted[at..].iter().take_while(|stay| stay.days() == days);
        let n_tied = tied.clone().count();
        let n_begun = tied.filter(|stay| matches!(stay, Stay::Adopted { .. })).count();
        if n_begun > 0 {
            let (begun, followed) = (n_begun as f64, (sorted.len() - at) as f64);
            without *= 1.0 - begun / followed;
            greenwood += begun / (followed * (followed - begun));
            let is_left = n_begun < sorted.len() - at;
            let error = is_left.then(|| without * f64::sqrt(greenwood));
            let band = is_left.then(|| {
                let reach = (z * greenwood.sqrt() / f64::ln(without).abs()).exp();
                (1.0 - f64::powf(without, 1.0 / reach), 1.0 - f64::powf(without, reach))
            });
            steps.push(Step { days, begun: 1.0 - without, error, band });
        }
        at += n_tied;
    }
    Adoption { steps, n: stays.len() }
}

/// How many adopted in each of Rogers' bands: innovators, early adopters, early majority, late majority, laggards.
///
/// Cuts are the mean of the days less two and one standard deviations, the mean, and it with one more. It only
/// describes, and only an adoption that is complete: with anybody waiting, or all on one day, there is no answer.
/// Source: Rogers (2003), Diffusion of Innovations, chapter 7.
pub fn rogers(stays: &[Stay]) -> Option<[u32; 5]> {
    let is_waiting = |stay: &Stay| matches!(stay, Stay::Waiting { .. });
    if stays.len() < 2 || stays.iter().any(is_waiting) {
        return None;
    }
    let n = stays.len() as f64;
    let mean = stays.iter().map(|stay| stay.days()).sum::<f64>() / n;
    let sd = (stays.iter().map(|stay| (stay.days() - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    if sd == 0.0 {
        return None;
    }
    let mut bands = [0; 5];
    for stay in stays {
        let cuts = [mean - 2.0 * sd, mean - sd, mean, mean + sd];
        bands[cuts.iter().filter(|cut| stay.days() >= **cut).count()] += 1;
    }
    Some(bands)
}
