//! `traction draw …`: needs no server and no database.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::num::NonZeroU32;

use clap::Subcommand;
use serde_json::json;
use traction_domain::contend::draw::{
    Cap, Entrants, Entry, Heading, PublicSource, Published, Record, Secret, Slots, Terms, verify,
};

use crate::commands::{Done, Output, Stop, number};
use crate::contend::draw::list;
use crate::trouble::Broken;
use crate::world;

/// The draw.
#[derive(Debug, Subcommand)]
pub enum DrawCommand {
    /// Draw from a list, and print the record.
    #[command(after_help = "Example: traction draw run list.csv --slots 3 > draw.json")]
    Run {
        /// A table with the columns unit, band, layer, and optionally place and parent; `-` reads standard input.
        file: String,
        /// How many slots there are.
        #[arg(long, value_parser = number::whole::<u32, 0, 1_000_000>, allow_negative_numbers = true)]
        slots: u32,
        /// The most slots for units with the same `parent`.
        #[arg(long, value_parser = number::some, allow_negative_numbers = true)]
        cap: Option<NonZeroU32>,
        /// The secret, 64 hexadecimal digits; without it one is made.
        #[arg(long, value_name = "HEX", value_parser = Secret::from_hex)]
        secret: Option<Secret>,
        /// A public source of randomness and its value; may be repeated, in the order in which they were named.
        #[arg(long = "public", value_name = "NAME=VALUE", value_parser = source)]
        public: Vec<PublicSource>,
    },
    /// Recompute a record, and name the first thing that does not hold.
    #[command(after_help = "Example: traction draw verify draw.json --published opening.json")]
    Verify {
        /// The record; `-` reads standard input.
        file: String,
        /// What you kept of it: the opening record, the closing record, or the record as it was published. Whatever differs
        /// from it is named too, also what no hash binds.
        #[arg(long, value_name = "FILE")]
        published: Option<String>,
    },
}

/// Runs it.
pub fn run(command: DrawCommand, output: Output) -> Result<Done, Stop> {
    match command {
        DrawCommand::Run { file, slots, cap, secret, public } => {
            let entries = entries(&file, cap.map(Cap))?;
            let secret = secret.unwrap_or_else(|| Secret::from_bytes(world::chance()));
            let terms = Terms { slots: Slots(slots), cap: cap.map(Cap) };
            draw(entries, terms, secret, public)
        }
        DrawCommand::Verify { file, published } => check(&file, published.as_deref(), output),
    }
}

fn draw(entries: Vec<Entry>, terms: Terms, secret: Secret, public: Vec<PublicSource>) -> Result<Done, Stop> {
    let entrants = Entrants::new(entries)?;
    let drawn = Record::new(Heading::default(), secret, public, &entrants, &BTreeSet::new(), terms);
    match drawn {
        Ok(record) => print(&record.to_json()),
        Err(refused) => {
            eprintln!("{refused}");
            Err(Stop::No)
        }
    }
}

fn entries(file: &str, cap: Option<Cap>) -> Result<Vec<Entry>, Stop> {
    let list = list::read(&bytes(file)?).map_err(|refused| Stop::Input(format!("in {file}, {refused}")))?;
    for column in &list.unused {
        eprintln!("{file}: the column `{column}` is not used by a draw");
    }
    let mut entries = list.entries;
    if cap.is_none() && entries.iter().any(|entry| entry.parent.is_some()) {
        eprintln!("{file}: the column `parent` is not used without --cap");
        entries.iter_mut().for_each(|entry| entry.parent = None);
    }
    Ok(entries)
}

fn check(file: &str, published: Option<&str>, output: Output) -> Result<Done, Stop> {
    let record = record(file)?;
    let published = published.map(self::published).transpose()?;
    let beside = |_| published.as_ref().map_or(Ok(()), |published| published.agrees_with(&record));
    match (verify(&record).and_then(beside), output) {
        (Ok(_), Output::Table) => {
            print(&format!("verified\nlist hash  {}\nseed       {}\n", record.list_hash, record.seed))
        }
        (Ok(_), Output::Json) => {
            let (list_hash, seed) = (record.list_hash.to_string(), record.seed.to_string());
            print(&format!("{}\n", json!({ "verified": true, "list_hash": list_hash, "seed": seed })))
        }
        (Err(flaw), Output::Table) => print(&format!("not verified: {flaw}\n")).and(Err(Stop::No)),
        (Err(flaw), Output::Json) => {
            let says = json!({ "verified": false, "says": flaw.to_string() });
            print(&format!("{says}\n")).and(Err(Stop::No))
        }
    }
}

fn record(file: &str) -> Result<Record, Stop> {
    Record::parse(&text(file)?).map_err(|unreadable| Stop::Input(format!("in {file}, {unreadable}")))
}

fn published(file: &str) -> Result<Published, Stop> {
    Published::parse(&text(file)?).map_err(|unreadable| Stop::Input(format!("in {file}, {unreadable}")))
}

fn text(file: &str) -> Result<String, Stop> {
    String::from_utf8(bytes(file)?)
        .map_err(|_| Stop::Input(format!("in {file}: not UTF-8 text; a record is JSON in UTF-8")))
}

fn source(text: &str) -> Result<PublicSource, String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| format!("`{text}` has no `=`; write it like \"national lottery=3 9 14 27 33 41\""))?;
    PublicSource::new(name.to_owned(), None, Some(value.to_owned())).map_err(|refused| refused.to_string())
}

fn bytes(file: &str) -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    let read = match file {
        "-" => std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes),
        file => std::fs::read(file),
    };
    read.map_err(|error| {
        Stop::Input(format!("cannot read {file} ({error}); give the path of a file that can"))
    })
}

/// Writes the result; a reader that has seen enough and hangs up is no accident.
fn print(text: &str) -> Result<Done, Stop> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Broken::accident("writing the result", error).into())
        }
        _ => Ok(Done),
    }
}
