//! `traction source …`

use std::path::PathBuf;

use clap::Subcommand;
use traction_domain::measure::source::SourceWritten;
use traction_domain::measure::source::tries::Ended;
use traction_domain::org::who::Who;

use crate::commands::{Done, Operator, Output, Stop, print_table, print_text};
use crate::measure::source::store::runs;
use crate::measure::source::{api, fresh, store, verbs};
use crate::offer::metric;

/// So many runs are shown.
const N_RUNS: usize = 20;

/// Sources.
#[derive(Debug, Subcommand)]
pub enum SourceCommand {
    /// List sources: what they fill, how fresh they are, when they are asked next.
    #[command(after_help = "Example: traction source list")]
    List,
    /// Show a source: what it asks, and its last runs.
    #[command(after_help = "Example: traction source show days-absent --json")]
    Show {
        /// Its short name.
        source: String,
    },
    /// Add a source: a query that gives unit, period, and value or numerator and denominator.
    #[command(
        after_help = "Example: traction source add \"Days absent\" --metric days-absent --connection WAREHOUSE --query-file absence.sql --schedule \"0 6 * * 1\"\nThe server's environment has the address: TRACTION_SOURCE_WAREHOUSE=postgres://reader@db.example.org/warehouse"
    )]
    Add {
        /// Its name.
        name: String,
        /// The short name of the metric that it fills.
        #[arg(long)]
        metric: String,
        /// The name of the connection.
        #[arg(long)]
        connection: String,
        /// The query.
        #[arg(long, required_unless_present = "query_file", conflicts_with = "query_file")]
        query: Option<String>,
        /// A file that holds the query.
        #[arg(long)]
        query_file: Option<PathBuf>,
        /// When it is asked: minute, hour, day, month, weekday. Left out: only when somebody says so.
        #[arg(long, default_value = "")]
        schedule: String,
    },
    /// Ask a source now. Exit: 0 what came was taken, 1 nothing was.
    #[command(after_help = "Example: traction source run days-absent")]
    Run {
        /// Its short name.
        source: String,
    },
    /// Remove a source: it is asked no more; what it brought stays.
    #[command(after_help = "Example: traction source remove days-absent")]
    Remove {
        /// Its short name.
        source: String,
    },
}

/// Runs it.
pub async fn run(command: SourceCommand, operator: &Operator) -> Result<Done, Stop> {
    let (world, who) = (&operator.world, Who::operator());
    let sql = world.store().read();
    match command {
        SourceCommand::List => {
            let mut rows = Vec::new();
            for source in store::all(sql).await? {
                let fresh = fresh::of(world, sql, &source).await?;
                let metric = metric::store::one(sql, source.metric).await?;
                rows.push(vec![
                    source.slug.to_string(),
                    metric.map_or_else(String::new, |metric| metric.slug.to_string()),
                    source.asks.connection.to_string(),
                    source.asks.schedule.map_or_else(|| "by hand".into(), |schedule| schedule.to_string()),
                    fresh.last.map_or_else(|| "none".into(), |last| last.to_string()),
                    fresh.state(world.now()).into(),
                    fresh.next_at.map_or_else(|| "never".into(), |next_at| next_at.to_string()),
                ]);
            }
            let columns = ["source", "metric", "connection", "schedule", "last_period", "state", "next_run"];
            print_table(operator.output, &columns, rows);
        }
        SourceCommand::Show { source } => {
            let source = verbs::find(sql, &source).await?;
            let fresh = fresh::of(world, sql, &source).await?;
            let runs = runs::runs(sql, source.id, N_RUNS).await?;
            if operator.output == Output::Json {
                print_text(&api::shown(&source, &fresh, &runs, world.now()).to_string());
                return Ok(Done);
            }
            print_text(&format!(
                "{} ({}), connection {}\n\n{}\n",
                source.name, source.slug, source.asks.connection, source.asks.query
            ));
            let rows = runs.iter().map(|run| {
                let came = run.end.as_ref().and_then(|end| end.came.as_ref());
                vec![
                    run.started_at.to_string(),
                    api::state(run, world.now()).to_owned(),
                    came.map_or_else(String::new, |came| came.n_rows.to_string()),
                    run.end.as_ref().and_then(|end| end.why.clone()).unwrap_or_default(),
                ]
            });
            print_table(Output::Table, &["started", "state", "rows", "why"], rows.collect());
        }
        SourceCommand::Add { name, metric: slug, connection, query, query_file, schedule } => {
            let metric = metric::commands::find(sql, &slug).await?;
            let query = match (query, query_file) {
                (Some(query), _) => query,
                (None, Some(file)) => std::fs::read_to_string(&file).map_err(|error| {
                    Stop::Input(format!("{} cannot be read ({error}); check the path", file.display()))
                })?,
                (None, None) => String::new(),
            };
            let written =
                SourceWritten { name: &name, connection: &connection, query: &query, schedule: &schedule };
            let slug = verbs::add(world, &who, metric.id, written).await?;
            print_table(operator.output, &["source"], vec![vec![slug.to_string()]]);
        }
        SourceCommand::Run { source } => {
            let end = verbs::run(world, &who, &source).await?;
            match operator.output {
                Output::Json => print_text(&api::ended(&end).to_string()),
                Output::Table => print_text(&api::told(&end)),
            }
            if end.how != Ended::Taken {
                return Err(Stop::No);
            }
        }
        SourceCommand::Remove { source } => {
            verbs::remove(world, &who, &source).await?;
            print_table(operator.output, &["removed"], vec![vec![source]]);
        }
    }
    Ok(Done)
}
