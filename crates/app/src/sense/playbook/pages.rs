//! Playbooks as pages: which there are, what one says, how its versions differ, bringing one in, taking one over.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::refusal::Refusal;
use traction_domain::sense::diagnosis::Learnt;
use traction_domain::sense::playbook::{Playbook, RemedyNo, SignNo, diff};

use crate::overview::figures::Stage;
use crate::sense::account::{demand, offer};
use crate::sense::diagnosis::pages::learnt::signs;
use crate::sense::diagnosis::{self, says};
use crate::sense::playbook::store::{self, Kept};
use crate::sense::playbook::verbs;
use crate::web::{Answer, Filled, Form, Led, Page, Path, Query, View, again, counted, lead_on, when};

/// `GET /playbooks`
pub async fn list(view: View) -> Answer {
    list_page(&view, &Filled::default(), None).await
}

/// `POST /playbooks`
pub async fn bring(view: View, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let brought = verbs::bring(&view.world, who, filled.text("playbook")).await;
    match lead_on(brought, |edition| format!("/playbooks/{}", edition.id))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(list_page(&view, &filled, Some(refused.as_ref())).await),
    }
}

async fn list_page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let all = store::all(view.world.store().read()).await?;
    Ok(Page::new(Stage::Sense, "Playbooks", html! {
        (counted(all.len() as u64, "playbook", "playbooks")) " to find out what holds something up. Anybody may bring one in."
    })
    .crumb("/diagnosis", "What holds it up?")
    .body(html! {
        table.list tabindex="0" {
            thead { tr { th scope="col" { "Playbook" } th scope="col" { "Version" } th scope="col" { "Knows" } th scope="col" { "Here since" } } }
            tbody { @for kept in &all { tr {
                td { a href={ "/playbooks/" (kept.playbook.edition.id) } { (kept.playbook.name) } }
                td { (kept.playbook.edition) }
                td { (sizes(&kept.playbook)) }
                td { @match kept.brought_at { Some(at) => (when::relative(view, at)), None => "comes with the program" } }
            } } }
        }
        section {
            h2 { "Bring one in" }
            @if view.who.is_some() { (form(&Form::new(filled, refused))) }
            @else { p.empty { "Whoever knows what holds people up can write it down: signs, frictions, remedies, in a text file. Sign in to bring one in." } }
        }
    })
    .show(view))
}

fn form(form: &Form<'_>) -> Markup {
    html! {
        form.stack method="post" action="/playbooks" {
            (form.notice())
            (form.area("playbook", "The playbook", "The text of its file. Every line that is wrong is named; nothing is taken in halfway."))
            button.button { "Bring it in" }
        }
        p.meta { "The form is described in docs/guide/playbooks.md. Take one of those above over to begin with: its page has a button." }
    }
}

fn sizes(playbook: &Playbook) -> String {
    let signs = counted(playbook.signs.len() as u64, "sign", "signs");
    let frictions = counted(playbook.frictions.len() as u64, "friction", "frictions");
    format!("{signs}, {frictions}, {}", counted(playbook.remedies.len() as u64, "remedy", "remedies"))
}

/// Which version of a playbook is compared with its newest.
#[derive(Debug, Default, Deserialize)]
pub struct Compared {
    /// Its number.
    since: Option<u32>,
}

/// `GET /playbooks/{playbook}?since=1`
pub async fn show(view: View, Path(name): Path<String>, Query(compared): Query<Compared>) -> Answer {
    one_page(&view, &name, &compared, &Filled::default(), None).await
}

/// `POST /playbooks/{playbook}/forks`
pub async fn fork(view: View, Path(name): Path<String>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let forked = verbs::fork(&view.world, who, &name, filled.text("id").trim()).await;
    match lead_on(forked, |edition| format!("/playbooks/{}", edition.id))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => {
            again(one_page(&view, &name, &Compared::default(), &filled, Some(refused.as_ref())).await)
        }
    }
}

