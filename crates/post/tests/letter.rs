//! Mails as they come, good and hostile, and the letters they become.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod corpus;

use std::fmt::Write;

use corpus::{mail, nested, parts};
use post::letter::{Address, Envelope, Letter, LetterKind, Limits, read, read_delivered, unreadable};

fn letter(raw: impl AsRef<[u8]>) -> Letter {
    read(raw.as_ref(), &Limits::default())
}

fn has_problem(letter: &Letter, part: &str) -> bool {
    letter.problems.iter().any(|problem| problem.contains(part))
}

#[test]
fn an_ordinary_mail_is_read_without_a_problem() {
    let read = letter(
        "From: =?utf-8?Q?Ana_Mu=C3=B1oz?= <ana@example.org>\r\n\
         To: CSIRT <csirt@example.net>, Ops <ops@example.net>\r\nCc: boss@example.net\r\nReply-To: ana@home.example\r\n\
         Subject: =?iso-8859-1?Q?Correo_sospechoso?=\r\n =?iso-8859-1?Q?_en_Espa=F1a?=\r\n\
         Date: Tue, 3 Nov 2026 10:00:00 +0100\r\nMessage-ID: <1@example.org>\r\nIn-Reply-To: <0@example.org>\r\n\
         References: <a@example.org>\r\n <0@example.org>\r\nContent-Language: es-ES\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n\
         --c\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nHola, =C2=BFqu=C3=A9 tal?\r\n\
         --c\r\nContent-Type: text/html\r\n\r\n<p>Hola <img src=\"https://t.example/x\"></p>\r\n--c--\r\n\
         --b\r\nContent-Type: text/csv; charset=iso-8859-1; name=\"log.csv\"\r\nContent-Disposition: attachment; filename=\"log.csv\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n8Q0K\r\n--b--\r\n",
    );
    assert_eq!(read.problems, Vec::<String>::new());
    assert_eq!(read.from, Some(Address::named("Ana Muñoz", "ana@example.org")));
    assert_eq!(read.to.len(), 2);
    assert_eq!(read.cc, [Address::bare("boss@example.net")]);
    assert_eq!(read.reply_to, [Address::bare("ana@home.example")]);
    assert_eq!(read.subject, "Correo sospechoso en España");
    assert_eq!(read.date, Some(1_793_696_400_000_000));
    assert_eq!(read.message_id.as_deref(), Some("<1@example.org>"));
    assert_eq!(read.in_reply_to, ["<0@example.org>"]);
    assert_eq!(read.references, ["<a@example.org>", "<0@example.org>"]);
    assert_eq!(read.language.as_deref(), Some("es-ES"));
    assert_eq!(read.text.trim(), "Hola, ¿qué tal?");
    assert_eq!(read.html.as_deref().map(str::trim), Some("<p>Hola </p>"));
    let [file] = read.attachments.as_slice() else { panic!("one file, not {:?}", read.attachments) };
    assert_eq!((file.name.as_str(), file.media_type.as_str()), ("log.csv", "text/csv"));
    assert_eq!(file.content, b"\xf1\r\n", "the bytes of a text file are evidence and are not re-coded");
    assert!(read.may_be_acknowledged());
}

#[test]
fn a_letter_survives_json() {
    let read = letter(parts(3));
    let json = serde_json::to_string(&read).unwrap();
    assert_eq!(serde_json::from_str::<Letter>(&json).unwrap(), read);
}

#[test]
fn html_alone_becomes_readable_text() {
    let read = letter(mail("Content-Type: text/html; charset=utf-8", "<h1>Alert</h1><p>See <a href='https://x.example/a'>this</a></p>"));
    assert_eq!(read.text, "Alert\nSee this (https://x.example/a)");
    assert!(!read.html.unwrap().contains("<a"));
}

#[test]
fn an_attached_mail_is_kept_whole() {
    let inner = "From: bad@evil.example\r\nSubject: Win a prize\r\nX-RT-Evidence: kept\r\n\r\nclick\r\n";
    let raw = mail(
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b",
        &format!("--b\r\n\r\nsee attached\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"),
    );
    let read = letter(raw);
    assert_eq!(read.text.trim(), "see attached");
    assert_eq!(read.attachments.len(), 1);
    assert_eq!(read.attachments[0].name, "Win a prize.eml");
    assert_eq!(String::from_utf8_lossy(&read.attachments[0].content), inner);
}

