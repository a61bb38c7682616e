//! `traction wave policy|place|source|value …`: what is settled about a wave before it is drawn, as on its pages.

use std::num::NonZeroU32;

use clap::{Subcommand, ValueEnum};
use traction_domain::contend::draw::{Cap, Place};
use traction_domain::contend::policy::{Contenders, Cuts, Layers, Policy, Unshown};
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::commands::{Done, Operator, Stop, number, print_table};
use crate::contend::draw::sources::{self, SourceWish};
use crate::contend::draw::store as draws;
use crate::contend::policy::{store, verbs};
use crate::offer::wave;
use crate::org::unit;

/// What is settled about a wave.
#[derive(Debug, Subcommand)]
pub enum SettleCommand {
    /// Say how a wave chooses, before it opens; what is left out stays as it is.
    #[command(
        after_help = "Example: traction wave policy bedside-tests 1 --cut 4 --cut 3 --unshown 2 --near people,parent --cap 2\nExample: traction wave policy bedside-tests 1 --shown named"
    )]
    Policy {
        /// The change.
        change: String,
        /// The wave's number.
        #[arg(value_parser = number::whole::<usize, 1, 1_000_000>, allow_negative_numbers = true)]
        n: usize,
        /// Least readiness to contend, 1 to 5.
        #[arg(long, value_parser = number::real, allow_negative_numbers = true)]
        threshold: Option<f64>,
        /// Where the bands part, from high to low; may be repeated.
        #[arg(long = "cut", value_parser = number::real, allow_negative_numbers = true)]
        cuts: Vec<f64>,
        /// The band of units without a shown pulse.
        #[arg(long, value_parser = number::whole::<u32, 0, 1_000>, allow_negative_numbers = true)]
        unshown: Option<u32>,
        /// What makes a unit near, in order: people, parent, distance; empty: nothing does.
        #[arg(long)]
        near: Option<Layers>,
        /// Most slots under one parent.
        #[arg(long, value_parser = number::some, allow_negative_numbers = true)]
        cap: Option<NonZeroU32>,
        /// What everybody sees of those who contend.
        #[arg(long)]
        shown: Option<Shown>,
    },
    /// Protect the place of a unit with a reason that is published, before the wave opens; or open it to the draw again.
    #[command(
        after_help = "Example: traction wave place bedside-tests 1 ward-7 --why \"the pilot ward\"\nExample: traction wave place bedside-tests 1 ward-7 --open"
    )]
    Place {
        /// The change.
        change: String,
        /// The wave's number.
        #[arg(value_parser = number::whole::<usize, 1, 1_000_000>, allow_negative_numbers = true)]
        n: usize,
        /// The unit.
        unit: String,
        /// The reason.
        #[arg(long, required_unless_present = "open", conflicts_with = "open")]
        why: Option<String>,
        /// Open it to the draw again.
        #[arg(long)]
        open: bool,
    },
    /// Name a public source of randomness, before anybody applies.
    #[command(
        after_help = "Example: traction wave source bedside-tests 1 \"national lottery, main numbers\" --link https://lottery.example/6of45 --due 2026-12-16T19:00:00Z"
    )]
    Source {
        /// The change.
        change: String,
        /// The wave's number.
        #[arg(value_parser = number::whole::<usize, 1, 1_000_000>, allow_negative_numbers = true)]
        n: usize,
        /// What it is.
        name: String,
        /// Where its value is published.
        #[arg(long)]
        link: String,
        /// When its value comes to be, after applications close.
        #[arg(long)]
        due: Moment,
    },
    /// Enter the value of a public source, or put it right with a reason before the draw.
    #[command(
        after_help = "Example: traction wave value bedside-tests 1 1 \"3 9 14 27 33 41\"\nExample: traction wave value bedside-tests 1 1 \"3 9 14 27 33 42\" --why \"a digit was wrong\""
    )]
    Value {
        /// The change.
        change: String,
        /// The wave's number.
        #[arg(value_parser = number::whole::<usize, 1, 1_000_000>, allow_negative_numbers = true)]
        n: usize,
        /// The source's number among those named, from 1.
        #[arg(value_parser = number::whole::<usize, 1, 1_000>, allow_negative_numbers = true)]
        source: usize,
        /// Its value, exactly as it is published.
        value: String,
        /// It was entered wrong before: why.
        #[arg(long)]
        why: Option<String>,
    },
}

/// What everybody sees of those who contend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shown {
    /// How many they are.
    Counted,
    /// Which units they are.
    Named,
    /// Which units, what hurts them, and what they want to reach.
    Told,
}

impl From<Shown> for Contenders {
    fn from(shown: Shown) -> Contenders {
        match shown {
            Shown::Counted => Contenders::Counted,
            Shown::Named => Contenders::Named,
            Shown::Told => Contenders::Told,
        }
    }
}

/// Runs it.
pub async fn run(command: SettleCommand, operator: &Operator) -> Result<Done, Stop> {
    let (world, who) = (&operator.world, Who::operator());
    let sql = world.store().read();
    match command {
        SettleCommand::Policy { change, n, threshold, cuts, unshown, near, cap, shown } => {
            let (change, wave) = wave::verbs::find(sql, &change, n).await?;
            let before = store::of_wave(sql, wave.id).await?;
            let policy = Policy {
                threshold: threshold.or(before.threshold),
                cuts: if cuts.is_empty() { before.cuts } else { Cuts::new(cuts)? },
                unshown: unshown.map_or(before.unshown, Unshown::InBand),
                layers: near.unwrap_or(before.layers),
                cap: cap.map(Cap).or(before.cap),
                contenders: shown.map_or(before.contenders, Contenders::from),
            };
            verbs::set(world, &who, &change, &wave, policy).await?;
        }
        SettleCommand::Place { change, n, unit, why, open: _ } => {
            let (change, wave) = wave::verbs::find(sql, &change, n).await?;
            let unit = unit::verbs::find(sql, &unit).await?.id;
            let place = if why.is_some() { Place::Protected } else { Place::Open };
            let why = why.unwrap_or_default();
            verbs::decide_place(world, &who, &change, &wave, unit, place, &why).await?;
            let rows = store::protected(sql, wave.id).await?;
            let rows = rows.into_iter().map(|held| vec![held.unit_slug.to_string(), held.why, held.who]);
            print_table(operator.output, &["unit", "why", "who"], rows.collect());
        }
        SettleCommand::Source { change, n, name, link, due } => {
            let (change, wave) = wave::verbs::find(sql, &change, n).await?;
            let wish = SourceWish { name: &name, link: &link, due };
            sources::name(world, &who, &change, &wave, wish).await?;
            print_sources(operator, &wave).await?;
        }
        SettleCommand::Value { change, n, source, value, why } => {
            let (change, wave) = wave::verbs::find(sql, &change, n).await?;
            match why {
                None => sources::enter(world, &who, &change, &wave, source, &value).await?,
                Some(why) => sources::correct(world, &who, &change, &wave, source, &value, &why).await?,
            }
            print_sources(operator, &wave).await?;
        }
    }
    Ok(Done)
}

async fn print_sources(operator: &Operator, wave: &wave::store::Wave) -> Result<(), Stop> {
    let named = draws::named(operator.world.store().read(), wave.id).await?;
    let rows = (1..).zip(named).map(|(n, named): (usize, _)| {
        let source = named.source;
        vec![
            n.to_string(),
            source.name,
            source.when.unwrap_or_default(),
            named.link.unwrap_or_default(),
            source.value.unwrap_or_default(),
        ]
    });
    print_table(operator.output, &["source", "name", "due", "link", "value"], rows.collect());
    Ok(())
}
