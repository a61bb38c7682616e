//! How far a unit is from the goal, as pages: a unit's own, and a change's for everybody.

use maud::{Markup, html};
use traction_domain::offer::metric::Better;
use traction_domain::prove::Figures;
use traction_domain::publish::gap::{self as rules, Gained, Gap, Likeness, Reading};

use crate::offer::change::store::Change;
use crate::offer::goal::store::Goal;
use crate::offer::metric::store::Metric;
use crate::offer::{change, goal, metric};
use crate::org::unit;
use crate::org::unit::store::Unit;
use crate::overview::figures::Stage;
use crate::publish::board;
use crate::publish::gap::{store, verbs};
use crate::trouble::Trouble;
use crate::web::charts::{Axis, Control, Downloads, Signal};
use crate::web::{Answer, Page, Path, View, charts, when};

/// Of how many of the reader's units the gap stands beside a call, at most.
const MOST_BESIDE: usize = 3;

/// `GET /units/{unit}/gap`: for the unit's people.
pub async fn of_unit(view: View, Path(slug): Path<String>) -> Answer {
    let sql = view.world.store().read();
    let unit = unit::verbs::find(sql, &slug).await?;
    verbs::must_see(view.signed_in()?, unit.id)?;
    let changes = change::store::all(sql).await?;
    let contests = board::store::contests(sql, view.now).await?;
    let mut sections = Vec::new();
    let mut answer = None;
    for id in store::goals_of_unit(sql, unit.id).await? {
        let (goal, metric) = goal_and_metric(&view, id).await?;
        let all = verbs::readings(sql, goal.metric).await?;
        let readings = all.get(&unit.id).cloned().unwrap_or_default();
        let Some(gap) = rules::gap(&readings, goal.target, metric.better) else { continue };
        let words = in_words(&unit.name, &gap, &goal, &metric);
        let is_told = answer.is_some();
        answer.get_or_insert_with(|| words.clone());
        let mut gained = Vec::new();
        for change in changes.iter().filter(|change| change.goal == goal.id) {
            let started = verbs::started(sql, change.id, &all, view.now).await?;
            let like = rules::gained_by_like(unit.id, unit.parent, &started, metric.better);
            gained.push(html! {
                (like_in_words(change, like, &metric))
                // Whoever has it need not contend for it.
                @if !started.iter().any(|started| started.unit == unit.id) {
                    (board::pages::next_slot(&view, change.id, &contests))
                }
            });
        }
        sections.push(html! {
            section {
                h2 { (goal.title) }
                @if is_told { p { (words) } }
                (picture(&unit, &readings, &gap, &goal, &metric).figure(&Downloads::Inside))
                @for words in &gained { (words) }
            }
        });
    }
    let answer = answer.unwrap_or_else(|| "No outcome of this unit has come in yet.".into());
    Ok(Page::new(Stage::Publish, format!("How far {} is from the goal", unit.name), html! { (answer) })
        .crumb("/units", "Units")
        .crumb(format!("/units/{slug}"), unit.name.clone())
        .body(html! {
            @for section in &sections { (section) }
            @if sections.is_empty() {
                p.empty { "A goal is a number that a metric should reach. As soon as outcomes of your unit are recorded for it, you see here what is missing, and what units like yours gained." }
            }
            p.meta { "Only the unit's own people, coaches and change leads see this page. Units are never ranked, and nothing is shown about one person." }
        })
        .show(&view))
}

/// `GET /changes/{change}/gap`: what units gained, for everybody, and the way to one's own gap.
pub async fn of_change(view: View, Path(slug): Path<String>) -> Answer {
    let sql = view.world.store().read();
    let change = change::verbs::find(sql, &slug).await?;
    let (goal, metric) = goal_and_metric(&view, change.goal).await?;
    let all = verbs::readings(sql, goal.metric).await?;
    let started = verbs::started(sql, change.id, &all, view.now).await?;
    let contests = board::store::contests(sql, view.now).await?;
    let answer = match rules::gained(started.iter(), metric.better) {
        Some(gained) => {
            format!("{} units with {} {}.", gained.n_units, change.name, gained_in_words(&gained, &metric))
        }
        None => format!(
            "Fewer than {} units with {} have outcomes from before and after it, so what they gained is not shown yet.",
            rules::FEWEST_UNITS,
            change.name
        ),
    };
    let mut own = Vec::new();
    for id in view.who.as_ref().map(|who| who.units()).unwrap_or_default() {
        let Some(unit) = unit::store::one(sql, id).await? else { continue };
        let gap = all.get(&id).and_then(|readings| rules::gap(readings, goal.target, metric.better));
        own.push((unit, gap));
    }
    Ok(Page::new(Stage::Publish, format!("{}: the gap to the goal", change.name), html! { (answer) })
        .crumb("/changes", "Changes")
        .crumb(format!("/changes/{slug}"), change.name.clone())
        .body(html! {
            dl.facts {
                dt { "Goal" } dd { (goal.title) }
                dt { "Target" } dd { (metric.name) " at " (figure(goal.target)) " " (metric.unit_of_measure) }
            }
            section {
                h2 { "Your unit" }
                @if own.is_empty() { p.empty { "Sign in as somebody of a unit to see how far your own unit is from the goal. Other units' figures are not shown." } }
                @for (unit, gap) in &own {
                    p { a href={ "/units/" (unit.slug) "/gap" } {
                        @match gap {
                            Some(gap) => { (in_words(&unit.name, gap, &goal, &metric)) }
                            None => { (unit.name) ": no outcome yet" }
                        }
                    } }
                }
                (board::pages::next_slot(&view, change.id, &contests))
            }
            p.meta { "What units gained is their mean with the solution less their mean before it. That is not yet what the solution did: much else changes with time. The " a href="/evidence" { "evidence records" } " compare with units that did not have it." }
        })
        .show(&view))
}

