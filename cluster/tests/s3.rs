//! Several writers on one bucket of a real S3 server, and the engine's answers over it.

use engine::{Engine, Limits};
use formats::feed::{Events, KeyPart, Row, Source};
use hyper_util::rt::{TokioExecutor, TokioIo};
use lake::query::By;
use lake::{Filter, Holder, Holders, Lake, Question, Resource, Settings, Sight, Span, Start};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const DAY: i64 = 86_400_000_000;
const TODAY: i64 = 20_700 * DAY;

/// Serves a folder as S3 on a free port of this machine. One request is answered at a time: the server
/// looks whether a name is free and writes it in two steps, which a real one does in one.
fn serve(folder: &Path) -> String {
    let files = s3s_fs::FileSystem::new(folder).unwrap();
    let mut service = s3s::service::S3ServiceBuilder::new(files);
    service.set_auth(s3s::auth::SimpleAuth::from_single("key", "secret"));
    let service = service.build();
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(format!("http://{}", listener.local_addr().unwrap())).unwrap();
            let one = Arc::new(tokio::sync::Mutex::new(()));
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let (service, one) = (service.clone(), Arc::clone(&one));
                tokio::spawn(async move {
                    let answer = hyper::service::service_fn(move |request| {
                        let (service, one) = (service.clone(), Arc::clone(&one));
                        async move {
                            let _one = one.lock().await;
                            hyper::service::Service::call(&service, request).await
                        }
                    });
                    let _ = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), answer).await;
                });
            }
        });
    });
    told.recv().unwrap()
}

fn options(endpoint: &str) -> Vec<(String, String)> {
    let options =
        [("aws_endpoint", endpoint), ("aws_region", "local"), ("aws_access_key_id", "key"), ("aws_secret_access_key", "secret"), ("aws_allow_http", "true")];
    options.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

fn open(endpoint: &str, scratch: &Path) -> Lake {
    let settings = Settings { place: "s3://lake/events", options: options(endpoint), scratch, key: [7; 16], now: TODAY, id: [1; 16], rows: 100 };
    Lake::open(&settings).unwrap()
}

fn row(n: i64) -> Row {
    let mut ip = [0; 16];
    ip[10] = 0xff;
    ip[11] = 0xff;
    ip[12..].copy_from_slice(&[198, 18, u8::try_from(n / 256 % 256).unwrap(), u8::try_from(n % 256).unwrap()]);
    Row {
        line: i32::try_from(n).unwrap(),
        observed: TODAY + n % 3 * DAY + n,
        ip,
        asn: 64_500 + n % 3,
        r#type: "weak-crypto".into(),
        class: "vulnerable".into(),
        ..Row::default()
    }
}

fn take(lake: &Lake, file: i64, numbers: impl Iterator<Item = i64>) -> lake::Receipt {
    let network = |id, text: &str| Holder { id, resource: Resource::Network(text.parse().unwrap()), from: 0, until: i64::MAX };
    let holders = Arc::new(Holders::compile(1, [network(1, "198.18.0.0/24"), network(2, "198.18.0.0/15")]));
    let mut sha = [0; 32];
    sha[..8].copy_from_slice(&file.to_le_bytes());
    let mut intake = lake.intake(Start { sha, file, now: TODAY, nonce: u64::try_from(file).unwrap() }, holders).unwrap();
    let mut events = Events::new(Source { feed: "example".into(), kind: "scan_dns".into(), mapping: 1, key: KeyPart::DEFAULT.as_slice().into() });
    numbers.for_each(|number| events.push(&row(number)));
    intake.take(&events).unwrap();
    intake.commit().unwrap()
}

#[test]
fn three_writers_on_a_bucket_lose_no_commit_and_the_engine_answers_over_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("lake")).unwrap();
    let endpoint = serve(folder.path());
    let writers: Vec<_> = (0..3)
        .map(|writer| {
            let endpoint = endpoint.clone();
            std::thread::spawn(move || {
                let scratch = tempfile::tempdir().unwrap();
                let lake = open(&endpoint, scratch.path());
                (0..5)
                    .map(|file| {
                        take(&lake, 100 * writer + file, (0..200).chain(1000 * (writer + 1) + 50 * file..1000 * (writer + 1) + 50 * file + 50)).counts.stored
                    })
                    .sum::<u64>()
            })
        })
        .collect();
    let stored: u64 = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
    assert_eq!(stored, 200 + 3 * 5 * 50);

    let scratch = tempfile::tempdir().unwrap();
    let lake = open(&endpoint, scratch.path());
    assert_eq!(lake.refresh().unwrap(), 15);
    assert!(take(&lake, 203, 0..10).before, "a file that another writer took in is in");
    let limits = Limits { threads: 2, memory: 256 << 20, time: Duration::from_secs(60), scratch: scratch.path() };
    let engine = Engine::new(&limits, options(&endpoint)).unwrap();
    let filter = Filter::new(Span { from: TODAY, until: TODAY + 10 * DAY });
    let lines = |question: &Question, sight: &Sight| -> Vec<i64> {
        let rows = engine.ask(&lake.view().unwrap(), question, sight).unwrap();
        (0..rows.len()).map(|row| rows.get(row, "line").int().unwrap()).collect()
    };
    let all = Question::Events { filter: filter.clone(), after: None, limit: 10_000 };
    let expected: BTreeSet<i64> = (0..200).chain((1..4).flat_map(|writer| 1000 * writer..1000 * writer + 250)).collect();
    let found = lines(&all, &Sight::All);
    assert_eq!(found.len(), expected.len(), "each once");
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
    assert_eq!(lines(&all, &Sight::Holders(vec![1])).len(), expected.iter().filter(|n| **n < 256).count());

    for day in lake.scattered(20_710).unwrap().into_keys() {
        assert!(lake.compact(day, TODAY, 9).unwrap().is_some());
    }
    lake.vacuum(i64::MAX).unwrap();
    assert_eq!(lake.data_files().unwrap().len(), 3);
    let counts = engine.ask(&lake.view().unwrap(), &Question::Counts { filter, by: By::Asn, limit: 10 }, &Sight::All).unwrap();
    assert_eq!((0..counts.len()).map(|row| counts.get(row, "events").int().unwrap()).sum::<i64>(), 950);
}
