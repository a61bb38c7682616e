//! What no data can show, and a claim rests on, by method.

use maud::{Markup, html};

use super::record::EvidenceJson;

const NO_REACH: &str = "What one unit started did not reach into another.";
const NOBODY_EARLY: &str = "Nobody changed beforehand because it was coming.";

/// The list for a record's method.
pub fn list(record: &EvidenceJson) -> Markup {
    html! {
        h2 { "What must be believed" }
        ul { @for belief in of(record) { li { (belief) } } }
    }
}

fn of(record: &EvidenceJson) -> Vec<&'static str> {
    let nobody_early = Some(NOBODY_EARLY).filter(|_| record.design.anticipation == 0);
    let mut beliefs = match record.design.method.as_str() {
        "risk-set" => vec!["The draw was run as its record says; anybody can recompute it."],
        "efficient" => vec!["Who started when was as good as drawn by lot."],
        "synthetic" | "synthetic-control" => {
            vec!["Without it, the unit would have gone on like its twin."]
        }
        "interrupted" => {
            vec!["Nothing else that matters changed when it started. Nothing here can test that."]
        }
        _ => vec!["Without it, the units that started would have changed like those they are compared with."],
    };
    if record.design.method != "risk-set" {
        beliefs.extend(nobody_early);
    }
    beliefs.push(NO_REACH);
    beliefs
}
