//! What a record was made with: enough to make it again, to the last byte, from the files beside it.

use serde::{Deserialize, Serialize};
use traction_stats::panel::Panel;

use super::{EvidenceJson, LeftOutJson};

/// What a record was made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingsJson {
    /// What `traction prove panel.csv` is given.
    pub arguments: Vec<String>,
    /// SHA-256 of panel.csv, in hex; absent where none was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel_sha256: Option<String>,
    /// What the panel no longer shows of what came.
    pub came: CameJson,
    /// How long series were taken together, where they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<BlocksJson>,
}

/// What came, before anything was left out of the panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CameJson {
    /// Rows.
    pub rows: usize,
    /// Units that were left out because they lack a period.
    pub dropped: usize,
    /// Units that start after the last period.
    pub late: usize,
}

/// How periods were taken together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlocksJson {
    /// In words.
    pub why: String,
    /// What did not come into any block.
    pub left_out: Vec<LeftOutJson>,
}

impl CameJson {
    /// What came into a panel.
    pub fn of(panel: &Panel) -> Self {
        CameJson { rows: panel.n_rows(), dropped: panel.n_dropped(), late: panel.n_start_after_end() }
    }
}

impl SettingsJson {
    /// Puts into a record that was made again from the panel what only those knew who made the panel; `then` is the record as
    /// it was made at first.
    pub fn put_back(&self, again: &mut EvidenceJson, then: &EvidenceJson) {
        again.data.rows = self.came.rows;
        // A change's further outcomes are not in its panel: what was seen of them is taken over.
        if again.exploratory.is_empty() {
            again.exploratory.clone_from(&then.exploratory);
        }
        again.data.units += self.came.dropped;
        let n_told = usize::from(self.came.dropped > 0) + usize::from(self.came.late > 0);
        again.data.left_out.splice(0..0, then.data.left_out.iter().take(n_told).cloned());
        if let Some(blocks) = &self.blocks {
            again.design.why.push(' ');
            again.design.why.push_str(&blocks.why);
            again.data.left_out.extend(blocks.left_out.iter().cloned());
        }
    }
}
