//! The draw as a page: what was committed to, the list, the ranking as it falls, who got what and why, how to check it.

pub mod keep;
pub mod outcome;
pub mod past;
mod ranking;
pub mod source;
pub mod verify;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::contend::draw::{Applied, PublicSource};
use traction_domain::refusal::Refusal;
use traction_domain::time::Moment;

use crate::contend::draw::pages::outcome::Seen;
use crate::contend::draw::pages::source::May;
use crate::contend::draw::picture::picture;
use crate::contend::draw::store::{self, Drawn, OffList, Promised};
use crate::contend::draw::{run as drawing, verbs};
use crate::contend::wave::cancel;
use crate::contend::wave::pages::{href, live};
use crate::contend::wave::standing::{Called, called, slots, units};
use crate::grant::lapse;
use crate::offer::change;
use crate::offer::wave;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::charts::Downloads;
use crate::web::{Answer, Filled, Form, Led, Page, Path, Query, View, again, lead_on, when};

/// How long after a draw its ranking falls into place for whoever looks.
const FRESH: SignedDuration = SignedDuration::from_hours(1);

/// What may stand in the address.
#[derive(Debug, Deserialize)]
pub struct Asked {
    again: Option<String>,
    from: Option<usize>,
}

/// Whether the ranking falls into place, or stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ranking {
    Falls,
    Stands,
}

/// `GET /changes/{change}/waves/{n}/draw`
pub async fn show(
    view: View,
    Path((change, n)): Path<(String, usize)>,
    Query(asked): Query<Asked>,
) -> Answer {
    let wished = if asked.again.is_some() { Some(Ranking::Falls) } else { None };
    draw_page(&view, &change, n, wished, asked.from.unwrap_or(0), &Filled::default(), None).await
}

