//! Queries on frictions with their shares, answers, merges and looks.

mod answered;
mod written;

use std::collections::BTreeMap;

use traction_domain::id::{FrictionId, MetricId, PersonId, UnitId};
use traction_domain::org::slug::Slug;
use traction_domain::sense::friction::intake::{Audience, Reach, Shown};
use traction_domain::sense::friction::merge::{Mergeable, Merges, counts_in};
use traction_domain::sense::friction::{
    self as rules, Burden, Cost, FrictionState, ResponseClock, Verdict, Voice,
};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

pub use answered::{FrictionAnswer, Said, answers, intake, look_words};
pub use written::{Came, Reported, add, add_look, add_merge, answer, judge, point, same, set_intake, share};

/// A friction as the backlog shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Friction {
    /// Its id.
    pub id: FrictionId,
    /// The unit it happens in.
    pub unit: UnitId,
    /// That unit's short name.
    pub unit_slug: Slug,
    /// That unit's name.
    pub unit_name: String,
    /// What gets in the way.
    pub title: String,
    /// What the first report says.
    pub burden: Burden,
    /// Who reported it; `None` when it came from a file or without an account. Shown to nobody.
    pub reported_by: Option<PersonId>,
    /// When.
    pub reported_at: Moment,
    /// Who sees it.
    pub audience: Audience,
    /// Whether it is shown to them.
    pub shown: Shown,
    /// What it costs everybody who has it, with what was merged into it.
    pub cost: Cost,
    /// Where it stands; where it was merged, as the one in which it counts does, and so with its answers and its owner.
    pub state: FrictionState,
    /// The number of the last answer.
    pub answer_n: Option<usize>,
    /// What whoever reported it said of that answer; where it was merged, of the answer to the one in which it counts.
    pub verdict: Option<Verdict>,
    /// Since when it waits for an answer, or waited: the report, or the moment it came back.
    pub asked_at: Moment,
    /// When the first answer came after that.
    pub first_answer_at: Option<Moment>,
    /// Who takes care of it.
    pub owner: Option<String>,
    /// The metric that shows its course.
    pub metric: Option<MetricId>,
    /// The friction in which it counts, where it was merged.
    pub merged_into: Option<FrictionId>,
    /// What was merged into it, with their titles.
    pub merged: Vec<(FrictionId, String)>,
}

impl Friction {
    /// What decides who sees it.
    pub fn reach(&self) -> Reach {
        let Friction { unit, audience, shown, reported_by, .. } = *self;
        Reach { unit, audience, shown, reported_by }
    }

    /// As merging sees it.
    pub fn mergeable(&self) -> Mergeable {
        Mergeable { id: self.id, unit: self.unit, is_open: self.state.is_open(), audience: self.audience }
    }

    /// Takes over where the one stands in which it counts. Its own clock began with its own report: what was answered
    /// before that was answered at once.
    fn stand_as(&mut self, target: &Friction, said_via: &SaidVia) {
        self.state = target.state;
        self.answer_n = target.answer_n;
        self.owner = target.owner.clone();
        self.asked_at = self.reported_at.max(target.asked_at);
        self.first_answer_at = target.first_answer_at.map(|at| at.max(self.asked_at));
        self.verdict = target.answer_n.and_then(|n| said_via.get(&(self.id, target.id, n)).copied());
    }

    /// Its response clock at `now`.
    pub fn clock(&self, now: Moment) -> ResponseClock {
        rules::response_clock(self.asked_at, self.first_answer_at, now)
    }

    /// How many have it besides whoever reported it; `None` while they are too few to be told.
    pub fn n_others(&self) -> Option<usize> {
        let n_others = self.cost.n_voices.saturating_sub(1);
        (n_others >= FEWEST).then_some(n_others)
    }
}

/// The fewest people that are counted for others to see.
pub const FEWEST: usize = 5;

