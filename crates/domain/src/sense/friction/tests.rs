use rand::{RngExt, SeedableRng};

use super::*;
use crate::id::{Id, PersonId};

fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

#[test]
fn the_cost_is_how_often_times_how_long_times_how_many() {
    let (report, me_too) = (voice(1, 10.0, 30.0, 4.0), voice(2, 5.0, 12.0, 1.0));
    assert_eq!(report.burden.hours_per_week(), 20.0);
    assert_eq!(cost(&[report, me_too]).hours_per_week, 21.0);
}

#[test]
fn numbers_no_week_can_hold_are_refused_beside_their_field() {
    #[track_caller]
    fn check(times: f64, minutes: f64, people: f64, field: &str, sentence: &str) {
        let refused = burden(times, minutes, people).unwrap_err();
        assert_eq!((refused.field(), refused.to_string().as_str()), (Some(field), sentence));
    }
    check(0.0, 5.0, 1.0, "times_per_week", "how often a week is 0; give a number from 0.01 to 1000");
    check(1.0, 9_000.0, 1.0, "minutes", "how many minutes each time is 9000; give a number from 0.1 to 2400");
    check(5.0, 2_017.0, 1.0, "minutes", "how many minutes each time is 2017; give a number from 0.1 to 2016");
    check(
        1_000.0,
        2_400.0,
        1.0,
        "minutes",
        "how many minutes each time is 2400; give a number from 0.1 to 10",
    );
    check(5.0, 5.0, f64::NAN, "people", "how many people is NaN; give a number from 1 to 100000");
}

#[test]
fn every_answer_is_in_words_and_a_closed_friction_stays_closed() {
    use FrictionState::*;
    assert_eq!(answer(New, Answered, " we look at it "), Ok((Answered, "we look at it".into())));
    assert_eq!(answer(New, New, "seen"), Ok((Answered, "seen".into())));
    assert_eq!(answer(Answered, Gone, " "), Err(FrictionRefused::AnswerMissing));
    assert_eq!(answer(Gone, Answered, "back?"), Err(FrictionRefused::Closed { state: Gone }));
}

#[test]
fn the_response_clock_stops_at_the_first_answer() {
    let reported = moment("2026-03-02T08:00:00Z");
    let now = moment("2026-03-05T20:00:00Z");
    assert_eq!(response_clock(reported, None, now), ResponseClock::Running { days: 3.5 });
    let answered = Some(moment("2026-03-03T08:00:00Z"));
    assert_eq!(response_clock(reported, answered, now), ResponseClock::Stopped { days: 1.0 });
}

#[test]
fn likeness_is_one_for_the_same_words_and_nothing_for_others() {
    assert_eq!(likeness("Late blood results", "results, BLOOD late"), 1.0);
    assert_eq!(likeness("Late blood results", "no beds"), 0.0);
    assert_eq!(likeness("", "no beds"), 0.0);
    let near = likeness("Blood results come late", "late blood result");
    let far = likeness("Blood results come late", "late trains");
    assert!(near > 0.6 && far < 0.3, "near {near}, far {far}");
}

#[test]
fn states_read_what_they_write() {
    for state in FrictionState::ALL {
        assert_eq!(state.word().parse(), Ok(state));
    }
    assert!("closed".parse::<FrictionState>().is_err());
}

fn person(n: u8) -> Option<PersonId> {
    Some(PersonId::made(moment("2026-03-02T08:00:00Z"), [n; 10]))
}

fn voice(n: u8, times: f64, minutes: f64, n_people: f64) -> Voice {
    Voice { person: person(n), burden: burden(times, minutes, n_people).unwrap() }
}

/// One guess for himself: the truth lies between half and twice of it in 90 of 100 cases, which is where the spread is from.
#[test]
fn one_voice_says_half_to_double() {
    let cost = cost(&[voice(1, 10.0, 30.0, 1.0)]);
    assert_eq!((cost.hours_per_week, cost.n_voices), (5.0, 1));
    assert!((cost.low - 2.5).abs() < 1e-3 && (cost.high - 10.0).abs() < 4e-3, "{cost:?}");
}

