//! Eighteen months, week by week: what people wish, through the verbs they would use.

use traction_domain::id::{EngagementId, FrictionId, PersonId, UnitId};
use traction_domain::measure::outcome::Outcome;
use traction_domain::measure::outcome::calendar::Calendar;
use traction_domain::offer::change::ChangeWords;
use traction_domain::offer::metric::{self as metric_rules, Better};
use traction_domain::offer::wave::WaveTimes;
use traction_domain::org::who::Who;
use traction_domain::sense::friction::intake::Audience;
use traction_domain::sense::friction::{self as friction_rules, FrictionState};
use traction_domain::time::Moment;

use crate::demo::cast::{self, Cast};
use crate::demo::chance::Chance;
use crate::demo::proving::HANDED_OVER;
use crate::demo::testing::Testing;
use crate::demo::truth::{BEDSIDE, HUDDLE, Simulated};
use crate::demo::words::{ANSWERS, PAINS};
use crate::offer::change::verbs::{ChangeWish, GoalWish, MetricWish};
use crate::offer::{change, wave};
use crate::org::person;
use crate::sense::friction;
use crate::trouble::Trouble;
use crate::world::World;

/// Weeks that are played: eighteen months.
pub const N_WEEKS: usize = 78;

/// The Monday (midnight UTC) that lies [`N_WEEKS`] weeks before the Monday of `now`.
pub fn first_monday(now: Moment) -> Moment {
    let days_since_monday = now.date().weekday().to_monday_zero_offset();
    let today =
        Moment::from_milliseconds(now.milliseconds().div_euclid(86_400_000) * 86_400_000).unwrap_or(now);
    today.after_days(-i64::from(days_since_monday) - 7 * N_WEEKS as i64)
}

/// A play under way.
pub struct Play {
    /// The world it is played in.
    pub world: World,
    /// The demo's dice.
    pub chance: Chance,
    /// Everybody.
    pub cast: Cast,
    /// The first Monday.
    pub start: Moment,
    /// Frictions nobody has answered yet, with the ward they belong to.
    waiting: Vec<(FrictionId, usize)>,
    /// Cycles under way.
    pub(super) testing: Vec<Testing>,
    /// The ward that lets go after its hand-over, and the week from which it does.
    pub(super) slipping: Option<(usize, usize)>,
    /// The ward that never begins with the last slot it got.
    pub(super) idle: Option<usize>,
    /// Engagements of the coach: the ward, and the week they began.
    pub(super) engagements: Vec<(EngagementId, usize, usize)>,
    /// Numbers that are late, or to be put right: the week they come in, and for which change.
    pub(super) late: Vec<(usize, usize, UnitId, Outcome)>,
    /// For each change, the sum of the true effects over its ward-weeks so far, and how many those are.
    pub(super) true_effects: [(f64, u32); 2],
}

impl Play {
    /// Everybody comes in, on the first Monday.
    pub async fn begin(world: World, start: Moment, seed: u64) -> Result<Play, Trouble> {
        let mut chance = Chance::seeded(seed);
        world.turn_clock(start);
        let cast = cast::assemble(&world, &mut chance).await?;
        Ok(Play {
            world,
            chance,
            cast,
            start,
            waiting: Vec::new(),
            testing: Vec::new(),
            slipping: None,
            idle: None,
            engagements: Vec::new(),
            late: Vec::new(),
            true_effects: [(0.0, 0); 2],
        })
    }

    /// Plays one week, from its Monday to its Sunday.
    pub async fn week(&mut self, week: usize) -> Result<(), Trouble> {
        self.turn_to(week, 8);
        self.sense(week).await?;
        self.ask_and_propose(week).await?;
        self.ideas_live().await?;
        self.offer(week).await?;
        self.contend().await?;
        self.cycle(week).await?;
        self.measure(week).await?;
        // What is watched of use is what was counted of weeks that are over.
        if week >= HANDED_OVER[0] {
            crate::measure::uptake::verbs::close_weeks(&self.world).await?;
        }
        self.lapse().await?;
        self.experts(week).await?;
        self.tensions(week).await?;
        self.prove(week).await?;
        self.hand_over(week).await?;
        crate::loops::settle(&self.world).await?;
        Ok(())
    }

    /// The last week's numbers come in.
    pub async fn end(&mut self) -> Result<(), Trouble> {
        self.turn_to(N_WEEKS, 0);
        self.measure(N_WEEKS).await?;
        self.floor().await?;
        self.sell().await?;
        crate::measure::uptake::verbs::close_weeks(&self.world).await?;
        Ok(crate::loops::settle(&self.world).await?)
    }

    /// Turns the clock to an hour after the Monday (midnight) of `week`.
    pub fn turn_to(&self, week: usize, hour: i64) {
        let monday = self.start.after_days(7 * week as i64);
        self.world.turn_clock(monday.after(jiff::SignedDuration::from_hours(hour)));
    }

    /// The one who acts, with the roles he holds.
    pub async fn who(&self, person: PersonId) -> Result<Who, Trouble> {
        person::verbs::who(&self.world, person).await?.ok_or(Trouble::NotFound { what: "person" })
    }

