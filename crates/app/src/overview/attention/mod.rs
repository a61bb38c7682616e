//! What needs somebody now: for each who signed in, the few things that wait for him and nobody else.

mod store;

use maud::{Markup, html};
use traction_domain::contend::reminder::{Due, due};
use traction_domain::org::who::Who;

use crate::contend::reminder;
use crate::contend::reminder::store::Reminder;
use crate::measure::source;
use crate::publish::consent;
use crate::sense::{outbox, trial};
use crate::trouble::Broken;
use crate::web::{View, counted, when};

/// One thing that waits for somebody.
pub struct Item {
    /// What waits, in a sentence.
    pub says: Markup,
    /// Where to do it.
    pub href: String,
    /// The words of the button.
    pub action: &'static str,
}

/// What waits for `who`, the most pressing first.
pub async fn of(view: &View, who: &Who) -> Result<Vec<Item>, Broken> {
    let sql = view.world.store().read();
    let mut items = Vec::new();
    if let Some(person) = who.person() {
        for offered in store::hand_overs(sql, person).await? {
            items.push(Item {
                says: html! { (offered.unit_name) " would be yours to keep: a hand-over of " (offered.change_name) " waits for your answer." },
                href: format!("/hand-overs/{}", offered.id),
                action: "Answer",
            });
        }
        for slip in store::slips(sql, person).await? {
            items.push(Item {
                says: html! { (slip.change_name) " slips in " (slip.unit_name) ", and it is yours. A cycle to win it back is open since " (when::relative(view, slip.since)) ", and waits for what you expect." },
                href: format!("/cycles/{}", slip.cycle),
                action: "Win it back",
            });
        }
        for pulse in store::pulses(sql, person, view.now).await? {
            items.push(Item {
                says: html! { (pulse.unit_name) " asks how ready you are; it takes a minute, and nobody sees who said what." },
                href: format!("/pulses/{}", pulse.id),
                action: "Answer",
            });
        }
    }
    if let Some(person) = who.person() {
        for due in trial::store::due_for(sql, person, view.now).await? {
            items.push(Item {
                says: html! { "You tried something against what held you up, since " (when::date(view, due.begun_at)) ". By now it should be felt: is it gone?" },
                href: format!("/trials/{}", due.id),
                action: "Say what became of it",
            });
        }
    }
    for asked in consent::store::unanswered(sql).await?.into_iter().filter(|asked| who.leads(asked.unit)) {
        items.push(Item {
            says: html! { "May the result that " (asked.unit_name) " had with " (asked.change_name) " be shown to others?" },
            href: format!("/evidence/{}/consents/{}", asked.evidence, asked.unit_slug),
            action: "Say yes or no",
        });
    }
    let calls = store::calls(sql, &who.led(), view.now).await?;
    if let Some(person) = who.person() {
        for asked in reminder::store::of_person(sql, person, view.now).await? {
            // Who is called to contend in it anyway needs no second word.
            let is_called = calls
                .iter()
                .any(|call| (&call.change_slug, call.wave_n) == (&asked.change_slug, asked.wave_n));
            let due = due(asked.asked_at, asked.opens_at, asked.closes_at, view.now);
            if let Some(due) = due.filter(|_| !is_called) {
                items.push(reminded(view, &asked, due));
            }
        }
    }
    for call in calls {
        items.push(Item {
            says: html! { (call.unit_name) " can contend for "
                @if call.n_slots == 1 { "the one slot" } @else { "one of " (call.n_slots) " slots" } " of " (call.change_name)
                "; " (call.n_contenders) " contend so far, applications close " (when::relative(view, call.closes_at)) "." },
            href: format!("/changes/{}/waves/{}", call.change_slug, call.wave_n),
            action: "Contend",
        });
    }
    for waiting in store::unanswered(sql, &who.led()).await? {
        let href = format!("/frictions?unit={}", waiting.unit_slug);
        if waiting.n_unseen > 0 {
            items.push(Item {
                says: html! { @if waiting.n_unseen == 1 { "One report waits" } @else { (waiting.n_unseen) " reports wait" } " for your look in " (waiting.unit_name) "; nobody else sees them before." },
                href: format!("{href}#waiting"),
                action: "Look at them",
            });
        }
        if waiting.n > 0 {
            items.push(Item {
                says: html! { @if waiting.n == 1 { "One friction waits" } @else { (waiting.n) " frictions wait" } " for an answer in " (waiting.unit_name) ": new, or back since somebody said that it is not gone." },
                href,
                action: "Answer",
            });
        }
    }
    if who.is_administrator() || who.is_change_lead() {
        for stale in source::store::stale(sql).await? {
            items.push(Item {
                says: html! { "The source " (stale.name) " brought nothing new since " (when::date(view, stale.since)) "." },
                href: format!("/sources/{}", stale.slug),
                action: "See why",
            });
        }
    }
    for gone in store::cancelled(sql, &who.led(), view.now).await? {
        items.push(Item {
            says: html! { "Wave " (gone.wave_n) " of " (gone.change_name) ", for which " (gone.unit_name) " applied, is cancelled: “" (gone.why) "”" },
            href: format!("/changes/{}/waves/{}", gone.change_slug, gone.wave_n),
            action: "See the call",
        });
    }
    if who.is_administrator() {
        let n_aside = sql.trials().await?.iter().filter(|trial| trial.again_at.is_none()).count();
        if n_aside > 0 {
            items.push(Item {
                says: html! { @if n_aside == 1 { "One fact" } @else { (n_aside) " facts" } " did not lead to what should have followed." },
                href: "/journal".into(),
                action: "See what is in the way",
            });
        }
        let n_unsent = outbox::pages::n_pressing(sql, view.now).await?;
        if n_unsent > 0 {
            items.push(Item {
                says: html! { (counted(n_unsent, "letter", "letters")) " did not leave in the last week, and will not." },
                href: "/letters".into(),
                action: "See why",
            });
        }
    }
    if let Some(person) = who.person().filter(|_| who.is_change_lead() || who.is_administrator()) {
        for asked in store::asked_past(sql, person).await? {
            items.push(Item {
                says: html! { (asked.asked_by) " asks for a slot past the draw of " (asked.change_name) ", for " (asked.unit_name) ". It takes a second person." },
                href: format!("/changes/{}/waves/{}/draw", asked.change_slug, asked.wave_n),
                action: "Confirm or decline",
            });
        }
    }
    if who.is_change_lead() {
        for wave in store::undrawn(sql, view.now).await? {
            items.push(Item {
                says: html! { "Wave " (wave.wave_n) " of " (wave.change_name) " closed " (when::relative(view, wave.closes_at)) "; " (wave.n_contenders) " wait for the draw." },
                href: format!("/changes/{}/waves/{}/draw", wave.change_slug, wave.wave_n),
                action: "Draw",
            });
        }
        for result in store::unpublished(sql, view.now).await? {
            items.push(Item {
                says: html! { "There is evidence on " (result.change_name) " since " (when::relative(view, result.made_at)) ", and no showcase of it." },
                href: format!("/evidence/{}", result.id),
                action: "Read it",
            });
        }
    }
    Ok(items)
}

fn reminded(view: &View, asked: &Reminder, due: Due) -> Item {
    Item {
        says: html! {
            "You asked to be reminded: wave " (asked.wave_n) " of " (asked.change_name)
            @match due {
                Due::Opened => { " is open; applications close " }
                Due::ClosesSoon => { " closes soon: " }
            }
            (when::relative(view, asked.closes_at)) "."
        },
        href: format!("/changes/{}/waves/{}", asked.change_slug, asked.wave_n),
        action: "Look at it",
    }
}

/// The list, as a page shows it.
pub fn list(items: &[Item]) -> Markup {
    html! {
        @if items.is_empty() { p.empty { "Nothing waits for you. If something keeps getting in your way, name it: that is where everything begins." } }
        ul.attention { @for item in items { li { p { (item.says) } a.button.quiet href=(item.href) { (item.action) } } } }
    }
}