const SELECT: &str = "SELECT f.id AS id, f.unit_id AS unit_id, u.slug AS unit_slug, u.name AS unit_name, f.title AS title,
   f.times_per_week AS times_per_week, f.minutes AS minutes, f.n_people AS n_people,
   f.reported_by AS reported_by, f.reported_at AS reported_at, f.audience AS audience,
   COALESCE((SELECT l.shown FROM friction_look l WHERE l.friction_id = f.id ORDER BY l.n DESC LIMIT 1), f.first_shown) AS shown,
   (SELECT m.into_id FROM friction_merge m WHERE m.friction_id = f.id ORDER BY m.n DESC LIMIT 1) AS into_id,
   (SELECT p.metric_id FROM friction_metric p WHERE p.friction_id = f.id ORDER BY p.n DESC LIMIT 1) AS metric_id,
   a.n AS answer_n, a.state AS answered, v.verdict AS verdict,
   (SELECT COUNT(*) FROM friction_said b WHERE b.friction_id = f.id AND b.answer_n = a.n AND b.verdict = 'stays') AS n_stays,
   (SELECT MAX(b.said_at) FROM friction_said b WHERE b.friction_id = f.id AND b.verdict = 'stays') AS back_at,
   (SELECT MIN(c.answered_at) FROM friction_answer c WHERE c.friction_id = f.id AND c.n > COALESCE(
      (SELECT MAX(b.answer_n) FROM friction_said b WHERE b.friction_id = f.id AND b.verdict = 'stays'), 0)) AS first_answer_at,
   (SELECT o.name FROM friction_answer c JOIN person o ON o.id = c.owner_id WHERE c.friction_id = f.id
      ORDER BY c.n DESC LIMIT 1) AS owner
 FROM friction f JOIN unit u ON u.id = f.unit_id
   LEFT JOIN friction_answer a ON a.friction_id = f.id
     AND a.n = (SELECT MAX(c.n) FROM friction_answer c WHERE c.friction_id = f.id)
   LEFT JOIN friction_said v ON v.friction_id = f.id AND v.answer_n = a.n AND v.via_id = f.id";

fn friction(row: &Row) -> Result<Friction, Broken> {
    let burden = burden(row, row.number("n_people")?)?;
    let reported_by = row.maybe_parsed("reported_by")?;
    let verdict = row.maybe_parsed("verdict")?;
    // One of those who reported it is enough to have it back.
    let is_back = row.count("n_stays")? > 0;
    let reported_at = row.moment("reported_at")?;
    Ok(Friction {
        id: row.parsed("id")?,
        unit: row.parsed("unit_id")?,
        unit_slug: row.parsed("unit_slug")?,
        unit_name: row.text("unit_name")?,
        title: row.text("title")?,
        burden,
        reported_by,
        reported_at,
        audience: row.parsed("audience")?,
        shown: row.parsed("shown")?,
        cost: rules::cost(&[Voice { person: reported_by, burden }]),
        state: rules::standing(
            row.maybe_parsed("answered")?,
            if is_back { Some(Verdict::Stays) } else { verdict },
        ),
        answer_n: match row.maybe_whole("answer_n")? {
            Some(_) => Some(row.count("answer_n")?),
            None => None,
        },
        verdict,
        asked_at: row.maybe_moment("back_at")?.unwrap_or(reported_at),
        first_answer_at: row.maybe_moment("first_answer_at")?,
        owner: row.maybe_text("owner")?,
        metric: row.maybe_parsed("metric_id")?,
        merged_into: row.maybe_parsed("into_id")?,
        merged: Vec::new(),
    })
}

fn burden(row: &Row, n_people: f64) -> Result<Burden, Broken> {
    Ok(Burden { times_per_week: row.number("times_per_week")?, minutes: row.number("minutes")?, n_people })
}

/// Every friction of a unit, or of all, dearest first: whether it is shown or not, merged ones too. Who may see which is
/// decided by the verbs.
pub async fn all(sql: &Sql, unit: Option<UnitId>) -> Result<Vec<Friction>, Broken> {
    let (of_unit, values) = match unit {
        Some(unit) => (" WHERE f.unit_id = $1", bind![unit]),
        None => ("", vec![]),
    };
    let rows = sql.all(&format!("{SELECT}{of_unit}"), values.clone()).await?;
    let shares = sql.all(&format!("{SHARES}{of_unit}"), values.clone()).await?;
    let said = sql.all(&format!("{SAID_VIA}{of_unit}"), values).await?;
    let frictions = rows.iter().map(friction).collect::<Result<Vec<_>, _>>()?;
    let mut voices: BTreeMap<FrictionId, Vec<Voice>> = BTreeMap::new();
    for row in &shares {
        let voice = Voice { person: row.maybe_parsed("person_id")?, burden: burden(row, 1.0)? };
        voices.entry(row.parsed("friction_id")?).or_default().push(voice);
    }
    let mut said_via = SaidVia::new();
    for row in &said {
        let of = (row.parsed("via_id")?, row.parsed("friction_id")?, row.count("answer_n")?);
        said_via.insert(of, row.parsed("verdict")?);
    }
    Ok(gathered(frictions, voices, &said_via))
}

/// What was said by way of a merged friction, of which other one, of which of its answers.
type SaidVia = BTreeMap<(FrictionId, FrictionId, usize), Verdict>;

const SAID_VIA: &str = "SELECT s.via_id AS via_id, s.friction_id AS friction_id, s.answer_n AS answer_n,
   s.verdict AS verdict FROM friction_said s JOIN friction f ON f.id = s.via_id AND s.friction_id <> s.via_id";

