//! A diagnosis in sentences, the same on the command line and on pages.

use std::fmt::Write as _;

use traction_domain::sense::diagnosis::{
    Advice, Answers, Given, Model, Over, Ranked, Reversal, Supposed, Suspect, Why, Works, ranked, reversal,
};
use traction_domain::sense::playbook::{Footprint, Playbook, SignNo};

use crate::web::counted;

/// Suspects that are listed one by one.
pub const LISTED: usize = 5;
/// Remedies that are listed after the first.
const OTHERS: usize = 4;

/// A share in percent.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        p if p > 0.0 && p < 1.0 => "under 1 %".to_owned(),
        p if p < 100.0 && p > 99.0 => "over 99 %".to_owned(),
        p => format!("{p:.0} %"),
    }
}

/// A suspect's name.
pub fn suspect(playbook: &Playbook, suspect: Suspect) -> &str {
    match suspect {
        Suspect::Friction(friction) => &playbook.friction(friction).name,
        Suspect::SomethingElse => "Something that the playbook does not know",
    }
}

/// Why a question is asked.
pub fn why(model: &Model, sign: SignNo, why: &Why) -> String {
    let playbook = model.playbook();
    let mut text = format!("It is the question that tells most now ({:.2} bits expected).", why.gain_bits);
    for outcome in &why.outcomes {
        let says = &playbook.sign(sign).answer(outcome.answer).says;
        let first = suspect(playbook, outcome.first);
        let (share, first_share) = (percent(outcome.share), percent(outcome.first_share));
        let _ = write!(text, "\n   \"{says}\" ({share} likely): then first \"{first}\", {first_share}");
    }
    text
}

/// How well a remedy works against a friction.
pub fn works(works: &Works) -> String {
    let (promised, mean) = (percent(works.promised), percent(works.mean()));
    let between = interval(works);
    match works.here.n_tried {
        0 => format!("the playbook expects it gone in {promised} of cases ({between}); not tried here yet"),
        n => format!(
            "gone in {} of {} here; with the {promised} that the playbook expects, {mean} ({between})",
            works.here.n_gone,
            counted(n, "case", "cases"),
        ),
    }
}

/// Between which shares it works with a probability of 95 %.
pub fn interval(works: &Works) -> String {
    between(works.interval())
}

/// Two shares and what lies between them.
pub fn between((low, high): (f64, f64)) -> String {
    format!("{:.0} to {:.0} %", low * 100.0, high * 100.0)
}

/// What a remedy takes.
pub fn footprint(footprint: Footprint, relief_days: f64) -> String {
    let hours = counted(footprint.hours, "hour", "hours");
    let people = match footprint.n_people {
        1.0 => "by one person".to_owned(),
        n => format!("by {n} people together"),
    };
    format!("{hours} of work {people}, relief within {}", counted(relief_days, "day", "days"))
}

/// The whole result, to read.
pub fn result(model: &Model, answers: &Answers) -> String {
    let posterior = model.posterior(answers);
    let mut text = suspects(model, answers, &posterior);
    let advice = ranked(model, &posterior, &[]);
    text.push_str(&remedies(model, &advice));
    for over in [Over::Given, Over::Open] {
        if let Some(reversal) = reversal(model, answers, over) {
            let _ = write!(text, "\n{}\n", would_change(model.playbook(), answers, over, &reversal));
        }
    }
    text
}

fn suspects(model: &Model, answers: &Answers, posterior: &Ranked) -> String {
    let playbook = model.playbook();
    let n_told = answers.telling().len() as u64;
    let mut text = match n_told {
        0 => "Nothing was answered; this is what the playbook holds likely before any answer:\n".to_owned(),
        n => format!("What most likely holds this up, after {}:\n", counted(n, "answer", "answers")),
    };
    let (listed, rest) = posterior.all().split_at(LISTED.min(posterior.all().len()));
    for (at, (one, share)) in listed.iter().enumerate() {
        let _ = writeln!(text, "{:>9}  {}", percent(*share), suspect(playbook, *one));
        if let (0, Suspect::Friction(friction)) = (at, one) {
            let _ = writeln!(text, "           {}", playbook.friction(*friction).means);
        }
    }
    let others: f64 = rest.iter().map(|(_, share)| share).sum();
    let _ = writeln!(text, "{:>9}  the {} others together", percent(others), rest.len());
    text
}

/// What to do first, and what else would do.
pub fn remedies(model: &Model, advice: &[Advice]) -> String {
    let playbook = model.playbook();
    let Some((first, others)) = advice.split_first() else { return String::new() };
    let remedy = playbook.remedy(first.remedy);
    let mut text = format!("\nDo first: {}\n   {}\n", remedy.name, remedy.action);
    let _ = writeln!(text, "   Takes {}.", footprint(remedy.footprint, remedy.relief_days));
    let _ = writeln!(text, "   Why: {}", why_first(playbook, advice));
    let test = &remedy.test;
    let days = counted(test.days, "day", "days");
    let _ = writeln!(text, "   Try it small, as a cycle of {days}: {}", test.plan);
    let _ = writeln!(text, "   Expect, if it helps: {}", test.prediction);
    text.push_str("\nOr:\n");
    for advice in others.iter().take(OTHERS) {
        let remedy = playbook.remedy(advice.remedy);
        let takes = footprint(remedy.footprint, remedy.relief_days);
        let _ = writeln!(text, "{:>9}  {} ({takes})", percent(advice.share), remedy.name);
    }
    text
}

/// Why the remedy that is advised first is.
pub fn why_first(playbook: &Playbook, advice: &[Advice]) -> String {
    let Some(first) = advice.first() else { return String::new() };
    let mut text = format!("it has a chance of {} to remove what holds this up.", percent(first.share));
    if let Some(helps) = first.helps.first() {
        let friction = &playbook.friction(helps.friction).name;
        let _ = write!(text, " Against \"{friction}\": {}.", works(&helps.works));
    }
    let n_better = advice.iter().filter(|other| other.share > first.share).count() as u64;
    if n_better > 0 {
        let others = counted(n_better, "other has", "others have");
        let _ = write!(text, " {others} a slightly better chance, and would take longer or more work.");
    }
    text
}

/// What would change the diagnosis, in a sentence.
pub fn would_change(playbook: &Playbook, answers: &Answers, over: Over, reversal: &Reversal) -> String {
    let each = reversal.answers.iter().map(|supposed| instead(playbook, answers, *supposed));
    let each = each.collect::<Vec<_>>().join("; and ");
    let first = suspect(playbook, reversal.first);
    let share = percent(reversal.first_share);
    match over {
        Over::Given => {
            format!("It rests on what was answered. First would be \"{first}\" ({share}) if {each}.")
        }
        Over::Open => format!("What could still change it: first would be \"{first}\" ({share}) if {each}."),
    }
}

fn instead(playbook: &Playbook, answers: &Answers, (sign, answer): Supposed) -> String {
    let asked = playbook.sign(sign);
    let says = &asked.answer(answer).says;
    match answers.to(sign) {
        Some(Given::Answer(given)) => {
            format!("the answer to \"{}\" were \"{says}\", not \"{}\"", asked.ask, asked.answer(given).says)
        }
        Some(Given::Unknown) | None => format!("the answer to \"{}\" were \"{says}\"", asked.ask),
    }
}
