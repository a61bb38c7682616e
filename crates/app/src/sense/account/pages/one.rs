//! One customer organisation as a page: what it is stuck on, what was tried, what is next.

use maud::{Markup, html};
use traction_domain::id::HoldId;
use traction_domain::refusal::Refusal;
use traction_domain::sense::account::Stand;

use crate::overview::figures::Stage;
use crate::sense::account::demand::{self, Standing};
use crate::sense::account::offer;
use crate::sense::account::store::{self, Account};
use crate::sense::account::verbs::{self, HoldWish};
use crate::sense::diagnosis::says;
use crate::sense::{playbook, trial};
use crate::store::Sql;
use crate::trouble::Broken;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, counted, lead_on, when};

/// `GET /accounts/{account}`
pub async fn show(view: View, Path(slug): Path<String>) -> Answer {
    one_page(&view, &slug, &Filled::default(), None).await
}

/// `POST /accounts/{account}/holds`
pub async fn hold(view: View, Path(slug): Path<String>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let (playbook, friction) = filled.text("friction").split_once('/').unwrap_or_default();
    let wish = HoldWish { playbook, friction, words: filled.text("words") };
    let said = verbs::hold(&view.world, who, &slug, &wish).await;
    match lead_on(said, |_| format!("/accounts/{slug}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(one_page(&view, &slug, &filled, Some(refused.as_ref())).await),
    }
}

/// `POST /accounts/{account}/holds/{hold}/trials`
pub async fn try_remedy(view: View, Path((slug, id)): Path<(String, HoldId)>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let begun = trial::pages::begun(&filled)?;
    let tried = verbs::try_remedy(&view.world, who, id, &begun.remedy, begun.n_days).await;
    match lead_on(tried, |(_, account)| format!("/accounts/{}", account.slug))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(one_page(&view, &slug, &filled, Some(refused.as_ref())).await),
    }
}

