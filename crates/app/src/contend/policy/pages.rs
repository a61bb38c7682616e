//! What whoever runs a change can settle about a wave besides its policy: protected places.

use std::collections::BTreeSet;

use maud::{Markup, html};
use traction_domain::contend::draw::{Applied, Place};
use traction_domain::id::UnitId;
use traction_domain::offer::wave::WavePhase;
use traction_domain::refusal::Refusal;

use crate::contend::policy::store::Protected;
use crate::contend::policy::{form, verbs};
use crate::contend::wave::pages::href;
use crate::contend::wave::standing::Called;
use crate::grant::slot;
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::offer::wave::store::Wave;
use crate::org::unit;
use crate::trouble::{Broken, Trouble};
use crate::web::{Answer, Filled, Form, Led, Path, View, again, lead_on};

/// The settings, as far as the time still allows them.
pub fn section(view: &View, change: &Change, called: &Called, applied: Applied) -> Markup {
    let href = href(change, called.wave.n);
    let phase = called.wave.phase(view.now);
    html! {
        @if called.frozen.is_none() {
            p { a.button.quiet href={ (href) "/policy" } {
                @if phase == WavePhase::Announced { "Settle how it chooses" } @else { "See what that does to those who contend" }
            } }
        }
        @match (phase, applied) {
            (WavePhase::Closed | WavePhase::Cancelled, _) => {}
            (_, Applied::Nobody) => {
                p { a href={ (href) "/draw" } { "Name a public source of randomness" } ", so that whoever kept the commitment needs to trust nobody. It can be named until the first unit applies." }
            }
            (_, Applied::Somebody) => {
                p.meta { "No public source of randomness can be named any more: units have applied, and whoever applies knows how it is decided." }
            }
        }
    }
}

/// The protected places of a wave that is not open yet, and the form that protects one.
pub async fn places(
    view: &View,
    change: &Change,
    wave: &Wave,
    protected: &[Protected],
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Result<Markup, Broken> {
    let sql = view.world.store().read();
    let units = unit::store::all(sql).await?;
    let have_it: BTreeSet<UnitId> =
        slot::store::have_it(sql, change.id, view.now).await?.into_iter().collect();
    let is_open = |unit: UnitId| protected.iter().all(|place| place.unit != unit) && !have_it.contains(&unit);
    let choices: Vec<(String, String)> = units
        .iter()
        .filter(|unit| is_open(unit.id))
        .map(|unit| (unit.id.to_string(), unit.name.clone()))
        .collect();
    let form = Form::new(filled, refused);
    let action = format!("{}/protected", href(change, wave.n));
    Ok(html! {
        section {
            h2 { "Protected places" }
            p { "A unit with a protected place gets a slot without chance, if it applies. The reason is published, and the unit is left out of the proof. Like the rest, this stays once the wave has opened." }
            @if !protected.is_empty() {
                ul { @for place in protected { li {
                    (place.unit_name) ": " (place.why) " (" (place.who) ") "
                    form.inline method="post" action=(action) {
                        input type="hidden" name="unit" value=(place.unit);
                        input type="hidden" name="place" value="open";
                        button.button.quiet { "Open it to the draw again" }
                    }
                } } }
            }
            details open[refused.is_some()] {
                summary { "Protect a place" }
                (form.notice())
                form.stack method="post" action=(action) {
                    (form.choice("unit", "Whose?", "", &choices))
                    (form.line("why", "Why?", "Published on the page of the wave."))
                    button.button.quiet { "Protect it" }
                }
            }
        }
    })
}

/// `POST /changes/{change}/waves/{n}/protected`
pub async fn protect(view: View, Path((change, n)): Path<(String, usize)>, filled: Filled) -> Answer {
    let (change, wave) = wave::verbs::find(view.world.store().read(), &change, n).await?;
    let done = protect_filled(&view, &change, &wave, &filled).await;
    match lead_on(done, |()| format!("{}/policy", href(&change, n)))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => {
            again(form::with_place(&view, &change, &wave, &filled, refused.as_ref()).await)
        }
    }
}

async fn protect_filled(view: &View, change: &Change, wave: &Wave, filled: &Filled) -> Result<(), Trouble> {
    let unit = filled.parsed("unit", "a unit; choose one from the list")?;
    let place: Option<Place> = filled.maybe_parsed("place", "a place; it is open or protected")?;
    let (place, who) = (place.unwrap_or(Place::Protected), view.signed_in()?);
    verbs::decide_place(&view.world, who, change, wave, unit, place, filled.text("why")).await
}
