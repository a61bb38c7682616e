//! Public sources of randomness on the page of a draw: named before anybody applies, their values entered at the draw.

use maud::{Markup, html};
use traction_domain::contend::draw::PublicSource;

use super::back;
use crate::contend::draw::verbs;
use crate::contend::wave::pages::href;
use crate::contend::wave::standing::Called;
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Path, View, when};

/// What whoever runs a change does next for a wave that closed: draw it, where every source has its value; else enter the
/// value that can be there by now; else nothing but wait.
pub fn action(view: &View, href: &str, sources: &[PublicSource]) -> Option<Markup> {
    let Some((index, source)) = sources.iter().enumerate().find(|(_, source)| source.value.is_none()) else {
        return Some(html! {
            form method="post" action={ (href) "/draw" } { button.button { "Run the draw" } }
        });
    };
    let is_there = source.due().is_none_or(|due| due <= view.now);
    is_there.then(|| {
        html! {
            a.button href={ (href) "/draw#source-" (index + 1) } { "Enter the value of " (source.name) }
        }
    })
}

/// The sources with their values, and the forms for whoever runs the change.
pub fn section(
    view: &View,
    change: &Change,
    called: &Called,
    sources: &[PublicSource],
    may_name: bool,
    runs: bool,
    form: &Form<'_>,
) -> Markup {
    let href = href(change, called.wave.n);
    html! {
        @for (index, source) in sources.iter().enumerate() {
            section #{ "source-" (index + 1) } {
                h2 { (source.name) }
                @match (source.due(), &source.when) {
                    (Some(due), _) if due <= view.now => { p.meta { "Its value came to be " (when::relative(view, due)) ", " (when::exact(due, view.zone())) "." } }
                    (Some(due), _) => { p.meta { "Its value comes to be " (when::relative(view, due)) ", " (when::exact(due, view.zone())) "." } }
                    (None, Some(due)) => { p.meta { (due) } }
                    (None, None) => {}
                }
                @match &source.value {
                    Some(value) => { p { code { (value) } } }
                    None if runs && called.frozen.is_some() && source.due().is_none_or(|due| due <= view.now) => {
                        form.stack method="post" action={ (href) "/sources/" (index + 1) } {
                            (form.line("value", "Its value", "Exactly as it is published; everybody can compare. It is entered once."))
                            button.button { "Enter it" }
                        }
                    }
                    None if source.due().is_some_and(|due| due <= view.now) => { p { "Its value is not entered yet; the draw waits for it." } }
                    None => { p { "Its value does not exist yet; the draw waits for it." } }
                }
            }
        }
        @if may_name {
            section {
                h2 { "Name a public source of randomness" }
                p { "Then nobody needs to trust you: say, the numbers of a lottery drawn after applications close. It can be named until the first unit applies." }
                form.stack method="post" action={ (href) "/sources" } {
                    (form.line("name", "Which?", "So that anybody can look its value up: “national lottery, main numbers”."))
                    (form.input("datetime-local", "due", "When does its value come to be?", &format!("After applications close ({}).", when::exact(called.wave.closes_at, view.zone())), None))
                    button.button { "Name it" }
                }
            }
        }
    }
}

/// `POST /changes/{change}/waves/{n}/sources`
pub async fn name(view: View, Path((change, n)): Path<(String, usize)>, filled: Filled) -> Answer {
    let done = name_filled(&view, &change, n, &filled).await;
    back(&view, &change, n, &filled, done).await
}

async fn name_filled(view: &View, change: &str, n: usize, filled: &Filled) -> Result<(), Trouble> {
    let (change, wave) = wave::verbs::find(view.world.store().read(), change, n).await?;
    let due = filled.moment("due", view.zone())?;
    verbs::name_source(&view.world, view.signed_in()?, &change, &wave, filled.text("name"), due).await
}

/// `POST /changes/{change}/waves/{n}/sources/{source}`
pub async fn enter_value(
    view: View,
    Path((change, n, source)): Path<(String, usize, usize)>,
    filled: Filled,
) -> Answer {
    let (found, wave) = wave::verbs::find(view.world.store().read(), &change, n).await?;
    let who = view.signed_in()?;
    let done = verbs::enter_value(&view.world, who, &found, &wave, source, filled.text("value")).await;
    back(&view, &change, n, &filled, done).await
}
