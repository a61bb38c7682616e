//! `traction usage …`

use std::fs;
use std::path::PathBuf;

use clap::Subcommand;
use traction_domain::org::who::Who;

use crate::commands::{Done, Operator, Output, Stop, number, print_table};
use crate::measure::usage::export::commands::Written;
use crate::measure::usage::export::{self, Format};
use crate::measure::usage::letters::{self, verbs::TriedAgain};
use crate::measure::usage::retention::{self, commands::RetentionCommand};
use crate::measure::usage::store;
use crate::measure::usage::subject;
use crate::web::counted;

/// How much of a dead letter a table shows; `--json` has all of it.
const N_CHARACTERS_SHOWN: usize = 120;

/// Usage that came in.
#[derive(Debug, Subcommand)]
pub enum UsageCommand {
    /// Count events, and what could not be counted.
    #[command(after_help = "Example: traction usage count --source \"ward computers\" --json")]
    Count {
        /// Of one source only: the name of the token it sends with.
        #[arg(long)]
        source: Option<String>,
    },
    /// Show what could not be counted, newest first, and why.
    #[command(after_help = "Example: traction usage dead-letters --limit 20")]
    DeadLetters {
        /// Of one source only.
        #[arg(long)]
        source: Option<String>,
        /// How many at most.
        #[arg(long, default_value_t = 100, value_parser = number::whole::<u32, 1, 1_000_000>, allow_negative_numbers = true)]
        limit: u32,
    },
    /// Try dead letters again, after what was in the way is put right; one of them mended. Nothing counts twice.
    #[command(
        after_help = "Example: traction usage again\nExample: traction usage again --letter sha256:9f86d0… --with mended.json"
    )]
    Again {
        /// Of one source only.
        #[arg(long)]
        source: Option<String>,
        /// One only, by its id.
        #[arg(long)]
        letter: Option<String>,
        /// A file with that event as it should have been, in JSON.
        #[arg(long, requires = "letter")]
        with: Option<PathBuf>,
    },
    /// Write usage to a file, or to where the command's output goes: of all, under their subjects, or of one person.
    #[command(
        after_help = "Example: traction usage export --format ndjson --out usage.ndjson\nExample: traction usage export --person jo\nExample: traction usage export --person jo --further"
    )]
    Export {
        /// Of one person only: the name by which the real system knows him.
        #[arg(long)]
        person: Option<String>,
        /// As a table, or as a JSON object a line.
        #[arg(long, value_enum, default_value = "csv")]
        format: Format,
        /// Of that person what else is kept, in JSON: what he did by day, when the solution was switched on for him, and
        /// what about him could not be counted.
        #[arg(long, requires = "person", conflicts_with = "format")]
        further: bool,
        /// The file.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Destroy what links a person to his usage; what he did stays counted, as nobody's.
    #[command(after_help = "Example: traction usage erase jo")]
    Erase {
        /// The name by which the real system knows him.
        person: String,
    },
    /// How long the events of each source are kept one by one.
    #[command(subcommand)]
    Retention(RetentionCommand),
    /// The key by which people's further usage finds their former one.
    #[command(subcommand)]
    Key(KeyCommand),
}

/// The key by which people's further usage finds their former one.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum KeyCommand {
    /// Put a new key in use; the former one still finds whoever was not seen since.
    #[command(after_help = "Example: traction usage key rotate")]
    Rotate,
    /// Destroy the former keys: the past of whoever was not seen since is nobody's.
    #[command(after_help = "Example: traction usage key retire")]
    Retire,
    /// Destroy all keys and links: the whole past is nobody's, for good.
    #[command(after_help = "Example: traction usage key destroy --yes")]
    Destroy {
        /// Yes, for good.
        #[arg(long)]
        yes: bool,
    },
}

