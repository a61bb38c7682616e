//! Taking connections, and handing each request to its door.
//!
//! The real system asks its door more often than people open pages, by far. So what it asks goes there as it comes, past
//! the table of all routes and what lies around them; the rest of the program is one service behind it.

use std::convert::Infallible;
use std::io::{Error, ErrorKind};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tower::Service;

use crate::grant::access::api::{Door, Pace};
use crate::routes;
use crate::world::World;

/// How long to wait before taking the next connection when the system has no place for one more.
const NO_PLACE: Duration = Duration::from_secs(1);

/// Where a request may be for.
struct Doors {
    access: Door,
    others: Router,
}

/// Serves until the world ends; then what is under way is finished.
pub async fn serve(listener: TcpListener, world: World) {
    let access = Door::new(world.clone(), Pace::default());
    let doors = Arc::new(Doors { access, others: routes::all(world.clone()) });
    // Nothing is sent: it closes when the last connection lets go of its end.
    let (under_way, mut all_over) = mpsc::channel::<Infallible>(1);
    let mut ended = pin!(world.ended());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut ended => break,
        };
        match accepted {
            Ok((stream, _)) => {
                let (doors, world, under_way) = (doors.clone(), world.clone(), under_way.clone());
                tokio::spawn(async move {
                    connected(stream, doors, &world).await;
                    drop(under_way);
                });
            }
            Err(error) => turned_down(&error).await,
        }
    }
    drop((listener, under_way));
    all_over.recv().await;
}

async fn connected(stream: TcpStream, doors: Arc<Doors>, world: &World) {
    // An event is to be heard at once, however small; a socket that cannot be set so still works.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let doors = doors.clone();
        async move { doors.answer(request).await }
    });
    let mut connection = pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    let mut ended = pin!(world.ended());
    let done = tokio::select! {
        biased;
        done = connection.as_mut() => done,
        () = &mut ended => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = done {
        tracing::trace!(%error, "a connection broke off");
    }
}

impl Doors {
    async fn answer(&self, request: Request<Incoming>) -> Result<Response, Infallible> {
        if Door::has(request.uri().path()) {
            return Ok(self.access.answer(request).await);
        }
        // Apart, so that whoever asks the first door carries nothing of it.
        Box::pin(self.others.clone().call(request.map(Body::new))).await
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
