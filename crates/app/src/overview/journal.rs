//! The journal as a page: who did what and when, newest first. For administrators.

use axum::extract::Query;
use maud::html;
use serde::Deserialize;

use crate::overview::store;
use crate::web::{Answer, Page, View, when};

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
    let oldest = entries.last().map_or(0, |entry| entry.seq);
    Ok(Page::new(
        None,
        "Journal",
        html! { (last) " facts are written down; none was ever changed or taken away." },
    )
    .body(html! {
        table.list tabindex="0" {
            thead { tr { th.figure { "No." } th { "When" } th { "Who" } th { "What" } th { "About" } } }
            tbody { @for entry in &entries { tr {
                td.figure { (entry.seq) }
                td { (when::relative(&view, entry.at)) }
                td { (entry.who) }
                td { (entry.kind.replace('_', " ")) }
                td { code { (entry.about) } }
            } } }
        }
        @if oldest > 1 { p { a href={ "/journal?before=" (oldest) } { "Older" } } }
    })
    .show(&view))
}
