//! The hashes of a draw: SHA-256 and HMAC-SHA-256, written as lower-case hex, and the secret behind the commitment.
//!
//! Makes no randomness: a secret's 32 bytes arrive as an argument.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

/// A SHA-256 or HMAC-SHA-256 result: 32 bytes, shown as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// SHA-256 of the parts, one after the other.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut sha = Sha256::new();
        for part in parts {
            sha.update(part);
        }
        Self(sha.finalize().into())
    }

    /// The 32 raw bytes, as they enter further hashes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Digest {
    type Err = NotHex;

    /// Reads exactly 64 lower-case hexadecimal digits, the only form a record may use.
    fn from_str(text: &str) -> Result<Self, NotHex> {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(NotHex::of(text));
        }
        bytes_of(text).map(Self)
    }
}

/// As the journal's facts hold it: its hexadecimal digits.
impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

/// A text that is not 32 bytes in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not 32 bytes in hex; write 64 digits of 0-9 and a-f")]
pub struct NotHex {
    /// What was written; of a long text the beginning.
    pub text: String,
}

impl NotHex {
    fn of(text: &str) -> Self {
        Self { text: text.chars().take(70).collect() }
    }
}

fn bytes_of(text: &str) -> Result<[u8; 32], NotHex> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| NotHex::of(text))?;
    Ok(bytes)
}

/// The 32 bytes whose hash is published at opening, and which are published themselves only with the draw.
///
/// Deliberately without `Display`, and hidden by `Debug`, so that it cannot reach a log before its time.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// The secret made of these bytes, which must come from a cryptographic source of randomness.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads 64 hexadecimal digits in either case, as a person may type them.
    ///
    /// # Errors
    /// [`NotHex`] when the text is anything else.
    pub fn from_hex(text: &str) -> Result<Self, NotHex> {
        bytes_of(text).map(Self)
    }

    /// SHA-256 of the secret: what is published at opening.
    pub fn commitment(&self) -> Digest {
        Digest::of(&[&self.0])
    }

    /// The secret in lower-case hex. From then on it is no longer one.
    pub fn reveal(&self) -> String {
        hex::encode(self.0)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// The HMAC-SHA-256 of many messages under one key: the key is prepared once.
pub(super) struct Scorer(Hmac<Sha256>);

impl Scorer {
    pub(super) fn new(key: &Digest) -> Self {
        Self(Hmac::new_from_slice(&key.0).expect("HMAC takes a key of any length"))
    }

    pub(super) fn score(&self, unit: &str) -> Digest {
        let mut mac = self.0.clone();
        mac.update(unit.as_bytes());
        Digest(mac.finalize().into_bytes().into())
    }
}
