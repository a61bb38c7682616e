//! How soon people began, and whether they stay: what is told every fourth week.

use maud::{Markup, html};
use traction_domain::measure::uptake::{LIFECYCLE, RETENTION};

use super::{defined, pictures, short};
use crate::measure::uptake::read::ChangeUptake;
use crate::measure::uptake::store::Week;
use crate::measure::uptake::told::Told;
use crate::web::charts::Downloads;
use crate::web::{View, when};

/// Periods that a table shows.
const N_MONTHS: usize = 6;

/// What is told every fourth week.
pub fn section(view: &View, uptake: &ChangeUptake) -> Markup {
    let Some((told, fourth)) = uptake.told.as_ref().and_then(|told| Some((told, told.fourth.as_ref()?)))
    else {
        return html! {};
    };
    html! {
        section {
            h2 { "How soon they begin" }
            @match &fourth.adopted {
                Some(adopted) => { (pictures::begun(adopted, &fourth.course).figure(&Downloads::Inside)) }
                None => { p.empty { "Too few have begun, or not to begin, to show how soon." } }
            }
        }
        section {
            h2 { "Whether they stay" }
            (lifecycle(view, told))
            (retention(view, told))
        }
    }
}

fn ends(view: &View, told: &Told, month: usize) -> Markup {
    let next = Week(told.origin + 4 * (month as i64 + 1));
    when::date(view, next.begins().after_days(-1))
}

fn lifecycle(view: &View, told: &Told) -> Markup {
    let months = told.fourth.iter().flat_map(|fourth| fourth.months.iter().enumerate());
    html! {
        table.list tabindex="0" {
            caption { "People by period of 28 days" }
            thead { tr { th { "Until" } th.figure { "New" } th.figure { "Returning" } th.figure { "Resurrecting" } th.figure { "Dormant" } } }
            tbody { @for (month, one) in months.rev().take(N_MONTHS) { tr {
                td { (ends(view, told, month)) }
                @match one.lifecycle {
                    Some(counts) => { @for count in counts { td.figure { (count) } } }
                    None => { td colspan="4" { "not shown: one of the counts is about fewer than five" } }
                }
            } } }
        }
        dl.facts { (defined(LIFECYCLE, html! {})) }
    }
}

fn retention(view: &View, told: &Told) -> Markup {
    let Some(fourth) = &told.fourth else { return html! {} };
    let from = fourth.months.len().saturating_sub(N_MONTHS).max(1);
    html! {
        @if fourth.months.len() > 1 {
            table.list tabindex="0" {
                caption { "Active in a later period, of those who began by" }
                thead { tr {
                    th { "Began by" }
                    @for month in from..fourth.months.len() { th.figure { (ends(view, told, month)) } }
                } }
                tbody { @for began in 0..fourth.months.len() - 1 { tr {
                    td { (ends(view, told, began)) }
                    @for month in from..fourth.months.len() {
                        td.figure { @if month > began { (short(fourth.months[month].retained.get(began).map(|told| (*told).into()))) } }
                    }
                } } }
            }
            dl.facts { (defined(RETENTION, html! {})) }
        }
    }
}
