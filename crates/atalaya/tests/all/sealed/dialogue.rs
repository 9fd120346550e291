//! A dialogue: a report, its way to the team, answers, its end.

use atalaya::access::{Role, Who};
use atalaya::people;
use post::openpgp::{Certificate, Sealing, seal};
use serde_json::{Value as Json, json};

use super::*;
use crate::house::{House, MORNING, instant};

#[tokio::test(flavor = "multi_thread")]
async fn without_script_or_program_the_server_seals_a_reader_opens_it_with_gpg_and_the_answer_comes_back() {
    for house in House::both().await {
        let (team, gpg, reporter) = (team(&house).await, Gpg::new(), house.visitor());
        let arrived =
            reporter.upload("/sealed/c", &[("text", "The director takes bribes.")], &[("files", "proof.txt", "text/plain", b"in cash")]).await.must(201);
        let receipt = arrived.between("id=\"receipt\" translate=\"no\">", "<");
        assert_eq!(receipt.len(), 34, "{}", arrived.words());
        assert!(arrived.header("set-cookie").is_none());
        let analyst = house.login_as(Role::Analyst).await;
        assert!(!analyst.get("/dialogues").await.must(200).shows("S-2026-000001"), "it shows before the round");
        rounds(&house).await;
        // Rounds may take longer than a session lasts.
        let analyst = house.login(analyst.person()).await;
        assert!(analyst.get("/dialogues").await.must(200).shows("S-2026-000001"));
        let mails = house.sink.mails();
        assert_eq!(mails.len(), 1, "one notice");

        gpg.run(&["--import"], team.readers[1].armored().unwrap().as_bytes());
        let sealed = analyst.post("/dialogues/S-2026-000001/envelopes/1", &[]).await.must(200);
        let opened = unpack(&gpg.open(&sealed.body));
        assert_eq!(read(&opened, "report.txt"), b"The director takes bribes.");
        assert_eq!(read(&opened, "files/001"), b"in cash");
        let cover: Json = serde_json::from_slice(&read(&opened, "manifest.json")).unwrap();
        assert_eq!((&cover["grade"], &cover["files"][0]["original"]), (&json!("C"), &json!("proof.txt")));
        assert!(house.done().await.contains(&"sealed.opened".to_owned()));

        let mut to = certificates(&team);
        to.push(Certificate::read_one(cover["reply_certificate"].as_str().unwrap().as_bytes()).unwrap());
        let tar = pack(&[("report.txt", b"Thank you. Which year?"), ("manifest.json", b"{\"schema\":\"atalaya-sealed-1\"}")]);
        let (mut answer, by) = (Vec::new(), Some((&team.readers[1], "")));
        seal(tar.as_slice(), &Sealing { to: &to, hidden: true, by, at: house.app.now() }, [9; 32], &mut answer).unwrap();
        let posted =
            analyst.upload("/dialogues/S-2026-000001/reply", &[("label", "amber")], &[("envelope", "a.pgp", "application/octet-stream", &answer)]).await;
        let _ = posted.must(303);
        let states: Vec<(String,)> = house.rows("select state from clocks", vec![]).await;
        assert!(!states.is_empty() && states.iter().all(|(state,)| state == "kept"), "{states:?}");

        let list = reporter.post("/sealed/return", &[("code", &receipt.to_lowercase())]).await.must(200);
        assert!(list.shows("Read the answers") && !list.shows("Which year?"), "who only comes back has nothing opened: {}", list.words());
        let page = reporter.post("/sealed/return/answers", &[("code", &receipt.to_lowercase())]).await.must(200);
        assert!(!page.shows("Read the answers"), "{}", page.words());
        for words in ["Thank you. Which year?", "Duty 2"] {
            assert!(page.shows(words), "{words} on {}: {}", house.on, page.words());
        }
        let page = reporter.upload("/sealed/c", &[("code", &receipt), ("text", "In 2019.")], &[]).await.must(200);
        assert!(page.shows("arrived"));
        rounds(&house).await;
        let analyst = house.login(analyst.person()).await;
        let more = analyst.post("/dialogues/S-2026-000001/envelopes/3", &[]).await.must(200);
        let opened = unpack(&gpg.open(&more.body));
        assert_eq!(read(&opened, "report.txt"), b"In 2019.");
        let cover: Json = serde_json::from_slice(&read(&opened, "manifest.json")).unwrap();
        assert_eq!(cover["prev"], sha(&answer));

        let fields = [("title", "Bribes"), ("text", "Bribes in 2019"), ("label", "red"), ("kind", "other")];
        let case = analyst.upload("/dialogues/S-2026-000001/unseal", &fields, &[("file", "proof.txt", "text/plain", b"in cash")]).await;
        assert!(case.status == 200 || case.status == 303, "{}", case.words());
        assert!(house.done().await.contains(&"sealed.unsealed".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialogue_goes_on_in_its_order_and_a_wrong_code_looks_like_an_unknown_one() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let first = envelope(&team, b"first", 30);
        let (auth, number) = report_a(&reporter, &first, 30).await;
        let second = envelope(&team, b"second", 31);
        for (prev, status) in [(sha(b"another"), 409), (sha(&first), 200)] {
            let id = begin(&reporter).await;
            let _ = put(&reporter, &id, 0, &second).await.must(204);
            let _ = commit(&reporter, &id, &second, json!({ "auth": hex(auth), "prev": prev })).await.must(status);
        }
        let dialogue = json(&reporter, "/sealed/v1/dialogue", json!({ "auth": hex(auth) })).await.must(200).json();
        assert_eq!((&dialogue["number"], &dialogue["wrapped_key"], dialogue["envelopes"].as_array().unwrap().len()), (&json!(number), &json!("00ff"), 2));
        let wrong = json(&reporter, "/sealed/v1/dialogue", json!({ "auth": hex([1; 32]) })).await.must(404);
        let _ = json(&reporter, "/sealed/v1/delete", json!({ "auth": hex(auth) })).await.must(200);
        let gone = json(&reporter, "/sealed/v1/dialogue", json!({ "auth": hex(auth) })).await.must(404);
        assert_eq!(wrong.text(), gone.text());
        let one = reporter.post("/sealed/return", &[("code", "0000-0000-0000-0000-0000-0000-0000")]).await;
        let other = reporter.post("/sealed/return", &[("code", "not a code")]).await;
        assert_eq!((one.status, one.words()), (other.status, other.words()));
        let left: Vec<(i64,)> = house.rows("select count(*) from sealed_envelopes", vec![]).await;
        assert_eq!(left, [(0,)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_opens_is_deleted_after_two_warnings_and_no_sooner() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let bytes = envelope(&team, b"unread", 95);
    report_a(&reporter, &bytes, 95).await;
    rounds(&house).await;
    let count = async |verb: &str| house.done().await.iter().filter(|done| *done == verb).count();
    for day in 0..181 {
        house.later(24 * 60);
        house.run_jobs().await;
        let warned = count("sealed.deletion_warned").await;
        assert!(count("sealed.deleted").await == 0 || day >= 178, "day {day}");
        assert!(warned <= 2 && (warned == 0 || day >= 148), "{warned} warnings on day {day}");
    }
    house.later(3 * 24 * 60);
    house.run_jobs().await;
    assert_eq!((count("sealed.deletion_warned").await, count("sealed.deleted").await), (2, 1));
    let mut all = Vec::new();
    files(&house.data().join("blobs"), &mut all);
    assert!(!all.iter().any(|path| path.is_file()), "the ciphertext is gone: {all:?}");
    let lead = house.login_as(Role::Lead).await;
    assert!(lead.get("/dialogues/S-2026-000001").await.must(200).shows("was deleted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_after_the_end_is_promised_an_answer_again() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let first = envelope(&team, b"first", 98);
    let (auth, number) = report_a(&reporter, &first, 98).await;
    rounds(&house).await;
    let analyst = house.login_as(Role::Analyst).await;
    let clocks = async || -> Vec<String> { house.rows("select state from clocks order by id", vec![]).await.into_iter().map(|(state,)| state).collect() };
    assert!(clocks().await.contains(&"running".to_owned()));
    let _ = analyst.post(&format!("/dialogues/{number}/close"), &[]).await.must(303);
    assert!(!clocks().await.contains(&"running".to_owned()));
    let (id, second) = (begin(&reporter).await, envelope(&team, b"and then", 99));
    let _ = put(&reporter, &id, 0, &second).await.must(204);
    let _ = commit(&reporter, &id, &second, json!({ "auth": hex(auth), "prev": sha(&first) })).await.must(200);
    rounds(&house).await;
    let analyst = house.login(analyst.person()).await;
    assert!(clocks().await.contains(&"running".to_owned()), "{:?}", clocks().await);
    let sealed = reply(&team, b"an answer", 100);
    let files = [("envelope", "a.pgp", "application/octet-stream", sealed.as_slice())];
    let _ = analyst.upload(&format!("/dialogues/{number}/reply"), &[("label", "amber")], &files).await.must(303);
    assert!(!clocks().await.contains(&"running".to_owned()), "posting stops the clock");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_again_is_promised_an_answer_again_and_is_seen_even_when_the_report_is_a_case_by_now() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let first = envelope(&team, b"first", 190);
        let (auth, number) = report_a(&reporter, &first, 190).await;
        rounds(&house).await;
        let me = house.login_as(Role::Analyst).await.person();
        let running = async || {
            let states: Vec<(String,)> = house.rows("select state from clocks where state = 'running'", vec![]).await;
            states.len()
        };
        let promised = running().await;
        assert!(promised > 0);
        let more = async |seed: u8, prev: &[u8]| {
            let (id, bytes) = (begin(&reporter).await, envelope(&team, b"more", seed));
            let _ = put(&reporter, &id, 0, &bytes).await.must(204);
            let _ = commit(&reporter, &id, &bytes, json!({ "auth": hex(auth), "prev": sha(prev) })).await.must(200);
            rounds(&house).await;
            bytes
        };
        let answer = async |seed: u8| {
            let (analyst, bytes) = (house.login(me).await, reply(&team, b"an answer", seed));
            let files = [("envelope", "a.pgp", "application/octet-stream", bytes.as_slice())];
            let _ = analyst.upload(&format!("/dialogues/{number}/reply"), &[("label", "amber")], &files).await.must(303);
            assert_eq!(running().await, 0, "posting stops the clock");
            bytes
        };
        let before = more(191, &first).await;
        assert_eq!(running().await, promised, "on {}: nobody waits twice at once", house.on);
        let _ = before;
        let said = answer(192).await;
        let second = more(193, &said).await;
        assert_eq!(running().await, promised, "on {}: who asks back waits again", house.on);
        let analyst = house.login(me).await;
        let fields = [("title", "Bribes"), ("text", "Bribes in 2019"), ("label", "red"), ("kind", "other")];
        let case = analyst.upload(&format!("/dialogues/{number}/unseal"), &fields, &[]).await.must(303).location().unwrap();
        assert!(analyst.get("/dialogues").await.must(200).shows(&number), "its reporter still waits");
        let said = answer(194).await;
        assert!(!house.login(me).await.get("/dialogues").await.must(200).shows(&number), "a case whose reporter has an answer is done");
        let _ = (second, more(195, &said).await);
        assert_eq!(running().await, promised, "on {}: a case's reporter waits again", house.on);
        let analyst = house.login(me).await;
        assert!(analyst.get("/dialogues").await.must(200).shows(&number), "it is among what is open");
        assert!(analyst.get(&case).await.must(200).shows(&format!("the reporter of {number} wrote again")));
        assert!(analyst.get(&case).await.text().contains(&format!("href=\"/dialogues/{number}\"")), "the case leads to the dialogue");
        // It ends once more, and stays as evidence.
        let _ = answer(196).await;
        let analyst = house.login(me).await;
        let _ = analyst.post(&format!("/dialogues/{number}/close"), &[]).await.must(303);
        assert!(analyst.get("/dialogues?done=1").await.must(200).shows(&number));
        let refused = json(&reporter, "/sealed/v1/delete", json!({ "auth": hex(auth) })).await.must(409);
        assert_eq!(refused.json()["code"], "evidence");
        house.later(400 * 24 * 60);
        house.run_jobs().await;
        assert_eq!(ends(&house).await, (0, 0), "evidence is deleted by no rule");
    }
}

/// Deletions and warnings in the journal.
async fn ends(house: &House) -> (usize, usize) {
    let done = house.done().await;
    let count = |verb: &str| done.iter().filter(|done| *done == verb).count();
    (count("sealed.deletion_warned"), count("sealed.deleted"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_closed_is_deleted_after_its_days_and_two_warnings_and_what_is_open_never() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let (_, open) = report_a(&reporter, &envelope(&team, b"open", 101), 101).await;
    let (_, closed) = report_a(&reporter, &envelope(&team, b"closed", 102), 102).await;
    rounds(&house).await;
    let analyst = house.login_as(Role::Analyst).await;
    for number in [&open, &closed] {
        let _ = analyst.post(&format!("/dialogues/{number}/envelopes/1"), &[]).await.must(200);
    }
    let _ = analyst.post(&format!("/dialogues/{closed}/close"), &[]).await.must(303);
    let sent = house.sink.mails().len();
    for day in 0..100 {
        house.later(24 * 60);
        house.run_jobs().await;
        let (warned, deleted) = ends(&house).await;
        assert!(deleted == 0 || day >= 88, "deleted on day {day}");
        assert!(warned <= 2 && (warned == 0 || day >= 58) && (warned < 2 || day >= 81), "{warned} warnings on day {day}");
    }
    assert_eq!(ends(&house).await, (2, 1));
    assert!(house.sink.mails().len() > sent, "the team was told, without a word of what");
    let lead = house.login_as(Role::Lead).await;
    assert!(lead.get(&format!("/dialogues/{closed}")).await.must(200).shows("was deleted"));
    let kept = lead.post(&format!("/dialogues/{open}/envelopes/1"), &[]).await.must(200).body;
    assert_eq!(post::openpgp::open(&kept, &[(&team.readers[0], "")], &[], house.app.now(), 1 << 20).unwrap().content, b"open");
    // By hand: who decides, and why.
    let other = house.login_as(Role::Analyst).await;
    assert_eq!(other.post(&format!("/dialogues/{open}/removal"), &[("reason", "by mistake")]).await.status, 404, "it is a lead's to decide");
    let _ = lead.post(&format!("/dialogues/{open}/removal"), &[("reason", " ")]).await.must(422);
    let _ = lead.post(&format!("/dialogues/{open}/removal"), &[("reason", "The reporter asked for it by phone")]).await.must(303);
    assert_eq!(ends(&house).await, (2, 2));
    let mut left = Vec::new();
    files(&house.data().join("blobs"), &mut left);
    assert!(!left.iter().any(|path| path.is_file()), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_sealed_is_a_case_that_says_nothing_of_it_and_the_ciphertext_stays_as_evidence() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let (auth, number) = report_a(&reporter, &envelope(&team, b"kestrel", 103), 103).await;
        rounds(&house).await;
        let analyst = house.login_as(Role::Analyst).await;
        let case = analyst.post(&format!("/dialogues/{number}/case"), &[]).await.must(303).location().unwrap();
        let page = analyst.get(&case).await.must(200);
        assert!(page.shows(&format!("Sealed report {number}")) && page.shows("Kept sealed") && !page.shows("kestrel"), "{}", page.words());
        assert_eq!(house.rows::<(i64,)>("select count(*) from reports", vec![]).await, [(0,)], "nothing came out");
        assert_eq!(house.login_as(Role::Analyst).await.get(&case).await.status, 404, "it is its owner's until somebody lets others in");
        let _ = analyst.post(&format!("/dialogues/{number}/case"), &[]).await.must(409);
        let refused = json(&reporter, "/sealed/v1/delete", json!({ "auth": hex(auth) })).await.must(409);
        assert_eq!(refused.json()["code"], "evidence");
        house.later(400 * 24 * 60);
        house.run_jobs().await;
        assert_eq!(ends(&house).await, (0, 0), "evidence is deleted by no rule");
        let analyst = house.login(analyst.person()).await;
        let kept = analyst.post(&format!("/dialogues/{number}/envelopes/1"), &[]).await.must(200).body;
        assert_eq!(post::openpgp::open(&kept, &[(&team.readers[0], "")], &[], instant(MORNING), 1 << 20).unwrap().content, b"kestrel");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unsealed_has_the_label_group_and_parts_that_were_chosen() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let (_, number) = report_a(&reporter, &envelope(&team, b"kestrel", 104), 104).await;
        rounds(&house).await;
        let (analyst, outsider, insider) = (house.login_as(Role::Analyst).await, house.login_as(Role::Analyst).await, house.person(Role::Analyst, None).await);
        let group = people::add_group(&house.app, &Who::Operator, "Integrity").await.unwrap();
        for person in [analyst.person(), insider] {
            people::set_membership(&house.app, &Who::Operator, group, person, true).await.unwrap();
        }
        let clocks = async || house.rows::<(String,)>("select promise from clocks", vec![]).await.len();
        let before = clocks().await;
        let fields = [("title", "Bribes"), ("text", "Bribes in 2019"), ("label", "amber+strict"), ("group", &group.to_string()), ("kind", "other")];
        let answer = analyst.upload(&format!("/dialogues/{number}/unseal"), &fields, &[("file", "proof.txt", "text/plain", b"in cash")]).await;
        let case = answer.must(303).location().unwrap();
        let page = house.login(insider).await.get(&case).await.must(200);
        assert!(page.shows("Bribes") && page.shows("AMBER+STRICT"), "on {}: {}", house.on, page.words());
        assert_eq!(outsider.get(&case).await.status, 404);
        // Its reporter waits in the dialogue: no second promise, and no thread that nobody reads.
        assert!(page.shows(&format!("unsealed parts of {number} into the case; its reporter is answered there")), "{}", page.words());
        assert_eq!((clocks().await, house.rows::<(String,)>("select name from parties", vec![]).await), (before, vec![]));
        let kept: Vec<(String, String)> = house.rows("select body, label from reports", vec![]).await;
        assert_eq!(kept, [("Bribes in 2019".to_owned(), "AMBER+STRICT".to_owned())]);
        assert_eq!(house.rows::<(String, i64)>("select name, size from report_files", vec![]).await, [("proof.txt".to_owned(), 7)]);
        let _ = analyst.post(&format!("/dialogues/{number}/envelopes/1"), &[]).await.must(200);
        let done = house.done().await;
        assert!(done.contains(&"sealed.unsealed".to_owned()) && done.contains(&"case.unsealed_from".to_owned()), "{done:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_deletes_nothing_that_is_evidence_or_that_nobody_was_told_of() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let (auth, number) = report_a(&reporter, &envelope(&team, b"first", 105), 105).await;
        rounds(&house).await;
        let lead = house.login_as(Role::Lead).await;
        let (id, more) = (begin(&reporter).await, envelope(&team, b"and then", 106));
        let _ = put(&reporter, &id, 0, &more).await.must(204);
        let _ = commit(&reporter, &id, &more, json!({ "auth": hex(auth) })).await.must(200);
        let path = format!("/dialogues/{number}/removal");
        assert!(lead.post(&path, &[("reason", "by mistake")]).await.must(409).shows("read that first"), "on {}", house.on);
        rounds(&house).await;
        let lead = house.login(lead.person()).await;
        assert!(lead.get(&format!("/dialogues/{number}")).await.must(200).shows("Delete for good"));
        let _ = lead.post(&format!("/dialogues/{number}/case"), &[]).await.must(303);
        assert!(lead.post(&path, &[("reason", "by mistake")]).await.must(409).shows("evidence of a case"), "on {}", house.on);
        assert!(!lead.get(&format!("/dialogues/{number}")).await.must(200).shows("Delete for good"));
        assert_eq!(house.rows::<(i64,)>("select count(*) from sealed_envelopes", vec![]).await, [(2,)]);
    }
}
