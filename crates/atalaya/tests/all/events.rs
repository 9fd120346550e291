//! Event files: kept before anything else, read once, and every line ends in exactly one state.

use std::io::{Cursor, Write};

use atalaya::access::{Role, Who};
use atalaya::constituency::{self, Held};
use atalaya::events::{self, FeedDetails};
use atalaya::mailbox::{self, Delivered};
use atalaya::people;
use serde_json::Value;
use store::Id;

use crate::house::House;

const US: &str = "report@csirt.maluti.example";
/// A file name that tells the report type.
const NAME: &str = "2026-11-22-scan_telnet-maluti.csv";
const HEADER: &str = "timestamp,ip,port,protocol,hostname,tag,asn,geo";

pub async fn feed(house: &House, name: &str) -> Id {
    feed_with(house, name, |_| {}).await
}

pub async fn feed_with(house: &House, name: &str, change: impl FnOnce(&mut FeedDetails)) -> Id {
    let mut details = FeedDetails { name: name.into(), title: format!("Feed {name}"), ..FeedDetails::fresh(&house.app) };
    change(&mut details);
    events::add(&house.app, &Who::Operator, details).await.expect("a feed is added")
}

/// A row of the file's format.
fn row(ip: &str, port: u16) -> String {
    format!("2026-11-22 03:04:05,{ip},{port},tcp,,telnet,64500,LS")
}

pub fn file(rows: &[String]) -> Vec<u8> {
    format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes()
}

pub async fn deliver(house: &House, feed: &str, name: &str, bytes: &[u8]) -> Vec<events::Receipt> {
    let of = events::by_name(&mut house.app.db.read().await.unwrap(), feed).await.unwrap();
    let mut arriving = events::Arriving::new(&house.app.blobs, 1 << 30);
    arriving.push(bytes).unwrap();
    events::arrive(&house.app, &Who::Operator, &of, arriving.finish(name).unwrap(), "command").await.unwrap()
}

async fn state(house: &House, number: i64) -> events::EventFile {
    events::file(&mut house.app.db.read().await.unwrap(), &Who::Operator, number).await.unwrap()
}

