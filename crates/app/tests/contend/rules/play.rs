//! A sequence as it is played: each verb in the program and in the model, then both compared.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use traction::contend::draw::sources::SourceWish;
use traction::contend::draw::store::{self as draws, Answer};
use traction::contend::{application, draw, policy};
use traction::grant::slot;
use traction::grant::slot::verbs::past;
use traction::offer::change::store::Change;
use traction::offer::wave::store::Wave;
use traction::org::token::store::Scope;
use traction::trouble::Trouble;
use traction::web::token;
use traction_domain::contend::application::Application;
use traction_domain::contend::draw::{Cap, Place};
use traction_domain::contend::policy::Policy;
use traction_domain::grant::slot::{Asked, Step};
use traction_domain::id::{PersonId, UnitId};
use traction_domain::offer::wave::WaveTimes;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use super::model::{Model, N_SLOTS, TIMES};
use super::{N_UNITS, Role, Verb};
use crate::contend::ground::change_by_verbs;
use crate::contend::invariants::Seen;
use crate::world::{TestWorld, monday};

const UNITS: [&str; N_UNITS] = ["ash", "birch", "cedar", "elm", "fir"];

/// How far sequences came, so that a property cannot hold because nothing happened.
#[derive(Debug, Default)]
pub struct Reached {
    n_drawn: usize,
    n_moved_up: usize,
    n_push: usize,
    n_out: usize,
    n_left_out: usize,
    n_by_program: usize,
    n_taken: usize,
    n_refused: usize,
}

impl Reached {
    pub fn add(&mut self, play: &Play<'_>) {
        self.n_taken += play.n_taken;
        self.n_refused += play.n_refused;
        self.n_out += play.n_out;
        self.n_left_out += play.model.n_left_out;
        self.n_by_program += play.n_by_program;
        self.n_push += play.model.slots.iter().filter(|slot| slot.is_push).count();
        for (n, wave) in play.model.waves.iter().enumerate() {
            let Some((granted, _)) = &wave.drawn else { continue };
            self.n_drawn += 1;
            let moved = play.model.slots.iter().filter(|slot| slot.wave == n && !slot.is_push);
            self.n_moved_up += moved.filter(|slot| !granted.contains(&slot.unit)).count();
        }
    }

    pub fn is_much(&self) -> bool {
        self.n_drawn > 12
            && self.n_moved_up > 5
            && self.n_push > 1
            && self.n_left_out > 5
            && self.n_by_program > 60
            && self.n_taken > 300
            && self.n_refused > 300
    }
}

/// A world with its model.
pub struct Play<'a> {
    world: &'a TestWorld,
    change: Change,
    waves: Vec<Wave>,
    units: Vec<UnitId>,
    people: Vec<(Role, PersonId)>,
    pub model: Model,
    seen: Seen,
    n_taken: usize,
    n_refused: usize,
    n_out: usize,
    n_by_program: usize,
    program: Who,
}

fn hour(hour: i64) -> Moment {
    monday().after(jiff::SignedDuration::from_hours(hour))
}

