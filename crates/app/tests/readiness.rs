//! Stage 1: a unit is asked how ready it is; nobody learns who said what.

use sea_orm::Value;
use traction::sense::outbox;
use traction::sense::readiness::store;
use traction_domain::id::{PersonId, UnitId};
use traction_domain::org::person as person_rules;
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;
use traction_domain::sense::readiness::Readiness;

use crate::world::{Browser, TestWorld, on_both, on_nodes};

const ITEMS: [&str; 8] = [
    "appetite-1",
    "appetite-2",
    "appetite-3",
    "appetite-4",
    "aptitude-1",
    "aptitude-2",
    "aptitude-3",
    "aptitude-4",
];

/// The same answer to all questions of a scale.
fn filled<'a>(appetite: &'a str, aptitude: &'a str) -> Vec<(&'a str, &'a str)> {
    ITEMS.iter().map(|item| (*item, if item.starts_with("appetite") { appetite } else { aptitude })).collect()
}

/// A ward of a lead and five members; the lead is the first.
async fn ward(world: &TestWorld) -> (UnitId, Vec<PersonId>) {
    let ward = world.unit("ward-7", None).await;
    let mut people = vec![world.person("lea", RoleWord::Lead, Some(ward)).await];
    for name in ["ann", "bob", "cid", "dot", "eve"] {
        people.push(world.person(name, RoleWord::Member, Some(ward)).await);
    }
    (ward, people)
}

/// Each of them at a browser, signed in anew: sessions end when weeks go by.
async fn at_browsers<'a>(world: &'a TestWorld, people: &[PersonId]) -> Vec<Browser<'a>> {
    let mut browsers = Vec::new();
    for person in people {
        browsers.push(world.browser_of(*person).await);
    }
    browsers
}

