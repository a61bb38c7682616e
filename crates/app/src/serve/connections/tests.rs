use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use super::*;

/// Of the tests; short.
const PATIENCE: Duration = Duration::from_millis(40);

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(20);

/// A connection on which `sent` was sent to a server that answers so.
async fn asked<F>(sent: &str, answer: impl Fn(Asking) -> F + Send + Sync + 'static) -> DuplexStream
where
    F: Future<Output = Response> + Send + 'static,
{
    let (mut near, far) = tokio::io::duplex(4_096);
    tokio::spawn(async move {
        let never = std::future::pending();
        connected(far, |_, asking| answer(asking), never, PATIENCE).await;
    });
    near.write_all(sent.as_bytes()).await.unwrap();
    near
}

/// All that is read until the other side hangs up.
async fn until_hung_up(mut stream: DuplexStream) -> String {
    let mut read = String::new();
    tokio::time::timeout(LONG, stream.read_to_string(&mut read)).await.unwrap().unwrap();
    read
}

#[tokio::test]
async fn whoever_asks_nothing_is_hung_up_on() {
    for begun in ["", "GET / HTTP/1.1\r\nHost: trac", "GET / HTTP/1.1\r\nHost: t\r\n\r\n"] {
        let stream = asked(begun, async |_| Response::new(Body::from("whole"))).await;
        let read = until_hung_up(stream).await;
        assert_eq!(read.ends_with("whole"), begun.ends_with("\r\n\r\n"), "{begun:?}: {read}");
    }
}

#[tokio::test]
async fn an_answer_may_take_longer_to_come_and_to_go_out() {
    let slowly = async |asking: Asking| {
        tokio::time::sleep(PATIENCE * 5).await;
        let parts = futures_util::stream::unfold(0, async |n| {
            tokio::time::sleep(PATIENCE * 3).await;
            (n < 3).then(|| (Ok::<_, Infallible>(format!("part {n}")), n + 1))
        });
        asking.until_sent(Response::new(Body::from_stream(parts)))
    };
    let read = until_hung_up(asked("GET / HTTP/1.1\r\nHost: t\r\n\r\n", slowly).await).await;
    assert!(read.contains("part 2"), "{read}");
}