impl<'a> Play<'a> {
    pub async fn begin(world: &'a TestWorld) -> Play<'a> {
        world.unit("north", None).await;
        world.unit("south", None).await;
        let mut units = Vec::new();
        let mut people = Vec::new();
        for (n, slug) in UNITS.into_iter().enumerate() {
            let unit = world.unit(slug, Some(if n < 2 { "north" } else { "south" })).await;
            people.push((Role::Lead(n), world.person(slug, RoleWord::Lead, Some(unit)).await));
            units.push(unit);
        }
        people.push((Role::ChangeLead, world.person("cleo", RoleWord::ChangeLead, None).await));
        people.push((Role::Administrator, world.person("dana", RoleWord::Administrator, None).await));
        people.push((Role::Member, world.person("mo", RoleWord::Member, Some(units[0])).await));
        let change = change_by_verbs(&world.world, "bedside-tests").await;
        let mut waves = Vec::new();
        for (n, [opens, closes, _, starts, ends]) in TIMES.into_iter().enumerate() {
            let times = WaveTimes {
                opens_at: hour(opens),
                closes_at: hour(closes),
                starts_at: hour(starts),
                ends_at: Some(hour(ends)),
            };
            let n_slots = u32::try_from(N_SLOTS).unwrap();
            let who = Who::operator();
            traction::offer::wave::verbs::announce(&world.world, &who, &change, n_slots, times, "An hour")
                .await
                .unwrap();
            let sql = world.world.store().read();
            waves
                .push(traction::offer::wave::store::by_number(sql, change.id, n + 1).await.unwrap().unwrap());
        }
        world.settles().await;
        let token = world.client(&[Scope::Write]).await.token().to_owned();
        let token = token::of_secret(&world.world, &token).await.unwrap().unwrap();
        let program = token::who_of(&token);
        Play {
            world,
            change,
            waves,
            units,
            people,
            model: Model::default(),
            seen: Seen::default(),
            n_taken: 0,
            n_refused: 0,
            n_out: 0,
            n_by_program: 0,
            program,
        }
    }

    async fn who(&self, role: Role) -> Who {
        if role == Role::Program {
            return self.program.clone();
        }
        let person = self.people.iter().find(|(of, _)| *of == role).map(|(_, person)| *person);
        match person {
            Some(person) => {
                traction::org::person::verbs::who(&self.world.world, person).await.unwrap().unwrap()
            }
            None => Who::operator(),
        }
    }

    /// Does the verb, and fails with what is not as the model says, or does not hold.
    pub async fn does(&mut self, role: Role, verb: &Verb) -> Result<(), String> {
        let world = &self.world.world;
        let n_facts = world.store().read().last_entry().await.unwrap();
        let verb = &self.about_a_slot(verb);
        let role = self.lead_of(role, verb);
        let who = self.who(role).await;
        let expected = self.foretold(role, verb);
        let done = self.tries(&who, verb).await;
        match (&done, expected) {
            (Err(Trouble::Broken(broken)), _) => return Err(format!("broken: {broken}")),
            (Ok(()), false) => return Err("was taken, and should not have been".into()),
            (Err(trouble), true) => return Err(format!("was refused: {trouble}")),
            (Ok(()), true) => {
                self.n_taken += 1;
                self.n_by_program += usize::from(role == Role::Program);
            }
            (Err(_), false) => {
                self.n_refused += 1;
                if world.store().read().last_entry().await.unwrap() != n_facts {
                    return Err("was refused, and left a fact behind".into());
                }
            }
        }
        traction::jobs::freeze_closed(world).await.unwrap();
        traction::loops::settle(world).await.unwrap();
        if !world.store().read().trials().await.unwrap().is_empty() {
            return Err("a consequence did not come about".into());
        }
        if done.is_ok() {
            self.follow(role, verb).await;
        }
        self.model.freeze();
        self.compare().await?;
        self.seen.check(world, self.change.id).await
    }

    /// The verb, about one of the slots there are by now.
    fn about_a_slot(&self, verb: &Verb) -> Verb {
        match (verb, self.model.slots.len()) {
            (Verb::Take { slot, step }, n) if n > 0 => Verb::Take { slot: slot % n, step: *step },
            _ => verb.clone(),
        }
    }

    /// Whoever leads the unit whose slot it is, where that is who does it.
    fn lead_of(&self, role: Role, verb: &Verb) -> Role {
        match (role, verb) {
            (Role::Own, Verb::Take { slot, .. }) => {
                self.model.slots.get(*slot).map_or(Role::Administrator, |slot| Role::Lead(slot.unit))
            }
            _ => role,
        }
    }

    /// Whether the model takes it.
    fn foretold(&self, role: Role, verb: &Verb) -> bool {
        let model = &self.model;
        match *verb {
            Verb::Wait { .. } | Verb::Again { .. } => true,
            Verb::Apply { unit, wave } => model.can_apply(role, unit, wave),
            Verb::Rewrite { unit, wave } => model.can_rewrite(role, unit, wave),
            Verb::Withdraw { unit, wave } => model.can_withdraw(role, unit, wave),
            Verb::Protect { unit, wave } => model.can_protect(role, unit, wave),
            Verb::Cap { wave } => model.can_cap(role, wave),
            Verb::NameSource { wave } => model.can_name(role, wave),
            Verb::EnterValue { wave } => model.can_enter(role, wave),
            Verb::Draw { wave } => model.can_draw(role, wave),
            Verb::Take { slot, step } => {
                model.slots.get(slot).is_some_and(|slot| model.can_take(role, slot, step))
            }
            Verb::Ask { unit, wave } => {
                role.runs()
                    && role.is_person()
                    && model.waves[wave].asked[unit].is_none()
                    && model.can_get_past(unit, wave)
            }
            Verb::Confirm { unit, wave } => {
                let other = model.waves[wave].asked[unit].is_some_and(|first| first != role);
                role.runs() && role.is_person() && other && model.can_get_past(unit, wave)
            }
            Verb::Decline { unit, wave } => {
                role.runs() && role.is_person() && model.waves[wave].asked[unit].is_some()
            }
        }
    }

    async fn tries(&self, who: &Who, verb: &Verb) -> Result<(), Trouble> {
        let world = &self.world.world;
        let sql = world.store().read();
        let now = world.now();
        let absent = Trouble::NotFound { what: "what the model has not" };
        let written = Application::written("Late", "Early", "Jo", "An hour").unwrap();
        match *verb {
            Verb::Wait { hours } => {
                world.turn_clock(now.after(jiff::SignedDuration::from_hours(hours)));
                Ok(())
            }
            Verb::Apply { unit, wave } => {
                let (unit, wave) = (self.units[unit], &self.waves[wave]);
                application::run::apply(world, who, wave, unit, &written).await.map(|_| ())
            }
            Verb::Rewrite { unit, wave } => {
                let live = application::store::live(sql, self.waves[wave].id, self.units[unit]).await?;
                application::verbs::change(world, who, live.ok_or(absent)?.id, &written).await
            }
            Verb::Withdraw { unit, wave } => {
                let live = application::store::live(sql, self.waves[wave].id, self.units[unit]).await?;
                application::run::withdraw(world, who, live.ok_or(absent)?.id).await.map(|_| ())
            }
            Verb::Protect { unit, wave } => {
                let (wave, unit) = (&self.waves[wave], self.units[unit]);
                let place = Place::Protected;
                policy::verbs::decide_place(world, who, &self.change, wave, unit, place, "pilot").await
            }
            Verb::Cap { wave } => {
                let policy = Policy { cap: NonZeroU32::new(1).map(Cap), ..Policy::default() };
                policy::verbs::set(world, who, &self.change, &self.waves[wave], policy).await
            }
            Verb::NameSource { wave } => {
                let due = hour(TIMES[wave][2]);
                let wish = SourceWish { name: "lottery", link: "https://lottery.example/", due };
                draw::sources::name(world, who, &self.change, &self.waves[wave], wish).await
            }
            Verb::EnterValue { wave } => {
                let sources = draws::sources(sql, self.waves[wave].id).await?;
                let n = sources.iter().position(|source| source.value.is_none()).map_or(1, |at| at + 1);
                draw::sources::enter(world, who, &self.change, &self.waves[wave], n, "3 9").await
            }
            Verb::Draw { wave } => {
                draw::run::run(world, who, &self.change, &self.waves[wave]).await.map(|_| ())
            }
            Verb::Take { slot, step } => {
                let of = self.model.slots.get(slot).ok_or(absent)?;
                let all = slot::store::of_wave(sql, self.waves[of.wave].id).await?;
                let id = all.iter().find(|one| one.unit == self.units[of.unit]).unwrap().id;
                slot::verbs::step(world, who, id, step, "because").await
            }
            Verb::Ask { unit, wave } => {
                past::ask(world, who, &self.change, &self.waves[wave], self.units[unit], "the roof").await
            }
            Verb::Confirm { unit, wave } => {
                let (wave, unit) = (&self.waves[wave], self.units[unit]);
                past::answer(world, who, &self.change, wave, unit, Answer::Confirmed).await
            }
            Verb::Decline { unit, wave } => {
                let (wave, unit) = (&self.waves[wave], self.units[unit]);
                past::answer(world, who, &self.change, wave, unit, Answer::Declined).await
            }
            Verb::Again { wave } => {
                let the_loop = Who::the_loop();
                slot::verbs::grant_drawn(world, &the_loop, self.waves[wave].id).await?;
                let drawn = draws::drawn(sql, self.waves[wave].id).await?;
                for decided in drawn.iter().flat_map(|drawn| &drawn.record.overrides) {
                    let unit = self.units[UNITS.iter().position(|slug| *slug == decided.unit).unwrap()];
                    slot::verbs::grant_overridden(world, &the_loop, self.waves[wave].id, unit).await?;
                }
                for slot in slot::store::of_wave(sql, self.waves[wave].id).await? {
                    let frees = |step| matches!(step, Step::GivenBack | Step::Ended);
                    let before_start =
                        slot.events.iter().any(|event| frees(event.step)) && now < self.waves[wave].starts_at;
                    if before_start {
                        slot::verbs::pass_on(world, &the_loop, slot.id).await?;
                    }
                }
                Ok(())
            }
        }
    }

    /// What the model becomes by a verb that was taken.
    async fn follow(&mut self, role: Role, verb: &Verb) {
        match *verb {
            Verb::Wait { hours } => self.model.hour += hours,
            Verb::Apply { unit, wave } => {
                self.model.waves[wave].applied.insert(unit);
                self.model.waves[wave].was_applied_to = true;
            }
            Verb::Withdraw { unit, wave } => drop(self.model.waves[wave].applied.remove(&unit)),
            Verb::Protect { unit, wave } => drop(self.model.waves[wave].protected.insert(unit)),
            Verb::Cap { wave } => self.model.waves[wave].is_capped = true,
            Verb::NameSource { wave } => self.model.waves[wave].sources.push(false),
            Verb::EnterValue { wave } => {
                let empty = self.model.waves[wave].sources.iter_mut().find(|has_value| !**has_value);
                *empty.unwrap() = true;
            }
            Verb::Draw { wave } => self.drawn(wave).await,
            Verb::Take { slot, step } => self.model.take(role, slot, step),
            Verb::Ask { unit, wave } => {
                self.model.settle_line(wave);
                self.model.waves[wave].asked[unit] = Some(role);
            }
            Verb::Confirm { unit, wave } => {
                self.model.settle_line(wave);
                self.model.waves[wave].asked[unit] = None;
                self.model.grant(unit, wave, true);
            }
            Verb::Decline { unit, wave } => self.model.waves[wave].asked[unit] = None,
            Verb::Again { wave } => self.model.settle_line(wave),
            Verb::Rewrite { .. } => {}
        }
    }

    /// Chance decides, so the model takes the published order; who is on the list and who is out it knows itself.
    async fn drawn(&mut self, wave: usize) {
        let sql = self.world.world.store().read();
        let record = draws::drawn(sql, self.waves[wave].id).await.unwrap().unwrap().record;
        let number = |slug: &String| UNITS.iter().position(|other| other == slug).unwrap();
        let listed: BTreeSet<usize> = record.list.iter().map(|line| number(&line.entry.unit)).collect();
        assert_eq!(Some(listed), self.model.waves[wave].list, "the list is who contended at closing");
        let out: BTreeSet<usize> = record.withdrawn.iter().map(number).collect();
        assert_eq!(out, self.model.out(wave), "who is out gets nothing");
        self.n_out += out.len();
        let granted: Vec<usize> = record.granted.iter().map(number).collect();
        let waiting = record.waiting.iter().map(number).collect();
        for unit in &granted {
            self.model.grant(*unit, wave, false);
        }
        self.model.waves[wave].drawn = Some((granted, waiting));
    }

    /// Who has a slot, in the program and in the model.
    async fn compare(&self) -> Result<(), String> {
        let (sql, now) = (self.world.world.store().read(), self.world.world.now());
        let slots = slot::store::of_change(sql, self.change.id).await.unwrap();
        let number = |unit: UnitId| self.units.iter().position(|other| *other == unit).unwrap();
        let here: BTreeSet<_> = slots
            .iter()
            .filter(|slot| slot.state(now).is_live())
            .map(|slot| (number(slot.unit), slot.wave_n.unwrap() - 1, slot.asked == Asked::Push))
            .collect();
        let there: BTreeSet<_> = self.model.live().map(|slot| (slot.unit, slot.wave, slot.is_push)).collect();
        if here != there {
            return Err(format!("slots are {here:?}, and should be {there:?}"));
        }
        for (n, wave) in self.waves.iter().enumerate() {
            let here = slot::store::contending(sql, wave.id, now).await.unwrap();
            let here: BTreeSet<_> = here.into_iter().map(number).collect();
            let there = self.model.contends(n);
            if here != there {
                return Err(format!("in wave {n} {here:?} contend, and should {there:?}"));
            }
        }
        Ok(())
    }
}