/// `POST /accounts/{account}/cases`
pub async fn ask(view: View, Path(slug): Path<String>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let opened =
        verbs::open_case(&view.world, who, &slug, filled.text("playbook"), filled.text("title")).await;
    match lead_on(opened, |id| format!("/cases/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(one_page(&view, &slug, &filled, Some(refused.as_ref())).await),
    }
}

/// Every friction of every playbook, as choices; those of `buying` first.
async fn frictions(sql: &Sql) -> Result<Vec<(String, String)>, Broken> {
    let mut all = playbook::store::all(sql).await?;
    all.sort_by_key(|kept| kept.playbook.edition.id != "buying");
    let each = |kept: &playbook::store::Kept| {
        let (id, name) = (kept.playbook.edition.id.clone(), kept.playbook.name.clone());
        let frictions = kept.playbook.frictions.iter();
        frictions
            .map(|friction| (format!("{id}/{}", friction.key), format!("{} ({name})", friction.name)))
            .collect::<Vec<_>>()
    };
    Ok(all.iter().flat_map(each).collect())
}

async fn one_page(view: &View, slug: &str, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let who = view.signed_in()?;
    let sql = view.world.store().read();
    let account = verbs::find(sql, who, slug).await?;
    let mut demand = demand::all(sql).await?;
    demand.retain(|standing| standing.hold.account == account.id);
    let cases = store::cases_of(sql, account.id).await?;
    let frictions = frictions(sql).await?;
    let mut playbooks = playbook::store::all(sql).await?;
    playbooks.sort_by_key(|kept| kept.playbook.edition.id != "buying");
    let playbooks: Vec<(String, String)> =
        playbooks.into_iter().map(|kept| (kept.playbook.edition.id, kept.playbook.name)).collect();
    let form = Form::new(filled, refused);
    let open: Vec<&Standing> = demand.iter().filter(|standing| standing.stand != Stand::Gone).collect();
    Ok(Page::new(Stage::Sense, account.name.clone(), html! {
        @match open.first() {
            Some(first) => { "Stuck on: " (first.friction) @if open.len() > 1 { ", and " (counted(open.len() as u64 - 1, "thing", "things")) " more" } ". " (what_next(view, first)) "." }
            None if demand.is_empty() => { "Nothing is written down yet of what they are stuck on." }
            None => { "Nothing holds them up any more." }
        }
    })
    .crumb("/accounts", "Accounts")
    .body(html! {
        @if refused.is_some_and(|refused| refused.field() == Some("days")) { (form.notice_of_any()) } @else { (form.notice()) }
        @for standing in &demand { (card(view, &account, standing)) }
        section {
            h2 { "What are they stuck on?" }
            form.stack method="post" action={ "/accounts/" (slug) "/holds" } {
                (form.choice("friction", "It is mostly this", "Not sure? Go through the questions below with them, or ask several of them.", &frictions))
                (form.line("words", "In their words", "May stay empty."))
                button.button { "Write it down" }
            }
            p { a.button.quiet href="/diagnosis/buying" { "Go through the questions" } }
        }
        section {
            h2 { "Ask several people there" }
            p { "Each answers alone, by a private link, without an account. Where they see it differently is usually what stops them." }
            @if !cases.is_empty() { ul { @for case in &cases { li {
                @if case.opened_by.is_some() && case.opened_by == who.person() { a href={ "/cases/" (case.id) } { (case.title) } } @else { (case.title) }
                " " span.meta { @match case.closed_at { Some(at) => { "closed " (when::relative(view, at)) } None => { "open since " (when::relative(view, case.opened_at)) } } }
            } } } }
            form.stack method="post" action={ "/accounts/" (slug) "/cases" } {
                (form.line("title", "What is it about?", "Those you ask will read it."))
                (form.choice("playbook", "Which questions?", "", &playbooks))
                button.button.quiet { "Open a case" }
            }
        }
    })
    .show(view))
}

fn card(view: &View, account: &Account, standing: &Standing) -> Markup {
    let hold = &standing.hold;
    html! {
        section.card {
            h2 { (standing.friction) }
            p { span.pill { (standing.stand.word()) } " " span.meta { "since " (when::date(view, hold.said_at)) } }
            @if !hold.words.is_empty() { blockquote { p { (hold.words) } } }
            @if !standing.trials.is_empty() {
                h3 { "What was tried" }
                ul { @for tried in &standing.trials { li {
                    a href={ "/trials/" (tried.id) } { (standing.name_of(tried)) } ", " (when::date(view, tried.begun_at)) ": "
                    @match tried.ended { Some((outcome, _)) => { (outcome) } None => { "asked " (when::relative(view, tried.due_at)) } }
                } } }
            }
            @if let (Some(next), true) = (&standing.next, standing.stand != Stand::Gone) {
                h3 { @if standing.stand == Stand::Stuck { "What is next: " } @else { "Being tried: " } (next.name) }
                p { (next.action) }
                @if let Some(works) = &next.works { p.meta { "How often it works: " (says::works(works)) "." } }
                (offer::called(&next.offers))
                @if standing.stand == Stand::Stuck {
                    form.row method="post" action={ "/accounts/" (account.slug) "/holds/" (hold.id) "/trials" } {
                        input type="hidden" name="remedy" value=(next.remedy);
                        div.field {
                            label for={ "days-" (hold.id) } { "Ask whether it is gone after how many days?" }
                            input id={ "days-" (hold.id) } name="days" type="text" inputmode="numeric" value=(next.n_days);
                        }
                        button.button { "We try it" }
                    }
                }
            }
        }
    }
}

/// What is next on a hold, in a few words.
pub(super) fn what_next(view: &View, standing: &Standing) -> Markup {
    html! {
        @match (standing.stand, &standing.next) {
            (Stand::Trying { due_at }, Some(next)) => { (next.name) ": " @if due_at <= view.now { "ask whether it is gone" } @else { "asked " (when::relative(view, due_at)) } }
            (_, Some(next)) => { "Try: " (next.name) }
            (_, None) => { "Nothing left to try in the playbook" }
        }
    }
}
