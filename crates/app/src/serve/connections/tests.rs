//! How long a connection is kept on which nothing happens.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use super::*;

/// Of the tests; short.
const PATIENCE: Duration = Duration::from_millis(40);

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(20);

const WHOLE: &str = "GET / HTTP/1.1\r\nHost: t\r\n\r\n";

/// A connection on which `sent` was sent to a server that answers so.
async fn asked<F>(
    sent: &str,
    patience: Duration,
    answer: impl Fn() -> F + Send + Sync + 'static,
) -> DuplexStream
where
    F: Future<Output = Response> + Send + 'static,
{
    let (mut near, far) = tokio::io::duplex(4_096);
    tokio::spawn(async move {
        connected(far, |_| answer(), std::future::pending(), patience).await;
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
    for begun in ["", "GET / HTTP/1.1\r\nHost: trac", WHOLE] {
        let stream = asked(begun, PATIENCE, async || Response::new(Body::from("whole"))).await;
        let read = until_hung_up(stream).await;
        assert_eq!(read.ends_with("whole"), begun == WHOLE, "{begun:?}: {read}");
    }
}

#[tokio::test]
async fn an_answer_may_take_long_to_come() {
    let slowly = async || {
        tokio::time::sleep(PATIENCE * 5).await;
        Response::new(Body::from("whole"))
    };
    assert!(until_hung_up(asked(WHOLE, PATIENCE, slowly).await).await.ends_with("whole"));
}

#[tokio::test]
async fn whoever_reads_slowly_gets_all_of_an_answer() {
    const N: usize = 100_000;
    // Long enough for a machine that stands still at times.
    let patience = Duration::from_secs(1);
    let answer = async || Response::new(Body::from("x".repeat(N)));
    let mut stream = asked(WHOLE, patience, answer).await;
    let (mut n_read, mut part) = (0, [0; 4_096]);
    // A part each tenth of the patience, for more than twice as long in all.
    while n_read < N {
        tokio::time::sleep(patience / 10).await;
        let n = tokio::time::timeout(LONG, stream.read(&mut part)).await.unwrap().unwrap();
        assert!(n > 0, "hung up after {n_read}");
        n_read += n;
    }
}
