//! Asking a unit, and its lead's answer, as a page.

use maud::{Markup, html};
use traction_domain::id::{EvidenceId, UnitId};
use traction_domain::org::who::allow;
use traction_domain::publish::consent::{Consent, ConsentWish};
use traction_domain::refusal::Refusal;

use crate::offer::change;
use crate::org::unit;
use crate::overview::figures::Stage;
use crate::publish::consent::store::{self, LastWord};
use crate::publish::consent::verbs;
use crate::publish::showcase;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on, when};

/// `POST /evidence/{evidence}/consents`
pub async fn ask(view: View, Path(evidence): Path<EvidenceId>, filled: Filled) -> Answer {
    let unit: UnitId = filled.parsed("asked", "a unit; choose one from the list")?;
    let words = filled.text("words");
    let asked = verbs::say(&view.world, view.signed_in()?, evidence, unit, ConsentWish::Ask, words).await;
    let slug = unit::store::one(view.world.store().read(), unit).await?.map(|unit| unit.slug.to_string());
    let slug = slug.ok_or(Trouble::NotFound { what: "unit" })?;
    match lead_on(asked, |_| format!("/evidence/{evidence}/publish"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, evidence, &slug, &filled, Some(refused.as_ref())).await),
    }
}

/// `GET /evidence/{evidence}/consents/{unit}`
pub async fn show(view: View, Path((evidence, unit)): Path<(EvidenceId, String)>) -> Answer {
    page(&view, evidence, &unit, &Filled::default(), None).await
}

/// `POST /evidence/{evidence}/consents/{unit}`
pub async fn answer(
    view: View,
    Path((evidence, slug)): Path<(EvidenceId, String)>,
    filled: Filled,
) -> Answer {
    let onward = format!("/evidence/{evidence}/consents/{slug}");
    match lead_on(answer_filled(&view, evidence, &slug, &filled).await, |_| onward)? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, evidence, &slug, &filled, Some(refused.as_ref())).await),
    }
}

async fn answer_filled(
    view: &View,
    evidence: EvidenceId,
    slug: &str,
    filled: &Filled,
) -> Result<Consent, Trouble> {
    let unit = unit::verbs::find(view.world.store().read(), slug).await?;
    let wish = match filled.text("answer").parse()? {
        Consent::Asked => ConsentWish::Ask,
        Consent::Given => ConsentWish::Give,
        Consent::Declined => ConsentWish::Decline,
        Consent::Withdrawn => ConsentWish::Withdraw,
    };
    verbs::say(&view.world, view.signed_in()?, evidence, unit.id, wish, filled.text("words")).await
}

async fn page(
    view: &View,
    evidence: EvidenceId,
    slug: &str,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Answer {
    let who = view.signed_in()?;
    let sql = view.world.store().read();
    let unit = unit::verbs::find(sql, slug).await?;
    let claim = showcase::verbs::find_claim(sql, evidence).await?;
    let leads = who.leads(unit.id);
    let may = who.speaks_for(unit.id) || change::verbs::runs(who, &claim.change);
    allow(may, "the unit's lead, or whoever runs the change,", "see what the unit said")?;
    let last = store::one(sql, evidence, unit.id).await?;
    let form = Form::new(filled, refused);
    Ok(Page::new(Stage::Publish, format!("May the result of {} be shown?", unit.name), state(view, last.as_ref()))
        .crumb("/showcases", "What came of it")
        .body(html! {
            (form.notice())
            p { "The result: " (claim.evidence.verdict_says) " " a href={ "/evidence/" (evidence) } { "The whole record" } }
            @if let Some(LastWord { words, by, .. }) = last.as_ref().filter(|last| !last.words.is_empty()) {
                blockquote { p { (words) } @if let Some(by) = by { p.meta { (by) } } }
            }
            p { "With your consent, the story and the figures of " (unit.name) " may be published beside this record. Never anything about one person. You can take it back at any time; what was shown is then taken down." }
            @if leads { (answers(last.as_ref().map(|last| last.consent), &form)) }
        })
        .show(view))
}

fn state(view: &View, last: Option<&LastWord>) -> Markup {
    html! {
        @match last {
            None => { "Nobody has asked yet." }
            Some(last) => {
                @match last.consent {
                    Consent::Asked => { "Asked " }
                    Consent::Given => { "Yes, since " }
                    Consent::Declined => { "No, since " }
                    Consent::Withdrawn => { "No longer: taken back " }
                }
                (when::relative(view, last.at)) "."
            }
        }
    }
}

fn answers(last: Option<Consent>, form: &Form) -> Markup {
    html! {
        form.stack method="post" {
            (form.line("words", "A word with it", "May stay empty."))
            p.act {
                @if last == Some(Consent::Given) {
                    button.button.quiet name="answer" value="withdrawn" { "Take the consent back" }
                } @else {
                    button.button name="answer" value="given" { "Yes, show it" }
                    @if last == Some(Consent::Asked) {
                        " " button.button.quiet name="answer" value="declined" { "No" }
                    }
                }
            }
        }
    }
}
