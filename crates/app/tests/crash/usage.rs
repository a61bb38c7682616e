//! Killed while usage comes in: what was acknowledged is there, once.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::mpsc;

use serde_json::{Value, json};

use super::{free_address, kill, n_rounds, opened, run, serve};

const N_BATCHES: usize = 200;
const N_EVENTS: usize = 20;

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
    let store = opened(folder).await;
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
    for round in 0..n_rounds(3) {
        let address = free_address();
        let server = serve(folder, &address);
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
        for _ in 0..5 + 7 * (round % 20) {
            let number = told.recv().unwrap();
            acknowledged.extend(batch(round, number));
        }
        kill(server);
        sender.join().unwrap();
        told.try_iter().for_each(|number| acknowledged.extend(batch(round, number)));
        let kept = kept(folder).await;
        let lost: Vec<&String> = acknowledged.difference(&kept).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        assert_eq!(kept.len() % N_EVENTS, 0, "no batch is half kept");
    }
    // The clients send everything again, as they do.
    let address = free_address();
    let server = serve(folder, &address);
    let mut all = BTreeSet::new();
    for round in 0..n_rounds(3) {
        for number in 0..30 {
            assert!(send(&address, &key, &batch(round, number)).unwrap());
            all.extend(batch(round, number));
        }
    }
    all.extend(acknowledged);
    kill(server);
    all.extend(kept(folder).await);
    let counted: Value = serde_json::from_str(&run(folder, &["usage", "count", "--json"])).unwrap();
    assert_eq!(counted, json!({"events": all.len(), "dead_letters": 0}));
}
