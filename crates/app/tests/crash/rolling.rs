//! Two servers on one PostgreSQL database, restarted one after the other while people and systems go on: whoever is
//! refused a connection at the one asks the other, and nothing else ever fails.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use super::{At, free_address, n_rounds};

/// What a client saw.
#[derive(Default)]
struct Seen {
    is_over: AtomicBool,
    n_refused: AtomicUsize,
    n_asked: AtomicUsize,
    failed: Mutex<Vec<String>>,
    acknowledged: Mutex<BTreeSet<String>>,
}

/// Asks at one address, then at the other where nobody listens; the whole answer.
fn asked(addresses: &[String; 2], first: usize, request: &str, seen: &Seen) -> Option<String> {
    for turn in 0..400 {
        let address = &addresses[(first + turn) % 2];
        let mut stream = match TcpStream::connect(address) {
            Ok(stream) => stream,
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                seen.n_refused.fetch_add(1, Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(5));
                continue;
            }
            Err(error) => {
                seen.failed.lock().unwrap().push(format!("no connection: {error}"));
                return None;
            }
        };
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut answer = String::new();
        let said = stream.write_all(request.as_bytes()).and_then(|()| stream.read_to_string(&mut answer));
        seen.n_asked.fetch_add(1, Ordering::SeqCst);
        if said.is_err() || !answer.starts_with("HTTP/1.1 200") {
            let head = answer.lines().next().unwrap_or_default();
            seen.failed.lock().unwrap().push(format!("{said:?} {head:?}"));
        }
        return Some(answer);
    }
    seen.failed.lock().unwrap().push("nobody listens at either".into());
    None
}

fn terminate(server: &Child) {
    let done = std::process::Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    assert!(done.success());
}

fn sends(addresses: &[String; 2], sender: usize, key: &str, seen: &Seen) {
    for number in 0.. {
        if seen.is_over.load(Ordering::SeqCst) {
            return;
        }
        let ids: Vec<String> = (0..10).map(|n| format!("{sender}-{number}-{n}")).collect();
        let events: Vec<_> = ids
            .iter()
            .map(|id| json!({"type": "track", "messageId": id, "userId": "jo", "event": id}))
            .collect();
        let body = json!({ "batch": events }).to_string();
        let request = format!(
            "POST /v1/batch HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer {key}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        if asked(addresses, number % 2, &request, seen)
            .is_some_and(|answer| answer.starts_with("HTTP/1.1 200"))
        {
            seen.acknowledged.lock().unwrap().extend(ids);
        }
    }
}

fn looks(addresses: &[String; 2], key: &str, seen: &Seen) {
    let body = r#"{"context":{"targetingKey":"ward-1"}}"#;
    let access = format!(
        "POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let page = "GET /frictions HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n";
    for number in 0.. {
        if seen.is_over.load(Ordering::SeqCst) {
            return;
        }
        asked(addresses, number / 2 % 2, if number % 2 == 0 { &access } else { page }, seen);
    }
}

#[tokio::test]
async fn two_servers_are_restarted_one_after_the_other_without_a_failed_request() {
    let Some(at) = At::server().await else { return };
    let key = at.prepared();
    let addresses = [free_address(), free_address()];
    let mut servers = [at.serve(&addresses[0]), at.serve(&addresses[1])];
    let seen = Arc::new(Seen::default());
    let mut clients = Vec::new();
    for sender in 0..3 {
        let (addresses, key, seen) = (addresses.clone(), key.clone(), seen.clone());
        clients.push(std::thread::spawn(move || sends(&addresses, sender, &key, &seen)));
    }
    let looking = (addresses.clone(), key.clone(), seen.clone());
    clients.push(std::thread::spawn(move || looks(&looking.0, &looking.1, &looking.2)));

    for round in 0..n_rounds(4) {
        let which = round % 2;
        // Some requests go by between two restarts.
        let before = seen.n_asked.load(Ordering::SeqCst);
        let mut n_looks = 0;
        while seen.n_asked.load(Ordering::SeqCst) < before + 40 {
            n_looks += 1;
            assert!(n_looks < 12_000, "the clients go on");
            std::thread::sleep(Duration::from_millis(5));
        }
        terminate(&servers[which]);
        assert!(servers[which].wait().unwrap().success(), "it ends by itself, and well");
        servers[which] = at.serve(&addresses[which]);
    }
    seen.is_over.store(true, Ordering::SeqCst);
    clients.into_iter().for_each(|client| client.join().unwrap());
    servers.iter().for_each(terminate);
    servers.into_iter().for_each(|mut server| assert!(server.wait().unwrap().success()));

    assert_eq!(*seen.failed.lock().unwrap(), Vec::<String>::new());
    assert!(seen.n_refused.load(Ordering::SeqCst) > 0, "nobody noticed that a server was away");
    let store = at.opened().await;
    let rows = store.read().all("SELECT event AS id FROM usage_event", vec![]).await.unwrap();
    let kept: Vec<String> = rows.iter().map(|row| row.text("id").unwrap()).collect();
    let acknowledged = seen.acknowledged.lock().unwrap();
    assert_eq!(kept.len(), acknowledged.len(), "each once, and nothing that was not acknowledged");
    assert_eq!(kept.into_iter().collect::<BTreeSet<_>>(), *acknowledged);
}