#[test]
fn more_voices_make_the_interval_narrower_and_a_guessed_number_of_people_wider() {
    let width = |voices: &[Voice]| {
        let cost = cost(voices);
        cost.high / cost.hours_per_week
    };
    let one = width(&[voice(1, 10.0, 30.0, 1.0)]);
    let three = width(&[voice(1, 10.0, 30.0, 1.0), voice(2, 10.0, 30.0, 1.0), voice(3, 10.0, 30.0, 1.0)]);
    let of_many = width(&[voice(1, 10.0, 30.0, 12.0)]);
    assert!(three < one && one < of_many, "{three} {one} {of_many}");
    let together = width(&[voice(1, 10.0, 30.0, 5.0), voice(2, 9.0, 30.0, 1.0), voice(3, 10.0, 28.0, 1.0)]);
    let apart = width(&[voice(1, 10.0, 30.0, 5.0), voice(2, 1.0, 15.0, 1.0), voice(3, 30.0, 60.0, 1.0)]);
    assert!(
        together < apart,
        "who speaks for others who see it otherwise knows less of them: {together} {apart}"
    );
}

/// Twenty people, each for himself, and three who lie far apart: sums of their laws drawn 40,000 times, seed 9. No more than
/// 5 in 100 of them lie above the high end, give or take a percent (the sum's law is matched in two moments only).
#[test]
fn the_high_end_is_that_of_the_sum_of_what_the_voices_say() {
    let twenty: Vec<Voice> = (0..20).map(|n| voice(n, 10.0, 30.0, 1.0)).collect();
    let three = [voice(1, 16.0, 30.0, 1.0), voice(2, 4.0, 30.0, 1.0), voice(3, 1.0, 30.0, 1.0)];
    let mut dice = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(9);
    for voices in [twenty.as_slice(), three.as_slice()] {
        let high = cost(voices).high;
        let mut n_above = 0;
        for _ in 0..40_000 {
            let sum: f64 = voices
                .iter()
                .map(|voice| {
                    // Box and Muller's way to a normal number.
                    let (a, b): (f64, f64) =
                        (dice.random_range(f64::MIN_POSITIVE..1.0), dice.random_range(0.0..1.0));
                    let normal = (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos();
                    voice.burden.hours_per_week() * (0.421_4 * normal).exp()
                })
                .sum();
            n_above += usize::from(sum > high);
        }
        let share = n_above as f64 / 40_000.0;
        assert!((0.04..=0.06).contains(&share), "{} voices: {share}", voices.len());
    }
}

#[test]
fn nobody_counts_twice_however_often_he_says_it() {
    let (report, again) = (voice(1, 10.0, 30.0, 4.0), voice(1, 5.0, 30.0, 1.0));
    let other = voice(2, 2.0, 30.0, 1.0);
    assert_eq!(cost(&[report, other, again]), cost(&[report, other]));
    assert_eq!(cost(&[again, other, report]).hours_per_week, cost(&[report, other]).hours_per_week);
    let nameless = Voice { person: None, ..other };
    assert_eq!(cost(&[nameless, nameless]).n_voices, 2, "of the nameless nobody knows that they are one");
}

#[test]
fn the_low_end_allows_that_the_voices_are_among_those_a_report_speaks_for() {
    // Twenty people, as one says; nineteen of them say so too, with the same burden.
    let mut voices = vec![voice(1, 6.0, 10.0, 20.0)];
    voices.extend((2..=20).map(|n| voice(n, 6.0, 10.0, 1.0)));
    let all = cost(&voices);
    assert_eq!(all.hours_per_week, 39.0);
    // The same guess by all: s² = 4 s0² / (4 + 20 - 1). Then low * high = 20 * 39 * middle², all twenty counted once.
    let (own, of_others) = (0.421_4_f64.powi(2), 0.421_4_f64.powi(2) * (1.0 + 4.0 / 23.0));
    let mean = 20.0 * (of_others / 2.0).exp() + 19.0 * (own / 2.0).exp();
    let variance = 400.0 * of_others.exp() * of_others.exp_m1() + 19.0 * own.exp() * own.exp_m1();
    let middle = mean / 39.0 * (-(variance / mean.powi(2)).ln_1p() / 2.0).exp();
    assert!((all.low * all.high / (39.0 * middle * middle) - 20.0).abs() < 1e-9, "{all:?}");
}

#[test]
fn what_costs_nothing_yet_has_no_interval() {
    let nothing = cost(&[]);
    assert_eq!((nothing.hours_per_week, nothing.low, nothing.high, nothing.n_voices), (0.0, 0.0, 0.0, 0));
}

/// True hours of 3 people and their guesses, log-normal around them with the standard deviation 0.4214; 4,000 frictions,
/// seed 5. The 90 % interval holds the truth in 87 to 97 of 100: rather too often than too seldom, since three guesses
/// say little of their own spread.
#[test]
fn the_interval_holds_the_true_hours_as_often_as_it_says() {
    let mut chance = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(5);
    let mut normal = || {
        let sum: f64 = (0..12).map(|_| chance.random::<f64>()).sum();
        sum - 6.0
    };
    let n = 4_000;
    let mut n_held = 0;
    for _ in 0..n {
        let mut truth = 0.0;
        let voices: Vec<Voice> = (1..=3)
            .map(|person| {
                let hours = 2.0 * (0.3 * normal()).exp();
                truth += hours;
                voice(person, 60.0, hours * (0.4214 * normal()).exp(), 1.0)
            })
            .collect();
        let cost = cost(&voices);
        n_held += usize::from(cost.low <= truth && truth <= cost.high);
    }
    let share = n_held as f64 / n as f64;
    assert!((0.87..=0.97).contains(&share), "{share}");
}

#[test]
fn whoever_reported_it_says_whether_it_is_gone_and_it_is_open_again_if_not() {
    use FrictionState::*;
    assert_eq!(standing(None, None), New);
    assert_eq!(standing(Some(Gone), None), Gone);
    assert_eq!(standing(Some(Gone), Some(Verdict::Gone)), Gone);
    assert_eq!(standing(Some(Gone), Some(Verdict::Stays)), Back);
    assert!(Back.is_open());
    assert_eq!(judge(Gone, None, " still there "), Ok("still there".into()));
    for (state, before) in
        [(Answered, None), (Kept, None), (Gone, Some(Verdict::Gone)), (Back, Some(Verdict::Stays))]
    {
        assert_eq!(judge(state, before, ""), Err(FrictionRefused::NothingToJudge { state }));
    }
    assert_eq!(answer(Back, Back, "we look again").map(|(state, _)| state), Ok(Answered));
}

#[test]
fn half_of_the_stopped_clocks_stopped_within_the_median() {
    let stopped = |days| ResponseClock::Stopped { days };
    assert_eq!(days_to_answer([ResponseClock::Running { days: 9.0 }]), None);
    assert_eq!(
        days_to_answer([stopped(5.0), ResponseClock::Running { days: 99.0 }, stopped(1.0)]),
        Some(3.0)
    );
    assert_eq!(days_to_answer([stopped(5.0), stopped(1.0), stopped(2.0)]), Some(2.0));
}

mod taken_in {
    use super::*;
    use crate::id::UnitId;
    use crate::org::role::Role;
    use crate::org::who::{Actor, Who};
    use crate::sense::friction::intake::*;

    fn unit(n: u8) -> UnitId {
        UnitId::made(moment("2026-03-02T08:00:00Z"), [n; 10])
    }

    fn who(n: u8, roles: &[Role]) -> Who {
        Who { actor: Actor::Person(person(n).unwrap()), name: "x".into(), roles: roles.to_vec() }
    }

    /// Who sees a report of unit 1, by person 7: reporter, member, lead, another unit's lead, change lead,
    /// administrator, visitor.
    #[track_caller]
    fn check(audience: Audience, shown: Shown, expect: [bool; 7]) {
        let reach = Reach { unit: unit(1), audience, shown, reported_by: person(7) };
        let everybody = [
            Some(who(7, &[])),
            Some(who(1, &[Role::Member(unit(1))])),
            Some(who(2, &[Role::Lead(unit(1))])),
            Some(who(3, &[Role::Lead(unit(2))])),
            Some(who(4, &[Role::ChangeLead])),
            Some(who(5, &[Role::Administrator])),
            None,
        ];
        let seen = everybody.map(|who| sees(who.as_ref(), &reach));
        assert_eq!(seen, expect, "{audience:?} {shown:?}");
    }

    #[test]
    fn a_report_is_seen_by_those_it_is_for() {
        let (y, n) = (true, false);
        check(Audience::All, Shown::Yes, [y; 7]);
        check(Audience::All, Shown::Waits, [y, n, y, n, y, y, n]);
        check(Audience::All, Shown::HeldBack, [y, n, y, n, y, y, n]);
        check(Audience::Unit, Shown::Yes, [y, y, y, n, n, n, n]);
        check(Audience::Unit, Shown::Waits, [y, n, y, n, n, n, n]);
        check(Audience::Lead, Shown::Yes, [y, n, y, n, n, n, n]);
        check(Audience::Lead, Shown::HeldBack, [y, n, y, n, n, n, n]);
    }

    #[test]
    fn a_program_and_the_operator_see_what_is_for_all() {
        let reach = |audience| Reach { unit: unit(1), audience, shown: Shown::Yes, reported_by: None };
        for audience in Audience::EACH {
            assert_eq!(sees(Some(&Who::operator()), &reach(audience)), audience == Audience::All);
        }
    }

    #[test]
    fn whoever_reports_may_choose_fewer_than_the_unit_lets_see_and_never_more() {
        for of_unit in Audience::EACH {
            for wished in Audience::EACH {
                let seen_by = audience(Intake { audience: of_unit, look: Look::AtOnce }, wished);
                assert!(seen_by >= of_unit && seen_by >= wished);
            }
        }
    }

    #[test]
    fn a_report_is_held_back_only_with_a_reason_and_can_be_shown_later() {
        assert_eq!(look(Shown::Waits, Shown::HeldBack, "  "), Err(IntakeRefused::ReasonMissing));
        assert_eq!(look(Shown::Waits, Shown::HeldBack, " a name "), Ok("a name".into()));
        assert_eq!(look(Shown::HeldBack, Shown::Yes, ""), Ok(String::new()));
        assert_eq!(look(Shown::Yes, Shown::Yes, ""), Err(IntakeRefused::AsItIs { shown: Shown::Yes }));
        assert_eq!(look(Shown::Yes, Shown::Waits, ""), Err(IntakeRefused::AsItIs { shown: Shown::Yes }));
    }

    #[test]
    fn words_read_what_they_write() {
        assert!(Audience::EACH.iter().all(|one| one.word().parse() == Ok(*one)));
        assert!(Look::EACH.iter().all(|one| one.word().parse() == Ok(*one)));
        assert!(Shown::EACH.iter().all(|one| one.word().parse() == Ok(*one)));
        assert!("public".parse::<Audience>().is_err());
    }
}

mod merged {
    use super::*;
    use crate::id::{FrictionId, UnitId};
    use crate::sense::friction::intake::Audience;
    use crate::sense::friction::merge::*;

    fn friction(n: u8) -> FrictionId {
        FrictionId::made(moment("2026-03-02T08:00:00Z"), [n; 10])
    }

    fn open(n: u8, of: u8) -> Mergeable {
        let unit = UnitId::made(moment("2026-03-02T08:00:00Z"), [of; 10]);
        Mergeable { id: friction(n), unit, is_open: true, audience: Audience::All }
    }

    #[test]
    fn a_merged_friction_counts_where_the_last_one_of_the_row_does() {
        let merges: Merges = [(friction(1), friction(2)), (friction(2), friction(3))].into();
        assert_eq!([1, 2, 3, 4].map(|n| counts_in(friction(n), &merges)), [3, 3, 3, 4].map(friction));
        let round: Merges = [(friction(1), friction(2)), (friction(2), friction(1))].into();
        counts_in(friction(1), &round);
    }

    #[test]
    fn only_two_open_frictions_of_one_unit_are_merged_and_never_in_a_circle() {
        let merges: Merges = [(friction(1), friction(2))].into();
        assert_eq!(merge(&open(3, 1), &open(2, 1), &merges), Ok(()));
        assert_eq!(merge(&open(2, 1), &open(2, 1), &merges), Err(MergeRefused::Itself));
        assert_eq!(merge(&open(1, 1), &open(3, 1), &merges), Err(MergeRefused::Already));
        assert_eq!(merge(&open(2, 1), &open(1, 1), &merges), Err(MergeRefused::Circle));
        assert_eq!(merge(&open(3, 1), &open(2, 9), &merges), Err(MergeRefused::OtherUnit));
        let closed = Mergeable { is_open: false, ..open(2, 1) };
        assert_eq!(merge(&open(3, 1), &closed, &merges), Err(MergeRefused::Closed));
        let seen_by = |n, audience| Mergeable { audience, ..open(n, 1) };
        for (at, one) in Audience::EACH.into_iter().enumerate() {
            for (of, other) in Audience::EACH.into_iter().enumerate() {
                let expect = if of > at { Err(MergeRefused::Narrower) } else { Ok(()) };
                assert_eq!(merge(&seen_by(3, one), &seen_by(2, other), &merges), expect, "{one:?} {other:?}");
            }
        }
        assert_eq!(unmerge(friction(1), &merges), Ok(()));
        assert_eq!(unmerge(friction(2), &merges), Err(MergeRefused::NotMerged));
    }
}

mod at_the_kiosk {
    use crate::refusal::{Refusal, RefusalKind};
    use crate::sense::friction::kiosk::*;

    #[test]
    fn the_link_is_slowed_down_and_not_who_comes_by_it() {
        let came = |n_lately, n_a_day, n_waiting| one_more(CameIn { n_lately, n_a_day, n_waiting });
        assert_eq!(came(N_LATELY - 1, N_A_DAY - 1, N_WAITING - 1), Ok(()));
        for refused in [came(N_LATELY, 0, 0), came(0, N_A_DAY, 0), came(0, 0, N_WAITING)] {
            assert_eq!(refused.unwrap_err().kind(), RefusalKind::TooOften);
        }
    }

    #[test]
    fn plain_words_are_taken_and_markup_and_addresses_are_not() {
        for words in
            ["Results come > 2 h late", "pH <7 is not shown", "R&D never answers", "Who is http?", "5<6 beds"]
        {
            assert_eq!(plain(words), Ok(()), "{words}");
        }
        for words in [
            "<script>alert(1)</script>",
            "late <img src=x onerror=alert(1)>",
            "</p> late",
            "<!-- late -->",
            "&#60;script&#62;",
            "Win at HTTPS://casino.example",
            "see www.casino.example",
            "JavaScript:alert(1)",
            "ask mailto:me@x.y",
            "Win at evil.example/x now",
            "write to (me@evil.example)",
            "＜script＞alert",
            "gnihtemos \u{202e}dettimbus",
            "hid\u{200b}den",
        ] {
            assert_eq!(plain(words), Err(KioskRefused::NotPlain), "{words}");
            assert_eq!(KioskRefused::NotPlain.field(), Some("title"));
        }
    }
}

mod alike {
    use crate::sense::friction::likeness::shared_letters;
    use crate::sense::friction::{ALIKE, Typed, likeness};

    /// A pair of titles, and whether they are one friction. In our own words, as front lines of hospitals, bank branches,
    /// factories and offices speak; half are one friction in other words, half share words and are two.
    struct Pair {
        is_same: bool,
        one: &'static str,
        other: &'static str,
    }

    fn pairs() -> Vec<Pair> {
        read(include_str!("pairs.tsv"))
    }

    fn read(text: &'static str) -> Vec<Pair> {
        let pair = |line: &'static str| {
            let cells: Vec<&str> = line.split('\t').collect();
            Pair { is_same: cells[0] == "same", one: cells[2], other: cells[3] }
        };
        text.lines().map(pair).collect()
    }

    /// Of the pairs held to be one, the share that are (precision); of those that are, the share found (recall).
    fn found<'a>(pairs: impl Iterator<Item = &'a Pair>, alike: impl Fn(&Pair) -> bool) -> (f64, f64) {
        let (mut n_right, mut n_said, mut n_same) = (0, 0, 0);
        for pair in pairs {
            let said = alike(pair);
            n_right += usize::from(said && pair.is_same);
            n_said += usize::from(said);
            n_same += usize::from(pair.is_same);
        }
        (n_right as f64 / n_said as f64, n_right as f64 / n_same as f64)
    }

    #[test]
    fn there_are_two_hundred_pairs_half_of_them_one_friction() {
        let pairs = pairs();
        assert_eq!((pairs.len(), pairs.iter().filter(|pair| pair.is_same).count()), (200, 100));
    }

    /// The lexicon and the weights were made with the pairs of even places in view; those of odd places hold them to it.
    /// The floors are two pairs below what was measured, so that a worse method fails and a reworded lexicon need not.
    #[test]
    fn duplicates_in_other_words_are_found_and_near_misses_mostly_left() {
        let pairs = pairs();
        let half = |odd: usize| pairs.iter().skip(odd).step_by(2);
        let by_words = |pair: &Pair| likeness(pair.one, pair.other) >= ALIKE;
        let by_letters =
            |pair: &Pair| shared_letters(&pair.one.to_lowercase(), &pair.other.to_lowercase()) >= 0.35;
        let (precision, recall) = found(half(1), by_words);
        let in_view = found(half(0), by_words);
        let letters = found(half(1), by_letters);
        println!(
            "held out: precision {precision:.2}, recall {recall:.2}; in view: {:.2}, {:.2}",
            in_view.0, in_view.1
        );
        println!("letters alone, held out: precision {:.2}, recall {:.2}", letters.0, letters.1);
        assert!(precision >= 0.74 && recall >= 0.76, "precision {precision:.2}, recall {recall:.2}");
        assert!(precision > letters.0 && recall > letters.1, "{letters:?}");
    }

    /// Forty pairs in German, written after its lexicon; nothing was changed for them.
    #[test]
    fn duplicates_in_german_are_found_and_near_misses_mostly_left() {
        let pairs = read(include_str!("pairs-de.tsv"));
        assert_eq!((pairs.len(), pairs.iter().filter(|pair| pair.is_same).count()), (40, 20));
        let (precision, recall) = found(pairs.iter(), |pair| likeness(pair.one, pair.other) >= ALIKE);
        println!("German: precision {precision:.2}, recall {recall:.2}");
        assert!(precision >= 0.84 && recall >= 0.8, "precision {precision:.2}, recall {recall:.2}");
    }

    #[test]
    fn compounds_marks_and_other_languages_are_read() {
        for (typed, known) in [
            ("Drucker klemmt", "Der Etikettendrucker klemmt ständig"),
            ("Laborwerte kommen zu spaet", "Die Laborwerte kommen zu spät"),
            ("L'imprimante est en panne", "L’imprimante ne fonctionne pas"),
            ("La impresora no funciona", "Impresora estropeada"),
            ("La stampante è guasta", "La stampante non funziona"),
            ("Skrivaren är trasig", "Skrivare trasig igen"),
            ("Blutbefunde kommen zu spät", "Blood results come late"),
        ] {
            assert!(likeness(typed, known) >= ALIKE, "{typed} / {known}: {}", likeness(typed, known));
        }
        for (typed, other) in [
            ("L'imprimante est en panne", "L'ascenseur est en panne"),
            ("La impresora no funciona", "El ascensor no funciona"),
            ("Der Drucker klemmt", "Der Drucker ist zu laut"),
        ] {
            assert!(likeness(typed, other) < ALIKE, "{typed} / {other}: {}", likeness(typed, other));
        }
    }

    #[test]
    fn what_was_merged_is_known_to_be_said_in_both_ways_elsewhere_too() {
        let (one, other) = ("Frau Holle kommt nicht", "Beds stay unmade until noon");
        let elsewhere = "Unmade beds at noon";
        let alone = Typed::of(one, []);
        assert!(alone.likeness(elsewhere) < ALIKE, "{}", alone.likeness(elsewhere));
        for merged in [(one, other), (other, one)] {
            let typed = Typed::of("Frau Holle kommt nicht mehr", [merged]);
            assert!(typed.likeness(elsewhere) >= ALIKE, "{}", typed.likeness(elsewhere));
            assert!(typed.likeness("Printer jams") < ALIKE, "and nothing else");
        }
        let unlike = Typed::of("Frau Holle schneit", [("The lift stands still", other)]);
        assert!(unlike.likeness(elsewhere) < ALIKE, "a merge of something else says nothing");
    }

    #[test]
    fn it_does_not_matter_which_title_comes_first() {
        for pair in pairs() {
            let difference = likeness(pair.one, pair.other) - likeness(pair.other, pair.one);
            assert!(difference.abs() < 1e-12, "{} / {}", pair.one, pair.other);
            assert!((likeness(pair.one, pair.one) - own(pair.one)).abs() < 1e-12);
        }
    }

    /// A title is as like itself as can be; one that names no trouble leaves open which.
    fn own(title: &str) -> f64 {
        if likeness(title, title) > 0.99 { likeness(title, title) } else { 0.55_f64.sqrt() }
    }

    #[test]
    fn what_front_lines_say_in_other_words_is_found() {
        for (typed, known) in [
            ("waiting for lab values", "Blood results reach the round too late"),
            ("lab values come too late", "Blood results reach the round too late"),
            ("logging in takes ages", "Log-in takes four minutes on the shared computers"),
            ("the discharge letter is not ready", "Discharge letters are late"),
        ] {
            assert!(likeness(typed, known) >= ALIKE, "{typed} / {known}: {}", likeness(typed, known));
        }
    }

    #[test]
    fn a_slip_of_the_pen_does_little() {
        assert!(likeness("Blood results come late", "blod resluts come late") >= ALIKE);
        assert!(
            likeness("Kopierer druckt nicht", "Kopierer druckt nie") >= ALIKE,
            "another language: by its letters"
        );
    }
}
