//! Documents that point at nothing.

use super::*;

fn here(path: &str) -> bool {
    ["check", "crates/app/src/main.rs", "docs/glossary.md", "docs/decisions/0001-a.md"].contains(&path)
}

#[track_caller]
fn check_path(text: &str, n_findings: usize) {
    let findings = lost_paths(&File::snippet("ARCHITECTURE.md", text), here);
    assert_eq!(findings.len(), n_findings, "{findings:?}");
}

#[track_caller]
fn check_link(path: &str, text: &str, n_findings: usize) {
    let findings = lost_links(&File::snippet(path, text), here);
    assert_eq!(findings.len(), n_findings, "{findings:?}");
}

#[test]
fn a_path_that_is_gone_is_found() {
    check_path("see `app/src/main.rs` and `crates/app/src/main.rs`", 0);
    check_path("see `app/src/gone.rs`", 1);
    check_path("`docs/glossary.md` and `GONE.md`", 1);
}

#[test]
fn urls_commands_and_fenced_text_are_no_paths() {
    check_path("`/api/v1` `cargo run` `verbs::run` `<stage>/gone.rs`", 0);
    check_path("```\n`gone.rs`\n```", 0);
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    check_link("README.md", "[words](docs/glossary.md#units), [site](https://example.org)", 0);
    check_link("README.md", "[words](glossary.md)", 1);
    check_link("docs/guide.md", "[words](glossary.md)", 0);
    check_link("docs/guide.md", "[words](docs/glossary.md)", 1);
}

#[test]
fn a_number_given_twice_is_found() {
    let paths = |names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!("docs/decisions/{name}")).collect()
    };
    assert_eq!(repeated_numbers(&paths(&["0001-a.md", "0002-b.md"])), vec![]);
    assert_eq!(repeated_numbers(&paths(&["0001-a.md", "0001-b.md"])).len(), 1);
    assert_eq!(repeated_numbers(&paths(&["a.md"])).len(), 1);
}

#[test]
fn a_word_said_twice_is_found() {
    let glossary = |text: &str| repeated_words(&File::snippet("docs/glossary.md", text)).len();
    assert_eq!(glossary("| **unit** | a |\n| **wave** | b |"), 0);
    assert_eq!(glossary("| **unit** | a |\n| **Unit** | b |"), 1);
}
