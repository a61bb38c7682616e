//! A trial as a page: is it gone?

use maud::{Markup, html};
use traction_domain::id::TrialId;
use traction_domain::refusal::Refusal;
use traction_domain::sense::diagnosis::Outcome;
use traction_domain::sense::diagnosis::trial::{Known, usual_days};
use traction_domain::sense::playbook::{FrictionNo, Playbook, RemedyNo};

use crate::overview::figures::Stage;
use crate::sense::playbook;
use crate::sense::trial::store::Trial;
use crate::sense::trial::{course, letters, verbs};
use crate::trouble::Trouble;
use crate::web::{Answer, Filled, Form, Led, Page, Path, View, again, lead_on, when};

/// The names of what is tried against what, for people; as they are written where the playbook lost them.
pub fn names<'a>(playbook: &'a Playbook, trial: &'a Trial) -> (&'a str, &'a str) {
    let remedy = playbook.remedy_named(&trial.remedy).map(|at| playbook.remedy(at).name.as_str());
    let friction = playbook.friction_named(&trial.friction).map(|at| playbook.friction(at).name.as_str());
    (remedy.unwrap_or(&trial.remedy), friction.unwrap_or(&trial.friction))
}

/// `GET /trials/{trial}`
pub async fn show(view: View, Path(id): Path<TrialId>) -> Answer {
    page(&view, id, None).await
}

/// `POST /trials/{trial}/end`
pub async fn end(view: View, Path(id): Path<TrialId>, filled: Filled) -> Answer {
    let who = view.signed_in()?;
    let outcome: Outcome = filled.parsed("outcome", "gone or stayed; press one of the two")?;
    match lead_on(verbs::end(&view.world, who, id, outcome).await, |()| format!("/trials/{id}"))? {
        Led::On(response) => Ok(response),
        Led::Again(refused) => again(page(&view, id, Some(refused.as_ref())).await),
    }
}

async fn page(view: &View, id: TrialId, refused: Option<&dyn Refusal>) -> Answer {
    let sql = view.world.store().read();
    let who = view.signed_in()?;
    let trial = verbs::seen_by(sql, who, id).await?;
    let may_say = verbs::may_say(sql, who, &trial).await?;
    let playbook = playbook::verbs::find(sql, &trial.playbook).await?.playbook;
    let course = course::of(sql, &trial, &playbook, view.now).await?;
    let unsent = letters::given_up(sql, who, &trial).await?;
    let (remedy, friction) = names(&playbook, &trial);
    let title = match trial.ended {
        Some(_) => friction.to_owned(),
        None => format!("Is it gone: {friction}?"),
    };
    Ok(Page::new(Stage::Sense, title, html! {
        "“" (remedy) "” is tried against it since " (when::date(view, trial.begun_at)) ". "
        @match (trial.ended, trial.known) {
            (Some((Outcome::Gone, at)), Known::Said) => { "It is gone, it was said " (when::relative(view, at)) "." }
            (Some((Outcome::Stayed, at)), Known::Said) => { "It is still there, it was said " (when::relative(view, at)) "." }
            (Some((Outcome::Gone, at)), Known::Read) => { "It is gone, its metric said " (when::relative(view, at)) "." }
            (Some((Outcome::Stayed, at)), Known::Read) => { "It is still there, its metric said " (when::relative(view, at)) "." }
            (None, _) if trial.due_at <= view.now => { "By now it should be felt." }
            (None, _) => { "What became of it is asked " (when::relative(view, trial.due_at)) "; say it sooner if you know." }
        }
    })
    .crumb("/diagnosis", "What holds it up?")
    .body(html! {
        (Form::new(&Filled::default(), refused).notice())
        @if let Some(why) = &unsent {
            p.notice { "The letter that was to ask you did not leave: " (why) ". So you are asked here, and on your first page." }
        }
        @if let Some(course) = &course { p { (course.told()) } }
        @if may_say && (trial.ended.is_none() || trial.known == Known::Read) {
            @if trial.ended.is_some() { h2 { "Is it otherwise?" } p { "You know it better than a number does. What you say counts instead." } }
            form.stack method="post" action={ "/trials/" (id) "/end" } {
                button.button name="outcome" value="gone" { "It is gone" }
                button.quiet name="outcome" value="stayed" { "It is still there" }
            }
            p.meta { "It counts for everybody's next case: how often a remedy worked here is shown beside what the playbook expects. Who said so is not kept." }
        }
        ul {
            @if let Some(friction) = trial.on { li { a href={ "/frictions/" (friction) } { "The friction it is tried on" } } }
            @if let Some(case) = trial.case { li { a href={ "/cases/" (case) } { "The case it came from" } } }
            li { a href={ "/diagnosis/" (trial.playbook) "/learnt" } { "What remedies did here" } }
        }
    })
    .show(view))
}

/// The button that begins a trial, with the days after which it is asked; `answers` are those of the conversation that led
/// to it, which may be none.
pub fn begin(
    playbook: &Playbook,
    remedy: RemedyNo,
    friction: FrictionNo,
    action: &str,
    answers: &str,
) -> Markup {
    let days = usual_days(playbook.remedy(remedy));
    html! {
        form.row method="post" action=(action) {
            input type="hidden" name="playbook" value=(playbook.edition.id);
            input type="hidden" name="given" value=(answers);
            input type="hidden" name="remedy" value=(playbook.remedy(remedy).key);
            input type="hidden" name="friction" value=(playbook.friction(friction).key);
            div.field {
                label for="days" { "Ask whether it is gone after how many days?" }
                input #days name="days" type="text" inputmode="numeric" value=(days);
            }
            button.button { "We try it" }
        }
    }
}

/// What was tried, as a list.
pub fn tried(view: &View, playbook: &Playbook, trials: &[Trial]) -> Markup {
    html! {
        ul { @for trial in trials { li {
            @let (remedy, friction) = names(playbook, trial);
            a href={ "/trials/" (trial.id) } { (remedy) } " against “" (friction) "”: "
            @match trial.ended {
                Some((Outcome::Gone, _)) => { "it is gone." }
                Some((Outcome::Stayed, _)) => { "it is still there." }
                None if trial.due_at <= view.now => { b { "is it gone?" } }
                None => { "asked " (when::relative(view, trial.due_at)) "." }
            }
        } } }
    }
}

/// What a form of [`begin`] holds.
pub struct Begun {
    /// The playbook's name.
    pub playbook: String,
    /// What was answered before.
    pub answers: String,
    /// The remedy's name.
    pub remedy: String,
    /// The friction's name.
    pub friction: String,
    /// After how many days it is asked.
    pub n_days: i64,
}

/// Reads what a form of [`begin`] holds.
pub fn begun(filled: &Filled) -> Result<Begun, Trouble> {
    Ok(Begun {
        playbook: filled.text("playbook").to_owned(),
        answers: filled.text("given").to_owned(),
        remedy: filled.text("remedy").to_owned(),
        friction: filled.text("friction").to_owned(),
        n_days: i64::from(filled.count("days")?),
    })
}
