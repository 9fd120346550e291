//! Mail that goes out signed, encrypted or both: checked with gpg, and stopped where a key is missing.

use atalaya::access::{Role, Who};
use atalaya::cases::messages::{self, Draft, DraftFile};
use atalaya::keys::{Protect, directory};
use atalaya::release::Channel;
use atalaya::reports::NewFile;
use formats::label::Tlp;
use store::{Id, args};

use crate::house::{Gpg, House, Mail};
use crate::messages::{Story, story, words};
use crate::openpgp::{keep, mail_key, sq};

const VODALINK: &str = "abuse@vodalink.example";

async fn sent(house: &House, party: Id) -> i64 {
    house.rows::<(i64,)>("select count(*) from messages where party_id = $1 and direction = 'out'", args![party]).await[0].0
}

async fn release(house: &House, story: &Story, draft: Draft) -> Result<Mail, String> {
    let draft = Draft { base: sent(house, story.vodalink).await, ..draft };
    messages::release(&house.app, &story.who, story.vodalink, &draft, None).await.map_err(|error| error.to_string())?;
    house.run_jobs().await;
    house.later(1);
    Ok(house.sink.to(VODALINK).pop().unwrap())
}

async fn known(house: &House, gpg: &Gpg, verified: bool) -> String {
    let print = gpg.fingerprint(VODALINK);
    directory::take(&house.app, &Who::Operator, &gpg.export(VODALINK), VODALINK, directory::Source::Upload).await.unwrap();
    if verified {
        directory::verify(&house.app, &Who::Operator, &print, VODALINK, "on paper").await.unwrap();
    }
    print
}

async fn may_get_red(house: &House, story: &Story) {
    let changes = atalaya::cases::parties::Changes {
        name: "Vodalink Lesotho".into(),
        alias: String::new(),
        role: "source".into(),
        mail: Some(VODALINK.into()),
        phone: String::new(),
        language: "en".into(),
        reach: "mail".into(),
        ceiling: Tlp::Red,
        checked: true,
    };
    crate::messages::change_party(house, &story.who, story.vodalink, changes).await.unwrap();
}

