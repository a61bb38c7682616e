//! An application that was sent: shown to its unit, changed, withdrawn.

use axum::response::{IntoResponse, Redirect};
use maud::{Markup, html};
use traction_domain::contend::application as rules;
use traction_domain::id::{ApplicationId, UnitId};
use traction_domain::offer::wave::WavePhase;
use traction_domain::refusal::Refusal;

use crate::contend::application::store::Application;
use crate::contend::application::{run, verbs};
use crate::contend::draw;
use crate::contend::draw::store as draws;
use crate::contend::policy::own;
use crate::contend::wave::cancel;
use crate::contend::wave::pages::href;
use crate::contend::wave::standing::Called;
use crate::grant::slot;
use crate::grant::slot::store::Slot;
use crate::offer::wave::store::Wave;
use crate::trouble::{Broken, Trouble};
use crate::web::{Answer, Filled, Form, Led, Path, View, again, lead_on, when};

/// The entries of an application, with their names on its page.
const ENTRIES: [(&str, &str); 4] =
    [("pain", "Pain"), ("aim", "Aim"), ("owner", "Owner"), ("pledge", "Pledge")];

/// An application as its own unit sees it on the call.
///
/// - `beside`: why it does not count, if it does not.
pub fn own(
    view: &View,
    application: &Application,
    beside: &Markup,
    called: &Called,
    slots: &[Slot],
    is_open: bool,
) -> Markup {
    html! {
        section.card {
            h2 { (application.unit_name) " has applied" }
            (beside)
            p.meta { (when::relative(view, application.applied_at)) }
            (in_words(&application.written))
            @if let Some(promised) = &called.promised {
                (draw::pages::keep::in_words(called.change.as_str(), called.wave.n, promised))
            }
            @if is_open { p { a href={ "/applications/" (application.id) } { "Change it" } } }
            @if called.wave.cancelled.is_some() {}
            @else if called.drawn.is_none() || waits(called, application, slots) {
                form method="post" action={ "/applications/" (application.id) "/withdrawal" } {
                    button.button.quiet { "Withdraw" }
                }
            }
        }
    }
}

/// Why an application that was not withdrawn does not count, in a notice; nothing where it does.
pub async fn beside(view: &View, wave: &Wave, application: &Application) -> Result<Markup, Broken> {
    if let Some(cancelled) = &wave.cancelled {
        return Ok(
            html! { p.notice { "It contends for nothing: the wave is cancelled. " (cancel::told(view, cancelled)) } },
        );
    }
    let sql = view.world.store().read();
    let unit = application.unit;
    let left_out = draws::left_out(sql, wave.id).await?;
    if let Some(off) = left_out.into_iter().find(|off| off.unit == unit) {
        return Ok(html! { p.notice { "It is not on the list: " (off.why) "." } });
    }
    let is_drawn = draws::drawn(sql, wave.id).await?.is_some();
    let held = slot::store::held(sql, wave.change, unit, view.now).await?;
    let Some(slot) = held.filter(|_| !is_drawn) else { return Ok(html! {}) };
    let is_listed = draws::is_frozen(sql, wave.id).await?;
    Ok(html! {
        p.notice {
            "It counts no longer: " (application.unit_name) " holds "
            a href={ "/slots/" (slot.id) } { "a slot" @if let Some(n) = slot.wave_n { " of wave " (n) } }
            @if is_listed { "; it keeps its number on the list, and gets nothing here." }
            @else { ". It counts again if that slot is given back before applications close." }
        }
    })
}

fn in_words(written: &rules::Application) -> Markup {
    let rules::Application { pain, aim, owner, pledge } = written;
    html! {
        dl.facts { @for ((_, label), text) in ENTRIES.iter().zip([pain, aim, owner, pledge]) { dt { (label) } dd { (text) } } }
    }
}

/// Whether its unit is on the waiting list, and has got no slot since.
fn waits(called: &Called, application: &Application, slots: &[Slot]) -> bool {
    let unit = application.unit_slug.as_str();
    let has_none = slots.iter().all(|slot| slot.unit != application.unit);
    has_none
        && called
            .drawn
            .as_ref()
            .is_some_and(|drawn| drawn.record.waiting.iter().any(|waiting| waiting == unit))
}

fn written(filled: &Filled, wave: &Wave) -> Result<rules::Application, Trouble> {
    let text = |field| filled.text(field);
    let pledge = pledge(text("pledge"), wave);
    Ok(rules::Application::written(text("pain"), text("aim"), text("owner"), pledge)?)
}

