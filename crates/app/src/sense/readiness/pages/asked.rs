//! Personal links to a pulse: making them for a unit, and answering by one without signing in. A link's page says to nobody
//! whether somebody has answered by it: whoever made the links would learn who has.

use base64::Engine as _;
use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::id::PulseId;
use traction_domain::refusal::{Refusal, RefusalKind};
use traction_domain::time::Moment;

use super::pulse;
use crate::overview::figures::Stage;
use crate::sense::instrument;
use crate::sense::outbox::store::{Posted, Stands};
use crate::sense::readiness::letters;
use crate::sense::readiness::verbs::{self, Link};
use crate::trouble::{Broken, Trouble};
use crate::web::{Answer, Filled, Form, Led, Page, Path, Query, View, again, counted, lead_on, when};

/// The ways to get the links of a pulse to the members, and what became of those that were mailed.
pub(super) async fn sending(view: &View, id: PulseId) -> Result<Markup, Broken> {
    let mailed = letters::last(view.world.store().read(), id).await?;
    Ok(html! {
        section {
            h2 { "Send it to them" }
            p { "Each member gets a link of his own, and answers by it in a minute, without signing in, once." }
            @if let Some((at, letters)) = mailed { (became(view, id, at, &letters)) }
            form.row method="post" action={ "/pulses/" (id) "/links" } {
                @if view.world.settings().mail.leaves() {
                    button.button name="by" value="mail" { "Mail each his link" }
                    button.button.quiet name="by" value="hand" { "Make their links, to hand out" }
                } @else {
                    button.button.quiet name="by" value="hand" { "Make their links" }
                }
            }
        }
    })
}

/// What became of the letters of a mailing, and a way to those whom none reached.
fn became(view: &View, id: PulseId, at: Moment, letters: &[Posted]) -> Markup {
    let of = |stands: Stands| letters.iter().filter(move |letter| letter.stands() == stands);
    let n_left = of(Stands::Left).count() as u64;
    let n_waiting = of(Stands::Waits).count() as u64;
    let failed: Vec<&Posted> = of(Stands::Waits).filter(|letter| letter.reason.is_some()).collect();
    let unsent: Vec<&Posted> = of(Stands::Unsent).collect();
    html! {
        p.notice {
            "Mailed " (when::relative(view, at)) ": " (counted(n_left, "letter has", "letters have")) " left"
            @if n_waiting > 0 { ", " (counted(n_waiting, "is", "are")) " to leave" }
            "."
        }
        @if !failed.is_empty() {
            p { "These are tried again:" }
            (reasons(&failed))
        }
        @if !unsent.is_empty() {
            p { "These were not reached:" }
            (reasons(&unsent))
            form.row method="post" action={ "/pulses/" (id) "/links" } {
                button.button.quiet name="by" value="rest" { "Make links for these, to hand out" }
            }
        }
    }
}

fn reasons(letters: &[&Posted]) -> Markup {
    html! {
        ul { @for letter in letters { li {
            (letter.name) ": " (letter.reason.as_deref().unwrap_or("whether it left is not known"))
        } } }
    }
}

/// `POST /pulses/{pulse}/links`
pub async fn links(view: View, Path(id): Path<PulseId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let filled_in = Filled::default();
    let made_for = match filled.text("by") {
        "mail" => {
            let sent = letters::send_links(&view.world, who, id).await;
            return match lead_on(sent, |()| format!("/pulses/{id}"))? {
                Led::On(response) => Ok(response),
                Led::Again(refused) => {
                    again(pulse::pulse_page(&view, id, None, &filled_in, Some(refused.as_ref())).await)
                }
            };
        }
        "rest" => letters::hand_out_rest(&view.world, who, id).await,
        _ => verbs::hand_out_links(&view.world, who, id).await,
    };
    match made_for {
        Ok(links) => pulse::pulse_page(&view, id, Some(made(&view, &links)?), &filled_in, None).await,
        Err(Trouble::Refused(refused)) if refused.kind() == RefusalKind::Wish => {
            again(pulse::pulse_page(&view, id, None, &filled_in, Some(refused.as_ref())).await)
        }
        Err(other) => Err(other.into()),
    }
}

