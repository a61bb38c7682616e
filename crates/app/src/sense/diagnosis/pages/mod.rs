//! Diagnosis as pages: one question a screen, to be answered with a thumb between two meetings, and the result.
//!
//! Nothing of it is kept: the answers stand in the page's address alone.

pub mod learnt;

use maud::{Markup, html};
use serde::Deserialize;
use traction_domain::sense::account as rules;
use traction_domain::sense::diagnosis::{
    Advice, Answers, Given, Model, Next, Over, Ranked, Suspect, next, ranked, reversal, why,
};
use traction_domain::sense::playbook::{AnswerNo, Playbook, SignNo};

use super::{says, store, trail};
use crate::overview::figures::Stage;
use crate::sense::account::demand::{self, Offers};
use crate::sense::{account, playbook, trial};
use crate::trouble::Trouble;
use crate::web::charts::{self, Axis, Downloads, Ranking, Tone};
use crate::web::{Answer, Page, Path, Query, View, counted};

/// Suspects in the picture.
const N_BARS: usize = 6;
/// Remedies in the table below the first.
const N_OTHERS: usize = 6;

/// What stands in the address of a conversation.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The answers so far.
    given: Option<String>,
    /// One more.
    say: Option<String>,
    /// Whether it is enough.
    enough: Option<String>,
}

impl Asked {
    /// All that was answered, as an address writes it.
    pub fn said(&self) -> String {
        [self.given.as_deref().unwrap_or_default(), self.say.as_deref().unwrap_or_default()].join("~")
    }

    /// Whether somebody has had enough.
    pub fn is_enough(&self) -> bool {
        self.enough.is_some()
    }
}

/// `GET /diagnosis`
pub async fn list(view: View) -> Answer {
    let playbooks = playbook::store::all(view.world.store().read()).await?;
    let sees_accounts = view.who.as_ref().is_some_and(rules::may_see);
    Ok(Page::new(Stage::Sense, "What holds it up?", html! {
        "A few questions, each answered in seconds; then the likeliest cause, and the smallest thing to try."
    })
    .crumb("/frictions", "What gets in the way")
    .body(html! {
        div.cards { @for kept in &playbooks {
            @let playbook = &kept.playbook;
            section.card {
                h2 { a href={ "/diagnosis/" (playbook.edition.id) } { (playbook.name) } }
                p { (playbook.about) }
                p.meta { "It knows " (counted(playbook.frictions.len() as u64, "friction", "frictions")) ", asks up to "
                    (counted(playbook.signs.len() as u64, "question", "questions")) ", mostly about ten, and knows "
                    (counted(playbook.remedies.len() as u64, "remedy", "remedies")) ". "
                    a href={ "/diagnosis/" (playbook.edition.id) "/learnt" } { "What remedies did here" } }
            }
        } }
        p { a href="/cases" { "Ask several people, each alone" } " · " a href="/playbooks" { "Playbooks: read them, bring one in, take one over" }
            @if sees_accounts { " · " a href="/accounts" { "Accounts: what customers are stuck on" } } }
        p.meta { "Nothing of a conversation is kept here; what remedies did is, when somebody says so." }
    })
    .show(&view))
}

/// `GET /diagnosis/{playbook}?given=…&say=…`
pub async fn show(view: View, Path(name): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let sql = view.world.store().read();
    let playbook = playbook::verbs::find(sql, &name).await?.playbook;
    let offers = demand::offers(sql).await?;
    let answers = trail::read(&playbook, &asked.said())
        .ok_or(Trouble::NotFound { what: "question with that answer" })?;
    let learnt = store::learnt(sql, &playbook).await?;
    let model = Model::new(&playbook, &learnt);
    let action = format!("/diagnosis/{name}");
    let page = match next(&model, &answers).filter(|_| !asked.is_enough()) {
        Some(next) => {
            let enough = "Enough: what does it say?";
            let way = Way { action: &action, about: &playbook.name, enough, telling: Telling::SoFar };
            question(&model, &answers, next, &way)
        }
        None => result(&model, &answers, &action, &offers, None),
    };
    Ok(page.crumb("/frictions", "What gets in the way").crumb("/diagnosis", "What holds it up?").show(&view))
}

