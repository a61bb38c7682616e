//! Stage 1 on the command line: playbooks are read, checked, compared and taken over; a diagnosis is led or read.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;
use traction::store::Place;
use traction_domain::org::role::RoleWord;

use crate::world::on_both;

/// Runs the program with these lines to read; its exit code, standard output and messages.
#[track_caller]
fn told(arguments: &[&str], lines: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_traction"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever has enough does not read on, and the rest has nowhere to go.
    let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A file of this name and text, in a folder that goes when the test ends.
fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_guided_conversation_asks_explains_takes_back_and_ends_with_what_to_do_first() {
    let (code, said, asked) = told(&["diagnose", "internal-change"], "u\nw\n9\n2\nu\n1\nd\ne\n1\n");
    assert_eq!(code, 0, "{asked}");
    assert!(asked.contains("Nothing is answered yet."), "{asked}");
    assert!(asked.contains("It is the question that tells most now"), "{asked}");
    assert!(asked.contains("Write a number from 1 to"), "{asked}");
    let first_question = asked.lines().find(|line| line.starts_with("1. ")).unwrap();
    assert_eq!(asked.matches(first_question).count(), 2, "taken back, it is asked again");
    assert!(asked.contains("\n2. ") && asked.contains("\n3. ") && !asked.contains("\n4. "), "{asked}");
    assert!(said.contains("after 1 answer:") && said.contains("Do first: "), "{said}");
    assert!(said.contains("not tried here yet") && said.contains("Try it small, as a cycle of"), "{said}");
    assert!(!said.contains("> "), "questions are no result");
}

#[test]
fn a_conversation_asks_no_more_when_nothing_is_worth_asking() {
    let (code, said, asked) = told(&["diagnose", "buying", "--json"], &"1\n".repeat(40));
    assert_eq!(code, 0);
    assert!(asked.contains("No other question would tell enough to be worth asking."), "{asked}");
    let diagnosis: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(diagnosis["next"], Value::Null);
    let n_asked = diagnosis["answers"].as_object().unwrap().len();
    assert!((4..25).contains(&n_asked), "{n_asked} questions");
}

#[test]
fn a_diagnosis_is_read_from_a_file_and_from_what_it_printed() {
    let folder = tempfile::tempdir().unwrap();
    let answers = file(
        &folder,
        "answers.toml",
        "# the ward\nowner = \"nobody\"\nsteps = \"few\"\nmistake = \"unknown\"\n",
    );
    let (code, said, _) = told(&["diagnose", "internal-change", "--answers", &answers, "--json"], "");
    assert_eq!(code, 0);
    let diagnosis: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(diagnosis["schema"], "traction.diagnosis/1");
    assert_eq!(diagnosis["playbook"], "internal-change/1");
    assert_eq!(diagnosis["answers"]["mistake"], "unknown");
    let frictions = diagnosis["frictions"].as_array().unwrap();
    assert_eq!((frictions.len(), &frictions[0]["friction"]), (17, &"no-owner".into()));
    let all: f64 = frictions.iter().map(|friction| friction["probability"].as_f64().unwrap()).sum();
    assert!((all - 1.0).abs() < 1e-12);
    assert!(!diagnosis["next"]["ask"].as_str().unwrap().is_empty());
    assert_eq!(diagnosis["first"]["remedy"], diagnosis["remedies"][0]["remedy"]);
    assert_eq!(diagnosis["would_change"]["given"]["answers"].as_object().unwrap().len(), 1);

    let printed = file(&folder, "diagnosis.json", &said);
    let (_, again, _) = told(&["diagnose", "internal-change", "--answers", &printed, "--json"], "");
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["frictions"], diagnosis["frictions"]);
}

