//! `traction playbook …`: needs no server and no database.

use std::fmt::Write as _;

use clap::Subcommand;
use serde_json::json;
use traction_domain::sense::playbook::{self, BUILT_IN, Playbook, PlaybookRefused, built_in, diff, fork};

use crate::commands::{Done, Output, Stop, print_table, print_text};
use crate::sense::diagnosis::says::percent;
use crate::web::counted;

/// Playbooks: signs, frictions, remedies.
#[derive(Debug, Subcommand)]
pub enum PlaybookCommand {
    /// List those that come with the program.
    #[command(after_help = "Example: traction playbook list")]
    List,
    /// Print one: what it asks, what may be the cause, what to do.
    #[command(
        after_help = "Example: traction playbook show buying\nExample: traction playbook show buying --text > ours.toml"
    )]
    Show {
        /// A built-in playbook's name, or a file.
        playbook: String,
        /// Print its file as it is written, to save it and change it.
        #[arg(long)]
        text: bool,
    },
    /// Check a playbook that somebody wrote, and name every line that is wrong.
    #[command(after_help = "Example: traction playbook lint ours.toml")]
    Lint {
        /// A file, or a built-in playbook's name.
        playbook: String,
    },
    /// Say in words what changed between two versions.
    #[command(after_help = "Example: traction playbook diff buying ours.toml")]
    Diff {
        /// The earlier one: a built-in playbook's name, or a file.
        old: String,
        /// The later one.
        new: String,
    },
    /// Print a copy under a name of your own, which says where it comes from.
    #[command(
        after_help = "Example: traction playbook fork buying selling-to-schools > selling-to-schools.toml"
    )]
    Fork {
        /// A built-in playbook's name, or a file.
        playbook: String,
        /// The name of the copy.
        id: String,
    },
}

/// Runs it.
pub fn run(command: PlaybookCommand, output: Output) -> Result<Done, Stop> {
    match command {
        PlaybookCommand::List => list(output),
        PlaybookCommand::Show { playbook, text: true } => print_text(text_of(&playbook)?.trim_end()),
        PlaybookCommand::Show { playbook, text: false } => show(&find(&playbook)?, output),
        PlaybookCommand::Lint { playbook } => return lint(&playbook, output),
        PlaybookCommand::Diff { old, new } => differences(&find(&old)?, &find(&new)?, output),
        PlaybookCommand::Fork { playbook, id } => {
            let forked =
                fork(&text_of(&playbook)?, &id).map_err(|refused| named(&playbook, &refused.to_string()))?;
            print_text(forked.trim_end());
        }
    }
    Ok(Done)
}

/// The playbook of a built-in's name, or in a file.
pub fn find(wanted: &str) -> Result<Playbook, Stop> {
    playbook::read(&text_of(wanted)?).map_err(|refused| named(wanted, &refused.to_string()))
}

/// The text of a built-in's name, or of a file. A built-in's name is never a file's: a file can be called `./buying`.
fn text_of(wanted: &str) -> Result<String, Stop> {
    if let Some((_, text)) = built_in(wanted) {
        return Ok(text.to_owned());
    }
    std::fs::read_to_string(wanted).map_err(|error| {
        let names = BUILT_IN.map(|(name, _)| name).join(", ");
        Stop::Input(format!(
            "`{wanted}` is no built-in playbook ({names}), and as a file it cannot be read ({error}); check the name"
        ))
    })
}

/// What is wrong, each line with the name of its file.
fn named(file: &str, lines: &str) -> Stop {
    Stop::Input(lines.lines().map(|line| format!("{file}: {line}")).collect::<Vec<_>>().join("\n"))
}

fn list(output: Output) {
    let rows = BUILT_IN.iter().filter_map(|(name, _)| built_in(name)).map(|(playbook, _)| {
        vec![
            playbook.edition.id.clone(),
            playbook.edition.version.to_string(),
            playbook.name.clone(),
            playbook.frictions.len().to_string(),
            playbook.signs.len().to_string(),
            playbook.remedies.len().to_string(),
        ]
    });
    let columns = ["playbook", "version", "name", "frictions", "signs", "remedies"];
    print_table(output, &columns, rows.collect());
}

fn lint(wanted: &str, output: Output) -> Result<Done, Stop> {
    match (playbook::read(&text_of(wanted)?), output) {
        (Ok(playbook), Output::Table) => {
            print_text(&format!("{} holds: {}", playbook.edition, sizes(&playbook)))
        }
        (Ok(_), Output::Json) => print_text("[]"),
        (Err(PlaybookRefused { findings }), Output::Table) => {
            findings.iter().for_each(|finding| print_text(&format!("{wanted}: {finding}")));
            return Err(Stop::No);
        }
        (Err(PlaybookRefused { findings }), Output::Json) => {
            let each =
                findings.iter().map(|found| json!({ "line": found.line, "says": found.flaw.to_string() }));
            print_text(&serde_json::Value::from_iter(each).to_string());
            return Err(Stop::No);
        }
    }
    Ok(Done)
}

