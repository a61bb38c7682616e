//! How firmly a verdict stands: what weakens its sentence has to be seen wherever its kind stands alone, as in a headline.
//!
//! It weighs no numbers: a doubt is here because the sentence speaks of it.

use super::super::sensitivity::FRAGILE;
use super::super::wish::Told;
use super::ground::{BeforeStart, Doubts};
use super::{Finding, Kind};

/// Something that weakens a verdict, and that its sentence tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The sides had parted before the start.
    PreTrends,
    /// Starts made up earlier show an effect.
    PlaceboStarts,
    /// A second method disagrees.
    Second,
    /// It breaks down once trends part by less than half of what they did before.
    Sensitivity,
    /// Units that waited could learn from what was shown, which hides an effect.
    Contamination,
}

/// How firmly a verdict stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Doubted {
    /// Nothing that was looked at weakens it.
    #[default]
    No,
    /// Something does.
    Somewhat,
    /// The sides had parted before, starts made up earlier show an effect, and a second method disagrees: whatever differs
    /// after the start did so before, and hardly comes from what started.
    Strongly,
}

impl Doubted {
    /// What some doubts come to.
    pub fn of(doubts: &[Doubt]) -> Self {
        let all = [Doubt::PreTrends, Doubt::PlaceboStarts, Doubt::Second];
        if all.iter().all(|doubt| doubts.contains(doubt)) {
            Doubted::Strongly
        } else if doubts.is_empty() {
            Doubted::No
        } else {
            Doubted::Somewhat
        }
    }

    /// A kind of verdict as it stands so, in the words that it has without any doubt.
    ///
    /// - `plain`: those words, and the same as what merely seems to be.
    pub fn words(self, plain: &str, seems: &str) -> String {
        match self {
            Doubted::No => plain.to_owned(),
            Doubted::Somewhat => format!("{seems}, with doubts"),
            Doubted::Strongly => format!("{seems}, but the checks speak against it"),
        }
    }
}

impl Finding {
    /// What weakens a verdict of that kind. One that decides nothing has nothing to weaken.
    pub(super) fn doubts_of(&self, kind: Kind) -> Vec<Doubt> {
        let Doubts { before, earlier, secondly, breaks_down_at, shown, draw: _, told } = &self.doubts;
        if *told == Told::BeforeDoubts || matches!(kind, Kind::CannotTell | Kind::Refused) {
            return Vec::new();
        }
        let fragile = breaks_down_at.is_some_and(|value| value < FRAGILE);
        // It draws the sides together, which makes an effect no less likely where one is seen.
        let is_hidden = shown.is_some() && kind == Kind::NoWorthwhileEffect;
        [
            (matches!(before, BeforeStart::Parted { .. }), Doubt::PreTrends),
            (earlier.is_some(), Doubt::PlaceboStarts),
            (secondly.is_some(), Doubt::Second),
            (fragile, Doubt::Sensitivity),
            (is_hidden, Doubt::Contamination),
        ]
        .into_iter()
        .filter_map(|(is_so, doubt)| is_so.then_some(doubt))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_doubt_is_enough_for_a_headline_and_only_the_three_together_speak_against_it() {
        use Doubt::{Contamination, PlaceboStarts, PreTrends, Second, Sensitivity};
        for (doubts, comes_to, says) in [
            (&[][..], Doubted::No, "It works"),
            (&[Second], Doubted::Somewhat, "It seems to work, with doubts"),
            (&[Contamination], Doubted::Somewhat, "It seems to work, with doubts"),
            (&[PreTrends, Second, Sensitivity], Doubted::Somewhat, "It seems to work, with doubts"),
            (
                &[Second, PlaceboStarts, PreTrends],
                Doubted::Strongly,
                "It seems to work, but the checks speak against it",
            ),
        ] {
            let found = Doubted::of(doubts);
            assert_eq!(found, comes_to, "{doubts:?}");
            assert_eq!(found.words("It works", "It seems to work"), says);
        }
    }
}
