//! Mail, signed and encrypted in every way that people's programs do it.

use post::compose::{Outgoing, compose};
use post::letter::{Address, Letter, Limits, read};
use post::openpgp::mail::{Ring, Seal, keys_in, open_pieces, unwrap};
use post::openpgp::protect::{Protection, autocrypt, protect};
use post::openpgp::{self, SecretKey};

use crate::gpg::Gpg;
use crate::{key, now};

fn ring(ours: &SecretKey, peer: &SecretKey) -> Ring {
    Ring { keys: vec![(ours.armored().unwrap(), "correct horse".into())], signers: vec![peer.certificate().armored().unwrap()] }
}

/// What a mail says once it is opened, and what was found.
fn opened(raw: &[u8], ring: &Ring) -> (Letter, Vec<Seal>) {
    let limits = Limits::default();
    let (inside, mut seals, problems) = unwrap(raw, ring, now(), &limits);
    let mut letter = read(&inside, &limits);
    letter.problems.extend(problems);
    seals.extend(open_pieces(&mut letter, ring, now(), &limits));
    (letter, seals)
}

fn head(subject: &str) -> String {
    format!("From: Peer <peer@csirt.example>\r\nTo: csirt@team.example\r\nSubject: {subject}\r\nMessage-ID: <1@csirt.example>\r\nMIME-Version: 1.0\r\n")
}

fn crlf(text: &[u8]) -> String {
    String::from_utf8_lossy(text).replace("\r\n", "\n").replace('\n', "\r\n")
}

struct Town {
    ours: SecretKey,
    peer: SecretKey,
    gpg: Gpg,
}

fn town() -> Town {
    let (ours, peer) = (key("Team <csirt@team.example>", 11, Some("correct horse")), key("Peer <peer@csirt.example>", 12, Some("correct horse")));
    let gpg = Gpg::new();
    for key in [&ours, &peer] {
        gpg.must(&["--import"], key.armored().unwrap().as_bytes());
    }
    Town { ours, peer, gpg }
}

const SIGN: [&str; 2] = ["-u", "peer@csirt.example"];
const TO: [&str; 2] = ["-r", "csirt@team.example"];

#[test]
fn an_encrypted_mail_is_read_with_its_attachments_and_its_true_subject() {
    let town = town();
    let entity = "Content-Type: multipart/mixed; boundary=in; protected-headers=\"v1\"\r\nSubject: The truth\r\n\r\n--in\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
                  Seen at 192.0.2.7\r\n--in\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\n\
                  Content-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--in--\r\n";
    for hidden in [false, true] {
        let to = if hidden { ["--hidden-recipient", "csirt@team.example"] } else { TO };
        let sealed = town.gpg.must(&[&["--armor", "--sign", "--encrypt"][..], &SIGN, &to].concat(), entity.as_bytes());
        for kind in ["multipart/encrypted; protocol=\"application/pgp-encrypted\"", "multipart/mixed"] {
            let raw = format!(
                "{}Content-Type: {kind}; boundary=out\r\n\r\n--out\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--out\r\n\
                 Content-Type: application/octet-stream\r\n\r\n{}\r\n--out--\r\n",
                head("..."),
                crlf(&sealed)
            );
            let (letter, seals) = opened(raw.as_bytes(), &ring(&town.ours, &town.peer));
            assert_eq!((letter.subject.as_str(), letter.text.trim(), letter.attachments.len()), ("The truth", "Seen at 192.0.2.7", 1), "{seals:?}");
            assert_eq!(letter.attachments[0].content, b"%PDF-");
            assert!(seals.len() == 1 && seals[0].encrypted && seals[0].opened && seals[0].signatures[0].good, "{seals:?}");
            // Without the key it is still a letter, and says why it is closed.
            let (letter, seals) = opened(raw.as_bytes(), &Ring::default());
            assert!(!seals[0].opened && seals[0].problem.contains("not encrypted to a key that is at hand"), "{seals:?}");
            assert_eq!(letter.subject, "...");
        }
    }
}

