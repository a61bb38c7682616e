//! Cancelling a wave on its call, and that it is cancelled.

use maud::{Markup, html};
use traction_domain::refusal::Refusal;

use crate::contend::wave::pages::{call, href};
use crate::contend::wave::standing::Called;
use crate::contend::wave::verbs;
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::offer::wave::store::Cancelled;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Path, View, again, lead_on, when};

/// That a wave is cancelled, with who and why.
pub fn told(view: &View, cancelled: &Cancelled) -> Markup {
    let Cancelled { why, who, at } = cancelled;
    html! { "Cancelled " (when::relative(view, *at)) " by " (who) ": “" (why) "”" }
}

/// The form, for whoever runs the change; nothing once the wave is drawn or cancelled.
pub fn form(change: &Change, called: &Called, filled: &Filled, refused: Option<&dyn Refusal>) -> Markup {
    if called.drawn.is_some() || called.wave.cancelled.is_some() {
        return html! {};
    }
    let form = Form::new(filled, refused);
    let is_open = filled.text("cancel") == "yes";
    html! {
        details open[is_open] {
            summary { "Cancel this wave" }
            form.stack method="post" action={ (href(change, called.wave.n)) "/cancellation" } {
                input type="hidden" name="cancel" value="yes";
                (form.line("why", "Why?", "All who applied read it, with your name. A wave that is cancelled stays so; another one can be announced."))
                button.button.quiet { "Cancel the wave" }
            }
        }
    }
}

/// `POST /changes/{change}/waves/{n}/cancellation`
pub async fn post(view: View, Path((change, n)): Path<(String, usize)>, filled: Filled) -> Answer {
    match lead_on(cancel(&view, &change, n, &filled).await, |()| format!("/changes/{change}/waves/{n}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(call(&view, &change, n, &filled, Some(refused.as_ref())).await),
    }
}

async fn cancel(view: &View, change: &str, n: usize, filled: &Filled) -> Result<(), Trouble> {
    let (change, wave) = wave::verbs::find(view.world.store().read(), change, n).await?;
    verbs::cancel(&view.world, view.signed_in()?, &change, &wave, filled.text("why")).await
}
