//! Everybody in the order of the draw, as a table whose lines fall into place one after the other.
//!
//! The table is whole without the fall: a reader of the source, of paper or with stilled motion sees it at once.

use maud::{Markup, html};
use traction_domain::contend::draw::Record;

use super::Ranking;
use crate::contend::draw::picture::name;
use crate::org::unit::store::Unit;
use crate::web::View;

/// The longest the whole fall may take: what moves for longer than five seconds would need a button to stop it.
const MOST_SECONDS: f64 = 4.0;
/// The longest from one line to the next.
const MOST_BEAT: f64 = 0.4;

/// The table.
pub fn table(view: &View, record: &Record, known: &[Unit], ranking: Ranking) -> Markup {
    let entry = |slug: &str| record.list.iter().find(|line| line.entry.unit == slug).map(|line| &line.entry);
    let led = view.who.as_ref().map(|who| who.led()).unwrap_or_default();
    let is_own = |slug: &str| known.iter().any(|unit| unit.slug.as_str() == slug && led.contains(&unit.id));
    let n_lines = record.order.len().max(1);
    let beat = (MOST_SECONDS / n_lines as f64).min(MOST_BEAT);
    let cut = record.order.iter().rposition(|ranked| record.granted.contains(&ranked.unit));
    let falls = ranking == Ranking::Falls;
    html! {
        section {
            h2 { "Who got what" }
            table.list.falls[falls] tabindex="0" style=[falls.then(|| format!("--beat: {beat:.3}s"))] {
                thead { tr { th.figure { "Place" } th { "Unit" } th { "Result" } th.figure { "Chance" } th.figure { "Band" } th.figure { "Layer" } th { "Score" } } }
                tbody { @for (index, ranked) in record.order.iter().enumerate() {
                    @let score = ranked.score.to_string();
                    @let share = record.probability.get(&ranked.unit).copied().unwrap_or(0.0);
                    @let is_cut = cut == Some(index) && index + 1 < record.order.len();
                    tr.cut[is_cut].own[is_own(&ranked.unit)] style=[falls.then(|| format!("--i: {index}"))] {
                        td.figure { (index + 1) }
                        td { a href={ "/units/" (ranked.unit) } { (name(known, &ranked.unit)) } }
                        td { span.pill.pull[record.granted.contains(&ranked.unit)] { (result(record, &ranked.unit)) } }
                        td.figure { (format!("{share:.2}")) }
                        td.figure { @if let Some(entry) = entry(&ranked.unit) { (entry.band) } }
                        td.figure { @if let Some(entry) = entry(&ranked.unit) { (entry.layer) } }
                        td { code title=(score) { (score[..8]) "…" } }
                    }
                } }
            }
            p.meta { "In the order of band, layer and score; the dashed line is the cut. The score is a keyed hash of the unit's name: nobody could choose it." }
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
