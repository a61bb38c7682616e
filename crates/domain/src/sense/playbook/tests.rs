use proptest::prelude::*;

use super::*;

/// The smallest playbook there can be, nearly: two frictions, two signs, two remedies.
const SMALL: &str = r#"# A comment that a fork keeps.
format = "traction.playbook/1"
id = "small"
version = 3
name = "Small"
about = "For tests."
something_else = 0.1
n_cases = 4

[[sources]]
id = "own"
cite = "Ourselves."

[[frictions]]
id = "fog"
name = "Fog"
means = "Nobody sees far."
common = 2

[[frictions]]
id = "mud"
name = "Mud"
means = "Nobody gets far."
common = 1

[[signs]]
id = "far"
ask = "How far do you see?"
answers = [
  { id = "far", says = "Far", usual = 0.7 },
  { id = "near", says = "To my feet", usual = 0.3 },
]
speaks = [
  { friction = "fog", answer = "near", strength = 0.8, why = "Fog hides.", source = "own" },
]

[[signs]]
id = "boots"
ask = "How are your boots?"
answers = [
  { id = "clean", says = "Clean", usual = 0.6 },
  { id = "wet", says = "Wet", usual = 0.3 },
  { id = "gone", says = "Gone", usual = 0.1 },
]
speaks = [
  { friction = "mud", answer = "wet", strength = 0.5, why = "Mud is wet.", source = "own" },
  { friction = "mud", answer = "gone", strength = 0.2, why = "Mud keeps boots.", source = "own" },
]

[[remedies]]
id = "lamp"
name = "A lamp"
do = "Carry a lamp."
hours = 1
people = 1
relief_days = 1
test = { plan = "One evening with a lamp.", prediction = "We see the gate.", days = 1 }
removes = [
  { friction = "fog", strength = 0.5, why = "Light helps.", source = "own" },
]

[[remedies]]
id = "planks"
name = "Planks"
do = "Lay planks."
hours = 8
people = 2
relief_days = 2
test = { plan = "Ten planks.", prediction = "Clean boots.", days = 2 }
removes = [
  { friction = "mud", strength = 0.7, why = "Wood carries.", source = "own" },
]
"#;

fn small() -> Playbook {
    read(SMALL).unwrap()
}

/// What is found when `instead` stands in the place of `what`, which stands there once; in lines of the changed text.
#[track_caller]
fn findings(what: &str, instead: &str) -> (String, Vec<Finding>) {
    assert_eq!(SMALL.matches(what).count(), 1, "`{what}` stands there once");
    let text = SMALL.replace(what, instead);
    let findings = read(&text).unwrap_err().findings;
    (text, findings)
}

/// The one flaw, on the line on which `place` first stands in the changed text.
#[track_caller]
fn check(what: &str, instead: &str, place: &str, flaw: Flaw) {
    let (text, found) = findings(what, instead);
    let line = 1 + text.lines().position(|line| line.contains(place)).expect("the place is in the text");
    assert_eq!(found, [Finding { line, flaw }]);
}

#[test]
fn a_playbook_is_read_as_it_is_written() {
    let playbook = small();
    assert_eq!(playbook.edition, Edition { id: "small".into(), version: 3 });
    assert_eq!(playbook.forked_from, None);
    assert_eq!(playbook.friction_named("mud"), Some(FrictionNo(1)));
    let boots = playbook.sign(playbook.sign_named("boots").unwrap());
    assert_eq!(boots.answer_named("gone"), Some(AnswerNo(2)));
    assert_eq!(
        (boots.speaks[1].friction, boots.speaks[1].answer, boots.speaks[1].strength),
        (FrictionNo(1), AnswerNo(2), 0.2)
    );
    let planks = playbook.remedy(playbook.remedy_named("planks").unwrap());
    assert_eq!(planks.footprint, Footprint { hours: 8.0, n_people: 2.0 });
    assert_eq!(planks.removes(FrictionNo(1)).unwrap().strength, 0.7);
    assert_eq!(planks.removes(FrictionNo(0)), None);
}

#[test]
fn those_that_ship_are_playbooks_and_rest_on_every_source_they_name() {
    for (name, text) in BUILT_IN {
        let playbook = read(text).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        assert_eq!(playbook.edition.id, name);
        assert_eq!(built_in(name).unwrap().0, playbook);
        assert!(playbook.frictions.len() >= 12, "{name}");
        assert!(playbook.signs.len() >= 20 && playbook.remedies.len() >= 20, "{name}");
        let of_signs = playbook.signs.iter().flat_map(|sign| &sign.speaks).map(|link| link.reason.source);
        let of_remedies =
            playbook.remedies.iter().flat_map(|remedy| &remedy.removes).map(|link| link.reason.source);
        let mut used: Vec<SourceNo> = of_signs.chain(of_remedies).collect();
        used.sort_unstable();
        used.dedup();
        assert_eq!(used.len(), playbook.sources.len(), "{name}");
        for (at, friction) in playbook.frictions.iter().enumerate() {
            let removing = playbook.remedies.iter().filter(|remedy| remedy.removes(FrictionNo(at)).is_some());
            assert!(removing.count() >= 2, "{name}: {} has one remedy only", friction.key);
            let shown =
                playbook.signs.iter().filter(|sign| sign.speaks.iter().any(|link| link.friction.0 == at));
            assert!(shown.count() >= 3, "{name}: {} is shown by fewer than three signs", friction.key);
        }
    }
    assert!(built_in("selling").is_none());
}

