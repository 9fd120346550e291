//! OpenPGP against the tools that people really use: what we seal gpg opens, and the other way.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::cast_possible_truncation,
    reason = "tests fail by panicking"
)]

mod gpg;
mod mail;

use jiff::{SignedDuration, Timestamp};
use post::openpgp::key::NewKey;
use post::openpgp::{self, Certificate, Error, Purpose, Sealing, SecretKey, Standing};

use crate::gpg::Gpg;

const NOW: &str = "2026-11-22T10:00:00Z";

pub fn now() -> Timestamp {
    NOW.parse().unwrap()
}

pub fn key(user_id: &str, seed: u8, passphrase: Option<&str>) -> SecretKey {
    let valid = SignedDuration::from_hours(24 * 365);
    SecretKey::generate(&NewKey { user_id, at: "2026-01-01T00:00:00Z".parse().unwrap(), valid, passphrase }, [seed; 32]).unwrap()
}

fn sealed(content: &[u8], to: &[Certificate], hidden: bool, by: Option<(&SecretKey, &str)>) -> Vec<u8> {
    let mut out = Vec::new();
    openpgp::seal(content, &Sealing { to, hidden, by, at: now() }, [7; 32], &mut out).unwrap();
    out
}

#[test]
fn a_made_key_says_who_until_when_and_what_for() {
    let key = key("Duty <duty@team.example>", 1, Some("correct horse"));
    let cert = key.certificate();
    assert_eq!((cert.user_ids(), cert.mails()), (vec!["Duty <duty@team.example>".to_owned()], vec!["duty@team.example".to_owned()]));
    assert_eq!(cert.fingerprint().len(), 40);
    assert_eq!(cert.expires(), Some("2027-01-01T00:00:00Z".parse().unwrap()));
    for purpose in [Purpose::Encrypt, Purpose::Sign] {
        assert_eq!(cert.standing(purpose, now()), Standing::Good);
        assert!(matches!(cert.standing(purpose, "2027-01-02T00:00:00Z".parse().unwrap()), Standing::Expired(_)));
        assert!(matches!(cert.standing(purpose, "2025-01-02T00:00:00Z".parse().unwrap()), Standing::NotYet(_)));
    }
    assert!(key.is_locked() && key.unlocks("correct horse") && !key.unlocks("wrong"));
    let again = SecretKey::read(key.armored().unwrap().as_bytes()).unwrap();
    assert_eq!(again.certificate().fingerprint(), cert.fingerprint());
    let text = format!("Our key:\n\n{}", cert.armored().unwrap());
    assert_eq!(Certificate::read_one(text.as_bytes()).unwrap().fingerprint(), cert.fingerprint());
    assert!(matches!(Certificate::read(key.armored().unwrap().as_bytes()), Err(Error::Unusable(_))), "a secret key is refused where a public one is asked for");
}

#[test]
fn what_is_sealed_to_several_each_opens_and_nobody_else() {
    let (one, two, other) = (key("One <one@team.example>", 1, Some("first")), key("Two <two@team.example>", 2, None), key("Other <o@x.example>", 3, None));
    let to = [one.certificate(), two.certificate()];
    for hidden in [false, true] {
        let message = sealed(b"the quiet words", &to, hidden, Some((&two, "")));
        let survey = openpgp::survey(&message).unwrap();
        assert_eq!((survey.to.len(), survey.version, survey.password), (2, 1, false));
        assert_eq!(survey.to.iter().all(Option::is_none), hidden);
        for (key, passphrase) in [(&one, "first"), (&two, "")] {
            let opened = openpgp::open(&message, &[(key, passphrase)], &to, now(), 1 << 20).unwrap();
            assert_eq!((opened.content.as_slice(), opened.encrypted, opened.verdicts.len()), (b"the quiet words".as_slice(), true, 1));
            assert!(opened.verdicts[0].good && opened.verdicts[0].by == Some(two.certificate().fingerprint()), "{:?}", opened.verdicts);
        }
        assert_eq!(openpgp::open(&message, &[(&other, "")], &to, now(), 1 << 20).unwrap_err(), Error::NoKey);
        assert_eq!(openpgp::open(&message, &[(&one, "wrong")], &to, now(), 1 << 20).unwrap_err(), Error::Passphrase);
        assert_eq!(openpgp::open(&message, &[(&two, "")], &to, now(), 5).unwrap_err(), Error::TooLarge(5));
        let mut changed = message.clone();
        let middle = survey.body_at + 40;
        changed[middle] ^= 1;
        assert!(openpgp::open(&changed, &[(&two, "")], &to, now(), 1 << 20).is_err(), "a changed message gives nothing");
    }
    let late = Sealing { to: &to, hidden: true, by: None, at: "2028-01-01T00:00:00Z".parse().unwrap() };
    let error = openpgp::seal(b"x".as_slice(), &late, [1; 32], Vec::new()).unwrap_err();
    assert_eq!(error.to_string(), "the key of One <one@team.example> expired on 1 January 2027");
}

