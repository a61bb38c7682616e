//! The backlog across units: one row for what several units call the same, dearest together first; each unit's own stands
//! within it.

use std::collections::HashMap;

use maud::{Markup, html};
use traction_domain::sense::friction::ResponseClock;

use super::{clock_in_words, days_in_words, figure, interval, row};
use crate::sense::friction::store::Friction;
use crate::web::{View, counted};

/// Frictions of the same title.
struct Line<'a> {
    /// Each of them, the dearest first.
    each: Vec<&'a Friction>,
    hours: f64,
}

/// The open frictions, one line a title.
fn lines(open: &[Friction]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for one in open {
        let place = *places.entry(one.title.trim().to_lowercase()).or_insert_with(|| {
            lines.push(Line { each: Vec::new(), hours: 0.0 });
            lines.len() - 1
        });
        lines[place].each.push(one);
        lines[place].hours += one.cost.hours_per_week;
    }
    lines.sort_by(|one, other| other.hours.total_cmp(&one.hours));
    lines
}

/// The table. What one unit alone has stands as in that unit's own backlog.
pub fn ranked(view: &View, open: &[Friction]) -> Markup {
    html! {
        table.list.folds tabindex="0" {
            thead { tr { th { "What" } th { "Unit" } th.figure { "Hours a week" } th { "State" } th { "First answer" } } }
            tbody { @for line in lines(open) {
                @match line.each.as_slice() {
                    [one] => (row(view, one)),
                    each => (together(view, each, line.hours)),
                }
            } }
        }
    }
}

fn together(view: &View, each: &[&Friction], hours: f64) -> Markup {
    let mut units: Vec<_> = each.iter().map(|one| one.unit).collect();
    units.sort_unstable();
    units.dedup();
    let waits: Vec<f64> = each.iter().filter_map(|one| waits(view, one)).collect();
    let n_new = waits.len();
    html! {
        tr {
            td {
                details {
                    summary { (each[0].title) }
                    ul { @for one in each { li {
                        a href={ "/frictions/" (one.id) } { (one.unit_name) } ": " (figure(one.cost.hours_per_week)) " hours "
                        span.meta { "(" (interval(one.cost)) "), " (one.state) ", " (clock_in_words(view, one)) }
                    } } }
                }
            }
            td data-th="Unit" { @if units.len() == 1 { (each[0].unit_name) ", " (each.len()) " times" } @else { "in " (units.len()) " units" } }
            td.figure data-th="Hours a week" { (figure(hours)) " " span.meta { "together" } }
            td data-th="State" { (counted(each.len() as u64, "report", "reports")) }
            td data-th="First answer" {
                @if n_new == 0 { "all have one" }
                @else { (counted(n_new as u64, "waits", "wait")) ", the longest for " (days_in_words(waits.into_iter().fold(0.0, f64::max))) }
            }
        }
    }
}

/// Days for which it has waited for its first answer, if it does.
fn waits(view: &View, one: &Friction) -> Option<f64> {
    match one.clock(view.now) {
        ResponseClock::Running { days } => Some(days),
        ResponseClock::Stopped { .. } => None,
    }
}