/// How far each of the reader's own units is from the goal of a change: the unit's name, its address, and the words.
/// Nothing for visitors: a unit's figures are its own.
pub async fn beside(view: &View, change: &Change) -> Result<Vec<(Unit, String)>, Trouble> {
    let sql = view.world.store().read();
    let Some(who) = &view.who else { return Ok(vec![]) };
    let own: Vec<_> = who.units().into_iter().take(MOST_BESIDE).collect();
    if own.is_empty() {
        return Ok(vec![]);
    }
    let (goal, metric) = goal_and_metric(view, change.goal).await?;
    let all = verbs::readings_of(sql, goal.metric, &own).await?;
    let mut beside = Vec::new();
    for id in own {
        let Some(unit) = unit::store::one(sql, id).await? else { continue };
        let gap = all.get(&id).and_then(|readings| rules::gap(readings, goal.target, metric.better));
        let words = match gap {
            Some(gap) => in_words(&unit.name, &gap, &goal, &metric),
            None => format!("{} has no outcome of {} yet.", unit.name, metric.name),
        };
        beside.push((unit, words));
    }
    Ok(beside)
}

async fn goal_and_metric(view: &View, id: traction_domain::id::GoalId) -> Result<(Goal, Metric), Trouble> {
    let sql = view.world.store().read();
    let goal = goal::store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "goal" })?;
    let metric = metric::store::one(sql, goal.metric).await?.ok_or(Trouble::NotFound { what: "metric" })?;
    Ok((goal, metric))
}

/// "ward-7 is 1.5 days a month from the goal of 2.5 (2026-03: 4); that is 2 nearer than at first."
fn in_words(unit: &str, gap: &Gap, goal: &Goal, metric: &Metric) -> String {
    let Gap { last, missing, closed } = gap;
    let at = format!("({}: {})", when::period(&last.period.to_string()), figure(last.value));
    let measure = &metric.unit_of_measure;
    let stands = if *missing > 0.0 {
        format!("{unit} is {} {measure} from the goal of {} {at}", figure(*missing), figure(goal.target))
    } else {
        format!("{unit} has reached the goal of {} {measure} {at}", figure(goal.target))
    };
    let moved = match closed {
        closed if *closed > 0.0 => format!("{} nearer than at first", figure(*closed)),
        closed if *closed < 0.0 => format!("{} further than at first", figure(-*closed)),
        _ => "as at first".to_owned(),
    };
    format!("{stands}; {moved}.")
}

fn like_in_words(change: &Change, like: Option<(Likeness, Gained)>, metric: &Metric) -> Markup {
    html! {
        @match like {
            Some((likeness, gained)) => {
                p { (gained.n_units) " other units "
                    @if likeness == Likeness::SameParent { "beside yours " }
                    "with " a href={ "/changes/" (change.slug) } { (change.name) } " " (gained_in_words(&gained, metric)) "." }
            }
            None => {
                p { "Fewer than " (rules::FEWEST_UNITS) " other units with " a href={ "/changes/" (change.slug) } { (change.name) }
                    " can tell yet what they gained: of fewer, each could be read off." }
            }
        }
    }
}

/// "gained 2.0 days a month on average (95\u{a0}% interval 0.3 to 3.7), after against before".
fn gained_in_words(gained: &Gained, metric: &Metric) -> String {
    let say = |number: f64| {
        if gained.se > 0.0 { Figures::of(gained.se).say(number) } else { figure(number) }
    };
    let (verb, mean, low, high) = match gained.mean < 0.0 && gained.high < 0.0 {
        true => ("lost", -gained.mean, -gained.high, -gained.low),
        false => ("gained", gained.mean, gained.low, gained.high),
    };
    let (mean, low, high) = (say(mean), say(low), say(high));
    format!(
        "{verb} {mean} {} on average (95\u{a0}% interval {low} to {high}), after against before",
        metric.unit_of_measure
    )
}

/// A number with two decimals at most.
fn figure(number: f64) -> String {
    let text = format!("{number:.2}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".into() } else { short.replace('-', "\u{2212}") }
}

fn picture(unit: &Unit, readings: &[Reading], gap: &Gap, goal: &Goal, metric: &Metric) -> charts::Chart {
    let title = match (gap.missing > 0.0, metric.better) {
        (false, _) => format!("{} has reached the goal", unit.name),
        (true, Better::Up) => format!("{} is still below the goal", unit.name),
        (true, Better::Down) => format!("{} is still above the goal", unit.name),
    };
    let periods = readings.iter().map(|reading| reading.period.to_string()).collect();
    Control {
        x: Axis::periods("Period", periods),
        y: Axis::number(format!("{}, {}", metric.name, metric.unit_of_measure)),
        readings: readings
            .iter()
            .map(|reading| charts::Reading { value: Some(reading.value), signal: Signal::Common })
            .collect(),
        phases: vec![],
        half_way: None,
        hand_over: None,
        target: Some(goal.target),
    }
    .chart(title)
}
