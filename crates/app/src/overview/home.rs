//! The first page: what needs you, and the loop of each change.

use maud::{Markup, html};
use traction_domain::offer::change::ChangeState;

use crate::offer::change;
use crate::offer::change::store::Change;
use crate::overview::change::stations_of;
use crate::overview::{attention, stations};
use crate::web::ring::{Flow, ring};
use crate::web::{Answer, Page, View};

/// Changes whose loop is drawn on the first page; the rest is linked.
const N_LOOPS: usize = 3;

/// `GET /`
pub async fn show(view: View) -> Answer {
    let sql = view.world.store().read();
    let changes = change::store::all(sql).await?;
    let running: Vec<&Change> =
        changes.iter().filter(|change| change.state == ChangeState::Running).collect();
    let items = match &view.who {
        Some(who) => Some(attention::of(&view, who).await?),
        None => None,
    };
    let mut loops = Vec::new();
    let mut n_stuck = 0;
    for change in running.iter().take(N_LOOPS) {
        let (counts, standings) = stations_of(sql, change, view.now).await?;
        n_stuck += usize::from(standings.iter().any(|standing| standing.flow == Flow::Stuck));
        loops.push((change, stations::placed(&standings, &counts, change.slug.as_str())));
    }
    let organisation = view.world.settings().organisation.clone();
    Ok(Page::new(None, organisation, answer(running.len(), n_stuck))
        .action(action(&view))
        .body(html! {
            @if let Some(items) = &items {
                section { h2 { "What needs you" } (attention::list(items)) }
            }
            @if changes.is_empty() {
                section {
                    p.empty {
                        "Traction turns change round: teams contend for few slots, the solution is switched on only for those that get one, and their own data proves what it did. It begins with a pain."
                    }
                    @if view.who.as_ref().is_some_and(|who| who.is_administrator()) {
                        ol {
                            li { a href="/units" { "Add your units" } ", or import them with " code { "traction import units FILE" } "." }
                            li { a href="/people" { "Add people" } " and give them roles." }
                            li { a href="/changes/new" { "Open a first change" } ", or look at the demo: " code { "traction demo" } "." }
                        }
                    }
                }
            }
            @for (change, stations) in &loops {
                section {
                    h2 { a href={ "/changes/" (change.slug) } { (change.name) } }
                    p { (change.promise) "." }
                    (ring(stations))
                }
            }
            @if running.len() > N_LOOPS { p { a href="/changes" { "All " (running.len()) " changes" } } }
        })
        .show(&view))
}

fn answer(n_running: usize, n_stuck: usize) -> Markup {
    let offered = match n_running {
        0 => "No change is offered yet".to_owned(),
        1 => "One change is offered".to_owned(),
        n => format!("{n} changes are offered"),
    };
    html! {
        (offered)
        @match (n_running, n_stuck) {
            (0, _) => { "." }
            (_, 0) => { "; the loop flows." }
            (_, 1) => { "; one of them is stuck somewhere." }
            (_, n) => { "; " (n) " are stuck somewhere." }
        }
    }
}

fn action(view: &View) -> Markup {
    match &view.who {
        Some(_) => html! { a.button href="/frictions/new" { "What got in the way?" } },
        None => html! { a.button href="/showcases" { "See what others got" } },
    }
}