#[test]
fn unknown_and_broken_character_sets_lose_no_letter() {
    let read = letter(mail("Content-Type: text/plain; charset=klingon-8", "plain words"));
    assert!(read.text.contains("plain words") && has_problem(&read, "klingon-8"), "{:?}", read.problems);
    let mut raw = mail("Content-Type: text/plain; charset=utf-8", "caf");
    raw.extend_from_slice(b"\xe9 ok");
    let read = letter(raw);
    assert!(read.text.contains("ok") && has_problem(&read, "could not be decoded"), "{:?}", read.problems);
    let mut raw = mail("Content-Type: text/plain; charset=shift_jis", "");
    raw.extend_from_slice(b"\x83\x65\x83\x58\x83\x67");
    assert_eq!(letter(raw).text, "テスト");
}

#[test]
fn a_flood_of_parts_keeps_the_first_five_hundred() {
    let read = letter(parts(700));
    assert!(has_problem(&read, "more than 500 parts"));
    assert!(read.text.contains("part 0"));
    assert!((490..=500).contains(&(read.attachments.len() + 1)), "{}", read.attachments.len());
}

#[test]
fn deep_nesting_is_left_out_and_what_stands_beside_it_is_read() {
    let read = letter(nested(25));
    assert!(has_problem(&read, "nested deeper than 20"), "{:?}", read.problems);
    assert!(read.text.contains("before") && read.text.contains("after"), "{}", read.text);
    assert!(!has_problem(&letter(nested(10)), "nested"));
    let mut mails = String::from("From: a@example.org\r\n");
    for _ in 0..30_000 {
        mails.push_str("Content-Type: message/rfc822\r\n\r\n");
    }
    assert!(has_problem(&letter(mails), "nested deeper than 20"));
}

#[test]
fn a_header_flood_hides_neither_sender_nor_body() {
    let mut raw = String::new();
    for at in 0..40_000 {
        let _ = write!(raw, "X-Flood-{at}: {}\r\n", "x".repeat(40));
    }
    raw.push_str("From: a@example.org\r\nSubject: still here\r\n\r\nthe body");
    assert!(raw.len() > 2 * 1024 * 1024);
    let read = letter(&raw);
    assert!(has_problem(&read, "fields were not read"), "{:?}", read.problems);
    assert_eq!((read.subject.as_str(), read.text.trim()), ("still here", "the body"));
    assert_eq!(read.from, Some(Address::bare("a@example.org")));
    let read = letter(format!("From: a@example.org\r\nSubject: {}\r\n\r\nbody", "=?utf-8?B?w7E=?= ".repeat(200_000)));
    assert!(has_problem(&read, "were cut") && read.subject.chars().count() <= 500 && read.text == "body");
}

#[test]
fn nul_bytes_and_control_characters_are_taken_out() {
    let read = letter(b"From: a@example.org\r\nSubject: a\0b\x07c\r\n\r\nx\0y\x1b[31m\r\n");
    assert_eq!((read.subject.as_str(), read.text.as_str()), ("abc", "xy[31m\n"));
    assert!(has_problem(&read, "out of the header") && has_problem(&read, "out of the text"));
}

#[test]
fn an_unterminated_boundary_loses_nothing() {
    let read = letter(mail("Content-Type: multipart/mixed; boundary=b", "--b\r\n\r\nfirst\r\n--b\r\nContent-Type: text/csv\r\n\r\n1,2"));
    assert!(read.text.contains("first"));
    assert_eq!(read.attachments[0].content, b"1,2");
    let read = letter(mail("Content-Type: multipart/mixed; boundary=never", "no boundary at all"));
    assert!(read.text.contains("no boundary at all") || read.attachments.iter().any(|f| f.content.starts_with(b"no boundary")));
}

