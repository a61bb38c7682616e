//! What the two-way coefficient is an average of: all comparisons of two starts, with their weights.
//!
//! It shows how much of the coefficient compares with units that had started before. It estimates no effect.

#[cfg(test)]
mod tests;

use std::fmt;

use crate::panel::{Panel, Period};
use crate::words::counted;

/// What starting units are compared with in one comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Units that never start.
    Never,
    /// Units that start in another period.
    Start(Period),
    /// Units treated throughout.
    Always,
}

/// What kind of comparison it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// With units that never start.
    AgainstNever,
    /// With units that start later, while they have not.
    AgainstNotYet,
    /// With units that started earlier: if their effect still grows, it is taken for a loss of the others.
    AgainstStarted,
    /// With units treated throughout; misleading in the same way.
    AgainstAlways,
}

/// One comparison of two starts before and after one of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// The start whose treatment changes.
    pub treated: Period,
    /// What it is compared with.
    pub control: Control,
    /// Of which kind.
    pub kind: Kind,
    /// The difference of mean changes, in the outcome's unit.
    pub estimate: f64,
    /// Its share of the coefficient, between 0 and 1.
    pub weight: f64,
}

/// The two-way coefficient, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Bacon {
    /// The sum of estimates times weights: the two-way coefficient.
    pub coefficient: f64,
    /// By treated start, then by control; weights add up to 1.
    pub comparisons: Vec<Comparison>,
}

/// Why the coefficient cannot be taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaconRefused {
    /// Gaps.
    #[error(
        "{} some period, and the coefficient can be taken apart only without gaps; drop what has any",
        counted(*n_units, "unit lacks", "units lack")
    )]
    Gaps {
        /// Units with gaps.
        n_units: usize,
    },
    /// Nobody to compare.
    #[error(
        "no two groups of units differ in when they are treated, so there is nothing to take apart; \
         hold some units back, or add units that never start"
    )]
    NothingToCompare,
}

/// Units treated in the same periods.
struct Group {
    /// `None` if never.
    start: Option<Period>,
    /// The first treated period's place; the number of periods if never.
    on: usize,
    /// The sum of their weights.
    size: f64,
    /// Mean outcome by period.
    means: Vec<f64>,
}

impl Bacon {
    /// The share of comparisons of one kind.
    pub fn share(&self, kind: Kind) -> f64 {
        self.of(kind).map(|comparison| comparison.weight).sum()
    }

    /// The mean of comparisons of one kind; `None` if there are none.
    pub fn mean(&self, kind: Kind) -> Option<f64> {
        let share = self.share(kind);
        let sum: f64 = self.of(kind).map(|comparison| comparison.weight * comparison.estimate).sum();
        (share > 0.0).then(|| sum / share)
    }

