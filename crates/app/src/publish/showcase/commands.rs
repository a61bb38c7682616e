//! `traction showcase …`

use clap::Subcommand;
use traction_domain::id::{EvidenceId, ShowcaseId};
use traction_domain::org::who::Who;
use traction_domain::prove::Choice;
use traction_domain::publish::showcase::{Release, ShowcaseWish, Standing, Subject};

use crate::commands::{Done, Operator, Stop, print_table};
use crate::prove::evidence::record::kind_word;
use crate::publish::showcase::{store, verbs};

/// Showcases: results that are published.
#[derive(Debug, Subcommand)]
pub enum ShowcaseCommand {
    /// List showcases.
    #[command(after_help = "Example: traction showcase list --json")]
    List,
    /// Publish an evidence record with its story, about the change as a whole.
    #[command(
        after_help = "Example: traction showcase publish 0198c0de-0000-7000-8000-000000000000 \"Fewer falls\" \"We moved the beds.\""
    )]
    Publish {
        /// The evidence record's id, as its page shows it.
        evidence: EvidenceId,
        /// The title, which states the finding.
        title: String,
        /// The story behind the numbers.
        story: String,
        /// Hold it back until the running waves have ended.
        #[arg(long)]
        after_waves: bool,
    },
    /// Take a showcase down.
    #[command(
        after_help = "Example: traction showcase end 0198c0de-0000-7000-8000-000000000000 \"Told twice\""
    )]
    End {
        /// The showcase's id, as `traction showcase list` prints it.
        showcase: ShowcaseId,
        /// Why; readers are told.
        why: String,
    },
}

/// Runs it.
pub async fn run(command: ShowcaseCommand, operator: &Operator) -> Result<Done, Stop> {
    let world = &operator.world;
    match command {
        ShowcaseCommand::List => {
            let rows = store::all(world.store().read()).await?.into_iter().map(|one| {
                let state = match one.standing(world.now()) {
                    Standing::Shown { since } => format!("shown since {since}"),
                    Standing::Held { until } => format!("held until {until}"),
                    Standing::Down { at } => format!("taken down {at}"),
                };
                let unit = one.unit.map(|(_, slug, _)| slug.to_string()).unwrap_or_default();
                vec![
                    one.id.to_string(),
                    one.change_slug.to_string(),
                    unit,
                    kind_word(one.kind).to_owned(),
                    one.doubted.word().to_owned(),
                    state,
                    one.title,
                ]
            });
            let columns = ["showcase", "change", "unit", "verdict", "doubted", "state", "title"];
            print_table(operator.output, &columns, rows.collect());
        }
        ShowcaseCommand::Publish { evidence, title, story, after_waves } => {
            let release = if after_waves { Release::AfterWaves } else { Release::Now };
            let wish = ShowcaseWish { title: &title, story: &story, quotes: "", release };
            let id = verbs::publish(world, &Who::operator(), evidence, Subject::Change, &wish).await?;
            print_table(operator.output, &["showcase"], vec![vec![id.to_string()]]);
        }
        ShowcaseCommand::End { showcase, why } => {
            verbs::take_down(world, &Who::operator(), showcase, &why).await?;
            print_table(operator.output, &["ended"], vec![vec![showcase.to_string()]]);
        }
    }
    Ok(Done)
}
