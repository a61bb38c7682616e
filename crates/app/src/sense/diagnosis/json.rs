//! A diagnosis for programs: `traction.diagnosis/1`. What it writes under `answers` can be read again as answers.

use serde_json::{Map, Value, json};
use traction_domain::sense::diagnosis::{
    Advice, Answers, Given, Model, Over, Suspect, Works, next, ranked, reversal, why,
};
use traction_domain::sense::playbook::{Playbook, UNKNOWN};

use super::says;

/// The diagnosis at full precision.
pub fn of(model: &Model, answers: &Answers) -> Value {
    let playbook = model.playbook();
    let posterior = model.posterior(answers);
    let advice = ranked(model, &posterior, &[]);
    let frictions = posterior.all().iter().map(|(suspect, share)| {
        let mut friction = named(playbook, *suspect);
        friction["probability"] = json!(share);
        friction
    });
    json!({
        "schema": "traction.diagnosis/1",
        "traction": env!("CARGO_PKG_VERSION"),
        "playbook": playbook.edition.to_string(),
        "answers": given(playbook, answers),
        "frictions": frictions.collect::<Vec<_>>(),
        "next": question(model, answers),
        "first": first(playbook, &advice),
        "remedies": remedies(playbook, &advice),
        "would_change": {
            "given": changed(model, answers, Over::Given), "open": changed(model, answers, Over::Open),
        },
    })
}

/// The remedy to begin with, and why.
pub fn first(playbook: &Playbook, advice: &[Advice]) -> Option<Value> {
    let remedy = &playbook.remedy(advice.first()?.remedy).key;
    Some(json!({ "remedy": remedy, "why": says::why_first(playbook, advice) }))
}

/// All remedies, in their order.
pub fn remedies(playbook: &Playbook, advice: &[Advice]) -> Vec<Value> {
    advice.iter().map(|advice| remedy(playbook, advice)).collect()
}

/// A friction by its name in the file; `null` for something else.
pub fn named(playbook: &Playbook, suspect: Suspect) -> Value {
    let key = match suspect {
        Suspect::Friction(friction) => json!(playbook.friction(friction).key),
        Suspect::SomethingElse => Value::Null,
    };
    json!({ "friction": key, "name": says::suspect(playbook, suspect) })
}

fn given(playbook: &Playbook, answers: &Answers) -> Map<String, Value> {
    let each = answers.all().iter().map(|(sign, given)| {
        let sign = playbook.sign(*sign);
        let said = match given {
            Given::Answer(answer) => sign.answer(*answer).key.as_str(),
            Given::Unknown => UNKNOWN,
        };
        (sign.key.clone(), json!(said))
    });
    each.collect()
}

fn question(model: &Model, answers: &Answers) -> Option<Value> {
    let next = next(model, answers)?;
    let (playbook, why) = (model.playbook(), why(model, answers, next.sign));
    let sign = playbook.sign(next.sign);
    let outcomes = why.outcomes.iter().map(|outcome| {
        let answer = sign.answer(outcome.answer);
        json!({
            "answer": answer.key, "says": answer.says, "probability": outcome.share,
            "then_first": named(playbook, outcome.first), "then_probability": outcome.first_share,
        })
    });
    Some(json!({
        "sign": sign.key, "ask": sign.ask, "gain_bits": next.gain_bits, "answers": outcomes.collect::<Vec<_>>(),
    }))
}

fn remedy(playbook: &Playbook, advice: &Advice) -> Value {
    let remedy = playbook.remedy(advice.remedy);
    let works = advice.helps.iter().map(|helps| {
        let mut works = works(&helps.works);
        works["friction"] = json!(playbook.friction(helps.friction).key);
        works
    });
    json!({
        "remedy": remedy.key, "name": remedy.name, "do": remedy.action, "probability": advice.share,
        "hours": remedy.footprint.hours, "people": remedy.footprint.n_people, "relief_days": remedy.relief_days,
        "works": works.collect::<Vec<_>>(),
        "test": { "plan": remedy.test.plan, "prediction": remedy.test.prediction, "days": remedy.test.days },
    })
}

fn works(works: &Works) -> Value {
    let (low, high) = works.interval();
    json!({
        "promised": works.promised, "tried": works.here.n_tried, "gone": works.here.n_gone,
        "mean": works.mean(), "low": low, "high": high,
    })
}

fn changed(model: &Model, answers: &Answers, over: Over) -> Option<Value> {
    let playbook = model.playbook();
    let reversal = reversal(model, answers, over)?;
    let supposed = reversal.answers.iter().map(|(sign, answer)| {
        let sign = playbook.sign(*sign);
        (sign.key.clone(), json!(sign.answer(*answer).key))
    });
    Some(json!({
        "answers": supposed.collect::<Map<_, _>>(),
        "then_first": named(playbook, reversal.first), "then_probability": reversal.first_share,
    }))
}
