//! Receipts that lead to a report, to none, and to a deleted one: what a stranger hears of them is the same, for the same
//! work and after the same time. Times are printed, with a statistic; its bound is far from what chance makes of it.

use std::collections::BTreeMap;
use std::time::Instant;

use atalaya::access::Role;

use super::*;
use crate::house::House;

/// How many ask side by side: an answer comes no sooner than after a set time, and most of that is waiting.
const LANES: usize = 4;
const LANES_OF_PAGES: usize = 16;

/// The three kinds in all their orders, so that none always follows on the same one.
const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1], [2, 1, 0], [1, 0, 2]];

/// `ATALAYA_TRIES`: how many of each kind (10,000 for the whole).
fn tries() -> usize {
    std::env::var("ATALAYA_TRIES").ok().and_then(|tries| tries.parse().ok()).unwrap_or(60)
}

/// Microseconds of each kind, and the distinct answers to what leads nowhere: status, headers, body.
#[derive(Default)]
struct Heard {
    times: [Vec<f64>; 3],
    nowhere: BTreeMap<String, usize>,
}

/// One lane: so many rounds, each kind once in each, in turns.
async fn lane(house: &House, at: usize, rounds: usize, ask: impl AsyncFn(&Browser, usize) -> Answer) -> Heard {
    let (reporter, mut heard) = (house.visitor(), Heard::default());
    for round in 0..rounds {
        for kind in ORDERS[(round + at) % ORDERS.len()] {
            let begin = Instant::now();
            let answer = ask(&reporter, kind).await;
            heard.times[kind].push(begin.elapsed().as_secs_f64() * 1e6);
            assert_eq!(answer.status, if kind == 0 { 200 } else { 404 });
            if kind > 0 {
                let bare: Vec<_> = answer.headers.iter().filter(|(name, _)| name != "date").collect();
                *heard.nowhere.entry(format!("{bare:?} {}", sha(&answer.body))).or_default() += 1;
            }
        }
    }
    heard
}

/// All lanes at once; what they heard, together.
async fn ask_all(house: &House, tries: usize, lanes: usize, ask: impl AsyncFn(&Browser, usize) -> Answer) -> Heard {
    let lanes = (0..lanes).map(|at| lane(house, at, tries / lanes + usize::from(at < tries % lanes), &ask));
    let mut all = Heard::default();
    for one in futures_util::future::join_all(lanes).await {
        for (into, from) in all.times.iter_mut().zip(one.times) {
            into.extend(from);
        }
        for (said, count) in one.nowhere {
            *all.nowhere.entry(said).or_default() += count;
        }
    }
    all
}

/// Median, mean and variance of the mean.
fn summed(times: &[f64]) -> (f64, f64, f64) {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = times.len() as f64;
    let mean = times.iter().sum::<f64>() / count;
    let variance = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    (sorted[sorted.len() / 2], mean, variance / count)
}

/// Welch's t of two kinds: below 4.5 nothing can be told apart, as timing leaks are commonly judged (dudect).
#[expect(clippy::print_stdout, reason = "whoever runs it with more tries wants the statistic")]
fn compare(what: &str, heard: &Heard) {
    let [valid, unknown, deleted] = heard.times.each_ref().map(|times| summed(times));
    let t = |a: (f64, f64, f64), b: (f64, f64, f64)| (a.1 - b.1) / (a.2 + b.2).sqrt();
    println!(
        "{what}: {} tries of each in turns; medians valid {:.0} µs, unknown {:.0} µs, deleted {:.0} µs; means {:.0}, {:.0}, {:.0} µs; \
         Welch's t valid/unknown {:.2}, unknown/deleted {:.2}, valid/deleted {:.2}",
        heard.times[0].len(),
        valid.0,
        unknown.0,
        deleted.0,
        valid.1,
        unknown.1,
        deleted.1,
        t(valid, unknown),
        t(unknown, deleted),
        t(valid, deleted)
    );
    // Of a thousand and more, what is commonly asked for. Of thirty by chance: once in some 10^15, whatever else the
    // machine does, since all kinds share it.
    assert!(heard.times[0].len() >= 30);
    let most = if heard.times[0].len() >= 1_000 { 4.5 } else { 10.0 };
    for t in [t(valid, unknown), t(unknown, deleted), t(valid, deleted)] {
        assert!(t.abs() < most, "{what}: the kinds can be told apart by their time (t {t:.1})");
    }
}

