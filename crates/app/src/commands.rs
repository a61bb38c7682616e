//! Every command-line word on one page, in the loop's order.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::contend::draw::commands::DrawCommand;
use crate::cycle::cycle::commands::CycleCommand;
use crate::demo::commands::DemoOptions;
use crate::grant::lapse::{self, commands::LapseCommand};
use crate::grant::slot::commands::SlotCommand;
use crate::keeping::commands::{BackupOptions, MoveOptions, RestoreOptions};
use crate::keeping::doctor::commands::DoctorOptions;
use crate::measure::import::commands::ImportCommand;
use crate::measure::outcome::{self, commands::OutcomeCommand};
use crate::measure::source::{self, commands::SourceCommand, warehouse::WarehouseCommand};
use crate::measure::uptake::commands::UptakeCommand;
use crate::measure::usage::{self, commands::UsageCommand};
use crate::offer::change::commands::ChangeCommand;
use crate::offer::metric::commands::MetricCommand;
use crate::offer::wave::commands::WaveCommand;
use crate::org::person::commands::UserCommand;
use crate::org::token::commands::TokenCommand;
use crate::org::unit::commands::UnitCommand;
use crate::prove::evidence::commands::ProveOptions;
use crate::prove::plan::commands::PlanOptions;
use crate::publish::showcase::commands::ShowcaseCommand;
use crate::sense::account::commands::AccountCommand;
use crate::sense::diagnosis::commands::DiagnoseOptions;
use crate::sense::friction::{self, commands::FrictionCommand};
use crate::sense::idea::commands::IdeaCommand;
use crate::sense::playbook::commands::PlaybookCommand;
use crate::serve::ServeOptions;
use crate::sustain::hand_over::commands::HandOverCommand;
use crate::sustain::watch::commands::WatchOptions;
use crate::{
    contend, cycle, demo, grant, keeping, measure, offer, org, overview, prove, publish, sense, serve,
    sustain, web,
};

mod common;
pub mod number;
mod printed;
mod stop;
#[cfg(test)]
mod tests;

pub use common::{Common, Opening, Operator};
pub use printed::{print_table, print_text};
pub use stop::{Done, Stop};

