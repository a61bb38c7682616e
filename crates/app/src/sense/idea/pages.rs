//! Ideas as pages: the list, and handing one in. One idea stands beside it.

mod one;

use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::id::{FrictionId, IdeaId, UnitId};
use traction_domain::refusal::Refusal;
use traction_domain::sense::friction::{ResponseClock, days_to_answer};
use traction_domain::sense::idea::{self as rules, IdeaState};

use crate::org::unit;
use crate::overview::figures::Stage;
use crate::sense::friction;
use crate::sense::friction::pages::days_in_words;
use crate::sense::friction::store::FEWEST;
use crate::sense::idea::store::{self, Idea, Implemented};
use crate::sense::idea::verbs;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Query, View, counted, kept, lead_on_or_keep, when};

pub use one::{copy, move_on, show};

/// What may stand in the address of the form.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// The friction the idea would remove.
    friction: Option<FrictionId>,
    /// A unit's short name.
    unit: Option<String>,
}

/// `GET /ideas`
pub async fn list(view: View) -> Answer {
    let sql = view.world.store().read();
    let ideas = store::all(sql).await?;
    let implemented = store::implemented(sql, view.now.after_days(-365)).await?;
    let n_people = store::n_people(sql).await?;
    let n_implemented: usize = implemented.iter().map(|unit| unit.n_ideas).sum();
    let n_trying = ideas.iter().filter(|idea| idea.state == IdeaState::BeingTried).count();
    Ok(Page::new(Stage::Sense, "Ideas", html! {
        (n_trying) " being tried; " (n_implemented) " adopted in the last year"
        @if n_people >= FEWEST { ", " (per_head(n_implemented, n_people)) " for each of " (n_people) " people" }
        "."
    })
    .crumb("/frictions", "What gets in the way")
    .action(html! { a.button href="/ideas/new" { "Hand in an idea" } })
    .body(html! {
        @if ideas.is_empty() {
            p.empty { "An idea is something you would try so that the work gets easier. Whoever has one may test it himself in a small cycle: no committee comes first. What worked, others copy." }
        } @else {
            (clocks(&view, &ideas))
            (table(&view, &ideas))
            (by_unit(&implemented))
        }
    })
    .show(&view))
}

fn per_head(n_ideas: usize, n_people: usize) -> String {
    let each = n_ideas as f64 / n_people as f64;
    // As many digits as few ideas of many people need to be seen at all.
    if each >= 0.095 || n_ideas == 0 { format!("{each:.2}") } else { format!("{each:.3}") }
}

/// How soon ideas are answered: tried, adopted or dropped.
fn clocks(view: &View, ideas: &[Idea]) -> Markup {
    let clocks: Vec<ResponseClock> = ideas.iter().map(|idea| idea.clock(view.now)).collect();
    let n_waiting = clocks.iter().filter(|clock| matches!(clock, ResponseClock::Running { .. })).count();
    html! {
        p.meta {
            @match days_to_answer(clocks) {
                Some(days) => { "Half of the first answers came within " (days_in_words(days)) "; " }
                None => { "None was tried, adopted or dropped yet; " }
            }
            (counted(n_waiting, "idea waits", "ideas wait")) " for one."
        }
    }
}

/// Ideas that were implemented, for each person and year, by unit; of fewer than five people nothing is said.
fn by_unit(implemented: &[Implemented]) -> Markup {
    let told: Vec<&Implemented> = implemented.iter().filter(|unit| unit.n_people >= FEWEST).collect();
    html! {
        @if !told.is_empty() {
            details {
                summary { "Adopted in the last year, by unit" }
                table.list {
                    thead { tr { th { "Unit" } th.figure { "Adopted" } th.figure { "People" } th.figure { "For each person" } } }
                    tbody { @for unit in told { tr {
                        td { a href={ "/units/" (unit.unit_slug) } { (unit.unit_name) } }
                        td.figure { (unit.n_ideas) }
                        td.figure { (unit.n_people) }
                        td.figure { (per_head(unit.n_ideas, unit.n_people)) }
                    } } }
                }
                p.meta { "Units of fewer than five people are left out. Copied ideas count where they were adopted." }
            }
        }
    }
}

