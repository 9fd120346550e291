//! Signed notes (<https://c2sp.org/signed-note>): a short text, an empty line, and one line for each
//! signature, which names its key. Notes may carry signatures by others, such as witnesses; those
//! that we do not know are passed over, and the one that we ask for must be there and be right.

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// The signature type "Ed25519" of C2SP signed-note, "Signature types".
const ED25519: u8 = 0x01;

/// What a signature line begins with: an em dash and a space.
const DASH: &str = "\u{2014} ";

/// `<name>+<key id>+<key>`: what others keep to verify our notes.
pub fn verifier_line(name: &str, key: &VerifyingKey) -> Result<String> {
    check_name(name)?;
    let mut typed = vec![ED25519];
    typed.extend(key.as_bytes());
    Ok(format!("{name}+{}+{}", HEXLOWER.encode(&key_id(name, key)), BASE64.encode(&typed)))
}

/// Adds our signature to a text that ends with a line break.
pub fn sign(text: &str, name: &str, key: &SigningKey) -> Result<String> {
    check_name(name)?;
    let mut bytes = key_id(name, &key.verifying_key()).to_vec();
    bytes.extend(key.sign(text.as_bytes()).to_bytes());
    Ok(format!("{text}\n{DASH}{name} {}\n", BASE64.encode(&bytes)))
}

/// Splits a note and checks the signature by the verifier key; gives the text and the key's name.
pub fn verify<'n, 'k>(note: &'n str, verifier: &'k str) -> Result<(&'n str, &'k str)> {
    let (name, key) = parse_verifier(verifier)?;
    if note.chars().any(|c| c != '\n' && c.is_ascii_control()) {
        return bad("the note holds control characters");
    }
    let cut = note.rfind("\n\n").map(|at| note.split_at(at + 1));
    let Some((text, signatures)) = cut else {
        return bad("the note has no signatures");
    };
    let Some(lines) = signatures.strip_prefix('\n').and_then(|s| s.strip_suffix('\n')) else {
        return bad("the note is cut short");
    };
    let id = key_id(name, &key);
    let mut found = false;
    for line in lines.split('\n') {
        let parts = line.strip_prefix(DASH).and_then(|l| l.split_once(' '));
        let decoded = parts.and_then(|(who, code)| Some((who, BASE64.decode(code.as_bytes()).ok()?)));
        let Some((who, bytes)) = decoded else {
            return bad("the note has a signature line that cannot be read");
        };
        let Some((line_id, signature)) = bytes.split_first_chunk::<4>() else {
            return bad("the note has a signature line that cannot be read");
        };
        if who != name || *line_id != id {
            continue;
        }
        let signed = Signature::from_slice(signature).is_ok_and(|s| key.verify_strict(text.as_bytes(), &s).is_ok());
        if !signed {
            return bad(&format!("the signature by {name} does not verify"));
        }
        found = true;
    }
    if !found {
        return bad(&format!("the note is not signed by {name} with the expected key"));
    }
    Ok((text, name))
}

fn parse_verifier(line: &str) -> Result<(&str, VerifyingKey)> {
    let mut parts = line.trim().splitn(3, '+');
    let (Some(name), Some(id), Some(code)) = (parts.next(), parts.next(), parts.next()) else {
        return bad("a verifier key reads <name>+<key id>+<key>");
    };
    check_name(name)?;
    let typed = BASE64.decode(code.as_bytes()).unwrap_or_default();
    let key = match typed.split_first() {
        Some((&ED25519, raw)) => raw.try_into().ok().and_then(|r| VerifyingKey::from_bytes(r).ok()),
        _ => None,
    };
    match key {
        Some(key) if HEXLOWER.encode(&key_id(name, &key)) == id => Ok((name, key)),
        Some(_) => bad("the verifier key's id does not fit its name and key"),
        None => bad("the verifier key does not hold an Ed25519 key"),
    }
}

/// SHA-256(name || 0x0A || type || key)[:4], C2SP signed-note "Signatures".
fn key_id(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let digest: [u8; 32] = Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(key.as_bytes()).finalize().into();
    let [a, b, c, d, ..] = digest;
    [a, b, c, d]
}

fn check_name(name: &str) -> Result<()> {
    if name.is_empty() || name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+') {
        return bad(&format!("{name:?} cannot name a log: no spaces, no plus sign, not empty"));
    }
    Ok(())
}

fn bad<T>(why: &str) -> Result<T> {
    Err(Error::Note(why.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example of golang.org/x/mod/sumdb/note, which C2SP signed-note was written down from.
    const SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    const VERIFIER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
                        then you don't know what your problem is.\n";
    const SIGNATURE: &str = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUg\
                             YN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn example() -> String {
        format!("{TEXT}\n{SIGNATURE}")
    }

    #[test]
    fn the_published_example_is_signed_and_read_byte_for_byte() {
        let seed = BASE64.decode(SEED.as_bytes()).unwrap();
        let key = SigningKey::from_bytes(seed[1..].try_into().unwrap());
        assert_eq!(verifier_line("PeterNeumann", &key.verifying_key()).unwrap(), VERIFIER);
        assert_eq!(sign(TEXT, "PeterNeumann", &key).unwrap(), example());
        assert_eq!(verify(&example(), VERIFIER).unwrap(), (TEXT, "PeterNeumann"));
    }

    #[test]
    fn signatures_by_others_are_passed_over() {
        let other = SigningKey::from_bytes(&[7; 32]);
        let witness = sign(TEXT, "witness.example", &other).unwrap();
        let line = witness.rsplit_once("\n\n").unwrap().1;
        let both = format!("{TEXT}\n{line}{SIGNATURE}");
        assert_eq!(verify(&both, VERIFIER).unwrap().0, TEXT);
        let who = verifier_line("witness.example", &other.verifying_key()).unwrap();
        assert_eq!(verify(&both, &who).unwrap().0, TEXT);
        // Who has another key under the same name has not signed.
        let same_name = verifier_line("PeterNeumann", &other.verifying_key()).unwrap();
        assert!(verify(&both, &same_name).is_err());
    }

    #[test]
    fn any_changed_byte_is_refused() {
        let good = example();
        for at in 0..good.len() {
            let mut bytes = good.clone().into_bytes();
            bytes[at] ^= 1;
            if let Ok(note) = String::from_utf8(bytes) {
                assert!(verify(&note, VERIFIER).is_err(), "byte {at}");
            }
        }
        for end in (0..good.len()).filter(|&at| good.is_char_boundary(at)) {
            assert!(verify(&good[..end], VERIFIER).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn what_cannot_name_a_log_signs_nothing() {
        let key = SigningKey::from_bytes(&[7; 32]);
        for name in ["", "two words", "a+b", "line\nbreak", "no\u{a0}break"] {
            assert!(sign(TEXT, name, &key).is_err(), "{name:?}");
            assert!(verifier_line(name, &key.verifying_key()).is_err(), "{name:?}");
        }
    }
}