/// A pull-system for change: teams contend for few slots, their own data proves what it did.
#[derive(Debug, Parser)]
#[command(name = "traction", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play a simulated organisation, and serve it.
    #[command(after_help = "Example: traction demo --addr 127.0.0.1:7979")]
    Demo(DemoOptions),
    /// Run the server.
    #[command(after_help = "Example: traction serve --addr 0.0.0.0:7979 --data /var/lib/traction")]
    Serve(ServeOptions),
    /// People and their ways in.
    #[command(subcommand)]
    User(UserCommand),
    /// API tokens.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Units.
    #[command(subcommand)]
    Unit(UnitCommand),
    /// What gets in the way: frictions, how they are taken in, and links for the wall.
    #[command(subcommand)]
    Friction(FrictionCommand),
    /// Improvement ideas.
    #[command(subcommand)]
    Idea(IdeaCommand),
    /// Playbooks: signs, frictions, remedies; needs no database.
    #[command(subcommand)]
    Playbook(PlaybookCommand),
    /// What holds it up, and what to do first? A guided conversation; needs no database, but with --here.
    #[command(
        after_help = "Example: traction diagnose internal-change\nExample: traction diagnose internal-change --here --data /var/lib/traction\nExample: traction diagnose buying --answers answers.toml --json"
    )]
    Diagnose(DiagnoseOptions),
    /// Customer accounts: what they are stuck on, what was tried, what is next.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Metrics.
    #[command(subcommand)]
    Metric(MetricCommand),
    /// Changes.
    #[command(subcommand)]
    Change(ChangeCommand),
    /// Waves.
    #[command(subcommand)]
    Wave(WaveCommand),
    /// The verifiable draw; needs no database.
    #[command(subcommand)]
    Draw(DrawCommand),
    /// Take a file in: all of it or nothing of it. The same file twice changes nothing.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Usage that came in from the real system.
    #[command(subcommand)]
    Usage(UsageCommand),
    /// Outcomes: what a metric was, by unit and period.
    #[command(subcommand)]
    Outcome(OutcomeCommand),
    /// Sources: the organisation's own database, asked for outcomes by a schedule.
    #[command(subcommand)]
    Source(SourceCommand),
    /// Workers that compute for sources; needs no database, and a build with the feature `warehouse`.
    #[command(subcommand)]
    Warehouse(WarehouseCommand),
    /// Uptake: who uses the solution of a change, in counts that give nobody away.
    #[command(subcommand)]
    Uptake(UptakeCommand),
    /// Cycles: short, small tests.
    #[command(subcommand)]
    Cycle(CycleCommand),
    /// Slots.
    #[command(subcommand)]
    Slot(SlotCommand),
    /// When slots that nobody uses lapse.
    #[command(subcommand)]
    Lapse(LapseCommand),
    /// What a roll-out did: evidence from any table, or of a change.
    #[command(
        after_help = "Example: traction prove change bedside-tests\nExample: traction prove wards.csv --unit ward --period month --outcome hours --start first_month --worth 0.5 --direction down --out evidence\nExample: traction prove again evidence"
    )]
    Prove(Box<ProveOptions>),
    /// What could a roll-out show? Before it begins: of any schedule, or of a change.
    #[command(
        after_help = "Example: traction plan --change bedside-tests\nExample: traction plan --units 24 --slots 4 --waves 4 --periods-before 3 --sd-between 2 --sd-within 1.5 --worth 1"
    )]
    Plan(Box<PlanOptions>),
    /// Published results.
    #[command(subcommand)]
    Showcase(ShowcaseCommand),
    /// Hand-overs to an owner in the unit.
    #[command(subcommand)]
    HandOver(HandOverCommand),
    /// Is a gain held? The verdict on any series.
    #[command(
        after_help = "Example: traction watch ward-7.csv --when week --value hours --split 20 --frozen-at 2026-03-02 --improve down"
    )]
    Watch(WatchOptions),
    /// Write all that the database holds into one file, while servers go on.
    #[command(
        after_help = "Example: traction backup /var/backups/traction-2026-03-02.db\nA backup is itself an embedded database, whichever it was made of. It holds secrets: only its owner may read it."
    )]
    Backup(BackupOptions),
    /// Put what a backup holds into an empty database.
    #[command(after_help = "Example: traction restore traction-2026-03-02.db --data /var/lib/traction")]
    Restore(RestoreOptions),
    /// Take an installation over from one database to another.
    #[command(
        after_help = "Example: traction move --from sqlite:///var/lib/traction/traction.db --to postgres://traction@db.example.org/traction\nStop the servers first; the old database stays as it is."
    )]
    Move(MoveOptions),
    /// Print the contract of the API, an OpenAPI document; needs no database.
    #[command(after_help = "Example: traction openapi > traction.json")]
    Openapi,
    /// Is the database well? What is not, and what to do.
    #[command(
        after_help = "Example: traction doctor --data /var/lib/traction\nExit: 0 all is well, 1 something is not."
    )]
    Doctor(DoctorOptions),
}

impl Command {
    /// Whether the command may be the first to use a database: those that add something, not those that look.
    fn opening(&self) -> Opening {
        match self {
            Command::User(UserCommand::Add { .. })
            | Command::Token(TokenCommand::Add { .. })
            | Command::Unit(UnitCommand::Add { .. })
            | Command::Metric(MetricCommand::Add { .. })
            | Command::Import(_) => Opening::MadeIfMissing,
            _ => Opening::There,
        }
    }
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// A table for people.
    Table,
    /// JSON for machines.
    Json,
}

/// Reads the command line and runs it to its end.
///
/// The runtime starts here and not in `main.rs`: so all that it runs is compiled once, with the library.
#[tokio::main]
pub async fn main() -> ExitCode {
    log();
    run(Cli::parse()).await
}

