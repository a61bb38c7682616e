//! What a policy would do to contenders, in words and rows: tier by tier, unit by unit, before anybody is bound by it.
//!
//! Nothing is kept here, and nothing is drawn: probabilities come from the rules of the draw.

use std::collections::BTreeSet;

use maud::{Markup, html};
use traction_domain::contend::draw::{DrawRefused, Place, Slots, in_percent};
use traction_domain::contend::policy::{Contender, Foreseen, Nearness, Policy, Prospect, foresee_by};
use traction_domain::id::{ChangeId, UnitId};
use traction_domain::offer::wave::WavePhase;
use traction_domain::time::Moment;

use crate::contend::application;
use crate::contend::policy::ground;
use crate::contend::policy::ground::Ground;
use crate::grant::slot;
use crate::grant::slot::store::Slot;
use crate::offer::wave::store::Wave;
use crate::trouble::Broken;
use crate::web::{View, counted, failure};
use crate::world::World;

/// On whom a policy is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Those who contend in the wave now.
    Contending,
    /// Those who contended in an earlier wave and got nothing.
    Waiting,
    /// Every unit at the front without the change.
    All,
}

impl Whom {
    /// Its word in the form.
    pub fn word(self) -> &'static str {
        match self {
            Whom::Contending => "contending",
            Whom::Waiting => "waiting",
            Whom::All => "all",
        }
    }

    /// Who they are, as in "tried on …".
    fn says(self, n: usize) -> String {
        match self {
            Whom::Contending => counted(n, "unit that contends now", "units that contend now"),
            Whom::Waiting => counted(
                n,
                "unit that contended earlier and got no slot",
                "units that contended earlier and got no slot",
            ),
            Whom::All => format!("all {} without it", counted(n, "unit", "units")),
        }
    }
}

/// Who could be meant, and who of them is looked at.
pub struct Tried {
    /// Whose consequence it is.
    pub whom: Whom,
    /// What can be chosen: word and words, where there is a choice.
    pub choices: Vec<(String, String)>,
    /// What the policy would do to them.
    pub foreseen: Result<Vec<Foreseen>, DrawRefused>,
    ground: Ground,
    policy: Policy,
}

/// Tries a policy on those whom `word` means, or else on whom it can be tried best.
pub async fn tried(view: &View, wave: &Wave, policy: &Policy, word: &str) -> Result<Tried, Broken> {
    let sql = view.world.store().read();
    let slots = slot::store::of_change(sql, wave.change).await?;
    let works_in = slot::store::works_in(sql, wave.change, view.now).await?;
    let ground = ground::of_everybody(sql, wave.id, &works_in, view.now).await?;
    let sets = sets(view, wave, &ground, &slots).await?;
    let best = sets.iter().find(|(_, units)| !units.is_empty()).or(sets.last());
    let chosen = sets.iter().find(|(whom, _)| whom.word() == word).or(best);
    let (whom, units) = chosen.map_or((Whom::All, vec![]), |(whom, units)| (*whom, units.clone()));
    let contenders: Vec<Contender> =
        units.iter().filter_map(|unit| ground.contender(policy, *unit)).collect();
    let choices = sets.iter().map(|(whom, units)| (whom.word().to_owned(), whom.says(units.len()))).collect();
    let foreseen = foreseen(&view.world, policy.clone(), contenders, slots_of(wave)).await?;
    Ok(Tried { whom, choices, foreseen, ground, policy: policy.clone() })
}

/// The sets of units a policy can be tried on: once units can apply, those that did; before, those that might.
async fn sets(
    view: &View,
    wave: &Wave,
    ground: &Ground,
    slots: &[Slot],
) -> Result<Vec<(Whom, Vec<UnitId>)>, Broken> {
    let sql = view.world.store().read();
    if wave.phase(view.now) != WavePhase::Announced {
        let contending = slot::store::contending(sql, wave.id, view.now).await?;
        return Ok(vec![(Whom::Contending, contending.into_iter().collect())]);
    }
    let holds = |unit: UnitId| slots.iter().any(|slot| slot.unit == unit && slot.state(view.now).is_held());
    let had_one = |unit: UnitId| slots.iter().any(|slot| slot.unit == unit);
    let waiting = earlier(view, wave.change, wave.n).await?;
    let above: BTreeSet<UnitId> = ground.units.values().filter_map(|unit| unit.parent).collect();
    let all = ground.units.keys().copied().filter(|unit| !above.contains(unit) && !holds(*unit));
    Ok(vec![
        (Whom::Waiting, waiting.into_iter().filter(|unit| !had_one(*unit)).collect()),
        (Whom::All, all.collect()),
    ])
}

async fn earlier(view: &View, change: ChangeId, n: usize) -> Result<Vec<UnitId>, Broken> {
    application::store::contended_before(view.world.store().read(), change, n).await
}

/// Counts the chances apart from those who answer: with a cap that is ten thousand draws, once for the same contenders.
async fn foreseen(
    world: &World,
    policy: Policy,
    contenders: Vec<Contender>,
    slots: Slots,
) -> Result<Result<Vec<Foreseen>, DrawRefused>, Broken> {
    let world = world.clone();
    let foresee = move || foresee_by(&policy, &contenders, slots, |contest| world.chances().of(contest));
    let counted = tokio::task::spawn_blocking(foresee).await;
    counted.map_err(|error| Broken::accident("foreseeing what a policy does", error))
}