/// The links, shown this once, and as a table for a mail to all of them.
fn made(view: &View, links: &[Link]) -> Result<Markup, Broken> {
    let address = |link: &Link| letters::address(&view.world, link);
    let mut rows = csv::Writer::from_writer(Vec::new());
    let broken = |error: csv::Error| Broken::accident("writing a table", error);
    rows.write_record(["name", "email", "link"]).map_err(broken)?;
    for link in links {
        let email = link.email.as_deref().unwrap_or_default();
        rows.write_record([&*link.name, email, &*address(link)]).map_err(broken)?;
    }
    let bytes = rows.into_inner().map_err(|error| Broken::accident("writing a table", error.error()))?;
    let file = format!(
        "data:text/csv;charset=utf-8;base64,{}",
        base64::engine::general_purpose::STANDARD.encode(bytes)
    );
    Ok(html! {
        section.card {
            h2 { "Their links" }
            p { "They are shown this once. Each is worth one answer, and the answer leads to nobody." }
            p { a.button download="links.csv" href=(file) { "All of them, for a mail to each (CSV)" } }
            table.list tabindex="0" {
                thead { tr { th scope="col" { "Who" } th scope="col" { "Link" } } }
                tbody { @for link in links { tr {
                    td { @match &link.email { Some(email) => { a href={ "mailto:" (email) "?subject=How%20ready%20are%20we%3F&body=" (address(link)) } { (link.name) } } None => { (link.name) } } }
                    td { code { (address(link)) } }
                } } }
            }
        }
    })
}

/// Whether the page thanks for an answer that has just come in.
#[derive(Debug, Default, Deserialize)]
pub struct Thanks {
    /// Anything, where it does.
    thanks: Option<String>,
}

/// `GET /asked/{secret}?thanks=yes`
pub async fn show(view: View, Path(secret): Path<String>, Query(thanks): Query<Thanks>) -> Answer {
    if thanks.thanks.is_some() {
        return thanked(&view, &secret).await;
    }
    page(&view, &secret, &Filled::default(), None).await
}

async fn thanked(view: &View, secret: &str) -> Answer {
    let (asked, _) = verbs::of_link(view.world.store().read(), secret).await?;
    let answer = html! { "Your answers are in. Thank you; nobody can find them again, you neither." };
    Ok(Page::new(Stage::Sense, format!("How ready is {}?", asked.unit_name), answer)
        .body(html! { p { a href={ "/pulses/" (asked.id) } { "What may be said of " (asked.unit_name) } } })
        .show(view))
}

/// `POST /asked/{secret}`
pub async fn answer(view: View, Path(secret): Path<String>, filled: Filled) -> Answer {
    let sql = view.world.store().read();
    let (pulse, _) = verbs::of_link(sql, &secret).await?;
    let given = pulse::given(&instrument::store::of_edition(sql, &pulse.instrument).await?, &filled);
    let answered = verbs::answer_by_link(&view.world, &secret, &given).await;
    match lead_on(answered, |()| format!("/asked/{secret}?thanks=yes"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, &secret, &filled, Some(refused.as_ref())).await),
    }
}

async fn page(view: &View, secret: &str, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let (asked, _) = verbs::of_link(sql, secret).await?;
    let instrument = instrument::store::of_edition(sql, &asked.instrument).await?;
    let is_closed = asked.closes_at <= view.now;
    let form = Form::new(filled, refused);
    Ok(Page::new(Stage::Sense, format!("How ready is {}?", asked.unit_name), html! {
        @if is_closed { "It closed " (when::relative(view, asked.closes_at)) "." }
        @else { "It takes a minute, and closes " (when::relative(view, asked.closes_at)) "." }
    })
    .body(html! {
        (form.notice())
        @if !is_closed { (pulse::questions(&instrument, &format!("/asked/{secret}"), filled)) }
        @if is_closed { p { a href={ "/pulses/" (asked.id) } { "What may be said of " (asked.unit_name) } } }
        p.meta { "What you choose adds one to a count for each question; no record says who chose what. Means are shown of five or more who agree." }
    })
    .show(view))
}
