//! How often units win, against how likely they were said to: 100,000 draws each, from seeds that are fixed.

use super::*;

const DRAWS: u32 = 100_000;

fn seeds() -> impl Iterator<Item = Seed> {
    let series = Digest::of(&[b"a series of seeds of its own"]);
    (0..u64::from(DRAWS)).map(move |trial| Seed::trial(&series, trial))
}

/// The sum of (seen - expected)^2 / expected over all that can come out, each expected equally often.
fn chi_square(seen: &BTreeMap<Vec<String>, u32>, n_ways: usize) -> f64 {
    let expected = f64::from(DRAWS) / n_ways as f64;
    let missing = (n_ways - seen.len()) as f64 * expected;
    seen.values().map(|n| (f64::from(*n) - expected).powi(2) / expected).sum::<f64>() + missing
}

/// The marginal tier of four for two slots: all 24 orders are equally frequent, and so are all 6 pairs of winners. Limits:
/// the 0.999 quantiles of chi-square with 23 and 5 degrees of freedom (Abramowitz and Stegun, table 26.8).
#[test]
fn in_a_tier_every_order_and_every_set_of_winners_is_equally_frequent() {
    let entrants = Entrants::new(six()).unwrap();
    let tier = ["birch", "cedar", "elm", "fir"];
    let (mut orders, mut winners) = (BTreeMap::new(), BTreeMap::new());
    for seed in seeds() {
        let drawn = run(&entrants, &BTreeSet::new(), slots(3), &seed).unwrap();
        let order = drawn.order.iter().map(|ranked| ranked.unit.clone());
        let order: Vec<_> = order.filter(|unit| tier.contains(&unit.as_str())).collect();
        let mut won: Vec<_> =
            drawn.granted.into_iter().filter(|unit| tier.contains(&unit.as_str())).collect();
        won.sort();
        *orders.entry(order).or_insert(0) += 1;
        *winners.entry(won).or_insert(0) += 1;
    }
    let (of_orders, of_winners) = (chi_square(&orders, 24), chi_square(&winners, 6));
    assert!(of_orders < 49.728, "{of_orders}");
    assert!(of_winners < 20.515, "{of_winners}");
}

/// A list with a protected place, a withdrawn unit and a cap: each frequency against the stated probability, which is
/// itself a share of 10,000. Four standard errors of the difference.
#[test]
fn with_a_cap_units_win_as_often_as_was_said() {
    let mut entries = vec![protected("kept"), open("lone", 2, 0), open("late", 3, 0)];
    for (parent, n_units) in [("north", 4), ("south", 3), ("west", 2)] {
        let below = |number| Entry { band: 2, ..below(parent, &format!("{parent}-{number}")) };
        entries.extend((0..n_units).map(below));
    }
    let entrants = Entrants::new(entries.clone()).unwrap();
    let (withdrawn, terms) = (units(["south-1"]), capped(5, 2));
    let stated = record(entries, &withdrawn, terms, secret(9)).unwrap().probability;
    let field = allot::Field::new(&entrants, &withdrawn, terms).unwrap();
    let mut wins: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in seeds() {
        let ranked = field.rank(&seed);
        for index in field.allot(ranked.iter().map(|(index, _)| *index)).granted {
            *wins.entry(entrants.entries()[index].unit.as_str()).or_default() += 1;
        }
    }
    assert!(stated.values().filter(|share| (0.05..0.95).contains(*share)).count() >= 8, "{stated:?}");
    for (unit, share) in stated {
        let frequency = f64::from(wins.get(unit.as_str()).copied().unwrap_or(0)) / f64::from(DRAWS);
        let error = (share * (1.0 - share) * (1.0 / f64::from(DRAWS) + 1.0 / 10_000.0)).sqrt();
        assert!((frequency - share).abs() <= 4.0 * error, "{unit}: {frequency} against {share}");
    }
}

