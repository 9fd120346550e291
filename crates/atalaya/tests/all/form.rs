//! The public form, as somebody without an account and without JavaScript uses it.

use std::path::{Path, PathBuf};

use atalaya::profile::Sealed;
use data_encoding::HEXLOWER;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use store::args;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::house::{Answer, Browser, House};
use crate::publications::begin;

const STORY: &str = "A mail from 192.0.2.44 asks me to log in at hxxp://bank-login[.]example/verify.";

/// Answers everything up to the check, and says what the check shows.
async fn fill(visitor: &Browser, kind: &str, description: &str) -> Answer {
    visitor.post("/report", &[("kind", kind)]).await.must(303);
    visitor.post("/report/tell", &[("description", description)]).await.must(303);
    visitor.get("/report/check").await.must(200)
}

async fn send(visitor: &Browser) -> Answer {
    assert_eq!(visitor.post("/report/check", &[]).await.must(303).location().as_deref(), Some("/report/received"));
    visitor.get("/report/received").await.must(200)
}

/// The files under a folder, hidden ones and temporary ones too.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files_in(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_made_question_by_question_and_kept_as_it_was_given() {
    for house in House::both().await {
        let visitor = house.visitor();
        let first = visitor.get("/report").await.must(200);
        assert!(first.shows("What happened?") && first.shows("question 1 of 6") && first.shows("I only have a question"));
        let next = visitor.post("/report", &[("kind", "impersonation")]).await.must(303);
        assert_eq!(next.location().as_deref(), Some("/report/tell"));
        let tell = visitor.get("/report/tell").await.must(200);
        assert!(tell.shows("Whom do they pretend to be?") && !tell.shows("Which service does not work?"));
        let answers = [
            ("description", STORY),
            ("title", "False mail"),
            ("pretends", "The Cooperative Bank"),
            ("fell", "no"),
            ("used", "203.0.113.9\nbank-login.example"),
        ];
        assert_eq!(visitor.post("/report/tell", &answers).await.must(303).location().as_deref(), Some("/report/when"));
        visitor.post("/report/when", &[("noticed", "today, 10:30")]).await.must(303);
        let files: [(&str, &str, &str, &[u8]); 2] = [("files", "../../shot.png", "image/png", b"\x89PNG"), ("files", "empty.txt", "text/plain", b"")];
        visitor.upload("/report/files", &[("do", "add")], &files).await.must(303);
        let shown = visitor.get("/report/files").await.must(200);
        assert!(shown.shows("shot.png") && shown.shows("empty.txt") && !shown.shows(".."));
        visitor.upload("/report/files", &[("do", "on")], &[("files", "", "application/octet-stream", b"")]).await.must(303);
        visitor.post("/report/urgency", &[("urgent", "yes"), ("help", "yes")]).await.must(303);
        visitor.post("/report/contact", &[("name", "A Citizen"), ("mail", "citizen@home.example")]).await.must(303);
        let check = visitor.get("/report/check").await.must(200);
        for words in [STORY, "False mail", "The Cooperative Bank", "today, 10:30", "shot.png", "citizen@home.example"] {
            assert!(check.shows(words), "{words}: {}", check.words());
        }
        let received = send(&visitor).await;
        let number = received.between("class=\"number\">", "<");
        assert!(number.starts_with("R-2026-"), "{number}");
        assert!(received.shows("That is by"), "the promise: {}", received.words());
        assert_eq!(visitor.get("/report/received").await.must(200).between("class=\"number\">", "<"), number, "a reload shows the same");

        let rows: Vec<(String, String, i64, i64)> = house.rows("select title, body, urgent, help from reports", vec![]).await;
        let [(title, body, 1, 1)] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!(title, "False mail");
        assert!(
            body.starts_with(STORY) && body.contains("Whom do they pretend to be? The Cooperative Bank") && body.contains("203.0.113.9\nbank-login.example")
        );
        assert!(!body.contains("citizen@home.example"), "who reports stands apart");
        let files: Vec<(String, i64)> = house.rows("select name, size from report_files order by place", vec![]).await;
        assert_eq!(files, [("shot.png".to_owned(), 4), ("empty.txt".to_owned(), 0)]);
        let raw: Vec<(vault::blob::Hash,)> = house.rows("select raw from reports", vec![]).await;
        let mut reader = house.app.db.read().await.unwrap();
        let raw: serde_json::Value = serde_json::from_slice(&house.app.blobs.get(&mut reader, raw[0].0).await.unwrap()).unwrap();
        assert_eq!(raw["answers"][0]["answer"], "impersonation");
        assert_eq!(raw["answers"][1]["answer"], STORY);
        assert_eq!(raw["files"][0]["sha256"], HEXLOWER.encode(&Sha256::digest(b"\x89PNG")));
        assert_eq!(files_in(&house.data().join("uploads")), Vec::<PathBuf>::new(), "nothing waits any more");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reported_is_led_to_what_the_team_has_written_about_it() {
    let house = House::sqlite().await;
    begin(&house, "guidance", "A false mail came").await.out().await;
    for (kind, led) in [("impersonation", true), ("outage", false), ("other", false)] {
        let visitor = house.visitor();
        fill(&visitor, kind, STORY).await;
        let received = send(&visitor).await;
        assert_eq!(received.shows("What you can do meanwhile") && received.shows("A false mail came"), led, "{kind}: {}", received.words());
        if led {
            visitor.get(&received.links("/guidance/")[0]).await.must(200);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_presses_of_the_button_make_one_report() {
    for house in House::both().await {
        let visitor = house.visitor();
        fill(&visitor, "other", STORY).await;
        let (one, two, three) = tokio::join!(visitor.post("/report/check", &[]), visitor.post("/report/check", &[]), visitor.post("/report/check", &[]));
        for answer in [one, two, three] {
            assert_eq!(answer.must(303).location().as_deref(), Some("/report/received"));
        }
        let count: Vec<(i64,)> = house.rows("select count(*) from reports", vec![]).await;
        assert_eq!(count, [(1,)], "{}", house.on);
        let link = visitor.get("/report/received").await.must(200).links("/status/R-")[0].clone();
        let page = visitor.follow(visitor.get(&link).await).await.must(200);
        assert!(page.shows("We have it"), "{}", page.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_is_named_at_its_field_and_loses_no_word() {
    let house = House::sqlite().await;
    let visitor = house.visitor();
    let none = visitor.post("/report", &[("kind", "")]).await.must(422);
    assert!(none.shows("There is a problem") && !none.links("#kind-1").is_empty() && none.shows("id=\"kind-1\""));
    visitor.post("/report", &[("kind", "no such kind")]).await.must(422);
    visitor.post("/report", &[("kind", "outage")]).await.must(303);
    let tell = visitor.post("/report/tell", &[("description", " "), ("service", "Our mail"), ("ongoing", "perhaps")]).await.must(422);
    assert!(!tell.links("#description").is_empty() && tell.input("service") == "Our mail" && !tell.links("#ongoing-1").is_empty());
    visitor.post("/report/tell", &[("description", "Mail is down"), ("service", "Our mail")]).await.must(303);
    let contact = visitor.post("/report/contact", &[("name", "A Citizen"), ("mail", "nobody at home")]).await.must(422);
    assert!(!contact.links("#mail").is_empty() && contact.input("mail") == "nobody at home" && contact.input("name") == "A Citizen");
    visitor.get("/report/check").await.must(422);
    assert_eq!(visitor.post("/report/check", &[]).await.must(303).location().as_deref(), Some("/report/contact?check=1"));
    assert_eq!(visitor.post("/report/contact", &[("check", "1"), ("mail", "")]).await.must(303).location().as_deref(), Some("/report/check"));
    let long = "x".repeat(500_000);
    let tell = visitor.post("/report/tell", &[("check", "1"), ("description", &long)]).await.must(422);
    assert!(tell.shows("at most") && tell.shows(&long), "what was too long is still on the page");
    let kept: Vec<(i64,)> = house.rows("select max(length(fields)) from form_answers", vec![]).await;
    assert!(kept[0].0 < 21_000, "and no more of it is kept than shows that: {kept:?}");
    visitor.get("/report/check").await.must(422);
    visitor.post("/report/tell", &[("check", "1"), ("description", "Mail is down")]).await.must(303);
    let kind = visitor.post("/report", &[("check", "1"), ("kind", "data")]).await.must(303);
    assert_eq!(kind.location().as_deref(), Some("/report/tell?check=1"), "another kind has other questions");
    send(&visitor).await;
    let body: Vec<(String,)> = house.rows("select body from reports", vec![]).await;
    assert!(!body[0].0.contains("Our mail"), "answers to questions that are not asked any more stay away");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_kept_for_an_hour_and_then_gone_with_their_files() {
    for house in House::both().await {
        let visitor = house.visitor();
        fill(&visitor, "other", STORY).await;
        visitor.upload("/report/files", &[("do", "add")], &[("files", "log.txt", "text/plain", &[7; 200_000])]).await.must(303);
        house.later(59);
        assert!(visitor.get("/report/tell").await.must(200).shows(STORY));
        house.later(30);
        house.run_jobs().await;
        assert_eq!(visitor.get("/report/tell").await.must(303).location().as_deref(), Some("/report"), "{}", house.on);
        assert!(visitor.get("/report").await.must(200).shows("that is over"));
        let late = visitor.post("/report/tell", &[("description", "typed after the hour")]).await;
        assert!(visitor.follow(late).await.must(200).shows("What happened?"));
        visitor.post("/report", &[("kind", "other")]).await.must(303);
        assert!(visitor.get("/report/tell").await.must(200).shows("typed after the hour"), "what was typed too late is not lost");
        // What only this kind is asked stays too, with the kind that the page was made for.
        let late = house.visitor();
        let asked = [("kind", "intrusion"), ("description", "typed late"), ("systems", "the mail server")];
        late.post("/report/tell", &asked).await.must(303);
        assert!(late.get("/report/tell").await.must(200).shows("the mail server"));
        house.later(100);
        house.run_jobs().await;
        let rows: Vec<(i64,)> = house.rows("select count(*) from form_answers", vec![]).await;
        assert_eq!(rows, [(0,)]);
        assert_eq!(files_in(&house.data().join("uploads")), Vec::<PathBuf>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_taken_up_to_the_limit_and_not_one_byte_more() {
    let house = House::with(|profile| (profile.intake.max_files, profile.intake.max_file_bytes) = (3, 300_000)).await;
    let visitor = house.visitor();
    fill(&visitor, "other", STORY).await;
    let exact = vec![b'a'; 300_000];
    let over = vec![b'b'; 300_001];
    visitor.upload("/report/files", &[], &[("files", "none.bin", "", b""), ("files", "one.bin", "", b"1"), ("files", "full.bin", "", &exact)]).await.must(303);
    let page = visitor.get("/report/files").await.must(200);
    assert!(page.shows("as many files as we can take"));
    visitor.upload("/report/files", &[("remove", "1")], &[]).await.must(303);
    let page = visitor.upload("/report/files", &[], &[("files", "large.bin", "", &over)]).await.must(413);
    assert!(page.shows("“large.bin” is larger than") && page.shows("full.bin") && !page.shows("none.bin"));
    let page = visitor.upload("/report/files", &[], &[("files", "two.bin", "", b"22"), ("files", "three.bin", "", b"333")]).await.must(422);
    assert!(page.shows("“three.bin” was one too many") && page.shows("two.bin"), "{}", page.words());
    assert!(visitor.get("/report/check").await.must(200).shows(STORY), "the other answers are safe");
    send(&visitor).await;
    let files: Vec<(String, i64)> = house.rows("select name, size from report_files order by size", vec![]).await;
    assert_eq!(files, [("one.bin".to_owned(), 1), ("two.bin".to_owned(), 2), ("full.bin".to_owned(), 300_000)]);
    let blobs: Vec<(vault::blob::Hash,)> = house.rows("select blob from report_files order by size desc limit 1", vec![]).await;
    let mut reader = house.app.db.read().await.unwrap();
    assert_eq!(house.app.blobs.get(&mut reader, blobs[0].0).await.unwrap(), exact);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_breaks_off_leaves_nothing_behind() {
    let house = House::sqlite().await;
    let visitor = house.visitor();
    fill(&visitor, "other", STORY).await;
    let mut line = TcpStream::connect(house.address).await.unwrap();
    let part = "--cut\r\ncontent-disposition: form-data; name=\"files\"; filename=\"whole.txt\"\r\n\r\nwhole\r\n--cut\r\ncontent-disposition: form-data; name=\"files\"; filename=\"half.txt\"\r\n\r\n";
    let head = format!(
        "POST /report/files HTTP/1.1\r\nhost: {0}\r\norigin: http://{0}\r\ncookie: answers={1}\r\ncontent-type: multipart/form-data; boundary=cut\r\ncontent-length: 900000\r\n\r\n{part}",
        house.address,
        visitor.cookie("answers").unwrap(),
    );
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(&[b'x'; 400_000]).await.unwrap();
    line.shutdown().await.unwrap();
    let mut rest = Vec::new();
    let _ = line.read_to_end(&mut rest).await;
    assert!(!visitor.get("/report/files").await.must(200).shows("whole.txt"));
    assert_eq!(files_in(&house.data().join("uploads")), Vec::<PathBuf>::new());
    assert!(visitor.get("/report/check").await.must(200).shows(STORY));
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_reports_from_one_network_have_to_wait_whatever_the_header_says() {
    let house = House::with(|profile| profile.intake.max_per_hour_and_address = 3).await;
    let mut ended = Vec::new();
    for n in 0..5 {
        let visitor = house.visitor();
        // The last hop is what our own proxy saw; what stands before it, anybody can write.
        visitor.set_header("x-forwarded-for", &format!("198.51.100.{n}, 203.0.113.5"));
        fill(&visitor, "other", &format!("{STORY} {n}")).await;
        ended.push(visitor.post("/report/check", &[]).await.status);
    }
    assert_eq!(ended, [303, 303, 303, 429, 429]);
    let names: Vec<(String,)> = house.rows("select name from throttles", vec![]).await;
    assert!(names.iter().all(|(name,)| !name.contains("203.0.113")), "addresses are not kept: {names:?}");
    let other = house.visitor();
    other.set_header("x-forwarded-for", "203.0.113.6");
    fill(&other, "other", STORY).await;
    send(&other).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_reports_that_are_sent_at_once_no_more_come_in_than_the_limit_lets() {
    for house in House::both_with(|profile| profile.intake.max_per_hour_and_address = 3).await {
        let mut visitors = Vec::new();
        for n in 0..6 {
            let visitor = house.visitor();
            fill(&visitor, "other", &format!("{STORY} {n}")).await;
            visitors.push(visitor);
        }
        let sent = futures_util::future::join_all(visitors.iter().map(|visitor| visitor.post("/report/check", &[]))).await;
        let count = |status: u16| sent.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(303), count(429)), (3, 3), "on {}", house.on);
        let reports: Vec<(i64,)> = house.rows("select count(*) from reports", vec![]).await;
        assert_eq!(reports, [(3,)], "on {}", house.on);
        for (visitor, _) in visitors.iter().zip(&sent).filter(|(_, answer)| answer.status == 429) {
            assert!(visitor.get("/report/check").await.must(200).shows(STORY), "on {}: what was answered is there still", house.on);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_robot_that_fills_the_hidden_field_is_told_to_wait_and_nothing_is_kept() {
    let house = House::sqlite().await;
    let robot = house.visitor();
    robot.post("/report", &[("kind", "other"), ("website", "https://spam.example")]).await.must(429);
    assert_eq!(robot.cookie("answers"), None);
    fill(&robot, "other", STORY).await;
    robot.post("/report/check", &[("website", "x")]).await.must(429);
    let rows: Vec<(i64,)> = house.rows("select count(*) from reports", vec![]).await;
    assert_eq!(rows, [(0,)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_words_in_every_field_are_shown_as_words() {
    for house in House::both().await {
        let visitor = house.visitor();
        let seeds = [
            "<script>alert(1)</script>",
            "\" onfocus=\"x",
            "'; drop table reports; --",
            "a\0b",
            "\u{202e}evil\u{2066}",
            "{{7*7}}${7*7}",
            "\u{1b}[31m",
            "%00%ff",
            "\u{feff}\u{200b}",
            "</textarea><b>",
            "..\\..\\",
            "\r\n\r\nset-cookie: x=y",
            "💥",
            "A̷̛̲",
        ];
        let fields: [(&str, &str, &[&str]); 6] = [
            ("/report", "other", &["kind"]),
            ("/report/tell", "impersonation", &["description", "title", "pretends", "used", "fell"]),
            ("/report/tell", "intrusion", &["systems", "ongoing"]),
            ("/report/when", "data", &["noticed", "where", "involved"]),
            ("/report/urgency", "weakness", &["urgent", "help", "wanted"]),
            ("/report/contact", "outage", &["name", "mail", "phone", "organisation"]),
        ];
        let mut tried = 0;
        for (path, kind, names) in fields {
            visitor.post("/report", &[("kind", kind)]).await.must(303);
            for name in names {
                for (at, seed) in seeds.iter().enumerate() {
                    let words = if at % 2 == 0 { (*seed).to_owned() } else { seed.repeat(40) };
                    let answer = visitor.post(path, &[(name, &words), ("description", &format!("x{words}"))]).await;
                    assert!([303, 422].contains(&answer.status), "{path} {name} {seed:?}: {}", answer.status);
                    let page = visitor.get(path).await;
                    assert!(
                        page.status < 400
                            && !page.text().contains("<script>alert")
                            && !page.text().contains("</textarea><b>")
                            && !page.text().contains("\" onfocus"),
                        "{path} {name} {seed:?}"
                    );
                    tried += 1;
                }
            }
        }
        assert!(tried > 200, "{tried}");
        visitor.post("/report/forget", &[]).await.must(303);
        let mega = "m".repeat(1 << 20);
        visitor.post("/report", &[("kind", "other")]).await.must(303);
        visitor.post("/report/tell", &[("description", &mega)]).await.must(422);
        visitor.post("/report/tell", &[("description", &mega.repeat(3))]).await.must(422);
        let all: String = seeds.concat();
        visitor.post("/report", &[("kind", "other")]).await.must(303);
        visitor.post("/report/tell", &[("description", &all), ("title", &all)]).await.must(303);
        visitor.post("/report/contact", &[("name", &all)]).await.must(303);
        visitor.upload("/report/files", &[], &[("files", "a\u{202e}<b>.exe", "text/html; x=<b>", b"<script>")]).await.must(303);
        visitor.get("/report/check").await.must(200);
        let received = send(&visitor).await;
        let page = visitor.follow(visitor.get(&received.links("/status/R-")[0]).await).await.must(200);
        assert!(!page.text().contains("<script>alert") && !page.text().contains("<b>.exe"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_throws_the_answers_away_leaves_none() {
    let house = House::sqlite().await;
    let visitor = house.visitor();
    fill(&visitor, "advice", "How do I make a good password?").await;
    visitor.upload("/report/files", &[("do", "add")], &[("files", "log.txt", "text/plain", b"x")]).await.must(303);
    visitor.post("/report/forget", &[]).await.must(303);
    let rows: Vec<(i64,)> = house.rows("select count(*) from form_answers", vec![]).await;
    assert_eq!(rows, [(0,)]);
    assert_eq!(files_in(&house.data().join("uploads")), Vec::<PathBuf>::new());
    assert!(visitor.get("/").await.must(200).shows("Your answers are gone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_visitor_never_sees_the_answers_of_another() {
    let house = House::sqlite().await;
    let (one, two) = (house.visitor(), house.visitor());
    fill(&one, "other", STORY).await;
    two.set_cookie("answers", &"0".repeat(64));
    assert_eq!(two.get("/report/check").await.must(303).location().as_deref(), Some("/report"));
    two.post("/report", &[("kind", "data")]).await.must(303);
    assert_ne!(two.cookie("answers").unwrap(), "0".repeat(64), "a token that we did not make is not taken over");
    let hash: [u8; 32] = Sha256::digest(one.cookie("answers").unwrap().as_bytes()).into();
    let rows: Vec<(i64,)> = house.rows("select count(*) from form_answers where token = $1", args![hash]).await;
    assert_eq!(rows, [(1,)], "only the token's hash is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_switch_stays_in_the_house() {
    let house = House::sqlite().await;
    let visitor = house.visitor();
    for (back, to) in [
        ("/report?check=1", "/report?check=1"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/%09/evil.example", "/%09/evil.example"),
        ("/\t/evil.example", "/"),
        ("/a\r\nset-cookie: x=y", "/"),
        ("", "/"),
    ] {
        let escaped = percent_encoding::utf8_percent_encode(back, percent_encoding::NON_ALPHANUMERIC);
        let answer = visitor.get(&format!("/language/es?back={escaped}")).await.must(303);
        assert_eq!(answer.location().as_deref(), Some(to), "{back:?}");
    }
    let page = visitor.get("/report").await.must(200);
    assert!(page.shows("¿Qué pasó?") && page.shows("lang=\"es\"") && page.links("/language/en?back=")[0].ends_with("%2Freport"));
    visitor.get("/language/xx?back=/").await.must(404);
    house.visitor().speaking("es-UY,es;q=0.9").get("/").await.must(200).shows("Cuéntenoslo");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_home_page_says_what_is_promised_and_whether_it_is_kept() {
    for house in House::both().await {
        let home = house.visitor().get("/").await.must(200);
        let title = house.app.profile.promises[0].title.text("en").to_owned();
        assert!(home.shows(&title) && home.shows("report@") && !home.shows("How we are doing"), "{}", home.words());
        assert!(home.body.len() < 20_000);
        for path in home.links("/").iter().filter(|path| !path.starts_with("/assets") && *path != "/login") {
            assert!(house.visitor().get(path).await.status < 400, "{path} leads nowhere");
        }
        for path in ["/healthz", "/readyz", "/robots.txt"] {
            house.visitor().get(path).await.must(200);
        }
        house.app.db.clock().set(house.app.now() + SignedDuration::from_hours(1));
    }
    let busy = House::with(|profile| profile.intake.capacity_notice = Some(profile.team.host.clone())).await;
    let visitor = busy.visitor();
    let notice = busy.app.profile.team.host.text("en").to_owned();
    assert!(visitor.get("/").await.shows(&notice) && visitor.get("/report").await.shows(&notice));
    assert!(fill(&visitor, "other", STORY).await.shows(&notice) && send(&visitor).await.shows(&notice));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_that_takes_sealed_reports_has_a_door_to_them_on_each_public_page_and_no_other_team_has() {
    let onion = "http://sealedreportsofmaluti7example7address7of7fifty7six7lettersq.onion";
    let listen: std::net::SocketAddr = "127.0.0.1:8081".parse().unwrap();
    let of = |public: bool, url: Option<&str>| Sealed { public, listen: (!public).then_some(listen), url: url.map(str::to_owned), ..Sealed::default() };
    let table = [
        (None, None),
        // A listener that nobody knows an address of cannot be led to.
        (Some(of(false, None)), None),
        (Some(of(true, None)), Some("/sealed".to_owned())),
        (Some(of(false, Some("https://sealed.csirt.example"))), Some("https://sealed.csirt.example/sealed".to_owned())),
        (Some(of(false, Some(onion))), Some(format!("{onion}/sealed"))),
        (Some(of(true, Some(onion))), Some("/sealed".to_owned())),
    ];
    for (sealed, door) in table {
        let house = House::with(|profile| profile.sealed = sealed.clone()).await;
        let visitor = house.visitor();
        for path in ["/", "/report", "/status", "/login", "/openpgp", "/there-is-nothing"] {
            let page = visitor.get(path).await;
            let nav = page.text().split_once("<nav").map(|(_, rest)| rest.split_once("</nav>").unwrap().0.to_owned()).unwrap_or_default();
            let found = nav.split("<a href=\"").find(|link| link.contains(">Report sealed<")).map(|link| link.split('"').next().unwrap().to_owned());
            assert_eq!(found, door, "{path} with {sealed:?}: {nav}");
        }
        let home = visitor.get("/").await.must(200);
        assert_eq!(home.shows("Nobody may know that it was you"), door.is_some(), "{sealed:?}");
        assert_eq!(home.shows("Tor Browser"), sealed.as_ref().is_some_and(|sealed| sealed.url.as_deref() == Some(onion)), "{sealed:?}: {}", home.words());
        if let Some(path) = door.filter(|door| door.starts_with('/')) {
            visitor.get(&path).await.must(200);
        }
    }
    let house = House::with(|profile| profile.sealed = Some(of(true, None))).await;
    assert!(house.visitor().speaking("es").get("/").await.must(200).shows("Informe sellado"));
}
