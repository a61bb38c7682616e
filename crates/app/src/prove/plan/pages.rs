//! What could this roll-out show? A page of its own, and a section on the page of a wave; for who runs the change.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::HeaderValue;
use axum::http::header::REFRESH;
use maud::{Markup, html};
use traction_domain::prove::plan::{
    self as rules, LawOf, PlanRefused, Playing, ReadWith, n_waves_written, slots_written,
};
use traction_domain::refusal::Refusal;
use traction_stats::power::Share;
use traction_stats::uncertainty::Level;

use super::table::{Progress, Seen};
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
/// The page of a plan waits so long for the playing before it shows the formula alone.
const PATIENCE: Duration = Duration::from_millis(500);
/// The page of a wave, where the plan is beside the point.
const LITTLE_PATIENCE: Duration = Duration::from_millis(200);

/// `GET /changes/{change}/plan?slots=…&waves=…`
pub async fn show(
    view: View,
    Path(slug): Path<String>,
    Query(tried): Query<BTreeMap<String, String>>,
) -> Answer {
    let change = change::verbs::find(view.world.store().read(), &slug).await?;
    change::verbs::must_run(view.signed_in()?, &change, "plan its roll-out")?;
    let tried = |name| tried.get(name).cloned().unwrap_or_default();
    let filled = Filled::with([("slots", tried("slots")), ("waves", tried("waves"))]);
    let seen = match wished(&filled) {
        Ok(wish) => seen(&view, &change, &wish, PATIENCE).await?,
        Err(refused) => Seen { planned: Err(refused), progress: Progress::Done },
    };
    let shown = page(&change, &filled, &seen).show(&view);
    match seen {
        // Not understood: what was written is shown again, with what would be right.
        Seen { planned: Err(refused), .. } if refused.field().is_some() => again(Ok(shown)),
        Seen { progress: Progress::Done, .. } => Ok(shown),
        Seen { progress: Progress::UnderWay, .. } => {
            let mut shown = shown;
            shown.headers_mut().insert(REFRESH, HeaderValue::from_static("2"));
            Ok(shown)
        }
    }
}

/// The plan as far as it is known within `patience`.
async fn seen(view: &View, change: &Change, wish: &Wish, patience: Duration) -> Result<Seen, Trouble> {
    match verbs::of_change(&view.world, view.signed_in()?, change, wish).await? {
        Ok(prepared) => view.world.plans().seen(prepared, patience).await,
        Err(refused) => Ok(Seen { planned: Err(refused), progress: Progress::Done }),
    }
}

fn wished(filled: &Filled) -> Result<Wish, PlanRefused> {
    let written = |name| Some(filled.text(name).trim()).filter(|written| !written.is_empty());
    Ok(Wish {
        slots: written("slots").map(slots_written).transpose()?.unwrap_or_default(),
        n_waves: written("waves").map(n_waves_written).transpose()?,
        ..by_default()
    })
}

/// As announced.
fn by_default() -> Wish {
    Wish {
        slots: Vec::new(),
        n_waves: None,
        n_before: None,
        n_between: None,
        worth: None,
        level: Level::NINETY_FIVE,
        law: LawOf::Units,
        power: Share::EIGHTY,
        playing: Playing::Times { n: N_PLAYS, seed: SEED },
        read_with: ReadWith::Auto,
    }
}

fn page(change: &Change, filled: &Filled, seen: &Seen) -> Page {
    let refused = seen.planned.as_ref().err().map(|refused| refused as &dyn Refusal);
    let form = Form::new(filled, refused);
    let answer = match &seen.planned {
        Ok(planned) => html! { (rules::says(&planned.plan, &planned.measure)) },
        Err(refused) => html! { "No plan yet. " (failure::sentence(refused)) },
    };
    let href = format!("/changes/{}", change.slug);
    Page::new(Stage::Prove, format!("What could {} show?", change.name), answer)
        .crumb("/changes", "Changes")
        .crumb(href.clone(), change.name.clone())
        .body(html! {
            @if let Ok(planned) = &seen.planned {
                (bought(seen, planned))
                (pictures::power(planned).figure(&Downloads::Inside))
                @if let Some(rows) = show::played(planned) {
                    section {
                        h2 { "Played through its contest" }
                        (table(["There at once", "Growing", "Fading"], &rows))
                    }
                }
                section {
                    h2 { "By formula, at best" }
                    (table(["There at once", "May grow or fade"], &show::by_formula(planned)))
                }
                (pictures::by_slots(planned).figure(&Downloads::Inside))
            }
            section {
                h2 { "Think of another schedule" }
                form.stack method="get" action={ (href) "/plan" } {
                    @if refused.is_some_and(|refused| refused.field().is_some()) { (form.notice()) }
                    (form.line("slots", "Slots in every wave", "One number for all waves, or one for each, like 5,4,6. Empty: as announced."))
                    (form.line("waves", "How many waves", "Empty: as announced. Further waves follow as the last ones did."))
                    button.button { "What would it show?" }
                }
            }
            @if let Ok(planned) = &seen.planned {
                section {
                    h2 { "What this rests on" }
                    ul { @for note in show::notes(planned) { li { (note) } } }
                }
            }
        })
}

/// What one more slot or wave buys, or that it is being played.
fn bought(seen: &Seen, planned: &Planned) -> Markup {
    html! {
        @if seen.progress == Progress::UnderWay {
            p.meta role="status" { "So at best, by formula. It is being played through its contest now, which takes some seconds; this page will show it." }
        } @else if let Some(buys) = rules::buys(&planned.plan, &planned.measure) {
            p { (buys) }
        } @else if planned.plan.played.is_none() {
            p.meta { "At best: so by formula alone, since this is too large to be played while you wait; `traction plan --change` plays it." }
        }
    }
}

fn table<const N: usize>(headings: [&str; N], lines: &[show::Line<N>]) -> Markup {
    html! {
        table.list.folds {
            thead { tr { th scope="col" { "Asked" } @for heading in headings { th.figure scope="col" { (heading) } } } }
            tbody { @for line in lines { tr {
                td { (line.what) }
                @for (cell, heading) in line.cells.iter().zip(headings) { td.figure data-th=(heading) { (cell) } }
            } } }
        }
    }
}

/// The plan of a change on the page of one of its waves: the sentence, the picture, and the way to the rest.
pub async fn section(view: &View, change: &Change) -> Result<Markup, Trouble> {
    let seen = match seen(view, change, &by_default(), LITTLE_PATIENCE).await {
        Err(Trouble::Refused(refused)) => return Ok(without(&failure::sentence(refused.as_ref()))),
        seen => seen?,
    };
    Ok(match &seen.planned {
        Err(refused) => without(&failure::sentence(refused)),
        Ok(planned) => html! {
            section {
                h2 { "What could this roll-out show?" }
                p { (rules::says(&planned.plan, &planned.measure)) }
                @if seen.progress == Progress::UnderWay {
                    p.meta { "At best: so by formula, which knows every variance. It is being played through the contest now; look again in some seconds." }
                } @else if let Some(buys) = rules::buys(&planned.plan, &planned.measure) {
                    p { (buys) }
                } @else if planned.plan.played.is_none() {
                    p.meta { "At best: so by formula, which knows every variance. Played through the contest it may take an effect several times as large." }
                }
                (pictures::power(planned).figure(&Downloads::Inside))
                p { a href={ "/changes/" (change.slug) "/plan" } { "The whole plan, and what other slots would show" } }
            }
        },
    })
}

/// The section where nothing can be planned.
fn without(why: &str) -> Markup {
    html! { section { h2 { "What could this roll-out show?" } p.empty { (why) } } }
}
