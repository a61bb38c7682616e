//! Queries on engagements and reviews.
//!
//! Who has reviewed and what was said are in two tables that nothing joins. A table also has an order on disk: the
//! reviews of an engagement are therefore written anew, sorted by their random ids, whenever one is added.

use std::collections::BTreeMap;

use jiff::civil::Date;
use traction_domain::id::{EngagementId, PersonId, ReviewId, UnitId};
use traction_domain::org::slug::Slug;
use traction_domain::sustain::expert::{self as rules, Batched, Engagement, Expert, Review, Scores};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// An engagement as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Its id.
    pub id: EngagementId,
    /// What the rules know of it.
    pub engagement: Engagement,
    /// The expert's name.
    pub expert_name: String,
    /// As what he comes, say "consultant".
    pub comes_as: String,
    /// The unit's short name.
    pub unit_slug: Slug,
    /// The unit's name.
    pub unit_name: String,
}

const SELECT: &str =
    "SELECT e.id AS id, e.expert_id AS expert_id, e.expert_name AS expert_name, e.comes_as AS comes_as,
    e.unit_id AS unit_id, u.slug AS unit_slug, u.name AS unit_name, e.engaged_by AS engaged_by,
    e.first_day AS first_day, x.last_day AS last_day
  FROM engagement e JOIN unit u ON u.id = e.unit_id LEFT JOIN engagement_end x ON x.engagement_id = e.id";

fn kept(row: &Row) -> Result<Kept, Broken> {
    let expert_name = row.text("expert_name")?;
    let expert = match row.maybe_parsed::<PersonId>("expert_id")? {
        Some(person) => Expert::Known(person),
        None => Expert::Named(expert_name.clone()),
    };
    Ok(Kept {
        id: row.parsed("id")?,
        engagement: Engagement {
            expert,
            unit: row.parsed("unit_id")?,
            engaged_by: row.parsed("engaged_by")?,
            from: row.parsed::<Date>("first_day")?,
            to: row.maybe_parsed::<Date>("last_day")?,
        },
        expert_name,
        comes_as: row.text("comes_as")?,
        unit_slug: row.parsed("unit_slug")?,
        unit_name: row.text("unit_name")?,
    })
}

/// All engagements, by expert, the latest first.
pub async fn all(sql: &Sql) -> Result<Vec<Kept>, Broken> {
    let order = "ORDER BY e.expert_name, e.expert_id, e.first_day DESC, e.id";
    sql.all(&format!("{SELECT} {order}"), vec![]).await?.iter().map(kept).collect()
}

/// One engagement.
pub async fn one(sql: &Sql, id: EngagementId) -> Result<Option<Kept>, Broken> {
    sql.one(&format!("{SELECT} WHERE e.id = $1"), bind![id]).await?.as_ref().map(kept).transpose()
}

/// Keeps an engagement.
pub async fn add(
    sql: &Sql,
    id: EngagementId,
    engagement: &Engagement,
    expert_name: &str,
    comes_as: &str,
    at: Moment,
) -> Result<(), Broken> {
    let expert = match &engagement.expert {
        Expert::Known(person) => Some(*person),
        Expert::Named(_) => None,
    };
    let first_day = engagement.from.to_string();
    sql.run(
        "INSERT INTO engagement (id, expert_id, expert_name, comes_as, unit_id, engaged_by, first_day, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        bind![id, expert, expert_name, comes_as, engagement.unit, engagement.engaged_by, first_day, at],
    )
    .await?;
    Ok(())
}

/// Keeps an engagement's end.
pub async fn end(sql: &Sql, id: EngagementId, last_day: Date, at: Moment) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO engagement_end (engagement_id, last_day, at) VALUES ($1, $2, $3)",
        bind![id, last_day.to_string(), at],
    )
    .await?;
    Ok(())
}

/// How many reviews of an engagement a person has written.
pub async fn n_written(sql: &Sql, id: EngagementId, person: PersonId) -> Result<usize, Broken> {
    let row = sql
        .one(
            "SELECT COUNT(*) AS n FROM has_reviewed WHERE engagement_id = $1 AND person_id = $2",
            bind![id, person],
        )
        .await?;
    row.map_or(Ok(0), |row| row.count("n"))
}

/// Keeps that somebody has reviewed; not what he said.
pub async fn add_reviewer(sql: &Sql, id: EngagementId, person: PersonId) -> Result<(), Broken> {
    sql.run("INSERT INTO has_reviewed (engagement_id, person_id) VALUES ($1, $2)", bind![id, person]).await?;
    Ok(())
}