/// The team answers several times, once at length: to open it all takes longer than a wrong code is answered.
async fn answered(house: &House, team: &Team, number: &str) {
    rounds(house).await;
    let analyst = house.login_as(Role::Analyst).await;
    let large = vec![b'x'; 6 << 20];
    for (text, more) in [("Which year?", &large[..0]), ("Look at this.", &large), ("Which month?", &large[..0])] {
        answer_with(house, &analyst, team, number, &[("report.txt", text.as_bytes()), ("a-lot", more)]).await;
    }
}

/// All that stands on the line: the status with its words, headers, body.
fn on_the_line(answer: &Answer) -> usize {
    let reason = axum::http::StatusCode::from_u16(answer.status).unwrap().canonical_reason().unwrap().len();
    reason + answer.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() + answer.body.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_leads_nowhere_is_answered_like_any_other_and_as_fast() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let (there, _) = report_a(&reporter, &envelope(&team, b"there", 140), 140).await;
    let (gone, _) = report_a(&reporter, &envelope(&team, b"gone", 141), 141).await;
    let _ = json(&reporter, "/sealed/v1/delete", json!({ "auth": hex(gone) })).await.must(200);
    let auths = [there, [142; 32], gone];
    let heard = ask_all(&house, tries(), LANES, async |reporter: &Browser, kind| {
        let answer = json(reporter, "/sealed/v1/dialogue", json!({ "auth": hex(auths[kind]) })).await;
        assert_eq!(answer.body.len() + [2, 9, 9][kind], 16 * 1024, "with OK, or Not Found");
        answer
    })
    .await;
    assert_eq!(heard.nowhere.len(), 1, "what leads nowhere is answered byte for byte the same: {:?}", heard.nowhere);
    compare("the reporter's script", &heard);

    // Without a script: the page of a dialogue with answers, of an unknown code, and of one that cannot be a code.
    let there = reporter.upload("/sealed/c", &[("text", "there")], &[]).await.must(201).between("id=\"receipt\" translate=\"no\">", "<");
    answered(&house, &team, "S-2026-000003").await;
    let codes = [there.as_str(), "0000-0000-0000-0000-0000-0000-0000", "not a code"];
    let heard = ask_all(&house, tries(), LANES_OF_PAGES, async |reporter: &Browser, kind| {
        let answer = reporter.post("/sealed/return", &[("code", codes[kind])]).await;
        assert_eq!(answer.body.len() + [2, 9, 9][kind], 128 * 1024, "with OK, or Not Found");
        answer
    })
    .await;
    assert_eq!(heard.nowhere.len(), 1, "{:?}", heard.nowhere);
    compare("the page without a script (the third cannot be a code)", &heard);
    assert!(reporter.post("/sealed/return/answers", &[("code", codes[0])]).await.must(200).shows("Which month?"), "there is something to open");
    let [unknown, none] = [1, 2].map(async |at| reporter.post("/sealed/return/answers", &[("code", codes[at])]).await.must(404));
    let (unknown, none) = (unknown.await, none.await);
    assert_eq!((unknown.words(), on_the_line(&unknown)), (none.words(), on_the_line(&none)));
    for path in ["/sealed/return/file", "/sealed/return/envelope", "/sealed/return/delete"] {
        let [unknown, none] =
            [reporter.post(path, &[("code", codes[1]), ("place", "1")]).await, reporter.post(path, &[("code", codes[2]), ("place", "1")]).await];
        assert_eq!((unknown.status, unknown.words()), (404, none.words()), "{path}");
        assert_eq!([unknown.body.len(), none.body.len()], [128 * 1024 - 9; 2], "{path}");
    }
    let unknown = reporter.post("/sealed/return/delete", &[("code", codes[1])]).await;
    let deleted = reporter.post("/sealed/return/delete", &[("code", &there)]).await.must(200);
    assert_eq!(on_the_line(&deleted), on_the_line(&unknown), "what is deleted is as long as what is unknown");
    let [unknown, deleted] = [[143; 32], auths[0]].map(async |auth: [u8; 32]| json(&reporter, "/sealed/v1/delete", json!({ "auth": hex(auth) })).await);
    let (unknown, deleted) = (unknown.await.must(404), deleted.await.must(200));
    assert_eq!(on_the_line(&deleted), on_the_line(&unknown), "by script, too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_comes_with_a_message_and_one_of_a_long_dialogue_are_answered_at_the_length_of_one_that_leads_nowhere() {
    let house = House::with(|profile| profile.sealed.as_mut().unwrap().tries_per_minute = 10_000).await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let [there, gone] = ["there", "gone"].map(async |text| {
        let arrived = reporter.upload("/sealed/c", &[("text", text)], &[]).await.must(201);
        arrived.between("id=\"receipt\" translate=\"no\">", "<")
    });
    let (there, gone) = (there.await, gone.await);
    let _ = reporter.post("/sealed/return/delete", &[("code", &gone)]).await.must(200);
    let nowhere = gone.as_str();
    // Grade C: words that HTML writes longer stand among them.
    for words in ["In 2019.".to_owned(), "<\"&\">".repeat(9_000)] {
        let [right, wrong] = [there.as_str(), nowhere].map(async |code| reporter.upload("/sealed/c", &[("code", code), ("text", &words)], &[]).await);
        let (right, wrong) = (right.await.must(200), wrong.await.must(404));
        assert_eq!(on_the_line(&right), on_the_line(&wrong), "{} words by the server", words.len());
    }
    // Grade B: pasted, and as a file.
    for seed in 0..2 {
        let pasted = super::hostile::post_armor(&envelope(&team, &vec![seed; 40_000], 150 + seed));
        let bytes = envelope(&team, &[seed], 160 + seed);
        let send = async |code: &str| match seed {
            0 => reporter.upload("/sealed/b", &[("code", code), ("message", &pasted)], &[]).await,
            _ => reporter.upload("/sealed/b", &[("code", code)], &[("file", "x.pgp", "application/octet-stream", &bytes)]).await,
        };
        let (wrong, right) = (send(nowhere).await.must(404), send(&there).await.must(201));
        assert_eq!(on_the_line(&right), on_the_line(&wrong), "a message of one's own program, {seed}");
    }
    // Forty messages.
    many(&house, "asc", 40);
    let [right, wrong] = [there.as_str(), nowhere].map(async |code| reporter.post("/sealed/return", &[("code", code)]).await);
    let (right, wrong) = (right.await.must(200), wrong.await.must(404));
    assert_eq!(on_the_line(&right), on_the_line(&wrong), "a long dialogue");
    let (auth, _) = report_a(&reporter, &envelope(&team, b"by script", 170), 170).await;
    many(&house, "desc", 60);
    let (right, wrong) = (
        json(&reporter, "/sealed/v1/dialogue", json!({ "auth": hex(auth) })).await,
        json(&reporter, "/sealed/v1/dialogue", json!({ "auth": hex([1; 32]) })).await,
    );
    assert_eq!((right.status, right.json()["envelopes"].as_array().unwrap().len()), (200, 53));
    assert_eq!(on_the_line(&right), on_the_line(&wrong), "a long dialogue by script");
}

/// The first or last dialogue has so many messages.
fn many(house: &House, order: &str, count: u32) {
    crate::verify::tamper(
        &house.data(),
        &format!(
            "with recursive t(n) as (select 9 union all select n + 1 from t where n < {count}), d as (select id from sealed_dialogues order by number {order} limit 1)
             insert into sealed_envelopes (id, dialogue_id, place, way, hash, head, body, size, bucket, manifest_version, day, told) select randomblob(16), dialogue_id, n, way,
             randomblob(32), head, randomblob(32), size, bucket, manifest_version, day, 1 from t, sealed_envelopes where dialogue_id = (select id from d) and place = 1;"
        ),
    );
}

/// The times are the machine's; the work is ours: the same is asked of the database for every receipt.
#[tokio::test]
async fn for_a_receipt_that_leads_nowhere_the_same_is_asked_of_the_database() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let (there, _) = report_a(&reporter, &envelope(&team, b"there", 144), 144).await;
    let (gone, _) = report_a(&reporter, &envelope(&team, b"gone", 145), 145).await;
    let _ = json(&reporter, "/sealed/v1/delete", json!({ "auth": hex(gone) })).await.must(200);
    let (heard, _guard) = crate::asked::Heard::begin();
    let mut asked = Vec::new();
    for auth in [there, [146; 32], gone] {
        let _ = heard.take();
        let _ = json(&reporter, "/sealed/v1/dialogue", json!({ "auth": hex(auth) })).await;
        asked.push(heard.take());
    }
    assert!(!asked[0].is_empty() && asked.iter().all(|one| *one == asked[0]), "{asked:#?}");
}
