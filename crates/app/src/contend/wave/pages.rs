//! The call of a wave: what others got, what is asked, how many contend, how it is decided, and the way to apply.

pub mod live;
mod who;

use maud::{Markup, html};
use traction_domain::contend::application::Next;
use traction_domain::contend::draw::{Digest, PublicSource};
use traction_domain::contend::policy::{LayerRule, Layers, Policy, Unshown, on_scale};
use traction_domain::offer::wave::WavePhase;
use traction_domain::refusal::Refusal;

use crate::contend::draw;
use crate::contend::draw::pages::outcome::Seen;
use crate::contend::draw::store as draws;
use crate::contend::policy::store::Protected;
use crate::contend::wave::standing::{Called, called, drawn_when, slots, units};
use crate::contend::wave::{appeal, cancel};
use crate::contend::{application, policy, reminder};
use crate::offer::change;
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::overview::figures::Stage;
use crate::prove::plan;
use crate::web::{Answer, Filled, Form, InAddress, Page, Path, View, when};

/// Where the call of a wave is.
pub fn href(change: &Change, n: usize) -> String {
    format!("/changes/{}/waves/{n}", change.slug)
}

/// `GET /changes/{change}/waves/{n}`
pub async fn show(
    view: View,
    Path((change, n)): Path<(String, usize)>,
    InAddress(asked): InAddress,
) -> Answer {
    call(&view, &change, n, &asked, None).await
}

/// The call of a wave, with what was filled in and why it was refused.
pub async fn call(
    view: &View,
    change: &str,
    n: usize,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Answer {
    let sql = view.world.store().read();
    let course = view.world.live().course();
    let (change, wave) = wave::verbs::find(sql, change, n).await?;
    let hears = live::hears(&course, &wave, view.now, &href(&change, n), "");
    let policy = policy::store::of_wave(sql, wave.id).await?;
    let commitment = draws::commitment(sql, wave.id).await?.map(|made| made.commitment);
    let sources = draws::sources(sql, wave.id).await?;
    let protected = policy::store::protected(sql, wave.id).await?;
    let called = called(sql, &change, wave, view.now).await?;
    let runs = view.who.as_ref().is_some_and(|who| change::verbs::runs(who, &change));
    let apply = application::apply::section(view, &change, &called, filled, refused).await?;
    let appeal = appeal::section(view, &change).await?;
    let remind = reminder::pages::section(view, &change, &called.wave).await?;
    let plan = if runs { Some(plan::pages::section(view, &change).await?) } else { None };
    let paused = change::store::paused(sql, change.id).await?;
    let applied = draw::verbs::applied(sql, called.wave.id).await?;
    let settings = runs.then(|| policy::pages::section(view, &change, &called, applied));
    let own = Seen::of(view, &change, &called).await?.map(|seen| seen.own());
    let title = format!("{}, wave {n}", change.name);
    let mut page = Page::new(Stage::Contend, title, answer(view, &called))
        .crumb("/waves", "Waves")
        .crumb(format!("/changes/{}", change.slug), change.name.clone())
        .brings("draw.css");
    let next = application::verbs::next(sql, &called.wave, view.now).await?;
    let is_over = matches!(called.wave.phase(view.now), WavePhase::Closed | WavePhase::Cancelled);
    let next = next.filter(|_| is_over);
    if let Some(action) = action(view, &change, &called, &sources) {
        page = page.action(action);
    }
    if !called.is_settled(view.now) {
        page = page.hears(hears);
    }
    Ok(page
        .body(html! {
            (Form::new(filled, refused).notice())
            div #standing data-part {
                @match (own, next) {
                    (Some(own), _) if !own.0.is_empty() => { (own) }
                    (_, Some(next)) => { p { (elsewhere(view, &change, next)) } }
                    _ => {}
                }
            }
            @if let Some(paused) = &paused {
                p.notice { (change.name) " is paused for everybody " (when::relative(view, paused.at)) ": “" (paused.why) "”. Whoever gets a slot has it switched on once it goes on." }
            }
            p { (change.promise) }
            (appeal)
            section #offered data-part {
                h2 { "What is offered" }
                (facts(view, &called, &sources))
                (remind)
            }
            div.beside {
                div #contending data-part { (apply.form) }
                section #decided data-part {
                    h2 { "How it is decided" }
                    (how(&policy, &protected))
                    (apply.would_stand)
                    (trust(view, commitment, &sources))
                    @if let Some(frozen) = &called.frozen {
                        p { "The list was frozen " (when::relative(view, frozen.frozen_at)) "; its hash is " code.hash { (frozen.list_hash) } "." }
                    }
                    p { a href={ (href(&change, n)) "/draw" } { "The draw, and how to check it" } }
                }
            }
            div #contenders data-part { (who::section(view, &called, policy.contenders, settings.is_some())) }
            @if let Some(plan) = plan { (plan) }
            @if let Some(settings) = settings { (settings) (cancel::form(&change, &called, filled, refused)) }
        })
        .show(view))
}

