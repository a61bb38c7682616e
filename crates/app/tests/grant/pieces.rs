//! What is changed piece by piece, as the journal tells of it, is what the database says: after any verbs, on any server.

use jiff::SignedDuration;
use rand::{Rng, RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::json;
use traction::bind;
use traction::grant::access::board::{self, Checked};
use traction::grant::slot;
use traction::grant::slot::store::Granting;
use traction::offer::change;
use traction::org::token::store::Scope;
use traction::org::{person, token, unit};
use traction::trouble::Trouble;
use traction_domain::grant::slot::{Asked, Span, Step};
use traction_domain::id::{ChangeId, PersonId, SlotId, UnitId};
use traction_domain::offer::change::ChangeState;
use traction_domain::org::person as person_rules;
use traction_domain::org::role::RoleWord;
use traction_domain::org::unit as unit_rules;
use traction_domain::org::who::Who;

use crate::contend::ground::change_by_verbs;
use crate::grant::ofrep::{ONE, about, granted};
use crate::world::{TestWorld, on_both, on_nodes};

/// How many verbs are played in one story.
const N_VERBS: usize = 120;

/// What there is to choose from.
#[derive(Default)]
struct Known {
    units: Vec<UnitId>,
    people: Vec<PersonId>,
    changes: Vec<ChangeId>,
    slots: Vec<SlotId>,
}

struct Play {
    dice: Xoshiro256PlusPlus,
    known: Known,
}

impl Play {
    fn begins(seed: u64) -> Play {
        Play { dice: Xoshiro256PlusPlus::seed_from_u64(seed), known: Known::default() }
    }

    fn one_of<T: Copy>(&mut self, from: impl Fn(&Known) -> &Vec<T>) -> Option<T> {
        let all = from(&self.known);
        let n = all.len();
        (n > 0).then(|| self.dice.random_range(0..n)).map(|place| from(&self.known)[place])
    }

    /// Some verb, on a server. What cannot be done now is refused, and changes nothing.
    async fn one_verb(&mut self, on: &TestWorld) {
        let (world, who) = (&on.world, Who::operator());
        let name = format!("n{}", self.dice.next_u32());
        match self.dice.random_range(0..16) {
            0..=1 => {
                let proposed = unit_rules::propose(name.parse().unwrap(), &name, None, None).unwrap();
                self.known.units.push(unit::verbs::add(world, &who, proposed).await.unwrap());
            }
            2..=4 => {
                // Not everybody is known to the real system.
                let external_id = if self.dice.random_range(0..5) == 0 { "" } else { &name };
                let proposed =
                    person_rules::propose(&name, &format!("{name}@test.org"), external_id).unwrap();
                self.known.people.push(person::verbs::add(world, &who, proposed).await.unwrap());
            }
            5..=7 => {
                let (Some(one), Some(unit)) = (self.one_of(|k| &k.people), self.one_of(|k| &k.units)) else {
                    return;
                };
                let word = if self.dice.random_range(0..3) == 0 { RoleWord::Lead } else { RoleWord::Member };
                let role = word.role(Some(unit)).unwrap();
                person::verbs::give_role(world, &who, one, role).await.unwrap();
            }
            8 => {
                let Some(one) = self.one_of(|k| &k.people) else { return };
                let roles = person::store::roles(world.store().read(), one).await.unwrap();
                if let Some(held) = roles.first() {
                    person::verbs::end_role(world, &who, one, held.id).await.unwrap();
                }
            }
            9 if self.known.changes.len() < 4 => {
                self.known.changes.push(change_by_verbs(world, &name).await.id);
            }
            10..=11 => self.grants(on).await,
            12..=13 => {
                let Some(slot) = self.one_of(|k| &k.slots) else { return };
                let steps = [Step::Paused, Step::Resumed, Step::GivenBack, Step::Lapsed, Step::Ended];
                let step = steps[self.dice.random_range(0..steps.len())];
                if let Err(Trouble::Broken(broken)) =
                    slot::verbs::step(world, &who, slot, step, "it moves").await
                {
                    panic!("{broken}");
                }
            }
            14 => {
                let Some(one) = self.one_of(|k| &k.changes) else { return };
                let one = change::store::one(world.store().read(), one).await.unwrap().unwrap();
                let other = match one.state {
                    ChangeState::Running => ChangeState::Paused,
                    ChangeState::Paused => ChangeState::Running,
                };
                change::verbs::set_state(world, &who, &one, other, "a leak").await.unwrap();
            }
            _ => drop(token::verbs::add(world, &who, &name, vec![Scope::Access]).await.unwrap()),
        }
    }

    async fn grants(&mut self, on: &TestWorld) {
        let (Some(change), Some(unit)) = (self.one_of(|k| &k.changes), self.one_of(|k| &k.units)) else {
            return;
        };
        let from = on.world.now().after(SignedDuration::from_hours(self.dice.random_range(-40..40)));
        let until = (self.dice.random_range(0..2) == 0).then(|| from.after_days(3));
        let time = Span { from, until };
        let granting = Granting { change, wave: None, unit, asked: Asked::Unknown, probability: None, time };
        let mut tx = on.world.store().begin().await.unwrap();
        let id = slot::verbs::record(&on.world, &mut tx, &Who::operator(), granting).await.unwrap();
        on.world.commit(tx).await.unwrap();
        self.known.slots.push(id);
    }

    /// Plays; `writers` are asked by turns, and every server looks now and then at what happened.
    async fn goes(&mut self, servers: [&TestWorld; 2], n_writers: usize) {
        let mut n_told = 0;
        for n in 0..N_VERBS {
            self.one_verb(servers[n % n_writers]).await;
            for server in servers {
                if self.dice.random_range(0..3) == 0 {
                    board::refresh(&server.world).await.unwrap();
                }
                if self.dice.random_range(0..12) == 0 {
                    assert_eq!(board::check(&server.world).await.unwrap(), Checked::Same, "after {n} verbs");
                    n_told += 1;
                }
            }
            let later = servers[0].world.now().after(SignedDuration::from_mins(20));
            servers.iter().for_each(|server| server.world.turn_clock(later));
        }
        let [one, other] = servers.map(|server| &server.world);
        for world in [one, other] {
            board::refresh(world).await.unwrap();
            assert_eq!(board::check(world).await.unwrap(), Checked::Same);
        }
        assert!(one.access().face().snapshot.answers_as(&other.access().face().snapshot));
        let known = &self.known;
        assert!(
            n_told > 5 && known.people.len() > 10 && known.slots.len() > 3,
            "there was something to compare"
        );
    }
}

#[test]
fn after_any_verbs_each_server_knows_what_it_would_if_it_read_all() {
    on_both(async |world| {
        let other = world.another().await;
        Play::begins(11).goes([&world, &other], 1).await;
    });
}

#[test]
fn after_any_verbs_of_two_servers_both_know_the_same() {
    on_nodes(async |[left, right]: [TestWorld; 2]| Play::begins(12).goes([&left, &right], 2).await);
}

#[test]
fn a_great_many_at_once_are_known_too() {
    on_both(async |world| {
        let client = granted(&world).await;
        let unit = unit::verbs::find(world.world.store().read(), "ash").await.unwrap().id;
        let (who, mut tx) = (Who::operator(), world.world.store().begin().await.unwrap());
        for n in 0..1_001 {
            let name = format!("many-{n}");
            let proposed = person_rules::propose(&name, "", &name).unwrap();
            let id = person::verbs::record(&world.world, &mut tx, &who, proposed, "{}").await.unwrap();
            let role = RoleWord::Member.role(Some(unit)).unwrap();
            person::verbs::record_role(&world.world, &mut tx, &who, id, role).await.unwrap();
        }
        world.world.commit(tx).await.unwrap();
        world.days_go_by(2.0).await;
        for name in ["many-0", "many-500", "many-1000", "jo"] {
            assert_eq!(client.post(ONE, &about(name)).await.json()["value"], json!(true), "{name}");
        }
        assert_eq!(board::check(&world.world).await.unwrap(), Checked::Same);
    });
}

#[test]
fn what_was_written_past_the_verbs_is_found_when_all_is_read_again() {
    on_both(async |world| {
        let client = granted(&world).await;
        world.days_go_by(2.0).await;
        assert_eq!(board::check(&world.world).await.unwrap(), Checked::Same);
        let tx = world.world.store().begin().await.unwrap();
        let role =
            "SELECT r.id AS id FROM role r JOIN person p ON p.id = r.person_id WHERE p.external_id = 'jo'";
        let role: String = tx.one(role, vec![]).await.unwrap().unwrap().text("id").unwrap();
        let end = "INSERT INTO role_end (role_id, ended_at) VALUES ($1, $2)";
        tx.run(end, bind![role, world.world.now()]).await.unwrap();
        world.world.commit(tx).await.unwrap();
        world.settles().await;
        assert_eq!(client.post(ONE, &about("jo")).await.json()["value"], json!(true), "no fact tells of it");
        assert_eq!(board::check(&world.world).await.unwrap(), Checked::Mended);
        assert_eq!(client.post(ONE, &about("jo")).await.json()["value"], json!(false));
        assert_eq!(board::check(&world.world).await.unwrap(), Checked::Same);
    });
}
