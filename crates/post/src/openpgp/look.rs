//! What a child process says of a mail and of keys: plain data, so that nothing that a stranger wrote
//! is taken apart in the process that asks.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::mail::{Ring, Seal, autocrypt, keys_in, open_pieces, unwrap};
use super::{Certificate, Error, Purpose, Result, Sealing, Standing, seal};
use crate::letter::{Envelope, Letter, Limits, read_delivered, unreadable};

/// What there is to say of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Fingerprint of the primary key.
    pub fingerprint: String,
    /// What a person calls it.
    pub name: String,
    /// All user ids that the key vouches for.
    pub user_ids: Vec<String>,
    /// Their mail addresses.
    pub mails: Vec<String>,
    /// Key ids of the key and its subkeys.
    pub key_ids: Vec<String>,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// Its holder took it back.
    pub revoked: bool,
    /// Why nothing may be encrypted to it; empty when it may.
    pub not_to: String,
    /// In armor, written anew.
    pub armored: String,
    /// `autocrypt` or `attached`, for one that came with a mail.
    pub source: String,
}

/// A mail, opened.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct OpenedMail {
    /// What it says, from the innermost part that could be opened.
    pub letter: Letter,
    /// What was found of its parts, the outermost first.
    pub seals: Vec<Seal>,
    /// Keys that came with it. Nobody vouches for them.
    pub keys: Vec<Found>,
}

/// The keys in a text or file.
pub fn keys(bytes: &[u8], now: Timestamp) -> Result<Vec<Found>> {
    Certificate::read(bytes)?.iter().map(|cert| of(cert, "", now)).collect()
}

/// Whether a mail may have to do with OpenPGP at all; what was read of it so far tells.
pub fn concerns(raw: &[u8], letter: &Letter) -> bool {
    const MARKS: [&[u8]; 3] = [b"application/pgp", b"autocrypt", b"-----begin pgp "];
    let lower = raw.to_ascii_lowercase();
    let named = |name: &str| [".pgp", ".gpg", ".asc"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
    letter.text.contains("-----BEGIN PGP ")
        || letter.attachments.iter().any(|file| named(&file.name) || file.content.starts_with(b"-----BEGIN PGP "))
        || MARKS.iter().any(|mark| lower.windows(mark.len()).any(|window| window == *mark))
}

/// Opens a mail with the keys of our address, checks what is signed, and collects the keys that came along.
pub fn mail(envelope: &Envelope, raw: &[u8], ring: &Ring, now: Timestamp, limits: &Limits) -> OpenedMail {
    let read = || {
        let (inside, mut seals, problems) = unwrap(raw, ring, now, limits);
        let mut letter = read_delivered(envelope, &inside, limits);
        letter.problems.extend(problems);
        let files = letter.attachments.len();
        for at in 0..seals.len() {
            let hides = seals.iter().skip(at + 1).any(|inner| inner.encrypted);
            if let Some(seal) = seals.get_mut(at) {
                seal.covers = if hides { "the encrypted mail as it came, not what is in it".into() } else { covered(files, seal.subject) };
            }
        }
        seals.extend(open_pieces(&mut letter, ring, now, limits));
        let (mut keys, mut heavy): (Vec<Found>, Vec<String>) = (Vec::new(), Vec::new());
        let first = autocrypt(raw, &letter).and_then(|data| Certificate::read_one(&data).ok());
        for (cert, source) in first.iter().map(|cert| (cert, "autocrypt")).chain(keys_in(raw, &letter).iter().map(|cert| (cert, "attached"))) {
            if keys.iter().any(|known| known.fingerprint == cert.fingerprint()) {
                continue;
            }
            match of(cert, source, now) {
                Ok(found) => keys.push(found),
                Err(error) => heavy.push(format!("A key that came with this mail was not taken: {error}.")),
            }
        }
        // The same key may have come twice: in a field, and as a file.
        heavy.dedup();
        letter.problems.extend(heavy);
        OpenedMail { letter, seals, keys }
    };
    let calmly = |work: &dyn Fn() -> OpenedMail| std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).ok();
    // What stands around a part that breaks the library is read all the same.
    let around = || {
        let mut letter = read_delivered(envelope, raw, limits);
        letter.problems.push(BROKEN.into());
        OpenedMail { letter, ..OpenedMail::default() }
    };
    calmly(&read).or_else(|| calmly(&around)).unwrap_or_else(|| OpenedMail { letter: unreadable(raw, BROKEN), ..OpenedMail::default() })
}

/// What is said of a mail that breaks the library.
pub const BROKEN: &str = "A part of this mail is built in a way that the reader of OpenPGP cannot follow; its original is kept.";

fn covered(files: usize, subject: bool) -> String {
    let files = match files {
        0 => String::new(),
        1 => " and its file".to_owned(),
        many => format!(" and its {many} files"),
    };
    format!("the whole text{files}; {}", if subject { "the subject too" } else { "not the subject" })
}

fn of(cert: &Certificate, source: &str, now: Timestamp) -> Result<Found> {
    // Before anything of it is checked: the program itself uses later what is taken here.
    cert.must_be_light()?;
    let not_to = match cert.standing(Purpose::Encrypt, now) {
        // Tried here, where trouble ends a process that holds nothing: a key may be made to break its user.
        Standing::Good => {
            let to = [cert.clone()];
            let tried = seal(b"a try".as_slice(), &Sealing { to: &to, hidden: false, by: None, at: now }, [7; 32], &mut Vec::new());
            tried.err().map(|error| format!("cannot be encrypted to: {error}")).unwrap_or_default()
        }
        bad => bad.to_string(),
    };
    let mut key_ids = cert.subkey_ids();
    key_ids.insert(0, cert.key_id());
    let armored = cert.armored()?;
    if Certificate::read_one(armored.as_bytes())?.fingerprint() != cert.fingerprint() {
        return Err(Error::Unreadable("the key cannot be written down".into()));
    }
    Ok(Found {
        fingerprint: cert.fingerprint(),
        name: cert.name(),
        user_ids: cert.user_ids(),
        mails: cert.mails(),
        key_ids,
        created: cert.created(),
        expires: cert.expires(),
        revoked: cert.standing(Purpose::Encrypt, now) == Standing::Revoked,
        not_to,
        armored,
        source: source.to_owned(),
    })
}
