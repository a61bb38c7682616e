//! Secrets and tickets never reach the log, however much is logged; and a server with open streams stops when it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use traction::org::token;
use traction::org::token::store::Scope;
use traction_domain::org::who::Who;

use crate::demo::PROGRAM;
use crate::world::TestWorld;

#[tokio::test]
async fn no_ticket_and_no_token_reaches_the_log_and_a_server_with_open_streams_stops() {
    let folder = tempfile::tempdir().unwrap();
    let secret = {
        let world = TestWorld::kept_in(folder.path()).await;
        token::verbs::add(&world.world, &Who::operator(), "test", vec![Scope::Access]).await.unwrap()
    };
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let mut server = Command::new(PROGRAM)
        .args(["serve", "--addr", &address, "--data"])
        .arg(folder.path())
        .env("TRACTION_LOG", "trace")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    let stderr = BufReader::new(server.stderr.take().unwrap());
    let log = std::thread::spawn(move || {
        let mut log = String::new();
        for line in stderr.lines() {
            let line = line.unwrap();
            if line.contains("listens on") {
                let _ = tell.send(());
            }
            log.push_str(&line);
            log.push('\n');
        }
        log
    });
    told.recv_timeout(Duration::from_secs(60)).unwrap();

    let asks = |line: &str, body: &str, end: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(
            stream,
            "{line} HTTP/1.1\r\nHost: {address}\r\nX-API-Key: {secret}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        let mut part = [0; 4_096];
        while !answer.contains(end) {
            let n = stream.read(&mut part).unwrap();
            assert!(n > 0, "{answer}");
            answer.push_str(std::str::from_utf8(&part[..n]).unwrap());
        }
        (stream, answer)
    };
    let (_, all) = asks("POST /ofrep/v1/evaluate/flags", r#"{"context":{"targetingKey":"jo"}}"#, "]}");
    let ticket = all.split("ticket=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let (mut open, head) = asks(&format!("GET /ofrep/v1/streams?ticket={ticket}"), "", "\r\n\r\n");
    assert!(head.contains("text/event-stream"), "{head}");

    let stops = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    assert!(stops.success());
    let mut rest = String::new();
    open.read_to_string(&mut rest).expect("the stream ends when the server stops");
    assert!(server.wait().unwrap().success());
    let log = log.join().unwrap();
    assert!(log.contains("listens on"), "what is logged was read: {log}");
    for hidden in [&*ticket, &*secret] {
        assert!(!log.contains(hidden), "{hidden} stands in the log");
    }
}
