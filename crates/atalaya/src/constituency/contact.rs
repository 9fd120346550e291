//! Contacts: whom to write to at an organisation, for what, in which language, and whether it arrives.

use ::store::{Id, Reader, Record, Tx};
use formats::observable::{Kind, Observable};
use jiff::Timestamp;
use jiff::civil::Date;
use post::openpgp::look::Found;
use serde_json::json;

use super::organisation::{index, is_language};
use super::{Problem, days, refuse, store};
use crate::access::{Noun, Verb, Who, require};
use crate::keys::{self, Source};
use crate::text::one_line;
use crate::{App, Error, Result, once};

/// What a contact is there for: name and title, in the order in which one stands in for another.
pub const FUNCTIONS: [(&str, &str); 6] =
    [("abuse", "Abuse"), ("security", "Security"), ("noc", "Network operations"), ("management", "Management"), ("legal", "Legal"), ("press", "Press")];

/// How a contact wants to be reached: name and title.
pub const REACHES: [(&str, &str); 3] = [("mail", "By mail"), ("portal", "On the portal"), ("phone", "By phone")];

/// A contact as messages need it.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// Id.
    pub id: Id,
    /// The organisation.
    pub organisation: Id,
    /// Name of the person or desk.
    pub name: String,
    /// `abuse`, `security`, `noc`, `management`, `legal`, `press`.
    pub function: String,
    /// Mail address, if it has one.
    pub mail: Option<String>,
    /// Phone, or empty.
    pub phone: String,
    /// Language.
    pub language: String,
    /// When somebody answers, as they say it.
    pub hours: String,
    /// How it wants to be reached: `mail`, `portal`, `phone`.
    pub reach: String,
    /// OpenPGP fingerprint, or empty.
    pub key_fingerprint: String,
    /// OpenPGP key in ASCII armour, or empty.
    pub key_text: String,
    /// When its mail last came back, until somebody clears that.
    pub bounced_at: Option<Timestamp>,
    /// What the other side said then.
    pub bounce: Option<String>,
    /// First instant.
    pub valid_from: Timestamp,
    /// First instant after.
    pub valid_to: Option<Timestamp>,
    /// Counts the changes.
    pub version: i64,
}

impl Contact {
    /// Whether it is to be used at this instant.
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.valid_from <= at && self.valid_to.is_none_or(|to| to > at)
    }

    /// Whether a message can go there.
    pub fn can_be_written_to(&self) -> bool {
        self.mail.is_some() || self.reach == "portal"
    }
}

/// What can be said about a contact.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContactDetails {
    /// Name of the person or desk.
    pub name: String,
    /// One of [`FUNCTIONS`].
    pub function: String,
    /// Mail address, or empty.
    pub mail: String,
    /// Phone, or empty.
    pub phone: String,
    /// Language tag.
    pub language: String,
    /// When somebody answers.
    pub hours: String,
    /// One of [`REACHES`].
    pub reach: String,
    /// OpenPGP fingerprint, or empty.
    pub key_fingerprint: String,
    /// OpenPGP key in ASCII armour, or empty.
    pub key_text: String,
    /// First day, if one is known.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl From<&Contact> for ContactDetails {
    fn from(one: &Contact) -> Self {
        Self {
            name: one.name.clone(),
            function: one.function.clone(),
            mail: one.mail.clone().unwrap_or_default(),
            phone: one.phone.clone(),
            language: one.language.clone(),
            hours: one.hours.clone(),
            reach: one.reach.clone(),
            key_fingerprint: one.key_fingerprint.clone(),
            key_text: one.key_text.clone(),
            from: days::first(one.valid_from),
            to: days::last(one.valid_to),
        }
    }
}

