//! How something leaves to an organisation's contact: by mail or onto its page, protected how, and what stands against it.

use ::store::{Id, Reader};
use formats::label::Tlp;

use crate::constituency::{Choice, Contact, Organisation};
use crate::keys::protect::{self, Wish};
use crate::keys::{self, Protect};
use crate::release::{Channel, Leaving, Recipient};
use crate::{App, Result};

/// What is about to leave.
#[derive(Clone, Copy, Debug)]
pub struct Going {
    /// Kind of the object, as the ledger has it.
    pub noun: &'static str,
    /// Its id.
    pub id: Id,
    /// What it belongs to.
    pub about: Id,
    /// Its version.
    pub version: i64,
    /// Its label.
    pub label: Tlp,
    /// Why it may be told at all.
    pub basis: &'static str,
}

/// How it leaves, and what stands against that.
#[derive(Clone, Debug)]
pub struct Way {
    /// What the gate is asked. Its content is set when the text is there.
    pub leaving: Leaving,
    /// Signed and encrypted how.
    pub protect: Protect,
    /// What the keys have against it, each a finished line.
    pub against: Vec<String>,
}

/// The way to a contact.
pub async fn way(reader: &mut Reader, app: &App, organisation: &Organisation, contact: &Contact, going: Going) -> Result<Way> {
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
        noun: going.noun,
        id: going.id,
        about: going.about,
        version: going.version,
        label: going.label,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: going.basis.into(),
        against: Vec::new(),
        held: Vec::new(),
        protection: String::new(),
        content: vault::blob::Hash::of(b""),
    };
    let (mut protect, mut against) = (Protect::default(), Vec::new());
    if !portal {
        let wish = Wish { address: &leaving.to.address, choice: keys::Choice::Rule, label: going.label, answers_encrypted: false };
        let plan = protect::plan(reader, app, &wish).await?;
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

/// The contact that something goes to, if it can.
pub fn usable(choice: &Choice) -> Option<&Contact> {
    choice.contact.as_ref().filter(|contact| contact.bounced_at.is_none() && contact.can_be_written_to())
}

/// Whether a contact is told by mail; else it waits on its page.
pub fn by_mail(contact: &Contact) -> bool {
    contact.mail.is_some() && contact.reach != "portal"
}
