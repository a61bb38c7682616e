//! The program killed in the middle of things: what was acknowledged is there, once.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use serde_json::{Value, json};
use traction::store::{Place, Store};

const PROGRAM: &str = env!("CARGO_BIN_EXE_traction");
const N_ROUNDS: usize = 3;
const N_BATCHES: usize = 200;
const N_EVENTS: usize = 20;

fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(arguments).arg("--data").arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A server that is ready: it has said where it listens.
fn serve(folder: &Path, address: &str) -> Child {
    let mut child = Command::new(PROGRAM)
        .args(["serve", "--addr", address, "--data"])
        .arg(folder)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    said.find(|line| line.as_ref().unwrap().contains("listens on"))
        .expect("the server says where it listens")
        .unwrap();
    std::thread::spawn(move || said.for_each(drop));
    child
}

fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn batch(round: usize, number: usize) -> Vec<String> {
    (0..N_EVENTS).map(|n| format!("{round}-{number}-{n}")).collect()
}

/// Sends one batch; whether it was acknowledged.
fn send(address: &str, key: &str, ids: &[String]) -> std::io::Result<bool> {
    let events: Vec<Value> = ids
        .iter()
        .map(|id| json!({"type": "track", "messageId": id, "userId": "jo", "event": "opened"}))
        .collect();
    let body = json!({ "batch": events }).to_string();
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "POST /v1/batch HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}

async fn kept(folder: &Path) -> BTreeSet<String> {
    let store = Store::open(&Place::Folder(folder.to_owned())).await.unwrap();
    let rows = store.read().all("SELECT id FROM usage_event", vec![]).await.unwrap();
    rows.iter().map(|row| row.text("id").unwrap()).collect()
}

#[tokio::test]
async fn every_acknowledged_event_survives_a_kill_and_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let made = run(folder, &["token", "add", "wards", "--scope", "usage", "--json"]);
    let made: Value = serde_json::from_str(&made).unwrap();
    let key = made[0]["secret"].as_str().unwrap().to_owned();
    let mut acknowledged = BTreeSet::new();
    for round in 0..N_ROUNDS {
        let address = free_address();
        let mut server = serve(folder, &address);
        let (tell, told) = mpsc::channel();
        let sender = std::thread::spawn({
            let (address, key) = (address.clone(), key.clone());
            move || {
                let sent = |number: &usize| matches!(send(&address, &key, &batch(round, *number)), Ok(true));
                (0..N_BATCHES).take_while(sent).for_each(|number| {
                    let _ = tell.send(number);
                });
            }
        });
        // In the midst of the sending, when some batches are acknowledged and the next is on its way.
        for _ in 0..5 + 7 * round {
            let number = told.recv().unwrap();
            acknowledged.extend(batch(round, number));
        }
        server.kill().unwrap();
        server.wait().unwrap();
        sender.join().unwrap();
        told.try_iter().for_each(|number| acknowledged.extend(batch(round, number)));
        let kept = kept(folder).await;
        let lost: Vec<&String> = acknowledged.difference(&kept).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        assert_eq!(kept.len() % N_EVENTS, 0, "no batch is half kept");
    }
    // The clients send everything again, as they do.
    let address = free_address();
    let mut server = serve(folder, &address);
    let mut all = BTreeSet::new();
    for round in 0..N_ROUNDS {
        for number in 0..30 {
            assert!(send(&address, &key, &batch(round, number)).unwrap());
            all.extend(batch(round, number));
        }
    }
    all.extend(acknowledged);
    server.kill().unwrap();
    server.wait().unwrap();
    all.extend(kept(folder).await);
    let counted: Value = serde_json::from_str(&run(folder, &["usage", "count", "--json"])).unwrap();
    assert_eq!(counted, json!({"events": all.len(), "dead_letters": 0}));
}
