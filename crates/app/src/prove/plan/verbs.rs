//! Planning the roll-out of a change: its waves, who contends for them, and what their outcomes were.

use std::collections::BTreeMap;

use traction_domain::measure::panel::{self as panels, Observed};
use traction_domain::org::who::Who;
use traction_domain::prove::plan::{
    self as rules, Asked, LawOf, Measure, Plan, PlanRefused, Playing, ReadWith,
};
use traction_domain::time::Moment;
use traction_stats::panel::{Panel, Unbalanced};
use traction_stats::power::simulation::history::Past;
use traction_stats::power::{Share, Variance};
use traction_stats::uncertainty::Level;

use super::cap::Under;
use super::contenders::contenders;
use super::schedule::{Announced, BY_ITSELF, schedule};
use crate::measure::outcome;
use crate::measure::outcome::store::Outcome;
use crate::offer::change::store::Change;
use crate::offer::change::verbs::must_run;
use crate::offer::{metric, wave};
use crate::prove::evidence;
use crate::trouble::{Broken, Trouble};
use crate::world::World;

/// Unit-periods that can be played often in the time somebody waits for a page.
const MANY_CELLS: usize = 4_000;
/// Beyond this many, a page does not play at all.
const TOO_MANY_CELLS: usize = 40_000;

/// The share of the spread between units that is taken to last, where nothing is known of it.
pub const ASSUMED_ICC: f64 = 0.5;

/// How outcomes vary where nothing is known of it, in standard deviations.
const ASSUMED: Variance = Variance {
    lasting: ASSUMED_ICC,
    passing: 0.0,
    kept: 0.0,
    person: 0.0,
    own: 1.0 - ASSUMED_ICC,
    effect: 0.0,
    effect_with_level: 0.0,
};

/// What is thought of, instead of what is announced.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Slots: one number for every wave, or one for each; none: as announced.
    pub slots: Vec<usize>,
    /// How many waves, as far apart as each other.
    pub n_waves: Option<usize>,
    /// Periods before the first wave.
    pub n_before: Option<usize>,
    /// Periods between waves.
    pub n_between: Option<usize>,
    /// The smallest effect worth having.
    pub worth: Option<f64>,
    /// How much of the truth intervals are to hold.
    pub level: Level,
    /// By which law the formula's test judges.
    pub law: LawOf,
    /// How often an effect is to be found.
    pub power: Share,
    /// What a played roll-out is read with.
    pub read_with: ReadWith,
    /// Whether to play it; with as many units and periods as a page cannot wait for, less often or not at all.
    pub playing: Playing,
}

/// Where the variance comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum VarianceOf {
    /// From the contenders' own past.
    Past {
        /// Units seen.
        n_units: usize,
        /// Periods.
        n_periods: usize,
    },
    /// It was given.
    Given,
    /// Nothing is known: half of the spread between units is taken to last.
    Assumed,
}

/// A plan, with what it rests on.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// How outcomes vary.
    pub variance: Variance,
    /// Where that comes from.
    pub variance_of: VarianceOf,
    /// How many people a unit's outcome is the mean of.
    pub n_people: f64,
    /// What effects are measured in.
    pub measure: Measure,
    /// What was taken for granted, in sentences.
    pub notes: Vec<String>,
}

/// What a roll-out is planned with: all that was found out about it, before any of it is computed.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What is asked.
    pub asked: Asked,
    variance_of: VarianceOf,
    measure: Measure,
    notes: Vec<String>,
}

impl Prepared {
    /// What is asked of units that are in no database.
    pub fn of_units(asked: Asked, variance_of: VarianceOf, measure: Measure) -> Prepared {
        Prepared { asked, variance_of, measure, notes: Vec::new() }
    }

    /// The same without playing.
    pub fn by_formula(&self) -> Prepared {
        let mut formula = self.clone();
        formula.asked.playing = Playing::Not;
        formula
    }

    /// Plans it: it takes as long as playing does.
    pub fn plan(self) -> Result<Planned, PlanRefused> {
        Ok(Planned {
            plan: rules::plan(&self.asked)?,
            variance: self.asked.variance,
            variance_of: self.variance_of,
            n_people: self.asked.n_people,
            measure: self.measure,
            notes: self.notes,
        })
    }
}

/// What the roll-out of a change is planned with, as it is announced, or as `wish` has it instead.
pub async fn of_change(
    world: &World,
    who: &Who,
    change: &Change,
    wish: &Wish,
) -> Result<Result<Prepared, PlanRefused>, Trouble> {
    must_run(who, change, "plan its roll-out")?;
    let sql = world.store().read();
    let metric = metric::store::one(sql, change.metric).await?.ok_or(Trouble::NotFound { what: "metric" })?;
    let mut waves = wave::store::of_change(sql, change.id).await?;
    waves.retain(|wave| wave.cancelled.is_none());
    let contenders = contenders(world, change, &waves).await?;
    let outcomes = outcome::store::panel(sql, metric.id, None).await?;
    let begins = evidence::store::begins(sql, change.id).await?;
    let wish = Wish { worth: wish.worth.or(Some(change.worth).filter(|worth| *worth > 0.0)), ..wish.clone() };
    let named = Some(metric.unit_of_measure).filter(|measure| !measure.is_empty());
    let measure = named.map_or(Measure::Unnamed, Measure::Named);
    let under = Under { parents: contenders.parents, cap: contenders.cap };
    let mut waves = Announced { waves, n_protected: contenders.n_protected };
    // They are planned in the order in which they start, which need not be that of their numbers.
    waves.waves.sort_by_key(|wave| (wave.starts_at, wave.n));
    tokio::task::spawn_blocking(move || {
        prepared(&waves, (contenders.order, &under), &outcomes, &begins, measure, &wish)
    })
    .await
    .map_err(|why| Broken::accident("preparing a plan", why))?
}

