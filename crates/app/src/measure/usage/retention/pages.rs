//! What is said of retention on the page of what arrives.

use maud::{Markup, html};

use super::store;
use crate::measure::usage::pages::how_many;
use crate::trouble::Broken;
use crate::web::{View, when};

/// How long the events of each source are kept, and what was dropped; nothing where nothing was said.
pub async fn section(view: &View) -> Result<Markup, Broken> {
    let sql = view.world.store().read();
    let (kept, dropped) = (store::all(sql).await?, store::dropped(sql).await?);
    Ok(html! {
        @if !kept.is_empty() {
            section {
                h2 { "How long events are kept" }
                ul { @for (source, retention) in &kept { li {
                    "Those of " (source) " are kept one by one " @match retention {
                        traction_domain::measure::usage::retention::UsageRetention::Forever => "for ever",
                        days => { "for " (days) }
                    } "."
                    @if let Some((before, dropped)) = dropped.get(source).filter(|(_, dropped)| dropped.n_events > 0) {
                        " Of what happened before " (when::date(view, *before)) " " (how_many(dropped.n_events as usize)) " events were dropped: they stay counted, by person and day."
                    }
                } } }
                p.help { "What is sent again after it was dropped is known by its time, and does not count twice. An event without a time of its own cannot be known so and counts again: have the system send its times." }
            }
        }
    })
}
