//! What was recorded of metrics. It reads only.

use std::collections::BTreeMap;

use crate::bind;
use crate::keeping::doctor::{Depth, Finding, Look};
use crate::measure::outcome::seal::Seal;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

const ASIDE: &str = "take these rows from the last backup, restored into a new folder; evidence that was made since may rest on wrong numbers";

/// So many outcomes are read at once.
const N_AT_ONCE: u32 = 20_000;

/// Outcomes are those that were recorded, corrections are numbered without a gap, and ratios give their values.
pub async fn outcomes(sql: &Sql, depth: Depth, found: &mut Vec<Finding>) -> Result<Look, Broken> {
    let of_metric = "FROM outcome o JOIN metric m ON m.id = o.metric_id JOIN unit u ON u.id = o.unit_id";
    let odd = |wrong: &str| {
        format!(
            "SELECT m.slug AS metric_slug, u.slug AS unit_slug, o.period AS period {of_metric} WHERE {wrong}
             ORDER BY m.slug, u.slug, o.period, o.n"
        )
    };
    // The embedded database keeps a text where a number is to stand; a server does not.
    let is_embedded = sql.is_embedded();
    if is_embedded {
        let kinds = ["value", "numerator", "denominator"]
            .map(|column| format!("TYPEOF(o.{column}) IN ('text', 'blob')"));
        tell(&sql.all(&odd(&kinds.join(" OR ")), vec![]).await?, "has a text in place of a number", found)?;
    }
    let unlike = "(o.numerator IS NULL) <> (o.denominator IS NULL) OR o.denominator = 0
      OR (o.numerator IS NOT NULL AND o.value IS NULL)
      OR ABS(o.value - o.numerator / NULLIF(o.denominator, 0)) > 1e-9 * (ABS(o.value) + ABS(o.numerator / NULLIF(o.denominator, 0)))";
    tell(
        &sql.all(&odd(unlike), vec![]).await?,
        "has a numerator and a denominator that do not give its value",
        found,
    )?;
    let gaps = format!(
        "SELECT m.slug AS metric_slug, u.slug AS unit_slug, o.period AS period {of_metric}
         GROUP BY m.slug, u.slug, o.period HAVING MIN(o.n) <> 1 OR MAX(o.n) <> COUNT(*) ORDER BY m.slug, u.slug, o.period"
    );
    tell(&sql.all(&gaps, vec![]).await?, "lacks a value or a correction: their numbers have a gap", found)?;
    let (n, left_out) = match depth {
        Depth::Whole => (against_seals(sql, found).await?, None),
        Depth::Quick => (0, Some("whether each is what was recorded")),
    };
    Ok(Look { name: "outcomes", n, findings: vec![], says: None, left_out })
}

/// One finding for all rows with the same flaw; the first is named.
fn tell(rows: &[Row], flaw: &str, found: &mut Vec<Finding>) -> Result<(), Broken> {
    let Some(row) = rows.first() else { return Ok(()) };
    let (metric, unit, period) = (row.text("metric_slug")?, row.text("unit_slug")?, row.text("period")?);
    let others = match rows.len() - 1 {
        0 => String::new(),
        n => format!(", and {n} more"),
    };
    let what = format!("the outcome of {metric} for {unit} in {period} {flaw}{others}");
    found.push(Finding { what, todo: ASIDE });
    Ok(())
}

/// What of a set is there, held against what it was when it was recorded; how many outcomes there are.
async fn against_seals(sql: &Sql, found: &mut Vec<Finding>) -> Result<usize, Broken> {
    let mut there = BTreeMap::<String, Seal>::new();
    let (mut n, mut after) = (0, (String::new(), String::new(), String::new(), 0_i64));
    loop {
        let rows = sql
            .all(
                "SELECT metric_id AS metric_id, unit_id AS unit_id, period AS period, n AS n, value AS value,
                        numerator AS numerator, denominator AS denominator, import_id AS import_id FROM outcome
                 WHERE (metric_id, unit_id, period, n) > ($1, $2, $3, $4) ORDER BY metric_id, unit_id, period, n LIMIT $5",
                bind![after.0, after.1, after.2, after.3, N_AT_ONCE],
            )
            .await?;
        let Some(last) = rows.last() else { break };
        after = (last.text("metric_id")?, last.text("unit_id")?, last.text("period")?, last.whole("n")?);
        n += rows.len();
        for row in &rows {
            let of = [row.text("metric_id")?, row.text("unit_id")?, row.text("period")?];
            // What is no number is found above, and is none that was recorded.
            let numbers = ["value", "numerator", "denominator"]
                .map(|column| row.maybe_number(column).unwrap_or(Some(f64::NAN)));
            let of = [of[0].as_str(), of[1].as_str(), of[2].as_str()];
            there.entry(row.text("import_id")?).or_default().add(of, row.whole("n")?, numbers);
        }
    }
    let sealed = "SELECT s.import_id AS import_id, s.n_outcomes AS n_outcomes, s.seal AS seal, t.at AS at
      FROM outcome_seal s JOIN taken_in t ON t.id = s.import_id ORDER BY t.at, s.import_id";
    let mut wrong = Vec::new();
    for row in sql.all(sealed, vec![]).await? {
        // Of those that are gone altogether the journal tells.
        let Some(seal) = there.get(&row.text("import_id")?) else { continue };
        if seal.n_outcomes != row.whole("n_outcomes")? || seal.hex() != row.text("seal")? {
            wrong.push((row.moment("at")?, row.whole("n_outcomes")?, seal.n_outcomes));
        }
    }
    if let Some((at, n_recorded, n_there)) = wrong.first() {
        let others = match wrong.len() - 1 {
            0 => String::new(),
            n => format!("; so are {n} more sets"),
        };
        let what = format!(
            "the {n_recorded} outcomes that were recorded on {at} are not what they were: {n_there} of that set are there now, or one says something else{others}"
        );
        found.push(Finding { what, todo: ASIDE });
    }
    Ok(n)
}
