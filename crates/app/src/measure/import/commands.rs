//! `traction import …`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use traction_domain::measure::outcome::calendar::Calendar;
use traction_domain::measure::outcome::columns::Part;
use traction_domain::offer::metric::Better;
use traction_domain::org::slug::Slug;
use traction_domain::org::who::Who;

use crate::commands::{Done, Operator, Output, Stop, number, print_text};
use crate::measure::import::report::Report;
use crate::measure::import::rollout::{self, RolloutWish};
use crate::measure::import::sheet::File;
use crate::measure::import::{applications, frictions, outcomes, people, units, usage};
use crate::measure::outcome::verbs::Mode;
use crate::offer::{change, metric, wave};
use crate::trouble::Trouble;

/// Take a file in: all of it or nothing of it. The same file twice changes nothing.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Units: unit, and if there name, parent, members; other columns are kept.
    #[command(after_help = "Example: traction import units wards.csv --dry-run")]
    Units(FileOptions),
    /// People: person (the external id), and if there name, email, unit, role.
    #[command(after_help = "Example: traction import people staff.csv")]
    People(FileOptions),
    /// Outcomes of a metric: unit, period, and value, or numerator and denominator.
    #[command(
        after_help = "Example: traction import outcomes absence.csv --metric days-absent --dry-run\nExample: traction import outcomes falls.parquet --metric falls --unit ward --period month --numerator falls --denominator bed_days"
    )]
    Outcomes {
        /// Which file.
        #[command(flatten)]
        options: FileOptions,
        /// The short name of the metric.
        #[arg(long)]
        metric: String,
        /// Which columns are what, where they are called otherwise.
        #[command(flatten)]
        columns: OutcomeColumns,
    },
    /// Usage: at, event, and person or unit; if there value, id.
    #[command(after_help = "Example: traction import usage opened.csv --change early-rounds")]
    Usage {
        /// Which file.
        #[command(flatten)]
        options: FileOptions,
        /// The change that all of it belongs to; else whichever the unit holds a slot of.
        #[arg(long)]
        change: Option<String>,
    },
    /// Applications to an open wave: unit, pain, aim, owner, pledge.
    #[command(after_help = "Example: traction import applications wishes.csv --change early-rounds --wave 2")]
    Applications {
        /// Which file.
        #[command(flatten)]
        options: FileOptions,
        /// The short name of the change.
        #[arg(long)]
        change: String,
        /// The number of the wave, from 1.
        #[arg(long, value_parser = wave_number, allow_negative_numbers = true)]
        wave: usize,
    },
    /// Frictions: unit, title, times_per_week, minutes, and if there people, reported_at, state.
    #[command(after_help = "Example: traction import frictions pains.csv")]
    Frictions(FileOptions),
    /// A finished or running roll-out from one table: units, a metric with its outcomes, the change, since when each has it.
    #[command(
        after_help = "Example: traction import rollout wages.csv --change minimum-wage --unit county --period year --outcome employment --start first_year"
    )]
    Rollout(RolloutOptions),
}

