//! Mail that is signed, encrypted or both (RFC 3156, and armor in the text): the mail that was
//! inside, and for each part what was found: who signed, how well, and what could not be opened.
//!
//! What was encrypted and what was not are never put together into one text (the EFAIL attacks live
//! on that): a whole mail is replaced by what was in it, and a piece stands on its own.

use jiff::Timestamp;
use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};
use serde::{Deserialize, Serialize};

use super::{Certificate, Error, SecretKey, Verdict, open, verify_cleartext, verify_detached};
use crate::letter::{Attachment, Letter, Limits, prune};

/// How often a mail may hold a mail: signed inside encrypted inside signed.
const DEEP: usize = 5;
const ARMOR: &str = "-----BEGIN PGP MESSAGE-----";
const ARMOR_END: &str = "-----END PGP MESSAGE-----";
const CLEAR: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const CLEAR_END: &str = "-----END PGP SIGNATURE-----";
const KEY: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

/// What a mail is opened and checked with. It goes to the child process, never to disk.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Ring {
    /// Secret keys of the mail address: armored, with the passphrase.
    pub keys: Vec<(String, String)>,
    /// Certificates of possible signers, armored.
    pub signers: Vec<String>,
}

/// What was found of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// `the mail`, `the text`, or the name of an attachment.
    pub part: String,
    /// It was encrypted.
    pub encrypted: bool,
    /// It could be opened; what is only signed always can.
    pub opened: bool,
    /// One for each signature.
    pub signatures: Vec<Signed>,
    /// What could not be done, in one line.
    pub problem: String,
    /// What of the mail lies under it, in words; empty where `part` says it all.
    #[serde(default)]
    pub covers: String,
    /// Whether the subject lies under it too.
    #[serde(default)]
    pub subject: bool,
    /// The ciphers that it was encrypted with, by name, as far as they are known.
    #[serde(default)]
    pub ciphers: Vec<String>,
}

impl Seal {
    fn of(part: &str, encrypted: bool, found: Result<Vec<Verdict>, Error>) -> Self {
        let (verdicts, problem) = found.map_or_else(|error| (Vec::new(), error.to_string()), |verdicts| (verdicts, String::new()));
        let signatures = verdicts.into_iter().map(Signed::from).collect();
        Self { part: part.into(), encrypted, opened: true, signatures, problem, covers: String::new(), subject: false, ciphers: Vec::new() }
    }

    /// One that is there and that nobody looked into, with the line that says so.
    fn named(encrypted: bool, part: &str, why: &str) -> Self {
        Self {
            part: part.into(),
            encrypted,
            opened: !encrypted,
            signatures: Vec::new(),
            problem: why.into(),
            covers: String::new(),
            subject: false,
            ciphers: Vec::new(),
        }
    }
}

/// A [`Verdict`] as it leaves the child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Fingerprint of the signer's certificate, if it is known.
    pub by: Option<String>,
    /// A user id, or the key id.
    pub name: String,
    /// When it says it was made.
    pub at: Option<Timestamp>,
    /// Whether it stands.
    pub good: bool,
    /// Why not.
    pub why: String,
}

impl From<Verdict> for Signed {
    fn from(verdict: Verdict) -> Self {
        let Verdict { by, name, at, good, why } = verdict;
        Self { by, name, at, good, why }
    }
}

/// The ring, read.
struct Keys {
    secret: Vec<(SecretKey, String)>,
    signers: Vec<Certificate>,
    now: Timestamp,
    most: u64,
}

impl Keys {
    fn of(ring: &Ring, now: Timestamp, limits: &Limits) -> Self {
        let secret = ring.keys.iter().filter_map(|(key, passphrase)| Some((SecretKey::read(key.as_bytes()).ok()?, passphrase.clone()))).collect();
        let signers = ring.signers.iter().filter_map(|text| Certificate::read(text.as_bytes()).ok()).flatten().collect();
        Self { secret, signers, now, most: limits.size as u64 }
    }

    fn open(&self, message: &[u8]) -> Result<open::Opened, Error> {
        let keys: Vec<(&SecretKey, &str)> = self.secret.iter().map(|(key, passphrase)| (key, passphrase.as_str())).collect();
        open(message, &keys, &self.signers, self.now, self.most)
    }
}

/// What is said of parts that stood beside the one that was opened.
const BESIDE: &str = "There were more parts beside what is signed or encrypted; they are in the original only.";

