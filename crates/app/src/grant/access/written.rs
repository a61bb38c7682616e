//! Answers as JSON, written beforehand as far as they are the same for everybody.

use std::fmt::Write as _;
use std::ops::Range;

use bytes::Bytes;
use serde_json::json;
use sha2::{Digest, Sha256};
use traction_domain::grant::access::{Answer, Grant, Running, Snapshot};

use crate::grant::access::packed::Shelf;

/// From how many bytes on an answer to all flags is packed: a shorter one is a single packet of the network anyway.
const WORTH_PACKING: usize = 1_400;

/// What every answer to all flags ends with.
const END: &str = "}";

/// The answers of one snapshot.
#[derive(Debug)]
pub struct Written {
    /// All answers where every flag is off, without the brackets around them.
    all_off: String,
    flags: Vec<Flagged>,
    begun_digest: Sha256,
    packed: Shelf,
}

#[derive(Debug)]
struct Flagged {
    /// Where in `all_off` its answer stands.
    off: Range<usize>,
    /// The answer where it is on, up to what depends on the slot.
    on: String,
}

impl Written {
    /// Writes what can be written of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Written {
        let version = snapshot.version();
        let mut all_off = String::new();
        let mut flags = Vec::new();
        for flag in snapshot.flags() {
            let (key, change) = (json!(flag.key), json!(flag.change));
            let reason = match flag.running {
                Running::Yes => "DEFAULT",
                Running::Paused => "DISABLED",
            };
            let said = format!(r#""metadata":{{"version":{version},"change":{change}"#);
            if !all_off.is_empty() {
                all_off.push(',');
            }
            let start = all_off.len();
            // Writing to a text cannot fail.
            let _ = write!(
                all_off,
                r#"{{"key":{key},"value":false,"variant":"off","reason":"{reason}",{said}}}}}"#
            );
            let on =
                format!(r#"{{"key":{key},"value":true,"variant":"on","reason":"TARGETING_MATCH",{said}"#);
            flags.push(Flagged { off: start..all_off.len(), on });
        }
        // A whole block of the hash, which is then done once for all tags.
        let begun_digest =
            Sha256::new().chain_update(Sha256::digest(all_off.as_bytes())).chain_update([0; 32]);
        Written { all_off, flags, begun_digest, packed: Shelf::default() }
    }

    /// A digest that is begun with everything that is written here (keys, changes, which are paused, and the version),
    /// to be gone on with.
    pub fn begun_digest(&self) -> Sha256 {
        self.begun_digest.clone()
    }

    /// One answer.
    pub fn one(&self, answer: &Answer<'_>) -> String {
        let flag = &self.flags[answer.number];
        let Some(grant) = answer.grant else { return self.all_off[flag.off.clone()].to_owned() };
        let mut text = String::with_capacity(flag.on.len() + 160);
        self.write_on(&mut text, grant);
        text
    }

    /// All answers, where exactly the flags of these grants are on; `then` comes after them.
    pub fn all<'a>(&self, in_force: impl Iterator<Item = &'a Grant>, then: &str) -> String {
        let mut text = self.begun(in_force, then.len() + END.len());
        text.push_str(then);
        text.push_str(END);
        text
    }

    /// Whether answers to all flags are long enough to be packed for whoever takes them so.
    pub fn is_worth_packing(&self) -> bool {
        self.all_off.len() >= WORTH_PACKING
    }

    /// As [`Written::all`], packed by gzip; the digest is that of these grants. `None` where it must go plain.
    pub fn all_packed<'a>(
        &self,
        digest: [u8; 16],
        in_force: impl Iterator<Item = &'a Grant>,
        then: &str,
    ) -> Option<[Bytes; 2]> {
        self.packed.packed(digest, || self.begun(in_force, 0), &[then, END])
    }

    /// All answers, up to what comes after them, for which there is room.
    fn begun<'a>(&self, in_force: impl Iterator<Item = &'a Grant>, room: usize) -> String {
        let mut on: Vec<&Grant> = in_force.collect();
        on.sort_unstable_by_key(|grant| grant.flag_number());
        let mut text = String::with_capacity(self.all_off.len() + on.len() * 160 + room + 16);
        text.push_str(r#"{"flags":["#);
        let mut done = 0;
        for grant in on {
            let off = &self.flags[grant.flag_number()].off;
            text.push_str(&self.all_off[done..off.start]);
            self.write_on(&mut text, grant);
            done = off.end;
        }
        text.push_str(&self.all_off[done..]);
        text.push(']');
        text
    }

    fn write_on(&self, text: &mut String, grant: &Grant) {
        text.push_str(&self.flags[grant.flag_number()].on);
        let _ = write!(text, r#","slot":"{}""#, grant.slot);
        if let Some(wave) = grant.wave {
            let _ = write!(text, r#","wave":"{wave}""#);
        }
        if let Some(until) = grant.span.until {
            let _ = write!(text, r#","until":"{until}""#);
        }
        text.push_str("}}");
    }
}
