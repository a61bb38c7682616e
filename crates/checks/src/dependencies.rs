//! What each crate of the core may depend on, line by line, and what nobody may.
//! A new edge is a new line here, reviewed with its reason; `app` chooses its own within the bans.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    finding::{Finding, assert_none},
    tree::{self, File},
};

#[cfg(test)]
mod tests;

/// The core's edges to code outside it, and why each is there.
const STATS: [(&str, &str); 11] = [
    ("bytes", "a Parquet file in memory, which its pages share"),
    ("csv", "tables as text, from any reader"),
    ("faer", "linear algebra"),
    ("jiff", "periods that are dates; without its clock"),
    ("libm", "the same functions to the last bit on every machine"),
    ("parquet", "tables as Parquet; without Arrow, and with zstd as its only code in C"),
    ("rand", "seeded chance for draws that are played over"),
    ("rand_xoshiro", "the generator: the same stream on every machine"),
    ("rayon", "replicates on all cores, each with its own stream of chance"),
    ("statrs", "distributions"),
    ("thiserror", "refusals with sentences"),
];

const DOMAIN: [(&str, &str); 13] = [
    ("blake3", "the seal of tickets, which every answer to all flags carries"),
    ("croner", "schedules as people write them elsewhere; with jiff's calendar, without a clock"),
    ("hex", "hashes as people read them"),
    ("hmac", "the draw's seed and scores, and the links from people to subjects"),
    ("jiff", "moments, calendars, time zones; without its clock"),
    ("memmap2", "large pages of memory for who belongs where; maps no file"),
    ("serde", "the journal's facts and the records that are hashed"),
    ("serde_json", "the records that are hashed"),
    ("sha2", "the draw, locked predictions"),
    ("thiserror", "refusals with sentences"),
    ("toml", "playbooks, with the place of every word; reads text, writes none"),
    ("traction-stats", "numbers in, numbers out"),
    ("uuid", "ids; never made here"),
];

/// Edges that tests of the core may have besides.
const TESTS: [&str; 4] = ["proptest", "rand", "rand_xoshiro", "serde_json"];

/// Edges of the engine's crate that every build has; all others wait for its feature, since they cost many minutes.
const WAREHOUSE: [(&str, &str); 4] = [
    ("jiff", "by which zone moments become days"),
    ("percent-encoding", "what an address tells a driver"),
    ("thiserror", "refusals with sentences"),
    ("traction-domain", "what may be asked, and what an answer must hold"),
];

/// The crate whose edges come with the feature `warehouse` alone.
const ENGINE: &str = "traction-warehouse";

/// Packages that must not be in the build at all, and why.
const BANNED: [(&str, &str); 4] = [
    ("openssl-sys", "TLS is rustls with ring: a fresh machine needs Rust and a C compiler, nothing else"),
    ("native-tls", "TLS is rustls with ring"),
    ("aws-lc-sys", "TLS is rustls with ring: no C++ and no CMake"),
    ("aws-lc-rs", "TLS is rustls with ring"),
];

/// Packages that may only come with the engine, and why.
const ENGINE_S: [(&str, &str); 5] = [
    ("adbc_driver_manager", "it loads code of others"),
    ("ballista-core", "it costs a build of DataFusion with all that it has"),
    ("chrono-tz", "time is jiff's; Arrow has its own"),
    ("datafusion", "it costs many minutes of build"),
    ("tonic", "nobody but workers speaks gRPC"),
];

/// Packages that may be in the build once: two of them would not link, or would disagree.
const ONCE: [&str; 3] = ["libsqlite3-sys", "ring", "sea-orm"];

#[test]
fn the_core_depends_on_what_was_reviewed() {
    let mut findings = unreviewed(&tree::file("crates/stats/Cargo.toml"), &STATS);
    findings.extend(unreviewed(&tree::file("crates/domain/Cargo.toml"), &DOMAIN));
    findings.extend(unreviewed(&tree::file("crates/checks/Cargo.toml"), &[]));
    assert_none(
        "The core's dependencies are a reviewed list, in crates/checks/src/dependencies.rs.",
        &findings,
    );
}

#[test]
fn generators_of_chance_are_seeded_ones() {
    let findings = unseeded(&tree::file("Cargo.toml"));
    assert_none(
        "Chance is an argument: the generators' crates come without the machine's randomness.",
        &findings,
    );
}

#[test]
fn nothing_banned_is_in_the_build() {
    assert_none("Cargo.lock holds a package that must not be there.", &banned(&tree::file("Cargo.lock")));
}

#[test]
fn the_engine_comes_with_its_feature_alone() {
    let manifest = tree::file("crates/warehouse/Cargo.toml");
    let mut findings = heavy(&manifest, &WAREHOUSE);
    let features = tree::file("crates/app/Cargo.toml").text;
    if features.lines().chain(manifest.text.lines()).any(|line| line.trim_start().starts_with("default =")) {
        findings.push(Finding::of(&manifest.path, "no feature is a default one".to_owned()));
    }
    let without = reached(&tree::file("Cargo.lock"), "traction", ENGINE);
    let by_itself = ENGINE_S.iter().filter(|(name, _)| without.contains(*name));
    findings.extend(by_itself.map(|(name, why)| Finding::of("Cargo.lock", format!("`{name}`: {why}"))));
    assert_none("What the engine needs waits for the feature `warehouse`.", &findings);
}

