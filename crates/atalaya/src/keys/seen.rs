//! What was found of a mail, for the page: whether its sender is to be doubted, encrypted or not, who signed
//! what, and how well we know the key.
//!
//! The verdict of the mathematics is kept from the day that the mail came; how well the key is known is
//! looked up when the page is shown. Signed is not trusted: a line says exactly what was signed.

use std::collections::HashMap;

use ::store::{Id, Reader, Tx};
use post::openpgp::mail::{Seal, Signed};
use post::openpgp::policy::is_weak_cipher;

use super::{directory, own, spelled, store};
use crate::{Error, Result};

/// One thing to know of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `ok`, `held` (look at it) or `stop` (do not rely on it): also the class on the page.
    pub state: &'static str,
    /// What was found.
    pub text: String,
}

/// What was found of a mail, on its way to the report or message that it becomes.
#[derive(Clone, Debug, Default)]
pub struct Finds {
    /// The address that it is from.
    pub sender: String,
    /// Encrypted, signed, by whom.
    pub seals: Vec<Seal>,
    /// What there is to doubt of its sender.
    pub doubts: Vec<Line>,
}

/// Keeps what was found of the mail that became this report or message, and what there is to doubt of its sender.
pub async fn keep_in(tx: &mut Tx, noun: Id, finds: &Finds) -> Result<()> {
    let Finds { sender, seals, doubts } = finds;
    if seals.is_empty() && doubts.is_empty() {
        return Ok(());
    }
    put(tx, noun, &spelled(sender), &serde_json::to_string(seals).map_err(Error::fault)?, doubts).await
}

/// What was found of the mail that became one report or message is found of another that it became as well, and one thing more.
pub async fn carry_in(tx: &mut Tx, from: Id, to: Id, more: Line) -> Result<()> {
    let (sender, seals, mut lines) = kept(tx, from).await?;
    lines.insert(0, more);
    put(tx, to, &sender, &seals, &lines).await
}

/// Somebody made sure since who wrote it: that stands before what was doubted when it came.
pub async fn made_sure_in(tx: &mut Tx, noun: Id, name: &str) -> Result<()> {
    let (sender, seals, mut lines) = kept(tx, noun).await?;
    let below = if lines.is_empty() { "" } else { " What stands below was so when it came." };
    lines.insert(0, Line { state: "ok", text: format!("Somebody of the team made sure that it is from {name}.{below}") });
    put(tx, noun, &sender, &seals, &lines).await
}

/// Notes that somebody made sure that it is another's.
pub async fn refused_in(tx: &mut Tx, noun: Id, name: &str) -> Result<()> {
    let (sender, seals, mut lines) = kept(tx, noun).await?;
    lines.insert(0, Line { state: "stop", text: format!("Somebody of the team made sure that it is not from {name}.") });
    put(tx, noun, &sender, &seals, &lines).await
}

/// What is kept of a report or message: its sender, its seals, what there was to doubt.
async fn kept(tx: &mut Tx, noun: Id) -> Result<(String, String, Vec<Line>)> {
    let found = store::seals(tx, &[noun]).await?.into_iter().next();
    Ok(found.map_or_else(|| (String::new(), "[]".to_owned(), Vec::new()), |(_, sender, seals, doubts)| (sender, seals, doubted(&doubts))))
}

async fn put(tx: &mut Tx, noun: Id, sender: &str, seals: &str, lines: &[Line]) -> Result<()> {
    let lines: Vec<(&str, &str)> = lines.iter().map(|line| (line.state, line.text.as_str())).collect();
    store::put_seals(tx, noun, sender, seals, &serde_json::to_string(&lines).map_err(Error::fault)?).await
}

/// Whether something of this report or message came encrypted to us.
pub async fn was_encrypted(reader: &mut Reader, noun: Id) -> Result<bool> {
    let seals = store::seals(reader, &[noun]).await?;
    Ok(seals.iter().any(|(_, _, text, _)| read(text).iter().any(|seal| seal.encrypted)))
}

/// What is to be said of these reports and messages, doubts first; those of which there is nothing to say are not named.
pub async fn lines(reader: &mut Reader, nouns: &[Id]) -> Result<HashMap<Id, Vec<Line>>> {
    let mut all = HashMap::new();
    for (noun, sender, text, doubts) in store::seals(reader, nouns).await? {
        let mut lines = doubted(&doubts);
        for seal in read(&text) {
            lines.extend(outside(&seal));
            lines.extend(weak(&seal));
            for signed in &seal.signatures {
                lines.push(signature(reader, &sender, &seal, signed).await?);
            }
            if seal.opened && seal.encrypted && seal.signatures.is_empty() {
                lines.push(Line { state: "held", text: format!("Nobody signed {}: anybody who has our key could have written it.", seal.part) });
            }
        }
        all.insert(noun, lines);
    }
    Ok(all)
}