fn slots_of(wave: &Wave) -> Slots {
    Slots(u32::try_from(wave.n_slots).unwrap_or(u32::MAX))
}

/// One sentence: how many are kept out, certain, left to chance, and behind the cut.
pub fn in_words(tried: &Tried) -> String {
    let Ok(foreseen) = &tried.foreseen else { return "it cannot be drawn like this".into() };
    let chances = || {
        foreseen.iter().filter_map(|one| match &one.prospect {
            Prospect::Listed { chance, .. } => Some(*chance),
            Prospect::KeptOut(_) => None,
        })
    };
    let n_certain = chances().filter(|chance| *chance >= 1.0).count();
    let n_drawn = chances().filter(|chance| *chance > 0.0 && *chance < 1.0).count();
    let n_behind = chances().filter(|chance| *chance <= 0.0).count();
    let n_out = foreseen.len() - n_certain - n_drawn - n_behind;
    let told = [
        (n_certain, format!("{n_certain} would get a slot for certain")),
        (n_drawn, format!("the lottery decides for {n_drawn}")),
        (n_behind, format!("{n_behind} would wait")),
        (n_out, format!("{n_out} may not contend")),
    ];
    let told: Vec<String> = told.into_iter().filter(|(n, _)| *n > 0).map(|(_, words)| words).collect();
    match told.split_last() {
        None => "nobody contends yet".into(),
        Some((one, [])) => format!("of {}, {one}", counted(foreseen.len(), "unit", "units")),
        Some((last, before)) => {
            format!("of {}, {}, and {last}", counted(foreseen.len(), "unit", "units"), before.join(", "))
        }
    }
}

/// The consequence: its sentence, its tiers, and each unit with where it stands and why.
pub fn section(tried: &Tried, now: Moment, wave: &Wave) -> Markup {
    let foreseen = match &tried.foreseen {
        Ok(foreseen) => foreseen,
        Err(refused) => {
            return html! { section { h2 { "What it would do" } p.notice.refused role="alert" { (failure::sentence(refused)) } } };
        }
    };
    let is_ahead = wave.phase(now) == WavePhase::Announced;
    html! {
        section #consequence {
            h2 { @if is_ahead { "What it would do" } @else { "What it does to those who contend now" } }
            @if foreseen.is_empty() {
                p.empty { "Nobody to try it on. As soon as units contend, or there are units without the change, you see here who would stand where, and how likely a slot is for each." }
            } @else {
                p { "Tried on " @match tried.choices.iter().find(|(word, _)| word == tried.whom.word()) { Some((_, words)) => (words), None => "no one" } "." }
                (rows(tried, foreseen))
                p.meta {
                    @if tried.policy.cap.is_some() { "With a most under one parent, a chance is the share of 10,000 draws with fixed seeds that depend on the list alone: everybody counts the same. " }
                    "Chances are those of exactly these units; whoever else applies changes them. Readiness and nearness are looked at again when the list is frozen."
                }
            }
        }
    }
}

fn rows(tried: &Tried, foreseen: &[Foreseen]) -> Markup {
    html! {
        table.list.folds {
            thead { tr { th { "Unit" } th.figure { "Chance" } th { "What follows" } th.figure { "Band" } th.figure { "Layer" } th { "Nearness" } } }
            tbody { @for one in foreseen { tr {
                td { a href={ "/units/" (one.unit) } { (name(tried, one)) } }
                @match &one.prospect {
                    Prospect::Listed { entry, chance } => {
                        td.figure data-th="Chance" title=(format!("{chance} exactly")) { (in_percent(*chance)) }
                        td data-th="What follows" { span class=(if *chance > 0.0 { "pill pull" } else { "pill" }) { (fate(entry.place, *chance)) } }
                        td.figure data-th="Band" { (entry.band) }
                        td.figure data-th="Layer" { (entry.layer) }
                    }
                    Prospect::KeptOut(why) => {
                        td.figure data-th="Chance" { "–" }
                        td data-th="What follows" { span.pill.push { "may not contend" } " " (why) }
                        td.figure data-th="Band" { "–" }
                        td.figure data-th="Layer" { "–" }
                    }
                }
                td data-th="Nearness" { (nearness(tried, one.nearness)) }
            } } }
        }
    }
}

fn name<'a>(tried: &'a Tried, one: &'a Foreseen) -> &'a str {
    let found = tried.ground.units.values().find(|unit| unit.slug == one.unit);
    found.map_or(one.unit.as_str(), |unit| &unit.name)
}

fn nearness(tried: &Tried, nearness: Nearness) -> String {
    match nearness {
        Nearness::NowhereYet => "it works nowhere yet".into(),
        near => tried.policy.layers.says(tried.policy.layers.layer(near)),
    }
}

fn fate(place: Place, chance: f64) -> &'static str {
    match place {
        Place::Protected => "protected place",
        Place::Open if chance >= 1.0 => "certain",
        Place::Open if chance > 0.0 => "the lottery decides",
        Place::Open => "waits",
    }
}
