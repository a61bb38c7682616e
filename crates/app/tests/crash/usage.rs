//! Killed while usage and verbs come in, at every door: what was acknowledged is there, once. On PostgreSQL the other ends
//! break as well: the program, its connections at the server, and the network between the two.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};

use super::cut::Line;
use super::{At, free_address, kill, n_rounds};

const N_BATCHES: usize = 200;
/// How long a sender waits for an answer before the story fails: long for a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// A way in, and what an event looks like there; its id is also what was done, by which it is found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Segment,
    CloudEvents,
    OpenTelemetry,
    /// A verb, once by the key that it is sent with.
    Reports,
}

const USAGE: [Door; 3] = [Door::Segment, Door::CloudEvents, Door::OpenTelemetry];

impl Door {
    fn n_at_once(self) -> usize {
        if self == Door::Reports { 1 } else { 20 }
    }

    fn batch(self, round: usize, number: usize) -> Vec<String> {
        (0..self.n_at_once()).map(|n| format!("{self:?}-{round}-{number}-{n}")).collect()
    }

    fn path(self) -> &'static str {
        match self {
            Door::Segment => "/v1/batch",
            Door::CloudEvents => "/events",
            Door::OpenTelemetry => "/v1/logs",
            Door::Reports => "/api/v1/frictions",
        }
    }

    fn content_type(self) -> &'static str {
        if self == Door::CloudEvents { "application/cloudevents-batch+json" } else { "application/json" }
    }

    fn body(self, ids: &[String]) -> String {
        let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
        let events = ids.iter().map(|id| match self {
            Door::Segment => json!({"type": "track", "messageId": id, "userId": "jo", "event": id}),
            Door::CloudEvents => json!({
                "specversion": "1.0", "id": id, "source": "/wards", "type": id, "data": {"userId": "jo"},
            }),
            Door::OpenTelemetry => json!({"eventName": id, "attributes": [
                text("log.record.uid", id), text("user.id", "jo"), text("traction.change", "rounds"),
            ]}),
            Door::Reports => json!({
                "unit": "ward-1", "title": id, "times_per_week": 1, "minutes": 1, "people": 1,
            }),
        });
        let events: Vec<Value> = events.collect();
        match self {
            Door::Segment => json!({ "batch": events }).to_string(),
            Door::CloudEvents => json!(events).to_string(),
            Door::OpenTelemetry => {
                json!({"resourceLogs": [{"scopeLogs": [{"logRecords": events}]}]}).to_string()
            }
            Door::Reports => events[0].to_string(),
        }
    }

    /// Sends one batch; whether it was acknowledged.
    fn send(self, address: &str, key: &str, ids: &[String]) -> std::io::Result<bool> {
        let body = self.body(ids);
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        // A verb counts once by a key, and an event by its own id.
        let once = match self {
            Door::Reports => format!("Idempotency-Key: {}\r\n", ids[0]),
            _ => String::new(),
        };
        write!(
            stream,
            "POST {} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n{once}Content-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.path(),
            self.content_type(),
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        // A verb whose first answer was lost is told so: it is done.
        let is_done_already = self == Door::Reports && answer.starts_with("HTTP/1.1 409");
        Ok(answer.starts_with("HTTP/1.1 20") || is_done_already)
    }

    /// Sends one batch until it is acknowledged, as released clients do.
    fn send_until_taken(self, address: &str, key: &str, ids: &[String]) {
        let mut n_tries = 0;
        while !matches!(self.send(address, key, ids), Ok(true)) {
            n_tries += 1;
            assert!(n_tries < 1_200, "{self:?}: not taken for a minute");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What is kept, by id; each once, also what was sent twice.
    async fn kept(self, at: &At) -> BTreeSet<String> {
        let store = at.opened().await;
        let query = match self {
            Door::Reports => "SELECT title AS id FROM friction",
            _ => "SELECT event AS id FROM usage_event",
        };
        let rows = store.read().all(query, vec![]).await.unwrap();
        let ids = rows.iter().map(|row| row.text("id").unwrap());
        let ids: Vec<String> = ids.filter(|id| id.starts_with(&format!("{self:?}-"))).collect();
        let kept: BTreeSet<String> = ids.iter().cloned().collect();
        assert_eq!(ids.len(), kept.len(), "{self:?}: something is there twice");
        kept
    }
}

/// Fails unless everything that was acknowledged is kept, and no batch by half.
async fn all_kept(at: &At, door: Door, acknowledged: &BTreeSet<String>) {
    let kept = door.kept(at).await;
    let lost: Vec<&String> = acknowledged.difference(&kept).collect();
    assert!(lost.is_empty(), "{door:?}: acknowledged and lost: {lost:?}");
    assert_eq!(kept.len() % door.n_at_once(), 0, "{door:?}: a batch is half kept");
}

/// Sends batches of a round until one is not acknowledged; each that was is told.
fn sender(
    door: Door,
    address: &str,
    key: &str,
    round: usize,
) -> (std::thread::JoinHandle<()>, mpsc::Receiver<usize>) {
    let (tell, told) = mpsc::channel();
    let (address, key) = (address.to_owned(), key.to_owned());
    let sender = std::thread::spawn(move || {
        let sent =
            |number: &usize| matches!(door.send(&address, &key, &door.batch(round, *number)), Ok(true));
        (0..N_BATCHES).take_while(sent).for_each(|number| {
            let _ = tell.send(number);
        });
    });
    (sender, told)
}

/// The program is killed at some moment of the sending, round by round; at last everything is sent once more.
async fn survives_kills(at: &At, door: Door, n_rounds: usize) {
    let key = at.prepared();
    let mut acknowledged = BTreeSet::new();
    for round in 0..n_rounds {
        let address = free_address();
        let server = at.serve(&address);
        let (sender, told) = sender(door, &address, &key, round);
        // In the midst of the sending, when some batches are acknowledged and the next is on its way.
        for _ in 0..5 + 7 * (round % 20) {
            let number = told.recv().unwrap();
            acknowledged.extend(door.batch(round, number));
        }
        kill(server);
        sender.join().unwrap();
        told.try_iter().for_each(|number| acknowledged.extend(door.batch(round, number)));
        all_kept(at, door, &acknowledged).await;
    }
    // The clients send everything again, as they do.
    let address = free_address();
    let server = at.serve(&address);
    for round in 0..n_rounds {
        for number in 0..30 {
            assert!(door.send(&address, &key, &door.batch(round, number)).unwrap());
            acknowledged.extend(door.batch(round, number));
        }
    }
    kill(server);
    let kept = door.kept(at).await;
    assert!(acknowledged.is_subset(&kept), "{door:?}");
    if door == Door::Reports {
        return;
    }
    let counted: Value = serde_json::from_str(&at.run(&["usage", "count", "--json"])).unwrap();
    assert_eq!(counted, json!({"events": kept.len(), "dead_letters": 0}), "{door:?}");
}

#[tokio::test]
async fn every_acknowledged_event_survives_a_kill_and_counts_once_at_every_door() {
    for door in USAGE {
        let folder = tempfile::tempdir().unwrap();
        survives_kills(&At::folder(folder.path()), door, n_rounds(3)).await;
    }
}

#[tokio::test]
async fn every_acknowledged_verb_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    survives_kills(&At::folder(folder.path()), Door::Reports, n_rounds(2)).await;
}

#[tokio::test]
async fn on_a_server_too_every_acknowledged_event_survives_a_kill() {
    let Some(at) = At::server().await else { return };
    survives_kills(&at, Door::OpenTelemetry, n_rounds(2)).await;
}

/// Batches are sent one after the other, each until it is taken, while something breaks on the other side now and then.
/// How long each breach lasts is the other side's affair; the program goes on by itself.
async fn goes_on(at: &At, served: &At, mut breach: impl AsyncFnMut(), n_breaches: usize) {
    let key = at.prepared();
    let address = free_address();
    let server = served.serve(&address);
    for (round, door) in USAGE.into_iter().cycle().take(n_breaches).enumerate() {
        let (tell, told) = mpsc::channel();
        let sender = std::thread::spawn({
            let (address, key) = (address.clone(), key.clone());
            move || {
                for number in 0..30 {
                    door.send_until_taken(&address, &key, &door.batch(round, number));
                    let _ = tell.send(number);
                }
            }
        });
        // Whether the breach meets a batch before its commit, in it or after it differs from round to round.
        for _ in 0..1 + round % 20 {
            told.recv().unwrap();
        }
        breach().await;
        sender.join().unwrap();
        let sent = (0..30).flat_map(|number| door.batch(round, number)).collect();
        all_kept(at, door, &sent).await;
    }
    kill(server);
    let counted: Value = serde_json::from_str(&at.run(&["usage", "count", "--json"])).unwrap();
    assert_eq!(counted, json!({"events": n_breaches * 30 * 20, "dead_letters": 0}));
}

#[tokio::test]
async fn what_was_acknowledged_is_there_once_when_the_server_s_backends_are_killed() {
    let Some(at) = At::server().await else { return };
    let control = at.control().await;
    let killing = async || {
        let n = control.terminate_others().await;
        assert!(n > 0, "nobody was killed");
    };
    goes_on(&at, &at, killing, n_rounds(3)).await;
}

#[tokio::test]
async fn what_was_acknowledged_is_there_once_when_the_connection_is_cut_and_restored() {
    let Some(at) = At::server().await else { return };
    let line = Line::to(at.host());
    let through = at.through(line.address());
    let cutting = async || {
        line.cut();
        tokio::time::sleep(Duration::from_millis(200)).await;
        line.restore();
    };
    goes_on(&at, &through, cutting, n_rounds(3)).await;
}
