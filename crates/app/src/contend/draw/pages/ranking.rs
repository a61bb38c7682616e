//! Everybody in the order of the draw, as a table whose lines fall into place one after the other.
//!
//! The table is whole without the fall: a reader of the source, of paper or with stilled motion sees it at once.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use traction_domain::contend::draw::{Place, Record, in_percent};
use traction_domain::grant::slot::{Asked, State};

use super::Ranking;
use super::outcome::Seen;
use crate::contend::draw::picture::name;

/// The longest the whole fall may take: what moves for longer than five seconds would need a button to stop it.
const MOST_SECONDS: f64 = 4.0;
/// The longest from one line to the next.
const MOST_BEAT: f64 = 0.4;

/// Rows on a page: of thousands nobody reads more at once, and a phone carries no more.
pub const MOST_ROWS: usize = 300;

/// The way to the rows that are not on this page; nothing where all are.
fn pages(seen: &Seen<'_>, from: usize, n_lines: usize) -> Markup {
    let here = format!("/changes/{}/waves/{}/draw", seen.change.slug, seen.called.wave.n);
    let until = (from + MOST_ROWS).min(n_lines);
    html! {
        @if n_lines > MOST_ROWS {
            p {
                "Places " (from + 1) " to " (until) " of " (n_lines) ", in the order of the draw."
                @if from > 0 { " " a href={ (here) "?from=" (from.saturating_sub(MOST_ROWS)) "#ranking" } { "Those before" } }
                @if until < n_lines { " " a href={ (here) "?from=" (until) "#ranking" } { "Those after" } }
            }
        }
    }
}

/// The table, from the row at `from` on.
pub fn table(seen: &Seen<'_>, ranking: Ranking, from: usize) -> Markup {
    let (record, known) = (&seen.drawn.record, &seen.known);
    let entry = |slug: &str| record.list.iter().find(|line| line.entry.unit == slug).map(|line| &line.entry);
    let units = seen.view.who.as_ref().map(|who| who.units()).unwrap_or_default();
    let is_own = |slug: &str| known.iter().any(|unit| unit.slug.as_str() == slug && units.contains(&unit.id));
    let n_lines = record.order.len();
    let from = if from < n_lines { from } else { 0 };
    let beat = (MOST_SECONDS / n_lines.clamp(1, MOST_ROWS) as f64).min(MOST_BEAT);
    let granted: BTreeSet<&str> = record.granted.iter().map(String::as_str).collect();
    let is_drawn =
        |slug: &str| granted.contains(slug) && entry(slug).is_some_and(|entry| entry.place == Place::Open);
    // A protected place is no part of the order of chance, wherever it stands.
    let cut = record.order.iter().rposition(|ranked| is_drawn(&ranked.unit));
    let cut = cut.filter(|at| at + 1 < record.order.len());
    let cap = record.terms.cap.map(|cap| cap.0.get());
    let falls = ranking == Ranking::Falls;
    html! {
        section #ranking {
            h2 { "Who got what" }
            (pages(seen, from, n_lines))
            table.list.folds.falls[falls] tabindex="0" style=[falls.then(|| format!("--beat: {beat:.3}s"))] {
                thead { tr { th.figure { "Place" } th { "Unit" } th { "Result" } th.figure { "Chance" } th.figure { "Band" } th.figure { "Layer" } @if cap.is_some() { th { "Parent" } } th { "Score" } } }
                tbody { @for (index, ranked) in record.order.iter().enumerate().skip(from).take(MOST_ROWS) {
                    @let score = ranked.score.to_string();
                    @let share = record.probability.get(&ranked.unit).copied().unwrap_or(0.0);
                    @let is_cut = cut == Some(index);
                    @let (class, result) = if falls { drawn(seen, &ranked.unit) } else { result(seen, &ranked.unit) };
                    tr.cut[is_cut].own[is_own(&ranked.unit)] style=[falls.then(|| format!("--i: {}", index - from))] {
                        td.figure data-th="Place" { (index + 1) }
                        td { a href={ "/units/" (ranked.unit) } { (name(known, &ranked.unit)) } }
                        td data-th="Result" { span class=(class) { (result) } }
                        td.figure data-th="Chance" title=(share) { (in_percent(share)) }
                        @if let Some(entry) = entry(&ranked.unit) {
                            td.figure data-th="Band" { (entry.band) }
                            td.figure data-th="Layer" { (entry.layer) }
                            @if cap.is_some() { td data-th="Parent" { (entry.parent.as_deref().map_or("–".into(), |parent| name(known, parent))) } }
                        } @else { td {} td {} @if cap.is_some() { td {} } }
                        td data-th="Score" { code title=(score) { (score[..8]) "…" } }
                    }
                } }
            }
            (pages(seen, from, n_lines))
            p.meta { "In the order of band, layer and score" @if cut.is_some() { "; the dashed line is the cut" } "."
                @if let Some(n) = cap { " No more than " (n) " under one parent get a slot: who waits above the cut was passed over, since its parent had its most." }
                " The score is a keyed hash of the unit's name: nobody could choose it." }
        }
    }
}

