//! What the form seals opens everywhere byte for byte, what anybody of the team answers with is read in
//! the form; and what a dishonest server puts in or leaves out shows.

use std::process::Command;

use atalaya::access::{Role, Who};
use atalaya::sealed::keys::{self as verbs, NewReader};
use atalaya::sealed::manifest;
use post::openpgp::{Certificate, Sealing, open, seal};
use serde_json::{Value as Json, json};

use super::browser::{choose_file, come_with, on_the_day, report, step, text, to_send, wait};
use super::*;
use crate::browser::Walk;
use crate::house::{Browser, House};

/// A reader's key, locked as at home.
const PHRASE: &str = "correct horse";

/// Runs sq; what it wrote.
fn sq(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    piped(Command::new("sq").args(arguments), input)
}

/// What gpg, sq and we ourselves find in an envelope; it has to be the same.
fn everywhere(sealed: &[u8], reader: &SecretKey, house: &House) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.asc");
    std::fs::write(&key, reader.armored().unwrap()).unwrap();
    let (gpg, key) = (Gpg::new(), key.display().to_string());
    gpg.run(&["--import"], reader.armored().unwrap().as_bytes());
    let ours = open(sealed, &[(reader, "")], &[], house.app.now(), 1 << 30).unwrap().content;
    assert!(gpg.open(sealed) == ours, "gpg reads something else than we do");
    assert!(sq(&["decrypt", "--recipient-key", &key], sealed) == ours, "sq reads something else than we do");
    unpack(&ours)
}

async fn envelope_of(analyst: &Browser, number: &str, place: u32) -> Vec<u8> {
    analyst.post(&format!("/dialogues/{number}/envelopes/{place}"), &[]).await.must(200).body
}

async fn post(analyst: &Browser, number: &str, sealed: &[u8]) {
    let files = [("envelope", "a.pgp", "application/octet-stream", sealed)];
    let _ = analyst.upload(&format!("/dialogues/{number}/reply"), &[("label", "amber")], &files).await.must(303);
}

/// A house to which somebody reported in a browser, and a reader of the team who took the message out.
pub(super) struct Begun {
    pub house: House,
    pub team: Team,
    pub walk: Walk,
    pub receipt: String,
    pub analyst: Browser,
    pub first: Vec<u8>,
}

/// The number of that report.
pub(super) const NUMBER: &str = "S-2026-000001";

pub(super) async fn begun() -> Begun {
    let house = House::sqlite().await;
    let team = team(&house).await;
    let mut walk = Walk::begin(&house).await;
    on_the_day(&mut walk, &house).await;
    let receipt = report(&mut walk).await;
    rounds(&house).await;
    let analyst = house.login_as(Role::Analyst).await;
    let first = envelope_of(&analyst, NUMBER, 1).await;
    Begun { house, team, walk, receipt, analyst, first }
}

/// Nothing went wrong in the browser: these addresses answer with another status by design (work is asked for
/// before an upload, a receipt that leads nowhere), and browsers log that.
pub(super) fn end(mut walk: Walk, by_design: &[&str]) {
    walk.browser.complaints.retain(|line| !by_design.iter().any(|last| line.ends_with(&format!("/sealed/v1/{last}\""))));
    walk.end();
}

