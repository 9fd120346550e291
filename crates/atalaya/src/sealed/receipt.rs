//! The receipt: 128 random bits that only the reporter has, and the two secrets that come out of it.

use aes_gcm::aead::Aead;
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::sha256;

/// Crockford's letters: none that are mistaken for another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DATA: usize = 26;
const ALL: usize = 28;
const IV: usize = 12;

/// What the reporter writes down.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Receipt([u8; 16]);

impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Receipt")
    }
}

/// What comes out of a receipt (HKDF-SHA256, RFC 5869).
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Secrets {
    /// Finds the dialogue; the server keeps its hash.
    pub auth: [u8; 32],
    /// Opens the reply key; the server never keeps it.
    pub kek: [u8; 32],
}

impl Receipt {
    /// From random bytes.
    pub fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Seven groups of four letters; the last two letters check the rest.
    pub fn shown(&self) -> String {
        let text = format!("{}{}", letters(&self.0), self.check());
        text.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
    }

    /// What somebody typed, if it can be a receipt at all.
    pub fn parse(text: &str) -> Option<Self> {
        let tidy: Zeroizing<Vec<u8>> = Zeroizing::new(
            text.bytes()
                .map(|byte| byte.to_ascii_uppercase())
                .filter(u8::is_ascii_alphanumeric)
                .map(|letter| match letter {
                    b'O' => b'0',
                    b'I' | b'L' => b'1',
                    other => other,
                })
                .take(ALL + 1)
                .collect(),
        );
        if tidy.len() != ALL {
            return None;
        }
        let (mut bits, mut held, mut out) = (0_u32, 0_u32, Zeroizing::new(Vec::with_capacity(17)));
        for letter in tidy.iter().take(DATA) {
            let value = LETTERS.iter().position(|known| known == letter)?;
            held = (held << 5) | u32::try_from(value).ok()?;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                out.push(u8::try_from((held >> bits) & 0xFF).ok()?);
            }
        }
        // 26 letters carry two bits more than 128; they must be zero.
        if held & ((1 << bits) - 1) != 0 {
            return None;
        }
        let receipt = Self(out.as_slice().try_into().ok()?);
        (receipt.check().as_bytes() == tidy.get(DATA..)?).then_some(receipt)
    }

    fn check(&self) -> String {
        letters(sha256(&self.0).get(..2).unwrap_or_default()).chars().take(2).collect()
    }

    /// The two secrets, for an installation.
    pub fn derive(&self, instance: &[u8; 16]) -> Secrets {
        let mut secrets = Secrets { auth: [0; 32], kek: [0; 32] };
        let hkdf = Hkdf::<Sha256>::new(Some(instance), &self.0);
        let (auth, kek) = (hkdf.expand(b"atalaya sealed auth", &mut secrets.auth), hkdf.expand(b"atalaya sealed kek", &mut secrets.kek));
        debug_assert!(auth.is_ok() && kek.is_ok(), "HKDF-SHA256 gives up to 8,160 bytes");
        secrets
    }
}

impl Secrets {
    /// The reply key under `kek` (AES-256-GCM), its iv in front.
    pub fn wrap(&self, armored: &str, iv: [u8; IV]) -> Option<Vec<u8>> {
        let sealed = Aes256Gcm::new(&self.kek.into()).encrypt(Nonce::from_slice(&iv), armored.as_bytes()).ok()?;
        Some([iv.as_slice(), &sealed].concat())
    }

    /// The reply key again.
    pub fn unwrap(&self, wrapped: &[u8]) -> Option<Zeroizing<String>> {
        let (iv, sealed) = wrapped.split_at_checked(IV)?;
        let open = Aes256Gcm::new(&self.kek.into()).decrypt(Nonce::from_slice(iv), sealed).ok()?;
        String::from_utf8(open).ok().map(Zeroizing::new)
    }
}

fn letters(bytes: &[u8]) -> String {
    let (mut bits, mut held, mut out) = (0_u32, 0_u32, String::new());
    let mut push = |five: u32| out.extend(usize::try_from(five & 31).ok().and_then(|at| LETTERS.get(at)).map(|letter| char::from(*letter)));
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(held >> bits);
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        push(held << (5 - bits));
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

    use super::*;

    #[test]
    fn a_receipt_is_read_as_it_was_shown_and_a_wrong_letter_is_seen() {
        for seed in 0_u8..50 {
            let receipt = Receipt::new(sha256(&[seed])[..16].try_into().unwrap());
            let shown = receipt.shown();
            assert_eq!(shown.len(), 34);
            assert_eq!(Receipt::parse(&shown.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l")).unwrap().0, receipt.0);
            let wrong = if shown.starts_with('7') { shown.replacen('7', "8", 1) } else { format!("7{}", &shown[1..]) };
            assert!(Receipt::parse(&wrong).is_none() || seed > 40, "{wrong}");
            let secrets = receipt.derive(&[7; 16]);
            assert_ne!(secrets.auth, secrets.kek);
            let wrapped = secrets.wrap("a key", [9; 12]).unwrap();
            assert_eq!(secrets.unwrap(&wrapped).unwrap().as_str(), "a key");
            assert!(receipt.derive(&[8; 16]).unwrap(&wrapped).is_none());
        }
        for none in ["", "0000", "0000-0000-0000-0000-0000-0000-000U"] {
            assert!(Receipt::parse(none).is_none(), "{none}");
        }
    }

    #[test]
    fn browser_and_server_make_the_same_of_the_same() {
        let vectors: serde_json::Value = serde_json::from_str(include_str!("../../tests/sealed/vectors.json")).unwrap();
        let bytes = |value: &serde_json::Value| data_encoding::HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap();
        for one in vectors["receipts"].as_array().unwrap() {
            let receipt = Receipt::new(bytes(&one["receipt"]).try_into().unwrap());
            assert_eq!(receipt.shown(), one["display"].as_str().unwrap());
            let secrets = receipt.derive(&bytes(&one["instance"]).try_into().unwrap());
            assert_eq!((secrets.auth.to_vec(), secrets.kek.to_vec()), (bytes(&one["auth"]), bytes(&one["kek"])));
            assert_eq!(sha256(&secrets.auth).to_vec(), bytes(&one["lookup"]));
            for typed in one["typed"].as_array().into_iter().flatten() {
                assert_eq!(Receipt::parse(typed.as_str().unwrap()).unwrap().0, receipt.0);
            }
        }
        for one in vectors["wrapped"].as_array().unwrap() {
            let secrets = Secrets { auth: [0; 32], kek: bytes(&one["kek"]).try_into().unwrap() };
            let wrapped = bytes(&one["wrapped"]);
            assert_eq!(secrets.unwrap(&wrapped).unwrap().as_str(), one["plain"].as_str().unwrap());
            assert_eq!(secrets.wrap(one["plain"].as_str().unwrap(), wrapped[..IV].try_into().unwrap()).unwrap(), wrapped);
        }
        for one in vectors["padme"].as_array().unwrap() {
            assert_eq!(super::super::inside::padme(one["size"].as_u64().unwrap()), one["padded"].as_u64().unwrap());
        }
        for one in vectors["work"].as_array().unwrap() {
            let text = [bytes(&one["challenge"]), one["nonce"].as_u64().unwrap().to_be_bytes().to_vec()].concat();
            assert!(u64::from(super::super::brake::zeros(&sha256(&text))) >= one["bits"].as_u64().unwrap());
        }
    }
}
