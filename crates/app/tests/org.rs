//! People: the first administrator, signing in and out, roles.

use traction::org::session;
use traction_domain::org::role::RoleWord;

use crate::world::on_both;

#[test]
fn the_first_administrator_is_made_by_a_link_that_works_once() {
    on_both(async |world| {
        let link = session::verbs::make_first_link(&world.world).await.unwrap().expect("nobody is there yet");
        let mut browser = world.visitor();
        let first = format!("/first/{link}");
        browser.get(&first).await.is(200).shows("Whoever fills in this page runs this installation.");
        browser.get("/first/x").await.is(410).shows("start it again: it prints a new one").hides("Your name");
        let short = [("name", "Ada"), ("email", "ada@test.org"), ("password", "short")];
        browser.post(&first, &short).await.is(422).shows("at least 10 characters");
        let entries = [("name", "Ada"), ("email", "ada@test.org"), ("password", "a long enough one")];
        let response = browser.post(&first, &entries).await;
        response.is(303);
        browser.keep_cookie(&response);
        browser.get("/people").await.is(200).shows("Ada");
        browser.get("/people?sought=ADA%40test").await.is(200).shows("1 found").shows("Ada");
        browser.get("/people?sought=jo").await.is(200).shows("0 found").hides("ada@test.org");

        world.visitor().post(&first, &entries).await.is(422).shows("was used or has expired");
        let spent = world.visitor().get(&first).await;
        spent.is(410).shows("ask an administrator for a new one").hides("Your name");
        assert_eq!(session::verbs::make_first_link(&world.world).await.unwrap(), None);
    });
}

#[test]
fn several_servers_each_print_a_link_and_whichever_is_followed_first_ends_the_others() {
    on_both(async |world| {
        let made = async || {
            let link = session::verbs::make_first_link(&world.world).await.unwrap();
            format!("/first/{}", link.expect("nobody is there yet"))
        };
        let old = made().await;
        world.days_go_by(7.0).await;
        world.visitor().get(&old).await.is(410);
        let (one, other) = (made().await, made().await);
        world.visitor().get(&one).await.is(200);
        world.visitor().get(&other).await.is(200);
        let entries = [("name", "Ada"), ("email", "ada@test.org"), ("password", "a long enough one")];
        world.visitor().post(&one, &entries).await.is(303);
        world.visitor().get(&other).await.is(410).shows("ask an administrator for a new one");
        world.visitor().post(&other, &entries).await.is(422);
        // Not even where the administrator goes again.
        let sql = world.world.store().read();
        sql.run("DELETE FROM role", vec![]).await.unwrap();
        world.visitor().get(&other).await.is(410).shows("it prints a new one");
    });
}

#[test]
fn a_person_signs_in_with_address_and_password_and_out_again() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Member, Some(ward)).await;
        let browser = world.browser_of(jo).await;
        browser.submit("/me/password", &[("password", "correct horse battery")]).await;

        let mut other = world.visitor();
        let wrong =
            other.post("/sign-in", &[("email", "jo@test.org"), ("password", "wrong horse battery")]).await;
        wrong.is(422).shows("do not belong together");
        let nobody =
            other.post("/sign-in", &[("email", "no@test.org"), ("password", "wrong horse battery")]).await;
        nobody.is(422).shows("do not belong together");
        let right =
            other.post("/sign-in", &[("email", "Jo@test.org"), ("password", "correct horse battery")]).await;
        right.is(303);
        other.keep_cookie(&right);
        other.get("/me").await.is(200).shows("member of ward-7");

        let out = other.post("/sign-out", &[]).await;
        other.keep_cookie(&out);
        other.get("/me").await.is(303);
    });
}

#[test]
fn a_session_ends_when_nobody_uses_it_for_a_week() {
    on_both(async |world| {
        let jo = world.person("jo", RoleWord::Coach, None).await;
        let browser = world.browser_of(jo).await;
        world.days_go_by(6.0).await;
        browser.get("/me").await.is(200);
        world.days_go_by(6.0).await;
        browser.get("/me").await.is(200);
        world.days_go_by(7.5).await;
        browser.get("/me").await.is(303);
    });
}

#[test]
fn only_an_administrator_sees_people_and_gives_roles() {
    on_both(async |world| {
        let ward = world.unit("ward-7", None).await;
        let jo = world.person("jo", RoleWord::Lead, Some(ward)).await;
        let browser = world.browser_of(jo).await;
        browser.get("/people").await.is(403).shows("Only an administrator can");
        browser.post(&format!("/people/{jo}/roles"), &[("role", "administrator")]).await.is(403);
        world.visitor().get("/people").await.is(303);

        let ada = world.person("ada", RoleWord::Administrator, None).await;
        let ada = world.browser_of(ada).await;
        ada.submit(&format!("/people/{jo}/roles"), &[("role", "coach")]).await;
        browser.get("/me").await.shows("coach");
        ada.get("/journal").await.shows("ada role given").shows("facts are written down");
        browser.get("/journal").await.is(403);
        ada.post(&format!("/people/{jo}/roles"), &[("role", "lead")])
            .await
            .is(422)
            .shows("the unit in which the role is held");
    });
}

#[test]
fn a_page_of_another_site_cannot_write_in_our_name() {
    on_both(async |world| {
        let jo = world.person("jo", RoleWord::Coach, None).await;
        let browser = world.browser_of(jo).await;
        let response = browser.post_from_elsewhere("/sign-out").await;
        response.is(403);
        browser.get("/me").await.is(200);
    });
}

#[test]
fn an_address_that_leads_nowhere_says_so_and_no_page_loads_from_elsewhere() {
    on_both(async |world| {
        let nowhere = world.visitor().get("/nowhere").await;
        nowhere.is(404).shows("There is no page here; go back and pick one from the list.");
        let policy = nowhere.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self'"), "{policy}");
    });
}

#[test]
fn a_link_that_works_no_more_says_so_before_anybody_presses_its_button() {
    on_both(async |world| {
        let jo = world.person("jo", RoleWord::Coach, None).await;
        let link = world.link_of(jo).await;
        let mut browser = world.visitor();
        browser.get(&link).await.is(200).shows("This link signs you in on this device.");
        browser.follow(&link).await.is(303);
        for spent in [&*link, "/enter/x"] {
            let page = world.visitor().get(spent).await;
            page.is(410).shows("This link was used or has expired; ask an administrator for a new one.");
            page.hides("signs you in");
        }
    });
}
