//! The reminder of a wave, on its call.

use maud::{Markup, html};
use traction_domain::contend::reminder::N_DAYS_BEFORE;

use crate::contend::reminder::{store, verbs};
use crate::contend::wave::pages::{call, href};
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::offer::wave::store::Wave;
use crate::trouble::{Broken, Trouble};
use crate::web::{Answer, Filled, Led, Path, View, again, lead_on};

/// The button that asks for a reminder, or that ends it, and the dates as a file for the reader's own calendar.
pub async fn section(view: &View, change: &Change, wave: &Wave) -> Result<Markup, Broken> {
    let person = view.who.as_ref().and_then(|who| who.person());
    let asked = match person {
        Some(person) => store::of_person(view.world.store().read(), person, view.now).await?,
        None => vec![],
    };
    let is_asked = asked.iter().any(|asked| asked.wave == wave.id);
    let (state, words) = if is_asked { ("ended", "Do not remind me") } else { ("asked", "Remind me") };
    Ok(html! {
        div.act {
            @if person.is_some() && view.now < wave.closes_at && wave.cancelled.is_none() {
                form method="post" action={ (href(change, wave.n)) "/reminder" } {
                    input type="hidden" name="state" value=(state);
                    button.button.quiet { (words) }
                }
            }
            a.button.quiet href={ (href(change, wave.n)) "/calendar.ics" } { "Put the dates into your calendar" }
            @if is_asked {
                span.meta { "You are reminded on your first page when it opens, and from " (N_DAYS_BEFORE) " days before it closes." }
            }
        }
    })
}

/// `POST /changes/{change}/waves/{n}/reminder`
pub async fn set(view: View, Path((change, n)): Path<(String, usize)>, filled: Filled) -> Answer {
    match lead_on(set_filled(&view, &change, n, &filled).await, |()| format!("/changes/{change}/waves/{n}"))?
    {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(call(&view, &change, n, &filled, Some(refused.as_ref())).await),
    }
}

async fn set_filled(view: &View, change: &str, n: usize, filled: &Filled) -> Result<(), Trouble> {
    let (_, wave) = wave::verbs::find(view.world.store().read(), change, n).await?;
    let who = view.signed_in()?;
    match filled.text("state") {
        "ended" => verbs::end(&view.world, who, &wave).await,
        _ => verbs::ask(&view.world, who, &wave).await,
    }
}
