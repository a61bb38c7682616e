//! An evidence record for people: the verdict, the picture, and what both rest on. The same body serves a page and
//! the report that stands alone.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use traction_domain::prove::{Effects, Evidence, Held, Kind, Question};
use traction_stats::uncertainty::Estimate;

use super::pictures;
use super::show::{distance, numbers};
use crate::web::charts::Downloads;

/// The style of all pages, so that the report looks like them without a server.
const STYLE: &str = include_str!("../../../assets/traction.css");

/// The whole report: one file that needs no other.
pub fn alone(evidence: &Evidence, question: &Question) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Evidence: " (question.outcome) }
                style { (PreEscaped(STYLE)) }
            }
            body data-stage="prove" {
                main id="main" {
                    h1 { "What it did to " (question.outcome) }
                    (body(evidence, question, None))
                }
                footer { p class="meta" { "Made with Traction " (env!("CARGO_PKG_VERSION")) "." } }
            }
        }
    };
    page.into_string()
}

/// Verdict, picture, numbers, checks and data; `truth` is the true effect where the data are simulated.
pub fn body(evidence: &Evidence, question: &Question, truth: Option<f64>) -> Markup {
    let verdict = &evidence.verdict;
    html! {
        p class={ "verdict " (kind_word(verdict.kind)) } {
            strong { (kind_title(verdict.kind)) } " " (verdict.says)
        }
        @if let Some(effects) = &evidence.effects {
            (pictures::event_study(effects, question, verdict, truth).figure(&Downloads::Inside))
            (tables(effects))
        }
        h2 { "How this was found" }
        p { (evidence.design.why) }
        (checks(evidence))
        (source(evidence))
    }
}

/// The word of a kind of verdict in records, addresses and style sheets.
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Works => "works",
        Kind::Harms => "harms",
        Kind::NoWorthwhileEffect => "no_worthwhile_effect",
        Kind::CannotTell => "cannot_tell",
        Kind::Refused => "refused",
    }
}

/// A kind of verdict in a few words.
pub fn kind_title(kind: Kind) -> &'static str {
    match kind {
        Kind::Works => "It works",
        Kind::Harms => "It harms",
        Kind::NoWorthwhileEffect => "No worthwhile effect",
        Kind::CannotTell => "Cannot tell yet",
        Kind::Refused => "No claim",
    }
}

fn tables(effects: &Effects) -> Markup {
    let exposure = effects.by_exposure.each.iter().map(|part| (distance(part.at), &part.effect));
    let starts = effects.by_start.each.iter().map(|part| (part.at.to_string(), &part.effect));
    let periods = effects.by_period.each.iter().map(|part| (part.at.to_string(), &part.effect));
    let cells =
        effects.group_time.iter().map(|cell| (format!("{} in {}", cell.start, cell.period), &cell.effect));
    html! {
        h2 { "The numbers" }
        (table("Over", &[("all starts and periods".to_owned(), &effects.overall)]))
        details { summary { "By time since the start" } (table("Since the start", &exposure.collect::<Vec<_>>())) }
        details { summary { "By start" } (table("Start", &starts.collect::<Vec<_>>())) }
        details { summary { "By period" } (table("Period", &periods.collect::<Vec<_>>())) }
        details { summary { "By start and period" } (table("Start and period", &cells.collect::<Vec<_>>())) }
    }
}

fn table(first: &str, rows: &[(String, &Estimate)]) -> Markup {
    html! {
        table class="list" {
            thead {
                tr {
                    th scope="col" { (first) }
                    @for column in ["Effect", "Error", "Low end", "High end", "p"] {
                        th scope="col" class="number" { (column) }
                    }
                }
            }
            tbody {
                @for (name, estimate) in rows {
                    tr {
                        th scope="row" { (name) }
                        @for cell in numbers(estimate) { td class="number" { (cell) } }
                    }
                }
            }
        }
    }
}

fn checks(evidence: &Evidence) -> Markup {
    html! {
        @if !evidence.checks.is_empty() {
            h2 { "Checks" }
            ul {
                @for check in &evidence.checks {
                    li {
                        strong {
                            (match check.held {
                                Held::Yes => "Holds.",
                                Held::No => "Does not hold.",
                                Held::Untested => "Open.",
                            })
                        }
                        " " (check.says)
                        @if let Some(test) = check.test {
                            span class="meta" { (format!(" W = {:.2}, {} numbers, p = {:.3}", test.statistic, test.df, test.p)) }
                        }
                    }
                }
            }
        }
    }
}

fn source(evidence: &Evidence) -> Markup {
    let source = &evidence.source;
    html! {
        h2 { "The data" }
        dl class="facts" {
            div { dt { "Rows" } dd { (source.n_rows) } }
            div { dt { "Units" } dd { (source.n_units) } }
            div { dt { "Periods" } dd { (source.n_periods) } }
            div { dt { "Never started" } dd { (source.n_never) } }
            @for (start, n_units) in &source.cohorts {
                div { dt { "Started " (start) } dd { (n_units) } }
            }
        }
        @for left in &source.left_out {
            p { "Left out: " (left.count) " " (left.what) "; " (left.why) "." }
        }
        p class="meta" { "SHA-256 of the data: " code { (source.sha256) } }
    }
}
