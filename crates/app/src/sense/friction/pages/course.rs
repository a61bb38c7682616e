//! The course of the metric that a friction points at, beside the friction.

use maud::{Markup, html};

use crate::measure::outcome;
use crate::offer::metric;
use crate::offer::metric::store::Metric;
use crate::sense::friction::store::Friction;
use crate::trouble::Trouble;
use crate::web::View;
use crate::web::charts::{self, Axis, Control, Downloads, Signal};

/// The section, with the way to point the friction at a metric for those who answer for it.
pub async fn section(view: &View, friction: &Friction) -> Result<Markup, Trouble> {
    let sql = view.world.store().read();
    let metric = match friction.metric {
        Some(id) => metric::store::one(sql, id).await?,
        None => None,
    };
    let picture = match &metric {
        Some(metric) => Some(picture(view, friction, metric).await?),
        None => None,
    };
    let others = if super::may_answer(view, friction) && friction.merged_into.is_none() {
        metric::store::all(sql).await?
    } else {
        vec![]
    };
    if metric.is_none() && others.is_empty() {
        return Ok(html! {});
    }
    Ok(html! {
        section {
            h2 { "Its course" }
            @match &picture {
                Some(picture) => { (picture) }
                None => { p.empty { "If this unit counts something that shows it, a backlog or a workload, let it stand here: then everybody sees whether it gets better." } }
            }
            @if !others.is_empty() {
                details {
                    summary { @if metric.is_some() { "Another metric" } @else { "Point it at a metric" } }
                    form.stack method="post" action={ "/frictions/" (friction.id) "/metric" } {
                        div.field {
                            label for="metric" { "Which metric of this unit shows it?" }
                            select #metric name="metric" {
                                option value="" { "None" }
                                @for one in &others {
                                    option value=(one.id) selected[Some(one.id) == friction.metric] { (one.name) ", " (one.unit_of_measure) }
                                }
                            }
                        }
                        button.button.quiet { "Show its course" }
                    }
                }
            }
        }
    })
}

async fn picture(view: &View, friction: &Friction, metric: &Metric) -> Result<Markup, Trouble> {
    let sql = view.world.store().read();
    let seen = outcome::store::panel(sql, metric.id, Some(&[friction.unit])).await?;
    let Some(last) = seen.last() else {
        return Ok(html! {
            p.empty { "It points at " a href={ "/outcomes/" (metric.slug) } { (metric.name) } ", of which nothing is known in this unit yet." }
        });
    };
    let title = format!("{}: {} in {}", metric.name, figure(last.value), last.period);
    let control = Control {
        x: Axis::periods("Period", seen.iter().map(|one| one.period.to_string()).collect()),
        y: Axis::number(format!("{}, {}", metric.name, metric.unit_of_measure)),
        readings: seen
            .iter()
            .map(|one| charts::Reading { value: Some(one.value), signal: Signal::Common })
            .collect(),
        phases: vec![],
        half_way: None,
        hand_over: None,
        target: None,
    };
    Ok(control.chart(title).figure(&Downloads::Inside))
}

fn figure(value: f64) -> String {
    if value.abs() >= 100.0 || value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}
