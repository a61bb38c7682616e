//! Uptake as pages: of every change, and of one by unit and week; each number with its definition.

use maud::{Markup, html};
use traction_domain::measure::suppression::{N_FEWEST, Part, Shown};
use traction_domain::measure::uptake::{
    ACTIVATION, DEFINITIONS, Definition, REACH, STICKINESS, TIME_TO_ADOPT, WEEKLY_ACTIVE,
};

use crate::measure::uptake::read::{self, AdoptionShown, ChangeUptake, WeekUptake};
use crate::measure::usage;
use crate::offer::change;
use crate::overview::figures::Stage;
use crate::web::charts::{self, Axis, Chart, Downloads, Series};
use crate::web::{Answer, Page, Path, View, when};

/// Weeks that the table of units shows.
const N_WEEKS: usize = 8;

/// `GET /uptake`
pub async fn list(view: View) -> Answer {
    let sql = view.world.store().read();
    let connects = view.who.as_ref().is_some_and(usage::pages::may_see);
    let mut each = Vec::new();
    for change in change::store::all(sql).await? {
        let uptake = read::of_change(sql, &change, view.now).await?;
        if !uptake.units.is_empty() {
            each.push((change, uptake));
        }
    }
    Ok(Page::new(Stage::Measure, "Uptake", html! {
        @if each.is_empty() { "No unit has started yet, so there is no use to measure." }
        @else { (each.len()) @if each.len() == 1 { " change is" } @else { " changes are" } " in use; here is by how many of those who have it." }
    })
    .body(html! {
        @if each.is_empty() {
            p.empty { "Once a unit holds a slot, the real system tells Traction who uses the solution, and here stands how many of those who could do. " @if connects { a href="/usage" { "Connect the real system." } } }
        } @else {
            table.list {
                thead { tr { th { "Change" } th.figure { "Units" } th { (WEEKLY_ACTIVE.name) ", last week" } th { (REACH.name) } } }
                tbody { @for (change, uptake) in &each { tr {
                    td { a href={ "/changes/" (change.slug) "/uptake" } { (change.name) } }
                    td.figure { (uptake.units.len()) }
                    td { (uptake.weeks.last().map_or(Shown::Withheld, |week| week.total)) }
                    td { (uptake.reach.total) }
                } } }
            }
            (defined(&[WEEKLY_ACTIVE, REACH]))
        }
        p { @if connects { a href="/usage" { "What is arriving now" } " · " } a href="/outcomes" { "Outcomes" } }
    })
    .show(&view))
}

/// `GET /changes/{change}/uptake`
pub async fn show(view: View, Path(slug): Path<String>) -> Answer {
    let sql = view.world.store().read();
    let change = change::verbs::find(sql, &slug).await?;
    let uptake = read::of_change(sql, &change, view.now).await?;
    let connects = view.who.as_ref().is_some_and(usage::pages::may_see);
    Ok(Page::new(Stage::Measure, format!("Uptake of {}", change.name), answer(&uptake))
        .crumb("/changes", "Changes")
        .crumb(format!("/changes/{slug}"), change.name.clone())
        .body(html! {
            @if uptake.units.is_empty() {
                p.empty { "No unit has access yet. From the first slot's start on, the share of its members who use the solution stands here, week by week; the real system tells it by events." @if connects { " " a href="/usage" { "Connect it now" } ", so that nothing of the first week is missing." } }
            } @else {
                dl.facts {
                    dt { (WEEKLY_ACTIVE.name) ", last week" } dd { (uptake.weeks.last().map_or(Shown::Withheld, |week| week.total)) }
                    dt { (REACH.name) } dd { (uptake.reach.total) }
                    dt { (ACTIVATION.name) } dd { (uptake.activation) }
                    dt { (STICKINESS.name) } dd { (uptake.stickiness) }
                    dt { (TIME_TO_ADOPT.name) } dd { (adoption(uptake.adoption)) }
                }
                section {
                    h2 { "Week by week" }
                    @if uptake.weeks.is_empty() { p.empty { "The first week is not over yet." } }
                    @else { (curve(&uptake).figure(&Downloads::Inside)) (by_week(&view, &uptake)) }
                }
                section { h2 { "By unit" } (by_unit(&view, &uptake)) }
                (defined(&DEFINITIONS))
            }
        })
        .show(&view))
}

