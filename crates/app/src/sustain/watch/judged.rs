//! What is watched, judged: outcome and uptake of a unit since its hand-over.

use std::collections::BTreeMap;

use traction_domain::id::{ChangeId, UnitId};
use traction_domain::measure::suppression::N_FEWEST;
use traction_domain::org::slug::Slug;
use traction_domain::sustain::Period;
use traction_domain::sustain::watch::{
    self as rules, Figures, Judged, Manner, cut, judge, judge_above, spans,
};
use traction_domain::time::Moment;
use traction_stats::control::{Improve, Rules};

use super::store::{self, Watch};
use crate::measure::uptake;
use crate::measure::uptake::store::Week;
use crate::offer::change;
use crate::org::unit;
use crate::store::Sql;
use crate::trouble::Broken;

/// Shares of a unit's people that may be shown, by change, unit and week; those that are not here may not.
type Published = BTreeMap<(ChangeId, UnitId, Week), f64>;

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
        all_shown(&self.readings)
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

/// Everything that is watched, judged by what is known of it. Of uptake it has the verdict, without any figure.
pub async fn all(sql: &Sql) -> Result<Vec<JudgedWatch>, Broken> {
    judged(sql, &Published::new()).await
}

/// The watch of a unit and change by their short names, judged as of `now`, with the figures of uptake that everybody
/// may see.
pub async fn one(sql: &Sql, now: Moment, unit: &str, change: &str) -> Result<Option<JudgedWatch>, Broken> {
    let Ok(change) = change.parse::<Slug>() else { return Ok(None) };
    let Some(change) = change::store::by_slug(sql, change.as_str()).await? else { return Ok(None) };
    let watches = store::all(sql).await?;
    let watch = watches.iter().find(|one| one.unit_slug.as_str() == unit && one.change == change.id);
    let Some(watch) = watch else { return Ok(None) };
    let mut published = Published::new();
    let since = uptake::read::Weeks::Since(Week::of(watch.began));
    let shown = uptake::read::of_change(sql, &change, now, since).await?;
    for week in &shown.weeks {
        for (has_it, part) in shown.units.iter().zip(&week.table.units) {
            if let Some(share) = part.and_then(|part| part.share()) {
                published.insert((change.id, has_it.unit.id, week.week), share);
            }
        }
    }
    let is_it = |one: &JudgedWatch| one.watch.unit_slug.as_str() == unit && one.watch.change == change.id;
    Ok(judged(sql, &published).await?.into_iter().find(is_it))
}

async fn judged(sql: &Sql, published: &Published) -> Result<Vec<JudgedWatch>, Broken> {
    let watches = store::all(sql).await?;
    if watches.is_empty() {
        return Ok(Vec::new());
    }
    let outcomes = store::outcomes(sql).await?;
    let (uses, closed) = (store::uses(sql).await?, uptake::store::last_weeks(sql).await?);
    let n_members: BTreeMap<_, _> =
        unit::store::all(sql).await?.into_iter().map(|unit| (unit.id, unit.n_members)).collect();
    let judged = watches.into_iter().map(|watch| {
        let outcome = outcome(&watch, outcomes.get(&(watch.unit, watch.metric)).map_or(&[], Vec::as_slice));
        let n_members = n_members.get(&watch.unit).copied().unwrap_or(0);
        let uptake = uses
            .get(&(watch.unit, watch.change))
            .zip(closed.get(&watch.change))
            .and_then(|(weeks, last)| uptake_of(&watch, weeks, *last, n_members, published));
        JudgedWatch { watch, outcome, uptake }
    });
    Ok(judged.collect())
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

/// The weeks since the start that are closed, as shares of the unit's people of today.
fn uptake_of(
    watch: &Watch,
    weeks: &BTreeMap<Week, usize>,
    last: Week,
    n_members: usize,
    published: &Published,
) -> Option<Seen> {
    if n_members < N_FEWEST as usize {
        return None;
    }
    let readings: Vec<Reading> = (Week::of(watch.began).0..=last.0)
        .map(|number| {
            let week = Week(number);
            let (from, until) = (week.begins(), Week(number + 1).begins());
            let n_active = weeks.get(&week).copied().unwrap_or(0).min(n_members);
            let rule = rules::Reading { from, until, value: n_active as f64 / n_members as f64 };
            let shown = published.get(&(watch.change, watch.unit, week)).copied();
            Reading { when: from.date().to_string(), rule, shown }
        })
        .collect();
    let series = cut(&rules_of(&readings), watch.began, watch.handed_over);
    // A level is a sum over weeks: with one week withheld, no level may be shown that it could be told from.
    let figures = if all_shown(&readings) { Figures::Share } else { Figures::Withheld };
    let manner = Manner { period: Period::Week, improve: Improve::Up, rules: Rules::HalfWay, figures };
    Some(Seen { judged: judge_above(0.0, &series, manner), readings, period: Period::Week })
}

fn all_shown(readings: &[Reading]) -> bool {
    readings.iter().all(|reading| reading.shown.is_some())
}
