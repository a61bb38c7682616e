//! The servers, each of which prints one line when it is ready, and serves until it is ended.

use std::convert::Infallible;
use std::hint::black_box;
use std::time::Instant;

use axum::http::Request;
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use traction::grant::access::api::{Door, Pace};
use traction::grant::access::board;
use traction::grant::slot;
use traction::org::token::store::Scope;
use traction::org::{person, token};
use traction::serve;
use traction::store::{Place, Store};
use traction::world::{Settings, Simulation, World};
use traction_domain::grant::slot::Step;
use traction_domain::org::role::Role;
use traction_domain::org::who::Who;

use super::organisation::{self, N_FLAGS, Size};

/// Serves until it is ended.
pub fn run(kind: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        match kind {
            "hyper" => {
                println!("{}", json!({ "address": address }));
                bare_hyper(listener).await;
            }
            "axum" => {
                println!("{}", json!({ "address": address }));
                let router = Router::new().route("/", post(given_back));
                axum::serve(listener, router.into_make_service()).await.unwrap();
            }
            "afresh" => {
                println!("{}", json!({ "address": address }));
                let router = Router::new().route("/structs", post(structs)).route("/values", post(values));
                axum::serve(listener, router.into_make_service()).await.unwrap();
            }
            size => door(listener, &address, Size::of(size)).await,
        }
    });
}

async fn given_back(Json(body): Json<Value>) -> Json<Value> {
    Json(body)
}

async fn bare_hyper(listener: TcpListener) {
    let service = service_fn(async |request: hyper::Request<Incoming>| {
        let body = request.into_body().collect().await.unwrap().to_bytes();
        let read: Value = serde_json::from_slice(&body).unwrap();
        let text = serde_json::to_vec(&read).unwrap();
        let mut response = hyper::Response::new(Full::new(Bytes::from(text)));
        let json = hyper::header::HeaderValue::from_static("application/json");
        response.headers_mut().insert(hyper::header::CONTENT_TYPE, json);
        Ok::<_, Infallible>(response)
    });
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let serves =
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(serves);
    }
}

#[derive(Serialize)]
struct Flag {
    key: String,
    value: bool,
    variant: &'static str,
    reason: &'static str,
    metadata: Metadata,
}

#[derive(Serialize)]
struct Metadata {
    version: u64,
    change: String,
}

#[derive(Serialize)]
struct Flags {
    flags: Vec<Flag>,
}

async fn structs(Json(_): Json<Value>) -> Json<Flags> {
    let flag = |n: usize| Flag {
        key: format!("flag-{n:03}"),
        value: false,
        variant: "off",
        reason: "DEFAULT",
        metadata: Metadata { version: 7, change: format!("change-{n}") },
    };
    Json(Flags { flags: (0..N_FLAGS).map(flag).collect() })
}

async fn values(Json(_): Json<Value>) -> Json<Value> {
    let flag = |n: usize| {
        json!({
            "key": format!("flag-{n:03}"), "value": false, "variant": "off", "reason": "DEFAULT",
            "metadata": { "version": 7, "change": format!("change-{n}") },
        })
    };
    Json(json!({ "flags": (0..N_FLAGS).map(flag).collect::<Vec<_>>() }))
}

pub fn settings(address: &str) -> Settings {
    Settings {
        organisation: "Benchmark".into(),
        public_url: address.into(),
        zone: TimeZone::UTC,
        simulation: Simulation::Real,
        connections: traction::measure::source::connections::Connections::default(),
        mail: traction::world::mail::Mail::default(),
    }
}

async fn door(listener: TcpListener, address: &str, size: Size) {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Throwaway(folder.path().to_owned());
    organisation::fill(&place, size).await;
    let world = World::real(Store::open(&place).await.unwrap(), settings(&format!("http://{address}")));
    let who = Who::operator();
    let add = async |scope| token::verbs::add(&world, &who, "benchmark", vec![scope]).await.unwrap();
    let (access, write) = (add(Scope::Access).await, add(Scope::Write).await);

    let looks = async || {
        let begun = Instant::now();
        board::refresh(&world).await.unwrap();
        u64::try_from(begun.elapsed().as_millis()).unwrap()
    };
    let read_ms = looks().await;
    let slot = "00000000-0000-7007-8000-000000000000".parse().unwrap();
    slot::verbs::step(&world, &who, slot, Step::Paused, "").await.unwrap();
    let switch_ms = looks().await;
    let person = "00000000-0000-7002-8000-000000000000".parse().unwrap();
    let unit = "00000000-0000-7001-8000-000000000001".parse().unwrap();
    person::verbs::give_role(&world, &who, person, Role::Member(unit)).await.unwrap();
    let join_ms = looks().await;

    let (door_ns, structs_ns) = without_a_socket(&world, &access).await;

    let line = json!({
        "address": address, "access": access, "write": write, "slot": slot,
        "read_ms": read_ms, "switch_ms": switch_ms, "join_ms": join_ms,
        "door_ns": door_ns, "structs_ns": structs_ns,
    });
    println!("{line}");
    serve::until_told_to_stop(listener, world).await.map(drop).unwrap();
}

/// Nanoseconds for all flags of one person, by the door and by serialising structs: from the body of a request to the
/// body of the answer, with nothing of a socket. The fastest of several rounds.
async fn without_a_socket(world: &World, token: &str) -> (u64, u64) {
    const N: u32 = 2_000;
    let door = Door::new(world.clone(), Pace::default());
    let body = |n: u32| Bytes::from(format!(r#"{{"context":{{"targetingKey":"person-{}"}}}}"#, n % 1_000));
    let (mut by_door, mut by_structs) = (u64::MAX, u64::MAX);
    for _ in 0..5 {
        let begun = Instant::now();
        for n in 0..N {
            let request = Request::post("/ofrep/v1/evaluate/flags").header("x-api-key", token);
            let answer = door.answer(request.body(Full::new(body(n))).unwrap()).await;
            black_box(answer.into_body().collect().await.unwrap().to_bytes());
        }
        by_door = by_door.min(u64::try_from(begun.elapsed().as_nanos()).unwrap() / u64::from(N));
        let begun = Instant::now();
        for n in 0..N {
            let read = Json(serde_json::from_slice(&body(n)).unwrap());
            let answer = structs(read).await.into_response();
            black_box(answer.into_body().collect().await.unwrap().to_bytes());
        }
        by_structs = by_structs.min(u64::try_from(begun.elapsed().as_nanos()).unwrap() / u64::from(N));
    }
    (by_door, by_structs)
}
