//! Answers to all flags packed by gzip (RFC 1952). Their long part is packed once for all who have the same grants in
//! force; what follows it, the address of somebody's own stream, is put behind it as it is.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{PoisonError, RwLock};

use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress};

/// How much is kept packed at most; whatever does not find room is sent plain. Twenty thousand units with flags of their
/// own, a hundred each, take some 40 MB.
const N_BYTES_KEPT: usize = 64 << 20;

/// A member of deflated data, without a name or a time, from no system in particular.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// What was packed already, by what it was made from.
#[derive(Debug, Default)]
pub struct Shelf {
    kept: RwLock<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    by_digest: HashMap<[u8; 16], Beginning, BuildHasherDefault<AsItIs>>,
    n_bytes: usize,
}

/// The beginning of an answer, packed up to the end of a byte.
#[derive(Debug)]
struct Beginning {
    packed: Bytes,
    /// The check over what is packed, to be gone on with.
    check: crc32fast::Hasher,
    n_bytes: usize,
}

/// A digest needs no further hash: its first bytes are as good as any.
#[derive(Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Shelf {
    /// Packs what begins as `text` says and ends so: its beginning, which all share who have the same, and its end.
    /// Whatever has the same digest must have the same text; it is written only where it was not packed before. `None`
    /// where there is no room or no way.
    pub fn packed(
        &self,
        digest: [u8; 16],
        text: impl FnOnce() -> String,
        end: &[&str],
    ) -> Option<[Bytes; 2]> {
        let is_full = {
            let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(beginning) = kept.by_digest.get(&digest) {
                return beginning.ended(end);
            }
            kept.n_bytes >= N_BYTES_KEPT
        };
        if is_full {
            return None;
        }
        // Without the lock, so that others are answered meanwhile; who packs the same at the same time has the same.
        let beginning = Beginning::of(&text())?;
        let whole = beginning.ended(end);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        let n_bytes = beginning.packed.len();
        if kept.by_digest.insert(digest, beginning).is_none() {
            kept.n_bytes += n_bytes;
        }
        whole
    }
}

impl Beginning {
    fn of(text: &str) -> Option<Beginning> {
        let mut packed = Vec::with_capacity(HEAD.len() + text.len() + text.len() / 8 + 64);
        packed.extend_from_slice(&HEAD);
        let mut deflate = Compress::new(Compression::default(), false);
        deflate.compress_vec(text.as_bytes(), &mut packed, FlushCompress::Sync).ok()?;
        // With room left, all of it was taken and written out.
        if packed.len() == packed.capacity() {
            return None;
        }
        let mut check = crc32fast::Hasher::new();
        check.update(text.as_bytes());
        // No longer than it is: this takes what room was left back.
        let packed = Bytes::from(packed.into_boxed_slice());
        Some(Beginning { packed, check, n_bytes: text.len() })
    }

    /// With its end as a last block that is stored as it is, and what makes it a whole.
    fn ended(&self, end: &[&str]) -> Option<[Bytes; 2]> {
        let n_end: usize = end.iter().map(|part| part.len()).sum();
        let n_bytes = u32::try_from(self.n_bytes + n_end).ok()?;
        let n_end = u16::try_from(n_end).ok()?;
        let mut check = self.check.clone();
        let mut last = Vec::with_capacity(usize::from(n_end) + 13);
        last.push(1);
        last.extend_from_slice(&n_end.to_le_bytes());
        last.extend_from_slice(&(!n_end).to_le_bytes());
        for part in end {
            last.extend_from_slice(part.as_bytes());
            check.update(part.as_bytes());
        }
        last.extend_from_slice(&check.finalize().to_le_bytes());
        last.extend_from_slice(&n_bytes.to_le_bytes());
        Some([self.packed.clone(), last.into()])
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use proptest::prelude::*;

    use super::*;

    fn unpacked(packed: &[Bytes; 2]) -> String {
        let mut text = String::new();
        GzDecoder::new(&*packed.concat()).read_to_string(&mut text).unwrap();
        text
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_out_again(
            texts in prop::collection::vec((".{0,40}", 0_usize..3_000), 1..4),
            ends in prop::collection::vec(".{0,200}", 1..4),
        ) {
            let shelf = Shelf::default();
            for (place, (word, n_times)) in (0..).zip(&texts) {
                let text = word.repeat(*n_times);
                for end in &ends {
                    let packed = shelf.packed([place; 16], || text.clone(), &[end]).unwrap();
                    prop_assert_eq!(unpacked(&packed), format!("{text}{end}"));
                    let again = shelf.packed([place; 16], || panic!("it was packed"), &[end, ""]).unwrap();
                    prop_assert_eq!(again, packed);
                }
            }
        }
    }

    #[test]
    fn what_finds_no_room_or_cannot_be_ended_so_is_not_packed() {
        let shelf = Shelf::default();
        assert_eq!(shelf.packed([0; 16], || "a".repeat(100), &[&"b".repeat(65_536)]), None);
        assert!(shelf.packed([0; 16], || "a".repeat(100), &[&"b".repeat(65_534), "b"]).is_some());
        shelf.kept.write().unwrap().n_bytes = N_BYTES_KEPT;
        assert_eq!(shelf.packed([1; 16], || "a".repeat(100), &["b"]), None);
        assert!(shelf.packed([0; 16], || panic!("it was packed"), &["b"]).is_some(), "what is there stays");
    }
}