    /// Stage 1: pains are named, shared and answered.
    async fn sense(&mut self, week: usize) -> Result<(), Trouble> {
        let n_reports = if week < 8 { 3 } else { self.chance.whole(0, 2) };
        for _ in 0..n_reports {
            let ward = self.chance.whole(0, self.cast.wards.len() - 1);
            let Some(&(said, times, minutes, people)) = self.chance.one_of(&PAINS) else { continue };
            // Each ward has its own way to say it, as wards have.
            let title = said[ward % said.len()];
            let scale = 0.5 + self.chance.share();
            let burden = friction_rules::burden(times * scale, minutes, people.max(1.0))?;
            let members = &self.cast.wards[ward].members;
            let Some(member) = self.chance.one_of(members).map(|member| member.id) else { continue };
            let who = self.who(member).await?;
            let unit = self.cast.wards[ward].unit;
            let id = friction::verbs::report(
                &self.world,
                &who,
                unit,
                friction_rules::report(title, burden)?,
                Audience::All,
            )
            .await?;
            self.share(ward, id, member).await?;
            self.waiting.push((id, ward));
        }
        self.answer().await
    }

    async fn share(&mut self, ward: usize, id: FrictionId, reporter: PersonId) -> Result<(), Trouble> {
        let n_others = self.chance.whole(0, 4);
        let others: Vec<PersonId> = self.cast.wards[ward].members.iter().map(|member| member.id).collect();
        for other in others.into_iter().filter(|other| *other != reporter).take(n_others) {
            let burden = friction_rules::burden(
                1.0 + 6.0 * self.chance.share(),
                5.0 + 15.0 * self.chance.share(),
                1.0,
            )?;
            friction::verbs::share(&self.world, &self.who(other).await?, id, burden).await?;
        }
        Ok(())
    }

    async fn answer(&mut self) -> Result<(), Trouble> {
        let mut still = Vec::new();
        for (id, ward) in std::mem::take(&mut self.waiting) {
            if !self.chance.happens(0.4).is_yes() {
                still.push((id, ward));
                continue;
            }
            let who = self.who(self.cast.wards[ward].lead).await?;
            let words = self.chance.one_of(&ANSWERS).copied().unwrap_or(ANSWERS[0]);
            let next = *self
                .chance
                .one_of(&[FrictionState::Answered, FrictionState::BeingRemoved, FrictionState::Gone])
                .unwrap_or(&FrictionState::Answered);
            friction::verbs::answer(&self.world, &who, id, next, words, None).await?;
        }
        self.waiting = still;
        Ok(())
    }

    /// Stage 2: two changes, and a wave of few slots every eight weeks.
    async fn offer(&mut self, week: usize) -> Result<(), Trouble> {
        let lead = self.who(self.cast.change_lead).await?;
        if week == 9 {
            for simulated in [BEDSIDE, HUDDLE] {
                self.open(&lead, &simulated).await?;
            }
        }
        for (simulated, first, n_waves, n_slots) in [(BEDSIDE, 14, 6, 5), (HUDDLE, 18, 5, 5)] {
            let is_due = week >= first && (week - first).is_multiple_of(8) && (week - first) / 8 < n_waves;
            // What works goes on: whoever opens the demo can contend.
            let is_open_at_the_end = week + 1 == N_WEEKS && simulated.effect != 0.0;
            if is_due || is_open_at_the_end {
                self.announce(&lead, &simulated, week, n_slots).await?;
            }
        }
        Ok(())
    }

    async fn open(&self, who: &Who, simulated: &Simulated) -> Result<(), Trouble> {
        let better = if simulated.predicted < 0.0 { Better::Down } else { Better::Up };
        let metric = metric_rules::propose(simulated.metric, simulated.measure, better)?;
        let wish = ChangeWish {
            words: ChangeWords { name: simulated.name, promise: simulated.promise, flag_key: simulated.slug },
            unit: None,
            worth: simulated.worth,
            goal: GoalWish::New {
                title: simulated.goal,
                target: simulated.target,
                metric: MetricWish::New(metric),
            },
        };
        change::verbs::open(&self.world, who, wish).await?;
        let change = change::verbs::find(self.world.store().read(), simulated.slug).await?;
        crate::measure::outcome::verbs::set_calendar(&self.world, who, change.metric, Calendar::Week).await?;
        let words = format!(
            "We expect {} to move by {} {}",
            simulated.metric, simulated.predicted, simulated.measure
        );
        change::verbs::lock_prediction(&self.world, who, &change, &words, simulated.predicted).await?;
        self.say_when_slots_lapse(who, &change).await
    }

    /// Announces a wave: two weeks to apply, slots from the Monday of the fourth week.
    async fn announce(
        &self,
        who: &Who,
        simulated: &Simulated,
        week: usize,
        n_slots: u32,
    ) -> Result<(), Trouble> {
        let change = change::verbs::find(self.world.store().read(), simulated.slug).await?;
        let monday = |week: usize| self.start.after_days(7 * week as i64);
        let times = WaveTimes {
            opens_at: self.world.now(),
            closes_at: monday(week + 2).after(jiff::SignedDuration::from_hours(18)),
            starts_at: monday(week + 4),
            ends_at: None,
        };
        let pledge = "An owner with an hour a week, and our own numbers in the open";
        wave::verbs::announce(&self.world, who, &change, n_slots, times, pledge).await?;
        Ok(())
    }
}