/// Keeps a review in the next batch of its engagement, whose reviews are all written anew in the order of their random
/// ids.
pub async fn add_review(
    sql: &Sql,
    engagement: EngagementId,
    id: ReviewId,
    review: Review,
) -> Result<(), Broken> {
    let text = format!("{REVIEWS} WHERE r.engagement_id = $1");
    let kept = sql.all(&text, bind![engagement]).await?;
    let mut all: Vec<(ReviewId, Batched)> =
        kept.iter().map(|row| Ok((row.parsed("id")?, batched(row)?))).collect::<Result<_, Broken>>()?;
    all.push((id, Batched { batch: rules::next_batch(all.len()), review }));
    all.sort_by_key(|(id, _)| *id);
    sql.run("DELETE FROM review WHERE engagement_id = $1", bind![engagement]).await?;
    let rows = all.iter().map(|(id, one)| {
        let [understood, left_us_able, kept_promises, worth_our_time] =
            one.review.scores.each().map(u32::from);
        let words = &one.review.words;
        bind![id, engagement, one.batch, understood, left_us_able, kept_promises, worth_our_time, words]
    });
    let head = "INSERT INTO review
      (id, engagement_id, batch, understood, left_us_able, kept_promises, worth_our_time, words) VALUES";
    sql.insert_many(head, rows.collect(), "").await?;
    Ok(())
}

const REVIEWS: &str = "SELECT r.id AS id, r.engagement_id AS engagement_id, r.batch AS batch,
    r.understood AS understood, r.left_us_able AS left_us_able, r.kept_promises AS kept_promises,
    r.worth_our_time AS worth_our_time, r.words AS words
  FROM review r";

fn batched(row: &Row) -> Result<Batched, Broken> {
    let given = [
        row.whole("understood")?,
        row.whole("left_us_able")?,
        row.whole("kept_promises")?,
        row.whole("worth_our_time")?,
    ];
    let scores: Scores = rules::scores(given).map_err(|refused| row.impossible("understood", refused))?;
    Ok(Batched { batch: row.count("batch")?, review: Review { scores, words: row.maybe_text("words")? } })
}

/// All reviews by engagement, in an order that says nothing.
pub async fn reviews(sql: &Sql) -> Result<BTreeMap<EngagementId, Vec<Batched>>, Broken> {
    let mut by_engagement: BTreeMap<EngagementId, Vec<Batched>> = BTreeMap::new();
    for row in sql.all(&format!("{REVIEWS} ORDER BY r.id"), vec![]).await? {
        by_engagement.entry(row.parsed("engagement_id")?).or_default().push(batched(&row)?);
    }
    Ok(by_engagement)
}

/// What the latest evidence record of a change says of a unit that got it.
#[derive(Clone, Debug, PartialEq)]
pub struct Proven {
    /// The unit.
    pub unit: UnitId,
    /// When it began.
    pub began: Moment,
    /// The record's id: units of one record and start have one effect.
    pub evidence: String,
    /// The metric's name.
    pub metric: String,
    /// What one of it is.
    pub unit_of_measure: String,
    /// Which way is better: up or down.
    pub better: String,
}

/// For every slot of a change with an evidence record: its unit, its start and the latest record.
pub async fn proven(sql: &Sql) -> Result<Vec<Proven>, Broken> {
    let text = format!(
        "SELECT s.unit_id AS unit_id, s.not_before AS not_before, v.id AS evidence_id, m.name AS metric,
           m.unit_of_measure AS unit_of_measure, m.better AS better
         FROM slot s JOIN evidence v ON v.change_id = s.change_id JOIN metric m ON m.id = v.metric_id
         WHERE {LATEST} ORDER BY v.id, s.not_before, s.unit_id"
    );
    let proven = |row: &Row| {
        Ok(Proven {
            unit: row.parsed("unit_id")?,
            began: row.moment("not_before")?,
            evidence: row.text("evidence_id")?,
            metric: row.text("metric")?,
            unit_of_measure: row.text("unit_of_measure")?,
            better: row.text("better")?,
        })
    };
    sql.all(&text, vec![]).await?.iter().map(proven).collect()
}

/// The latest evidence record of each change, as it was written.
pub async fn records(sql: &Sql) -> Result<Vec<(String, String)>, Broken> {
    let text = format!("SELECT v.id AS id, v.record AS record FROM evidence v WHERE {LATEST}");
    sql.all(&text, vec![]).await?.iter().map(|row| Ok((row.text("id")?, row.text("record")?))).collect()
}

const LATEST: &str = "NOT EXISTS (SELECT 1 FROM evidence later WHERE later.change_id = v.change_id
    AND (later.made_at > v.made_at OR (later.made_at = v.made_at AND later.id > v.id)))";
