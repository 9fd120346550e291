//! A bucket on loopback: `s3s-fs` behind HTTP. Two things are added to it. It looks whether a name is
//! free and then writes, which a store must do in one; so conditional requests wait for each other. And
//! whoever tests hears which key asked for what, to strike at a known moment.

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

pub const SECRET: &str = "a-secret-that-no-log-may-hold";

/// The keys that open it.
pub const KEYS: [&str; 2] = ["first", "second"];

pub struct Bucket {
    pub url: String,
    address: SocketAddr,
    heard: Receiver<Heard>,
    folder: tempfile::TempDir,
    _runtime: Runtime,
}

/// A request that came to the bucket.
pub struct Heard {
    pub key: String,
    pub writes: bool,
}

impl Bucket {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("events")).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        let mut auth = SimpleAuth::new();
        for key in KEYS {
            auth.register(key.into(), SECRET.into());
        }
        builder.set_auth(auth);
        let (tell, heard) = channel();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(serve(listener, builder.build(), tell));
        Self { url: "s3://events/lake".into(), address, heard, folder, _runtime: runtime }
    }

    /// How a client gets in with one of the keys.
    pub fn options(&self, key: &str) -> Vec<(String, String)> {
        options(&format!("http://{}", self.address), key)
    }

    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next request, if one comes soon.
    pub fn hear_within(&self, time: Duration) -> Option<Heard> {
        self.heard.recv_timeout(time).ok()
    }

    /// Forgets what was heard.
    pub fn forget(&self) {
        self.heard.try_iter().for_each(drop);
    }

    /// Where the lake lies, for who sees the bucket's disk.
    pub fn lake(&self) -> std::path::PathBuf {
        self.folder.path().join("events/lake")
    }

    /// How many files lie in it whose names hold this.
    pub fn count(&self, part: &str) -> usize {
        let mut folders = vec![self.lake()];
        let mut count = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                count += usize::from(path.is_file() && path.to_str().unwrap().contains(part));
                folders.extend(Some(path).filter(|path| path.is_dir()));
            }
        }
        count
    }
}

pub fn options(endpoint: &str, key: &str) -> Vec<(String, String)> {
    let pairs =
        [("aws_access_key_id", key), ("aws_secret_access_key", SECRET), ("aws_endpoint", endpoint), ("aws_region", "us-east-1"), ("aws_allow_http", "true")];
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

async fn serve(listener: TcpListener, service: S3Service, tell: Sender<Heard>) {
    let one_at_a_time = Arc::new(tokio::sync::Mutex::new(()));
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        let (service, tell, one_at_a_time) = (service.clone(), tell.clone(), one_at_a_time.clone());
        tokio::spawn(async move {
            let each = service_fn(|request: Request<Incoming>| {
                let (service, one_at_a_time) = (service.clone(), one_at_a_time.clone());
                let _ = tell.send(heard(&request));
                async move {
                    let _turn = if request.headers().contains_key("if-none-match") { Some(one_at_a_time.lock().await) } else { None };
                    service.call(request.map(s3s::Body::from)).await
                }
            });
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), each).await;
        });
    }
}

fn heard(request: &Request<Incoming>) -> Heard {
    let shown = request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let key = KEYS.iter().find(|key| shown.contains(&format!("Credential={key}/"))).copied().unwrap_or_default();
    Heard { key: key.into(), writes: [Method::PUT, Method::POST, Method::DELETE].contains(request.method()) }
}
