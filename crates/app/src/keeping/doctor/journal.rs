//! The journal, entry by entry: no gap, none altered, each can be read; and what it tells of is there.
//!
//! The seals hold no key: whoever seals all anew is found by a seal that was noted elsewhere, and by nothing else.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde_json::Value;
use traction_domain::fact::Fact;

use super::{Finding, Look, store};
use crate::store::{Sealed, Sql};
use crate::trouble::Broken;
use crate::web::counted;

const BESIDE: &str =
    "restore the last backup into a new folder, and compare the page /journal of both; rely on the backup";

/// An entry's seal that somebody noted: `1234:3f2a…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The entry's place.
    pub seq: i64,
    /// Its seal, or the beginning of it.
    pub seal: String,
}

/// What was written is no seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a seal is written as `traction doctor` says it: the entry's number, a colon, and at least 16 of its letters and digits"
)]
pub struct NoSeal;

impl FromStr for Noted {
    type Err = NoSeal;

    fn from_str(text: &str) -> Result<Noted, NoSeal> {
        let (seq, seal) = text.trim().split_once(':').ok_or(NoSeal)?;
        let seq = seq.parse().ok().filter(|seq| *seq > 0).ok_or(NoSeal)?;
        let is_seal = (16..=64).contains(&seal.len()) && seal.chars().all(|c| c.is_ascii_hexdigit());
        is_seal.then(|| Noted { seq, seal: seal.to_ascii_lowercase() }).ok_or(NoSeal)
    }
}

impl fmt::Display for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.seal)
    }
}

/// Where what a fact names is kept: by the fact's word (any, where it is empty) and the part of it that names it, the table,
/// its column, and what it is called.
const KEPT: [(&str, &str, &str, &str, &str); 41] = [
    ("", "unit", "unit", "id", "unit"),
    ("", "person", "person", "id", "person"),
    ("", "role", "role", "id", "role"),
    ("", "token", "token", "id", "token"),
    ("", "import", "taken_in", "id", "file that was taken in"),
    ("", "friction", "friction", "id", "friction"),
    ("", "into", "friction", "id", "friction"),
    ("", "idea", "idea", "id", "idea"),
    ("", "trial", "remedy_trial", "id", "trial of a remedy"),
    ("", "account", "account", "id", "account"),
    ("", "case", "sense_case", "id", "case"),
    ("", "pulse", "pulse", "id", "pulse"),
    ("", "goal", "goal", "id", "goal"),
    ("", "metric", "metric", "id", "metric"),
    ("", "change", "change", "id", "change"),
    ("prediction_locked", "change", "prediction", "change_id", "locked prediction of the change"),
    ("", "wave", "wave", "id", "wave"),
    ("", "application", "application", "id", "application"),
    (
        "application_withdrawn",
        "application",
        "application_withdrawal",
        "application_id",
        "withdrawal of the application",
    ),
    ("draw_committed", "wave", "draw_commitment", "wave_id", "commitment to the draw of the wave"),
    ("list_frozen", "wave", "frozen_list", "wave_id", "frozen list of the wave"),
    ("drawn", "wave", "draw", "wave_id", "record of the draw of the wave"),
    ("overridden", "wave", "place_override", "wave_id", "override in the wave"),
    ("", "slot", "slot", "id", "slot"),
    ("", "cycle", "cycle", "id", "cycle"),
    ("cycle_predicted", "cycle", "cycle_prediction", "cycle_id", "locked prediction of the cycle"),
    ("cycle_closed", "cycle", "cycle_end", "cycle_id", "end of the cycle"),
    ("", "commitment", "commitment", "id", "commitment"),
    ("", "source", "source", "id", "source"),
    ("outcomes_recorded", "import", "outcome", "import_id", "set of outcomes"),
    ("", "run", "source_run", "id", "run of a source"),
    ("", "evidence", "evidence", "id", "evidence"),
    ("", "showcase", "showcase", "id", "showcase"),
    ("unpublished", "showcase", "showcase_end", "showcase_id", "end of the showcase"),
    ("", "hand_over", "hand_over", "id", "hand-over"),
    ("hand_over_accepted", "hand_over", "hand_over_answer", "hand_over_id", "answer to the hand-over"),
    ("", "alarm", "alarm", "id", "alarm"),
    ("", "tension", "tension", "id", "tension"),
    ("", "rock", "rock", "id", "rock"),
    ("", "engagement", "engagement", "id", "engagement"),
    ("token_revoked", "token", "token_end", "token_id", "end of the token"),
];

/// What is named, by its place in [`KEPT`]: each id with the first entry that names it.
type Named = BTreeMap<usize, BTreeMap<String, i64>>;

