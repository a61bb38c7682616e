//! Seals of the journal: each entry's is a hash of the entry and of the seal before it, so that whoever alters or takes out
//! an entry breaks every seal after it.
//!
//! It holds no key: whoever can write to the database can seal all anew. Who noted a seal elsewhere finds that out, too.

use sha2::{Digest, Sha256};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// How many entries are read at once.
const N_AT_ONCE: u32 = 1_000;

/// An entry of the journal as it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Its place.
    pub seq: i64,
    /// When it happened.
    pub at: Moment,
    /// What acted.
    pub actor: String,
    /// The id of the person or token.
    pub actor_id: Option<String>,
    /// The fact's word.
    pub kind: String,
    /// The fact as it is written.
    pub fact: String,
}

impl Sealed {
    /// Its seal, after `before`, the seal of the entry before it; `None` where that is the first.
    pub fn seal(&self, before: Option<&str>) -> String {
        let (seq, at) = (self.seq.to_string(), self.at.milliseconds().to_string());
        let parts = [
            before,
            Some(&seq),
            Some(&at),
            Some(&self.actor),
            self.actor_id.as_deref(),
            Some(&self.kind),
            Some(&self.fact),
        ];
        let mut hash = Sha256::new();
        // Each part with its length, so that no two entries are written alike.
        for part in parts {
            match part {
                None => hash.update("-:"),
                Some(part) => hash.update(format!("{}:{part}", part.len())),
            }
        }
        hex::encode(hash.finalize())
    }

    fn of(row: &Row) -> Result<Sealed, Broken> {
        Ok(Sealed {
            seq: row.whole("seq")?,
            at: row.moment("at")?,
            actor: row.text("actor")?,
            actor_id: row.maybe_text("actor_id")?,
            kind: row.text("kind")?,
            fact: row.text("fact")?,
        })
    }
}

impl Sql {
    /// Up to some thousand entries after `seq` with the seal of each, oldest first.
    pub async fn seals_after(&self, seq: i64) -> Result<Vec<(Sealed, Option<String>)>, Broken> {
        let text = "SELECT seq AS seq, at AS at, actor AS actor, actor_id AS actor_id, kind AS kind, fact AS fact, seal AS seal
           FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2";
        let rows = self.all(text, bind![seq, N_AT_ONCE]).await?;
        rows.iter().map(|row| Ok((Sealed::of(row)?, row.maybe_text("seal")?))).collect()
    }

    /// The last entry's place and seal. Entries at the end that have none are sealed first: they were written before there
    /// were seals, or by a server of that time that runs beside this one.
    pub(super) async fn last_seal(&self) -> Result<(i64, Option<String>), Broken> {
        let last = "SELECT seq AS seq, seal AS seal FROM journal ORDER BY seq DESC LIMIT 1";
        let Some(row) = self.one(last, vec![]).await? else { return Ok((0, None)) };
        match row.maybe_text("seal")? {
            Some(seal) => Ok((row.whole("seq")?, Some(seal))),
            None => self.seal_rest().await,
        }
    }

    async fn seal_rest(&self) -> Result<(i64, Option<String>), Broken> {
        let text =
            "SELECT seq AS seq, seal AS seal FROM journal WHERE seal IS NOT NULL ORDER BY seq DESC LIMIT 1";
        let sealed = self.one(text, vec![]).await?;
        let (mut seq, mut seal) = match sealed {
            Some(row) => (row.whole("seq")?, row.maybe_text("seal")?),
            None => (0, None),
        };
        loop {
            let entries = self.seals_after(seq).await?;
            if entries.is_empty() {
                return Ok((seq, seal));
            }
            for (entry, _) in entries {
                let own = entry.seal(seal.as_deref());
                self.run("UPDATE journal SET seal = $2 WHERE seq = $1", bind![entry.seq, own]).await?;
                (seq, seal) = (entry.seq, Some(own));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Sealed {
        let at = Moment::from_milliseconds(1_772_438_400_000).unwrap();
        let (actor, kind, fact) = ("person".into(), "drawn".into(), "{\"fact\":\"drawn\"}".into());
        Sealed { seq: 7, at, actor, actor_id: Some("a".into()), kind, fact }
    }

    #[test]
    fn every_part_of_an_entry_and_the_seal_before_it_are_sealed() {
        let seal = entry().seal(Some("before"));
        assert_eq!(seal, entry().seal(Some("before")));
        let others = [
            entry().seal(None),
            entry().seal(Some("")),
            entry().seal(Some("other")),
            Sealed { seq: 8, ..entry() }.seal(Some("before")),
            Sealed { at: entry().at.after_days(1), ..entry() }.seal(Some("before")),
            Sealed { actor: "token".into(), ..entry() }.seal(Some("before")),
            Sealed { actor_id: None, ..entry() }.seal(Some("before")),
            Sealed { kind: "overridden".into(), ..entry() }.seal(Some("before")),
            Sealed { fact: "{}".into(), ..entry() }.seal(Some("before")),
            // What stands at the end of one part, at the beginning of the next.
            Sealed { actor: "perso".into(), actor_id: Some("na".into()), ..entry() }.seal(Some("before")),
        ];
        assert!(others.iter().all(|other| *other != seal));
    }
}
