//! The envelope of a mail that comes without one, as its own header tells it, by a scan that trusts
//! nothing. A name in it opens no door: an answer finds its thread by our signature alone.

use super::listen::{accepts, known};
use crate::profile::Mail;

/// How far the header is looked through.
const HEAD: usize = 64 * 1024;
/// What the mail server that delivered it wrote there.
const DELIVERED: [&str; 3] = ["delivered-to", "x-original-to", "envelope-to"];
/// What the sender wrote.
const WRITTEN: [&str; 2] = ["to", "cc"];
/// So many recipients are noted.
const MOST: usize = 100;

/// The envelope's sender: Return-Path, then From.
pub fn sender(raw: &[u8]) -> String {
    let path = fields(raw).into_iter().find(|(name, _)| name == "return-path").map(|(_, value)| value.trim_matches(['<', '>', ' ', '\t']).to_owned());
    path.unwrap_or_else(|| post::letter::unreadable(raw, "").from.map(|from| from.mail).unwrap_or_default())
}

/// The envelope's recipients: whom the mail server delivered to, else who is ours of those that the
/// sender wrote to.
pub fn recipients(raw: &[u8], mail: &Mail) -> Vec<String> {
    let fields = fields(raw);
    let named = |names: &[&str]| {
        let mut all: Vec<String> = Vec::new();
        for one in fields.iter().filter(|(name, _)| names.contains(&name.as_str())).flat_map(|(_, value)| addresses(value)) {
            if all.len() < MOST && !all.iter().any(|known| known.eq_ignore_ascii_case(one)) {
                all.push(one.to_owned());
            }
        }
        all
    };
    let delivered = named(&DELIVERED);
    if !delivered.is_empty() {
        return delivered;
    }
    let ours = known(mail);
    named(&WRITTEN).into_iter().filter(|to| accepts(&ours, to)).collect()
}

/// The fields of a header, unfolded, with their names in small letters.
fn fields(raw: &[u8]) -> Vec<(String, String)> {
    let head = String::from_utf8_lossy(raw.get(..HEAD).unwrap_or(raw));
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in head.lines().take_while(|line| !line.trim().is_empty()) {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push_str(line);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    fields
}

fn addresses(value: &str) -> impl Iterator<Item = &str> {
    value.split([' ', '\t', ',', ';', '<', '>', '"', '(', ')']).filter(|word| post::address::check(word).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Texts;

    fn mail() -> Mail {
        Mail {
            from_name: Texts::default(),
            from_address: "report@csirt.example".to_owned(),
            listen: None,
            recipients: vec!["abuse@csirt.example".to_owned()],
            hello: "csirt.example".to_owned(),
            authserv_id: None,
            imap: None,
            smarthost: None,
            per_domain_per_minute: 3000,
        }
    }

    #[test]
    fn the_envelope_is_what_the_header_tells() {
        let delivered = b"Return-Path: <a@shop.example>\r\nDelivered-To: box17@host.example\r\nTo: abuse@csirt.example\r\n\r\nTo: x@y.example";
        assert_eq!((sender(delivered), recipients(delivered, &mail())), ("a@shop.example".to_owned(), vec!["box17@host.example".to_owned()]));
        let written = b"From: Ana <a@shop.example>\r\nTo: \"Desk, the\" <Report+t.abc@csirt.example>,\r\n  b@shop.example\r\nCc: abuse@csirt.example, ABUSE@csirt.example\r\n\r\n";
        assert_eq!(sender(written), "a@shop.example");
        assert_eq!(recipients(written, &mail()), ["Report+t.abc@csirt.example", "abuse@csirt.example"]);
        assert_eq!((sender(b"Return-Path: <>\r\nFrom: a@b.example\r\n\r\n"), recipients(b"", &mail())), (String::new(), vec![]));
    }
}