async fn draw_page(
    view: &View,
    change: &str,
    n: usize,
    wished: Option<Ranking>,
    from: usize,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Answer {
    let sql = view.world.store().read();
    let course = view.world.live().course();
    let (change, wave) = wave::verbs::find(sql, change, n).await?;
    let hears = live::hears(&course, &wave, view.now, &href(&change, n), "/draw");
    let named = store::named(sql, wave.id).await?;
    let sources: Vec<PublicSource> = named.iter().map(|named| named.source.clone()).collect();
    let promised = store::promised(sql).await?.remove(&wave.id);
    let written = store::written(sql).await?.remove(&wave.id).unwrap_or_default();
    let called = called(sql, &change, wave, view.now).await?;
    let runs = view.who.as_ref().is_some_and(|who| change::verbs::runs(who, &change));
    let form = Form::new(filled, refused);
    let title = format!("The draw of {}, wave {n}", change.name);
    let seen = Seen::of(view, &change, &called).await?;
    let ranking = wished.unwrap_or(by_itself(view, seen.as_ref()));
    let mut page = Page::new(Stage::Contend, title, answer(view, &called, &sources, ranking))
        .crumb("/waves", "Waves")
        .crumb(href(&change, n), format!("{}, wave {n}", change.name))
        .brings("draw.css");
    let is_over = called.is_over(view.now);
    let is_next = runs && called.drawn.is_none() && view.now >= called.wave.closes_at && !is_over;
    if let Some(action) = source::action(view, &href(&change, n), &sources).filter(|_| is_next) {
        page = page.action(action);
    }
    if !called.is_settled(view.now) {
        page = page.hears(hears);
    }
    let left_out = store::left_out(sql, called.wave.id).await?;
    let left_out = off_list(&left_out, runs, called.drawn.is_some());
    let body = match &seen {
        Some(seen) => {
            let after = after(seen, ranking, from, runs, &form, promised.as_ref()).await?;
            let told = source::section(view, &change, &called, &named, May::Look, &form);
            html! { (keep::against_journal(&called, promised.as_ref(), &written)) (after) (told) (left_out) }
        }
        None => {
            let rules = lapse::store::of_change(sql, change.id).await?;
            let lapses = lapse::verbs::in_force(&rules, called.wave.opens_at);
            let may = match runs && !is_over {
                false => May::Look,
                true if view.now >= called.wave.closes_at => May::Enter,
                true if verbs::applied(sql, called.wave.id).await? == Applied::Somebody => May::Enter,
                true => May::Name,
            };
            html! {
                (keep::against_journal(&called, promised.as_ref(), &written))
                (keep::before(view, &called, promised.as_ref()))
                (left_out)
                // Nothing is drawn of what is over: there is nothing to trust, and no slot.
                @if !is_over {
                    (keep::kept(view, &change.slug, &called, promised.as_ref()))
                    (keep::trust(view, &sources, promised.map(|promised| promised.made_at)))
                }
                (source::section(view, &change, &called, &named, may, &form))
                @if !is_over { section { h2 { "What holds for the slots" } p { (lapse::pages::in_words(lapses)) " " a href={ "/changes/" (change.slug) "/lapse" } { "How it is told" } } } }
            }
        }
    };
    Ok(page.body(html! { (form.notice()) div #course data-part { (body) } }).show(view))
}

/// The ranking falls for whoever comes in the first hour, as long as all stands as it was drawn.
fn by_itself(view: &View, seen: Option<&Seen<'_>>) -> Ranking {
    let is_fresh = |at: Moment| at <= view.now && view.now.since(at) < FRESH;
    match seen {
        Some(seen) if is_fresh(seen.drawn.drawn_at) && seen.is_as_drawn() => Ranking::Falls,
        _ => Ranking::Stands,
    }
}

fn answer(view: &View, called: &Called, sources: &[PublicSource], ranking: Ranking) -> Markup {
    match &called.drawn {
        // The result stands below the ranking: who watches it fall does not know it yet.
        Some(drawn) if ranking == Ranking::Falls => html! {
            (units(drawn.record.list.len())) " contended for " (slots(called.wave.n_slots)) ": who got one stands below, in the order of the draw."
        },
        Some(drawn) => result(drawn),
        None if called.wave.cancelled.is_some() => {
            html! { "It is not drawn. " @if let Some(cancelled) = &called.wave.cancelled { (cancel::told(view, cancelled)) } }
        }
        None if view.now < called.wave.closes_at => {
            html! { "Applications close " (when::relative(view, called.wave.closes_at)) "; then it can be drawn." }
        }
        None if called.is_over(view.now) => {
            html! { (called.contest(view.now)) ": there is nothing to draw, and the wave is over." }
        }
        None => match sources.iter().find(|source| source.value.is_none()) {
            Some(source) => html! { "Not drawn yet: the draw waits for the value of " (source.name) "." },
            None => html! { "Not drawn yet." },
        },
    }
}

/// How many got a slot, and for how many chance decided.
fn result(drawn: &Drawn) -> Markup {
    let record = &drawn.record;
    let is_at_risk =
        |unit: &str| record.probability.get(unit).is_some_and(|share| *share > 0.0 && *share < 1.0);
    let n_at_risk = record.list.iter().filter(|line| is_at_risk(&line.entry.unit)).count();
    let n_past = record.overrides.iter().filter(|decided| is_at_risk(&decided.unit)).count();
    html! {
        (record.granted.len()) " of " (units(record.list.len())) " got a slot"
        @if n_at_risk > 0 { "; for " (n_at_risk) " of them the lottery decided" }
        @if n_past > 0 { ", of whom " (n_past) " got a slot past the draw since and " @if n_past == 1 { "is" } @else { "are" } " left out of the proof" }
        "."
    }
}

/// Who applied and is not on the list: how many, and from the draw on, when the list itself is public, who and why. A unit's
/// readiness is not told: only its own people read that the policy asked for more.
fn off_list(left_out: &[OffList], runs: bool, is_drawn: bool) -> Markup {
    html! {
        @if !left_out.is_empty() {
            section {
                h2 { "Applied, and not on the list" }
                @if runs || is_drawn {
                    ul { @for off in left_out { li {
                        (off.unit_name) ": "
                        @match off.slot {
                            Some(slot) => { (off.why) " (" a href={ "/slots/" (slot) } { "the slot" } ")" }
                            None => "when the list was frozen, the wave's policy kept it out",
                        }
                        "."
                    } } }
                } @else {
                    p { (units(left_out.len())) ". Each is told why on its own application; the draw publishes it." }
                }
            }
        }
    }
}

/// After the draw: who got what, the ranking, the picture, how to check it, and what happened since.
async fn after(
    seen: &Seen<'_>,
    ranking: Ranking,
    from: usize,
    runs: bool,
    form: &Form<'_>,
    promised: Option<&Promised>,
) -> Result<Markup, Trouble> {
    let Seen { view, change, called, drawn, known, .. } = seen;
    let requests = store::requests(view.world.store().read(), called.wave.id).await?;
    let own = seen.own();
    let title = format!("{} of {} got a slot", drawn.record.granted.len(), units(drawn.record.list.len()));
    // Of thousands a picture shows no unit, and weighs more than all the rest: then its tiers are a table.
    let picture = match drawn.record.list.len() > ranking::MOST_ROWS {
        true => ranking::tiers(&drawn.record),
        false => picture(&drawn.record, known, title).figure(&Downloads::Inside),
    };
    let href = href(change, called.wave.n);
    Ok(html! {
        @if ranking == Ranking::Falls {
            (ranking::table(seen, ranking, from))
            div.settles { p { strong { (result(drawn)) } } (own) (picture) }
        } @else {
            (own)
            (picture)
            (ranking::table(seen, ranking, from))
            p.on-screen { a href={ (href) "/draw?again=1" } { "Watch it fall again" } }
        }
        (check(view, &href, drawn, promised))
        (seen.since())
        (past::section(view, change, called, drawn, known, &seen.slots, &requests, runs, form))
    })
}

fn check(view: &View, href: &str, drawn: &Drawn, promised: Option<&Promised>) -> Markup {
    let record = &drawn.record;
    html! {
        section {
            h2 { "Verify it yourself" }
            p { a.button.quiet href={ (href) "/verify" } { "Recompute it in this browser" } " "
                a.button.quiet href={ (href) "/draw.json" } download="draw.json" { "Download the record" } }
            p { "Did you keep the commitment, or one of the files from before the draw? Compare it with what stands below: " code { "traction draw verify draw.json --published opening.json" } " does, and so does the page." }
            p { "Or, without this server: download " a href={ (href) "/draw.json" } { "draw.json" } " and run " code { "traction draw verify draw.json" } ". Any SHA-256 tool will do as well." }
            dl.facts {
                dt { "Commitment" } dd { code.hash { (record.commitment) } }
                dt { "Secret" } dd { code.hash { (record.secret.reveal()) } }
                dt { "List hash" } dd { code.hash { (record.list_hash) } }
                @for source in &record.public { dt { (source.name) } dd { code { (source.value.as_deref().unwrap_or_default()) } } }
                dt { "Seed" } dd { code.hash { (record.seed) } }
            }
            (keep::trust(view, &record.public, promised.map(|promised| promised.made_at)))
            (keep::files(href, true, true))
        }
    }
}

/// `POST /changes/{change}/waves/{n}/draw`
pub async fn run(view: View, Path((change, n)): Path<(String, usize)>) -> Answer {
    let done = run_for(&view, &change, n).await;
    back(&view, &change, n, &Filled::default().in_zone(view.zone()), done).await
}

async fn run_for(view: &View, change: &str, n: usize) -> Result<(), Trouble> {
    let sql = view.world.store().read();
    let (change, wave) = wave::verbs::find(sql, change, n).await?;
    drawing::run(&view.world, view.signed_in()?, &change, &wave).await?;
    Ok(())
}

async fn back(view: &View, change: &str, n: usize, filled: &Filled, done: Result<(), Trouble>) -> Answer {
    match lead_on(done, |()| format!("/changes/{change}/waves/{n}/draw"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => {
            let stands = Some(Ranking::Stands);
            again(draw_page(view, change, n, stands, 0, filled, Some(refused.as_ref())).await)
        }
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
