//! Readiness as pages: the units by appetite and aptitude, asking a unit, and a pulse.

pub mod asked;
pub mod pulse;

use maud::{Markup, html};
use traction_domain::id::{PulseId, UnitId};
use traction_domain::refusal::Refusal;
use traction_domain::sense::readiness::{self as rules, Moved, N_DAYS_OPEN, Reading, moved};

use crate::offer::change;
use crate::org::unit;
use crate::overview::figures::Stage;
use crate::sense::instrument;
use crate::sense::readiness::store::{self, UnitReading};
use crate::sense::readiness::verbs::{self, PulseWish};
use crate::trouble::{Broken, Trouble};
use crate::web::charts::{Downloads, Readiness, UnitReadiness};
use crate::web::{Answer, Filled, Form, Led, Page, View, again, lead_on, when};

/// The middle of the scales from 1 to 5.
const MIDDLE: f64 = 3.0;

/// `GET /readiness`
pub async fn show(view: View) -> Answer {
    page(&view, &Filled::with([("days", N_DAYS_OPEN.to_string())]), None).await
}

async fn page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let readings = store::readings(sql, None, view.now).await?;
    let open = store::open(sql, view.now).await?;
    let waiting = match view.who.as_ref().and_then(|who| Some((who.person()?, who.units()))) {
        Some((person, units)) => store::waiting_for(sql, person, &units, view.now).await?,
        None => vec![],
    };
    let n_shown = readings.iter().filter(|reading| reading.shown.is_some()).count();
    let asking = asking(view, filled, refused).await?;
    let mut page = Page::new(
        Stage::Sense,
        "Who is ready",
        html! {
            (n_shown) @if n_shown == 1 { " unit has" } @else { " units have" } " said how ready they are; "
            (open.len()) " being asked now."
        },
    )
    .crumb("/frictions", "What gets in the way");
    if let Some(pulse) = waiting.first() {
        page = page
            .action(html! { a.button href={ "/pulses/" (pulse.id) } { "Answer for " (pulse.unit_name) } });
    }
    Ok(page
        .body(html! {
            @if readings.is_empty() && open.is_empty() {
                p.empty { "A pulse is a few short questions: how much a unit wants to change (appetite), and how much it believes it can (aptitude). Nobody learns who said what; a unit is shown when five or more answered and they agree." }
            }
            @if !readings.is_empty() { (picture(&readings)) (table(view, &readings)) }
            @if !open.is_empty() {
                section {
                    h2 { "Being asked now" }
                    ul { @for pulse in &open { li {
                        a href={ "/pulses/" (pulse.id) } { (pulse.unit_name) } span.meta { " closes " (when::relative(view, pulse.closes_at)) }
                    } } }
                }
            }
            (asking)
        })
        .show(view))
}

/// The units that may be shown, by appetite and aptitude; past the middle of both scales stand those that want and can.
fn picture(readings: &[UnitReading]) -> Markup {
    let units: Vec<UnitReadiness> = readings
        .iter()
        .filter_map(|reading| {
            let shown = reading.shown?;
            let unit = reading.unit_name.clone();
            let before = reading.before.map(|before| (before.appetite, before.aptitude));
            Some(UnitReadiness { unit, appetite: shown.appetite, aptitude: shown.aptitude, before })
        })
        .collect();
    let n_past = units.iter().filter(|unit| unit.appetite >= MIDDLE && unit.aptitude >= MIDDLE).count();
    let title =
        format!("{n_past} of {} units want it and feel able: past the middle of both scales", units.len());
    let dots = Readiness { units, threshold: Some((MIDDLE, MIDDLE)) };
    html! { (dots.chart(title).figure(&Downloads::Inside)) }
}

