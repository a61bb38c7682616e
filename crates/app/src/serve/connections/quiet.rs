//! Connections on which nothing happens are closed: a stranger must not hold as many as he likes.
//!
//! The library would set a clock for the head of each request, and look for the next head at once. Here a connection is
//! looked at once a minute, which costs an answer next to nothing: at the door of the real system a clock a request is a
//! thirtieth of all the work there is. What is received counts for nothing until it is a request, so that a head cannot
//! be drawn out; what is sent counts, so that whoever reads slowly gets all of it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What happens on one connection: how much so far, and, by how many hold it, what is under way.
#[derive(Default)]
pub(super) struct Life {
    n_happened: Arc<AtomicU64>,
    under_way: Arc<()>,
}

impl Life {
    /// Notes that something is asked, which is under way until the guard is dropped.
    pub(super) fn asked(&self) -> Arc<()> {
        self.n_happened.fetch_add(1, Ordering::Relaxed);
        self.under_way.clone()
    }

    /// The stream, which notes here what is sent on it.
    pub(super) fn noting_what_is_sent<S>(&self, stream: S) -> Noting<S> {
        Noting { stream, n_happened: self.n_happened.clone() }
    }

    /// Ends when nothing happened for `patience` or longer, up to twice as long, and nothing is under way.
    pub(super) async fn too_quiet(&self, patience: Duration) {
        let mut n_before = None;
        while n_before != Some(self.n_happened()) || Arc::strong_count(&self.under_way) > 1 {
            n_before = Some(self.n_happened());
            tokio::time::sleep(patience).await;
        }
    }

    fn n_happened(&self) -> u64 {
        self.n_happened.load(Ordering::Relaxed)
    }
}

/// A stream that notes what is sent.
pub(super) struct Noting<S> {
    stream: S,
    n_happened: Arc<AtomicU64>,
}

impl<S> Noting<S> {
    fn noted(&self, sent: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if sent.is_ready() {
            self.n_happened.fetch_add(1, Ordering::Relaxed);
        }
        sent
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Noting<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Noting<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        sent: &[u8],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(context, sent);
        self.noted(sent)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        sent: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(context, sent);
        self.noted(sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