#[test]
fn a_reader_is_added_by_wrapping_the_session_key_alone() {
    let (one, two) = (key("One <one@team.example>", 1, Some("first")), key("Two <two@team.example>", 2, None));
    let message = sealed(b"kept as it was", &[one.certificate()], true, None);
    let session = openpgp::open_session_key(&message, &one, "first").unwrap();
    let head = openpgp::reseal_head(&session, &[two.certificate()], true, now(), [9; 32]).unwrap();
    let body = &message[openpgp::survey(&message).unwrap().body_at..];
    let again = [head.as_slice(), body].concat();
    assert_eq!(openpgp::open(&again, &[(&two, "")], &[], now(), 1 << 20).unwrap().content, b"kept as it was");
    assert_eq!(openpgp::open(&again, &[(&one, "first")], &[], now(), 1 << 20).unwrap_err(), Error::NoKey);
    assert_eq!(openpgp::open_session_key(&message, &one, "wrong").unwrap_err(), Error::Passphrase);
    assert_eq!(openpgp::open_session_key(&message, &two, "").unwrap_err(), Error::NoKey);
}

#[test]
fn signatures_say_who_and_why_not() {
    let (team, other) = (key("Team <csirt@team.example>", 4, None), key("Other <o@x.example>", 5, None));
    let known = [team.certificate()];
    let text = "{\"version\": 1}\n- a dash\ntrailing  \n";
    let signed = openpgp::sign_cleartext(text, &team, "", now(), [3; 32]).unwrap();
    let (read, verdicts) = openpgp::verify_cleartext(&signed, &known, now()).unwrap();
    assert!(read.starts_with("{\"version\": 1}\n- a dash\ntrailing") && verdicts[0].good, "{read:?} {verdicts:?}");
    let (_, verdicts) = openpgp::verify_cleartext(&signed.replace("1}", "2}"), &known, now()).unwrap();
    assert!(!verdicts[0].good && verdicts[0].why.starts_with("it does not fit"));
    let (_, verdicts) = openpgp::verify_cleartext(&signed, &[other.certificate()], now()).unwrap();
    assert!(!verdicts[0].good && verdicts[0].by.is_none() && verdicts[0].why.contains("not known"));
    let detached = openpgp::sign_detached(b"bytes", &team, "", now(), [3; 32]).unwrap();
    assert!(openpgp::verify_detached(b"bytes", detached.as_bytes(), &known, now()).unwrap()[0].good);
    assert!(!openpgp::verify_detached(b"other", detached.as_bytes(), &known, now()).unwrap()[0].good);
    assert!(openpgp::sign_detached(b"bytes", &team, "", "2028-01-01T00:00:00Z".parse().unwrap(), [3; 32]).is_err(), "an expired key signs nothing");
}

#[test]
fn gpg_opens_what_we_seal_and_we_open_what_gpg_seals() {
    let ours = key("Duty <duty@team.example>", 6, Some("correct horse"));
    let gpg = Gpg::new();
    gpg.must(&["--import"], ours.armored().unwrap().as_bytes());
    for hidden in [false, true] {
        let message = sealed(b"to gpg", &[ours.certificate()], hidden, Some((&ours, "correct horse")));
        let (good, out, said) = gpg.run(&["--decrypt"], &message);
        assert!(good && out == b"to gpg" && said.contains("Good signature"), "{said}");
    }
    let cleartext = openpgp::sign_cleartext("a manifest\n", &ours, "correct horse", now(), [3; 32]).unwrap();
    gpg.must(&["--verify"], cleartext.as_bytes());
    let detached = openpgp::sign_detached(b"bytes", &ours, "correct horse", now(), [3; 32]).unwrap();
    let file = gpg.0.path().join("bytes.asc");
    std::fs::write(&file, &detached).unwrap();
    gpg.must(&["--verify", &file.display().to_string(), "-"], b"bytes");

    for kind in ["rsa3072", "default"] {
        let (address, peer, secret) = (1..=3).find_map(|n| gpg_peer(&gpg, kind, n)).expect("gpg keeps one key of three");
        let message = sealed(b"to the peer", std::slice::from_ref(&peer), false, None);
        assert_eq!(gpg.must(&["--decrypt"], &message), b"to the peer");
        let from_gpg = gpg.must(&["--armor", "--sign", "--encrypt", "-u", &address, "-r", "duty@team.example"], b"from gpg");
        let opened = openpgp::open(&from_gpg, &[(&ours, "correct horse")], std::slice::from_ref(&peer), now(), 1 << 20).unwrap();
        assert!(opened.content == b"from gpg" && opened.verdicts[0].good, "{kind}: {:?}", opened.verdicts);
        let back = gpg.must(&["--encrypt", "--hidden-recipient", &address], b"home");
        assert_eq!(openpgp::open(&back, &[(&secret, "correct horse")], &[], now(), 1 << 20).unwrap().content, b"home");
    }
}

