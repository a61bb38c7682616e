//! Cases as pages: the opener's list, and one case with its links, its result and what is tried.

mod result;
pub mod voice;

use maud::{Markup, html};
use traction_domain::id::CaseId;
use traction_domain::refusal::Refusal;

use crate::overview::figures::Stage;
use crate::sense::case::store::{self, Case};
use crate::sense::case::verbs;
use crate::sense::{account, playbook, trial};
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, counted, lead_on, when};

/// `GET /cases`
pub async fn list(view: View) -> Answer {
    list_page(&view, &Filled::default(), None).await
}

/// `POST /cases`
pub async fn open(view: View, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let opened = verbs::open(&view.world, who, filled.text("playbook"), filled.text("title")).await;
    match lead_on(opened, |id| format!("/cases/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(list_page(&view, &filled, Some(refused.as_ref())).await),
    }
}

async fn list_page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let person = view.signed_in()?.person().ok_or(Trouble::NotSignedIn)?;
    let cases = store::of_person(view.world.store().read(), person).await?;
    let form = Form::new(filled, refused);
    let playbooks = playbook::store::all(view.world.store().read()).await?.into_iter();
    let playbooks: Vec<(String, String)> =
        playbooks.map(|kept| (kept.playbook.edition.id, kept.playbook.name)).collect();
    Ok(Page::new(Stage::Sense, "Ask several people", html! {
        "Each answers alone, by a link, without an account; you see what they say together, and where they see it differently."
    })
    .crumb("/diagnosis", "What holds it up?")
    .body(html! {
        @if cases.is_empty() {
            p.empty { "Where several people have to pull together, what holds them up is often that they see different things. A case finds that out without asking anybody in front of the others." }
        } @else {
            table.list {
                thead { tr { th { "Case" } th { "Opened" } th.figure { "Answered" } th { "State" } } }
                tbody { @for case in &cases { tr {
                    td { a href={ "/cases/" (case.id) } { (case.title) } }
                    td { (when::relative(view, case.opened_at)) }
                    td.figure { (case.n_used) " of " (case.n_links) }
                    td { span.pill { @if case.closed_at.is_some() { "closed" } @else { "open" } } }
                } } }
            }
        }
        section {
            h2 { "A new case" }
            form.stack method="post" action="/cases" {
                (form.notice())
                (form.line("title", "What is it about?", "Those you ask will read it."))
                (form.choice("playbook", "Which questions?", "", &playbooks))
                button.button { "Open the case" }
            }
        }
    })
    .show(view))
}

/// `GET /cases/{case}`
pub async fn show(view: View, Path(id): Path<CaseId>) -> Answer {
    case_page(&view, id, None, None).await
}

/// `POST /cases/{case}/links`
pub async fn make_link(view: View, Path(id): Path<CaseId>) -> Answer {
    match verbs::make_link(&view.world, view.signed_in()?, id).await {
        Ok(secret) => {
            let link = format!("{}/voices/{secret}", view.world.settings().public_url);
            case_page(&view, id, Some(link), None).await
        }
        Err(Trouble::Refused(refused)) => again(case_page(&view, id, None, Some(refused.as_ref())).await),
        Err(other) => Err(other.into()),
    }
}

/// `POST /cases/{case}/end`
pub async fn close(view: View, Path(id): Path<CaseId>) -> Answer {
    let closed = verbs::close(&view.world, view.signed_in()?, id).await;
    match lead_on(closed, |()| format!("/cases/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(case_page(&view, id, None, Some(refused.as_ref())).await),
    }
}

/// `POST /cases/{case}/trials`
pub async fn try_remedy(view: View, Path(id): Path<CaseId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let begun = trial::pages::begun(&filled)?;
    let tried = verbs::try_remedy(&view.world, who, id, &begun.remedy, &begun.friction, begun.n_days).await;
    match lead_on(tried, |_| format!("/cases/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(case_page(&view, id, None, Some(refused.as_ref())).await),
    }
}

async fn case_page(view: &View, id: CaseId, link: Option<String>, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let case = verbs::own(sql, view.signed_in()?, id).await?;
    let playbook = verbs::playbook(sql, &case).await?;
    let heard = verbs::result(sql, &case, &playbook).await?;
    let trials = trial::store::of_case(sql, id).await?;
    let account = account::store::of_case(sql, id).await?;
    let filled = Filled::default();
    let result = match &heard {
        Some(heard) => {
            let about = result::About {
                case: &case,
                playbook: &playbook,
                trials: &trials,
                account: account.as_ref(),
            };
            Some(result::shown(view, &about, heard).await?)
        }
        None => None,
    };
    Ok(Page::new(Stage::Sense, case.title.clone(), html! {
        (case.n_used) " of " (counted(case.n_links as u64, "link has", "links have")) " been answered. "
        @match (&heard, case.closed_at) {
            (_, None) => { "Open: what they say is shown when you close it, to nobody before." }
            (Some(_), Some(at)) => { "Closed " (when::relative(view, at)) "." }
            (None, Some(_)) => { "Closed; too few answered for anything to be told without giving somebody away." }
        }
    })
    .crumb("/diagnosis", "What holds it up?")
    .crumb("/cases", "Cases")
    .body(html! {
        @if let Some(account) = &account { p.meta { "It is about " a href={ "/accounts/" (account.slug) } { (account.name) } "." } }
        (Form::new(&filled, refused).notice_of_any())
        @if let Some(link) = &link {
            section.card {
                h2 { "A link for one person" }
                p { code { (link) } }
                p.meta { "It is shown this once. Send it to one person; it works without an account, until answers are handed in by it." }
            }
        }
        @if case.closed_at.is_none() { (asking(&case)) }
        @if !trials.is_empty() { section { h2 { "What was tried" } (trial::pages::tried(view, &playbook, &trials)) } }
        @if let Some(result) = result { (result) }
    })
    .show(view))
}

fn asking(case: &Case) -> Markup {
    html! {
        section {
            h2 { "Whom do you ask?" }
            p { "Make a link for each. Nobody sees what one of them said, you neither, unless he lets his answers be shown. "
                "Together they are told from five on; fewer only if they let theirs be shown." }
            form method="post" action={ "/cases/" (case.id) "/links" } { button { "Make a link" } }
            form method="post" action={ "/cases/" (case.id) "/end" } {
                p.meta { "Closing shows the result, once and for all: no more answers are taken then." }
                button.quiet { "Close and see" }
            }
        }
    }
}
