//! Open streams: what each holds of the server's memory, and how soon all hear of a slot that is switched.

use std::io::Read;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Server;
use super::ask::{Connection, request};

/// How many are open at once.
const N_STREAMS: usize = 5_000;

/// Opens them, and prints what they cost.
pub fn measure(server: &Server) {
    let (access, write) = (text(&server.said["access"]), text(&server.said["write"]));
    let before = server.memory();
    let mut asking = Connection::to(server);
    let mut streams: Vec<TcpStream> = (0..N_STREAMS)
        .map(|n| {
            let who = format!("person-{}", n % 1_000);
            let answer = asking.asks(&request("/ofrep/v1/evaluate/flags", access, "", &who));
            let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
            let url = text(&body["eventStreams"][0]["url"]);
            let path = url.strip_prefix(&format!("http://{}", server.address())).unwrap();
            let open = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            let mut stream = Connection::to(server).opens(open.as_bytes());
            stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            reads_until(&mut stream, "text/event-stream");
            stream
        })
        .collect();
    std::thread::sleep(Duration::from_secs(2));
    let held = server.memory() - before;
    println!("{N_STREAMS} open streams hold {} MB, {} kB each", held / 1_024, held / N_STREAMS as u64);

    let path = format!("/api/v1/slots/{}/steps", text(&server.said["slot"]));
    let body = r#"{"step":"resumed"}"#;
    let step = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {write}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let begun = Instant::now();
    let answer = asking.asks(step.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    streams.iter_mut().for_each(|stream| reads_until(stream, "refetchEvaluation"));
    println!("the last of them heard of a slot that goes on after {} ms", begun.elapsed().as_millis());
}

fn reads_until(stream: &mut TcpStream, end: &str) {
    let (mut read, mut part) = (String::new(), [0; 1_024]);
    while !read.contains(end) {
        let n = stream.read(&mut part).unwrap();
        assert!(n > 0, "the stream ended: {read}");
        read.push_str(std::str::from_utf8(&part[..n]).unwrap());
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