fn table(view: &View, readings: &[UnitReading]) -> Markup {
    html! {
        table.list.folds tabindex="0" {
            thead { tr { th scope="col" { "Unit" } th scope="col" { "Appetite" } th scope="col" { "Aptitude" } th scope="col" { "Since the pulse before" } th scope="col" { "Asked" } } }
            tbody { @for reading in readings { tr {
                td { a href={ "/units/" (reading.unit_slug) } { (reading.unit_name) } }
                td data-th="Appetite" { (in_short(reading.appetite)) }
                td data-th="Aptitude" { (in_short(reading.aptitude)) }
                td data-th="Since the pulse before" { (since(reading)) }
                td data-th="Asked" { (when::relative(view, reading.closed_at)) }
            } } }
        }
    }
}

/// How a unit moved since its pulse before, where both may be shown.
fn since(reading: &UnitReading) -> String {
    match (reading.before, reading.shown) {
        (Some(before), Some(now)) => {
            let Moved { appetite, aptitude } = moved(before, now);
            format!("appetite {}, aptitude {}", points(appetite), points(aptitude))
        }
        _ => "–".to_owned(),
    }
}

/// Points of the scale with their sign; what rounds to nothing has none of its own.
fn points(moved: f64) -> String {
    let rounded = (moved * 10.0).round() / 10.0 + 0.0;
    format!("{rounded:+.1}").replace('-', "\u{2212}")
}

fn in_short(reading: Reading) -> String {
    match reading {
        Reading::TooFew { .. } => "too few answered".into(),
        Reading::Differ { agreement, .. } => format!("they see it differently (r_wg {agreement:.1})"),
        Reading::Agreed { mean, agreement } => format!("{mean:.1} of 5 (r_wg {})", pulse::at_most(agreement)),
    }
}

/// The form that asks a unit, for those who may.
async fn asking(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Result<Markup, Broken> {
    let Some(who) = &view.who else { return Ok(html! {}) };
    let sql = view.world.store().read();
    let units: Vec<(String, String)> = unit::store::all(sql)
        .await?
        .into_iter()
        .filter(|unit| verbs::may_open(who, unit.id))
        .map(|unit| (unit.id.to_string(), unit.name))
        .collect();
    if units.is_empty() {
        return Ok(html! {});
    }
    let at_large = (String::new(), "Change at large".to_owned());
    let changes = change::store::all(sql).await?;
    let changes: Vec<(String, String)> = std::iter::once(at_large)
        .chain(changes.into_iter().map(|change| (change.slug.to_string(), change.name)))
        .collect();
    let instruments: Vec<(String, String)> = instrument::store::all(sql)
        .await?
        .into_iter()
        .map(|kept| (kept.instrument.edition.id, kept.instrument.name))
        .collect();
    let form = Form::new(filled, refused);
    Ok(html! {
        section {
            h2 { "Ask a unit" }
            form.stack method="post" action="/pulses" {
                (form.notice())
                (form.choice("unit", "Which unit?", "", &units))
                (form.choice("change", "About what?", "", &changes))
                (form.choice("instrument", "Which questions?", "", &instruments))
                (form.number("days", "For how many days?", "It is read once, when it closes."))
                button.button.quiet { "Ask" }
            }
            p.meta { a href="/instruments" { "What each instrument asks, and how it is scored" } }
        }
    })
}

/// `POST /pulses`
pub async fn open(view: View, filled: Filled) -> Answer {
    match lead_on(open_filled(&view, &filled).await, |id| format!("/pulses/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, &filled, Some(refused.as_ref())).await),
    }
}

async fn open_filled(view: &View, filled: &Filled) -> Result<PulseId, Trouble> {
    let who = view.signed_in()?;
    let unit: UnitId = filled.parsed("unit", "a unit; choose one from the list")?;
    let n_days = i64::from(filled.count("days")?);
    let change = match filled.text("change") {
        "" => None,
        slug => Some(change::verbs::find(view.world.store().read(), slug).await?.id),
    };
    let instrument = match filled.text("instrument") {
        "" => rules::BUILT_IN,
        name => name,
    };
    verbs::open(&view.world, who, &PulseWish { unit, change, instrument, n_days }).await
}