#[test]
fn several_peoples_answers_say_where_they_part_and_nobody_is_given_away() {
    let folder = tempfile::tempdir().unwrap();
    let each = ["same", "nobody", "nobody", "nobody", "same", "different"].iter().enumerate();
    let answer = |(n, owner): (usize, &&str)| {
        file(&folder, &format!("{n}.toml"), &format!("owner = \"{owner}\"\nsteps = \"few\"\n"))
    };
    let files: Vec<String> = each.map(answer).collect();
    let with = |n: usize, more: &[&str]| {
        let answers = files[..n].iter().flat_map(|file| ["--answers", file]);
        let arguments: Vec<&str> = ["diagnose", "internal-change"].into_iter().chain(answers).collect();
        told(&[&arguments[..], more].concat(), "")
    };
    let (code, said, _) = with(3, &[]);
    assert_eq!(code, 0);
    assert!(said.starts_with("3 voices heard together."), "{said}");
    assert!(
        said.contains("1 \"The same name, at once\", 2 \"Nobody, or somebody outside the unit\""),
        "{said}"
    );
    assert!(said.contains("(alike in 33 % of pairs)") && said.contains("Do first: "), "{said}");
    let (code, said, error) = with(4, &["--guarded"]);
    assert_eq!((code, said.as_str()), (1, ""), "{error}");
    let (code, json, _) = with(6, &["--guarded", "--json"]);
    assert_eq!(code, 0);
    let diagnosis: Value = serde_json::from_str(&json).unwrap();
    let signs = diagnosis["voices"]["signs"].as_array().unwrap();
    let on = |sign: &str| signs.iter().find(|on| on["sign"] == sign).unwrap();
    assert_eq!((&on("owner")["concord"], &on("owner")["counts"]), (&"divided".into(), &Value::Null));
    assert_eq!((&on("steps")["concord"], &on("mistake")["concord"]), (&"agree".into(), &"too_few".into()));
    assert_eq!(diagnosis["frictions"][0]["apart"], Value::Null);
}

#[test]
fn what_remedies_did_here_moves_them_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let answers = file(&folder, "answers.toml", "owner = \"nobody\"\nwhen-owner-away = \"stops\"\n");
    let rows = "one-name,no-owner,stayed\n".repeat(9);
    let outcomes =
        file(&folder, "tried.csv", &format!("remedy,friction,outcome\n{rows}one-name,no-owner,gone\n"));
    let before = told(&["diagnose", "internal-change", "--answers", &answers], "").1;
    assert!(before.contains("Do first: One name on the wall"), "{before}");
    let with = ["diagnose", "internal-change", "--answers", &answers, "--outcomes", &outcomes];
    let (code, after, _) = told(&with, "");
    assert_eq!(code, 0);
    assert!(!after.contains("Do first: One name on the wall"), "{after}");
    let json = told(&[&with[..], &["--json"]].concat(), "").1;
    let diagnosis: Value = serde_json::from_str(&json).unwrap();
    let remedies = diagnosis["remedies"].as_array().unwrap();
    let works = &remedies.iter().find(|remedy| remedy["remedy"] == "one-name").unwrap()["works"][0];
    assert_eq!((&works["tried"], &works["gone"], &works["promised"]), (&10.into(), &1.into(), &0.6.into()));
}

#[test]
fn what_cannot_be_read_is_named_with_its_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let check = |arguments: &[&str], says: &[&str]| {
        let (code, said, error) = told(arguments, "");
        assert_eq!((code, said.as_str()), (2, ""), "{error}");
        says.iter().for_each(|says| assert!(error.contains(says), "{error}"));
    };
    check(&["diagnose", "selling"], &["`selling` is no built-in playbook (internal-change, buying)"]);
    let answers = file(&folder, "answers.toml", "owner = \"nobody\"\nowners = \"nobody\"\n");
    check(
        &["diagnose", "buying", "--answers", &answers],
        &["answers.toml: line 1: the playbook has no sign `owner`"],
    );
    let answers = file(&folder, "other.toml", "playbook = \"buying/1\"\n[answers]\n");
    check(&["diagnose", "internal-change", "--answers", &answers], &["these are answers to `buying/1`"]);
    let tried = file(&folder, "tried.csv", "remedy,friction,outcome\none-name,no-owner,maybe\n");
    let with = ["diagnose", "internal-change", "--outcomes", &tried];
    check(&with, &["tried.csv: line 2, column `outcome`: `maybe` is neither gone nor stayed; take one"]);
    let broken =
        told(&["playbook", "show", "buying", "--text"], "").1.replace("strength = 0.7,", "strength = 7,");
    let broken = file(&folder, "broken.toml", &broken);
    check(
        &["diagnose", &broken],
        &["broken.toml: line ", "`strength` is 7; it is a share above 0 and below 1"],
    );
}

