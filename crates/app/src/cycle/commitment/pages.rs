//! Commitments as pages: what I and my unit set ourselves, one of them with its check-ins. Nobody else finds them.

use jiff::civil::Date;
use maud::{Markup, html};
use traction_domain::cycle::check_in::{self, CheckIn, Confidence};
use traction_domain::cycle::commitment::{self as rules, CommitmentRefused, Outcome, Owner};
use traction_domain::id::{ChangeId, CommitmentId, UnitId};
use traction_domain::refusal::Refusal;
use traction_domain::time::Moment;

use crate::cycle::commitment::store::{self, Commitment};
use crate::cycle::commitment::verbs;
use crate::cycle::guardrail;
use crate::offer::change;
use crate::org::unit;
use crate::overview::figures::Stage;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on, when};

/// Days until the due day that the form proposes.
const N_DAYS_PROPOSED: i64 = 7;

/// `GET /commitments`
pub async fn list(view: View) -> Answer {
    let due = view.now.after_days(N_DAYS_PROPOSED);
    let filled = Filled::with([("due", local_date(&view, due).to_string())]);
    page(&view, &filled, None).await
}

async fn page(view: &View, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let who = view.signed_in()?;
    let person = who.person().ok_or(Trouble::NotSignedIn)?;
    let sql = view.world.store().read();
    let (open, closed): (Vec<Commitment>, Vec<Commitment>) =
        store::seen_by(sql, person).await?.into_iter().partition(|each| each.ended.is_none());
    let mut owners = vec![(String::new(), "Mine alone".to_owned())];
    let own = who.units();
    let units = unit::store::all(sql).await?;
    owners.extend(
        units
            .into_iter()
            .filter(|unit| own.contains(&unit.id))
            .map(|unit| (unit.id.to_string(), format!("{}: its people see it", unit.name))),
    );
    let none = (String::new(), "–".to_owned());
    let changes = change::store::all(sql).await?.into_iter();
    let changes: Vec<(String, String)> =
        std::iter::once(none).chain(changes.map(|change| (change.id.to_string(), change.name))).collect();
    let form = Form::new(filled, refused);
    Ok(Page::new(Stage::Cycle, "What I set myself", html! {
        @match open.first() {
            Some(next) => { (open.len()) " open; the next is due " (when::relative(view, next.made.due_at)) "." }
            None => { "Nothing is open." }
        }
    })
    .crumb("/cycles", "Cycles")
    .body(html! {
        @if open.is_empty() {
            p.empty { "Set yourself a goal for the week, and how you will get there. Your own is seen by you alone; your unit's by its people. Nothing is counted and nothing is reported: you say at the end whether you met it and what you learnt." }
        } @else { (table(view, &open)) }
        section {
            h2 { "Set a goal" }
            form.stack method="post" action="/commitments" {
                (form.notice())
                (form.line("goal", "What do you want to reach?", "A result, not an activity: “no results after the round”, not “call ten times”."))
                (form.line("plan", "How will you get there?", ""))
                (form.input("date", "due", "By when?", "", None))
                @if changes.len() > 1 { (form.choice("change", "Part of a change?", "Its guardrails are shown beside your goal.", &changes)) }
                @if owners.len() > 1 { (form.choice("unit", "Whose is it?", "", &owners)) }
                button.button { "I set myself this" }
            }
        }
        @if !closed.is_empty() { details { summary { (closed.len()) " closed" } (table(view, &closed)) } }
    })
    .show(view))
}

fn table(view: &View, commitments: &[Commitment]) -> Markup {
    html! {
        table.list {
            thead { tr { th { "Goal" } th { "Whose" } th { "Due" } th { "State" } } }
            tbody { @for each in commitments { tr {
                td { a href={ "/commitments/" (each.id) } { (each.made.goal) } }
                td { (each.unit_name.as_deref().unwrap_or("mine")) }
                td { (when::date(view, each.made.due_at)) }
                td { span.pill { @match &each.ended { Some((account, _)) => (account.outcome), None => "open" } } }
            } } }
        }
    }
}

fn local_date(view: &View, at: Moment) -> Date {
    at.timestamp().to_zoned(view.zone().clone()).date()
}

