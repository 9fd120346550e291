//! What is no sealed message is refused with one plain line, and nothing good is lost.

use std::time::{Duration, Instant};

use atalaya::access::Role;
use post::child::Unopened;
use post::openpgp::Error;

use super::*;
use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reporter_encrypted_is_taken_as_a_file_or_pasted_and_nothing_else_is() {
    for house in House::both().await {
        let (team, gpg, reporter) = (team(&house).await, Gpg::new(), house.visitor());
        gpg.run(&["--import"], reporter.get("/sealed/readers/default.asc").await.must(200).text().as_bytes());
        gpg.run(&["--import"], reporter.get("/sealed/team.asc").await.must(200).text().as_bytes());
        gpg.run(&["--verify"], reporter.get("/sealed/manifest/default.json.asc").await.must(200).text().as_bytes());
        let duty = team.readers[0].certificate().fingerprint();
        let tar = pack(&[("report.txt", b"by gpg")]);
        let binary = gpg.run(&["--encrypt", "-R", &duty], &tar);
        let pasted = String::from_utf8(gpg.run(&["--encrypt", "--armor", "-r", &duty], b"pasted")).unwrap();
        let page = reporter.upload("/sealed/b", &[], &[("file", "report.pgp", "application/octet-stream", &binary)]).await.must(201);
        assert!(page.shows(&sha(&binary)));
        let receipt = page.between("id=\"receipt\" translate=\"no\">", "<");
        let _ = reporter.upload("/sealed/b", &[("message", &pasted), ("code", &receipt)], &[]).await.must(201);
        let _ = reporter.upload("/sealed/b", &[], &[("file", "report.pgp", "application/octet-stream", &binary)]).await.must(409);

        let stranger = key("Stranger", 9);
        gpg.run(&["--import"], &armored(&stranger));
        let foreign = gpg.run(&["--encrypt", "-r", &stranger.certificate().fingerprint()], b"not for you");
        gpg.run(&["--import"], team.readers[0].armored().unwrap().as_bytes());
        let signed = gpg.run(&["--sign"], b"signed only");
        let cut = &binary[..binary.len() - 7];
        let certificate = armored(&team.key);
        for (what, bytes) in [("foreign", &foreign[..]), ("signed", &signed), ("cut", cut), ("clear", b"plain words"), ("key", &certificate), ("empty", b"")] {
            let answer = reporter.upload("/sealed/b", &[], &[("file", "x.pgp", "application/octet-stream", bytes)]).await;
            assert_eq!(answer.status, 422, "{what}: {}", answer.words());
        }
        rounds(&house).await;
        let analyst = house.login_as(Role::Analyst).await;
        let out = gpg.open(&analyst.post("/dialogues/S-2026-000001/envelopes/1", &[]).await.must(200).body);
        assert_eq!(read(&unpack(&out), "report.txt"), b"by gpg");
        assert_eq!(gpg.open(&analyst.post("/dialogues/S-2026-000001/envelopes/2", &[]).await.must(200).body), b"pasted");
        let page = reporter.post("/sealed/return", &[("code", &receipt)]).await.must(200);
        assert!(page.shows("S-2026-000001"));
    }
}

