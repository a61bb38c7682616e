//! One friction: what it costs, what became of it, and what whoever looks may do about it.

use maud::{Markup, html};
use traction_domain::id::{FrictionId, PersonId};
use traction_domain::refusal::Refusal;
use traction_domain::sense::friction::intake::{Audience, Shown};
use traction_domain::sense::friction::{self as rules, FrictionState, Verdict};

use super::{care, clock_in_words, course, hours_in_words, interval, may_answer, remedy};
use crate::org::person;
use crate::overview::figures::Stage;
use crate::sense::friction::store::{self, Friction, FrictionAnswer};
use crate::sense::friction::verbs;
use crate::sense::idea;
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on, when};

/// `GET /frictions/{friction}`
pub async fn show(view: View, Path(id): Path<FrictionId>) -> Answer {
    page(&view, id, &Filled::default(), None).await
}

async fn page(view: &View, id: FrictionId, filled: &Filled, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let who = view.who.as_ref();
    let friction = verbs::seen(sql, who, id).await?;
    let answers = verbs::answers(sql, who, &friction).await?;
    let ideas = idea::pages::on_friction(view, id).await?;
    let may_answer = may_answer(view, &friction);
    let may_judge = match who {
        Some(who) => friction.verdict.is_none() && verbs::may_judge(sql, who, &friction).await?,
        None => false,
    };
    let course = course::section(view, &friction).await?;
    let remedy = remedy::section(view, &friction).await?;
    let owners = owners(view, &friction).await?;
    let look_words = store::look_words(sql, id).await?;
    let merging = care::merging(view, &friction).await?;
    let form = Form::new(filled, refused);
    let is_open = friction.state.is_open() && friction.merged_into.is_none();
    Ok(Page::new(Stage::Sense, friction.title.clone(), answer_line(&friction))
        .crumb("/frictions", "What gets in the way")
        .crumb(format!("/frictions?unit={}", friction.unit_slug), friction.unit_name.clone())
        .body(html! {
            // What is refused of a trial has no field here: its form stands at the end of the questions.
            @if refused.is_some_and(|refused| matches!(refused.field(), Some("days" | "remedy" | "friction"))) { (form.notice_of_any()) }
            @else { (form.notice()) }
            (seen_by(&friction, look_words.as_deref()))
            p.meta { "Reported " (when::relative(view, friction.reported_at)) "; first answer " (clock_in_words(view, &friction)) "."
                @if let Some(owner) = &friction.owner { " " (owner) " takes care of it." } }
            p.meta { "What was said comes to " (hours_in_words(friction.cost.hours_per_week)) " a week; in 9 of 10 such cases it is "
                (interval(friction.cost)) ". " a href="/methods/friction-cost" { "How this is reckoned" } }
            (merging)
            @if is_open && friction.shown == Shown::Yes && let Some(who) = who {
                @if who.belongs_to(friction.unit) { (me_too(&form, id)) } @else { (elsewhere(&friction)) }
            }
            @if may_judge && friction.state == FrictionState::Gone { (judging(&form, &friction)) }
            (course)
            (remedy)
            (ideas)
            section {
                h2 { "What became of it" }
                @if answers.is_empty() { p.empty { "Nobody has answered yet. The clock runs in public until somebody does." } }
                ol.story { @for answer in &answers { (answer_item(view, answer)) } }
                @if may_answer && is_open {
                    form.stack method="post" action={ "/frictions/" (id) "/answers" } {
                        (form.area("answer", "Your answer", "Whoever reported it reads this."))
                        (form.choice("state", "It is now", "", &states()))
                        (form.choice("owner", "Who takes care of it?", "", &owners))
                        button.button { "Answer" }
                    }
                }
            }
        })
        .show(view))
}

fn answer_line(friction: &Friction) -> Markup {
    html! {
        "It costs " (friction.unit_name) " about " (hours_in_words(friction.cost.hours_per_week)) " a week"
        @match (friction.n_others(), friction.cost.n_voices) {
            (Some(n), _) => { ", and " (n) " others have it too" }
            (None, 0 | 1) => {}
            (None, _) => { ", and others have it too" }
        }
        @if friction.merged_into.is_some() { "; it is merged into another one, and " (friction.state) "." }
        @else { "; it is " (friction.state) "." }
    }
}

/// Who sees it, where that is not everybody.
fn seen_by(friction: &Friction, look_words: Option<&str>) -> Markup {
    html! {
        @match friction.audience {
            Audience::All => {}
            Audience::Unit => { p.notice { "Only the unit's own people see this. Nobody is shown who reported it." } }
            Audience::Lead => { p.notice { "Only the unit's lead sees this, and whoever reported it. Nobody is shown who that was." } }
        }
        @match friction.shown {
            Shown::Yes => {}
            Shown::Waits => { p.notice { "It waits for a look before others see it." } }
            Shown::HeldBack => { p.notice.refused { "It is held back: nobody else sees it. " (look_words.unwrap_or_default()) } }
        }
    }
}

