//! A change's page: all nine stages as one picture with its live figures, and what to do next.

use axum::extract::Path;
use maud::html;
use traction_domain::offer::change::ChangeState;
use traction_domain::offer::wave::WavePhase;

use crate::offer::{change, goal, metric, wave};
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::{Answer, Page, View, when};

/// `GET /changes/{change}`
pub async fn show(view: View, Path(slug): Path<String>) -> Answer {
    let sql = view.world.store().read();
    let change = change::verbs::find(sql, &slug).await?;
    let goal = goal::store::one(sql, change.goal).await?.ok_or(Trouble::NotFound { what: "goal" })?;
    let metric = metric::store::one(sql, change.metric).await?.ok_or(Trouble::NotFound { what: "metric" })?;
    let waves = wave::store::of_change(sql, change.id).await?;
    let prediction = change::store::prediction(sql, change.id).await?;
    let open = waves.iter().find(|wave| wave.phase(view.now) == WavePhase::Open);
    let runs = view.who.as_ref().is_some_and(|who| change::verbs::runs(who, &change));
    let answer = match open {
        Some(wave) => {
            html! { (wave.n_slots) " slots are open in wave " (wave.n) "; applications close " (when::relative(&view, wave.closes_at)) "." }
        }
        None if change.state == ChangeState::Paused => html! { "It is paused: switched off for everybody." },
        None => html! { (change.promise) },
    };
    let action = match (open, &prediction, runs) {
        (Some(wave), _, _) => {
            Some(html! { a.button href={ "/changes/" (slug) "/waves/" (wave.n) } { "Contend for a slot" } })
        }
        (None, None, true) => {
            Some(html! { a.button href={ "/changes/" (slug) "/prediction" } { "Lock the prediction" } })
        }
        (None, Some(_), true) => {
            Some(html! { a.button href={ "/changes/" (slug) "/waves/new" } { "Announce a wave" } })
        }
        (None, _, false) => None,
    };
    let mut page = Page::new(Stage::Offer, change.name.clone(), answer).crumb("/changes", "Changes");
    page.action = action;
    Ok(page
        .body(html! {
            dl.facts {
                dt { "Promise" } dd { (change.promise) }
                dt { "Goal" } dd { (goal.title) " (" (metric.name) ": " (goal.target) " " (metric.unit_of_measure) ")" }
                dt { "Worth it from" } dd { (change.worth) " " (metric.unit_of_measure) }
                dt { "Prediction" } dd {
                    a href={ "/changes/" (slug) "/prediction" } {
                        @match &prediction { Some(locked) => { "locked " (when::relative(&view, locked.locked_at)) } None => { "not locked yet" } }
                    }
                }
                dt { "Guardrails" } dd { a href={ "/changes/" (slug) "/guardrails" } { "what must not get worse" } }
            }
            section {
                h2 { "Waves" }
                @if waves.is_empty() { p.empty { "No wave yet. The prediction is locked first; then few slots are offered at a time." } }
                ul { @for wave in &waves { li {
                    a href={ "/changes/" (slug) "/waves/" (wave.n) } { "Wave " (wave.n) } ": " (wave.n_slots) " slots, applications "
                    @match wave.phase(view.now) {
                        WavePhase::Announced => { "open " (when::relative(&view, wave.opens_at)) }
                        WavePhase::Open => { "close " (when::relative(&view, wave.closes_at)) }
                        WavePhase::Closed => { "closed " (when::relative(&view, wave.closes_at)) }
                    }
                } } }
            }
        })
        .show(&view))
}