/// A tar as an answer has it, after the envelope of this hash.
fn words(text: &str, prev: &str) -> Vec<u8> {
    let cover = json!({ "schema": "atalaya-sealed-1", "prev": prev, "files": [{ "name": "files/001", "original": "advice.txt", "size": 7, "sha256": sha(b"do this") }] });
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("files")).unwrap();
    for (name, bytes) in [("manifest.json", cover.to_string().as_bytes()), ("report.json", b"{}"), ("report.txt", text.as_bytes()), ("files/001", b"do this")] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    piped(Command::new("tar").args(["--format=ustar", "-cf", "-", "manifest.json", "report.json", "report.txt", "files/001"]).current_dir(folder.path()), b"")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_form_seals_opens_in_gpg_sq_and_here_and_their_answers_are_read_in_the_form() {
    let Begun { house, team, mut walk, receipt, analyst, first } = begun().await;
    let number = NUMBER;
    let mut reply = None;
    for reader in &team.readers {
        let opened = everywhere(&first, reader, &house);
        assert!(String::from_utf8(read(&opened, "report.txt")).unwrap().contains("The director takes bribes."));
        assert_eq!(read(&opened, "files/001"), vec![b'x'; 1_500_000]);
        let cover: Json = serde_json::from_slice(&read(&opened, "manifest.json")).unwrap();
        assert_eq!((&cover["files"][0]["sha256"], &cover["grade"]), (&json!(sha(&vec![b'x'; 1_500_000])), &json!("A")));
        reply = cover["reply_certificate"].as_str().map(str::to_owned);
    }
    let reply = reply.unwrap();
    let reporter = Certificate::read_one(reply.as_bytes()).unwrap();

    // With gpg: signed by the second reader, to the reporter and all readers, none of them named.
    let gpg = Gpg::new();
    for key in [team.readers[1].armored().unwrap().into_bytes(), armored(&team.readers[0]), armored(&team.readers[2]), reply.clone().into_bytes()] {
        gpg.run(&["--import"], &key);
    }
    let to: Vec<String> = team.readers.iter().map(|key| key.certificate().fingerprint()).chain([reporter.fingerprint()]).collect();
    let mut arguments = vec!["--sign", "--encrypt", "-u", &to[1]];
    to.iter().for_each(|one| arguments.extend(["-R", one]));
    let by_gpg = gpg.run(&arguments, &words("Written with gpg.", &sha(&first)));
    post(&analyst, number, &by_gpg).await;
    // With sq.
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name).display().to_string()
    };
    let ring: String = certificates(&team).iter().chain([&reporter]).map(|cert| cert.armored().unwrap()).collect();
    let (ring, signer) = (file("ring.asc", &ring), file("signer.asc", &team.readers[0].armored().unwrap()));
    let made = house.app.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let by_sq = sq(&["encrypt", "--binary", "-t", &made, "--recipient-cert", &ring, "--signer-key", &signer], &words("Written with sq.", &sha(&by_gpg)));
    post(&analyst, number, &by_sq).await;
    // Without a program of their own: here.
    let (mut by_us, mut to) = (Vec::new(), certificates(&team));
    to.push(reporter.clone());
    let sealing = Sealing { to: &to, hidden: true, by: Some((&team.readers[2], "")), at: house.app.now() };
    seal(words("Written here.", &sha(&by_sq)).as_slice(), &sealing, [9; 32], &mut by_us).unwrap();
    post(&analyst, number, &by_us).await;

    on_the_day(&mut walk, &house).await;
    come_with(&mut walk, &receipt).await;
    for (place, by, signer) in [(2, "Written with gpg.", "Duty 2"), (3, "Written with sq.", "Duty 1"), (4, "Written here.", "Recovery")] {
        let message = text(&mut walk, &format!(".message:nth-child({place})")).await;
        assert!(
            message.contains(by) && message.contains(&format!("{signer} <")) && message.contains("signature checked") && message.contains("advice.txt"),
            "{message}"
        );
    }
    assert_eq!(walk.browser.evaluate("document.querySelector('[data-chain]').hidden").await, json!(true), "the chain holds");
    end(walk, &["uploads"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_answers_wraps_and_unseals_in_the_browser_and_what_a_server_adds_or_hides_shows() {
    let Begun { house, team, mut walk, receipt, analyst, first } = begun().await;
    let number = NUMBER;
    let folder = tempfile::tempdir().unwrap();
    let (own, advice) = (folder.path().join("own.asc"), folder.path().join("advice.txt"));
    std::fs::write(&own, locked("Duty 2", 3, PHRASE).armored().unwrap()).unwrap();
    std::fs::write(&advice, "do this").unwrap();

    // Until the team was told, hours went by.
    on_the_day(&mut walk, &house).await;
    walk.become_person(&analyst.cookie("session").unwrap()).await;
    walk.go(&format!("/dialogues/{number}")).await;
    step(&mut walk, "unlock").await;
    choose_file(&mut walk, "[data-own-key]", &own).await;
    walk.browser.write("[data-passphrase]", "wrong").await;
    walk.browser.press("[data-unlock]").await;
    wait(&mut walk, "#sealed-desk > [data-problem]").await;
    walk.must_show("The passphrase does not open this key.").await;
    walk.browser.write("[data-passphrase]", PHRASE).await;
    walk.browser.press("[data-unlock]").await;
    step(&mut walk, "talk").await;
    let clocks = async || -> Vec<String> { house.rows("select state from clocks order by id", vec![]).await.into_iter().map(|(state,)| state).collect() };
    assert!(clocks().await.contains(&"running".to_owned()));
    walk.browser.write("#sealed-reply", "Thank you. Which year?").await;
    choose_file(&mut walk, "#sealed-files", &advice).await;
    walk.browser.press("[data-reply-form] [data-reply]").await;
    wait(&mut walk, ".message.ours").await;
    assert!(!clocks().await.contains(&"running".to_owned()), "what is posted stops the clock, read or not");
    let second = envelope_of(&analyst, number, 2).await;
    let opened = open(&second, &[(&team.readers[0], "")], &certificates(&team), house.app.now(), 1 << 30).unwrap();
    assert!(opened.verdicts[0].good && opened.verdicts[0].by == Some(team.readers[1].certificate().fingerprint()), "{:?}", opened.verdicts);

    // A reader comes: the old report opens for them without being encrypted anew.
    let new = key("Duty 3", 51);
    let reader = NewReader { certificate: armored(&new), intake: "default".into(), name: String::new(), person: None, recovery: false };
    verbs::add_reader(&house.app, &Who::Operator, reader).await.unwrap();
    manifest::sign(&house.app, &Who::Operator, "default", 90, &team.key, "").await.unwrap();
    walk.browser.press("[data-rewrap]").await;
    wait(&mut walk, "[data-fill=rewrapped]:not(:empty)").await;
    assert!(text(&mut walk, "[data-fill=rewrapped]").await.contains("Wrapped again: 2."));
    let rewrapped = envelope_of(&analyst, number, 1).await;
    assert_eq!(read(&everywhere(&rewrapped, &new, &house), "files/001"), vec![b'x'; 1_500_000]);
    assert!(rewrapped.ends_with(&first[first.len() - 1_000_000..]), "the body stays as it came");
    let ours = envelope_of(&analyst, number, 2).await;
    assert_eq!(read(&everywhere(&ours, &new, &house), "files/001"), b"do this", "and what we said before");
    assert!(ours.ends_with(&second[second.len() - 60_000..]) && ours != second);

    // Only what is ticked leaves the page.
    walk.browser.press("[data-unseal-text]").await;
    walk.browser.press("[data-messages] .message.theirs [data-part]").await;
    walk.browser.follow("[data-unseal]").await;
    walk.must_show("Sealed report S-2026-000001").await;
    let kept: Vec<(String, String, String)> = house.rows("select body, label, channel from reports", vec![]).await;
    assert_eq!(kept, [(String::new(), "RED".to_owned(), "sealed".to_owned())]);
    let files: Vec<(i64,)> = house.rows("select size from report_files", vec![]).await;
    assert_eq!(files, [(1_500_000,)]);
    // The page's live line would be asked for by somebody who is nobody any more.
    walk.browser.go("about:blank").await;
    walk.browser.forget().await;

    // What the team took over as evidence can be deleted by its reporter no more: the page says so.
    come_with(&mut walk, &receipt).await;
    walk.browser.press("[data-step=talk] details summary").await;
    walk.browser.press("[data-delete]").await;
    wait(&mut walk, "#sealed-return > [data-problem]").await;
    walk.must_show("has taken this report over as evidence").await;

    // A server that seals its own words for the reporter: nobody of the team signed them.
    let cover: Json = serde_json::from_slice(&read(&everywhere(&first, &team.readers[0], &house), "manifest.json")).unwrap();
    let reporter = Certificate::read_one(cover["reply_certificate"].as_str().unwrap().as_bytes()).unwrap();
    let (mut forged, evil) = (Vec::new(), key("Duty 1", 77));
    let to: Vec<Certificate> = certificates(&team).into_iter().chain([reporter.clone()]).collect();
    let sealing = Sealing { to: &to, hidden: true, by: Some((&evil, "")), at: house.app.now() };
    seal(words("Please tell us your name.", &sha(&second)).as_slice(), &sealing, [8; 32], &mut forged).unwrap();
    post(&analyst, number, &forged).await;
    come_with(&mut walk, &receipt).await;
    walk.must_show("Which year?").await;
    walk.must_show("Nobody of the team has signed this").await;
    assert!(!walk.browser.words().await.contains("tell us your name"));
    walk.look("sealed-return-forged", true).await;
    let answer = folder.path().join("more.txt");
    std::fs::write(&answer, "more").unwrap();
    walk.browser.write("#sealed-answer", "In 2019.").await;
    choose_file(&mut walk, "#sealed-files", &answer).await;
    walk.browser.press("[data-step=talk] [data-reply]").await;
    wait(&mut walk, ".message:nth-child(4)").await;
    rounds(&house).await;
    let analyst = house.login(analyst.person()).await;
    let fourth = envelope_of(&analyst, number, 4).await;
    let opened = open(&fourth, &[(&new, "")], &[reporter], house.app.now(), 1 << 30).unwrap();
    assert!(opened.verdicts[0].good, "the reporter's own key signs: {:?}", opened.verdicts);
    let opened = unpack(&opened.content);
    let cover: Json = serde_json::from_slice(&read(&opened, "manifest.json")).unwrap();
    assert_eq!((read(&opened, "files/001"), &cover["prev"]), (b"more".to_vec(), &json!(sha(&forged))));

    on_the_day(&mut walk, &house).await;
    // One message is hidden: the next one does not follow on the one that is shown before it.
    house.rows::<(i64,)>("select count(*) from sealed_envelopes", vec![]).await;
    crate::verify::tamper(&house.data(), "delete from sealed_envelopes where place = 2;");
    come_with(&mut walk, &receipt).await;
    wait(&mut walk, "[data-chain]").await;
    walk.must_show("Before message 3, a message is missing.").await;
    end(walk, &["uploads", "delete"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reporter_deletes_everything_in_the_browser_and_the_receipt_leads_nowhere() {
    let house = House::sqlite().await;
    team(&house).await;
    let mut walk = Walk::begin(&house).await;
    on_the_day(&mut walk, &house).await;
    let receipt = report(&mut walk).await;
    come_with(&mut walk, &receipt).await;
    walk.browser.press("[data-step=talk] details summary").await;
    walk.browser.press("[data-delete]").await;
    step(&mut walk, "deleted").await;
    walk.look("sealed-return-deleted", true).await;
    let mut left = Vec::new();
    files(&house.data().join("blobs"), &mut left);
    assert!(!left.iter().any(|path| path.is_file()), "{left:?}");
    walk.go("/sealed/return").await;
    step(&mut walk, "enter").await;
    // The last letter checks the others.
    let wrong = format!("{}{}", &receipt[..receipt.len() - 1], if receipt.ends_with('7') { '8' } else { '7' });
    for (typed, words) in [(&receipt, "There is no report with this receipt"), (&wrong, "A letter or digit of the receipt is wrong")] {
        walk.browser.write("[data-code]", typed).await;
        walk.browser.press("[data-enter]").await;
        wait(&mut walk, "#sealed-return > [data-problem]").await;
        walk.must_show(words).await;
    }
    walk.look("sealed-return-wrong", true).await;
    end(walk, &["uploads", "dialogue"]);
}

/// 2 GiB from Chromium to gpg: only with `ATALAYA_LARGE=1`, since it takes minutes.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_as_large_as_the_form_takes_is_sealed_in_the_browser_and_opens_in_gpg() {
    if std::env::var_os("ATALAYA_LARGE").is_none() {
        return;
    }
    let house = House::sqlite().await;
    let team = team(&house).await;
    let mut walk = Walk::begin(&house).await;
    on_the_day(&mut walk, &house).await;
    let folder = tempfile::tempdir().unwrap();
    let proof = folder.path().join("proof.bin");
    let made = "head -c 2147483648 /dev/zero | openssl enc -aes-128-ctr -nosalt -K 00112233445566778899aabbccddeeff -iv 00 > proof.bin && sha256sum proof.bin";
    let run = |script: &str| String::from_utf8(piped(Command::new("sh").args(["-c", script]).current_dir(folder.path()), b"")).unwrap();
    let sum = run(made);
    walk.go("/sealed").await;
    step(&mut walk, "tell").await;
    walk.browser.write("#sealed-text", "The director takes bribes.").await;
    walk.browser.press("[data-step=tell] [data-to=files]").await;
    step(&mut walk, "files").await;
    choose_file(&mut walk, "#sealed-files", &proof).await;
    to_send(&mut walk).await;
    let began = std::time::Instant::now();
    walk.browser.press("[data-send]").await;
    let over = "new Promise(done => { const at = Date.now(), look = () => { const e = document.querySelector('[data-step=sending]');
        if (e.hidden || Date.now() - at > 30000) done(e.hidden); else setTimeout(look, 100) }; look() })";
    while walk.browser.evaluate(over).await == json!(false) {}
    step(&mut walk, "done").await;
    std::fs::remove_file(&proof).unwrap();
    println!("2 GiB sealed and sent by Chromium in {:.0} s", began.elapsed().as_secs_f64());
    rounds(&house).await;
    let analyst = house.login_as(Role::Analyst).await;
    // Not through this test's memory.
    let (session, address) = (analyst.cookie("session").unwrap(), house.address);
    run(&format!(
        "curl -sS --fail --data '' -H 'sec-fetch-site: same-origin' -b 'session={session}' -o sealed.pgp http://{address}/dialogues/S-2026-000001/envelopes/1"
    ));
    assert!(std::fs::metadata(folder.path().join("sealed.pgp")).unwrap().len() > 2 << 30);
    std::fs::write(folder.path().join("key.asc"), team.readers[0].armored().unwrap()).unwrap();
    let opened = run(
        "mkdir -m 700 home && gpg --homedir home --batch --quiet --import key.asc && gpg --homedir home --batch --quiet -d sealed.pgp 2>/dev/null | tar -xO files/001 | sha256sum; gpgconf --homedir home --kill all",
    );
    assert_eq!(opened.split(' ').next(), sum.split(' ').next());
}
