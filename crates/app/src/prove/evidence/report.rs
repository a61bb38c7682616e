//! An evidence record for people: the verdict, the picture, and what both rest on. The same body serves a page and
//! the report that stands alone.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use traction_domain::prove::{Doubted, Kind};

use super::record::EvidenceJson;
use super::record::kind_class;
use super::{believed, further, pictures, show};
use crate::web::charts::Downloads;

/// The style of all pages, so that the report looks like them without a server.
const STYLE: &str = include_str!("../../../assets/traction.css");

/// So many starts are shown at once; more are folded away.
const N_STARTS_OPEN: usize = 6;

/// The whole report: one file that needs no other.
pub fn alone(record: &EvidenceJson) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Evidence: " (record.question.outcome) }
                style { (PreEscaped(STYLE)) }
            }
            body data-stage="prove" {
                main id="main" {
                    h1 { "What it did to " (record.question.outcome) }
                    (body(record, None, &|_| Downloads::Inside))
                    (further::reproduce(record))
                }
                footer { p class="meta" { "Made with Traction " (record.traction) "." } }
            }
        }
    };
    page.into_string()
}

/// Verdict, pictures, numbers, checks and data; `truth` is the true effect where the data are simulated, and
/// `downloads` says where the files of a picture of some name are.
pub fn body(
    record: &EvidenceJson,
    truth: Option<f64>,
    downloads: &dyn Fn(&'static str) -> Downloads,
) -> Markup {
    let all = pictures::all(record, truth);
    let (telling, others) = all.split_at(all.len().min(1));
    let verdict = &record.verdict;
    html! {
        p class={ "verdict " (kind_class(verdict.kind, verdict.doubted())) } {
            strong { (kind_title(verdict.kind, verdict.doubted())) } " " (verdict.says)
        }
        @if let Some(between) = show::between(record) { p class="notice" { (between) } }
        @if let Some(truth) = truth { (beside_the_truth(record, truth)) }
        @for (name, picture) in telling { (picture.figure(&downloads(name))) }
        (further::on_users(record))
        @if record.overall.is_some() { (tables(record)) }
        @if !others.is_empty() {
            h2 { "A closer look" }
            @for (name, picture) in others { (picture.figure(&downloads(name))) }
        }
        h2 { "How this was found" }
        p { (record.design.why) }
        (further::methods(record, matches!(downloads("event-study"), Downloads::At { .. })))
        @if record.overall.is_some() { (believed::list(record)) }
        (further::second(record))
        (checks(record))
        (further::exploratory(record))
        (further::sensitivity(record))
        (further::two_by_two(record))
        (further::weights(record))
        (data(record))
    }
}

/// A kind of verdict in a few words.
pub fn kind_title(kind: Kind, doubted: Doubted) -> String {
    match kind {
        Kind::Works => doubted.words("It works", "It seems to work"),
        Kind::Harms => doubted.words("It harms", "It seems to harm"),
        Kind::NoWorthwhileEffect => doubted.words("No worthwhile effect", "No worthwhile effect to be seen"),
        Kind::CannotTell => "Cannot tell yet".to_owned(),
        Kind::Refused => "No claim".to_owned(),
    }
}

/// What a simulation put in, beside what was found.
fn beside_the_truth(record: &EvidenceJson, truth: f64) -> Markup {
    let interval = record.overall.as_ref().and_then(|overall| overall.low.zip(overall.high));
    let holds = interval.map(|(low, high)| (low..=high).contains(&truth));
    let sign = if truth < 0.0 { "\u{2212}" } else { "" };
    html! {
        p class="notice" {
            "This is simulated, so the truth is known: the effect put in is " (record.measured(&format!("{sign}{}", truth.abs())))
            @match holds {
                Some(true) => { "; the interval holds it." }
                Some(false) => { "; the interval misses it, as 1 in 20 does." }
                None => { "." }
            }
        }
    }
}

fn tables(record: &EvidenceJson) -> Markup {
    let exposure: Vec<_> = show::by_exposure(record).collect();
    let starts: Vec<_> = show::by_start(record).collect();
    let periods: Vec<_> = show::by_period(record).collect();
    let cells: Vec<_> = show::by_cell(record).collect();
    html! {
        h2 { "The numbers" }
        @if let Some(overall) = &record.overall {
            (table("Over", &[show::Row::found("all starts and periods".to_owned(), overall)]))
        }
        @if !starts.is_empty() {
            details open[starts.len() <= N_STARTS_OPEN] { summary { "By start" } (table("Start", &starts)) }
        }
        @let all = [&exposure, &starts, &periods, &cells];
        @let overall = record.overall.iter();
        @if let Some(together) = show::together(record) { p class="meta" { (together) } }
        @if let Some(wider) = show::wider(overall.chain(all.into_iter().flatten().map(|row| row.effect))) {
            p class="meta" { (wider) }
        }
        @for (by, first, rows) in [
            ("By time since the start", "Since the start", &exposure),
            ("By period", "Period", &periods),
            ("By start and period", "Start and period", &cells),
        ] {
            @if !rows.is_empty() { details { summary { (by) } (table(first, rows)) } }
        }
    }
}

/// The columns of a table of effects.
const COLUMNS: [&str; 5] = ["Effect", "Error", "Low end", "High end", "p"];

fn table(first: &str, rows: &[show::Row<'_>]) -> Markup {
    html! {
        table class="list folds" tabindex="0" {
            thead {
                tr {
                    th scope="col" { (first) }
                    @for column in COLUMNS {
                        th scope="col" class="number" { (column) }
                    }
                }
            }
            tbody {
                @for row in rows {
                    tr {
                        th scope="row" { (row.name) }
                        @for (column, cell) in COLUMNS.iter().zip(row.cells()) {
                            td class="number" data-th=(column) { (cell) }
                        }
                    }
                }
            }
        }
    }
}

fn checks(record: &EvidenceJson) -> Markup {
    html! {
        @if !record.checks.is_empty() {
            h2 { "Checks" }
            ul {
                @for check in &record.checks {
                    li {
                        strong {
                            (match check.holds {
                                Some(true) => "Holds.",
                                Some(false) => "Does not hold.",
                                None => "Open.",
                            })
                        }
                        " " (check.says)
                        @if let Some(test) = show::test(check) { span class="meta" { (test) } }
                    }
                }
            }
        }
    }
}

fn data(record: &EvidenceJson) -> Markup {
    let data = &record.data;
    html! {
        h2 { "The data" }
        dl class="facts" {
            div { dt { "Rows" } dd { (data.rows) } }
            div { dt { "Units" } dd { (data.units) } }
            @if let Some(worth) = data.worth() {
                div { dt { "As many as so many of like weight" } dd { (format!("{worth:.1}")) } }
            }
            div { dt { "Periods" } dd { (data.periods) } }
            div { dt { "Never started" } dd { (data.never) } }
            @for cohort in &data.cohorts {
                div { dt { "Started " (cohort.start) } dd { (cohort.units) } }
            }
        }
        @if !data.left_out.is_empty() {
            p { "Left out, and why:" }
            ul { @for left in &data.left_out { li { (left.count) " " (left.what) ": " (left.why) "." } } }
        }
        p class="meta" { "SHA-256 of the data: " code { (data.sha256) } }
    }
}
