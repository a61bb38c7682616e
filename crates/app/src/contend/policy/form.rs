//! The policy as a form: filled in, tried on those whom it would concern, and only then published.

use std::num::NonZeroU32;

use maud::{Markup, html};
use traction_domain::contend::draw::Cap;
use traction_domain::contend::policy::{Contenders, Cuts, LayerRule, Layers, Policy, PolicyRefused, Unshown};
use traction_domain::offer::wave::WavePhase;
use traction_domain::refusal::Refusal;

use crate::contend::draw::store as draws;
use crate::contend::policy::consequence::{self, Tried, in_words};
use crate::contend::policy::{pages, store, verbs};
use crate::contend::wave::pages::href;
use crate::offer::change;
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::offer::wave::store::Wave;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, InAddress, Led, Page, Path, View, again, lead_on, when};

/// What the form sends along when it is filled in, so that a box without a tick is known from no box.
const FILLED_IN: &str = "filled";

/// The entries of the form, to carry from the trial to the publication.
const ENTRIES: [&str; 8] =
    [FILLED_IN, "threshold", "cuts", "unshown", "layer_people", "layer_parent", "layer_distance", "cap"];

/// `GET /changes/{change}/waves/{n}/policy`: as it is, or as it is filled in, with what it would do.
pub async fn show(
    view: View,
    Path((change, n)): Path<(String, usize)>,
    InAddress(filled): InAddress,
) -> Answer {
    let (change, wave) = wave::verbs::find(view.world.store().read(), &change, n).await?;
    match read(&view, &wave, &filled).await {
        Ok(policy) => page(&view, &change, &wave, Part::Policy, &filled, &policy, None).await,
        Err(Trouble::Refused(refused)) => {
            let policy = store::of_wave(view.world.store().read(), wave.id).await?;
            again(page(&view, &change, &wave, Part::Policy, &filled, &policy, Some(refused.as_ref())).await)
        }
        Err(trouble) => Err(trouble.into()),
    }
}

/// `POST /changes/{change}/waves/{n}/policy`: publishes it.
pub async fn set(view: View, Path((change, n)): Path<(String, usize)>, filled: Filled) -> Answer {
    let (change, wave) = wave::verbs::find(view.world.store().read(), &change, n).await?;
    let done = set_filled(&view, &change, &wave, &filled).await;
    match lead_on(done, |()| href(&change, wave.n))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => {
            let policy = store::of_wave(view.world.store().read(), wave.id).await?;
            again(page(&view, &change, &wave, Part::Policy, &filled, &policy, Some(refused.as_ref())).await)
        }
    }
}

async fn set_filled(view: &View, change: &Change, wave: &Wave, filled: &Filled) -> Result<(), Trouble> {
    let policy = read(view, wave, filled).await?;
    verbs::set(&view.world, view.signed_in()?, change, wave, policy).await
}

/// The policy that is filled in; the wave's own where nothing is.
async fn read(view: &View, wave: &Wave, filled: &Filled) -> Result<Policy, Trouble> {
    let before = store::of_wave(view.world.store().read(), wave.id).await?;
    if filled.is_empty() {
        return Ok(before);
    }
    let written = filled.text("cuts").trim();
    let points: Result<Vec<f64>, _> =
        written.split([',', ';']).map(str::trim).filter(|cut| !cut.is_empty()).map(str::parse).collect();
    let unshown = filled.maybe_parsed::<u32>("unshown", "a band; write its number, like 2")?;
    let ticked = LayerRule::ALL.into_iter().filter(|rule| !filled.text(&layer(*rule)).is_empty());
    let policy = Policy {
        threshold: filled.maybe_number("threshold")?,
        // What is no number is refused with the same sentence as a number outside the scale.
        cuts: Cuts::new(points.map_err(|_| PolicyRefused::Cuts { given: written.to_owned() })?)?,
        unshown: unshown.map_or(Unshown::NotEligible, Unshown::InBand),
        layers: if filled.text(FILLED_IN).is_empty() { before.layers } else { Layers::of(ticked) },
        cap: filled.maybe_parsed::<NonZeroU32>("cap", "a number of slots; write it like 2")?.map(Cap),
        contenders: match filled.text("contenders") {
            "named" => Contenders::Named,
            "told" => Contenders::Told,
            _ => Contenders::Counted,
        },
    };
    Ok(policy.checked()?)
}

fn layer(rule: LayerRule) -> String {
    format!("layer_{}", rule.word())
}

/// The page with a refused decision on a unit's place.
pub async fn with_place(
    view: &View,
    change: &Change,
    wave: &Wave,
    filled: &Filled,
    refused: &dyn Refusal,
) -> Answer {
    let policy = store::of_wave(view.world.store().read(), wave.id).await?;
    page(view, change, wave, Part::Place, filled, &policy, Some(refused)).await
}

/// Which of the page's forms was filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The policy.
    Policy,
    /// A unit's place.
    Place,
}