fn differences(old: &Playbook, new: &Playbook, output: Output) {
    let differences: Vec<String> = diff(old, new).iter().map(ToString::to_string).collect();
    match output {
        Output::Json => print_text(&json!(differences).to_string()),
        Output::Table if differences.is_empty() => {
            print_text(&format!("{} and {} say the same.", old.edition, new.edition));
        }
        Output::Table => differences.iter().for_each(|difference| print_text(difference)),
    }
}

fn sizes(playbook: &Playbook) -> String {
    let frictions = counted(playbook.frictions.len() as u64, "friction", "frictions");
    let signs = counted(playbook.signs.len() as u64, "sign", "signs");
    format!("{frictions}, {signs}, {}", counted(playbook.remedies.len() as u64, "remedy", "remedies"))
}

fn show(playbook: &Playbook, output: Output) {
    match output {
        Output::Json => print_text(&as_json(playbook).to_string()),
        Output::Table => print_text(in_words(playbook).trim_end()),
    }
}

/// The whole playbook to read.
fn in_words(playbook: &Playbook) -> String {
    let mut text =
        format!("{} ({}, {})\n{}\n", playbook.name, playbook.edition, sizes(playbook), playbook.about);
    if let Some(origin) = &playbook.forked_from {
        text.push_str(&format!("Taken over from {origin}.\n"));
    }
    text.push_str("\nWHAT MAY HOLD IT UP\n");
    for friction in &playbook.frictions {
        let _ = writeln!(text, "- {} [{}]\n  {}", friction.name, friction.key, friction.means);
    }
    text.push_str("\nWHAT TO ASK\n");
    for sign in &playbook.signs {
        let _ = writeln!(text, "- {} [{}]", sign.ask, sign.key);
        for (at, answer) in sign.answers.iter().enumerate() {
            let _ = writeln!(text, "    {} [{}]", answer.says, answer.key);
            for link in sign.speaks.iter().filter(|link| link.answer.0 == at) {
                let friction = &playbook.friction(link.friction).name;
                let _ = writeln!(text, "      {} {friction}: {}", percent(link.strength), link.reason.why);
            }
        }
    }
    text.push_str("\nWHAT TO DO\n");
    for remedy in &playbook.remedies {
        let _ = writeln!(text, "- {} [{}]\n  {}", remedy.name, remedy.key, remedy.action);
        for link in &remedy.removes {
            let friction = &playbook.friction(link.friction).name;
            let _ = writeln!(text, "    {} {friction}: {}", percent(link.strength), link.reason.why);
        }
    }
    text.push_str("\nWHAT IT RESTS ON\n");
    for source in &playbook.sources {
        let _ = writeln!(text, "- {} [{}]", source.cite, source.key);
    }
    text
}

/// The whole playbook for programs, in the words of its file.
pub fn as_json(playbook: &Playbook) -> serde_json::Value {
    let friction = |at| playbook.friction(at).key.as_str();
    let source = |at| playbook.source(at).key.as_str();
    json!({
        "format": playbook::FORMAT,
        "id": playbook.edition.id, "version": playbook.edition.version,
        "forked_from": playbook.forked_from.as_ref().map(ToString::to_string),
        "name": playbook.name, "about": playbook.about,
        "something_else": playbook.something_else, "n_cases": playbook.n_cases,
        "sources": playbook.sources.iter().map(|source| json!({ "id": source.key, "cite": source.cite }))
            .collect::<Vec<_>>(),
        "frictions": playbook.frictions.iter().map(|friction| json!({
            "id": friction.key, "name": friction.name, "means": friction.means, "common": friction.common,
        })).collect::<Vec<_>>(),
        "signs": playbook.signs.iter().map(|sign| json!({
            "id": sign.key, "ask": sign.ask,
            "answers": sign.answers.iter().map(|answer| json!({
                "id": answer.key, "says": answer.says, "usual": answer.usual,
            })).collect::<Vec<_>>(),
            "speaks": sign.speaks.iter().map(|link| json!({
                "friction": friction(link.friction), "answer": sign.answer(link.answer).key,
                "strength": link.strength, "why": link.reason.why, "source": source(link.reason.source),
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "remedies": playbook.remedies.iter().map(|remedy| json!({
            "id": remedy.key, "name": remedy.name, "do": remedy.action,
            "hours": remedy.footprint.hours, "people": remedy.footprint.n_people, "relief_days": remedy.relief_days,
            "test": { "plan": remedy.test.plan, "prediction": remedy.test.prediction, "days": remedy.test.days },
            "removes": remedy.removes.iter().map(|link| json!({
                "friction": friction(link.friction), "strength": link.strength,
                "why": link.reason.why, "source": source(link.reason.source),
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}
