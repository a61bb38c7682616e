//! Where sources may go: addresses that stand in the server's environment, and nowhere else.
//!
//! Whoever sets the machine up decides which databases and folders it may reach, and what computes there; a page, a program or a backup knows a connection by
//! its name alone. See docs/decisions/0008-connections-in-the-environment.md.

use std::collections::BTreeMap;
use std::fmt;

use traction_domain::measure::source::ConnectionName;
use traction_warehouse::{Engine, EngineRefused, Secret};

/// The connections of an installation, by name. It never shows an address with its user or password.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Connections {
    addresses: BTreeMap<ConnectionName, String>,
    engine: Option<String>,
    secret: Option<String>,
}

impl Connections {
    /// Those that the environment names: `TRACTION_SOURCE_WAREHOUSE=postgres://…`.
    pub fn of_environment() -> Connections {
        Connections::of(
            std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
        )
    }

    /// Those among some variables.
    pub fn of(variables: impl Iterator<Item = (String, String)>) -> Connections {
        let mut connections = Connections::default();
        for (variable, value) in variables {
            let value = value.trim().to_owned();
            if value.is_empty() {
                continue;
            }
            match variable.as_str() {
                Engine::VARIABLE => connections.engine = Some(value),
                Secret::VARIABLE => connections.secret = Some(value),
                _ => {
                    let name =
                        variable.strip_prefix(ConnectionName::PREFIX).and_then(|name| name.parse().ok());
                    connections.addresses.extend(name.map(|name| (name, value)));
                }
            }
        }
        connections
    }

    /// What asks the folders among them, where the environment says so in words that can be read.
    pub fn engine(&self) -> Result<Engine, EngineRefused> {
        Engine::of(self.engine.as_deref(), self.secret.as_deref())
    }

    /// The address of a connection, with its secrets.
    pub fn address(&self, name: &ConnectionName) -> Option<&str> {
        self.addresses.get(name).map(String::as_str)
    }

    /// The names of all of them.
    pub fn names(&self) -> impl Iterator<Item = &ConnectionName> {
        self.addresses.keys()
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.addresses.keys().map(ConnectionName::as_str)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_variables_of_the_prefix_are_connections_and_none_is_shown() {
        let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let found = Connections::of(
            [
                variable("TRACTION_SOURCE_WAREHOUSE", " postgres://u:secret@h/d "),
                variable("TRACTION_SOURCE_EMPTY", " "),
                variable("TRACTION_SOURCE_small", "postgres://u:secret@h/d"),
                variable("TRACTION_DATABASE", "postgres://u:secret@h/own"),
                variable("TRACTION_WAREHOUSE", "workers:http://a:7071"),
                variable("TRACTION_WAREHOUSE_SECRET", "secret-secret-secret-secret"),
            ]
            .into_iter(),
        );
        assert_eq!(found.names().map(ConnectionName::as_str).collect::<Vec<_>>(), ["WAREHOUSE"]);
        assert_eq!(found.address(&"WAREHOUSE".parse().unwrap()), Some("postgres://u:secret@h/d"));
        assert_eq!(found.engine().unwrap().to_string(), "workers:http://a:7071");
        assert_eq!(format!("{found:?}"), r#"{"WAREHOUSE"}"#);
    }
}
