//! What strangers may do for nothing takes nothing from others: places in memory, tokens, and ways that are not offered.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;
use crate::house::House;

/// A form whose body does not come: who reads it says that it goes on (RFC 9110 section 10.1.1), and that or the answer's
/// first line is told.
async fn begun(address: SocketAddr, path: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\nexpect: 100-continue\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: 1000000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).await.unwrap();
    (stream, String::from_utf8_lossy(&first).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_forms_are_held_in_memory_at_once_and_nothing_is_read_of_the_others() {
    let house = House::sqlite().await;
    team(&house).await;
    let mut held = Vec::new();
    for _ in 0..8 {
        let (stream, said) = begun(house.address, "/sealed/c").await;
        assert_eq!(said, "HTTP/1.1 100");
        held.push(stream);
    }
    assert_eq!(begun(house.address, "/sealed/c").await.1, "HTTP/1.1 429");
    let page = house.visitor().upload("/sealed/c", &[("text", "by the server")], &[]).await;
    assert!(page.status == 429 && page.shows("There is too much at once"), "{}", page.words());
    drop(held);
    // Places come free when the server sees that the lines are gone.
    while house.visitor().upload("/sealed/c", &[("text", "by the server")], &[]).await.status == 429 {}
    assert_eq!(house.rows::<(i64,)>("select count(*) from sealed_envelopes", vec![]).await, [(1,)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_server_does_not_seal_it_reads_no_form() {
    let house = House::with(|profile| profile.sealed.as_mut().unwrap().by_server = false).await;
    let (team, reporter) = (team(&house).await, house.visitor());
    assert_eq!(begun(house.address, "/sealed/c").await.1, "HTTP/1.1 404");
    // Nor an answer of who came back: the page leads to the reporter's own program instead.
    let bytes = envelope(&team, b"by a program", 15);
    let arrived = reporter.upload("/sealed/b", &[], &[("file", "x.pgp", "application/octet-stream", bytes.as_slice())]).await.must(201);
    let receipt = arrived.between("id=\"receipt\" translate=\"no\">", "<");
    let page = reporter.post("/sealed/return", &[("code", &receipt)]).await.must(200).text();
    assert!(!page.contains("/sealed/c") && !page.contains("<textarea") && page.contains("/sealed/b"), "{page}");
    let _ = reporter.upload("/sealed/c", &[("code", &receipt), ("text", "and then")], &[]).await.must(404);
    assert_eq!(house.rows::<(i64,)>("select count(*) from sealed_envelopes", vec![]).await, [(1,)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_empties_the_tokens_of_what_costs_nothing_takes_none_from_the_other_ways() {
    let house = House::with(|profile| {
        let sealed = profile.sealed.as_mut().unwrap();
        (sealed.uploads_per_hour, sealed.max_per_day, sealed.max_unopened) = (10, 100, 100);
    })
    .await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let by_program = async |bytes: &[u8]| reporter.upload("/sealed/b", &[], &[("file", "x.pgp", "application/octet-stream", bytes)]).await.status;
    // What is no message takes none.
    for _ in 0..15 {
        assert_eq!(by_program(b"").await, 422);
        assert_eq!(reporter.upload("/sealed/b", &[("message", "plain words")], &[]).await.status, 422);
    }
    for seed in 0..10 {
        assert_eq!(by_program(&envelope(&team, b"by a program", seed)).await, 201);
    }
    assert_eq!(by_program(&envelope(&team, b"by a program", 10)).await, 429);
    let by_server = async || reporter.upload("/sealed/c", &[("text", "by the server")], &[]).await.status;
    for _ in 0..10 {
        assert_eq!(by_server().await, 201);
    }
    assert_eq!(by_server().await, 429);
    let _ = report_a(&reporter, &envelope(&team, b"after work", 11), 11).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_costs_nothing_takes_half_of_a_days_reports_and_leaves_the_rest() {
    for house in House::both_with(|profile| profile.sealed.as_mut().unwrap().max_per_day = 4).await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let by_server = async || reporter.upload("/sealed/c", &[("text", "by the server")], &[]).await;
        for _ in 0..2 {
            let _ = by_server().await.must(201);
        }
        let busy = by_server().await;
        assert!(busy.status == 507 && busy.shows("There is too much at once"), "on {}: {}", house.on, busy.words());
        let bytes = envelope(&team, b"by a program", 12);
        let refused = reporter.upload("/sealed/b", &[], &[("file", "x.pgp", "application/octet-stream", bytes.as_slice())]).await;
        assert_eq!(refused.status, 507, "on {}", house.on);
        for seed in [13, 14] {
            let _ = report_a(&reporter, &envelope(&team, b"after work", seed), seed).await;
        }
    }
}

#[test]
fn no_profile_asks_for_more_work_than_the_script_of_the_form_does() {
    let script = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sealed/work.js")).unwrap();
    let most = script.split_once("const MOST_BITS = ").and_then(|(_, rest)| rest.split_once(';')).unwrap().0;
    assert_eq!(most.parse::<u32>().unwrap(), profile::MOST_WORK_BITS);
}
