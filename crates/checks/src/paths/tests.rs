//! Which paths a piece of code names.

use super::*;

#[track_caller]
fn check(path: &str, code: &str, expect: &[&str]) {
    let found: Vec<String> = paths(path, code)
        .into_iter()
        .filter(|named| named.segments.len() > 1)
        .map(|named| format!("{} {}", named.line, named.segments.join("::")))
        .collect();
    assert_eq!(found, expect);
}

const DRAW: &str = "crates/domain/src/contend/draw.rs";

#[test]
fn a_use_tree_is_spread_out() {
    check(
        DRAW,
        "use crate::{\n a::{B, c::D},\n e as f,\n};\nuse g::*;",
        &["2 crate::a::B", "2 crate::a::c::D", "3 crate::e"],
    );
    check(DRAW, "use g::h::*; x::y()", &["1 g::h", "1 x::y"]);
}

#[test]
fn paths_written_in_place_are_found() {
    check(
        DRAW,
        "fn f(x: crate::org::Unit) -> Vec<a::B> { x.map(a::b::<u8>) }",
        &["1 crate::org::Unit", "1 a::B", "1 a::b"],
    );
}

#[test]
fn super_and_self_are_read_from_the_files_place() {
    check(DRAW, "use super::policy::Policy;", &["1 crate::contend::policy::Policy"]);
    check(DRAW, "use super::super::grant::Slot;", &["1 crate::grant::Slot"]);
    check(DRAW, "self::list::sort()", &["1 crate::contend::draw::list::sort"]);
    check("crates/domain/src/contend/mod.rs", "use super::grant;", &["1 crate::grant"]);
}

#[test]
fn a_capture_list_is_not_a_use_tree() {
    check(DRAW, "fn f() -> impl Iterator + use<'a> { a::b() }", &["1 a::b"]);
}

#[test]
fn broken_code_ends() {
    check(DRAW, "use a::{b::c, @", &["1 a::b::c"]);
}

#[track_caller]
fn check_spelt_out(path: &str, code: &str, expect: &str) {
    let found: Vec<String> = spelt_out(path, code).iter().map(|named| named.segments.join("::")).collect();
    assert!(found.iter().any(|path| path == expect), "{found:?}");
}

#[test]
fn a_name_that_a_use_brought_in_is_spelt_out() {
    let pages = "crates/app/src/cycle/commitment/pages.rs";
    let expect = "crate::cycle::commitment::store::one";
    check_spelt_out(pages, "use crate::cycle::commitment::store::{self, C}; store::one()", expect);
    check_spelt_out(pages, "use crate::cycle::commitment::store as rows; rows::one()", expect);
    check_spelt_out(pages, "use crate::cycle::commitment; commitment::store::one()", expect);
    check_spelt_out(pages, "use super::store; store::one()", expect);
    check_spelt_out(pages, "super::store::one()", expect);
    check_spelt_out("crates/app/src/cycle/commitment/mod.rs", "pub use store::one;", expect);
    check_spelt_out("crates/app/src/cycle/commitment/mod.rs", "fn f() { store::one() }", expect);
}
