//! The journal as a page: who did what and when, newest first. For administrators.

use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use serde::Deserialize;

use crate::loops;
use crate::overview::store;
use crate::store::Trial;
use crate::web::charts::in_thousands;
use crate::web::{Answer, Page, Path, Query, View, layout, when};

/// Entries on a page.
const N_ENTRIES: u32 = 100;

/// What may stand in the address.
#[derive(Debug, Deserialize)]
pub struct Asked {
    before: Option<i64>,
}

/// `GET /journal`
pub async fn show(view: View, Query(asked): Query<Asked>) -> Answer {
    view.signed_in()?.must_administer("read the journal")?;
    let sql = view.world.store().read();
    let last = sql.last_entry().await?;
    let entries = store::entries_before(sql, asked.before.unwrap_or(last + 1), N_ENTRIES).await?;
    let trials = sql.trials().await?;
    let oldest = entries.last().map_or(0, |entry| entry.seq);
    Ok(Page::new(
        None,
        "Journal",
        html! { (in_thousands(usize::try_from(last).unwrap_or(0))) " facts are written down; none was ever changed or taken away." },
    )
    .body(html! {
        @if !trials.is_empty() { (not_come_about(&view, &trials)) }
        table.list.folds tabindex="0" {
            thead { tr { th { "No." } th { "When" } th { "Who" } th { "What" } th { "About" } } }
            tbody { @for entry in &entries { tr {
                td data-th="No." { (entry.seq) }
                td data-th="When" { (when::relative(&view, entry.at)) }
                td data-th="Who" { (entry.who) }
                td data-th="What" { (entry.kind.replace('_', " ")) }
                td data-th="About" { code { (entry.about) } }
            } } }
        }
        @if oldest > 1 { p { a href={ "/journal?before=" (oldest) } { "Older" } } }
    })
    .show(&view))
}

/// The facts whose consequences did not come about, each with what stood in the way, and a way to go on.
fn not_come_about(view: &View, trials: &[Trial]) -> Markup {
    html! {
        section {
            h2 { "What did not follow" }
            p { "Something should have followed from these facts, and did not. Put right what is in the way, then have it tried again; nothing is done twice." }
            table.list.folds tabindex="0" {
                thead { tr { th.figure { "No." } th { "What was in the way" } th { "Tried" } th { "Next" } } }
                tbody { @for trial in trials { tr {
                    td.figure { (trial.seq) }
                    td data-th="In the way" { (layout::sentence(&trial.why)) }
                    td data-th="Tried" { (trial.n_tries) @if trial.n_tries == 1 { " time, " } @else { " times, last " } (when::relative(view, trial.tried_at)) }
                    td data-th="Next" { @match trial.again_at {
                        Some(again) => { (when::relative(view, again)) }
                        None => form method="post" action={ "/journal/" (trial.seq) "/again" } { button.button.quiet { "Try again" } }
                    } }
                } } }
            }
        }
    }
}

/// `POST /journal/{seq}/again`
pub async fn again(view: View, Path(seq): Path<i64>) -> Answer {
    loops::retry(&view.world, view.signed_in()?, seq).await?;
    Ok(Redirect::to("/journal").into_response())
}
