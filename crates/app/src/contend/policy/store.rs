//! Queries on policies, and on what they look at.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use traction_domain::contend::draw::Cap;
use traction_domain::contend::policy::{Contenders, Cuts, Policy, Unshown};
use traction_domain::id::{PersonId, UnitId, WaveId};
use traction_domain::time::Moment;

use crate::bind;
use crate::store::{Row, Sql};
use crate::trouble::Broken;

/// The policy of a wave: the last that was set, else the one that every wave begins with.
pub async fn of_wave(sql: &Sql, wave: WaveId) -> Result<Policy, Broken> {
    let row = sql
        .one(
            "SELECT p.threshold AS threshold, p.cuts AS cuts, p.unshown_band AS unshown_band, p.cap AS cap,
               p.contenders AS contenders FROM wave_policy p WHERE p.wave_id = $1 ORDER BY p.n DESC LIMIT 1",
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
        cap: whole("cap")?.and_then(NonZeroU32::new).map(Cap),
        contenders: match row.text("contenders")?.as_str() {
            "named" => Contenders::Named,
            "counted" => Contenders::Counted,
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
    let contenders = match policy.contenders {
        Contenders::Named => "named",
        Contenders::Counted => "counted",
    };
    sql.run(
        "INSERT INTO wave_policy (wave_id, n, threshold, cuts, unshown_band, cap, contenders, set_by, set_at)
         SELECT $1, COUNT(*) + 1, CAST($2 AS DOUBLE PRECISION), $3, CAST($4 AS BIGINT), CAST($5 AS BIGINT), $6, $7,
                CAST($8 AS BIGINT)
         FROM wave_policy WHERE wave_id = $1",
        bind![wave, policy.threshold, cuts, unshown, policy.cap.map(|cap| cap.0.get()), contenders, by, at],
    )
    .await?;
    Ok(())
}

/// For each unit that applied to a wave, the other units that somebody of it belongs to as well.
pub async fn shares_people(sql: &Sql, wave: WaveId) -> Result<BTreeMap<UnitId, BTreeSet<UnitId>>, Broken> {
    let rows = sql
        .all(
            "SELECT DISTINCT a.unit_id AS unit_id, o.unit_id AS other_id FROM application a
             JOIN role r ON r.unit_id = a.unit_id
               AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = r.id)
             JOIN role o ON o.person_id = r.person_id AND o.unit_id <> a.unit_id
               AND NOT EXISTS (SELECT 1 FROM role_end e WHERE e.role_id = o.id)
             WHERE a.wave_id = $1",
            bind![wave],
        )
        .await?;
    let mut shared: BTreeMap<UnitId, BTreeSet<UnitId>> = BTreeMap::new();
    for row in &rows {
        shared.entry(row.parsed("unit_id")?).or_default().insert(row.parsed("other_id")?);
    }
    Ok(shared)
}
