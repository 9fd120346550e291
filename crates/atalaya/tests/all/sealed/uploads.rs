//! Uploads in parts: sizes around every boundary, cuts and resumes.

use atalaya::access::Role;
use atalaya::sealed;
use post::openpgp::open;
use serde_json::json;
use std::net::SocketAddr;

use store::Clock;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::listener::Running;
use super::*;
use crate::house::{Browser, House, MORNING, instant};

#[tokio::test(flavor = "multi_thread")]
async fn parts_arrive_in_any_order_and_number_and_the_whole_is_what_was_sent() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    for (seed, size) in [(10, 0), (11, 1), (12, PART - 1000), (13, PART), (14, PART + 1), (15, 3 * PART)] {
        let content = vec![seed; size];
        let bytes = envelope(&team, &content, seed);
        let (auth, _) = report_a(&reporter, &bytes, seed).await;
        let back = json(&reporter, "/sealed/v1/envelope", json!({ "auth": hex(auth), "place": 1 })).await.must(200).body;
        assert!(back == bytes, "{size} came back as another");
        assert_eq!(open(&back, &[(&team.readers[0], "")], &[], instant(MORNING), 10 << 20).unwrap().content, content);
    }
    let bytes = envelope(&team, &vec![7; 2 * PART + 5], 20);
    let id = begin(&reporter).await;
    let parts: Vec<&[u8]> = bytes.chunks(PART).collect();
    let _ = put(&reporter, &id, 2, parts[2]).await.must(204);
    let _ = put(&reporter, &id, 0, parts[1]).await.must(204);
    let first = json!({ "grade": "A", "lookup": sha(&[20; 32]), "wrapped_key": "00" });
    let _ = commit(&reporter, &id, &bytes, first.clone()).await.must(400);
    assert_eq!(reporter.get(&format!("/sealed/v1/uploads/{id}")).await.must(200).json()["parts"], json!([0, 2]));
    let _ = put(&reporter, &id, 1, parts[1]).await.must(204);
    let _ = commit(&reporter, &id, &bytes, first.clone()).await.must(400);
    let wrong = [("x-part-sha256", sha(b"other"))];
    assert_eq!(reporter.send("PUT", &format!("/sealed/v1/uploads/{id}/0"), &[(wrong[0].0, &wrong[0].1)], parts[0]).await.status, 422);
    let _ = put(&reporter, &id, 0, parts[0]).await.must(204);
    let one = commit(&reporter, &id, &bytes, first.clone()).await.must(200).json();
    let two = commit(&reporter, &id, &bytes, first).await.must(200).json();
    assert_eq!(one, two, "the same commit twice is one report");
    let _ = put(&reporter, &"0".repeat(32), 0, b"x").await.must(410);
    let idle = begin(&reporter).await;
    let _ = put(&reporter, &idle, 0, b"left behind").await.must(204);
    sealed::wake(&house.app).await.unwrap();
    house.later(100);
    house.run_jobs().await;
    assert!(std::fs::read_dir(house.data().join("uploads/sealed")).unwrap().next().is_none(), "idle uploads are swept");
}

/// A message of exactly this size: a true head, and a body that nobody can open. Made piece by piece.
struct Message {
    begin: Vec<u8>,
    size: u64,
}

impl Message {
    fn new(team: &Team, size: u64, seed: u8, at: Timestamp) -> Self {
        let mut begin = envelope_at(team, b"", seed, at);
        begin.truncate(post::openpgp::survey(&begin).unwrap().body_at);
        let body = u32::try_from(size - begin.len() as u64 - 6).unwrap();
        begin.extend([0xD2, 0xFF].into_iter().chain(body.to_be_bytes()).chain([1, seed]));
        Self { begin, size }
    }

    fn parts(&self) -> u64 {
        self.size.div_ceil(PART as u64)
    }

