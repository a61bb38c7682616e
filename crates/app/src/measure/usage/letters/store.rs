//! Queries on dead letters. Their bodies hold what the reader of such an event looks at, and no more; the subject is kept
//! beside them, and shown nowhere.

use std::collections::BTreeSet;
use std::fmt;

use traction_domain::measure::usage::Kind;
use traction_domain::time::Moment;

use crate::bind;
use crate::measure::usage::letter::Form;
use crate::measure::usage::parts;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// Something that could not be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Where it came from.
    pub source: String,
    /// Under which it is kept once.
    pub id: String,
    /// When it was received.
    pub received_at: Moment,
    /// Why it could not be counted, in a word.
    pub kind: Kind,
    /// Why it could not be counted, for people.
    pub why: String,
    /// In which language it is written.
    pub form: Form,
    /// Whom it is about, where it named somebody.
    pub subject: Option<String>,
    /// What was sent, as far as it is kept.
    pub body: String,
}

/// What became of a dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Tried again, it counted.
    Counted,
    /// Somebody decided to leave it.
    Left,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ending::Counted => "counted",
            Ending::Left => "left",
        })
    }
}

const OPEN: &str =
    "SELECT d.source AS source, d.id AS id, d.received_at AS received_at, d.kind AS kind, d.why AS why, d.form AS form,
    d.subject AS subject, d.body AS body
  FROM dead_letter d
  WHERE NOT EXISTS (SELECT 1 FROM dead_letter_end e WHERE e.source = d.source AND e.id = d.id)";

fn form(row: &Row) -> Result<Form, Broken> {
    let word = row.text("form")?;
    word.parse().map_err(|()| row.impossible("form", &word))
}

fn letter(row: &Row) -> Result<DeadLetter, Broken> {
    let form = form(row)?;
    let kind = row.text("kind")?;
    Ok(DeadLetter {
        source: row.text("source")?,
        id: row.text("id")?,
        received_at: row.moment("received_at")?,
        kind: Kind::of(&kind).ok_or_else(|| row.impossible("kind", &kind))?,
        why: row.text("why")?,
        form,
        subject: row.maybe_text("subject")?,
        body: stripped(form, row.text("body")?),
    })
}

/// Earlier versions kept more of a body than is kept now.
fn stripped(form: Form, body: String) -> String {
    match serde_json::from_str(&body) {
        Ok(mut value) => {
            parts::strip(form, &mut value, usize::MAX);
            value.to_string()
        }
        Err(_) => body,
    }
}

/// Keeps dead letters, each once; the number of new ones.
pub async fn add(sql: &Sql, mut letters: Vec<DeadLetter>) -> Result<u64, Broken> {
    letters.sort_by(|a, b| (&a.source, &a.id).cmp(&(&b.source, &b.id)));
    let rows = letters
        .iter()
        .map(|l| {
            bind![l.source, l.id, l.received_at, l.kind.word(), l.why, l.form.to_string(), l.subject, l.body]
        })
        .collect();
    let head = "INSERT INTO dead_letter (source, id, received_at, kind, why, form, subject, body) VALUES";
    sql.insert_many(head, rows, "ON CONFLICT DO NOTHING").await
}

/// The open dead letters of one source or of all, the newest first.
pub async fn open(sql: &Sql, source: Option<&str>, limit: u32) -> Result<Vec<DeadLetter>, Broken> {
    let text =
        format!("{OPEN} AND d.source = COALESCE($1, d.source) ORDER BY d.received_at DESC, d.id LIMIT $2");
    sql.all(&text, bind![source, limit]).await?.iter().map(letter).collect()
}

/// The open dead letters of one source or of all that come after one by source and id, in that order.
pub async fn open_after(
    sql: &Sql,
    source: Option<&str>,
    after: (&str, &str),
    limit: u32,
) -> Result<Vec<DeadLetter>, Broken> {
    let text = format!(
        "{OPEN} AND d.source = COALESCE($1, d.source) AND (d.source > $2 OR (d.source = $2 AND d.id > $3))
         ORDER BY d.source, d.id LIMIT $4"
    );
    sql.all(&text, bind![source, after.0, after.1, limit]).await?.iter().map(letter).collect()
}

/// One open dead letter.
pub async fn one(sql: &Sql, source: &str, id: &str) -> Result<Option<DeadLetter>, Broken> {
    let text = format!("{OPEN} AND d.source = $1 AND d.id = $2");
    sql.one(&text, bind![source, id]).await?.as_ref().map(letter).transpose()
}

