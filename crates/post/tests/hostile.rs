//! Messages that are well encrypted to our key and hostile inside: bombs, millions of packets, towers,
//! nothing at all. The child that opens them answers in one line or is ended, and the next one is read.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use pgp::composed::{Deserializable as _, RawSessionKey, SignedPublicKey};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{PacketTrait as _, PublicKeyEncryptedSessionKey, SymEncryptedProtectedData};
use post::child::{Opener, Pool, Unopened};
use post::openpgp::key::NewKey;
use post::openpgp::{Error, SecretKey, reseal_head};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

const KEY: [u8; 32] = [3; 32];

fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

fn key() -> SecretKey {
    let at = "2026-11-01T00:00:00Z".parse().unwrap();
    let new = NewKey { user_id: "Duty <duty@csirt.example>", at, valid: jiff::SignedDuration::from_hours(9_000), passphrase: None };
    SecretKey::generate(&new, [7; 32]).unwrap()
}

fn opener() -> Opener {
    let mut program = std::env::current_exe().unwrap();
    program.pop();
    program.pop();
    Opener::over(Arc::new(Pool::new(program.join("examples").join("child"), vec![], 1)))
}

/// A packet in the current form of headers.
fn packet(tag: u8, body: &[u8]) -> Vec<u8> {
    [&[0xC0 | tag, 0xFF], &u32::try_from(body.len()).unwrap().to_be_bytes()[..], body].concat()
}

fn literal(content: &[u8]) -> Vec<u8> {
    packet(11, &[b"b\0\0\0\0\0", content].concat())
}

/// Compressed data that is none: a chain of stored blocks (RFC 1951 section 3.2.4).
fn stored(content: &[u8]) -> Vec<u8> {
    let mut out = vec![1];
    let many = content.chunks(65_535).count();
    for (at, block) in content.chunks(65_535).enumerate() {
        let length = u16::try_from(block.len()).unwrap();
        out.extend([u8::from(at + 1 == many)].into_iter().chain(length.to_le_bytes()).chain((!length).to_le_bytes()).chain(block.iter().copied()));
    }
    packet(8, &out)
}

/// So many times 258 zeros and a few, compressed with the fixed codes (section 3.2.6): 13 bits for 258 bytes.
fn zeros(times: usize) -> Vec<u8> {
    let (mut out, mut bits, mut held) = (vec![1_u8], 0_u32, 0_u64);
    let mut put = |code: u64, length: u32| {
        held |= code << bits;
        bits += length;
        while bits >= 8 {
            out.push((held & 0xFF) as u8);
            held >>= 8;
            bits -= 8;
        }
    };
    put(0b011, 3);
    // Huffman codes stand with their first bit first.
    let mut code = |code: u64, length: u32| put(code.reverse_bits() >> (64 - length), length);
    // The head of a literal packet of four bytes for its length, and then a content of zeros.
    let content = u32::try_from(times * 258).unwrap();
    for byte in [0xCB, 0xFF].into_iter().chain((content + 6).to_be_bytes()).chain(*b"b\0\0\0\0\0") {
        if byte < 144 { code(0x30 + u64::from(byte), 8) } else { code(0x190 + u64::from(byte) - 144, 9) }
    }
    code(0x30, 8);
    for _ in 0..times {
        code(0xC5, 8);
        code(0, 5);
    }
    code(0, 7);
    code(0, 7);
    packet(8, &out)
}

/// Encrypted to the key: exactly these packets.
fn encrypted(inside: &[u8]) -> Vec<u8> {
    let mut out = reseal_head(&KEY, &[key().certificate()], true, now(), [5; 32]).unwrap();
    SymEncryptedProtectedData::encrypt_seipdv1(StdRng::from_seed([9; 32]), SymmetricKeyAlgorithm::AES256, &KEY, inside)
        .unwrap()
        .to_writer_with_header(&mut out)
        .unwrap();
    out
}

