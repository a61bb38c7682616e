//! Statements and the tables they name.

use super::*;

#[track_caller]
fn check(text: &str, expect: &[&str]) {
    let found: Vec<String> = tables(text)
        .into_iter()
        .map(|table| match table {
            Table::Named(name) => name,
            Table::PutTogether => "{}".to_owned(),
        })
        .collect();
    assert_eq!(found, expect, "{text}");
}

#[test]
fn tables_are_found_wherever_they_stand() {
    check("SELECT a FROM slot s JOIN wave AS w ON w.id = s.wave_id", &["slot", "wave"]);
    check("SELECT a FROM slot s, wave w, draw WHERE 1 = 1", &["slot", "wave", "draw"]);
    check("SELECT (SELECT COUNT(*) FROM slot) AS n FROM (SELECT b FROM wave) x", &["slot", "wave"]);
    check("INSERT OR IGNORE INTO slot (id) SELECT id FROM wave", &["slot", "wave"]);
    check("UPDATE slot SET a = 1", &["slot"]);
    check("UPDATE ONLY slot SET a = 1", &["slot"]);
    check("delete from\\\n   \"slot\"", &["slot"]);
    check("SELECT a FROM public.Slot", &["slot"]);
    check("WITH x AS (SELECT a FROM slot) SELECT a FROM x", &["slot", "x"]);
}

#[test]
fn a_tables_name_that_is_put_together_is_told() {
    check("SELECT a FROM {table} WHERE b = 1", &["{}"]);
    check("INSERT INTO {} VALUES", &["{}"]);
}

#[test]
fn columns_and_other_names_are_no_tables() {
    check("SELECT slot.wave AS draw FROM a ORDER BY slot", &["a"]);
    check("commitment", &[]);
    check("SELECT a -- FROM slot", &[]);
}