/// Whether anything came of this source, or could: it is the name of a token.
pub async fn is_source(sql: &Sql, source: &str) -> Result<bool, Broken> {
    let text = "SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM token WHERE name = $1)
      OR EXISTS (SELECT 1 FROM dead_letter WHERE source = $1) OR EXISTS (SELECT 1 FROM usage_event WHERE source = $1)";
    Ok(sql.one(text, bind![source]).await?.is_some())
}

/// Open dead letters with this id, of whichever source.
pub async fn of_id(sql: &Sql, id: &str) -> Result<Vec<DeadLetter>, Broken> {
    let text = format!("{OPEN} AND d.id = $1 ORDER BY d.source");
    sql.all(&text, bind![id]).await?.iter().map(letter).collect()
}

/// What was set aside about one subject, whatever became of it: when it was received, why, and its body.
pub async fn about(sql: &Sql, subject: &str) -> Result<Vec<(Moment, String, String)>, Broken> {
    sql.all(
        "SELECT received_at AS received_at, why AS why, form AS form, body AS body FROM dead_letter
         WHERE subject = $1 ORDER BY received_at, id",
        bind![subject],
    )
    .await?
    .iter()
    .map(|row| {
        let body = stripped(form(row)?, row.text("body")?);
        Ok((row.moment("received_at")?, row.text("why")?, body))
    })
    .collect()
}

/// The subjects of open dead letters of one source or of all.
pub async fn open_subjects(sql: &Sql, source: Option<&str>) -> Result<BTreeSet<String>, Broken> {
    let text = "SELECT DISTINCT d.subject AS subject FROM dead_letter d
      WHERE d.subject IS NOT NULL AND d.source = COALESCE($1, d.source)
        AND NOT EXISTS (SELECT 1 FROM dead_letter_end e WHERE e.source = d.source AND e.id = d.id)";
    sql.all(text, bind![source]).await?.iter().map(|row| row.text("subject")).collect()
}

/// Ends dead letters. Of what was sent nothing is left then but that it was, and why it could not be counted.
pub async fn end(sql: &Sql, letters: &[&DeadLetter], how: Ending, at: Moment) -> Result<(), Broken> {
    let how = how.to_string();
    let rows = letters.iter().map(|letter| bind![letter.source, letter.id, at, how]).collect();
    let head = "INSERT INTO dead_letter_end (source, id, ended_at, how) VALUES";
    sql.insert_many(head, rows, "ON CONFLICT DO NOTHING").await?;
    for letter in letters {
        let text = "UPDATE dead_letter SET body = '{}' WHERE source = $1 AND id = $2";
        sql.run(text, bind![letter.source, letter.id]).await?;
    }
    Ok(())
}

/// Destroys the dead letters about a subject; how many there were. They were never counted.
pub async fn destroy_of(sql: &Sql, subject: &str) -> Result<u64, Broken> {
    sql.run("DELETE FROM dead_letter WHERE subject = $1", bind![subject]).await
}

/// Destroys the dead letters about anybody.
pub async fn destroy_of_anybody(sql: &Sql) -> Result<u64, Broken> {
    sql.run("DELETE FROM dead_letter WHERE subject IS NOT NULL", vec![]).await
}

/// How many are open.
pub async fn n_open(sql: &Sql) -> Result<usize, Broken> {
    let text = "SELECT COUNT(*) AS n_dead FROM dead_letter d WHERE NOT EXISTS
      (SELECT 1 FROM dead_letter_end e WHERE e.source = d.source AND e.id = d.id)";
    sql.one(text, vec![]).await?.map_or(Ok(0), |row| row.count("n_dead"))
}

/// Why events could not be counted, since a moment, the most frequent first.
pub async fn reasons(sql: &Sql, since: Moment) -> Result<Vec<(String, usize)>, Broken> {
    sql.all(
        "SELECT d.why AS why, COUNT(*) AS n_letters FROM dead_letter d WHERE d.received_at > $1
           AND NOT EXISTS (SELECT 1 FROM dead_letter_end e WHERE e.source = d.source AND e.id = d.id)
         GROUP BY d.why ORDER BY n_letters DESC, d.why LIMIT 20",
        bind![since],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("why")?, row.count("n_letters")?)))
    .collect()
}
