//! `traction diagnose`: the guided conversation in a terminal, or the result of answers in a file; needs no database, unless
//! what remedies did here is to count.

use std::io;
use std::path::PathBuf;

use clap::Args;
use traction_domain::sense::diagnosis::{self as rules, Answers, Learnt, Model, Openness, Voice, heard};
use traction_domain::sense::playbook::Playbook;

use super::{conversation, json, outcomes, says, store, together};
use crate::commands::{Common, Done, Opening, Operator, Output, Stop, print_text};
use crate::sense::playbook;
use crate::sense::playbook::commands::find;
use crate::trouble::Broken;

/// What holds it up, and what to do first?
#[derive(Debug, Args)]
pub struct DiagnoseOptions {
    /// A built-in playbook's name (`traction playbook list`), or a file.
    playbook: String,
    /// Answers, one a line like owner = "nobody", instead of being asked; JSON as --json prints it is read too. Repeated, each
    /// is another person's, and the result says where they agree and where they do not.
    #[arg(long, value_name = "FILE")]
    answers: Vec<String>,
    /// With several: tell only what gives nobody away (five or more are needed).
    #[arg(long, requires = "answers")]
    guarded: bool,
    /// What remedies did here: a table with the columns remedy, friction, outcome (gone or stayed).
    #[arg(long, value_name = "FILE", conflicts_with = "here")]
    outcomes: Option<PathBuf>,
    /// Let count what remedies did here, as the server knows it: from the database that --data or --database names. Playbooks
    /// that were brought in there are found, too.
    #[arg(long)]
    here: bool,
}

/// Runs it. Questions go to standard error, the result alone to standard output.
pub async fn run(options: &DiagnoseOptions, common: &Common) -> Result<Done, Stop> {
    let output = common.output();
    let (playbook, learnt) = if options.here {
        from_here(&options.playbook, &common.operator(Opening::There).await?).await?
    } else {
        let playbook = find(&options.playbook)?;
        let learnt = learnt(options, &playbook)?;
        (playbook, learnt)
    };
    let model = Model::new(&playbook, &learnt);
    let answers = match &options.answers[..] {
        [] => {
            let asked = conversation::converse(&model, io::stdin().lock(), io::stderr().lock());
            asked.map_err(|error| Broken::accident("reading an answer", error))?
        }
        [file] => from_file(file, &playbook)?,
        files => return of_several(options, files, &model, output),
    };
    match output {
        Output::Json => print_text(&json::of(&model, &answers).to_string()),
        Output::Table => print_text(says::result(&model, &answers).trim_end()),
    }
    Ok(Done)
}

/// The playbook, as the server has it or as a file has it, and what the server knows that its remedies did.
async fn from_here(name: &str, operator: &Operator) -> Result<(Playbook, Learnt), Stop> {
    let sql = operator.world.store().read();
    let playbook = match playbook::store::find(sql, name).await? {
        Some(kept) => kept.playbook,
        None => find(name)?,
    };
    let learnt = store::learnt(sql, &playbook).await?;
    Ok((playbook, learnt))
}

fn of_several(
    options: &DiagnoseOptions,
    files: &[String],
    model: &Model,
    output: Output,
) -> Result<Done, Stop> {
    let openness = if options.guarded { Openness::Closed } else { Openness::Open };
    let voice = |file: &String| -> Result<Voice, Stop> {
        Ok(Voice { answers: from_file(file, model.playbook())?, openness })
    };
    let voices: Vec<Voice> = files.iter().map(voice).collect::<Result<_, Stop>>()?;
    let Some(heard) = heard(model, &voices) else {
        eprintln!(
            "Too few have answered for anything to be told: two people are needed, with --guarded five."
        );
        return Err(Stop::No);
    };
    match output {
        Output::Json => print_text(&together::json(model, &heard).to_string()),
        Output::Table => print_text(together::result(model, &heard).trim_end()),
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