async fn page(
    view: &View,
    change: &Change,
    wave: &Wave,
    part: Part,
    filled: &Filled,
    policy: &Policy,
    refused: Option<&dyn Refusal>,
) -> Answer {
    change::verbs::must_run(view.signed_in()?, change, "settle how it chooses")?;
    let sql = view.world.store().read();
    let is_ahead = wave.phase(view.now) == WavePhase::Announced;
    let frozen = draws::frozen(sql, wave.id).await?;
    let protected = store::protected(sql, wave.id).await?;
    let is_filled = part == Part::Policy && !filled.is_empty();
    let (before, nothing) = (as_filled(policy), Filled::default());
    let shown = if is_filled { filled } else { &before };
    let (place_filled, place_refused) =
        if part == Part::Place { (filled, refused) } else { (&nothing, None) };
    let refused = refused.filter(|_| part == Part::Policy);
    let is_trial = is_filled && refused.is_none() && is_ahead;
    let tried = match frozen {
        // From the freezing on, the page of the draw has the list itself.
        Some(_) => None,
        None => Some(consequence::tried(view, wave, policy, filled.text("whom")).await?),
    };
    let places = if is_ahead {
        Some(pages::places(view, change, wave, &protected, place_filled, place_refused).await?)
    } else {
        None
    };
    let title = format!("How wave {} of {} chooses", wave.n, change.name);
    Ok(Page::new(Stage::Contend, title, answer(view, wave, tried.as_ref(), is_trial))
        .crumb(format!("/changes/{}", change.slug), change.name.clone())
        .crumb(href(change, wave.n), format!("Wave {}", wave.n))
        .body(html! {
            @if is_ahead { (fields(change, wave, shown, refused, tried.as_ref())) }
            @else {
                (Form::new(filled, refused.or(place_refused)).notice())
                p { "This wave opened " (when::relative(view, wave.opens_at)) "; how it chooses stays as units read it then. It stands in words on " a href=(href(change, wave.n)) { "the page of the wave" } "." }
            }
            @if let Some(tried) = &tried { (consequence::section(tried, view.now, wave)) }
            @else { p { a href={ (href(change, wave.n)) "/draw" } { "The list is frozen: see the draw" } } }
            @if is_trial { (publish(change, wave, filled)) }
            @if let Some(places) = places { (places) }
        })
        .show(view))
}

fn answer(view: &View, wave: &Wave, tried: Option<&Tried>, is_trial: bool) -> Markup {
    let is_ahead = wave.phase(view.now) == WavePhase::Announced;
    html! {
        @match (tried, is_ahead) {
            (Some(tried), true) => {
                @if is_trial { "As filled in, not published yet: " } @else { "As published: " } (in_words(tried)) "."
            }
            (Some(tried), false) => { "Frozen since it opened: " (in_words(tried)) "." }
            (None, _) => { "The list is frozen." }
        }
    }
}

fn fields(
    change: &Change,
    wave: &Wave,
    shown: &Filled,
    refused: Option<&dyn Refusal>,
    tried: Option<&Tried>,
) -> Markup {
    let form = Form::new(shown, refused);
    let rules = [
        (LayerRule::SharedPeople, "People who belong to both units"),
        (LayerRule::SameParent, "The same unit above them"),
        (LayerRule::Distance, "Fewer steps in the organisation's tree"),
    ];
    let choices = tried.map(|tried| tried.choices.clone()).unwrap_or_default();
    html! {
        form.stack method="get" action={ (href(change, wave.n)) "/policy#consequence" } {
            (form.notice())
            input type="hidden" name=(FILLED_IN) value="in";
            (form.line("threshold", "Least readiness to contend", "The mean of appetite and aptitude, 1 to 5; empty: every unit may."))
            (form.line("cuts", "Where do the bands part?", "Cut points on readiness, from high to low: 4, 3. Empty: one band."))
            (form.line("unshown", "Which band for units without a shown pulse?", "A band's number; empty: they may not contend."))
            fieldset {
                legend { "What makes a unit near to where it works already?" }
                p.help { "Inside a band, nearer units come first, in this order; without a tick all are equally near." }
                @for (rule, words) in rules {
                    label style="display:flex;gap:.6rem;align-items:center;min-height:2.75rem" {
                        input type="checkbox" name=(layer(rule)) value="counts" checked[!shown.text(&layer(rule)).is_empty()]
                            style="width:1.35rem;min-height:1.35rem;height:1.35rem;flex:none";
                        (words)
                    }
                }
            }
            (form.line("cap", "Most slots under one parent", "Empty: no limit."))
            (form.choice("contenders", "What does everybody see of those who contend?", "Until the draw; then the list is public.", &[
                ("counted".to_owned(), "how many they are".to_owned()),
                ("named".to_owned(), "which units they are".to_owned()),
                ("told".to_owned(), "which units, what hurts them, and what they want to reach".to_owned()),
            ]))
            @if choices.len() > 1 { (form.choice("whom", "Try it on whom?", "Nobody can apply yet, so it is tried on those who might.", &choices)) }
            button.button.quiet { "Show what it would do" }
        }
    }
}

fn publish(change: &Change, wave: &Wave, filled: &Filled) -> Markup {
    html! {
        section.card {
            h2 { "Publish it like this?" }
            p { "It then stands on the page of the wave, can be changed until applications open, and stays from then on." }
            form method="post" action={ (href(change, wave.n)) "/policy" } {
                @for name in ENTRIES.into_iter().chain(["contenders"]) {
                    input type="hidden" name=(name) value=(filled.text(name));
                }
                button.button { "Publish it" }
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
    let ticked = |rule| if policy.layers.count(rule) { "counts".to_owned() } else { String::new() };
    Filled::with([
        ("cuts", points.join(", ")),
        ("unshown", unshown),
        ("threshold", policy.threshold.map(|threshold| threshold.to_string()).unwrap_or_default()),
        ("layer_people", ticked(LayerRule::SharedPeople)),
        ("layer_parent", ticked(LayerRule::SameParent)),
        ("layer_distance", ticked(LayerRule::Distance)),
        ("cap", policy.cap.map(|cap| cap.0.to_string()).unwrap_or_default()),
        ("contenders", store::contenders_word(policy.contenders).to_owned()),
    ])
}
