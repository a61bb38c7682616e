//! Queries on ideas and what became of them.

use traction_domain::id::{FrictionId, IdeaId, PersonId, UnitId};
use traction_domain::org::slug::Slug;
use traction_domain::sense::friction::{ResponseClock, response_clock};
use traction_domain::sense::idea::{IdeaProposed, IdeaState};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// An idea as lists show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Idea {
    /// Its id.
    pub id: IdeaId,
    /// The unit it would help.
    pub unit: UnitId,
    /// That unit's short name.
    pub unit_slug: Slug,
    /// That unit's name.
    pub unit_name: String,
    /// The friction it would remove.
    pub friction: Option<FrictionId>,
    /// What that friction is called.
    pub friction_title: Option<String>,
    /// What somebody would try.
    pub title: String,
    /// What would get better.
    pub hope: String,
    /// Who had it; `None` when it came through a program.
    pub submitted_by: Option<PersonId>,
    /// His name.
    pub submitter: Option<String>,
    /// When.
    pub submitted_at: Moment,
    /// Where it stands.
    pub state: IdeaState,
    /// How many other units copied it.
    pub n_copies: usize,
    /// When it was first tried, adopted or dropped: the answer to whoever had it.
    pub first_answer_at: Option<Moment>,
    /// Where it was copied from.
    pub copied_from: Option<Origin>,
}

/// The idea from which one was copied.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// Which one.
    pub id: IdeaId,
    /// The name of its unit.
    pub unit_name: String,
    /// The name of whoever had it.
    pub submitter: Option<String>,
}

impl Idea {
    /// How long it has waited for an answer at `now`, or waited.
    pub fn clock(&self, now: Moment) -> ResponseClock {
        response_clock(self.submitted_at, self.first_answer_at, now)
    }
}

const SELECT: &str = "SELECT i.id AS id, i.unit_id AS unit_id, u.slug AS unit_slug, u.name AS unit_name,
   i.friction_id AS friction_id, CASE WHEN f.audience = 'all' AND COALESCE((SELECT l.shown FROM friction_look l WHERE l.friction_id = f.id
     ORDER BY l.n DESC LIMIT 1), f.first_shown) = 'shown' THEN f.title END AS friction_title, i.title AS title, i.hope AS hope,
   i.submitted_by AS submitted_by, p.name AS submitter, i.submitted_at AS submitted_at,
   COALESCE((SELECT m.state FROM idea_move m WHERE m.idea_id = i.id ORDER BY m.n DESC LIMIT 1), 'new') AS state,
   (SELECT COUNT(DISTINCT m.unit_id) FROM idea_move m WHERE m.idea_id = i.id AND m.state = 'spread') AS n_copies,
   (SELECT MIN(m.moved_at) FROM idea_move m WHERE m.idea_id = i.id) AS first_answer_at,
   o.id AS from_id, ou.name AS from_unit, op.name AS from_submitter
 FROM idea i JOIN unit u ON u.id = i.unit_id LEFT JOIN friction f ON f.id = i.friction_id
   LEFT JOIN person p ON p.id = i.submitted_by
   LEFT JOIN idea_copy c ON c.idea_id = i.id LEFT JOIN idea o ON o.id = c.from_id
   LEFT JOIN unit ou ON ou.id = o.unit_id LEFT JOIN person op ON op.id = o.submitted_by";

fn idea(row: &Row) -> Result<Idea, Broken> {
    Ok(Idea {
        id: row.parsed("id")?,
        unit: row.parsed("unit_id")?,
        unit_slug: row.parsed("unit_slug")?,
        unit_name: row.text("unit_name")?,
        friction: row.maybe_parsed("friction_id")?,
        friction_title: row.maybe_text("friction_title")?,
        title: row.text("title")?,
        hope: row.text("hope")?,
        submitted_by: row.maybe_parsed("submitted_by")?,
        submitter: row.maybe_text("submitter")?,
        submitted_at: row.moment("submitted_at")?,
        state: row.parsed("state")?,
        n_copies: row.count("n_copies")?,
        first_answer_at: row.maybe_moment("first_answer_at")?,
        copied_from: match row.maybe_parsed("from_id")? {
            Some(id) => Some(Origin {
                id,
                unit_name: row.text("from_unit")?,
                submitter: row.maybe_text("from_submitter")?,
            }),
            None => None,
        },
    })
}

/// All ideas, newest first.
pub async fn all(sql: &Sql) -> Result<Vec<Idea>, Broken> {
    let text = format!("{SELECT} ORDER BY i.submitted_at DESC, i.id DESC");
    sql.all(&text, vec![]).await?.iter().map(idea).collect()
}

/// The ideas on a friction, newest first.
pub async fn of_friction(sql: &Sql, friction: FrictionId) -> Result<Vec<Idea>, Broken> {
    let text = format!("{SELECT} WHERE i.friction_id = $1 ORDER BY i.submitted_at DESC, i.id DESC");
    sql.all(&text, bind![friction]).await?.iter().map(idea).collect()
}

/// One idea.
pub async fn one(sql: &Sql, id: IdeaId) -> Result<Option<Idea>, Broken> {
    sql.one(&format!("{SELECT} WHERE i.id = $1"), bind![id]).await?.as_ref().map(idea).transpose()
}