/// A key that gpg made, whole as we read it; none where gpg-agent cannot read what it has just written ("Corrupted protection"
/// of gpg 2.2, now and then).
fn gpg_peer(gpg: &Gpg, kind: &str, n: usize) -> Option<(String, Certificate, SecretKey)> {
    let address = format!("peer-{kind}-{n}@csirt.example");
    let export = || gpg.must(&["--armor", "--export", &address], b"");
    gpg.must(&["--quick-generate-key", &format!("Peer <{address}>"), kind, "default", "1y"], b"");
    if kind != "default" {
        // gpg gives a key of a named kind no part for encryption by itself.
        let bare = Certificate::read_one(&export()).unwrap();
        assert_eq!(bare.standing(Purpose::Encrypt, now()), Standing::Unfit(Purpose::Encrypt));
        gpg.must(&["--quick-add-key", &bare.fingerprint(), kind, "encr", "1y"], b"");
    }
    let peer = Certificate::read_one(&export()).unwrap();
    assert_eq!((peer.standing(Purpose::Encrypt, now()), peer.standing(Purpose::Sign, now())), (Standing::Good, Standing::Good), "{kind}");
    let (good, secret, said) = gpg.run(&["--armor", "--export-secret-keys", &address], b"");
    assert!(good || said.contains("Corrupted protection"), "{said}");
    good.then(|| (address, peer, SecretKey::read(&secret).unwrap()))
}

#[test]
fn a_broken_hash_is_named_and_makes_no_signature_good() {
    let gpg = Gpg::new();
    gpg.must(&["--quick-generate-key", "Old <old@csirt.example>", "rsa3072", "default", "1y"], b"");
    let known = [Certificate::read_one(&gpg.must(&["--export", "old@csirt.example"], b"")).unwrap()];
    for (hash, good) in [("SHA512", true), ("SHA256", true), ("SHA1", false), ("MD5", false)] {
        let how = ["--allow-weak-digest-algos", "--digest-algo", hash, "-u", "old@csirt.example"];
        let beside = gpg.must(&[&how[..], &["--armor", "--detach-sign"]].concat(), b"bytes");
        let clear = String::from_utf8(gpg.must(&[&how[..], &["--clearsign"]].concat(), b"a text\n")).unwrap();
        let (_, in_clear) = openpgp::verify_cleartext(&clear, &known, now()).unwrap();
        for verdict in openpgp::verify_detached(b"bytes", &beside, &known, now()).unwrap().iter().chain(&in_clear) {
            assert_eq!((verdict.good, verdict.by.as_deref()), (good, Some(known[0].fingerprint().as_str())), "{hash}: {verdict:?}");
            assert!(good || verdict.why == format!("it was made with a broken hash ({hash})"), "{}", verdict.why);
        }
    }
}

/// The packets of a certificate: the tag of each, and its bytes (RFC 9580 section 4.2).
fn packets(mut bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut all = Vec::new();
    while let [first, one, two, ..] = *bytes {
        let (tag, head, length) = match (first & 0x40, first & 3, one) {
            (0x40, _, 0..192) => (first & 0x3F, 2, usize::from(one)),
            (0x40, ..) => (first & 0x3F, 3, ((usize::from(one) - 192) << 8) + usize::from(two) + 192),
            (_, 0, _) => ((first >> 2) & 0x0F, 2, usize::from(one)),
            _ => ((first >> 2) & 0x0F, 3, usize::from(one) << 8 | usize::from(two)),
        };
        let (packet, rest) = bytes.split_at(head + length);
        all.push((tag, packet.to_vec()));
        bytes = rest;
    }
    all
}

