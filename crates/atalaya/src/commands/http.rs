//! The HTTP listener: nobody holds a place in it without using it, and it ends when it is told to.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

use super::pace::{Paced, Taken};
use crate::{App, routes, sealed};

/// How long a request's headers may take, and how long a connection waits for its next request.
const HEADERS: Duration = Duration::from_secs(30);
/// How long open requests may take once the program ends.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers HTTP until told to stop; then lets open requests finish, for a while.
pub async fn serve(app: App, listener: TcpListener, stop: watch::Receiver<bool>) {
    let places = app.profile.web.max_connections;
    answer(routes::router(app), places, true, listener, stop).await;
}

/// The listener for sealed reports: who calls is told to nobody, not even to the handlers.
pub async fn serve_sealed(app: App, listener: TcpListener, stop: watch::Receiver<bool>) {
    let places = app.profile.web.max_connections;
    answer(sealed::router(app), places, false, listener, stop).await;
}

async fn answer(router: Router, places: usize, named: bool, listener: TcpListener, mut stop: watch::Receiver<bool>) {
    // Who comes when all places are taken waits at the door, and a place is free before long: nobody may
    // hold one for nothing.
    let places = Arc::new(Semaphore::new(places));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS);
    let open = GracefulShutdown::new();
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Too many open files, most likely: others finish in the meantime.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let router = router.clone();
        let answer = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(|body| Body::new(Paced::new(body)));
            if named {
                request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer));
            }
            let answer = router.clone().oneshot(request);
            async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
        });
        let connection = open.watch(http.serve_connection(TokioIo::new(Taken::new(stream)), answer));
        tokio::spawn(async move {
            let _place = place;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(PATIENCE, open.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time and were cut");
    }
}
