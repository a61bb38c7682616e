//! What would somebody get, and why? A page for administrators, answered by the same function as the door.

pub mod guide;

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::RawQuery;
use maud::{Markup, html};
use traction_domain::grant::access::{Answer as Evaluated, Context, Known};
use traction_domain::grant::slot::Asked as SlotAsked;
use traction_domain::id::{SlotId, WaveId};
use traction_domain::refusal::Refusal;
use traction_domain::time::Moment;

use crate::contend::draw;
use crate::grant::access::board::Face;
use crate::grant::access::why::Grounds;
use crate::grant::slot;
use crate::grant::slot::store::Slot;
use crate::offer::change;
use crate::org::unit;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::filled::EntryRefused;
use crate::web::{Answer, Filled, Form, Page, View, again, counted, when};

/// `GET /access?who=…&unit=…&at=…`
pub async fn show(view: View, RawQuery(query): RawQuery) -> Answer {
    view.signed_in()?.must_administer("ask what somebody would get")?;
    let filled = Filled::read(query.unwrap_or_default().as_bytes());
    match wish(&view, &filled) {
        Ok(None) => page(&view, &filled, None, None),
        Ok(Some((who, unit, at))) => {
            let face = view.world.access().face();
            let context = Context { targeting_key: &who, unit: unit.as_deref() };
            let asked = asked(&view, &face, &context, at).await?;
            page(&view, &filled, Some(&asked), None)
        }
        Err(refused) => again(page(&view, &filled, None, Some(&refused))),
    }
}

type Wish = (String, Option<String>, Moment);

fn wish(view: &View, filled: &Filled) -> Result<Option<Wish>, EntryRefused> {
    let (who, unit) = (filled.text("who").trim().to_owned(), filled.text("unit").trim().to_owned());
    if who.is_empty() && unit.is_empty() {
        return Ok(None);
    }
    let at = match filled.text("at").trim() {
        "" => view.now,
        _ => filled.moment("at", view.zone())?,
    };
    Ok(Some((who, Some(unit).filter(|unit| !unit.is_empty()), at)))
}

/// What came of asking.
struct Asked {
    /// Whom it is about: the person, the unit, or both.
    about: String,
    /// What the attribute `unit` said, which then decides alone.
    by_unit: Option<String>,
    at: Moment,
    known: Known,
    units: Vec<String>,
    rows: Vec<Row>,
}

/// One change, and what is said of it.
struct Row {
    change: String,
    change_name: String,
    key: String,
    is_on: bool,
    reason: &'static str,
    why: String,
}

/// Those of the slots that were asked for and that no draw gave.
async fn moved_up(view: &View, slots: &[Slot]) -> Result<BTreeSet<SlotId>, Trouble> {
    let mut moved_up = BTreeSet::new();
    let waves: BTreeSet<WaveId> = slots.iter().filter_map(|slot| slot.wave).collect();
    for wave in waves {
        let Some(drawn) = draw::store::drawn(view.world.store().read(), wave).await? else { continue };
        let is_won = |slot: &&Slot| drawn.record.granted.iter().any(|slug| slug == slot.unit_slug.as_str());
        let of_wave = slots.iter().filter(|slot| slot.wave == Some(wave) && slot.asked == SlotAsked::Pull);
        moved_up.extend(of_wave.filter(|slot| !is_won(slot)).map(|slot| slot.id));
    }
    Ok(moved_up)
}

