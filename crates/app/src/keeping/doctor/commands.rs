//! `traction doctor`.

use serde_json::json;

use super::examine;
use crate::commands::{Done, Operator, Output, Stop, print_text};
use crate::web::counted;

/// Runs it.
pub async fn run(operator: &Operator) -> Result<Done, Stop> {
    let looks = examine(&operator.world).await?;
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
                    json!({ "name": look.name, "looked_at": look.n, "findings": findings })
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
