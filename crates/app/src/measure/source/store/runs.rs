//! Queries on the runs of sources: each is written down when it begins, and what came of it when it ends.

use std::collections::BTreeSet;

use traction_domain::id::{ImportId, SourceId, SourceRunId};
use traction_domain::measure::source::tries::{Ended, Try, is_lost};
use traction_domain::org::who::Who;
use traction_domain::time::Moment;
use traction_stats::panel::Period;

use super::Source;
use crate::bind;
use crate::store::{Row, Sql, acts};
use crate::trouble::Broken;

/// A run of a source.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its id.
    pub id: SourceRunId,
    /// What was asked.
    pub query: String,
    /// The moment of the schedule that it was made for; `None`: somebody said so.
    pub due_at: Option<Moment>,
    /// Which try it is.
    pub n_try: i64,
    /// When it was begun.
    pub started_at: Moment,
    /// Who had it run: a person's or token's name, or what acted.
    pub by: String,
    /// What came of it; `None`: it is under way, or was lost with its server.
    pub end: Option<RunEnd>,
}

impl Run {
    /// Whether nothing was heard of it for so long that it has ended with the server that made it.
    pub fn is_lost(&self, now: Moment) -> bool {
        self.end.is_none() && is_lost(self.started_at, now)
    }
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunEnd {
    /// When it ended.
    pub at: Moment,
    /// How.
    pub how: Ended,
    /// Why nothing was taken, where nothing was.
    pub why: Option<String>,
    /// What happened on the way, in a sentence, where something did.
    pub remark: Option<String>,
    /// What came, where something did.
    pub came: Option<Came>,
    /// Under what it was kept, where it changed something.
    pub import: Option<ImportId>,
}

/// What a run brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    /// Rows.
    pub n_rows: usize,
    /// SHA-256 of them as CSV, in hex.
    pub sha256: String,
    /// Of which nothing was known.
    pub n_new: usize,
    /// Of which something else was known.
    pub n_corrected: usize,
    /// Of those, the ones that it takes back: it gave a value before, and gives none now.
    pub n_taken_back: usize,
    /// Of which the same was known.
    pub n_same: usize,
    /// In which nothing was observed.
    pub n_missing: usize,
    /// The last period in which something was, of what was taken.
    pub last_period: Option<Period>,
}

/// When a source brought something new last: a period of which it had brought no value before, which need not be the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brought {
    /// The last period of which its last run brought a value.
    pub last: Period,
    /// When it brought something new.
    pub new_at: Moment,
}

/// The stored word of how a run ended.
fn word(how: Ended) -> &'static str {
    match how {
        Ended::Taken => "taken",
        Ended::Refused => "refused",
        Ended::NothingCame => "nothing-came",
    }
}

fn how(row: &Row) -> Result<Option<Ended>, Broken> {
    let Some(written) = row.maybe_text("how")? else { return Ok(None) };
    let all = [Ended::Taken, Ended::Refused, Ended::NothingCame];
    let found = all.into_iter().find(|how| word(*how) == written);
    found.map(Some).ok_or_else(|| row.impossible("how", written))
}

/// The last runs of a source, the newest first.
pub async fn runs(sql: &Sql, source: SourceId, limit: usize) -> Result<Vec<Run>, Broken> {
    sql.all(
        "SELECT r.id AS id, a.query AS query, r.due_at AS due_at, r.n_try AS n_try, r.started_at AS started_at,
           COALESCE(p.name, k.name, r.actor) AS started_by, e.ended_at AS ended_at, e.how AS how, e.why AS why, e.remark AS remark,
           e.n_rows AS n_rows, e.sha256 AS sha256, e.n_new AS n_new, e.n_corrected AS n_corrected, e.n_same AS n_same,
           e.n_missing AS n_missing, e.n_taken_back AS n_taken_back, e.last_period AS last_period,
           e.import_id AS import_id
         FROM source_run r JOIN source_asks a ON a.source_id = r.source_id AND a.n = r.asks_n
           LEFT JOIN source_run_end e ON e.run_id = r.id
           LEFT JOIN person p ON p.id = r.actor_id LEFT JOIN token k ON k.id = r.actor_id
         WHERE r.source_id = $1 ORDER BY r.started_at DESC, r.id DESC LIMIT $2",
        bind![source, limit],
    )
    .await?
    .iter()
    .map(run)
    .collect()
}

fn run(row: &Row) -> Result<Run, Broken> {
    let end = match how(row)? {
        None => None,
        Some(how) => {
            let came = match row.maybe_text("sha256")? {
                None => None,
                Some(sha256) => Some(Came {
                    n_rows: row.count("n_rows")?,
                    sha256,
                    n_new: row.count("n_new")?,
                    n_corrected: row.count("n_corrected")?,
                    n_taken_back: row.maybe_whole("n_taken_back")?.map_or(0, |n| n.try_into().unwrap_or(0)),
                    n_same: row.count("n_same")?,
                    n_missing: row.count("n_missing")?,
                    last_period: row.maybe_parsed("last_period")?,
                }),
            };
            let import = row.maybe_parsed("import_id")?;
            let (why, remark) = (row.maybe_text("why")?, row.maybe_text("remark")?);
            Some(RunEnd { at: row.moment("ended_at")?, how, why, remark, came, import })
        }
    };
    Ok(Run {
        id: row.parsed("id")?,
        query: row.text("query")?,
        due_at: row.maybe_moment("due_at")?,
        n_try: row.whole("n_try")?,
        started_at: row.moment("started_at")?,
        by: row.text("started_by")?,
        end,
    })
}