async fn asked(view: &View, face: &Face, context: &Context<'_>, at: Moment) -> Result<Asked, Trouble> {
    let sql = view.world.store().read();
    let subject = face.snapshot.subject(context);
    let (mut units, mut slots) = (Vec::new(), Vec::new());
    for slug in subject.unit_slugs() {
        let unit = unit::verbs::find(sql, slug).await?;
        slots.extend(slot::store::of_unit(sql, unit.id).await?);
        units.push(unit.name);
    }
    let names: BTreeMap<String, String> =
        change::store::all(sql).await?.into_iter().map(|c| (c.slug.to_string(), c.name)).collect();
    let moved_up = moved_up(view, &slots).await?;
    let (known, zone) = (subject.known(), view.zone());
    let grounds = Grounds { known, units: &units, slots: &slots, moved_up: &moved_up, at, zone };
    let row = |answer: Evaluated<'_>| Row {
        change: answer.flag.change.to_string(),
        change_name: names.get(&*answer.flag.change).cloned().unwrap_or_default(),
        key: answer.flag.key.to_string(),
        is_on: answer.is_on(),
        reason: answer.reason.word(),
        why: grounds.why(&answer),
    };
    let rows = face.snapshot.evaluate_all(context, at).map(row).collect();
    let about = match (context.targeting_key, context.unit) {
        ("", Some(unit)) => unit.to_owned(),
        (who, Some(unit)) => format!("{who} in unit {unit}"),
        (who, None) => who.to_owned(),
    };
    let by_unit = context.unit.map(str::to_owned);
    Ok(Asked { about, by_unit, at, known: subject.known(), units, rows })
}

fn page(view: &View, filled: &Filled, asked: Option<&Asked>, refused: Option<&dyn Refusal>) -> Answer {
    let form = Form::new(filled, refused);
    let answer = match asked {
        None => html! { "Ask what a person or a unit would get from the real system, and why." },
        Some(asked) => {
            let n_on = asked.rows.iter().filter(|row| row.is_on).count();
            html! { (asked.about) " gets " (n_on) " of " (counted(asked.rows.len(), "solution", "solutions")) " " @if asked.at == view.now { "now" } @else { "on " (when::exact(asked.at, view.zone())) } "." }
        }
    };
    Ok(Page::new(Stage::Grant, "Who gets what, and why?", answer)
        .crumb("/slots", "Slots")
        .action(html! {
            form.row method="get" action="/access" {
                (form.notice())
                (form.line("who", "Who?", ""))
                (form.line("unit", "In which unit?", ""))
                (form.input("datetime-local", "at", "When?", "", None))
                button.button { "Ask" }
            }
            p.help { "Who: a person’s external id, or a unit’s short name. In which unit: only where the real system sends the attribute " code { "unit" } ". When: now, if left empty." }
        })
        .body(html! {
            @match asked {
                Some(asked) => { (table(view, asked)) }
                None => { p.empty { "The answer comes from the same place as the real system’s: who belongs to which unit, which unit holds a slot at that moment, and whether the change runs." } }
            }
            p.meta { a href="/access/guide" { "How the real system asks" } " · " a href="/tokens" { "The tokens by which it may" } }
        })
        .show(view))
}

fn table(view: &View, asked: &Asked) -> Markup {
    html! {
        p { @match (asked.known, &asked.by_unit) {
            (Known::Nobody, Some(unit)) => { "No unit is known as " code { (unit) } ". Where the real system sends the attribute " code { "unit" } ", that alone decides, so everything is off. Check the unit’s short name." }
            (Known::Nobody, None) => { "Nobody and no unit is known as " code { (asked.about) } ", so everything is off. Check the external id on the person’s page, or the unit’s short name." }
            (Known::Unit, Some(unit)) => { "A unit is known as " code { (unit) } ": " (asked.units.join(", ")) ". Its attribute decides alone." }
            (Known::Unit, None) => { "A unit is known as " code { (asked.about) } ": " (asked.units.join(", ")) "." }
            (Known::Person, _) => { "A person is known as " code { (asked.about) } @if asked.units.is_empty() { ", who belongs to no unit." } @else { ", who belongs to " (asked.units.join(" and ")) "." } }
        } }
        @if asked.rows.is_empty() { p.empty { "No change has been opened yet, so there is no flag to ask for." } }
        @else {
            table.list.folds {
                thead { tr { th { "Change" } th { "Answer" } th { "Why" } } }
                tbody { @for row in &asked.rows { tr {
                    td { a href={ "/changes/" (row.change) } { (row.change_name) } p.meta { "flag " code { (row.key) } } }
                    td data-th="Answer" { span.pill.pull[row.is_on] { @if row.is_on { "on" } @else { "off" } } }
                    td data-th="Why" { (row.why) p.meta { code { (row.reason) } } }
                } } }
            }
            @if asked.at != view.now {
                p.meta { "Slots are looked at as they are at that moment; who belongs where, and which change is paused, as it is now." }
            }
        }
    }
}
