//! Outcomes from a file: `unit`, `period`, and `value`, or `numerator` and `denominator`, or whichever columns are said
//! to be these.

use std::collections::BTreeMap;

use traction_domain::id::UnitId;
use traction_domain::measure::outcome::calendar::Calendar;
use traction_domain::measure::outcome::columns::{Matching, Part};
use traction_domain::org::slug::Slug;
use traction_domain::org::who::Who;

use crate::measure::import::report::Report;
use crate::measure::import::sheet::{File, Sheet};
use crate::measure::import::store::KnownUnit;
use crate::measure::outcome::intake::{self, Wish};
use crate::measure::outcome::verbs::Mode;
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
    run_with(world, who, file, metric, (&[], None), mode).await
}

/// As [`run`], with other columns for some parts, and the calendar by which the metric is kept from now on.
pub async fn run_with(
    world: &World,
    who: &Who,
    file: &File,
    metric: &Metric,
    (columns, calendar): (&[(Part, &str)], Option<Calendar>),
    mode: Mode,
) -> Result<Report, Trouble> {
    let named = |part: Part| columns.iter().find(|(other, _)| *other == part).map(|(_, name)| *name);
    let must = [Part::Unit, Part::Period].map(|part| named(part).unwrap_or(part.word()));
    let required: Vec<&str> = must.into_iter().chain(columns.iter().map(|(_, name)| *name)).collect();
    let sheet = Sheet::read_there(file, &required, &world.settings().zone)?;
    let header = sheet.table().header;
    let mut matching = Matching::by_word(header);
    for (part, name) in columns {
        matching.set(*part, header.iter().position(|other| other == name));
    }
    let wish = Wish { matching: Some(matching), calendar, ..Wish::default() };
    intake::columns(&sheet, &wish).map_err(|refused| file.refused(refused))?;
    intake::take(world, who, metric, (&sheet, &file.sha256()), &wish, mode).await
}

/// The unit of a label: its short name, or what the label would be as one.
pub fn unit_of(units: &BTreeMap<String, KnownUnit>, label: &str) -> Option<UnitId> {
    let suggested = || Slug::suggested(label).and_then(|slug| units.get(slug.as_str()));
    units.get(label).or_else(suggested).map(|unit| unit.id)
}