/// Reads the whole journal. `noted` is a seal that somebody kept elsewhere.
pub async fn journal(sql: &Sql, noted: Option<&Noted>, found: &mut Vec<Finding>) -> Result<Look, Broken> {
    let mut reading = Reading { noted, ..Reading::default() };
    loop {
        let entries = match sql.seals_after(reading.seq).await {
            Ok(entries) => entries,
            Err(broken) => {
                found.append(&mut reading.findings);
                return Err(broken);
            }
        };
        if entries.is_empty() {
            break;
        }
        for (entry, seal) in entries {
            reading.read(&entry, seal);
        }
    }
    let (mut look, named) = reading.done();
    found.append(&mut look.findings);
    found.extend(gone(sql, named).await?);
    Ok(look)
}

/// What is read of a journal so far.
#[derive(Default)]
struct Reading<'a> {
    noted: Option<&'a Noted>,
    n: usize,
    seq: i64,
    /// The seal of the entry before; `None` where it has none.
    seal: Option<String>,
    /// Entries without a seal since the last one with a seal, and whether there was one.
    n_unsealed: usize,
    is_sealed: bool,
    findings: Vec<Finding>,
    named: Named,
}

impl Reading<'_> {
    fn read(&mut self, entry: &Sealed, seal: Option<String>) {
        let seq = entry.seq;
        let follows = seq == self.seq + 1;
        if !follows {
            let what = format!("the journal goes from entry {} to entry {seq}: some are missing", self.seq);
            self.found(what, BESIDE);
        }
        match &seal {
            None => self.n_unsealed += 1,
            Some(seal) => {
                if self.n_unsealed > 0 {
                    let what = format!(
                        "{} of the journal before entry {seq} lost the seal",
                        counted(self.n_unsealed, "entry", "entries")
                    );
                    self.found(what, BESIDE);
                } else if follows && entry.seal(self.seal.as_deref()) != *seal {
                    let what = format!("entry {seq} of the journal is not what was written and sealed");
                    self.found(what, BESIDE);
                }
                (self.n_unsealed, self.is_sealed) = (0, true);
            }
        }
        if let Some(noted) = self.noted.filter(|noted| noted.seq == seq)
            && !seal.as_ref().is_some_and(|seal| seal.starts_with(&noted.seal))
        {
            let what = format!(
                "entry {seq} of the journal has another seal than the one that was noted: it, or one before it, was altered and all sealed anew"
            );
            self.found(what, BESIDE);
        }
        match serde_json::from_str::<Fact>(&entry.fact) {
            Ok(_) => self.names(entry),
            Err(error) => {
                let what = format!("entry {seq} of the journal cannot be read ({error})");
                self.found(what, "run the version of Traction that wrote it, and report this");
            }
        }
        (self.n, self.seq, self.seal) = (self.n + 1, seq, seal);
    }

    fn found(&mut self, what: String, todo: &'static str) {
        self.findings.push(Finding { what, todo });
    }

    /// Remembers what the fact names.
    fn names(&mut self, entry: &Sealed) {
        let Ok(Value::Object(parts)) = serde_json::from_str::<Value>(&entry.fact) else { return };
        for (place, (kind, key, ..)) in KEPT.iter().enumerate() {
            if (kind.is_empty() || *kind == entry.kind)
                && let Some(Value::String(id)) = parts.get(*key)
            {
                self.named.entry(place).or_default().entry(id.clone()).or_insert(entry.seq);
            }
        }
    }

    fn done(mut self) -> (Look, Named) {
        if self.is_sealed && self.n_unsealed > 0 {
            let what = format!(
                "{} at the end of the journal without a seal: written by an older Traction, or behind its back",
                counted(self.n_unsealed, "entry stands", "entries stand")
            );
            self.found(what, "stop servers of the older version, and look through the end of the page /journal; the next entry seals what is before it");
        }
        if let Some(noted) = self.noted.filter(|noted| noted.seq > self.seq) {
            let what = format!(
                "the journal ends with entry {}, and the seal of entry {} was noted: entries at its end are gone",
                self.seq, noted.seq
            );
            self.found(what, BESIDE);
        }
        let seal = self.seal.map(|seal| Noted { seq: self.seq, seal });
        let says = seal.map(|seal| format!("sealed {seal}"));
        (Look { name: "journal", n: self.n, findings: self.findings, says, left_out: None }, self.named)
    }
}

/// What the journal tells of and is not there any more.
async fn gone(sql: &Sql, named: Named) -> Result<Vec<Finding>, Broken> {
    let mut findings = Vec::new();
    for (place, ids) in named {
        let (_, _, table, column, called) = KEPT[place];
        let there = store::ids(sql, table, column).await?;
        let mut missing: Vec<(&i64, &String)> =
            ids.iter().filter(|(id, _)| !there.contains(*id)).map(|(id, seq)| (seq, id)).collect();
        missing.sort();
        if let Some((seq, id)) = missing.first() {
            let others = match missing.len() - 1 {
                0 => String::new(),
                n => format!(", and {n} more"),
            };
            findings.push(Finding {
                what: format!("the {called} {id}, of which entry {seq} of the journal tells, is not there any more{others}"),
                todo: "restore the last backup into a new folder, and compare: somebody took it out of the database, and what rests on it cannot be relied on",
            });
        }
    }
    Ok(findings)
}