/// The other wave in which a unit can contend, now or next.
pub fn elsewhere(view: &View, change: &Change, next: Next) -> Markup {
    let wave = html! { a href=(href(change, next.wave)) { "wave " (next.wave) } };
    html! {
        @if next.opens <= view.now { "Open now: " (wave) ", which closes " (when::relative(view, next.closes)) "." }
        @else { "Next: " (wave) ", which opens " (when::relative(view, next.opens)) " and closes " (when::date(view, next.closes)) "." }
    }
}

fn answer(view: &View, called: &Called) -> Markup {
    let wave = &called.wave;
    let contend = called.contest(view.now);
    match (&called.drawn, wave.phase(view.now)) {
        (Some(drawn), _) => html! {
            "Drawn: " (drawn.record.granted.len()) " of " (units(drawn.record.list.len())) " got a slot, from " (when::date(view, wave.starts_at)) "."
        },
        (None, WavePhase::Cancelled) => {
            html! { @if let Some(cancelled) = &wave.cancelled { (cancel::told(view, cancelled)) } }
        }
        (None, WavePhase::Announced) => {
            html! { (slots(wave.n_slots)) ": applications open " (when::relative(view, wave.opens_at)) "." }
        }
        (None, WavePhase::Open) => {
            html! { (contend) "; applications close " (when::relative(view, wave.closes_at)) "." }
        }
        (None, WavePhase::Closed) if called.contenders.is_empty() => {
            html! { (contend) ": there is nothing to draw. The wave is over." }
        }
        (None, WavePhase::Closed) => html! { (contend) "; applications are closed, and the draw is next." },
    }
}

/// Whether the reader can contend for a unit, or could once signed in.
pub fn may_apply(view: &View) -> bool {
    view.who.as_ref().is_none_or(|who| who.is_administrator() || !who.led().is_empty())
}

/// What matters now: to settle how it chooses, to apply while it is open, to draw when it is closed, to see who got what.
fn action(view: &View, change: &Change, called: &Called, sources: &[PublicSource]) -> Option<Markup> {
    let href = href(change, called.wave.n);
    let runs = view.who.as_ref().is_some_and(|who| change::verbs::runs(who, change));
    let contends = |unit| called.contenders.iter().chain(&called.beside).any(|one| one.unit == unit);
    let led = view.who.as_ref().map(|who| who.led()).unwrap_or_default();
    let has_applied = !led.is_empty() && led.into_iter().all(contends);
    match (&called.drawn, called.wave.phase(view.now)) {
        (Some(_), _) => Some(html! { a.button href={ (href) "/draw" } { "See who got what, and why" } }),
        // Whose units have all applied has done what matters now.
        (None, WavePhase::Open) if has_applied => None,
        (None, WavePhase::Open) if may_apply(view) => {
            Some(html! { a.button href="#apply" { "Contend for a slot" } })
        }
        (None, WavePhase::Open) if runs => {
            Some(html! { a.button href={ (href) "/policy" } { "See whom it would choose" } })
        }
        (None, WavePhase::Announced) if runs => {
            Some(html! { a.button href={ (href) "/policy" } { "Settle how it chooses" } })
        }
        (None, WavePhase::Closed) if runs && !called.contenders.is_empty() => {
            draw::pages::source::action(view, &href, sources)
        }
        _ => None,
    }
}

