//! Where the reader's own unit stands before the draw, or would: band, layer, with how many, and the chance as things are.
//!
//! A mistake in it can be put right only before the list is frozen. It tells of others no more than how many stand equal.

use maud::{Markup, html};
use traction_domain::contend::draw::{Contest, Entrants, Entry, Place, Slots, Terms, in_percent};
use traction_domain::id::UnitId;

use crate::contend::draw::{self, chances};
use crate::contend::policy::{ground, store};
use crate::offer::wave::store::Wave;
use crate::org::unit;
use crate::trouble::Trouble;
use crate::web::{View, counted};

/// Above so many contenders a capped chance takes too long for whoever only looks at a call.
const MOST_COUNTED: usize = 400;

/// Where a unit stands.
enum Stands {
    /// On the list, or as it would be.
    Listed {
        entry: Entry,
        /// Its number on the frozen list.
        number: Option<usize>,
        /// How many others are of its band and layer.
        n_equal: usize,
        /// Its chance (0 to 1), where it can be told at once.
        chance: Option<f64>,
    },
    /// The policy keeps it out, with why.
    KeptOut(String),
}

/// A sentence for one unit; nothing where it does not contend and will not.
pub async fn sentence(view: &View, wave: &Wave, unit: UnitId) -> Result<Markup, Trouble> {
    let Some(stands) = stands(view, wave, unit).await? else { return Ok(html! {}) };
    Ok(match stands {
        Stands::KeptOut(why) => {
            html! { p.notice { "As things stand it would not be on the list: " (why) "." } }
        }
        Stands::Listed { entry, number, n_equal, chance } => {
            let cap = if store::of_wave(view.world.store().read(), wave.id).await?.cap.is_some() {
                ", and by the limit of slots under one parent"
            } else {
                ""
            };
            html! {
                p {
                    @match number {
                        Some(number) => { "It is number " (number) " on the list: " }
                        None => "As things stand it is in "
                    }
                    "band " (entry.band) ", layer " (entry.layer) ", with "
                    (counted(n_equal, "other unit", "other units")) " that " @if n_equal == 1 { "stands" } @else { "stand" } " equal. "
                    @match (entry.place, chance) {
                        (Place::Protected, _) => "Its place is protected.",
                        (Place::Open, Some(chance)) => {
                            "With those who contend by now, its chance of a slot is " strong { (in_percent(chance)) } "."
                        }
                        (Place::Open, None) => { "Its chance is decided by the lot among them" (cap) "." }
                    }
                    @if number.is_none() { " Whoever else applies, and what a pulse shows until the list is frozen, changes this." }
                }
            }
        }
    })
}

async fn stands(view: &View, wave: &Wave, unit: UnitId) -> Result<Option<Stands>, Trouble> {
    let (sql, now) = (view.world.store().read(), view.now);
    let holders = draw::run::holders(sql, wave.change, now).await?;
    let Some(slug) = unit::store::one(sql, unit).await?.map(|unit| unit.slug.to_string()) else {
        return Ok(None);
    };
    if holders.slots.contains_key(&unit) {
        return Ok(None);
    }
    if let Some(contest) = draw::verbs::contest(sql, wave, &holders).await? {
        let is_gone = contest.withdrawn.contains(&slug);
        return Ok(if is_gone { None } else { listed(view, contest, &slug, Number::Given).await? });
    }
    if draw::store::is_frozen(sql, wave.id).await? {
        return Ok(None);
    }
    let policy = store::of_wave(sql, wave.id).await?;
    let mut entries: Vec<Entry> = draw::verbs::entries(sql, wave, &holders, now)
        .await?
        .entries
        .into_iter()
        .map(|(_, entry)| entry)
        .collect();
    if entries.iter().all(|entry| entry.unit != slug) {
        let ground = ground::of_everybody(sql, wave.id, &holders.works_in, now).await?;
        let Some(contender) = ground.contender(&policy, unit) else { return Ok(None) };
        match policy.entry_of(&contender) {
            Ok(entry) => entries.push(entry),
            Err(why) => return Ok(Some(Stands::KeptOut(why.to_string()))),
        }
    }
    let Ok(entrants) = Entrants::new(entries) else { return Ok(None) };
    let slots = Slots(u32::try_from(wave.n_slots).unwrap_or(u32::MAX));
    let terms = Terms { slots, cap: policy.cap };
    listed(view, Contest { entrants, withdrawn: Default::default(), terms }, &slug, Number::Ahead).await
}

/// Whether numbers are given by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    Given,
    Ahead,
}

async fn listed(
    view: &View,
    contest: Contest,
    slug: &str,
    number: Number,
) -> Result<Option<Stands>, Trouble> {
    let entries = contest.entrants.entries();
    let Some(at) = entries.iter().position(|entry| entry.unit == slug) else { return Ok(None) };
    let own = entries[at].clone();
    let is_equal = |entry: &&Entry| {
        let tier = (entry.band, entry.layer, entry.place) == (own.band, own.layer, Place::Open);
        tier && entry.unit != own.unit && !contest.withdrawn.contains(&entry.unit)
    };
    let n_equal = entries.iter().filter(is_equal).count();
    let is_quick = contest.terms.cap.is_none() || entries.len() <= MOST_COUNTED;
    let counted = if is_quick { chances::counted(&view.world, contest).await?.ok() } else { None };
    let chance = counted.and_then(|counted| counted.chances().get(slug).copied());
    let number = (number == Number::Given).then_some(at + 1);
    Ok(Some(Stands::Listed { entry: own, number, n_equal, chance }))
}