impl ContactDetails {
    /// Everything that has to be asked again.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut problem = |bad: bool, field, text: &str| {
            if bad {
                problems.push(Problem::new(field, text));
            }
        };
        problem(self.name.is_empty() || self.name.chars().count() > 200, "contact_name", "Write the name of the person or desk, up to 200 letters");
        let function = FUNCTIONS.iter().any(|(name, _)| *name == self.function);
        problem(!function, "function", "Choose a function: abuse, security, noc, management, legal or press");
        let good = self.mail.is_empty() || Observable::new(Kind::Mail, &self.mail).is_ok();
        problem(!good, "mail", "Write a mail address like abuse@a.example");
        problem(!is_language(&self.language), "contact_language", "Write the language as a tag, like en or es");
        problem(!REACHES.iter().any(|(name, _)| *name == self.reach), "reach", "Choose how to reach it: mail, portal or phone");
        problem(self.reach == "mail" && self.mail.is_empty(), "mail", "Write the mail address, since this contact is reached by mail");
        problem(self.reach == "phone" && self.phone.is_empty(), "phone", "Write the number, since this contact is reached by phone");
        let print = self.key_fingerprint.as_str();
        let hex = print.is_empty() || (matches!(print.len(), 40 | 64) && print.bytes().all(|byte| byte.is_ascii_hexdigit()));
        problem(!hex, "key_fingerprint", "Write the key's fingerprint: 40 hexadecimal digits (64 for a version 6 key)");
        let armour = self.key_text.is_empty() || self.key_text.contains("-----BEGIN PGP PUBLIC KEY BLOCK-----");
        problem(!armour, "key_text", "Paste the public key with its BEGIN and END lines");
        problem(self.key_text.contains("PRIVATE KEY"), "key_text", "This is a private key: it must not leave its owner. Paste the public key");
        let backwards = matches!((self.from, self.to), (Some(from), Some(to)) if to < from);
        problem(backwards, "to", "The last day is before the first");
        problems
    }

    /// Trims what was typed.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        self.name = one_line(&self.name);
        self.mail = self.mail.trim().to_lowercase();
        self.phone = self.phone.trim().to_owned();
        self.hours = self.hours.trim().to_owned();
        self.key_fingerprint = self.key_fingerprint.split_whitespace().collect::<String>().trim_start_matches("0x").to_uppercase();
        self.key_text = self.key_text.trim().to_owned();
        self
    }

    /// What differs, each as `field: before → now`.
    pub fn changes(&self, now: &Self) -> Vec<String> {
        let (from, to) = ((days::typed(self.from), days::typed(now.from)), (days::typed(self.to), days::typed(now.to)));
        changed(&[
            ("name", &self.name, &now.name),
            ("function", &self.function, &now.function),
            ("mail", &self.mail, &now.mail),
            ("phone", &self.phone, &now.phone),
            ("language", &self.language, &now.language),
            ("hours", &self.hours, &now.hours),
            ("reach", &self.reach, &now.reach),
            ("key", &self.key_fingerprint, &now.key_fingerprint),
            ("key text", &self.key_text, &now.key_text),
            ("from", &from.0, &from.1),
            ("until", &to.0, &to.1),
        ])
    }
}

/// What differs between two, each as `field: before → now`; long texts by their name alone.
pub(super) fn changed(pairs: &[(&str, &String, &String)]) -> Vec<String> {
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    let differing = pairs.iter().filter(|(_, before, now)| before != now);
    differing
        .map(
            |(field, before, now)| {
                if before.len() + now.len() > 300 { format!("{field}: changed") } else { format!("{field}: {} → {}", shown(before), shown(now)) }
            },
        )
        .collect()
}

/// A contact.
pub async fn contact(reader: &mut Reader, id: Id) -> Result<Contact> {
    store::contact(reader, id).await?.ok_or(Error::NotFound)
}

/// The contact that writes from this address, if one is known. Two organisations that share an
/// address are told apart by nobody, so the older entry answers.
pub async fn contact_by_mail(reader: &mut Reader, mail: &str) -> Result<Option<Contact>> {
    let at = reader.now();
    Ok(store::contacts_writing(reader, &mail.trim().to_lowercase(), at).await?.into_iter().next())
}

/// Adds a contact.
pub async fn add_contact(app: &App, who: &Who, organisation: Id, details: ContactDetails) -> Result<Id> {
    let (details, key) = with_key(app, details).await?;
    app.db
        .change(&who.to_string(), async |tx| {
            if let Some(there) = once::made(tx, who).await? {
                return Ok(there);
            }
            let address = spoken_for(&details, key.as_ref());
            let id = add_contact_in(tx, who, organisation, details).await?;
            take_key(tx, key.as_ref(), address).await?;
            once::makes(tx, who, id).await?;
            Ok(id)
        })
        .await
}

/// The key that was given with a contact, read, and the contact with its true fingerprint.
async fn with_key(app: &App, mut details: ContactDetails) -> Result<(ContactDetails, Option<Found>)> {
    if details.key_text.trim().is_empty() {
        return Ok((details, None));
    }
    let mut found = keys::ring::keys(app, details.key_text.as_bytes()).await?;
    let (Some(key), true) = (found.pop(), found.is_empty()) else {
        return Err(Error::invalid("There is more than one key in this text: give the contact's own"));
    };
    let typed: String = details.key_fingerprint.split_whitespace().collect::<String>().trim_start_matches("0x").to_uppercase();
    if !typed.is_empty() && typed != key.fingerprint {
        return Err(Error::invalid(format!("The key has another fingerprint than the one that stands above it: {}", key.fingerprint)));
    }
    details.key_fingerprint.clone_from(&key.fingerprint);
    Ok((details, Some(key)))
}