#[test]
fn a_signed_mail_says_who_signed_and_that_a_change_shows() {
    let town = town();
    let entity = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nStop it, please.=20\r\n-- \r\nPeer\r\n";
    let signature = town.gpg.must(&[&["--armor", "--detach-sign"][..], &SIGN].concat(), entity.as_bytes());
    let raw = |entity: &str| {
        format!(
            "{}Content-Type: multipart/signed; micalg=pgp-sha256; protocol=\"application/pgp-signature\"; boundary=sig\r\n\r\n--sig\r\n{entity}\r\n--sig\r\n\
             Content-Type: application/pgp-signature\r\n\r\n{}\r\n--sig--\r\n",
            head("Stop"),
            crlf(&signature)
        )
    };
    let known = ring(&town.ours, &town.peer);
    let (letter, seals) = opened(raw(entity).as_bytes(), &known);
    assert!(seals[0].signatures[0].good && seals[0].signatures[0].by == Some(town.peer.certificate().fingerprint()), "{seals:?}");
    assert!(letter.text.starts_with("Stop it, please.") && !seals[0].encrypted);
    let (_, seals) = opened(raw(&entity.replace("Stop", "Pay")).as_bytes(), &known);
    assert!(!seals[0].signatures[0].good, "{seals:?}");
    let (_, seals) = opened(raw(entity).as_bytes(), &Ring::default());
    assert!(!seals[0].signatures[0].good && seals[0].signatures[0].why.contains("not known"));

    // Signed inside, encrypted outside: both are told, from the outside in.
    let inner = raw(entity);
    let inner = &inner[inner.find("Content-Type: multipart/signed").unwrap()..];
    let sealed = town.gpg.must(&[&["--armor", "--encrypt"][..], &TO].concat(), inner.as_bytes());
    let outer = format!(
        "{}Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=out\r\n\r\n--out\r\nContent-Type: application/pgp-encrypted\r\n\r\n\
         Version: 1\r\n--out\r\nContent-Type: application/octet-stream\r\n\r\n{}\r\n--out--\r\n",
        head("Both"),
        crlf(&sealed)
    );
    let (letter, seals) = opened(outer.as_bytes(), &known);
    assert_eq!((seals.len(), seals[0].encrypted, seals[1].signatures.first().map(|one| one.good)), (2, true, Some(true)), "{seals:?}");
    assert!(letter.text.starts_with("Stop it"));
}

#[test]
fn armor_in_the_text_and_encrypted_attachments_are_opened_each_by_itself() {
    let town = town();
    let known = ring(&town.ours, &town.peer);
    let sealed = crlf(&town.gpg.must(&[&["--armor", "--sign", "--encrypt"][..], &SIGN, &TO].concat(), b"the quiet part\n"));
    let (letter, seals) = opened(format!("{}\r\nHello,\r\n\r\n{sealed}\r\nGreetings\r\n", head("Inline")).as_bytes(), &known);
    assert!(
        letter.text.starts_with("the quiet part") && letter.text.contains("[Around it, not encrypted:]\nHello,") && seals[0].signatures[0].good,
        "{letter:?} {seals:?}"
    );

    let clear = crlf(&town.gpg.must(&[&["--clearsign"][..], &SIGN].concat(), b"Said openly.\n- and more\n"));
    let (letter, seals) = opened(format!("{}\r\n{clear}", head("Clear")).as_bytes(), &known);
    assert!(letter.text.contains("Said openly.\n- and more") && seals[0].signatures[0].good, "{letter:?} {seals:?}");

    let file = town.gpg.must(&[&["--encrypt"][..], &TO].concat(), b"%PDF-1.7");
    let encoded = data_encoding::BASE64_MIME.encode(&file);
    let raw = format!(
        "{}Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--x\r\nContent-Type: application/octet-stream; \
         name=\"report.pdf.gpg\"\r\nContent-Disposition: attachment; filename=\"report.pdf.gpg\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--x--\r\n",
        head("File")
    );
    let (letter, seals) = opened(raw.as_bytes(), &known);
    assert_eq!((letter.attachments[0].name.as_str(), letter.attachments[0].content.as_slice()), ("report.pdf", b"%PDF-1.7".as_slice()));
    assert!(seals[0].part == "report.pdf.gpg" && seals[0].opened);
    let (letter, seals) = opened(raw.as_bytes(), &Ring::default());
    assert!(letter.attachments[0].name == "report.pdf.gpg" && !seals[0].opened, "what cannot be opened stays as it came");
}