#[test]
fn a_subkey_that_is_not_bound_to_its_key_is_not_used() {
    const SIGNATURE: u8 = 2;
    const SUBKEY: u8 = 14;
    let gpg = Gpg::new();
    gpg.must(&["--quick-generate-key", "Signer <signer@csirt.example>", "ed25519", "cert", "1y"], b"");
    let bare = Certificate::read_one(&gpg.must(&["--export", "signer@csirt.example"], b"")).unwrap();
    gpg.must(&["--quick-add-key", &bare.fingerprint(), "ed25519", "sign", "1y"], b"");
    let signer = gpg.must(&["--export", "signer@csirt.example"], b"");
    assert_eq!(Certificate::read_one(&signer).unwrap().standing(Purpose::Sign, now()), Standing::Good);
    let (one, two) = (key("One <one@team.example>", 1, None), key("Two <two@team.example>", 2, None));
    let [one, two] = [one, two].map(|key| packets(&key.certificate().bytes().unwrap()));
    let of = |all: &[(u8, Vec<u8>)]| {
        let at = all.iter().position(|(tag, _)| *tag == SUBKEY).unwrap();
        (all[..at].iter().flat_map(|(_, bytes)| bytes.clone()).collect::<Vec<u8>>(), all[at..].iter().flat_map(|(_, bytes)| bytes.clone()).collect::<Vec<u8>>())
    };
    let (first, own) = of(&one);
    let (_, foreign) = of(&two);
    let standing = |bytes: &[u8], purpose| Certificate::read_one(bytes).map(|cert| cert.standing(purpose, now()));
    assert_eq!(standing(&[first.clone(), own].concat(), Purpose::Encrypt).unwrap(), Standing::Good);
    // Somebody else's subkey, with the signature that binds it to its own key; and one without any.
    for subkey in [foreign.clone(), packets(&foreign)[0].1.clone()] {
        assert_ne!(standing(&[first.clone(), subkey].concat(), Purpose::Encrypt).unwrap_or(Standing::Unsigned), Standing::Good);
    }
    // A key without the signature on its name speaks for nobody.
    let nameless: Vec<u8> = one.iter().filter(|(tag, _)| *tag != SIGNATURE).flat_map(|(_, bytes)| bytes.clone()).collect();
    assert_ne!(standing(&nameless, Purpose::Encrypt).unwrap_or(Standing::Unsigned), Standing::Good);
}

/// A key whose holder signed its own name this often.
fn overloaded(times: usize) -> Vec<u8> {
    const SIGNATURE: u8 = 2;
    let all = packets(&key("Loud <loud@csirt.example>", 21, None).certificate().bytes().unwrap());
    let at = all.iter().position(|(tag, _)| *tag == SIGNATURE).unwrap();
    let repeated = all.iter().enumerate().map(|(place, (_, bytes))| bytes.repeat(if place == at { times } else { 1 }));
    repeated.collect::<Vec<Vec<u8>>>().concat()
}

#[test]
fn a_key_with_thousands_of_signatures_is_taken_from_nobody() {
    use post::letter::{Envelope, Limits, read};
    use post::openpgp::look;
    assert_eq!(look::keys(&overloaded(20), now()).unwrap().len(), 1, "what people's keys carry is taken");
    for times in [300, 3_000] {
        let bytes = overloaded(times);
        let why = look::keys(&bytes, now()).unwrap_err().to_string();
        assert!(why.contains("signatures") && !why.contains('\n'), "{why}");
        let encoded = data_encoding::BASE64.encode(&bytes);
        let raw = format!(
            "From: Loud <loud@csirt.example>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\n\r\nHello\r\n--out\r\n\
             Content-Type: application/pgp-keys; name=key.asc\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--out--\r\n"
        );
        let limits = Limits::default();
        assert_eq!(read(raw.as_bytes(), &limits).attachments.len(), 1);
        let opened = look::mail(&Envelope::default(), raw.as_bytes(), &post::openpgp::mail::Ring::default(), now(), &limits);
        assert!(opened.keys.is_empty() && opened.letter.text.contains("Hello"));
        assert_eq!(opened.letter.problems.iter().filter(|line| line.contains("was not taken")).count(), 1, "{:?}", opened.letter.problems);
    }
}

