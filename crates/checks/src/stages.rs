//! The rule of the loop: a stage uses only itself and the stages before it.
//! Binds `domain`, and in `app` the verbs and stores. Doors, `overview/` and the shell are free.

use crate::{
    finding::{Finding, assert_none},
    paths,
    source::Source,
};

#[cfg(test)]
mod tests;

/// The ground and the nine stages, in the order of the loop.
pub const STAGES: [&str; 10] =
    ["org", "sense", "offer", "contend", "grant", "cycle", "measure", "prove", "publish", "sustain"];

/// Names whose first segment after them is a module of `domain` or `app`.
const ROOTS: [&str; 3] = ["crate", "traction_domain", "traction"];

#[test]
fn no_stage_uses_a_later_one() {
    let findings: Vec<Finding> = Source::all().iter().flat_map(uses_of_later_stages).collect();
    assert_none(
        "A stage uses only itself and the stages before it; pass ids and numbers as arguments.",
        &findings,
    );
}

/// Every place where the file of one stage names a later one.
fn uses_of_later_stages(source: &Source) -> Vec<Finding> {
    let Some(own) = bound_stage(&source.path) else { return vec![] };
    let mut findings = Vec::new();
    for named in paths::paths(&source.path, &source.code) {
        let [root, module, ..] = named.segments.as_slice() else { continue };
        let used = STAGES.iter().position(|stage| stage == module);
        let is_later = ROOTS.contains(&root.as_str()) && used.is_some_and(|used| used > own);
        if is_later {
            let says = format!("`{}` uses the later stage `{module}`", STAGES[own]);
            findings.push(Finding::at(&source.path, named.line, says));
        }
    }
    findings
}

/// The stage whose order binds the file at `path`; `None` if the file is free.
pub fn bound_stage(path: &str) -> Option<usize> {
    let in_domain = path.strip_prefix("crates/domain/src/");
    let inside =
        in_domain.or_else(|| path.strip_prefix("crates/app/src/").filter(|inside| is_core_of_app(inside)))?;
    let first = inside.split('/').next()?.trim_end_matches(".rs");
    STAGES.iter().position(|stage| *stage == first)
}

/// Verbs and stores, whether a file or a folder of files.
fn is_core_of_app(inside: &str) -> bool {
    inside.split('/').any(|part| ["verbs", "store"].contains(&part.trim_end_matches(".rs")))
}
