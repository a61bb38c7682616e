//! The pictures' page and files. With many units, those of one parent share a row until somebody looks into it.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use traction_domain::contend::policy::Policy;
use traction_domain::grant::slot::State;
use traction_domain::id::{UnitId, WaveId};

use crate::contend::{draw, policy};
use crate::grant::slot::calendar::{spread, time};
use crate::grant::slot::store::{self, Slot};
use crate::offer::change::store::Change;
use crate::offer::wave::store::Wave;
use crate::offer::{change, wave};
use crate::org::unit;
use crate::org::unit::store::Unit;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::charts::{Chart, Downloads};
use crate::web::{Answer, Failure, InAddress, Page, Path, View, counted};

/// Rows that a reader takes in at once; with more, units of one parent share a row.
const MOST_ROWS: usize = 60;

/// What the pictures are drawn from.
pub(super) struct Ground {
    pub(super) change: Change,
    pub(super) slots: Vec<Slot>,
    pub(super) waves: Vec<Wave>,
    pub(super) units: BTreeMap<UnitId, Unit>,
    /// The units that have none below them, or have a slot themselves.
    pub(super) front: BTreeSet<UnitId>,
    /// The layer in which each unit stood on the list of a wave.
    pub(super) layers: BTreeMap<(WaveId, UnitId), u32>,
    /// How each wave chose.
    pub(super) policies: BTreeMap<WaveId, Policy>,
    /// The short name of the parent that is looked into.
    pub(super) opened: String,
}

async fn ground(view: &View, slug: &str, opened: &str) -> Result<Ground, Trouble> {
    let sql = view.world.store().read();
    let change = change::verbs::find(sql, slug).await?;
    let mut waves = wave::store::of_change(sql, change.id).await?;
    waves.retain(|wave| wave.cancelled.is_none());
    let mut policies = BTreeMap::new();
    for wave in &waves {
        policies.insert(wave.id, policy::store::of_wave(sql, wave.id).await?);
    }
    let slots = store::of_change(sql, change.id).await?;
    let units: BTreeMap<UnitId, Unit> =
        unit::store::all(sql).await?.into_iter().map(|unit| (unit.id, unit)).collect();
    let mut front: BTreeSet<UnitId> = units.keys().copied().collect();
    for parent in units.values().filter_map(|unit| unit.parent) {
        front.remove(&parent);
    }
    front.extend(slots.iter().map(|slot| slot.unit));
    Ok(Ground {
        slots,
        front,
        layers: draw::store::layers(sql, change.id).await?,
        units,
        opened: opened.to_owned(),
        waves,
        policies,
        change,
    })
}

/// `GET /changes/{change}/slots`
pub async fn show(view: View, Path(slug): Path<String>, InAddress(asked): InAddress) -> Answer {
    let ground = ground(&view, &slug, asked.text("open")).await?;
    let (calendar, spread) = (time::chart(&view, &ground), spread::chart(&view, &ground));
    let files = |name: &str| {
        let open = if ground.opened.is_empty() { String::new() } else { format!("?open={}", ground.opened) };
        let at = |kind: &str| format!("/changes/{slug}/slots/{name}.{kind}{open}");
        Downloads::At { svg: at("svg"), csv: at("csv") }
    };
    Ok(Page::new(Stage::Grant, format!("Who has {} from when", ground.change.name), answer(&view, &ground))
        .crumb("/changes", "Changes")
        .crumb(format!("/changes/{slug}"), ground.change.name.clone())
        .body(html! {
            @if ground.slots.is_empty() {
                p.empty { "Nobody has a slot yet. When a wave is drawn, each winner gets a bar here from its start on, and you see how the change migrates outwards from where it works." }
            } @else {
                section { (calendar.figure(&files("calendar"))) (look_into(&slug, &ground)) }
            }
            @if !ground.units.is_empty() { section { (spread.figure(&files("spread"))) } }
            p { a href="/slots" { "All slots, of every change" } }
        })
        .show(&view))
}

/// `GET /changes/{change}/slots/{file}`: a picture, or its numbers.
pub async fn file(
    view: View,
    Path((slug, name)): Path<(String, String)>,
    InAddress(asked): InAddress,
) -> Result<Response, Failure> {
    let not_found = || Trouble::NotFound { what: "file" };
    let (name, kind) = name.rsplit_once('.').ok_or_else(not_found)?;
    let ground = ground(&view, &slug, asked.text("open")).await?;
    let chart: Chart = match name {
        "calendar" => time::chart(&view, &ground),
        "spread" => spread::chart(&view, &ground),
        _ => return Err(not_found().into()),
    };
    match kind {
        "svg" => {
            let svg = chart.svg().ok_or_else(not_found)?;
            Ok(([(CONTENT_TYPE, "image/svg+xml")], svg).into_response())
        }
        "csv" => Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8")], chart.csv()).into_response()),
        _ => Err(not_found().into()),
    }
}

fn answer(view: &View, ground: &Ground) -> Markup {
    let n_in = |state: State| ground.slots.iter().filter(|slot| slot.state(view.now) == state).count();
    let n_on =
        ground.slots.iter().filter(|slot| slot.access().iter().any(|span| span.holds(view.now))).count();
    let (n_ahead, n_paused) = (n_in(State::Granted), n_in(State::Paused));
    html! {
        (counted(n_on, "unit has it", "units have it")) " now"
        @if n_ahead > 0 { ", " (n_ahead) " will" }
        @if n_paused > 0 { ", " (n_paused) @if n_paused == 1 { " is paused" } @else { " are paused" } }
        ", of " (counted(ground.front.len(), "unit", "units")) " at the front."
    }
}

/// Where units share rows: the way into each parent, and back.
fn look_into(slug: &str, ground: &Ground) -> Markup {
    if !is_collapsed(ground) {
        return html! {};
    }
    let parents: BTreeMap<&str, &Unit> = ground
        .slots
        .iter()
        .filter_map(|slot| ground.units.get(&slot.unit_parent?))
        .map(|parent| (parent.name.as_str(), parent))
        .collect();
    html! {
        p.meta { "There are " (ground.slots.len()) " slots, so that units of one parent share a row: it is as high as the share of its slots that is on. Look into one: "
            @for (place, (name, parent)) in parents.iter().enumerate() {
                @if place > 0 { " · " }
                @if parent.slug.as_str() == ground.opened { strong { (name) } " (" a href={ "/changes/" (slug) "/slots" } { "close" } ")" }
                @else { a href={ "/changes/" (slug) "/slots?open=" (parent.slug) } { (name) } }
            }
        }
    }
}

pub(super) fn is_collapsed(ground: &Ground) -> bool {
    let units: BTreeSet<UnitId> = ground.slots.iter().map(|slot| slot.unit).collect();
    units.len() > MOST_ROWS
}

/// The state of a slot in a few words.
pub(super) fn in_short(state: State) -> &'static str {
    match state {
        State::Granted => "will have it",
        State::Started => "has it",
        State::Paused => "paused",
        State::GivenBack => "given back",
        State::Lapsed => "lapsed",
        State::Ended => "ended",
        State::HandedOver => "handed over, its own",
    }
}