fn me_too(form: &Form<'_>, id: FrictionId) -> Markup {
    html! {
        section {
            h2 { "You too?" }
            form.stack method="post" action={ "/frictions/" (id) "/shares" } data-swap="#main" {
                (form.number("times_per_week", "How often a week?", ""))
                (form.number("minutes", "How many minutes each time?", ""))
                button.button { "Me too" }
            }
        }
    }
}

/// For those of other units: their hours count in their own.
fn elsewhere(friction: &Friction) -> Markup {
    let title: String = form_urlencoded::byte_serialize(friction.title.as_bytes()).collect();
    html! {
        p { a.button.quiet href={ "/frictions/new?title=" (title) } { "In your unit, too? Report it there" } }
    }
}

fn judging(form: &Form<'_>, friction: &Friction) -> Markup {
    let id = friction.id;
    let read_by = match friction.audience {
        Audience::All => "May stay empty. Whoever may see this friction reads it, without your name.",
        Audience::Unit => "May stay empty. Only the unit's own people read it, without your name.",
        Audience::Lead => "May stay empty. Only the unit's lead reads it, without your name.",
    };
    html! {
        section {
            h2 { "Is it gone?" }
            p { "You had it, so you say. If it is not gone, it is open again: back in its place in the list, with a clock that runs anew, and the unit's lead is told." }
            form.stack method="post" action={ "/frictions/" (id) "/verdicts" } {
                (form.line("words", "What do you say to it?", read_by))
                button.button name="verdict" value="gone" { "It is gone" }
                button.button.quiet name="verdict" value="stays" { "It is not gone" }
            }
        }
    }
}

fn answer_item(view: &View, answer: &FrictionAnswer) -> Markup {
    html! {
        li {
            span.pill { (answer.state) } " " (answer.words)
            p.meta { (answer.by.as_deref().unwrap_or("Traction")) ", " (when::relative(view, answer.at))
                @if let Some(owner) = &answer.owner { "; " (owner) " takes care of it" } }
        }
        @for said in &answer.said {
            li {
                @match said.verdict {
                    Verdict::Gone => { span.pill.pull { "gone" } " Somebody who reported it says so too. " }
                    Verdict::Stays => { span.pill.push { "back" } " Somebody who reported it says that it is not gone. " }
                }
                (said.words)
                p.meta { (when::relative(view, said.at)) }
            }
        }
    }
}

/// Who may take care of it: whoever answers, or somebody of the unit.
async fn owners(view: &View, friction: &Friction) -> Result<Vec<(String, String)>, Trouble> {
    let mut owners = vec![(String::new(), "I do".to_owned())];
    if may_answer(view, friction) {
        let people = person::store::of_unit(view.world.store().read(), friction.unit).await?;
        let me = view.who.as_ref().and_then(|who| who.person());
        let others = people.into_iter().filter(|(person, _)| Some(person.id) != me);
        owners.extend(others.map(|(person, _)| (person.id.to_string(), person.name)));
    }
    Ok(owners)
}

fn states() -> Vec<(String, String)> {
    FrictionState::ANSWERS.iter().map(|state| (state.word().to_owned(), state.to_string())).collect()
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
        Ok(next) => {
            match filled.maybe_parsed::<PersonId>("owner", "somebody of the unit; choose from the list") {
                Ok(owner) => verbs::answer(&view.world, who, id, next, filled.text("answer"), owner).await,
                Err(refused) => Err(refused.into()),
            }
        }
        Err(refused) => Err(refused.into()),
    };
    back_to(&view, id, &filled, answered).await
}

/// `POST /frictions/{friction}/verdicts`
pub async fn judge(view: View, Path(id): Path<FrictionId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let judged = match filled.text("verdict").parse::<Verdict>() {
        Ok(verdict) => verbs::judge(&view.world, who, id, verdict, filled.text("words")).await,
        Err(refused) => Err(refused.into()),
    };
    back_to(&view, id, &filled, judged).await
}

/// Back to the friction, or the friction with what was filled in and why it was refused.
pub(super) async fn back_to(
    view: &View,
    id: FrictionId,
    filled: &Filled,
    done: Result<(), Trouble>,
) -> Answer {
    match lead_on(done, |()| format!("/frictions/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(view, id, filled, Some(refused.as_ref())).await),
    }
}
