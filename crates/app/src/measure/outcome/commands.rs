//! `traction outcome …`

use clap::Subcommand;
use traction_domain::measure::outcome::calendar::Calendar;
use traction_domain::org::who::Who;

use crate::commands::{Done, Operator, Stop, print_table};
use crate::measure::outcome::{store, verbs};
use crate::offer::metric;

/// Outcomes.
#[derive(Debug, Subcommand)]
pub enum OutcomeCommand {
    /// List the outcomes of a metric: the last word on each unit and period.
    #[command(after_help = "Example: traction outcome list days-absent --json")]
    List {
        /// The metric's short name.
        metric: String,
    },
    /// Say by which calendar a metric is kept, or set it: periods of another are refused from then on.
    #[command(
        after_help = "Example: traction outcome calendar days-absent\nExample: traction outcome calendar days-absent month"
    )]
    Calendar {
        /// The metric's short name.
        metric: String,
        /// day, week, month or year. Left out: it is only said.
        calendar: Option<Calendar>,
    },
}

/// Runs it.
pub async fn run(command: OutcomeCommand, operator: &Operator) -> Result<Done, Stop> {
    let world = &operator.world;
    let sql = world.store().read();
    match command {
        OutcomeCommand::List { metric } => {
            let metric = metric::commands::find(sql, &metric).await?;
            let rows = store::panel(sql, metric.id, None).await?.into_iter().map(|outcome| {
                let [value, numerator, denominator] = outcome.cells();
                vec![outcome.slug.to_string(), outcome.period.to_string(), value, numerator, denominator]
            });
            let columns = ["unit", "period", "value", "numerator", "denominator"];
            print_table(operator.output, &columns, rows.collect());
        }
        OutcomeCommand::Calendar { metric, calendar } => {
            let metric = metric::commands::find(sql, &metric).await?;
            if let Some(calendar) = calendar {
                verbs::set_calendar(world, &Who::operator(), metric.id, calendar).await?;
            }
            let set = store::calendar(sql, metric.id).await?;
            let told = set.map_or_else(|| "none".into(), |calendar| calendar.to_string());
            print_table(operator.output, &["metric", "calendar"], vec![vec![metric.slug.to_string(), told]]);
        }
    }
    Ok(Done)
}
