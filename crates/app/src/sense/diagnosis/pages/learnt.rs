//! What is learnt here about a playbook: what its remedies did, what held cases up, and how its signs speak, beside what it
//! expects of them, and where nothing is known.

mod common;
pub mod signs;

use std::collections::BTreeMap;

use maud::{Markup, html};
use traction_domain::refusal::Refusal;
use traction_domain::sense::diagnosis::{Advice, Learnt, Outcome, Works, tried};
use traction_domain::sense::playbook::{Playbook, Remedy, RemedyNo};

use crate::overview::figures::Stage;
use crate::sense::diagnosis::{says, store, verbs};
use crate::sense::playbook as playbooks;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, Query, View, again, counted, lead_on};

/// With fewer tries, the playbook's own judgement still weighs more than what was seen here.
const THIN: u32 = 5;

/// Where somebody says what became of a friction after the remedy that was advised.
pub fn href(playbook: &Playbook, advice: &Advice) -> String {
    let friction = advice.helps.first().map(|helps| playbook.friction(helps.friction).key.as_str());
    let remedy = &playbook.remedy(advice.remedy).key;
    format!(
        "/diagnosis/{}/learnt?remedy={remedy}&friction={}",
        playbook.edition.id,
        friction.unwrap_or_default()
    )
}

/// `GET /diagnosis/{playbook}/learnt?remedy=…&friction=…`
pub async fn show(
    view: View,
    Path(name): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Answer {
    let asked = |name| asked.get(name).cloned().unwrap_or_default();
    let filled = Filled::with([("remedy", asked("remedy")), ("friction", asked("friction"))]);
    page(&view, &playbook(&view, &name).await?, &filled, None).await
}

/// `POST /diagnosis/{playbook}/outcomes`
pub async fn record(view: View, Path(name): Path<String>, filled: Filled) -> Answer {
    let playbook = playbook(&view, &name).await?;
    match lead_on(recorded(&view, &playbook, &filled).await, |()| format!("/diagnosis/{name}/learnt"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, &playbook, &filled, Some(refused.as_ref())).await),
    }
}

async fn recorded(view: &View, playbook: &Playbook, filled: &Filled) -> Result<(), Trouble> {
    let who = view.signed_in()?;
    let outcome: Outcome = filled.parsed("outcome", "gone or stayed; choose one of the two")?;
    let tried = tried(playbook, filled.text("remedy"), filled.text("friction"), outcome)?;
    verbs::record(&view.world, who, playbook, tried).await
}

async fn playbook(view: &View, name: &str) -> Result<Playbook, Trouble> {
    Ok(playbooks::verbs::find(view.world.store().read(), name).await?.playbook)
}

async fn page(view: &View, playbook: &Playbook, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let learnt = store::learnt(view.world.store().read(), playbook).await?;
    let told = store::told(view.world.store().read(), playbook).await?;
    let signs = signs::links(playbook, &told);
    let n_signs = signs.iter().filter(|link| link.is_known()).count();
    let links = links(playbook, &learnt);
    let (known, unknown): (Vec<&Link>, Vec<&Link>) =
        links.iter().partition(|link| link.works.here.n_tried > 0);
    let n_tried: u32 = known.iter().map(|link| link.works.here.n_tried).sum();
    let n_gone: u32 = known.iter().map(|link| link.works.here.n_gone).sum();
    Ok(Page::new(Stage::Sense, format!("What is learnt here: {}", playbook.name), html! {
        @if n_tried == 0 { "Nothing is recorded yet; what the playbook expects is a judgement until then." }
        @else { (counted(n_tried, "try", "tries")) ", the friction gone after " (n_gone) "." }
        @if n_signs > 0 { " Of " (signs.len()) " links between an answer and a friction " (n_signs) " rest on cases here, too." }
    })
    .crumb("/diagnosis", "What holds it up?")
    .crumb(format!("/playbooks/{}", playbook.edition.id), playbook.name.clone())
    .body(html! {
        @if !known.is_empty() { section { h2 { "What remedies did" } (table(&known)) } }
        details {
            summary { (unknown.len()) " of " (links.len()) " links between a remedy and a friction are only judged so far" }
            (table(&unknown))
        }
        (common::section(playbook, &told))
        (signs::section(&signs))
        section {
            h2 { "What became of it?" }
            @if view.who.is_some() { (form(playbook, &Form::new(filled, refused))) }
            @else { p.empty { "Whoever tried a remedy can say here what became of the friction; sign in for that." } }
        }
    })
    .show(view))
}

/// What a remedy does to a friction.
struct Link<'a> {
    remedy: &'a str,
    friction: &'a str,
    works: Works,
}

/// Every link of the playbook, those tried most first.
fn links<'a>(playbook: &'a Playbook, learnt: &Learnt) -> Vec<Link<'a>> {
    let of = |(at, remedy): (usize, &'a Remedy)| {
        remedy.removes.iter().filter_map(move |removes| {
            let works = learnt.works(playbook, RemedyNo(at), removes.friction)?;
            Some(Link { remedy: &remedy.name, friction: &playbook.friction(removes.friction).name, works })
        })
    };
    let mut links: Vec<Link> = playbook.remedies.iter().enumerate().flat_map(of).collect();
    links.sort_by_key(|link| std::cmp::Reverse(link.works.here.n_tried));
    links
}

fn table(links: &[&Link]) -> Markup {
    html! {
        table.list.folds tabindex="0" {
            thead { tr { th scope="col" { "Remedy" } th scope="col" { "Against" } th.figure scope="col" { "Expected" }
                th.figure scope="col" { "Gone here" } th.figure scope="col" { "Together" } } }
            tbody { @for link in links { tr {
                td { (link.remedy) }
                td data-th="Against" { (link.friction) }
                td.figure data-th="Expected" { (says::percent(link.works.promised)) }
                td.figure data-th="Gone here" { (link.works.here.n_gone) " of " (link.works.here.n_tried) @if link.works.here.n_tried < THIN { " (thin)" } }
                td.figure data-th="Together" { (says::percent(link.works.mean())) " (" (says::interval(&link.works)) ")" }
            } } }
        }
    }
}

fn form(playbook: &Playbook, form: &Form<'_>) -> Markup {
    let remedies = playbook.remedies.iter().map(|remedy| (remedy.key.clone(), remedy.name.clone()));
    let frictions = playbook.frictions.iter().map(|friction| (friction.key.clone(), friction.name.clone()));
    let outcomes = Outcome::ALL.map(|outcome| {
        let says = if outcome == Outcome::Gone { "It is gone" } else { "It is still there" };
        (outcome.word().to_owned(), says.to_owned())
    });
    html! {
        form.stack method="post" action={ "/diagnosis/" (playbook.edition.id) "/outcomes" } {
            (form.notice())
            (form.choice("remedy", "What was tried?", "", &remedies.collect::<Vec<_>>()))
            (form.choice("friction", "Against what?", "", &frictions.collect::<Vec<_>>()))
            (form.choice("outcome", "What became of it?", "", &outcomes))
            button.button { "Record it" }
        }
    }
}
