//! What is learnt of a playbook's signs: how cases answered that a friction had held up, beside what the playbook expects.
//! It shows cases in fives, never one.

use maud::{Markup, html};
use traction_domain::sense::diagnosis::{Learnt, Seen, Suspect, TOLD_TOGETHER};
use traction_domain::sense::playbook::{Playbook, SignNo, Speaks};

use crate::sense::diagnosis::says;

/// How an answer speaks for a friction.
pub struct Link<'a> {
    ask: &'a str,
    answer: &'a str,
    friction: &'a str,
    seen: Seen,
}

impl Link<'_> {
    /// Whether anything may be told of it: enough cases answered its sign.
    pub fn is_known(&self) -> bool {
        is_known(&self.seen)
    }
}

fn is_known(seen: &Seen) -> bool {
    seen.n_all as usize >= TOLD_TOGETHER
}

/// Every answer that speaks for a friction, those that most cases answered first; `told` is what may be told.
pub fn links<'a>(playbook: &'a Playbook, told: &Learnt) -> Vec<Link<'a>> {
    let of = |at: usize| {
        let sign = &playbook.signs[at];
        sign.speaks.iter().map(move |link| Link {
            ask: &sign.ask,
            answer: &sign.answer(link.answer).says,
            friction: &playbook.friction(link.friction).name,
            seen: told.answers(playbook, Suspect::Friction(link.friction), SignNo(at), link.answer),
        })
    };
    let mut links: Vec<Link> = (0..playbook.signs.len()).flat_map(of).collect();
    links.sort_by_key(|link| std::cmp::Reverse(link.seen.n_all));
    links
}

/// The section on the page of what is learnt.
pub fn section(links: &[Link]) -> Markup {
    let (known, judged): (Vec<&Link>, Vec<&Link>) = links.iter().partition(|link| link.is_known());
    html! {
        section {
            h2 { "How cases answered" }
            p { "Where a friction went after what was tried against it, it was what held the case up; so what had been answered before tells how such cases answer." }
            @if known.is_empty() { p.empty { "Too few went yet. From " (TOLD_TOGETHER) " cases of a friction on it is told here, " (TOLD_TOGETHER) " at a time, so that no count says what one of them answered." } }
            @else {
                (table(&known))
                p.meta { "Cases are told " (TOLD_TOGETHER) " at a time, and of fewer nothing, so that no count says what one of them answered." }
            }
            @if !judged.is_empty() {
                details {
                    summary { (judged.len()) " of " (links.len()) " links between an answer and a friction are only judged so far" }
                    (table(&judged))
                }
            }
        }
    }
}

fn table(links: &[&Link]) -> Markup {
    html! {
        table.list.folds tabindex="0" {
            thead { tr { th scope="col" { "Answer" } th scope="col" { "Speaks for" } th.figure scope="col" { "Expected" }
                th.figure scope="col" { "So here" } th.figure scope="col" { "Together" } } }
            tbody { @for link in links { tr {
                td { (link.ask) " " b { (link.answer) } }
                td data-th="Speaks for" { (link.friction) }
                td.figure data-th="Expected" { (says::percent(link.seen.promised)) }
                td.figure data-th="So here" { @if link.is_known() { (link.seen.n_so) " of " (link.seen.n_all) } @else { "thin" } }
                td.figure data-th="Together" { (says::percent(link.seen.mean())) " (" (says::between(link.seen.interval())) ")" }
            } } }
        }
    }
}

/// What is learnt of one link, behind what the playbook says of it.
pub fn beside(playbook: &Playbook, told: &Learnt, sign: SignNo, link: &Speaks) -> Markup {
    let seen = told.answers(playbook, Suspect::Friction(link.friction), sign, link.answer);
    html! {
        @if is_known(&seen) {
            " " span.meta { "Such cases answer so in " (says::percent(seen.promised)) ", it expects; here " (seen.n_so) " of " (seen.n_all) " did: together "
                (says::percent(seen.mean())) " (" (says::between(seen.interval())) ")." }
        }
    }
}