#[test]
fn a_playbook_is_taken_over_changed_checked_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let (_, list, _) = told(&["playbook", "list", "--json"], "");
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!((&list[0]["playbook"], &list[1]["playbook"]), (&"internal-change".into(), &"buying".into()));

    let (code, forked, _) = told(&["playbook", "fork", "buying", "selling-to-schools"], "");
    assert_eq!(code, 0);
    let ours = file(&folder, "ours.toml", &forked);
    assert!(forked.contains("forked_from = \"buying/1\""));
    let (code, said, _) = told(&["playbook", "lint", &ours], "");
    assert_eq!(code, 0);
    assert!(said.starts_with("selling-to-schools/1 holds: 15 frictions, "), "{said}");
    let (_, same, _) = told(&["playbook", "diff", "buying", &ours], "");
    assert_eq!(same.trim(), "buying/1 and selling-to-schools/1 say the same.");

    let changed = forked
        .replace("common = 12", "common = 14")
        .replace("friction = \"rival-inside\"", "friction = \"rivals\"");
    let flawed = file(&folder, "flawed.toml", &changed);
    let (code, said, _) = told(&["playbook", "lint", &flawed], "");
    assert_eq!(code, 1);
    assert!(said.contains("flawed.toml: line ") && said.contains("there is no friction `rivals`"), "{said}");
    let (code, json, _) = told(&["playbook", "lint", &flawed, "--json"], "");
    let findings: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, findings.as_array().unwrap().len()), (1, said.lines().count()));

    let ours = file(&folder, "ours-too.toml", &forked.replace("common = 12", "common = 14"));
    let (_, differs, _) = told(&["playbook", "diff", "buying", &ours], "");
    assert_eq!(differs.trim(), "friction `status-quo`: `common` rises from 12 to 14");

    let (_, shown, _) = told(&["playbook", "show", "internal-change"], "");
    assert!(
        shown.contains("WHAT MAY HOLD IT UP") && shown.contains("One name on the wall [one-name]"),
        "{shown}"
    );
    let (_, json, _) = told(&["playbook", "show", "internal-change", "--json"], "");
    let shown: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(shown["signs"].as_array().unwrap().len(), 27);
}

#[test]
fn on_a_phone_one_question_a_screen_leads_to_a_cycle() {
    on_both(async |world| {
        let visitor = world.visitor();
        visitor.get("/frictions").await.shows("What holds it up?");
        visitor
            .get("/diagnosis")
            .await
            .shows("Internal change")
            .shows("Buying")
            .shows("Nothing of a conversation is kept");
        let at = "/diagnosis/internal-change";
        let first = visitor.get(at).await;
        first.shows("Question 1 of Internal change.").shows("Why this question?").shows("I don't know");
        first.hides("Take that back").hides("Enough");
        let second = visitor.get(&format!("{at}?given=&say=owner.nobody")).await;
        second.shows("Question 2 of Internal change.").shows("So far: Nobody in the unit answers for it");
        second.shows("Take that back").shows("Enough: what does it say?");
        second.shows("Last: Ask two people of the unit who answers for it there.");
        let third = visitor.get(&format!("{at}?given=owner.nobody&say=steps.unknown")).await;
        third.shows("Question 3 of Internal change.").shows("So far: Nobody in the unit answers for it");
        let result = visitor.get(&format!("{at}?given=owner.nobody~steps.unknown&enough=yes")).await;
        result.shows("after 1 answer.").shows("Do first: One name on the wall").shows("Try it small");
        result.shows("not tried here yet").shows("What would change this").shows("What else would do");
        assert!(result.body.contains("<svg"), "a picture");
        visitor.get(&format!("{at}?given=owner.everybody")).await.is(404);
        visitor.get(&format!("{at}?given=owner.nobody&say=owner.same")).await.is(404);
        visitor.get("/diagnosis/selling").await.is(404);

        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let form =
            jo.get("/cycles/new?aim=Less+of+this&prediction=Any+two+name+him&plan=One+answers+for+it").await;
        form.shows("One answers for it").shows("Any two name him");
        assert!(form.body.contains("value=\"Less of this\""));
    });
}

