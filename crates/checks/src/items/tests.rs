//! Files and what stands in them.

use super::*;

#[track_caller]
fn check(code: &str, expect: &[(&str, usize, usize)]) {
    let found = items(&Source::snippet("crates/app/src/a.rs", code));
    let found: Vec<(&str, usize, usize)> =
        found.iter().map(|item| (item.name.as_str(), item.first, item.last)).collect();
    assert_eq!(found, expect);
}

#[test]
fn functions_and_constants_are_found_with_their_lines() {
    check(
        "const A: [&str; 2] = [\"{\", \"}\"];\n\npub async fn b(\n  c: &[u8; 3],\n) -> D {\n  if e { f(\"}\") }\n}\nconst fn g() {}\n",
        &[("A", 1, 1), ("b", 3, 7), ("g", 8, 8)],
    );
    check("fn a() {\n const B: u8 = 1;\n}\nstatic C: u8 = 2;", &[("a", 1, 3), ("B", 2, 2), ("C", 4, 4)]);
    check("let a: fn(u8) -> u8 = b; type T = *const u8;", &[("u8", 1, 1)]);
}

#[test]
fn a_method_is_told_from_a_function() {
    let is_method = |code: &str| items(&Source::snippet("crates/app/src/a.rs", code))[0].is_method();
    assert!(is_method("fn a(&self) {}"));
    assert!(is_method("fn a(&mut self, b: B) {}"));
    assert!(!is_method("fn a(b: &B) { self_of(b) }"));
    assert!(!is_method("fn a() {}"));
}
