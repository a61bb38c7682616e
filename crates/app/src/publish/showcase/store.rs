//! Queries on showcases, and on whose stories they can be.

use traction_domain::id::{ChangeId, EvidenceId, PersonId, ShowcaseId, UnitId};
use traction_domain::org::slug::Slug;
use traction_domain::prove::{Doubted, Kind};
use traction_domain::publish::showcase::{self as rules, ShowcasePublished, Standing, Subject};
use traction_domain::time::Moment;

use crate::bind;
use crate::prove::evidence::record::{doubted_of, kind_of};
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// A showcase with what it stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Showcase {
    /// Its id.
    pub id: ShowcaseId,
    /// The evidence record it is frozen with.
    pub evidence: EvidenceId,
    /// The version of the method that made the record.
    pub version: String,
    /// The change.
    pub change: ChangeId,
    /// The change's short name.
    pub change_slug: Slug,
    /// The change's name.
    pub change_name: String,
    /// The unit whose own story it is, with its short name and name; `None` for the change as a whole.
    pub unit: Option<(UnitId, Slug, String)>,
    /// Its title.
    pub title: String,
    /// Its story.
    pub story: String,
    /// What people said.
    pub quotes: Vec<String>,
    /// The verdict's kind.
    pub kind: Kind,
    /// How firmly it stands.
    pub doubted: Doubted,
    /// The verdict in one sentence.
    pub says: String,
    /// Name of who published it.
    pub by: Option<String>,
    /// When.
    pub published_at: Moment,
    /// Until when it is held back.
    pub held_until: Option<Moment>,
    /// When and why it was taken down.
    pub down: Option<(Moment, String)>,
    /// A later evidence record of the same change, if there is one.
    pub later: Option<EvidenceId>,
}

impl Showcase {
    /// How it stands at `now`.
    pub fn standing(&self, now: Moment) -> Standing {
        let down = self.down.as_ref().map(|(at, _)| *at);
        rules::standing(self.published_at, self.held_until, down, now)
    }

    /// Since when it is seen, where it is seen at `now`.
    pub fn shown_since(&self, now: Moment) -> Option<Moment> {
        match self.standing(now) {
            Standing::Shown { since } => Some(since),
            Standing::Held { .. } | Standing::Down { .. } => None,
        }
    }
}

const SELECT: &str = "SELECT s.id AS id, s.evidence_id AS evidence_id, e.version AS version, s.change_id AS change_id,
   c.slug AS change_slug, c.name AS change_name, s.unit_id AS unit_id, u.slug AS unit_slug, u.name AS unit_name,
   s.title AS title, s.story AS story, s.quotes AS quotes, e.verdict_kind AS verdict_kind, e.doubted AS doubted,
   e.verdict_says AS verdict_says, p.name AS by_name, s.published_at AS published_at, s.held_until AS held_until,
   d.ended_at AS down_at, d.why AS down_why,
   (SELECT l.id FROM evidence l WHERE l.change_id = s.change_id AND l.made_at > e.made_at
    ORDER BY l.made_at DESC, l.id DESC LIMIT 1) AS later_id
 FROM showcase s JOIN evidence e ON e.id = s.evidence_id JOIN change c ON c.id = s.change_id
   LEFT JOIN unit u ON u.id = s.unit_id LEFT JOIN person p ON p.id = s.published_by
   LEFT JOIN showcase_end d ON d.showcase_id = s.id";

fn showcase(row: &Row) -> Result<Showcase, Broken> {
    let unit = match row.maybe_parsed("unit_id")? {
        Some(unit) => Some((unit, row.parsed("unit_slug")?, row.text("unit_name")?)),
        None => None,
    };
    let down = match row.maybe_moment("down_at")? {
        Some(at) => Some((at, row.text("down_why")?)),
        None => None,
    };
    Ok(Showcase {
        id: row.parsed("id")?,
        evidence: row.parsed("evidence_id")?,
        version: row.text("version")?,
        change: row.parsed("change_id")?,
        change_slug: row.parsed("change_slug")?,
        change_name: row.text("change_name")?,
        unit,
        title: row.text("title")?,
        story: row.text("story")?,
        quotes: row.text("quotes")?.lines().map(str::to_owned).collect(),
        kind: kind(row)?,
        doubted: doubted_of(row)?,
        says: row.text("verdict_says")?,
        by: row.maybe_text("by_name")?,
        published_at: row.moment("published_at")?,
        held_until: row.maybe_moment("held_until")?,
        down,
        later: row.maybe_parsed("later_id")?,
    })
}

fn kind(row: &Row) -> Result<Kind, Broken> {
    let word = row.text("verdict_kind")?;
    kind_of(&word).ok_or_else(|| row.impossible("verdict_kind", &word))
}

/// All showcases, the latest to be seen first.
pub async fn all(sql: &Sql) -> Result<Vec<Showcase>, Broken> {
    let order = "ORDER BY COALESCE(s.held_until, s.published_at) DESC, s.id";
    sql.all(&format!("{SELECT} {order}"), vec![]).await?.iter().map(showcase).collect()
}

/// One showcase.
pub async fn one(sql: &Sql, id: ShowcaseId) -> Result<Option<Showcase>, Broken> {
    sql.one(&format!("{SELECT} WHERE s.id = $1"), bind![id]).await?.as_ref().map(showcase).transpose()
}

/// The showcase of an evidence record and subject that was not taken down.
pub async fn live(sql: &Sql, evidence: EvidenceId, subject: Subject) -> Result<Option<ShowcaseId>, Broken> {
    let unit = match subject {
        Subject::Change => String::new(),
        Subject::Unit(unit) => unit.to_string(),
    };
    let row = sql
        .one(
            "SELECT s.id AS id FROM showcase s WHERE s.evidence_id = $1 AND COALESCE(s.unit_id, '') = $2
               AND NOT EXISTS (SELECT 1 FROM showcase_end d WHERE d.showcase_id = s.id)",
            bind![evidence, unit],
        )
        .await?;
    row.map(|row| row.parsed("id")).transpose()
}

/// Keeps a showcase.
pub async fn add(
    sql: &Sql,
    id: ShowcaseId,
    of: (EvidenceId, ChangeId),
    subject: Subject,
    published: &ShowcasePublished,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    let (evidence, change) = of;
    let unit = match subject {
        Subject::Change => None,
        Subject::Unit(unit) => Some(unit),
    };
    let ShowcasePublished { title, story, quotes, held_until } = published;
    sql.run(
        "INSERT INTO showcase (id, evidence_id, change_id, unit_id, title, story, quotes, published_by, published_at, held_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        bind![id, evidence, change, unit, title, story, quotes.join("\n"), by, at, *held_until],
    )
    .await?;
    Ok(())
}

/// Takes a showcase down.
pub async fn end(
    sql: &Sql,
    id: ShowcaseId,
    why: &str,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO showcase_end (showcase_id, why, ended_by, ended_at) VALUES ($1, $2, $3, $4)",
        bind![id, why, by, at],
    )
    .await?;
    Ok(())
}

/// A unit that holds or held a slot of a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
}

/// The units that hold or held a slot of a change, by name.
pub async fn holders(sql: &Sql, change: ChangeId) -> Result<Vec<Holder>, Broken> {
    sql.all(
        "SELECT DISTINCT u.id AS id, u.name AS name FROM slot s JOIN unit u ON u.id = s.unit_id
         WHERE s.change_id = $1 ORDER BY u.name, u.id",
        bind![change],
    )
    .await?
    .iter()
    .map(|row| Ok(Holder { unit: row.parsed("id")?, name: row.text("name")? }))
    .collect()
}