/// A true head, and behind it a packet of this tag.
fn behind_head(team: &Team, tag: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = envelope(team, b"", 130);
    bytes.truncate(post::openpgp::survey(&bytes).unwrap().body_at);
    bytes.extend([0xC0 | tag, u8::try_from(body.len()).unwrap()]);
    bytes.extend(body);
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_message_gets_one_plain_line_in_the_reporters_language_and_the_good_one_is_taken() {
    let house = House::sqlite().await;
    let (team, gpg, reporter) = (team(&house).await, Gpg::new(), house.visitor().speaking("es"));
    let good = envelope(&team, b"good", 131);
    let pkesk = [&[0xC1, 12, 3][..], &[0; 8], &[18, 0, 0]].concat();
    let armor = post_armor(&good);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("literal", gpg.run(&["--store"], b"x"), "No está cifrado"),
        ("password", gpg.run(&["--pinentry-mode", "loopback", "--passphrase", "x", "--symmetric"], b"x"), "solo con una contraseña"),
        ("packets", [0xCA, 3, b'P', b'G', b'P'].repeat(1_000_000), "no es un mensaje OpenPGP"),
        ("readers", pkesk.repeat(1_000_000), "demasiados lectores"),
        ("aead", behind_head(&team, 18, &[2, 9, 99, 10, 0, 0]), "no conocemos"),
        ("version", behind_head(&team, 18, &[7, 9, 2, 10]), "no conocemos"),
        ("unprotected", behind_head(&team, 9, &[1, 2, 3]), "manera antigua"),
        ("ocb", behind_head(&team, 20, &[1, 9, 2, 10]), "OCB"),
        ("bomb", vec![0xC8, 3, 1, 0, 0], "No está cifrado"),
        ("cut", good[..good.len() - 9].to_vec(), "llegó cortado"),
        ("more", [good.as_slice(), b"more"].concat(), "Hay algo más"),
        ("armor", armor.replacen("\n\n", "\n\n!!!!", 1).into_bytes(), "está dañado"),
        ("half armor", armor.as_bytes()[..armor.len() / 2].to_vec(), "llegó cortado"),
        ("key", armored(&team.key), "no es un mensaje OpenPGP"),
        ("binary key", team.key.certificate().bytes().unwrap(), "una clave"),
    ];
    for (at, (what, bytes, words)) in (0..).zip(cases) {
        // The same, as a page with scripts would send it.
        let id = begin(&reporter).await;
        for (number, part) in bytes.chunks(PART).enumerate() {
            let _ = put(&reporter, &id, number, part).await.must(204);
        }
        let refused = commit(&reporter, &id, &bytes, json!({ "grade": "A", "lookup": sha(&[at; 32]), "wrapped_key": "00" })).await;
        assert_eq!((refused.status, &refused.json()["code"]), (400, &json!("refused")), "{what}: {}", refused.text());
        let page = reporter.upload("/sealed/b", &[], &[("file", "x.pgp", "application/octet-stream", &bytes)]).await;
        assert_eq!(page.status, 422, "{what}: {}", page.words());
        let summary = page.between("class=\"error-summary\"", "</div>");
        assert!(summary.matches("<li>").count() == 1 && summary.contains(words), "{what}: {summary}");
    }
    let _ = reporter.upload("/sealed/b", &[], &[("file", "x.pgp", "application/octet-stream", &good)]).await.must(201);
    let kept: Vec<(i64,)> = house.rows("select count(*) from sealed_envelopes", vec![]).await;
    assert_eq!(kept, [(1,)]);
    // A part that never came, one that came twice, a commit that is played again.
    let (id, good) = (begin(&reporter).await, envelope(&team, &vec![5; 2 * PART], 132));
    let parts: Vec<&[u8]> = good.chunks(PART).collect();
    let said = json!({ "grade": "A", "lookup": sha(&[200; 32]), "wrapped_key": "00" });
    let _ = put(&reporter, &id, 0, parts[0]).await.must(204);
    let _ = put(&reporter, &id, 2, parts[2]).await.must(204);
    let _ = commit(&reporter, &id, &good, said.clone()).await.must(400);
    for number in [1, 1, 0] {
        let _ = put(&reporter, &id, number, parts[number]).await.must(204);
    }
    let taken = commit(&reporter, &id, &good, said.clone()).await.must(200).json();
    assert_eq!(commit(&reporter, &id, &good, said.clone()).await.must(200).json(), taken);
    let again = begin(&reporter).await;
    for (number, part) in parts.iter().enumerate() {
        let _ = put(&reporter, &again, number, part).await.must(204);
    }
    let other = json!({ "grade": "A", "lookup": sha(&[201; 32]), "wrapped_key": "00" });
    assert_eq!(commit(&reporter, &again, &good, other).await.must(409).json()["code"], "sent-already", "a whole envelope is taken once");
    assert_eq!(commit(&reporter, &again, &good, said).await.must(200).json(), taken, "and is there, for its own receipt");
    let kept: Vec<(i64,)> = house.rows("select count(*) from sealed_envelopes", vec![]).await;
    assert_eq!(kept, [(2,)]);
    let mut all = Vec::new();
    files(&house.data().join("blobs"), &mut all);
    assert_eq!(all.iter().filter(|path| path.is_file()).count(), 2, "what was refused is gone");
}