fn facts(view: &View, called: &Called, sources: &[PublicSource]) -> Markup {
    let wave = &called.wave;
    let exact = |at| when::exact(at, view.zone());
    html! {
        dl.facts {
            dt { "Applications" } dd { (exact(wave.opens_at)) " to " (exact(wave.closes_at))
                @match wave.phase(view.now) {
                    WavePhase::Announced => { ": they open in " (when::left(view, wave.opens_at)) }
                    WavePhase::Open => { ": " (when::left(view, wave.closes_at)) " left" }
                    WavePhase::Closed | WavePhase::Cancelled => {}
                }
            }
            @if called.drawn.is_none() && wave.cancelled.is_none() {
                dt { "Draw" } dd { (drawn_when(sources.iter().map(|source| source.name.as_str()))) }
            }
            dt { "Slots start" } dd { (exact(wave.starts_at)) }
            @if let Some(ends) = wave.ends_at { dt { "Slots end" } dd { (exact(ends)) } }
            dt { "Contenders" } dd { (called.contest_per_slot(view.now)) }
            dt { "What a unit pledges" } dd { (wave.pledge) }
            dt { "Time zone" } dd { (when::zone_name(view)) }
        }
    }
}

/// What makes a unit near, in a sentence.
fn nearness(layers: &Layers) -> String {
    let words = |rule| match rule {
        LayerRule::SharedPeople => "those that share people with such a unit",
        LayerRule::SameParent => "those under the same parent",
        LayerRule::Distance => "the others by the steps between them in the organisation's tree",
    };
    let mut named: Vec<&str> = layers.rules().map(words).collect();
    if named.is_empty() {
        return "Inside a band, all units are equally near to where the change already works.".into();
    }
    if !layers.count(LayerRule::Distance) {
        named.push("the others");
    }
    format!(
        "Inside a band, units nearer to where the change already works come first: {}.",
        named.join(", then ")
    )
}

/// The policy in plain sentences.
fn how(policy: &Policy, protected: &[Protected]) -> Markup {
    let points: Vec<String> = policy.cuts.points().iter().map(|cut| on_scale(*cut)).collect();
    html! {
        ol {
            @if let Some(threshold) = policy.threshold {
                li { "A unit may contend from a readiness of " (on_scale(threshold)) " of 5 (the mean of appetite and aptitude)." }
            }
            li {
                @if points.is_empty() { "Readiness does not order units: all stand in one band." }
                @else { "Readiness gives a band, no fine rank: the bands part at " (points.join(" and ")) " of 5." }
                @match policy.unshown {
                    Unshown::InBand(band) => { " A unit without a shown pulse stands in band " (band) "." }
                    Unshown::NotEligible => { " A unit needs a shown pulse." }
                }
            }
            li { (nearness(&policy.layers)) }
            li { "Where units stand equal and not all of them get a slot, a lottery decides that anyone can recompute." }
            @if let Some(cap) = policy.cap { li { "No more than " (cap.0) " under one parent get a slot." } }
            @for place in protected { li { (place.unit_name) " has a protected place if it applies (" (place.who) ": " (place.why) "); it is left out of the comparison that proves the effect." } }
        }
    }
}

fn trust(view: &View, commitment: Option<Digest>, sources: &[PublicSource]) -> Markup {
    html! {
        @if let Some(commitment) = commitment {
            p { "Committed to: " code.hash { (commitment) } ", the SHA-256 of a secret that is published with the draw." }
        }
        @if sources.is_empty() {
            p.meta { "With the secret alone, whoever runs this server knows it before closing and could try lists; a public source of randomness named here would end that. Once the list is frozen, nobody can change it without being found out, as long as somebody kept its hash and the commitment." }
        } @else {
            ul { @for source in sources { li {
                (source.name)
                @match (source.due(), &source.when) {
                    (Some(due), _) => { " (" (when::exact(due, view.zone())) ")" }
                    (None, Some(due)) => { " (" (due) ")" }
                    (None, None) => {}
                }
                ": "
                @match &source.value {
                    Some(value) if value.is_empty() => "it published no value, and the wave is drawn without it",
                    Some(value) => { code { (value) } }
                    None if source.due().is_some_and(|due| due <= view.now) => "its value is not entered yet",
                    None => "its value does not exist yet",
                }
            } } }
            p.meta { "With a public source, nobody needs to be trusted by whoever kept the commitment: its value does not exist before the list is frozen." }
        }
    }
}
