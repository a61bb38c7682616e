use super::*;

/// One table for both ways; a variant that is missing in it would have no word.
#[track_caller]
fn check<C: Choice + std::fmt::Debug>(all: &[C]) {
    assert_eq!(C::WORDS.len(), all.len());
    for choice in all {
        assert!(!choice.word().is_empty(), "{choice:?}");
        assert_eq!(C::of_word(choice.word()), Some(*choice));
    }
    assert_eq!(C::of_word("none of them"), None);
}

#[test]
fn every_choice_has_a_word_of_its_own() {
    use Method::*;
    check(&[
        GroupTime,
        Imputation,
        Efficient,
        Interaction,
        TwoWay,
        Synthetic,
        SyntheticControl,
        Interrupted,
        RiskSet,
    ]);
    check(&[Assignment::Chosen, Assignment::Random]);
    check(&[Inference::Analytic, Inference::Bootstrap, Inference::Permutation]);
    check(&[Band::Simultaneous, Band::Pointwise]);
    check(&[Further::AsUsual, Further::Asked, Further::WherePossible]);
    check(&[Compare::Never, Compare::NotYet]);
    check(&[Base::Varying, Base::Universal]);
    check(&[Adjust::Dr, Adjust::Ipw, Adjust::Reg]);
    check(&[Beta::Best, Beta::Zero, Beta::One]);
    check(&[Unbalanced::Keep, Unbalanced::Drop]);
    check(&[Good::Up, Good::Down]);
    check(&[Kind::Works, Kind::Harms, Kind::NoWorthwhileEffect, Kind::CannotTell, Kind::Refused]);
    let checks: Vec<CheckName> = CheckName::WORDS.iter().map(|(check, _)| *check).collect();
    check(&checks);
}
