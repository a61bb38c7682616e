//! Who belongs to several units: the list of them that is kept is what roles say, however these come and go.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use rand::{RngExt as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;
use traction::measure::uptake::store::holding::of_several;
use traction::org::{person, unit};
use traction_domain::id::{Id as _, PersonId, RoleId, UnitId};
use traction_domain::org::role::{Role, RoleWord};
use traction_domain::org::who::Who;
use traction_domain::time::Moment;

use super::uptake::{roll_out_in, wards_of};
use crate::world::{TestWorld, on_both, on_nodes};

/// The roles that are listed, and those that have to be: in units, of whoever ever got roles in two units or more.
async fn listed(world: &TestWorld) -> (BTreeSet<String>, BTreeSet<String>) {
    let sql = world.world.store().read();
    let ids = async |text: &str| -> BTreeSet<String> {
        sql.all(text, vec![]).await.unwrap().iter().map(|row| row.text("id").unwrap()).collect()
    };
    let have_to_be = "SELECT id AS id FROM role WHERE unit_id IS NOT NULL AND person_id IN
      (SELECT person_id FROM role WHERE unit_id IS NOT NULL GROUP BY person_id HAVING COUNT(DISTINCT unit_id) > 1)";
    (ids("SELECT role_id AS id FROM role_of_several").await, ids(have_to_be).await)
}

/// Who holds which role in a unit now, and since when.
type Held = BTreeMap<(PersonId, UnitId, String), Moment>;

/// Whoever holds roles in two of `units` or more, with these as he came to them; worked out from all that is held.
fn in_several(held: &Held, units: &[UnitId]) -> BTreeMap<PersonId, Vec<UnitId>> {
    let mut came = BTreeMap::<PersonId, BTreeMap<UnitId, Moment>>::new();
    for ((person, unit, _), at) in held.iter().filter(|((_, unit, _), _)| units.contains(unit)) {
        let first = came.entry(*person).or_default().entry(*unit).or_insert(*at);
        *first = (*first).min(*at);
    }
    let several = came.into_iter().filter(|(_, units)| units.len() > 1);
    several
        .map(|(person, units)| {
            let mut units: Vec<(Moment, UnitId)> = units.into_iter().map(|(unit, at)| (at, unit)).collect();
            units.sort_unstable();
            (person, units.into_iter().map(|(_, unit)| unit).collect())
        })
        .collect()
}

/// 150 steps, seed 11: roles given, ended and given back, in four units that have a slot and two that have none.
#[test]
fn the_list_is_what_roles_say_at_every_step() {
    on_both(async |world| {
        let change = roll_out_in(&world, &[("a", 60), ("b", 60), ("c", 60), ("d", 60)]).await;
        wards_of(&world, &[("e", 60), ("f", 60)]).await;
        let sql = world.world.store().read();
        let units = unit::store::all(sql).await.unwrap();
        let with_slot: Vec<UnitId> =
            units.iter().filter(|unit| unit.slug.as_str() < "e").map(|unit| unit.id).collect();
        let mut people = Vec::new();
        for n in 0..5 {
            people.push(world.person(&format!("p{n}"), RoleWord::Coach, None).await);
        }
        let mut dice = Xoshiro256PlusPlus::seed_from_u64(11);
        let (mut held, mut n_several) = (Held::new(), 0);
        for step in 0..150 {
            if dice.random_range(0..3) > 0 {
                world.world.turn_clock(world.world.now().after(SignedDuration::from_mins(1)));
            }
            let person = people[dice.random_range(0..people.len())];
            let unit = units[dice.random_range(0..units.len())].id;
            let role = [Role::Member(unit), Role::Lead(unit)][dice.random_range(0..2)];
            let key = (person, unit, role.word().to_string());
            let roles = person::store::roles(sql, person).await.unwrap();
            match roles.iter().find(|one| one.role == role) {
                Some(one) => {
                    person::verbs::end_role(&world.world, &Who::operator(), person, one.id).await.unwrap();
                    held.remove(&key);
                }
                None => {
                    person::verbs::give_role(&world.world, &Who::operator(), person, role).await.unwrap();
                    held.insert(key, world.world.now());
                }
            }
            let (are, have_to_be) = listed(&world).await;
            assert_eq!(are, have_to_be, "step {step}");
            let mut several = BTreeMap::<PersonId, Vec<UnitId>>::new();
            for (person, unit) in of_several(sql, change).await.unwrap() {
                several.entry(person).or_default().push(unit);
            }
            several.retain(|_, units| units.len() > 1);
            assert_eq!(several, in_several(&held, &with_slot), "step {step}");
            n_several += several.len();
        }
        assert!(n_several > 150, "it happens: {n_several}");
    });
}

/// Two servers, 40 people: each gets his first two roles at one moment, one from each.
#[test]
fn two_roles_given_at_one_moment_are_both_listed() {
    on_nodes(async |[one, other]: [TestWorld; 2]| {
        let (a, b) = (one.unit("a", None).await, one.unit("b", None).await);
        for n in 0..40 {
            let person = one.person(&format!("p{n}"), RoleWord::Coach, None).await;
            let give = |world: &TestWorld, unit| {
                let world = world.world.clone();
                tokio::spawn(async move {
                    person::verbs::give_role(&world, &Who::operator(), person, Role::Member(unit)).await
                })
            };
            let (first, second) = (give(&one, a), give(&other, b));
            first.await.unwrap().unwrap();
            second.await.unwrap().unwrap();
            let (are, have_to_be) = listed(&one).await;
            assert_eq!((are.len(), &are), (2 * (n + 1), &have_to_be), "{n}");
        }
    });
}

#[test]
fn roles_that_an_earlier_version_gave_beside_are_listed_when_a_server_starts() {
    on_both(async |world| {
        let (a, b) = (world.unit("a", None).await, world.unit("b", None).await);
        let person = world.person("jo", RoleWord::Member, Some(a)).await;
        world.person("kim", RoleWord::Member, Some(b)).await;
        let role = RoleId::made(world.world.now(), [7; 10]);
        let text = format!(
            "INSERT INTO role (id, person_id, unit_id, word, given_at) VALUES ('{role}', '{person}', '{b}', 'lead', 1)"
        );
        world.world.store().read().run(&text, vec![]).await.unwrap();
        assert_eq!(listed(&world).await.0.len(), 0);
        person::verbs::list_of_several(&world.world).await.unwrap();
        let (are, have_to_be) = listed(&world).await;
        assert_eq!((are.len(), are), (2, have_to_be));
        person::verbs::list_of_several(&world.world).await.unwrap();
        assert_eq!(listed(&world).await.0.len(), 2);
    });
}
