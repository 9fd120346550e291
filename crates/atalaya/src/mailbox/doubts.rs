//! Why a mail may not be from whom it seems, in words that say what to do.
//!
//! Three things are looked at: what our own mail server found (SPF, DKIM, DMARC: its verdict, never the
//! sender's), addresses that are nearly one that we know, and where the mail asks answers to go. Each
//! doubt is one or two sentences for a person who knows none of these names.

use ::store::Reader;
use formats::net::{alike, domain};
use formats::observable::{Kind, Observable};
use post::letter::Letter;

use super::place;
use crate::keys::Line;
use crate::{App, Result, constituency};

/// Whom an answer should be from, as far as anybody knows.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The address that we write to; empty for a mail that answers nothing.
    pub address: &'a str,
    /// Whether only a number in the subject led here, with nothing to vouch for the sender.
    pub unsure: bool,
}

/// What there is to doubt of the sender, the gravest first.
pub async fn of(reader: &mut Reader, app: &App, letter: &Letter, known: Known<'_>) -> Result<Vec<Line>> {
    let from = letter.from.as_ref().map(|from| from.mail.as_str()).unwrap_or_default();
    let Some(sent_by) = domain_of(from) else { return Ok(Vec::new()) };
    let mut doubts: Vec<Line> = verdict(letter, from, &sent_by).into_iter().collect();
    if doubts.is_empty() && known.unsure {
        doubts.push(held(format!(
            "Nobody has checked that this is from {from}. The number in its subject brought it here, and anybody who has seen the number can write it."
        )));
    }
    if !known.address.is_empty() && !from.eq_ignore_ascii_case(known.address) {
        let near = domain_of(known.address).is_some_and(|ours| alike::are_alike(&ours, &sent_by));
        doubts.push(if near {
            stop(format!("Look closely: it is from {from}, and the address that we know is {}. They only look the same. {ASK}", known.address))
        } else {
            held(format!("It is from {from}. The address that we write to is {}.", known.address))
        });
    } else if let Some((real, whose)) = meant(reader, app, &sent_by).await? {
        doubts.push(stop(format!("Look closely at the address: {sent_by} is not {real}, which is {whose}. It only looks like it. {ASK}")));
    }
    let shown = letter.from.as_ref().and_then(|from| from.name.as_deref()).and_then(address_in);
    if let Some(shown) = shown.filter(|shown| !shown.eq_ignore_ascii_case(from)) {
        doubts.push(stop(format!("It shows {shown} as its sender's name, but it is from {from}.")));
    }
    let elsewhere = letter.reply_to.iter().find(|one| domain_of(&one.mail).is_some_and(|other| domain::registrable(&other) != domain::registrable(&sent_by)));
    if let Some(other) = elsewhere {
        doubts.push(held(format!("It asks that answers go to {}, which is not where it is from. What we send goes to {from}.", other.mail)));
    }
    doubts.sort_by_key(|line| line.state != "stop");
    Ok(doubts)
}

/// What to do about a sender who may be another.
const ASK: &str = "Before you rely on it, ask the sender by phone or at an address that you had before.";

fn stop(text: String) -> Line {
    Line { state: "stop", text }
}

fn held(text: String) -> Line {
    Line { state: "held", text }
}

/// What our own mail server found, when that speaks against the sender.
fn verdict(letter: &Letter, from: &str, sent_by: &str) -> Option<Line> {
    let results = letter.authentication.as_deref()?.to_ascii_lowercase();
    if place::is_forged(letter) {
        return Some(stop(format!(
            "This mail is probably not from {from}. {sent_by} tells everybody how its own mail can be recognised, and this one cannot be. {ASK}"
        )));
    }
    if place::is_vouched_for(letter) {
        return None;
    }
    let found = |method: &str, outcome: &[&str]| {
        let result = results.split(';').map(str::trim).find(|result| result.starts_with(method))?;
        let said = result.split_whitespace().next()?.strip_prefix(method)?.strip_prefix('=')?;
        outcome.contains(&said).then(|| result.to_owned())
    };
    if found("spf", &["fail", "softfail"]).is_some() {
        return Some(held(format!(
            "This mail may not be from {from}: it came from a machine that does not usually send mail for {sent_by}. Forwarded mail looks like this too. {ASK}"
        )));
    }
    if found("dkim", &["fail"]).is_some() {
        return Some(held(format!(
            "This mail may not be from {from}, or somebody changed it on its way: the mark that {sent_by} puts on its mail does not fit. {ASK}"
        )));
    }
    let other = found("dkim", &["pass"]).or_else(|| found("spf", &["pass"])).and_then(|result| sender_in(&result))?;
    (domain::registrable(&other) != domain::registrable(sent_by)).then(|| {
        held(format!(
            "{other} sent this mail in the name of {from}. Mailing lists and firms that send mail for others do that; so does who wants to deceive. {ASK}"
        ))
    })
}

/// The domain that a result speaks of.
fn sender_in(result: &str) -> Option<String> {
    let values = result.split_whitespace().filter_map(|word| word.split_once('='));
    let mut named = values.filter(|(name, _)| ["smtp.mailfrom", "header.d", "header.i"].contains(name));
    named.find_map(|(_, value)| domain::normalise(value.rsplit('@').next()?).ok())
}

fn domain_of(mail: &str) -> Option<String> {
    mail.rsplit_once('@').and_then(|(_, domain)| domain::normalise(domain).ok())
}

/// A mail address that stands in a name for people.
fn address_in(name: &str) -> Option<&str> {
    let word = name.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).find(|word| word.contains('@'))?;
    domain_of(word).is_some_and(|domain| domain::has_public_suffix(&domain)).then_some(word)
}

/// The name that a sender's domain may be meant to be taken for, and whose it is: ours, or one of the registry.
async fn meant(reader: &mut Reader, app: &App, sent_by: &str) -> Result<Option<(String, String)>> {
    let ours = app.profile.mail.iter().flat_map(|mail| mail.recipients.iter().chain([&mail.from_address]));
    if let Some(ours) = ours.filter_map(|mail| domain_of(mail)).find(|ours| alike::are_alike(ours, sent_by)) {
        return Ok(Some((ours, "ours".to_owned())));
    }
    let named = |value: &str| Observable { kind: Kind::Domain, value: value.to_owned() };
    let now = reader.now();
    // Whoever holds the name itself is taken for nobody.
    let mut asked = vec![named(sent_by)];
    asked.extend(alike::meant(sent_by).iter().map(|name| named(name)));
    let holders = constituency::owners(reader, &asked, now).await?;
    if holders.iter().any(|holder| holder.observable == 0) {
        return Ok(None);
    }
    Ok(holders.into_iter().next().map(|holder| (holder.resource, format!("of {}", holder.name))))
}
