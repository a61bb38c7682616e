//! Ideas as pages: the list, handing one in, one idea with what became of it.

use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::id::{FrictionId, IdeaId, UnitId};
use traction_domain::refusal::Refusal;
use traction_domain::sense::idea::{self as rules, IdeaState};

use crate::org::unit;
use crate::overview::figures::Stage;
use crate::sense::friction;
use crate::sense::idea::store::{self, Idea, IdeaMove};
use crate::sense::idea::verbs;
use crate::trouble::Trouble;
use crate::web::{
    Answer, Filled, Form, Led, Page, Path, Query, View, again, kept, lead_on, lead_on_or_keep, when,
};

/// The fewest people of whom a figure per head is given.
const FEWEST: usize = 5;

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
    let (n_implemented, n_people) = store::n_implemented_and_people(sql, view.now.after_days(-365)).await?;
    let n_trying = ideas.iter().filter(|idea| idea.state == IdeaState::BeingTried).count();
    Ok(Page::new(Stage::Sense, "Ideas", html! {
        (n_trying) " being tried; " (n_implemented) " adopted in the last year"
        @if n_people >= FEWEST { ", " (format!("{:.2}", n_implemented as f64 / n_people as f64)) " for each person" }
        "."
    })
    .crumb("/frictions", "What gets in the way")
    .action(html! { a.button href="/ideas/new" { "Hand in an idea" } })
    .body(html! {
        @if ideas.is_empty() {
            p.empty { "An idea is something you would try so that the work gets easier. Whoever has one may test it himself in a small cycle: no committee comes first. What worked, others copy." }
        } @else { (table(&view, &ideas)) }
    })
    .show(&view))
}

fn table(view: &View, ideas: &[Idea]) -> Markup {
    html! {
        table.list {
            thead { tr { th { "Idea" } th { "Unit" } th { "State" } th.figure { "Copied by" } th { "Handed in" } } }
            tbody { @for idea in ideas { tr {
                td { a href={ "/ideas/" (idea.id) } { (idea.title) } }
                td { (idea.unit_name) }
                td { span.pill { (idea.state) } }
                td.figure { (idea.n_copies) }
                td { (when::relative(view, idea.submitted_at)) }
            } } }
        }
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
        (None, Some(friction)) => friction::store::one(sql, friction).await?.map(|friction| friction.unit),
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
        Ok(id) => friction::store::one(sql, id).await?,
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
    let copying = copy_form(view, &form, &idea, &moves).await?;
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
async fn copy_form(
    view: &View,
    form: &Form<'_>,
    idea: &Idea,
    moves: &[IdeaMove],
) -> Result<Markup, crate::trouble::Broken> {
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
            h2 { "You do it too?" }
            form.stack method="post" action={ "/ideas/" (idea.id) "/copies" } {
                (form.choice("unit", "Your unit", "", &units))
                (form.line("words", "How does it go with you?", "May stay empty."))
                button.button.quiet { "We copied it" }
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
    back_to(&view, id, &filled, copied).await
}

async fn back_to(view: &View, id: IdeaId, filled: &Filled, done: Result<(), Trouble>) -> Answer {
    match lead_on(done, |()| format!("/ideas/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(idea_page(view, id, filled, Some(refused.as_ref())).await),
    }
}
