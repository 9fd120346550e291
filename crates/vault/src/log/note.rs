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
    Ok(format!(
        "{name}+{}+{}",
        HEXLOWER.encode(&key_id(name, key)),
        BASE64.encode(&typed)
    ))
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
    let Some(lines) = signatures
        .strip_prefix('\n')
        .and_then(|s| s.strip_suffix('\n'))
    else {
        return bad("the note is cut short");
    };
    let id = key_id(name, &key);
    let mut found = false;
    for line in lines.split('\n') {
        let parts = line.strip_prefix(DASH).and_then(|l| l.split_once(' '));
        let decoded =
            parts.and_then(|(who, code)| Some((who, BASE64.decode(code.as_bytes()).ok()?)));
        let Some((who, bytes)) = decoded else {
            return bad("the note has a signature line that cannot be read");
        };
        let Some((line_id, signature)) = bytes.split_first_chunk::<4>() else {
            return bad("the note has a signature line that cannot be read");
        };
        if who != name || *line_id != id {
            continue;
        }
        let signed = Signature::from_slice(signature)
            .is_ok_and(|s| key.verify_strict(text.as_bytes(), &s).is_ok());
        if !signed {
            return bad(&format!("the signature by {name} does not verify"));
        }
        found = true;
    }
    if !found {
        return bad(&format!(
            "the note is not signed by {name} with the expected key"
        ));
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
        Some((&ED25519, raw)) => raw
            .try_into()
            .ok()
            .and_then(|r| VerifyingKey::from_bytes(r).ok()),
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
    let digest: [u8; 32] = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(key.as_bytes())
        .finalize()
        .into();
    let [a, b, c, d, ..] = digest;
    [a, b, c, d]
}

fn check_name(name: &str) -> Result<()> {
    if name.is_empty()
        || name
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '+')
    {
        return bad(&format!(
            "{name:?} cannot name a log: no spaces, no plus sign, not empty"
        ));
    }
    Ok(())
}

fn bad<T>(why: &str) -> Result<T> {
    Err(Error::Note(why.into()))
}