#[test]
fn a_part_that_is_not_ended_or_not_begun_swallows_no_other() {
    let body = "--b\r\n\r\nfirst\r\n--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n{}\
                --b\r\nContent-Type: text/csv\r\n\r\n1,2\r\n--b--\r\n";
    for inner in ["--c\r\n\r\ninner\r\n", "no boundary: inner\r\n"] {
        let raw = mail("Content-Type: multipart/mixed; boundary=b", &body.replace("{}", inner));
        let read = letter(raw);
        assert!(read.text.contains("first") && read.text.contains("inner"), "{read:?}");
        assert_eq!(read.attachments.last().map(|f| f.content.as_slice()), Some(b"1,2".as_slice()), "{read:?}");
    }
}

#[test]
fn a_page_that_is_too_intricate_is_shown_as_text() {
    let raw = mail("Content-Type: text/html", &format!("{}hello <script>x</script>", "<div>".repeat(100_000)));
    let read = letter(raw);
    assert!(has_problem(&read, "too intricate") && read.text.contains("hello"), "{:?}", read.problems);
}

#[test]
fn ten_megabytes_of_garbage_for_base64_end_in_a_letter() {
    let body = "!!!!=====%%%%AAAA\u{7f}".repeat(600_000);
    let head = "Content-Type: application/zip; name=x.zip\r\nContent-Transfer-Encoding: base64";
    let read = letter(mail(head, &body));
    assert_eq!(read.from, Some(Address::bare("a@example.org")));
}

#[test]
fn forged_and_repeated_fields_are_told_of() {
    let read = letter(
        "X-RT-Loop: x\r\nX-Atalaya-Label: CLEAR\r\nRT-Send-Cc: spy@evil.example\r\nFrom: a@example.org\r\n\
         From: b@evil.example\r\nSubject: one\r\nSubject: two\r\n\r\nx",
    );
    assert!(has_problem(&read, "3 header fields that only this system may write"), "{:?}", read.problems);
    assert!(has_problem(&read, "2 From fields; the first was used") && has_problem(&read, "2 Subject fields"));
    assert_eq!(read.from, Some(Address::bare("a@example.org")));
    assert_eq!(read.subject, "one");
}

#[test]
fn file_names_of_strangers_are_harmless() {
    let head = "Content-Type: application/x-sh; name=\"../../a\u{202e}fdp.sh\"\r\nContent-Disposition: attachment";
    let read = letter(mail(head, "x"));
    assert_eq!(read.attachments[0].name, "afdp.sh");
}

#[test]
fn no_bytes_at_all_and_no_mail_at_all_are_letters_too() {
    for raw in [b"".as_slice(), b"\r\n", b"\0\0\0", b"just words", b"\xff\xfe\x00d", b":", b"\r\n\r\n\r\nbody"] {
        let read = letter(raw);
        assert!(!read.problems.is_empty(), "{raw:?}");
    }
    assert!(letter(b"just words without header").text.contains("just words"));
    let small = Limits { size: 100, ..Limits::default() };
    let read = read_delivered(&Envelope::default(), &mail("X: y", &"z".repeat(1000)), &small);
    assert!(has_problem(&read, "larger than 100 bytes"));
}

#[test]
fn an_unreadable_mail_still_names_its_sender() {
    let raw = "Received: x\r\nFrom: \"Ana\" <ana@example.org>\r\nSubject: help\r\n me\r\nMessage-ID: <1@e.org>\r\n\r\nFrom: not@this.one\r\n";
    let read = unreadable(raw.as_bytes(), "The reader crashed.");
    assert_eq!(read.from, Some(Address::named("Ana", "ana@example.org")));
    assert_eq!((read.subject.as_str(), read.message_id.as_deref()), ("help me", Some("<1@e.org>")));
    assert_eq!(read.problems, ["The reader crashed."]);
    assert!(read.text.contains("not@this.one") && !read.may_be_acknowledged());
}

fn kind(headers: &str, from: Option<&str>) -> (LetterKind, bool) {
    let envelope = Envelope { from: from.map(str::to_owned), to: vec![] };
    let read = read_delivered(&envelope, &mail(headers, "x"), &Limits::default());
    let may = read.may_be_acknowledged();
    (read.kind, may)
}

