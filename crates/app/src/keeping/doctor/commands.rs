//! `traction doctor`.

use std::io::IsTerminal;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{Depth, Look, Noted, examine_as, not_opened};
use crate::commands::{Common, Done, Opening, Output, Stop, print_text};
use crate::web::counted;

/// What it is held against.
#[derive(Debug, Args)]
pub struct DoctorOptions {
    /// The last seal of the journal that an earlier look said, kept elsewhere: finds a journal that was sealed anew or cut off.
    #[arg(long, value_name = "ENTRY:SEAL")]
    sealed: Option<Noted>,
    /// Leaves out what takes long where there are very many events: the pages of the file and the rows of use. What was left
    /// out is said.
    #[arg(long)]
    quick: bool,
}

/// Runs it.
pub async fn run(options: &DoctorOptions, common: &Common) -> Result<Done, Stop> {
    let operator = match common.operator(Opening::There).await {
        Err(Stop::NotOpened(refused)) => {
            let found = not_opened(&refused).ok_or(Stop::NotOpened(refused))?;
            return say(&[found], common.output());
        }
        operator => operator?,
    };
    let depth = if options.quick { Depth::Quick } else { Depth::Whole };
    let told = told();
    let tell = |name| told.set_message(format!("looking at {name}"));
    let looks = examine_as(&operator.world, options.sealed.as_ref(), depth, tell).await?;
    told.finish_and_clear();
    say(&looks, operator.output)
}

/// Says what was found.
fn say(looks: &[Look], output: Output) -> Result<Done, Stop> {
    let is_whole = looks.iter().all(|look| look.left_out.is_none());
    let n_wrong: usize = looks.iter().map(|look| look.findings.len()).sum();
    match output {
        Output::Json => {
            let looks: Vec<_> = looks
                .iter()
                .map(|look| {
                    let findings: Vec<_> = look
                        .findings
                        .iter()
                        .map(|finding| json!({ "what": finding.what, "todo": finding.todo }))
                        .collect();
                    json!({
                        "name": look.name, "looked_at": look.n, "findings": findings, "says": look.says,
                        "left_out": look.left_out,
                    })
                })
                .collect();
            println!("{}", json!({ "well": n_wrong == 0, "whole": is_whole, "looks": looks }));
        }
        Output::Table => {
            for look in looks {
                let says = match (look.findings.len(), look.left_out) {
                    (0, None) => "well".to_owned(),
                    (0, Some(left_out)) => format!("no finding; not looked at: {left_out}"),
                    (n, None) => counted(n, "finding", "findings"),
                    (n, Some(left_out)) => {
                        format!("{}; not looked at: {left_out}", counted(n, "finding", "findings"))
                    }
                };
                let says = look.says.iter().fold(says, |says, more| format!("{says}; {more}"));
                print_text(&format!("{:<13} {:>10}  {says}", look.name, look.n));
            }
            if !is_whole {
                print_text("\nNot everything was looked at; without --quick it is.");
            }
            for finding in looks.iter().flat_map(|look| &look.findings) {
                print_text(&format!("\n{}.\n  What to do: {}.", first_large(&finding.what), finding.todo));
            }
        }
    }
    if n_wrong == 0 { Ok(Done) } else { Err(Stop::No) }
}

/// What is looked at, for whoever waits at a terminal: with very many events it takes minutes.
fn told() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
    let told =
        ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    told.enable_steady_tick(Duration::from_millis(200));
    told
}

fn first_large(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