/// Stored, known before, rejected, nobody's.
pub async fn counts(house: &House, number: i64) -> (i64, i64, i64, i64) {
    let one = state(house, number).await;
    assert_eq!(one.state, "stored", "file {number}: {}", one.alarm);
    (one.stored, one.duplicate, one.rejected, one.unmatched)
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated)).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_delivers_a_file_once_and_gets_the_same_receipt_each_time() {
    for house in House::both().await {
        feed(&house, "sensor").await;
        let token = people::add_token(&house.app, &Who::Operator, "sensor", None, "feeds").await.unwrap();
        let other = people::add_token(&house.app, &Who::Operator, "reports", None, "reports").await.unwrap();
        let bytes = file(&[row("203.0.113.7", 23)]);
        let program = house.visitor();
        let post = async |path: &str, token: &str, bytes: &[u8]| {
            program.send("POST", path, &[("authorization", &format!("Bearer {token}")), ("content-type", "text/csv")], bytes).await
        };
        let path = format!("/api/v1/feeds/sensor/files?name={NAME}");
        let _ = post(&path, &other, &bytes).await.must(401);
        let first: Value = post(&path, &token, &bytes).await.must(201).json();
        assert_eq!(first["files"][0]["name"], NAME, "on {}", house.on);
        assert_eq!(first["files"][0]["size"], bytes.len());
        house.later(10);
        house.run_jobs().await;
        assert_eq!(post(&path, &token, &bytes).await.must(200).json(), first, "the same bytes, whenever they come");
        assert_eq!(post("/api/v1/feeds/sensor/files", &token, &bytes).await.must(200).json(), first, "by whatever name");
        let _ = post(&path, &token, b"").await.must(422);
        let _ = post("/api/v1/feeds/nobody/files", &token, &bytes).await.must(404);
        let url = first["files"][0]["status_url"].as_str().unwrap();
        let path = url.strip_prefix(&house.app.profile.web.public_url).unwrap();
        let told = program.send("GET", path, &[("authorization", &format!("Bearer {token}"))], b"").await.must(200).json();
        assert_eq!((&told["state"], &told["counts"]["stored"]), (&"stored".into(), &1.into()));
        assert_eq!(house.done().await.iter().filter(|verb| *verb == "event_file.received").count(), 1);
        assert_eq!(house.done().await.iter().filter(|verb| *verb == "event_file.stored").count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_is_stored_known_or_rejected_and_nobodys_are_counted() {
    for house in House::both().await {
        feed(&house, "shadow").await;
        let north = house.organisation("North Cable").await;
        let held = Held { kind: String::new(), value: "203.0.113.0/24".into(), from: None, to: None, source: "test" };
        constituency::add_resource(&house.app, &Who::Operator, north, held).await.unwrap();
        let mut rows: Vec<String> = (0..50).map(|n| row(&format!("203.0.113.{n}"), 23)).collect();
        rows.extend((0..10).map(|n| row(&format!("198.51.100.{n}"), 23)));
        rows.push(row("203.0.113.3", 23));
        rows.push("2026-11-22 03:04:05,not-an-address,23,tcp,,telnet,64500,LS".into());
        rows.push("yesterday,203.0.113.99,23,tcp,,telnet,64500,LS".into());
        rows.push("too,few".into());
        deliver(&house, "shadow", NAME, &file(&rows)).await;
        house.run_jobs().await;
        assert_eq!(counts(&house, 1).await, (60, 1, 3, 10), "on {}", house.on);
        // The same events in another file, in another order, with new ones.
        rows.reverse();
        rows.push(row("203.0.113.201", 2323));
        deliver(&house, "shadow", "2026-11-22-scan_telnet-again.csv", &file(&rows)).await;
        house.run_jobs().await;
        assert_eq!(counts(&house, 2).await, (1, 61, 3, 0), "what was known stays known");
        let sums: Vec<(i64, i64)> =
            house.rows("select holder, cast(sum(events) as BIGINT) from event_rollups where first = 1 group by holder order by holder", vec![]).await;
        assert_eq!(sums, [(0, 10), (1, 51)], "the sums that dashboards read");
        // Doing a job again changes nothing.
        house
            .app
            .db
            .change("test", async |tx| {
                tx.execute("update event_files set state = 'reading' where number = 1", vec![]).await?;
                tx.enqueue("read_events", serde_json::json!({ "file": state(&house, 1).await.id })).await?;
                tx.record(store::Record::new("test", "test", tx.new_id()));
                Ok::<_, store::Error>(())
            })
            .await
            .unwrap();
        house.run_jobs().await;
        assert_eq!(counts(&house, 1).await.0, 60);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_thousand_mixed_lines_each_has_one_state_and_the_counts_add_up() {
    let house = House::sqlite().await;
    feed(&house, "shadow").await;
    // Of twenty lines one is broken in one of four ways and three were there before.
    let broken = |at: u32| match at % 4 {
        0 => "yesterday,203.0.113.99,23,tcp,,telnet,64500,LS".to_owned(),
        1 => "2026-11-22 03:04:05,not-an-address,23,tcp,,telnet,64500,LS".to_owned(),
        2 => "too,few".to_owned(),
        _ => format!("2026-11-22 03:04:05,203.0.113.7,{},tcp,,telnet,64500,LS", 70_000 + at),
    };
    let good = |at: u32| row(&format!("10.{}.{}.{}", at >> 16, (at >> 8) & 255, at & 255), 23);
    let line = |at: u32| match at % 20 {
        0 => broken(at / 20),
        1..4 => good(at + 3 - at % 20),
        _ => good(at),
    };
    let rows: Vec<String> = (0..100_000).map(line).collect();
    deliver(&house, "shadow", NAME, &file(&rows)).await;
    house.run_jobs().await;
    let one = state(&house, 1).await;
    assert_eq!(one.stored + one.duplicate + one.rejected, 100_000, "{one:?}");
    let reasons: Vec<(String, i64)> = house.rows("select reason, count(*) from event_rejects where file_id = $1 group by reason", vec![one.id.into()]).await;
    assert!(reasons.len() >= 3 && reasons.iter().map(|(_, count)| count).sum::<i64>() == one.rejected, "{reasons:?}");
    let lines: Vec<(i64,)> = house.rows("select count(distinct line) from event_rejects", vec![]).await;
    assert_eq!(lines[0].0, one.rejected, "each line once");
    let lake = events::lake::reading(&house.app).await.unwrap().unwrap();
    assert_eq!(lake.data_files().unwrap().values().sum::<u64>(), u64::try_from(one.stored).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_an_unknown_kind_is_held_with_one_alarm_until_its_mapping_is_there() {
    let house = House::sqlite().await;
    let analyst = house.login_as(Role::Analyst).await;
    feed_with(&house, "own", |feed| feed.every_hours = 0).await;
    let page = analyst.get("/events/feeds").await.must(200);
    assert!(page.shows("nothing yet") && !page.shows("all well"), "what never delivered is not well: {}", page.words());
    let bytes = b"when,who,what\n2026-11-22T03:04:05Z,203.0.113.1,scan\n2026-11-22T03:04:06Z,203.0.113.2,scan\n";
    deliver(&house, "own", "list.csv", bytes).await;
    assert!(!analyst.get("/inbox").await.shows("<b class=\"due\">1</b>"));
    house.run_jobs().await;
    assert_eq!(state(&house, 1).await.state, "held");
    let page = analyst.get("/events/feeds").await.must(200);
    assert!(page.shows("1 held or failed"), "{}", page.words());
    assert!(page.text().contains("<b class=\"due\">1</b>"), "the rail says how many");
    assert!(analyst.get("/events/files/1").await.must(200).shows("Nothing of it is used yet"));
    let mapping = "name = \"own\"\nversion = 1\n[type.own_scan]\ntitle = \"Scans\"\nrequired = \"when who\"\nsignature = \"when who what\"\ntype = \"scanner\"\n[type.own_scan.fields]\nwhen = \"observed\"\nwho = \"ip\"\n";
    let shown = analyst
        .upload(
            "/events/samples",
            &[("of", "own"), ("name", "own"), ("title", "Own"), ("label", "AMBER"), ("mapping", mapping), ("every_hours", "0")],
            &[("file", "list.csv", "text/csv", bytes)],
        )
        .await
        .must(200);
    assert!(shown.shows("read as own_scan: 2 events") && shown.shows("203.0.113.2"), "{}", shown.words());
    assert!(events::by_name(&mut house.app.db.read().await.unwrap(), "own").await.unwrap().mapping.is_empty(), "a preview saves nothing");
    let broken = [("title", "Own"), ("label", "AMBER"), ("every_hours", "0"), ("version", "1"), ("mapping", "name = 1")];
    let _ = analyst.post("/events/feeds/own/edit", &broken).await.must(422);
    let fields = [("title", "Own"), ("label", "AMBER"), ("every_hours", "0"), ("version", "1"), ("mapping", mapping)];
    let _ = analyst.post("/events/feeds/own/edit", &fields).await.must(303);
    let _ = analyst.post("/events/files/1", &[("do", "again")]).await.must(303);
    house.run_jobs().await;
    assert_eq!(counts(&house, 1).await.0, 2);
    assert!(analyst.get("/events/feeds").await.shows("1 new column"), "what no mapping names is drift");
    let _ = analyst.post("/events/feeds/own/columns", &[]).await.must(303);
    assert!(analyst.get("/events/feeds").await.shows("all well"));
    assert_eq!(house.done().await.iter().filter(|verb| *verb == "event_file.held").count(), 1, "one alarm, whatever the number of lines");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_line_is_mended_and_handed_in_or_dropped_with_a_reason() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        feed(&house, "shadow").await;
        let rows = [
            row("203.0.113.1", 23),
            "2026-11-22 03:04:05,203.0.113.x,23,tcp,,telnet,64500,LS".into(),
            "2026-11-22 03:04:05,203.0.113.y,23,tcp,,telnet,64500,LS".into(),
        ];
        deliver(&house, "shadow", NAME, &file(&rows)).await;
        house.run_jobs().await;
        let page = analyst.get("/events/rejected").await.must(200);
        assert!(page.shows("203.0.113.x") && page.shows("203.0.113.y"), "on {}: {}", house.on, page.words());
        let ids: Vec<(Id, i64)> = house.rows("select id, line from event_rejects order by line", vec![]).await;
        assert_eq!(ids.iter().map(|(_, line)| *line).collect::<Vec<_>>(), [3, 4]);
        let (first, second) = (ids[0].0.to_string(), ids[1].0.to_string());
        let mended = "2026-11-22 03:04:05,203.0.113.2,23,tcp,,telnet,64500,LS";
        let _ = analyst.post("/events/rejected", &[("do", "mend"), ("id", &first), (&format!("line-{first}"), mended)]).await.must(303);
        let _ = analyst.post("/events/rejected", &[("do", "drop"), ("id", &second)]).await.must(422);
        let _ = analyst.post("/events/rejected", &[("do", "drop"), ("id", &second), ("reason", "nobody can know")]).await.must(303);
        house.run_jobs().await;
        assert_eq!(counts(&house, 2).await, (1, 0, 0, 1));
        assert_eq!(state(&house, 2).await.mends, Some(state(&house, 1).await.id));
        assert!(analyst.get("/events/rejected").await.must(200).shows("No line waits"));
        // Somebody who was slower is told so.
        let _ = analyst.post("/events/rejected", &[("do", "mend"), ("id", &first), (&format!("line-{first}"), mended)]).await.must(422);
        let states: Vec<(String, String)> = house.rows("select state, note from event_rejects order by line", vec![]).await;
        assert_eq!(states, [("corrected".into(), String::new()), ("dropped".into(), "nobody can know".into())]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_drop_folder_takes_what_is_whole_and_moves_it_after_the_commit() {
    let folder = tempfile::tempdir().unwrap();
    let drop = folder.path().to_owned();
    let house = House::with(|profile| profile.events.drop = Some(drop.clone())).await;
    feed(&house, "sensor").await;
    let mut seen = events::folder::Seen::default();
    events::folder::look(&house.app, &mut seen).await.unwrap();
    let inbox = drop.join("sensor");
    std::fs::write(inbox.join(NAME), file(&[row("203.0.113.1", 23)])).unwrap();
    std::fs::write(inbox.join("half.csv.part"), b"timestamp").unwrap();
    std::fs::write(inbox.join("bad.zip"), b"PK\x03\x04 no archive").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", inbox.join("link.csv")).unwrap();
    assert_eq!(events::folder::look(&house.app, &mut seen).await.unwrap(), 0, "somebody may still write to it");
    assert_eq!(events::folder::look(&house.app, &mut seen).await.unwrap(), 0, "or has only paused");
    house.later(1);
    std::fs::write(inbox.join("grows.csv"), b"timestamp").unwrap();
    assert_eq!(events::folder::look(&house.app, &mut seen).await.unwrap(), 1);
    assert!(inbox.join("done").join(NAME).exists() && !inbox.join(NAME).exists());
    assert!(inbox.join("half.csv.part").exists() && inbox.join("grows.csv").exists() && inbox.join("link.csv").exists());
    assert!(std::fs::read_to_string(inbox.join("refused/bad.zip.why")).unwrap().contains("archive"));
    // Somebody was still writing it: it waits once more.
    std::fs::write(inbox.join("refused/bad.zip"), b"PK\x03\x04 no archive, and more of it").unwrap();
    events::folder::look(&house.app, &mut seen).await.unwrap();
    assert!(inbox.join("bad.zip").exists() && !inbox.join("refused/bad.zip").exists() && !inbox.join("refused/bad.zip.why").exists());
    // Killed between the commit and the move: it is there again, and known.
    std::fs::write(inbox.join(NAME), file(&[row("203.0.113.1", 23)])).unwrap();
    events::folder::look(&house.app, &mut seen).await.unwrap();
    house.later(1);
    events::folder::look(&house.app, &mut seen).await.unwrap();
    assert!(inbox.join("done").join(format!("2-{NAME}")).exists());
    house.run_jobs().await;
    assert_eq!(counts(&house, 1).await.0, 1);
    let files: Vec<(i64,)> = house.rows("select number from event_files where state = 'stored'", vec![]).await;
    assert_eq!(files.len(), 1);
    // What is of no feed stays where it is, and the team is told.
    let analyst = house.login_as(Role::Analyst).await;
    assert!(!analyst.get("/events/feeds").await.must(200).shows("In the drop folder"));
    std::fs::write(drop.join("lost.csv"), b"timestamp").unwrap();
    std::fs::create_dir_all(drop.join("sensor-2")).unwrap();
    assert!(analyst.get("/events/feeds").await.must(200).shows("one thing belongs to no feed"));
    std::fs::write(drop.join("sensor-2/one.csv"), b"timestamp").unwrap();
    let page = analyst.get("/events/feeds").await.must(200);
    assert!(page.shows("2 things belong to no feed") && page.shows("lost.csv") && page.shows("sensor-2/"), "{}", page.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_who_pauses_loses_nothing_of_a_file_in_the_drop_folder() {
    let folder = tempfile::tempdir().unwrap();
    let drop = folder.path().to_owned();
    let house = House::with(|profile| profile.events.drop = Some(drop.clone())).await;
    feed(&house, "sensor").await;
    let mut seen = events::folder::Seen::default();
    events::folder::look(&house.app, &mut seen).await.unwrap();
    let path = drop.join("sensor").join(NAME);
    let whole = file(&[row("203.0.113.1", 23), row("203.0.113.2", 23)]);
    let (first, second) = whole.split_at(whole.len() - 20);
    let mut writer = std::fs::File::create(&path).unwrap();
    std::io::Write::write_all(&mut writer, first).unwrap();
    for _ in 0..3 {
        assert_eq!(events::folder::look(&house.app, &mut seen).await.unwrap(), 0, "the line stalls");
    }
    std::io::Write::write_all(&mut writer, second).unwrap();
    std::mem::drop(writer);
    house.later(1);
    assert_eq!(events::folder::look(&house.app, &mut seen).await.unwrap(), 0, "it is another than it was");
    house.later(1);
    assert_eq!(events::folder::look(&house.app, &mut seen).await.unwrap(), 1);
    house.run_jobs().await;
    assert_eq!(counts(&house, 1).await.0, 2, "all of it came in");
    // One who pauses for longer writes on where the file lies by then.
    let path = drop.join("sensor").join("2026-11-22-scan_telnet-late.csv");
    let whole = file(&[row("203.0.113.3", 23), row("203.0.113.4", 23)]);
    let (first, second) = whole.split_at(whole.len() - 20);
    let mut writer = std::fs::File::create(&path).unwrap();
    std::io::Write::write_all(&mut writer, first).unwrap();
    let mut next = async |expected: usize| {
        house.later(1);
        assert_eq!(events::folder::look(&house.app, &mut seen).await.unwrap(), expected);
    };
    next(0).await;
    next(1).await;
    assert!(!path.exists());
    std::io::Write::write_all(&mut writer, second).unwrap();
    std::mem::drop(writer);
    next(0).await;
    assert!(path.exists(), "it is put back");
    next(0).await;
    next(1).await;
    house.run_jobs().await;
    let stored: (Option<i64>,) = house.rows("select cast(sum(stored) as BIGINT) from event_files", vec![]).await.remove(0);
    assert_eq!(stored.0, Some(4), "each once");
}

/// A mail with one file.
fn letter(from: &str, name: &str, kind: &str, bytes: &[u8]) -> Vec<u8> {
    let encoded = data_encoding::BASE64.encode(bytes);
    let lines: Vec<&str> = encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!(
        "From: Feed <{from}>\r\nTo: {US}\r\nSubject: Your report\r\nMessage-ID: <{}@feed.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nAttached.\r\n--b\r\nContent-Type: {kind}; name={name}\r\nContent-Disposition: attachment; filename={name}\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
        bytes.len(),
        lines.join("\r\n")
    )
    .into_bytes()
}

async fn mail(house: &House, from: &str, raw: &[u8]) {
    mailbox::keep(&house.app, Delivered { from: from.into(), to: vec![US.into()], raw: raw.to_vec(), via: "mail-in" }).await.unwrap();
    house.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_of_a_feed_brings_its_files_and_everything_else_stays_a_report() {
    for house in House::both().await {
        feed_with(&house, "shadow", |feed| feed.mail_from = "reports@feed.example".into()).await;
        let table = file(&[row("203.0.113.1", 23)]);
        let archive = zip(&[(NAME, &table), ("folder/2026-11-22-scan_telnet-b.csv", &file(&[row("203.0.113.2", 23), row("203.0.113.3", 23)]))]);
        let vouched = [
            b"Authentication-Results: mx.csirt.maluti.example; dmarc=pass header.from=feed.example\r\n".to_vec(),
            letter("reports@feed.example", "day.zip", "application/zip", &archive),
        ];
        mail(&house, "reports@feed.example", &vouched.concat()).await;
        assert_eq!((counts(&house, 1).await.0, counts(&house, 2).await.0), (1, 2), "on {}", house.on);
        let states: Vec<(String,)> = house.rows("select state from mails", vec![]).await;
        assert_eq!(states[0].0, "events");
        let reports = async || house.rows::<(Id,)>("select id from reports", vec![]).await.len();
        assert_eq!(reports().await, 0);
        // A feedback report takes along what the reported message says of itself.
        let arf = "Authentication-Results: mx.csirt.maluti.example; dmarc=pass header.from=feed.example\r\n\
            From: Feed <reports@feed.example>\r\nTo: report@csirt.maluti.example\r\nSubject: Abuse\r\nMessage-ID: <arf@feed.example>\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n\
            --b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n\
            Arrival-Date: Sun, 22 Nov 2026 08:00:00 +0000\r\nSource-IP: 203.0.113.5\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
            From: seller@shop.example\r\nSubject: cheap things\r\nMessage-ID: <1@shop.example>\r\n\r\nBuy.\r\n--b--\r\n";
        mail(&house, "reports@feed.example", arf.as_bytes()).await;
        assert_eq!(counts(&house, 3).await.0, 1, "on {}", house.on);
        let kept = house.login_as(Role::Analyst).await.get("/events/files/3/original").await.must(200);
        assert!(kept.text().contains("Original-Subject: cheap things"), "on {}: {}", house.on, kept.text());
        // Somebody else's file, a mail without one, an archive that does not open, and a bomb are for a person to see.
        mail(&house, "x@shop.example", &letter("x@shop.example", "list.csv", "text/csv", &table)).await;
        mail(&house, "reports@feed.example", &letter("reports@feed.example", "logo.png", "image/png", b"png")).await;
        mail(&house, "reports@feed.example", &letter("reports@feed.example", "day.zip", "application/zip", &archive[..archive.len() / 2])).await;
        let bomb = zip(&[("bomb.csv", &vec![b'a'; 64 << 20])]);
        mail(&house, "reports@feed.example", &letter("reports@feed.example", "bomb.zip", "application/zip", &bomb)).await;
        assert_eq!(reports().await, 4);
        let forged = letter("reports@feed.example", "list.csv", "text/csv", &file(&[row("203.0.113.9", 23)]));
        let forged = [b"Authentication-Results: mx.csirt.maluti.example; dmarc=fail\r\n".to_vec(), forged].concat();
        mail(&house, "reports@feed.example", &forged).await;
        assert_eq!(reports().await, 5, "a forged sender delivers nothing");
        assert_eq!(house.rows::<(i64,)>("select number from event_files", vec![]).await.len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_archives_cost_little_and_leave_nothing() {
    let house = House::sqlite().await;
    feed(&house, "sensor").await;
    let inner = zip(&[("a.csv", b"a")]);
    let many: Vec<(String, Vec<u8>)> = (0..300).map(|n| (format!("{n}.csv"), b"x".to_vec())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    for (what, archive) in
        [("nested", zip(&[("inner.zip", &inner)])), ("many", zip(&many)), ("bomb", zip(&[("bomb.csv", &vec![0; 40 << 20])])), ("nothing", zip(&[]))]
    {
        let mut arriving = events::Arriving::new(&house.app.blobs, 1 << 30);
        let done = arriving.push(&archive).and_then(|()| arriving.finish("x.zip"));
        assert!(matches!(done, Err(atalaya::Error::Invalid(_))), "{what}");
    }
    let walk = zip(&[("../../etc/x.csv", b"a,b\n"), ("__MACOSX/._x.csv", b"junk"), ("folder/", b"")]);
    let mut arriving = events::Arriving::new(&house.app.blobs, 1 << 30);
    arriving.push(&walk).unwrap();
    let pieces = arriving.finish("x.zip").unwrap();
    assert_eq!(pieces.iter().map(|piece| piece.name.as_str()).collect::<Vec<_>>(), ["x.csv"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_should_have_come_is_an_alarm() {
    let house = House::sqlite().await;
    let analyst = house.login_as(Role::Analyst).await;
    feed_with(&house, "daily", |feed| feed.every_hours = 24).await;
    deliver(&house, "daily", NAME, &file(&[row("203.0.113.1", 23)])).await;
    house.run_jobs().await;
    house.later(60 * 30);
    let analyst_again = house.login(analyst.person()).await;
    assert!(!analyst_again.get("/events/feeds").await.shows(">silent<"), "a late morning is no alarm");
    house.later(60 * 7);
    let analyst = house.login(analyst.person()).await;
    let page = analyst.get("/events/feeds").await.must(200);
    assert!(page.shows(">silent<") && page.text().contains("<b class=\"due\">1</b>"), "{}", page.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_brings_what_it_brought_is_heard_and_what_staff_writes_is_not_its_word() {
    for house in House::both().await {
        let analyst = house.person(Role::Analyst, None).await;
        feed_with(&house, "daily", |feed| feed.every_hours = 24).await;
        let bytes = file(&[row("203.0.113.1", 23), "2026-11-22 03:04:05,203.0.113.x,23,tcp,,telnet,64500,LS".into()]);
        let is_silent = async || house.login(analyst).await.get("/events/feeds").await.must(200).text().contains(">silent<");
        // The same list each day is a list each day; sent over and over it is noted once.
        for _ in 0..3 {
            for _ in 0..3 {
                deliver(&house, "daily", NAME, &bytes).await;
            }
            house.run_jobs().await;
            house.later(60 * 30);
            assert!(!is_silent().await, "on {}", house.on);
        }
        assert_eq!(house.done().await.iter().filter(|verb| *verb == "event_file.came_again").count(), 2, "on {}", house.on);
        // Then it is dead. Somebody mends a line of its last file.
        house.later(60 * 7);
        assert!(is_silent().await, "on {}", house.on);
        let desk = house.login(analyst).await;
        let (id,): (Id,) = house.rows("select id from event_rejects", vec![]).await.remove(0);
        let mended = "2026-11-22 03:04:05,203.0.113.2,23,tcp,,telnet,64500,LS";
        let _ = desk.post("/events/rejected", &[("do", "mend"), ("id", &id.to_string()), (&format!("line-{id}"), mended)]).await.must(303);
        house.run_jobs().await;
        assert_eq!(counts(&house, 2).await.0, 1);
        assert!(is_silent().await, "on {}: it is as dead as before", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_list_of_event_files_or_lines_sorts() {
    let house = House::sqlite().await;
    let one = feed(&house, "sensor").await;
    let mut reader = house.app.db.read().await.unwrap();
    let files = [
        events::Asked { limit: 50, ..events::Asked::default() },
        events::Asked { limit: 50, before: Some(7), feed: Some(one), ..events::Asked::default() },
        events::Asked { limit: 50, alarms: true, ..events::Asked::default() },
    ];
    let rejects = [
        events::WantedRejects { limit: 50, ..events::WantedRejects::default() },
        events::WantedRejects { limit: 50, feed: Some(one), before: Some((house.app.now(), one)), ..events::WantedRejects::default() },
        events::WantedRejects { limit: 50, file: Some(one), after: Some((3, one)), ..events::WantedRejects::default() },
        events::WantedRejects { limit: 50, file: Some(one), open: true, reason: Some("time".into()), ..events::WantedRejects::default() },
        events::WantedRejects { limit: 50, reason: Some("time".into()), ..events::WantedRejects::default() },
    ];
    for asked in &files {
        let plan = reader.plan(events::list_statement(asked)).await.unwrap();
        assert!(!plan.contains("TEMP B-TREE"), "{asked:?}: {plan}");
    }
    for wanted in &rejects {
        let plan = reader.plan(events::rejects_statement(wanted)).await.unwrap();
        assert!(!plan.contains("TEMP B-TREE"), "{wanted:?}: {plan}");
    }
}
