//! Several people's answers on one case: where they agree, where they do not, and what that makes of the case.

use std::fmt::Write as _;

use serde_json::{Value, json};
use traction_domain::sense::diagnosis::{Concord, Heard, Hearing, Model, OnSign, Ranked, ranked};
use traction_domain::sense::playbook::Playbook;

use super::{json, says};
use crate::web::counted;

/// How probable each suspect is to all of them together.
pub fn pooled(heard: &Heard) -> Ranked {
    Ranked::of(heard.suspects.iter().map(|on| (on.suspect, on.share)).collect())
}

/// The whole result, to read.
pub fn result(model: &Model, heard: &Heard) -> String {
    let playbook = model.playbook();
    let mut text = format!("{} heard together", counted(heard.n_voices as u64, "voice", "voices"));
    if heard.n_left_out > 0 {
        let _ = write!(text, "; {} left out, who would stand out", heard.n_left_out);
    }
    text.push_str(".\n\nWhat most likely holds this up:\n");
    for on in heard.suspects.iter().take(says::LISTED) {
        let far =
            on.apart.map_or(String::new(), |apart| format!("; two of them lie {} apart", points(apart)));
        let (share, name) = (says::percent(on.share), says::suspect(playbook, on.suspect));
        let _ = writeln!(text, "{share:>9}  {name} ({}{far})", concord(on.concord));
    }
    text.push_str("\nWhere they see it differently; talk about this first:\n");
    let divided = heard.signs.iter().filter(|on| on.concord == Concord::Divided);
    let mut is_divided = false;
    for on in divided {
        is_divided = true;
        let sign = playbook.sign(on.sign);
        let _ = writeln!(text, "   {}", sign.ask);
        if let (Some(said), Some((agreement, _))) = (said(playbook, on), &on.exact) {
            let _ = writeln!(text, "      {said} (alike in {} of pairs)", says::percent(*agreement));
        }
    }
    if !is_divided {
        text.push_str("   Nowhere, as far as can be told.\n");
    }
    text.push_str(&says::remedies(model, &ranked(model, &pooled(heard), &[])));
    text
}

/// How many gave which answer, where that may be told.
pub fn said(playbook: &Playbook, on: &OnSign) -> Option<String> {
    let (_, counts) = on.exact.as_ref()?;
    let said = playbook.sign(on.sign).answers.iter().zip(counts).filter(|(_, n)| **n > 0);
    Some(said.map(|(answer, n)| format!("{n} \"{}\"", answer.says)).collect::<Vec<_>>().join(", "))
}

/// A difference of probabilities.
fn points(apart: f64) -> String {
    format!("{:.0} points", apart * 100.0)
}

/// How alike they see something, in words.
pub fn concord(concord: Concord) -> &'static str {
    match concord {
        Concord::TooFew => "too few said anything about it",
        Concord::Agree => "they agree",
        Concord::Divided => "they are divided",
    }
}

/// The same for programs: as a diagnosis, with `voices` in the place of `answers`.
pub fn json(model: &Model, heard: &Heard) -> Value {
    let playbook = model.playbook();
    let word = |concord| match concord {
        Concord::TooFew => "too_few",
        Concord::Agree => "agree",
        Concord::Divided => "divided",
    };
    let signs = heard.signs.iter().map(|on| {
        let counts = on.exact.as_ref().map(|(_, counts)| counts.clone());
        json!({
            "sign": playbook.sign(on.sign).key, "concord": word(on.concord),
            "agreement": on.exact.as_ref().map(|(agreement, _)| agreement), "counts": counts,
        })
    });
    let frictions = heard.suspects.iter().map(|on| {
        let mut friction = json::named(playbook, on.suspect);
        friction["probability"] = json!(on.share);
        friction["concord"] = json!(word(on.concord));
        friction["apart"] = json!(on.apart);
        friction
    });
    let advice = ranked(model, &pooled(heard), &[]);
    json!({
        "schema": "traction.diagnosis/1",
        "traction": env!("CARGO_PKG_VERSION"),
        "playbook": playbook.edition.to_string(),
        "voices": {
            "told": match heard.hearing { Hearing::Open => "exactly", Hearing::Guarded => "together" },
            "heard": heard.n_voices, "left_out": heard.n_left_out, "signs": signs.collect::<Vec<_>>(),
        },
        "frictions": frictions.collect::<Vec<_>>(),
        "first": json::first(playbook, &advice),
        "remedies": json::remedies(playbook, &advice),
    })
}
