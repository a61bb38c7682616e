//! What became of facts whose consequences did not come about. Knows nothing of what the consequences are.

use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A fact whose consequence did not come about yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// The fact's place in the journal.
    pub seq: i64,
    /// How often it was tried.
    pub n_tries: usize,
    /// What came of the last try.
    pub why: String,
    /// When that was.
    pub tried_at: Moment,
    /// When it is tried again; `None`: it is set aside.
    pub again_at: Option<Moment>,
}

const SELECT: &str =
    "SELECT t.seq AS seq, t.n_tries AS n_tries, t.why AS why, t.tried_at AS tried_at, t.again_at AS again_at
 FROM loop_trial t WHERE t.done_at IS NULL";

fn trial(row: &Row) -> Result<Trial, Broken> {
    Ok(Trial {
        seq: row.whole("seq")?,
        n_tries: row.count("n_tries")?,
        why: row.text("why")?,
        tried_at: row.moment("tried_at")?,
        again_at: row.maybe_moment("again_at")?,
    })
}

impl Sql {
    /// The trial of the fact `seq` that is not done yet.
    pub async fn trial(&self, seq: i64) -> Result<Option<Trial>, Broken> {
        self.one(&format!("{SELECT} AND t.seq = $1"), bind![seq]).await?.as_ref().map(trial).transpose()
    }

    /// Every trial that is not done yet, in the order of the facts.
    pub async fn trials(&self) -> Result<Vec<Trial>, Broken> {
        self.all(&format!("{SELECT} ORDER BY t.seq"), vec![]).await?.iter().map(trial).collect()
    }

    /// Keeps how a trial stands.
    pub async fn keep_trial(&self, trial: &Trial) -> Result<(), Broken> {
        self.run(
            "INSERT INTO loop_trial (seq, n_tries, why, tried_at, again_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (seq) DO UPDATE SET n_tries = excluded.n_tries, why = excluded.why,
               tried_at = excluded.tried_at, again_at = excluded.again_at",
            bind![trial.seq, trial.n_tries, trial.why, trial.tried_at, trial.again_at],
        )
        .await?;
        Ok(())
    }

    /// Keeps that the consequence came about after all.
    pub async fn end_trial(&self, seq: i64, at: Moment) -> Result<(), Broken> {
        self.run("UPDATE loop_trial SET done_at = $2 WHERE seq = $1 AND done_at IS NULL", bind![seq, at])
            .await?;
        Ok(())
    }
}
