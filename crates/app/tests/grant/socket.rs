//! The server as it is reached: requests that go past the table of addresses are answered as if they were looked up there,
//! and a server that is told to stop finishes what is under way.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use traction::serve::connections;

use crate::grant::ofrep::{ALL, ONE, about, granted};
use crate::world::{TestWorld, on_both, on_sqlite};

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(20);

/// What comes back for a request on a connection, once all of it was sent: until it stands still.
async fn answer(stream: &mut TcpStream) -> (u16, String) {
    let (mut read, mut part) = (String::new(), [0; 4_096]);
    loop {
        if let Some((head, body)) = read.split_once("\r\n\r\n") {
            let length =
                |line: &str| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok();
            let n_bytes: usize = head.lines().find_map(length).unwrap_or(0);
            if body.len() >= n_bytes {
                return (head[9..12].parse().unwrap(), body.to_owned());
            }
        }
        let n = tokio::time::timeout(LONG, stream.read(&mut part)).await.unwrap().unwrap();
        assert!(n > 0, "hung up: {read}");
        read.push_str(std::str::from_utf8(&part[..n]).unwrap());
    }
}

fn asking(method: &str, path: &str, token: &str, body: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: traction.test\r\nX-API-Key: {token}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

async fn looked_up(world: &TestWorld, method: &str, path: &str, token: &str, body: &str) -> (u16, String) {
    let request = Request::builder().method(method).uri(path).header("x-api-key", token);
    let said = world.send(request.body(Body::from(body.to_owned())).unwrap()).await;
    (said.status.as_u16(), said.body)
}

#[test]
fn a_request_is_answered_on_the_socket_as_by_the_table_of_addresses() {
    on_both(async |world| {
        let client = granted(&world).await;
        let address = world.serve().await;
        let mut stream = TcpStream::connect(address.strip_prefix("http://").unwrap()).await.unwrap();
        let jo = about("jo").to_string();
        for (method, path, body) in [
            ("POST", ONE, &*jo),
            ("POST", ALL, &jo),
            ("POST", "//ofrep/v1/evaluate/flags/bedside%2Dtests", &jo),
            ("POST", "/ofrep/v1/evaluate/flags/unknown", &jo),
            ("POST", ONE, "{"),
            ("POST", ONE, ""),
            ("GET", ONE, ""),
            ("PUT", ALL, ""),
            ("OPTIONS", ALL, ""),
            ("POST", "/ofrep/v1/streams", ""),
            ("POST", "/ofrep/v1/evaluate/flags/", &jo),
            ("POST", "/ofrep/v1/evaluate/flags/a/b", &jo),
            ("POST", "/ofrep/v2", &jo),
            ("GET", "/ofrep", ""),
            ("GET", "/ofrepository", ""),
            ("GET", "/healthz", ""),
        ] {
            // One after the other on one connection.
            stream.write_all(asking(method, path, client.token(), body).as_bytes()).await.unwrap();
            let said = answer(&mut stream).await;
            let expected = looked_up(&world, method, path, client.token(), body).await;
            assert_eq!(said, expected, "{method} {path} {body}");
        }
        let piece = format!("{:x}\r\n{jo}\r\n0\r\n\r\n", jo.len());
        let head = format!(
            "POST {ONE} HTTP/1.1\r\nHost: traction.test\r\nX-API-Key: {}\r\nTransfer-Encoding: chunked\r\n\r\n",
            client.token()
        );
        stream.write_all((head + piece.as_str()).as_bytes()).await.unwrap();
        assert_eq!(answer(&mut stream).await, looked_up(&world, "POST", ONE, client.token(), &jo).await);
    });
}

#[test]
fn a_server_that_is_told_to_stop_finishes_what_is_under_way_and_keeps_nobody_waiting() {
    on_sqlite(async |world: TestWorld| {
        let client = granted(&world).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let served = tokio::spawn(connections::serve(listener, world.world.clone()));
        let idle = TcpStream::connect(address).await.unwrap();
        let mut under_way = TcpStream::connect(address).await.unwrap();
        let (body, token) = (about("jo").to_string(), client.token());
        let head = format!(
            "POST {ONE} HTTP/1.1\r\nHost: traction.test\r\nX-API-Key: {token}\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        under_way.write_all(head.as_bytes()).await.unwrap();
        assert_eq!(answer(&mut under_way).await.0, 100, "it waits for its body");

        world.world.end();
        under_way.write_all(body.as_bytes()).await.unwrap();
        assert_eq!(answer(&mut under_way).await.0, 200);
        tokio::time::timeout(LONG, served).await.expect("it stops").unwrap();
        assert!(TcpStream::connect(address).await.is_err(), "nobody is let in any more");
        drop(idle);
    });
}
