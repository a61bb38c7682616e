//! Looking at every watch, and raising an alarm where one slips.

use traction_domain::fact::Fact;
use traction_domain::id::AlarmId;
use traction_domain::org::who::Who;
use traction_domain::sustain::watch::Kind;

use super::store::Watch;
use super::{judged, store};
use crate::cycle::cycle;
use crate::publish::gap;
use crate::trouble::Trouble;
use crate::world::World;

/// Refuses unless he may see a watched unit's figures: its own people, coaches and whoever leads changes. Others are told
/// the verdict.
pub fn must_see(who: &Who, watch: &Watch) -> Result<(), Trouble> {
    gap::verbs::must_see(who, watch.unit)
}

/// Looks at everything that is watched, and raises an alarm for each series that slips and has none yet; how many.
///
/// It does nothing the second time: an alarm is raised once and not taken back.
pub async fn look(world: &World, who: &Who) -> Result<usize, Trouble> {
    let now = world.now();
    let slipping = slipping(world).await?;
    if slipping.is_empty() {
        return Ok(0);
    }
    let mut tx = world.store().begin().await?;
    let mut n_raised = 0;
    for one in slipping {
        let alarm = world.id::<AlarmId>();
        if store::raise(&tx, alarm, one.hand_over, one.series, &one.says, now).await? {
            tx.journal(now, who, Fact::Slipping { alarm, unit: one.unit }).await?;
            n_raised += 1;
        }
    }
    world.commit(tx).await?;
    Ok(n_raised)
}

/// Opens the cycle in which a unit finds out how to win back what slips; an alarm has one, however often this is asked.
pub async fn open_cycle(world: &World, who: &Who, alarm: AlarmId) -> Result<(), Trouble> {
    let Some(slips) = store::alarmed(world.store().read(), alarm).await? else { return Ok(()) };
    let aim = format!("Win back what slips: {} of {}", slips.series, slips.change_name);
    cycle::verbs::open_for_alarm(world, who, alarm, slips.unit, Some(slips.change), &aim).await
}

/// A series that slips, and has no alarm yet.
struct Slipping {
    hand_over: traction_domain::id::HandOverId,
    unit: traction_domain::id::UnitId,
    series: &'static str,
    says: String,
}

async fn slipping(world: &World) -> Result<Vec<Slipping>, Trouble> {
    let sql = world.store().read();
    let watches = judged::all(sql).await?;
    let alarms = store::alarms(sql).await?;
    let has_alarm =
        |hand_over, series| alarms.iter().any(|alarm| alarm.hand_over == hand_over && alarm.series == series);
    let mut slipping = Vec::new();
    for one in &watches {
        for (series, seen) in one.each() {
            let hand_over = one.watch.hand_over;
            if seen.judged.kind == Kind::Slipping && !has_alarm(hand_over, series) {
                let says = seen.judged.says.clone();
                slipping.push(Slipping { hand_over, unit: one.watch.unit, series, says });
            }
        }
    }
    Ok(slipping)
}
