//! Announcing a wave, as a page. The call for a wave, where units apply, is `contend`'s.

use maud::html;
use traction_domain::offer::wave::WaveTimes;
use traction_domain::refusal::Refusal;

use crate::offer::change;
use crate::offer::change::store::Change;
use crate::offer::wave::{store, verbs};
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, kept, lead_on_or_keep, when};

/// `GET /changes/{change}/waves/new`
pub async fn new(view: View, Path(slug): Path<String>) -> Answer {
    let change = change::verbs::find(view.world.store().read(), &slug).await?;
    change::verbs::must_run(view.signed_in()?, &change, "announce a wave")?;
    let typed = |days| when::typed(view.now.after_days(days), view.zone());
    let filled = Filled::with([
        ("n_slots", "4".into()),
        // Not at once: how it chooses can be settled until it opens.
        ("opens_at", typed(1)),
        ("closes_at", typed(15)),
        ("starts_at", typed(22)),
        ("pledge", "An owner with an hour a week, and our own numbers in the open.".into()),
    ]);
    form_page(&view, &change, &filled, None).await
}

/// `POST /changes/{change}/waves`
pub async fn announce(view: View, Path(slug): Path<String>, filled: Filled) -> Answer {
    let change = change::verbs::find(view.world.store().read(), &slug).await?;
    match lead_on_or_keep(announce_filled(&view, &change, &filled).await, |n| {
        format!("/changes/{slug}/waves/{n}")
    })? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => {
            kept(refused.as_ref(), form_page(&view, &change, &filled, Some(refused.as_ref())).await)
        }
    }
}

async fn announce_filled(view: &View, change: &Change, filled: &Filled) -> Result<usize, Trouble> {
    let zone = view.zone();
    let ends_at = match filled.text("ends_at").trim() {
        "" => None,
        _ => Some(filled.moment("ends_at", zone)?),
    };
    let times = WaveTimes {
        opens_at: filled.moment("opens_at", zone)?,
        closes_at: filled.moment("closes_at", zone)?,
        starts_at: filled.moment("starts_at", zone)?,
        ends_at,
    };
    let (world, who) = (&view.world, view.signed_in()?);
    let n_slots = filled.count("n_slots")?;
    let id = verbs::announce(world, who, change, n_slots, times, filled.text("pledge")).await?;
    let wave = store::one(world.store().read(), id).await?.ok_or(Trouble::NotFound { what: "wave" })?;
    Ok(wave.n)
}

async fn form_page(view: &View, change: &Change, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let waves = store::of_change(view.world.store().read(), change.id).await?;
    let paused = change::store::paused(view.world.store().read(), change.id).await?;
    let form = Form::new(filled, refused);
    let zone = view.zone().iana_name().unwrap_or("the organisation's zone");
    Ok(Page::new(Stage::Offer, format!("Wave {} of {}", waves.len() + 1, change.name), html! {
        "Few slots, one short cycle: what works pulls the next units in."
    })
    .crumb("/changes", "Changes")
    .crumb(format!("/changes/{}", change.slug), change.name.clone())
    .body(html! {
        form.stack method="post" action={ "/changes/" (change.slug) "/waves" } {
            (form.notice())
            @if let Some(paused) = &paused {
                p.notice { (change.name) " is paused for everybody " (when::relative(view, paused.at)) ": “" (paused.why) "”. Whoever gets a slot has it switched on once it goes on." }
            }
            (form.number("n_slots", "How many slots?", "Fewer than will apply: that is what makes the pull, and the proof."))
            (form.input("datetime-local", "opens_at", "Applications open", &format!("Until then you can settle how it chooses; from then on it stays. A wave that opens at once chooses by the default: any unit may contend, readiness parts the bands at 4 and 3, units nearer to where it works come first. Times are in {zone}; one that clocks pass twice in autumn is taken as the first."), None))
            (form.input("datetime-local", "closes_at", "Applications close", "The list is frozen then, and its hash published.", None))
            (form.input("datetime-local", "starts_at", "Slots start", "The solution is switched on for the winners.", None))
            details open[!filled.text("ends_at").is_empty()] {
                summary { "Do the slots end?" }
                (form.input("datetime-local", "ends_at", "Slots end", "Empty: until handed over.", None))
            }
            (form.area("pledge", "What does a unit pledge?", ""))
            button.button { "Announce" }
        }
    })
    .show(view))
}
