//! What is code and what is not.

use super::*;

#[track_caller]
fn check(text: &str, code: &str, strings: &[(usize, &str)]) {
    let source = Source::snippet("a.rs", text);
    assert_eq!(source.code, code);
    let found: Vec<(usize, &str)> =
        source.strings.iter().map(|(line, text)| (*line, text.as_str())).collect();
    assert_eq!(found, strings);
}

#[test]
fn comments_are_blanked() {
    check("a // b\nc", "a     \nc", &[]);
    check("a /* b /* c */ d */ e", "a                   e", &[]);
}

#[test]
fn string_literals_are_blanked_and_kept_apart() {
    check(r#"f("// no comment")"#, r#"f("             ")"#, &[(1, "// no comment")]);
    check(r#"f("a\"b", c)"#, r#"f("    ", c)"#, &[(1, r#"a\"b"#)]);
    check("\n\"two\nlines\"", "\n\"   \n     \"", &[(2, "two\nlines")]);
}

#[test]
fn raw_strings_end_at_their_own_mark() {
    check(r###"r#"a"b"# c"###, r###"r#"   "# c"###, &[(1, "a\"b")]);
    check(r#"r"a\" b"#, r#"r"  " b"#, &[(1, "a\\")]);
    check("r#type", "r#type", &[]);
    check(r#"for "a""#, r#"for " ""#, &[(1, "a")]);
}

#[test]
fn a_quote_character_begins_no_string() {
    check(r#"'"' b '\'' c"#, r#"' ' b '  ' c"#, &[]);
    check("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)", &[]);
}

#[test]
fn files_for_tests_are_known_by_place_and_by_declaration() {
    let files = [
        File::snippet("crates/a/src/lib.rs", "#[cfg(test)]\nmod reference;\nmod b;"),
        File::snippet("crates/a/src/reference.rs", ""),
        File::snippet("crates/a/src/b.rs", "#[cfg(test)]\nmod tests;"),
        File::snippet("crates/a/src/b/tests.rs", ""),
        File::snippet("crates/a/examples/c.rs", ""),
    ];
    let kinds: Vec<Kind> = Source::read(&files).iter().map(|source| source.kind).collect();
    assert_eq!(kinds, [Kind::Program, Kind::Tests, Kind::Program, Kind::Tests, Kind::Tests]);
}
