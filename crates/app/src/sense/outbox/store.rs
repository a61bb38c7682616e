//! Queries on the outbox.

use traction_domain::id::{LetterId, PersonId, PulseId, TrialId};
use traction_domain::sense::outbox::{Became, Try, next_try};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// What a letter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Somebody's link to a pulse.
    Pulse(PulseId),
    /// "Is it gone?", of what somebody tries.
    Trial(TrialId),
}

/// A letter that is to leave, as it is wished for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wished {
    /// Its id.
    pub id: LetterId,
    /// To whom.
    pub to: PersonId,
    /// What it is about.
    pub about: About,
    /// When it was wished for.
    pub wished_at: Moment,
    /// From then on it does not leave any more.
    pub not_after: Moment,
}

/// A letter in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// As it was wished for.
    pub wished: Wished,
    /// Name of whom it goes to.
    pub name: String,
    /// The last try, if there was one.
    pub last: Option<Try>,
    /// Why that did not succeed.
    pub reason: Option<String>,
}

/// How a letter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It is to leave.
    Waits,
    /// It has left.
    Left,
    /// It did not leave, and is not tried again.
    Unsent,
    /// Nobody wants it any more.
    Over,
}

impl Posted {
    /// How it stands.
    pub fn stands(&self) -> Stands {
        match self.last.and_then(|last| last.ended) {
            Some((Became::Left, _)) => Stands::Left,
            Some((Became::Over, _)) => Stands::Over,
            _ if next_try(self.wished.wished_at, self.last.as_ref()).is_none() => Stands::Unsent,
            _ => Stands::Waits,
        }
    }

    /// Whether it is to be tried at `now`.
    pub fn is_due(&self, now: Moment) -> bool {
        let next = next_try(self.wished.wished_at, self.last.as_ref());
        now < self.wished.not_after && next.is_some_and(|next| next <= now)
    }
}

const SELECT: &str = "SELECT l.id AS id, l.person_id AS person_id, p.name AS name, l.pulse_id AS pulse_id,
    l.trial_id AS trial_id, l.wished_at AS wished_at, l.not_after AS not_after, t.n AS n, t.begun_at AS begun_at,
    d.became AS became, d.reason AS reason, d.ended_at AS ended_at
  FROM outbox l JOIN person p ON p.id = l.person_id
    LEFT JOIN outbox_try t ON t.letter_id = l.id
      AND t.n = (SELECT MAX(m.n) FROM outbox_try m WHERE m.letter_id = l.id)
    LEFT JOIN outbox_tried d ON d.letter_id = t.letter_id AND d.n = t.n";

fn posted(row: &Row) -> Result<Posted, Broken> {
    let about = match (row.maybe_parsed("pulse_id")?, row.maybe_parsed("trial_id")?) {
        (Some(pulse), None) => About::Pulse(pulse),
        (None, Some(trial)) => About::Trial(trial),
        _ => return Err(row.impossible("pulse_id", "a letter about neither or both")),
    };
    let last = match row.maybe_moment("begun_at")? {
        None => None,
        Some(begun_at) => {
            let ended = row.maybe_parsed("became")?.zip(row.maybe_moment("ended_at")?);
            Some(Try { n: row.count("n")?, begun_at, ended })
        }
    };
    let wished = Wished {
        id: row.parsed("id")?,
        to: row.parsed("person_id")?,
        about,
        wished_at: row.moment("wished_at")?,
        not_after: row.moment("not_after")?,
    };
    Ok(Posted { wished, name: row.text("name")?, last, reason: row.maybe_text("reason")? })
}

/// Keeps letters that are to leave.
pub async fn add(sql: &Sql, letters: &[Wished]) -> Result<(), Broken> {
    let row = |letter: &Wished| {
        let (pulse, trial) = match letter.about {
            About::Pulse(pulse) => (Some(pulse), None),
            About::Trial(trial) => (None, Some(trial)),
        };
        bind![letter.id, letter.to, pulse, trial, letter.wished_at, letter.not_after]
    };
    let head = "INSERT INTO outbox (id, person_id, pulse_id, trial_id, wished_at, not_after) VALUES";
    sql.insert_many(head, letters.iter().map(row).collect(), "").await?;
    Ok(())
}

/// The letters that may still leave after `now`, the oldest first: tried already, just now, or not yet.
pub async fn waiting(sql: &Sql, now: Moment) -> Result<Vec<Posted>, Broken> {
    let text = format!(
        "{SELECT} WHERE l.not_after > $1 AND COALESCE(d.became, 'again') = 'again' ORDER BY l.wished_at, l.id"
    );
    sql.all(&text, bind![now]).await?.iter().map(posted).collect()
}

/// One letter.
pub async fn one(sql: &Sql, id: LetterId) -> Result<Option<Posted>, Broken> {
    sql.one(&format!("{SELECT} WHERE l.id = $1"), bind![id]).await?.as_ref().map(posted).transpose()
}

/// The letters of a pulse that were wished for at a moment, by name.
pub async fn of_pulse(sql: &Sql, pulse: PulseId, wished_at: Moment) -> Result<Vec<Posted>, Broken> {
    let text = format!("{SELECT} WHERE l.pulse_id = $1 AND l.wished_at = $2 ORDER BY p.name, l.id");
    sql.all(&text, bind![pulse, wished_at]).await?.iter().map(posted).collect()
}

/// The letter that asks what became of a trial; `None` where none was wished for.
pub async fn of_trial(sql: &Sql, trial: TrialId) -> Result<Option<Posted>, Broken> {
    let text = format!("{SELECT} WHERE l.trial_id = $1 ORDER BY l.wished_at DESC, l.id DESC LIMIT 1");
    sql.one(&text, bind![trial]).await?.as_ref().map(posted).transpose()
}

/// The letters wished for since `since` that were given up, the latest first.
pub async fn given_up(sql: &Sql, since: Moment) -> Result<Vec<Posted>, Broken> {
    let text = format!(
        "{SELECT} WHERE l.wished_at >= $1 AND d.became = 'unsent' ORDER BY l.wished_at DESC, p.name, l.id"
    );
    sql.all(&text, bind![since]).await?.iter().map(posted).collect()
}

/// Keeps that a try is begun.
pub async fn begin_try(sql: &Sql, id: LetterId, n: usize, at: Moment) -> Result<(), Broken> {
    let text = "INSERT INTO outbox_try (letter_id, n, begun_at) VALUES ($1, $2, $3)";
    sql.run(text, bind![id, n, at]).await?;
    Ok(())
}

/// Keeps what became of a try.
pub async fn end_try(
    sql: &Sql,
    id: LetterId,
    n: usize,
    became: Became,
    reason: Option<&str>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO outbox_tried (letter_id, n, became, reason, ended_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
        bind![id, n, became.word(), reason, at],
    )
    .await?;
    Ok(())
}
