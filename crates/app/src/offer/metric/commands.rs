//! `traction metric …`

use clap::Subcommand;
use traction_domain::offer::metric::{self as rules, Better};
use traction_domain::org::who::Who;

use crate::commands::{Done, Operator, Stop, print_table};
use crate::offer::metric::{store, verbs};
use crate::store::Sql;

/// Metrics.
#[derive(Debug, Subcommand)]
pub enum MetricCommand {
    /// List metrics.
    #[command(after_help = "Example: traction metric list")]
    List,
    /// Define a metric.
    #[command(
        after_help = "Example: traction metric add \"Days absent\" --measure \"days per person and month\" --better down"
    )]
    Add {
        /// Its name.
        name: String,
        /// What one of it is.
        #[arg(long)]
        measure: String,
        /// Which way is better: up or down.
        #[arg(long)]
        better: Better,
    },
}

/// The metric of a short name on a command line.
pub async fn find(sql: &Sql, slug: &str) -> Result<store::Metric, Stop> {
    store::by_slug(sql, slug).await?.ok_or_else(|| {
        Stop::Input(format!("there is no metric `{slug}`; `traction metric list` shows those there are"))
    })
}

/// Runs it.
pub async fn run(command: MetricCommand, operator: &Operator) -> Result<Done, Stop> {
    let world = &operator.world;
    match command {
        MetricCommand::List => {
            let metrics = store::all(world.store().read()).await?;
            let rows = metrics.into_iter().map(|metric| {
                vec![metric.slug.to_string(), metric.name, metric.unit_of_measure, metric.better.to_string()]
            });
            print_table(operator.output, &["metric", "name", "unit_of_measure", "better"], rows.collect());
        }
        MetricCommand::Add { name, measure, better } => {
            let proposed = rules::propose(&name, &measure, better)?;
            let slug = proposed.slug.to_string();
            verbs::define(world, &Who::operator(), proposed).await?;
            print_table(operator.output, &["metric"], vec![vec![slug]]);
        }
    }
    Ok(Done)
}