/// `POST /commitments`
pub async fn commit(view: View, filled: Filled) -> Answer {
    match lead_on(commit_filled(&view, &filled).await, |id| format!("/commitments/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, &filled, Some(refused.as_ref())).await),
    }
}

async fn commit_filled(view: &View, filled: &Filled) -> Result<CommitmentId, Trouble> {
    let who = view.signed_in()?;
    let unit: Option<UnitId> = filled.maybe_parsed("unit", "a unit; choose one from the list")?;
    let change: Option<ChangeId> = filled.maybe_parsed("change", "a change; choose one from the list")?;
    let due: Date = filled.parsed("due", "a date; write it like 2026-11-22")?;
    let due = due
        .at(23, 59, 0, 0)
        .to_zoned(view.zone().clone())
        .map(|end_of_day| Moment::from_timestamp(end_of_day.timestamp()))
        .map_err(|_| CommitmentRefused::Due)?;
    let made = rules::commit(filled.text("goal"), filled.text("plan"), due, view.now)?;
    verbs::commit(&view.world, who, unit, change, made).await
}

/// `GET /commitments/{commitment}`
pub async fn show(view: View, Path(id): Path<CommitmentId>) -> Answer {
    one(&view, id, &Filled::default(), None).await
}

async fn one(view: &View, id: CommitmentId, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let who = view.signed_in()?;
    let sql = view.world.store().read();
    let (person, commitment) = verbs::find(sql, who, id).await?;
    let check_ins = store::check_ins_seen_by(sql, person, id).await?;
    let guardrails = guardrail::pages::beside(view, commitment.change).await?;
    let form = Form::new(filled, refused);
    let is_open = commitment.ended.is_none();
    let readers = match (commitment.owner, &commitment.unit_name) {
        (Owner::Unit(_), Some(name)) => format!("The people of {name} read this, without names."),
        _ => "Only you can see this page.".to_owned(),
    };
    Ok(Page::new(Stage::Cycle, commitment.made.goal.clone(), html! {
        @match &commitment.ended {
            Some((account, at)) => { "It was " (account.outcome) ", closed " (when::relative(view, *at)) ". " (account.learnt) }
            None => { "It is due " (when::relative(view, commitment.made.due_at)) "." }
        }
    })
    .crumb("/cycles", "Cycles")
    .crumb("/commitments", "What I set myself")
    .body(html! {
        (form.notice())
        dl.facts {
            dt { "How" } dd { (commitment.made.plan) }
            dt { "By" } dd { (when::date(view, commitment.made.due_at)) }
            @if let Some((account, _)) = &commitment.ended {
                @if let Some(next) = &account.next_step { dt { "Next" } dd { (next) } }
            }
        }
        p.meta { (readers) }
        (guardrails)
        section {
            h2 { "How it goes" }
            @if check_ins.is_empty() { p.empty { "No check-in. You may leave one whenever it helps you; nobody asks for it." } }
            ol.story { @for (check_in, at) in &check_ins { li { (told(view, check_in, *at)) } } }
            @if is_open { (check_in_form(&form, id)) }
        }
        @if is_open && verbs::may_close(who, &commitment) { (end_form(&form, id)) }
    })
    .show(view))
}

fn told(view: &View, check_in: &CheckIn, at: Moment) -> Markup {
    html! {
        span.pill { "sure: " (check_in.confidence.number()) " of 5" }
        @if let Some(learnt) = &check_in.learnt { " " (learnt) }
        p.meta { (when::relative(view, at)) }
    }
}

fn check_in_form(form: &Form<'_>, id: CommitmentId) -> Markup {
    let steps =
        [("1", "1: not at all"), ("2", "2"), ("3", "3: even odds"), ("4", "4"), ("5", "5: quite sure")];
    let steps: Vec<(String, String)> =
        steps.iter().map(|(step, words)| ((*step).to_owned(), (*words).to_owned())).collect();
    html! {
        form.stack method="post" action={ "/commitments/" (id) "/check-ins" } {
            (form.choice("confidence", "How sure are you that it will be met?", "", &steps))
            (form.line("learnt", "What did you learn so far?", "May stay empty."))
            button.button.quiet { "Check in" }
        }
    }
}

fn end_form(form: &Form<'_>, id: CommitmentId) -> Markup {
    let outcomes = [Outcome::Met, Outcome::NotMet];
    let outcomes: Vec<(String, String)> =
        outcomes.iter().map(|outcome| (outcome.word().to_owned(), outcome.to_string())).collect();
    html! {
        section {
            h2 { "Close it" }
            form.stack method="post" action={ "/commitments/" (id) "/end" } {
                (form.choice("outcome", "Was it met?", "", &outcomes))
                (form.area("learnt", "What did you learn?", "Not met is as good an answer, if you learnt from it."))
                (form.line("next_step", "What comes next?", "May stay empty."))
                button.button { "Close it" }
            }
        }
    }
}

/// `POST /commitments/{commitment}/check-ins`
pub async fn check_in(view: View, Path(id): Path<CommitmentId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let done = match check_in_filled(&filled) {
        Ok(check_in) => verbs::check_in(&view.world, who, id, check_in).await,
        Err(refused) => Err(refused),
    };
    back_to(&view, id, &filled, done).await
}

fn check_in_filled(filled: &Filled) -> Result<CheckIn, Trouble> {
    Ok(check_in::check_in(Confidence::of(filled.count("confidence")?)?, filled.text("learnt"))?)
}

/// `POST /commitments/{commitment}/end`
pub async fn close(view: View, Path(id): Path<CommitmentId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let done = match account_filled(&filled) {
        Ok(account) => verbs::close(&view.world, who, id, account).await,
        Err(refused) => Err(refused),
    };
    back_to(&view, id, &filled, done).await
}

fn account_filled(filled: &Filled) -> Result<rules::Account, Trouble> {
    let outcome: Outcome = filled.text("outcome").parse()?;
    Ok(rules::account(outcome, filled.text("learnt"), filled.text("next_step"))?)
}

async fn back_to(view: &View, id: CommitmentId, filled: &Filled, done: Result<(), Trouble>) -> Answer {
    match lead_on(done, |()| format!("/commitments/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(one(view, id, filled, Some(refused.as_ref())).await),
    }
}
