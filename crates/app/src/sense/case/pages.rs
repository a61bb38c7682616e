//! Cases as pages: the opener's list, one case with its links and its result, and the conversation behind a link.

use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::id::CaseId;
use traction_domain::refusal::Refusal;
use traction_domain::sense::case::LinkState;
use traction_domain::sense::diagnosis::{Concord, Heard, Model, Openness, Voice, next, ranked};
use traction_domain::sense::playbook::{BUILT_IN, Playbook, built_in};

use crate::overview::figures::Stage;
use crate::sense::case::store::{self, Case};
use crate::sense::case::verbs;
use crate::sense::diagnosis::{self, pages as conversation, says, together, trail};
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, Query, View, again, counted, lead_on, when};

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
    let playbooks = BUILT_IN.iter().filter_map(|(name, _)| built_in(name));
    let playbooks: Vec<(String, String)> =
        playbooks.map(|(playbook, _)| (playbook.edition.id, playbook.name)).collect();
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

async fn case_page(view: &View, id: CaseId, link: Option<String>, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let case = verbs::own(sql, view.signed_in()?, id).await?;
    let playbook = verbs::playbook(&case)?;
    let heard = verbs::result(sql, &case, &playbook).await?;
    let filled = Filled::default();
    let result = match &heard {
        Some(heard) => Some(result(view, &playbook, heard).await?),
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
        (Form::new(&filled, refused).notice())
        @if let Some(link) = &link {
            section.card {
                h2 { "A link for one person" }
                p { code { (link) } }
                p.meta { "It is shown this once. Send it to one person; it works without an account, until answers are handed in by it." }
            }
        }
        @if case.closed_at.is_none() { (asking(&case)) }
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

async fn result(view: &View, playbook: &Playbook, heard: &Heard) -> Result<Markup, Trouble> {
    let learnt = diagnosis::store::learnt(view.world.store().read(), playbook).await?;
    let model = Model::new(playbook, &learnt);
    let pooled = together::pooled(heard);
    let advice = ranked(&model, &pooled, &[]);
    let divided = heard.signs.iter().filter(|on| on.concord == Concord::Divided);
    let divided: Vec<(&str, Option<String>)> =
        divided.map(|on| (playbook.sign(on.sign).ask.as_str(), together::said(playbook, on))).collect();
    Ok(html! {
        section {
            h2 { "Where they see it differently" }
            @if divided.is_empty() { p.empty { "Nowhere, as far as can be told." } }
            @else {
                p { "Talk about these first; the disagreement is often the obstacle itself." }
                ul { @for (ask, said) in divided { li { (ask) @if let Some(said) = said { " " b { (said) } } } } }
            }
        }
        (conversation::picture(playbook, &pooled))
        table.list {
            thead { tr { th scope="col" { "What holds it up" } th.figure scope="col" { "Probability" } th scope="col" { "How they see it" } } }
            tbody { @for on in &heard.suspects { tr {
                td { (says::suspect(playbook, on.suspect)) }
                td.figure { (says::percent(on.share)) }
                td { (together::concord(on.concord)) }
            } } }
        }
        @if let Some(first) = advice.first() { (conversation::do_first(playbook, &advice, first)) }
        @if heard.n_left_out > 0 { p.meta { (heard.n_left_out) " are not counted: they would stand out." } }
    })
}

/// What stands in the address of a conversation behind a link.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The answers so far.
    given: Option<String>,
    /// One more.
    say: Option<String>,
    /// Whether it is enough.
    enough: Option<String>,
}

/// Where somebody is on the way through a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// At a question, while one is worth asking.
    Asking,
    /// At the end: about to hand in.
    HandingIn,
}

/// `GET /voices/{secret}?given=…&say=…`
pub async fn voice(view: View, Path(secret): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let said =
        [asked.given.as_deref().unwrap_or_default(), asked.say.as_deref().unwrap_or_default()].join("~");
    let step = if asked.enough.is_some() { Step::HandingIn } else { Step::Asking };
    voice_page(&view, &secret, &said, step, None).await
}

/// `POST /voices/{secret}`
pub async fn hand_in(view: View, Path(secret): Path<String>, filled: Filled) -> Answer {
    let (case, _) = verbs::of_link(view.world.store().read(), &secret).await?;
    let playbook = verbs::playbook(&case).map_err(Trouble::from)?;
    let given = filled.text("given");
    let answers =
        trail::read(&playbook, given).ok_or(Trouble::NotFound { what: "question with that answer" })?;
    let openness = if filled.text("openness") == "open" { Openness::Open } else { Openness::Closed };
    let handed_in = verbs::hand_in(&view.world, &secret, &Voice { answers, openness }).await;
    match lead_on(handed_in, |()| format!("/voices/{secret}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => {
            again(voice_page(&view, &secret, given, Step::HandingIn, Some(refused.as_ref())).await)
        }
    }
}

async fn voice_page(
    view: &View,
    secret: &str,
    said: &str,
    step: Step,
    refused: Option<&dyn Refusal>,
) -> Answer {
    let sql = view.world.store().read();
    let (case, state) = verbs::of_link(sql, secret).await?;
    if state == LinkState::Used || case.closed_at.is_some() {
        let words =
            if state == LinkState::Used { "Your answers are in. Thank you." } else { "This case is closed." };
        let notice = Form::new(&Filled::default(), refused).notice();
        return Ok(Page::new(Stage::Sense, case.title, html! { (words) }).body(notice).show(view));
    }
    let playbook = verbs::playbook(&case).map_err(Trouble::from)?;
    let answers =
        trail::read(&playbook, said).ok_or(Trouble::NotFound { what: "question with that answer" })?;
    let learnt = diagnosis::store::learnt(sql, &playbook).await?;
    let model = Model::new(&playbook, &learnt);
    let action = format!("/voices/{secret}");
    if let Some(asked) = next(&model, &answers).filter(|_| step == Step::Asking) {
        let enough = "Enough: hand it in";
        let telling = conversation::Telling::Nothing;
        let way = conversation::Way { action: &action, about: &case.title, enough, telling };
        return Ok(conversation::question(&model, &answers, asked, &way).show(view));
    }
    let filled = Filled::default();
    let n_told = counted(answers.telling().len() as u64, "answer", "answers");
    Ok(Page::new(Stage::Sense, "Hand in your answers", html! { (n_told) " on “" (case.title) "”." })
        .body(html! {
            (Form::new(&filled, refused).notice())
            (conversation::answered(&playbook, &answers))
            form.stack method="post" action=(action) {
                input type="hidden" name="given" value=(trail::written(&playbook, &answers));
                p { "Nobody is told what you said: together with four others or more, it counts. If you like, let it be shown as it is, without your name." }
                button name="openness" value="closed" { "Hand in, to be told together only" }
                button.quiet name="openness" value="open" { "Hand in; it may be shown" }
            }
            (conversation::back(&playbook, &answers, &action))
        })
        .show(view))
}
