//! The HTTP listener: nobody holds a place in it without using it, and it ends when it is told to.

use std::convert::Infallible;
use std::net::SocketAddr;
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
use tokio::sync::watch;
use tower::ServiceExt;
use tower_http::timeout::TimeoutBody;

use crate::{App, routes, sealed};

/// How long a request's headers may take, and how long a connection waits for its next request.
const HEADERS: Duration = Duration::from_secs(30);
/// How long nothing of a body may come.
const SILENCE: Duration = Duration::from_mins(1);
/// How long open requests may take once the program ends.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers HTTP until told to stop; then lets open requests finish, for a while.
pub async fn serve(app: App, listener: TcpListener, stop: watch::Receiver<bool>) {
    answer(routes::router(app), true, listener, stop).await;
}

/// The listener for sealed reports: who calls is told to nobody, not even to the handlers.
pub async fn serve_sealed(app: App, listener: TcpListener, stop: watch::Receiver<bool>) {
    answer(sealed::router(app), false, listener, stop).await;
}

async fn answer(router: Router, named: bool, listener: TcpListener, mut stop: watch::Receiver<bool>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS);
    let open = GracefulShutdown::new();
    loop {
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
            let mut request: Request = request.map(|body| Body::new(TimeoutBody::new(SILENCE, body)));
            if named {
                request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer));
            }
            let answer = router.clone().oneshot(request);
            async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
        });
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), answer));
        tokio::spawn(async move {
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
