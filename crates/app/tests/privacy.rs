//! What is a person's own is seen by nobody else, on no page and at no endpoint: one plants marks in everything that is
//! hers, and everybody looks everywhere.

use std::collections::BTreeMap;

use serde_json::json;
use traction::measure::source;
use traction::measure::usage::subject;
use traction::offer::metric;
use traction::org::token::store::Scope;
use traction_domain::measure::source::SourceWritten;
use traction_domain::offer::metric::{self as metric_rules, Better};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;

use crate::crawl::look_at_every_page;
use crate::journey::{self, Hospital, N_WARDS};
use crate::world::{Response, on_both};

/// A word that stands in her name and in everything she writes.
const MARK: &str = "zebra";

/// A number that only her use of the solution has.
const VALUE: f64 = 31_337.25;

/// Addresses of people's doors that no link leads to: they are typed, sent, or asked for by the page itself.
const WITHOUT_LINK: [&str; 8] = [
    "/asked/{secret}",
    "/assets/{name}",
    // It never ends; what is told there is held by contend/live.rs.
    "/changes/{change}/waves/{n}/live",
    "/enter/{secret}",
    "/first/{secret}",
    "/frictions/similar",
    "/units/by-id/{unit}",
    "/voices/{secret}",
];

#[test]
fn what_is_a_persons_own_is_seen_by_nobody_else_anywhere() {
    on_both(async |world| {
        let hospital = journey::told(&world).await;
        let ward = &hospital.wards[0];
        let zebra = world.person(&format!("{MARK}-nurse"), RoleWord::Member, Some(ward.id)).await;
        let (own, lead) = (hospital.at(zebra).await, hospital.at(ward.lead).await);

        let words = |of: &str| format!("{MARK} {of}");
        let due = world.world.now().after_days(7).to_string();
        let goal = [("goal", &*words("goal")), ("plan", &*words("plan")), ("due", &due[..10])];
        own.submit("/cases", &[("title", &*words("case")), ("playbook", "internal-change")]).await;
        let commitment = own.submit("/commitments", &goal).await;
        let check_in = [("confidence", "1"), ("learnt", &*words("doubt"))];
        own.submit(&format!("{commitment}/check-ins"), &check_in).await;

        let unit = ward.id.to_string();
        let pulse = lead.submit("/pulses", &[("unit", &*unit), ("change", ""), ("days", "7")]).await;
        let scales = ["appetite", "aptitude"];
        let items: Vec<String> =
            scales.iter().flat_map(|s| (1..=4).map(move |n| format!("{s}-{n}"))).collect();
        let answers: Vec<(&str, &str)> = items.iter().map(|item| (&**item, "1")).collect();
        own.submit(&format!("{pulse}/answers"), &answers).await;

        let expert = [
            ("expert", ""),
            ("name", "Eve"),
            ("comes_as", "consultant"),
            ("unit", &*unit),
            ("first_day", "2026-07-01"),
        ];
        let engagement = lead.submit("/experts", &expert).await;
        let scores = ["understood", "left_us_able", "kept_promises", "worth_our_time"];
        let review: Vec<(&str, &str)> = scores.iter().map(|score| (*score, "1")).collect();
        let said = words("review");
        let review = [&review[..], &[("words", &*said)]].concat();
        own.submit(&format!("{engagement}/reviews"), &review).await;

        what_the_journey_has_not(&hospital).await;
        let usage = world.client(&[Scope::Usage]).await;
        let event = json!({
            "type": "track", "messageId": words("message"), "event": "test done", "userId": format!("{MARK}-nurse"),
            "properties": {"change": "bedside-tests", "value": VALUE},
        });
        let nameless =
            json!({"type": "track", "messageId": words("dead"), "userId": format!("{MARK}-nurse")});
        usage.post("/v1/batch", &json!({"batch": [event, nameless]})).await.is(200);
        let counted = traction::measure::usage::store::counts(world.world.store().read(), None).await;
        assert_eq!(counted.unwrap(), (73, 1), "her event is counted, the nameless one set aside");
        let hash = subject::verbs::of(&world.world, &format!("{MARK}-nurse")).await.unwrap().remove(0);
        let marks = [MARK, &*hash, "31337", "31,337"];

        // She sees what is hers; so the marks are there to be found.
        own.get(&commitment).await.shows(&words("goal")).shows(&words("doubt"));
        let drawn = "/changes/bedside-tests/waves/1/draw";
        let first =
            ["/", drawn, &*format!("/units/{}", ward.slug), &*commitment, &*pulse, &*engagement, "/usage"];
        let mut visited = look_at_every_page(&own, &first, |_, _| {}).await;

        let mut seen = Vec::new();
        let mut others = vec![("a visitor", world.visitor())];
        for (who, person) in hospital.crowd().await {
            others.push((who, hospital.at(person).await));
        }
        others.push(("the lead of another ward", hospital.at(hospital.wards[N_WARDS - 1].lead).await));
        for (who, browser) in &others {
            let look = |address: &str, response: &Response| {
                let shown = marks.iter().filter(|mark| shows(address, response, mark));
                seen.extend(shown.map(|mark| format!("{who} sees `{mark}` at {address}")));
            };
            visited.extend(look_at_every_page(browser, &first, look).await);
        }

        let mut named = BTreeMap::new();
        let routes = routes();
        for route in routes.iter().filter(|route| !is_for_programs(route)) {
            let opened = visited.iter().filter_map(|address| parts(route, address));
            let opened: Vec<Vec<(String, String)>> = opened.collect();
            if opened.is_empty() && !WITHOUT_LINK.contains(&route.as_str()) {
                seen.push(format!("nobody is led to {route}, so nothing is known of it"));
            }
            opened.into_iter().flatten().for_each(|(name, value)| {
                named.entry(name).or_insert(value);
            });
        }
        named.insert("change".into(), "bedside-tests".into());
        named.insert("n".into(), "1".into());
        let reader = world.client(&[Scope::Read, Scope::Write]).await;
        let wish = serde_json::json!({ "playbook": "buying", "title": "The new plant" });
        let case = reader.post("/api/v1/cases", &wish).await.json();
        named.insert("case".into(), case["id"].as_str().unwrap().to_owned());
        named.insert("playbook".into(), "buying".into());
        named.insert("source".into(), "counted".into());
        let frictions = reader.get("/api/v1/frictions").await.json();
        named.insert("unit".into(), ward.slug.to_string());
        named.insert("friction".into(), frictions["items"][0]["id"].as_str().unwrap().to_owned());
        for route in routes.iter().filter(|route| is_for_programs(route)) {
            let address = filled_in(route, &named);
            let answer = reader.get(&address).await;
            if FOR_SENDERS.contains(&route.as_str()) {
                answer.is(403);
                continue;
            }
            answer.is(200);
            let shown = marks.iter().filter(|mark| answer.body.contains(**mark));
            seen.extend(shown.map(|mark| format!("a program sees `{mark}` at {address}")));
        }
        assert!(seen.is_empty(), "{}", seen.join("\n"));
    });
}

