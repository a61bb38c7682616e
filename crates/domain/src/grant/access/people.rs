//! People by the name the real system knows them by, and the units of each: a million of them, of whom one moves at a
//! time.
//!
//! Looking somebody up waits for memory twice: for the place of his name's hash in a table, and for his record, which
//! holds both his name and where he belongs. The whole is cut into parts, and a copy shares them all: one that changes is
//! copied by itself, in some microseconds.

use std::sync::Arc;

use super::UnitNumber;
use super::names::{hash, upper};

/// How many parts there are, as a power of two.
const N_BITS_PARTS: u32 = 8;

/// How many bytes of a record come before its name: where he belongs, and how long the name is.
const N_BYTES_HEAD: usize = 8;

/// A record's first word where somebody belongs to no unit.
const NOWHERE: u32 = u32::MAX;

/// Set in a record's first word where the rest of it says where in `several` his units stand.
const SEVERAL: u32 = 1 << 31;

/// A place of the table: the part of the hash that did not lead here, and where the record begins.
#[derive(Clone, Copy, Debug)]
struct Place {
    hash: u32,
    record: u32,
}

/// A place in which there is nobody.
const EMPTY: Place = Place { hash: 0, record: u32::MAX };

#[derive(Clone, Debug)]
pub(super) struct People {
    parts: Vec<Arc<Part>>,
}

#[derive(Clone, Debug)]
struct Part {
    n_people: usize,
    /// Open addressing, at most half full; its length is a power of two.
    table: Vec<Place>,
    /// One after the other: a word, the length of the name, the name.
    records: Vec<u8>,
    /// The units of those who have more than one: each list after its length.
    several: Vec<UnitNumber>,
}

/// Where somebody belongs.
#[derive(Clone, Copy, Debug)]
pub(super) enum Belongs<'a> {
    To(UnitNumber),
    ToAll(&'a [UnitNumber]),
}

impl Belongs<'_> {
    pub(super) fn units(&self) -> &[UnitNumber] {
        match self {
            Belongs::To(unit) => std::slice::from_ref(unit),
            Belongs::ToAll(units) => units,
        }
    }
}

impl Default for People {
    fn default() -> People {
        let part = Part { n_people: 0, table: vec![EMPTY; 16], records: Vec::new(), several: Vec::new() };
        // All begin as the same empty part; the first to write to one makes it his own.
        People { parts: std::iter::repeat_n(Arc::new(part), 1 << N_BITS_PARTS).collect() }
    }
}

impl People {
    /// Where the person of this name belongs; `None` if there is none.
    pub(super) fn find(&self, name: &str) -> Option<Belongs<'_>> {
        let hash = hash(name);
        let part = &*self.parts[part_of(hash)];
        let place = part.table[part.place(name, hash)];
        (place.record != EMPTY.record).then(|| part.belongs(place.record as usize))
    }

    pub(super) fn len(&self) -> usize {
        self.parts.iter().map(|part| part.n_people).sum()
    }

    /// Everybody, and where he belongs.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Belongs<'_>)> {
        self.parts.iter().flat_map(|part| part.iter())
    }

    /// Says where the person of this name belongs from now on; he is added if he is new.
    pub(super) fn settle(&mut self, name: &str, units: &[UnitNumber]) {
        let hash = hash(name);
        Arc::make_mut(&mut self.parts[part_of(hash)]).settle(name, hash, units);
    }
}

impl Part {
    fn settle(&mut self, name: &str, hash: u64, units: &[UnitNumber]) {
        let place = self.place(name, hash);
        let known = self.table[place].record;
        if known != EMPTY.record {
            let at = known as usize;
            if self.belongs(at).units() != units {
                let word = self.word_for(units);
                self.records[at..at + 4].copy_from_slice(&word.to_le_bytes());
            }
            return;
        }
        self.table[place] = Place { hash: upper(hash), record: number(self.records.len()) };
        let word = self.word_for(units);
        self.records.extend(word.to_le_bytes());
        self.records.extend(number(name.len()).to_le_bytes());
        self.records.extend(name.as_bytes());
        self.n_people += 1;
        if self.n_people * 2 > self.table.len() {
            self.grow();
        }
    }

    /// The first word of the record of somebody who belongs to these. A list that nobody has any more stays behind, until
    /// everybody is read anew.
    fn word_for(&mut self, units: &[UnitNumber]) -> u32 {
        match units {
            [] => NOWHERE,
            [one] => one.0,
            many => {
                let start = number(self.several.len());
                self.several.push(UnitNumber(number(many.len())));
                self.several.extend(many);
                SEVERAL | start
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = (&str, Belongs<'_>)> {
        let records = self.table.iter().filter(|place| place.record != EMPTY.record);
        records.map(|place| {
            let record = place.record as usize;
            (std::str::from_utf8(self.name(record)).unwrap_or_default(), self.belongs(record))
        })
    }

    /// Where the name stands in the table, or would.
    fn place(&self, name: &str, hash: u64) -> usize {
        let mask = self.table.len() - 1;
        let mut at = usize::try_from(hash & mask as u64).unwrap_or(0);
        loop {
            let place = self.table[at];
            let is_it = || place.hash == upper(hash) && self.name(place.record as usize) == name.as_bytes();
            if place.record == EMPTY.record || is_it() {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        self.table = vec![EMPTY; self.table.len() * 2];
        let mask = self.table.len() - 1;
        let mut record = 0;
        while record < self.records.len() {
            let name = self.name(record);
            let next = record + N_BYTES_HEAD + name.len();
            // All are different, so that none need be compared.
            let hash = hash(std::str::from_utf8(name).unwrap_or_default());
            let mut at = usize::try_from(hash & mask as u64).unwrap_or(0);
            while self.table[at].record != EMPTY.record {
                at = (at + 1) & mask;
            }
            self.table[at] = Place { hash: upper(hash), record: number(record) };
            record = next;
        }
    }

    fn belongs(&self, record: usize) -> Belongs<'_> {
        match self.word(record) {
            NOWHERE => Belongs::ToAll(&[]),
            word if word & SEVERAL == 0 => Belongs::To(UnitNumber(word)),
            word => {
                let start = (word & !SEVERAL) as usize;
                let n_units = self.several[start].0 as usize;
                Belongs::ToAll(&self.several[start + 1..][..n_units])
            }
        }
    }

    fn name(&self, record: usize) -> &[u8] {
        let n_bytes = self.word(record + 4) as usize;
        &self.records[record + N_BYTES_HEAD..][..n_bytes]
    }

    fn word(&self, at: usize) -> u32 {
        let mut word = [0; 4];
        word.copy_from_slice(&self.records[at..at + 4]);
        u32::from_le_bytes(word)
    }
}

/// The part in which a name with this hash is, told from the bits that do not lead to its place.
fn part_of(hash: u64) -> usize {
    usize::try_from(hash >> (64 - N_BITS_PARTS)).unwrap_or(0)
}

fn number(n: usize) -> u32 {
    u32::try_from(n).ok().filter(|n| *n < SEVERAL).expect("a part of one organisation's people fits 2 GB")
}
