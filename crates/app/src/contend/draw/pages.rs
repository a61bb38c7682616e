//! The draw as a page: what was committed to, the list, the tiers and the cut, who got what and why, how to check it.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use traction_domain::contend::draw::{Outcome, PublicSource, Record, verify};
use traction_domain::id::UnitId;
use traction_domain::refusal::Refusal;
use traction_domain::time::Moment;

use crate::contend::draw::picture::{name, picture};
use crate::contend::draw::store::{self, Drawn};
use crate::contend::draw::verbs::{self, Taken};
use crate::contend::wave::pages::href;
use crate::contend::wave::standing::{Called, called, units};
use crate::grant::slot;
use crate::offer::change;
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::org::unit;
use crate::org::unit::store::Unit;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::charts::Downloads;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on, when};

/// `GET /changes/{change}/waves/{n}/draw`
pub async fn show(view: View, Path((change, n)): Path<(String, usize)>) -> Answer {
    draw_page(&view, &change, n, &Filled::default(), None).await
}

async fn draw_page(
    view: &View,
    change: &str,
    n: usize,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Answer {
    let sql = view.world.store().read();
    let (change, wave) = wave::verbs::find(sql, change, n).await?;
    let sources = store::sources(sql, wave.id).await?;
    let commitment = store::commitment(sql, wave.id).await?;
    let units_known = unit::store::all(sql).await?;
    let next = wave::store::by_number(sql, change.id, n + 1).await?;
    let called = called(sql, wave).await?;
    let runs = view.who.as_ref().is_some_and(|who| change::verbs::runs(who, &change));
    let form = Form::new(filled, refused);
    let title = format!("The draw of {}, wave {n}", change.name);
    let mut page = Page::new(Stage::Contend, title, answer(view, &called))
        .crumb("/waves", "Waves")
        .crumb(href(&change, n), format!("{}, wave {n}", change.name));
    if runs && called.drawn.is_none() && view.now >= called.wave.closes_at {
        page = page.action(html! {
            form method="post" action={ (href(&change, n)) "/draw" } { button.button { "Run the draw" } }
        });
    }
    let next_opens = next.map(|next| next.opens_at);
    Ok(page
        .body(html! {
            (form.notice())
            @if let Some(drawn) = &called.drawn {
                (own_outcomes(view, &drawn.record, &units_known, next_opens))
                (drawn_picture(&drawn.record, &units_known))
                (ranking(&drawn.record, &units_known))
                (check(&change, n, drawn))
                @if !drawn.record.overrides.is_empty() {
                    section { h2 { "Given past the draw" } ul { @for decided in &drawn.record.overrides { li {
                        (name(&units_known, &decided.unit)) ": " (decided.why) " (" (decided.who) ")"
                    } } } }
                }
                @if runs { (past_the_draw(&change, n, &form, &drawn.record, &units_known)) }
            } @else {
                @if let Some(made) = &commitment { p { "Committed to: " code.hash { (made.commitment) } } }
                @match &called.frozen {
                    Some(frozen) => { p { (units(frozen.entrants.entries().len())) " on the list, frozen " (when::relative(view, frozen.frozen_at)) "; its hash is " code.hash { (frozen.list_hash) } "." } }
                    None => { p.empty { "The list is frozen when applications close, and its hash is published here. Then it can be drawn." } }
                }
                (values(&change, n, &sources, runs && called.frozen.is_some(), &form))
            }
        })
        .show(view))
}

fn answer(view: &View, called: &Called) -> Markup {
    match &called.drawn {
        Some(drawn) => {
            let at_risk =
                drawn.record.probability.values().filter(|share| **share > 0.0 && **share < 1.0).count();
            html! {
                (drawn.record.granted.len()) " of " (units(drawn.record.list.len())) " got a slot"
                @if at_risk > 0 { "; for " (at_risk) " of them the lottery decided" } "."
            }
        }
        None if view.now < called.wave.closes_at => {
            html! { "Applications close " (when::relative(view, called.wave.closes_at)) "; then it can be drawn." }
        }
        None => html! { "Not drawn yet." },
    }
}

/// What the reader's own units got, why, and when the next chance is.
fn own_outcomes(view: &View, record: &Record, known: &[Unit], next: Option<Moment>) -> Markup {
    let Ok(verified) = verify(record) else { return html! {} };
    let led = view.who.as_ref().map(|who| who.led()).unwrap_or_default();
    html! {
        @for unit in known.iter().filter(|unit| led.contains(&unit.id)) {
            @if let Some(outcome) = verified.outcome(unit.slug.as_str()) {
                section.card {
                    h2 { (unit.name) }
                    @match outcome {
                        Outcome::Granted { why } => { p { "Got a slot: " (why) "." } }
                        Outcome::Waiting { place, why } => {
                            p { "No slot: " (why) ". Place " (place) " on the waiting list, which moves up when a slot is given back before the start." }
                            p { @match next {
                                Some(at) if at <= view.now => { "The next wave opened " (when::relative(view, at)) "." }
                                Some(at) => { "The next wave opens " (when::relative(view, at)) "." }
                                None => "The next wave is not announced yet." } }
                        }
                        Outcome::Withdrawn => { p { "Withdrew after closing: it kept its number, and gets nothing." } }
                    }
                }
            }
        }
    }
}

fn drawn_picture(record: &Record, known: &[Unit]) -> Markup {
    let title = format!("{} of {} got a slot", record.granted.len(), units(record.list.len()));
    picture(record, known, title).figure(&Downloads::Inside)
}

/// Everybody in the order of the draw.
fn ranking(record: &Record, known: &[Unit]) -> Markup {
    let entry = |slug: &str| record.list.iter().find(|line| line.entry.unit == slug).map(|line| &line.entry);
    html! {
        section {
            h2 { "Who got what" }
            table.list {
                thead { tr { th.figure { "Place" } th { "Unit" } th.figure { "Band" } th.figure { "Layer" } th { "Score" } th.figure { "Chance" } th { "Result" } } }
                tbody { @for (index, ranked) in record.order.iter().enumerate() { tr {
                    @let score = ranked.score.to_string();
                    @let share = record.probability.get(&ranked.unit).copied().unwrap_or(0.0);
                    td.figure { (index + 1) }
                    td { a href={ "/units/" (ranked.unit) } { (name(known, &ranked.unit)) } }
                    td.figure { @if let Some(entry) = entry(&ranked.unit) { (entry.band) } }
                    td.figure { @if let Some(entry) = entry(&ranked.unit) { (entry.layer) } }
                    td { code title=(score) { (score[..8]) "…" } }
                    td.figure { (format!("{share:.2}")) }
                    td { span.pill { (result(record, &ranked.unit)) } }
                } } }
            }
        }
    }
}

fn result(record: &Record, unit: &str) -> String {
    let holds = |units: &[String]| units.iter().position(|other| other == unit);
    match (holds(&record.granted), holds(&record.waiting)) {
        (Some(_), _) => "slot".into(),
        (None, Some(index)) => format!("waiting, place {}", index + 1),
        (None, None) => "withdrawn".into(),
    }
}

fn check(change: &Change, n: usize, drawn: &Drawn) -> Markup {
    let record = &drawn.record;
    html! {
        section {
            h2 { "Check it yourself" }
            p { "Download " a href={ (href(change, n)) "/draw.json" } { "draw.json" } " and run " code { "traction draw verify draw.json" } ", or recompute it with any SHA-256 tool." }
            dl.facts {
                dt { "Commitment" } dd { code.hash { (record.commitment) } }
                dt { "Secret" } dd { code.hash { (record.secret.reveal()) } }
                dt { "List hash" } dd { code.hash { (record.list_hash) } }
                @for source in &record.public { dt { (source.name) } dd { code { (source.value.as_deref().unwrap_or_default()) } } }
                dt { "Seed" } dd { code.hash { (record.seed) } }
            }
            @if record.public.is_empty() {
                p.meta { "No public source was named: whoever runs the server could have tried lists before closing, not after." }
            } @else {
                p.meta { "A public source was named before its value existed: nobody needs to be trusted." }
            }
        }
    }
}

fn values(change: &Change, n: usize, sources: &[PublicSource], may_enter: bool, form: &Form<'_>) -> Markup {
    html! {
        @for (index, source) in sources.iter().enumerate() {
            section {
                h2 { (source.name) }
                @if let Some(due) = &source.when { p.meta { (due) } }
                @match &source.value {
                    Some(value) => { p { code { (value) } } }
                    None if may_enter => {
                        form.stack method="post" action={ (href(change, n)) "/sources/" (index + 1) } {
                            (form.line("value", "Its value", "Exactly as it is published; everybody can compare."))
                            button.button { "Enter it" }
                        }
                    }
                    None => { p { "Its value does not exist yet; the draw waits for it." } }
                }
            }
        }
    }
}

fn past_the_draw(change: &Change, n: usize, form: &Form<'_>, record: &Record, known: &[Unit]) -> Markup {
    let contended = |unit: &&Unit| record.list.iter().any(|line| line.entry.unit == unit.slug.as_str());
    let listed: Vec<Unit> = known.iter().filter(contended).cloned().collect();
    html! {
        details {
            summary { "Give a free slot past the draw" }
            form.stack method="post" action={ (href(change, n)) "/overrides" } {
                (form.choice("unit", "To which unit?", "Counts as push, stands on the record, and is left out of the proof.", &unit::pages::choices(&listed)))
                (form.line("why", "Why?", "Published with the record."))
                button.button.quiet { "Give it" }
            }
        }
    }
}

/// `POST /changes/{change}/waves/{n}/draw`
pub async fn run(view: View, Path((change, n)): Path<(String, usize)>) -> Answer {
    let done = run_for(&view, &change, n).await;
    back(&view, &change, n, &Filled::default(), done).await
}

async fn run_for(view: &View, change: &str, n: usize) -> Result<(), Trouble> {
    let sql = view.world.store().read();
    let (change, wave) = wave::verbs::find(sql, change, n).await?;
    let works_in = slot::store::works_in(sql, change.id, view.now).await?;
    verbs::run(&view.world, view.signed_in()?, &change, &wave, &works_in).await?;
    Ok(())
}

/// `POST /changes/{change}/waves/{n}/sources/{source}`
pub async fn enter_value(
    view: View,
    Path((change, n, source)): Path<(String, usize, usize)>,
    filled: Filled,
) -> Answer {
    let (found, wave) = wave::verbs::find(view.world.store().read(), &change, n).await?;
    let who = view.signed_in()?;
    let done = verbs::enter_value(&view.world, who, &found, &wave, source, filled.text("value")).await;
    back(&view, &change, n, &filled, done).await
}

/// `POST /changes/{change}/waves/{n}/overrides`
pub async fn override_place(view: View, Path((change, n)): Path<(String, usize)>, filled: Filled) -> Answer {
    let done = override_filled(&view, &change, n, &filled).await;
    back(&view, &change, n, &filled, done).await
}

async fn override_filled(view: &View, change: &str, n: usize, filled: &Filled) -> Result<(), Trouble> {
    let who = view.signed_in()?;
    let sql = view.world.store().read();
    let (change, wave) = wave::verbs::find(sql, change, n).await?;
    let unit: UnitId = filled.parsed("unit", "a unit; choose one from the list")?;
    let slots = slot::store::of_wave(sql, wave.id).await?;
    let taken = slots
        .iter()
        .map(|slot| (slot.unit, if slot.state(view.now).is_live() { Taken::Now } else { Taken::Before }));
    let taken: Vec<_> = taken.collect();
    verbs::override_place(&view.world, who, &change, &wave, unit, filled.text("why"), &taken).await
}

async fn back(view: &View, change: &str, n: usize, filled: &Filled, done: Result<(), Trouble>) -> Answer {
    match lead_on(done, |()| format!("/changes/{change}/waves/{n}/draw"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(draw_page(view, change, n, filled, Some(refused.as_ref())).await),
    }
}

/// `GET /changes/{change}/waves/{n}/draw.json`: the published record, for anybody.
pub async fn record(
    view: View,
    Path((change, n)): Path<(String, usize)>,
) -> Result<Response, crate::web::Failure> {
    let sql = view.world.store().read();
    let (_, wave) = wave::verbs::find(sql, &change, n).await?;
    let drawn = store::drawn(sql, wave.id).await?.ok_or(Trouble::NotFound { what: "record of a draw" })?;
    Ok(([(CONTENT_TYPE, "application/json")], drawn.record.to_json()).into_response())
}
