//! A mail that nobody wrote: a receipt, a closing notice. It says the number and the page and nothing
//! of the matter, passes the gate like any other, and must not be answered by robots.

use ::store::{Reader, Tx};
use formats::label::Tlp;

use super::answer::leaving;
use super::report::{Report, link_went_in_clear_in, page_label};
use crate::access::Who;
use crate::keys::protect::Wish;
use crate::keys::{Choice, Protect};
use crate::outbox::{self, Mail};
use crate::release::Leaving;
use crate::{App, Result, keys, release};

/// What such a mail says, and what the ledger calls it.
pub(super) struct Automatic<'a> {
    pub basis: &'a str,
    pub version: i64,
    pub subject: String,
    pub body: String,
    pub language: &'a str,
    pub protect: Protect,
    /// Whether the link to the report's page stands in it.
    pub linked: bool,
}

/// How an automatic mail leaves: encrypted where the rule would and a key allows it, signed where we can.
pub(super) async fn protected(reader: &mut Reader, app: &App, report: &Report) -> Result<Protected> {
    let answers_encrypted = keys::seen::was_encrypted(reader, report.id).await?;
    let wish = Wish { address: &report.reporter_mail, choice: Choice::Rule, label: Tlp::Clear, answers_encrypted };
    let protect = keys::protect::plan(reader, app, &wish).await?.protect;
    let high = keys::protect::must_encrypt(app, page_label(reader, app, report.id).await?);
    let exposed = (answers_encrypted || high) && !protect.encrypts();
    Ok(Protected { protect, exposed })
}

/// How an automatic mail leaves.
pub(super) struct Protected {
    pub protect: Protect,
    /// What came encrypted, or what may not go by mail in clear, would be linked from a mail in clear: then no
    /// link to it may stand there.
    pub exposed: bool,
}

/// Queues it for the reporter.
pub(super) async fn send(tx: &mut Tx, app: &App, who: &Who, report: &Report, automatic: Automatic<'_>) -> Result<()> {
    let Automatic { basis, version, subject, body, language, protect, linked } = automatic;
    if linked && !protect.encrypts() {
        link_went_in_clear_in(tx, report.id).await?;
    }
    let content = app.blobs.seal(format!("{subject}\n\n{body}").as_bytes())?;
    tx.keep(&content).await?;
    let mut leaving = leaving(app, report, basis, content.hash);
    leaving.label = label(app, &leaving);
    leaving.version = version;
    super::answer::protect(&mut leaving, &protect);
    let mail = Mail {
        about: report.id,
        message: None,
        contact: None,
        // An answer that comes back here finds the reporter's thread, in a case too.
        thread: report.id,
        to_name: String::new(),
        to: report.reporter_mail.clone(),
        subject,
        number: report.number.clone(),
        text: body,
        language: language.to_owned(),
        in_reply_to: report.mail_message_id.clone(),
        automatic: true,
        files: Vec::new(),
        protect,
        list: None,
    };
    let released = release::release(tx, &app.profile, who, &leaving, mail).await?;
    outbox::queue(tx, app, released).await?;
    Ok(())
}

/// Why no automatic mail may go to the reporter's address, if so.
pub(super) fn unfit(app: &App, report: &Report) -> Option<&'static str> {
    if post::address::check(&report.reporter_mail).is_err() {
        return Some("address");
    }
    let mut ours = app.profile.mail.iter().flat_map(|mail| mail.recipients.iter().chain([&mail.from_address]));
    ours.any(|ours| ours.eq_ignore_ascii_case(&report.reporter_mail)).then_some("own address")
}

/// The label of what goes out by itself: what the team gives to everything that carries none, as far as
/// mail and the reporter may get it.
fn label(app: &App, leaving: &Leaving) -> Tlp {
    app.profile.labels.default.min(app.profile.labels.ceiling.mail).min(leaving.to.ceiling)
}
