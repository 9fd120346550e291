//! How a notice leaves, to whom, and what stands against it.

use std::collections::BTreeSet;

use ::store::Id;
use formats::label::Tlp;

use crate::constituency::{self, Contact, Organisation};
use crate::keys::protect::Wish;
use crate::keys::{self, Choice};
use crate::release::{self, Channel, Leaving, Recipient};
use crate::{App, Result};

/// How a notice leaves, and what stands against it.
pub struct Way {
    pub leaving: Leaving,
    pub protect: keys::Protect,
    pub against: Vec<String>,
}

pub async fn way(app: &App, organisation: &Organisation, contact: &Contact, id: Id, label: Tlp) -> Result<Way> {
    let portal = !by_mail(contact);
    let address = contact.mail.clone().filter(|_| !portal).unwrap_or_default();
    let mut leaving = Leaving {
        to: Recipient {
            key: format!("contact:{}", contact.id),
            name: format!("{} ({})", organisation.name, contact.name),
            organisation: Some(organisation.id),
            ceiling: organisation.ceiling,
            address,
        },
        channel: if portal { Channel::Portal } else { Channel::Mail },
        noun: "event_notice",
        id,
        about: organisation.id,
        version: 1,
        label,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: "notice".into(),
        against: Vec::new(),
        held: Vec::new(),
        protection: String::new(),
        // Set when the text is there.
        content: vault::blob::Hash::of(b""),
    };
    let (mut protect, mut against) = (keys::Protect::default(), Vec::new());
    if !portal {
        let wish = Wish { address: &leaving.to.address, choice: Choice::Rule, label, answers_encrypted: false };
        let plan = keys::protect::plan(&mut app.db.read().await?, app, &wish).await?;
        (protect, against) = (plan.protect, plan.against);
        leaving.protection = protect.in_words();
        if protect.encrypts() {
            leaving.channel = Channel::MailEncrypted;
        }
        if app.profile.mail.is_none() {
            against.push("The team has no mail.".into());
        }
    }
    Ok(Way { leaving, protect, against })
}

/// The highest of these labels that may leave to whoever is told, and why those above may not. Where there is nobody to
/// tell, that is found out later, for all of it.
pub async fn most(app: &App, organisation: &Organisation, choice: &constituency::Choice, labels: BTreeSet<Tlp>) -> Result<(Option<Tlp>, String)> {
    let Some(contact) = usable(choice) else { return Ok((Some(Tlp::Red), String::new())) };
    let mut refused = String::new();
    for label in labels.into_iter().rev() {
        let Way { leaving, against, .. } = way(app, organisation, contact, Id([0; 16]), label).await?;
        let weighed = release::weigh(&app.profile, &leaving);
        if against.is_empty() && weighed.may_leave() {
            return Ok((Some(label), refused));
        }
        if refused.is_empty() {
            refused = [against.join(" "), weighed.reasons()].join(" ").trim().to_owned();
        }
    }
    Ok((None, refused))
}

/// The contact that a notice goes to, if it can.
pub fn usable(choice: &constituency::Choice) -> Option<&Contact> {
    choice.contact.as_ref().filter(|contact| contact.bounced_at.is_none() && contact.can_be_written_to())
}

/// Whether a contact gets its notices by mail; else they wait on its page.
pub fn by_mail(contact: &Contact) -> bool {
    contact.mail.is_some() && contact.reach != "portal"
}
