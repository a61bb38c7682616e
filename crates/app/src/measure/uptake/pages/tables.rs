//! Uptake as tables: by unit, by group, by week.

use std::collections::BTreeMap;

use maud::{Markup, html};
use traction_domain::measure::suppression::{N_FEWEST, Shown};
use traction_domain::measure::uptake::{ACTIVATION, UTILISATION, WEEKLY_ACTIVE};

use super::short;
use crate::measure::uptake::Table;
use crate::measure::uptake::read::{ChangeUptake, HasIt};
use crate::measure::uptake::store::Week;
use crate::web::{View, when};

/// The last weeks of each unit, newest first.
pub fn by_unit(view: &View, uptake: &ChangeUptake) -> Markup {
    html! {
        div.scrolls role="region" tabindex="0" aria-label="Table: by unit" {
            table.list {
                thead { tr {
                    th { "Unit" } th { "Since" } th { (ACTIVATION.name) } th { "28 days" }
                    @for week in uptake.weeks.iter().rev() { th { (when::date(view, week.week.begins())) } }
                } }
                tbody { @for (place, HasIt { unit, since, until }) in uptake.units.iter().enumerate() { tr {
                    td { a href={ "/units/" (unit.slug) } { (unit.name) } }
                    td { (when::date(view, *since)) @if let Some(until) = until { " to " (when::date(view, *until)) } }
                    td { (short(uptake.activation.units.get(place).copied().flatten())) }
                    td { (short(uptake.utilisation.units.get(place).copied().flatten())) }
                    @for week in uptake.weeks.iter().rev() { td { (short(week.table.units.get(place).copied().flatten())) } }
                } } }
            }
        }
        p.help { "Nothing is shown about fewer than five people: “<" (N_FEWEST) "” stands for none to four, “all but <" (N_FEWEST) "” for as few who did not, and “·” where a number would give another one away or the unit is too small. “–” is where there is nothing to count: not yet, or no longer." }
    }
}

/// What names a group of a kind by its number.
type Named<'a> = &'a dyn Fn(u32) -> Markup;

/// What is shown of the groups of a kind.
type Of = fn(&Table) -> &BTreeMap<u32, Shown>;

/// A kind of groups.
type Kind<'a> = (&'a str, Of, Named<'a>);

/// The last week by wave, layer and cohort.
pub fn by_group(view: &View, uptake: &ChangeUptake) -> Markup {
    let nothing = BTreeMap::new;
    let week = uptake.weeks.last().map(|week| &week.table);
    let wave: Named = &|n| html! { @if n == 0 { "Not from a wave" } @else { "Wave " (n) } };
    let layer: Named = &|n| html! { @if n == 0 { "On no list" } @else { "Layer " (n - 1) } };
    let cohort: Named = &|n| html! { "Since the week of " (when::date(view, Week(i64::from(n)).begins())) };
    let kinds: [Kind; 3] = [
        ("Wave", |table| &table.waves, wave),
        ("Layer", |table| &table.layers, layer),
        ("Cohort", |table| &table.cohorts, cohort),
    ];
    html! {
        @for (kind, of, name) in kinds {
            table.list.folds {
                thead { tr { th { (kind) } th { (WEEKLY_ACTIVE.name) } th { (UTILISATION.name) } th { (ACTIVATION.name) } } }
                tbody { @for (label, shown) in week.map_or_else(nothing, |table| of(table).clone()) { tr {
                    td { (name(label)) }
                    td data-th=(WEEKLY_ACTIVE.name) { (shown) }
                    td data-th=(UTILISATION.name) { (of(&uptake.utilisation).get(&label).copied().unwrap_or(Shown::Withheld)) }
                    td data-th=(ACTIVATION.name) { (of(&uptake.activation).get(&label).copied().unwrap_or(Shown::Withheld)) }
                } } }
            }
        }
        p.help { "A layer is how far a unit was from those where it worked already when it applied. A sum that would tell of fewer than five people in one of its units is not shown." }
    }
}

/// Everybody, week by week, newest first.
pub fn by_week(view: &View, uptake: &ChangeUptake) -> Markup {
    html! {
        table.list.folds {
            thead { tr { th { "Week from" } th { "Used it" } } }
            tbody { @for week in uptake.totals.iter().rev().take(26) { tr {
                td { (when::date(view, week.week.begins())) }
                td data-th="Used it" { (week.total) }
            } } }
        }
    }
}
