//! Stage 1: several people are asked on the same matter, and nobody learns what one of them said.

use serde_json::json;
use traction::org::token::store::Scope;
use traction_domain::org::role::RoleWord;

use crate::world::{Browser, on_both};

/// A link made on the page of a case, as it is sent to somebody.
async fn link(jo: &Browser<'_>, case: &str) -> String {
    let page = jo.post(&format!("{case}/links"), &[]).await;
    let at = page.is(200).body.find("/voices/").unwrap();
    page.body[at..].split(['<', '"']).next().unwrap().to_owned()
}

async fn case(jo: &Browser<'_>) -> String {
    jo.submit("/cases", &[("title", "Hand-overs at ward 7"), ("playbook", "internal-change")]).await
}

const SEES_NO_OWNER: &str = "owner.nobody~steps.few";
const SEES_ONE: &str = "owner.same~steps.few";

#[test]
fn six_people_answer_alone_and_are_told_together_once_the_case_is_closed() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let kim = world.person("kim", RoleWord::Lead, Some(ward)).await;
        let (jo, kim) = (world.browser_of(jo).await, world.browser_of(kim).await);
        jo.get("/cases").await.shows("Each answers alone");
        let case = case(&jo).await;
        jo.get(&case).await.shows("0 of 0 links have been answered.").shows("Whom do you ask?");
        kim.get(&case).await.is(404);
        kim.post(&format!("{case}/links"), &[]).await.is(404);
        world.visitor().get(&case).await.is(303);

        for n in 0..6 {
            let link = link(&jo, &case).await;
            let visitor = world.visitor();
            let first = visitor.get(&link).await;
            first.shows("Question 1 of Hand-overs at ward 7.").hides("So far:");
            let second = visitor.get(&format!("{link}?given=&say=owner.nobody")).await;
            second.shows("Question 2 of").hides("So far:").hides("then first");
            let given = if n < 3 { SEES_NO_OWNER } else { SEES_ONE };
            let end = visitor.get(&format!("{link}?given={given}&enough=yes")).await;
            end.shows("2 answers on “Hand-overs at ward 7”.").shows("Hand in, to be told together only");
            visitor
                .post(&link, &[("given", ""), ("openness", "closed")])
                .await
                .is(422)
                .shows("answer a question or two first");
            visitor.submit(&link, &[("given", given), ("openness", "closed")]).await;
            visitor.get(&link).await.shows("Your answers are in.");
            visitor
                .post(&link, &[("given", given), ("openness", "open")])
                .await
                .is(422)
                .shows("handed in before");
        }
        let open = jo.get(&case).await;
        open.shows("6 of 6 links have been answered.").hides("Probability").hides("Do first");

        jo.submit(&format!("{case}/end"), &[]).await;
        let closed = jo.get(&case).await;
        closed.shows("Where they see it differently").shows("who answers for it there");
        closed.shows("they are divided").shows("Do first: ").hides("Make a link");
        jo.post(&format!("{case}/links"), &[]).await.is(422).shows("its result stands");
        jo.post(&format!("{case}/end"), &[]).await.is(422);
        jo.get("/cases").await.shows("Hand-overs at ward 7").shows("6 of 6").shows("closed");
        kim.get("/cases").await.hides("Hand-overs at ward 7");
    });
}

#[test]
fn four_closed_answers_are_never_told() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let case = case(&jo).await;
        for _ in 0..4 {
            let link = link(&jo, &case).await;
            world.visitor().submit(&link, &[("given", SEES_NO_OWNER), ("openness", "closed")]).await;
        }
        let late = link(&jo, &case).await;
        jo.submit(&format!("{case}/end"), &[]).await;
        jo.get(&case).await.shows("too few answered").hides("Do first").hides("they agree");
        world.visitor().get(&late).await.shows("This case is closed.");
        world
            .visitor()
            .post(&late, &[("given", SEES_ONE), ("openness", "open")])
            .await
            .is(422)
            .shows("was closed on");
        world.visitor().get("/voices/0123").await.is(404);
    });
}

/// Two who let their answers be shown are told; three who do not are left out beside them.
#[test]
fn those_who_let_their_answers_be_shown_are_told() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let case = case(&jo).await;
        let each = [(SEES_NO_OWNER, "open"), (SEES_ONE, "open"), (SEES_ONE, "closed"), (SEES_ONE, "closed")];
        for (given, openness) in each {
            let link = link(&jo, &case).await;
            world.visitor().submit(&link, &[("given", given), ("openness", openness)]).await;
        }
        jo.submit(&format!("{case}/end"), &[]).await;
        jo.get(&case)
            .await
            .shows("who answers for it there")
            .shows("The same name, at once")
            .shows("2 are not counted: they would stand out.");
    });
}

/// What a page says apart from how many have answered, which may be known.
fn without_counts(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_ascii_digit())
        .collect::<String>()
        .replace("links have", "link has")
}

