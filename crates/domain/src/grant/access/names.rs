//! A compact set of names, numbered in the order of their arrival: one text for all, and one table of numbers.
//!
//! Each place of the table holds a part of its name's hash, so that only the name that is sought is ever looked at.

use std::hash::{DefaultHasher, Hasher};

/// A place of the table: the number of a name, and a part of its hash.
#[derive(Clone, Copy, Debug)]
struct Place {
    number: u32,
    hash: u32,
}

/// A place in which there is no name.
const EMPTY: Place = Place { number: u32::MAX, hash: 0 };

impl Place {
    fn is_empty(self) -> bool {
        self.number == EMPTY.number
    }
}

#[derive(Clone, Debug)]
pub(super) struct Names {
    text: String,
    /// By number: where the name ends in `text`.
    ends: Vec<u32>,
    /// Open addressing, at most half full; its length is a power of two.
    table: Vec<Place>,
}

impl Names {
    pub(super) fn new() -> Names {
        Names { text: String::new(), ends: Vec::new(), table: vec![EMPTY; 16] }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn find(&self, name: &str) -> Option<u32> {
        let place = self.table[self.place(name, hash(name))];
        (!place.is_empty()).then_some(place.number)
    }

    /// The number of a name, which is added if it is new.
    pub(super) fn add(&mut self, name: &str) -> u32 {
        let hash = hash(name);
        let place = self.place(name, hash);
        if !self.table[place].is_empty() {
            return self.table[place].number;
        }
        let number = u32::try_from(self.ends.len()).expect("fewer than four thousand million names");
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).expect("the names of one organisation fit 4 GB"));
        self.table[place] = Place { number, hash: upper(hash) };
        if self.ends.len() * 2 > self.table.len() {
            self.grow();
        }
        number
    }

    /// Where the name stands in the table, or would.
    fn place(&self, name: &str, hash: u64) -> usize {
        let mask = self.table.len() - 1;
        let mut at = usize::try_from(hash & mask as u64).unwrap_or(0);
        loop {
            let place = self.table[at];
            if place.is_empty() || (place.hash == upper(hash) && self.name(place.number) == name) {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    pub(super) fn name(&self, number: u32) -> &str {
        let number = number as usize;
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.text[start..self.ends[number] as usize]
    }

    fn grow(&mut self) {
        self.table = vec![EMPTY; self.table.len() * 2];
        for number in (0..).take(self.ends.len()) {
            let hash = hash(self.name(number));
            let place = self.place(self.name(number), hash);
            self.table[place] = Place { number, hash: upper(hash) };
        }
    }
}

pub(super) fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(name.as_bytes());
    hasher.finish()
}

/// A part of the hash that leads to no place of a table.
pub(super) fn upper(hash: u64) -> u32 {
    u32::try_from((hash >> 24) & u64::from(u32::MAX)).unwrap_or_default()
}
