//! What the child process is asked of OpenPGP, and what it says: all of it plain data, so that nothing
//! that a stranger wrote is taken apart in the process that asks.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::look::{self, Found};
use super::{
    Certificate, Error, Purpose, Result, SecretKey, Standing, Survey, Verdict, open, readers_of_head, reseal_head, survey, verify_cleartext, verify_detached,
};

/// A question; the bytes it is about go along.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// The outside of a message, binary: [`survey`].
    Survey,
    /// How many readers a head names that stands without its body.
    Head,
    /// All keys in a text or file, and whether they may be used now.
    Keys { now: Timestamp },
    /// Exactly one certificate, and whether it may be used now.
    Certificate { now: Timestamp },
    /// A text signed in clear.
    Clear { signers: Vec<String>, now: Timestamp },
    /// Bytes signed beside them.
    Detached { signature: Vec<u8>, signers: Vec<String>, now: Timestamp },
    /// A message that one of these keys opens: armored keys with their passphrases. At most `most` bytes come out.
    Open { keys: Vec<(String, String)>, signers: Vec<String>, now: Timestamp, most: u64 },
    /// The head of a message for the holder of this certificate: its session key, which goes along, wrapped.
    Wrap { to: String, now: Timestamp, seed: [u8; 32] },
}

/// What there is to say of a certificate.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Card {
    /// Fingerprint.
    pub fingerprint: String,
    /// What a person calls it.
    pub name: String,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// In armor, written anew.
    pub armored: String,
    /// Whether one may write to its holder in secret.
    pub encrypts: Standing,
    /// Whether its holder's signatures count.
    pub signs: Standing,
    /// Whether gpg 2.2 can use it: [`Certificate::is_old_enough`].
    pub old_enough: bool,
}

impl Card {
    /// Refuses a certificate that may not be used for this now.
    pub fn must(&self, purpose: Purpose) -> Result<()> {
        match if purpose == Purpose::Encrypt { &self.encrypts } else { &self.signs } {
            Standing::Good => Ok(()),
            bad => Err(Error::Unusable(format!("the key of {} {bad}", self.name))),
        }
    }
}

/// An answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Survey(Survey),
    Head(usize),
    Keys(Vec<Found>),
    Certificate(Box<Card>),
    Verdicts(Vec<Verdict>),
    /// What was opened, with the content beside it.
    Opened {
        encrypted: bool,
        ciphers: Vec<String>,
        verdicts: Vec<Verdict>,
    },
    /// What was wrapped stands beside it.
    Wrapped,
}

/// Answers, in the child process. What comes out of a message stands beside the answer.
pub fn answer(ask: &Ask, bytes: &[u8]) -> Result<(Said, Vec<u8>)> {
    let bare = |said| Ok((said, Vec::new()));
    match ask {
        Ask::Survey => bare(Said::Survey(survey(bytes)?)),
        Ask::Head => bare(Said::Head(readers_of_head(bytes)?)),
        Ask::Keys { now } => bare(Said::Keys(look::keys(bytes, *now)?)),
        Ask::Certificate { now } => bare(Said::Certificate(Box::new(card(bytes, *now)?))),
        Ask::Clear { signers, now } => {
            let (text, verdicts) = verify_cleartext(&String::from_utf8_lossy(bytes), &certificates(signers)?, *now)?;
            Ok((Said::Verdicts(verdicts), text.into_bytes()))
        }
        Ask::Detached { signature, signers, now } => bare(Said::Verdicts(verify_detached(bytes, signature, &certificates(signers)?, *now)?)),
        Ask::Open { keys, signers, now, most } => {
            let keys: Vec<(SecretKey, &str)> =
                keys.iter().map(|(key, phrase)| Ok((SecretKey::read(key.as_bytes())?, phrase.as_str()))).collect::<Result<_>>()?;
            let keys: Vec<(&SecretKey, &str)> = keys.iter().map(|(key, phrase)| (key, *phrase)).collect();
            let opened = open(bytes, &keys, &certificates(signers)?, *now, *most)?;
            Ok((Said::Opened { encrypted: opened.encrypted, ciphers: opened.ciphers, verdicts: opened.verdicts }, opened.content))
        }
        Ask::Wrap { to, now, seed } => {
            let to = Certificate::read_one(to.as_bytes())?;
            to.must_be_light()?;
            Ok((Said::Wrapped, reseal_head(bytes, &[to], false, *now, *seed)?))
        }
    }
}

fn certificates(armored: &[String]) -> Result<Vec<Certificate>> {
    armored.iter().map(|one| Certificate::read_one(one.as_bytes())).collect()
}

fn card(bytes: &[u8], now: Timestamp) -> Result<Card> {
    let cert = Certificate::read_one(bytes)?;
    Ok(Card {
        fingerprint: cert.fingerprint(),
        name: cert.name(),
        expires: cert.expires(),
        armored: cert.armored()?,
        encrypts: cert.standing(Purpose::Encrypt, now),
        signs: cert.standing(Purpose::Sign, now),
        old_enough: cert.is_old_enough(now),
    })
}
