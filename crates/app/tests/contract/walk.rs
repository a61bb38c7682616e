//! Every operation of the document is done once with the example that stands there, and taken; and each takes the members
//! that the document names, needs those that are required, and knows no other.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};
use traction::measure::import::rollout::{self, RolloutWish};
use traction::measure::import::sheet::File;
use traction::measure::outcome::verbs::Mode;
use traction::offer::{change, metric};
use traction::org::token::store::Scope;
use traction::overview::contract::{self, Operation};
use traction_domain::offer::metric::{self as metric_rules, Better};
use traction_domain::org::role::RoleWord;
use traction_domain::org::who::Who;
use traction_domain::sense::playbook;

use super::schema::members;
use crate::world::{Response, TestWorld, on_both};

/// Stands for a member that nothing knows.
const UNKNOWN: &str = "no such member";

/// A program that does one operation after the other.
struct Walk<'a> {
    world: &'a TestWorld,
    /// Its tokens: for the API, and for usage.
    api: String,
    usage: String,
    /// What stands for the open parts of addresses, and for members of examples that are another in every installation.
    named: BTreeMap<&'static str, String>,
    /// The ids of the operations that were done.
    done: BTreeSet<&'static str>,
}

fn operation(id: &str) -> Operation {
    let found = contract::operations().into_iter().find(|one| one.says["operationId"] == id);
    found.unwrap_or_else(|| panic!("the document has no {id}"))
}

