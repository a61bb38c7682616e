//! The tables in docs/methods/speed.md are those that their command writes today: its tasks, its packages, its targets
//! met. Times nothing.

use crate::{
    finding::{Finding, assert_none},
    tree::{self, File},
};

#[cfg(test)]
mod tests;

const PEERS: &str = "crates/stats/benches/peers/";

#[test]
fn the_table_of_speed_is_its_commands() {
    let [tasks, packages] =
        ["tasks.csv", "requirements.txt"].map(|name| tree::file(&format!("{PEERS}{name}")));
    let findings = stale(&tree::file("docs/methods/speed.md"), &tasks, &packages);
    assert_none("docs/methods/speed.md is written anew with crates/stats/benches/peers/run.", &findings);
}

/// Tasks and packages that the page lacks, rows of its first table that are no task, and targets it says are missed.
fn stale(page: &File, tasks: &File, packages: &File) -> Vec<Finding> {
    let of_page = |says: String| Finding::of(&page.path, says);
    let rows = rows(&page.text);
    let titles: Vec<&str> = tasks.text.lines().skip(1).filter_map(|line| line.split('"').nth(1)).collect();
    let mut findings: Vec<Finding> = titles
        .iter()
        .filter(|title| !rows.contains(title))
        .map(|title| of_page(format!("has no row `{title}`")))
        .collect();
    let strange = rows.iter().filter(|row| !titles.contains(row));
    findings.extend(strange.map(|row| of_page(format!("has a row `{row}`, which is no task"))));
    let head = page.text.lines().find(|line| line.starts_with("| task |")).unwrap_or_default();
    // Beside the packages that are timed stand those they rest on.
    for package in packages.text.lines().take(3) {
        let named = package.replace("==", " ");
        if !head.contains(&format!(" {named} |")) {
            findings.push(of_page(format!("its table is not of {named}")));
        }
    }
    if page.text.contains("**missed**") {
        findings.push(of_page("says that a target is missed: mend what is slow".to_owned()));
    }
    findings
}

/// The first cells of the first table's rows.
fn rows(text: &str) -> Vec<&str> {
    let table = text.lines().skip_while(|line| !line.starts_with("| task |")).skip(2);
    table.map_while(|line| line.strip_prefix("| ")?.split(" |").next()).collect()
}
