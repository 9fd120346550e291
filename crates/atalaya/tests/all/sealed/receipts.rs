//! Receipts that lead to a report, to none, and to a deleted one: what a stranger hears of them is the same,
//! and after the same time. Times are printed, with a statistic; no test hangs on them.

use std::collections::BTreeMap;
use std::time::Instant;

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
fn print(what: &str, heard: &Heard) {
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
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_leads_nowhere_is_answered_like_any_other_and_as_fast() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let (there, _) = report_a(&reporter, &envelope(&team, b"there", 140), 140).await;
    let (gone, _) = report_a(&reporter, &envelope(&team, b"gone", 141), 141).await;
    let _ = json(&reporter, "/sealed/v1/delete", json!({ "auth": hex(gone) })).await.must(204);
    let auths = [there, [142; 32], gone];
    let heard = ask_all(&house, tries(), LANES, async |reporter: &Browser, kind| {
        let answer = json(reporter, "/sealed/v1/dialogue", json!({ "auth": hex(auths[kind]) })).await;
        assert_eq!(answer.body.len(), 4096);
        answer
    })
    .await;
    assert_eq!(heard.nowhere.len(), 1, "what leads nowhere is answered byte for byte the same: {:?}", heard.nowhere);
    print("the reporter's script", &heard);

    // Without a script: the page of a dialogue, of an unknown code, and of one that cannot be a code.
    let receipt = |answer: Answer| answer.must(201).between("id=\"receipt\" translate=\"no\">", "<");
    let there = receipt(reporter.upload("/sealed/c", &[("text", "there")], &[]).await);
    let codes = [there.as_str(), "0000-0000-0000-0000-0000-0000-0000", "not a code"];
    let heard = ask_all(&house, tries().div_ceil(10), LANES_OF_PAGES, async |reporter: &Browser, kind| {
        let answer = reporter.post("/sealed/return", &[("code", codes[kind])]).await;
        assert_eq!(answer.body.len(), 32 * 1024);
        answer
    })
    .await;
    assert_eq!(heard.nowhere.len(), 1, "{:?}", heard.nowhere);
    print("the page without a script (the third cannot be a code)", &heard);
    for path in ["/sealed/return/file", "/sealed/return/envelope", "/sealed/return/delete"] {
        let [unknown, none] =
            [reporter.post(path, &[("code", codes[1]), ("place", "1")]).await, reporter.post(path, &[("code", codes[2]), ("place", "1")]).await];
        assert_eq!((unknown.status, unknown.words()), (404, none.words()), "{path}");
    }
}
