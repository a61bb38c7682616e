//! Stage 1: several people are asked on the same matter, and nobody learns what one of them said.

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