/// All orders of these entries, one after the other.
fn orders(left: &[Entry]) -> Vec<Vec<Entry>> {
    if left.is_empty() {
        return vec![vec![]];
    }
    let mut all = Vec::new();
    for (at, first) in left.iter().enumerate() {
        let rest = [&left[..at], &left[at + 1..]].concat();
        all.extend(orders(&rest).into_iter().map(|order| [vec![first.clone()], order].concat()));
    }
    all
}

/// The rule of the cap in plain words: down the order, whose parent has two already is passed over, until two are found.
/// `kept` of north has its protected place already.
fn winners_of(order: &[Entry]) -> Vec<String> {
    let mut parents = vec!["north".to_owned()];
    let mut won = Vec::new();
    for entry in order {
        let parent = entry.parent.clone().unwrap();
        let is_full = parents.iter().filter(|other| **other == parent).count() == 2;
        if won.len() < 2 && !is_full {
            won.push(entry.unit.clone());
            parents.push(parent);
        }
    }
    won.sort();
    won
}

/// A capped wave against its enumeration: a protected place, one who withdrew, and a tier of six under three parents for the
/// two slots that are left. The 720 orders of the tier are equally likely; what each gives, and so how often each pair
/// should win, is counted in the test's own words. 15 pairs less the 3 that the cap forbids leave 12: the limit is the 0.999
/// quantile of chi-square with 11 degrees of freedom (Abramowitz and Stegun, table 26.8). The stated probabilities are
/// shares over 10,000 seeds: four standard errors.
#[test]
fn with_a_cap_every_set_of_winners_is_as_frequent_as_its_enumeration_says() {
    let tier: Vec<Entry> = [("north", 3), ("south", 2), ("west", 1)]
        .into_iter()
        .flat_map(|(parent, n)| (0..n).map(move |number| below(parent, &format!("{parent}-{number}"))))
        .collect();
    let mut expected: BTreeMap<Vec<String>, u32> = BTreeMap::new();
    for order in orders(&tier) {
        *expected.entry(winners_of(&order)).or_default() += 1;
    }
    assert_eq!((expected.len(), expected.values().sum::<u32>()), (12, 720));

    let kept = Entry { place: Place::Protected, ..below("north", "kept") };
    let gone = below("west", "gone");
    let entries = [tier.clone(), vec![kept, gone]].concat();
    let entrants = Entrants::new(entries.clone()).unwrap();
    let (withdrawn, terms) = (units(["gone"]), capped(3, 2));
    let field = allot::Field::new(&entrants, &withdrawn, terms).unwrap();
    let mut seen: BTreeMap<Vec<String>, u32> = BTreeMap::new();
    for seed in seeds() {
        let ranked = field.rank(&seed);
        let granted = field.allot(ranked.iter().map(|(index, _)| *index)).granted;
        let names = granted.iter().map(|index| entrants.entries()[*index].unit.clone());
        let mut won: Vec<String> = names.filter(|unit| unit != "kept").collect();
        won.sort();
        *seen.entry(won).or_default() += 1;
    }
    assert!(seen.keys().all(|won| expected.contains_key(won)), "{seen:?}");
    let strays = expected.iter().map(|(won, n)| {
        let expected = f64::from(*n) / 720.0 * f64::from(DRAWS);
        (f64::from(seen.get(won).copied().unwrap_or(0)) - expected).powi(2) / expected
    });
    let chi_square: f64 = strays.sum();
    assert!(chi_square < 31.264, "{chi_square}");

    let stated = record(entries, &withdrawn, terms, secret(9)).unwrap().probability;
    for entry in &tier {
        let wins = expected.iter().filter(|(won, _)| won.contains(&entry.unit)).map(|(_, n)| *n).sum::<u32>();
        let (exact, share) = (f64::from(wins) / 720.0, stated[&entry.unit]);
        let error = (exact * (1.0 - exact) / 10_000.0).sqrt();
        assert!((share - exact).abs() <= 4.0 * error, "{}: {share} against {exact}", entry.unit);
    }
}
