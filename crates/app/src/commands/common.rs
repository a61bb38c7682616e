//! The options of every command, and the world they describe.

use std::path::PathBuf;

use clap::Args;

use crate::commands::{Output, Stop};
use crate::measure::source::connections::Connections;
use crate::serve;
use crate::store::{Place, Store};
use crate::world::mail::Mail;
use crate::world::{Settings, Simulation, World};

/// Options of every command.
#[derive(Debug, Args)]
pub struct Common {
    /// The folder that holds the embedded database.
    #[arg(long, global = true, env = "TRACTION_DATA", default_value = "traction-data")]
    data: PathBuf,
    /// A database instead: sqlite://FILE or postgres://USER@HOST/NAME.
    #[arg(long, global = true, env = "TRACTION_DATABASE")]
    database: Option<String>,
    /// The organisation's name.
    #[arg(long, global = true, env = "TRACTION_ORGANISATION", default_value = "Our organisation")]
    organisation: String,
    /// How the outside reaches the server; default is the address it listens on.
    #[arg(long, global = true, env = "TRACTION_PUBLIC_URL")]
    public_url: Option<String>,
    /// The time zone of dates shown and typed, say Europe/Vienna.
    #[arg(long, global = true, env = "TRACTION_TIME_ZONE", default_value = "UTC")]
    time_zone: String,
    /// Print JSON, for machines.
    #[arg(long, global = true)]
    json: bool,
}

/// What a command of the operator works with.
pub struct Operator {
    /// The world.
    pub world: World,
    /// How results are printed.
    pub output: Output,
}

/// Whether a database must be there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It must: a mistyped place is said, not made.
    There,
    /// It is made where there is none.
    MadeIfMissing,
}

impl Common {
    /// How results are printed.
    pub fn output(&self) -> Output {
        if self.json { Output::Json } else { Output::Table }
    }

    /// Where the database is.
    pub fn place(&self) -> Place {
        // A variable that is set to nothing is not set.
        match self.database.as_deref().filter(|url| !url.is_empty()) {
            Some(url) => Place::Url(url.to_owned()),
            None => Place::Folder(self.data.clone()),
        }
    }

    /// The world that the options describe; `address` is where a server would listen.
    pub async fn world(&self, address: &str, opening: Opening) -> Result<World, Stop> {
        let zone = jiff::tz::TimeZone::get(&self.time_zone).map_err(|_| {
            Stop::Input(format!("`{}` is not a time zone; write it like Europe/Vienna", self.time_zone))
        })?;
        let place = self.place();
        let public_url = match self.public_url.as_deref().filter(|url| !url.is_empty()) {
            Some(url) => reachable(url)?.to_owned(),
            None => format!("http://{address}"),
        };
        let settings = Settings {
            organisation: self.organisation.clone(),
            public_url: public_url.trim_end_matches('/').to_owned(),
            zone,
            simulation: Simulation::Real,
            connections: Connections::of_environment(),
            mail: Mail::of_environment().map_err(|refused| Stop::Input(refused.to_string()))?,
        };
        let store = match opening {
            Opening::MadeIfMissing => Store::open(&place).await?,
            Opening::There => Store::open_existing(&place).await?,
        };
        Ok(World::real(store, settings))
    }

    /// What an operator's command works with.
    pub async fn operator(&self, opening: Opening) -> Result<Operator, Stop> {
        Ok(Operator { world: self.world(serve::DEFAULT_ADDRESS, opening).await?, output: self.output() })
    }
}

/// The address, when a browser can go there.
fn reachable(url: &str) -> Result<&str, Stop> {
    let rest = url.strip_prefix("https://").or(url.strip_prefix("http://")).unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_plain =
        |letter: char| !letter.is_whitespace() && !letter.is_control() && !"\"<>\\^`{|}".contains(letter);
    if !host.is_empty() && rest.chars().all(is_plain) {
        Ok(url)
    } else {
        Err(Stop::Input(format!(
            "`{url}` is not an address that a browser can go to; write --public-url like https://traction.example.org"
        )))
    }
}
