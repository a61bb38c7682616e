//! Pages that are their command's, and pages that were left behind.

use super::*;

const TASKS: &str = "task,panel,title,at_most\neffects,10000,\"Effects, all: 10,000 units\",\n";
const PACKAGES: &str = "a==1.0\nb-c==2.1\nd==3\ne==4\n";
const PAGE: &str = "# Speed\n\n| task | Traction | a 1.0 | b-c 2.1 | d 3 | target |\n| --- | --: |\n\
                    | Effects, all: 10,000 units | 0.1 | none | held |\n\nRest.\n";

#[track_caller]
fn check(page: &str, n_findings: usize) {
    let [page, tasks, packages] = [page, TASKS, PACKAGES].map(|text| File::snippet("a", text));
    let findings = stale(&page, &tasks, &packages);
    assert_eq!(findings.len(), n_findings, "{findings:?}");
}

#[test]
fn a_page_of_another_command_is_found() {
    check(PAGE, 0);
    check(&PAGE.replace("10,000 units |", "20,000 units |"), 2);
    check(&PAGE.replace("b-c 2.1", "b-c 2.0"), 1);
    check(&PAGE.replace("held", "under 1 s: **missed**"), 1);
    check("# Speed\n", 4);
}
