//! What was recorded stays: no statement of the program changes or removes a row of the tables that hold evidence, draws,
//! outcomes, usage and what happened. A later row supersedes an earlier one.

use crate::{
    finding::{Finding, assert_none},
    source::{Kind, Source},
};

/// Tables whose rows are written once.
const WRITTEN_ONCE: [&str; 11] = [
    "draw",
    "evidence",
    "evidence_draw",
    "journal",
    "outcome",
    "outcome_seal",
    "role_of_several",
    "showing",
    "slot_event",
    "source_gave",
    "usage_event",
];

/// The one file that drops rows of usage: what is older than its source's events are kept, once it is counted by person
/// and day. It is tested that nothing that was told changes by it.
const DROPS_OLD_USAGE: &str = "crates/app/src/measure/usage/retention/store.rs";

/// The one file that changes ids of usage: where somebody is let go, numbers made by chance stand in place of his sender's
/// texts. It is tested that nothing else of a row changes by it.
const TAKES_IDS_OUT: &str = "crates/app/src/measure/usage/subject/store/ids.rs";

/// The one file that adds to the journal's rows: the seal of entries that an older version wrote without one, in the
/// transaction of the next entry. It is tested that an entry with a seal is never sealed again.
const SEALS_OLD_ENTRIES: &str = "crates/app/src/store/seal.rs";

#[test]
fn what_was_recorded_is_never_changed() {
    let sources = Source::all();
    let is_held = |source: &&Source| {
        ![DROPS_OLD_USAGE, TAKES_IDS_OUT, SEALS_OLD_ENTRIES].contains(&source.path.as_str())
    };
    let program = sources.iter().filter(|source| source.kind == Kind::Program).filter(is_held);
    let findings: Vec<Finding> = program.flat_map(changing).collect();
    assert_none("Rows of these tables are written once: add another that supersedes it.", &findings);
}

fn changing(source: &Source) -> Vec<Finding> {
    let finding = |(line, text): &(usize, String)| {
        let text = text.to_lowercase();
        let words: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
        let changed = words.windows(3).find_map(|three| match three {
            ["delete", "from", table] | ["update", table, "set"] => Some(*table),
            _ => None,
        });
        let table = changed.filter(|table| WRITTEN_ONCE.contains(table))?;
        Some(Finding::at(&source.path, *line, format!("changes rows of `{table}`")))
    };
    source.strings.iter().filter_map(finding).collect()
}

#[test]
fn a_statement_that_changes_a_record_is_found() {
    let n = |text: &str| changing(&Source::snippet("crates/app/src/x/store.rs", text)).len();
    assert_eq!(n(r#"const A: &str = "UPDATE evidence SET record = $1";"#), 1);
    assert_eq!(n(r#"const A: &str = "DELETE FROM draw WHERE wave_id = $1";"#), 1);
    assert_eq!(n(r#"const A: &str = "INSERT INTO evidence (id) VALUES ($1)";"#), 0);
    assert_eq!(n(r#"const A: &str = "UPDATE slot SET x = $1 WHERE id IN (SELECT id FROM evidence)";"#), 0);
}
