//! The metric of the friction on which a remedy is tried, before it and since: shown meanwhile, and read when it is time.

use maud::{Markup, html};
use traction_domain::measure::outcome::calendar::Calendar;
use traction_domain::measure::panel::begins;
use traction_domain::offer::metric::Better;
use traction_domain::sense::diagnosis::trial::felt_from;
use traction_domain::sense::diagnosis::{
    FEWEST_AFTER, FEWEST_BEFORE, Less, Level, Outcome, Reading, Says, read_off,
};
use traction_domain::sense::playbook::Playbook;
use traction_domain::time::Moment;

use crate::measure::outcome;
use crate::offer::metric;
use crate::offer::metric::store::Metric;
use crate::sense::friction;
use crate::sense::playbook;
use crate::sense::trial::store::{self, Read, Trial};
use crate::sense::trial::verbs;
use crate::store::Sql;
use crate::trouble::{Broken, Trouble};
use crate::web::counted;
use crate::world::World;

/// A trial's metric, and what it says by now.
pub struct Course {
    /// The metric.
    pub metric: Metric,
    /// What it says.
    pub reading: Reading,
}

/// Reads every trial that is due off its friction's metric. Of those whose values are too few, people are asked, and it is
/// looked again until somebody has said so. One that is refused does not keep the others from it.
pub async fn read_due(world: &World) -> Result<(), Trouble> {
    let sql = world.store().read();
    let mut done = Ok(());
    for trial in store::to_read(sql, world.now()).await? {
        let read = read(world, &trial).await;
        done = done.and(read);
    }
    done
}

async fn read(world: &World, trial: &Trial) -> Result<(), Trouble> {
    let sql = world.store().read();
    let playbook = playbook::verbs::find(sql, &trial.playbook).await?.playbook;
    match of(sql, trial, &playbook, world.now()).await? {
        Some(Course { metric, reading }) if reading.says != Says::TooFew => {
            verbs::read_off(world, trial.id, &Read { metric: metric.id, reading }).await
        }
        _ => Ok(()),
    }
}

/// What the metric says by now, or said when it was read; `None` where the friction points at none.
pub async fn of(
    sql: &Sql,
    trial: &Trial,
    playbook: &Playbook,
    now: Moment,
) -> Result<Option<Course>, Broken> {
    if let Some(Read { metric, reading }) = trial.read {
        return Ok(metric::store::one(sql, metric).await?.map(|metric| Course { metric, reading }));
    }
    let Some(id) = trial.on else { return Ok(None) };
    let Some(friction) = friction::store::one(sql, id).await? else { return Ok(None) };
    let Some(metric) = friction.metric else { return Ok(None) };
    let Some(metric) = metric::store::one(sql, metric).await? else { return Ok(None) };
    let seen = outcome::store::panel(sql, metric.id, Some(&[friction.unit])).await?;
    let calendar = Calendar::guessed(seen.iter().map(|one| one.period));
    let felt = playbook
        .remedy_named(&trial.remedy)
        .map_or(trial.due_at, |remedy| felt_from(playbook.remedy(remedy), trial.begun_at, trial.due_at));
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for one in &seen {
        // Of a period that is not over, or has no place in time, nothing is known yet.
        let ends = calendar.and_then(|calendar| calendar.ends(one.period));
        let Some((begins, ends)) = begins(one.period).zip(ends) else { continue };
        if ends <= trial.begun_at {
            before.push(one.value);
        } else if begins >= felt && ends <= now {
            after.push(one.value);
        }
    }
    let less = if metric.better == Better::Down { Less::IsBetter } else { Less::IsWorse };
    Ok(Some(Course { metric, reading: read_off(&before, &after, less) }))
}

impl Course {
    /// The numbers, and what they say, in sentences.
    pub fn told(&self) -> Markup {
        let Reading { before, after, says } = self.reading;
        html! {
            (self.metric.name) " (" (self.metric.unit_of_measure) "): " (mean(before)) " before, " (mean(after)) " since it should be felt. "
            @match says {
                Says::Became(Outcome::Gone) => { "Half of it or less is left, and that is more than chance does. If it was begun because it was at its worst, some of that would have gone by itself." }
                Says::Became(Outcome::Stayed) => { "More than half of it is left, and that is more than chance does." }
                Says::TooFew => { "Too few to tell: it takes " (FEWEST_BEFORE) " before and " (FEWEST_AFTER) " since." }
                Says::CannotTell => { "That does not tell whether it is gone." }
            }
        }
    }
}

fn mean(level: Level) -> String {
    let n = counted(level.n_values as u64, "value", "values");
    match level.mean {
        Some(mean) if mean.abs() >= 100.0 => format!("{mean:.0} on average of {n}"),
        Some(mean) => format!("{mean:.1} on average of {n}"),
        None => "no value".to_owned(),
    }
}
