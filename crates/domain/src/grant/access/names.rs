//! A compact set of names, numbered in the order of their arrival: one text for all, and one table of numbers.
//!
//! A million external ids take some 25 MB this way, in three allocations.

use std::hash::{DefaultHasher, Hasher};

/// A place of the table in which there is no name.
const EMPTY: u32 = u32::MAX;

#[derive(Clone, Debug)]
pub(super) struct Names {
    text: String,
    /// By number: where the name ends in `text`.
    ends: Vec<u32>,
    /// Open addressing, at most half full; its length is a power of two.
    table: Vec<u32>,
}

impl Names {
    pub(super) fn new() -> Names {
        Names { text: String::new(), ends: Vec::new(), table: vec![EMPTY; 16] }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn find(&self, name: &str) -> Option<u32> {
        match self.table[self.place(name)] {
            EMPTY => None,
            number => Some(number),
        }
    }

    /// The number of a name, which is added if it is new.
    pub(super) fn add(&mut self, name: &str) -> u32 {
        let place = self.place(name);
        if self.table[place] != EMPTY {
            return self.table[place];
        }
        let number = u32::try_from(self.ends.len()).expect("fewer than four thousand million names");
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).expect("the names of one organisation fit 4 GB"));
        self.table[place] = number;
        if self.ends.len() * 2 > self.table.len() {
            self.grow();
        }
        number
    }

    /// Where the name stands in the table, or would.
    fn place(&self, name: &str) -> usize {
        let mask = self.table.len() - 1;
        let mut hasher = DefaultHasher::new();
        hasher.write(name.as_bytes());
        let mut place = usize::try_from(hasher.finish() & mask as u64).unwrap_or(0);
        while self.table[place] != EMPTY && self.name(self.table[place]) != name {
            place = (place + 1) & mask;
        }
        place
    }

    pub(super) fn name(&self, number: u32) -> &str {
        let number = number as usize;
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.text[start..self.ends[number] as usize]
    }

    fn grow(&mut self) {
        self.table = vec![EMPTY; self.table.len() * 2];
        for number in (0..).take(self.ends.len()) {
            let place = self.place(self.name(number));
            self.table[place] = number;
        }
    }
}