    /// The share of comparisons with units that had started before, which mislead where effects grow or fade.
    pub fn misleading_share(&self) -> f64 {
        self.share(Kind::AgainstStarted) + self.share(Kind::AgainstAlways)
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Comparison> {
        self.comparisons.iter().filter(move |comparison| comparison.kind == kind)
    }
}

/// Takes the two-way coefficient apart into comparisons of two starts.
///
/// Every pair of groups that differ in when they are treated is compared before and after one of them starts, within
/// the periods in which the other's treatment does not change. A comparison's weight grows with the size of both
/// groups and with how near to the middle of those periods the start lies.
///
/// - `panel`: without gaps; units' weights count.
/// - Returns estimates in the outcome's unit. Starts that act from the same observed period on are one group.
///
/// Source: Goodman-Bacon (2021), Journal of Econometrics 225(2), 254-277, Theorem 1.
///
/// Why does the two-way coefficient miss the mean effect of -2.67? A tenth of it compares with wards that had started:
///
/// ```
/// use traction_stats::effect::{self, Kind};
/// use traction_stats::panel::{self, Columns, Unbalanced};
///
/// let file = "ward,month,hours,start\n\
///     a,1,10,3\na,2,12,3\na,3,8,3\na,4,7,3\nb,1,12,3\nb,2,12,3\nb,3,10,3\nb,4,9,3\n\
///     c,1,10,4\nc,2,11,4\nc,3,11,4\nc,4,9,4\nd,1,12,4\nd,2,13,4\nd,3,11,4\nd,4,11,4\n\
///     e,1,10,\ne,2,11,\ne,3,10,\ne,4,12,\nf,1,12,\nf,2,13,\nf,3,12,\nf,4,12,\n";
/// let columns =
///     Columns { unit: "ward", period: "month", outcome: "hours", start: "start", ..Columns::default() };
/// let panel = panel::read(file.as_bytes(), &columns, Unbalanced::Keep)?;
/// let found = effect::bacon(&panel)?;
/// println!("{:.0} % of it misleads", 100.0 * found.misleading_share());
/// assert!((found.coefficient + 2.2).abs() < 1e-9);
/// assert!((found.misleading_share() - 0.1).abs() < 1e-9);
/// assert!(found.mean(Kind::AgainstStarted).ok_or("none of that kind")?.abs() < 1e-9); // the others' growth hides it
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn bacon(panel: &Panel) -> Result<Bacon, BaconRefused> {
    let n_periods = panel.periods().len();
    let has_gap = |unit: usize| (0..n_periods).any(|t| panel.column(t)[unit].is_nan());
    let n_units = (0..panel.units().len()).filter(|&unit| has_gap(unit)).count();
    if n_units > 0 {
        return Err(BaconRefused::Gaps { n_units });
    }
    let groups = groups(panel);
    let mut comparisons = Vec::new();
    for treated in groups.iter().filter(|group| 0 < group.on && group.on < n_periods) {
        comparisons.extend(groups.iter().filter_map(|control| compare(treated, control, panel)));
    }
    let total: f64 = comparisons.iter().map(|comparison| comparison.weight).sum();
    if comparisons.is_empty() || total <= 0.0 {
        return Err(BaconRefused::NothingToCompare);
    }
    comparisons.iter_mut().for_each(|comparison| comparison.weight /= total);
    let coefficient = comparisons.iter().map(|comparison| comparison.weight * comparison.estimate).sum();
    Ok(Bacon { coefficient, comparisons })
}

/// Groups by first treated period, the never treated last.
fn groups(panel: &Panel) -> Vec<Group> {
    let n_periods = panel.periods().len();
    let mut found: Vec<(Option<Period>, usize, Vec<usize>)> = Vec::new();
    for cohort in panel.cohorts() {
        let on = (0..n_periods).find(|&t| panel.exposure(t, cohort.start) >= 0).unwrap_or(n_periods);
        match found.last_mut().filter(|(_, last, _)| *last == on) {
            Some((_, _, units)) => units.extend(&cohort.units),
            None => found.push((Some(cohort.start), on, cohort.units.clone())),
        }
    }
    if !panel.never().is_empty() {
        found.push((None, n_periods, panel.never().to_vec()));
    }
    let group = |(start, on, units): (Option<Period>, usize, Vec<usize>)| {
        let size: f64 = units.iter().map(|&unit| panel.weight(unit)).sum();
        let mean = |t: usize| {
            units.iter().map(|&unit| panel.weight(unit) * panel.column(t)[unit]).sum::<f64>() / size
        };
        Group { start, on, size, means: (0..n_periods).map(mean).collect() }
    };
    found.into_iter().map(group).collect()
}

/// The comparison of two groups before and after the first starts, where the other's treatment does not change.
///
/// Its weight, up to a factor common to all: the product of both sizes and of the numbers of periods before and after.
fn compare(treated: &Group, control: &Group, panel: &Panel) -> Option<Comparison> {
    let n_periods = panel.periods().len();
    let (kind, from, to) = match control.start {
        _ if control.on == treated.on => return None,
        None => (Kind::AgainstNever, 0, n_periods),
        Some(_) if control.on == 0 => (Kind::AgainstAlways, 0, n_periods),
        Some(_) if control.on > treated.on => (Kind::AgainstNotYet, 0, control.on),
        Some(_) => (Kind::AgainstStarted, control.on, n_periods),
    };
    let mean = |group: &Group, from: usize, to: usize| {
        group.means[from..to].iter().sum::<f64>() / (to - from) as f64
    };
    let change = |group: &Group| mean(group, treated.on, to) - mean(group, from, treated.on);
    let (before, after) = ((treated.on - from) as f64, (to - treated.on) as f64);
    Some(Comparison {
        treated: treated.start?,
        control: match (control.start, kind) {
            (None, _) => Control::Never,
            (Some(_), Kind::AgainstAlways) => Control::Always,
            (Some(start), _) => Control::Start(start),
        },
        kind,
        estimate: change(treated) - change(control),
        weight: treated.size * control.size * before * after,
    })
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::AgainstNever => "against never started",
            Kind::AgainstNotYet => "against not yet started",
            Kind::AgainstStarted => "against already started",
            Kind::AgainstAlways => "against treated throughout",
        })
    }
}

impl fmt::Display for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Control::Never => f.write_str("never"),
            Control::Start(start) => write!(f, "{start}"),
            Control::Always => f.write_str("always"),
        }
    }
}
