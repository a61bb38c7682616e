//! Queries across the stages, for the pages that look at all of them.

use crate::overview::figures::Stage;
use crate::store::Sql;
use crate::trouble::Broken;

/// What each stage counts: a query of one number, and the word after it. In the loop's order.
const COUNTED: [(Stage, &str, &str); 1] = [(
    Stage::Sense,
    "SELECT COUNT(*) FROM friction f WHERE NOT EXISTS
       (SELECT 1 FROM friction_answer a WHERE a.friction_id = f.id AND a.state IN ('gone', 'kept'))",
    "open",
)];

/// The live figure of each stage, in one query.
pub async fn figures(sql: &Sql) -> Result<Vec<(Stage, i64, &'static str)>, Broken> {
    let columns: Vec<String> =
        COUNTED.iter().map(|(stage, count, _)| format!("({count}) AS {}_figure", stage.word())).collect();
    let Some(row) = sql.one(&format!("SELECT {}", columns.join(", ")), vec![]).await? else {
        return Ok(vec![]);
    };
    COUNTED
        .iter()
        .map(|(stage, _, word)| Ok((*stage, row.whole(&format!("{}_figure", stage.word()))?, *word)))
        .collect()
}