async fn answer_all(people: &[Browser<'_>], pulse: &str, answers: &[(&str, &str)]) {
    for (person, (appetite, aptitude)) in people.iter().zip(answers) {
        person.submit(&format!("{pulse}/answers"), &filled(appetite, aptitude)).await;
    }
}

#[test]
fn a_unit_is_asked_answers_unseen_and_is_shown_once_when_the_pulse_closes() {
    on_both(async |world| {
        let (ward, everybody) = ward(&world).await;
        let people = at_browsers(&world, &everybody).await;
        let lea = &people[0];
        let pulse =
            lea.submit("/pulses", &[("unit", &ward.to_string()), ("change", ""), ("days", "7")]).await;
        people[1].get("/readiness").await.shows("1 being asked now").shows("Answer for ward-7");
        let open = people[1].post(&format!("{pulse}/answers"), &filled("4", "")).await;
        open.is(422).shows("4 of 8 questions are without an answer");
        assert!(open.body.contains("value=\"4\" checked"), "what was chosen stays chosen");

        let answers = [("3", "3"), ("4", "3"), ("4", "2"), ("4", "3"), ("5", "4"), ("4", "3")];
        answer_all(&people[..4], &pulse, &answers).await;
        people[1].get(&pulse).await.shows("4 answered so far").shows("You have answered").hides("of 5,");
        people[1]
            .post(&format!("{pulse}/answers"), &filled("5", "5"))
            .await
            .is(422)
            .shows("cannot be changed");
        answer_all(&people[4..], &pulse, &answers[4..]).await;
        lea.get(&pulse).await.shows("6 answered so far").hides("of 5,");
        lea.get("/readiness").await.shows("0 units have said");
        let sql = world.world.store().read();
        assert_eq!(store::shown(sql, ward, world.world.now()).await.unwrap(), None, "not while it is open");

        world.days_go_by(7.0).await;
        let people = at_browsers(&world, &everybody).await;
        let lea = &people[0];
        lea.get(&pulse)
            .await
            .shows("Appetite 4.0 of 5, and you agree (r_wg 0.9 or more).")
            .shows("Aptitude 3.0 of 5,");
        world
            .visitor()
            .get("/readiness")
            .await
            .shows("1 unit has said")
            .shows("ward-7 4.0 of 5 (r_wg 0.9 or more) 3.0 of 5 (r_wg 0.9 or more) –")
            .shows("1 of 1 units want it and feel able");
        let shown = store::shown(sql, ward, world.world.now()).await.unwrap();
        assert_eq!(shown, Some(Readiness { appetite: 4.0, aptitude: 3.0, n: 6 }));
        people[1].post(&format!("{pulse}/answers"), &filled("5", "5")).await.is(422).shows("closed on");
        let again = [("unit", &*ward.to_string()), ("change", ""), ("days", "7")];
        lea.post("/pulses", &again).await.is(422).shows("asked not long ago");
        world.days_go_by(28.0).await;
        world.browser_of(everybody[0]).await.submit("/pulses", &again).await;
    });
}

#[test]
fn four_answers_are_not_shown_and_neither_are_people_who_differ() {
    on_both(async |world| {
        let (ward, everybody) = ward(&world).await;
        let people = at_browsers(&world, &everybody).await;
        let ask = [("unit", &*ward.to_string()), ("change", ""), ("days", "1")];
        let few = people[0].submit("/pulses", &ask).await;
        answer_all(&people, &few, &[("4", "4"); 4]).await;
        world.days_go_by(1.0).await;
        people[0].get(&few).await.shows("Fewer than five answered").hides("of 5,");

        world.days_go_by(28.0).await;
        let people = at_browsers(&world, &everybody).await;
        let split = people[0].submit("/pulses", &ask).await;
        let answers = [("1", "3"), ("5", "3"), ("1", "3"), ("5", "3"), ("1", "3")];
        answer_all(&people, &split, &answers).await;
        world.days_go_by(1.0).await;
        let page = people[0].get(&split).await;
        page.shows("Appetite You see it differently").shows("Aptitude 3.0 of 5,");
        people[0]
            .get("/readiness")
            .await
            .shows("0 units have said")
            .shows("they see it differently (r_wg 0.0)");
    });
}

#[test]
fn nobody_else_answers_and_small_units_are_not_asked() {
    on_both(async |world| {
        let (ward, everybody) = ward(&world).await;
        let people = at_browsers(&world, &everybody).await;
        let small = world.unit("ward-8", None).await;
        let kim = world.person("kim", RoleWord::Lead, Some(small)).await;
        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let kim = world.browser_of(kim).await;
        let ada = world.browser_of(ada).await;
        let ask = [("unit", &*ward.to_string()), ("change", ""), ("days", "7")];
        kim.post("/pulses", &ask).await.is(403);
        people[1].post("/pulses", &ask).await.is(403);
        let pulse = people[0].submit("/pulses", &ask).await;
        people[0].post("/pulses", &ask).await.is(422).shows("is being asked already");
        for outsider in [&kim, &ada] {
            outsider.get(&pulse).await.shows("The people of ward-7 answer it.");
            outsider.post(&format!("{pulse}/answers"), &filled("4", "4")).await.is(403);
        }
        let ask = [("unit", &*small.to_string()), ("change", ""), ("days", "7")];
        kim.post("/pulses", &ask).await.is(422).shows("with fewer than five nothing could be shown");
    });
}

/// What a person with the database in hand finds: who has answered, how many chose what; no row with both, no time,
/// and no name in the journal.
#[test]
fn no_row_links_a_person_to_an_answer() {
    on_both(async |world| {
        let (ward, everybody) = ward(&world).await;
        let people = at_browsers(&world, &everybody).await;
        let ask = [("unit", &*ward.to_string()), ("change", ""), ("days", "7")];
        let pulse = people[0].submit("/pulses", &ask).await;
        let sql = world.world.store().read();
        let count = async |text: &str, values: Vec<Value>| {
            sql.one(text, values).await.unwrap().unwrap().count("n").unwrap()
        };
        let cells = "SELECT COUNT(*) AS n FROM pulse_tally";
        assert_eq!(count(cells, vec![]).await, 40, "every tally is there before the first answer");
        answer_all(&people, &pulse, &[("4", "2"), ("5", "3")]).await;
        assert_eq!(count(cells, vec![]).await, 40, "an answer adds no row");
        let chosen = "SELECT n FROM pulse_tally WHERE item = 'appetite-3' AND answer = 5";
        assert_eq!(count(chosen, vec![]).await, 1);
        let answered = sql.all("SELECT * FROM pulse_answered", vec![]).await.unwrap();
        assert_eq!(answered.len(), 2);
        let acts = "SELECT COUNT(*) AS n FROM journal WHERE kind = 'pulse_answered'";
        assert_eq!(count(acts, vec![]).await, 2);
        let named =
            "SELECT COUNT(*) AS n FROM journal WHERE kind = 'pulse_answered' AND actor_id IS NOT NULL";
        assert_eq!(count(named, vec![]).await, 0, "the journal does not say who");
    });
}

/// The answers to an instrument of two questions a scale.
fn short<'a>(want: &'a str, opposite: &'a str, able: &'a str) -> [(&'a str, &'a str); 4] {
    [("want", want), ("rather-not", opposite), ("able", able), ("time", able)]
}

