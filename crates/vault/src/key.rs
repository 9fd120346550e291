//! The instance key: one age identity in one small file, which lies outside the backup. It opens
//! every sealed blob and copy, and every other secret of the instance is derived from it, so there is one
//! thing to guard and one thing to print on paper. The file is what the standalone tool expects:
//! `age -d -i instance.key <blob>` opens a blob without us.

use std::fmt;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use age::secrecy::ExposeSecret;
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::disk::{self, Temp};
use crate::log::note;
use crate::{Error, Result};

/// What the derived secrets of this product and version have in common.
const SALT: &[u8] = b"atalaya vault v1";

/// The purpose under which the key that signs checkpoints is derived.
const SIGNING: &str = "journal checkpoint";

/// A key file is a few lines; more than this is some other file.
const LONGEST_FILE: u64 = 16 * 1024;

#[derive(Clone)]
pub struct InstanceKey {
    identity: age::x25519::Identity,
}

impl InstanceKey {
    /// Makes a new key and writes it to `path`, for the owner only. Never replaces a file.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        match Self::create_new(path)? {
            Some(key) => Ok(key),
            None => Err(bad_file(path, "it exists already, and a key is never replaced")),
        }
    }

    /// Reads the key from `path`; refuses a file that others could read.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let file = File::open(path).map_err(Error::at("open the key file", path))?;
        let about = file.metadata().map_err(Error::at("look at the key file", path))?;
        let mode = about.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let why = format!(
                "its group or others may read or change it (mode {mode:04o}); run `chmod 600` on \
                 it, and if someone may have read it, treat what it sealed as read"
            );
            return Err(bad_file(path, &why));
        }
        let mut text = String::new();
        file.take(LONGEST_FILE).read_to_string(&mut text).map_err(Error::at("read the key file", path))?;
        Self::parse(&text).map_err(|why| bad_file(path, &why))
    }

    /// Reads the key, or makes it at the first start.
    pub fn load_or_create(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        if path.try_exists().map_err(Error::at("look for the key file", path))? {
            return Self::load(path);
        }
        match Self::create_new(path)? {
            Some(key) => Ok(key),
            // Another process was faster, and its key is the key.
            None => Self::load(path),
        }
    }

    /// A secret for one purpose: HKDF-SHA256 (RFC 5869) of the identity, with the purpose as `info`.
    pub fn secret(&self, purpose: &str) -> [u8; 32] {
        let identity = self.identity.to_string();
        let hkdf = Hkdf::<Sha256>::new(Some(SALT), identity.expose_secret().as_bytes());
        let mut secret = [0; 32];
        match hkdf.expand(purpose.as_bytes(), &mut secret) {
            Ok(()) => secret,
            Err(_) => unreachable!("HKDF-SHA256 gives up to 8,160 bytes and 32 were asked"),
        }
    }

    /// The Ed25519 key that signs the journal's checkpoints.
    pub fn signing(&self) -> SigningKey {
        SigningKey::from_bytes(&self.secret(SIGNING))
    }

    /// The verifier key for checkpoints of the log called `origin`, to be published and kept by
    /// others: `<name>+<key id>+<key>` (C2SP signed-note, "Verifier keys").
    pub fn public_line(&self, origin: &str) -> Result<String> {
        note::verifier_line(origin, &self.signing().verifying_key())
    }

    /// HMAC-SHA256 (RFC 2104) under the purpose's secret. Each part goes in behind its length, so
    /// that no two lists of parts have the same bytes.
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        // A key shorter than the block is padded with zeros by HMAC itself (RFC 2104 section 2);
        // with the padding done here, making the HMAC cannot fail.
        let mut block = [0; 64];
        for (to, from) in block.iter_mut().zip(self.secret(purpose)) {
            *to = from;
        }
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// The age recipient (`age1...`): whoever has it can seal for this instance, not open.
    pub fn recipient(&self) -> String {
        self.identity.to_public().to_string()
    }

    pub(crate) fn identity(&self) -> &age::x25519::Identity {
        &self.identity
    }

    fn create_new(path: &Path) -> Result<Option<Self>> {
        let key = Self { identity: age::x25519::Identity::generate() };
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        disk::clear_leftovers(folder)?;
        let (temp, mut file) = Temp::create(folder)?;
        file.write_all(key.file_text().as_bytes()).and_then(|()| file.sync_all()).map_err(Error::at("write the key file", path))?;
        Ok(temp.link_new(path)?.then_some(key))
    }

    fn file_text(&self) -> String {
        format!(
            "# The key of this Atalaya instance. It opens every sealed file and signs the journal.\n\
             # Keep a copy on paper or offline, and never in the same place as the backup: what\n\
             # `atalaya backup` makes cannot be read without it, and anyone can read it with it.\n\
             # A sealed file opens without Atalaya too: age -d -i <this file> <sealed file>\n\
             # public key: {}\n{}\n",
            self.recipient(),
            self.identity.to_string().expose_secret()
        )
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
        let line = lines.next().ok_or("there is no key in it")?;
        if lines.next().is_some() {
            return Err("it holds more than one line that is not a comment".into());
        }
        match line.parse() {
            Ok(identity) => Ok(Self { identity }),
            Err(why) => Err(format!("its line is not an age identity ({why})")),
        }
    }
}

impl fmt::Debug for InstanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InstanceKey({}, secret not shown)", self.recipient())
    }
}

fn bad_file(path: &Path, why: &str) -> Error {
    Error::Key { path: path.display().to_string(), why: why.into() }
}