/// The attack by differences: whoever opened the case looks after every single voice, at every door. What he sees of one
/// more voice is that it is one more; and a result that stands does not change any more.
#[test]
fn no_difference_of_two_looks_tells_what_the_voice_between_them_said() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(jo).await;
        let case = case(&jo).await;
        let mut links = Vec::new();
        for _ in 0..7 {
            links.push(link(&jo, &case).await);
        }
        let before = without_counts(&jo.get(&case).await.text());
        for (n, link) in links.iter().take(6).enumerate() {
            let (given, openness) = if n % 2 == 0 { (SEES_ONE, "closed") } else { (SEES_NO_OWNER, "open") };
            world.visitor().submit(link, &[("given", given), ("openness", openness)]).await;
            let after = without_counts(&jo.get(&case).await.text());
            assert_eq!(after, before, "nothing but counts moves after voice {n}");
            jo.get("/cases").await.hides("divided").hides("Probability");
            world.visitor().get(link).await.hides("only one or two").hides("The same name");
        }
        jo.submit(&format!("{case}/end"), &[]).await;
        let result = jo.get(&case).await.text();
        world.visitor().post(&links[6], &[("given", SEES_ONE), ("openness", "open")]).await.is(422);
        jo.post(&format!("{case}/end"), &[]).await.is(422);
        assert_eq!(jo.get(&case).await.text(), result, "a result that stands does not move");
    });
}

#[test]
fn a_program_opens_a_case_and_alone_reads_what_its_voices_say_together() {
    on_both(async |world| {
        let program = world.client(&[Scope::Write]).await;
        let other = world.client(&[Scope::Write]).await;
        let wish = json!({ "playbook": "buying", "title": "The new plant" });
        program.post("/api/v1/cases", &json!({ "playbook": "selling", "title": "x" })).await.is(404);
        let made = program.post("/api/v1/cases", &wish).await;
        let at = format!("/api/v1/cases/{}", made.is(201).json()["id"].as_str().unwrap());
        other.get(&at).await.is(404);
        other.post(&format!("{at}/links"), &json!({})).await.is(404);
        assert_eq!(other.get("/api/v1/cases").await.json()["items"], json!([]));
        let first = program.get("/api/v1/diagnosis/buying").await.json();
        let sign = first["next"]["sign"].as_str().unwrap();
        let said = first["next"]["answers"].as_array().unwrap();
        let said: Vec<&str> = said.iter().map(|answer| answer["answer"].as_str().unwrap()).collect();
        for said in said.iter().take(2) {
            let link = program.post(&format!("{at}/links"), &json!({})).await.is(201).json();
            let link =
                link["link"].as_str().unwrap().strip_prefix("http://traction.test").unwrap().to_owned();
            let given = format!("{sign}.{said}");
            world.visitor().submit(&link, &[("given", &given), ("openness", "open")]).await;
            assert_eq!(program.get(&at).await.json()["result"], json!(null), "not while it is open");
        }
        program.post(&format!("{at}/end"), &json!({})).await.is(200);
        let result = program.get(&at).await.json()["result"].clone();
        assert_eq!((&result["voices"]["heard"], &result["voices"]["told"]), (&json!(2), &json!("exactly")));
        assert!(result["frictions"][0]["concord"].is_string());
        assert_eq!(program.get("/api/v1/cases").await.json()["items"][0]["answered"], 2);
    });
}

/// Those who let their answers be shown are drawn: by question, and by friction.
#[test]
fn disagreement_is_a_picture_and_what_is_tried_is_asked_about_later() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let person = world.person("jo", RoleWord::Member, Some(ward)).await;
        let jo = world.browser_of(person).await;
        let case = case(&jo).await;
        jo.post(
            &format!("{case}/trials"),
            &[("remedy", "one-name"), ("friction", "no-owner"), ("days", "7")],
        )
        .await
        .is(422)
        .shows("close it first");
        for given in [SEES_NO_OWNER, SEES_NO_OWNER, SEES_ONE] {
            let link = link(&jo, &case).await;
            world.visitor().submit(&link, &[("given", given), ("openness", "open")]).await;
        }
        jo.submit(&format!("{case}/end"), &[]).await;
        let page = jo.get(&case).await;
        page.shows("They are divided over 1 of 2 questions").shows("Pairs of people who answered otherwise");
        page.shows("Two of them apart, points").shows("they agree").shows("We try it");
        let tried = [("remedy", "one-name"), ("friction", "no-owner"), ("days", "7")];
        jo.post(&format!("{case}/trials"), &[tried[0], tried[1], ("days", "0")])
            .await
            .is(422)
            .shows("1 to 366 days");
        let no_link = [("remedy", "one-name"), ("friction", "habit"), ("days", "7")];
        jo.post(&format!("{case}/trials"), &no_link).await.is(422).shows("does not say");
        jo.submit(&format!("{case}/trials"), &tried).await;
        jo.post(&format!("{case}/trials"), &tried).await.is(422).shows("being tried already");
        let page = jo.get(&case).await;
        page.shows("What was tried One name on the wall against").shows("asked in ");
        page.hides("Do first: One name on the wall");
        let at = page.body.find("/trials/").unwrap();
        let trial = page.body[at..].split('"').next().unwrap().to_owned();
        let kim = world.person("kim", RoleWord::Lead, Some(ward)).await;
        world.browser_of(kim).await.get(&trial).await.is(404);
        world.days_go_by(8.0).await;
        let jo = world.browser_of(person).await;
        jo.get(&case).await.shows("is it gone?");
        jo.submit(&format!("{trial}/end"), &[("outcome", "gone")]).await;
        jo.get(&case).await.shows("it is gone.");
        world
            .visitor()
            .get("/diagnosis/internal-change/learnt")
            .await
            .shows("1 try, the friction gone after 1.");
    });
}