#[test]
fn what_we_protect_gpg_opens_and_the_subject_stays_inside() {
    let town = town();
    let mail = compose(&Outgoing {
        message_id: "<t.1@team.example>".into(),
        from: Address::named("Team", "csirt@team.example"),
        to: Address::bare("peer@csirt.example"),
        subject: "[MLT-2026-000001] Ihr Netz 192.0.2.0/24: dringend, sehr lang und mit Ümlauten, damit es gefaltet wird".into(),
        text: "Grüße.\nPlease look.  \n".into(),
        date: now().as_microsecond(),
        ..Outgoing::default()
    })
    .unwrap();
    let us = Some((&town.ours, "correct horse"));
    let their = [town.peer.certificate()];
    let theirs = Ring { keys: vec![(town.peer.armored().unwrap(), "correct horse".into())], signers: vec![town.ours.certificate().armored().unwrap()] };

    let signed = protect(&mail, &Protection { sign: us, ..Protection::default() }, now(), [1; 32]).unwrap();
    let (letter, seals) = opened(&signed, &theirs);
    assert!(seals[0].signatures[0].good && letter.text.contains("Grüße."), "{seals:?}");
    let text = String::from_utf8(signed).unwrap();
    let boundary = text.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
    let parts: Vec<&str> = text.split(&format!("--{boundary}")).collect();
    let (entity, signature) = (parts[1].trim_start_matches("\r\n").strip_suffix("\r\n").unwrap(), parts[2].split("\r\n\r\n").nth(1).unwrap());
    let file = town.gpg.0.path().join("sig.asc");
    std::fs::write(&file, signature.to_owned() + "\n\n" + parts[2].split_once("-----BEGIN").map_or("", |(_, rest)| rest)).unwrap();
    std::fs::write(&file, format!("-----BEGIN{}", parts[2].split_once("-----BEGIN").unwrap().1)).unwrap();
    town.gpg.must(&["--verify", &file.display().to_string(), "-"], entity.as_bytes());

    for sign in [None, us] {
        let sealed = protect(&mail, &Protection { sign, to: &their, outside: "[MLT-2026-000001] ..." }, now(), [2; 32]).unwrap();
        let text = String::from_utf8(sealed.clone()).unwrap();
        assert!(text.contains("Subject: [MLT-2026-000001] ...\r\n") && !text.contains("192.0.2") && !text.contains("mlauten"));
        let (letter, seals) = opened(&sealed, &theirs);
        assert!(letter.subject.contains("Ümlauten") && letter.text.contains("Please look."), "{letter:?}");
        assert_eq!((seals[0].encrypted, seals[0].signatures.len()), (true, usize::from(sign.is_some())));
        let armor = &text[text.find("-----BEGIN PGP MESSAGE").unwrap()..];
        assert!(String::from_utf8_lossy(&town.gpg.must(&["--decrypt"], armor.as_bytes())).contains("Please look."));
    }
    assert_eq!(protect(&mail, &Protection::default(), now(), [3; 32]).unwrap(), mail);
}

#[test]
fn keys_that_come_along_are_collected_and_vouched_for_by_nobody() {
    let town = town();
    let cert = town.peer.certificate();
    let field = autocrypt("peer@csirt.example", &cert).unwrap();
    let raw = format!("{}Autocrypt: {field}\r\n\r\nHello\r\n", head("Key"));
    let letter = read(raw.as_bytes(), &Limits::default());
    assert_eq!(keys_in(raw.as_bytes(), &letter)[0].fingerprint(), cert.fingerprint());
    let other = raw.replace("addr=peer@", "addr=boss@");
    assert!(keys_in(other.as_bytes(), &read(other.as_bytes(), &Limits::default())).is_empty(), "a key for somebody else's address is not taken");
    let raw = format!("{}\r\nMy key:\r\n\r\n{}", head("Key"), crlf(cert.armored().unwrap().as_bytes()));
    let letter = read(raw.as_bytes(), &Limits::default());
    assert_eq!(keys_in(raw.as_bytes(), &letter)[0].fingerprint(), cert.fingerprint());
    assert!(openpgp::survey(&cert.bytes().unwrap()).is_err());
}

