//! Changes as pages: the list, opening one, locking its prediction, pausing it. A change's own page looks across all
//! stages and is `overview`'s.

use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::id::{GoalId, MetricId, UnitId};
use traction_domain::offer::change::{ChangeState, ChangeWords};
use traction_domain::offer::metric as metric_rules;
use traction_domain::offer::metric::Better;
use traction_domain::org::slug::Slug;
use traction_domain::refusal::Refusal;

use crate::offer::change::store::{self, Change};
use crate::offer::change::verbs::{self, ChangeWish, GoalWish, MetricWish};
use crate::offer::{goal, metric};
use crate::org::unit;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::{
    Answer, Filled, Form, Led, Page, Path, Query, View, again, kept, lead_on, lead_on_or_keep, when,
};

/// `GET /changes`
pub async fn list(view: View) -> Answer {
    let sql = view.world.store().read();
    let changes = store::all(sql).await?;
    let n_running = changes.iter().filter(|change| change.state == ChangeState::Running).count();
    Ok(Page::new(Stage::Offer, "Changes", html! {
        (n_running) @if n_running == 1 { " change is" } @else { " changes are" } " being offered; each has few slots, and teams contend for them."
    })
    // A visitor is asked to sign in there.
    .action(html! { @if view.who.as_ref().is_none_or(verbs::may_open) { a.button href="/changes/new" { "Open a change" } } })
    .body(html! {
        @if changes.is_empty() {
            p.empty { "A change is one solution that relieves a pain, offered to few units at a time. If you lead a unit you can open one there now; nobody has to approve it." }
        }
        ul.cards { @for change in &changes { li.card {
            h2 { a href={ "/changes/" (change.slug) } { (change.name) } }
            p { (change.promise) }
            p.meta { "Opened " (when::date(&view, change.opened_at))
                @if change.state == ChangeState::Paused { " · " span.pill { "paused" } } }
        } } }
    })
    .show(&view))
}

/// What may stand in the address of the form.
#[derive(Debug, Deserialize)]
pub struct Asked {
    unit: Option<UnitId>,
}

/// `GET /changes/new`
pub async fn new(view: View, Query(asked): Query<Asked>) -> Answer {
    let who = view.signed_in()?;
    if !verbs::may_open(who) {
        return Ok(who_may_open(&view));
    }
    let home = asked.unit.or_else(|| if who.is_change_lead() { None } else { who.led().first().copied() });
    let filled = Filled::with([
        ("unit", home.map(|unit| unit.to_string()).unwrap_or_default()),
        ("better", "down".into()),
    ]);
    form_page(&view, &filled, None).await
}

/// What somebody finds who can open no change.
fn who_may_open(view: &View) -> Response {
    Page::new(Stage::Offer, "Open a change", html! {
        "A unit's lead can open one in his own unit, and a change lead anywhere; nobody has to approve it."
    })
    .crumb("/changes", "Changes")
    .action(html! { a.button href="/frictions/new" { "Say what gets in the way" } })
    .body(html! { p { "What you say tells them which change is worth opening." } })
    .show(view)
}

/// `POST /changes`
pub async fn open(view: View, filled: Filled) -> Answer {
    match lead_on_or_keep(open_filled(&view, &filled).await, |slug| format!("/changes/{slug}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => {
            kept(refused.as_ref(), form_page(&view, &filled, Some(refused.as_ref())).await)
        }
    }
}

async fn open_filled(view: &View, filled: &Filled) -> Result<Slug, Trouble> {
    let words = ChangeWords {
        name: filled.text("name"),
        promise: filled.text("promise"),
        flag_key: filled.text("flag_key"),
    };
    let goal = match filled.maybe_parsed::<GoalId>("goal", "a goal; choose one from the list")? {
        Some(goal) => GoalWish::Known(goal),
        None => GoalWish::New {
            title: filled.text("goal_title"),
            target: filled.number("target")?,
            metric: metric_filled(filled)?,
        },
    };
    let unit = filled.maybe_parsed("unit", "a unit; choose one from the list")?;
    let worth = filled.maybe_number("worth")?.unwrap_or(0.0);
    verbs::open(&view.world, view.signed_in()?, ChangeWish { words, unit, worth, goal }).await
}

fn metric_filled(filled: &Filled) -> Result<MetricWish, Trouble> {
    if let Some(metric) = filled.maybe_parsed::<MetricId>("metric", "a metric; choose one from the list")? {
        return Ok(MetricWish::Known(metric));
    }
    let better: Better = filled.parsed("better", "a way; choose one from the list")?;
    let proposed = metric_rules::propose(filled.text("metric_name"), filled.text("unit_of_measure"), better)?;
    Ok(MetricWish::New(proposed))
}