#[test]
fn a_name_that_leads_nowhere_is_found_with_the_one_that_is_meant() {
    let unknown = |part, name: &str, nearest: Option<&str>| {
        let nearest = nearest.map(Into::into);
        Flaw::UnknownName { part, name: name.into(), nearest }
    };
    let link = r#"friction = "mud", answer = "gone""#;
    check(link, r#"friction = "mad", answer = "gone""#, "mad", unknown(Part::Friction, "mad", Some("mud")));
    check(link, r#"friction = "mud", answer = "lost""#, "lost", unknown(Part::Answer, "lost", None));
    let reason = r#"why = "Wood carries.", source = "own""#;
    check(
        reason,
        r#"why = "Wood carries.", source = "owm""#,
        "owm",
        unknown(Part::Source, "owm", Some("own")),
    );
    let (_, found) = findings(link, r#"friction = "mad", answer = "gone""#);
    assert_eq!(found[0].to_string(), "line 47: there is no friction `mad`; `mud` is meant, perhaps");
}

#[test]
fn numbers_that_cannot_be_are_found() {
    let share = |entry, written| Flaw::NotAShare { entry, written };
    check("strength = 0.8", "strength = 1.2", "1.2", share("strength", 1.2));
    check("strength = 0.8", "strength = 1", "strength = 1,", share("strength", 1.0));
    check("strength = 0.7", "strength = 0", "strength = 0,", share("strength", 0.0));
    let usual = "says = \"Gone\", usual = 0.1";
    let sum = Flaw::UsualNotOne { sign: "boots".into(), sum: 0.6 + 0.3 + 0.2 };
    check(usual, "says = \"Gone\", usual = 0.2", "id = \"boots\"", sum);
    let gone = "answer = \"gone\", strength = 0.2";
    let sum = Flaw::StrengthsAboveOne { sign: "boots".into(), friction: "mud".into(), sum: 0.5 + 0.6 };
    check(gone, "answer = \"gone\", strength = 0.6", "strength = 0.6", sum);
    let range = Flaw::OutOfRange { entry: "people", written: 0.0, least: 1.0, most: 100_000.0 };
    check("people = 2", "people = 0", "people = 0", range);
    for nothing in ["nan", "inf", "-0.1"] {
        let (_, found) = findings("something_else = 0.1", &format!("something_else = {nothing}"));
        assert!(
            matches!(found[..], [Finding { line: 7, flaw: Flaw::NotAShare { .. } }]),
            "{nothing}: {found:?}"
        );
    }
}

#[test]
fn what_is_there_twice_is_found_with_the_first() {
    let twice = |part, name: &str, first| Flaw::NamedTwice { part, name: name.into(), first };
    check("id = \"far\", says", "id = \"near\", says", "To my feet", twice(Part::Answer, "near", 30));
    let (_, found) = findings("id = \"planks\"", "id = \"lamp\"");
    assert_eq!(found, [Finding { line: 63, flaw: twice(Part::Remedy, "lamp", 51) }]);
    let gone = "answer = \"gone\", strength";
    check(gone, "answer = \"wet\", strength", "Mud keeps boots", Flaw::LinkedTwice { first: 46 });
}

#[test]
fn what_nothing_shows_explains_or_removes_is_found() {
    let fog = "  { friction = \"fog\", answer = \"near\", strength = 0.8, why = \"Fog hides.\", source = \"own\" },\n";
    let (_, found) = findings(fog, "");
    let flaws: Vec<&Flaw> = found.iter().map(|finding| &finding.flaw).collect();
    let invisible = Flaw::Invisible { friction: "fog".into() };
    assert_eq!(flaws, [&invisible, &Flaw::Unexplained { sign: "far".into() }]);
    let lamp = "  { friction = \"fog\", strength = 0.5, why = \"Light helps.\", source = \"own\" },\n";
    let (_, found) = findings(lamp, "");
    let flaws: Vec<&Flaw> = found.iter().map(|finding| &finding.flaw).collect();
    let no_remedy = Flaw::NoRemedy { friction: "fog".into() };
    assert_eq!(flaws, [&no_remedy, &Flaw::RemovesNothing { remedy: "lamp".into() }]);
}

#[test]
fn a_form_that_is_none_is_found_at_its_line() {
    let form = |what: &str, instead: &str, line: usize, words: &str| {
        let (_, found) = findings(what, instead);
        let [Finding { line: at, flaw: Flaw::Form { says } }] = &found[..] else { panic!("{found:?}") };
        assert!(*at == line && says.contains(words), "line {at}: {says}");
    };
    form("common = 1", "common = ", 24, "");
    form("common = 1", "comon = 1", 24, "comon");
    form("common = 1", "common = \"often\"", 24, "string");
    let format = Flaw::OtherFormat { written: "traction.playbook/2".into() };
    check("traction.playbook/1", "traction.playbook/2", "playbook/2", format);
    let name = Flaw::NotAName { part: Part::Remedy, written: "The Lamp".into() };
    check("id = \"lamp\"", "id = \"The Lamp\"", "The Lamp", name);
}

#[test]
fn an_answer_cannot_be_called_by_the_word_for_not_knowing() {
    let (_, found) = findings("id = \"clean\"", "id = \"unknown\"");
    assert_eq!(found, [Finding { line: 41, flaw: Flaw::ReservedName }]);
}

#[test]
fn words_are_needed_and_have_a_limit() {
    check("why = \"Wood carries.\"", "why = \" \"", "why = \" \"", Flaw::Empty { entry: "why" });
    let long = "x".repeat(201);
    let flaw = Flaw::Unreadable { entry: "says", n_characters: 201, limit: 200 };
    check("says = \"To my feet\"", &format!("says = \"{long}\""), &long, flaw);
}

#[test]
fn two_versions_differ_in_words() {
    let old = small();
    assert_eq!(diff(&old, &old), []);
    let text = SMALL
        .replace("strength = 0.8", "strength = 0.6")
        .replace("\"Carry a lamp.\"", "\"Carry two lamps.\"")
        .replace("  { friction = \"mud\", answer = \"gone\", strength = 0.2, why = \"Mud keeps boots.\", source = \"own\" },\n", "")
        .replace("version = 3", "version = 4");
    let new = read(&text).unwrap();
    let says = |one: &Playbook, other: &Playbook| {
        diff(one, other).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let link = "link from answer `gone` of sign `boots` to friction `mud`";
    assert_eq!(
        says(&old, &new),
        [
            "link from answer `near` of sign `far` to friction `fog`: `strength` falls from 0.8 to 0.6"
                .to_owned(),
            format!("{link} is gone"),
            "remedy `lamp`: `do` was \"Carry a lamp.\" and is \"Carry two lamps.\"".to_owned(),
        ]
    );
    assert!(says(&new, &old).contains(&format!("{link} is new")));
}

#[test]
fn what_hangs_on_something_new_is_not_told_twice() {
    let remedies = SMALL.find("[[remedies]]\nid = \"planks\"").unwrap();
    let third = SMALL[remedies..].replace("planks", "boat").replace("Planks", "Boat");
    let new = read(&format!("{SMALL}\n{third}")).unwrap();
    let says: Vec<String> = diff(&small(), &new).iter().map(ToString::to_string).collect();
    assert_eq!(says, ["remedy `boat` is new"]);
}

#[test]
fn a_fork_has_its_own_name_and_says_where_it_comes_from() {
    let text = fork(SMALL, "ours").unwrap();
    assert!(text.starts_with("# A comment that a fork keeps."));
    let forked = read(&text).unwrap();
    assert_eq!(forked.edition, Edition { id: "ours".into(), version: 1 });
    assert_eq!(forked.forked_from, Some(small().edition));
    assert_eq!(diff(&small(), &forked), []);
    let again = read(&fork(&text, "theirs").unwrap()).unwrap();
    assert_eq!(again.forked_from, Some(forked.edition));
    assert_eq!(fork(SMALL, "small"), Err(ForkRefused::SameName { id: "small".into() }));
    let name = Flaw::NotAName { part: Part::Playbook, written: "Our own".into() };
    assert_eq!(fork(SMALL, "Our own"), Err(ForkRefused::Name(name)));
    assert!(matches!(fork("nothing", "ours"), Err(ForkRefused::Playbook(_))));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is torn off or written over, the answer is a playbook or findings with lines of that text.
    #[test]
    fn no_text_breaks_the_reader(from in 0..2_000usize, length in 0..40usize, instead in "[a-z0-9\"={}\\[\\], .\n-]{0,12}") {
        let bytes: Vec<char> = SMALL.chars().collect();
        let from = from.min(bytes.len());
        let to = (from + length).min(bytes.len());
        let text: String = bytes[..from].iter().chain(instead.chars().collect::<Vec<_>>().iter()).chain(&bytes[to..]).collect();
        if let Err(refused) = read(&text) {
            let n_lines = 1 + text.matches('\n').count();
            prop_assert!(!refused.findings.is_empty());
            prop_assert!(refused.findings.iter().all(|finding| (1..=n_lines).contains(&finding.line)));
        }
    }
}
