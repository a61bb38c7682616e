//! Usage from a file: `at`, `event`, and `person` or `unit`; if there `value` and `id`. A file that `traction usage
//! export` wrote has `source`, `subject` and `change` besides.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use traction_domain::measure::usage::{self as rules, Sent};
use traction_domain::org::who::Who;
use traction_domain::time::Moment;
use traction_domain::words::Noun;

use crate::measure::import::report::{Report, finish};
use crate::measure::import::sheet::{File, Line, Sheet, SheetRefused};
use crate::measure::import::store;
use crate::measure::outcome::verbs::Mode;
use crate::measure::usage::letter::UsageWish;
use crate::measure::usage::made_id::{IdOf, MADE};
use crate::measure::usage::{retention, ties, verbs};
use crate::offer::change::store::Change;
use crate::trouble::Trouble;
use crate::world::World;

/// Where events of files come from.
const SOURCE: &str = "import";

/// Rows that may have been counted, and dropped since.
const DROPPED: Noun =
    Noun::of("row of days whose events were dropped", "rows of days whose events were dropped");

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
    if !["person", "subject", "unit"].iter().any(|column| sheet.has(column)) {
        return Err(file.refused("there is no column `person`, nor `unit`; one of them must say who").into());
    }
    // Whoever says from where events come, or whose they are, says so of a system or a person that knows nothing of it.
    let claimed = ["source", "subject", "change"].into_iter().find(|column| sheet.has(column));
    if let Some(column) = claimed.filter(|_| !who.is_administrator()) {
        let says =
            format!("only an administrator can take in a file with the column `{column}`; leave it out");
        return Err(file.refused(says).into());
    }
    let now = world.now();
    let sql = world.store().read();
    let units = store::units(sql).await?;
    let changes: BTreeSet<String> =
        ties::store::changes(sql).await?.into_iter().flat_map(|(_, slug, flag)| [slug, flag]).collect();
    let gone = retention::store::gone(sql).await?;
    let mut n_dropped = 0;
    let mut repeats = BTreeMap::new();
    let mut by_id: BTreeMap<(String, String), (u64, UsageWish)> = BTreeMap::new();
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
        if let Some(named) = wish.change.as_ref().filter(|named| !changes.contains(*named)) {
            return Err(line
                .bad("change", format!("there is no change `{named}`; open it first, or correct the name"))
                .into());
        }
        let source = line.maybe_text("source").unwrap_or(SOURCE).to_owned();
        // An id that is made here does not say yet who did it: two people who did the same have one until it is kept.
        if wish.id_of == IdOf::Sender {
            let first = by_id
                .entry((source.clone(), wish.id.clone()))
                .or_insert_with(|| (line.place(), wish.clone()));
            if first.1 != wish {
                let says = format!(
                    "line {} has `{}` already for something else; an id is of one event, so give each its own, or leave the column out",
                    first.0, wish.id
                );
                return Err(line.bad("id", says).into());
            }
        }
        // Whether it was counted before it was dropped, nobody can tell any more.
        match gone.get(&source) {
            Some(before) if wish.occurred < *before => n_dropped += 1,
            _ => wishes.push((source, wish)),
        }
    }
    let tx = world.store().begin().await?;
    let n_new = verbs::record(world, &tx, now, &wishes, change.map(|change| change.id)).await?;
    let n_new = usize::try_from(n_new).unwrap_or(usize::MAX);
    let n_unchanged = wishes.len().saturating_sub(n_new);
    let report = Report {
        kind: "usage",
        n_rows: sheet.n_rows(),
        changed: vec![("events", n_new)],
        n_unchanged,
        passed_over: (n_dropped > 0).then_some((DROPPED, n_dropped)).into_iter().collect(),
        mode,
    };
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
    let subject = line.maybe_text("subject");
    if person.is_some() && subject.is_some() {
        return Err(line.bad("subject", "there is a person already; leave one of the two empty"));
    }
    if let Some(subject) = subject.filter(|subject| !is_subject(subject)) {
        return Err(line.bad("subject", format!("`{subject}` is not a subject as an export writes it")));
    }
    let event = line.some_text("event", "say what was done")?;
    let value = line.maybe_number("value")?;
    let (id, id_of) = match line.maybe_text("id") {
        Some(id) => (id.to_owned(), IdOf::Sender),
        None => {
            // Who did it is in it only as his subject, which is not known yet: whoever holds the id could try names.
            let row = format!("{unit:?} {occurred} {event} {value:?}");
            let whose = format!("{row} {:?} {subject:?}", person.map(rules::one_writing));
            let n = repeats.entry(whose).and_modify(|n| *n += 1).or_insert(1);
            (format!("{MADE}{}", hex::encode(Sha256::digest(format!("{row} {n}")))), IdOf::Content)
        }
    };
    let sent = Sent { id: &id, event, person: person.or(subject), unit, value };
    rules::check(&sent)
        .map_err(|refused| line.bad(if person.is_some() { "id" } else { "person" }, refused))?;
    let own = str::to_owned;
    Ok(UsageWish {
        id: id.clone(),
        id_of,
        event: own(event),
        person: person.map(own),
        subject: subject.map(own),
        unit: unit.map(own),
        change: line.maybe_text("change").map(own),
        value,
        occurred,
        stamped: Some(occurred),
    })
}

/// Whether a text is a subject: a number in hexadecimal.
fn is_subject(text: &str) -> bool {
    (16..=64).contains(&text.len()) && text.chars().all(|letter| letter.is_ascii_hexdigit())
}

/// A moment, or the first one of a date in UTC.
pub fn moment(written: &str) -> Option<Moment> {
    let of_date =
        |date: Date| date.to_zoned(TimeZone::UTC).ok().map(|at| Moment::from_timestamp(at.timestamp()));
    // A date-time would be read as its date, and its time of day be lost.
    let is_date = written.chars().all(|letter| letter.is_ascii_digit() || letter == '-');
    written.parse().ok().or_else(|| written.parse::<Date>().ok().filter(|_| is_date).and_then(of_date))
}