/// Runs it.
pub async fn run(command: UsageCommand, operator: &Operator) -> Result<Done, Stop> {
    let (world, who) = (&operator.world, Who::operator());
    let sql = world.store().read();
    match command {
        UsageCommand::Count { source } => {
            let (n_events, n_dead) = store::counts(sql, source.as_deref()).await?;
            let words = format!(
                "{}, {}",
                counted(n_events, "event", "events"),
                counted(n_dead, "dead letter", "dead letters")
            );
            say(operator, &words, serde_json::json!({ "events": n_events, "dead_letters": n_dead }));
        }
        UsageCommand::DeadLetters { source, limit } => {
            let letters = letters::store::open(sql, source.as_deref(), limit).await?;
            let rows = letters.into_iter().map(|letter| {
                let body = match operator.output {
                    Output::Json => letter.body,
                    Output::Table => beginning(&letter.body),
                };
                vec![letter.received_at.to_string(), letter.source, letter.id, letter.why, body]
            });
            print_table(operator.output, &["received_at", "source", "id", "why", "body"], rows.collect());
        }
        UsageCommand::Again { source, letter, with } => {
            if let Some(source) = &source
                && !letters::store::is_source(sql, source).await?
            {
                return Err(Stop::Input(format!(
                    "nothing ever came of a source `{source}`; `traction token list` names the sources"
                )));
            }
            let done = match letter {
                Some(id) => one_again(operator, source, &id, with).await?,
                None => letters::verbs::try_all_again(world, &who, source.as_deref()).await?,
            };
            let words = format!(
                "{} now, {} as before",
                counted(done.n_counted, "counts", "count"),
                counted(done.n_refused, "stays", "stay")
            );
            say(
                operator,
                &words,
                serde_json::json!({ "counted": done.n_counted, "refused": done.n_refused }),
            );
        }
        UsageCommand::Export { person, format, further, out } => {
            let what = if further { Written::Further } else { Written::Events(format) };
            export::commands::write(operator, person, what, out).await?;
        }
        UsageCommand::Erase { person } => {
            let erased = subject::verbs::erase(world, &who, &person).await?;
            let words = if erased.n_links == 0 {
                "Nothing was linked to that name.".to_owned()
            } else {
                format!("Erased: what came under {} stays counted, as nobody's.", erased.of.by())
            };
            say(
                operator,
                &words,
                serde_json::json!({ "names": erased.of.names, "links": erased.n_links, "dead_letters": erased.n_dead }),
            );
        }
        UsageCommand::Retention(command) => retention::commands::run(command, operator).await?,
        UsageCommand::Key(command) => change_key(operator, command).await?,
    }
    Ok(Done)
}

/// Says what was done, in words or as JSON.
pub fn say(operator: &Operator, words: &str, json: serde_json::Value) {
    match operator.output {
        Output::Json => println!("{json}"),
        Output::Table => println!("{words}"),
    }
}

async fn one_again(
    operator: &Operator,
    source: Option<String>,
    id: &str,
    with: Option<PathBuf>,
) -> Result<TriedAgain, Stop> {
    let of_id = letters::store::of_id(operator.world.store().read(), id).await?;
    let mut found =
        of_id.into_iter().filter(|dead| source.as_ref().is_none_or(|source| dead.source == *source));
    let none = || {
        Stop::Input(format!("there is no open dead letter `{id}`; `traction usage dead-letters` lists them"))
    };
    let dead = found.next().ok_or_else(none)?;
    if found.next().is_some() {
        return Err(Stop::Input(format!(
            "several sources have a dead letter `{id}`; say which with --source"
        )));
    }
    let mended = match with {
        Some(file) => Some(fs::read_to_string(&file).map_err(|error| {
            Stop::Input(format!("{} cannot be read ({error}); check the path", file.display()))
        })?),
        None => None,
    };
    letters::verbs::try_again(&operator.world, &Who::operator(), &dead.source, id, mended.as_deref()).await?;
    Ok(TriedAgain { n_counted: 1, n_refused: 0 })
}

async fn change_key(operator: &Operator, command: KeyCommand) -> Result<(), Stop> {
    let (world, who) = (&operator.world, Who::operator());
    match command {
        KeyCommand::Rotate => {
            let n_taken_over = subject::keys::rotate(world, &who).await?;
            let words = format!(
                "A new key is in use; {} found by it. Others are as soon as they are seen; then `traction usage key retire`.",
                counted(n_taken_over, "known person is", "known people are")
            );
            say(operator, &words, serde_json::json!({ "taken_over": n_taken_over }));
        }
        KeyCommand::Retire => {
            let n_links = subject::keys::retire(world, &who).await?;
            say(
                operator,
                "The former keys are destroyed.",
                serde_json::json!({ "links_destroyed": n_links }),
            );
        }
        KeyCommand::Destroy { yes: false } => {
            return Err(Stop::Input(
                "this makes the whole past nobody's and cannot be taken back; say --yes".into(),
            ));
        }
        KeyCommand::Destroy { yes: true } => {
            let n_links = subject::keys::forget(world, &who).await?;
            let words = format!(
                "{} destroyed: the past is nobody's.",
                counted(n_links as usize, "link is", "links are")
            );
            say(operator, &words, serde_json::json!({ "links_destroyed": n_links }));
        }
    }
    Ok(())
}

/// As much of a body as has its place in a terminal.
fn beginning(body: &str) -> String {
    let mut shown: String = body.chars().take(N_CHARACTERS_SHOWN).collect();
    if shown.len() < body.len() {
        shown.push('…');
    }
    shown
}
