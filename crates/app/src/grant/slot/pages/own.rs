//! What the draws mean to the reader's own units, beside their slots: why they got one and what comes next; why they
//! wait, in which place, and when they can contend again.

use std::collections::BTreeSet;

use maud::{Markup, html};
use traction_domain::id::{UnitId, WaveId};

use crate::contend::draw::pages::outcome::Seen;
use crate::contend::draw::store as draws;
use crate::contend::wave::standing::called;
use crate::grant::slot::store::Slot;
use crate::offer::change::store::Change;
use crate::offer::wave::store::Wave;
use crate::offer::{change, wave};
use crate::trouble::Broken;
use crate::web::View;

/// For people of the slot's unit: why it got it, and what comes next.
pub async fn card(view: &View, change: &Change, slot: &Slot) -> Result<Markup, Broken> {
    let belongs = view.who.as_ref().is_some_and(|who| who.belongs_to(slot.unit));
    let Some(wave) = slot.wave.filter(|_| belongs) else { return Ok(html! {}) };
    let Some(wave) = wave::store::one(view.world.store().read(), wave).await? else { return Ok(html! {}) };
    of_units(view, change, wave, &[slot.unit]).await
}

/// For people of units that contended in the last wave drawn of a change and have it not: why, their place in the line,
/// and the next date.
pub async fn waiting(view: &View, slots: &[Slot]) -> Result<Markup, Broken> {
    let own = view.who.as_ref().map(|who| who.units()).unwrap_or_default();
    if own.is_empty() {
        return Ok(html! {});
    }
    let sql = view.world.store().read();
    let drawn: BTreeSet<WaveId> = draws::drawn_waves(sql).await?.into_iter().collect();
    let waves = wave::store::all(sql).await?;
    let mut cards = Vec::new();
    for change in change::store::all(sql).await? {
        let has_it = |unit: &UnitId| {
            let of_unit = |slot: &&Slot| slot.change == change.id && slot.unit == *unit;
            slots.iter().filter(of_unit).any(|slot| slot.state(view.now).is_held())
        };
        let without: Vec<UnitId> = own.iter().copied().filter(|unit| !has_it(unit)).collect();
        let of_change = waves.iter().filter(|wave| wave.change == change.id && drawn.contains(&wave.id));
        let Some(last) = of_change.max_by_key(|wave| wave.n).filter(|_| !without.is_empty()) else {
            continue;
        };
        let card = of_units(view, &change, last.clone(), &without).await?;
        if !card.0.is_empty() {
            cards.push((change, card));
        }
    }
    Ok(html! {
        @for (change, card) in &cards { section { h2 { "Your unit and " (change.name) } (card) } }
    })
}

async fn of_units(view: &View, change: &Change, wave: Wave, units: &[UnitId]) -> Result<Markup, Broken> {
    let called = called(view.world.store().read(), change, wave, view.now).await?;
    let seen = Seen::of(view, change, &called).await?;
    Ok(seen.map(|seen| seen.of_units(units)).unwrap_or_default())
}