fn prepared(
    announced: &Announced,
    (mut order, under): (BTreeMap<String, (u32, u32)>, &Under),
    outcomes: &[Outcome],
    begins: &BTreeMap<String, Moment>,
    measure: Measure,
    wish: &Wish,
) -> Result<Result<Prepared, PlanRefused>, Trouble> {
    let mut notes = Vec::new();
    if order.is_empty() {
        order = outcomes.iter().map(|outcome| (outcome.slug.to_string(), (1, 0))).collect();
        notes.push(format!(
            "Nobody contends yet, so all {} units with outcomes are taken to, as equals.",
            order.len()
        ));
    }
    let panel = past_panel(&order, outcomes, begins)?;
    let past = panel.as_ref().map(Past::of);
    let known = past.as_ref().and_then(|past| past.variance().ok());
    let (variance, variance_of, measure) = match (known, &past) {
        (Some(variance), Some(past)) => {
            let (n_units, n_periods) = (past.n_units(), past.n_periods());
            (variance, VarianceOf::Past { n_units, n_periods }, measure)
        }
        _ => (ASSUMED, VarianceOf::Assumed, Measure::Deviations),
    };
    let is_known = variance_of != VarianceOf::Assumed;
    let past = past.filter(|_| is_known);
    let known = panel.as_ref().filter(|_| is_known);
    let contends = |unit: &str| order.get_key_value(unit).map(|(unit, place)| (unit.as_str(), *place));
    let (names, rows): (Vec<&str>, Vec<(u32, u32)>) = match known {
        Some(panel) => panel.units().iter().filter_map(contends).unzip(),
        None => order.iter().map(|(unit, place)| (unit.as_str(), *place)).unzip(),
    };
    let cap = under.of(&names);
    notes.extend(under.not_played(cap.as_ref()));
    if is_known && rows.len() < order.len() {
        let n = order.len() - rows.len();
        notes.push(match n {
            1 => "One contender has no outcomes yet and is left out.".to_owned(),
            n => format!("{n} contenders have no outcomes yet and are left out."),
        });
    }
    let days = past.is_some().then(|| days(outcomes)).flatten();
    if days.is_none() && announced.waves.len() > 1 {
        notes.push(format!("Without outcomes there is no length of a period: waves are taken to be {BY_ITSELF} periods apart."));
    }
    let n_past = past.as_ref().map_or(0, Past::n_periods);
    let (slots, timing) = match schedule(announced, days, n_past, wish) {
        Ok(schedule) => schedule,
        Err(refused) => return Ok(Err(refused)),
    };
    let playing = match wish.playing {
        Playing::Not => Playing::Not,
        Playing::Times { n, seed } => playing(rows.len() * timing.n_periods, n, seed),
    };
    let worth = wish.worth.filter(|_| is_known);
    let asked = Asked {
        order: rows,
        cap,
        slots,
        timing,
        variance,
        n_people: 1.0,
        past,
        worth,
        level: wish.level,
        law: wish.law,
        power: wish.power,
        playing,
        read_with: wish.read_with,
    };
    if announced.waves.len() > 1 {
        notes.push(
            "Whoever contends in any wave is taken to contend in all of them until it has a slot.".to_owned(),
        );
    }
    Ok(Ok(Prepared { asked, variance_of, measure, notes }))
}

/// The panel of the contenders; `None` where they have no outcomes.
fn past_panel(
    order: &BTreeMap<String, (u32, u32)>,
    outcomes: &[Outcome],
    begins: &BTreeMap<String, Moment>,
) -> Result<Option<Panel>, Trouble> {
    let observed: Vec<Observed<'_>> = outcomes
        .iter()
        .filter(|outcome| order.contains_key(outcome.slug.as_str()))
        .map(|outcome| Observed { unit: outcome.slug.as_str(), period: outcome.period, value: outcome.value })
        .collect();
    if observed.is_empty() {
        return Ok(None);
    }
    let begins = begins.iter().map(|(unit, begins)| (unit.as_str(), *begins)).collect();
    Ok(Some(panels::panel(&observed, &begins, Unbalanced::Keep)?))
}

fn days(outcomes: &[Outcome]) -> Option<f64> {
    let mut periods: Vec<_> = outcomes.iter().map(|outcome| outcome.period).collect();
    periods.sort_unstable();
    periods.dedup();
    rules::days_per_period(&periods)
}

/// As often as somebody can wait for.
fn playing(n_cells: usize, n: usize, seed: u64) -> Playing {
    match n_cells {
        cells if cells > TOO_MANY_CELLS => Playing::Not,
        cells if cells > MANY_CELLS => {
            Playing::Times { n: (n * MANY_CELLS / cells).max(rules::FEWEST_PLAYS.min(n)), seed }
        }
        _ => Playing::Times { n, seed },
    }
}