const SHORT: &str = r#"format = "traction.instrument/1"
id = "short"
version = 1
name = "Four questions"
about = "For a ward that has little time."
low = "no"
high = "yes"
minimum_answers = 5
agreement = 0.7
[[scales]]
id = "appetite"
name = "Appetite"
means = "How much we want it."
[[scales]]
id = "aptitude"
name = "Aptitude"
means = "How able we feel."
[[items]]
id = "want"
scale = "appetite"
says = "We want it."
[[items]]
id = "rather-not"
scale = "appetite"
says = "We would rather leave everything as it is."
reverse = true
[[items]]
id = "able"
scale = "aptitude"
says = "We can do it."
[[items]]
id = "time"
scale = "aptitude"
says = "We have the time."
"#;

#[test]
fn an_instrument_of_ones_own_is_sent_by_personal_links_and_answered_without_signing_in_once() {
    on_both(async |world| {
        let (ward, everybody) = ward(&world).await;
        let lead = world.person("chris", RoleWord::ChangeLead, None).await;
        let (lead, lea) = (world.browser_of(lead).await, world.browser_of(everybody[0]).await);
        lea.post("/instruments", &[("text", SHORT)]).await.is(403);
        let wrong = SHORT.replace("agreement = 0.7", "agreement = 0.4");
        let page = lead.post("/instruments", &[("text", &wrong)]).await;
        page.is(422).shows("Line 9: `agreement` is 0.7 to 0.95, not 0.4");
        lead.submit("/instruments", &[("text", SHORT)]).await;
        lead.submit("/instruments", &[("text", SHORT)]).await;
        let changed = SHORT.replace("We want it.", "We do want it.");
        lead.post("/instruments", &[("text", &changed)]).await.is(422).shows("set `version = 2`");
        world.visitor().get("/instruments").await.shows("Four questions").shows("turned round");
        world.visitor().get("/instruments/short/text").await.is(200);

        let ask = [("unit", &*ward.to_string()), ("change", ""), ("days", "7"), ("instrument", "short")];
        let pulse = lea.submit("/pulses", &ask).await;
        world.visitor().post(&format!("{pulse}/links"), &[]).await.is(303);
        let made = lea.post(&format!("{pulse}/links"), &[]).await;
        made.is(200).shows("Their links");
        let links: Vec<String> = made
            .body
            .split("<code>http://traction.test")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().to_owned())
            .collect();
        assert_eq!(links.len(), 6, "one for each");
        lea.get(&pulse).await.hides("/asked/");

        let visitor = world.visitor();
        visitor.get(&links[1]).await.shows("How ready is ward-7?").shows("We would rather leave everything");
        visitor.post(&links[1], &short("4", "", "3")).await.is(422).shows("1 of 4 questions is without");
        for (place, link) in links.iter().enumerate() {
            // Five says what three says at the item that is turned round: 6 - 2 = 4.
            let thanks = visitor.submit(link, &short("4", "2", if place == 0 { "2" } else { "3" })).await;
            visitor.get(&thanks).await.shows("Your answers are in.").hides("We have the time");
        }
        // The page tells nobody whether it was answered: who made the links would learn who has.
        visitor.get(&links[1]).await.shows("We have the time").hides("Your answers are in");
        visitor.post(&links[1], &short("1", "1", "1")).await.is(422).shows("cannot be changed");
        let ann = world.browser_of(everybody[1]).await;
        ann.get(&pulse).await.shows("You have answered");
        visitor.get("/asked/0123").await.is(404);

        world.days_go_by(7.0).await;
        world.visitor().get(&links[2]).await.shows("It closed").hides("We have the time");
        world.visitor().get("/readiness").await.shows("ward-7 4.0 of 5").shows("2.8 of 5");
        let sql = world.world.store().read();
        let named =
            "SELECT COUNT(*) AS n FROM journal WHERE kind = 'pulse_answered' AND actor_id IS NOT NULL";
        assert_eq!(sql.one(named, vec![]).await.unwrap().unwrap().count("n").unwrap(), 0);
    });
}

