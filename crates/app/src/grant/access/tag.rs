//! The tag of an answer to all flags: another one exactly when the answer is another.
//!
//! It is made without writing the answer: from the digest of what is the same for everybody, that of the grants in force,
//! whom it is about and who asks; and, where a stream's address comes with it, from when that address ceases to work.

use std::fmt::Write as _;

use sha2::Digest;
use traction_domain::grant::access::Context;
use traction_domain::time::Moment;

use crate::grant::access::board::Face;

/// How long at least a stream's address works; at most twice as long.
const WINDOW: i64 = 15 * 60 * 1_000;

/// What a weak tag begins with: the same is said, though not by the same bytes.
pub const WEAK: &str = "W/";

/// The tag of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// What the answer is made from.
    pub state: [u8; 16],
    /// When the stream's address that comes with it ceases to work.
    pub expires: Option<Moment>,
}

impl Tag {
    /// Quoted, as `ETag` and `If-None-Match` have it; of an answer in one of two codings weak (RFC 9110, 8.8.3.3).
    pub fn written(&self, is_packed: bool) -> String {
        let mut digits = [0; 32];
        let _ = hex::encode_to_slice(self.state, &mut digits);
        // One text of just the right size: a tag is written for every answer, and its header takes it as it is.
        let n_before = if is_packed { WEAK.len() } else { 0 };
        let n_after = if self.expires.is_some() { 9 } else { 0 };
        let mut text = String::with_capacity(n_before + digits.len() + 2 + n_after);
        text.push_str(if is_packed { WEAK } else { "" });
        text.push('"');
        text.push_str(std::str::from_utf8(&digits).unwrap_or_default());
        if let Some(expires) = self.expires {
            // Writing to a text cannot fail.
            let _ = write!(text, "-{:x}", expires.milliseconds() / 1_000);
        }
        text.push('"');
        text
    }
}

/// What an answer by this face is made from that says what these grants in force make, told by their digest.
pub fn state(face: &Face, in_force: [u8; 16], context: &Context<'_>, credential: &[u8; 16]) -> [u8; 16] {
    let mut made_from = face.written.begun_digest();
    made_from.update(credential);
    made_from.update(in_force);
    // Lengths of four bytes, with which most of what is said here is one block of the hash; a body is no longer than that.
    let mut of = |part: Option<&str>| {
        let n_bytes = part.map(|part| u32::try_from(part.len()).unwrap_or(u32::MAX - 1));
        made_from.update(n_bytes.unwrap_or(u32::MAX).to_be_bytes());
        made_from.update(part.unwrap_or_default());
    };
    of(Some(context.targeting_key));
    of(context.unit);
    let mut state = [0; 16];
    state.copy_from_slice(&made_from.finalize()[..16]);
    state
}

/// When the address of a stream ceases to work that is given away at `now`. It stays the same for a while, so that
/// answers keep their tag; and it is another moment for each context, so that not all come back at once.
pub fn expiry(context: &Context<'_>, now: Moment) -> Moment {
    let names = context.unit.unwrap_or_default().bytes().chain(context.targeting_key.bytes());
    // The hash of Fowler, Noll and Vo: the same on every server, whatever it was built by.
    let scattered = names.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let offset = i64::try_from(scattered % 900).unwrap_or_default() * 1_000;
    let begun = (now.milliseconds() + offset).div_euclid(WINDOW);
    Moment::from_milliseconds((begun + 2) * WINDOW - offset).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_works_for_fifteen_to_thirty_minutes_and_stays_the_same_meanwhile() {
        let start: Moment = "2026-11-22T09:30:00Z".parse().unwrap();
        let mut ends = Vec::new();
        for name in ["jo", "kim", "lou"] {
            let context = Context { targeting_key: name, unit: None };
            let mut expiries: Vec<Moment> = Vec::new();
            for second in 0..3_600 {
                let now = start.after(jiff::SignedDuration::from_secs(second));
                let expires = expiry(&context, now);
                let minutes = expires.since(now).as_secs_f64() / 60.0;
                assert!((15.0..=30.0).contains(&minutes), "{minutes}");
                expiries.push(expires);
            }
            expiries.dedup();
            assert!(expiries.len() <= 5, "four windows an hour, and one begun");
            ends.push(expiries[0]);
        }
        ends.dedup();
        assert_eq!(ends.len(), 3, "each at another moment");
    }
}
