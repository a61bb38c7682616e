//! The simulated wards use what they have, and their numbers come in week by week.

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use traction_domain::id::UnitId;
use traction_domain::measure::outcome::{Measured, Outcome};
use traction_domain::org::who::Who;
use traction_domain::time::Moment;
use traction_stats::panel::Period;

use crate::demo::cast::Ward;
use crate::demo::story::{N_WEEKS, Play};
use crate::demo::truth::{BEDSIDE, Exposure, HUDDLE, Simulated};
use crate::grant::slot;
use crate::measure::outcome::store::Taken;
use crate::measure::usage::letter::{Letter, UsageWish};
use crate::measure::usage::made_id::IdOf;
use crate::measure::{outcome, usage};
use crate::offer::{change, metric};
use crate::trouble::Trouble;

/// The week in which the numbers so far are brought in, and from which on they come every Monday.
const FIRST_WEEK_WITH_NUMBERS: usize = 10;

/// Since when each ward has a change: weeks of the play, `None` where it has not.
pub struct Starts(Vec<Option<usize>>);

/// How a ward's number of a week comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reported {
    /// On the Monday after.
    AtOnce,
    /// With a mistake in it, which is put right three weeks later.
    Wrongly,
    /// Four weeks later.
    Late,
}

/// How a ward reports: nearly always at once. What is wrong is put right before anybody asks for the last time; one
/// ward has not sent its last number.
fn reported(week: usize, ward: usize) -> Reported {
    match (week * 7 + ward * 11) % 97 {
        _ if (week, ward) == (N_WEEKS - 1, 5) => Reported::Late,
        5 if (20..70).contains(&week) => Reported::Wrongly,
        50 if (20..70).contains(&week) => Reported::Late,
        _ => Reported::AtOnce,
    }
}

impl Play {
    /// Stage 6: outcomes and usage of the week that ended.
    pub(super) async fn measure(&mut self, week: usize) -> Result<(), Trouble> {
        if week < FIRST_WEEK_WITH_NUMBERS {
            return Ok(());
        }
        for (nth, simulated) in [BEDSIDE, HUDDLE].into_iter().enumerate() {
            let starts = self.starts(&simulated).await?;
            let first = if week == FIRST_WEEK_WITH_NUMBERS { 0 } else { week - 1 };
            self.bring_in(&simulated, nth, first..week, &starts).await?;
            self.use_it(&simulated, week - 1, &starts).await?;
        }
        Ok(())
    }

    /// Since when each ward has a change.
    async fn starts(&self, simulated: &Simulated) -> Result<Starts, Trouble> {
        let sql = self.world.store().read();
        let change = change::verbs::find(sql, simulated.slug).await?;
        let slots = slot::store::of_change(sql, change.id).await?;
        let week_of = |at: Moment| (at.days_since(self.start) / 7.0).round().max(0.0) as usize;
        let start =
            |unit: UnitId| slots.iter().find(|slot| slot.unit == unit).map(|slot| week_of(slot.not_before));
        Ok(Starts(self.cast.wards.iter().map(|ward| start(ward.unit)).collect()))
    }

    /// How long a ward has had it in a week, and whether it let go.
    fn exposure(&self, simulated: &Simulated, ward: usize, week: usize, starts: &Starts) -> Exposure {
        let slipping = self.slipping.filter(|(who, _)| *who == ward && simulated.slug == BEDSIDE.slug);
        match (starts.0[ward], slipping) {
            (Some(_), Some((_, since))) if week >= since => Exposure::SlippedFor((week - since) as f64),
            (Some(start), _) if week >= start => Exposure::Weeks((week - start) as f64),
            _ => Exposure::None,
        }
    }

