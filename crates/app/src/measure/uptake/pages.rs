//! Uptake as pages: of every change, and of one by unit, group and week; each number with its definition.

use maud::{Markup, html};
use traction_domain::measure::suppression::{N_FEWEST, Part, Shown};
use traction_domain::measure::uptake::{Definition, REACH, WEEKLY_ACTIVE};

use crate::measure::uptake::read::{self, ChangeUptake, Weeks};
use crate::measure::uptake::store::{self, Week};
use crate::measure::uptake::{held, show};
use crate::measure::usage;
use crate::offer::change;
use crate::overview::figures::Stage;
use crate::web::charts::Downloads;
use crate::web::{Answer, Page, Path, View, when};

mod course;
mod pictures;
mod tables;

/// Weeks that the table of units shows.
const N_WEEKS: u32 = 8;

/// `GET /uptake`
pub async fn list(view: View) -> Answer {
    let sql = view.world.store().read();
    let connects = view.who.as_ref().is_some_and(usage::pages::may_see);
    let n_units = held::n_units(sql, view.now).await?;
    let n_in_use = n_units.values().filter(|n| **n > 0).count();
    let mut each = Vec::new();
    for change in change::store::all(sql).await? {
        if let Some(n_units) = n_units.get(&change.id) {
            let last = store::last_closed(sql, change.id).await?;
            each.push((change, *n_units, last));
        }
    }
    Ok(Page::new(Stage::Measure, "Uptake", html! {
        @if each.is_empty() { "No unit has started yet, so there is no use to measure." }
        @else if n_in_use == 0 { "No unit holds a slot any more; here is what was counted while they did." }
        @else { (n_in_use) @if n_in_use == 1 { " change is" } @else { " changes are" } " in use; here is by how many of those who have it." }
    })
    .body(html! {
        @if each.is_empty() {
            p.empty { "Once a unit holds a slot, the real system tells Traction who uses the solution, and here stands how many of those who could do. " @if connects { a href="/usage" { "Connect the real system." } } }
        } @else {
            table.list {
                thead { tr { th { "Change" } th.figure { "Units" } th { (WEEKLY_ACTIVE.name) ", last week" } th { (REACH.name) } } }
                tbody { @for (change, n_units, last) in &each { tr {
                    td { a href={ "/changes/" (change.slug) "/uptake" } { (change.name) } }
                    td.figure { (n_units) }
                    td { (last.as_ref().map_or(Shown::Withheld, |(closed, _)| closed.total)) }
                    td { (last.as_ref().and_then(|(_, told)| show::reach_by(told)).unwrap_or_else(|| show::NOT_SHOWN.into())) }
                } } }
            }
            section {
                h2 { "What is counted" }
                dl.facts { (defined(WEEKLY_ACTIVE, html! {})) (defined(REACH, html! {})) }
            }
        }
        p { @if connects { a href="/usage" { "What is arriving now" } " · " } a href="/outcomes" { "Outcomes" } }
    })
    .show(&view))
}

/// `GET /changes/{change}/uptake`
pub async fn show(view: View, Path(slug): Path<String>) -> Answer {
    let sql = view.world.store().read();
    let change = change::verbs::find(sql, &slug).await?;
    let uptake = read::of_change(sql, &change, view.now, Weeks::Last(N_WEEKS)).await?;
    let connects = view.who.as_ref().is_some_and(usage::pages::may_see);
    Ok(Page::new(Stage::Measure, format!("Uptake of {}", change.name), answer(&uptake))
        .crumb("/changes", "Changes")
        .crumb(format!("/changes/{slug}"), change.name.clone())
        .body(html! {
            @if uptake.units.is_empty() && uptake.totals.is_empty() {
                p.empty { "No unit has access yet. From the first slot's start on, the share of its members who use the solution stands here, week by week; the real system tells it by events." @if connects { " " a href="/usage" { "Connect it now" } ", so that nothing of the first week is missing." } }
            } @else if uptake.totals.is_empty() {
                (nothing_yet(&view, &uptake))
                section { h2 { "By unit" } (tables::by_unit(&view, &uptake)) }
            } @else {
                section {
                    h2 { "Week by week" }
                    (pictures::active(&uptake).figure(&Downloads::Inside))
                    (pictures::plan(&uptake).figure(&Downloads::Inside))
                }
                section {
                    h2 { "The numbers, and what each counts" }
                    dl.facts { @for (definition, value) in show::numbers(&uptake) { (defined(definition, html! { (value) })) } }
                    p.help {
                        "As of " (until(&view, &uptake)) ". A week is counted three hours after it is over, and stays as it was told; what arrives later counts in the next. "
                        a href="/methods/uptake" { "How nobody is found in these numbers." }
                    }
                }
                (course::section(&view, &uptake))
                section { h2 { "By wave, layer and cohort" } (tables::by_group(&view, &uptake)) }
                section { h2 { "By unit" } (tables::by_unit(&view, &uptake)) }
                section { h2 { "The weeks before" } (tables::by_week(&view, &uptake)) }
            }
        })
        .show(&view))
}

fn nothing_yet(view: &View, uptake: &ChangeUptake) -> Markup {
    let is_over = uptake.units.iter().any(|has_it| Week::of(has_it.since) < Week::of(view.now));
    html! {
        p.empty {
            @if is_over { "No use has arrived yet. Once the real system sends its first event, the weeks are counted here." }
            @else { "The first week is not over yet." }
        }
    }
}

fn answer(uptake: &ChangeUptake) -> Markup {
    let n_units = uptake.units.iter().filter(|has_it| has_it.until.is_none()).count();
    let n_counted = uptake.weeks.last().map_or(0, |week| week.table.units.iter().flatten().count());
    html! {
        @match uptake.totals.last().map(|week| week.total) {
            _ if uptake.units.is_empty() && uptake.totals.is_empty() => { "Nobody has it yet." }
            Some(total @ (Shown::Exact(_) | Shown::Few { .. } | Shown::NearlyAll { .. })) => {
                "In the last week that is over, " (people(total)) " used it, in " (n_counted) @if n_counted == 1 { " unit." } @else { " units." }
            }
            _ if n_units == 0 => { "No unit holds a slot of it any more." }
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

/// The last day that is counted.
fn until(view: &View, uptake: &ChangeUptake) -> Markup {
    html! { @if let Some(week) = uptake.totals.last() { (when::date(view, Week(week.week.0 + 1).begins().after_days(-1))) } }
}

/// What stands for a share in a narrow cell.
fn short(shown: Option<Shown>) -> String {
    match shown {
        None => "–".into(),
        Some(Shown::Few { .. }) => format!("<{N_FEWEST}"),
        Some(Shown::NearlyAll { .. }) => format!("all but <{N_FEWEST}"),
        Some(Shown::Withheld) => "·".into(),
        Some(exact) => format!("{:.0} %", 100.0 * exact.share().unwrap_or_default()),
    }
}

/// A number, with what it counts below it.
fn defined(definition: Definition, value: Markup) -> Markup {
    html! { dt { (definition.name) } dd { (value) p.help { (definition.says) } } }
}
