//! What a record was made with: enough to make it again, to the last byte, from the files beside it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use traction_domain::prove::Came;

use super::{EvidenceJson, LeftOutJson};

/// What a record was made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingsJson {
    /// What `traction prove panel.csv` is given.
    pub arguments: Vec<String>,
    /// SHA-256 of panel.csv, in hex; absent where none was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel_sha256: Option<String>,
    /// The draws' records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub draws: Vec<DrawJson>,
    /// What the panel no longer shows of what came.
    pub came: CameJson,
    /// How starts in the midst of a period count, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<String>,
    /// What was left out before the panel's files were written, so that they do not tell of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOutJson>,
    /// How long series were taken together, where they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<BlocksJson>,
    /// How the units stood; records from before they were put in order say nothing of it.
    #[serde(default, skip_serializing_if = "UnitOrder::is_as_it_came")]
    pub order: UnitOrder,
}

/// How units stand when sums are taken over them and chance deals over them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitOrder {
    /// By what is known of them, so that it does not matter how the rows were sorted.
    Content,
    /// As their rows came.
    #[default]
    AsItCame,
}

impl UnitOrder {
    fn is_as_it_came(&self) -> bool {
        *self == UnitOrder::AsItCame
    }
}

/// The file of a draw's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawJson {
    /// Its name.
    pub file: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

/// What came, before anything was left out of the panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CameJson {
    /// Rows.
    pub rows: usize,
    /// Rows without an outcome.
    #[serde(default)]
    pub absent: usize,
    /// Units without any outcome.
    #[serde(default)]
    pub unseen: usize,
    /// Units that were left out because they lack a period.
    pub dropped: usize,
    /// Units that start after the last period.
    pub late: usize,
    /// Units whose start was written 0, where that may have been meant for a period.
    #[serde(default, skip_serializing_if = "is_none")]
    pub start_0: usize,
}

fn is_none(n: &usize) -> bool {
    *n == 0
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
    /// What came, in its JSON shape.
    pub fn of(came: Came) -> Self {
        CameJson {
            rows: came.n_rows,
            absent: came.n_absent,
            unseen: came.n_unseen,
            dropped: came.n_dropped,
            late: came.n_late,
            start_0: came.n_start_0,
        }
    }

    /// What came.
    pub fn came(&self) -> Came {
        Came {
            n_rows: self.rows,
            n_absent: self.absent,
            n_unseen: self.unseen,
            n_dropped: self.dropped,
            n_late: self.late,
            n_start_0: self.start_0,
        }
    }
}

impl DrawJson {
    /// A draw's record of that text, in a file of that name.
    pub fn of(file: &str, text: &str) -> Self {
        DrawJson { file: file.to_owned(), sha256: hex::encode(Sha256::digest(text.as_bytes())) }
    }
}

impl SettingsJson {
    /// Puts into a record that was made again from the panel what only those knew who made the panel.
    pub fn put_back(&self, again: &mut EvidenceJson) {
        if let Some(blocks) = &self.blocks {
            again.add_why(&blocks.why);
            again.data.left_out.extend(blocks.left_out.iter().cloned());
        }
        again.data.left_out.extend(self.left_out.iter().cloned());
        if let Some(starts) = &self.starts {
            again.add_why(starts);
        }
    }
}
