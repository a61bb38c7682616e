use super::*;
use crate::org::role::Role;
use crate::org::who::Actor;
use crate::sense::diagnosis::Learnt;
use crate::sense::playbook::built_in;

fn day(n: i64) -> Moment {
    Moment::from_milliseconds(0).unwrap().after_days(n)
}

#[track_caller]
fn check(tried: &[(i64, i64, Option<Outcome>)], expect: Stand) {
    let tried: Vec<Tried> = tried
        .iter()
        .map(|(begun, due, outcome)| Tried { begun_at: day(*begun), due_at: day(*due), outcome: *outcome })
        .collect();
    assert_eq!(stand(&tried), expect);
}

#[test]
fn where_a_hold_stands_is_read_from_what_was_tried() {
    let (gone, stayed) = (Some(Outcome::Gone), Some(Outcome::Stayed));
    check(&[], Stand::Stuck);
    check(&[(0, 7, None)], Stand::Trying { due_at: day(7) });
    check(&[(0, 7, stayed)], Stand::Stuck);
    check(&[(0, 7, stayed), (8, 20, None)], Stand::Trying { due_at: day(20) });
    check(&[(8, 20, gone), (0, 7, stayed)], Stand::Gone);
    check(&[(0, 7, gone), (8, 20, stayed)], Stand::Stuck);
    check(&[(0, 30, None), (8, 20, None)], Stand::Trying { due_at: day(20) });
}

#[test]
fn an_account_has_a_name_and_its_short_form() {
    let proposed = propose("  Harbour & Sons ").unwrap();
    assert_eq!((proposed.slug.as_str(), proposed.name.as_str()), ("harbour-sons", "Harbour & Sons"));
    assert!(matches!(propose(" "), Err(AccountRefused::Text(_))));
    assert_eq!(propose("—"), Err(AccountRefused::NoShortName { name: "—".into() }));
}

#[test]
fn sellers_and_those_who_make_the_offers_see_accounts() {
    let who = |roles: Vec<Role>| Who { actor: Actor::Operator, name: "x".into(), roles };
    for role in [Role::Seller, Role::ChangeLead, Role::Administrator] {
        assert!(may_see(&who(vec![role])));
    }
    assert!(!may_see(&who(vec![Role::Coach])));
    assert!(must_see(&who(vec![]), "see the accounts").is_err());
}

#[test]
fn what_is_next_was_not_tried_there_and_removes_that_friction() {
    let (playbook, _) = built_in("buying").unwrap();
    let learnt = Learnt::default();
    let model = Model::new(&playbook, &learnt);
    let friction = playbook.friction_named("status-quo").unwrap();
    let mut tried = Vec::new();
    while let Some(advice) = next(&model, friction, &tried) {
        assert!(playbook.remedy(advice.remedy).removes(friction).is_some());
        assert!(!tried.contains(&advice.remedy));
        tried.push(advice.remedy);
    }
    let n_remove = playbook.remedies.iter().filter(|remedy| remedy.removes(friction).is_some()).count();
    assert_eq!(tried.len(), n_remove, "every remedy comes up once");
}