fn answer(uptake: &ChangeUptake) -> Markup {
    let n_units = uptake.units.len();
    html! {
        @match uptake.weeks.last().map(|week| week.total) {
            _ if n_units == 0 => { "Nobody has it yet." }
            Some(total @ (Shown::Exact(_) | Shown::Few { .. } | Shown::NearlyAll { .. })) => {
                "In the last week that is over, " (people(total)) " used it, in " (n_units) @if n_units == 1 { " unit." } @else { " units." }
            }
            _ => { (n_units) @if n_units == 1 { " unit has" } @else { " units have" } " it; how many use it is not shown yet." }
        }
    }
}

/// How many people, as a sentence says it.
fn people(total: Shown) -> String {
    match total {
        Shown::Exact(Part { count, of }) => {
            format!("{count} of {of} people ({:.0} %)", 100.0 * f64::from(count) / f64::from(of))
        }
        few => format!("{few} people"),
    }
}

fn adoption(shown: Option<AdoptionShown>) -> Markup {
    let by = |days: Option<f64>| days.map_or("not yet".to_owned(), |days| format!("{days:.0} days"));
    html! {
        @match shown {
            None => { "not shown" }
            Some(shown) => { "half: " (by(shown.days_to_half)) "; 80 %: " (by(shown.days_to_most)) }
        }
    }
}

/// The share of all who have it, week by week; weeks in which it is not shown exactly are left open.
fn curve(uptake: &ChangeUptake) -> Chart {
    let names = uptake.weeks.iter().map(|week| week.week.begins().date().to_string()).collect();
    let shares = uptake.weeks.iter().map(|week| week.total.share()).collect();
    let chart = charts::Uptake {
        x: Axis::periods("Week from", names),
        y: Axis::share("Members active in the week"),
        series: vec![Series { name: "All units with access".into(), shares }],
        start: None,
    };
    chart.chart(match uptake.weeks.last().map(|week| week.total) {
        Some(Shown::Exact(part)) => format!("{} of {} people used it in the last week", part.count, part.of),
        _ => "How many of those who have it use it".to_owned(),
    })
}

fn by_week(view: &View, uptake: &ChangeUptake) -> Markup {
    html! {
        table.list {
            thead { tr { th { "Week from" } th { "Used it" } th.figure { "Units with access" } } }
            tbody { @for week in uptake.weeks.iter().rev().take(26) { tr {
                td { (when::date(view, week.week.begins())) }
                td { (week.total) }
                td.figure { (week.units.iter().flatten().count()) }
            } } }
        }
    }
}

/// The last weeks of each unit, newest first.
fn by_unit(view: &View, uptake: &ChangeUptake) -> Markup {
    let weeks: Vec<&WeekUptake> = uptake.weeks.iter().rev().take(N_WEEKS).collect();
    html! {
        table.list {
            thead { tr {
                th { "Unit" } th { "Since" } th { "Ever" }
                @for week in &weeks { th { (when::date(view, week.week.begins())) } }
            } }
            tbody { @for (place, (unit, begins)) in uptake.units.iter().enumerate() { tr {
                td { a href={ "/units/" (unit.slug) } { (unit.name) } }
                td { (when::date(view, *begins)) }
                td { (short(uptake.reach.parts.get(place).copied())) }
                @for week in &weeks { td { (short(week.units.get(place).copied().flatten())) } }
            } } }
        }
        p.help { "Nothing is shown about fewer than five people: “<" (N_FEWEST) "” stands for none to four, “all but <" (N_FEWEST) "” for as few who did not, and “·” where a number would give another one away or the unit is too small. “–” is before its access." }
    }
}

fn short(shown: Option<Shown>) -> String {
    match shown {
        None => "–".into(),
        Some(Shown::Few { .. }) => format!("<{N_FEWEST}"),
        Some(Shown::NearlyAll { .. }) => format!("all but <{N_FEWEST}"),
        Some(Shown::Withheld) => "·".into(),
        Some(exact) => format!("{:.0} %", 100.0 * exact.share().unwrap_or_default()),
    }
}

fn defined(definitions: &[Definition]) -> Markup {
    html! {
        section {
            h2 { "What is counted" }
            dl.facts { @for definition in definitions { dt { (definition.name) } dd { (definition.says) } } }
        }
    }
}
