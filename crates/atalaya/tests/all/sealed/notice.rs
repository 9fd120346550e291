//! The notice without content: it goes out at a moment that the dice choose, and neither it nor anything that
//! is kept tells when somebody wrote.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::*;
use crate::house::House;

/// An instant that nothing else in the story has.
const CAME: &str = "2026-11-23T10:11:17.123456+02:00";

/// All that the database holds, as text.
fn dumped(house: &House) -> String {
    let output = Command::new("sqlite3").arg(house.data().join("atalaya.db")).arg(".dump").output().unwrap();
    assert!(output.status.success());
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What in a dump tells of an instant, give or take two minutes: numbers in micro-, milli- and whole seconds,
/// and ids that begin with their time (UUIDv7, RFC 9562 section 5.7).
fn tells(dump: &str, at: Timestamp) -> Vec<String> {
    let (near, us) = (120_000_000, at.as_microsecond());
    let close = |number: i64, unit: i64| number.checked_mul(unit).is_some_and(|number| (number - us).abs() <= near);
    let number = |word: &str| word.parse::<i64>().is_ok_and(|number| [1, 1_000, 1_000_000].into_iter().any(|unit| close(number, unit)));
    let id = |word: &str| word.len() == 32 && word.get(..12).is_some_and(|begin| i64::from_str_radix(begin, 16).is_ok_and(|ms| close(ms, 1_000)));
    let text = at.strftime("%Y-%m-%dT%H:%M").to_string();
    let words = dump.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| number(word) || id(word)).map(str::to_owned);
    words.chain(dump.contains(&text).then(|| text.clone())).collect()
}

/// A journal entry's moment, told by what it says was received.
async fn told_at(house: &House) -> Vec<Timestamp> {
    house.journal().await.into_iter().filter(|line| line.verb == "sealed.received").map(|line| line.at).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_team_hears_at_half_hours_by_the_dice_and_nothing_tells_when_somebody_wrote() {
    const REPORTS: usize = 40;
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    sealed::wake(&house.app).await.unwrap();
    let came = instant(CAME);
    house.set_clock(CAME);
    let control = house.app.db.change("control", async |tx| {
        tx.record(store::Record::new("control.made", "control", tx.new_id()));
        Ok::<_, atalaya::Error>(())
    });
    control.await.unwrap();
    assert!(!tells(&dumped(&house), came).is_empty(), "the look is blind");
    // Aside from that control, away from the moment of the reports.
    let came = came + SignedDuration::from_mins(10);
    house.later(10);
    for seed in 0..u8::try_from(REPORTS).unwrap() {
        let bytes = envelope(&team, b"when", seed);
        if seed % 2 == 0 {
            report_a(&reporter, &bytes, seed).await;
        } else {
            let _ = reporter.upload("/sealed/b", &[], &[("file", "x.pgp", "application/octet-stream", &bytes)]).await.must(201);
        }
    }
    let _ = reporter.upload("/sealed/c", &[("text", "by the server")], &[]).await.must(201);
    house.run_jobs().await;
    assert!(told_at(&house).await.is_empty() && house.sink.mails().is_empty(), "arrivals wake nobody");
    assert_eq!(tells(&dumped(&house), came), Vec::<String>::new());

    // Whenever the rounds run: what they tell is told at the half hours, about an eighth of what waits each time.
    let mut waits = Vec::new();
    for round in 0..48 {
        let before = told_at(&house).await.len();
        house.later(30);
        house.run_jobs().await;
        waits.push(told_at(&house).await.len() - before);
        if waits.iter().sum::<usize>() == REPORTS + 1 {
            break;
        }
        assert!(round < 47, "all is told before the day after: {waits:?}");
    }
    println!("of {} that came at once, so many were told at each half hour: {waits:?}", REPORTS + 1);
    assert!(waits[0] <= 14 && waits.iter().filter(|told| **told > 0).count() >= 6, "who is told of at once came just before: {waits:?}");
    let (at, mails) = (told_at(&house).await, house.sink.mails());
    assert!(at.iter().all(|at| *at > came));
    assert_eq!(mails.len(), waits.iter().filter(|told| **told > 0).count(), "one notice for all that is told at once");
    assert_eq!(tells(&dumped(&house), came), Vec::<String>::new(), "after the rounds");

    // The notice is the same, whatever came: no number, day, hour, count, size or grade.
    let bodies: BTreeSet<(String, String)> = mails.iter().map(|mail| (mail.header("subject").unwrap(), mail.letter().text)).collect();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    let (subject, text) = bodies.into_iter().next().unwrap();
    let said = format!("{subject} {}", text.replace(&house.app.profile.web.public_url, ""));
    assert!(!said.contains(|c: char| c.is_ascii_digit()), "{said}");
    for mail in &mails {
        assert_eq!(mail.to, ["duty@csirt.example"]);
        let sent: Date = house.app.now().to_zoned(house.app.profile.calendar().zone().clone()).date();
        assert!(mail.header("date").is_some_and(|date| date.contains(&sent.strftime("%b %Y").to_string())), "its date is when it left");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_just_before_midnight_waits_no_longer_than_what_waits_since_morning() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    sealed::wake(&house.app).await.unwrap();
    house.set_clock("2026-11-23T23:58:00+02:00");
    report_a(&reporter, &envelope(&team, b"late", 1), 1).await;
    house.set_clock("2026-11-24T00:00:05+02:00");
    house.run_jobs().await;
    assert_eq!(told_at(&house).await.len(), 1, "what is of yesterday is told in the first round of today");
    let days: Vec<(String,)> = house.rows("select day from sealed_dialogues", vec![]).await;
    assert_eq!(days, [("2026-11-23".to_owned(),)]);
}
