//! Guardrails as pages: those of a change with where the outcomes stand, and a short form for other pages.

use maud::{Markup, html};
use traction_domain::cycle::guardrail::{self as rules, Side};
use traction_domain::id::{ChangeId, MetricId};
use traction_domain::offer::metric::Better;
use traction_domain::refusal::Refusal;

use crate::cycle::guardrail::store::{self, Guardrail};
use crate::cycle::guardrail::verbs;
use crate::measure::outcome;
use crate::offer::{change, metric};
use crate::overview::figures::Stage;
use crate::trouble::{Broken, Trouble};
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, counted, lead_on, when};

/// Where an outcome stands: the mean over units in the latest period that has values.
struct Latest {
    period: String,
    mean: f64,
    n_units: usize,
}

/// `GET /changes/{change}/guardrails`
pub async fn show(view: View, Path(slug): Path<String>) -> Answer {
    page(&view, &slug, &Filled::default(), None).await
}

async fn page(view: &View, slug: &str, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let change = change::verbs::find(sql, slug).await?;
    let mut guardrails = Vec::new();
    for guardrail in store::of_change(sql, change.id).await? {
        let latest = latest(view, guardrail.metric).await?;
        guardrails.push((guardrail, latest));
    }
    let n_crossed = guardrails
        .iter()
        .filter(|(guardrail, latest)| {
            latest.as_ref().is_some_and(|now| side(guardrail, now) == Side::Crossed)
        })
        .count();
    let may_set = view.who.as_ref().is_some_and(|who| change::verbs::runs(who, &change));
    let metrics: Vec<(String, String)> = metric::store::all(sql)
        .await?
        .into_iter()
        .filter(|metric| metric.id != change.metric)
        .map(|metric| (metric.id.to_string(), format!("{} ({})", metric.name, metric.unit_of_measure)))
        .collect();
    let form = Form::new(filled, refused);
    Ok(Page::new(Stage::Cycle, format!("Guardrails: {}", change.name), html! {
        @match (guardrails.len(), n_crossed) {
            (0, _) => { "No guardrail is set." }
            (_, 0) => { (guardrails.len()) " set, none crossed." }
            (_, crossed) => { (guardrails.len()) " set, " (crossed) " crossed." }
        }
    })
    .crumb("/changes", "Changes")
    .crumb(format!("/changes/{slug}"), change.name.clone())
    .body(html! {
        @if guardrails.is_empty() {
            p.empty { "A guardrail is a limit on an outcome that must not get worse while people find their own way to the goal: falls, complaints, overtime. Inside it nobody is told what to do. There is none on activity." }
        } @else { (table(view, &guardrails)) }
        @if may_set && !metrics.is_empty() {
            section {
                h2 { "Set one" }
                form.stack method="post" action={ "/changes/" (slug) "/guardrails" } {
                    (form.notice())
                    (form.choice("metric", "Which outcome must not get worse?", "Any but the one the change is judged by.", &metrics))
                    (form.number("limit", "Than what?", "In the metric's own unit. A new limit takes the place of the old one."))
                    button.button { "Set it" }
                }
            }
        }
    })
    .show(view))
}

async fn latest(view: &View, metric: MetricId) -> Result<Option<Latest>, Broken> {
    let outcomes = outcome::store::panel(view.world.store().read(), metric, None).await?;
    let Some(period) = outcomes.iter().map(|outcome| outcome.period).max() else { return Ok(None) };
    let values: Vec<f64> =
        outcomes.iter().filter(|outcome| outcome.period == period).map(|outcome| outcome.value).collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    Ok(Some(Latest { period: period.to_string(), mean, n_units: values.len() }))
}

fn side(guardrail: &Guardrail, latest: &Latest) -> Side {
    rules::side(latest.mean, guardrail.limit, guardrail.better)
}

fn table(view: &View, guardrails: &[(Guardrail, Option<Latest>)]) -> Markup {
    html! {
        table.list {
            thead { tr { th { "Outcome" } th { "Limit" } th { "Now" } th { "State" } th { "Set" } } }
            tbody { @for (guardrail, latest) in guardrails { tr {
                td { (guardrail.metric_name) }
                td { (limit_in_words(guardrail)) }
                @match latest {
                    Some(now) => {
                        td { (format!("{:.2}", now.mean)) " in " (now.period) ", mean of " (counted(now.n_units, "unit", "units")) }
                        td { @match side(guardrail, now) { Side::Inside => span.pill { "inside" }, Side::Crossed => span.pill.harm { "crossed" } } }
                    }
                    None => { td { "no values yet" } td { span.pill { "unknown" } } }
                }
                td { (when::relative(view, guardrail.set_at)) }
            } } }
        }
    }
}

fn limit_in_words(guardrail: &Guardrail) -> String {
    let way = match guardrail.better {
        Better::Up => "not below",
        Better::Down => "not above",
    };
    format!("{way} {} {}", guardrail.limit, guardrail.unit_of_measure)
}

/// The guardrails of a change in a line each, for the pages on which people set themselves goals and test.
pub async fn beside(view: &View, change: Option<ChangeId>) -> Result<Markup, Broken> {
    let guardrails = match change {
        Some(change) => store::of_change(view.world.store().read(), change).await?,
        None => vec![],
    };
    Ok(html! {
        @if !guardrails.is_empty() {
            section {
                h2 { "Inside these guardrails" }
                ul { @for guardrail in &guardrails { li { (guardrail.metric_name) ": " (limit_in_words(guardrail)) } } }
                p.meta { "How you get there is yours." }
            }
        }
    })
}

/// `POST /changes/{change}/guardrails`
pub async fn set(view: View, Path(slug): Path<String>, filled: Filled) -> Answer {
    let done = set_filled(&view, &slug, &filled).await;
    match lead_on(done, |()| format!("/changes/{slug}/guardrails"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, &slug, &filled, Some(refused.as_ref())).await),
    }
}

async fn set_filled(view: &View, slug: &str, filled: &Filled) -> Result<(), Trouble> {
    let who = view.signed_in()?;
    let metric: MetricId = filled.parsed("metric", "a metric; choose one from the list")?;
    verbs::set(&view.world, who, slug, metric, filled.number("limit")?).await
}
