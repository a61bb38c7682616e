//! Frictions as pages: the ranked backlog, and what became of one's own. Reporting, one friction and the rest stand
//! beside it.

mod across;
pub mod care;
mod course;
pub mod export;
pub mod intake;
mod one;
pub mod remedy;
mod report;

use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::id::UnitId;
use traction_domain::refusal::Refusal;
use traction_domain::sense::friction::{self as rules, Cost, ResponseClock};

use crate::org::unit;
use crate::org::unit::store::Unit;
use crate::overview::figures::Stage;
use crate::sense::friction::store::{self, Friction};
use crate::sense::friction::{picture, verbs};
use crate::trouble::Trouble;
use crate::web::charts::{Downloads, in_thousands};
use crate::web::{Answer, Filled, Form, Page, Query, View, counted};

pub use one::{answer, judge, share, show};
pub use report::{new, report, similar};

/// What may stand in the address of the list and of the form.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// A unit's short name.
    unit: Option<String>,
    /// What is being typed.
    title: Option<String>,
    /// `narrower`: in a file, what not everybody sees, too.
    with: Option<String>,
}

/// `GET /frictions`
pub async fn list(view: View, Query(asked): Query<Asked>) -> Answer {
    let unit = match &asked.unit {
        Some(slug) => Some(unit::verbs::find(view.world.store().read(), slug).await?),
        None => None,
    };
    list_page(&view, unit.as_ref(), None).await
}

async fn list_page(view: &View, unit: Option<&Unit>, refused: Option<&dyn Refusal>) -> Answer {
    let of = unit.map(|unit| unit.id);
    let backlog = verbs::backlog(view.world.store().read(), view.who.as_ref(), of).await?;
    let waiting = care::waiting(view, of).await?;
    let (open, closed): (Vec<_>, Vec<_>) = backlog.into_iter().partition(|friction| friction.state.is_open());
    let is_narrower =
        open.iter().chain(&closed).any(|friction| friction.audience != rules::intake::Audience::All);
    // From 0 on: a sum of nothing is -0.
    let hours = open.iter().fold(0.0, |hours, friction| hours + friction.cost.hours_per_week);
    let title =
        unit.map_or("What gets in the way".to_owned(), |unit| format!("What gets in the way: {}", unit.name));
    let of_unit = unit.map_or(String::new(), |unit| format!("?unit={}", unit.slug));
    Ok(Page::new(Stage::Sense, title, html! {
        (open.len()) " open, together about " (hours_in_words(hours)) " a week."
    })
    .action(html! { a.button href={ "/frictions/new" (of_unit) } { "What got in the way?" } })
    .body(html! {
        (Form::new(&Filled::default(), refused).notice())
        (waiting)
        @if open.is_empty() {
            p.empty { "A friction is anything that keeps getting in the way: a form filled in twice, a result that comes late. Naming it takes under a minute, shows what it costs, and starts a public clock until somebody answers." }
        } @else {
            (clocks(view, open.iter().chain(&closed)))
            @if let Some(chart) = picture::costliest(open.iter().map(|one| (one.title.as_str(), one.cost.hours_per_week))) {
                (chart.figure(&Downloads::Inside))
            }
            @if of.is_none() { (across::ranked(view, &open)) (by_unit(&open)) } @else { (ranked(view, &open)) }
        }
        @if !closed.is_empty() { details { summary { (closed.len()) " closed" } (ranked(view, &closed)) } }
        @if view.who.is_some() { p { a href="/frictions/mine" { "What became of mine" } } }
        @if let Some(unit) = unit {
            @if view.who.as_ref().is_some_and(|who| who.speaks_for(unit.id)) {
                p { a href={ "/units/" (unit.slug) "/intake" } { "Who sees these reports, and a link for the wall" } }
            }
        }
        p { a href="/diagnosis" { "What holds it up?" } " · " a href="/ideas" { "Ideas" } " · " a href="/readiness" { "Who is ready" }
            " · " a href={ "/frictions/export.csv" (of_unit) } { "This list as a file" }
            @if is_narrower { " · " a href={ "/frictions/export.csv" (of_unit) (if of_unit.is_empty() { "?" } else { "&" }) "with=narrower" } { "with what only some may see" } } }
    })
    .show(view))
}

/// How soon answers come, for all to see: half of them within so many days, and the longest wait of those that wait.
fn clocks<'a>(view: &View, frictions: impl Iterator<Item = &'a Friction>) -> Markup {
    let clocks: Vec<ResponseClock> = frictions.map(|friction| friction.clock(view.now)).collect();
    let running = clocks.iter().filter_map(|clock| match clock {
        ResponseClock::Running { days } => Some(*days),
        ResponseClock::Stopped { .. } => None,
    });
    let running: Vec<f64> = running.collect();
    let longest = running.iter().copied().fold(0.0, f64::max);
    html! {
        p.meta {
            @match rules::days_to_answer(clocks) {
                Some(days) => { "Half of the first answers came within " (days_in_words(days)) ". " }
                None => { "Nobody has answered yet. " }
            }
            @if !running.is_empty() {
                (counted(running.len(), "friction waits", "frictions wait")) " for one, the longest for " (days_in_words(longest)) "."
            }
        }
    }
}

