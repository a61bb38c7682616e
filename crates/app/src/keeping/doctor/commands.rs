//! `traction doctor`.

use clap::Args;
use serde_json::json;

use super::{Noted, examine_against};
use crate::commands::{Done, Operator, Output, Stop, print_text};
use crate::web::counted;

/// What it is held against.
#[derive(Debug, Args)]
pub struct DoctorOptions {
    /// The last seal of the journal that an earlier look said, kept elsewhere: finds a journal that was sealed anew or cut off.
    #[arg(long, value_name = "ENTRY:SEAL")]
    sealed: Option<Noted>,
}

/// Runs it.
pub async fn run(options: &DoctorOptions, operator: &Operator) -> Result<Done, Stop> {
    let looks = examine_against(&operator.world, options.sealed.as_ref()).await?;
    let n_wrong: usize = looks.iter().map(|look| look.findings.len()).sum();
    match operator.output {
        Output::Json => {
            let looks: Vec<_> = looks
                .iter()
                .map(|look| {
                    let findings: Vec<_> = look
                        .findings
                        .iter()
                        .map(|finding| json!({ "what": finding.what, "todo": finding.todo }))
                        .collect();
                    json!({ "name": look.name, "looked_at": look.n, "findings": findings, "says": look.says })
                })
                .collect();
            println!("{}", json!({ "well": n_wrong == 0, "looks": looks }));
        }
        Output::Table => {
            for look in &looks {
                let says = match look.findings.len() {
                    0 => "well".to_owned(),
                    n => counted(n, "finding", "findings"),
                };
                let says = look.says.iter().fold(says, |says, more| format!("{says}; {more}"));
                print_text(&format!("{:<13} {:>10}  {says}", look.name, look.n));
            }
            for finding in looks.iter().flat_map(|look| &look.findings) {
                print_text(&format!("\n{}.\n  What to do: {}.", first_large(&finding.what), finding.todo));
            }
        }
    }
    if n_wrong == 0 { Ok(Done) } else { Err(Stop::No) }
}

fn first_large(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