fn table(view: &View, ideas: &[Idea]) -> Markup {
    html! {
        table.list.folds tabindex="0" {
            thead { tr { th { "Idea" } th { "Unit" } th { "State" } th.figure { "Copied by" } th { "Handed in" } th { "First answer" } } }
            tbody { @for idea in ideas { tr {
                td { a href={ "/ideas/" (idea.id) } { (idea.title) } }
                td data-th="Unit" { (idea.unit_name) }
                td data-th="State" { span.pill { (idea.state) } }
                td.figure data-th="Copied by" { (idea.n_copies) }
                td data-th="Handed in" { (when::relative(view, idea.submitted_at)) }
                td data-th="First answer" { (clock_in_words(idea.clock(view.now))) }
            } } }
        }
    }
}

fn clock_in_words(clock: ResponseClock) -> String {
    match clock {
        ResponseClock::Running { days } => format!("waiting for {}", days_in_words(days)),
        ResponseClock::Stopped { days } => format!("after {}", days_in_words(days)),
    }
}

/// The ideas on a friction, and the way to hand one in: a part of the friction's page.
pub async fn on_friction(view: &View, friction: FrictionId) -> Result<Markup, crate::trouble::Broken> {
    let ideas = store::of_friction(view.world.store().read(), friction).await?;
    Ok(html! {
        section {
            h2 { "An idea?" }
            @if ideas.is_empty() { p.empty { "Nobody has proposed anything yet. Whoever has an idea may try it himself." } }
            @else { (table(view, &ideas)) }
            @if view.who.is_some() {
                p {
                    a.button.quiet href={ "/ideas/new?friction=" (friction) } { "Hand in an idea" } " "
                    a href={ "/cycles/new?friction=" (friction) } { "or test something right away" }
                }
            }
        }
    })
}

/// `GET /ideas/new`
pub async fn new(view: View, Query(asked): Query<Asked>) -> Answer {
    let who = view.signed_in()?;
    let sql = view.world.store().read();
    let unit = match (&asked.unit, asked.friction) {
        (Some(slug), _) => Some(unit::verbs::find(sql, slug).await?.id),
        (None, Some(friction)) => Some(friction::verbs::seen(sql, Some(who), friction).await?.unit),
        (None, None) => who.units().first().copied(),
    };
    let word = |id: Option<String>| id.unwrap_or_default();
    let filled = Filled::with([
        ("unit", word(unit.map(|unit| unit.to_string()))),
        ("friction", word(asked.friction.map(|friction| friction.to_string()))),
    ]);
    form_page(&view, &filled, None).await
}

/// `POST /ideas`
pub async fn submit(view: View, filled: Filled) -> Answer {
    match lead_on_or_keep(submit_filled(&view, &filled).await, |id| format!("/ideas/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => {
            kept(refused.as_ref(), form_page(&view, &filled, Some(refused.as_ref())).await)
        }
    }
}

async fn submit_filled(view: &View, filled: &Filled) -> Result<IdeaId, Trouble> {
    let who = view.signed_in()?;
    let unit: UnitId = filled.parsed("unit", "a unit; choose one from the list")?;
    let friction = filled.maybe_parsed("friction", "a friction; follow the link on its page")?;
    let proposed = rules::propose(filled.text("title"), filled.text("hope"))?;
    verbs::submit(&view.world, who, unit, friction, proposed).await
}

async fn form_page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let units = unit::store::all(sql).await?;
    let friction = match filled.text("friction").parse::<FrictionId>() {
        Ok(id) => friction::verbs::seen(sql, view.who.as_ref(), id).await.ok(),
        Err(_) => None,
    };
    let form = Form::new(filled, refused);
    Ok(Page::new(
        Stage::Sense,
        "What would you try?",
        html! {
            @match &friction {
                Some(friction) => { "Against: " (friction.title) "." }
                None => { "Two lines. You may test it yourself right after." }
            }
        },
    )
    .crumb("/ideas", "Ideas")
    .body(html! {
        form.stack method="post" action="/ideas" {
            (form.notice())
            input type="hidden" name="friction" value=(filled.text("friction"));
            (form.line("title", "What would you try?", "One line: what would be done differently."))
            (form.area("hope", "What would get better?", ""))
            (form.choice("unit", "Where?", "", &unit::pages::choices(&units)))
            button.button { "Hand it in" }
        }
    })
    .show(view))
}