fn read(text: &str) -> Vec<Seal> {
    serde_json::from_str(text).unwrap_or_else(|_| {
        let problem = "what was found of this mail cannot be read any more".to_owned();
        vec![Seal {
            part: "the mail".into(),
            encrypted: false,
            opened: false,
            signatures: Vec::new(),
            problem,
            covers: String::new(),
            subject: false,
            ciphers: Vec::new(),
        }]
    })
}

fn doubted(text: &str) -> Vec<Line> {
    let lines: Vec<(String, String)> = serde_json::from_str(text).unwrap_or_default();
    let state = |name: &str| ["ok", "stop"].into_iter().find(|known| *known == name).unwrap_or("held");
    lines.into_iter().map(|(name, text)| Line { state: state(&name), text }).collect()
}

fn outside(seal: &Seal) -> Option<Line> {
    let part = super::ring::capital(&seal.part);
    let inside = if seal.part == "the mail" { format!(" Inside: {}.", seal.covers) } else { String::new() };
    match (seal.encrypted, seal.opened) {
        (true, true) => Some(Line { state: "ok", text: format!("{part} was encrypted to us and opened with the key that the server holds.{inside}") }),
        (_, false) => Some(Line { state: "stop", text: format!("{part} could not be opened: {}. The original is kept.", seal.problem) }),
        (false, true) if !seal.problem.is_empty() => {
            Some(Line { state: "stop", text: format!("The signature of {} cannot be read: {}.", seal.part, seal.problem) })
        }
        (false, true) if seal.signatures.is_empty() => Some(Line { state: "held", text: format!("{part} was neither encrypted nor signed.") }),
        (false, true) => None,
    }
}

/// What was encrypted with a cipher that does not protect any more.
fn weak(seal: &Seal) -> Option<Line> {
    let mut weak: Vec<&str> = seal.ciphers.iter().map(String::as_str).filter(|cipher| is_weak_cipher(cipher)).collect();
    weak.dedup();
    let text = format!(
        "{} was encrypted with a weak cipher ({}): who carried it may be able to read it. Its sender needs a current program.",
        super::ring::capital(&seal.part),
        weak.join(", ")
    );
    (!weak.is_empty()).then_some(Line { state: "held", text })
}

/// Who signed what, and how well we know the key.
async fn signature(reader: &mut Reader, sender: &str, seal: &Seal, signed: &Signed) -> Result<Line> {
    let what = match seal.part.as_str() {
        "the mail" => format!("What was signed: {}.", seal.covers),
        part => format!("What was signed: {part} alone, and nothing around it."),
    };
    let Some(by) = &signed.by else {
        return Ok(Line { state: "held", text: format!("Signed with the key {}, which is not known here: it proves nothing. {what}", signed.name) });
    };
    let short = super::grouped(by.get(by.len().saturating_sub(16)..).unwrap_or(by));
    if !signed.good {
        return Ok(Line {
            state: "stop", text: format!("The signature in the name of {} (key … {short}) does not hold: {}. {what}", signed.name, signed.why)
        });
    }
    if own::holds(reader, by).await? {
        return Ok(Line { state: "held", text: format!("Signed with our own mail key (… {short}). {what}") });
    }
    let bindings = store::bindings_of_key(reader, by).await?;
    let of_sender = bindings.iter().find(|one| one.address == sender);
    let (state, known) = match of_sender {
        Some(one) if one.state == "verified" => ("ok", format!("a verified key of {sender} ({})", one.note)),
        Some(one) if one.state == "conflict" => ("stop", format!("a key that came for {sender} although another one is known: look at the conflict")),
        Some(one) if one.state == "replaced" => ("held", format!("a former key of {sender}")),
        Some(_) => ("held", format!("an unverified key of {sender}: nobody has compared its fingerprint yet")),
        None if bindings.is_empty() => ("held", "a key that is not in the directory any more".to_owned()),
        None => {
            let of: Vec<&str> = bindings.iter().map(|one| one.address.as_str()).take(3).collect();
            ("stop", format!("a key of {}, not of {sender} who sent it", of.join(", ")))
        }
    };
    Ok(Line { state, text: format!("Signed by {} with {known}; key … {short}. {what}", signed.name) })
}

/// Certificates that may have signed a mail from this address, in armor.
pub async fn signers(reader: &mut Reader, from: &str, named: &[String]) -> Result<Vec<String>> {
    let mut all: Vec<String> = directory::of_address(reader, from).await?.into_iter().map(|one| one.key.armored).collect();
    all.extend(own::all(reader).await?.into_iter().map(|key| key.armored));
    all.extend(directory::named(reader, named).await?.into_iter().map(|key| key.armored));
    all.sort_unstable();
    all.dedup();
    Ok(all)
}
