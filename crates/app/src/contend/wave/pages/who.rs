//! Who contends, on the call of a wave: as much as the policy shows everybody, and all of it to whoever runs the change.

use maud::{Markup, html};
use traction_domain::contend::policy::Contenders;

use crate::contend::wave::standing::Called;
use crate::web::{View, when};

/// The section; `runs` says whether the reader runs the change.
pub fn section(view: &View, called: &Called, shown: Contenders, runs: bool) -> Markup {
    match shown {
        _ if runs => in_full(view, called),
        Contenders::Counted => html! {},
        Contenders::Named => named(called),
        Contenders::Told => told(called),
    }
}

/// The names of the contenders, where the policy shows them.
fn named(called: &Called) -> Markup {
    html! {
        @if !called.contenders.is_empty() {
            section {
                h2 { "Who contends" }
                ul { @for application in &called.contenders { li { a href={ "/units/" (application.unit_slug) } { (application.unit_name) } } } }
            }
        }
    }
}

/// What the contenders want, where the policy shows that.
fn told(called: &Called) -> Markup {
    html! {
        @if !called.contenders.is_empty() {
            section {
                h2 { "Who contends" }
                table.list.folds {
                    thead { tr { th { "Unit" } th { "What hurts" } th { "What it wants to reach" } } }
                    tbody { @for application in &called.contenders { tr {
                        td { a href={ "/units/" (application.unit_slug) } { (application.unit_name) } }
                        td data-th="What hurts" { (application.written.pain) }
                        td data-th="What it wants to reach" { (application.written.aim) }
                    } } }
                }
            }
        }
    }
}

/// The applications with what they say, for whoever runs the change.
fn in_full(view: &View, called: &Called) -> Markup {
    html! {
        @if !called.contenders.is_empty() {
            section {
                h2 { "Who contends" }
                table.list.folds {
                    thead { tr { th { "Unit" } th { "Applied" } th { "Pain" } th { "Aim" } th { "Owner" } th { "Pledge" } } }
                    tbody { @for application in &called.contenders { tr {
                        td { a href={ "/units/" (application.unit_slug) } { (application.unit_name) } }
                        td data-th="Applied" { (when::relative(view, application.applied_at)) }
                        td data-th="Pain" { (application.written.pain) }
                        td data-th="Aim" { (application.written.aim) }
                        td data-th="Owner" { (application.written.owner) }
                        td data-th="Pledge" { (application.written.pledge) }
                    } } }
                }
            }
        }
    }
}
