//! Publishing an evidence record: its title and story, whose it is, and from when it is seen.

use maud::{Markup, html};
use traction_domain::id::{EvidenceId, ShowcaseId, UnitId};
use traction_domain::org::who::{Who, allow};
use traction_domain::prove::Kind;
use traction_domain::publish::showcase::{Release, Running, ShowcaseWish, Subject, in_short};
use traction_domain::refusal::Refusal;

use crate::offer::change;
use crate::overview::figures::Stage;
use crate::publish::consent;
use crate::publish::consent::store::LastWord;
use crate::publish::showcase::store::{self, Holder};
use crate::publish::showcase::verbs::{self, Claim};
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on, when};

/// `GET /evidence/{evidence}/publish`
pub async fn new(view: View, Path(evidence): Path<EvidenceId>) -> Answer {
    let claim = verbs::find_claim(view.world.store().read(), evidence).await?;
    let title =
        format!("{}: {}", claim.change.name, in_short(claim.evidence.verdict_kind, claim.evidence.doubted));
    form_page(&view, &claim, &Filled::with([("title", title)]), None).await
}

/// `POST /evidence/{evidence}/publish`
pub async fn publish(view: View, Path(evidence): Path<EvidenceId>, filled: Filled) -> Answer {
    match lead_on(publish_filled(&view, evidence, &filled).await, |id| format!("/showcases/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => {
            let claim = verbs::find_claim(view.world.store().read(), evidence).await?;
            again(form_page(&view, &claim, &filled, Some(refused.as_ref())).await)
        }
    }
}

async fn publish_filled(view: &View, evidence: EvidenceId, filled: &Filled) -> Result<ShowcaseId, Trouble> {
    let unit: Option<UnitId> = filled.maybe_parsed("unit", "a unit; choose one from the list")?;
    let subject = unit.map_or(Subject::Change, Subject::Unit);
    let release = if filled.text("release") == "after" { Release::AfterWaves } else { Release::Now };
    let wish = ShowcaseWish {
        title: filled.text("title"),
        story: filled.text("story"),
        quotes: filled.text("quotes"),
        release,
    };
    verbs::publish(&view.world, view.signed_in()?, evidence, subject, &wish).await
}

async fn form_page(view: &View, claim: &Claim, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let who = view.signed_in()?;
    let sql = view.world.store().read();
    let units = store::holders(sql, claim.change.id).await?;
    let runs = change::verbs::runs(who, &claim.change);
    let may = runs || units.iter().any(|unit| who.speaks_for(unit.unit));
    allow(may, "whoever runs the change, or the lead of a unit that took part,", "publish its results")?;
    let running = verbs::running(sql, &claim.change, view.now).await?;
    let words = consent::store::of_evidence(sql, claim.evidence.id).await?;
    let form = Form::new(filled, refused);
    let subjects = subjects(who, claim, &units);
    Ok(Page::new(Stage::Publish, "Publish this result", html! { (claim.evidence.verdict_says) })
        .crumb("/evidence", "Evidence")
        .crumb(format!("/evidence/{}", claim.evidence.id), claim.change.name.clone())
        .body(html! {
            (form.notice())
            @if claim.evidence.verdict_kind == Kind::Refused {
                p.empty { "This record makes no claim, so there is nothing to publish. It says what is missing: get that, and prove again." }
            } @else {
                form.stack method="post" action={ "/evidence/" (claim.evidence.id) "/publish" } {
                    (form.line("title", "Title", "One line that states the finding, good or bad."))
                    (form.area("story", "The story", "What was done, what was hard, what others should know. The verdict and its picture stand beside it."))
                    (form.choice("release", "From when is it seen?", release_help(&running), &releases(&running)))
                    details open[!filled.text("quotes").is_empty() || !filled.text("unit").is_empty() || !runs] {
                        summary { "Quotes, or a unit's own story" }
                        (form.area("quotes", "What people said", "One quote a line, five at most; without names, unless they agreed."))
                        (form.choice("unit", "Whose story is it?", "A unit's own story or figures need its lead's consent; the change as a whole does not.", &subjects))
                    }
                    button.button { "Publish" }
                }
                @if !words.is_empty() { section { h2 { "What units said to being shown" } (said(view, &words)) } }
                @if runs { (ask_form(claim, &units, filled)) }
            }
        })
        .show(view))
}

fn subjects(who: &Who, claim: &Claim, units: &[Holder]) -> Vec<(String, String)> {
    let whole =
        change::verbs::runs(who, &claim.change).then(|| (String::new(), "The change as a whole".to_owned()));
    let may = |unit: &&Holder| who.speaks_for(unit.unit) || change::verbs::runs(who, &claim.change);
    whole
        .into_iter()
        .chain(units.iter().filter(may).map(|unit| (unit.unit.to_string(), unit.name.clone())))
        .collect()
}

fn releases(running: &[Running]) -> Vec<(String, String)> {
    let now = ("now".to_owned(), "At once".to_owned());
    let after = ("after".to_owned(), "When the running wave has ended".to_owned());
    if running.is_empty() { vec![now] } else { vec![after, now] }
}

fn release_help(running: &[Running]) -> &'static str {
    if running.is_empty() {
        "No wave runs now, so nothing is disturbed."
    } else {
        "A wave runs now: units that read this may act on it before their turn, which blurs the comparison."
    }
}

fn said(view: &View, words: &[LastWord]) -> Markup {
    html! {
        table.list {
            thead { tr { th { "Unit" } th { "Consent" } th { "Since" } } }
            tbody { @for word in words { tr {
                td { a href={ "/evidence/" (word.evidence) "/consents/" (word.unit_slug) } { (word.unit_name) } }
                td { span.pill { (word.consent) } @if !word.words.is_empty() { " " (word.words) } }
                td { (when::relative(view, word.at)) }
            } } }
        }
    }
}

fn ask_form(claim: &Claim, units: &[Holder], filled: &Filled) -> Markup {
    let form = Form::new(filled, None);
    let options: Vec<(String, String)> =
        units.iter().map(|unit| (unit.unit.to_string(), unit.name.clone())).collect();
    html! {
        @if !options.is_empty() { details {
            summary { "Ask a unit for its consent" }
            form.stack method="post" action={ "/evidence/" (claim.evidence.id) "/consents" } {
                (form.choice("asked", "Which unit?", "Its lead finds the question on the board of results.", &options))
                (form.area("words", "What would you like to show?", "Its lead reads this."))
                button.button.quiet { "Ask" }
            }
        } }
    }
}
