//! `traction unit …`

use clap::Subcommand;
use traction_domain::org::slug::Slug;
use traction_domain::org::unit as rules;
use traction_domain::org::who::Who;

use crate::commands::{Done, Operator, Stop, number, print_table};
use crate::org::unit::{store, verbs};

/// Units.
#[derive(Debug, Subcommand)]
pub enum UnitCommand {
    /// List units.
    #[command(after_help = "Example: traction unit list --json")]
    List,
    /// Add a unit.
    #[command(after_help = "Example: traction unit add ward-7 \"Ward 7\" --parent north-hospital")]
    Add {
        /// The short name.
        slug: String,
        /// The name.
        name: String,
        /// The short name of the unit it belongs to.
        #[arg(long)]
        parent: Option<String>,
        /// How many people belong to it, where people are not known one by one.
        #[arg(long, value_parser = number::whole::<u32, 0, 10_000_000>, allow_negative_numbers = true)]
        members: Option<u32>,
    },
}

/// Runs it.
pub async fn run(command: UnitCommand, operator: &Operator) -> Result<Done, Stop> {
    let world = &operator.world;
    match command {
        UnitCommand::List => {
            let units = store::all(world.store().read()).await?;
            let rows = units
                .iter()
                .map(|unit| vec![unit.slug.to_string(), unit.name.clone(), unit.n_members.to_string()]);
            print_table(operator.output, &["unit", "name", "members"], rows.collect());
        }
        UnitCommand::Add { slug, name, parent, members } => {
            let parent = match parent {
                Some(parent) => Some(verbs::find(world.store().read(), &parent).await?.id),
                None => None,
            };
            let slug: Slug = slug.parse()?;
            verbs::add(world, &Who::operator(), rules::propose(slug.clone(), &name, parent, members)?)
                .await?;
            print_table(operator.output, &["unit"], vec![vec![slug.to_string()]]);
        }
    }
    Ok(Done)
}
