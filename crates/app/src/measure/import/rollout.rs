//! A whole roll-out from one table: units, a metric with its outcomes, the change, and since when each unit has it.

use std::collections::BTreeMap;

use traction_domain::grant::slot::{Asked, Span};
use traction_domain::id::{ChangeId, MetricId, UnitId};
use traction_domain::measure::outcome::{Measured, Outcome};
use traction_domain::measure::panel as rules;
use traction_domain::offer::change as change_rules;
use traction_domain::offer::goal as goal_rules;
use traction_domain::offer::metric::{self as metric_rules, Better};
use traction_domain::org::slug::Slug;
use traction_domain::org::unit as unit_rules;
use traction_domain::org::who::Who;
use traction_domain::words::Noun;
use traction_stats::panel::{self, Columns, Panel, Period, Unbalanced};

use crate::grant::slot;
use crate::grant::slot::store::Granting;
use crate::measure::import::report::{Report, finish};
use crate::measure::import::sheet::{File, Line, Sheet};
use crate::measure::import::store;
use crate::measure::outcome::store::Taken;
use crate::measure::outcome::verbs::{self, Mode};
use crate::offer::{change, goal, metric};
use crate::org::unit;
use crate::store::Tx;
use crate::trouble::Trouble;
use crate::world::World;

/// What the table's columns are, and what of the change it does not say.
#[derive(Clone, Debug)]
pub struct RolloutWish {
    /// The change's short name.
    pub change: Slug,
    /// Column of the units' labels.
    pub unit: String,
    /// Column of the periods.
    pub period: String,
    /// Column of the outcome; also the metric's name.
    pub outcome: String,
    /// Column of the first period with the solution.
    pub start: String,
    /// The smallest effect worth it, in the outcome's unit.
    pub worth: f64,
    /// Which way is better.
    pub better: Better,
}

/// Takes the table in. Where the change or the metric is there already, it goes on with it.
pub async fn run(
    world: &World,
    who: &Who,
    file: &File,
    wish: &RolloutWish,
    mode: Mode,
) -> Result<Report, Trouble> {
    who.must_administer("import a roll-out")?;
    let columns = Columns {
        unit: &wish.unit,
        period: &wish.period,
        outcome: &wish.outcome,
        start: &wish.start,
        ..Columns::default()
    };
    let panel =
        panel::read(&*file.bytes, &columns, Unbalanced::Keep).map_err(|refused| file.refused(refused))?;
    let sheet = Sheet::read(file, &[])?;
    let firsts = first_lines(&sheet, &wish.unit);
    let mut tx = world.store().begin().await?;
    let (units, n_units) = units(world, &mut tx, who, &panel, &firsts, &wish.unit).await?;
    let metric = metric_of(world, &mut tx, who, file, wish).await?;
    let (change, n_changes) = change_of(world, &mut tx, who, file, wish, metric, &panel).await?;
    let n_slots = slots(world, &mut tx, who, change, &firsts, wish).await?;
    let mut rows = Vec::with_capacity(panel.n_rows());
    for (row, unit) in units.iter().enumerate() {
        for (place, period) in panel.periods().iter().enumerate() {
            let measured = panel.outcome(row, place).map(Measured::Value);
            rows.extend(measured.map(|measured| (*unit, Outcome { period: *period, measured })));
        }
    }
    let taken = Taken { kind: "rollout", sha256: &file.sha256(), n_rows: sheet.n_rows() };
    let recorded = verbs::record(world, &mut tx, who, metric, taken, &rows).await?;
    let changed = vec![
        ("units", n_units),
        ("changes", n_changes),
        ("slots", n_slots),
        ("outcomes", recorded.n_new),
        ("outcomes corrected", recorded.n_corrected),
    ];
    let n_unchanged = recorded.n_unchanged;
    // Missing stays missing: such rows are no outcomes of 0, and a unit of which there are no others is not taken in.
    let passed_over = vec![
        (Noun::of("row without an outcome", "rows without an outcome"), panel.n_absent()),
        (Noun::of("unit without any outcome", "units without any outcome"), panel.n_unseen()),
    ];
    let report = Report { kind: "rollout", n_rows: sheet.n_rows(), changed, n_unchanged, passed_over, mode };
    Ok(finish(world, who, tx, file, &sheet, report).await?)
}

/// The first line of each unit, by its label.
fn first_lines<'a>(sheet: &'a Sheet, column: &str) -> BTreeMap<&'a str, Line<'a>> {
    let mut firsts = BTreeMap::new();
    for line in sheet.lines() {
        firsts.entry(line.text(column)).or_insert(line);
    }
    firsts
}