async fn one_page(
    view: &View,
    name: &str,
    compared: &Compared,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Answer {
    let sql = view.world.store().read();
    let newest = verbs::find(sql, name).await?;
    let versions = store::versions(sql, name).await?;
    let playbook = &newest.playbook;
    let earlier = versions.iter().find(|kept| Some(kept.playbook.edition.version) == compared.since);
    let origin = match &playbook.forked_from {
        Some(origin) => {
            store::versions(sql, &origin.id).await?.into_iter().find(|kept| kept.playbook.edition == *origin)
        }
        None => None,
    };
    let told = diagnosis::store::told(sql, playbook).await?;
    let learnt = diagnosis::store::learnt(sql, playbook).await?;
    let offers = offer::section(view, &newest, &demand::offers(sql).await?).await?;
    Ok(Page::new(Stage::Sense, playbook.name.clone(), html! { (playbook.about) })
        .crumb("/playbooks", "Playbooks")
        .action(html! { a.button href={ "/diagnosis/" (name) } { "Ask by it" } })
        .body(html! {
            dl.facts {
                dt { "Version" } dd { (playbook.edition) }
                dt { "Knows" } dd { (sizes(playbook)) }
                @if let Some(origin) = &playbook.forked_from { dt { "Taken over from" } dd { a href={ "/playbooks/" (origin.id) } { (origin) } } }
                dt { "File" } dd { a href={ "/playbooks/" (name) "/text" } { (name) ".toml" } }
                dt { "Learnt here" } dd { a href={ "/diagnosis/" (name) "/learnt" } { "what its remedies did, and how cases answered" } }
            }
            @if let Some(earlier) = earlier { (differences(earlier, &newest)) }
            @if let Some(origin) = &origin { (differences(origin, &newest)) }
            @if versions.len() > 1 { (history(view, name, &versions)) }
            (contents(playbook, &learnt, &told))
            (offers)
            @if view.who.is_some() {
                section {
                    h2 { "Take it over" }
                    (taking_over(name, &Form::new(filled, refused)))
                }
            }
        })
        .show(view))
}

fn differences(earlier: &Kept, newest: &Kept) -> Markup {
    let differences = diff(&earlier.playbook, &newest.playbook);
    html! {
        section {
            h2 { "What changed since " (earlier.playbook.edition) }
            @if differences.is_empty() { p.empty { "Nothing that it says." } }
            ul { @for difference in &differences { li { (difference) } } }
        }
    }
}

fn history(view: &View, name: &str, versions: &[Kept]) -> Markup {
    html! {
        section {
            h2 { "Versions" }
            ul { @for (place, kept) in versions.iter().enumerate() { li {
                (kept.playbook.edition) " "
                @if let Some(at) = kept.brought_at { span.meta { (when::relative(view, at)) } }
                @if place > 0 { " " a href={ "/playbooks/" (name) "?since=" (kept.playbook.edition.version) } { "What changed since" } }
            } } }
        }
    }
}

/// What it says, each strength with what is learnt here beside it: of signs what may be `told`.
fn contents(playbook: &Playbook, learnt: &Learnt, told: &Learnt) -> Markup {
    html! {
        section {
            h2 { "What may hold it up" }
            @for (at, friction) in playbook.frictions.iter().enumerate() {
                details {
                    summary { (friction.name) }
                    p { (friction.means) }
                    ul {
                        @for (place, sign) in playbook.signs.iter().enumerate() { @for link in sign.speaks.iter().filter(|link| link.friction.0 == at) {
                            li { "Speaks for it, " (says::percent(link.strength)) ": " (sign.ask) " " b { (sign.answer(link.answer).says) } " " (link.reason.why)
                                " " span.meta { (playbook.source(link.reason.source).cite) }
                                (signs::beside(playbook, told, SignNo(place), link)) }
                        } }
                        @for (place, remedy) in playbook.remedies.iter().enumerate() { @for link in remedy.removes.iter().filter(|link| link.friction.0 == at) {
                            li { "Removes it, " (says::percent(link.strength)) ": " b { (remedy.name) } " " (link.reason.why)
                                " " span.meta { (says::footprint(remedy.footprint, remedy.relief_days)) }
                                @if let Some(works) = learnt.works(playbook, RemedyNo(place), link.friction).filter(|works| works.here.n_tried > 0) {
                                    " " span.meta { (says::works(&works)) "." }
                                } }
                        } }
                    }
                }
            }
        }
    }
}

fn taking_over(name: &str, form: &Form<'_>) -> Markup {
    html! {
        form.stack method="post" action={ "/playbooks/" (name) "/forks" } {
            (form.notice())
            (form.line("id", "Its name with you", "Small letters, digits and hyphens. It says where it comes from, and is yours to change: save its file, write in it, set the next version, bring it in."))
            button.button.quiet { "Take it over" }
        }
    }
}

/// `GET /playbooks/{playbook}/text`
pub async fn text(view: View, Path(name): Path<String>) -> Answer {
    let kept = verbs::find(view.world.store().read(), &name).await?;
    let file = format!("attachment; filename=\"{}.toml\"", kept.playbook.edition.id);
    let head = [(CONTENT_TYPE, "application/toml; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, file)];
    Ok((head, kept.text).into_response())
}
