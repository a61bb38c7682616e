//! How a unit takes reports in: who sees them, whether somebody looks first, and its link for the wall.

use maud::html;
use traction_domain::id::UnitId;
use traction_domain::refusal::Refusal;
use traction_domain::sense::friction::intake::{Audience, Intake, Look};

use super::report::audiences;
use crate::org::unit;
use crate::overview::figures::Stage;
use crate::sense::friction::store;
use crate::sense::friction::verbs::care;
use crate::sense::kiosk;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on};

/// `GET /units/{unit}/intake`
pub async fn show(view: View, Path(slug): Path<String>) -> Answer {
    let sql = view.world.store().read();
    let unit = unit::verbs::find(sql, &slug).await?;
    let now = store::intake(sql, unit.id).await?;
    let filled =
        Filled::with([("audience", now.audience.word().to_owned()), ("look", now.look.word().to_owned())]);
    page(&view, &slug, &filled, None).await
}

/// `POST /units/{unit}/intake`
pub async fn set(view: View, Path(slug): Path<String>, filled: Filled) -> Answer {
    let unit = unit::verbs::find(view.world.store().read(), &slug).await?;
    match lead_on(set_filled(&view, unit.id, &filled).await, |()| format!("/units/{slug}/intake"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, &slug, &filled, Some(refused.as_ref())).await),
    }
}

async fn set_filled(view: &View, unit: UnitId, filled: &Filled) -> Result<(), Trouble> {
    let audience: Audience = filled.parsed("audience", "who may see reports; choose from the list")?;
    let look: Look = filled.parsed("look", "when they come to be seen; choose from the list")?;
    care::set_intake(&view.world, view.signed_in()?, unit, Intake { audience, look }).await
}

async fn page(view: &View, slug: &str, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let unit = unit::verbs::find(sql, slug).await?;
    let now = store::intake(sql, unit.id).await?;
    let may_set = view.who.as_ref().is_some_and(|who| who.speaks_for(unit.id));
    let has_link = may_set && kiosk::store::secret(sql, unit.id).await?.is_some();
    let form = Form::new(filled, refused);
    Ok(Page::new(Stage::Sense, format!("How {} takes reports in", unit.name), html! {
        @match now.audience {
            Audience::All => { "Everybody sees" }
            Audience::Unit => { "Only the unit's own people see" }
            Audience::Lead => { "Only the unit's lead sees" }
        }
        " what is reported here, "
        @match now.look { Look::AtOnce => { "at once." } Look::First => { "after somebody has looked at it." } }
    })
    .crumb("/frictions", "What gets in the way")
    .crumb(format!("/frictions?unit={}", unit.slug), unit.name.clone())
    .body(html! {
        p { "What holds when something is reported goes on holding for it: what was told to the lead alone stays with the lead, whatever is set later. Nobody is ever shown who reported something." }
        @if may_set {
            form.stack method="post" action={ "/units/" (unit.slug) "/intake" } {
                (form.notice())
                (form.choice("audience", "Who sees reports?", "Whoever reports may choose fewer, never more.", &audiences()))
                (form.choice("look", "When?", "What is held back stays, with the reason, for whoever reported it.", &looks()))
                button.button { "From now on" }
            }
            section {
                h2 { "A link for the wall" }
                @if has_link { p { "This unit has one: without an account, without a name. " a href={ "/units/" (unit.slug) "/kiosk" } { "The page to print" } } }
                @else {
                    p.empty { "A page to print, with a code for the phone: anybody on the floor reports in a minute, without an account and without a name. Everything that comes in by it waits for your look first." }
                    form method="post" action={ "/units/" (unit.slug) "/kiosk" } { button.button.quiet name="do" value="open" { "Open a link" } }
                }
            }
        }
    })
    .show(view))
}

fn looks() -> Vec<(String, String)> {
    let each = Look::EACH.into_iter();
    each.map(|look| {
        let words = match look {
            Look::AtOnce => "At once",
            Look::First => "After somebody looked at it",
        };
        (look.word().to_owned(), words.to_owned())
    })
    .collect()
}