/// The units of the panel, in its order, added where they are new; and how many were.
async fn units(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    panel: &Panel,
    firsts: &BTreeMap<&str, Line<'_>>,
    column: &str,
) -> Result<(Vec<UnitId>, usize), Trouble> {
    let known = store::units(tx).await?;
    let mut labels: BTreeMap<Slug, &str> = BTreeMap::new();
    let (mut units, mut n_added) = (Vec::new(), 0);
    for label in panel.units().iter() {
        let Some(line) = firsts.get(label) else { continue };
        let slug = Slug::suggested(label).ok_or_else(|| {
            line.bad(column, format!("`{label}` has no letter or digit that a short name could be made of; name the unit otherwise"))
        })?;
        if let Some(other) = labels.insert(slug.clone(), label) {
            return Err(line
                .bad(
                    column,
                    format!(
                        "`{label}` and `{other}` would both be called {slug}; name one of them otherwise"
                    ),
                )
                .into());
        }
        if let Some(unit) = known.get(slug.as_str()) {
            units.push(unit.id);
            continue;
        }
        let proposed =
            unit_rules::propose(slug, label, None, None).map_err(|refused| line.bad(column, refused))?;
        units.push(unit::verbs::record(world, tx, who, &proposed, "{}").await?);
        n_added += 1;
    }
    Ok((units, n_added))
}

/// The metric called like the outcome's column.
async fn metric_of(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    file: &File,
    wish: &RolloutWish,
) -> Result<MetricId, Trouble> {
    let proposed = metric_rules::propose(&wish.outcome, &wish.outcome, wish.better)
        .map_err(|refused| file.refused(refused))?;
    match metric::store::by_slug(tx, proposed.slug.as_str()).await? {
        Some(metric) => Ok(metric.id),
        None => metric::verbs::record(world, tx, who, proposed).await,
    }
}

/// The change, opened where it is not there, with a goal: that the metric stays where it was last, on average.
async fn change_of(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    file: &File,
    wish: &RolloutWish,
    metric: MetricId,
    panel: &Panel,
) -> Result<(ChangeId, usize), Trouble> {
    let slug = &wish.change;
    if let Some(change) = change::store::by_slug(tx, slug.as_str()).await? {
        if change.metric != metric {
            let why = format!(
                "the change `{slug}` is judged by another metric than `{}`; choose its column with --outcome, or another --change",
                wish.outcome
            );
            return Err(file.refused(why).into());
        }
        return Ok((change.id, 0));
    }
    let last = panel.periods().len() - 1;
    let outcomes: Vec<f64> = (0..panel.units().len()).filter_map(|unit| panel.outcome(unit, last)).collect();
    let target = outcomes.iter().sum::<f64>() / outcomes.len() as f64;
    let title = format!("Keep {} where it was in {}", wish.outcome, panel.periods()[last]);
    let goal = goal_rules::propose(&title, metric, target, None).map_err(|refused| file.refused(refused))?;
    let goal = goal::verbs::record(world, tx, who, &goal).await?;
    let name = name_of(slug);
    let promise = format!("Moves {}. Taken over from a roll-out that was under way.", wish.outcome);
    let words = change_rules::ChangeWords { name: &name, promise: &promise, flag_key: slug.as_str() };
    let mut proposed = change_rules::propose(&words, None, goal, metric, wish.worth)?;
    proposed.slug = slug.clone();
    Ok((change::verbs::record(world, tx, who, &proposed).await?, 1))
}

/// `minimum-wage` as people write it: "Minimum wage".
fn name_of(slug: &Slug) -> String {
    let words = slug.as_str().replace(['-', '_', '.'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Gives every unit that starts its slot; how many are new.
async fn slots(
    world: &World,
    tx: &mut Tx,
    who: &Who,
    change: ChangeId,
    firsts: &BTreeMap<&str, Line<'_>>,
    wish: &RolloutWish,
) -> Result<usize, Trouble> {
    let known = store::slot_begins(tx, change).await?;
    let mut n_added = 0;
    let units = store::units(tx).await?;
    for (label, line) in firsts {
        let Ok(start) = line.text(&wish.start).parse::<Period>() else { continue };
        if start == Period::Number(0) {
            continue;
        }
        let begins = rules::begins(start).ok_or_else(|| {
            line.bad(
                &wish.start,
                format!("`{start}` is no year of the calendar; write years, year-months or dates"),
            )
        })?;
        let Some(unit) = Slug::suggested(label).and_then(|slug| units.get(slug.as_str())) else { continue };
        match known.get(&unit.id) {
            Some(earlier) if *earlier == begins => {}
            Some(earlier) => {
                let date = earlier.date();
                return Err(line.bad(&wish.start, format!("`{label}` has had its slot since {date}; a file cannot move it, so correct the file, or choose another --change")).into());
            }
            None => {
                let granting = Granting {
                    change,
                    wave: None,
                    unit: unit.id,
                    asked: Asked::Unknown,
                    probability: None,
                    time: Span { from: begins, until: None },
                };
                slot::verbs::record(world, tx, who, granting).await?;
                n_added += 1;
            }
        }
    }
    Ok(n_added)
}
