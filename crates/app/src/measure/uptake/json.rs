//! Uptake as JSON, for programs and for the command line: the same as the page shows, each number with its definition.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use traction_domain::measure::suppression::Shown;
use traction_domain::measure::uptake::DEFINITIONS;

use super::Table;
use super::read::{ChangeUptake, HasIt};
use super::show;
use super::store::Week;
use super::told::{Course, Told};
use crate::offer::change::store::Change;

/// The uptake of a change.
pub fn of(change: &Change, uptake: &ChangeUptake) -> Value {
    let last = uptake.weeks.last();
    let units: Vec<Value> = uptake
        .units
        .iter()
        .enumerate()
        .map(|(place, HasIt { unit, since, until })| {
            let of = |table: &Table| table.units.get(place).copied().flatten().map(share);
            json!({
                "unit": unit.slug.as_str(), "begins_at": since.to_string(),
                "ended_at": until.map(|until| until.to_string()),
                "weekly_active": last.and_then(|week| of(&week.table)),
                "utilisation": of(&uptake.utilisation), "activation": of(&uptake.activation),
            })
        })
        .collect();
    let weeks: Vec<Value> = uptake
        .weeks
        .iter()
        .map(|week| {
            let units = uptake.units.iter().zip(&week.table.units);
            let units: serde_json::Map<String, Value> = units
                .filter_map(|(HasIt { unit, .. }, shown)| Some((unit.slug.to_string(), share((*shown)?))))
                .collect();
            json!({
                "week": date(week.week), "total": share(week.table.total), "units": units,
                "waves": groups(&week.table.waves, |n| n.to_string()),
                "layers": groups(&week.table.layers, |n| n.to_string()),
                "cohorts": groups(&week.table.cohorts, cohort),
            })
        })
        .collect();
    let totals =
        uptake.totals.iter().map(|week| json!({ "week": date(week.week), "total": share(week.total) }));
    let plan = uptake.plan.iter().map(|(week, n)| json!({ "week": date(*week), "people_with_access": n }));
    let mut body = json!({
        "schema": "traction.uptake/1", "change": change.slug.as_str(),
        "as_of": last.map(|week| date(week.week)),
        "definitions": definitions(),
        "units": units, "weeks": weeks, "totals": totals.collect::<Vec<_>>(), "plan": plan.collect::<Vec<_>>(),
        "weekly_active": share(last.map_or(Shown::Withheld, |week| week.table.total)),
        "utilisation": by_group(&uptake.utilisation),
        "activation": by_group(&uptake.activation),
        "activation_units": uptake.n_units_activated.0,
        "stickiness": share(uptake.stickiness),
        "reach_at_least": show::reach_at_least(uptake),
    });
    if let (Some(told), Some(body)) = (&uptake.told, body.as_object_mut()) {
        body.extend(whole(told));
    }
    body
}

/// The numbers of the whole.
fn whole(told: &Told) -> serde_json::Map<String, Value> {
    let mut numbers = serde_json::Map::new();
    numbers.insert("frequency".into(), json!(told.frequency));
    numbers.insert("depth".into(), json!(told.depth));
    numbers.insert("breadth".into(), json!(told.breadth));
    let Some(fourth) = &told.fourth else { return numbers };
    let ends = |month: usize| date(Week(told.origin + 4 * (month as i64 + 1) - 1));
    numbers.insert("every_fourth_week_as_of".into(), json!(date(Week(fourth.week))));
    let reach = fourth.reached.map(|reached| {
        let mut shown = share(show::reach(reached));
        shown["until"] = json!(ends(reached.month as usize));
        shown
    });
    numbers.insert("reach".into(), json!(reach));
    let lifecycle = fourth.months.iter().enumerate().map(|(month, told)| match told.lifecycle {
        Some([new, returning, resurrecting, dormant]) => json!({
            "ends_with_week": ends(month), "new": new, "returning": returning, "resurrecting": resurrecting,
            "dormant": dormant,
        }),
        None => json!({ "ends_with_week": ends(month), "shown": "withheld" }),
    });
    numbers.insert("lifecycle".into(), lifecycle.collect());
    let retention = fourth.months.iter().enumerate().flat_map(|(month, told)| {
        told.retained.iter().enumerate().map(move |(began, retained)| {
            let mut shown = share((*retained).into());
            shown["began_by"] = json!(ends(began));
            shown["ends_with_week"] = json!(ends(month));
            shown
        })
    });
    numbers.insert("retention".into(), retention.collect());
    let adopted = fourth.adopted.as_ref().map(|adopted| {
        let range = |(days, low, high): (Option<f64>, Option<f64>, Option<f64>)| json!({ "days": days, "low": low, "high": high });
        let steps = adopted.steps.iter().map(|(share, days)| json!({ "share": share, "days": days }));
        json!({ "half": range(adopted.half), "most": range(adopted.most), "steps": steps.collect::<Vec<_>>() })
    });
    numbers.insert("time_to_adopt".into(), json!(adopted));
    numbers.insert(
        "curve".into(),
        match &fourth.course {
            Course::Fitted { innovation, imitation, peak } => {
                json!({ "innovation": innovation, "imitation": imitation, "peak_week": peak })
            }
            Course::Refused(why) => json!({ "refused": why }),
        },
    );
    numbers
}

/// Every definition by its word.
pub fn definitions() -> Value {
    let each = DEFINITIONS.iter().map(|definition| (definition.word.to_owned(), json!(definition.says)));
    each.collect::<serde_json::Map<String, Value>>().into()
}

fn by_group(table: &Table) -> Value {
    let mut shown = share(table.total);
    shown["waves"] = groups(&table.waves, |n| n.to_string());
    shown["layers"] = groups(&table.layers, |n| n.to_string());
    shown["cohorts"] = groups(&table.cohorts, cohort);
    shown
}

fn groups(groups: &BTreeMap<u32, Shown>, name: impl Fn(u32) -> String) -> Value {
    let each = groups.iter().map(|(label, shown)| (name(*label), share(*shown)));
    each.collect::<serde_json::Map<String, Value>>().into()
}

fn cohort(label: u32) -> String {
    date(Week(i64::from(label)))
}

fn date(week: Week) -> String {
    week.begins().date().to_string()
}

/// A share, or what is said instead of it.
fn share(shown: Shown) -> Value {
    match shown {
        Shown::Exact(part) => json!({ "count": part.count, "of": part.of, "share": shown.share() }),
        Shown::Few { of } => json!({ "of": of, "shown": "few" }),
        Shown::NearlyAll { of } => json!({ "of": of, "shown": "nearly_all" }),
        Shown::Withheld => json!({ "shown": "withheld" }),
    }
}