/// The mail inside a mail, what was found on the way, and what is not in it. A mail that is neither signed nor
/// encrypted as a whole comes back as it was.
pub fn unwrap(raw: &[u8], ring: &Ring, now: Timestamp, limits: &Limits) -> (Vec<u8>, Vec<Seal>, Vec<String>) {
    let keys = Keys::of(ring, now, limits);
    let (mut raw, mut seals, mut problems) = (raw.to_vec(), Vec::new(), Vec::new());
    for _ in 0..DEEP {
        let (pruned, _) = prune(&raw, limits);
        let Some(message) = MessageParser::default().parse(&pruned) else { break };
        let Some(Layer { entity, mut seal, beside }) = one_layer(&message, &keys) else { break };
        // What cannot be opened is read as it came, with all its parts.
        if beside && entity.is_some() && problems.is_empty() {
            problems.push(BESIDE.to_owned());
        }
        let next = entity.map(|entity| with_headers(&message, &entity));
        let (next, subject) = next.map_or((None, false), |(next, subject)| (Some(next), subject));
        // What an inner layer protects lies under the outer ones as well.
        seals.iter_mut().chain([&mut seal]).for_each(|seal| seal.subject |= subject);
        seals.push(seal);
        match next {
            Some(next) => raw = next,
            None => break,
        }
    }
    let (pruned, _) = prune(&raw, limits);
    if let Some(message) = MessageParser::default().parse(&pruned) {
        seals.extend(further_inside(&message));
    }
    (raw, seals, problems)
}

/// Parts of the mail that are signed or encrypted by themselves, as a mailing list leaves them that puts a text below: nobody
/// looks into them, and that is said of each.
fn further_inside(message: &Message<'_>) -> Vec<Seal> {
    let seal = |part: &mail_parser::MessagePart<'_>| {
        let kind = part.content_type()?.attribute("protocol")?.to_ascii_lowercase();
        match kind.as_str() {
            "application/pgp-signature" => Some(Seal::named(false, "the part inside of others", INSIDE_SIGNED)),
            "application/pgp-encrypted" => Some(Seal::named(true, "the part inside of others", INSIDE_ENCRYPTED)),
            _ => None,
        }
    };
    // The outermost was tried already.
    message.parts.iter().skip(1).filter(|part| matches!(part.body, PartType::Multipart(_))).filter_map(seal).take(10).collect()
}

const INSIDE_SIGNED: &str = "mailing lists send mail like this, and it was not checked";
const INSIDE_ENCRYPTED: &str = "mailing lists send mail like this; what could be opened of it is among the files";
const ONLY_FIRST: &str = "there are several signed or encrypted pieces in the text, and only the first was looked at";

/// A layer that was taken off.
struct Layer {
    /// The entity inside, if it could be opened.
    entity: Option<Vec<u8>>,
    /// What was found.
    seal: Seal,
    /// Whether something stood beside it.
    beside: bool,
}

/// Takes one layer off.
fn one_layer(message: &Message<'_>, keys: &Keys) -> Option<Layer> {
    let root = message.parts.first()?;
    let PartType::Multipart(children) = &root.body else { return None };
    let kind = root.content_type()?;
    let child = |at: usize| children.get(at).and_then(|id| message.parts.get(*id as usize));
    let is = |at: usize, main: &str, sub: &str| {
        child(at)
            .and_then(|part| part.content_type())
            .is_some_and(|kind| kind.ctype().eq_ignore_ascii_case(main) && kind.subtype().is_some_and(|have| have.eq_ignore_ascii_case(sub)))
    };
    let subtype = kind.subtype().unwrap_or_default().to_ascii_lowercase();
    // Some servers turn multipart/encrypted into multipart/mixed on the way, and some put an empty text before it.
    let version = match subtype.as_str() {
        "encrypted" => Some(0),
        "mixed" => (0..2).find(|at| is(*at, "application", "pgp-encrypted")),
        _ => None,
    };
    if let Some(version) = version {
        let body = child(version + 1).map(|part| part.contents().to_vec()).unwrap_or_default();
        let before = version > 0 && child(0).is_some_and(|part| !part.contents().trim_ascii().is_empty());
        let (entity, seal) = opened("the mail", keys.open(&body));
        return Some(Layer { entity, seal, beside: before || children.len() > version + 2 });
    }
    if subtype == "signed" && is(1, "application", "pgp-signature") {
        let part = child(0)?;
        let signed = message.raw_message().get(part.offset_header as usize..part.offset_end as usize)?;
        let found = verify_detached(&canonical(signed), child(1)?.contents(), &keys.signers, keys.now);
        return Some(Layer { entity: Some(signed.to_vec()), seal: Seal::of("the mail", false, found), beside: children.len() > 2 });
    }
    None
}

