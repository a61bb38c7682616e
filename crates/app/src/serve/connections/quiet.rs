//! Connections on which nobody asks anything are closed: a stranger must not hold as many as he likes.
//!
//! The library would set a clock for the head of each request, and wait for the next head at once. Here a connection is
//! looked at once a minute, which costs an answer nothing: at the door of the real system a clock a request is a
//! thirtieth of all the work there is.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

/// What is asked on one connection: how often so far, and, by how many hold it, how much is under way.
#[derive(Clone, Default)]
pub(super) struct Asking(Arc<AtomicU64>);

impl Asking {
    /// One more request, under way until this is dropped.
    pub(super) fn one_more(&self) -> Asking {
        self.0.fetch_add(1, Ordering::Relaxed);
        self.clone()
    }

    /// Ends when nothing was asked on the connection for long, and nothing is under way.
    pub(super) async fn too_quiet(&self, patience: Duration) {
        let mut n_asked_before = None;
        while n_asked_before != Some(self.n_asked()) || self.is_under_way() {
            n_asked_before = Some(self.n_asked());
            tokio::time::sleep(patience).await;
        }
    }

    /// The answer, with which the request is under way until the last of it is sent.
    pub(super) fn until_sent(self, answer: Response) -> Response {
        answer.map(|body| Body::new(Sending { body, _asking: self }))
    }

    fn n_asked(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn is_under_way(&self) -> bool {
        // The connection itself holds one.
        Arc::strong_count(&self.0) > 1
    }
}

/// A body that is being sent.
struct Sending {
    body: Body,
    _asking: Asking,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