/// A ward of seven, of whom Max has no address, and its pulse of a week.
async fn mailed_ward(world: &TestWorld) -> (Vec<PersonId>, String) {
    let (ward, everybody) = ward(world).await;
    let without = person_rules::propose("max", "", "max").unwrap();
    let max = traction::org::person::verbs::add(&world.world, &Who::operator(), without).await.unwrap();
    let member = RoleWord::Member.role(Some(ward)).unwrap();
    traction::org::person::verbs::give_role(&world.world, &Who::operator(), max, member).await.unwrap();
    let ask = [("unit", &*ward.to_string()), ("change", ""), ("days", "7")];
    let pulse = world.browser_of(everybody[0]).await.submit("/pulses", &ask).await;
    (everybody, pulse)
}

/// Lets `minutes` go by, and does what the job of the letters does then.
async fn letters_leave(world: &TestWorld, minutes: f64) {
    world.days_go_by(minutes / (24.0 * 60.0)).await;
    outbox::verbs::send_due(&world.world).await.unwrap();
}

const BY_MAIL: [(&str, &str); 1] = [("by", "mail")];

#[test]
fn members_are_mailed_their_links_and_whoever_sends_sees_none_of_them() {
    on_both(async |world| {
        let (everybody, pulse) = mailed_ward(&world).await;
        let lea = world.browser_of(everybody[0]).await;
        let ann = world.browser_of(everybody[1]).await;
        let links = format!("{pulse}/links");
        let mail = &world.world.settings().mail;
        ann.post(&links, &BY_MAIL).await.is(403);
        letters_leave(&world, 0.0).await;
        assert_eq!(mail.letters(), [], "only whoever may ask sends");

        lea.get(&pulse).await.shows("Mail each his link").hides("Mailed");
        lea.submit(&links, &BY_MAIL).await;
        // Nobody waits for the mail server; whom no letter can reach is told at once.
        let page = lea.get(&pulse).await;
        page.shows("0 letters have left, 6 are to leave.").shows("not reached: max: no address is known");
        assert_eq!(mail.letters(), []);
        letters_leave(&world, 0.0).await;
        let page = lea.get(&pulse).await;
        page.shows("6 letters have left.").shows("max: no address is known");
        assert!(!page.body.contains("/asked/"), "{}", page.body);
        ann.get(&pulse).await.hides("letters have left").hides("no address");
        let letters = mail.letters();
        assert_eq!(letters.len(), 6);
        let to_ann = letters.iter().find(|letter| letter.to == "ann@test.org").unwrap();
        assert_eq!(to_ann.subject, "How ready is ward-7?");
        assert!(to_ann.text.contains("until 9 March 2026, 08:00 (UTC)"), "{}", to_ann.text);
        let link = to_ann.text.lines().find_map(|line| line.strip_prefix("http://traction.test")).unwrap();
        world.visitor().get(link).await.shows("How ready is ward-7?");
        // Max's is to be handed out.
        let rest = lea.post(&links, &[("by", "rest")]).await;
        assert_eq!(rest.body.matches("<code>http://traction.test/asked/").count(), 1, "{}", rest.body);
        rest.shows("max http://traction.test/asked/");
        ann.post(&links, &[("by", "rest")]).await.is(403);

        lea.post(&links, &BY_MAIL).await.is(422).shows("The links were sent on");
        letters_leave(&world, 60.0).await;
        assert_eq!(mail.letters(), [], "each once");
        letters_leave(&world, 23.0 * 60.0).await;
        lea.submit(&links, &BY_MAIL).await;
        letters_leave(&world, 0.0).await;
        lea.get(&pulse).await.shows("6 letters have left.");
        assert_eq!(mail.letters().len(), 6);
        world.days_go_by(6.0).await;
        world.browser_of(everybody[0]).await.post(&links, &BY_MAIL).await.is(422).shows("closed on");
    });
}

