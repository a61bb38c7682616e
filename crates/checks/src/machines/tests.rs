//! Lines that name a machine's folders, and lines that only look so.

use super::*;

#[track_caller]
fn check(line: &str, n_findings: usize) {
    let line = line.replace("HOME", &format!("{}{}", "/ho", "me/"));
    assert_eq!(own_paths(&File::snippet("README.md", &line)).len(), n_findings, "{line}");
}

#[test]
fn a_path_of_a_machine_is_found_at_its_front_only() {
    check("cd HOMEann/traction", 1);
    check("a\n`HOMEann`", 1);
    check("file://HOMEann", 1);
    check("https://example.orgHOMEann", 0);
    check("target/screenshotsHOMEwide.png", 0);
    check("a sweet home/", 0);
}
