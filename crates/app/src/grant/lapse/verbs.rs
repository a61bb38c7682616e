//! Setting the rule by which slots lapse, and letting those lapse that nobody uses.

use std::collections::BTreeMap;

use traction_domain::fact::Fact;
use traction_domain::grant::slot::{LapseRefused, LapseRule, Step, Taker, Used};
use traction_domain::id::UnitId;
use traction_domain::offer::change::ChangeState;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use crate::grant::lapse::store::{self, Set};
use crate::grant::slot;
use crate::grant::slot::store::Slot;
use crate::offer::change;
use crate::offer::change::store::Change;
use crate::offer::wave;
use crate::org::unit;
use crate::trouble::Trouble;
use crate::world::World;

/// Says after how many days without use a slot of a change lapses; `None`: none does by itself. It counts for waves that
/// open from then on, so that nobody contends for one thing and gets another.
pub async fn set(world: &World, who: &Who, change: &Change, rule: Option<LapseRule>) -> Result<(), Trouble> {
    change::verbs::must_run(who, change, "say when a slot lapses")?;
    let mut tx = world.store().begin().await?;
    let now = world.now();
    let before = store::of_change(&tx, change.id).await?.last().and_then(|set| set.rule);
    if before == rule {
        return Err(LapseRefused::AlreadySo.into());
    }
    store::add(&tx, change.id, rule, who.person(), now).await?;
    tx.journal(now, who, Fact::LapseRuleSet { change: change.id }).await?;
    world.commit(tx).await?;
    Ok(())
}

/// The rule that counts for what was stated at `stated`: the last that was set by then.
pub fn in_force(rules: &[Set], stated: Moment) -> Option<LapseRule> {
    rules.iter().rev().find(|set| set.set_at <= stated)?.rule
}

/// Lets the slots of a change lapse that nobody uses.
///
/// - `used`: when the solution was used last, by unit.
pub async fn lapse_unused(
    world: &World,
    who: &Who,
    change: &Change,
    used: &BTreeMap<UnitId, Moment>,
) -> Result<(), Trouble> {
    let mut tx = world.store().begin().await?;
    let now = world.now();
    let change = change::store::one(&tx, change.id).await?.ok_or(Trouble::NotFound { what: "change" })?;
    if change.state == ChangeState::Paused {
        return Ok(());
    }
    let rules = store::of_change(&tx, change.id).await?;
    let waves: BTreeMap<_, _> =
        wave::store::of_change(&tx, change.id).await?.into_iter().map(|wave| (wave.id, wave)).collect();
    let n_members: BTreeMap<_, _> =
        unit::store::all(&tx).await?.into_iter().map(|unit| (unit.id, unit.n_members)).collect();
    let by_anybody = used.values().max().copied();
    let runs_since = change::store::resumed_at(&tx, change.id).await?;
    let stated = |slot: &Slot| {
        let opened = slot.wave.and_then(|wave| waves.get(&wave)).map(|wave| wave.opens_at);
        opened.unwrap_or(slot.granted_at)
    };
    let mut n_lapsed = 0;
    for slot in slot::store::of_change(&tx, change.id).await? {
        let Some(rule) = in_force(&rules, stated(&slot)) else { continue };
        let by_unit = used.get(&slot.unit).copied();
        let n_members = n_members.get(&slot.unit).copied().unwrap_or(0);
        let used = Used { by_unit, by_anybody, runs_since, n_members };
        if rule.lapses(&slot.rule, &used, now) {
            let why = format!("not used for {} days, as was said before the wave opened", rule.days());
            slot::verbs::record_step(world, &mut tx, &slot, Step::Lapsed, &Taker::Rule, Some(why)).await?;
            tx.journal(now, who, Fact::SlotLapsed { slot: slot.id }).await?;
            n_lapsed += 1;
        }
    }
    if n_lapsed > 0 {
        world.commit(tx).await?;
    }
    Ok(())
}