#[test]
fn machines_are_told_from_people_and_their_reports_stay_reports() {
    let someone = Some("a@example.org");
    assert_eq!(kind("X: y", someone), (LetterKind::Ordinary, true));
    assert_eq!(kind("Auto-Submitted: no", someone), (LetterKind::Ordinary, true));
    assert_eq!(kind("Auto-Submitted: auto-replied (vacation)", someone), (LetterKind::AutoReply, false));
    assert_eq!(kind("Auto-Submitted: auto-generated", someone), (LetterKind::Ordinary, false));
    assert_eq!(kind("Precedence: bulk", someone), (LetterKind::Ordinary, false));
    assert_eq!(kind("Precedence: bulk\r\nIn-Reply-To: <x@y>", someone), (LetterKind::Ordinary, false));
    assert_eq!(kind("List-Id: <l.example.org>", someone), (LetterKind::Ordinary, false));
    assert_eq!(kind("X-Auto-Response-Suppress: All", someone), (LetterKind::Ordinary, false));
    assert_eq!(kind("X: y", None), (LetterKind::AutoReply, false));
}

#[test]
fn a_delivery_report_names_the_recipient_and_the_mail() {
    let raw = mail(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        "--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; gone@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no\r\n such user\r\n\r\n\
         Final-Recipient: rfc822; slow@example.com\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nMessage-ID: <ours@csirt.example>\r\n\r\n--b--\r\n",
    );
    let LetterKind::Bounce(bounce) = letter(raw).kind else { panic!("not seen as a bounce") };
    assert!(bounce.permanent);
    assert_eq!(bounce.original_message_id.as_deref(), Some("<ours@csirt.example>"));
    let recipients: Vec<(&str, &str, &str)> = bounce.recipients.iter().map(|r| (r.mail.as_str(), r.action.as_str(), r.status.as_str())).collect();
    assert_eq!(recipients, [("gone@example.com", "failed", "5.1.1"), ("slow@example.com", "delayed", "4.4.1")]);
    assert_eq!(bounce.recipients[0].diagnostic, "550 no such user");
}

#[test]
fn a_delivery_report_of_the_old_kind_is_recognised() {
    let raw = b"From: MAILER-DAEMON@mx.example\r\nX-Failed-Recipients: gone@example.com\r\nSubject: failed\r\n\r\n\
                550 no such user\r\n\r\nMessage-ID: <ours@csirt.example>\r\n";
    let read = read_delivered(&Envelope::default(), raw, &Limits::default());
    let LetterKind::Bounce(bounce) = read.kind else { panic!("not seen as a bounce") };
    assert_eq!(bounce.recipients[0].mail, "gone@example.com");
    assert_eq!(bounce.original_message_id.as_deref(), Some("<ours@csirt.example>"));
    assert!(bounce.permanent && read.auto_submitted);
}

#[test]
fn only_our_own_server_is_believed_on_authentication() {
    let raw = mail("Authentication-Results: mx.evil.example; dkim=pass\r\nAuthentication-Results: mx.our.example 1; spf=fail", "x");
    assert_eq!(letter(&raw).authentication, None);
    let limits = Limits { authserv_id: Some("mx.our.example".to_owned()), ..Limits::default() };
    assert_eq!(read(&raw, &limits).authentication.as_deref(), Some("spf=fail"));
}

#[test]
fn encryption_is_seen_inline_and_in_mime() {
    assert!(letter(mail("X: y", "-----BEGIN PGP MESSAGE-----\r\n\r\nhQ\r\n")).encrypted);
    let head = "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b";
    assert!(letter(mail(head, "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b--\r\n")).encrypted);
    assert!(!letter(mail("X: y", "plain")).encrypted);
}

#[test]
fn of_two_content_types_the_first_counts_for_limits_and_for_reading() {
    let raw = b"From: a@example.org\r\nContent-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhidden\r\n--b--\r\n";
    let letter = post::letter::read(raw, &post::letter::Limits::default());
    assert!(letter.text.contains("--b") && letter.text.contains("hidden"), "{:?}", letter.text);
    assert!(letter.problems.iter().any(|line| line.contains("more than one Content-Type")), "{:?}", letter.problems);
}
