//! A mail whose OpenPGP breaks the library that reads it: a child process breaks, and nothing else. The
//! report is there, with its original and one line, and the next mail is read.

use atalaya::access::Role;
use atalaya::{mailbox, reports};
use pgp::composed::{Deserializable as _, RawSessionKey, SignedPublicKey};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::packet::{PacketTrait as _, PublicKeyEncryptedSessionKey, SymEncryptedProtectedData};
use post::openpgp::{SecretKey, reseal_head};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use crate::house::{House, Lmtp, MORNING, instant};
use crate::openpgp::{PEER, US, head, mail_key};

const SESSION: [u8; 32] = [3; 32];

/// A message of version 2 for this key, with a way of sealing (AEAD) that nobody knows.
fn unknown_aead(ours: &SecretKey, aead: u8) -> Vec<u8> {
    let (cert, _) = SignedPublicKey::from_reader_single(ours.certificate().armored().unwrap().as_bytes()).unwrap();
    let session = RawSessionKey::from(&SESSION[..]);
    let wrapped = PublicKeyEncryptedSessionKey::from_session_key_v6(StdRng::from_seed([4; 32]), &session, &cert.public_subkeys[0].key).unwrap();
    let (mut out, body) = (Vec::new(), [&[2, 9, aead, 6], &[1; 32][..], &[0; 200]].concat());
    wrapped.to_writer_with_header(&mut out).unwrap();
    out.extend([&[0xC0 | 18, 0xFF], &u32::try_from(body.len()).unwrap().to_be_bytes()[..], &body].concat());
    out
}

/// A message in armor, well encrypted to this key: inside stand exactly these packets.
fn around(ours: &SecretKey, inside: &[u8]) -> String {
    let mut out = reseal_head(&SESSION, &[ours.certificate()], false, instant(MORNING), [5; 32]).unwrap();
    let sealed = SymEncryptedProtectedData::encrypt_seipdv1(StdRng::from_seed([9; 32]), SymmetricKeyAlgorithm::AES256, &SESSION, inside);
    sealed.unwrap().to_writer_with_header(&mut out).unwrap();
    format!("-----BEGIN PGP MESSAGE-----\r\n\r\n{}\r\n-----END PGP MESSAGE-----\r\n", data_encoding::BASE64_MIME.encode(&out).trim_end())
}

/// The three forms in which such a message comes: as the mail, in its words, as a file beside words and a list.
fn mails(message: &str) -> [(&'static str, String); 3] {
    let mime = "Content-Type: multipart/encrypted; boundary=e; protocol=\"application/pgp-encrypted\"\r\n\r\n--e\r\nContent-Type: application/pgp-encrypted\r\n\r\n\
        Version: 1\r\n\r\n--e\r\nContent-Type: application/octet-stream\r\n\r\n";
    let file = "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: text/plain\r\n\r\nSeen at 192.0.2.7.\r\n--m\r\n\
        Content-Type: application/octet-stream; name=evil.pgp\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    let encoded = data_encoding::BASE64_MIME.encode(message.as_bytes());
    [
        ("the whole", format!("{}{mime}{message}--e--\r\n", head("the whole"))),
        ("in the words", format!("{}Content-Type: text/plain\r\n\r\nSeen at 192.0.2.7.\r\n{message}", head("in the words"))),
        ("a file", format!("{}{file}{encoded}--m\r\nContent-Type: text/csv; name=list.csv\r\n\r\na,b\r\n--m--\r\n", head("a file"))),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_in_a_message_that_breaks_the_library_costs_one_line_and_no_mail() {
    for house in House::both().await {
        let ours = mail_key(&house).await;
        let listener = mailbox::listen(&house.app, std::future::pending()).await.unwrap().unwrap();
        let mut lmtp = Lmtp::connect(listener.address.unwrap()).await;
        let analyst = house.login_as(Role::Analyst).await;
        for (title, raw) in mails(&around(&ours, &unknown_aead(&ours, 99))) {
            assert!(lmtp.deliver(PEER, &[US], raw.as_bytes()).await[0].starts_with("250"), "{title}");
            house.run_jobs().await;
            let rows: Vec<(String,)> = house.rows("select number from reports where title = $1", store::args![title]).await;
            let mut reader = house.app.db.read().await.unwrap();
            let report = reports::find(&mut reader, &rows[0].0).await.unwrap().unwrap();
            let kept = house.app.blobs.get(&mut reader, report.raw.unwrap()).await.unwrap();
            let files = reports::files(&mut reader, report.id).await.unwrap();
            drop(reader);
            assert!(kept == raw.as_bytes(), "on {}: {title} is not as it came", house.on);
            assert!(report.problems.len() == 1 && report.problems[0].contains("cannot follow"), "{title}: {:?}", report.problems);
            let page = analyst.get(&format!("/inbox/{}", report.number)).await.must(200);
            assert!(page.shows(&report.problems[0]), "{title}: {}", page.words());
            if title != "the whole" {
                assert!(report.body.contains("Seen at 192.0.2.7.") && page.shows("192.0.2.7"), "{title}: {}", report.body);
            }
            assert_eq!(files.iter().any(|file| file.name == "list.csv"), title == "a file");
        }
        // The same way, and nothing broken in it.
        let literal = [&[0xCB, 18][..], b"b\0\0\0\0\0", b"Good words.\n"].concat();
        let [(_, raw), ..] = mails(&around(&ours, &literal));
        let raw = raw.replace("the whole", "good").replace("the-whole", "good");
        assert!(lmtp.deliver(PEER, &[US], raw.as_bytes()).await[0].starts_with("250"));
        house.run_jobs().await;
        let rows: Vec<(String, String)> = house.rows("select body, problems from reports where title = 'good'", vec![]).await;
        assert!(rows[0].0.contains("Good words.") && !rows[0].1.contains("follow"), "{rows:?}");
    }
}
