//! Drawing up a tension: two poles in one form.

use maud::{Markup, html};
use traction_domain::id::TensionId;
use traction_domain::org::who::allow;
use traction_domain::refusal::Refusal;
use traction_domain::sustain::tension::{PoleWish, Side, propose};
use traction_stats::control::Improve;

use super::verbs;
use crate::offer::metric;
use crate::org::unit;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, View, kept, lead_on_or_keep};

/// `GET /tensions/new`
pub async fn new(view: View) -> Answer {
    let who = view.signed_in()?;
    let may = who.is_change_lead() || who.is_administrator() || !who.led().is_empty();
    allow(may, "a unit's lead (for his own unit) or a change lead", "name a tension")?;
    form_page(&view, &Filled::default(), None).await
}

/// `POST /tensions`
pub async fn name(view: View, filled: Filled) -> Answer {
    match lead_on_or_keep(name_filled(&view, &filled).await, |id| format!("/tensions/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => {
            kept(refused.as_ref(), form_page(&view, &filled, Some(refused.as_ref())).await)
        }
    }
}

async fn name_filled(view: &View, filled: &Filled) -> Result<TensionId, Trouble> {
    let who = view.signed_in()?;
    let unit = filled.maybe_parsed("unit", "a unit; choose one from the list")?;
    let left = pole(view, filled, &LEFT).await?;
    let right = pole(view, filled, &RIGHT).await?;
    let poles = propose(left.as_wish(), right.as_wish())?;
    let attention = if filled.text("attention") == "right" { Side::Right } else { Side::Left };
    verbs::name(&view.world, who, unit, attention, poles).await
}

/// The names of one pole's entries.
struct Entries {
    name: &'static str,
    upside: &'static str,
    early_warning: &'static str,
    metric: &'static str,
    healthy: &'static str,
    floor: &'static str,
}

const LEFT: Entries = Entries {
    name: "left_name",
    upside: "left_upside",
    early_warning: "left_early_warning",
    metric: "left_metric",
    healthy: "left_healthy",
    floor: "left_floor",
};
const RIGHT: Entries = Entries {
    name: "right_name",
    upside: "right_upside",
    early_warning: "right_early_warning",
    metric: "right_metric",
    healthy: "right_healthy",
    floor: "right_floor",
};

/// One pole as filled in, with its metric's direction.
struct PoleFilled<'a> {
    filled: &'a Filled,
    entries: &'static Entries,
    metric: metric::store::Metric,
    healthy: f64,
    floor: f64,
}

impl PoleFilled<'_> {
    fn as_wish(&self) -> PoleWish<'_> {
        PoleWish {
            name: self.filled.text(self.entries.name),
            upside: self.filled.text(self.entries.upside),
            early_warning: self.filled.text(self.entries.early_warning),
            metric: self.metric.id,
            improve: match self.metric.better {
                traction_domain::offer::metric::Better::Up => Improve::Up,
                traction_domain::offer::metric::Better::Down => Improve::Down,
            },
            healthy: self.healthy,
            floor: self.floor,
        }
    }
}

async fn pole<'a>(
    view: &View,
    filled: &'a Filled,
    entries: &'static Entries,
) -> Result<PoleFilled<'a>, Trouble> {
    let id = filled.parsed(entries.metric, "a metric; choose one from the list")?;
    let metric = metric::store::one(view.world.store().read(), id)
        .await?
        .ok_or(Trouble::NotFound { what: "metric" })?;
    let (healthy, floor) = (filled.number(entries.healthy)?, filled.number(entries.floor)?);
    Ok(PoleFilled { filled, entries, metric, healthy, floor })
}

async fn form_page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let units = unit::store::all(sql).await?;
    let metrics: Vec<(String, String)> = metric::store::all(sql)
        .await?
        .into_iter()
        .map(|metric| (metric.id.to_string(), format!("{}, {}", metric.name, metric.unit_of_measure)))
        .collect();
    let form = Form::new(filled, refused);
    let sides = [("left", "The first"), ("right", "The second")]
        .map(|(word, words)| (word.to_owned(), words.to_owned()));
    Ok(Page::new(Stage::Sustain, "Name a tension", html! { "Two values that are both right, and that pull against each other." })
        .crumb("/tensions", "Tensions")
        .body(html! {
            @if metrics.is_empty() { p.empty { "A pole needs a metric with readings. A metric comes into being with a change's goal: " a href="/changes/new" { "open a change" } "; or an administrator defines one with " code { "traction metric" } "." } }
            form.stack method="post" action="/tensions" {
                @if let Some(refused) = refused { p.notice.refused role="alert" { (crate::web::failure::sentence(refused)) } }
                (pole_fields(&form, "The first pole", &LEFT, &metrics))
                (pole_fields(&form, "The second pole", &RIGHT, &metrics))
                (form.choice("attention", "Which one has the attention now?", "", &sides))
                (form.choice("unit", "Where?", "Left empty: the whole organisation.", &unit::pages::choices(&units)))
                button.button { "Name it" }
            }
        })
        .show(view))
}

fn pole_fields(form: &Form<'_>, legend: &str, entries: &Entries, metrics: &[(String, String)]) -> Markup {
    html! {
        fieldset {
            legend { (legend) }
            (form.line(entries.name, "Name", "One or two words: quick, careful."))
            (form.line(entries.upside, "What is good about it?", ""))
            (form.line(entries.early_warning, "How do you notice that it is neglected?", ""))
            (form.choice(entries.metric, "What measures it?", "", metrics))
            (form.number(entries.healthy, "A healthy level", ""))
            (form.number(entries.floor, "The level at which the warnings begin", ""))
        }
    }
}
