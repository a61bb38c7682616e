//! A change's page: all nine stages as one picture with its live figures, and what to do next.

use maud::{Markup, html};
use traction_domain::offer::change::ChangeState;
use traction_domain::offer::wave::WavePhase;
use traction_domain::time::Moment;

use crate::contend::wave::pages::may_apply;
use crate::offer::change::store::Change;
use crate::offer::wave::store::Wave;
use crate::offer::{change, goal, metric, wave};
use crate::overview::figures::Stage;
use crate::overview::stations::{self, Counts, Standing};
use crate::overview::store;
use crate::sense::account::demand;
use crate::store::Sql;
use crate::sustain::balance;
use crate::trouble::{Broken, Trouble};
use crate::web::ring::ring;
use crate::web::{Answer, Page, Path, View, counted, when};

/// The counts and the nine stations of a change.
pub async fn stations_of(sql: &Sql, change: &Change, now: Moment) -> Result<(Counts, Vec<Standing>), Broken> {
    let counts = store::counts(sql, change.id, now).await?;
    let standings = stations::stations(&counts, now);
    Ok((counts, standings))
}

/// `GET /changes/{change}`
pub async fn show(view: View, Path(slug): Path<String>) -> Answer {
    let sql = view.world.store().read();
    let change = change::verbs::find(sql, &slug).await?;
    let goal = goal::store::one(sql, change.goal).await?.ok_or(Trouble::NotFound { what: "goal" })?;
    let metric = metric::store::one(sql, change.metric).await?.ok_or(Trouble::NotFound { what: "metric" })?;
    let waves = wave::store::of_change(sql, change.id).await?;
    let prediction = change::store::prediction(sql, change.id).await?;
    // Of several that are open the one that closes first, as in the counts.
    let is_open = |wave: &&Wave| wave.phase(view.now) == WavePhase::Open;
    let open = waves.iter().filter(is_open).min_by_key(|wave| (wave.closes_at, std::cmp::Reverse(wave.n)));
    let runs = view.who.as_ref().is_some_and(|who| change::verbs::runs(who, &change));
    let (counts, standings) = stations_of(sql, &change, view.now).await?;
    let asked_for = balance::pages::of_change(&view, change.id).await?;
    let n_customers = demand::waiting_for(&demand::all(sql).await?, change.id) as u64;
    let mut page = Page::new(Stage::Offer, change.name.clone(), answer(&view, &change, open, &counts));
    // Who runs it frees what is stuck before he asks for more.
    let unstuck = if runs { stations::unstuck(&standings, &counts, &slug) } else { None };
    let step = match open {
        _ if unstuck.is_some() => unstuck,
        Some(wave) => {
            let words = if may_apply(&view) { "Contend for a slot" } else { "See the call" };
            Some((format!("/changes/{slug}/waves/{}", wave.n), words))
        }
        None if runs => stations::next_step(&standings, &counts, &slug),
        None => None,
    };
    page.action = step.map(|(href, words)| html! { a.button href=(href) { (words) } });
    Ok(page
        .crumb("/changes", "Changes")
        .body(html! {
            (ring(&stations::placed(&standings, &counts, &slug)))
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
                dt { "Unused slots" } dd { a href={ "/changes/" (slug) "/lapse" } { "when they lapse" } }
                dt { "Pull" } dd { (asked_for) " " a href="/balance" { "All changes" } }
                @if n_customers > 0 { dt { "Demand" } dd { (counted(n_customers, "customer is", "customers are")) " stuck on what it removes" } }
                dt { "Flag key" } dd { code { (change.flag_key) } " · " a href={ "/access/guide?flag=" (form_urlencoded::byte_serialize(change.flag_key.as_bytes()).collect::<String>()) } { "switch it on in your own system" } }
            }
            section {
                h2 { "More of it" }
                ul {
                    li { a href={ "/changes/" (slug) "/slots" } { "Who has it from when, and how it spreads" } }
                    li { a href={ "/changes/" (slug) "/evidence" } { "What the data say" } }
                    li { a href={ "/changes/" (slug) "/uptake" } { "Who uses it, week by week" } }
                    li { a href={ "/changes/" (slug) "/gap" } { "The gap to the goal" } }
                }
            }
            (waves_list(&view, &slug, &waves))
            @if runs { (running(&change)) }
        })
        .show(&view))
}

fn answer(view: &View, change: &Change, open: Option<&Wave>, counts: &Counts) -> Markup {
    match (open, change.state) {
        (_, ChangeState::Paused) => html! { "It is paused: switched off for everybody." },
        (Some(wave), _) => {
            let n_contenders = counts.wave.as_ref().map_or(0, |wave| wave.n_contenders);
            let contend = match n_contenders {
                0 => "Nobody contends yet".to_owned(),
                1 => "1 contends".to_owned(),
                n => format!("{n} contend"),
            };
            html! { (contend) " for " (counted(wave.n_slots, "slot", "slots")) "; applications close " (when::relative(view, wave.closes_at)) "." }
        }
        (None, _) => {
            html! { @if counts.n_slots == 1 { "1 unit has it. " } @else { (counts.n_slots) " units have it. " } (change.promise.trim_end_matches('.')) "." }
        }
    }
}

fn waves_list(view: &View, slug: &str, waves: &[Wave]) -> Markup {
    html! {
        section {
            h2 { "Waves" }
            @if waves.is_empty() { p.empty { "No wave yet. The prediction is locked first; then few slots are offered at a time." } }
            @if !waves.is_empty() { p.meta { "Their dates for your own calendar: " a href={ "/changes/" (slug) "/calendar.ics" } { "calendar.ics" } } }
            ul { @for wave in waves { li {
                a href={ "/changes/" (slug) "/waves/" (wave.n) } { "Wave " (wave.n) } ": " (counted(wave.n_slots, "slot", "slots")) ", applications "
                @match wave.phase(view.now) {
                    WavePhase::Announced => { "open " (when::relative(view, wave.opens_at)) }
                    WavePhase::Open => { "close " (when::relative(view, wave.closes_at)) }
                    WavePhase::Closed => { "closed " (when::relative(view, wave.closes_at)) }
                    WavePhase::Cancelled => "cancelled"
                }
            } } }
        }
    }
}

/// What those who run the change can do.
fn running(change: &Change) -> Markup {
    let (state, words) = match change.state {
        ChangeState::Running => ("paused", "Pause it for everybody"),
        ChangeState::Paused => ("running", "Let it go on"),
    };
    html! {
        section {
            h2 { "Run it" }
            p { a.button.quiet href={ "/changes/" (change.slug) "/waves/new" } { "Announce a wave" } }
            details {
                summary { (words) }
                form.stack method="post" action={ "/changes/" (change.slug) "/state" } {
                    input type="hidden" name="state" value=(state);
                    div.field { label for="why" { "Why?" } input #why name="why" required; }
                    button.button.quiet { (words) }
                }
            }
        }
    }
}
