//! Signed ids by which an answer finds its thread. A Message-ID or a reply
//! address that we wrote carries the thread and a keyed hash (HMAC-SHA256,
//! RFC 2104) of it, so that a stranger who guesses a thread's number cannot
//! write into its case. A tag in the subject proves nothing: the caller may
//! believe it only of someone who is already part of the case.

use data_encoding::{BASE32_NOPAD, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::{AddressError, check};

/// RFC 4648 base32 without padding; written in lower case, read in any.
const BASE32: Encoding = BASE32_NOPAD;

const FOR_MESSAGE_ID: &[u8] = b"atalaya message-id 1\0";
const FOR_ADDRESS: &[u8] = b"atalaya reply-address 1\0";

const MESSAGE_ID_MAC: usize = 16;
/// 80 bits: the longest that leaves 20 characters for the team's own name
/// within the 64 of RFC 5321 section 4.5.3.1.1. RFC 2104 section 5 allows it.
const ADDRESS_MAC: usize = 10;

/// The key that signs thread ids.
#[derive(Clone)]
pub struct ThreadKey([u8; 32]);

impl std::fmt::Debug for ThreadKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ThreadKey(..)")
    }
}

impl ThreadKey {
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// `<t.THREAD.UNIQUE.MAC@domain>` for a new mail of this thread.
    pub fn message_id(&self, thread: &[u8; 16], unique: &[u8; 16], domain: &str) -> String {
        let mac = self.mac(FOR_MESSAGE_ID, &[thread, unique]);
        let mac = mac.get(..MESSAGE_ID_MAC).unwrap_or(&mac);
        format!("<t.{}.{}.{}@{domain}>", encode(thread), encode(unique), encode(mac))
    }

    /// The thread of a Message-ID that we wrote, with or without its brackets.
    pub fn thread_of_message_id(&self, id: &str) -> Option<[u8; 16]> {
        let id = id.trim().trim_start_matches('<').trim_end_matches('>');
        let (left, _domain) = id.split_once('@')?;
        let mut pieces = left.split('.');
        if !pieces.next()?.eq_ignore_ascii_case("t") {
            return None;
        }
        let thread = decode::<16>(pieces.next()?)?;
        let unique = decode::<16>(pieces.next()?)?;
        let claimed = decode::<MESSAGE_ID_MAC>(pieces.next()?)?;
        let right = self.mac(FOR_MESSAGE_ID, &[&thread, &unique]);
        (pieces.next().is_none() && same(&claimed, &right)).then_some(thread)
    }

    /// `local+THREAD.MAC@domain`, for Reply-To. An error if the team's own name
    /// is longer than 20 characters or is no name.
    pub fn reply_address(&self, local: &str, domain: &str, thread: &[u8; 16]) -> Result<String, AddressError> {
        let mac = self.mac(FOR_ADDRESS, &[thread]);
        let mac = mac.get(..ADDRESS_MAC).unwrap_or(&mac);
        let address = format!("{local}+{}.{}@{domain}", encode(thread), encode(mac));
        check(&address)?;
        Ok(address)
    }

    /// The thread of a reply address that we wrote. Case does not count,
    /// because some mail servers change it.
    pub fn thread_of_address(&self, address: &str) -> Option<[u8; 16]> {
        let (local, _domain) = address.trim().rsplit_once('@')?;
        let (thread, mac) = local.rsplit_once('+')?.1.split_once('.')?;
        let thread = decode::<16>(thread)?;
        let claimed = decode::<ADDRESS_MAC>(mac)?;
        same(&claimed, &self.mac(FOR_ADDRESS, &[&thread])).then_some(thread)
    }