fn opened(part: &str, found: Result<open::Opened, Error>) -> (Option<Vec<u8>>, Seal) {
    match found {
        Ok(open::Opened { content, encrypted, ciphers, verdicts }) => (Some(content), Seal { ciphers, ..Seal::of(part, encrypted, Ok(verdicts)) }),
        Err(error) => (None, Seal { opened: false, ..Seal::of(part, true, Err(error)) }),
    }
}

/// Line ends as they were signed (RFC 3156 section 5), without those that belong to the boundary.
fn canonical(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 40);
    let mut before = 0;
    for byte in bytes {
        if *byte == b'\n' && before != b'\r' {
            out.push(b'\r');
        }
        out.push(*byte);
        before = *byte;
    }
    out
}

/// The entity under the fields of the mail that it came in. The subject inside wins where the
/// sender protected it (RFC 9788 section 2), and whether it did; no other field is taken from inside.
fn with_headers(message: &Message<'_>, entity: &[u8]) -> (Vec<u8>, bool) {
    let inside = MessageParser::default().parse(entity);
    let protects = |message: &Message<'_>| {
        message
            .parts
            .first()
            .and_then(|part| part.content_type())
            .is_some_and(|kind| kind.attribute("hp").is_some() || kind.attribute("protected-headers").is_some())
    };
    let subject = inside.as_ref().filter(|inside| protects(inside)).and_then(Message::subject).map(str::to_owned);
    let protected = subject.is_some();
    let mut out = Vec::with_capacity(entity.len() + 4096);
    for header in message.headers() {
        let name = header.name.as_str().to_ascii_lowercase();
        let replaced = name == "subject" && subject.is_some();
        if name.starts_with("content-") || name == "mime-version" || replaced {
            continue;
        }
        out.extend_from_slice(message.raw_message().get(header.offset_field as usize..header.offset_end as usize).unwrap_or_default());
    }
    if let Some(subject) = subject {
        let line: String = subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        out.extend_from_slice(format!("Subject: {line}\r\n").as_bytes());
    }
    out.extend_from_slice(b"MIME-Version: 1.0\r\n");
    // The entity's own fields, but none that speaks of sender or thread.
    if let Some(inside) = &inside {
        for header in inside.headers().iter().filter(|header| header.name.as_str().to_ascii_lowercase().starts_with("content-")) {
            out.extend_from_slice(entity.get(header.offset_field as usize..header.offset_end as usize).unwrap_or_default());
        }
    }
    let body = inside.as_ref().and_then(|inside| inside.parts.first()).map_or(0, |part| part.offset_body as usize);
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(entity.get(body..).unwrap_or_default());
    (out, protected)
}

/// Opens what stands inside the text and the attachments of a letter, and collects keys that came
/// along. Text around armor stays where it is, each piece marked by its seal.
pub fn open_pieces(letter: &mut Letter, ring: &Ring, now: Timestamp, limits: &Limits) -> Vec<Seal> {
    let keys = Keys::of(ring, now, limits);
    let mut seals = Vec::new();
    // Quoted and escaped pieces do not begin their line.
    let begins: Vec<bool> = letter.text.lines().map(str::trim_end).filter(|line| matches!(*line, ARMOR | CLEAR)).map(|line| line == ARMOR).collect();
    if let Some((before, armor, after)) = between(&letter.text, ARMOR, ARMOR_END) {
        let (content, seal) = opened("the text", keys.open(armor.as_bytes()));
        if let Some(content) = content {
            let inner = String::from_utf8_lossy(&content).replace("\r\n", "\n");
            // Only what was encrypted is the text; what stood around it is told apart.
            let around: Vec<&str> = [before.trim(), after.trim()].into_iter().filter(|text| !text.is_empty()).collect();
            letter.text = if around.is_empty() { inner } else { format!("{inner}\n\n[Around it, not encrypted:]\n{}", around.join("\n")) };
            letter.html = None;
        }
        seals.push(seal);
    } else if let Some((before, signed, after)) = between(&letter.text, CLEAR, CLEAR_END) {
        match verify_cleartext(&signed, &keys.signers, keys.now) {
            Ok((text, verdicts)) => {
                let around: Vec<&str> = [before.trim(), after.trim()].into_iter().filter(|text| !text.is_empty()).collect();
                seals.push(Seal::of("the text", false, Ok(verdicts)));
                letter.text = if around.is_empty() { text } else { format!("{text}\n\n[Around it, not signed:]\n{}", around.join("\n")) };
            }
            Err(error) => seals.push(Seal::of("the text", false, Err(error))),
        }
    }
    if begins.len() > 1 {
        // Armor is looked at before what is signed in clear.
        let others_encrypted = begins.iter().filter(|armor| **armor).count() > 1;
        seals.push(Seal::named(others_encrypted, "the second piece of the text", ONLY_FIRST));
    }
    seals.extend(beside(&letter.attachments, &keys));
    for file in &mut letter.attachments {
        let Some(name) = inner_name(file) else { continue };
        let (content, seal) = opened(&file.name, keys.open(&file.content));
        if let Some(content) = content {
            (file.size, file.content, file.name) = (content.len(), content, name);
            file.media_type = "application/octet-stream".into();
        }
        seals.push(seal);
    }
    seals
}

