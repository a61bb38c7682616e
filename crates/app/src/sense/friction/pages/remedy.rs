//! What would remove a friction: the questions of a playbook asked about it, the remedy that is tried on it, and what became
//! of it.

use maud::{Markup, html};
use traction_domain::id::FrictionId;
use traction_domain::sense::diagnosis::trial::Known;
use traction_domain::sense::diagnosis::{Model, Outcome, next};
use traction_domain::sense::friction::intake::Shown;

use crate::sense::account::demand;
use crate::sense::diagnosis::pages::{self as conversation, Asked, Telling, Way};
use crate::sense::diagnosis::{self, trail};
use crate::sense::friction::store::Friction;
use crate::sense::friction::verbs::{self, care};
use crate::sense::trial::store::Trial;
use crate::sense::trial::verbs::{For, TrialWish};
use crate::sense::{playbook, trial};
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Path, Query, View, when};

/// The section on a friction's page: what is tried, with its numbers, and the way to the questions.
pub async fn section(view: &View, friction: &Friction) -> Result<Markup, Trouble> {
    let sql = view.world.store().read();
    let trials = trial::store::on_friction(sql, friction.id).await?;
    let is_open = friction.state.is_open() && friction.merged_into.is_none() && friction.shown == Shown::Yes;
    let may_try = view.who.as_ref().is_some_and(|who| care::may_try(who, friction)) && is_open;
    if trials.is_empty() && !may_try {
        return Ok(html! {});
    }
    let mut tried = Vec::new();
    for trial in &trials {
        tried.push(item(view, trial).await?);
    }
    let playbooks = playbook::store::all(sql).await?;
    Ok(html! {
        section {
            h2 { "What would remove it?" }
            @if trials.is_empty() { p.empty { "A few questions tell what most likely keeps it there, and the smallest thing to try." } }
            @else { ul { @for one in &tried { li { (one) } } } }
            @if may_try {
                p { @for (place, kept) in playbooks.iter().enumerate() {
                    @let href = format!("/frictions/{}/diagnosis/{}", friction.id, kept.playbook.edition.id);
                    @if place == 0 { a.button.quiet href=(href) { "Ask: " (kept.playbook.name) } }
                    @else { (if place == 1 { " or by " } else { ", " }) a href=(href) { (kept.playbook.name) } }
                } }
            }
        }
    })
}

async fn item(view: &View, trial: &Trial) -> Result<Markup, Trouble> {
    let sql = view.world.store().read();
    let playbook = playbook::verbs::find(sql, &trial.playbook).await?.playbook;
    let course = trial::course::of(sql, trial, &playbook, view.now).await?;
    let (remedy, against) = trial::pages::names(&playbook, trial);
    Ok(html! {
        a href={ "/trials/" (trial.id) } { (remedy) } " against “" (against) "”, since " (when::date(view, trial.begun_at)) ": "
        @match (trial.ended, trial.known) {
            (Some((Outcome::Gone, _)), Known::Said) => { "it is gone." }
            (Some((Outcome::Stayed, _)), Known::Said) => { "it is still there." }
            (Some((Outcome::Gone, _)), Known::Read) => { "it is gone, by its metric." }
            (Some((Outcome::Stayed, _)), Known::Read) => { "it is still there, by its metric." }
            (None, _) if trial.due_at <= view.now => { b { "is it gone?" } }
            (None, _) => { "asked " (when::relative(view, trial.due_at)) "." }
        }
        @if let Some(course) = &course { p.meta { (course.told()) } }
    })
}

/// `GET /frictions/{friction}/diagnosis/{playbook}?given=…&say=…`
pub async fn ask(
    view: View,
    Path((id, name)): Path<(FrictionId, String)>,
    Query(asked): Query<Asked>,
) -> Answer {
    let sql = view.world.store().read();
    let friction = verbs::seen(sql, view.who.as_ref(), id).await?;
    let playbook = playbook::verbs::find(sql, &name).await?.playbook;
    let answers = trail::read(&playbook, &asked.said())
        .ok_or(Trouble::NotFound { what: "question with that answer" })?;
    let learnt = diagnosis::store::learnt(sql, &playbook).await?;
    let model = Model::new(&playbook, &learnt);
    let action = format!("/frictions/{id}/diagnosis/{name}");
    let page = match next(&model, &answers).filter(|_| !asked.is_enough()) {
        Some(next) => {
            let enough = "Enough: what does it say?";
            let way = Way { action: &action, about: &friction.title, enough, telling: Telling::SoFar };
            conversation::question(&model, &answers, next, &way)
        }
        None => {
            let trying = format!("/frictions/{id}/trials");
            let may_try = view.who.as_ref().is_some_and(|who| care::may_try(who, &friction));
            let offers = demand::offers(sql).await?;
            conversation::result(&model, &answers, &action, &offers, may_try.then_some(trying.as_str()))
        }
    };
    Ok(page
        .crumb("/frictions", "What gets in the way")
        .crumb(format!("/frictions/{id}"), friction.title)
        .show(&view))
}

/// `POST /frictions/{friction}/trials`
pub async fn try_remedy(view: View, Path(id): Path<FrictionId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let tried = match trial::pages::begun(&filled) {
        Ok(begun) => {
            let wish = TrialWish {
                helps: For::Friction(id),
                remedy: &begun.remedy,
                friction: &begun.friction,
                n_days: begun.n_days,
                answers: &begun.answers,
            };
            care::try_remedy(&view.world, who, id, &begun.playbook, &wish).await.map(|_| ())
        }
        Err(refused) => Err(refused),
    };
    super::one::back_to(&view, id, &filled, tried).await
}