#[test]
fn a_mail_server_that_takes_nothing_is_tried_again_and_who_is_not_reached_gets_a_link_by_hand() {
    on_both(async |world| {
        let (everybody, pulse) = mailed_ward(&world).await;
        let lea = world.browser_of(everybody[0]).await;
        let links = format!("{pulse}/links");
        let mail = &world.world.settings().mail;
        mail.falls_silent();
        lea.submit(&links, &BY_MAIL).await;
        // One letter is tried, and the others are not kept waiting for as many times the server's time.
        letters_leave(&world, 0.0).await;
        let page = lea.get(&pulse).await;
        page.shows("0 letters have left, 6 are to leave.");
        assert_eq!(page.text().matches("the mail server does not answer").count(), 1, "{}", page.text());
        page.shows("These are tried again:");

        // Another server on the same database takes up what this one left.
        let other = world.another().await;
        letters_leave(&other, 0.0).await;
        assert_eq!(other.world.settings().mail.letters().len(), 5, "one waits for its minute");
        letters_leave(&world, 0.5).await;
        mail.is_back();
        letters_leave(&world, 1.0).await;
        assert_eq!(mail.letters().len(), 1, "after its minute it leaves, and no other a second time");
        lea.get(&pulse).await.shows("6 letters have left.").hides("tried again");

        // The next day it takes nothing for longer than letters wait.
        world.days_go_by(1.0).await;
        let lea = world.browser_of(everybody[0]).await;
        mail.falls_silent();
        lea.submit(&links, &BY_MAIL).await;
        for _ in 0..200 {
            letters_leave(&world, 10.0).await;
        }
        let lea = world.browser_of(everybody[0]).await;
        let page = lea.get(&pulse).await;
        page.shows("0 letters have left.")
            .shows("not reached:")
            .shows("eve: the mail server does not answer");
        mail.is_back();
        letters_leave(&world, 60.0).await;
        assert_eq!(mail.letters(), [], "what was given up does not come days later");
        let rest = lea.post(&links, &[("by", "rest")]).await;
        assert_eq!(rest.body.matches("<code>http://traction.test/asked/").count(), 7, "nobody is left out");
    });
}

#[test]
fn a_letter_that_is_over_before_it_leaves_does_not_leave() {
    on_both(async |world| {
        let (everybody, pulse) = mailed_ward(&world).await;
        let lea = world.browser_of(everybody[0]).await;
        lea.submit(&format!("{pulse}/links"), &BY_MAIL).await;
        let held =
            traction::org::person::store::roles(world.world.store().read(), everybody[1]).await.unwrap();
        traction::org::person::verbs::end_role(&world.world, &Who::operator(), everybody[1], held[0].id)
            .await
            .unwrap();
        letters_leave(&world, 0.0).await;
        let mail = &world.world.settings().mail;
        assert_eq!(mail.letters().iter().filter(|letter| letter.to == "ann@test.org").count(), 0, "she left");
        world.days_go_by(1.0).await;
        let lea = world.browser_of(everybody[0]).await;
        lea.submit(&format!("{pulse}/links"), &BY_MAIL).await;
        letters_leave(&world, 6.0 * 24.0 * 60.0).await;
        assert_eq!(mail.letters(), [], "the pulse is closed");
    });
}

/// A server that was off for a day, and somebody who pressed again meanwhile: each member gets one letter, with the last link.
#[test]
fn what_was_mailed_anew_before_it_left_leaves_once() {
    on_both(async |world| {
        let (everybody, pulse) = mailed_ward(&world).await;
        let links = format!("{pulse}/links");
        world.browser_of(everybody[0]).await.submit(&links, &BY_MAIL).await;
        world.days_go_by(1.0).await;
        world.browser_of(everybody[0]).await.submit(&links, &BY_MAIL).await;
        letters_leave(&world, 0.0).await;
        assert_eq!(world.world.settings().mail.letters().len(), 6);
        world.browser_of(everybody[0]).await.get(&pulse).await.shows("6 letters have left.");
    });
}