/// Where a conversation takes place.
pub struct Way<'a> {
    /// The address of its questions.
    pub action: &'a str,
    /// What it is about.
    pub about: &'a str,
    /// What stands on the way out of it.
    pub enough: &'a str,
    /// Whether it tells between the questions what it makes of the answers.
    pub telling: Telling,
}

/// Whether a conversation tells on the way what it makes of the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// What comes first so far, and what each answer would make of it.
    SoFar,
    /// Nothing, so that nobody answers towards it.
    Nothing,
}

/// One question, as a page.
pub fn question(model: &Model, answers: &Answers, asked: Next, way: &Way) -> Page {
    let playbook = model.playbook();
    let sign = playbook.sign(asked.sign);
    let (first, share) = model.posterior(answers).first();
    let n_told = answers.telling().len();
    let choice = |given| trail::one(playbook, asked.sign, given);
    let why = why(model, answers, asked.sign);
    Page::new(
        Stage::Sense,
        sign.ask.clone(),
        html! {
            "Question " (answers.all().len() + 1) " of " (way.about) ". "
            @if n_told > 0 && way.telling == Telling::SoFar { "So far: " (says::suspect(playbook, first)) ", " (says::percent(share)) "." }
        },
    )
    .body(html! {
        form.stack method="get" action=(way.action) {
            input type="hidden" name="given" value=(trail::written(playbook, answers));
            @for (at, answer) in sign.answers.iter().enumerate() {
                button.quiet name="say" value=(choice(Given::Answer(AnswerNo(at)))) { (answer.says) }
            }
            button.quiet name="say" value=(choice(Given::Unknown)) { "I don't know" }
        }
        details {
            summary { "Why this question?" }
            p { "Of the questions left, its answer is expected to tell most." }
            @if way.telling == Telling::SoFar { ul { @for outcome in &why.outcomes {
                li { "“" (sign.answer(outcome.answer).says) "”: then first, " (says::suspect(playbook, outcome.first))
                    " (" (says::percent(outcome.first_share)) ")" }
            } } }
        }
        (back(playbook, answers, way.action))
        @if n_told > 0 {
            form method="get" action=(way.action) {
                input type="hidden" name="given" value=(trail::written(playbook, answers));
                button name="enough" value="yes" { (way.enough) }
            }
        }
    })
}

/// The way back to the question answered last.
pub fn back(playbook: &Playbook, answers: &Answers, action: &str) -> Markup {
    let mut before = answers.clone();
    let Some(latest) = before.undo() else { return html! {} };
    html! {
        form.stack method="get" action=(action) {
            input type="hidden" name="given" value=(trail::written(playbook, &before));
            p.meta { "Last: " (playbook.sign(latest).ask) " " b { (given_in_words(playbook, answers, latest)) } }
            button.quiet { "Take that back" }
        }
    }
}

/// All that was answered.
pub fn answered(playbook: &Playbook, answers: &Answers) -> Markup {
    html! {
        details {
            summary { "What was answered" }
            ul { @for (sign, _) in answers.all() {
                li { (playbook.sign(*sign).ask) " " b { (given_in_words(playbook, answers, *sign)) } }
            } }
        }
    }
}

fn given_in_words(playbook: &Playbook, answers: &Answers, sign: SignNo) -> String {
    match answers.to(sign) {
        Some(Given::Answer(answer)) => playbook.sign(sign).answer(answer).says.clone(),
        Some(Given::Unknown) | None => "I don't know".to_owned(),
    }
}

