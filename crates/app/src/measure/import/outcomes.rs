//! Outcomes from a file or from pasted rows: `unit`, `period`, and `value`, or `numerator` and `denominator`.

use std::collections::BTreeMap;

use traction_domain::id::UnitId;
use traction_domain::measure::outcome::{Outcome, measured};
use traction_domain::org::slug::Slug;
use traction_domain::org::who::Who;
use traction_stats::panel::{Kind, Period};

use crate::measure::import::report::Report;
use crate::measure::import::sheet::{File, Line, Sheet, SheetRefused};
use crate::measure::import::store::{self, KnownUnit};
use crate::measure::outcome::store::Taken;
use crate::measure::outcome::verbs::{self, Mode};
use crate::offer::metric::store::Metric;
use crate::trouble::Trouble;
use crate::world::World;

/// Takes the file in: what is new is kept, what is different is kept as a correction.
pub async fn run(
    world: &World,
    who: &Who,
    file: &File,
    metric: &Metric,
    mode: Mode,
) -> Result<Report, Trouble> {
    let sheet = Sheet::read(file, &["unit", "period"])?;
    let has_parts = sheet.has("numerator") && sheet.has("denominator");
    if !sheet.has("value") && !has_parts {
        return Err(file
            .refused("there is no column `value`, nor `numerator` and `denominator`; add what was measured")
            .into());
    }
    let units = store::units(world.store().read()).await?;
    let rows = read(&sheet, &units)?;
    let taken = Taken { kind: "outcomes", sha256: &file.sha256(), n_rows: sheet.n_rows() };
    let recorded = verbs::take(world, who, metric.id, taken, &rows, mode).await?;
    Ok(Report {
        kind: "outcomes",
        n_rows: sheet.n_rows(),
        changed: vec![("new", recorded.n_new), ("corrected", recorded.n_corrected)],
        n_unchanged: recorded.n_unchanged,
        passed_over: vec![],
        mode,
    })
}

fn read(sheet: &Sheet, units: &BTreeMap<String, KnownUnit>) -> Result<Vec<(UnitId, Outcome)>, SheetRefused> {
    let mut first_kind: Option<(Kind, u64)> = None;
    let mut seen = BTreeMap::new();
    let mut rows = Vec::with_capacity(sheet.n_rows());
    for line in sheet.lines() {
        let label = line.some_text("unit", "name the unit on every row")?;
        let unit = unit_of(units, label).ok_or_else(|| {
            line.bad("unit", format!("there is no unit `{label}`; import units first, or correct the name"))
        })?;
        let written = line.some_text("period", "give a year, a year-month or a date")?;
        let period: Period = written
            .parse()
            .map_err(|refused| line.bad("period", format!("`{written}` cannot be read; {refused}")))?;
        let (kind, first) = *first_kind.get_or_insert((period.kind(), line.place()));
        if period.kind() != kind {
            return Err(line.bad("period", format!("`{period}` is not of one kind with line {first}, which has {kind}; write all periods alike")));
        }
        if let Some(first) = seen.insert((unit, period), line.place()) {
            return Err(line.bad(
                "period",
                format!("`{label}` has a row for {period} already on line {first}; keep one of them"),
            ));
        }
        rows.push((unit, Outcome { period, measured: cells(line)? }));
    }
    Ok(rows)
}

fn cells(line: Line<'_>) -> Result<traction_domain::measure::outcome::Measured, SheetRefused> {
    let [value, numerator, denominator] =
        ["value", "numerator", "denominator"].map(|column| line.maybe_number(column));
    let (value, numerator, denominator) = (value?, numerator?, denominator?);
    let column = if numerator.is_some() { "denominator" } else { "value" };
    measured(value, numerator, denominator).map_err(|refused| line.bad(column, refused))
}

/// The unit of a label: its short name, or what the label would be as one.
pub fn unit_of(units: &BTreeMap<String, KnownUnit>, label: &str) -> Option<UnitId> {
    let suggested = || Slug::suggested(label).and_then(|slug| units.get(slug.as_str()));
    units.get(label).or_else(suggested).map(|unit| unit.id)
}
