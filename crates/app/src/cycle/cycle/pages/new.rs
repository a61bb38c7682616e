//! Starting a cycle in three fields; what is known already stands in them.

use maud::html;
use serde::Deserialize;
use traction_domain::cycle::cycle as rules;
use traction_domain::id::{ChangeId, CycleId, FrictionId, IdeaId, UnitId};
use traction_domain::refusal::Refusal;

use crate::cycle::cycle::store::Origin;
use crate::cycle::cycle::verbs::{self, CycleWish};
use crate::offer::change;
use crate::org::unit;
use crate::overview::figures::Stage;
use crate::sense::{friction, idea};
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Query, View, kept, lead_on_or_keep};

/// What may stand in the address of the form.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// A unit's short name.
    unit: Option<String>,
    /// The cycle to start from.
    from: Option<CycleId>,
    /// A change's short name.
    change: Option<String>,
    /// The friction it is against.
    friction: Option<FrictionId>,
    /// The idea it tests.
    idea: Option<IdeaId>,
    /// What to get better, as a diagnosis advises.
    aim: Option<String>,
    /// What to expect, as it advises.
    prediction: Option<String>,
    /// What to do, as it advises.
    plan: Option<String>,
}

/// `GET /cycles/new`
pub async fn new(view: View, Query(asked): Query<Asked>) -> Answer {
    let filled = prefilled(&view, &asked).await?;
    form_page(&view, &filled, None).await
}

/// What the form starts with: the last cycle's aim and next step, the idea's words, the friction's title.
async fn prefilled(view: &View, asked: &Asked) -> Result<Filled, Trouble> {
    let who = view.signed_in()?;
    let sql = view.world.store().read();
    let advised = |words: &Option<String>| words.clone().unwrap_or_default();
    let (mut aim, mut plan) = (advised(&asked.aim), advised(&asked.plan));
    let mut unit = who.units().first().copied();
    if let Some(friction) = asked.friction {
        let friction = friction::verbs::seen(sql, Some(who), friction).await?;
        aim = format!("Less of this: {}", friction.title);
        unit = Some(friction.unit);
    }
    if let Some(idea) = asked.idea {
        let idea = idea::verbs::find(sql, idea).await?;
        aim = idea.hope;
        plan = idea.title;
        // Somebody of another unit tests it in his own.
        unit = unit.filter(|_| !who.belongs_to(idea.unit)).or(Some(idea.unit));
    }
    if let Some(from) = asked.from {
        let last = verbs::find(sql, from).await?;
        aim = last.aim;
        plan = last.ended.and_then(|ended| ended.acted.next_step).unwrap_or_default();
        unit = Some(last.unit);
    }
    let change = match &asked.change {
        Some(slug) => Some(change::verbs::find(sql, slug).await?.id),
        None => None,
    };
    if let Some(slug) = &asked.unit {
        unit = Some(unit::verbs::find(sql, slug).await?.id);
    }
    Ok(Filled::with([
        ("aim", aim),
        ("prediction", advised(&asked.prediction)),
        ("plan", plan),
        ("unit", written(unit)),
        ("change", written(change)),
        ("friction", written(asked.friction)),
        ("idea", written(asked.idea)),
        ("from", written(asked.from)),
    ]))
}

fn written(id: Option<impl ToString>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

/// `POST /cycles`
pub async fn start(view: View, filled: Filled) -> Answer {
    match lead_on_or_keep(start_filled(&view, &filled).await, |id| format!("/cycles/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => {
            kept(refused.as_ref(), form_page(&view, &filled, Some(refused.as_ref())).await)
        }
    }
}

async fn start_filled(view: &View, filled: &Filled) -> Result<CycleId, Trouble> {
    let who = view.signed_in()?;
    let origin = Origin {
        previous: filled.maybe_parsed("from", "a cycle; follow the link on its page")?,
        change: filled.maybe_parsed::<ChangeId>("change", "a change; choose one from the list")?,
        friction: filled.maybe_parsed("friction", "a friction; follow the link on its page")?,
        idea: filled.maybe_parsed("idea", "an idea; follow the link on its page")?,
        alarm: None,
    };
    let wish = CycleWish {
        aim: rules::aim(filled.text("aim"))?,
        predicted: rules::predict(filled.text("prediction"), filled.text("plan"))?,
        unit: filled.parsed::<UnitId>("unit", "a unit; choose one from the list")?,
        origin,
    };
    verbs::start(&view.world, who, wish).await
}

async fn form_page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let who = view.signed_in()?;
    let sql = view.world.store().read();
    let units: Vec<(String, String)> = unit::store::all(sql)
        .await?
        .into_iter()
        .filter(|unit| verbs::may_test(who, unit.id))
        .map(|unit| (unit.id.to_string(), unit.name))
        .collect();
    let none = (String::new(), "–".to_owned());
    let changes: Vec<(String, String)> = std::iter::once(none)
        .chain(change::store::all(sql).await?.into_iter().map(|change| (change.id.to_string(), change.name)))
        .collect();
    let form = Form::new(filled, refused);
    let is_next = !filled.text("from").is_empty();
    Ok(Page::new(Stage::Cycle, if is_next { "The next cycle" } else { "Start a cycle" }, html! {
        "Three answers; what you expect is locked, so that the data can surprise you."
    })
    .crumb("/cycles", "Cycles")
    .body(html! {
        form.stack method="post" action="/cycles" {
            (form.notice())
            @for hidden in ["friction", "idea", "from"] { input type="hidden" name=(hidden) value=(filled.text(hidden)); }
            (form.line("aim", "What do you want to get better?", "Small enough that a few days can tell."))
            (form.area("prediction", "What do you expect to see?", "A number if you can: “ten minutes less”. It cannot be changed later."))
            (form.area("plan", "What will you do, and until when?", "Who, where, how you will see it. A few days, a few people."))
            (form.choice("unit", "Where?", "", &units))
            details open[!filled.text("change").is_empty()] {
                summary { "Part of a change?" }
                (form.choice("change", "Which one?", "", &changes))
            }
            button.button { "Lock and start" }
        }
    })
    .show(view))
}