/// Has what goes on logged to stderr, as much of it as `TRACTION_LOG` says.
fn log() {
    let asked = std::env::var("TRACTION_LOG").ok().and_then(|text| text.parse::<Targets>().ok());
    let targets = asked.unwrap_or_else(|| Targets::new().with_default(LevelFilter::WARN));
    let to_stderr = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    tracing_subscriber::registry().with(to_stderr).with(targets).init();
}

async fn run(cli: Cli) -> ExitCode {
    let done = dispatch(cli).await;
    match done {
        Ok(Done) => ExitCode::SUCCESS,
        Err(Stop::No) => ExitCode::from(1),
        Err(Stop::NotOpened(refused)) => {
            eprintln!("{}", web::layout::sentence(&refused.to_string()));
            ExitCode::from(2)
        }
        Err(Stop::Input(sentence)) => {
            eprintln!("{}", web::layout::sentence(&sentence));
            ExitCode::from(2)
        }
        Err(Stop::Broken(broken)) => {
            eprintln!("{}", web::failure::logged(&broken));
            ExitCode::from(3)
        }
    }
}

async fn dispatch(cli: Cli) -> Result<Done, Stop> {
    let common = cli.common;
    let opening = cli.command.opening();
    match cli.command {
        Command::Demo(options) => demo::commands::run(options, &common).await,
        Command::Serve(options) => serve::run(options, &common).await,
        Command::User(command) => org::person::commands::run(command, &common.operator(opening).await?).await,
        Command::Token(command) => org::token::commands::run(command, &common.operator(opening).await?).await,
        Command::Unit(command) => org::unit::commands::run(command, &common.operator(opening).await?).await,
        Command::Friction(command) => {
            friction::commands::run(command, &common.operator(opening).await?).await
        }
        Command::Idea(command) => sense::idea::commands::run(command, &common.operator(opening).await?).await,
        Command::Playbook(command) => sense::playbook::commands::run(command, common.output()),
        Command::Diagnose(options) => sense::diagnosis::commands::run(&options, &common).await,
        Command::Account(command) => {
            sense::account::commands::run(command, &common.operator(opening).await?).await
        }
        Command::Metric(command) => {
            offer::metric::commands::run(command, &common.operator(opening).await?).await
        }
        Command::Change(command) => {
            offer::change::commands::run(command, &common.operator(opening).await?).await
        }
        Command::Wave(command) => offer::wave::commands::run(command, &common.operator(opening).await?).await,
        Command::Draw(command) => contend::draw::commands::run(command, common.output()),
        Command::Import(command) => {
            measure::import::commands::run(command, &common.operator(opening).await?).await
        }
        Command::Usage(command) => usage::commands::run(command, &common.operator(opening).await?).await,
        Command::Outcome(command) => outcome::commands::run(command, &common.operator(opening).await?).await,
        Command::Source(command) => source::commands::run(command, &common.operator(opening).await?).await,
        Command::Warehouse(command) => source::warehouse::run(command).await,
        Command::Uptake(command) => {
            measure::uptake::commands::run(command, &common.operator(opening).await?).await
        }
        Command::Cycle(command) => {
            cycle::cycle::commands::run(command, &common.operator(opening).await?).await
        }
        Command::Lapse(command) => lapse::commands::run(command, &common.operator(opening).await?).await,
        Command::Slot(command) => grant::slot::commands::run(command, &common.operator(opening).await?).await,
        Command::Prove(options) => prove::evidence::commands::run(&options, &common).await,
        Command::Plan(options) => prove::plan::commands::run(&options, &common).await,
        Command::Showcase(command) => {
            publish::showcase::commands::run(command, &common.operator(opening).await?).await
        }
        Command::HandOver(command) => {
            sustain::hand_over::commands::run(command, &common.operator(opening).await?).await
        }
        Command::Watch(options) => sustain::watch::commands::run(&options, &common).await,
        Command::Backup(options) => keeping::commands::back_up(&options, &common).await,
        Command::Restore(options) => keeping::commands::restore(&options, &common).await,
        Command::Move(options) => keeping::commands::move_over(&options, &common).await,
        Command::Openapi => Ok(overview::contract::commands::run()),
        Command::Doctor(options) => keeping::doctor::commands::run(&options, &common).await,
    }
}