async fn form_page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let goals = goal::store::all(sql).await?;
    let metrics = metric::store::all(sql).await?;
    let who = view.signed_in()?;
    let anywhere = verbs::may_open_anywhere(who);
    let mut units = unit::store::all(sql).await?;
    units.retain(|unit| anywhere || who.leads(unit.id));
    let mut homes = unit::pages::choices(&units);
    if !anywhere {
        // The empty choice is the whole organisation.
        homes.retain(|(unit, _)| !unit.is_empty());
    }
    let goal_choices: Vec<_> = std::iter::once((String::new(), "a new one, below".to_owned()))
        .chain(goals.iter().map(|goal| (goal.id.to_string(), goal.title.clone())))
        .collect();
    let metric_choices: Vec<_> = std::iter::once((String::new(), "a new one, below".to_owned()))
        .chain(metrics.iter().map(|metric| (metric.id.to_string(), metric.name.clone())))
        .collect();
    let better =
        [("down", "less is better"), ("up", "more is better")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    let form = Form::new(filled, refused);
    Ok(Page::new(Stage::Offer, "Open a change", html! {
        "Say what it is, what it promises, and which goal it serves. Nobody has to approve it."
    })
    .crumb("/changes", "Changes")
    .body(html! {
        form.stack method="post" action="/changes" {
            (form.notice())
            (form.line("name", "What is it called?", "A few words, as people will say it."))
            (form.area("promise", "What does it promise to those who get it?", "The pain it takes away."))
            (form.choice("goal", "Which goal does it serve?", "", &goal_choices))
            fieldset {
                legend { "A new goal" }
                (form.line("goal_title", "The goal", "Say “Blood results within the hour”."))
                (form.choice("metric", "The metric that tells", "", &metric_choices))
                (form.number("target", "Where should it be?", "In the metric's unit."))
                details open[filled.text("metric").is_empty()] {
                    summary { "A new metric" }
                    (form.line("metric_name", "Name", "Say “Waiting time for results”."))
                    (form.line("unit_of_measure", "What is one of it?", "Say “minutes per test”."))
                    (form.choice("better", "Which way is better?", "", &better))
                }
            }
            (form.number("worth", "The smallest effect that would be worth it", "In the metric's unit, without a sign. The verdict is held against it."))
            details {
                summary { "Where, and how the real system asks for it" }
                (form.choice("unit", "At home in", if anywhere { "Empty: the whole organisation." } else { "A unit you lead." }, &homes))
                (form.line("flag_key", "Flag key", "Empty: its short name."))
            }
            button.button { "Open" }
        }
    })
    .show(view))
}

/// `POST /changes/{change}/prediction`
pub async fn lock_prediction(view: View, Path(slug): Path<String>, filled: Filled) -> Answer {
    let change = verbs::find(view.world.store().read(), &slug).await?;
    match lead_on(lock_filled(&view, &change, &filled).await, |_| format!("/changes/{slug}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(prediction_page(&view, &change, &filled, Some(refused.as_ref())).await),
    }
}

async fn lock_filled(view: &View, change: &Change, filled: &Filled) -> Result<String, Trouble> {
    let effect = filled.number("effect")?;
    verbs::lock_prediction(&view.world, view.signed_in()?, change, filled.text("prediction"), effect).await
}

/// `GET /changes/{change}/prediction`
pub async fn prediction(view: View, Path(slug): Path<String>) -> Answer {
    let change = verbs::find(view.world.store().read(), &slug).await?;
    prediction_page(&view, &change, &Filled::default(), None).await
}

async fn prediction_page(
    view: &View,
    change: &Change,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Answer {
    let sql = view.world.store().read();
    let metric = metric::store::one(sql, change.metric).await?.ok_or(Trouble::NotFound { what: "metric" })?;
    let locked = store::prediction(sql, change.id).await?;
    let form = Form::new(filled, refused);
    let answer: Markup = match &locked {
        Some(_) => html! { "The prediction is locked; it was made before anybody had the solution." },
        None => {
            html! { "Not locked yet. Lock it before the first wave is announced: nobody can move the goal posts afterwards." }
        }
    };
    Ok(Page::new(Stage::Offer, "What we predict", answer)
        .crumb("/changes", "Changes")
        .crumb(format!("/changes/{}", change.slug), change.name.clone())
        .body(html! {
            (form.notice())
            @match &locked {
                Some(locked) => {
                    dl.facts {
                        dt { "We expect" } dd { (locked.words) }
                        dt { "Effect" } dd { (locked.effect) " " (metric.unit_of_measure) }
                        dt { "Locked" } dd { (when::relative(view, locked.locked_at)) }
                        dt { "SHA-256" } dd { code { (locked.hash) } }
                    }
                    p.meta { "The hash is taken of the change's short name, the words, the effect and the moment (" (locked.locked_at) "), each on a line." }
                }
                None => {
                    form.stack method="post" action={ "/changes/" (change.slug) "/prediction" } {
                        (form.area("prediction", "What do you expect?", "In a sentence, so that later everybody can tell whether it came true."))
                        (form.number("effect", "By how much?", &format!("In {}, with its sign: -2 for two less.", metric.unit_of_measure)))
                        button.button { "Lock it" }
                    }
                }
            }
        })
        .show(view))
}

/// `POST /changes/{change}/state`
pub async fn set_state(view: View, Path(slug): Path<String>, filled: Filled) -> Answer {
    let change = verbs::find(view.world.store().read(), &slug).await?;
    let state = if filled.text("state") == "running" { ChangeState::Running } else { ChangeState::Paused };
    verbs::set_state(&view.world, view.signed_in()?, &change, state, filled.text("why")).await?;
    Ok(axum::response::IntoResponse::into_response(axum::response::Redirect::to(&format!("/changes/{slug}"))))
}
