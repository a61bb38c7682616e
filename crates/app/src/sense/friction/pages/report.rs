//! Reporting in three fields, with what is like it shown meanwhile.

use maud::{Markup, html};
use traction_domain::id::{FrictionId, UnitId};
use traction_domain::refusal::Refusal;
use traction_domain::sense::friction as rules;
use traction_domain::sense::friction::intake::Audience;

use super::Asked;
use crate::org::unit;
use crate::overview::figures::Stage;
use crate::sense::friction::verbs::{self, Of, Similar};
use crate::trouble::Trouble;
use crate::web::layout::Html;
use crate::web::{Answer, Filled, Form, Led, Page, Query, View, counted, kept, lead_on_or_keep};

/// `GET /frictions/new`
pub async fn new(view: View, Query(asked): Query<Asked>) -> Answer {
    let who = view.signed_in()?;
    let unit = match &asked.unit {
        Some(slug) => Some(unit::verbs::find(view.world.store().read(), slug).await?.id),
        None => who.units().first().copied(),
    };
    let filled = Filled::with([
        ("unit", unit.map(|unit| unit.to_string()).unwrap_or_default()),
        ("title", asked.title.unwrap_or_default()),
    ]);
    form_page(&view, &filled, None).await
}

/// `POST /frictions`
pub async fn report(view: View, filled: Filled) -> Answer {
    match lead_on_or_keep(report_filled(&view, &filled).await, |id| format!("/frictions/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => {
            kept(refused.as_ref(), form_page(&view, &filled, Some(refused.as_ref())).await)
        }
    }
}

async fn report_filled(view: &View, filled: &Filled) -> Result<FrictionId, Trouble> {
    let who = view.signed_in()?;
    let unit: UnitId = filled.parsed("unit", "a unit; choose one from the list")?;
    let n_people = filled.maybe_number("people")?.unwrap_or(1.0);
    let burden = rules::burden(filled.number("times_per_week")?, filled.number("minutes")?, n_people)?;
    let wished = filled.maybe_parsed("audience", "who may see it; choose from the list")?;
    let report = rules::report(filled.text("title"), burden)?;
    verbs::report(&view.world, who, unit, report, wished.unwrap_or_default()).await
}

async fn form_page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let units = unit::store::all(view.world.store().read()).await?;
    let similar = verbs::similar(&view.world, view.who.as_ref(), filled.text("title")).await?;
    let form = Form::new(filled, refused);
    let is_open = ["people", "audience"].iter().any(|field| !filled.text(field).is_empty());
    Ok(Page::new(Stage::Sense, "What got in the way?", html! { "Three answers, under a minute." })
        .crumb("/frictions", "What gets in the way")
        .body(html! {
            form.stack method="post" action="/frictions" {
                (form.notice())
                (form.field("title", "What got in the way?", "One line, as you would tell a colleague.", html! {
                    input #title name="title" type="text" maxlength="140" autocomplete="off" value=(filled.text("title"))
                        aria-describedby="title-about" data-swap="/frictions/similar" data-swap-into="similar";
                }))
                div #similar aria-live="polite" { (similar_list(&similar)) }
                (form.number("times_per_week", "How often a week?", ""))
                (form.number("minutes", "How many minutes each time?", ""))
                details open[is_open] {
                    summary { "More than you, another unit, or not for everybody?" }
                    (form.number("people", "How many people?", "Left empty: just you."))
                    (form.choice("unit", "Where?", "", &unit::pages::choices(&units)))
                    (form.choice("audience", "Who may see it?", "Nobody is shown who reported it.", &audiences()))
                }
                button.button { "Report" }
            }
        })
        .show(view))
}

/// Who may see a report, as a choice.
pub fn audiences() -> Vec<(String, String)> {
    let each = Audience::EACH.into_iter();
    each.map(|audience| (audience.word().to_owned(), in_words(audience).to_owned())).collect()
}

/// Who sees it, in words that a person picks.
pub fn in_words(audience: Audience) -> &'static str {
    match audience {
        Audience::All => "Everybody",
        Audience::Unit => "Only the unit's own people",
        Audience::Lead => "Only the unit's lead",
    }
}

/// `GET /frictions/similar`: what is like the line being typed.
pub async fn similar(view: View, Query(asked): Query<Asked>) -> Result<Html, crate::web::Failure> {
    let title = asked.title.as_deref().unwrap_or_default();
    let similar = verbs::similar(&view.world, view.who.as_ref(), title).await?;
    Ok(Html(similar_list(&similar)))
}

fn similar_list(similar: &[Similar]) -> Markup {
    let (own, others): (Vec<&Similar>, Vec<&Similar>) = similar.iter().partition(|one| one.of == Of::OwnUnit);
    html! {
        @if !own.is_empty() {
            p.help { "Known already? Say “me too” there instead:" }
            (lines(&own))
        }
        @if !others.is_empty() {
            p.help { "Others have it too; report yours all the same:" }
            (lines(&others))
        }
    }
}

fn lines(similar: &[&Similar]) -> Markup {
    html! {
        ul.similar { @for Similar { friction, n_elsewhere, .. } in similar { li {
            a href={ "/frictions/" (friction.id) } { (friction.title) } span.meta { " " (friction.unit_name)
                @if *n_elsewhere > 0 { " and " (counted(*n_elsewhere as u64, "other unit", "other units")) } }
            // What was merged into it may be what was typed.
            @if let Some((_, title)) = friction.merged.first() { span.meta { " (said as “" (title) "”, too)" } }
        } } }
    }
}
