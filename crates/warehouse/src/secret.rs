//! What a worker and those who give it work know together. It is never shown.

use std::fmt;
use std::str::FromStr;

/// A secret of a cluster.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// A text that is no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{} has fewer than {N_CHARACTERS_OF_SECRET} characters, or others than letters, digits and signs of ASCII; set the same here and on each worker, as from `openssl rand -hex 32`",
    Secret::VARIABLE
)]
pub struct SecretRefused;

/// The shortest secret that is taken, in characters.
const N_CHARACTERS_OF_SECRET: usize = 24;

impl Secret {
    /// Where it stands in the environment.
    pub const VARIABLE: &'static str = "TRACTION_WAREHOUSE_SECRET";

    /// As a request carries it.
    #[cfg_attr(
        not(feature = "engine"),
        expect(dead_code, reason = "without an engine there are no requests")
    )]
    pub(crate) fn header(&self) -> String {
        format!("Bearer {}", self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl FromStr for Secret {
    type Err = SecretRefused;

    fn from_str(text: &str) -> Result<Secret, SecretRefused> {
        let text = text.trim();
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        if is_plain && text.len() >= N_CHARACTERS_OF_SECRET {
            Ok(Secret(text.to_owned()))
        } else {
            Err(SecretRefused)
        }
    }
}
