//! The simulated front line has ideas, says how ready it is, tests in small cycles and sets itself goals.

use traction_domain::cycle::check_in as check_in_rules;
use traction_domain::cycle::commitment as commitment_rules;
use traction_domain::cycle::cycle::{self as cycle_rules, Decision, NoteKind, Point};
use traction_domain::id::{CycleId, PulseId};
use traction_domain::sense::idea as idea_rules;
use traction_domain::sense::readiness::BUILT_IN;

use crate::cycle::cycle::store::Origin;
use crate::cycle::cycle::verbs::CycleWish;
use crate::cycle::{commitment, cycle};
use crate::demo::story::Play;
use crate::demo::truth::{BEDSIDE, HUDDLE};
use crate::demo::words::{CYCLES, IDEAS};
use crate::grant::slot;
use crate::offer::change;
use crate::sense::readiness::verbs::PulseWish;
use crate::sense::{idea, readiness};
use crate::trouble::Trouble;

/// A cycle under way in the play.
pub struct Testing {
    id: CycleId,
    ward: usize,
    week: usize,
}

impl Play {
    /// Stage 1 goes on: ideas, and a pulse in the wards that think of contending.
    pub(super) async fn ask_and_propose(&mut self, week: usize) -> Result<(), Trouble> {
        if week % 5 == 3 {
            let ward = self.chance.whole(0, self.cast.wards.len() - 1);
            let Some(member) = self.chance.one_of(&self.cast.wards[ward].members).map(|member| member.id)
            else {
                return Ok(());
            };
            let who = self.who(member).await?;
            let (title, hope) = self.chance.one_of(&IDEAS).copied().unwrap_or(IDEAS[0]);
            let proposed = idea_rules::propose(title, hope)?;
            idea::verbs::submit(&self.world, &who, self.cast.wards[ward].unit, None, proposed).await?;
        }
        if (10..13).contains(&week) || week == 40 {
            for _ in 0..7 {
                let ward = self.chance.whole(0, self.cast.wards.len() - 1);
                self.pulse(ward).await?;
            }
        }
        Ok(())
    }

    /// A ward asks its people; most answer, around its appetite.
    async fn pulse(&mut self, ward: usize) -> Result<(), Trouble> {
        let lead = self.who(self.cast.wards[ward].lead).await?;
        let unit = self.cast.wards[ward].unit;
        if readiness::store::last_closes(self.world.store().read(), unit).await?.is_some() {
            return Ok(());
        }
        let id: PulseId = readiness::verbs::open(
            &self.world,
            &lead,
            &PulseWish { unit, change: None, instrument: BUILT_IN, n_days: 7 },
        )
        .await?;
        let mean = 2.3 + 2.2 * self.cast.wards[ward].appetite;
        let n_items = traction_domain::sense::readiness::built_in().items.len();
        let people: Vec<_> = self.cast.wards[ward].members.iter().map(|member| member.id).collect();
        for person in people {
            if !self.chance.happens(0.55).is_yes() {
                continue;
            }
            let given: Vec<Option<u8>> = (0..n_items)
                .map(|_| Some((mean + 0.6 * self.chance.normal()).round().clamp(1.0, 5.0) as u8))
                .collect();
            readiness::verbs::answer(&self.world, &self.who(person).await?, id, &given).await?;
        }
        Ok(())
    }

    /// Stage 5: wards with a slot test how to use it; each cycle ends after two or three weeks.
    pub(super) async fn cycle(&mut self, week: usize) -> Result<(), Trouble> {
        self.close_cycles(week).await?;
        for simulated in [BEDSIDE, HUDDLE] {
            let sql = self.world.store().read();
            let Some(change) = change::store::by_slug(sql, simulated.slug).await? else { continue };
            let now = self.world.now();
            let holders: Vec<_> = slot::store::of_change(sql, change.id)
                .await?
                .into_iter()
                .filter(|slot| slot.not_before <= now && now.days_since(slot.not_before) < 70.0)
                .map(|slot| slot.unit)
                .collect();
            for unit in holders {
                let Some(ward) = self.cast.wards.iter().position(|ward| ward.unit == unit) else { continue };
                if self.is_idle(&simulated, ward) {
                    continue;
                }
                let is_testing = self.testing.iter().any(|testing| testing.ward == ward);
                if !is_testing && self.chance.happens(0.3).is_yes() {
                    self.start_cycle(ward, week, change.id).await?;
                }
            }
        }
        Ok(())
    }

    async fn start_cycle(
        &mut self,
        ward: usize,
        week: usize,
        change: traction_domain::id::ChangeId,
    ) -> Result<(), Trouble> {
        let Some(member) = self.chance.one_of(&self.cast.wards[ward].members).map(|member| member.id) else {
            return Ok(());
        };
        let who = self.who(member).await?;
        let (aim, prediction, plan) = self.chance.one_of(&CYCLES).copied().unwrap_or(CYCLES[0]);
        let wish = CycleWish {
            unit: self.cast.wards[ward].unit,
            aim: cycle_rules::aim(aim)?,
            predicted: cycle_rules::predict(prediction, plan)?,
            origin: Origin { change: Some(change), ..Origin::default() },
        };
        let id = cycle::verbs::start(&self.world, &who, wish).await?;
        self.testing.push(Testing { id, ward, week });
        let made = commitment_rules::commit(
            "Use it on every round this week",
            "I take it along, and write down when it does not help",
            self.world.now().after_days(6),
            self.world.now(),
        )?;
        let commitment = commitment::verbs::commit(&self.world, &who, None, Some(change), made).await?;
        let confidence = check_in_rules::Confidence::of(self.chance.whole(2, 5) as u32)?;
        let check_in = check_in_rules::check_in(confidence, "It is quicker when two of us do it")?;
        commitment::verbs::check_in(&self.world, &who, commitment, check_in).await
    }

    async fn close_cycles(&mut self, week: usize) -> Result<(), Trouble> {
        for testing in std::mem::take(&mut self.testing) {
            if week < testing.week + 2 || !self.chance.happens(0.6).is_yes() {
                self.testing.push(testing);
                continue;
            }
            let who = self.who(self.cast.wards[testing.ward].lead).await?;
            cycle::verbs::note(&self.world, &who, testing.id, NoteKind::Do, "Tried on two bays for a week.")
                .await?;
            let level = 60.0 + 30.0 * self.chance.share();
            let points: Vec<Point> = (0..6)
                .map(|day| Point {
                    date: self.start.after_days(7 * (week as i64 - 1) + day).date(),
                    value: (level - 4.0 * day as f64 + 3.0 * self.chance.normal()).round(),
                })
                .collect();
            cycle::verbs::measure(&self.world, &who, testing.id, "minutes until the result", &points).await?;
            let decision = *self
                .chance
                .one_of(&[Decision::Adopt, Decision::Adopt, Decision::Adapt, Decision::Abandon])
                .unwrap_or(&Decision::Adapt);
            let acted = cycle_rules::act(decision, "It works when the kit is ready before the round.", "")?;
            cycle::verbs::act(&self.world, &who, testing.id, acted).await?;
        }
        Ok(())
    }
}
