//! `traction diagnose`: the guided conversation in a terminal, or the result of answers in a file; needs no database.

use std::io;
use std::path::PathBuf;

use clap::Args;
use traction_domain::sense::diagnosis::{self as rules, Answers, Learnt, Model};
use traction_domain::sense::playbook::Playbook;

use super::{conversation, json, outcomes, says};
use crate::commands::{Done, Output, Stop, print_text};
use crate::sense::playbook::commands::find;
use crate::trouble::Broken;

/// What holds it up, and what to do first?
#[derive(Debug, Args)]
pub struct DiagnoseOptions {
    /// A built-in playbook's name (`traction playbook list`), or a file.
    playbook: String,
    /// Answers, one a line like owner = "nobody", instead of being asked; JSON as --json prints it is read too.
    #[arg(long, value_name = "FILE")]
    answers: Option<String>,
    /// What remedies did here: a table with the columns remedy, friction, outcome (gone or stayed).
    #[arg(long, value_name = "FILE")]
    outcomes: Option<PathBuf>,
}

/// Runs it. Questions go to standard error, the result alone to standard output.
pub fn run(options: &DiagnoseOptions, output: Output) -> Result<Done, Stop> {
    let playbook = find(&options.playbook)?;
    let learnt = learnt(options, &playbook)?;
    let model = Model::new(&playbook, &learnt);
    let answers = match &options.answers {
        Some(file) => from_file(file, &playbook)?,
        None => {
            let asked = conversation::converse(&model, io::stdin().lock(), io::stderr().lock());
            asked.map_err(|error| Broken::accident("reading an answer", error))?
        }
    };
    match output {
        Output::Json => print_text(&json::of(&model, &answers).to_string()),
        Output::Table => print_text(says::result(&model, &answers).trim_end()),
    }
    Ok(Done)
}

fn from_file(file: &str, playbook: &Playbook) -> Result<Answers, Stop> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        Stop::Input(format!("{file} cannot be read ({error}); give the path of a text file that can"))
    })?;
    rules::read(playbook, &text).map_err(|refused| Stop::Input(format!("{file}: {refused}")))
}

fn learnt(options: &DiagnoseOptions, playbook: &Playbook) -> Result<Learnt, Stop> {
    match &options.outcomes {
        Some(file) => Ok(outcomes::read(playbook, file)?),
        None => Ok(Learnt::default()),
    }
}