const SHARES: &str =
    "SELECT s.friction_id AS friction_id, s.person_id AS person_id, s.times_per_week AS times_per_week,
   s.minutes AS minutes FROM friction_share s JOIN friction f ON f.id = s.friction_id";

/// The frictions with their costs: each with the voices of those merged into it, everybody once. A merged one stands as
/// the one in which it counts.
fn gathered(
    mut frictions: Vec<Friction>,
    mut shares: BTreeMap<FrictionId, Vec<Voice>>,
    said_via: &SaidVia,
) -> Vec<Friction> {
    let merges: Merges = frictions.iter().filter_map(|one| Some((one.id, one.merged_into?))).collect();
    let mut voices: BTreeMap<FrictionId, Vec<Voice>> = BTreeMap::new();
    let mut merged: BTreeMap<FrictionId, Vec<(FrictionId, String)>> = BTreeMap::new();
    for one in &frictions {
        let own = shares.remove(&one.id).unwrap_or_default();
        let own = std::iter::once(Voice { person: one.reported_by, burden: one.burden }).chain(own);
        let own: Vec<Voice> = own.collect();
        let counts_in = counts_in(one.id, &merges);
        if counts_in != one.id {
            merged.entry(counts_in).or_default().push((one.id, one.title.clone()));
            voices.entry(counts_in).or_default().extend(&own);
        }
        voices.entry(one.id).or_default().extend(own);
    }
    for one in &mut frictions {
        one.cost = rules::cost(&voices.remove(&one.id).unwrap_or_default());
        one.merged = merged.remove(&one.id).unwrap_or_default();
        one.merged_into = one.merged_into.map(|_| counts_in(one.id, &merges));
    }
    let targets: BTreeMap<FrictionId, Friction> =
        frictions.iter().filter(|one| !one.merged.is_empty()).map(|one| (one.id, one.clone())).collect();
    for one in &mut frictions {
        if let Some(target) = one.merged_into.and_then(|into| targets.get(&into)) {
            one.stand_as(target, said_via);
        }
    }
    frictions.sort_by(|one, other| {
        let dearer = other.cost.hours_per_week.total_cmp(&one.cost.hours_per_week);
        dearer.then(one.reported_at.cmp(&other.reported_at)).then(one.id.cmp(&other.id))
    });
    frictions
}

/// Into which friction each merged one of a unit was merged, directly.
pub async fn merges(sql: &Sql, unit: UnitId) -> Result<Merges, Broken> {
    let rows = sql.all(&format!("{SELECT} WHERE f.unit_id = $1"), bind![unit]).await?;
    let frictions = rows.iter().map(friction).collect::<Result<Vec<_>, _>>()?;
    Ok(frictions.into_iter().filter_map(|one| Some((one.id, one.merged_into?))).collect())
}

/// One friction, with what was merged into it.
pub async fn one(sql: &Sql, id: FrictionId) -> Result<Option<Friction>, Broken> {
    let row = sql.one("SELECT f.unit_id AS unit_id FROM friction f WHERE f.id = $1", bind![id]).await?;
    let Some(row) = row else { return Ok(None) };
    let of_unit = all(sql, Some(row.parsed("unit_id")?)).await?;
    Ok(of_unit.into_iter().find(|friction| friction.id == id))
}

/// What became of the frictions that a person reported or shared, newest first.
pub async fn of_person(sql: &Sql, person: PersonId) -> Result<Vec<Friction>, Broken> {
    let rows = sql
        .all(
            "SELECT f.id AS id FROM friction f WHERE f.reported_by = $1
               OR EXISTS (SELECT 1 FROM friction_share s WHERE s.friction_id = f.id AND s.person_id = $1)",
            bind![person],
        )
        .await?;
    let own = rows.iter().map(|row| row.parsed("id")).collect::<Result<Vec<FrictionId>, _>>()?;
    let mut frictions = all(sql, None).await?;
    frictions.retain(|friction| own.contains(&friction.id));
    frictions.sort_by(|one, other| other.reported_at.cmp(&one.reported_at).then(one.id.cmp(&other.id)));
    Ok(frictions)
}

/// Whether a person has said "me too".
pub async fn has_shared(sql: &Sql, id: FrictionId, person: PersonId) -> Result<bool, Broken> {
    let row = sql
        .one(
            "SELECT COUNT(*) AS n FROM friction_share s WHERE s.friction_id = $1 AND s.person_id = $2",
            bind![id, person],
        )
        .await?;
    row.map_or(Ok(false), |row| Ok(row.count("n")? > 0))
}
