//! Tickets: what opens the stream of changes of one context, for a while, to whoever was given its address.
//!
//! A browser cannot send a credential with a stream, so the address carries a ticket of its own. It says whom it is
//! about, and addresses end up in the logs of proxies; so it is sealed. Every server that knows the key can read it,
//! and nothing is kept. The seal is that of RFC 5297 (a synthetic initialisation vector, then a stream of key bits),
//! with HMAC-SHA-256 as the one keyed function; the same ticket always has the same text.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Context;
use crate::time::Moment;

/// How many bytes of its own hash a sealed ticket begins with.
const N_BYTES_SEAL: usize = 16;

/// The length of the attribute `unit` where there is none.
const NO_UNIT: u32 = u32::MAX;

/// What seals tickets; all servers on one database have the same.
#[derive(Clone)]
pub struct TicketKey {
    seal: Hmac<Sha256>,
    cover: Hmac<Sha256>,
}

/// What a stream is opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// From when on it opens nothing.
    pub expires: Moment,
    /// What its holder has seen: the state of the answer that it came with.
    pub seen: [u8; 16],
    /// The beginning of the hash of the token that it was given to.
    pub credential: [u8; 16],
    /// A person's external id or a unit's slug.
    pub targeting_key: String,
    /// The attribute `unit`.
    pub unit: Option<String>,
}

impl Ticket {
    /// Whose changes it tells.
    pub fn context(&self) -> Context<'_> {
        Context { targeting_key: &self.targeting_key, unit: self.unit.as_deref() }
    }

    fn written(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(48 + self.targeting_key.len());
        bytes.extend(self.expires.milliseconds().to_be_bytes());
        bytes.extend(self.seen);
        bytes.extend(self.credential);
        let unit = self.unit.as_ref().map_or(NO_UNIT, |unit| u32::try_from(unit.len()).unwrap_or(NO_UNIT));
        bytes.extend(unit.to_be_bytes());
        bytes.extend(self.unit.as_deref().unwrap_or_default().as_bytes());
        bytes.extend(self.targeting_key.as_bytes());
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Ticket> {
        let (expires, rest) = bytes.split_first_chunk::<8>()?;
        let (seen, rest) = rest.split_first_chunk::<16>()?;
        let (credential, rest) = rest.split_first_chunk::<16>()?;
        let (n_bytes_unit, rest) = rest.split_first_chunk::<4>()?;
        let (unit, key) = match u32::from_be_bytes(*n_bytes_unit) {
            NO_UNIT => (None, rest),
            n_bytes => {
                let (unit, key) = rest.split_at_checked(usize::try_from(n_bytes).ok()?)?;
                (Some(String::from_utf8(unit.to_vec()).ok()?), key)
            }
        };
        Some(Ticket {
            expires: Moment::from_milliseconds(i64::from_be_bytes(*expires))?,
            seen: *seen,
            credential: *credential,
            targeting_key: String::from_utf8(key.to_vec()).ok()?,
            unit,
        })
    }
}

impl TicketKey {
    /// A key of these bytes, which nobody can guess.
    pub fn new(bytes: [u8; 32]) -> TicketKey {
        let keyed = |what_for: &[u8]| {
            let mut mac = Hmac::<Sha256>::new_from_slice(&bytes).expect("HMAC takes keys of any length");
            mac.update(what_for);
            mac
        };
        TicketKey { seal: keyed(b"seal\0"), cover: keyed(b"cover\0") }
    }

    /// The ticket as an address carries it, in hex.
    pub fn sealed(&self, ticket: &Ticket) -> String {
        let mut bytes = ticket.written();
        let seal = self.seal(&bytes);
        self.cover(&seal, &mut bytes);
        let mut text = vec![0; 2 * (seal.len() + bytes.len())];
        let (of_seal, of_bytes) = text.split_at_mut(2 * seal.len());
        hex::encode_to_slice(seal, of_seal).expect("two digits for each byte");
        hex::encode_to_slice(bytes, of_bytes).expect("two digits for each byte");
        String::from_utf8(text).expect("digits are letters")
    }

    /// The ticket in a text, if it was sealed with this key.
    pub fn opened(&self, text: &str) -> Option<Ticket> {
        let bytes = hex::decode(text).ok()?;
        let (seal, covered) = bytes.split_first_chunk::<N_BYTES_SEAL>()?;
        let mut bytes = covered.to_vec();
        self.cover(seal, &mut bytes);
        // Compared in constant time.
        self.seal.clone().chain_update(&bytes).verify_truncated_left(seal).ok()?;
        Ticket::read(&bytes)
    }

    fn seal(&self, bytes: &[u8]) -> [u8; N_BYTES_SEAL] {
        let whole = self.seal.clone().chain_update(bytes).finalize().into_bytes();
        let mut seal = [0; N_BYTES_SEAL];
        seal.copy_from_slice(&whole[..N_BYTES_SEAL]);
        seal
    }

    /// Covers bytes, or uncovers them.
    fn cover(&self, seal: &[u8; N_BYTES_SEAL], bytes: &mut [u8]) {
        for (n, block) in (0_u32..).zip(bytes.chunks_mut(32)) {
            let place = self.cover.clone().chain_update(seal).chain_update(n.to_be_bytes());
            let key_bits = place.finalize().into_bytes();
            block.iter_mut().zip(key_bits).for_each(|(byte, bits)| *byte ^= bits);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket(targeting_key: &str, unit: Option<&str>) -> Ticket {
        Ticket {
            expires: "2026-11-22T09:30:00Z".parse().unwrap(),
            seen: [1; 16],
            credential: [2; 16],
            targeting_key: targeting_key.into(),
            unit: unit.map(str::to_owned),
        }
    }

    #[test]
    fn a_ticket_is_read_as_it_was_sealed_and_says_nothing_by_itself() {
        let key = TicketKey::new([7; 32]);
        for key_of in ["jo", "", "a\0b", "a key of more than thirty-two bytes, so of two blocks"] {
            for unit in [None, Some("ward-7"), Some("")] {
                let ticket = ticket(key_of, unit);
                let text = key.sealed(&ticket);
                assert!(!text.contains(&hex::encode(key_of)) || key_of.is_empty());
                assert_eq!(key.opened(&text), Some(ticket), "{key_of:?} {unit:?}");
            }
        }
    }

    #[test]
    fn a_ticket_that_was_touched_or_sealed_by_others_is_none() {
        let key = TicketKey::new([7; 32]);
        let text = key.sealed(&ticket("jo", None));
        assert_eq!(TicketKey::new([8; 32]).opened(&text), None);
        for place in 0..text.len() {
            let mut touched = text.clone().into_bytes();
            touched[place] = if touched[place] == b'0' { b'1' } else { b'0' };
            assert_eq!(key.opened(std::str::from_utf8(&touched).unwrap()), None, "{place}");
        }
        for none in ["", "zz", "00", &text[2..], &text[..32]] {
            assert_eq!(key.opened(none), None);
        }
    }
}