#[test]
fn what_stands_beside_a_signed_or_encrypted_part_is_told_and_an_empty_text_before_it_is_none() {
    let town = town();
    let known = ring(&town.ours, &town.peer);
    let entity = "Content-Type: text/plain; charset=utf-8\r\n\r\nSeen at 192.0.2.7\r\n";
    let sealed = crlf(&town.gpg.must(&[&["--armor", "--sign", "--encrypt"][..], &SIGN, &TO].concat(), entity.as_bytes()));
    let text = |words: &str| format!("--out\r\nContent-Type: text/plain\r\n\r\n{words}\r\n");
    let encrypted =
        format!("--out\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--out\r\nContent-Type: application/octet-stream\r\n\r\n{sealed}\r\n");
    let mail =
        |kind: &str, before: &str, after: &str| format!("{}Content-Type: {kind}; boundary=out\r\n\r\n{before}{encrypted}{after}--out--\r\n", head("..."));
    let of = "multipart/encrypted; protocol=\"application/pgp-encrypted\"";
    for (raw, beside) in [
        (mail(of, "", ""), false),
        (mail(of, "", &text("And then?")), true),
        (mail("multipart/mixed", &text(""), ""), false),
        (mail("multipart/mixed", &text("Hello"), ""), true),
        (mail("multipart/mixed", "", &text("A list's last words")), true),
    ] {
        let (letter, seals) = opened(raw.as_bytes(), &known);
        assert_eq!((letter.text.trim(), seals.len()), ("Seen at 192.0.2.7", 1), "{raw}");
        assert_eq!(letter.problems.iter().any(|line| line.contains("more parts beside")), beside, "{:?} of {raw}", letter.problems);
        // Without the key all of it is read as it came.
        assert!(!opened(raw.as_bytes(), &Ring::default()).0.problems.iter().any(|line| line.contains("more parts beside")));
    }
    let signature = crlf(&town.gpg.must(&[&["--armor", "--detach-sign"][..], &SIGN].concat(), entity.as_bytes()));
    let raw = format!(
        "{}Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=out\r\n\r\n--out\r\n{entity}\r\n--out\r\n\
         Content-Type: application/pgp-signature\r\n\r\n{signature}\r\n{}--out--\r\n",
        head("Signed"),
        text("Not signed")
    );
    let (letter, seals) = opened(raw.as_bytes(), &known);
    assert!(seals[0].signatures[0].good && !letter.text.contains("Not signed"), "{seals:?}");
    assert!(letter.problems.iter().any(|line| line.contains("more parts beside")), "{:?}", letter.problems);
}

#[test]
fn what_is_signed_or_encrypted_further_inside_is_named_though_nobody_looks_into_it() {
    let town = town();
    let known = ring(&town.ours, &town.peer);
    let entity = "Content-Type: text/plain; charset=utf-8\r\n\r\nSeen at 192.0.2.7\r\n";
    let signature = crlf(&town.gpg.must(&[&["--armor", "--detach-sign"][..], &SIGN].concat(), entity.as_bytes()));
    // As a mailing list sends it that puts its last words below.
    let raw = format!(
        "{}Content-Type: multipart/mixed; boundary=list\r\n\r\n--list\r\nContent-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=out\r\n\r\n\
         --out\r\n{entity}\r\n--out\r\nContent-Type: application/pgp-signature\r\n\r\n{signature}\r\n--out--\r\n\
         --list\r\nContent-Type: text/plain\r\n\r\nYou get this from a list\r\n--list--\r\n",
        head("Signed")
    );
    let (letter, seals) = opened(raw.as_bytes(), &known);
    assert!(letter.text.contains("Seen at 192.0.2.7"), "{letter:?}");
    let [seal] = seals.as_slice() else { panic!("one line: {seals:?}") };
    assert!(!seal.encrypted && seal.signatures.is_empty() && seal.problem.contains("not checked"), "{seal:?}");

    // Two pieces of armor in one text: the first is opened, the second is named.
    let sealed = String::from_utf8(town.gpg.must(&[&["--armor", "--encrypt"][..], &TO].concat(), b"the first")).unwrap();
    let other = String::from_utf8(town.gpg.must(&[&["--clearsign"][..], &SIGN].concat(), b"the second")).unwrap();
    let raw = format!("{}\r\nHello\r\n\r\n{}\r\nand\r\n{}", head("Two"), crlf(sealed.as_bytes()), crlf(other.as_bytes()));
    let (letter, seals) = opened(raw.as_bytes(), &known);
    assert!(letter.text.starts_with("the first"), "{}", letter.text);
    assert_eq!(seals.len(), 2, "{seals:?}");
    assert!(seals[0].opened && seals[0].problem.is_empty() && seals[1].signatures.is_empty() && seals[1].problem.contains("only the first"), "{seals:?}");
    // What is quoted is no piece of this mail.
    let raw = format!("{}\r\n{}\r\n> {}", head("Quoted"), crlf(sealed.as_bytes()), crlf(other.replace('\n', "\n> ").as_bytes()));
    assert_eq!(opened(raw.as_bytes(), &known).1.len(), 1);
}
