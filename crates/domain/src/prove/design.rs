//! Which method answers, with which second opinion, and why, in words.
//!
//! It chooses from what is known about who started when. Whether the data carry the method, the method itself says.

use traction_stats::effect::{MOST_DONORS, Seen};
use traction_stats::panel::Panel;

use super::wish::{Assignment, Further, Method, Wish};
use crate::words::{counted, counted_first};

/// A twin is put together for at most so many started units; with more, they show themselves how far chance reaches.
const FEW_STARTED: usize = 2;
/// A twin has at least so many periods before the start to be like the unit in.
pub(super) const PERIODS_FOR_TWIN: usize = 8;

const BY_MEANS: &str =
    "Rows are of different people each time, so periods are compared by their means and no unit is followed.";

const BY_MEANS_OF_UNITS: &str = "Units come and go, so periods are compared by the means of whoever was seen in them; what is of one unit varies together.";

/// What is known of how slots were given away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// No draw was recorded.
    No,
    /// In so many recorded draws chance decided.
    InDraws(usize),
}

/// The design chosen, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// How the answer is found.
    pub method: Method,
    /// Whose second opinion is asked.
    pub second: Option<Method>,
    /// What was settled beforehand.
    pub wish: Wish,
    /// Why this method; the answer adds why this comparison.
    pub why: String,
}

impl Design {
    /// The design for a panel. It can be chosen for any; whether the data carry it, the method itself says.
    pub fn choose(panel: &Panel, drawn: Drawn, wish: &Wish) -> Self {
        let by_means = if panel.has_recurring_units() { BY_MEANS_OF_UNITS } else { BY_MEANS };
        let (method, why) = match wish.method {
            Some(method) => (method, format!("The method, {}, is the one asked for.", method.word())),
            None if wish.seen == Seen::InEither => (Method::GroupTime, by_means.to_owned()),
            None => chosen(panel, drawn, wish.assignment),
        };
        let why = match wish.method {
            Some(_) if wish.seen == Seen::InEither => format!("{why} {by_means}"),
            _ => why,
        };
        let why = match (drawn, wish.method) {
            (Drawn::InDraws(0), None) => format!(
                "In the recorded draws chance decided nothing: each band and layer got slots for all or for none. {why}"
            ),
            _ => why,
        };
        let wanted = wish.seen == Seen::InBoth && (wish.method.is_none() || wish.second == Further::Asked);
        let second = second(method, drawn, wish.assignment).filter(|_| wanted);
        Design { method, second, wish: *wish, why }
    }
}

fn chosen(panel: &Panel, drawn: Drawn, assignment: Assignment) -> (Method, String) {
    if let Drawn::InDraws(n @ 1..) = drawn {
        let draws = counted_first(n, "recorded draw", "recorded draws");
        return (
            Method::RiskSet,
            format!("{draws} decided who got a slot, so the lot itself makes the comparison."),
        );
    }
    if assignment == Assignment::Random {
        let why =
            "Who started when was as good as drawn, so the sharpest comparison of starting times serves.";
        return (Method::Efficient, why.to_owned());
    }
    // Units that had started by the first period show no before, so that no method looks at them.
    let n_started: usize = panel
        .cohorts()
        .iter()
        .filter(|cohort| panel.exposure(0, cohort.start) < 0)
        .map(|cohort| cohort.units.len())
        .sum();
    let n_never = panel.never().len();
    match (n_started, n_never) {
        (1, 0) => (
            Method::Interrupted,
            "One unit started and there is none to compare it with, so its own course is carried on.".to_owned(),
        ),
        (1..=FEW_STARTED, 1..=MOST_DONORS) => (
            Method::Synthetic,
            format!(
                "Only {} started: too few to tell how far chance reaches among them, so a twin is put \
                 together from units that never start ({n_never}).",
                counted(n_started, "unit", "units")
            ),
        ),
        _ => (
            Method::GroupTime,
            "Units started at times that they chose or were given, so starting units are compared start by start and period by period."
                .to_owned(),
        ),
    }
}

/// Whose second opinion goes with a method.
fn second(method: Method, drawn: Drawn, assignment: Assignment) -> Option<Method> {
    match method {
        Method::RiskSet if assignment == Assignment::Random => Some(Method::Efficient),
        Method::RiskSet | Method::Efficient | Method::Imputation | Method::Interaction | Method::TwoWay => {
            Some(Method::GroupTime)
        }
        Method::GroupTime if matches!(drawn, Drawn::InDraws(1..)) => Some(Method::RiskSet),
        Method::GroupTime => Some(Method::Imputation),
        Method::Synthetic => Some(Method::SyntheticControl),
        Method::SyntheticControl => Some(Method::Synthetic),
        Method::Interrupted => None,
    }
}
