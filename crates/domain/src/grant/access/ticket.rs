//! Tickets: what opens the stream of changes of one context, for a while, to whoever was given its address.
//!
//! A browser cannot send a credential with a stream, so the address carries a ticket of its own. It says whom it is
//! about, and addresses end up in the logs of proxies; so it is sealed. Every server that knows the key can read it,
//! and nothing is kept. The seal is that of RFC 5297 (a synthetic initialisation vector, then a stream of key bits),
//! with BLAKE3 as the one keyed function; the same ticket always has the same text.

use std::borrow::Cow;

use blake3::Hasher;

use super::Context;
use crate::time::Moment;

/// How many bytes of its own hash a sealed ticket begins with.
const N_BYTES_SEAL: usize = 16;

/// The length of the attribute `unit` where there is none.
const NO_UNIT: u32 = u32::MAX;

/// What seals tickets; all servers on one database have the same.
#[derive(Clone)]
pub struct TicketKey {
    seal: [u8; 32],
    cover: [u8; 32],
}

/// What a stream is opened with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket<'a> {
    /// From when on it opens nothing.
    pub expires: Moment,
    /// What its holder has seen: the state of the answer that it came with.
    pub seen: [u8; 16],
    /// The beginning of the hash of the token that it was given to.
    pub credential: [u8; 16],
    /// A person's external id or a unit's slug.
    pub targeting_key: Cow<'a, str>,
    /// The attribute `unit`.
    pub unit: Option<Cow<'a, str>>,
}

impl Ticket<'_> {
    /// Whose changes it tells.
    pub fn context(&self) -> Context<'_> {
        Context { targeting_key: &self.targeting_key, unit: self.unit.as_deref() }
    }

    /// Behind the place where its seal goes.
    fn written(&self) -> Vec<u8> {
        let unit = self.unit.as_deref();
        let n_bytes_unit = unit.map_or(NO_UNIT, |unit| u32::try_from(unit.len()).unwrap_or(NO_UNIT));
        let unit = unit.unwrap_or_default();
        // Room for all, taken once: this is done for every answer to all flags.
        let mut bytes = Vec::with_capacity(N_BYTES_SEAL + 44 + unit.len() + self.targeting_key.len());
        bytes.extend([0; N_BYTES_SEAL]);
        bytes.extend(self.expires.milliseconds().to_be_bytes());
        bytes.extend(self.seen);
        bytes.extend(self.credential);
        bytes.extend(n_bytes_unit.to_be_bytes());
        bytes.extend(unit.as_bytes());
        bytes.extend(self.targeting_key.as_bytes());
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Ticket<'static>> {
        let (expires, rest) = bytes.split_first_chunk::<8>()?;
        let (seen, rest) = rest.split_first_chunk::<16>()?;
        let (credential, rest) = rest.split_first_chunk::<16>()?;
        let (n_bytes_unit, rest) = rest.split_first_chunk::<4>()?;
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok().map(Cow::Owned);
        let (unit, key) = match u32::from_be_bytes(*n_bytes_unit) {
            NO_UNIT => (None, rest),
            n_bytes => {
                let (unit, key) = rest.split_at_checked(usize::try_from(n_bytes).ok()?)?;
                (Some(text(unit)?), key)
            }
        };
        Some(Ticket {
            expires: Moment::from_milliseconds(i64::from_be_bytes(*expires))?,
            seen: *seen,
            credential: *credential,
            targeting_key: text(key)?,
            unit,
        })
    }
}

impl TicketKey {
    /// A key of these bytes, which nobody can guess.
    pub fn new(bytes: [u8; 32]) -> TicketKey {
        let keyed = |what_for: &str| blake3::derive_key(what_for, &bytes);
        TicketKey {
            seal: keyed("traction: the seal of a ticket"),
            cover: keyed("traction: the cover of a ticket"),
        }
    }

    /// The ticket as an address carries it, in hex.
    pub fn sealed(&self, ticket: &Ticket<'_>) -> String {
        let mut bytes = ticket.written();
        let (place, written) = bytes.split_at_mut(N_BYTES_SEAL);
        place.copy_from_slice(&self.seal(written).as_bytes()[..N_BYTES_SEAL]);
        self.cover(place, written);
        let mut text = vec![0; 2 * bytes.len()];
        hex::encode_to_slice(&bytes, &mut text).expect("two digits for each byte");
        String::from_utf8(text).expect("digits are letters")
    }

    /// The ticket in a text, if it was sealed with this key.
    pub fn opened(&self, text: &str) -> Option<Ticket<'static>> {
        let mut bytes = hex::decode(text).ok()?;
        let (seal, covered) = bytes.split_at_mut_checked(N_BYTES_SEAL)?;
        self.cover(seal, covered);
        // A hash of the whole width compares in constant time.
        let made = self.seal(covered);
        let mut whole = *made.as_bytes();
        whole[..N_BYTES_SEAL].copy_from_slice(seal);
        (made == whole).then(|| Ticket::read(covered))?
    }

    fn seal(&self, bytes: &[u8]) -> blake3::Hash {
        blake3::keyed_hash(&self.seal, bytes)
    }

    /// Covers bytes, or uncovers them.
    fn cover(&self, seal: &[u8], bytes: &mut [u8]) {
        let mut key_bits = Hasher::new_keyed(&self.cover).update(seal).finalize_xof();
        let mut bits = [0; 64];
        for block in bytes.chunks_mut(bits.len()) {
            key_bits.fill(&mut bits);
            block.iter_mut().zip(bits).for_each(|(byte, bits)| *byte ^= bits);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket<'a>(targeting_key: &'a str, unit: Option<&'a str>) -> Ticket<'a> {
        Ticket {
            expires: "2026-11-22T09:30:00Z".parse().unwrap(),
            seen: [1; 16],
            credential: [2; 16],
            targeting_key: targeting_key.into(),
            unit: unit.map(Cow::Borrowed),
        }
    }

    #[test]
    fn a_ticket_is_read_as_it_was_sealed_and_says_nothing_by_itself() {
        let key = TicketKey::new([7; 32]);
        for key_of in
            ["jo", "", "a\0b", "a key so long that all there is to cover is more than sixty-four bytes"]
        {
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