    async fn bring_in(
        &mut self,
        simulated: &Simulated,
        nth: usize,
        weeks: std::ops::Range<usize>,
        starts: &Starts,
    ) -> Result<(), Trouble> {
        let metric = metric::verbs::find(self.world.store().read(), simulated.metric_slug).await?;
        let mut rows = Vec::new();
        let end = weeks.end;
        for week in weeks {
            let period = Period::Day(self.monday(week));
            for ward in 0..self.cast.wards.len() {
                let exposure = self.exposure(simulated, ward, week, starts);
                let Ward { unit, nature, .. } = &self.cast.wards[ward];
                let value = simulated.reading(nature.offset[nth], week, exposure, &mut self.chance);
                if exposure != Exposure::None {
                    self.true_effects[nth].0 += simulated.effect * simulated.share_of_effect(exposure);
                    self.true_effects[nth].1 += 1;
                }
                let outcome = |value| Outcome { period, measured: Measured::Value(value) };
                match reported(week, ward) {
                    Reported::AtOnce => rows.push((*unit, outcome(value))),
                    Reported::Wrongly => {
                        rows.push((*unit, outcome((value * 10.8).round() / 10.0)));
                        self.late.push((week + 3, nth, *unit, outcome(value)));
                    }
                    Reported::Late => self.late.push((week + 4, nth, *unit, outcome(value))),
                }
            }
        }
        let is_due = |late: &(usize, usize, UnitId, Outcome)| late.0 <= end && late.1 == nth;
        let due: Vec<_> = self.late.extract_if(.., |late| is_due(late)).collect();
        rows.extend(due.into_iter().map(|(_, _, unit, outcome)| (unit, outcome)));
        let sha256 = hex::encode(Sha256::digest(format!("{rows:?}")));
        let taken = Taken { kind: "outcomes", sha256: &sha256, n_rows: rows.len() };
        outcome::verbs::take(
            &self.world,
            &Who::operator(),
            metric.id,
            taken,
            &rows,
            outcome::verbs::Mode::Take,
        )
        .await?;
        Ok(())
    }

    /// The Monday of a week.
    pub(super) fn monday(&self, week: usize) -> Date {
        self.start.after_days(7 * week as i64).date()
    }

    /// Those who took it up use it a few times a week; whoever is less open takes longer, or never does.
    async fn use_it(&mut self, simulated: &Simulated, week: usize, starts: &Starts) -> Result<(), Trouble> {
        let mut events = Vec::new();
        let now = self.world.now();
        for ward in 0..self.cast.wards.len() {
            if self.is_idle(simulated, ward) {
                continue;
            }
            let (weeks, keen) = match self.exposure(simulated, ward, week, starts) {
                Exposure::None => continue,
                Exposure::Weeks(weeks) => (weeks, 1.0),
                Exposure::SlippedFor(weeks) => (52.0, (1.0 - weeks / 10.0).max(0.05)),
            };
            for member in 0..self.cast.wards[ward].members.len() {
                let person = &self.cast.wards[ward].members[member];
                let takes_up = person.openness < simulated.uptake && weeks >= person.openness * 8.0;
                let external_id = person.external_id.clone();
                if !takes_up || !self.chance.happens(0.8 * keen).is_yes() {
                    continue;
                }
                for nth in 0..self.chance.whole(1, 3) {
                    let hours = 1 + self.chance.whole(0, 5) as i64 * 24 + nth as i64;
                    events.push(UsageWish {
                        id: opaque(&format!("{} {week} {external_id} {nth}", simulated.slug)),
                        id_of: IdOf::Sender,
                        event: "used".into(),
                        person: Some(external_id.clone()),
                        subject: None,
                        unit: Some(self.cast.wards[ward].slug.to_string()),
                        change: Some(simulated.slug.into()),
                        value: None,
                        occurred: now.after(jiff::SignedDuration::from_hours(hours - 7 * 24)),
                        stamped: None,
                    });
                }
            }
        }
        usage::verbs::take_in(&self.world, "ward computers", Letter::of(events), now).await?;
        Ok(())
    }
}

/// An id as a system should give one: it says nothing of who it was.
fn opaque(what: &str) -> String {
    hex::encode(&Sha256::digest(what)[..16])
}
