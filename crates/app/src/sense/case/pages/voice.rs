//! The conversation behind a link: one question a screen, and handing the answers in.

use maud::html;
use serde::Deserialize;
use traction_domain::refusal::Refusal;
use traction_domain::sense::case::LinkState;
use traction_domain::sense::diagnosis::{Model, Openness, Voice, next};

use crate::overview::figures::Stage;
use crate::sense::case::verbs;
use crate::sense::diagnosis::{self, pages as conversation, trail};
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, Query, View, again, counted, lead_on};

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
pub async fn show(view: View, Path(secret): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let said =
        [asked.given.as_deref().unwrap_or_default(), asked.say.as_deref().unwrap_or_default()].join("~");
    let step = if asked.enough.is_some() { Step::HandingIn } else { Step::Asking };
    voice_page(&view, &secret, &said, step, None).await
}

/// `POST /voices/{secret}`
pub async fn hand_in(view: View, Path(secret): Path<String>, filled: Filled) -> Answer {
    let (case, _) = verbs::of_link(view.world.store().read(), &secret).await?;
    let playbook = verbs::playbook(view.world.store().read(), &case).await?;
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
    let playbook = verbs::playbook(sql, &case).await?;
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