#[test]
fn what_became_of_a_friction_after_a_remedy_is_recorded_and_the_next_case_knows() {
    on_both(async |world| {
        let at = "/diagnosis/internal-change";
        let case = format!("{at}?given=owner.nobody~when-owner-away.stops&enough=yes");
        let visitor = world.visitor();
        visitor.get(&case).await.shows("Do first: One name on the wall").shows("not tried here yet");
        visitor.get(&format!("{at}/learnt")).await.shows("Nothing is recorded yet").shows("sign in for that");
        let tried = [("remedy", "one-name"), ("friction", "no-owner"), ("outcome", "stayed")];
        visitor.post(&format!("{at}/outcomes"), &tried).await.is(303);

        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        for _ in 0..9 {
            jo.submit(&format!("{at}/outcomes"), &tried).await;
        }
        let gone = [("remedy", "one-name"), ("friction", "no-owner"), ("outcome", "gone")];
        let page = jo.submit(&format!("{at}/outcomes"), &gone).await;
        jo.get(&page).await.shows("10 tries, the friction gone after 1.").shows("1 of 10");
        let result = visitor.get(&case).await;
        result.hides("Do first: One name on the wall").shows("gone in 1 of 10 cases here");
        let no_link = [("remedy", "one-name"), ("friction", "habit"), ("outcome", "gone")];
        jo.post(&format!("{at}/outcomes"), &no_link)
            .await
            .is(422)
            .shows("does not say that `one-name` removes `habit`");
        let neither = [("remedy", "one-name"), ("friction", "no-owner"), ("outcome", "perhaps")];
        jo.post(&format!("{at}/outcomes"), &neither).await.is(422).shows("choose one of the two");
    });
}

#[test]
fn the_terminal_lets_count_what_remedies_did_here_and_finds_what_was_brought_in() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let tried = [("remedy", "one-name"), ("friction", "no-owner"), ("outcome", "stayed")];
        for _ in 0..9 {
            jo.submit("/diagnosis/internal-change/outcomes", &tried).await;
        }
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let forked = told(&["playbook", "fork", "buying", "selling-to-schools"], "").1;
        world.browser_of(ada).await.submit("/playbooks", &[("playbook", &forked)]).await;

        let folder = tempfile::tempdir().unwrap();
        let answers = file(&folder, "answers.toml", "owner = \"nobody\"\nwhen-owner-away = \"stops\"\n");
        let (option, place) = match world.place() {
            Place::Folder(folder) | Place::Throwaway(folder) => {
                ("--data", folder.to_str().unwrap().to_owned())
            }
            Place::Url(url) => ("--database", url.clone()),
        };
        let asked = ["diagnose", "internal-change", "--answers", &answers, option, &place];
        let (code, alone, error) = told(&asked, "");
        assert_eq!(code, 0, "{error}");
        assert!(
            alone.contains("Do first: One name on the wall"),
            "without --here nothing is looked up: {alone}"
        );
        let (code, here, error) = told(&[&asked[..], &["--here"]].concat(), "");
        assert_eq!(code, 0, "{error}");
        assert!(!here.contains("Do first: One name on the wall"), "{here}");
        let json = told(&[&asked[..], &["--here", "--json"]].concat(), "").1;
        let diagnosis: Value = serde_json::from_str(&json).unwrap();
        let remedies = diagnosis["remedies"].as_array().unwrap();
        let works = &remedies.iter().find(|remedy| remedy["remedy"] == "one-name").unwrap()["works"][0];
        assert_eq!((&works["tried"], &works["gone"]), (&9.into(), &0.into()));
        let brought = ["diagnose", "selling-to-schools", "--here", "--json", option, &place];
        let (code, said, error) = told(&brought, "e\n");
        assert_eq!(code, 0, "{error}");
        assert!(said.contains("selling-to-schools/1"), "{said}");
        let nowhere = folder.path().join("nothing");
        let nowhere = ["diagnose", "internal-change", "--here", "--data", nowhere.to_str().unwrap()];
        assert_eq!(told(&nowhere, "").0, 2, "a database that is not there is said to be missing");
    });
}
