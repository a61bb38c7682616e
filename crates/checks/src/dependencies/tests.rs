//! Manifests and lock files with an edge too many.

use super::*;

const REVIEWED: [(&str, &str); 1] = [("csv", "tables")];

#[track_caller]
fn check(manifest: &str, n_findings: usize) {
    let findings = unreviewed(&File::snippet("Cargo.toml", manifest), &REVIEWED);
    assert_eq!(findings.len(), n_findings, "{findings:?}");
}

#[test]
fn an_unreviewed_edge_is_found_however_it_is_written() {
    check("[dependencies]\ncsv.workspace = true", 0);
    check("[dependencies]\ncsv.workspace = true\ntokio.workspace = true", 1);
    check("[dependencies]\ncsv = \"1\"\ntokio = { version = \"1\" }", 1);
    check("[dependencies]\ncsv = \"1\"\n[dependencies.tokio]\nversion = \"1\"", 1);
    check("[dependencies]\ncsv = \"1\"\n[target.'cfg(unix)'.dependencies]\ntokio = \"1\"", 1);
    check("[dependencies]\ncsv = \"1\"\n[build-dependencies]\ncc = \"1\"", 1);
}

#[test]
fn tests_may_use_what_is_reviewed_for_tests() {
    check(
        "[dependencies]\ncsv = \"1\"\n[dev-dependencies]\nrand.workspace = true\n[lints]\nworkspace = true",
        0,
    );
    check("[dependencies]\ncsv = \"1\"\n[dev-dependencies]\nreqwest = \"1\"", 1);
    check("[dependencies]\ncsv = \"1\"\nrand.workspace = true", 1);
}

#[test]
fn a_reviewed_edge_that_is_gone_is_found() {
    check("[package]\nname = \"a\"", 1);
}

#[test]
fn a_generator_that_can_seed_itself_is_found() {
    let check = |line: &str| {
        unseeded(&File::snippet("Cargo.toml", &format!("[workspace.dependencies]\n{line}"))).len()
    };
    assert_eq!(check("rand = { version = \"0.10\", default-features = false }"), 0);
    assert_eq!(check("rand = \"0.10\""), 1);
    assert_eq!(
        check("rand = { version = \"0.10\", default-features = false, features = [\"thread_rng\"] }"),
        1
    );
    assert_eq!(check("rand_xoshiro = { version = \"0.8\", features = [\"os_rng\"] }"), 1);
}

#[test]
fn a_banned_or_doubled_package_is_found() {
    let check = |names: &[&str]| {
        let text: String = names.iter().map(|name| format!("[[package]]\nname = \"{name}\"\n")).collect();
        banned(&File::snippet("Cargo.lock", &text)).len()
    };
    assert_eq!(check(&["ring", "libsqlite3-sys"]), 0);
    assert_eq!(check(&["openssl-sys"]), 1);
    assert_eq!(check(&["libsqlite3-sys", "libsqlite3-sys"]), 1);
}

#[test]
fn what_every_build_has_is_told_from_what_a_feature_brings() {
    #[track_caller]
    fn check(manifest: &str, findings: usize) {
        assert_eq!(heavy(&File::snippet("Cargo.toml", manifest), &[("jiff", "")]).len(), findings);
    }
    check("[dependencies]\njiff.workspace = true\ncsv = { workspace = true, optional = true }", 0);
    check("[dependencies]\njiff.workspace = true\ncsv.workspace = true", 1);
    check("[dependencies]\ncsv = { workspace = true }\n[dev-dependencies]\ntempfile = \"3\"", 1);
}

#[test]
fn ways_through_the_lock_file_are_followed_but_for_those_that_are_avoided() {
    let of = |name: &str, version: &str, needs: &str| {
        format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\ndependencies = [\n{needs}]\n")
    };
    let package = |name: &str, needs: &str| of(name, "1.0.0", needs);
    let lock = [
        package("a", " \"b\",\n \"e\",\n"),
        package("b", " \"c 1.0.0\",\n"),
        package("c", ""),
        of("c", "2.0.0", " \"d\",\n"),
        package("d", ""),
        package("e", " \"d\",\n"),
    ];
    let found = reached(&File::snippet("Cargo.lock", &lock.concat()), "a", "e");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
}