    fn mac(&self, purpose: &[u8], parts: &[&[u8; 16]]) -> [u8; 32] {
        // HMAC fills a short key up with zeros (RFC 2104 section 2); done here,
        // the key has the size of a block and making the hash cannot fail.
        let mut block = [0_u8; 64];
        block.iter_mut().zip(self.0).for_each(|(to, from)| *to = from);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(purpose);
        for part in parts {
            mac.update(*part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// Compares a shortened hash in constant time.
fn same(claimed: &[u8], right: &[u8]) -> bool {
    right.get(..claimed.len()).is_some_and(|right| claimed.ct_eq(right).into())
}

fn encode(bytes: &[u8]) -> String {
    BASE32.encode(bytes).to_ascii_lowercase()
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    // Before decoding: what a stranger sends may be long.
    if text.len() > 64 {
        return None;
    }
    BASE32.decode(text.to_ascii_uppercase().as_bytes()).ok()?.try_into().ok()
}

/// `[ATL-2026-000123]`, to stand in the subject for people.
pub fn subject_tag(number: &str) -> String {
    format!("[{number}]")
}

/// The numbers in a subject that look like ours: `ATL-2026-000123` out of
/// `Re: [ATL-2026-000123] Phishing`, each once, at most ten.
pub fn tags_in_subject(subject: &str, prefix: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for piece in subject.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(piece, _)| piece) {
        let upper = piece.trim().to_ascii_uppercase();
        let number = upper.strip_prefix(&prefix.to_ascii_uppercase()).and_then(|rest| rest.strip_prefix('-'));
        let digits = number.is_some_and(|number| number.len() <= 20 && number.split('-').all(|run| !run.is_empty() && run.bytes().all(|b| b.is_ascii_digit())));
        if digits && !found.contains(&upper) && found.len() < 10 {
            found.push(upper);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREAD: [u8; 16] = [7; 16];

    fn key() -> ThreadKey {
        ThreadKey::new([3; 32])
    }

    #[test]
    fn a_message_id_comes_back_to_its_thread_and_no_other_does() {
        let id = key().message_id(&THREAD, &[9; 16], "csirt.example");
        assert!(id.starts_with("<t.") && id.ends_with("@csirt.example>") && id.len() < 120, "{id}");
        assert_eq!(key().thread_of_message_id(&id), Some(THREAD));
        assert_eq!(key().thread_of_message_id(id.trim_matches(['<', '>'])), Some(THREAD));
        assert_eq!(ThreadKey::new([4; 32]).thread_of_message_id(&id), None);
        let other = key().message_id(&[8; 16], &[9; 16], "csirt.example");
        let (head, tail) = (other.split('.').take(2), id.split('.').skip(2));
        let grafted: Vec<&str> = head.chain(tail).collect();
        assert_eq!(key().thread_of_message_id(&grafted.join(".")), None);
    }

    #[test]
    fn every_changed_character_of_an_id_or_address_is_noticed() {
        let id = key().message_id(&THREAD, &[9; 16], "e.org");
        let address = key().reply_address("csirt", "e.org", &THREAD).unwrap();
        assert_eq!(key().thread_of_address(&address.to_uppercase()), Some(THREAD));
        let signed = |text: &str| text.find('@').unwrap();
        for (text, of_id) in [(&id, true), (&address, false)] {
            let from = if of_id { 3 } else { 6 };
            for at in from..signed(text) {
                let mut bytes = text.clone().into_bytes();
                bytes[at] = if bytes[at] == b'q' { b'r' } else { b'q' };
                let forged = String::from_utf8(bytes).unwrap();
                let found = if of_id { key().thread_of_message_id(&forged) } else { key().thread_of_address(&forged) };
                assert_eq!(found, None, "{forged}");
            }
        }
    }

    #[test]
    fn a_message_id_is_no_reply_address_and_names_are_limited() {
        let id = key().message_id(&THREAD, &THREAD, "e.org");
        let crossed = id.replace("<t.", "csirt+").replace('>', "");
        assert_eq!(key().thread_of_address(&crossed), None);
        assert!(key().reply_address(&"c".repeat(20), "e.org", &THREAD).is_ok());
        assert_eq!(key().reply_address(&"c".repeat(21), "e.org", &THREAD), Err(AddressError::LocalLength));
        assert!(key().reply_address("a\r\nb", "e.org", &THREAD).is_err());
    }

    #[test]
    fn tags_are_found_once_and_only_ours() {
        assert_eq!(subject_tag("ATL-2026-000123"), "[ATL-2026-000123]");
        let subject = "Re: [ATL-2026-000123] AW: [atl-2026-000123] [RT #4] [ATL-x] [ATL-2027-1] [ATL-";
        assert_eq!(tags_in_subject(subject, "ATL"), ["ATL-2026-000123", "ATL-2027-1"]);
    }
}
