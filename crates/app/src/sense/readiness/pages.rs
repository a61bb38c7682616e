//! Readiness as pages: the units by appetite and aptitude, asking a unit, and the questions.

use maud::{Markup, html};
use traction_domain::id::{PulseId, UnitId};
use traction_domain::refusal::Refusal;
use traction_domain::sense::readiness::{self as rules, N_DAYS_OPEN, Reading};

use crate::offer::change;
use crate::org::unit;
use crate::overview::figures::Stage;
use crate::sense::readiness::store::{self, Pulse, UnitReading};
use crate::sense::readiness::verbs;
use crate::trouble::{Broken, Trouble};
use crate::web::charts::{Downloads, Readiness, UnitReadiness};
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on, when};

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
                p.empty { "A pulse is eight short questions: how much a unit wants to change (appetite), and how much it believes it can (aptitude). Nobody learns who said what; a unit is shown when five or more answered and they agree." }
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
            Some(UnitReadiness { unit, appetite: shown.appetite, aptitude: shown.aptitude })
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
        table.list {
            thead { tr { th { "Unit" } th { "Appetite" } th { "Aptitude" } th { "Asked" } } }
            tbody { @for reading in readings { tr {
                td { a href={ "/units/" (reading.unit_slug) } { (reading.unit_name) } }
                td { (in_short(reading.appetite)) }
                td { (in_short(reading.aptitude)) }
                td { (when::relative(view, reading.closed_at)) }
            } } }
        }
    }
}

fn in_short(reading: Reading) -> String {
    match reading {
        Reading::TooFew => "too few answered".into(),
        Reading::Differ => "they see it differently".into(),
        Reading::Agreed { mean } => format!("{mean:.1} of 5"),
    }
}

fn in_a_sentence(reading: Reading) -> String {
    match reading {
        Reading::TooFew => "Fewer than five answered, so nothing is shown of it.".into(),
        Reading::Differ => {
            "You see it differently, so a mean would speak for nobody. That is worth a conversation.".into()
        }
        Reading::Agreed { mean } => format!("{mean:.1} of 5."),
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
    let form = Form::new(filled, refused);
    Ok(html! {
        section {
            h2 { "Ask a unit" }
            form.stack method="post" action="/pulses" {
                (form.notice())
                (form.choice("unit", "Which unit?", "", &units))
                (form.choice("change", "About what?", "", &changes))
                (form.number("days", "For how many days?", "It is read once, when it closes."))
                button.button.quiet { "Ask" }
            }
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
    verbs::open(&view.world, who, unit, change, n_days).await
}

/// `GET /pulses/{pulse}`
pub async fn pulse(view: View, Path(id): Path<PulseId>) -> Answer {
    pulse_page(&view, id, &Filled::default(), None).await
}

async fn pulse_page(view: &View, id: PulseId, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let pulse = verbs::find(sql, id).await?;
    let about = match pulse.change {
        Some(change) => change::store::one(sql, change).await?,
        None => None,
    };
    let notice = Form::new(filled, refused).notice();
    let page = |answer: Markup| {
        Page::new(Stage::Sense, format!("How ready is {}?", pulse.unit_name), answer)
            .crumb("/readiness", "Who is ready")
    };
    if pulse.closes_at <= view.now {
        let readings = store::readings(sql, Some(pulse.unit), view.now).await?;
        let reading = readings.iter().find(|reading| reading.pulse == id);
        return Ok(page(html! { "It closed " (when::relative(view, pulse.closes_at)) "." })
            .body(html! { (notice) (result(reading)) })
            .show(view));
    }
    let person = view.who.as_ref().filter(|who| who.belongs_to(pulse.unit)).and_then(|who| who.person());
    let may_answer = match person {
        Some(person) => !store::has_answered(sql, id, person).await?,
        None => false,
    };
    let answer = html! {
        (pulse.n_answered) " answered so far; it closes " (when::relative(view, pulse.closes_at)) " and is read once then."
    };
    Ok(page(answer)
        .body(html! {
            (notice)
            @if let Some(change) = &about { p { "About " a href={ "/changes/" (change.slug) } { (change.name) } ": " (change.promise) } }
            @if may_answer { (questions(&pulse, filled)) }
            @else if person.is_some() { p.notice { "You have answered. Nobody can find your answers again, you neither." } }
            @else { p { "The people of " (pulse.unit_name) " answer it." } }
            p.meta { "What you choose adds one to a count for each question; no record says who chose what, not even for administrators. It is shown only if five or more answer and they agree." }
        })
        .show(view))
}

fn result(reading: Option<&UnitReading>) -> Markup {
    html! {
        @match reading {
            Some(reading) => {
                dl.facts {
                    dt { "Appetite" } dd { (in_a_sentence(reading.appetite)) }
                    dt { "Aptitude" } dd { (in_a_sentence(reading.aptitude)) }
                }
                p.meta { "Appetite is how much a unit wants to change, aptitude how much it believes it can; 1 is not at all, 5 fully." }
            }
            None => { p { "The unit was asked again since; the later pulse counts." } }
        }
    }
}

fn questions(pulse: &Pulse, filled: &Filled) -> Markup {
    html! {
        form.stack method="post" action={ "/pulses/" (pulse.id) "/answers" } {
            p.help { "From 1, not at all, to 5, fully." }
            @for item in &rules::built_in().items {
                fieldset.field {
                    legend { (item.words) }
                    div.scale { @for answer in ["1", "2", "3", "4", "5"] {
                        label { input type="radio" name=(item.key) value=(answer) checked[filled.text(&item.key) == answer]; (answer) }
                    } }
                }
            }
            button.button { "Answer, unseen" }
        }
    }
}

/// `POST /pulses/{pulse}/answers`
pub async fn answer(view: View, Path(id): Path<PulseId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let given: Vec<Option<u8>> =
        rules::built_in().items.iter().map(|item| filled.text(&item.key).parse().ok()).collect();
    match lead_on(verbs::answer(&view.world, who, id, &given).await, |()| format!("/pulses/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(pulse_page(&view, id, &filled, Some(refused.as_ref())).await),
    }
}
