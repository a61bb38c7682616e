//! Where a label stands in a list, found by its hash, so that labels are kept once.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

/// Places by the hash of their label. Labels that share a hash stand at the hashes that follow it.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    hash: RandomState,
    by_hash: HashMap<u64, usize, BuildHasherDefault<AsItIs>>,
}

/// A hash under which no label stands yet.
pub(super) struct Free(u64);

impl Places {
    /// The place of `label`, or where to note it.
    ///
    /// - `is_at`: whether the label at a place is this one.
    pub fn find(&self, label: &str, is_at: impl Fn(usize) -> bool) -> Result<usize, Free> {
        let mut hash = self.hash.hash_one(label);
        while let Some(&place) = self.by_hash.get(&hash) {
            if is_at(place) {
                return Ok(place);
            }
            hash = hash.wrapping_add(1);
        }
        Err(Free(hash))
    }

    /// Notes the place of the label that was looked for.
    pub fn note(&mut self, free: Free, place: usize) {
        self.by_hash.insert(free.0, place);
    }
}

/// Takes a number that is a hash already.
#[derive(Clone, Copy, Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_share_a_hash_are_told_apart() {
        let mut places = Places::default();
        places.by_hash.insert(places.hash.hash_one("b"), 0);
        let labels = ["a", "b"];
        let find = |places: &Places| places.find("b", |place| labels[place] == "b");
        let free = find(&places).err().unwrap();
        places.note(free, 1);
        assert_eq!(find(&places).ok(), Some(1));
    }
}