/// What a unit pledges: what it wrote, or what the wave asks where it wrote nothing.
pub fn pledge<'a>(written: &'a str, wave: &'a Wave) -> &'a str {
    if written.trim().is_empty() { &wave.pledge } else { written }
}

/// `GET /applications/{application}`
pub async fn show(view: View, Path(id): Path<ApplicationId>) -> Answer {
    let (application, _) = verbs::find(view.world.store().read(), id).await?;
    let rules::Application { pain, aim, owner, pledge } = application.written;
    let filled = Filled::with([("pain", pain), ("aim", aim), ("owner", owner), ("pledge", pledge)]);
    form_page(&view, id, &filled, None).await
}

/// `POST /applications/{application}`
pub async fn change(view: View, Path(id): Path<ApplicationId>, filled: Filled) -> Answer {
    match lead_on(change_filled(&view, id, &filled).await, |onward| onward)? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(form_page(&view, id, &filled, Some(refused.as_ref())).await),
    }
}

async fn change_filled(view: &View, id: ApplicationId, filled: &Filled) -> Result<String, Trouble> {
    let (_, wave) = verbs::find(view.world.store().read(), id).await?;
    verbs::change(&view.world, view.signed_in()?, id, &written(filled, &wave)?).await?;
    call_of(view, id).await
}

/// `POST /applications/{application}/withdrawal`
pub async fn withdraw(view: View, Path(id): Path<ApplicationId>) -> Answer {
    let who = view.signed_in()?;
    run::withdraw(&view.world, who, id).await?;
    Ok(Redirect::to(&call_of(&view, id).await?).into_response())
}

/// Where the call is that an application answers.
async fn call_of(view: &View, id: ApplicationId) -> Result<String, Trouble> {
    let sql = view.world.store().read();
    let (_, wave) = verbs::find(sql, id).await?;
    let change = crate::offer::change::store::one(sql, wave.change).await?;
    let change = change.ok_or(Trouble::NotFound { what: "change" })?;
    Ok(href(&change, wave.n))
}

/// What its unit keeps, so that the draw holds what was promised.
async fn kept(view: &View, wave: &Wave, unit: UnitId) -> Result<Markup, Trouble> {
    let sql = view.world.store().read();
    let change = crate::offer::change::store::one(sql, wave.change).await?;
    let change = change.ok_or(Trouble::NotFound { what: "change" })?;
    let promised = draws::promised(sql).await?.remove(&wave.id);
    let is_drawn = draws::drawn(sql, wave.id).await?.is_some();
    let stands = if is_drawn {
        html! {}
    } else {
        own::sentence(view, wave, unit).await?
    };
    Ok(html! {
        (stands)
        @if let Some(promised) = promised { (draw::pages::keep::in_words(change.slug.as_str(), wave.n, &promised)) }
    })
}

/// The form of an application, shown to those who speak for its unit only.
async fn form_page(view: &View, id: ApplicationId, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let (application, wave) = verbs::find(view.world.store().read(), id).await?;
    view.signed_in()?.must_speak_for(application.unit, "change its application")?;
    let phase = wave.phase(view.now);
    let beside = beside(view, &wave, &application).await?;
    let kept = kept(view, &wave, application.unit).await?;
    let form = Form::new(filled, refused);
    let title = format!("The application of {}", application.unit_name);
    Ok(crate::web::Page::new(
        crate::overview::figures::Stage::Contend,
        title,
        html! {
            @match phase {
                WavePhase::Announced | WavePhase::Open => { "You can change it until applications close." }
                WavePhase::Closed => { "Applications closed " (when::relative(view, wave.closes_at)) "; it stays as it was then." }
                WavePhase::Cancelled => "The wave is cancelled; it stays as it was then.",
            }
        },
    )
    .crumb(call_of(view, id).await?, "The wave")
    .body(html! {
        (form.notice())
        (beside)
        (kept)
        @if matches!(phase, WavePhase::Closed | WavePhase::Cancelled) {
            section { h2 { "What was applied with" } (in_words(&application.written)) }
            @if refused.is_some() {
                section { h2 { "What you wrote, which was not kept" }
                    dl.facts { @for (name, label) in ENTRIES { dt { (label) } dd { (filled.text(name)) } } }
                }
            }
        } @else {
            form.stack method="post" action={ "/applications/" (id) } {
                (form.area("pain", "What hurts today?", ""))
                (form.area("aim", "What do you want to reach?", ""))
                (form.line("owner", "Who in the unit answers for it?", ""))
                (form.area("pledge", "What does the unit pledge?", "Empty: what is asked."))
                button.button { "Keep it like this" }
            }
        }
    })
    .show(view))
}
