//! Kiosks as pages: the page to print, and the form behind its link, which asks for no account and looks at none.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;
use traction_domain::refusal::{Refusal, RefusalKind};
use traction_domain::sense::friction as rules;

use crate::org::unit;
use crate::org::unit::store::Unit;
use crate::overview::figures::Stage;
use crate::sense::kiosk::{poster as drawing, store, verbs};
use crate::trouble::Trouble;
use crate::web::{
    Answer, Failure, Filled, Form, Led, Page, Path, Query, View, again, failure, layout, lead_on,
};
use crate::world::World;

/// Where a unit's link leads.
pub fn link(world: &World, secret: &str) -> String {
    format!("{}/kiosk/{secret}", world.settings().public_url)
}

/// `GET /units/{unit}/kiosk`: the page to print, for whoever speaks for the unit.
pub async fn poster(view: View, Path(slug): Path<String>) -> Answer {
    poster_page(&view, &slug, None).await
}

async fn poster_page(view: &View, slug: &str, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let unit = unit::verbs::find(sql, slug).await?;
    view.signed_in()?.must_speak_for(unit.id, "see its link")?;
    let secret = store::secret(sql, unit.id).await?;
    let filled = Filled::default();
    let action = format!("/units/{}/kiosk", unit.slug);
    let change = |what: &str, words: &str| html! { form method="post" action=(action) { button.button.quiet name="do" value=(what) { (words) } } };
    let page = match &secret {
        Some(secret) => {
            let link = link(&view.world, secret);
            let code = drawing::code(&link)?;
            Page::new(Stage::Sense, "What got in the way?", html! {
                (unit.name) ": point your phone here. Three answers, under a minute; no account, no name."
            })
            .body(html! {
                (Form::new(&filled, refused).notice())
                div.poster {
                    (code)
                    p { a href={ "/kiosk/" (secret) } { (link) } }
                    p { "Whatever slows us down: a form filled in twice, a result that comes late, a thing that is never where it belongs. "
                        "Nobody can see who wrote it. Somebody of ours looks at it, then it stands on our list until it has an answer." }
                }
                div.on-screen {
                    p.meta { "Print this page and hang it where work is done. If the link gets into the wrong hands, renew it: the old one leads nowhere from then on." }
                    div.act { (change("renew", "Renew the link")) (change("close", "Close the link")) }
                }
            })
        }
        None => Page::new(Stage::Sense, "A link for the wall", html! { (unit.name) " has no link." }).body(html! {
            (Form::new(&filled, refused).notice())
            p.empty { "A page to print, with a code for the phone, by which anybody reports without an account." }
            (change("open", "Open a link"))
        }),
    };
    Ok(page
        .crumb("/frictions", "What gets in the way")
        .crumb(format!("/units/{}/intake", unit.slug), unit.name)
        .show(view))
}

/// `POST /units/{unit}/kiosk`
pub async fn change(view: View, Path(slug): Path<String>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let unit = unit::verbs::find(view.world.store().read(), &slug).await?;
    let done = match filled.text("do") {
        "open" => verbs::open(&view.world, who, unit.id).await.map(|_| ()),
        "renew" => verbs::renew(&view.world, who, unit.id).await.map(|_| ()),
        "close" => verbs::close(&view.world, who, unit.id).await,
        _ => Err(filled.refused("do", "something to do with a link; open, renew or close it").into()),
    };
    match lead_on(done, |()| format!("/units/{slug}/kiosk"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(poster_page(&view, &slug, Some(refused.as_ref())).await),
    }
}

/// What may stand in the address of the form.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// Whether one was sent just now.
    sent: Option<String>,
}

/// `GET /kiosk/{secret}`. Whoever is signed in on this phone is not looked up.
pub async fn show(
    State(world): State<World>,
    Path(secret): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let unit = of(&world, &secret).await?;
    if asked.sent.is_none() {
        return Ok(form_page(&unit, &secret, &Filled::default(), None));
    }
    let body = html! {
        h1 { "Thank you" }
        p.answer { "It waits for a look by somebody of " (unit.name) ", and stands on the list after that." }
        p { a.button href={ "/kiosk/" (secret) } { "Something else" } }
        p { a href={ "/frictions?unit=" (unit.slug) } { "What others see of it" } }
    };
    Ok(layout::bare("Thank you", body).into_response())
}

/// `POST /kiosk/{secret}`
pub async fn report(State(world): State<World>, Path(secret): Path<String>, filled: Filled) -> Answer {
    let unit = of(&world, &secret).await?;
    match report_filled(&world, &secret, &filled).await {
        Ok(()) => Ok(Redirect::to(&format!("/kiosk/{secret}?sent=1")).into_response()),
        Err(Trouble::Refused(refused)) => {
            let status = match refused.kind() {
                RefusalKind::TooOften => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let form = form_page(&unit, &secret, &filled, Some(refused.as_ref()));
            Ok(failure::with_wait((status, form).into_response(), refused.as_ref()))
        }
        Err(other) => Err(other.into()),
    }
}

async fn report_filled(world: &World, secret: &str, filled: &Filled) -> Result<(), Trouble> {
    let n_people = filled.maybe_number("people")?.unwrap_or(1.0);
    let burden = rules::burden(filled.number("times_per_week")?, filled.number("minutes")?, n_people)?;
    verbs::report(world, secret, &rules::report(filled.text("title"), burden)?).await
}

async fn of(world: &World, secret: &str) -> Result<Unit, Failure> {
    let sql = world.store().read();
    let closed = Trouble::NotFound { what: "open link" };
    let (unit, _) = store::unit(sql, secret).await?.ok_or(closed)?;
    Ok(unit::store::one(sql, unit).await?.ok_or(Trouble::NotFound { what: "unit" })?)
}

fn form_page(unit: &Unit, secret: &str, filled: &Filled, refused: Option<&dyn Refusal>) -> Response {
    let form = Form::new(filled, refused);
    let body = html! {
        h1 { "What got in the way?" }
        p.answer { (unit.name) ". Three answers, under a minute. No account, no name: nobody can see who wrote it." }
        form.stack method="post" action={ "/kiosk/" (secret) } {
            (form.notice())
            (form.field("title", "What got in the way?", "One line, as you would tell a colleague. No names of people.", html! {
                input #title name="title" type="text" maxlength="140" autocomplete="off" value=(filled.text("title")) aria-describedby="title-about";
            }))
            (form.number("times_per_week", "How often a week?", ""))
            (form.number("minutes", "How many minutes each time?", ""))
            details open[!filled.text("people").is_empty()] {
                summary { "More than you?" }
                (form.number("people", "How many people?", "Left empty: just you."))
            }
            button.button { "Send" }
        }
    };
    layout::bare("What got in the way?", body).into_response()
}
