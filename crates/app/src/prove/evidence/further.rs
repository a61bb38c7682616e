//! What some records hold beyond the main answer: a second opinion, how far trends may part, two-way regression
//! taken apart, and what a twin is made of. What a record lacks is not shown.

use maud::{Markup, html};
use traction_domain::prove::Figures;
use traction_domain::words::counted;

use super::record::{EvidenceJson, ExploredJson, SensitivityJson};
use super::{arguments, show};

/// Comparisons and units that count for less than this are summed in the last row.
const WORTH_A_ROW: f64 = 0.01;

/// The effect on those who used it.
pub fn on_users(record: &EvidenceJson) -> Markup {
    html! {
        @if let Some(users) = &record.on_users {
            h2 { "In units that used it" }
            p { (users.says) }
            @if users.effect.is_some() {
                p class="meta" { "The main answer counts every unit as the draw left it, whether or not it used its slot." }
            }
        }
    }
}

/// Where it stands how all this is computed: as links where the pages are at hand.
pub fn methods(record: &EvidenceJson, at_hand: bool) -> Markup {
    let method = match record.design.method.as_str() {
        "interaction" => "interaction-weighted",
        "two-way" => "two-way-and-bacon",
        "synthetic-control" => "synthetic",
        method => method,
    };
    let has = |check: &str| record.checks.iter().any(|made| made.name == check);
    let pages = [
        ("the method", Some(method)),
        ("few units", has("few_units").then_some("few-units")),
        ("before the start", (has("placebo_starts") || has("pre_test_power")).then_some("before-the-start")),
        ("further looks", (!record.exploratory.is_empty()).then_some("further-looks")),
        ("drawing the lots again", has("permutation").then_some("permutation")),
        ("how far trends may part", (!record.sensitivity.is_empty()).then_some("sensitivity")),
    ];
    html! {
        p class="meta" {
            @if at_hand { "How it is computed, and when not to use it: " }
            @else { "How it is computed, and when not to use it, stands in Traction under /methods: " }
            @for (place, (words, page)) in
                pages.iter().filter_map(|(words, page)| Some((words, (*page)?))).enumerate()
            {
                @if place > 0 { " · " }
                @if at_hand { a href={ "/methods/" (page) } { (words) } } @else { (words) " (" (page) ")" }
            }
        }
    }
}

/// How anybody makes the record again.
pub fn reproduce(record: &EvidenceJson) -> Markup {
    html! {
        @if let Some(settings) = &record.settings {
            @let arguments = arguments::of_today(settings);
            h2 { "To make it again" }
            p { "With evidence.json, panel.csv and the draws' records in one folder, "
                code { "traction prove again FOLDER" }
                " makes this record once more and says of each file, the report and the pictures too, whether it is the same to "
                "the last byte. The same numbers come from" }
            pre tabindex="0" { code {
                // A line ends between words of the command, not within them.
                @for (place, word) in arguments::command(&arguments).enumerate() {
                    @if place > 0 { " " }
                    span class="arg" { (word) }
                }
            } }
        }
    }
}

/// A second method's opinion.
pub fn second(record: &EvidenceJson) -> Markup {
    html! { @if let Some(second) = &record.second { h2 { "A second opinion" } p { (second.says) } } }
}

/// The columns of a table of further looks.
const LOOKS: [&str; 6] = ["Effect", "Error", "Low end", "High end", "p", "p, all looks"];

/// Looks at further outcomes and at parts of the units.
pub fn exploratory(record: &EvidenceJson) -> Markup {
    html! {
        @if !record.exploratory.is_empty() {
            h2 { "Further looks" }
            p { (show::EXPLORATORY) " The last column allows for all of them having been looked at (Holm)." }
            table class="list folds" tabindex="0" {
                thead { tr {
                    th scope="col" { "Of" }
                    @for column in LOOKS {
                        th scope="col" class="number" { (column) }
                    }
                } }
                tbody {
                    @for look in &record.exploratory { tr {
                        th scope="row" { (looked_at(look)) }
                        @match &look.overall {
                            Some(effect) => {
                                @let holm = look.p_holm.map(show::p).unwrap_or_default();
                                @for (column, cell) in LOOKS.iter().zip(show::numbers(effect).into_iter().chain([holm])) {
                                    td class="number" data-th=(column) { (cell) }
                                }
                            }
                            None => { td colspan="6" { (look.says) } }
                        }
                    } }
                }
            }
        }
    }
}

