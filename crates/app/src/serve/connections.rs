//! Taking connections, and handing each request to its door.
//!
//! The real system asks its door more often than people open pages, by far. So what it asks goes there as it comes, past
//! the table of all routes and what lies around them; the rest of the program is one service behind it.

mod quiet;
#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::io::{Error, ErrorKind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::Request;
use axum::response::Response;
use axum::{BoxError, Router};
use futures_util::FutureExt;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::Sleep;
use tower::Service;

use crate::grant::access::api::{Door, Pace};
use crate::routes;
use crate::world::World;

use quiet::Life;

/// How long to wait before taking the next connection when the system has no place for one more.
const NO_PLACE: Duration = Duration::from_secs(1);

/// How long at least the head of a request may take, and a connection may stand open without one; at most twice as long.
const HEAD_PATIENCE: Duration = Duration::from_secs(60);

/// How long a body may take in all: whoever dawdles keeps what he sent so far in memory.
const BODY_PATIENCE: Duration = Duration::from_secs(120);

/// How long what is under way may take when the server is to stop: one stranger who holds his connection must not keep it.
const LAST_PATIENCE: Duration = Duration::from_secs(20);

/// Where a request may be for.
struct Doors {
    access: Door,
    others: Router,
}

/// Serves until the world ends; then what is under way is finished, or broken off after some time.
pub async fn serve(listener: TcpListener, world: World) {
    let access = Door::new(world.clone(), Pace::default());
    let doors = Arc::new(Doors { access, others: routes::all(world.clone()) });
    // Nothing is sent: it closes when the last connection lets go of its end.
    let (under_way, mut all_over) = mpsc::channel::<Infallible>(1);
    let take = |stream: TcpStream| {
        // An event is to be heard at once, however small; a socket that cannot be set so still works.
        let _ = stream.set_nodelay(true);
        let (doors, world, under_way) = (doors.clone(), world.clone(), under_way.clone());
        tokio::spawn(async move {
            let answer = |request| {
                let doors = doors.clone();
                async move { doors.answer(request).await }
            };
            connected(stream, answer, world.ended(), HEAD_PATIENCE).await;
            drop(under_way);
        });
    };
    let mut ended = pin!(world.ended());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut ended => break,
        };
        match accepted {
            Ok((stream, _)) => take(stream),
            Err(error) => turned_down(&error).await,
        }
    }
    // Who has a connection already and was not let in yet is answered, too: hung up on, he could not know whether what he
    // sent was done.
    while let Some(Ok((stream, _))) = listener.accept().now_or_never() {
        take(stream);
    }
    drop((listener, under_way));
    if tokio::time::timeout(LAST_PATIENCE, all_over.recv()).await.is_err() {
        tracing::warn!("somebody held a connection to the last; it is broken off");
    }
}

/// Serves one connection until it is closed, nothing happens on it for long, or the world ends.
async fn connected<S, A, F>(stream: S, answer: A, ended: impl Future<Output = ()>, patience: Duration)
where
    S: AsyncRead + AsyncWrite + Unpin,
    A: Fn(Request<Incoming>) -> F,
    F: Future<Output = Response>,
{
    let life = Life::default();
    let service = service_fn(|request| {
        let (answered, under_way) = (answer(request), life.asked());
        async move {
            let answered = answered.await;
            drop(under_way);
            Ok::<_, Infallible>(answered)
        }
    });
    let io = TokioIo::new(life.noting_what_is_sent(stream));
    let mut connection = pin!(http1::Builder::new().serve_connection(io, service));
    let mut ended = pin!(ended);
    let mut too_quiet = pin!(life.too_quiet(patience));
    let done = tokio::select! {
        biased;
        done = connection.as_mut() => done,
        () = &mut ended => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
        () = &mut too_quiet => return,
    };
    if let Err(error) = done {
        tracing::trace!(%error, "a connection broke off");
    }
}

impl Doors {
    async fn answer(&self, request: Request<Incoming>) -> Response {
        if Door::has(request.uri().path()) {
            return self.access.answer(request).await;
        }
        let mut others = self.others.clone();
        let request = request.map(|body| Body::new(InTime::of(body)));
        // Apart, so that whoever asks the first door carries nothing of it.
        let Ok(answer) = Box::pin(others.call(request)).await;
        answer
    }
}

/// A body that breaks off when it takes too long.
struct InTime {
    body: Incoming,
    over: Pin<Box<Sleep>>,
}

impl InTime {
    fn of(body: Incoming) -> InTime {
        InTime { body, over: Box::pin(tokio::time::sleep(BODY_PATIENCE)) }
    }
}

impl HttpBody for InTime {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        self.over.as_mut().poll(context).map(|()| Some(Err("the body did not arrive in time".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

async fn turned_down(error: &Error) {
    // Whoever hung up meanwhile is no trouble of ours.
    let hung_up = [ErrorKind::ConnectionRefused, ErrorKind::ConnectionAborted, ErrorKind::ConnectionReset];
    if !hung_up.contains(&error.kind()) {
        tracing::error!(%error, "no connection can be taken");
        tokio::time::sleep(NO_PLACE).await;
    }
}
