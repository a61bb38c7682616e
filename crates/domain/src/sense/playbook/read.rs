//! From a text to a playbook: the whole of it, or all that is wrong with it.

use super::lint::{Linter, Names, is_name};
use super::raw::{RawPlaybook, RawRemedy, RawSign, Words};
use super::{
    Answer, AnswerNo, Edition, Finding, Flaw, Footprint, Friction, FrictionNo, Part, Playbook,
    PlaybookRefused, Reason, Remedy, Removes, Sign, Source, SourceNo, Speaks, Test,
};

/// The playbook that the text holds.
pub fn read(text: &str) -> Result<Playbook, PlaybookRefused> {
    let raw = form(text)?;
    let mut linter = Linter::new(text);
    linter.head(&raw);
    let sources = linter.names(Part::Source, raw.sources.iter().map(|source| &source.id));
    let frictions = linter.names(Part::Friction, raw.frictions.iter().map(|friction| &friction.id));
    linter.names(Part::Sign, raw.signs.iter().map(|sign| &sign.id));
    linter.names(Part::Remedy, raw.remedies.iter().map(|remedy| &remedy.id));
    raw.signs.iter().for_each(|sign| linter.sign(sign, &frictions, &sources));
    raw.remedies.iter().for_each(|remedy| linter.remedy(remedy, &frictions, &sources));
    linter.reached(&raw);
    let findings = linter.findings();
    if findings.is_empty() { Ok(built(raw, &frictions, &sources)) } else { Err(PlaybookRefused { findings }) }
}

/// The text as far as its form goes.
pub fn form(text: &str) -> Result<RawPlaybook, PlaybookRefused> {
    toml::from_str(text).map_err(|error| {
        let line = Linter::new(text).line(error.span().map_or(0, |span| span.start));
        let says = error.message().trim().replace('\n', ", ");
        PlaybookRefused { findings: vec![Finding { line, flaw: Flaw::Form { says } }] }
    })
}

/// `buying/1` taken apart.
pub fn edition(written: &str) -> Option<Edition> {
    let (id, version) = written.split_once('/')?;
    let version = version.parse().ok().filter(|version| *version > 0)?;
    is_name(id).then(|| Edition { id: id.to_owned(), version })
}

fn built(raw: RawPlaybook, frictions: &Names, sources: &Names) -> Playbook {
    Playbook {
        edition: Edition { id: raw.id.into_inner(), version: raw.version.into_inner() },
        forked_from: raw.forked_from.and_then(|origin| edition(origin.get_ref())),
        name: trimmed(raw.name),
        about: trimmed(raw.about),
        something_else: raw.something_else.into_inner(),
        n_cases: raw.n_cases.into_inner(),
        sources: raw
            .sources
            .into_iter()
            .map(|source| Source { key: source.id.into_inner(), cite: trimmed(source.cite) })
            .collect(),
        frictions: raw
            .frictions
            .into_iter()
            .map(|friction| Friction {
                key: friction.id.into_inner(),
                name: trimmed(friction.name),
                means: trimmed(friction.means),
                common: friction.common.into_inner(),
            })
            .collect(),
        signs: raw.signs.into_iter().map(|sign| built_sign(sign, frictions, sources)).collect(),
        remedies: raw.remedies.into_iter().map(|remedy| built_remedy(remedy, frictions, sources)).collect(),
    }
}

fn built_sign(raw: RawSign, frictions: &Names, sources: &Names) -> Sign {
    let sum: f64 = raw.answers.iter().map(|answer| answer.usual.get_ref()).sum();
    let place = |name: &Words| raw.answers.iter().position(|answer| answer.id.get_ref() == name.get_ref());
    let speaks = raw.speaks.into_iter().filter_map(|link| {
        Some(Speaks {
            friction: FrictionNo(frictions.place(&link.friction)?),
            answer: AnswerNo(place(&link.answer)?),
            strength: link.strength.into_inner(),
            reason: Reason { why: trimmed(link.why), source: SourceNo(sources.place(&link.source)?) },
        })
    });
    Sign {
        speaks: speaks.collect(),
        key: raw.id.into_inner(),
        ask: trimmed(raw.ask),
        answers: raw
            .answers
            .iter()
            .map(|answer| Answer {
                key: answer.id.get_ref().clone(),
                says: answer.says.get_ref().trim().to_owned(),
                usual: answer.usual.get_ref() / sum,
            })
            .collect(),
    }
}

fn built_remedy(raw: RawRemedy, frictions: &Names, sources: &Names) -> Remedy {
    let removes = raw.removes.into_iter().filter_map(|link| {
        Some(Removes {
            friction: FrictionNo(frictions.place(&link.friction)?),
            strength: link.strength.into_inner(),
            reason: Reason { why: trimmed(link.why), source: SourceNo(sources.place(&link.source)?) },
        })
    });
    Remedy {
        removes: removes.collect(),
        key: raw.id.into_inner(),
        name: trimmed(raw.name),
        action: trimmed(raw.action),
        footprint: Footprint { hours: raw.hours.into_inner(), n_people: raw.people.into_inner() },
        relief_days: raw.relief_days.into_inner(),
        test: Test {
            plan: trimmed(raw.test.plan),
            prediction: trimmed(raw.test.prediction),
            days: raw.test.days.into_inner(),
        },
    }
}

fn trimmed(words: Words) -> String {
    words.get_ref().trim().to_owned()
}