pub fn post_armor(bytes: &[u8]) -> String {
    let lines: Vec<String> = data_encoding::BASE64.encode(bytes).as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    format!("-----BEGIN PGP MESSAGE-----\n\n{}\n-----END PGP MESSAGE-----\n", lines.join("\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bomb_is_refused_by_the_child_and_the_next_message_is_read() {
    let house = House::sqlite().await;
    let (gpg, key) = (Gpg::new(), key("Duty", 5));
    gpg.run(&["--import"], &armored(&key));
    // 2 GiB with `ATALAYA_LARGE=1`: that takes gpg a while.
    let size = if std::env::var_os("ATALAYA_LARGE").is_some() { 2048 } else { 300 };
    let zeros = Command::new("head").args(["-c", &format!("{size}M"), "/dev/zero"]).stdout(Stdio::piped()).spawn().unwrap();
    let bomb = gpg.run_from(zeros, &["--encrypt", "-r", &key.certificate().fingerprint(), "--compress-algo", "zip", "--compress-level", "9"]);
    assert!(bomb.len() < 3 << 20, "{} bytes", bomb.len());
    let mine = || vec![(key.armored().unwrap().to_string(), String::new())];
    let before = Instant::now();
    let refused = house.app.opener.apart().open(&bomb, mine(), vec![], house.app.now(), 64 << 20).await.unwrap_err();
    assert!(matches!(refused, Unopened::Wrong(Error::TooLarge(_)) | Unopened::TooSlow(_) | Unopened::Killed), "{refused}");
    assert!(before.elapsed() < Duration::from_secs(60));
    let fine = gpg.run(&["--encrypt", "-r", &key.certificate().fingerprint()], b"fine");
    assert_eq!(house.app.opener.apart().open(&fine, mine(), vec![], house.app.now(), 64 << 20).await.unwrap().content, b"fine");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_takes_nothing_away_that_was_good() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let good = envelope(&team, b"good", 180);
        let (auth, number) = report_a(&reporter, &good, 180).await;
        let there = async || json(&reporter, "/sealed/v1/envelope", json!({ "auth": hex(auth), "place": 1 })).await.must(200).body == good;
        // The same bytes once more, under a wrong check sum, as another report, and as another message of this one.
        for (sum, said, answered) in [
            (sha(b"another"), json!({ "grade": "A", "lookup": sha(&[181; 32]), "wrapped_key": "00" }), 400),
            (sha(&good), json!({ "grade": "A", "lookup": sha(&[181; 32]), "wrapped_key": "00" }), 409),
            // It is there already.
            (sha(&good), json!({ "auth": hex(auth), "prev": sha(b"another") }), 200),
        ] {
            let id = begin(&reporter).await;
            let _ = put(&reporter, &id, 0, &good).await.must(204);
            let mut said = said;
            said["sha256"] = json!(sum);
            let _ = commit(&reporter, &id, &good, said).await.must(answered);
            assert!(there().await, "on {}: the good one is gone", house.on);
        }
        // Another report with the secret of this one: it is refused, and its own bytes go.
        let (id, other) = (begin(&reporter).await, envelope(&team, b"other", 182));
        let _ = put(&reporter, &id, 0, &other).await.must(204);
        let _ = commit(&reporter, &id, &other, json!({ "grade": "A", "lookup": sha(&auth), "wrapped_key": "00" })).await.must(409);
        assert!(there().await);
        rounds(&house).await;
        let analyst = house.login_as(Role::Analyst).await;
        // A reader who takes the wrong file for the answer.
        let files = [("envelope", "a.pgp", "application/octet-stream", good.as_slice())];
        let _ = analyst.upload(&format!("/dialogues/{number}/reply"), &[("label", "amber")], &files).await.must(422);
        assert!(there().await);
        let mut all = Vec::new();
        files_of(&house, &mut all);
        assert_eq!(all.len(), 1, "{all:?}");
    }
}

fn files_of(house: &House, into: &mut Vec<std::path::PathBuf>) {
    files(&house.data().join("blobs"), into);
    into.retain(|path| path.is_file());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_commits_uploads_that_were_never_begun_keeps_nobody_from_beginning_one() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let bytes = envelope(&team, b"good", 183);
    for number in 0..210 {
        let said = json!({ "grade": "A", "lookup": sha(&[183; 32]), "wrapped_key": "00" });
        let _ = commit(&reporter, &format!("{number:032x}"), &bytes, said).await.must(410);
    }
    let _ = report_a(&reporter, &bytes, 183).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_noted_before_anything_is_sent_and_what_is_sent_again_gets_the_same_answer() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let noted = async |path: &str| reporter.get(path).await.must(200).between("id=\"receipt\" translate=\"no\">", "<");
        let bytes = envelope(&team, b"once", 184);
        let receipt = noted("/sealed/b/message").await;
        let send = async |bytes: &[u8]| reporter.upload("/sealed/b", &[("receipt", &receipt)], &[("file", "x.pgp", "application/octet-stream", bytes)]).await;
        let (one, two) = (send(&bytes).await.must(201), send(&bytes).await.must(201));
        assert!(one.shows(&receipt) && one.shows(&sha(&bytes)));
        assert_eq!(one.text(), two.text(), "on {}: the same is there, and says so", house.on);
        let other = send(&envelope(&team, b"another", 185)).await.must(409);
        assert!(other.shows("A report with this receipt is here already") && other.shows(&receipt), "{}", other.words());
        let _ = reporter.upload("/sealed/b", &[("receipt", "not one")], &[("file", "x.pgp", "application/octet-stream", &bytes)]).await.must(422);
        assert!(reporter.post("/sealed/return", &[("code", &receipt)]).await.must(200).shows("S-2026-000001"));
        // Sealed here, where nobody can compare: what is there is there once.
        let receipt = noted("/sealed/c/message").await;
        let send = async || reporter.upload("/sealed/c", &[("receipt", &receipt), ("text", "by the server")], &[]).await;
        assert!(send().await.must(201).shows(&receipt));
        assert!(send().await.must(409).shows("A report with this receipt is here already"));
        assert!(reporter.post("/sealed/return", &[("code", &receipt)]).await.must(200).shows("S-2026-000002"));
        assert_eq!(house.rows::<(i64,)>("select count(*) from sealed_envelopes", vec![]).await, [(2,)]);
        assert_ne!(noted("/sealed/b/message").await, noted("/sealed/b/message").await);
    }
}