#[test]
fn a_primary_key_that_only_certifies_signs_nothing() {
    use pgp::composed::{ArmorOptions, Deserializable as _, DetachedSignature, SignedSecretKey};
    use pgp::packet::{SignatureConfig, SignatureType, Subpacket, SubpacketData};
    use pgp::types::KeyDetails as _;
    let gpg = Gpg::new();
    gpg.must(&["--quick-generate-key", "Signer <signer@csirt.example>", "ed25519", "cert", "1y"], b"");
    let bare = Certificate::read_one(&gpg.must(&["--export", "signer@csirt.example"], b"")).unwrap();
    gpg.must(&["--quick-add-key", &bare.fingerprint(), "ed25519", "sign", "1y"], b"");
    let known = [Certificate::read_one(&gpg.must(&["--export", "signer@csirt.example"], b"")).unwrap()];
    let secret = SignedSecretKey::from_bytes(gpg.must(&["--export-secret-keys", "signer@csirt.example"], b"").as_slice()).unwrap();
    let mut config =
        SignatureConfig::from_key(<rand::rngs::StdRng as rand::SeedableRng>::from_seed([3; 32]), &secret.primary_key, SignatureType::Binary).unwrap();
    let made = pgp::types::Timestamp::from_secs(u32::try_from(now().as_second()).unwrap());
    config.hashed_subpackets = vec![
        Subpacket::regular(SubpacketData::SignatureCreationTime(made)).unwrap(),
        Subpacket::regular(SubpacketData::IssuerFingerprint(secret.primary_key.fingerprint())).unwrap(),
    ];
    let by_primary = config.sign(&secret.primary_key, &pgp::types::Password::from("correct horse"), b"bytes".as_slice()).unwrap();
    let by_primary = DetachedSignature::new(by_primary).to_armored_string(ArmorOptions::default()).unwrap();
    let by_subkey = gpg.must(&["--armor", "--detach-sign", "-u", "signer@csirt.example"], b"bytes");
    let verdict = |signature: &[u8]| openpgp::verify_detached(b"bytes", signature, &known, now()).unwrap().remove(0);
    assert!(verdict(&by_subkey).good, "{:?}", verdict(&by_subkey));
    let refused = verdict(by_primary.as_bytes());
    assert!(!refused.good && refused.why.contains("not made for signing"), "{refused:?}");
}

#[test]
fn what_is_no_sealed_message_is_refused_with_its_reason() {
    let gpg = Gpg::new();
    let ours = key("Duty <duty@team.example>", 6, Some("correct horse"));
    gpg.must(&["--import"], ours.armored().unwrap().as_bytes());
    let says = |message: &[u8]| openpgp::survey::binary(message).and_then(|bytes| openpgp::survey(&bytes)).unwrap_err().to_string();
    assert_eq!(says(&gpg.must(&["--sign", "-u", "duty@team.example"], b"x")), "it is not encrypted");
    assert_eq!(says(&gpg.must(&["--store"], b"x")), "it is not encrypted");
    assert_eq!(says(&gpg.must(&["--symmetric"], b"x")), "it is encrypted with a password only: encrypt it to our keys");
    assert_eq!(says(ours.certificate().armored().unwrap().as_bytes()), "this is a key, not a message");
    for nonsense in [b"".as_slice(), b"hello"] {
        assert_eq!(says(nonsense), "this is not an OpenPGP message");
    }
    gpg.must(&["--quick-generate-key", "Short <s@x.example>", "rsa1024", "default", "1y"], b"");
    let bare = Certificate::read_one(&gpg.must(&["--export", "s@x.example"], b"")).unwrap();
    gpg.must(&["--quick-add-key", &bare.fingerprint(), "rsa1024", "encr", "1y"], b"");
    let cert = Certificate::read_one(&gpg.must(&["--export", "s@x.example"], b"")).unwrap();
    assert_eq!(cert.standing(Purpose::Encrypt, now()), Standing::Weak("RSA with 1024 bits".into()));
}

#[test]
fn whatever_is_changed_in_a_message_or_a_key_is_an_error_and_no_hang() {
    let ours = key("Duty <duty@team.example>", 6, None);
    let message = sealed(&[5; 3000], &[ours.certificate()], true, Some((&ours, "")));
    let cert = ours.certificate().bytes().unwrap();
    let mut dice = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |most: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        usize::try_from(dice % most as u64).unwrap()
    };
    for _ in 0..3000 {
        for seed in [&message, &cert] {
            let mut bytes = seed.clone();
            for _ in 0..=next(3) {
                let at = next(bytes.len());
                match next(3) {
                    0 => bytes[at] ^= 1 << next(8),
                    1 => bytes.truncate(at.max(1)),
                    _ => bytes.insert(at, next(256) as u8),
                }
            }
            // The library may panic on what a stranger sends; the child process is made for that. Ours must not.
            let _ = openpgp::survey(&bytes);
            let _ = std::panic::catch_unwind(|| {
                let _ = openpgp::open(&bytes, &[(&ours, "")], &[ours.certificate()], now(), 1 << 20);
                let _ = Certificate::read(&bytes).map(|all| all.iter().map(|one| one.standing(Purpose::Encrypt, now())).collect::<Vec<_>>());
            });
        }
    }
}
