//! Numbers with their noun: "1 slot", "4 slots".

use std::fmt::Display;

/// A noun in the singular and in the plural.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noun {
    /// What goes with 1.
    pub one: &'static str,
    /// What goes with any other number.
    pub many: &'static str,
}

impl Noun {
    /// A noun as it goes with 1, and as it goes with any other number.
    pub const fn of(one: &'static str, many: &'static str) -> Self {
        Noun { one, many }
    }

    /// The noun as it goes with `n`.
    pub fn with(self, n: usize) -> &'static str {
        if n == 1 { self.one } else { self.many }
    }
}

/// A count with its noun in the number that goes with it.
pub fn counted<N: Display + PartialEq + From<u8>>(n: N, one: &str, many: &str) -> String {
    let noun = if n == N::from(1) { one } else { many };
    format!("{n} {noun}")
}

/// The same at the beginning of a sentence: "One slot", "4 slots".
pub fn counted_first(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("One {one}") } else { counted(n, one, many) }
}

/// A list as a sentence has it: "a", "a and b", "a, b and c".
pub fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_none_are_many() {
        let said = [0_usize, 1, 2].map(|n| counted(n, "slot", "slots"));
        assert_eq!(said, ["0 slots", "1 slot", "2 slots"]);
        assert_eq!(counted_first(1, "slot", "slots"), "One slot");
        let slots = Noun::of("slot", "slots");
        assert_eq!([0, 1, 2].map(|n| slots.with(n)), ["slots", "slot", "slots"]);
    }

    #[test]
    fn lists_end_with_and() {
        let items = ["a", "b", "c"].map(str::to_owned);
        assert_eq!([0, 1, 2, 3].map(|n| listed(&items[..n])), ["", "a", "a and b", "a, b and c"]);
    }
}
