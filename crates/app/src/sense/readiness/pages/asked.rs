//! Personal links to a pulse: making them for a unit, and answering by one without signing in. A link's page says to nobody
//! whether somebody has answered by it: whoever made the links would learn who has.

use base64::Engine as _;
use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::id::PulseId;
use traction_domain::refusal::Refusal;

use super::pulse;
use crate::overview::figures::Stage;
use crate::sense::instrument;
use crate::sense::readiness::letters::{self, Sent};
use crate::sense::readiness::verbs::{self, Link};
use crate::trouble::{Broken, Trouble};
use crate::web::{Answer, Filled, Form, Led, Page, Path, Query, View, again, counted, lead_on, when};

/// The ways to get the links of a pulse to the members.
pub(super) fn sending(view: &View, id: PulseId) -> Markup {
    html! {
        section {
            h2 { "Send it to them" }
            p { "Each member gets a link of his own, and answers by it in a minute, without signing in, once." }
            form.row method="post" action={ "/pulses/" (id) "/links" } {
                @if view.world.settings().mail.leaves() {
                    button.button name="by" value="mail" { "Mail each his link" }
                    button.button.quiet name="by" value="hand" { "Make their links, to hand out" }
                } @else {
                    button.button.quiet name="by" value="hand" { "Make their links" }
                }
            }
        }
    }
}

/// `POST /pulses/{pulse}/links`
pub async fn links(view: View, Path(id): Path<PulseId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let shown = match filled.text("by") {
        "mail" => letters::send_links(&view.world, who, id).await.map(|sent| mailed(&view, &sent)),
        _ => match verbs::hand_out_links(&view.world, who, id).await {
            Ok(links) => Ok(made(&view, &links)?),
            Err(trouble) => Err(trouble),
        },
    };
    let filled = Filled::default();
    match shown {
        Ok(shown) => pulse::pulse_page(&view, id, Some(shown), &filled, None).await,
        Err(Trouble::Refused(refused)) if refused.kind() == traction_domain::refusal::RefusalKind::Wish => {
            again(pulse::pulse_page(&view, id, None, &filled, Some(refused.as_ref())).await)
        }
        Err(other) => Err(other.into()),
    }
}

/// What was mailed, and the links that have to be handed out, shown this once.
fn mailed(view: &View, sent: &Sent) -> Markup {
    html! {
        section.card {
            h2 { (counted(sent.n_sent as u64, "letter has", "letters have")) " left" }
            p.meta { "Each holds one person's link. They can be sent again in a day." }
            @if !sent.by_hand.is_empty() {
                p { "These did not leave. Hand them out; they are shown this once:" }
                ul { @for (link, why) in &sent.by_hand { li {
                    (link.name) ": " code { (letters::address(&view.world, link)) } " " span.meta { (why) }
                } } }
            }
        }
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