/// Edges of a manifest that every build has and that stand in no reviewed list.
fn heavy(manifest: &File, reviewed: &[(&str, &str)]) -> Vec<Finding> {
    let lines: Vec<&str> = manifest.text.lines().collect();
    let always = edges(&manifest.text).into_iter().filter(|edge| {
        let is_light = reviewed.iter().any(|(name, _)| *name == edge.name);
        edge.table == "dependencies" && !is_light && !lines[edge.line - 1].contains("optional = true")
    });
    always
        .map(|edge| Finding::at(&manifest.path, edge.line, format!("`{}` is not optional", edge.name)))
        .collect()
}

/// The names of the packages of a lock file that are reached from one of them on ways that avoid another.
fn reached(lock: &File, from: &str, without: &str) -> BTreeSet<String> {
    // Several versions of a package each have their own edges; where there are several, an edge says which.
    let mut edges: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for package in lock.text.split("[[package]]").skip(1) {
        let said = |key: &str| package.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
        let needs = package.lines().filter_map(|line| line.strip_prefix(" \"")?.split('"').next());
        let named = (said("name = ").trim_matches('"'), said("version = ").trim_matches('"'));
        edges.insert(named, needs.collect());
    }
    let mut reached = BTreeSet::new();
    let mut ahead = vec![from];
    while let Some(need) = ahead.pop() {
        let mut words = need.split(' ');
        let (name, version) = (words.next().unwrap_or_default(), words.next());
        for (of, needs) in
            edges.iter().filter(|(of, _)| of.0 == name && version.is_none_or(|version| of.1 == version))
        {
            if name != without && reached.insert(*of) {
                ahead.extend(needs);
            }
        }
    }
    reached.into_iter().map(|(name, _)| name.to_owned()).collect()
}

/// Edges of a manifest that stand in no reviewed list, and reviewed ones that are gone.
fn unreviewed(manifest: &File, reviewed: &[(&str, &str)]) -> Vec<Finding> {
    let edges = edges(&manifest.text);
    let mut findings = Vec::new();
    for edge in &edges {
        let is_reviewed = reviewed.iter().any(|(name, _)| *name == edge.name);
        let is_for_tests = edge.table == "dev-dependencies" && TESTS.contains(&edge.name.as_str());
        if !is_reviewed && !is_for_tests {
            findings.push(Finding::at(&manifest.path, edge.line, format!("`{}` is not reviewed", edge.name)));
        }
    }
    for (name, _) in reviewed {
        if !edges.iter().any(|edge| edge.name == *name && edge.table == "dependencies") {
            findings.push(Finding::of(
                &manifest.path,
                format!("`{name}` is reviewed but not used: remove its line"),
            ));
        }
    }
    findings
}

#[derive(Debug)]
struct Edge {
    line: usize,
    table: String,
    name: String,
}

/// The dependencies of a manifest, of every kind and target.
fn edges(manifest: &str) -> Vec<Edge> {
    let mut table = String::new();
    let mut edges = Vec::new();
    for (number, line) in manifest.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if let Some(header) = line.strip_prefix('[') {
            let path: Vec<&str> = header.trim_matches(['[', ']']).split('.').collect();
            let at = path.iter().rposition(|part| part.ends_with("dependencies"));
            table = at.map_or(String::new(), |at| path[at].to_owned());
            // `[dependencies.name]` is an edge by itself, and its lines are not.
            if let Some(name) = at.and_then(|at| path.get(at + 1)) {
                let table = std::mem::take(&mut table);
                edges.push(Edge { line: number + 1, table, name: (*name).to_owned() });
            }
        } else if !table.is_empty() && line.contains('=') {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default().trim_matches('"');
            edges.push(Edge { line: number + 1, table: table.clone(), name: name.to_owned() });
        }
    }
    edges
}

/// Lines of the workspace's manifest by which a generator could seed itself.
fn unseeded(manifest: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for edge in
        edges(&manifest.text).iter().filter(|edge| ["rand", "rand_xoshiro"].contains(&edge.name.as_str()))
    {
        let line = manifest.text.lines().nth(edge.line - 1).unwrap_or_default();
        let seeds_itself = ["thread_rng", "os_rng", "sys_rng"].iter().any(|feature| line.contains(feature));
        let has_defaults = edge.name == "rand" && !line.contains("default-features = false");
        if seeds_itself || has_defaults {
            findings.push(Finding::at(&manifest.path, edge.line, format!("`{}` can seed itself", edge.name)));
        }
    }
    findings
}

/// Packages of the lock file that are banned, or there twice.
fn banned(lock: &File) -> Vec<Finding> {
    let names: Vec<&str> = lock
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("name = "))
        .map(|name| name.trim_matches('"'))
        .collect();
    let forbidden = BANNED.iter().filter(|(name, _)| names.contains(name));
    let mut findings: Vec<Finding> =
        forbidden.map(|(name, why)| Finding::of(&lock.path, format!("`{name}`: {why}"))).collect();
    for once in ONCE {
        if names.iter().filter(|name| **name == once).count() > 1 {
            findings.push(Finding::of(&lock.path, format!("`{once}` is there more than once")));
        }
    }
    findings
}
