//! Stage 1: customer accounts, what holds them up, what was tried and what is next; and what is learnt from it.

use traction::org::token::store::Scope;
use traction_domain::org::role::RoleWord;

use crate::fixture::BEDSIDE_TESTS;
use crate::world::{Browser, TestWorld, on_both};

const STATUS_QUO: (&str, &str) = ("friction", "buying/status-quo");

async fn seller(world: &TestWorld) -> Browser<'_> {
    let sam = world.person("sam", RoleWord::Seller, None).await;
    world.browser_of(sam).await
}

/// The value of the hidden entry of this name.
fn hidden(body: &str, name: &str) -> String {
    let at = body.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no {name} in {body}"));
    body[at..].split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Where the first form of the page is sent that leads to trials.
fn action(body: &str) -> String {
    let end = body.find("/trials\"").unwrap();
    let start = body[..end].rfind("action=\"").unwrap() + 8;
    format!("{}/trials", &body[start..end])
}

#[test]
fn a_seller_sees_what_customers_are_stuck_on_what_was_tried_and_what_is_next() {
    on_both(async |world| {
        let sam = seller(&world).await;
        sam.get("/accounts").await.shows("is stuck on something").shows("0 organisations");
        let harbour = sam.submit("/accounts", &[("name", "Harbour & Sons")]).await;
        assert_eq!(harbour, "/accounts/harbour-sons");
        sam.post("/accounts", &[("name", "harbour sons")])
            .await
            .is(422)
            .shows("There is an account `harbour-sons`");
        sam.get(&harbour).await.shows("Nothing is written down yet");

        let wish = [STATUS_QUO, ("words", "It works as it is <b>now</b>")];
        sam.submit(&format!("{harbour}/holds"), &wish).await;
        sam.post(&format!("{harbour}/holds"), &wish).await.is(422).shows("written down already");
        sam.post(&format!("{harbour}/holds"), &[("friction", "buying/gravity")]).await.is(422);
        let page = sam.get(&harbour).await;
        page.shows("Stuck on: ").shows("It works as it is <b>now</b>").shows("What is next: ");
        assert!(page.body.contains("&lt;b&gt;now"), "what they say is text");
        let remedy = hidden(&page.body, "remedy");
        sam.submit(&action(&page.body), &[("remedy", &remedy), ("days", "21")]).await;
        sam.get(&harbour)
            .await
            .shows("trying")
            .shows("Being tried: ")
            .shows("asked in 3 weeks")
            .hides("We try it");
        sam.get("/accounts").await.shows("in 1 something is being tried").shows("0 are stuck");

        world.days_go_by(21.0).await;
        traction::sense::trial::verbs::ask_due(&world.world).await.unwrap();
        traction::sense::trial::verbs::ask_due(&world.world).await.unwrap();
        let sql = world.world.store().read();
        let due = "SELECT COUNT(*) AS n FROM journal WHERE kind = 'trial_due'";
        assert_eq!(sql.one(due, vec![]).await.unwrap().unwrap().count("n").unwrap(), 1, "noticed once");
        let sam = world
            .browser_of(
                traction::org::person::store::by_email(sql, "sam@test.org").await.unwrap().unwrap().id,
            )
            .await;
        let home = sam.get("/").await;
        home.shows("is it gone?");
        let at = home.body.find("/trials/").unwrap();
        let trial = home.body[at..].split('"').next().unwrap().to_owned();
        sam.get(&trial).await.shows("Is it gone: ").shows("By now it should be felt.");
        sam.post(&format!("{trial}/end"), &[("outcome", "perhaps")]).await.is(422);
        sam.submit(&format!("{trial}/end"), &[("outcome", "stayed")]).await;
        sam.post(&format!("{trial}/end"), &[("outcome", "gone")])
            .await
            .is(422)
            .shows("It was said on 23 March 2026");
        sam.get("/").await.hides("is it gone?");

        // It did not help: another remedy is next, and what was learnt is there for everybody.
        let page = sam.get(&harbour).await;
        assert_ne!(hidden(&page.body, "remedy"), remedy);
        page.shows("stayed");
        world
            .visitor()
            .get("/diagnosis/buying/learnt")
            .await
            .shows("1 try, the friction gone after 0.")
            .shows("0 of 1 (thin)");
        let next = hidden(&page.body, "remedy");
        sam.submit(&action(&page.body), &[("remedy", &next), ("days", "7")]).await;
        let page = sam.get(&harbour).await;
        let at = page.body.find("/trials/").unwrap();
        let trial = page.body[at..].split('"').next().unwrap().to_owned();
        sam.submit(&format!("{trial}/end"), &[("outcome", "gone")]).await;
        sam.get(&harbour).await.shows("Nothing holds them up any more.").hides("We try it");
    });
}

#[test]
fn accounts_are_for_sellers_and_for_those_who_make_the_offers() {
    on_both(async |world| {
        let sam = seller(&world).await;
        let harbour = sam.submit("/accounts", &[("name", "Harbour")]).await;
        let ward = world.unit("ward-7", None).await;
        for (name, word, unit, status) in [
            ("jo", RoleWord::Member, Some(ward), 403),
            ("lea", RoleWord::Lead, Some(ward), 403),
            ("cora", RoleWord::Coach, None, 403),
            ("chris", RoleWord::ChangeLead, None, 200),
        ] {
            let person = world.person(name, word, unit).await;
            let person = world.browser_of(person).await;
            for page in ["/accounts", &harbour, "/accounts.csv"] {
                person.get(page).await.is(status);
            }
            let entered = person.post("/accounts", &[("name", name)]).await.status;
            assert_eq!(entered.as_u16(), if status == 200 { 303 } else { 403 });
        }
        world.visitor().get("/accounts").await.is(303);
        world.visitor().get(&harbour).await.is(303);
        world.client(&[Scope::Access]).await.get("/api/v1/accounts").await.is(403);
    });
}

#[test]
fn demand_of_customers_and_of_our_own_leads_to_the_same_call() {
    on_both(async |world| {
        let sam = seller(&world).await;
        let chris = world.person("chris", RoleWord::ChangeLead, None).await;
        let chris = world.browser_of(chris).await;
        chris.submit("/changes", &BEDSIDE_TESTS).await;
        let harbour = sam.submit("/accounts", &[("name", "Harbour")]).await;
        sam.submit(&format!("{harbour}/holds"), &[STATUS_QUO]).await;
        let remedy = hidden(&sam.get(&harbour).await.body, "remedy");
        let offer = [("remedy", &*remedy), ("change", "bedside-tests")];
        sam.post("/playbooks/buying/offers", &offer).await.is(403);
        chris.submit("/playbooks/buying/offers", &offer).await;
        chris.submit("/playbooks/buying/offers", &offer).await;
        chris.get("/playbooks/buying").await.shows("Remedies that are changes of ours");
        let page = sam.get(&harbour).await;
        page.shows("This is a change of ours:");
        assert!(page.body.contains("/changes/bedside-tests"));
        world
            .visitor()
            .get("/changes/bedside-tests")
            .await
            .shows("1 customer is stuck on what it removes")
            .hides("Harbour");
        assert!(sam.get("/accounts").await.body.contains("/changes/bedside-tests"));
        let read = world.client(&[Scope::Read]).await.get("/api/v1/accounts").await.json();
        assert_eq!(read["items"][0]["stuck_on"][0]["next"]["changes"][0], "bedside-tests");

        // Another one is stuck on the same; and the first on something else besides, for which the change is offered, too:
        // that is two customers, not three.
        let mill = sam.submit("/accounts", &[("name", "Mill")]).await;
        sam.submit(&format!("{mill}/holds"), &[STATUS_QUO]).await;
        sam.submit(&format!("{harbour}/holds"), &[("friction", "buying/no-proof")]).await;
        let read = world.client(&[Scope::Read]).await.get("/api/v1/accounts").await.json();
        let held = read["items"][0]["stuck_on"].as_array().unwrap();
        let other = held.iter().find(|hold| hold["friction"] == "no-proof").unwrap();
        let other = other["next"]["remedy"].as_str().unwrap().to_owned();
        chris.submit("/playbooks/buying/offers", &[("remedy", &other), ("change", "bedside-tests")]).await;
        let change = "/changes/bedside-tests";
        world.visitor().get(change).await.shows("2 customers are stuck on what it removes");

        // What is gone asks for nothing any more.
        let page = sam.get(&mill).await;
        sam.submit(&action(&page.body), &[("remedy", &remedy), ("days", "7")]).await;
        let page = sam.get(&mill).await;
        let at = page.body.find("/trials/").unwrap();
        let trial = page.body[at..].split('"').next().unwrap().to_owned();
        sam.submit(&format!("{trial}/end"), &[("outcome", "gone")]).await;
        world.visitor().get(change).await.shows("1 customer is stuck on what it removes");
    });
}

const TABLE: &str = "account,playbook,friction,words,remedy,tried_on,ask_on,outcome\n\
    Harbour & Sons,buying,status-quo,It works,,,,\n\
    Mill Ltd,buying,status-quo,,REMEDY,2026-01-05,2026-02-02,stayed\n";

#[test]
fn a_table_of_accounts_goes_in_and_out_and_the_same_one_twice_changes_nothing() {
    on_both(async |world| {
        let sam = seller(&world).await;
        let harbour = sam.submit("/accounts", &[("name", "Harbour & Sons")]).await;
        sam.submit(&format!("{harbour}/holds"), &[STATUS_QUO]).await;
        let remedy = hidden(&sam.get(&harbour).await.body, "remedy");
        let table = TABLE.replace("REMEDY", &remedy);
        sam.submit("/accounts/import", &[("rows", &table)]).await;
        let once = sam.get("/accounts.csv").await.body;
        assert!(
            once.contains(&format!(
                "Mill Ltd,buying,status-quo,,stuck,{remedy},2026-01-05,2026-02-02,stayed"
            )),
            "{once}"
        );
        sam.submit("/accounts/import", &[("rows", &table)]).await;
        sam.submit("/accounts/import", &[("rows", &once)]).await;
        assert_eq!(sam.get("/accounts.csv").await.body, once, "what goes out comes in again as it is");
        world.visitor().get("/diagnosis/buying/learnt").await.shows("1 try");

        let wrong = [
            ("status-quo", "gravity", "line 2, column `friction`"),
            (",buying,", ",selling,", "there is no playbook `selling`"),
            ("2026-01-05", "soon", "is not a day"),
            ("stayed", "perhaps", "neither gone nor stayed"),
            ("Mill Ltd", "", "write the organisation's name"),
        ];
        for (old, new, says) in wrong {
            let table = table.replace(old, new);
            sam.post("/accounts/import", &[("rows", &table)]).await.is(422).shows(says);
        }
        assert_eq!(sam.get("/accounts.csv").await.body, once, "nothing of a table that is wrong is kept");
    });
}

#[test]
fn several_people_of_a_customer_are_asked_and_what_they_say_is_written_down_for_it() {
    on_both(async |world| {
        let sam = seller(&world).await;
        let other = world.person("sue", RoleWord::Seller, None).await;
        let other = world.browser_of(other).await;
        let harbour = sam.submit("/accounts", &[("name", "Harbour")]).await;
        let asked = [("title", "The new plant"), ("playbook", "buying")];
        let case = sam.submit(&format!("{harbour}/cases"), &asked).await;
        sam.get(&case).await.shows("It is about Harbour");
        other.get(&harbour).await.shows("The new plant");
        other.get(&case).await.is(404);
        for _ in 0..5 {
            let page = sam.post(&format!("{case}/links"), &[]).await;
            let at = page.body.find("/voices/").unwrap();
            let link = page.body[at..].split(['<', '"']).next().unwrap().to_owned();
            let first = world.visitor().get(&link).await;
            let at = first.body.find("name=\"say\" value=\"").unwrap() + 18;
            let said = first.body[at..].split('"').next().unwrap().to_owned();
            world.visitor().submit(&link, &[("given", &said), ("openness", "closed")]).await;
        }
        sam.submit(&format!("{case}/end"), &[]).await;
        let page = sam.get(&case).await;
        page.shows("Write down that Harbour is stuck on: ").shows("We try it");
        let friction = hidden(&page.body, "friction");
        sam.submit(&format!("{harbour}/holds"), &[("friction", &friction)]).await;
        sam.get(&harbour).await.shows("Stuck on: ");
    });
}
