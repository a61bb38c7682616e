//! Snippets that break the order of the loop, and some that keep it.

use super::*;

#[track_caller]
fn check(path: &str, code: &str, n_findings: usize) {
    let findings = uses_of_later_stages(&Source::snippet(path, code));
    assert_eq!(findings.len(), n_findings, "{findings:?}");
}

#[test]
fn a_later_stage_is_found_in_the_domain() {
    let draw = "crates/domain/src/contend/draw.rs";
    check(draw, "use crate::grant::Slot;", 1);
    check(draw, "use crate::{offer::Wave, sustain::{Watch, Tension}};", 2);
    check(draw, "fn f(slot: &crate::grant::Slot) {}", 1);
    check(draw, "use super::super::grant::Slot;", 1);
    check("crates/domain/src/org.rs", "use crate::sense::Friction;", 1);
}

#[test]
fn a_later_stage_is_found_in_verbs_and_stores() {
    check("crates/app/src/offer/wave/verbs.rs", "use traction_domain::{contend::Draw};", 1);
    check("crates/app/src/offer/wave/store.rs", "crate::contend::draw::store::list()", 1);
    check("crates/app/src/offer/wave/store/rows.rs", "crate::contend::draw::store::list()", 1);
}

#[test]
fn earlier_stages_the_own_and_the_free_places_are_allowed() {
    let draw = "crates/domain/src/contend/draw.rs";
    check(draw, "use crate::{org::Unit, sense::Pulse, offer::Wave, contend::Policy, fact::Fact};", 0);
    check(draw, "// use crate::grant::Slot;\nlet grant = \"crate::grant::Slot\";", 0);
    check(draw, "use other::grant::Slot;", 0);
    check("crates/app/src/offer/wave/pages.rs", "use crate::grant::Slot;", 0);
    check("crates/app/src/overview/change.rs", "use crate::sustain::watch;", 0);
    check("crates/domain/src/fact.rs", "use crate::sustain::Watch;", 0);
}
