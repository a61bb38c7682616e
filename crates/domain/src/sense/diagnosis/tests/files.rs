//! Answers from files, and what is said of those that are none.

use super::*;

#[test]
fn answers_are_read_from_toml_and_from_json() {
    let playbook = internal_change();
    let expect = given(&playbook, &[("steps", "many"), ("owner", "unknown"), ("approvals", "none")]);
    let plain = "# ours\nsteps = \"many\"\nowner = \"unknown\"\napprovals = \"none\"\n";
    let headed = format!("playbook = \"internal-change/1\"\n\n[answers]\n{plain}");
    for text in [plain, &headed] {
        assert_eq!(read(&playbook, text).unwrap(), expect);
    }
    let json = r#"{"steps": "many", "owner": "unknown", "approvals": "none"}"#;
    let headed = format!(r#"{{"playbook": "internal-change/1", "more": 1, "answers": {json}}}"#);
    for text in [json, &headed] {
        assert_eq!(read(&playbook, text).unwrap().telling(), expect.telling());
    }
    assert_eq!(read(&playbook, "").unwrap(), Answers::default());
}

#[track_caller]
fn check(text: &str, says: &str) {
    let refused = read(&internal_change(), text).unwrap_err().to_string();
    assert!(refused.contains(says), "{refused}");
}

#[test]
fn what_cannot_be_taken_is_named_with_its_line() {
    check(
        "steps = \"many\"\nowners = \"nobody\"",
        "line 2: the playbook has no sign `owners`; it has worst-things,",
    );
    check(
        "\nsteps = \"lots\"",
        "line 2: `lots` is no answer to `steps`; it is one of few, some, many, or unknown",
    );
    check("steps = \"many\"\nsteps = \"few\"", "line 2: ");
    check("steps = 3", "line 1: ");
    check("[answers]\nsteps = \"many\"\n[other]\n", "line 3: ");
    check(
        "playbook = \"buying/1\"\nsteps = \"many\"",
        "these are answers to `buying/1`, not to `internal-change/1`",
    );
    check("{\"steps\": 3}", "the answer to `steps` is 3");
    check("{\"answers\": []}", "`answers` is not an object");
    check("{\n\"steps\": ", "line 2: ");
}
