//! A mail that was composed is read back as it was meant.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use post::address::ThreadKey;
use post::compose::{ComposeError, Outgoing, REPLIED, compose};
use post::letter::{Address, Attachment, LetterKind, Limits, read};
use proptest::prelude::*;

fn outgoing() -> Outgoing {
    let key = ThreadKey::new([3; 32]);
    Outgoing {
        message_id: key.message_id(&[1; 16], &[2; 16], "csirt.example"),
        from: Address::named("CSIRT de Ejemplo, S.A. \"ñ\"", "csirt@csirt.example"),
        to: Address::named("Ana, \"the\" analyst", "ana@example.org"),
        reply_to: Some(Address::bare(&key.reply_address("csirt", "csirt.example", &[1; 16]).unwrap())),
        subject: "Re: [ATL-2026-000123] Suplantación de identidad en la web de la Universidad de Ejemplo".to_owned(),
        text: "Hola, Ana:\n\n.\nFrom here on = and trailing \n\nSaludos".to_owned(),
        language: Some("es".to_owned()),
        date: 1_793_696_400_000_000,
        in_reply_to: Some("<1@example.org>".to_owned()),
        references: vec!["<0@example.org>".to_owned(), "<1@example.org>".to_owned()],
        ..Outgoing::default()
    }
}

/// A line longer than RFC 5322 section 2.1.1 wants; ids cannot be folded.
fn too_long(raw: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(raw);
    let ids = |line: &str| line.starts_with("Message-ID:");
    text.split("\r\n").find(|line| line.len() > 78 && !ids(line)).map(str::to_owned)
}

#[test]
fn a_mail_comes_back_as_it_was_written() {
    let mail = outgoing();
    let raw = compose(&mail).unwrap();
    assert_eq!(raw, compose(&mail).unwrap());
    assert!(raw.is_ascii() && !String::from_utf8_lossy(&raw).replace("\r\n", "").contains(['\r', '\n']));
    assert_eq!(too_long(&raw), None);
    let read = read(&raw, &Limits::default());
    assert_eq!(read.problems, Vec::<String>::new());
    assert!(read.may_be_acknowledged() && read.attachments.is_empty());
    assert_eq!(read.from, Some(mail.from));
    assert_eq!(read.to, [mail.to]);
    assert_eq!(read.reply_to, [mail.reply_to.unwrap()]);
    assert_eq!(read.subject, mail.subject);
    assert_eq!(read.text.trim_end(), mail.text);
    assert_eq!((read.date, read.language.as_deref()), (Some(mail.date), Some("es")));
    assert_eq!(read.message_id, Some(mail.message_id));
    assert_eq!((read.in_reply_to, read.references), (vec!["<1@example.org>".to_owned()], mail.references));
}

#[test]
fn an_acknowledgement_says_that_a_machine_wrote_it() {
    let raw = compose(&Outgoing { auto_submitted: Some(REPLIED), ..outgoing() }).unwrap();
    let text = String::from_utf8(raw.clone()).unwrap();
    assert!(text.contains("\r\nAuto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n"), "{text}");
    assert_eq!(read(&raw, &Limits::default()).kind, LetterKind::AutoReply);
}

#[test]
fn attachments_come_back_byte_for_byte() {
    let content: Vec<u8> = (0..=255).cycle().take(5000).collect();
    let file = |name: &str, media_type: &str| Attachment {
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        size: content.len(),
        content: content.clone(),
        inline: false,
    };
    let files = vec![file("informe año 2026 — final.pdf", "application/pdf"), file("log.csv", "text/csv")];
    let mail = Outgoing { attachments: files.clone(), ..outgoing() };
    let read = read(&compose(&mail).unwrap(), &Limits::default());
    assert_eq!(read.attachments, files);
    assert_eq!(read.text.trim_end(), mail.text);
    let bad = Outgoing { attachments: vec![file("x", "text/html\r\nX: y")], ..outgoing() };
    assert!(matches!(compose(&bad), Err(ComposeError::MediaType(_))));
}

#[test]
fn no_value_can_add_a_header_field() {
    let evil = "x\r\nBcc: spy@evil.example\r\n\r\nbody";
    let mail = Outgoing {
        subject: evil.to_owned(),
        from: Address::named(evil, "csirt@csirt.example"),
        references: vec![evil.to_owned()],
        headers: vec![("X-Note".to_owned(), evil.to_owned())],
        ..outgoing()
    };
    let text = String::from_utf8(compose(&mail).unwrap()).unwrap();
    assert!(!text.contains("\r\nBcc:") && !text.contains("\nBcc:"), "{text}");
    let refused = [
        Outgoing { to: Address::bare("a@example.org\r\nBcc: b@c.d"), ..outgoing() },
        Outgoing { message_id: "<a@b>\r\nBcc: c".to_owned(), ..outgoing() },
        Outgoing { in_reply_to: Some("<a@b> <c@d>".to_owned()), ..outgoing() },
        Outgoing { language: Some("es\r\nBcc: c".to_owned()), ..outgoing() },
        Outgoing { headers: vec![("Bcc".to_owned(), "a@b".to_owned())], ..outgoing() },
        Outgoing { headers: vec![("X\r\nBcc".to_owned(), "a@b".to_owned())], ..outgoing() },
        Outgoing { date: i64::MAX, ..outgoing() },
    ];
    for mail in refused {
        assert!(compose(&mail).is_err(), "{mail:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]
    #[test]
    fn any_subject_name_and_text_come_back(subject in "\\PC{0,120}", name in "\\PC{0,60}", text in "(\\PC|\n){0,300}") {
        let strip = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mail = Outgoing { subject: subject.clone(), from: Address::named(&name, "a@example.org"), text: text.clone(), ..outgoing() };
        let raw = compose(&mail).unwrap();
        prop_assert_eq!(too_long(&raw), None);
        let read = read(&raw, &Limits::default());
        // The reader takes reading direction marks away; the writer lets them be.
        let marks = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{feff}');
        let plain = |text: &str| strip(&text.chars().filter(|c| !marks(*c)).collect::<String>());
        prop_assert_eq!(plain(&read.subject), plain(&subject));
        prop_assert_eq!(plain(read.from.and_then(|from| from.name).as_deref().unwrap_or("")), plain(&name));
        prop_assert_eq!(read.text.trim_end_matches('\n'), text.trim_end_matches('\n'));
    }
}
