//! What whoever runs a change can settle about a wave: how it chooses, protected places, public sources.

use std::num::NonZeroU32;

use maud::{Markup, html};
use traction_domain::contend::draw::Cap;
use traction_domain::contend::policy::{Contenders, Cuts, Policy, Unshown};
use traction_domain::offer::wave::WavePhase;
use traction_domain::refusal::Refusal;

use crate::contend::draw;
use crate::contend::policy::verbs;
use crate::contend::wave::pages::{call, href};
use crate::contend::wave::standing::Called;
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Path, View, again, lead_on};

/// The settings, as far as the time still allows them.
pub fn section(
    view: &View,
    change: &Change,
    called: &Called,
    policy: &Policy,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Markup {
    let href = href(change, called.wave.n);
    let phase = called.wave.phase(view.now);
    let before = as_filled(policy);
    let policy_form = Form::new(if filled.text("cuts").is_empty() { &before } else { filled }, refused);
    let form = Form::new(filled, refused);
    let units: Vec<_> =
        called.contenders.iter().map(|one| (one.unit.to_string(), one.unit_name.clone())).collect();
    html! {
        @if phase == WavePhase::Announced {
            details open[!filled.text("cuts").is_empty()] {
                summary { "Set how it chooses" }
                form.stack method="post" action={ (href) "/policy" } {
                    (policy_form.line("cuts", "Where do the bands part?", "Cut points on readiness, from high to low: 4, 3. Empty: one band."))
                    (policy_form.line("unshown", "Which band for units without a shown pulse?", "A band's number; empty: they cannot contend."))
                    (policy_form.line("threshold", "Least readiness to contend", "1 to 5; empty: every unit may."))
                    (policy_form.line("cap", "Most slots under one parent", "Empty: no limit."))
                    (policy_form.choice("contenders", "What do contenders see of each other?", "", &[
                        ("counted".to_owned(), "how many they are".to_owned()), ("named".to_owned(), "who they are".to_owned()),
                    ]))
                    button.button { "Set it" }
                }
            }
        }
        @if phase != WavePhase::Closed {
            details {
                summary { "Name a public source of randomness" }
                form.stack method="post" action={ (href) "/sources" } {
                    (form.line("name", "Which?", "Say “national lottery, main numbers”."))
                    (form.line("due", "When does its value come to be?", "After applications close."))
                    button.button { "Name it" }
                }
            }
        }
        @if called.frozen.is_none() && !units.is_empty() {
            details {
                summary { "Protect a place" }
                form.stack method="post" action={ (href) "/protected" } {
                    (form.choice("unit", "Whose?", "It gets a slot without chance, and is left out of the proof.", &units))
                    (form.line("why", "Why?", "Published on this page."))
                    button.button { "Protect it" }
                }
            }
        }
    }
}

fn as_filled(policy: &Policy) -> Filled {
    let points: Vec<String> = policy.cuts.points().iter().map(f64::to_string).collect();
    let unshown = match policy.unshown {
        Unshown::InBand(band) => band.to_string(),
        Unshown::NotEligible => String::new(),
    };
    let contenders = if policy.contenders == Contenders::Named { "named" } else { "counted" };
    Filled::with([
        ("cuts", points.join(", ")),
        ("unshown", unshown),
        ("threshold", policy.threshold.map(|threshold| threshold.to_string()).unwrap_or_default()),
        ("cap", policy.cap.map(|cap| cap.0.to_string()).unwrap_or_default()),
        ("contenders", contenders.to_owned()),
    ])
}

/// `POST /changes/{change}/waves/{n}/policy`
pub async fn set(view: View, Path((change, n)): Path<(String, usize)>, filled: Filled) -> Answer {
    let done = set_filled(&view, &change, n, &filled).await;
    back(&view, &change, n, &filled, done).await
}

async fn set_filled(view: &View, change: &str, n: usize, filled: &Filled) -> Result<(), Trouble> {
    let (change, wave) = wave::verbs::find(view.world.store().read(), change, n).await?;
    let points: Result<Vec<f64>, _> = filled
        .text("cuts")
        .split([',', ';'])
        .map(str::trim)
        .filter(|cut| !cut.is_empty())
        .map(str::parse)
        .collect();
    let unshown = filled.maybe_parsed::<u32>("unshown", "a band; write its number, like 2")?;
    let policy = Policy {
        threshold: filled.maybe_number("threshold")?,
        // What is no number is refused with the same sentence as a number outside the scale.
        cuts: Cuts::new(points.unwrap_or_else(|_| vec![f64::NAN]))?,
        unshown: unshown.map_or(Unshown::NotEligible, Unshown::InBand),
        cap: filled.maybe_parsed::<NonZeroU32>("cap", "a number of slots; write it like 2")?.map(Cap),
        contenders: if filled.text("contenders") == "named" {
            Contenders::Named
        } else {
            Contenders::Counted
        },
    };
    verbs::set(&view.world, view.signed_in()?, &change, &wave, policy).await
}

/// `POST /changes/{change}/waves/{n}/protected`
pub async fn protect(view: View, Path((change, n)): Path<(String, usize)>, filled: Filled) -> Answer {
    let done = protect_filled(&view, &change, n, &filled).await;
    back(&view, &change, n, &filled, done).await
}

async fn protect_filled(view: &View, change: &str, n: usize, filled: &Filled) -> Result<(), Trouble> {
    let (change, wave) = wave::verbs::find(view.world.store().read(), change, n).await?;
    let unit = filled.parsed("unit", "a unit; choose one from the list")?;
    draw::verbs::protect(&view.world, view.signed_in()?, &change, &wave, unit, filled.text("why")).await
}

/// `POST /changes/{change}/waves/{n}/sources`
pub async fn name_source(view: View, Path((change, n)): Path<(String, usize)>, filled: Filled) -> Answer {
    let done = name_filled(&view, &change, n, &filled).await;
    back(&view, &change, n, &filled, done).await
}

async fn name_filled(view: &View, change: &str, n: usize, filled: &Filled) -> Result<(), Trouble> {
    let (change, wave) = wave::verbs::find(view.world.store().read(), change, n).await?;
    let (name, due) = (filled.text("name"), filled.text("due"));
    draw::verbs::name_source(&view.world, view.signed_in()?, &change, &wave, name, due).await
}

async fn back(view: &View, change: &str, n: usize, filled: &Filled, done: Result<(), Trouble>) -> Answer {
    match lead_on(done, |()| format!("/changes/{change}/waves/{n}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(call(view, change, n, filled, Some(refused.as_ref())).await),
    }
}
