//! What a policy looks at: readiness, the organisation's tree, shared people, protected places, and where the change works.

use std::collections::{BTreeMap, BTreeSet};

use traction_domain::contend::draw::Place;
use traction_domain::contend::policy::{Contender, Policy, WorksIn};
use traction_domain::id::{UnitId, WaveId};
use traction_domain::org::tree::Tree;
use traction_domain::sense::readiness::Readiness;
use traction_domain::time::Moment;

use crate::contend::policy::store::{self, Whose};
use crate::org::unit;
use crate::org::unit::store::Unit;
use crate::sense::readiness;
use crate::store::Sql;
use crate::trouble::Broken;

/// All that a policy looks at, for any unit.
pub struct Ground {
    /// All units.
    pub units: BTreeMap<UnitId, Unit>,
    /// The units whose places are protected.
    pub protected: BTreeSet<UnitId>,
    /// Where the change works.
    pub works_in: Vec<WorksIn>,
    tree: Tree,
    readings: BTreeMap<UnitId, Readiness>,
    shares_people: BTreeMap<UnitId, BTreeSet<UnitId>>,
}

/// The ground of a wave at `now`, for the units that applied to it.
pub async fn of_wave(sql: &Sql, wave: WaveId, works_in: &[WorksIn], now: Moment) -> Result<Ground, Broken> {
    ground(sql, wave, works_in, now, Whose::Applied(wave)).await
}

/// The ground of a wave at `now`, for every unit.
pub async fn of_everybody(
    sql: &Sql,
    wave: WaveId,
    works_in: &[WorksIn],
    now: Moment,
) -> Result<Ground, Broken> {
    ground(sql, wave, works_in, now, Whose::Everybody).await
}

async fn ground(
    sql: &Sql,
    wave: WaveId,
    works_in: &[WorksIn],
    now: Moment,
    whose: Whose,
) -> Result<Ground, Broken> {
    let readings = readiness::store::readings(sql, None, now).await?;
    let shown = |reading: readiness::store::UnitReading| Some((reading.unit, reading.shown?));
    let units = unit::store::all(sql).await?;
    Ok(Ground {
        tree: Tree::of(units.iter().map(|unit| (unit.id, unit.parent))),
        readings: readings.into_iter().filter_map(shown).collect(),
        shares_people: store::shares_people(sql, whose).await?,
        protected: store::protected(sql, wave).await?.iter().map(|place| place.unit).collect(),
        works_in: works_in.to_vec(),
        units: units.into_iter().map(|unit| (unit.id, unit)).collect(),
    })
}

impl Ground {
    /// A unit as a policy meets it; `None` where there is no such unit.
    pub fn contender(&self, policy: &Policy, unit: UnitId) -> Option<Contender> {
        let found = self.units.get(&unit)?;
        let nobody = BTreeSet::new();
        let shares = self.shares_people.get(&unit).unwrap_or(&nobody);
        Some(Contender {
            unit: found.slug.clone(),
            parent: found.parent.and_then(|parent| self.units.get(&parent)).map(|above| above.slug.clone()),
            readiness: self.readings.get(&unit).copied(),
            nearness: policy.layers.nearness(unit, shares, &self.works_in, &self.tree),
            place: if self.protected.contains(&unit) { Place::Protected } else { Place::Open },
        })
    }
}
