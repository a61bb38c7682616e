//! The rule by which slots of a change lapse, as a page: what is said beforehand, and who runs the change can say it anew.

use maud::{Markup, html};
use traction_domain::grant::slot::LapseRule;
use traction_domain::refusal::Refusal;

use crate::grant::lapse::{store, verbs};
use crate::offer::change;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on, when};

/// `GET /changes/{change}/lapse`
pub async fn show(view: View, Path(slug): Path<String>) -> Answer {
    page(&view, &slug, None, None).await
}

/// `POST /changes/{change}/lapse`
pub async fn set(view: View, Path(slug): Path<String>, filled: Filled) -> Answer {
    match lead_on(set_filled(&view, &slug, &filled).await, |()| format!("/changes/{slug}/lapse"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, &slug, Some(&filled), Some(refused.as_ref())).await),
    }
}

async fn set_filled(view: &View, slug: &str, filled: &Filled) -> Result<(), Trouble> {
    let change = change::verbs::find(view.world.store().read(), slug).await?;
    let rule = match filled.text("days").trim() {
        "" => None,
        _ => Some(LapseRule::after_days(filled.count("days")?)?),
    };
    verbs::set(&view.world, view.signed_in()?, &change, rule).await
}

/// The rule in a sentence.
pub fn in_words(rule: Option<LapseRule>) -> Markup {
    html! {
        @match rule {
            Some(rule) => { "A slot that nobody of its unit uses for " (rule.days()) " days lapses, and is free again." }
            None => "A slot that is not used stays with its unit until somebody gives it back or ends it.",
        }
    }
}

async fn page(view: &View, slug: &str, filled: Option<&Filled>, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let change = change::verbs::find(sql, slug).await?;
    let rules = store::of_change(sql, change.id).await?;
    let now = rules.last();
    let rule = now.and_then(|set| set.rule);
    let runs = view.who.as_ref().is_some_and(|who| change::verbs::runs(who, &change));
    let before = Filled::with([("days", rule.map(|rule| rule.days().to_string()).unwrap_or_default())]);
    let form = Form::new(filled.unwrap_or(&before), refused);
    Ok(Page::new(Stage::Grant, format!("Unused slots of {}", change.name), in_words(rule))
        .crumb("/changes", "Changes")
        .crumb(format!("/changes/{slug}"), change.name.clone())
        .body(html! {
            @if let Some(now) = now { p.meta { "Said " (when::relative(view, now.set_at)) "; it counts for waves that opened since. Earlier waves keep what was said before they opened." } }
            section {
                h2 { "How it is told" }
                ul {
                    li { "Use is what the real system reports; the days count from the slot's start, its last use, or the end of a pause." }
                    li { "While no use of the change comes in from anybody, nothing lapses: then it may be the reports that are missing." }
                    li { "In a unit of fewer than five people nothing lapses by itself: everybody could tell from it what one person did." }
                    li { "After the start nobody moves up: a lapsed slot is free, and no wave gets one more by itself. Whoever runs the change says how many slots the next wave has; the unit may contend there again." }
                }
            }
            @if runs {
                section {
                    h2 { "Say it anew" }
                    form.stack method="post" action={ "/changes/" (slug) "/lapse" } {
                        (form.notice())
                        (form.number("days", "After how many days without use?", "7 to 365; empty: none lapses by itself. It counts for waves that open from now on."))
                        button.button { "Say it" }
                    }
                }
            }
        })
        .show(view))
}
