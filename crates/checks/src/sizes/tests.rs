//! Files that are too long, too heavy, or hold their own tests.

use super::*;

const PATH: &str = "crates/domain/src/offer/wave.rs";

#[track_caller]
fn check(path: &str, n_lines: usize, longer: &[(&str, usize)], n_findings: usize) {
    let findings = too_long(&[Source::snippet(path, &"x();\n".repeat(n_lines))], longer);
    assert_eq!(findings.len(), n_findings, "{findings:?}");
}

#[test]
fn a_long_file_is_found() {
    check(PATH, 300, &[], 0);
    check(PATH, 301, &[], 1);
    check("crates/domain/src/offer/wave/tests.rs", 900, &[], 0);
    check("crates/app/tests/journey.rs", 900, &[], 0);
}

#[test]
fn an_exception_holds_to_its_line_and_only_shrinks() {
    check(PATH, 400, &[(PATH, 400)], 0);
    check(PATH, 401, &[(PATH, 400)], 1);
    check(PATH, 350, &[(PATH, 400)], 1);
    check(PATH, 10, &[("crates/domain/src/gone.rs", 400)], 1);
}

#[test]
fn long_tests_among_the_code_are_found() {
    let with_tests =
        |n_lines: usize| format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{{}}}", "x();\n".repeat(n_lines));
    let found = tests_inside(&Source::snippet(PATH, &with_tests(60)));
    assert_eq!(found.and_then(|finding| finding.line), Some(3));
    assert_eq!(tests_inside(&Source::snippet(PATH, &with_tests(20))), None);
    assert_eq!(tests_inside(&Source::snippet(PATH, "#[cfg(test)]\nmod tests;\n// mod tests {")), None);
}

#[test]
fn a_heavy_asset_is_found() {
    let style = File::snippet("a.css", "p {}");
    assert_eq!(too_heavy(std::slice::from_ref(&style), &[("a.css", 4)]), vec![]);
    assert_eq!(too_heavy(&[style], &[("a.css", 3)]).len(), 1);
}
