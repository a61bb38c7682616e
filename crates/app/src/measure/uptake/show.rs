//! The numbers of uptake in words, each with its definition: for the page and for the terminal.

use traction_domain::measure::suppression::{self, Part, Shown};
use traction_domain::measure::uptake::{
    ACTIVATION, BREADTH, CURVE, DEPTH, Definition, FREQUENCY, LIFECYCLE, REACH, STICKINESS, TIME_TO_ADOPT,
    UTILISATION, WEEKLY_ACTIVE,
};

use super::month;
use super::read::ChangeUptake;
use super::store::Week;
use super::told::{Course, Fourth, Reached, Told};

/// What stands for a number that is not told.
pub const NOT_SHOWN: &str = "not shown";

/// Every number of the whole, with its definition, in the order of the page.
pub fn numbers(uptake: &ChangeUptake) -> Vec<(Definition, String)> {
    let told = uptake.told.as_ref();
    let fourth = told.and_then(|told| told.fourth.as_ref());
    let or_not = |words: Option<String>| words.unwrap_or_else(|| NOT_SHOWN.into());
    let last = uptake.weeks.last().map_or(Shown::Withheld, |week| week.table.total);
    vec![
        (WEEKLY_ACTIVE, last.to_string()),
        (UTILISATION, uptake.utilisation.total.to_string()),
        (ACTIVATION, activation(uptake)),
        (REACH, or_not(reach_by_now(uptake))),
        (STICKINESS, uptake.stickiness.to_string()),
        (FREQUENCY, or_not(told.and_then(|told| told.frequency).map(|days| format!("{days} of 28 days")))),
        (
            DEPTH,
            or_not(told.and_then(|told| told.depth).map(|depth| match depth.p90 {
                Some(p90) => format!("{} events; nine in ten have {p90} or fewer", depth.median),
                None => format!("{} events", depth.median),
            })),
        ),
        (
            BREADTH,
            or_not(
                told.and_then(|told| told.breadth)
                    .map(|breadth| breadth_in_words(breadth.mean, breadth.n_kinds)),
            ),
        ),
        (LIFECYCLE, or_not(fourth.and_then(lifecycle))),
        (TIME_TO_ADOPT, or_not(fourth.and_then(time_to_adopt))),
        (CURVE, or_not(fourth.map(|fourth| course(&fourth.course)))),
    ]
}

/// How many kinds of events a user has in the mean, of those there are.
fn breadth_in_words(mean: f64, n_kinds: usize) -> String {
    match n_kinds {
        1 => "there is one kind of event".into(),
        n => format!("{mean:.1} of {n} kinds"),
    }
}

/// Reach as it was told last, and by when.
pub fn reach_by(told: &Told) -> Option<String> {
    let reached = told.fourth.as_ref()?.reached?;
    let next = Week(told.origin + month::N_WEEKS * (i64::from(reached.month) + 1));
    let last = next.begins().after_days(-1).date();
    Some(format!("{}, by {}", reach(reached), last.strftime("%-d %b %Y")))
}

/// Reach as it was told last; where more used it in the last 28 days, as is told, that it is no less than that.
fn reach_by_now(uptake: &ChangeUptake) -> Option<String> {
    let before = uptake.told.as_ref().and_then(reach_by);
    let Some(count) = reach_at_least(uptake) else { return before };
    let least = format!("{count} people or more, as many as in the last 28 days");
    Some(before.map_or(least.clone(), |before| format!("{before}; by now {least}")))
}

/// How many people used it in the last 28 days, as is told, where they are more than reach was told last.
pub fn reach_at_least(uptake: &ChangeUptake) -> Option<u32> {
    let reached = uptake.told.as_ref().and_then(|told| told.fourth.as_ref()?.reached);
    let count = reached.map_or(0, |reached| reached.count);
    match uptake.utilisation.total {
        Shown::Exact(lately) if lately.count > count => Some(lately.count),
        _ => None,
    }
}

/// Reach, as it may be shown.
pub fn reach(reached: Reached) -> Shown {
    suppression::alone(Part { count: reached.count, of: reached.of })
}

fn activation(uptake: &ChangeUptake) -> String {
    let (n_units, n_counted) = uptake.n_units_activated;
    let shown = uptake.activation.total;
    if n_counted > n_units && shown != Shown::Withheld {
        format!("{shown}, in {n_units} of {n_counted} units; the others would tell of few")
    } else {
        shown.to_string()
    }
}

/// The newest period's four counts.
fn lifecycle(fourth: &Fourth) -> Option<String> {
    let [new, returning, resurrecting, dormant] = fourth.months.last()?.lifecycle?;
    Some(format!("{new} new, {returning} returning, {resurrecting} resurrecting, {dormant} dormant"))
}

fn time_to_adopt(fourth: &Fourth) -> Option<String> {
    let adopted = fourth.adopted.as_ref()?;
    let by = |(days, low, high): (Option<f64>, Option<f64>, Option<f64>)| match days {
        None => "not yet".to_owned(),
        Some(days) => {
            let end = |end: Option<f64>| end.map_or("open".to_owned(), |days| format!("{days:.0}"));
            format!("{days:.0} days ({} to {})", end(low), end(high))
        }
    };
    Some(format!("half: {}; 80 %: {}", by(adopted.half), by(adopted.most)))
}

/// The curve of Bass, or why there is none.
pub fn course(course: &Course) -> String {
    match course {
        Course::Fitted { innovation, imitation, peak } => {
            let peak =
                peak.map_or("fastest at the start".to_owned(), |week| format!("fastest in week {week:.0}"));
            format!("p {innovation:.3}, q {imitation:.3} a week; {peak}")
        }
        Course::Refused(why) => format!("not fitted: {why}"),
    }
}
