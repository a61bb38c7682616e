//! One idea: what would get better, what became of it, and moving it on or copying it.

use maud::{Markup, html};
use traction_domain::id::{IdeaId, UnitId};
use traction_domain::refusal::Refusal;
use traction_domain::sense::idea::{self as rules, IdeaState};

use super::clock_in_words;
use crate::org::unit;
use crate::overview::figures::Stage;
use crate::sense::idea::store::{self, Idea, IdeaMove};
use crate::sense::idea::verbs;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on, when};

/// `GET /ideas/{idea}`
pub async fn show(view: View, Path(id): Path<IdeaId>) -> Answer {
    idea_page(&view, id, &Filled::default(), None).await
}

async fn idea_page(view: &View, id: IdeaId, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let idea = verbs::find(sql, id).await?;
    let moves = store::moves(sql, id).await?;
    let may_move = view.who.as_ref().is_some_and(|who| verbs::may_move(who, &idea));
    let form = Form::new(filled, refused);
    let copying = copy_form(view, &idea, &moves).await?;
    let mut page = Page::new(
        Stage::Sense,
        idea.title.clone(),
        html! {
            "It is " (idea.state)
            @match idea.n_copies { 0 => {} 1 => { ", copied by 1 other unit" } n => { ", copied by " (n) " other units" } }
            "."
        },
    )
    .crumb("/ideas", "Ideas");
    if may_move && matches!(idea.state, IdeaState::New | IdeaState::BeingTried | IdeaState::Dropped) {
        page = page.action(html! { a.button href={ "/cycles/new?idea=" (id) } { "Test it in a cycle" } });
    }
    Ok(page
        .body(html! {
            (form.notice())
            dl.facts {
                dt { "What would get better" } dd { (idea.hope) }
                dt { "Where" } dd { a href={ "/units/" (idea.unit_slug) } { (idea.unit_name) } }
                @if let (Some(friction), Some(title)) = (idea.friction, &idea.friction_title) {
                    dt { "Against" } dd { a href={ "/frictions/" (friction) } { (title) } }
                }
                @if let Some(from) = &idea.copied_from {
                    dt { "Copied from" } dd {
                        a href={ "/ideas/" (from.id) } { (from.unit_name) }
                        @if let Some(name) = &from.submitter { ", where " (name) " had it" }
                    }
                }
                dt { "First answer" } dd { (clock_in_words(idea.clock(view.now))) }
                dt { "Handed in" } dd {
                    @if let Some(name) = &idea.submitter { "by " (name) ", " }
                    (when::relative(view, idea.submitted_at))
                }
            }
            section {
                h2 { "What became of it" }
                @if moves.is_empty() { p.empty { "Nobody has tried it yet." } }
                ol.story { @for moved in &moves { li { (move_in_words(view, moved)) } } }
            }
            @if may_move { (move_form(&form, &idea)) }
            (copying)
        })
        .show(view))
}

fn move_in_words(view: &View, moved: &IdeaMove) -> Markup {
    html! {
        span.pill { (moved.state) } " "
        @if let Some(unit) = &moved.copied_by_name { (unit) " copied it. " }
        (moved.words)
        p.meta { (moved.by.as_deref().unwrap_or("Traction")) ", " (when::relative(view, moved.at)) }
    }
}

fn move_form(form: &Form<'_>, idea: &Idea) -> Markup {
    let next: Vec<(String, String)> =
        idea.state.next().iter().map(|state| (state.word().to_owned(), state.to_string())).collect();
    html! {
        @if !next.is_empty() {
            section {
                h2 { "Move it on" }
                form.stack method="post" action={ "/ideas/" (idea.id) "/moves" } {
                    (form.choice("state", "It is now", "", &next))
                    (form.area("words", "What is there to say?", "Whoever drops an idea says why."))
                    button.button { "Move it on" }
                }
            }
        }
    }
}

/// For somebody of another unit, once the idea works where it came from.
async fn copy_form(view: &View, idea: &Idea, moves: &[IdeaMove]) -> Result<Markup, crate::trouble::Broken> {
    let copied: Vec<UnitId> = moves.iter().filter_map(|moved| moved.copied_by).collect();
    let own = view.who.as_ref().map(|who| who.units()).unwrap_or_default();
    let may: Vec<UnitId> =
        own.into_iter().filter(|unit| rules::copied(idea.state, idea.unit, *unit, &copied).is_ok()).collect();
    if may.is_empty() {
        return Ok(html! {});
    }
    let units: Vec<(String, String)> = unit::store::all(view.world.store().read())
        .await?
        .into_iter()
        .filter(|unit| may.contains(&unit.id))
        .map(|unit| (unit.id.to_string(), unit.name))
        .collect();
    Ok(html! {
        section {
            h2 { "For you as well?" }
            p { "It becomes your unit's own, to be tried by your own people, and says whose idea it was." }
            @for (unit, name) in &units {
                form method="post" action={ "/ideas/" (idea.id) "/copies" } {
                    button.button name="unit" value=(unit) { "Copy it for " (name) }
                }
            }
        }
    })
}

/// `POST /ideas/{idea}/moves`
pub async fn move_on(view: View, Path(id): Path<IdeaId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let moved = match filled.text("state").parse::<IdeaState>() {
        Ok(next) => verbs::move_on(&view.world, who, id, next, filled.text("words")).await,
        Err(refused) => Err(refused.into()),
    };
    back_to(&view, id, &filled, moved).await
}

/// `POST /ideas/{idea}/copies`
pub async fn copy(view: View, Path(id): Path<IdeaId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let copied = match filled.parsed::<UnitId>("unit", "a unit; choose one from the list") {
        Ok(unit) => verbs::copy(&view.world, who, id, unit, filled.text("words")).await,
        Err(refused) => Err(refused.into()),
    };
    match lead_on(copied, |copy| format!("/ideas/{copy}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(idea_page(&view, id, &filled, Some(refused.as_ref())).await),
    }
}

async fn back_to(view: &View, id: IdeaId, filled: &Filled, done: Result<(), Trouble>) -> Answer {
    match lead_on(done, |()| format!("/ideas/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(idea_page(view, id, filled, Some(refused.as_ref())).await),
    }
}
