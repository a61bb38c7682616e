//! What could this roll-out show? A page of its own, and a section on the page of a wave; for who runs the change.

use std::collections::BTreeMap;

use maud::{Markup, html};
use traction_domain::prove::plan::{self as rules, LawOf, PlanRefused, Playing, ReadWith};
use traction_domain::refusal::Refusal;
use traction_stats::power::Share;
use traction_stats::uncertainty::Level;

use super::verbs::{self, Planned, Wish};
use super::{pictures, show};
use crate::offer::change;
use crate::offer::change::store::Change;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::charts::Downloads;
use crate::web::{Answer, Filled, Form, Page, Path, Query, View, again, failure};

/// A page plays the roll-out this often.
const N_PLAYS: usize = 100;
/// Chance of the pages' plays: the same plan gives the same page.
const SEED: u64 = 1;
/// More slots or waves than this are a slip of the finger.
const MOST: u32 = 1_000;

/// `GET /changes/{change}/plan?slots=…&waves=…`
pub async fn show(
    view: View,
    Path(slug): Path<String>,
    Query(tried): Query<BTreeMap<String, String>>,
) -> Answer {
    let change = change::verbs::find(view.world.store().read(), &slug).await?;
    let who = view.signed_in()?;
    change::verbs::must_run(who, &change, "plan its roll-out")?;
    let tried = |name| tried.get(name).cloned().unwrap_or_default();
    let filled = Filled::with([("slots", tried("slots")), ("waves", tried("waves"))]);
    let wish = match wished(&filled) {
        Ok(wish) => wish,
        Err(Trouble::Refused(refused)) => {
            return again(Ok(page(&change, &filled, Err(refused.as_ref())).show(&view)));
        }
        Err(trouble) => return Err(trouble.into()),
    };
    Ok(match verbs::of_change(&view.world, who, &change, &wish).await? {
        Ok(planned) => page(&change, &filled, Ok(&planned)),
        Err(refused) => page(&change, &filled, Err(&refused)),
    }
    .show(&view))
}

fn wished(filled: &Filled) -> Result<Wish, Trouble> {
    let number = |name: &'static str| -> Result<Option<usize>, Trouble> {
        if filled.text(name).trim().is_empty() {
            return Ok(None);
        }
        let n: u32 = filled.count(name)?;
        Ok(Some(n.clamp(1, MOST) as usize))
    };
    Ok(Wish {
        n_slots: number("slots")?,
        n_waves: number("waves")?,
        playing: Playing::Times { n: N_PLAYS, seed: SEED },
        ..by_default()
    })
}

/// As announced, by formula.
fn by_default() -> Wish {
    Wish {
        n_slots: None,
        n_waves: None,
        n_before: None,
        n_between: None,
        worth: None,
        level: Level::NINETY_FIVE,
        law: LawOf::Units,
        power: Share::EIGHTY,
        playing: Playing::Not,
        read_with: ReadWith::Auto,
    }
}

fn page(change: &Change, filled: &Filled, planned: Result<&Planned, &dyn Refusal>) -> Page {
    let refused = planned.err();
    let form = Form::new(filled, refused);
    let answer = match planned {
        Ok(planned) => html! { (rules::says(&planned.plan, &planned.measure)) },
        Err(refused) => html! { "No plan yet. " (failure::sentence(refused)) },
    };
    let href = format!("/changes/{}", change.slug);
    Page::new(Stage::Prove, format!("What could {} show?", change.name), answer)
        .crumb("/changes", "Changes")
        .crumb(href.clone(), change.name.clone())
        .body(html! {
            @if let Ok(planned) = planned {
                (pictures::power(planned).figure(&Downloads::Inside))
                (figures(planned))
                (pictures::by_slots(planned).figure(&Downloads::Inside))
            }
            section {
                h2 { "Think of another schedule" }
                form.stack method="get" action={ (href) "/plan" } {
                    @if refused.is_some_and(|refused| refused.field().is_some()) { (form.notice()) }
                    (form.number("slots", "Slots in every wave", "Empty: as announced."))
                    (form.number("waves", "How many waves", "Empty: as announced. Further waves follow as the last ones did."))
                    button.button { "What would it show?" }
                }
            }
            @if let Ok(planned) = planned {
                section {
                    h2 { "What this rests on" }
                    ul { @for note in show::notes(planned) { li { (note) } } }
                }
            }
        })
}

fn figures(planned: &Planned) -> Markup {
    html! {
        table.list tabindex="0" {
            thead { tr { th scope="col" { "Asked" } th.figure scope="col" { "There at once" } th.figure scope="col" { "Growing" } } }
            tbody { @for line in show::lines(planned) { tr {
                td { (line.what) } td.figure { (line.constant) } td.figure { (line.growing) }
            } } }
        }
    }
}

/// The plan of a change on the page of one of its waves: the sentence, the picture, and the way to the rest.
pub async fn section(view: &View, change: &Change) -> Result<Markup, Trouble> {
    let planned = verbs::of_change(&view.world, view.signed_in()?, change, &by_default()).await;
    let planned: Result<Planned, PlanRefused> = match planned {
        Err(Trouble::Refused(refused)) => return Ok(without(&failure::sentence(refused.as_ref()))),
        planned => planned?,
    };
    Ok(match planned {
        Err(refused) => without(&failure::sentence(&refused)),
        Ok(planned) => html! {
            section {
                h2 { "What could this roll-out show?" }
                p { (rules::says(&planned.plan, &planned.measure)) }
                @if planned.plan.played.is_none() {
                    p.meta { "At best: so by formula, which knows every variance. Played through the contest it may take an effect several times as large." }
                }
                (pictures::power(&planned).figure(&Downloads::Inside))
                p { a href={ "/changes/" (change.slug) "/plan" } { "The whole plan: played through its contest, and with other slots" } }
            }
        },
    })
}

/// The section where nothing can be planned.
fn without(why: &str) -> Markup {
    html! { section { h2 { "What could this roll-out show?" } p.empty { (why) } } }
}
