//! Frictions as pages: the ranked backlog, the report in three fields, one friction with its answers.

use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::id::{FrictionId, UnitId};
use traction_domain::refusal::Refusal;
use traction_domain::sense::friction::{self as rules, FrictionState, ResponseClock};

use crate::org::unit;
use crate::overview::figures::Stage;
use crate::sense::friction::store::{self, Friction};
use crate::sense::friction::{picture, verbs};
use crate::sense::idea;
use crate::trouble::Trouble;
use crate::web::charts::Downloads;
use crate::web::layout::Html;
use crate::web::{
    Answer, Filled, Form, Led, Page, Path, Query, View, again, kept, lead_on, lead_on_or_keep, when,
};

/// What may stand in the address of the list and of the form.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// A unit's short name.
    unit: Option<String>,
    /// What is being typed.
    title: Option<String>,
}

/// `GET /frictions`
pub async fn list(view: View, Query(asked): Query<Asked>) -> Answer {
    let sql = view.world.store().read();
    let unit = match &asked.unit {
        Some(slug) => Some(unit::verbs::find(sql, slug).await?),
        None => None,
    };
    let backlog = store::backlog(sql, unit.as_ref().map(|unit| unit.id)).await?;
    let (open, closed): (Vec<_>, Vec<_>) = backlog.into_iter().partition(|friction| friction.state.is_open());
    let hours: f64 = open.iter().map(|friction| friction.hours_per_week).sum();
    let title = unit
        .as_ref()
        .map_or("What gets in the way".to_owned(), |unit| format!("What gets in the way: {}", unit.name));
    let report = unit
        .as_ref()
        .map_or("/frictions/new".to_owned(), |unit| format!("/frictions/new?unit={}", unit.slug));
    Ok(Page::new(Stage::Sense, title, html! {
        (open.len()) " open, together about " (hours_in_words(hours)) " a week."
    })
    .action(html! { a.button href=(report) { "What got in the way?" } })
    .body(html! {
        @if open.is_empty() {
            p.empty { "A friction is anything that keeps getting in the way: a form filled in twice, a result that comes late. Naming it takes under a minute, shows what it costs, and starts a public clock until somebody answers." }
        } @else {
            @if let Some(chart) = picture::costliest(open.iter().map(|one| (one.title.as_str(), one.hours_per_week))) {
                (chart.figure(&Downloads::Inside))
            }
            (ranked(&view, &open))
        }
        @if !closed.is_empty() { details { summary { (closed.len()) " closed" } (ranked(&view, &closed)) } }
        @if view.who.is_some() { p { a href="/frictions/mine" { "What became of mine" } } }
        p { a href="/diagnosis" { "What holds it up?" } " · " a href="/ideas" { "Ideas" } " · " a href="/readiness" { "Who is ready" } }
    })
    .show(&view))
}

fn ranked(view: &View, frictions: &[Friction]) -> Markup {
    html! {
        table.list {
            thead { tr { th { "What" } th { "Unit" } th.figure { "Hours a week" } th { "State" } th { "First answer" } } }
            tbody { @for friction in frictions { tr {
                td { a href={ "/frictions/" (friction.id) } { (friction.title) } }
                td { (friction.unit_name) }
                td.figure { (figure(friction.hours_per_week)) }
                td { span.pill { (friction.state) } }
                td { (clock_in_words(view, friction)) }
            } } }
        }
    }
}

fn clock_in_words(view: &View, friction: &Friction) -> String {
    match rules::response_clock(friction.reported_at, friction.first_answer_at, view.now) {
        ResponseClock::Running { days } => format!("waiting for {}", days_in_words(days)),
        ResponseClock::Stopped { days } => format!("after {}", days_in_words(days)),
    }
}

fn days_in_words(days: f64) -> String {
    if days < 1.0 {
        "less than a day".into()
    } else if days < 1.5 {
        "1 day".into()
    } else {
        format!("{days:.0} days")
    }
}

fn hours_in_words(hours: f64) -> String {
    if hours == 1.0 { "1 hour".into() } else { format!("{} hours", figure(hours)) }
}

fn figure(hours: f64) -> String {
    if hours >= 10.0 { format!("{hours:.0}") } else { format!("{hours:.1}") }
}

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
    verbs::report(&view.world, who, unit, rules::report(filled.text("title"), burden)?).await
}

async fn form_page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let units = unit::store::all(view.world.store().read()).await?;
    let similar = verbs::similar(&view.world, filled.text("title")).await?;
    let form = Form::new(filled, refused);
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
                details open[!filled.text("people").is_empty()] {
                    summary { "More than you, or another unit?" }
                    (form.number("people", "How many people?", "Left empty: just you."))
                    (form.choice("unit", "Where?", "", &unit::pages::choices(&units)))
                }
                button.button { "Report" }
            }
        })
        .show(view))
}

/// `GET /frictions/similar`: what is like the line being typed.
pub async fn similar(view: View, Query(asked): Query<Asked>) -> Result<Html, crate::web::Failure> {
    let similar = verbs::similar(&view.world, asked.title.as_deref().unwrap_or_default()).await?;
    Ok(Html(similar_list(&similar)))
}

