//! Which engine asks folders, as one setting says it: this process, a cluster of workers, or a Ballista cluster. Connects
//! to nothing.

use std::fmt;

use crate::secret::{Secret, SecretRefused};

/// What asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// This process, on its own threads.
    #[default]
    Embedded,
    /// Several processes of this program, each on a part of the files.
    Workers(Workers),
    /// A Ballista cluster that exists, by its scheduler.
    Ballista(Scheduler),
}

/// Where the scheduler of a Ballista cluster listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheduler {
    /// The machine, as an address has it: a number with colons stands in brackets.
    host: String,
    /// The port.
    pub port: u16,
}

impl Scheduler {
    /// Before host and port, as Ballista's own clients write it.
    const SCHEME: &'static str = "df://";
    /// Where schedulers listen unless told otherwise.
    const PORT: u16 = 50_050;

    /// The machine, as a name is looked up.
    pub fn host(&self) -> &str {
        self.host.trim_matches(['[', ']'])
    }

    /// As requests go there.
    pub fn url(&self) -> String {
        format!("http://{}:{}", self.host, self.port)
    }
}

/// A cluster of workers, and what they know together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workers {
    /// Their addresses: `http://HOST:PORT`.
    pub addresses: Vec<String>,
    /// What makes them take work.
    pub secret: Secret,
}

/// A setting that names no engine. It follows the name of its variable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineRefused {
    /// It is of no known kind.
    #[error(
        "says `{0}`; write embedded, workers:http://HOST:PORT,http://HOST:PORT, or ballista:df://HOST:PORT"
    )]
    Unknown(String),
    /// A worker's address cannot be read.
    #[error("names a worker `{0}`; write http://HOST:PORT")]
    Address(String),
    /// A scheduler's address cannot be read.
    #[error("names a Ballista scheduler `{0}`; write ballista:df://HOST:PORT")]
    Scheduler(String),
    /// Workers need a secret.
    #[error("names workers, for which {} is missing: {SecretRefused}", Secret::VARIABLE)]
    NoSecret,
}

impl Engine {
    /// Where it stands in the environment.
    pub const VARIABLE: &'static str = "TRACTION_WAREHOUSE";

    /// The engine of a setting and a secret, as the environment has them.
    pub fn of(setting: Option<&str>, secret: Option<&str>) -> Result<Engine, EngineRefused> {
        let setting = setting.unwrap_or_default().trim();
        if setting.is_empty() || setting == "embedded" {
            return Ok(Engine::Embedded);
        }
        if let Some(address) = setting.strip_prefix("ballista:") {
            return scheduler(address).map(Engine::Ballista);
        }
        let Some(listed) = setting.strip_prefix("workers:") else {
            return Err(EngineRefused::Unknown(setting.chars().take(80).collect()));
        };
        let addresses = listed.split(',').map(address).collect::<Result<Vec<_>, _>>()?;
        let secret = secret.unwrap_or_default().parse().map_err(|SecretRefused| EngineRefused::NoSecret)?;
        Ok(Engine::Workers(Workers { addresses, secret }))
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Engine::Embedded => f.write_str("embedded"),
            Engine::Workers(Workers { addresses, .. }) => write!(f, "workers:{}", addresses.join(",")),
            Engine::Ballista(Scheduler { host, port }) => {
                write!(f, "ballista:{}{host}:{port}", Scheduler::SCHEME)
            }
        }
    }
}

fn scheduler(text: &str) -> Result<Scheduler, EngineRefused> {
    let text = text.trim().trim_end_matches('/');
    let refused = || EngineRefused::Scheduler(text.chars().take(80).collect());
    let rest = text.strip_prefix(Scheduler::SCHEME).ok_or_else(refused)?;
    let with_port = if rest.ends_with(']') || !rest.contains(':') {
        format!("{rest}:{}", Scheduler::PORT)
    } else {
        rest.to_owned()
    };
    let (host, port) = with_port.rsplit_once(':').filter(|of| is_fit(*of)).ok_or_else(refused)?;
    Ok(Scheduler { host: host.to_owned(), port: port.parse().map_err(|_| refused())? })
}

/// Whether these can be a host and a port, and nothing else is with them.
fn is_fit((host, port): (&str, &str)) -> bool {
    let has_others = host.contains(['/', '@', '?', '#', ' ']);
    !host.is_empty() && !has_others && port.parse::<u16>().is_ok_and(|port| port > 0)
}

fn address(text: &str) -> Result<String, EngineRefused> {
    let text = text.trim().trim_end_matches('/');
    let host_and_port = text.strip_prefix("http://").and_then(|rest| rest.rsplit_once(':'));
    let is_fit = host_and_port.is_some_and(is_fit);
    if is_fit { Ok(text.to_owned()) } else { Err(EngineRefused::Address(text.chars().take(80).collect())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef01234567";

    #[track_caller]
    fn check(setting: &str, secret: Option<&str>, says: Result<&str, &str>) {
        let found = Engine::of(Some(setting), secret);
        assert!(!format!("{found:?}").contains(SECRET), "a secret is shown");
        match (found.map(|engine| engine.to_string()).map_err(|refused| refused.to_string()), says) {
            (Ok(found), Ok(wanted)) => assert_eq!(found, wanted),
            (Err(found), Err(wanted)) => assert!(found.contains(wanted), "{found}"),
            (found, _) => panic!("{setting}: {found:?}"),
        }
    }

    #[test]
    fn one_setting_names_the_engine() {
        assert_eq!(Engine::of(None, None), Ok(Engine::Embedded));
        check("", None, Ok("embedded"));
        check("embedded", None, Ok("embedded"));
        let two = "workers:http://10.0.0.1:7071,http://[::1]:7072";
        check(two, Some(SECRET), Ok(two));
        check(
            "workers: http://a:7071/ , http://b:7071",
            Some(SECRET),
            Ok("workers:http://a:7071,http://b:7071"),
        );
        check(two, None, Err("TRACTION_WAREHOUSE_SECRET is missing"));
        check(two, Some("short"), Err("fewer than 24 characters"));
        check("ballista:df://lake.example.org:50051/", None, Ok("ballista:df://lake.example.org:50051"));
        check("ballista: df://lake ", None, Ok("ballista:df://lake:50050"));
        check("ballista:df://[::1]", None, Ok("ballista:df://[::1]:50050"));
        for address in
            ["", "lake:50050", "http://lake:50050", "df://", "df://u@lake:1", "df://lake:0", "df://a/b"]
        {
            check(&format!("ballista:{address}"), None, Err("names a Ballista scheduler"));
        }
        check("spark:x", None, Err("says `spark:x`; write embedded, workers:"));
        for address in ["", "https://a:7071", "a:7071", "http://a", "http://a:0", "http://u@a:1", "http://:1"]
        {
            check(&format!("workers:{address}"), Some(SECRET), Err("names a worker"));
        }
    }
}
