//! `traction wave …`

use clap::Subcommand;
use traction_domain::offer::wave::WaveTimes;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::commands::{Done, Operator, Stop, number, print_table};
use crate::contend::draw;
use crate::contend::wave::verbs as cancelling;
use crate::offer::change;
use crate::offer::wave::{store, verbs};

/// Waves.
#[derive(Debug, Subcommand)]
pub enum WaveCommand {
    /// List the waves of a change.
    #[command(after_help = "Example: traction wave list bedside-tests")]
    List {
        /// The change.
        change: String,
    },
    /// Announce the next wave of a change.
    #[command(
        after_help = "Example: traction wave add bedside-tests --slots 4 --opens 2026-12-01T08:00:00Z --closes 2026-12-15T08:00:00Z --starts 2027-01-04T06:00:00Z --pledge \"An owner with an hour a week\""
    )]
    Add {
        /// The change.
        change: String,
        /// How many slots.
        #[arg(long, value_parser = number::whole::<u32, 0, 1_000_000>, allow_negative_numbers = true)]
        slots: u32,
        /// From when units can apply.
        #[arg(long)]
        opens: Moment,
        /// Until when.
        #[arg(long)]
        closes: Moment,
        /// When the slots start.
        #[arg(long)]
        starts: Moment,
        /// When they end.
        #[arg(long)]
        ends: Option<Moment>,
        /// What a unit is asked to pledge.
        #[arg(long)]
        pledge: String,
    },
    /// Cancel a wave that is not drawn; all who applied read why.
    #[command(after_help = "Example: traction wave cancel bedside-tests 1 --why \"the year was mistyped\"")]
    Cancel {
        /// The change.
        change: String,
        /// The wave's number.
        #[arg(value_parser = number::whole::<usize, 1, 1_000_000>, allow_negative_numbers = true)]
        n: usize,
        /// The reason.
        #[arg(long)]
        why: String,
    },
    /// Draw a wave whose applications closed, and print the record.
    #[command(after_help = "Example: traction wave draw bedside-tests 1 > draw.json")]
    Draw {
        /// The change.
        change: String,
        /// The wave's number.
        #[arg(value_parser = number::whole::<usize, 1, 1_000_000>, allow_negative_numbers = true)]
        n: usize,
    },
}

/// Runs it.
pub async fn run(command: WaveCommand, operator: &Operator) -> Result<Done, Stop> {
    let world = &operator.world;
    let sql = world.store().read();
    match command {
        WaveCommand::List { change } => {
            let change = change::verbs::find(sql, &change).await?;
            let rows = store::of_change(sql, change.id).await?.into_iter().map(|wave| {
                vec![
                    wave.n.to_string(),
                    wave.n_slots.to_string(),
                    wave.opens_at.to_string(),
                    wave.closes_at.to_string(),
                    wave.starts_at.to_string(),
                ]
            });
            print_table(
                operator.output,
                &["wave", "slots", "opens_at", "closes_at", "starts_at"],
                rows.collect(),
            );
        }
        WaveCommand::Add { change, slots, opens, closes, starts, ends, pledge } => {
            let change = change::verbs::find(sql, &change).await?;
            let times = WaveTimes { opens_at: opens, closes_at: closes, starts_at: starts, ends_at: ends };
            let id = verbs::announce(world, &Who::operator(), &change, slots, times, &pledge).await?;
            let wave = store::one(sql, id).await?;
            if let Some(wave) = &wave {
                verbs::warnings(world, wave).await?.iter().for_each(|says| eprintln!("{says}"));
            }
            let n = wave.map(|wave| wave.n.to_string()).unwrap_or_default();
            print_table(operator.output, &["wave"], vec![vec![n]]);
        }
        WaveCommand::Cancel { change, n, why } => {
            let (change, wave) = verbs::find(sql, &change, n).await?;
            cancelling::cancel(world, &Who::operator(), &change, &wave, &why).await?;
            print_table(operator.output, &["wave", "state"], vec![vec![n.to_string(), "cancelled".into()]]);
        }
        WaveCommand::Draw { change, n } => {
            let (change, wave) = verbs::find(sql, &change, n).await?;
            let record = draw::run::run(world, &Who::operator(), &change, &wave).await?;
            crate::loops::settle(world).await?;
            print!("{}", record.to_json());
        }
    }
    Ok(Done)
}