/// The last try that the schedule had made.
pub async fn last_try(sql: &Sql, source: SourceId) -> Result<Option<Try>, Broken> {
    let row = sql
        .one(
            "SELECT r.due_at AS due_at, r.n_try AS n_try, r.started_at AS started_at, e.how AS how, e.ended_at AS ended_at
             FROM source_run r LEFT JOIN source_run_end e ON e.run_id = r.id
             WHERE r.source_id = $1 AND r.due_at IS NOT NULL ORDER BY r.due_at DESC, r.n_try DESC LIMIT 1",
            bind![source],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let ended = match how(&row)? {
        Some(how) => Some((how, row.moment("ended_at")?)),
        None => None,
    };
    let (due_at, n, started_at) = (row.moment("due_at")?, row.whole("n_try")?, row.moment("started_at")?);
    Ok(Some(Try { due_at, n, started_at, ended }))
}

/// A run that begins: the moment of the schedule that it is made for, where it is one, and which try it is.
#[derive(Clone, Copy, Debug)]
pub struct Beginning {
    /// Its id.
    pub id: SourceRunId,
    /// The moment of the schedule.
    pub due_at: Option<Moment>,
    /// Which try it is.
    pub n_try: i64,
}

/// Writes down that a run begins; false where another server has begun the same try.
pub async fn begin_run(
    sql: &Sql,
    source: &Source,
    run: Beginning,
    who: &Who,
    at: Moment,
) -> Result<bool, Broken> {
    let (actor, actor_id) = acts(who);
    let n = sql
        .run(
            "INSERT INTO source_run (id, source_id, asks_n, due_at, n_try, started_at, actor, actor_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            bind![run.id, source.id, source.asks_n, run.due_at, run.n_try, at, actor, actor_id],
        )
        .await?;
    Ok(n > 0)
}

/// Writes down what came of a run.
pub async fn end_run(sql: &Sql, run: SourceRunId, end: &RunEnd) -> Result<(), Broken> {
    let came = end.came.as_ref();
    let count = |of: fn(&Came) -> usize| came.map(of);
    sql.run(
        "INSERT INTO source_run_end
           (run_id, ended_at, how, why, n_rows, sha256, n_new, n_corrected, n_same, n_missing, import_id,
            n_taken_back, last_period, remark)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING",
        bind![
            run,
            end.at,
            word(end.how),
            end.why.as_deref(),
            count(|came| came.n_rows),
            came.map(|came| came.sha256.as_str()),
            count(|came| came.n_new),
            count(|came| came.n_corrected),
            count(|came| came.n_same),
            count(|came| came.n_missing),
            end.import,
            count(|came| came.n_taken_back),
            came.and_then(|came| came.last_period).map(|period| period.to_string()),
            end.remark.as_deref()
        ],
    )
    .await?;
    Ok(())
}

/// How the last run of a source ended; `None` where none did yet.
pub async fn last_end(sql: &Sql, source: SourceId) -> Result<Option<Ended>, Broken> {
    let row = sql
        .one(
            "SELECT e.how AS how FROM source_run r JOIN source_run_end e ON e.run_id = r.id
             WHERE r.source_id = $1 ORDER BY e.ended_at DESC, r.id DESC LIMIT 1",
            bind![source],
        )
        .await?;
    row.map_or(Ok(None), |row| how(&row))
}

/// When the last run of a source was begun, where nothing was heard of it since.
pub async fn open_since(sql: &Sql, source: SourceId) -> Result<Option<Moment>, Broken> {
    let text = "SELECT r.started_at AS started_at, e.ended_at AS ended_at
      FROM source_run r LEFT JOIN source_run_end e ON e.run_id = r.id
      WHERE r.source_id = $1 ORDER BY r.started_at DESC, r.id DESC LIMIT 1";
    let Some(row) = sql.one(text, bind![source]).await? else { return Ok(None) };
    let started_at = row.moment("started_at")?;
    Ok(row.maybe_moment("ended_at")?.is_none().then_some(started_at))
}

/// Keeps of which periods a source brought a value, each with the moment at which it did so first.
pub async fn brings(
    sql: &Sql,
    source: SourceId,
    periods: &BTreeSet<Period>,
    at: Moment,
) -> Result<(), Broken> {
    let rows = periods.iter().map(|period| bind![source, period.to_string(), at]).collect();
    let head = "INSERT INTO source_brought (source_id, period, first_at) VALUES";
    sql.insert_many(head, rows, "ON CONFLICT DO NOTHING").await?;
    Ok(())
}

/// What a source brought last; `None` where it brought nothing yet.
pub async fn last_brought(sql: &Sql, source: SourceId) -> Result<Option<Brought>, Broken> {
    let row = sql
        .one(
            "SELECT e.last_period AS last_period,
               (SELECT MAX(b.first_at) FROM source_brought b WHERE b.source_id = r.source_id) AS new_at
             FROM source_run r JOIN source_run_end e ON e.run_id = r.id
             WHERE r.source_id = $1 AND e.last_period IS NOT NULL ORDER BY e.ended_at DESC, r.id DESC LIMIT 1",
            bind![source],
        )
        .await?;
    row.map(|row| Ok(Brought { last: row.parsed("last_period")?, new_at: row.moment("new_at")? })).transpose()
}
