//! All waves on one page.

use std::collections::{BTreeMap, BTreeSet};

use maud::html;
use traction_domain::offer::wave::WavePhase;

use crate::contend::draw::store as draws;
use crate::contend::wave::pages::href;
use crate::contend::wave::standing::{self, Draw, per_slot};
use crate::grant::slot;
use crate::offer::{change, wave};
use crate::overview::figures::Stage;
use crate::web::{Answer, Page, View, when};

/// `GET /waves`
pub async fn list(view: View) -> Answer {
    let sql = view.world.store().read();
    let changes: BTreeMap<_, _> =
        change::store::all(sql).await?.into_iter().map(|change| (change.id, change)).collect();
    let contenders = slot::store::contenders(sql, view.now).await?;
    let drawn: BTreeSet<_> = draws::drawn_waves(sql).await?.into_iter().collect();
    let waves = wave::store::all(sql).await?;
    let n_open = waves.iter().filter(|wave| wave.phase(view.now) == WavePhase::Open).count();
    Ok(Page::new(Stage::Contend, "Waves", html! {
        @if n_open == 1 { "1 wave is open" } @else { (n_open) " waves are open" } ": units contend for few slots, and anyone can check how it is decided."
    })
    .body(html! {
        @if waves.is_empty() {
            p.empty { "A wave offers a few slots of a change for one short cycle. Units apply until it closes; then readiness and nearness give the order, and where units stand equal a lottery decides that everybody can recompute." }
        } @else { table.list.folds {
            thead { tr { th { "Change" } th { "Wave" } th { "State" } th.figure { "Contenders" } th.figure { "Slots" } th { "Closes" } th { "Starts" } } }
            tbody { @for wave in &waves { @if let Some(change) = changes.get(&wave.change) { tr {
                @let n_contenders = contenders.get(&wave.id).copied().unwrap_or(0);
                @let draw = if drawn.contains(&wave.id) { Draw::Run } else { Draw::Ahead };
                td { a href={ "/changes/" (change.slug) } { (change.name) } }
                td data-th="Call" { a href=(href(change, wave.n)) { "Wave " (wave.n) } }
                td data-th="State" { span.pill { (standing::word(wave, draw, n_contenders, view.now)) } }
                td.figure data-th="Contenders" { (n_contenders) @if n_contenders > 0 { " (" (per_slot(n_contenders, wave.n_slots)) ")" } }
                td.figure data-th="Slots" { (wave.n_slots) }
                td data-th="Closes" { (when::relative(&view, wave.closes_at)) }
                td data-th="Starts" { (when::date(&view, wave.starts_at)) }
            } } } }
        } }
        p.meta { "All dates for your own calendar: " a href="/calendar.ics" { "calendar.ics" } ", to subscribe to or to open." }
    })
    .show(&view))
}
