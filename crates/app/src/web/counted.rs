//! Numbers with their noun: "1 slot", "4 slots".

use std::fmt::Display;

/// A count with its noun in the number that goes with it.
pub fn counted<N: Display + PartialEq + From<u8>>(n: N, one: &str, many: &str) -> String {
    let noun = if n == N::from(1) { one } else { many };
    format!("{n} {noun}")
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_one_and_none_are_many() {
        let said = [0_usize, 1, 2].map(|n| counted(n, "slot", "slots"));
        assert_eq!(said, ["0 slots", "1 slot", "2 slots"]);
    }
}
