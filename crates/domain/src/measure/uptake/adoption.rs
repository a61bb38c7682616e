//! How long people with access take to begin: the estimator of Kaplan and Meier.
//!
//! It shows the curve of a group, never who stands where on it.

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

/// The share of the eligible that has begun, by days since access: a step at each day on which somebody began.
#[derive(Clone, Debug, PartialEq)]
pub struct Adoption {
    /// Days since access, ascending, and the share (0 to 1) that has begun by then.
    pub steps: Vec<(f64, f64)>,
    /// How many were followed.
    pub n: usize,
}

impl Adoption {
    /// The days by which `share` (0 to 1) of the eligible had begun; `None` where they have not yet.
    pub fn days_to(&self, share: f64) -> Option<f64> {
        // Products of ratios miss a round share by the last digits of a double.
        self.steps.iter().find(|(_, begun)| *begun >= share - 1e-12).map(|(days, _)| *days)
    }

    /// The share that had begun by `days`.
    pub fn share_at(&self, days: f64) -> f64 {
        self.steps.iter().rev().find(|(at, _)| *at <= days).map_or(0.0, |(_, begun)| *begun)
    }
}

/// The share that begins, by days since access, from stays of different lengths.
///
/// At each day on which somebody began, the share still without is multiplied by 1 - begun / still followed. Who
/// waits counts as followed up to and including his last day.
///
/// Assumes that those with little time since access begin as those with more did. Misleads where later units are
/// slower. Source: Kaplan and Meier (1958), JASA 53(282), 457-481.
pub fn adoption(stays: &[Stay]) -> Adoption {
    let mut sorted = stays.to_vec();
    sorted.sort_by(|a, b| a.days().total_cmp(&b.days()));
    let mut without = 1.0;
    let mut steps = Vec::new();
    let mut at = 0;
    while at < sorted.len() {
        let days = sorted[at].days();
        let tied = sorted[at..].iter().take_while(|stay| stay.days() == days);
        let n_tied = tied.clone().count();
        let n_begun = tied.filter(|stay| matches!(stay, Stay::Adopted { .. })).count();
        if n_begun > 0 {
            without *= 1.0 - n_begun as f64 / (sorted.len() - at) as f64;
            steps.push((days, 1.0 - without));
        }
        at += n_tied;
    }
    Adoption { steps, n: stays.len() }
}