/// For which address a contact's key speaks: the contact's, or the one in the key.
fn spoken_for(details: &ContactDetails, key: Option<&Found>) -> Option<String> {
    let own = Some(details.mail.trim().to_owned()).filter(|mail| !mail.is_empty());
    own.or_else(|| key.and_then(|key| key.mails.first().cloned()))
}

async fn take_key(tx: &mut Tx, key: Option<&Found>, address: Option<String>) -> Result<()> {
    if let (Some(key), Some(address)) = (key, address) {
        keys::take_in(tx, key, &address, Source::Upload).await?;
    }
    Ok(())
}

/// Adds a contact inside a change that does more.
pub async fn add_contact_in(tx: &mut Tx, who: &Who, organisation: Id, details: ContactDetails) -> Result<Id> {
    require(who, Verb::Change, Noun::Organisation)?;
    super::get(tx, organisation).await?;
    let one = built(tx.new_id(), organisation, details)?;
    store::insert_contact(tx, &one).await?;
    tx.record(
        Record::new("contact.added", "contact", one.id)
            .about(organisation)
            .facts(json!({ "function": one.function, "reach": one.reach }))
            .particulars(json!({ "name": one.name, "mail": one.mail, "phone": one.phone })),
    );
    index(tx, organisation).await?;
    Ok(one.id)
}

/// Changes a contact that the caller saw in this version.
pub async fn change_contact(app: &App, who: &Who, id: Id, version: i64, details: ContactDetails) -> Result<()> {
    let (details, key) = with_key(app, details).await?;
    app.db
        .change(&who.to_string(), async |tx| {
            let address = spoken_for(&details, key.as_ref());
            change_contact_in(tx, who, id, version, details).await?;
            take_key(tx, key.as_ref(), address).await
        })
        .await
}

/// Changes a contact inside a change that does more. A new mail address begins without bounces.
pub async fn change_contact_in(tx: &mut Tx, who: &Who, id: Id, version: i64, details: ContactDetails) -> Result<()> {
    let before = contact(tx, id).await?;
    require(who, Verb::Change, Noun::Organisation)?;
    let mut now = built(id, before.organisation, details)?;
    if before.version != version {
        return Err(Error::conflict("Somebody else has changed this contact meanwhile. Nothing of yours is lost: compare and save again."));
    }
    let changes = ContactDetails::from(&before).changes(&ContactDetails::from(&now));
    if changes.is_empty() {
        return Ok(());
    }
    now.version = version + 1;
    if before.mail == now.mail {
        (now.bounced_at, now.bounce) = (before.bounced_at, before.bounce);
    }
    if !store::update_contact(tx, &now).await? {
        return Err(Error::conflict("Somebody else has changed this contact meanwhile."));
    }
    let fields: Vec<&str> = changes.iter().filter_map(|change| change.split(':').next()).collect();
    tx.record(
        Record::new("contact.changed", "contact", id)
            .about(now.organisation)
            .facts(json!({ "version": now.version, "fields": fields }))
            .particulars(json!({ "name": now.name, "changes": changes })),
    );
    index(tx, now.organisation).await
}

fn built(id: Id, organisation: Id, details: ContactDetails) -> Result<Contact> {
    let details = details.tidy();
    refuse(details.problems())?;
    let (valid_from, valid_to) = (days::starts(details.from)?, days::ends(details.to)?);
    let ContactDetails { name, function, mail, phone, language, hours, reach, key_fingerprint, key_text, .. } = details;
    let mail = Some(mail).filter(|mail| !mail.is_empty());
    Ok(Contact {
        id,
        organisation,
        name,
        function,
        mail,
        phone,
        language,
        hours,
        reach,
        key_fingerprint,
        key_text,
        bounced_at: None,
        bounce: None,
        valid_from,
        valid_to,
        version: 1,
    })
}

/// Marks a contact whose mail came back.
pub async fn mark_bounced(tx: &mut Tx, contact: Id, text: &str) -> Result<()> {
    let Some(one) = store::contact(tx, contact).await? else { return Ok(()) };
    let (now, said) = (tx.now(), text.chars().take(2000).collect::<String>());
    store::set_bounce(tx, contact, Some((now, &said))).await?;
    tx.record(
        Record::new("contact.bounced", "contact", contact).about(one.organisation).particulars(json!({ "name": one.name, "mail": one.mail, "said": said })),
    );
    Ok(())
}

/// Forgets a bounce: the address works again.
pub async fn clear_bounce(app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Organisation)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let one = contact(tx, id).await?;
            if one.bounced_at.is_none() {
                return Ok(());
            }
            store::set_bounce(tx, id, None).await?;
            tx.record(Record::new("contact.bounce_cleared", "contact", id).about(one.organisation).particulars(json!({ "name": one.name, "mail": one.mail })));
            Ok(())
        })
        .await
}
