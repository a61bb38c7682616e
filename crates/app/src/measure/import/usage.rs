//! Usage from a file: `at`, `event`, and `person` or `unit`; if there `value` and `id`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use traction_domain::measure::usage::{self as rules, Sent};
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::measure::import::report::{Report, finish};
use crate::measure::import::sheet::{File, Line, Sheet, SheetRefused};
use crate::measure::import::store;
use crate::measure::outcome::verbs::Mode;
use crate::measure::usage::verbs::{self, UsageWish};
use crate::offer::change::store::Change;
use crate::trouble::Trouble;
use crate::world::World;

/// Where events of files come from.
const SOURCE: &str = "import";

/// Takes the file in; events that are known by their id change nothing. All belong to `change` where one is given.
pub async fn run(
    world: &World,
    who: &Who,
    file: &File,
    change: Option<&Change>,
    mode: Mode,
) -> Result<Report, Trouble> {
    who.must_lead_changes("import usage")?;
    let sheet = Sheet::read(file, &["at", "event"])?;
    if !sheet.has("person") && !sheet.has("unit") {
        return Err(file.refused("there is no column `person`, nor `unit`; one of them must say who").into());
    }
    let now = world.now();
    let units = store::units(world.store().read()).await?;
    let mut repeats = BTreeMap::new();
    let mut wishes = Vec::with_capacity(sheet.n_rows());
    for line in sheet.lines() {
        let wish = read(line, now, &mut repeats)?;
        if let Some(slug) = &wish.unit
            && !units.contains_key(slug)
        {
            return Err(line
                .bad("unit", format!("there is no unit `{slug}`; import units first, or correct the name"))
                .into());
        }
        wishes.push(wish);
    }
    let key = verbs::subject_key(world).await?;
    let tx = world.store().begin().await?;
    let n_new = verbs::record(&tx, &key, SOURCE, now, wishes, change.map(|change| change.id)).await?;
    let n_new = usize::try_from(n_new).unwrap_or(usize::MAX);
    let n_unchanged = sheet.n_rows().saturating_sub(n_new);
    let report =
        Report { kind: "usage", n_rows: sheet.n_rows(), changed: vec![("events", n_new)], n_unchanged, mode };
    Ok(finish(world, who, tx, file, &sheet, report).await?)
}

fn read(
    line: Line<'_>,
    now: Moment,
    repeats: &mut BTreeMap<String, usize>,
) -> Result<UsageWish, SheetRefused> {
    let written = line.some_text("at", "give a time like 2026-11-22T09:30:00Z")?;
    let occurred = moment(written).ok_or_else(|| {
        line.bad("at", format!("`{written}` is not a time; write it like 2026-11-22T09:30:00Z"))
    })?;
    if occurred > now {
        return Err(line.bad("at", format!("`{written}` is still to come; usage lies in the past")));
    }
    let (person, unit) = (line.maybe_text("person"), line.maybe_text("unit"));
    let event = line.some_text("event", "say what was done")?;
    let value = line.maybe_number("value")?;
    let id = match line.maybe_text("id") {
        Some(id) => id.to_owned(),
        None => {
            let row = format!("{person:?} {unit:?} {occurred} {event} {value:?}");
            let n = repeats.entry(row.clone()).and_modify(|n| *n += 1).or_insert(1);
            hex::encode(Sha256::digest(format!("{row} {n}")))
        }
    };
    let sent = Sent { id: &id, event, person, unit, value };
    rules::check(&sent)
        .map_err(|refused| line.bad(if person.is_some() { "id" } else { "person" }, refused))?;
    let own = str::to_owned;
    Ok(UsageWish {
        id: id.clone(),
        event: own(event),
        person: person.map(own),
        unit: unit.map(own),
        change: None,
        value,
        occurred,
    })
}

/// A moment, or the first one of a date in UTC.
pub fn moment(written: &str) -> Option<Moment> {
    let of_date =
        |date: Date| date.to_zoned(TimeZone::UTC).ok().map(|at| Moment::from_timestamp(at.timestamp()));
    written.parse().ok().or_else(|| written.parse::<Date>().ok().and_then(of_date))
}