fn looked_at(look: &ExploredJson) -> String {
    match (&look.value, look.units) {
        (Some(value), Some(units)) => {
            format!("{}: {value} ({})", look.of, counted(units, "unit", "units"))
        }
        _ => look.of.clone(),
    }
}

/// The ways in which trends may part, as the record has them, each with its words.
pub const PARTINGS: [(&str, &str); 2] = [
    (
        "relative_magnitudes",
        "If the sides part after the start by at most this many times the most they did from one period to the next before",
    ),
    ("smoothness", "If the sides part from a straight line by at most this much a period"),
];

/// By how much the sides may part in that way, and the interval's two ends.
pub fn partings<'a>(record: &'a EvidenceJson, kind: &'a str) -> impl Iterator<Item = [String; 3]> + 'a {
    record.sensitivity.iter().filter(move |row| row.kind == kind).map(|row| {
        // A tenth of the interval's width is about as fine as it can be read.
        let figures = Figures::of(((row.high - row.low).abs() / 20.0).max(f64::MIN_POSITIVE));
        [parting(row), figures.say(row.low), figures.say(row.high)]
    })
}

/// The intervals that hold although trends part.
pub fn sensitivity(record: &EvidenceJson) -> Markup {
    html! {
        @if !record.sensitivity.is_empty() {
            h2 { "If the two sides would have parted" }
            @for (kind, first) in PARTINGS {
                @let rows: Vec<[String; 3]> = partings(record, kind).collect();
                @if !rows.is_empty() { (intervals(first, &rows)) }
            }
        }
    }
}

fn intervals(first: &str, rows: &[[String; 3]]) -> Markup {
    html! {
        table class="list" tabindex="0" {
            thead { tr { th scope="col" { (first) } th scope="col" class="number" { "Low end" } th scope="col" class="number" { "High end" } } }
            tbody {
                @for [parting, low, high] in rows { tr {
                    th scope="row" { (parting) }
                    td class="number" { (low) }
                    td class="number" { (high) }
                } }
            }
        }
    }
}

/// By how much the sides may part: a bend is in the outcome's unit, and told to as many digits as matter.
fn parting(row: &SensitivityJson) -> String {
    match row.kind.as_str() {
        "smoothness" if row.m > 0.0 => Figures::of(row.m / 50.0).say(row.m),
        _ => row.m.to_string(),
    }
}

/// Two-way regression taken apart.
pub fn two_by_two(record: &EvidenceJson) -> Markup {
    let mut pairs: Vec<_> = record.two_by_two.iter().filter(|pair| pair.weight >= WORTH_A_ROW).collect();
    pairs.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let rest: f64 =
        record.two_by_two.iter().map(|pair| pair.weight).filter(|weight| *weight < WORTH_A_ROW).sum();
    html! {
        @if !record.two_by_two.is_empty() {
            h2 { "The regression taken apart" }
            table class="list folds" tabindex="0" {
                thead { tr {
                    th scope="col" { "Started" } th scope="col" { "Compared with" } th scope="col" { "Kind" }
                    th scope="col" class="number" { "Finds" } th scope="col" class="number" { "Counts for" }
                } }
                tbody {
                    @for pair in pairs { tr {
                        th scope="row" { (pair.treated) }
                        td data-th="Compared with" { (pair.control) } td data-th="Kind" { (pair.kind) }
                        td class="number" data-th="Finds" { (Figures::of(pair.estimate.abs().max(f64::MIN_POSITIVE) / 100.0).say(pair.estimate)) }
                        td class="number" data-th="Counts for" { (percent(pair.weight)) }
                    } }
                    @if rest > 0.0 { tr {
                        th scope="row" { "All others" } td {} td {} td {} td class="number" data-th="Counts for" { (percent(rest)) }
                    } }
                }
            }
        }
    }
}

/// What the twin is made of.
pub fn weights(record: &EvidenceJson) -> Markup {
    let mut parts: Vec<_> = record.weights.iter().filter(|part| part.weight >= WORTH_A_ROW).collect();
    parts.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let rest: f64 =
        record.weights.iter().map(|part| part.weight).filter(|weight| *weight < WORTH_A_ROW).sum();
    html! {
        @if !record.weights.is_empty() {
            h2 { "What the twin is made of" }
            table class="list" tabindex="0" {
                thead { tr { th scope="col" { "Unit" } th scope="col" class="number" { "Counts for" } } }
                tbody {
                    @for part in parts { tr { th scope="row" { (part.unit) } td class="number" { (percent(part.weight)) } } }
                    @if rest >= 0.0005 { tr { th scope="row" { "All others" } td class="number" { (percent(rest)) } } }
                }
            }
        }
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