/// Signatures that stand beside the file that they are about: `a.pdf` and `a.pdf.sig`.
fn beside(files: &[Attachment], keys: &Keys) -> Vec<Seal> {
    let of = |file: &Attachment| {
        let cut = [".sig", ".asc"].into_iter().find(|end| file.name.to_ascii_lowercase().ends_with(end))?;
        let name = file.name.get(..file.name.len() - cut.len())?;
        let signed = files.iter().find(|other| other.name == name)?;
        let is = cut == ".sig" || file.content.starts_with(b"-----BEGIN PGP SIGNATURE-----");
        is.then(|| Seal::of(name, false, verify_detached(&signed.content, &file.content, &keys.signers, keys.now)))
    };
    files.iter().filter_map(of).take(50).collect()
}

/// The name of what is in an encrypted attachment: `file.pdf.gpg` holds `file.pdf`.
fn inner_name(file: &Attachment) -> Option<String> {
    let lower = file.name.to_ascii_lowercase();
    let cut = [".pgp", ".gpg", ".asc"].into_iter().find(|end| lower.ends_with(end))?;
    let armored = file.content.starts_with(ARMOR.as_bytes());
    let binary = super::survey(&file.content).is_ok();
    (armored || binary).then(|| file.name.get(..file.name.len() - cut.len()).filter(|name| !name.is_empty()).unwrap_or("content").to_owned())
}

/// What stands before, the piece with its marks, and what stands after.
fn between(text: &str, begin: &str, end: &str) -> Option<(String, String, String)> {
    let from = text.find(begin)?;
    let to = text.get(from..)?.find(end)? + from + end.len();
    Some((text.get(..from)?.to_owned(), text.get(from..to)?.to_owned(), text.get(to..)?.to_owned()))
}

/// Keys that came with a mail: attached, in the text, or in the Autocrypt field (autocrypt.org,
/// level 1). Nobody vouches for them.
pub fn keys_in(raw: &[u8], letter: &Letter) -> Vec<Certificate> {
    let mut found: Vec<Certificate> = Vec::new();
    let mut add = |bytes: &[u8]| {
        for cert in Certificate::read(bytes).unwrap_or_default() {
            if found.len() < 10 && !found.iter().any(|known| known.fingerprint() == cert.fingerprint()) {
                found.push(cert);
            }
        }
    };
    for file in &letter.attachments {
        if file.media_type == "application/pgp-keys" || file.content.windows(KEY.len()).take(4096).any(|window| window == KEY.as_bytes()) {
            add(&file.content);
        }
    }
    if letter.text.contains(KEY) {
        add(letter.text.as_bytes());
    }
    if let Some(data) = autocrypt(raw, letter) {
        add(&data);
    }
    found
}

/// The key in the Autocrypt field, if it is for the sender's own address.
pub(super) fn autocrypt(raw: &[u8], letter: &Letter) -> Option<Vec<u8>> {
    let message = MessageParser::default().parse_headers(raw)?;
    let header = message.headers().iter().find(|header| header.name.as_str().eq_ignore_ascii_case("autocrypt"))?;
    let field = message.raw_message().get(header.offset_start as usize..header.offset_end as usize)?;
    let field: String = String::from_utf8_lossy(field).chars().filter(|c| !c.is_whitespace()).collect();
    let value = |name: &str| field.split(';').find_map(|part| part.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned);
    let from = letter.from.as_ref()?;
    let same = value("addr")?.eq_ignore_ascii_case(&from.mail);
    same.then(|| data_encoding::BASE64.decode(value("keydata")?.as_bytes()).ok()).flatten()
}
