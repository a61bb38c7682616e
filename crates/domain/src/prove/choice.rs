//! Choices among a few, each with the word that it has on the command line and in records: one table a choice.
//!
//! It chooses nothing; what a choice means stands with its type.

#[cfg(test)]
mod tests;

use traction_stats::effect::{Adjust, Base, Beta, Compare};
use traction_stats::panel::Unbalanced;

use super::check::CheckName;
use super::verdict::{Doubt, Doubted, Good, Kind};
use super::wish::{Assignment, Band, Further, Inference, Method};

/// A choice among a few.
pub trait Choice: Copy + PartialEq + 'static {
    /// All there are, in the order in which help lists them, each with its word.
    const WORDS: &'static [(Self, &'static str)];

    /// Its word.
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(choice, _)| *choice == self).map_or("", |(_, word)| word)
    }

    /// What a word means; `None` where it is no word of this choice.
    fn of_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known)| *known == word).map(|(choice, _)| *choice)
    }
}

impl Choice for Method {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Method::GroupTime, "group-time"),
        (Method::Imputation, "imputation"),
        (Method::Efficient, "efficient"),
        (Method::Interaction, "interaction"),
        (Method::TwoWay, "two-way"),
        (Method::Synthetic, "synthetic"),
        (Method::SyntheticControl, "synthetic-control"),
        (Method::Interrupted, "interrupted"),
        (Method::RiskSet, "risk-set"),
    ];
}

impl Choice for Assignment {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Assignment::Random, "random"), (Assignment::Chosen, "chosen")];
}

impl Choice for Inference {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Inference::Analytic, "analytic"),
        (Inference::Bootstrap, "bootstrap"),
        (Inference::Permutation, "permutation"),
    ];
}

impl Choice for Band {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Band::Simultaneous, "simultaneous"), (Band::Pointwise, "pointwise")];
}

impl Choice for Further {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Further::AsUsual, "as-usual"),
        (Further::Asked, "asked"),
        (Further::WherePossible, "where-possible"),
    ];
}

impl Choice for Compare {
    const WORDS: &'static [(Self, &'static str)] = &[(Compare::Never, "never"), (Compare::NotYet, "not-yet")];
}

impl Choice for Base {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Base::Varying, "varying"), (Base::Universal, "universal")];
}

impl Choice for Adjust {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Adjust::Dr, "dr"), (Adjust::Ipw, "ipw"), (Adjust::Reg, "reg")];
}

impl Choice for Beta {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Beta::Best, "best"), (Beta::Zero, "0"), (Beta::One, "1")];
}

impl Choice for Unbalanced {
    const WORDS: &'static [(Self, &'static str)] = &[(Unbalanced::Keep, "keep"), (Unbalanced::Drop, "drop")];
}

impl Choice for Good {
    const WORDS: &'static [(Self, &'static str)] = &[(Good::Up, "up"), (Good::Down, "down")];
}

impl Choice for Kind {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Kind::Works, "works"),
        (Kind::Harms, "harms"),
        (Kind::NoWorthwhileEffect, "no_worthwhile_effect"),
        (Kind::CannotTell, "cannot_tell"),
        (Kind::Refused, "refused"),
    ];
}

impl Choice for Doubt {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Doubt::PreTrends, "pre_trends"),
        (Doubt::PlaceboStarts, "placebo_starts"),
        (Doubt::Second, "second"),
        (Doubt::Sensitivity, "sensitivity"),
        (Doubt::Contamination, "contamination"),
    ];
}

impl Choice for Doubted {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Doubted::No, "no"), (Doubted::Somewhat, "somewhat"), (Doubted::Strongly, "strongly")];
}

impl Choice for CheckName {
    const WORDS: &'static [(Self, &'static str)] = &[
        (CheckName::PreTrends, "pre_trends"),
        (CheckName::Sensitivity, "sensitivity"),
        (CheckName::UnitsPerStart, "units_per_start"),
        (CheckName::StartsBetween, "starts_between"),
        (CheckName::Fit, "fit"),
        (CheckName::Records, "records"),
        (CheckName::Balance, "balance"),
        (CheckName::Attrition, "attrition"),
        (CheckName::Contamination, "contamination"),
        (CheckName::Permutation, "permutation"),
        (CheckName::LeftOver, "left_over"),
        (CheckName::Season, "season"),
        (CheckName::TakenApart, "taken_apart"),
        (CheckName::FewUnits, "few_units"),
        (CheckName::Inference, "inference"),
        (CheckName::Placebo, "placebo"),
        (CheckName::PlaceboStarts, "placebo_starts"),
        (CheckName::PreTestPower, "pre_test_power"),
    ];
}