impl Walk<'_> {
    /// Does an operation with its example, once what it takes was tried.
    async fn does(&mut self, id: &str) -> Response {
        let example = self.example(id);
        if example.is_null() {
            return self.sends(id, None).await;
        }
        let shape = &operation(id).says["requestBody"]["content"]["application/json"]["schema"];
        let is_list = shape["items"].is_object();
        let (named, required) = members(if is_list { &shape["items"] } else { shape });
        let whole = |one: &Value| if is_list { json!([one]) } else { one.clone() };
        if !named.is_empty() {
            let one = if is_list { example[0].clone() } else { example.clone() };
            self.knows_no_other(id, named.keys().copied().collect(), &one, whole).await;
            self.needs(id, &required, &one, whole).await;
            let examples = if is_list { example.as_array().unwrap().clone() } else { vec![example.clone()] };
            let shown: BTreeSet<&str> =
                examples.iter().flat_map(|one| one.as_object().unwrap().keys().map(String::as_str)).collect();
            assert_eq!(shown, named.keys().copied().collect(), "the example of {id} shows every member");
        }
        let done = self.sends(id, Some(&example)).await;
        if named.len() > required.len() {
            let mut least = if is_list { example[0].clone() } else { example };
            least.as_object_mut().unwrap().retain(|name, _| required.contains(name.as_str()));
            let answer = self.asks(id, Some(&whole(&least))).await;
            assert_ne!(answer.status, 400, "{id} with what is required: {answer:?}");
        }
        done
    }

    /// The example of an operation, with what is another in every installation.
    fn example(&self, id: &str) -> Value {
        let mut example = operation(id).says["requestBody"]["content"]["application/json"]["example"].clone();
        for (name, value) in example.as_object_mut().into_iter().flatten() {
            let is_own = match value.as_str() {
                Some(text) => text.len() == 36 && text.matches('-').count() == 4,
                None => false,
            };
            if is_own || ["connection", "text"].contains(&name.as_str()) {
                *value = json!(self.named[name.as_str()]);
            }
        }
        example
    }

    /// It is told which members there are, where one is sent that is not.
    async fn knows_no_other(
        &mut self,
        id: &str,
        named: BTreeSet<&str>,
        example: &Value,
        whole: impl Fn(&Value) -> Value,
    ) {
        let mut sent = example.clone();
        sent[UNKNOWN] = json!(1);
        let refused = self.asks(id, Some(&whole(&sent))).await;
        refused.is(400);
        let says = refused.json()["detail"].as_str().unwrap().to_owned();
        let (found, expected) = says.split_once("expected").unwrap_or_else(|| panic!("{id}: {says}"));
        assert!(found.contains(&format!("unknown field `{UNKNOWN}`")), "{id}: {says}");
        let expected: BTreeSet<&str> = expected.split('`').skip(1).step_by(2).collect();
        assert_eq!(expected, named, "the code knows these members of {id}");
    }

    /// What is required is missed, one by one.
    async fn needs(
        &mut self,
        id: &str,
        required: &BTreeSet<&str>,
        example: &Value,
        whole: impl Fn(&Value) -> Value,
    ) {
        for name in required {
            let mut sent = example.clone();
            sent.as_object_mut().unwrap().remove(*name);
            let refused = self.asks(id, Some(&whole(&sent))).await;
            let says = refused.is(400).json()["detail"].as_str().unwrap().to_owned();
            assert!(says.contains(&format!("missing field `{name}`")), "{id}: {says}");
        }
    }

    /// Does an operation; it is taken.
    async fn sends(&mut self, id: &str, body: Option<&Value>) -> Response {
        let answer = self.asks(id, body).await;
        assert!(answer.status.is_success(), "{id}: {answer:?}");
        self.done.insert(operation(id).says["operationId"].as_str().unwrap());
        answer
    }

    async fn asks(&self, id: &str, body: Option<&Value>) -> Response {
        let Operation { path, method, says } = operation(id);
        let part = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => self.named[name].clone(),
            None => part.to_owned(),
        };
        let path = path.split('/').map(part).collect::<Vec<_>>().join("/");
        let is_usage = says["security"][0]["bearer"][0] == "usage";
        let token = if is_usage { &self.usage } else { &self.api };
        let request = Request::builder().method(&*method.to_uppercase()).uri(path);
        let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        let request = match body {
            Some(body) => request.header(CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.world.send(request.unwrap()).await
    }

    /// Does an operation, and keeps the id of what it made under these names.
    async fn makes(&mut self, id: &str, names: &[&'static str]) {
        let made = self.does(id).await.json();
        self.keep(&made, names);
    }

    fn keep(&mut self, made: &Value, names: &[&'static str]) {
        for name in names {
            self.named.insert(name, made["id"].as_str().unwrap().to_owned());
        }
    }
}

#[test]
fn every_operation_takes_its_example_and_no_member_that_is_not_documented() {
    on_both(async |world| {
        let north = world.unit("north", None).await;
        let ward = world.unit("ward-7", Some("north")).await;
        world.unit("ward-8", Some("north")).await;
        world.person("lea", RoleWord::Lead, Some(ward)).await;
        let _ = north;
        let proposed = metric_rules::propose("Waiting time", "hours", Better::Down).unwrap();
        metric::verbs::define(&world.world, &Who::operator(), proposed).await.unwrap();
        let (api, usage) = (world.client(&[Scope::Write]).await, world.client(&[Scope::Usage]).await);
        let mut named: BTreeMap<&str, String> = BTreeMap::new();
        let ours = playbook::fork(playbook::built_in("buying").unwrap().1, "ours").unwrap();
        for (name, value) in [
            ("unit", "ward-7"),
            ("playbook", "internal-change"),
            ("account", "kettle-works"),
            ("change", "bedside-tests"),
            ("n", "1"),
            ("metric", "waiting-time"),
            ("k", "1"),
            ("source", "ward-system"),
            ("connection", "NOWHERE"),
            ("text", &*ours),
        ] {
            named.insert(name, value.to_owned());
        }
        let (api, usage) = (api.token().to_owned(), usage.token().to_owned());
        let mut walk = Walk { world: &world, api, usage, named, done: BTreeSet::new() };
        sense(&mut walk).await;
        offer_contend_and_grant(&mut walk).await;
        measure(&mut walk).await;
        prove_publish_and_sustain(&mut walk).await;
        let all: BTreeSet<&str> =
            contract::operations().iter().map(|one| one.says["operationId"].as_str().unwrap()).collect();
        assert_eq!(walk.done, all, "every operation was done");
    });
}

async fn sense(walk: &mut Walk<'_>) {
    walk.makes("reportFriction", &["into"]).await;
    let other = json!({ "unit": "ward-7", "title": "The lift is stuck", "times_per_week": 5, "minutes": 12 });
    let made = walk.sends("reportFriction", Some(&other)).await.json();
    walk.keep(&made, &["friction"]);
    for id in ["mergeFriction", "answerFriction", "pointFriction", "getFriction", "setIntake", "getIntake"] {
        walk.does(id).await;
    }
    let all = json!({ "audience": "all", "look": "first" });
    walk.sends("setIntake", Some(&all)).await;
    walk.does("listFrictions").await;
    let report = json!({ "unit": "ward-7", "title": "Kim is slow", "times_per_week": 5, "minutes": 12 });
    let waiting = walk.sends("reportFriction", Some(&report)).await.json();
    let friction = walk.named.insert("friction", waiting["id"].as_str().unwrap().to_owned()).unwrap();
    walk.does("lookAtFriction").await;
    walk.named.insert("friction", friction);
    walk.does("changeKiosk").await;
    walk.makes("submitIdea", &["idea"]).await;
    for id in ["moveIdea", "copyIdea", "listIdeas", "bringPlaybook", "listPlaybooks", "getPlaybook"] {
        walk.does(id).await;
    }
    for id in ["beginDiagnosis", "diagnose"] {
        walk.does(id).await;
    }
    walk.makes("openCase", &["case"]).await;
    for id in ["makeCaseLink", "getCase", "closeCase", "getCase", "listCases"] {
        walk.does(id).await;
    }
    for id in ["openAccount", "holdAccount", "listAccounts"] {
        walk.does(id).await;
    }
}

async fn offer_contend_and_grant(walk: &mut Walk<'_>) {
    for id in ["openChange", "getChange", "listChanges"] {
        walk.does(id).await;
    }
    let found = change::verbs::find(walk.world.world.store().read(), "bedside-tests").await.unwrap();
    let who = Who::operator();
    change::verbs::lock_prediction(&walk.world.world, &who, &found, "An hour less", -1.0).await.unwrap();
    for id in ["setLapse", "getLapse", "announceWave", "listWavesOfChange"] {
        walk.does(id).await;
    }
    // A second one was announced with what is required alone.
    walk.named.insert("n", "2".to_owned());
    walk.does("cancelWave").await;
    settles(walk).await;
    walk.named.insert("n", "1".to_owned());
    for id in ["apply", "listApplications", "listWaves"] {
        walk.does(id).await;
    }
    walk.world.days_go_by(1.1).await;
    walk.named.insert("n", "3".to_owned());
    let other = json!({ "unit": "ward-8", "pain": "P", "aim": "A", "owner": "Jo" });
    walk.sends("apply", Some(&other)).await;
    walk.world.days_go_by(3.1).await;
    let mistyped = json!({ "value": "3 9 14 27 33 41" });
    walk.sends("enterPublicValue", Some(&mistyped)).await;
    walk.does("enterPublicValue").await;
    let named = walk.does("listPublicSources").await.json();
    assert_eq!(named["items"][0]["value"], "3 9 14 27 33 42");
    walk.named.insert("n", "1".to_owned());
    walk.does("runDraw").await;
    walk.does("getDraw").await;
    walk.world.days_go_by(5.0).await;
    let slots = walk.does("listSlots").await.json();
    walk.keep(&slots["items"][0], &["slot"]);
    walk.does("getSlot").await;
    walk.does("stepSlot").await;
    let first = json!({ "unit": "ward-7", "aim": "A", "prediction": "P", "plan": "Q" });
    let first = walk.sends("startCycle", Some(&first)).await.json();
    walk.keep(&first, &["previous"]);
    walk.does("startCycle").await;
    walk.does("listCycles").await;
}

/// What is settled about a wave before it opens, the third one here.
async fn settles(walk: &mut Walk<'_>) {
    let wave = json!({
        "slots": 2,
        "opens_at": "2026-03-03T08:00:00Z",
        "closes_at": "2026-03-06T09:00:00Z",
        "starts_at": "2026-03-09T08:00:00Z",
        "pledge": "An hour a week",
    });
    walk.sends("announceWave", Some(&wave)).await;
    walk.named.insert("n", "3".to_owned());
    walk.does("setPolicy").await;
    // What is left out stays as it is; `null` takes a limit away.
    walk.sends("setPolicy", Some(&json!({ "cap": null, "contenders": "told" }))).await;
    let policy = walk.does("getPolicy").await.json();
    let expected = json!({ "threshold": null, "cuts": [4.0, 3.0], "unshown": 2, "near": ["people", "parent"], "cap": null, "contenders": "told" });
    assert_eq!(policy, expected);
    walk.does("decidePlace").await;
    let places = walk.does("listPlaces").await.json();
    assert_eq!(places["items"][0]["unit"], "ward-8");
    walk.sends("decidePlace", Some(&json!({ "unit": "ward-8", "place": "open" }))).await;
    assert_eq!(walk.does("listPlaces").await.json()["items"], json!([]));
    walk.does("namePublicSource").await;
}

async fn measure(walk: &mut Walk<'_>) {
    walk.does("takeOutcomes").await;
    let other = json!([{ "unit": "ward-7", "period": "2026-01", "value": 4 }]);
    walk.sends("takeOutcomes", Some(&other)).await;
    for id in ["setCalendar", "getCalendar", "listOutcomes", "listCorrections", "getUptake"] {
        walk.does(id).await;
    }
    for id in ["addSource", "runSource", "changeSource", "getSource", "listSources", "removeSource"] {
        walk.does(id).await;
    }
    for id in ["d-1", "d-2"] {
        let nameless = json!({ "type": "track", "messageId": id, "userId": "jo", "properties": {} });
        let request = Request::post("/v1/track").header(AUTHORIZATION, format!("Bearer {}", walk.usage));
        let request = request.header(CONTENT_TYPE, "application/json").body(Body::from(nameless.to_string()));
        walk.world.send(request.unwrap()).await.is(200);
    }
    let letters = walk.does("listDeadLetters").await.json();
    walk.keep(&letters["items"][0], &["letter"]);
    walk.does("tryDeadLetterAgain").await;
    walk.does("tryDeadLettersAgain").await;
}

/// A change whose outcomes rose by 4 in four of eight units.
const ROLLED_OUT: &str = "early-rounds";

async fn prove_publish_and_sustain(walk: &mut Walk<'_>) {
    let mut table = String::from("ward,year,hours,since\n");
    for unit in 0..8_u8 {
        for year in 2001..=2005_u16 {
            let starts = unit < 4;
            let gain = if starts && year >= 2003 { 4.0 } else { 0.0 };
            let wobble = (f64::from(unit).powi(2) * 7.0 + f64::from(year).powi(2) * 3.0).sin();
            let since = if starts { "2003" } else { "" };
            table.push_str(&format!("proof-{unit},{year},{},{since}\n", 10.0 + gain + wobble));
        }
    }
    let wish = RolloutWish {
        change: ROLLED_OUT.parse().unwrap(),
        unit: "ward".into(),
        period: "year".into(),
        outcome: "hours".into(),
        start: "since".into(),
        worth: 1.0,
        better: Better::Up,
    };
    let file = File { name: "wards.csv".into(), bytes: table.into_bytes() };
    rollout::run(&walk.world.world, &Who::operator(), &file, &wish, Mode::Take).await.unwrap();
    walk.named.insert("change", ROLLED_OUT.to_owned());
    walk.makes("proveChange", &["evidence"]).await;
    for id in ["getEvidence", "publishShowcase", "listShowcases", "listHandOvers", "listWatches"] {
        walk.does(id).await;
    }
}