/// Keeps an idea.
pub async fn add(
    sql: &Sql,
    id: IdeaId,
    unit: UnitId,
    friction: Option<FrictionId>,
    proposed: &IdeaProposed,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO idea (id, unit_id, friction_id, title, hope, submitted_by, submitted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        bind![id, unit, friction, proposed.title, proposed.hope, by, at],
    )
    .await?;
    Ok(())
}

/// A move of an idea.
#[derive(Clone, Debug, PartialEq)]
pub struct IdeaMove {
    /// Where it went.
    pub state: IdeaState,
    /// What was said with it.
    pub words: String,
    /// The unit that copied it, where it was copied.
    pub copied_by: Option<UnitId>,
    /// That unit's name.
    pub copied_by_name: Option<String>,
    /// Name of who moved it.
    pub by: Option<String>,
    /// When.
    pub at: Moment,
}

/// What became of an idea, oldest first.
pub async fn moves(sql: &Sql, id: IdeaId) -> Result<Vec<IdeaMove>, Broken> {
    sql.all(
        "SELECT m.state AS state, m.words AS words, m.unit_id AS unit_id, u.name AS unit_name, p.name AS by_name,
           m.moved_at AS moved_at
         FROM idea_move m LEFT JOIN unit u ON u.id = m.unit_id LEFT JOIN person p ON p.id = m.moved_by
         WHERE m.idea_id = $1 ORDER BY m.n",
        bind![id],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(IdeaMove {
            state: row.parsed("state")?,
            words: row.text("words")?,
            copied_by: row.maybe_parsed("unit_id")?,
            copied_by_name: row.maybe_text("unit_name")?,
            by: row.maybe_text("by_name")?,
            at: row.moment("moved_at")?,
        })
    })
    .collect()
}

/// Keeps a move; `copied_by` where another unit copied it.
pub async fn add_move(
    sql: &Sql,
    id: IdeaId,
    state: IdeaState,
    words: &str,
    copied_by: Option<UnitId>,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO idea_move (idea_id, n, state, words, unit_id, moved_by, moved_at)
         SELECT $1, COUNT(*) + 1, $2, $3, $4, $5, CAST($6 AS BIGINT) FROM idea_move WHERE idea_id = $1",
        bind![id, state.word(), words, copied_by, by, at],
    )
    .await?;
    Ok(())
}

/// Keeps that an idea was copied from another.
pub async fn add_copy(sql: &Sql, id: IdeaId, from: IdeaId) -> Result<(), Broken> {
    sql.run("INSERT INTO idea_copy (idea_id, from_id) VALUES ($1, $2)", bind![id, from]).await?;
    Ok(())
}

/// What a unit made of ideas.
#[derive(Clone, Debug, PartialEq)]
pub struct Implemented {
    /// The unit's short name.
    pub unit_slug: Slug,
    /// Its name.
    pub unit_name: String,
    /// Ideas that it adopted for the first time in the span and has not dropped since, its own and copied ones.
    pub n_ideas: usize,
    /// The people who belong to it now: those known by name, or the count it was added with.
    pub n_people: usize,
}

/// What each unit that has people or ideas made of ideas since `since`, by name.
pub async fn implemented(sql: &Sql, since: Moment) -> Result<Vec<Implemented>, Broken> {
    let rows = sql
        .all(
            "SELECT u.slug AS unit_slug, u.name AS unit_name,
               (SELECT COUNT(*) FROM idea i WHERE i.unit_id = u.id AND
                 (SELECT MIN(m.moved_at) FROM idea_move m WHERE m.idea_id = i.id AND m.state = 'adopted') >= $1
                 AND NOT EXISTS (SELECT 1 FROM idea_move d WHERE d.idea_id = i.id AND d.state = 'dropped'
                   AND d.n > (SELECT MAX(a.n) FROM idea_move a WHERE a.idea_id = i.id AND a.state = 'adopted'))) AS n_ideas,
               COALESCE(NULLIF((SELECT COUNT(DISTINCT r.person_id) FROM role r WHERE r.unit_id = u.id
                 AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)), 0), u.n_members, 0) AS n_people
             FROM unit u ORDER BY u.name, u.id",
            bind![since],
        )
        .await?;
    let all = rows.iter().map(|row| {
        Ok(Implemented {
            unit_slug: row.parsed("unit_slug")?,
            unit_name: row.text("unit_name")?,
            n_ideas: row.count("n_ideas")?,
            n_people: row.count("n_people")?,
        })
    });
    let all: Result<Vec<Implemented>, Broken> = all.collect();
    Ok(all?.into_iter().filter(|one| one.n_ideas > 0 || one.n_people > 0).collect())
}

/// The people who belong to units now: each known by name once, and, of units of which nobody is known, their counts.
pub async fn n_people(sql: &Sql) -> Result<usize, Broken> {
    let row = sql
        .one(
            "SELECT (SELECT COUNT(DISTINCT r.person_id) FROM role r WHERE r.unit_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)) AS n_named,
              CAST((SELECT COALESCE(SUM(u.n_members), 0) FROM unit u WHERE NOT EXISTS (SELECT 1 FROM role r WHERE r.unit_id = u.id
                AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id))) AS BIGINT) AS n_counted",
            vec![],
        )
        .await?;
    let Some(row) = row else { return Ok(0) };
    Ok(row.count("n_named")? + row.count("n_counted")?)
}