/// What the draw gave a unit, as a pill's class and words: what falls into place is the draw's, whatever came after.
fn drawn(seen: &Seen<'_>, unit: &str) -> (&'static str, String) {
    let record = &seen.drawn.record;
    let place = |units: &[String]| units.iter().position(|other| other == unit);
    match (place(&record.granted), place(&record.waiting)) {
        (Some(_), _) => ("pill pull", "slot".into()),
        (None, Some(index)) => match seen.turn(unit).filter(|_| record.terms.cap.is_some()) {
            Some(turn) => ("pill", Seen::turn_in_short(turn)),
            None => ("pill", format!("waiting, place {}", index + 1)),
        },
        (None, None) => ("pill", "withdrawn".into()),
    }
}

/// What a unit has by now, as a pill's class and words: what the draw gave it, and what came after.
fn result(seen: &Seen<'_>, unit: &str) -> (&'static str, String) {
    let record = &seen.drawn.record;
    let place = |units: &[String]| units.iter().position(|other| other == unit);
    let was_drawn = place(&record.granted).is_some();
    match seen.slot_of(unit).map(|slot| (slot.asked, slot.state(seen.view.now))) {
        Some((_, State::GivenBack)) => ("pill", "slot, given back".into()),
        Some((_, State::Lapsed)) => ("pill", "slot, lapsed".into()),
        Some((_, State::Ended)) => ("pill", "slot, ended".into()),
        Some((Asked::Push, _)) => ("pill push", "slot past the draw".into()),
        Some(_) if !was_drawn => ("pill pull", "slot, moved up".into()),
        _ if was_drawn => ("pill pull", "slot".into()),
        _ if place(&record.waiting).is_none() => ("pill", "withdrawn".into()),
        _ => match (seen.waits_no_longer(unit), seen.turn(unit)) {
            (None, Some(turn)) => ("pill", Seen::turn_in_short(turn)),
            (why, _) => ("pill", why.unwrap_or("no slot").into()),
        },
    }
}

/// The tiers, in their order, with how many of each got a slot and how likely that was.
pub fn tiers(record: &Record) -> Markup {
    let granted: BTreeSet<&str> = record.granted.iter().map(String::as_str).collect();
    let mut tiers: BTreeMap<(u32, u32), Vec<(bool, f64)>> = BTreeMap::new();
    for line in &record.list {
        let unit = line.entry.unit.as_str();
        let chance = record.probability.get(unit).copied().unwrap_or(0.0);
        let tier = (line.entry.band, line.entry.layer);
        tiers.entry(tier).or_default().push((granted.contains(unit), chance));
    }
    html! {
        section {
            h2 { "The tiers" }
            table.list.folds {
                thead { tr { th.figure { "Band" } th.figure { "Layer" } th.figure { "Units" } th.figure { "Got a slot" } th { "Chance" } } }
                tbody { @for ((band, layer), units) in &tiers { tr {
                    @let least = units.iter().map(|(_, chance)| *chance).fold(1.0, f64::min);
                    @let most = units.iter().map(|(_, chance)| *chance).fold(0.0, f64::max);
                    td.figure data-th="Band" { (band) }
                    td.figure data-th="Layer" { (layer) }
                    td.figure data-th="Units" { (units.len()) }
                    td.figure data-th="Got a slot" { (units.iter().filter(|(has, _)| *has).count()) }
                    td data-th="Chance" { (in_percent(least)) @if most > least { " to " (in_percent(most)) } }
                } } }
            }
        }
    }
}
