//! A notice that waits on a page: whoever reads it there hears by a mail without content that it is there.

use ::store::Tx;
use formats::label::Tlp;
use vault::blob::Hash;

use super::send;
use super::told::Notice;
use crate::access::Who;
use crate::constituency::Contact;
use crate::keys::{self, protect};
use crate::outbox::{self, Mail};
use crate::release::{self, Channel, Leaving, Recipient};
use crate::{App, Result};

/// Lets the mail out, in the change that tells the notice, if the contact has an address and the team has mail. `to`: as
/// whom the ledger knows the contact.
pub(super) async fn knock(tx: &mut Tx, app: &App, who: &Who, notice: &Notice, contact: &Contact, to: &Recipient) -> Result<()> {
    let Some(address) = contact.mail.clone().filter(|_| contact.reach == "portal" && app.profile.mail.is_some()) else { return Ok(()) };
    let text = app.languages.text(&contact.language);
    let team = app.profile.team.name.text(text.shown());
    let (subject, body) = (text.say("notice-subject"), format!("{}\n\n-- \n{team}\n", text.with("notice-body-bare", "number", &notice.number)));
    // It says nothing of the matter: encrypted where a verified key makes that easy, in clear otherwise.
    let wish = protect::Wish { address: &address, choice: keys::Choice::Rule, label: Tlp::Clear, answers_encrypted: false };
    let protect = protect::plan(tx, app, &wish).await?.protect;
    let leaving = Leaving {
        to: Recipient { address, ..to.clone() },
        channel: if protect.encrypts() { Channel::MailEncrypted } else { Channel::Mail },
        noun: "notice",
        id: notice.id,
        about: notice.organisation,
        version: 1,
        label: Tlp::Clear,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: "notice of a notice on the page, without its content".into(),
        against: Vec::new(),
        held: Vec::new(),
        protection: protect.in_words(),
        content: Hash::of(format!("{subject}\n\n{body}").as_bytes()),
    };
    let mail = Mail { subject, protect, ..send::mail(notice, contact, &body, None) };
    let released = release::release(tx, &app.profile, who, &leaving, mail).await?;
    outbox::queue(tx, app, released).await?;
    Ok(())
}