/// A link for the wall, an idea, a tension, an application that is open, a consent that is asked for, a correction and a
/// source: pages that the journey has none of.
async fn what_the_journey_has_not(hospital: &Hospital<'_>) {
    let world = hospital.world;
    let ward = &hospital.wards[0];
    let unit = ward.id.to_string();
    let idea =
        [("title", "Ring the lab at 8"), ("hope", "Results in time"), ("unit", &unit), ("friction", "")];
    hospital.at(ward.lead).await.submit("/ideas", &idea).await;
    hospital.at(ward.lead).await.submit(&format!("/units/{}/kiosk", ward.slug), &[("do", "open")]).await;

    let mut poles = Vec::new();
    for name in ["quick", "careful"] {
        let proposed = metric_rules::propose(name, "points", Better::Up).unwrap();
        poles
            .push(metric::verbs::define(&world.world, &Who::operator(), proposed).await.unwrap().to_string());
    }
    let tension = [
        ("left_name", "Quick"),
        ("left_upside", "people are seen at once"),
        ("left_early_warning", "the corridor fills"),
        ("left_metric", &*poles[0]),
        ("left_healthy", "80"),
        ("left_floor", "60"),
        ("right_name", "Careful"),
        ("right_upside", "nothing is missed"),
        ("right_early_warning", "people come back"),
        ("right_metric", &*poles[1]),
        ("right_healthy", "80"),
        ("right_floor", "60"),
        ("attention", "left"),
        ("unit", &*unit),
    ];
    hospital.at(ward.lead).await.submit("/tensions", &tension).await;

    let cleo = hospital.at(hospital.cleo).await;
    let account = cleo.submit("/accounts", &[("name", "Practice at the Harbour")]).await;
    cleo.submit(&format!("{account}/holds"), &[("friction", "buying/status-quo")]).await;
    let page = cleo.get(&account).await;
    let hold = page.body.split("/holds/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let wish = [("remedy", "count-staying"), ("days", "21")];
    cleo.submit(&format!("{account}/holds/{hold}/trials"), &wish).await;
    for value in [1, 2] {
        let rows = format!("unit,period,value\n{},2026-01,{value}\n", ward.slug);
        cleo.submit("/outcomes/quick", &[("step", "take"), ("rows", &rows)]).await;
    }
    let quick = metric::verbs::find(world.world.store().read(), "quick").await.unwrap();
    let written = SourceWritten { name: "Counted", connection: "NOWHERE", query: "SELECT 1", schedule: "" };
    source::verbs::add(&world.world, &Who::operator(), quick.id, written).await.unwrap();
    source::verbs::run(&world.world, &Who::operator(), "counted").await.unwrap();
    let now = world.world.now();
    let local = |days: i64| now.after_days(days).to_string()[..16].to_owned();
    let (opens, closes, starts) = (local(0), local(14), local(21));
    let wave = [
        ("n_slots", "2"),
        ("opens_at", &*opens),
        ("closes_at", &*closes),
        ("starts_at", &*starts),
        ("pledge", "An owner with an hour a week"),
    ];
    let wave = cleo.submit("/changes/bedside-tests/waves", &wave).await;
    let contender = &hospital.wards[N_WARDS - 1];
    let wish = [
        ("unit", &*contender.id.to_string()),
        ("pain", "Blood results come late"),
        ("aim", "Results before the round"),
        ("owner", "Lea"),
        ("pledge", "Yes, an hour a week"),
    ];
    hospital.at(contender.lead).await.submit(&format!("{wave}/applications"), &wish).await;

    let reader = world.client(&[Scope::Read]).await;
    let evidence =
        reader.get("/api/v1/showcases").await.json()["items"][0]["evidence"].as_str().unwrap().to_owned();
    let slots = reader.get("/api/v1/slots").await.json();
    let granted = hospital.ward(slots["items"][0]["unit"].as_str().unwrap());
    cleo.submit(&format!("/evidence/{evidence}/consents"), &[("asked", &granted.id.to_string())]).await;
}

/// Addresses that answer to the system that sends usage, and to no other program.
const FOR_SENDERS: [&str; 1] = ["/api/v1/dead-letters"];

/// Whether a page shows a mark where it tells something. An administrator mends dead letters, and sees what was sent with
/// them, without names: the words of this one's message id are no name. That somebody belongs to the organisation is no secret: she may
/// be picked in forms, and stands in the list of people; and an administrator's journal says who signed in.
fn shows(address: &str, response: &Response, mark: &str) -> bool {
    let is_of_people = address == "/people" || address.starts_with("/people/");
    if address.starts_with("/dead-letters/") && mark == MARK {
        return response.body.replace(&format!("{MARK} dead"), "").contains(mark);
    }
    if address.starts_with("/journal") {
        let rows = response.body.split("<tr").filter(|row| !row.contains(">signed in<"));
        return rows.into_iter().any(|row| row.contains(mark));
    }
    let without_choices: String = response
        .body
        .split("<option")
        .enumerate()
        .map(
            |(n, part)| if n == 0 { part } else { part.split_once("</option>").map_or("", |(_, rest)| rest) },
        )
        .collect();
    let text =
        if is_of_people { without_choices.replace(&format!("{MARK}-nurse"), "") } else { without_choices };
    text.contains(mark)
}

/// The addresses that are read, as the page of all addresses writes them.
fn routes() -> Vec<String> {
    let all = [include_str!("../src/routes.rs"), include_str!("../src/routes/programs.rs")].concat();
    let routes = all.split(".route(").skip(1).filter_map(|rest| {
        let address = rest.split('"').nth(1)?;
        let takes = rest.split(".route(").next()?.split_once("--- ").map_or(rest, |(before, _)| before);
        takes.contains("get(").then(|| address.to_owned())
    });
    let routes: Vec<String> = routes.collect();
    assert!(routes.len() > 60, "the page of all addresses is read: {routes:?}");
    routes
}

fn is_for_programs(route: &str) -> bool {
    ["/api/", "/healthz", "/readyz"].iter().any(|begin| route.starts_with(begin))
}

/// What stands for the names in a route where `address` is one of its kind.
fn parts(route: &str, address: &str) -> Option<Vec<(String, String)>> {
    let path = address.split('?').next().unwrap_or_default();
    let (names, values): (Vec<&str>, Vec<&str>) = (route.split('/').collect(), path.split('/').collect());
    let name = |part: &str| part.strip_prefix('{').and_then(|part| part.strip_suffix('}')).map(str::to_owned);
    let pairs = || names.iter().zip(&values);
    let fits = pairs().all(|(part, value)| name(part).is_some_and(|_| *value != "new") || part == value);
    let bound = || pairs().filter_map(|(part, value)| Some((name(part)?, (*value).to_owned()))).collect();
    (names.len() == values.len() && fits).then(bound)
}

fn filled_in(route: &str, named: &BTreeMap<String, String>) -> String {
    let part = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some(name) => {
            named.get(name).unwrap_or_else(|| panic!("no page says what {name} stands for")).clone()
        }
        None => part.to_owned(),
    };
    route.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[test]
fn addresses_are_told_by_their_route() {
    let part = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    assert_eq!(parts("/slots/{slot}", "/slots/7?a=b"), Some(part("slot", "7")));
    assert_eq!(parts("/slots/{slot}/steps", "/slots/7"), None);
    assert_eq!(parts("/cycles/{cycle}", "/cycles/new"), None);
}
