//! What the journal says was published of draws before them.

use std::collections::BTreeMap;

use traction_domain::contend::draw::{Digest, DrawRefused};
use traction_domain::fact::Fact;
use traction_domain::id::WaveId;
use traction_domain::time::Moment;

use crate::store::Sql;
use crate::trouble::Broken;

/// What the journal says was published of one draw. What was written before facts held hashes is not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The commitment, and when.
    pub commitment: Option<(Digest, Moment)>,
    /// The hash of the list, and when.
    pub list_hash: Option<(Digest, Moment)>,
}

impl Written {
    /// Holds where these hashes are those of the journal, as far as it has any.
    ///
    /// # Errors
    /// [`DrawRefused::NotAsWritten`] for the first that is another one.
    pub fn agrees(&self, commitment: Digest, list_hash: Option<Digest>) -> Result<(), DrawRefused> {
        let differs = |written: Option<(Digest, Moment)>, here: Option<Digest>| {
            written.map(|(hash, _)| hash).filter(|hash| here.is_some_and(|here| here != *hash))
        };
        if let Some(published) = differs(self.commitment, Some(commitment)) {
            return Err(DrawRefused::NotAsWritten { what: "commitment", published });
        }
        match differs(self.list_hash, list_hash) {
            Some(published) => Err(DrawRefused::NotAsWritten { what: "list hash", published }),
            None => Ok(()),
        }
    }
}

/// What the journal says was published of each draw: of two entries on one the first counts.
pub async fn written(sql: &Sql) -> Result<BTreeMap<WaveId, Written>, Broken> {
    let text = "SELECT j.at AS at, j.fact AS fact FROM journal j
                WHERE j.kind IN ('draw_committed', 'list_frozen') ORDER BY j.seq";
    let mut all: BTreeMap<WaveId, Written> = BTreeMap::new();
    for row in &sql.all(text, vec![]).await? {
        let (at, fact) = (row.moment("at")?, row.text("fact")?);
        match serde_json::from_str(&fact).map_err(|error| row.impossible("fact", error))? {
            Fact::DrawCommitted { wave, secret_hash: Some(hash) } => {
                all.entry(wave).or_default().commitment.get_or_insert((hash, at));
            }
            Fact::ListFrozen { wave, list_hash: Some(hash) } => {
                all.entry(wave).or_default().list_hash.get_or_insert((hash, at));
            }
            _ => {}
        }
    }
    Ok(all)
}
