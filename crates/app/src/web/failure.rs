//! What trouble looks like to whoever asked: a status, and a sentence that says what to do.

use axum::Json;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde_json::json;
use traction_domain::refusal::{Refusal, RefusalKind};

use crate::trouble::{Broken, Trouble};
use crate::web::{address, layout};

/// What a door for people answers.
pub type Answer = Result<Response, Failure>;

/// Trouble, as a page.
#[derive(Debug)]
pub struct Failure(pub Trouble);

/// Trouble, as problem details (RFC 9457) for programs.
#[derive(Debug)]
pub struct Problem(pub Trouble);

impl<T: Into<Trouble>> From<T> for Failure {
    fn from(trouble: T) -> Failure {
        Failure(trouble.into())
    }
}

impl<T: Into<Trouble>> From<T> for Problem {
    fn from(trouble: T) -> Problem {
        Problem(trouble.into())
    }
}

/// The status of a trouble, and the sentence for the reader; a broken thing is logged here, with the id he gets.
fn told(trouble: &Trouble) -> (StatusCode, String) {
    match trouble {
        Trouble::Refused(refusal) => (status(refusal.as_ref()), sentence(refusal.as_ref())),
        Trouble::NotSignedIn => (StatusCode::UNAUTHORIZED, "Please sign in first.".into()),
        Trouble::NotFound { .. } => (StatusCode::NOT_FOUND, layout::sentence(&trouble.to_string())),
        Trouble::Broken(Broken::Repeated) => (StatusCode::CONFLICT, layout::sentence(&trouble.to_string())),
        Trouble::Broken(broken) => (StatusCode::INTERNAL_SERVER_ERROR, logged(broken)),
    }
}

fn status(refusal: &dyn Refusal) -> StatusCode {
    match refusal.kind() {
        RefusalKind::Wish => StatusCode::UNPROCESSABLE_ENTITY,
        RefusalKind::Permission => StatusCode::FORBIDDEN,
        RefusalKind::Absent => StatusCode::NOT_FOUND,
        RefusalKind::TooOften => StatusCode::TOO_MANY_REQUESTS,
    }
}

/// An answer to what was refused, with the seconds after which to come again where they are known.
pub fn with_wait(mut answer: Response, refusal: &dyn Refusal) -> Response {
    if let Some(seconds) = refusal.seconds_to_wait() {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    answer
}

/// The sentence of a refusal, as it stands in a page.
pub fn sentence(refusal: &dyn Refusal) -> String {
    layout::sentence(&refusal.to_string())
}

/// Logs a broken thing; what the reader is told.
pub fn logged(broken: &Broken) -> String {
    let mut chance = [0_u8; 4];
    let id = getrandom::fill(&mut chance).map_or_else(|_| "unnamed".into(), |()| hex::encode(chance));
    tracing::error!(%id, %broken, "broken");
    format!(
        "Something broke on our side. Nothing you entered was half kept. If it stays, tell whoever runs this server the word {id}: it is in the log."
    )
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        if matches!(self.0, Trouble::NotSignedIn) {
            return Redirect::to("/sign-in").into_response();
        }
        let (status, sentence) = told(&self.0);
        let title = match status {
            StatusCode::NOT_FOUND => "Nothing here",
            StatusCode::FORBIDDEN => "Not yours to do",
            StatusCode::UNPROCESSABLE_ENTITY => "Not yet",
            StatusCode::TOO_MANY_REQUESTS => "Not so soon",
            _ => "Something broke",
        };
        waiting(page(status, title, &sentence), &self.0)
    }
}

fn waiting(answer: Response, trouble: &Trouble) -> Response {
    match trouble {
        Trouble::Refused(refusal) => with_wait(answer, refusal.as_ref()),
        _ => answer,
    }
}

/// The page of a failure.
fn page(status: StatusCode, title: &str, sentence: &str) -> Response {
    let page = layout::bare(
        title,
        html! {
            h1 { (title) }
            p.answer { (sentence) }
            p { a.button href="/" { "Back to the loop" } }
        },
    );
    (status, page).into_response()
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, sentence) = told(&self.0);
        let field = match &self.0 {
            Trouble::Refused(refusal) => refusal.field(),
            _ => None,
        };
        waiting(problem(status, &sentence, field), &self.0)
    }
}

/// Problem details: the status, what is wrong and what would be right, and the part it is about.
pub fn problem(status: StatusCode, detail: &str, field: Option<&str>) -> Response {
    let mut problem = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": detail,
    });
    if let Some(field) = field {
        problem["field"] = json!(field);
    }
    (status, [(header::CONTENT_TYPE, "application/problem+json")], Json(problem)).into_response()
}

/// The answer to a body of more than `n_bytes_most`, at this address.
pub fn too_large(address: &Uri, n_bytes_most: usize) -> Response {
    let most = match n_bytes_most >> 20 {
        0 => format!("{} KB", n_bytes_most >> 10),
        megabytes => format!("{megabytes} MB"),
    };
    let sentence = format!("This is more than {most}, the most that is taken at once; send it in parts.");
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    if address::is_for_programs(address.path()) {
        problem(status, &sentence, None)
    } else {
        page(status, "Too much at once", &sentence)
    }
}

/// What a form does with a verb's answer.
pub enum Led {
    /// It leads on.
    On(Response),
    /// The wish was refused: it shows itself again, with everything that was filled in.
    Again(Box<dyn Refusal>),
}

/// Where a verb's answer leads: to the address `onward`, or back to its form.
pub fn lead_on<T>(done: Result<T, Trouble>, onward: impl FnOnce(T) -> String) -> Result<Led, Failure> {
    match done {
        Ok(value) => Ok(Led::On(Redirect::to(&onward(value)).into_response())),
        Err(Trouble::Refused(refused)) if refused.kind() == RefusalKind::Wish => Ok(Led::Again(refused)),
        Err(other) => Err(other.into()),
    }
}

/// Something that was picked in a form, and is not there.
#[derive(Debug, thiserror::Error)]
#[error("the {what} you picked is not there any more; choose another one")]
struct NotThere {
    what: &'static str,
}

impl Refusal for NotThere {
    fn kind(&self) -> RefusalKind {
        RefusalKind::Absent
    }
}

/// As [`lead_on`], for a form that takes a while to fill in: whoever may not wish what he wrote, or picked what is not
/// there, gets it back filled in, too. Only for forms that show nothing but what everybody may see.
pub fn lead_on_or_keep<T>(
    done: Result<T, Trouble>,
    onward: impl FnOnce(T) -> String,
) -> Result<Led, Failure> {
    match done {
        Err(Trouble::Refused(refused)) => Ok(Led::Again(refused)),
        Err(Trouble::NotFound { what }) => Ok(Led::Again(Box::new(NotThere { what }))),
        other => lead_on(other, onward),
    }
}

/// A form that shows itself again, with the status of what was refused.
pub fn kept(refused: &dyn Refusal, form: Answer) -> Answer {
    Ok((status(refused), form?).into_response())
}

/// A form that shows itself again.
pub fn again(form: Answer) -> Answer {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, form?).into_response())
}
