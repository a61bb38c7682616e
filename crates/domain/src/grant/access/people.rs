//! People by the name the real system knows them by, and the units of each: a million of them, of whom one moves at a
//! time.
//!
//! Looking somebody up waits for memory once: the place of his name's hash in a table holds both his name and where he
//! belongs; a long name stands elsewhere, and costs a second wait. The whole is cut into parts, and a copy shares the
//! tables of all: one that changes is copied by itself, in less than a millisecond. What leads to the tables lies
//! together, so that it is near whoever is sought.

use std::sync::Arc;

use super::UnitNumber;
use super::names::{hash, upper};
use super::table::{Place, Table};

/// How many parts there are, as a power of two: so few that the tables of a million people are large pages.
const N_BITS_PARTS: u32 = 5;

/// How many places a table has at first.
const N_PLACES: usize = 16;

/// Where in a place its word stands: where somebody belongs.
const WORD: std::ops::Range<usize> = 0..4;

/// Where in a place its mark stands: 0 where there is nobody, else one more than the length of the name.
const MARK: usize = 4;

/// Where in a place the name begins. Up to 27 bytes of it have room there; a longer one stands elsewhere.
const NAME: usize = 5;

/// The mark of a place with nobody.
const NOBODY: u8 = 0;

/// The mark where the name stands elsewhere: its first four bytes say where, the next four are of its hash.
const FAR: u8 = u8::MAX;

/// A place's word where somebody belongs to no unit.
const NOWHERE: u32 = u32::MAX;

/// Set in a place's word where the rest of it says where in `several` his units stand.
const SEVERAL: u32 = 1 << 31;

#[cfg(test)]
pub(super) const SIZE_OF_A_PLACE: usize = size_of::<Place>();

#[derive(Clone, Debug)]
pub(super) struct People {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
struct Part {
    n_people: usize,
    /// Open addressing, at most two thirds full; its length is a power of two.
    table: Arc<Table>,
    rare: Arc<Rare>,
}

/// What few need.
#[derive(Clone, Debug, Default)]
struct Rare {
    /// The names that are too long for their places, each after its length.
    far: Vec<u8>,
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
        // All begin with the same empty table; the first to write to one makes it his own.
        let part = Part { n_people: 0, table: Table::of(N_PLACES).into(), rare: Arc::default() };
        People { parts: vec![part; 1 << N_BITS_PARTS] }
    }
}

impl People {
    /// Where the person of this name belongs; `None` if there is none.
    pub(super) fn find(&self, name: &str) -> Option<Belongs<'_>> {
        let hash = hash(name);
        let part = &self.parts[part_of(hash)];
        let place = &part.table.places()[part.place(name, hash)];
        is_taken(place).then(|| part.belongs(place))
    }

    pub(super) fn len(&self) -> usize {
        self.parts.iter().map(|part| part.n_people).sum()
    }

    /// Everybody, and where he belongs.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, Belongs<'_>)> {
        self.parts.iter().flat_map(Part::iter)
    }

    /// Says where the person of this name belongs from now on; he is added if he is new.
    pub(super) fn settle(&mut self, name: &str, units: &[UnitNumber]) {
        let hash = hash(name);
        self.parts[part_of(hash)].settle(name, hash, units);
    }
}

impl Part {
    fn settle(&mut self, name: &str, hash: u64, units: &[UnitNumber]) {
        let at = self.place(name, hash);
        let place = &self.table.places()[at];
        let is_known = is_taken(place);
        if is_known && self.belongs(place).units() == units {
            return;
        }
        let word = self.word_for(units);
        if is_known {
            Arc::make_mut(&mut self.table).places_mut()[at][WORD].copy_from_slice(&word.to_le_bytes());
            return;
        }
        let place = self.made(name, hash, word);
        Arc::make_mut(&mut self.table).places_mut()[at] = place;
        self.n_people += 1;
        if self.n_people * 3 > self.table.places().len() * 2 {
            self.grow();
        }
    }