/// A message of version 2 for a key that understands it, with an AEAD that nobody knows.
fn unknown_aead(aead: u8) -> Vec<u8> {
    let (cert, _) = SignedPublicKey::from_reader_single(key().certificate().armored().unwrap().as_bytes()).unwrap();
    let wrapped =
        PublicKeyEncryptedSessionKey::from_session_key_v6(StdRng::from_seed([4; 32]), &RawSessionKey::from(&KEY[..]), &cert.public_subkeys[0].key).unwrap();
    let mut out = Vec::new();
    wrapped.to_writer_with_header(&mut out).unwrap();
    out.extend(packet(18, &[&[2, 9, aead, 6], &[1; 32][..], &[0; 200]].concat()));
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_well_encrypted_and_hostile_inside_ends_in_one_line_and_the_next_is_read() {
    let (opener, mine) = (opener(), || vec![(key().armored().unwrap(), String::new())]);
    let towers = (0..200).fold(literal(b"top"), |inside, _| stored(&inside));
    let shells = (0..8).fold(literal(b"core"), |inside, _| encrypted(&inside));
    let bomb = zeros((2 << 30) / 258);
    assert!(bomb.len() < 14 << 20);
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", encrypted(b"")),
        ("six layers", (0..5).fold(encrypted(&literal(b"core")), |inside, _| encrypted(&inside))),
        ("a million markers", encrypted(&[packet(10, b"PGP").repeat(1_000_000), literal(b"x")].concat())),
        ("a million literals", encrypted(&literal(b"x").repeat(1_000_000))),
        ("a million paddings", encrypted(&[packet(21, b"").repeat(1_000_000), literal(b"x")].concat())),
        ("a bomb of 2 GiB", encrypted(&bomb)),
        ("a bomb in a wrapping", encrypted(&stored(&bomb))),
        ("a tower of 200", encrypted(&towers)),
        ("eight shells", shells),
        ("a literal that says more than it has", encrypted(&[&[0xCB, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF][..], b"b\0\0\0\0\0x"].concat())),
        ("compressed nonsense", encrypted(&packet(8, &[1, 7, 7, 7]))),
        ("an unknown compression", encrypted(&packet(8, &[99, 1, 2]))),
        ("bzip2 nonsense", encrypted(&packet(8, b"\x03BZh9nonsense"))),
        ("a key", encrypted(&key().certificate().bytes().unwrap())),
        ("only a signature", encrypted(&packet(2, &[4, 0, 1, 8, 0, 0, 0, 0, 0, 0]))),
        ("a signature that begins and never ends", encrypted(&[packet(4, &[3, 0, 8, 22, 1, 2, 3, 4, 5, 6, 7, 8, 1]), literal(b"x")].concat())),
        ("AEAD 99", unknown_aead(99)),
        ("AEAD 0", unknown_aead(0)),
        ("AEAD 99 in a shell", encrypted(&unknown_aead(99))),
        ("AEAD 3 over nonsense", unknown_aead(3)),
    ];
    for (what, message) in cases {
        let before = Instant::now();
        let answer = opener.apart().open(&message, mine(), vec![], now(), 64 << 20).await;
        let said = answer.map_or_else(|error| error.to_string(), |opened| format!("opened: {} bytes", opened.content.len()));
        assert!(!said.is_empty() && !said.contains('\n') && said.len() < 300, "{what}: {said}");
        let fine = ["a million markers", "a million paddings", "six layers"].contains(&what);
        assert_eq!(said.starts_with("opened"), fine, "{what}: {said}");
        assert!(!["AEAD 99", "AEAD 0"].contains(&what) || said.contains("in a way that is not known here"), "{what}: {said}");
        assert!(before.elapsed() < Duration::from_secs(40), "{what} took {:?}", before.elapsed());
        println!("{what}: {said} ({:?}, {} bytes)", before.elapsed(), message.len());
        let good = opener.apart().open(&encrypted(&literal(b"good")), mine(), vec![], now(), 1 << 20).await.unwrap();
        assert_eq!(good.content, b"good", "after {what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bomb_is_refused_at_what_may_come_out_and_a_child_that_grows_beyond_its_memory_is_ended() {
    let (opener, mine) = (opener(), || vec![(key().armored().unwrap(), String::new())]);
    let bomb = encrypted(&zeros((2 << 30) / 258));
    let most = 8 << 20;
    assert_eq!(opener.apart().open(&bomb, mine(), vec![], now(), most).await.unwrap_err(), Unopened::Wrong(Error::TooLarge(most)));
    // Whoever asks for too much gets no more than a child may hold.
    let patient = opener.with_patience(Duration::from_secs(200));
    let refused = patient.apart().open(&bomb, mine(), vec![], now(), 4 << 30).await.unwrap_err();
    assert!(refused == Unopened::Killed || refused.to_string().ends_with("out of memory"), "{refused}");
    assert_eq!(patient.apart().open(&encrypted(&literal(b"good")), mine(), vec![], now(), most).await.unwrap().content, b"good");
}

#[test]
fn what_stands_around_a_part_that_breaks_the_library_is_read() {
    use post::letter::{Envelope, Limits};
    use post::openpgp::{look, mail::Ring};
    let ring = Ring { keys: vec![(key().armored().unwrap(), String::new())], signers: vec![] };
    let armored = data_encoding::BASE64.encode(&encrypted(&unknown_aead(99)));
    let evil = data_encoding::BASE64_MIME.encode(format!("-----BEGIN PGP MESSAGE-----\n\n{armored}\n-----END PGP MESSAGE-----\n").as_bytes());
    let raw = format!(
        "From: a@shop.example\r\nSubject: two files\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: text/plain\r\n\r\n\
         Seen at 192.0.2.7.\r\n--m\r\nContent-Type: application/octet-stream; name=evil.pgp\r\nContent-Transfer-Encoding: base64\r\n\r\n{evil}\r\n--m\r\n\
         Content-Type: text/csv; name=list.csv\r\n\r\na,b\r\n--m--\r\n"
    );
    let opened = look::mail(&Envelope::default(), raw.as_bytes(), &ring, now(), &Limits::default());
    let names: Vec<&str> = opened.letter.attachments.iter().map(|file| file.name.as_str()).collect();
    assert_eq!((opened.letter.text.trim(), names), ("Seen at 192.0.2.7.", vec!["evil.pgp", "list.csv"]));
    assert!(opened.letter.problems.len() == 1 && opened.letter.problems[0].contains("cannot follow"), "{:?}", opened.letter.problems);
}
