//! `traction wave …`

use clap::Subcommand;
use serde_json::json;
use traction_domain::contend::draw as rules;
use traction_domain::offer::wave::WaveTimes;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::commands::{Done, Operator, Output, Stop, number, print_table};
use crate::contend::draw;
use crate::contend::draw::prior::Prior;
use crate::contend::wave::commands::{self as settling, SettleCommand};
use crate::contend::wave::verbs as cancelling;
use crate::offer::change;
use crate::offer::wave::{store, verbs};
use crate::trouble::Trouble;

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
    /// Print what is published of a wave's draw at its opening: keep it somewhere of your own.
    #[command(after_help = "Example: traction wave opening bedside-tests 1 > opening.json")]
    Opening {
        /// The change.
        change: String,
        /// The wave's number.
        #[arg(value_parser = number::whole::<usize, 1, 1_000_000>, allow_negative_numbers = true)]
        n: usize,
    },
    /// Print what is published of a wave's draw once its list is frozen: keep it somewhere of your own.
    #[command(after_help = "Example: traction wave closing bedside-tests 1 > closing.json")]
    Closing {
        /// The change.
        change: String,
        /// The wave's number.
        #[arg(value_parser = number::whole::<usize, 1, 1_000_000>, allow_negative_numbers = true)]
        n: usize,
    },
    /// Recompute the draw of a wave, and hold it against what the journal says was published before it.
    #[command(after_help = "Example: traction wave verify bedside-tests 1")]
    Verify {
        /// The change.
        change: String,
        /// The wave's number.
        #[arg(value_parser = number::whole::<usize, 1, 1_000_000>, allow_negative_numbers = true)]
        n: usize,
    },
    /// What is settled about a wave before it is drawn.
    #[command(flatten)]
    Settle(SettleCommand),
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
        WaveCommand::Opening { change, n } => prior(operator, &change, n, Prior::Opening).await?,
        WaveCommand::Closing { change, n } => prior(operator, &change, n, Prior::Closing).await?,
        WaveCommand::Settle(command) => return settling::run(command, operator).await,
        WaveCommand::Verify { change, n } => return verify(operator, &change, n).await,
        WaveCommand::Draw { change, n } => {
            let (change, wave) = verbs::find(sql, &change, n).await?;
            let record = draw::run::run(world, &Who::operator(), &change, &wave).await?;
            crate::loops::settle(world).await?;
            print!("{}", record.to_json());
        }
    }
    Ok(Done)
}

async fn prior(operator: &Operator, change: &str, n: usize, which: Prior) -> Result<(), Stop> {
    let (world, sql) = (&operator.world, operator.world.store().read());
    let (change, wave) = verbs::find(sql, change, n).await?;
    print!("{}", draw::prior::record(sql, &change, &wave, which, world.now()).await?.to_json());
    Ok(())
}

async fn verify(operator: &Operator, change: &str, n: usize) -> Result<Done, Stop> {
    let sql = operator.world.store().read();
    let (_, wave) = verbs::find(sql, change, n).await?;
    let drawn =
        draw::store::drawn(sql, wave.id).await?.ok_or(Trouble::NotFound { what: "record of a draw" })?;
    let record = &drawn.record;
    let written = draw::store::written(sql).await?.remove(&wave.id).unwrap_or_default();
    let no = rules::verify(record).err().map(|flaw| flaw.to_string());
    let no = no.or(written.agrees(record.commitment, Some(record.list_hash)).err().map(|no| no.to_string()));
    let beside = match (written.commitment, written.list_hash) {
        (Some(_), Some(_)) => "commitment and list hash are those of the journal",
        (None, None) => "the journal was written before it held hashes, and says nothing of this draw's",
        _ => "the journal holds one of the two hashes, and it is the same",
    };
    match (&no, operator.output) {
        (None, Output::Table) => println!("verified; {beside}"),
        (None, Output::Json) => println!("{}", json!({ "verified": true, "says": beside })),
        (Some(no), Output::Table) => println!("not verified: {no}"),
        (Some(no), Output::Json) => println!("{}", json!({ "verified": false, "says": no })),
    }
    if no.is_none() { Ok(Done) } else { Err(Stop::No) }
}