/// The part of a mail between two boundaries, as it was signed.
fn parts(mail: &Mail) -> Vec<String> {
    let text = mail.text();
    let mark = text.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let body = text.split_once("\r\n\r\n").unwrap().1.to_owned();
    body.split(&format!("--{mark}")).skip(1).map(|part| part.strip_prefix("\r\n").unwrap_or(part).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_sign_and_encrypt_gpg_and_sq_open_and_nobody_else_is_named_in_it() {
    let binary: Vec<u8> = (0..70_000_u32).map(|n| (n * 7 % 253) as u8).collect();
    for house in House::both().await {
        let ours = mail_key(&house).await;
        let story = story(&house).await;
        let gpg = Gpg::of(&format!("Vodalink <{VODALINK}>"));
        gpg.must(&["--import"], ours.certificate().armored().unwrap().as_bytes());
        let print = known(&house, &gpg, true).await;
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: &[u8]| {
            std::fs::write(folder.path().join(name), bytes).unwrap();
            folder.path().join(name).display().to_string()
        };
        // sq checks signatures by this machine's clock alone, and takes none from the future.
        let checks = store::Clock::System.now() > house.app.now();
        let theirs = file("theirs.asc", &gpg.must(&["--armor", "--export-secret-keys", VODALINK], b""));
        let certificate = file("ours.asc", ours.certificate().armored().unwrap().as_bytes());
        for choice in ["sign", "encrypt", "both", "clear"] {
            for (name, content) in [("", &b""[..]), ("list.csv", b"a,b\r\n1,2\r\n"), ("dump.bin", &binary)] {
                let mut files: Vec<DraftFile> = Vec::new();
                if !name.is_empty() {
                    let kept = house.app.blobs.seal(content).unwrap();
                    files = messages::keep_files(&house.app, vec![NewFile { name: name.into(), media_type: "application/octet-stream".into(), kept }])
                        .await
                        .unwrap();
                }
                let body = format!("Please look at 203.0.113.7. Ñandú, {choice}, {name}.");
                // What a person cannot read for names is told with a reason.
                let draft = Draft { protect: choice.into(), subject: "The quiet subject".into(), files, told: "looked into it".into(), ..words(&body, 0) };
                let mail = release(&house, &story, draft).await.unwrap();
                let outside = mail.header("subject").unwrap();
                let entity = match choice {
                    "sign" => {
                        let parts = parts(&mail);
                        let signed = parts[0].strip_suffix("\r\n").unwrap();
                        let signature = file("signature.asc", parts[1].split_once("\r\n\r\n").unwrap().1.as_bytes());
                        let (good, _, said) = gpg.run(&["--verify", &signature, "-"], signed.as_bytes());
                        assert!(good && said.contains("GOODSIG"), "{said}");
                        if checks {
                            sq(&["verify", "--detached", &signature, "--signer-cert", &certificate], signed.as_bytes());
                        }
                        mail.raw.clone()
                    }
                    "clear" => mail.raw.clone(),
                    _ => {
                        let armored = parts(&mail)[1].split_once("\r\n\r\n").unwrap().1.to_owned();
                        let (good, opened, said) = gpg.run(&["--decrypt"], armored.as_bytes());
                        assert!(good, "{said}");
                        assert_eq!(said.contains("GOODSIG"), choice == "both", "{said}");
                        let mut arguments = vec!["decrypt", "--recipient-key", &theirs];
                        if choice == "both" && checks {
                            // Nothing comes out unless this one has signed.
                            arguments.extend(["-n", "1", "--signer-cert", &certificate]);
                        }
                        assert!(sq(&arguments, armored.as_bytes()) == opened, "sq reads something else than gpg");
                        let listed = String::from_utf8(gpg.must(&["--list-packets"], armored.as_bytes())).unwrap();
                        assert_eq!(listed.matches(":pubkey enc packet:").count(), 1, "{listed}");
                        assert!(!mail.text().contains("quiet") && outside.starts_with("[MLT-2026-000001]"), "{outside}");
                        opened
                    }
                };
                let letter = post::letter::read(&entity, &post::letter::Limits::default());
                assert!(letter.text.contains(&body), "{choice} {name}: {}", letter.text);
                let carried = letter.attachments.iter().find(|file| file.name == name);
                assert_eq!(carried.map(|file| file.content.as_slice()), (!name.is_empty()).then_some(content), "{choice} {name}");
                assert!(mail.header("autocrypt").unwrap().starts_with("addr=report@csirt.maluti.example; keydata="));
                if choice != "encrypt" && choice != "both" {
                    assert!(outside.contains("quiet"), "{outside}");
                }
                let (channel, protection): (String, String) =
                    house.rows("select channel, protection from ledger where noun = 'message' order by at desc, id desc limit 1", vec![]).await.remove(0);
                assert_eq!(channel, if ["encrypt", "both"].contains(&choice) { Channel::MailEncrypted.name() } else { "mail" });
                assert_eq!(protection.contains(&format!("encrypted to {print}")), ["encrypt", "both"].contains(&choice), "{protection}");
                assert_eq!(
                    protection.contains(&format!("signed with {}", ours.certificate().fingerprint())),
                    ["sign", "both"].contains(&choice),
                    "{protection}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correspondent_s_key_is_taken_apart_in_a_child_alone_and_without_one_nothing_leaves() {
    let house = House::sqlite().await;
    mail_key(&house).await;
    let story = story(&house).await;
    let gpg = Gpg::of(&format!("Vodalink <{VODALINK}>"));
    known(&house, &gpg, true).await;
    let draft = || Draft { protect: "both".into(), subject: "The quiet subject".into(), told: "looked into it".into(), ..words("Please look.", 0) };
    // Children that break at once: what was planned before is stopped where it would be used, too.
    let broken = house.with_children("/bin/false").await;
    let said = messages::release(&broken, &story.who, story.vodalink, &draft(), None).await.unwrap_err().to_string();
    assert!(said.contains("its reader took too much memory or computing, or broke on it") && !said.contains('\n'), "{said}");
    let how = Protect { sign: None, to: Some((String::new(), String::from_utf8(gpg.export(VODALINK)).unwrap())) };
    let mail = b"From: a@example.org\r\nSubject: x\r\nContent-Type: text/plain\r\n\r\nwords\r\n".to_vec();
    let sealed = broken.db.change("operator", async |tx| atalaya::keys::protect::seal(tx, &broken, mail.clone(), &how, "...").await).await;
    assert!(sealed.unwrap_err().to_string().starts_with("Nothing left the house: it could not be read"));
    assert_eq!(sent(&house, story.vodalink).await, 0);
    assert!(release(&house, &story, draft()).await.unwrap().text().contains("-----BEGIN PGP MESSAGE-----"));
}

#[tokio::test(flavor = "multi_thread")]
async fn red_never_leaves_in_clear_and_a_missing_expired_or_unlooked_at_key_stops_it_before() {
    for house in House::both().await {
        mail_key(&house).await;
        let story = story(&house).await;
        may_get_red(&house, &story).await;
        house.run_jobs().await;
        let red = |protect: &str| Draft { label: Some(Tlp::Red), protect: protect.into(), ..words("For your eyes.", 0) };
        let here = format!("/cases/{}/parties/{}", story.case.number, story.vodalink);
        for protect in ["clear", "sign"] {
            let says = release(&house, &story, red(protect)).await.unwrap_err();
            assert!(says.contains("TLP:RED never leaves unencrypted by mail"), "{says}");
        }
        for protect in ["", "both", "encrypt"] {
            let says = release(&house, &story, red(protect)).await.unwrap_err();
            assert!(says.contains(&format!("No OpenPGP key of {VODALINK} is known")), "{says}");
        }
        // The page says so before anything is pressed.
        messages::save_draft(&house.app, &story.who, story.vodalink, &red(""), None, &messages::Moving::default()).await.unwrap();
        let page = story.browser.get(&format!("{here}/message")).await.must(200);
        assert!(page.shows(&format!("No OpenPGP key of {VODALINK} is known")) && !page.text().contains("Release to Vodalink"), "{}", page.words());
        // A key that came by itself: its fingerprint has to be compared first.
        let gpg = Gpg::of(&format!("Vodalink <{VODALINK}>"));
        let field = data_encoding::BASE64.encode(&gpg.must(&["--export", VODALINK], b""));
        let raw = format!(
            "From: {VODALINK}\r\nTo: report@csirt.maluti.example\r\nSubject: hello\r\nMessage-ID: <k@vodalink.example>\r\nAutocrypt: addr={VODALINK}; keydata={field}\r\n\r\nHello\r\n"
        );
        keep(&house, VODALINK, raw.as_bytes()).await;
        house.run_jobs().await;
        let says = release(&house, &story, red("")).await.unwrap_err();
        assert!(says.contains("nobody has compared its fingerprint"), "{says}");
        // Verified it goes; the page says who reads what.
        let print = gpg.fingerprint(VODALINK);
        directory::verify(&house.app, &Who::Operator, &print, VODALINK, "by phone").await.unwrap();
        let page = story.browser.get(&format!("{here}/message")).await.must(200);
        assert!(page.shows("Encrypted: text, subject and files can be read by the holder of the key"), "{}", page.words());
        let mail = release(&house, &story, red("")).await.unwrap();
        assert!(mail.text().contains("multipart/encrypted") && !mail.text().contains("your eyes"));
        // What is encrypted once may not fall back in silence when the key ends.
        house.set_clock("2028-12-01T10:00:00+02:00");
        let says = release(&house, &story, words("Later words.", 0)).await.unwrap_err();
        assert!(says.contains("expired on"), "{says}");
        let mail = release(&house, &story, Draft { protect: "clear".into(), ..words("In clear, as chosen.", 0) }).await.unwrap();
        assert!(mail.text().contains("In clear"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_encrypted_is_answered_encrypted_and_finds_its_thread_by_the_subject_inside() {
    for house in House::both().await {
        let ours = mail_key(&house).await;
        let story = story(&house).await;
        let gpg = Gpg::of(&format!("Vodalink <{VODALINK}>"));
        gpg.must(&["--import"], ours.certificate().armored().unwrap().as_bytes());
        let entity = format!("Content-Type: text/plain; protected-headers=\"v1\"\r\nSubject: Re: [{}] floods\r\n\r\nWe look into it.\r\n", story.case.number);
        let sealed = gpg.must(&["--armor", "-u", VODALINK, "-r", "report@csirt.maluti.example", "--sign", "--encrypt"], entity.as_bytes());
        let key = data_encoding::BASE64.encode(&gpg.must(&["--export", VODALINK], b""));
        let raw = format!(
            "From: {VODALINK}\r\nTo: report@csirt.maluti.example\r\nSubject: ...\r\nMessage-ID: <e@vodalink.example>\r\nAutocrypt: addr={VODALINK}; keydata={key}\r\n\
             Authentication-Results: mx.csirt.maluti.example; dmarc=pass\r\nMIME-Version: 1.0\r\nContent-Type: multipart/encrypted; boundary=b; \
             protocol=\"application/pgp-encrypted\"\r\n\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n{}\r\n--b--\r\n",
            crate::openpgp::crlf(&sealed)
        );
        keep(&house, VODALINK, raw.as_bytes()).await;
        house.run_jobs().await;
        let thread = story.browser.get(&format!("/cases/{}/parties/{}", story.case.number, story.vodalink)).await.must(200);
        assert!(
            thread.shows("We look into it.") && thread.shows("was encrypted to us") && thread.shows("an unverified key"),
            "on {}: {}",
            house.on,
            thread.words()
        );
        let mail = release(&house, &story, words("Thank you.", 0)).await.unwrap();
        assert!(mail.text().contains("multipart/encrypted"), "{}", mail.text());
        let armored = parts(&mail)[1].split_once("\r\n\r\n").unwrap().1.to_owned();
        let (good, _, said) = gpg.run(&["--decrypt"], armored.as_bytes());
        assert!(good && said.contains("GOODSIG"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_for_what_came_encrypted_never_shows_the_way_to_it_in_clear() {
    for house in House::both().await {
        let ours = mail_key(&house).await;
        let gpg = Gpg::of("Ana <ana@shop.example>");
        gpg.must(&["--import"], ours.certificate().armored().unwrap().as_bytes());
        let sealed = crate::openpgp::crlf(&gpg.must(&["--armor", "-r", "report@csirt.maluti.example", "--encrypt"], b"Quiet words"));
        for (from, key) in [("ana@shop.example", true), ("bob@shop.example", false)] {
            let field = if key {
                format!("Autocrypt: addr={from}; keydata={}\r\n", data_encoding::BASE64.encode(&gpg.must(&["--export", from], b"")))
            } else {
                String::new()
            };
            keep(&house, from, format!("From: {from}\r\nSubject: hello\r\nMessage-ID: <1{from}>\r\n{field}\r\n{sealed}\r\n").as_bytes()).await;
            house.run_jobs().await;
            let receipt = house.sink.to(from).pop().unwrap();
            assert_eq!(receipt.text().contains("multipart/encrypted"), key, "{}", receipt.text());
            assert!(!receipt.letter().text.contains("secret="), "on {}: {}", house.on, receipt.text());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn our_keys_are_found_by_mail_programs_and_shown_to_people() {
    let house = House::sqlite().await;
    let visitor = house.visitor();
    assert!(visitor.get("/openpgp").await.must(200).shows("We have no OpenPGP key yet"));
    let ours = mail_key(&house).await;
    let print = ours.certificate().fingerprint();
    let page = visitor.get("/openpgp").await.must(200);
    assert!(page.shows(&atalaya::keys::grouped(&print)) && page.shows("held by the server"), "{}", page.words());
    assert_eq!(post::openpgp::Certificate::read_one(visitor.get("/openpgp/mail.asc").await.must(200).text().as_bytes()).unwrap().fingerprint(), print);
    // The example of the specification, and what gpg itself makes of our address.
    assert_eq!(post::openpgp::cert::directory_name("Joe.Doe").unwrap(), "iy9q119eutrkn8s1mk4r39qejnbu3n5q");
    let gpg = Gpg::empty();
    gpg.must(&["--import"], ours.certificate().armored().unwrap().as_bytes());
    let listed = String::from_utf8(gpg.must(&["--with-wkd-hash", "--list-keys", &print], b"")).unwrap();
    let name = listed.lines().find_map(|line| line.trim().strip_suffix("@csirt.maluti.example")).unwrap().to_owned();
    for path in [format!("hu/{name}?l=report"), format!("csirt.maluti.example/hu/{name}?l=report")] {
        let found = visitor.get(&format!("/.well-known/openpgpkey/{path}")).await.must(200);
        assert_eq!((found.header("content-type"), found.header("access-control-allow-origin")), (Some("application/octet-stream"), Some("*")));
        let other = Gpg::empty();
        other.must(&["--import"], &found.body);
        assert_eq!(other.fingerprint("report@csirt.maluti.example"), print);
    }
    for path in ["policy", "csirt.maluti.example/policy"] {
        let _ = visitor.get(&format!("/.well-known/openpgpkey/{path}")).await.must(200);
    }
    let _ = visitor.get(&format!("/.well-known/openpgpkey/elsewhere.example/hu/{name}")).await.must(404);
    let _ = visitor.get("/.well-known/openpgpkey/hu/nobody").await.must(404);
    let analyst = house.login_as(Role::Analyst).await;
    assert!(analyst.get("/keys").await.must(200).shows("It opens mail, and never sealed reports"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sq_writes_what_we_open_and_opens_what_we_write() {
    use post::openpgp::SecretKey;
    use post::openpgp::key::NewKey;
    for house in House::both().await {
        let ours = mail_key(&house).await;
        let story = story(&house).await;
        let at = crate::house::instant("2026-11-01T00:00:00Z");
        let new = NewKey { user_id: &format!("Vodalink <{VODALINK}>"), at, valid: jiff::SignedDuration::from_hours(9_000), passphrase: None };
        let theirs = SecretKey::generate(&new, [21; 32]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: String| {
            std::fs::write(folder.path().join(name), text).unwrap();
            folder.path().join(name).display().to_string()
        };
        let (secret, our_certificate) = (file("theirs.key", theirs.armored().unwrap()), file("ours.asc", ours.certificate().armored().unwrap()));
        let certificate = theirs.certificate().armored().unwrap();
        directory::take(&house.app, &Who::Operator, certificate.as_bytes(), "", directory::Source::Import).await.unwrap();
        directory::verify(&house.app, &Who::Operator, &theirs.certificate().fingerprint(), VODALINK, "at a meeting").await.unwrap();
        let entity = b"Content-Type: text/plain\r\n\r\nWritten with sq.\r\n";
        let sealed = sq(&["encrypt", "-t", "2026-11-23T07:00:00Z", "--recipient-cert", &our_certificate, "--signer-key", &secret], entity);
        let raw = format!(
            "From: {VODALINK}\r\nTo: report@csirt.maluti.example\r\nSubject: From sq [{}]\r\nMessage-ID: <s@vodalink.example>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/encrypted; boundary=b; protocol=\"application/pgp-encrypted\"\r\n\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n\
             --b\r\nContent-Type: application/octet-stream\r\n\r\n{}\r\n--b--\r\n",
            story.case.number,
            crate::openpgp::crlf(&sealed)
        );
        keep(&house, VODALINK, raw.as_bytes()).await;
        house.run_jobs().await;
        let thread = story.browser.get(&format!("/cases/{}/parties/{}", story.case.number, story.vodalink)).await.must(200);
        assert!(thread.shows("Written with sq.") && thread.shows("with a verified key") && thread.shows("at a meeting"), "on {}: {}", house.on, thread.words());
        let mail = release(&house, &story, words("Read with sq.", 0)).await.unwrap();
        let armored = parts(&mail)[1].split_once("\r\n\r\n").unwrap().1.to_owned();
        let opened = sq(&["decrypt", "--recipient-key", &secret], armored.as_bytes());
        assert!(String::from_utf8_lossy(&opened).contains("Read with sq."), "{}", String::from_utf8_lossy(&opened));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_stops_what_was_encrypted_to_it_and_no_older_copy_brings_it_back() {
    for house in House::both().await {
        let story = story(&house).await;
        let gpg = Gpg::of(&format!("Vodalink <{VODALINK}>"));
        let before = gpg.export(VODALINK);
        let print = known(&house, &gpg, true).await;
        assert!(release(&house, &story, words("First.", 0)).await.unwrap().text().contains("multipart/encrypted"));
        let kept = std::fs::read_to_string(gpg.home().join("openpgp-revocs.d").join(format!("{print}.rev"))).unwrap();
        gpg.must(&["--import"], kept.replace(":-----BEGIN", "-----BEGIN").as_bytes());
        directory::take(&house.app, &Who::Operator, &gpg.export(VODALINK), VODALINK, directory::Source::Upload).await.unwrap();
        directory::take(&house.app, &Who::Operator, &before, VODALINK, directory::Source::Upload).await.unwrap();
        let says = release(&house, &story, words("Second.", 0)).await.unwrap_err();
        assert!(says.contains("was revoked by its holder"), "on {}: {says}", house.on);
        assert!(story.browser.get(&format!("/keys/{print}")).await.must(200).shows("was revoked by its holder"));
    }
}
