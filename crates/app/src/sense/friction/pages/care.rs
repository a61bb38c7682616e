//! What whoever answers for a unit does with its reports: looks at them, merges them, points them at a metric.

use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use traction_domain::id::{FrictionId, MetricId, UnitId};
use traction_domain::sense::friction::intake::Shown;

use super::one::back_to;
use super::{as_given, hours_in_words};
use crate::offer::metric;
use crate::org::unit;
use crate::sense::friction::store::Friction;
use crate::sense::friction::verbs::{self, care};
use crate::trouble::{Broken, Trouble};
use crate::web::{Answer, Filled, Led, Path, View, again, counted, lead_on, when};

/// As many that wait for a look can be held back together.
const MANY: usize = 3;

/// The reports that wait for a look by whoever sees the page; nothing for those who do not look.
pub async fn waiting(view: &View, unit: Option<UnitId>) -> Result<Markup, Broken> {
    let waiting = match &view.who {
        Some(who) => care::waiting(view.world.store().read(), who, unit).await?,
        None => vec![],
    };
    Ok(html! {
        @if !waiting.is_empty() {
            section #waiting {
                h2 { (counted(waiting.len(), "report waits", "reports wait")) " for your look" }
                p.meta { "Others see them once you show them. What names a person, or is no friction, hold back, and say why." }
                ul.cards { @for one in &waiting { li.card {
                    p { (one.title) }
                    p.meta { (one.unit_name) ", " (hours_in_words(one.cost.hours_per_week)) " a week: " (as_given(one.burden.times_per_week, "time", "times")) ", "
                        (as_given(one.burden.minutes, "minute", "minutes")) ", " (counted(one.burden.n_people.round(), "person", "people")) "; " (when::relative(view, one.reported_at)) }
                    form method="post" action={ "/frictions/" (one.id) "/looks" } {
                        button.button name="shown" value="shown" { "Show it" }
                    }
                    details {
                        summary { "Hold it back" }
                        form.stack method="post" action={ "/frictions/" (one.id) "/looks" } {
                            div.field {
                                label for={ "words-" (one.id) } { "Why?" }
                                input id={ "words-" (one.id) } name="words" type="text" maxlength="1000";
                            }
                            button.button.quiet name="shown" value="held-back" { "Hold it back" }
                        }
                    }
                } } }
                @if let Some(slug) = unit.and_then(|_| waiting.first()).map(|one| &one.unit_slug).filter(|_| waiting.len() >= MANY) {
                    details {
                        summary { "Hold all " (waiting.len()) " back" }
                        form.stack method="post" action={ "/units/" (slug) "/looks" } {
                            div.field {
                                label for="words-all" { "Why?" }
                                input #words-all name="words" type="text" maxlength="1000" aria-describedby="words-all-about";
                                p.help #words-all-about { "For a link that somebody floods. Nothing is deleted: each can be shown later." }
                            }
                            button.button.quiet { "Hold all back" }
                        }
                    }
                }
            }
        }
    })
}

/// `POST /units/{unit}/looks`
pub async fn hold_all_back(view: View, Path(slug): Path<String>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let unit = unit::verbs::find(view.world.store().read(), &slug).await?;
    let held = care::hold_all_back(&view.world, who, unit.id, filled.text("words")).await;
    match lead_on(held, |()| format!("/frictions?unit={slug}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(super::list_page(&view, Some(&unit), Some(refused.as_ref())).await),
    }
}

/// `POST /frictions/{friction}/looks`
pub async fn look(view: View, Path(id): Path<FrictionId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let friction = verbs::seen(view.world.store().read(), Some(who), id).await?;
    let looked = match filled.text("shown").parse::<Shown>() {
        Ok(next) => care::look(&view.world, who, id, next, filled.text("words")).await,
        Err(refused) => Err(refused.into()),
    };
    match looked {
        Ok(()) => Ok(Redirect::to(&format!("/frictions?unit={}", friction.unit_slug)).into_response()),
        refused => back_to(&view, id, &filled, refused).await,
    }
}

/// Where a friction counts, what counts in it, and the way to merge it, for those who answer for it.
pub async fn merging(view: &View, friction: &Friction) -> Result<Markup, Broken> {
    let may_answer = super::may_answer(view, friction);
    let sql = view.world.store().read();
    if let Some(into) = friction.merged_into {
        // Whoever reported it may be of another unit than those who see the other one.
        let sees = verbs::seen(sql, view.who.as_ref(), into).await.is_ok();
        return Ok(html! {
            p.notice { "It is one with "
                @if sees { a href={ "/frictions/" (into) } { "another friction" } } @else { "another friction" }
                ", where its hours count. What becomes of that stands here, too." }
            @if may_answer { (unmerging(friction.id)) }
        });
    }
    let mut others: Vec<(f64, Friction)> = Vec::new();
    if may_answer && friction.state.is_open() {
        let of_unit = verbs::backlog(sql, view.who.as_ref(), Some(friction.unit)).await?;
        let typed = verbs::typed(&friction.title, &of_unit);
        let open = of_unit.into_iter().filter(|one| one.id != friction.id && one.state.is_open());
        others = open.map(|one| (typed.likeness(&one.title), one)).collect();
        others.sort_by(|one, other| other.0.total_cmp(&one.0));
    }
    Ok(html! {
        @if !friction.merged.is_empty() {
            section {
                h2 { "Reported as well" }
                ul { @for (id, title) in &friction.merged { li {
                    a href={ "/frictions/" (id) } { (title) }
                    @if may_answer { (unmerging(*id)) }
                } } }
            }
        }
        @if !others.is_empty() {
            details {
                summary { "Is it one with another?" }
                form.stack method="post" action={ "/frictions/" (friction.id) "/merges" } {
                    div.field {
                        label for="into" { "Merge it into" }
                        select #into name="into" aria-describedby="into-about" {
                            @for (_, one) in &others { option value=(one.id) { (one.title) } }
                        }
                        p.help #into-about { "The likest first. Its hours and who has it come along; unmerging gives them back." }
                    }
                    button.button.quiet { "Merge" }
                }
            }
        }
    })
}

fn unmerging(id: FrictionId) -> Markup {
    html! {
        form method="post" action={ "/frictions/" (id) "/merges" } {
            input type="hidden" name="into" value="";
            button.button.quiet { "Unmerge" }
        }
    }
}

/// `POST /frictions/{friction}/merges`: into another one, or, with nothing named, out of it again.
pub async fn merge(view: View, Path(id): Path<FrictionId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let merged = match filled.maybe_parsed::<FrictionId>("into", "a friction; choose one from the list") {
        Ok(Some(into)) => care::merge(&view.world, who, id, into).await,
        Ok(None) => care::unmerge(&view.world, who, id).await,
        Err(refused) => Err(refused.into()),
    };
    back_to(&view, id, &filled, merged).await
}

/// `POST /frictions/{friction}/metric`
pub async fn point(view: View, Path(id): Path<FrictionId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let pointed = match filled.maybe_parsed::<MetricId>("metric", "a metric; choose one from the list") {
        Ok(metric) => point_at(&view, who, id, metric).await,
        Err(refused) => Err(refused.into()),
    };
    back_to(&view, id, &filled, pointed).await
}

async fn point_at(
    view: &View,
    who: &traction_domain::org::who::Who,
    id: FrictionId,
    metric: Option<MetricId>,
) -> Result<(), Trouble> {
    if let Some(metric) = metric {
        let found = metric::store::one(view.world.store().read(), metric).await?;
        found.ok_or(Trouble::NotFound { what: "metric" })?;
    }
    care::point(&view.world, who, id, metric).await
}
