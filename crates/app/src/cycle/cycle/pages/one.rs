//! One cycle: plan, do, study, act, and how much of a test it was.

use jiff::civil::Date;
use maud::{Markup, html};
use traction_domain::cycle::cycle::{self as rules, Decision, Held, NoteKind, Record};
use traction_domain::id::CycleId;
use traction_domain::refusal::Refusal;

use crate::cycle::cycle::pages::{data, days_in_words};
use crate::cycle::cycle::store::{self, Cycle, Ended, Locked, Note, Series};
use crate::cycle::cycle::verbs;
use crate::cycle::guardrail;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on, when};

/// `GET /cycles/{cycle}`
pub async fn show(view: View, Path(id): Path<CycleId>) -> Answer {
    page(&view, id, &Filled::default(), None).await
}

async fn page(view: &View, id: CycleId, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let cycle = verbs::find(sql, id).await?;
    let notes = store::notes(sql, id).await?;
    let series = store::series(sql, id).await?;
    let may_write =
        cycle.ended.is_none() && view.who.as_ref().is_some_and(|who| verbs::may_test(who, cycle.unit));
    let predicted_on = cycle.locked.as_ref().map(|locked| verbs::date_of(&view.world, locked.at));
    let guardrails = guardrail::pages::beside(view, cycle.origin.change).await?;
    let form = Form::new(filled, refused);
    let mut page = Page::new(Stage::Cycle, cycle.aim.clone(), answer(view, &cycle))
        .crumb("/cycles", "Cycles")
        .crumb(format!("/cycles?unit={}", cycle.unit_slug), cycle.unit_name.clone());
    if cycle.ended.is_some() && view.who.is_some() {
        page = page
            .action(html! { a.button href={ "/cycles/new?from=" (id) } { "Start the next one from it" } });
    }
    Ok(page
        .body(html! {
            (form.notice())
            (origin(&cycle))
            (guardrails)
            section {
                h2 { "Plan" }
                @match &cycle.locked {
                    Some(locked) => { (plan(view, locked)) }
                    None if may_write => { (predict_form(&form, id)) }
                    None => { p.empty { "Nobody has written down yet what is expected. Data count only after that." } }
                }
            }
            @if cycle.locked.is_some() {
                (told(view, &form, id, &notes, may_write))
                (measured(&form, id, &series, predicted_on, may_write))
                (acted(view, &form, &cycle, may_write))
            }
            (marks(view, &cycle, predicted_on, &notes, &series))
        })
        .show(view))
}

fn answer(view: &View, cycle: &Cycle) -> Markup {
    html! {
        @match (&cycle.ended, &cycle.locked) {
            (Some(Ended { acted, at }), _) => {
                "It was " (acted.decision.done()) " after " (days_in_words(at.days_since(cycle.started_at))) ": " (acted.learnt)
            }
            (None, Some(_)) => {
                "It has run for " (days_in_words(view.now.days_since(cycle.started_at))) "; what is expected was locked before any data."
            }
            (None, None) => { "It waits for what you expect: write that down first, data come after." }
        }
    }
}

fn origin(cycle: &Cycle) -> Markup {
    html! {
        dl.facts {
            dt { "Where" } dd { a href={ "/units/" (cycle.unit_slug) } { (cycle.unit_name) } }
            @if let Some((slug, name)) = &cycle.change { dt { "Part of" } dd { a href={ "/changes/" (slug) } { (name) } } }
            @if let (Some(friction), Some(title)) = (cycle.origin.friction, &cycle.friction_title) {
                dt { "Against" } dd { a href={ "/frictions/" (friction) } { (title) } }
            }
            @if let (Some(idea), Some(title)) = (cycle.origin.idea, &cycle.idea_title) {
                dt { "Tests the idea" } dd { a href={ "/ideas/" (idea) } { (title) } }
            }
            @if cycle.origin.alarm.is_some() { dt { "Opened by" } dd { "the watch, since the gain was slipping" } }
            @if let Some(previous) = cycle.origin.previous { dt { "Follows" } dd { a href={ "/cycles/" (previous) } { "the cycle before it" } } }
            @if let Some(next) = cycle.next { dt { "Followed by" } dd { a href={ "/cycles/" (next) } { "the next cycle" } } }
        }
    }
}

fn plan(view: &View, locked: &Locked) -> Markup {
    html! {
        dl.facts {
            dt { "Expected" } dd { (locked.predicted.prediction) }
            dt { "To do" } dd { (locked.predicted.plan) }
        }
        p.meta { "Locked " (when::relative(view, locked.at)) ", SHA-256 " code { (locked.hash) } "." }
    }
}

fn predict_form(form: &Form<'_>, id: CycleId) -> Markup {
    html! {
        form.stack method="post" action={ "/cycles/" (id) "/prediction" } {
            (form.area("prediction", "What do you expect to see?", "It cannot be changed later."))
            (form.area("plan", "What will you do, and until when?", ""))
            button.button { "Lock it" }
        }
    }
}

fn told(view: &View, form: &Form<'_>, id: CycleId, notes: &[Note], may_write: bool) -> Markup {
    html! {
        section {
            h2 { "Do and study" }
            @if notes.is_empty() { p.empty { "Nothing written down yet. A line is enough: what you did, what you saw, what surprised you." } }
            ol.story { @for note in notes { li {
                span.pill { @match note.kind { NoteKind::Do => "done", NoteKind::Study => "seen" } } " " (note.words)
                p.meta { (note.by.as_deref().unwrap_or("Traction")) ", " (when::relative(view, note.at)) }
            } } }
            @if may_write {
                form.stack method="post" action={ "/cycles/" (id) "/notes" } {
                    (form.area("words", "What did you do, or see?", ""))
                    button.button.quiet name="kind" value="do" { "We did this" }
                    button.button.quiet name="kind" value="study" { "We saw this" }
                }
            }
        }
    }
}

