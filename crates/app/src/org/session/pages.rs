//! Signing in and out, and the first administrator's page.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{HeaderName, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use traction_domain::id::PersonId;
use traction_domain::refusal::Refusal;

use crate::org::session::verbs;
use crate::trouble::{Broken, Trouble};
use crate::web::layout::{self, Html};
use crate::web::{Answer, Filled, Form, Path, View, failure, session};
use crate::world::World;

/// `GET /sign-in`
pub async fn show() -> Html {
    sign_in_page(&Filled::default(), None)
}

/// `POST /sign-in`
pub async fn sign_in(State(world): State<World>, filled: Filled) -> Answer {
    match verbs::sign_in(&world, filled.text("email"), filled.text("password")).await {
        Ok(person) => Ok(let_in(&world, person, "/").await?),
        Err(Trouble::Refused(refused)) => {
            let page = sign_in_page(&filled, Some(refused.as_ref()));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /sign-out`
pub async fn sign_out(view: View) -> Answer {
    if let Some(who) = &view.who {
        verbs::sign_out(&view.world, who).await?;
    }
    let cookie = session::end(&view.world, &view.headers).await?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

/// `GET /enter/{secret}`: the page of a link. Mail scanners follow links, so only its button signs in.
pub async fn link(State(world): State<World>, Path(secret): Path<String>) -> Answer {
    if let Err(trouble) = verbs::whose_link(world.store().read(), &secret, world.now()).await {
        return spent(trouble);
    }
    let page = layout::bare(
        "Sign in",
        html! {
            h1 { "Welcome" }
            p.answer { "This link signs you in on this device." }
            form.stack method="post" action={ "/enter/" (secret) } { button.button { "Sign in" } }
        },
    );
    Ok(page.into_response())
}

/// What a link leads to that works no more.
fn spent(trouble: Trouble) -> Answer {
    let Trouble::Refused(refused) = trouble else { return Err(trouble.into()) };
    let page = layout::bare(
        "This link works no more",
        html! {
            h1 { "This link works no more" }
            p.answer { (failure::sentence(refused.as_ref())) }
            p { a.button href="/sign-in" { "Sign in" } }
        },
    );
    Ok((StatusCode::GONE, page).into_response())
}

/// `POST /enter/{secret}`
pub async fn follow_link(State(world): State<World>, Path(secret): Path<String>) -> Answer {
    let person = verbs::follow_link(&world, &secret).await?;
    Ok(let_in(&world, person, "/").await?)
}

/// `GET /first/{secret}`
pub async fn first(State(world): State<World>, Path(secret): Path<String>) -> Answer {
    match verbs::must_be_first_link(world.store().read(), &secret, world.now()).await {
        Ok(()) => Ok(first_page(&secret, &Filled::default(), None).into_response()),
        Err(trouble) => spent(trouble),
    }
}

/// `POST /first/{secret}`
pub async fn begin(State(world): State<World>, Path(secret): Path<String>, filled: Filled) -> Answer {
    let begun = verbs::begin_organisation(
        &world,
        &secret,
        filled.text("name"),
        filled.text("email"),
        filled.text("password"),
    )
    .await;
    match begun {
        Ok(person) => Ok(let_in(&world, person, "/").await?),
        Err(Trouble::Refused(refused)) => {
            let page = first_page(&secret, &filled, Some(refused.as_ref()));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// A redirect that carries a new session of `person`.
async fn let_in(world: &World, person: PersonId, to: &str) -> Result<Response, Broken> {
    let cookie = session::begin(world, person).await?;
    let no_referrer = (HeaderName::from_static("referrer-policy"), "no-referrer".to_owned());
    Ok(([(SET_COOKIE, cookie), no_referrer], Redirect::to(to)).into_response())
}

fn sign_in_page(filled: &Filled, refused: Option<&dyn Refusal>) -> Html {
    let form = Form::new(filled, refused);
    layout::bare(
        "Sign in",
        html! {
            h1 { "Sign in" }
            p.answer { "With your address and password, or with a link from your administrator." }
            form.stack method="post" action="/sign-in" {
                (form.notice())
                (form.input("email", "email", "E-mail address", "", None))
                (password(&form, "current-password", ""))
                button.button { "Sign in" }
            }
        },
    )
}

fn first_page(secret: &str, filled: &Filled, refused: Option<&dyn Refusal>) -> Html {
    let form = Form::new(filled, refused);
    layout::bare(
        "The first administrator",
        html! {
            h1 { "The first administrator" }
            p.answer { "This link works once. Whoever fills in this page runs this installation." }
            form.stack method="post" action={ "/first/" (secret) } {
                (form.notice())
                (form.line("name", "Your name", ""))
                (form.input("email", "email", "E-mail address", "You sign in with it.", None))
                (password(&form, "new-password", "At least 10 characters; a short sentence is easy to remember."))
                button.button { "Begin" }
            }
        },
    )
}

fn password(form: &Form, purpose: &str, help: &str) -> Markup {
    form.field("password", "Password", help, html! {
        input #password name="password" type="password" autocomplete=(purpose) aria-describedby="password-about";
    })
}