fn similar_list(similar: &[Friction]) -> Markup {
    html! {
        @if !similar.is_empty() {
            p.help { "Known already? Say “me too” there instead:" }
            ul.similar { @for friction in similar { li {
                a href={ "/frictions/" (friction.id) } { (friction.title) } span.meta { " " (friction.unit_name) }
            } } }
        }
    }
}

/// `GET /frictions/{friction}`
pub async fn show(view: View, Path(id): Path<FrictionId>) -> Answer {
    friction_page(&view, id, &Filled::default(), None).await
}

async fn friction_page(
    view: &View,
    id: FrictionId,
    filled: &Filled,
    refused: Option<&dyn Refusal>,
) -> Answer {
    let sql = view.world.store().read();
    let friction = store::one(sql, id).await?.ok_or(Trouble::NotFound { what: "friction" })?;
    let answers = store::answers(sql, id).await?;
    let ideas = idea::pages::on_friction(view, id).await?;
    let may_answer = view
        .who
        .as_ref()
        .is_some_and(|who| who.speaks_for(friction.unit) || who.is_change_lead() || who.is_coach());
    let form = Form::new(filled, refused);
    let others = match friction.n_shares {
        0 => String::new(),
        1 => ", and 1 other has it too".into(),
        n => format!(", and {n} others have it too"),
    };
    Ok(Page::new(Stage::Sense, friction.title.clone(), html! {
        "It costs " (friction.unit_name) " about " (hours_in_words(friction.hours_per_week)) " a week" (others) "; it is " (friction.state) "."
    })
    .crumb("/frictions", "What gets in the way")
    .crumb(format!("/frictions?unit={}", friction.unit_slug), friction.unit_name.clone())
    .body(html! {
        (form.notice())
        p.meta { "Reported " (when::relative(view, friction.reported_at)) "; first answer " (clock_in_words(view, &friction)) "." }
        @if friction.state.is_open() && view.who.is_some() {
            section {
                h2 { "You too?" }
                form.stack method="post" action={ "/frictions/" (id) "/shares" } data-swap="#main" {
                    (form.number("times_per_week", "How often a week?", ""))
                    (form.number("minutes", "How many minutes each time?", ""))
                    button.button { "Me too" }
                }
            }
        }
        (ideas)
        section {
            h2 { "What became of it" }
            @if answers.is_empty() { p.empty { "Nobody has answered yet. The clock runs in public until somebody does." } }
            ol.story { @for answer in &answers { li {
                span.pill { (answer.state) } " " (answer.words)
                p.meta { (answer.by.as_deref().unwrap_or("Traction")) ", " (when::relative(view, answer.at))
                    @if let Some(owner) = &answer.owner { "; " (owner) " takes care of it" } }
            } } }
            @if may_answer && friction.state.is_open() {
                form.stack method="post" action={ "/frictions/" (id) "/answers" } {
                    (form.area("answer", "Your answer", "Whoever reported it reads this."))
                    (form.choice("state", "It is now", "", &states()))
                    button.button { "Answer" }
                }
            }
        }
    })
    .show(view))
}

fn states() -> Vec<(String, String)> {
    FrictionState::ALL
        .iter()
        .filter(|state| **state != FrictionState::New)
        .map(|state| (state.word().to_owned(), state.to_string()))
        .collect()
}

/// `POST /frictions/{friction}/shares`
pub async fn share(view: View, Path(id): Path<FrictionId>, filled: Filled) -> Answer {
    let shared = match burden_of_one(&filled) {
        Ok(burden) => verbs::share(&view.world, view.signed_in()?, id, burden).await,
        Err(refused) => Err(refused),
    };
    back_to(&view, id, &filled, shared).await
}

fn burden_of_one(filled: &Filled) -> Result<rules::Burden, Trouble> {
    Ok(rules::burden(filled.number("times_per_week")?, filled.number("minutes")?, 1.0)?)
}

/// `POST /frictions/{friction}/answers`
pub async fn answer(view: View, Path(id): Path<FrictionId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let answered = match filled.text("state").parse::<FrictionState>() {
        Ok(next) => verbs::answer(&view.world, who, id, next, filled.text("answer"), None).await,
        Err(refused) => Err(refused.into()),
    };
    back_to(&view, id, &filled, answered).await
}

/// Back to the friction, or the friction with what was filled in and why it was refused.
async fn back_to(view: &View, id: FrictionId, filled: &Filled, done: Result<(), Trouble>) -> Answer {
    match lead_on(done, |()| format!("/frictions/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(friction_page(view, id, filled, Some(refused.as_ref())).await),
    }
}

/// `GET /frictions/mine`
pub async fn mine(view: View) -> Answer {
    let person = view.signed_in()?.person().ok_or(Trouble::NotSignedIn)?;
    let mine = store::of_person(view.world.store().read(), person).await?;
    let n_answered = mine.iter().filter(|friction| friction.first_answer_at.is_some()).count();
    Ok(Page::new(
        Stage::Sense,
        "What became of mine",
        html! {
            "You named or shared " (mine.len()) "; " (n_answered) " have an answer."
        },
    )
    .crumb("/frictions", "What gets in the way")
    .body(ranked(&view, &mine))
    .show(&view))
}
