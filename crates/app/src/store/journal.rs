//! The journal: every fact, who and when, in the order in which they happened. Append-only, each entry sealing those
//! before it.

use traction_domain::fact::Fact;
use traction_domain::org::who::{Actor, Who};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Bind, Row, Sealed, Sql, Tx};
use crate::trouble::Broken;

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its place, from 1, without gaps.
    pub seq: i64,
    /// When it happened.
    pub at: Moment,
    /// What acted: person, token, operator or loop.
    pub actor: String,
    /// The id of the person or token.
    pub actor_id: Option<String>,
    /// What happened.
    pub fact: Fact,
}

/// What acts, in the journal's word, and the id of the person or token.
pub fn acts(who: &Who) -> (&'static str, Option<String>) {
    match who.actor {
        Actor::Person(person) => ("person", Some(person.to_string())),
        Actor::Token(token) => ("token", Some(token.to_string())),
        Actor::Operator => ("operator", None),
        Actor::Loop => ("loop", None),
        Actor::Undisclosed => ("undisclosed", None),
    }
}

impl Tx {
    /// Writes down that `fact` happened `at`, by `who`. In the verb's own transaction: both or neither are kept.
    pub async fn journal(&mut self, at: Moment, who: &Who, fact: Fact) -> Result<(), Broken> {
        let (actor, actor_id) = acts(who);
        let stored =
            serde_json::to_value(&fact).map_err(|error| Broken::accident("writing a fact", error))?;
        let kind = stored["fact"].as_str().unwrap_or_default().to_owned();
        // Nobody else writes to it meanwhile: a verb's transaction is the only writer of its moment.
        let (seq, before) = match self.last.take() {
            Some(last) => last,
            None => self.last_seal().await?,
        };
        let entry =
            Sealed { seq: seq + 1, at, actor: actor.to_owned(), actor_id, kind, fact: stored.to_string() };
        let seal = entry.seal(before.as_deref());
        self.run(
            "INSERT INTO journal (seq, at, actor, actor_id, kind, fact, seal) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            bind![entry.seq, entry.at, entry.actor, entry.actor_id, entry.kind, entry.fact, seal],
        )
        .await?;
        self.last = Some((entry.seq, Some(seal)));
        self.facts.push(fact);
        Ok(())
    }
}

impl Sql {
    /// Up to `limit` entries after `seq`, oldest first.
    pub async fn entries_after(&self, seq: i64, limit: u32) -> Result<Vec<Entry>, Broken> {
        self.all(
            "SELECT seq, at, actor, actor_id, fact FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2",
            bind![seq, limit],
        )
        .await?
        .iter()
        .map(entry)
        .collect()
    }

    /// The place of the last entry of one of these kinds; 0 where there is none.
    pub async fn last_entry_of(&self, kinds: &[&str]) -> Result<i64, Broken> {
        let places: Vec<String> = (1..=kinds.len()).map(|n| format!("${n}")).collect();
        let text =
            format!("SELECT COALESCE(MAX(seq), 0) AS seq FROM journal WHERE kind IN ({})", places.join(","));
        let values = kinds.iter().map(|kind| Bind::value(*kind)).collect();
        match self.one(&text, values).await? {
            Some(row) => row.whole("seq"),
            None => Ok(0),
        }
    }

    /// The place of the last entry; 0 in an empty journal.
    pub async fn last_entry(&self) -> Result<i64, Broken> {
        match self.one("SELECT COALESCE(MAX(seq), 0) AS seq FROM journal", vec![]).await? {
            Some(row) => row.whole("seq"),
            None => Ok(0),
        }
    }
}

impl Sql {
    /// The place in the journal up to which the reader `name` has done its work.
    pub async fn cursor(&self, name: &str) -> Result<i64, Broken> {
        let row = self.one("SELECT seq FROM loop_cursor WHERE name = $1", bind![name]).await?;
        row.map_or(Ok(0), |row| row.whole("seq"))
    }

    /// Moves the reader `name` forward to `seq`; never back.
    pub async fn move_cursor(&self, name: &str, seq: i64) -> Result<(), Broken> {
        self.run(
            "INSERT INTO loop_cursor (name, seq) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET seq = excluded.seq WHERE loop_cursor.seq < excluded.seq",
            bind![name, seq],
        )
        .await?;
        Ok(())
    }
}

fn entry(row: &Row) -> Result<Entry, Broken> {
    let text = row.text("fact")?;
    Ok(Entry {
        seq: row.whole("seq")?,
        at: row.moment("at")?,
        actor: row.text("actor")?,
        actor_id: row.maybe_text("actor_id")?,
        fact: serde_json::from_str(&text).map_err(|error| row.impossible("fact", error))?,
    })
}
