//! A plan for programs: `traction.plan/1`.

use serde_json::{Value, json};
use traction_domain::prove::plan::{
    self as rules, Both, ByShape, Detects, Instead, Measure, PlanRefused, Played, PlayedShape, PlayedWith,
    ReadWith,
};
use traction_stats::power::stepped_wedge::Planned as Enough;
use traction_stats::uncertainty::Law;

use super::verbs::{Planned, VarianceOf};

/// The plan at full precision.
pub fn of(planned: &Planned) -> Value {
    let (plan, variance) = (&planned.plan, &planned.variance);
    let waves = &plan.waves;
    let unit = match &planned.measure {
        Measure::Named(unit) => json!(unit),
        Measure::Unnamed => Value::Null,
        Measure::Deviations => json!("standard deviations"),
    };
    without_null(json!({
        "schema": "traction.plan/1",
        "traction": env!("CARGO_PKG_VERSION"),
        "says": rules::says(plan, &planned.measure),
        "buys": rules::buys(plan, &planned.measure),
        "design": {
            "units": waves.n_units, "slots": waves.slots, "waves": waves.slots.len(),
            "starts": waves.timing.starts, "periods": waves.timing.n_periods,
            "never": waves.starts().iter().filter(|wave| wave.is_none()).count(),
        },
        "left_over": plan.left_over.map(|left| json!({
            "slots": left.n_slots, "units": left.n_units, "waves_asked": left.n_asked, "waves": left.n_waves,
        })),
        "outcome": {
            "unit": unit,
            "variance_from": match planned.variance_of {
                VarianceOf::Past { .. } => "past", VarianceOf::Given => "given", VarianceOf::Assumed => "assumed",
            },
            "past": match planned.variance_of {
                VarianceOf::Past { n_units, n_periods } => json!({ "units": n_units, "periods": n_periods }),
                _ => Value::Null,
            },
            "lasting": variance.lasting, "passing": variance.passing, "kept": variance.kept,
            "person": variance.person, "own": variance.own, "people": planned.n_people,
        },
        "test": {
            "level": plan.test.level.share(), "power": plan.power.share(),
            "law": match plan.test.law { Law::Normal => "normal", Law::Student { .. } => "student" },
            "df": match plan.test.law { Law::Normal => Value::Null, Law::Student { df } => json!(df) },
        },
        "worth": plan.worth,
        "formula": both(&plan.formula),
        "played": plan.played.as_ref().map(played),
        "one_more_slot": plan.one_more_slot.as_ref().map(both),
        "one_more_wave": plan.one_more_wave.as_ref().map(both),
        "needed": plan.needed.map(|needed| json!({ "slots": enough(needed.slots), "waves": enough(needed.waves) })),
        "priority": {
            "information": plan.priority.information, "as_lottery": plan.priority.as_lottery,
            "cost": plan.priority.cost(),
            "without_cap": plan.priority.without_cap, "cost_of_cap": plan.priority.cost_of_cap(),
        },
        "curve": plan.curve.iter().map(|point| json!({
            "effect": point.effect, "constant": point.power.constant, "growing": point.power.growing,
        })).collect::<Vec<_>>(),
        "by_slots": plan.by_slots.iter().map(|by| json!({
            "slots": by.n_slots, "constant": by.smallest.constant, "growing": by.smallest.growing.flatten(),
        })).collect::<Vec<_>>(),
        "notes": planned.notes,
    }))
}

/// The answer "no": what would have to be otherwise.
pub fn no(refused: &PlanRefused) -> Value {
    json!({ "schema": "traction.plan/1", "traction": env!("CARGO_PKG_VERSION"), "refused": true,
            "says": crate::web::layout::sentence(&refused.to_string()) })
}

fn both(found: &Both<Detects>) -> Value {
    json!({ "constant": detects(&found.constant), "growing": found.growing.as_ref().map(detects) })
}

fn detects(found: &Detects) -> Value {
    json!({ "se": found.se, "smallest_effect": found.smallest, "power_for_worth": found.for_worth })
}

fn enough(planned: Option<Enough>) -> Value {
    planned.map_or(Value::Null, |planned| json!({ "n": planned.n, "power": planned.power }))
}

/// The estimator as `--method` of `traction prove` names it.
fn estimator(read_with: ReadWith) -> &'static str {
    match read_with {
        ReadWith::RiskSet => "risk-set",
        ReadWith::GroupTime | ReadWith::Auto => "group-time",
    }
}

fn played(played: &Played) -> Value {
    let shape = |shape: &PlayedShape| {
        json!({
            "smallest_effect": shape.effect(),
            "smallest_effect_error": shape.smallest.as_ref().map(|smallest| smallest.error),
            "power_for_worth": shape.for_worth.map(|point| point.power),
            "power_for_worth_error": shape.for_worth.map(|point| point.error),
            "points": shape.points.iter().map(|point| json!({
                "effect": point.effect, "power": point.power, "error": point.error, "mean": point.mean,
                "silent": point.silent,
            })).collect::<Vec<_>>(),
        })
    };
    let lottery = played.as_lottery.as_ref();
    json!({
        "times": played.n, "seed": played.seed, "estimator": estimator(played.read_with),
        "with": match played.with { PlayedWith::Past => "past", PlayedWith::Variance => "variance" },
        "constant": shape(&played.as_planned.constant), "growing": shape(&played.as_planned.growing),
        "fading": shape(&played.as_planned.fading),
        "grows_over": played.n_changes, "fades_over": played.n_changes,
        "one_more_slot": played.one_more_slot.as_ref().map(instead),
        "one_more_wave": played.one_more_wave.as_ref().map(instead),
        "lottery": lottery.map(instead),
        "priority_cost": lottery.and_then(|lottery| lottery.share_of_information_lost(&played.as_planned)),
    })
}

/// What another schedule finds, by the same chance.
fn instead(instead: &ByShape<Instead>) -> Value {
    let one = |instead: &Instead| {
        json!({
            "smallest_effect": instead.smallest.as_ref().map(|smallest| smallest.effect),
            "smallest_effect_error": instead.smallest.as_ref().map(|smallest| smallest.error),
            "less": instead.gain.map(|(gain, _)| gain),
            "less_error": instead.gain.map(|(_, error)| error),
        })
    };
    json!({ "constant": one(&instead.constant), "growing": one(&instead.growing), "fading": one(&instead.fading) })
}

/// Absent means not applicable, at every depth.
fn without_null(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name, without_null(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(without_null).collect()),
        other => other,
    }
}