    fn part(&self, number: u64) -> Vec<u8> {
        let (from, to) = (number * PART as u64, self.size.min((number + 1) * PART as u64));
        let byte = |at: u64| {
            usize::try_from(at).ok().and_then(|at| self.begin.get(at)).copied().unwrap_or_else(|| (at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as u8)
        };
        (from..to).map(byte).collect()
    }

    fn sha(&self) -> String {
        let mut hash = Sha256::new();
        (0..self.parts()).for_each(|number| hash.update(self.part(number)));
        hex(hash.finalize())
    }

    async fn commit(&self, browser: &Browser, id: &str, auth: [u8; 32]) -> Answer {
        let said = json!({ "sha256": self.sha(), "size": self.size, "parts": self.parts(), "intake": "default", "manifest_version": 1,
            "grade": "A", "lookup": super::sha(&auth), "wrapped_key": "00" });
        super::json(browser, &format!("/sealed/v1/uploads/{id}/commit"), said).await
    }
}

/// SHA-256 and size of what comes back, without holding it.
async fn fetched(address: SocketAddr, auth: [u8; 32]) -> (String, u64) {
    let body = json!({ "auth": hex(auth), "place": 1 }).to_string();
    let request = format!("POST /sealed/v1/envelope HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let mut stream = BufReader::new(TcpStream::connect(address).await.unwrap());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        assert!(stream.read_line(&mut line).await.unwrap() > 0);
    }
    let (mut hash, mut size) = (Sha256::new(), 0);
    loop {
        line.clear();
        stream.read_line(&mut line).await.unwrap();
        let mut piece = vec![0; usize::from_str_radix(line.trim(), 16).unwrap()];
        stream.read_exact(&mut piece).await.unwrap();
        if piece.is_empty() {
            return (hex(hash.finalize()), size);
        }
        hash.update(&piece);
        size += piece.len() as u64;
        stream.read_exact(&mut [0; 2]).await.unwrap();
    }
}

/// The line breaks in the middle of a part: nothing of it counts.
async fn cut(address: SocketAddr, id: &str, number: u64, bytes: &[u8]) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head =
        format!("PUT /sealed/v1/uploads/{id}/{number} HTTP/1.1\r\nhost: {address}\r\nx-part-sha256: {}\r\ncontent-length: {}\r\n\r\n", sha(bytes), bytes.len());
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&bytes[..bytes.len() / 2]).await.unwrap();
    stream.shutdown().await.unwrap();
    let _ = stream.read_to_end(&mut Vec::new()).await;
}

/// Sizes around every boundary, to 64 MiB; to 2 GiB with `ATALAYA_LARGE=1`. Each is cut on its way and
/// goes on, and the program does not grow with it.
#[tokio::test(flavor = "multi_thread")]
async fn messages_of_every_awkward_size_come_back_as_they_were_whatever_breaks_off() {
    let running = Running::start().await;
    let reporter = Browser::new(running.sealed);
    let part = PART as u64;
    let mut sizes = vec![part - 1, part, part + 1, 2 * part - 1, 2 * part, 2 * part + 1, 64 * part - 1, 64 * part, 64 * part + 1];
    if std::env::var_os("ATALAYA_LARGE").is_some() {
        sizes.push(most(2048 * part));
    }
    let mut before = 0;
    for (seed, size) in (110..).zip(sizes) {
        let began = std::time::Instant::now();
        let message = Message::new(&running.team, size, seed, Clock::System.now());
        let id = begin(&reporter).await;
        let last = message.parts() - 1;
        for number in 0..message.parts() {
            let bytes = message.part(number);
            if [0, last / 2, last].contains(&number) || number % 256 == 9 {
                cut(running.sealed, &id, number, &bytes).await;
            }
            let _ = put(&reporter, &id, usize::try_from(number).unwrap(), &bytes).await.must(204);
        }
        let taken = message.commit(&reporter, &id, [seed; 32]).await.must(200).json();
        assert_eq!(taken["sha256"], message.sha());
        assert_eq!(fetched(running.sealed, [seed; 32]).await, (message.sha(), size), "{size}");
        let most = running.kib("VmHWM") / 1024;
        println!("{size} bytes there and back in {:.1} s; the program took {most} MiB at most", began.elapsed().as_secs_f64());
        if size == 2 * part + 1 {
            before = most;
        }
    }
    assert!(running.kib("VmHWM") / 1024 < before + 48, "the program grows with what it takes: {before} MiB, then {} KiB", running.kib("VmHWM"));
    // One byte more than may be taken is refused before it is read.
    let id = begin(&reporter).await;
    let (last, rest) = (usize::try_from(most(2048 * part) / part).unwrap(), usize::try_from(most(2048 * part) % part).unwrap());
    assert_eq!(put(&reporter, &id, last, &vec![1; rest + 1]).await.status, 413);
    let _ = put(&reporter, &id, last, &vec![1; rest]).await.must(204);
}