#[test]
fn of_two_servers_one_sends_each_letter() {
    on_nodes(async |[one, other]: [TestWorld; 2]| {
        let (everybody, pulse) = mailed_ward(&one).await;
        one.browser_of(everybody[0]).await.submit(&format!("{pulse}/links"), &BY_MAIL).await;
        let send = |world: &TestWorld| {
            let world = world.world.clone();
            tokio::spawn(async move { outbox::verbs::send_due(&world).await })
        };
        let (a, b) = (send(&one), send(&other));
        a.await.unwrap().unwrap();
        b.await.unwrap().unwrap();
        let mut to: Vec<String> = [&one, &other]
            .into_iter()
            .flat_map(|world| world.world.settings().mail.letters())
            .map(|letter| letter.to)
            .collect();
        to.sort();
        let everybody = ["ann", "bob", "cid", "dot", "eve", "lea"].map(|name| format!("{name}@test.org"));
        assert_eq!(to, everybody);
    });
}

/// A server that was killed between beginning a try and its end: two minutes later another one goes on.
#[test]
fn a_letter_whose_server_was_lost_while_it_sent_is_tried_again() {
    on_both(async |world| {
        let (everybody, pulse) = mailed_ward(&world).await;
        world.browser_of(everybody[0]).await.submit(&format!("{pulse}/links"), &BY_MAIL).await;
        let tx = world.world.store().begin().await.unwrap();
        let now = world.world.now();
        for letter in outbox::store::waiting(&tx, now).await.unwrap() {
            outbox::store::begin_try(&tx, letter.wished.id, 1, now).await.unwrap();
        }
        world.world.commit(tx).await.unwrap();
        letters_leave(&world, 1.0).await;
        let mail = &world.world.settings().mail;
        assert_eq!(mail.letters(), [], "they are being sent, for all that is known");
        letters_leave(&world, 2.0).await;
        assert_eq!(mail.letters().len(), 6);
    });
}

#[test]
fn how_a_unit_moved_since_its_pulse_before_is_shown() {
    on_both(async |world| {
        let (ward, everybody) = ward(&world).await;
        let ask = [("unit", &*ward.to_string()), ("change", ""), ("days", "1")];
        for (day, appetite) in [(1.0, "3"), (28.0, "4")] {
            let people = at_browsers(&world, &everybody).await;
            let pulse = people[0].submit("/pulses", &ask).await;
            answer_all(&people, &pulse, &[(appetite, "3"); 6]).await;
            world.days_go_by(1.0).await;
            let page = world.visitor().get("/readiness").await;
            if day < 2.0 {
                page.shows("3.0 of 5").hides("appetite +");
            } else {
                page.shows("appetite +1.0, aptitude +0.0");
                assert!(page.body.contains("A dashed line leads from where it stood"), "{}", page.body);
            }
            world.days_go_by(28.0).await;
        }
    });
}

/// Somebody who has left the unit since he got his link no longer speaks for it.
#[test]
fn a_link_is_worth_nothing_to_who_has_left_the_unit() {
    on_both(async |world| {
        let (ward, everybody) = ward(&world).await;
        let lea = world.browser_of(everybody[0]).await;
        let ask = [("unit", &*ward.to_string()), ("change", ""), ("days", "7")];
        let pulse = lea.submit("/pulses", &ask).await;
        let made = lea.post(&format!("{pulse}/links"), &[]).await;
        let at = made.body.find("<td><a href=\"mailto:ann@").unwrap();
        let link = made.body[at..].split("/asked/").nth(1).unwrap().split(['<', '"', '\'']).next().unwrap();
        let sql = world.world.store().read();
        let held = traction::org::person::store::roles(sql, everybody[1]).await.unwrap();
        let operator = traction_domain::org::who::Who::operator();
        traction::org::person::verbs::end_role(&world.world, &operator, everybody[1], held[0].id)
            .await
            .unwrap();
        let answers = filled("4", "4");
        world.visitor().post(&format!("/asked/{link}"), &answers).await.is(403);
    });
}
