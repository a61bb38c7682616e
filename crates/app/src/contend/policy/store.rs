//! Queries on policies, and on what they look at.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use traction_domain::contend::draw::{Cap, Place};
use traction_domain::contend::policy::{Contenders, Cuts, Policy, Unshown};
use traction_domain::id::{PersonId, UnitId, WaveId};
use traction_domain::org::slug::Slug;
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// The policy of a wave: the last that was set, else the one that every wave begins with.
pub async fn of_wave(sql: &Sql, wave: WaveId) -> Result<Policy, Broken> {
    let row = sql
        .one(
            "SELECT p.threshold AS threshold, p.cuts AS cuts, p.unshown_band AS unshown_band, p.cap AS cap,
               p.layers AS layers, p.contenders AS contenders FROM wave_policy p WHERE p.wave_id = $1 ORDER BY p.n DESC LIMIT 1",
            bind![wave],
        )
        .await?;
    row.as_ref().map_or_else(|| Ok(Policy::default()), policy)
}

fn policy(row: &Row) -> Result<Policy, Broken> {
    let whole = |column: &str| -> Result<Option<u32>, Broken> {
        let whole = row.maybe_whole(column)?;
        whole.map(|n| u32::try_from(n).map_err(|_| row.impossible(column, n))).transpose()
    };
    let written = row.text("cuts")?;
    let points = written.split(',').filter(|point| !point.is_empty()).map(str::parse);
    let points: Vec<f64> = points.collect::<Result<_, _>>().map_err(|_| row.impossible("cuts", &written))?;
    Ok(Policy {
        threshold: row.maybe_number("threshold")?,
        cuts: Cuts::new(points).map_err(|refused| row.impossible("cuts", refused))?,
        unshown: whole("unshown_band")?.map_or(Unshown::NotEligible, Unshown::InBand),
        layers: row.parsed("layers")?,
        cap: whole("cap")?.and_then(NonZeroU32::new).map(Cap),
        contenders: match row.text("contenders")?.as_str() {
            "named" => Contenders::Named,
            "counted" => Contenders::Counted,
            "told" => Contenders::Told,
            other => return Err(row.impossible("contenders", other)),
        },
    })
}

/// Keeps a policy; it counts from then on.
pub async fn set(
    sql: &Sql,
    wave: WaveId,
    policy: &Policy,
    by: Option<PersonId>,
    at: Moment,
) -> Result<(), Broken> {
    let cuts = policy.cuts.points().iter().map(f64::to_string).collect::<Vec<_>>().join(",");
    let unshown = match policy.unshown {
        Unshown::InBand(band) => Some(band),
        Unshown::NotEligible => None,
    };
    let cap = policy.cap.map(|cap| cap.0.get());
    let (layers, contenders) = (policy.layers.to_string(), contenders_word(policy.contenders));
    sql.run(
        "INSERT INTO wave_policy (wave_id, n, threshold, cuts, unshown_band, layers, cap, contenders, set_by, set_at)
         SELECT $1, COUNT(*) + 1, CAST($2 AS DOUBLE PRECISION), $3, CAST($4 AS BIGINT), $5, CAST($6 AS BIGINT), $7, $8,
                CAST($9 AS BIGINT)
         FROM wave_policy WHERE wave_id = $1",
        bind![wave, policy.threshold, cuts, unshown, layers, cap, contenders, by, at],
    )
    .await?;
    Ok(())
}

/// The word for what everybody sees of the contenders, as it is stored and filled in.
pub fn contenders_word(contenders: Contenders) -> &'static str {
    match contenders {
        Contenders::Counted => "counted",
        Contenders::Named => "named",
        Contenders::Told => "told",
    }
}

/// Whose people are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those of the units that applied to a wave.
    Applied(WaveId),
    /// Those of every unit.
    Everybody,
}

/// For each unit asked for, the other units that somebody of it belongs to as well.
pub async fn shares_people(sql: &Sql, whose: Whose) -> Result<BTreeMap<UnitId, BTreeSet<UnitId>>, Broken> {
    const SHARED: &str = "SELECT DISTINCT r.unit_id AS unit_id, o.unit_id AS other_id FROM role r
      JOIN role o ON o.person_id = r.person_id AND o.unit_id <> r.unit_id
        AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = o.id)
      WHERE NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)";
    let rows = match whose {
        Whose::Everybody => sql.all(SHARED, vec![]).await?,
        Whose::Applied(wave) => {
            let applied = "AND r.unit_id IN (SELECT a.unit_id FROM application a WHERE a.wave_id = $1)";
            sql.all(&format!("{SHARED} {applied}"), bind![wave]).await?
        }
    };
    let mut shared: BTreeMap<UnitId, BTreeSet<UnitId>> = BTreeMap::new();
    for row in &rows {
        shared.entry(row.parsed("unit_id")?).or_default().insert(row.parsed("other_id")?);
    }
    Ok(shared)
}

/// A place that is protected before the draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Protected {
    /// The unit.
    pub unit: UnitId,
    /// Its short name.
    pub unit_slug: Slug,
    /// Its name.
    pub unit_name: String,
    /// The reason given.
    pub why: String,
    /// Who decided.
    pub who: String,
}

/// The protected places of a wave.
pub async fn protected(sql: &Sql, wave: WaveId) -> Result<Vec<Protected>, Broken> {
    sql.all(
        "SELECT p.unit_id AS unit_id, u.slug AS slug, u.name AS unit_name, p.why AS why, p.decided_by AS decided_by
         FROM place_protection p JOIN unit u ON u.id = p.unit_id
         WHERE p.wave_id = $1 AND p.place = 'protected'
           AND NOT EXISTS (SELECT 1 FROM place_protection l
             WHERE l.wave_id = p.wave_id AND l.unit_id = p.unit_id AND l.n > p.n)
         ORDER BY u.name, u.id",
        bind![wave],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Protected {
            unit: row.parsed("unit_id")?,
            unit_slug: row.parsed("slug")?,
            unit_name: row.text("unit_name")?,
            why: row.text("why")?,
            who: row.text("decided_by")?,
        })
    })
    .collect()
}

/// Keeps a decision on a unit's place; it counts from then on.
pub async fn decide(
    sql: &Sql,
    wave: WaveId,
    unit: UnitId,
    place: Place,
    why: &str,
    who: &str,
    at: Moment,
) -> Result<(), Broken> {
    sql.run(
        "INSERT INTO place_protection (wave_id, unit_id, n, place, why, decided_by, decided_at)
         SELECT $1, $2, COUNT(*) + 1, $3, $4, $5, CAST($6 AS BIGINT)
         FROM place_protection WHERE wave_id = $1 AND unit_id = $2",
        bind![wave, unit, place.to_string(), why, who, at],
    )
    .await?;
    Ok(())
}