/// The largest message that may hold files of so many bytes: with what stands beside them, padded and wrapped.
fn most(files: u64) -> u64 {
    let bare: u64 = files + (4 << 20);
    let step = 1 << (bare.ilog2() - bare.ilog2().ilog2() - 1);
    let padded = bare.next_multiple_of(step);
    padded + padded / 512 + (256 << 10)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_as_large_as_its_files_may_make_it_is_taken_and_with_one_byte_more_is_not() {
    let house = House::with(|profile| profile.sealed.as_mut().unwrap().max_bytes = 1 << 20).await;
    let (team, reporter) = (team(&house).await, house.visitor());
    for (seed, more) in [(150, 1), (151, 0)] {
        let message = Message::new(&team, most(1 << 20) + more, seed, instant(MORNING));
        let id = begin(&reporter).await;
        let mut refused = false;
        for number in 0..message.parts() {
            refused |= put(&reporter, &id, usize::try_from(number).unwrap(), &message.part(number)).await.status == 413;
        }
        let committed = message.commit(&reporter, &id, [seed; 32]).await.status;
        assert_eq!((refused, committed), (more == 1, if more == 1 { 413 } else { 200 }));
        let whole: Vec<u8> = (0..message.parts()).flat_map(|number| message.part(number)).collect();
        // The same, as a file that its writer encrypted.
        let answer = reporter.upload("/sealed/b", &[], &[("file", "x.pgp", "application/octet-stream", &whole)]).await;
        assert_eq!(answer.status, if more == 1 { 413 } else { 409 }, "{}", answer.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_was_cut_again_and_again_goes_on_where_it_was() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let message = Message::new(&team, 5 * PART as u64 + 77, 120, instant(MORNING));
    let id = begin(&reporter).await;
    let listed = async || reporter.get(&format!("/sealed/v1/uploads/{id}")).await.must(200).json()["parts"].clone();
    for number in [3, 0, 5, 1] {
        let bytes = message.part(number);
        cut(house.address, &id, number, &bytes).await;
        assert!(!listed().await.as_array().unwrap().contains(&json!(number)), "half a part counts");
        let _ = message.commit(&reporter, &id, [120; 32]).await.must(400);
        for _ in 0..2 {
            let _ = put(&reporter, &id, usize::try_from(number).unwrap(), &bytes).await.must(204);
        }
    }
    assert_eq!(listed().await, json!([0, 1, 3, 5]));
    for number in [2, 4] {
        let _ = put(&reporter, &id, number, &message.part(number as u64)).await.must(204);
    }
    let _ = message.commit(&reporter, &id, [120; 32]).await.must(200);
    assert_eq!(fetched(house.address, [120; 32]).await, (message.sha(), message.size));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_its_way_counts_into_the_day_and_what_costs_nothing_into_half_of_it() {
    for house in House::both_with(|profile| profile.sealed.as_mut().unwrap().max_bytes_per_day = 600_000).await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let (_, number) = report_a(&reporter, &envelope(&team, b"first", 160), 160).await;
        rounds(&house).await;
        let part = vec![7; 100_000];
        // Two uploads that nobody sends off.
        let (one, two) = (begin(&reporter).await, begin(&reporter).await);
        for number in 0..2 {
            let _ = put(&reporter, &one, number, &part).await.must(204);
            let _ = put(&reporter, &two, number, &part).await.must(204);
        }
        // A file that costs its sender nothing is refused where it is more than half, and a short one is not.
        let message = Message::new(&team, 350_000, 161, house.app.now());
        let whole: Vec<u8> = (0..message.parts()).flat_map(|number| message.part(number)).collect();
        let large = reporter.upload("/sealed/b", &[], &[("file", "x.pgp", "application/octet-stream", &whole)]).await;
        assert_eq!(large.status, 507, "on {}: {}", house.on, large.words());
        let _ = reporter.upload("/sealed/b", &[], &[("file", "x.pgp", "application/octet-stream", &envelope(&team, b"short", 162))]).await.must(201);
        let _ = put(&reporter, &one, 2, &part).await.must(204);
        let full = put(&reporter, &one, 3, &part).await.must(507).json();
        assert_eq!(full["code"], "full", "on {}", house.on);
        // The team's answers have room of their own.
        let analyst = house.login_as(Role::Analyst).await;
        let id = analyst.post_json(&format!("/dialogues/{number}/uploads"), &OURS, &json!({})).await.must(201).json()["id"].as_str().unwrap().to_owned();
        let path = format!("/dialogues/{number}/uploads/{id}/0");
        let _ = analyst.send("PUT", &path, &[OURS[0], ("x-part-sha256", &sha(&part))], &part).await.must(204);
        house.later(100);
        house.run_jobs().await;
        let again = begin(&reporter).await;
        let _ = put(&reporter, &again, 0, &part).await.must(204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_new_part_keeps_an_upload_alive_and_nothing_for_longer_than_a_day() {
    let house = House::sqlite().await;
    team(&house).await;
    sealed::wake(&house.app).await.unwrap();
    let reporter = house.visitor();
    let (asked, fed) = (begin(&reporter).await, begin(&reporter).await);
    let there = async |id: &str| reporter.get(&format!("/sealed/v1/uploads/{id}")).await.status == 200;
    let _ = put(&reporter, &asked, 0, b"x").await.must(204);
    for at in 0..29 {
        let _ = put(&reporter, &fed, at, b"x").await.must(204);
        if at < 2 {
            assert!(there(&asked).await, "at {at}");
            let _ = put(&reporter, &asked, 0, b"x").await.must(204);
        }
        house.later(50);
        house.run_jobs().await;
    }
    assert!(!there(&asked).await, "asking for it, and the same part again, keep it alive");
    assert!(!there(&fed).await, "it lives for more than a day");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_take_all_places_for_uploads_and_a_reader_answers_all_the_same() {
    let house = House::with(|profile| profile.sealed.as_mut().unwrap().work_bits = 0).await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let (_, number) = report_a_without_work(&reporter, &envelope(&team, b"first", 163), 163).await;
    rounds(&house).await;
    for _ in 0..200 {
        let _ = json(&reporter, "/sealed/v1/uploads", json!({})).await.must(201);
    }
    let _ = json(&reporter, "/sealed/v1/uploads", json!({})).await.must(507);
    let analyst = house.login_as(Role::Analyst).await;
    let _ = analyst.post_json(&format!("/dialogues/{number}/uploads"), &OURS, &json!({})).await.must(201);
}

/// [`report_a`] where no work is asked for.
async fn report_a_without_work(browser: &Browser, bytes: &[u8], seed: u8) -> ([u8; 32], String) {
    let id = json(browser, "/sealed/v1/uploads", json!({})).await.must(201).json()["id"].as_str().unwrap().to_owned();
    let _ = put(browser, &id, 0, bytes).await.must(204);
    let taken = commit(browser, &id, bytes, json!({ "grade": "A", "lookup": sha(&[seed; 32]), "wrapped_key": "00ff" })).await.must(200).json();
    ([seed; 32], taken["number"].as_str().unwrap().to_owned())
}