/// Which file.
#[derive(Debug, Args)]
pub struct FileOptions {
    /// The file: CSV with a header (comma, semicolon or tab; UTF-8), Parquet, or a JSON object a line.
    file: PathBuf,
    /// Say what would happen, and keep nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Which columns of a table of outcomes are what; each is called like its option unless said otherwise.
#[derive(Debug, Args)]
pub struct OutcomeColumns {
    /// The column of the units.
    #[arg(long)]
    unit: Option<String>,
    /// The column of the periods.
    #[arg(long)]
    period: Option<String>,
    /// The column of the values.
    #[arg(long)]
    value: Option<String>,
    /// The column that says how many.
    #[arg(long)]
    numerator: Option<String>,
    /// The column that says of how many.
    #[arg(long)]
    denominator: Option<String>,
    /// By which calendar the metric is kept from now on: day, week, month or year.
    #[arg(long)]
    calendar: Option<Calendar>,
}

impl OutcomeColumns {
    fn named(&self) -> Vec<(Part, &str)> {
        let OutcomeColumns { unit, period, value, numerator, denominator, calendar: _ } = self;
        let all = Part::ALL.into_iter().zip([unit, period, value, numerator, denominator]);
        all.filter_map(|(part, name)| Some((part, name.as_deref()?))).collect()
    }
}

/// Which columns of a roll-out's table are what.
#[derive(Debug, Args)]
pub struct RolloutOptions {
    #[command(flatten)]
    options: FileOptions,
    /// The short name of the change.
    #[arg(long)]
    change: Slug,
    /// The column of the units.
    #[arg(long)]
    unit: String,
    /// The column of the periods.
    #[arg(long)]
    period: String,
    /// The column of the outcome; it names the metric.
    #[arg(long)]
    outcome: String,
    /// The column of the first period with the solution; empty, 0, inf, NA or never mean never.
    #[arg(long)]
    start: String,
    /// The smallest effect worth it, in the outcome's unit.
    #[arg(long, default_value_t = 0.0, value_parser = number::at_least_nothing, allow_negative_numbers = true)]
    worth: f64,
    /// Which way is better: up or down.
    #[arg(long, default_value = "up")]
    direction: Better,
}

/// The number of a wave, as its page says it.
fn wave_number(written: &str) -> Result<usize, String> {
    number::whole::<usize, 1, 1_000_000>(written)
        .map_err(|_| format!("`{written}` is not the number of a wave; write it like 2"))
}

impl FileOptions {
    fn mode(&self) -> Mode {
        if self.dry_run { Mode::Try } else { Mode::Take }
    }
}

/// Runs it.
pub async fn run(command: ImportCommand, operator: &Operator) -> Result<Done, Stop> {
    let (world, who) = (&operator.world, Who::operator());
    let report = match command {
        ImportCommand::Units(options) => {
            units::run(world, &who, &File::read(&options.file)?, options.mode()).await?
        }
        ImportCommand::People(options) => {
            people::run(world, &who, &File::read(&options.file)?, options.mode()).await?
        }
        ImportCommand::Outcomes { options, metric: slug, columns } => {
            let metric = metric::commands::find(world.store().read(), &slug).await?;
            let file = File::read(&options.file)?;
            let named = columns.named();
            outcomes::run_with(world, &who, &file, &metric, (&named, columns.calendar), options.mode())
                .await?
        }
        ImportCommand::Usage { options, change: slug } => {
            let change = match &slug {
                Some(slug) => Some(find_change(operator, slug).await?),
                None => None,
            };
            usage::run(world, &who, &File::read(&options.file)?, change.as_ref(), options.mode()).await?
        }
        ImportCommand::Applications { options, change: slug, wave: n } => {
            let change = find_change(operator, &slug).await?;
            let found = wave::store::by_number(world.store().read(), change.id, n).await?;
            let wave = found.ok_or_else(|| {
                Stop::Input(format!("`{slug}` has no wave {n}; its page lists those that were announced"))
            })?;
            applications::run(world, &who, &File::read(&options.file)?, &wave, options.mode()).await?
        }
        ImportCommand::Frictions(options) => {
            frictions::run(world, &who, &File::read(&options.file)?, options.mode()).await?
        }
        ImportCommand::Rollout(RolloutOptions {
            options,
            change,
            unit,
            period,
            outcome,
            start,
            worth,
            direction,
        }) => {
            let wish = RolloutWish { change, unit, period, outcome, start, worth, better: direction };
            rollout::run(world, &who, &File::read(&options.file)?, &wish, options.mode()).await?
        }
    };
    print(&report, operator.output);
    Ok(Done)
}

async fn find_change(operator: &Operator, slug: &str) -> Result<change::store::Change, Stop> {
    match change::verbs::find(operator.world.store().read(), slug).await {
        Err(Trouble::NotFound { .. }) => Err(Stop::Input(format!(
            "there is no change `{slug}`; `traction change list` shows those there are"
        ))),
        other => Ok(other?),
    }
}

fn print(report: &Report, output: Output) {
    match output {
        Output::Json => print_text(&report.json().to_string()),
        Output::Table => print_text(&report.to_string()),
    }
}
