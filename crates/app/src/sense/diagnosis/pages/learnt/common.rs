//! What is learnt of how often each friction is what holds a case up, beside what the playbook expects. It shows cases in
//! fives, never one.

use maud::{Markup, html};
use traction_domain::sense::diagnosis::{Learnt, Seen, TOLD_TOGETHER};
use traction_domain::sense::playbook::{FrictionNo, Playbook};

use crate::sense::diagnosis::says;

/// The section on the page of what is learnt; `told` is what may be told.
pub fn section(playbook: &Playbook, told: &Learnt) -> Markup {
    let mut frictions: Vec<(&str, Seen)> = playbook
        .frictions
        .iter()
        .enumerate()
        .map(|(at, friction)| (friction.name.as_str(), told.common(playbook, FrictionNo(at))))
        .collect();
    frictions.sort_by_key(|(_, seen)| std::cmp::Reverse(seen.n_so));
    let n_cases = frictions.first().map_or(0, |(_, seen)| seen.n_all);
    html! {
        section {
            h2 { "What held cases up" }
            @if n_cases == 0 { p.empty { "Of too few cases it was found out. From " (TOLD_TOGETHER) " cases of one friction on it is told here, and a diagnosis begins with it." } }
            @else {
                p { "A diagnosis begins with how common each friction is: as the playbook expects, and as in the " (n_cases) " cases here of which it is told." }
                table.list.folds tabindex="0" {
                    thead { tr { th scope="col" { "Friction" } th.figure scope="col" { "Expected" } th.figure scope="col" { "Here" }
                        th.figure scope="col" { "Together" } } }
                    tbody { @for (name, seen) in &frictions { tr {
                        td { (name) }
                        td.figure data-th="Expected" { (says::percent(seen.promised)) }
                        td.figure data-th="Here" { @if seen.n_so > 0 { (seen.n_so) " of " (seen.n_all) } @else { "thin" } }
                        td.figure data-th="Together" { (says::percent(seen.mean())) " (" (says::between(seen.interval())) ")" }
                    } } }
                }
            }
        }
    }
}