    fn made(&mut self, name: &str, hash: u64, word: u32) -> Place {
        let mut place = Place::default();
        place[WORD].copy_from_slice(&word.to_le_bytes());
        if let Some(near) = place[NAME..].get_mut(..name.len()) {
            near.copy_from_slice(name.as_bytes());
            place[MARK] = u8::try_from(name.len() + 1).unwrap_or(FAR);
        } else {
            let far = &mut Arc::make_mut(&mut self.rare).far;
            place[NAME..][..4].copy_from_slice(&number(far.len()).to_le_bytes());
            place[NAME..][4..8].copy_from_slice(&upper(hash).to_le_bytes());
            place[MARK] = FAR;
            far.extend(number(name.len()).to_le_bytes());
            far.extend(name.as_bytes());
        }
        place
    }

    /// The word of somebody who belongs to these. A list that nobody has any more stays behind, until everybody is read
    /// anew.
    fn word_for(&mut self, units: &[UnitNumber]) -> u32 {
        match units {
            [] => NOWHERE,
            [one] => one.0,
            many => {
                let several = &mut Arc::make_mut(&mut self.rare).several;
                let start = number(several.len());
                several.push(UnitNumber(number(many.len())));
                several.extend(many);
                SEVERAL | start
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = (&str, Belongs<'_>)> {
        let taken = self.table.places().iter().filter(|place| is_taken(place));
        taken.map(|place| (std::str::from_utf8(self.name(place)).unwrap_or_default(), self.belongs(place)))
    }

    /// Where the name stands in the table, or would.
    fn place(&self, name: &str, hash: u64) -> usize {
        let places = self.table.places();
        let mask = places.len() - 1;
        let mut at = usize::try_from(hash & mask as u64).unwrap_or(0);
        loop {
            let place = &places[at];
            let is_it = match place[MARK] {
                NOBODY => true,
                FAR => word_at(place, NAME + 4) == upper(hash) && self.name(place) == name.as_bytes(),
                mark => place[NAME..][..usize::from(mark - 1)] == *name.as_bytes(),
            };
            if is_it {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let mut larger = Table::of(self.table.places().len() * 2);
        let places = larger.places_mut();
        let mask = places.len() - 1;
        for place in self.table.places().iter().filter(|place| is_taken(place)) {
            // All are different, so that none need be compared.
            let hash = hash(std::str::from_utf8(self.name(place)).unwrap_or_default());
            let mut at = usize::try_from(hash & mask as u64).unwrap_or(0);
            while is_taken(&places[at]) {
                at = (at + 1) & mask;
            }
            places[at] = *place;
        }
        self.table = Arc::new(larger);
    }

    fn belongs(&self, place: &Place) -> Belongs<'_> {
        match word_at(place, WORD.start) {
            NOWHERE => Belongs::ToAll(&[]),
            word if word & SEVERAL == 0 => Belongs::To(UnitNumber(word)),
            word => {
                let start = (word & !SEVERAL) as usize;
                let several = &self.rare.several;
                let n_units = several[start].0 as usize;
                Belongs::ToAll(&several[start + 1..][..n_units])
            }
        }
    }

    fn name<'a>(&'a self, place: &'a Place) -> &'a [u8] {
        if place[MARK] != FAR {
            return &place[NAME..][..usize::from(place[MARK].saturating_sub(1))];
        }
        let (length, name) = self.rare.far[word_at(place, NAME) as usize..].split_at(4);
        let mut n_bytes = [0; 4];
        n_bytes.copy_from_slice(length);
        &name[..u32::from_le_bytes(n_bytes) as usize]
    }
}

/// Whether there is somebody.
fn is_taken(place: &Place) -> bool {
    place[MARK] != NOBODY
}

/// Four bytes of a place, as a number.
fn word_at(place: &Place, at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&place[at..at + 4]);
    u32::from_le_bytes(word)
}

/// The part in which a name with this hash is, told from the bits that do not lead to its place.
fn part_of(hash: u64) -> usize {
    usize::try_from(hash >> (64 - N_BITS_PARTS)).unwrap_or(0)
}

fn number(n: usize) -> u32 {
    u32::try_from(n).ok().filter(|n| *n < SEVERAL).expect("a part of one organisation's people fits 2 GB")
}