fn ranked(view: &View, frictions: &[Friction]) -> Markup {
    html! {
        table.list.folds tabindex="0" {
            thead { tr { th { "What" } th { "Unit" } th.figure { "Hours a week" } th { "State" } th { "First answer" } } }
            tbody { @for friction in frictions { (row(view, friction)) } }
        }
    }
}

fn row(view: &View, friction: &Friction) -> Markup {
    html! {
        tr {
            td { a href={ "/frictions/" (friction.id) } { (friction.title) } }
            td data-th="Unit" { (friction.unit_name) }
            td.figure data-th="Hours a week" { (figure(friction.cost.hours_per_week)) " " span.meta { (interval(friction.cost)) } }
            td data-th="State" { span.pill { (friction.state) } @if friction.merged_into.is_some() { span.meta { " merged" } } }
            td data-th="First answer" { (clock_in_words(view, friction)) @if let Some(owner) = &friction.owner { span.meta { ", " (owner) } } }
        }
    }
}

/// The units that the open ones cost most.
fn by_unit(open: &[Friction]) -> Markup {
    let mut units: Vec<(UnitId, &Friction, usize, f64)> = Vec::new();
    for one in open {
        match units.iter_mut().find(|sum| sum.0 == one.unit) {
            Some(sum) => {
                sum.2 += 1;
                sum.3 += one.cost.hours_per_week;
            }
            None => units.push((one.unit, one, 1, one.cost.hours_per_week)),
        }
    }
    units.sort_by(|one, other| other.3.total_cmp(&one.3));
    html! {
        @if units.len() > 1 {
            details {
                summary { "By unit" }
                table.list {
                    thead { tr { th { "Unit" } th.figure { "Open" } th.figure { "Hours a week" } } }
                    tbody { @for (_, one, n, hours) in units { tr {
                        td { a href={ "/frictions?unit=" (one.unit_slug) } { (one.unit_name) } }
                        td.figure { (n) }
                        td.figure { (figure(hours)) }
                    } } }
                }
            }
        }
    }
}

/// Whether whoever looks answers for a friction.
fn may_answer(view: &View, friction: &Friction) -> bool {
    view.who.as_ref().is_some_and(|who| rules::intake::may_answer(who, &friction.reach()))
}

fn clock_in_words(view: &View, friction: &Friction) -> String {
    match friction.clock(view.now) {
        ResponseClock::Running { days } => format!("waiting for {}", days_in_words(days)),
        ResponseClock::Stopped { days } => format!("after {}", days_in_words(days)),
    }
}

/// Days as people say them.
pub fn days_in_words(days: f64) -> String {
    if days < 1.0 {
        "less than a day".into()
    } else if days < 1.5 {
        "1 day".into()
    } else {
        format!("{days:.0} days")
    }
}

fn hours_in_words(hours: f64) -> String {
    if hours == 1.0 { "1 hour".into() } else { format!("{} hours", figure(hours)) }
}

fn figure(hours: f64) -> String {
    match hours {
        hours if hours >= 999.5 => in_thousands(hours.round() as usize),
        hours if hours >= 9.95 => format!("{}", hours.round()),
        hours => format!("{hours:.1}"),
    }
}

/// A number as it was given, to a tenth, with what it counts.
fn as_given(number: f64, one: &str, more: &str) -> String {
    let tenths = (number * 10.0).round() / 10.0;
    format!("{tenths} {}", if tenths == 1.0 { one } else { more })
}

/// Between what and what a cost lies.
fn interval(cost: Cost) -> String {
    format!("{} to {}", figure(cost.low), figure(cost.high))
}

/// `GET /frictions/mine`
pub async fn mine(view: View) -> Answer {
    let person = view.signed_in()?.person().ok_or(Trouble::NotSignedIn)?;
    let mine = store::of_person(view.world.store().read(), person).await?;
    let n_answered = mine.iter().filter(|friction| friction.first_answer_at.is_some()).count();
    let judged = |one: &&Friction| {
        one.state == rules::FrictionState::Gone && one.verdict.is_none() && one.reported_by == Some(person)
    };
    let to_judge: Vec<&Friction> = mine.iter().filter(judged).collect();
    Ok(Page::new(
        Stage::Sense,
        "What became of mine",
        html! {
            @if mine.is_empty() { "You named or shared nothing yet." }
            @else { "You named or shared " (mine.len()) "; " (counted(n_answered as u64, "has an answer", "have an answer")) "." }
        },
    )
    .crumb("/frictions", "What gets in the way")
    .body(html! {
        @if !to_judge.is_empty() {
            section {
                h2 { "Is it gone?" }
                ul { @for one in to_judge { li { a href={ "/frictions/" (one.id) } { (one.title) } " is said to be gone; you say whether it is." } } }
            }
        }
        @if mine.is_empty() { p.empty { "What you report, and where you say “me too”, stands here with what became of it." } }
        @else { (ranked(&view, &mine)) }
    })
    .show(&view))
}
