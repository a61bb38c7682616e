//! What is watched, judged: outcome and uptake of a unit since its hand-over.

use std::collections::BTreeMap;

use traction_domain::sustain::Period;
use traction_domain::sustain::watch::{
    self as rules, Figures, Judged, Manner, cut, judge, judge_above, spans,
};
use traction_domain::time::Moment;
use traction_stats::control::{Improve, Rules};

use super::store::{self, FIRST_MONDAY, WEEK, Watch};
use crate::org::unit;
use crate::store::Sql;
use crate::trouble::Broken;

/// Fewest people of a unit of whom anything is shown or watched.
const FEWEST_PEOPLE: usize = 5;

/// One of a unit's series with its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Its readings, in order.
    pub readings: Vec<Reading>,
    /// The verdict.
    pub judged: Judged,
    /// What one reading covers.
    pub period: Period,
}

/// A reading, as it is judged and as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Its period's name.
    pub when: String,
    /// The reading as the rules see it.
    pub rule: rules::Reading,
    /// What may be shown of it: nothing where it would be about fewer than five people.
    pub shown: Option<f64>,
}

/// A watch with its verdicts.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedWatch {
    /// What is watched.
    pub watch: Watch,
    /// The metric of the change.
    pub outcome: Seen,
    /// The share of the unit's people who used it in a week; `None` in units of fewer than five people, or where no
    /// use was ever recorded.
    pub uptake: Option<Seen>,
}

impl Seen {
    /// Whether its levels may be shown: every reading of it may.
    pub fn levels_shown(&self) -> bool {
        self.readings.iter().all(|reading| reading.shown.is_some())
    }
}

impl JudgedWatch {
    /// Each series by its word, with its verdict.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, &Seen)> {
        [("outcome", Some(&self.outcome)), ("uptake", self.uptake.as_ref())]
            .into_iter()
            .filter_map(|(word, seen)| Some((word, seen?)))
    }
}

/// Everything that is watched, judged as of `now`.
pub async fn all(sql: &Sql, now: Moment) -> Result<Vec<JudgedWatch>, Broken> {
    let watches = store::all(sql).await?;
    if watches.is_empty() {
        return Ok(Vec::new());
    }
    let outcomes = store::outcomes(sql).await?;
    let uses = store::uses(sql).await?;
    let n_members: BTreeMap<_, _> =
        unit::store::all(sql).await?.into_iter().map(|unit| (unit.id, unit.n_members)).collect();
    let judged = watches.into_iter().map(|watch| {
        let outcome = outcome(&watch, outcomes.get(&(watch.unit, watch.metric)).map_or(&[], Vec::as_slice));
        let n_members = n_members.get(&watch.unit).copied().unwrap_or(0);
        let uptake =
            uses.get(&(watch.unit, watch.change)).and_then(|weeks| uptake(&watch, weeks, n_members, now));
        JudgedWatch { watch, outcome, uptake }
    });
    Ok(judged.collect())
}

/// The watch of a unit and change by their short names, judged as of `now`.
pub async fn one(sql: &Sql, now: Moment, unit: &str, change: &str) -> Result<Option<JudgedWatch>, Broken> {
    let is_it =
        |one: &JudgedWatch| one.watch.unit_slug.as_str() == unit && one.watch.change_slug.as_str() == change;
    Ok(all(sql, now).await?.into_iter().find(is_it))
}

fn outcome(watch: &Watch, outcomes: &[(traction_stats::panel::Period, f64)]) -> Seen {
    let periods: Vec<traction_stats::panel::Period> = outcomes.iter().map(|(period, _)| *period).collect();
    let readings: Vec<Reading> = outcomes
        .iter()
        .zip(spans(&periods))
        .filter_map(|((period, value), span)| {
            let (from, until) = span?;
            let rule = rules::Reading { from, until, value: *value };
            Some(Reading { when: period.to_string(), rule, shown: Some(*value) })
        })
        .collect();
    let period = Period::of(&periods);
    let series = cut(&rules_of(&readings), watch.began, watch.handed_over);
    let manner = Manner { period, improve: watch.improve, rules: Rules::HalfWay, figures: Figures::Plain };
    Seen { judged: judge(&series, manner), readings, period }
}

fn rules_of(readings: &[Reading]) -> Vec<rules::Reading> {
    readings.iter().map(|reading| reading.rule).collect()
}

/// Whole weeks since the start, as shares of the unit's people of today.
fn uptake(watch: &Watch, weeks: &BTreeMap<i64, usize>, n_members: usize, now: Moment) -> Option<Seen> {
    if n_members < FEWEST_PEOPLE {
        return None;
    }
    let week_of = |at: Moment| (at.milliseconds() - FIRST_MONDAY).div_euclid(WEEK);
    let readings: Vec<Reading> = (week_of(watch.began)..week_of(now))
        .filter_map(|week| {
            let from = Moment::from_milliseconds(FIRST_MONDAY + week * WEEK)?;
            let n_active = weeks.get(&week).copied().unwrap_or(0).min(n_members);
            let value = n_active as f64 / n_members as f64;
            let rule = rules::Reading { from, until: from.after_days(7), value };
            let few = |n: usize| (1..FEWEST_PEOPLE).contains(&n);
            let shown = (!few(n_active) && !few(n_members - n_active)).then_some(value);
            Some(Reading { when: from.date().to_string(), rule, shown })
        })
        .collect();
    let series = cut(&rules_of(&readings), watch.began, watch.handed_over);
    let manner =
        Manner { period: Period::Week, improve: Improve::Up, rules: Rules::HalfWay, figures: Figures::Share };
    Some(Seen { judged: judge_above(0.0, &series, manner), readings, period: Period::Week })
}