fn measured(
    form: &Form<'_>,
    id: CycleId,
    series: &[Series],
    predicted_on: Option<Date>,
    may_write: bool,
) -> Markup {
    html! {
        section {
            h2 { "Data" }
            @if series.is_empty() { p.empty { "No values yet. One number a day for a few days tells more than many on one day." } }
            @for each in series {
                (data::picture(each, predicted_on))
            }
            @if may_write {
                form.stack method="post" action={ "/cycles/" (id) "/points" } {
                    (form.line("measure", "What did you measure?", "With its unit: “minutes a round”."))
                    (form.area("points", "Values", "One a line, the day first, or two columns pasted from a spreadsheet: 2026-03-02 4.5"))
                    button.button.quiet { "Add the values" }
                }
            }
        }
    }
}

fn acted(view: &View, form: &Form<'_>, cycle: &Cycle, may_write: bool) -> Markup {
    let options: Vec<(String, String)> = [
        (Decision::Adopt, "adopt: we work that way now"),
        (Decision::Adapt, "adapt: change it and test again"),
        (Decision::Abandon, "abandon: leave it"),
    ]
    .map(|(decision, words)| (decision.word().to_owned(), words.to_owned()))
    .to_vec();
    html! {
        section {
            h2 { "Act" }
            @match &cycle.ended {
                Some(Ended { acted, at }) => {
                    dl.facts {
                        dt { "Decision" } dd { (acted.decision) ", " (when::relative(view, *at)) }
                        dt { "Learnt" } dd { (acted.learnt) }
                        @if let Some(next) = &acted.next_step { dt { "Next" } dd { (next) } }
                    }
                }
                None if may_write => {
                    form.stack method="post" action={ "/cycles/" (cycle.id) "/end" } {
                        (form.choice("decision", "What do you do with it?", "", &options))
                        (form.area("learnt", "What did you learn, beside what you expected?", ""))
                        (form.line("next_step", "What comes next?", "Stands in the next cycle's plan. May stay empty."))
                        button.button { "Close the cycle" }
                    }
                }
                None => { p.empty { "Not decided yet." } }
            }
        }
    }
}

/// How much of a test it was, computed from the record.
fn marks(
    view: &View,
    cycle: &Cycle,
    predicted_on: Option<Date>,
    notes: &[Note],
    series: &[Series],
) -> Markup {
    let n_of = |kind| notes.iter().filter(|note| note.kind == kind).count();
    let longest = series.iter().max_by_key(|series| series.points.len());
    let record = Record {
        started_at: cycle.started_at,
        predicted_on,
        dates: longest
            .map(|series| series.points.iter().map(|point| point.date).collect())
            .unwrap_or_default(),
        n_do: n_of(NoteKind::Do),
        n_study: n_of(NoteKind::Study),
        n_neighbours: usize::from(cycle.origin.previous.is_some()) + usize::from(cycle.next.is_some()),
        closed_at: cycle.ended.as_ref().map(|ended| ended.at),
        now: view.now,
    };
    let marks = rules::fidelity(&record);
    let n_held = marks.iter().filter(|(_, held)| *held == Held::Yes).count();
    html! {
        section {
            h2 { "How much of a test it was: " (n_held) " of " (marks.len()) }
            ul { @for (criterion, held) in marks { li {
                span.pill { @match held { Held::Yes => "yes", Held::NotYet => "not yet", Held::No => "no" } } " " (criterion.says())
            } } }
            p.meta { "Computed from this record. Quality grows over the cycles; speed comes first." }
        }
    }
}

/// `POST /cycles/{cycle}/prediction`
pub async fn predict(view: View, Path(id): Path<CycleId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let done = match rules::predict(filled.text("prediction"), filled.text("plan")) {
        Ok(predicted) => verbs::predict(&view.world, who, id, predicted).await,
        Err(refused) => Err(refused.into()),
    };
    back_to(&view, id, &filled, done).await
}

/// `POST /cycles/{cycle}/notes`
pub async fn note(view: View, Path(id): Path<CycleId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let done = match filled.text("kind").parse::<NoteKind>() {
        Ok(kind) => verbs::note(&view.world, who, id, kind, filled.text("words")).await,
        Err(refused) => Err(refused.into()),
    };
    back_to(&view, id, &filled, done).await
}

/// `POST /cycles/{cycle}/points`
pub async fn measure(view: View, Path(id): Path<CycleId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let done = match verbs::points(&view.world, filled.text("points")) {
        Ok(points) => verbs::measure(&view.world, who, id, filled.text("measure"), &points).await,
        Err(refused) => Err(refused.into()),
    };
    back_to(&view, id, &filled, done).await
}

/// `POST /cycles/{cycle}/end`
pub async fn act(view: View, Path(id): Path<CycleId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let done = match end_filled(&filled) {
        Ok(acted) => verbs::act(&view.world, who, id, acted).await,
        Err(refused) => Err(refused),
    };
    back_to(&view, id, &filled, done).await
}

fn end_filled(filled: &Filled) -> Result<rules::Acted, Trouble> {
    let decision: Decision = filled.text("decision").parse()?;
    Ok(rules::act(decision, filled.text("learnt"), filled.text("next_step"))?)
}

async fn back_to(view: &View, id: CycleId, filled: &Filled, done: Result<(), Trouble>) -> Answer {
    match lead_on(done, |()| format!("/cycles/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(view, id, filled, Some(refused.as_ref())).await),
    }
}