/// What it says in the end, as a page; with an address `trying`, the first remedy can be begun there.
pub fn result(model: &Model, answers: &Answers, action: &str, offers: &Offers, trying: Option<&str>) -> Page {
    let playbook = model.playbook();
    let posterior = model.posterior(answers);
    let advice = ranked(model, &posterior, &[]);
    let (first, share) = posterior.first();
    let n_told = counted(answers.telling().len() as u64, "answer", "answers");
    Page::new(
        Stage::Sense,
        says::suspect(playbook, first),
        html! {
            "This holds it up with a probability of " (says::percent(share)) ", after " (n_told) "."
            @if let Suspect::Friction(friction) = first { " " (playbook.friction(friction).means) }
        },
    )
    .body(html! {
        @if let Some(first) = advice.first() {
            (do_first(playbook, &advice, first, offers))
            @if let (Some(trying), Some(helps)) = (trying, first.helps.first()) {
                (trial::pages::begin(playbook, first.remedy, helps.friction, trying, &trail::written(playbook, answers)))
            }
        }
        (picture(playbook, &posterior))
        section {
            h2 { "What else would do" }
            (others(playbook, &advice))
        }
        section {
            h2 { "What would change this" }
            @for over in [Over::Given, Over::Open] {
                @if let Some(reversal) = reversal(model, answers, over) {
                    p { (says::would_change(playbook, answers, over, &reversal)) }
                }
            }
            (answered(playbook, answers))
            (back(playbook, answers, action))
        }
    })
}

/// The remedy to begin with, as a card; where it is a change of ours, with the way to its call.
pub fn do_first(playbook: &Playbook, advice: &[Advice], first: &Advice, offers: &Offers) -> Markup {
    let remedy = playbook.remedy(first.remedy);
    let against = first.helps.first().map(|helps| playbook.friction(helps.friction).name.as_str());
    let key = (playbook.edition.id.clone(), remedy.key.clone());
    let offered = offers.get(&key).map_or(&[][..], Vec::as_slice);
    let aim = format!("Less of this: {}", against.unwrap_or(&remedy.name));
    html! {
        section.card {
            h2 { "Do first: " (remedy.name) }
            p { (remedy.action) }
            p.meta { "Takes " (says::footprint(remedy.footprint, remedy.relief_days)) "." }
            p { "Why: " (says::why_first(playbook, advice)) }
            (account::offer::called(offered))
            p { "Small, as a cycle of " (counted(remedy.test.days, "day", "days")) ": " (remedy.test.plan)
                " If it helps: " (remedy.test.prediction) }
            form method="get" action="/cycles/new" {
                input type="hidden" name="aim" value=(aim);
                input type="hidden" name="prediction" value=(remedy.test.prediction);
                input type="hidden" name="plan" value=(remedy.test.plan);
                button { "Try it small" }
            }
            p.meta { "Tried already? " a href=(learnt::href(playbook, first)) { "Say what became of it" } ", so that the next case knows." }
        }
    }
}

/// The suspects as a picture.
pub fn picture(playbook: &Playbook, posterior: &Ranked) -> Markup {
    let (first, share) = posterior.first();
    let title = format!("{}: {}", says::suspect(playbook, first), says::percent(share));
    let bar = |(suspect, share): &(Suspect, f64)| charts::Ranked {
        name: says::suspect(playbook, *suspect).to_owned(),
        value: share * 100.0,
        tone: if *suspect == first { Tone::Pull } else { Tone::Quiet },
    };
    let ranked = posterior.all().iter().take(N_BARS).map(bar).collect();
    Ranking { x: Axis::number("Probability that it holds the case up, %"), ranked }
        .chart(title)
        .figure(&Downloads::Inside)
}

fn others(playbook: &Playbook, advice: &[Advice]) -> Markup {
    html! {
        table.list.folds {
            thead { tr { th scope="col" { "Remedy" } th.figure scope="col" { "Chance to remove it" }
                th scope="col" { "Takes" } th scope="col" { "How often it works" } } }
            tbody { @for advice in advice.iter().skip(1).take(N_OTHERS) {
                @let remedy = playbook.remedy(advice.remedy);
                tr {
                    td { b { (remedy.name) } " " (remedy.action) }
                    td.figure data-th="Chance to remove it" { (says::percent(advice.share)) }
                    td data-th="Takes" { (says::footprint(remedy.footprint, remedy.relief_days)) }
                    td data-th="How often it works" { @if let Some(helps) = advice.helps.first() {
                        "Against “" (playbook.friction(helps.friction).name) "”: " (says::works(&helps.works))
                    } }
                }
            } }
        }
    }
}
