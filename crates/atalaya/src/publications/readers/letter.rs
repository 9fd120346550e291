//! The mails to those who asked to be told: one to each, with the fields that mail programs know lists by.

use ::store::{Id, Tx};
use formats::label::Tlp;
use jiff::Timestamp;

use super::super::catalogue::Item;
use super::said::{self, Said, address, with_foot};
use super::{Subscription, key, store};
use crate::access::Who;
use crate::keys::Choice;
use crate::keys::protect::{self, Wish};
use crate::outbox::{self, List, Mail, Turn};
use crate::release::{self, Channel, Leaving, Recipient};
use crate::text::Text;
use crate::{App, Error, Result};

/// What a mail to a subscription says.
struct Letter {
    noun: &'static str,
    about: Id,
    version: i64,
    basis: &'static str,
    label: Tlp,
    number: String,
    subject: String,
    text: String,
    /// The language of its words.
    language: String,
    references: Vec<String>,
    /// Headers for programs that read the mails.
    headers: Vec<(String, String)>,
    turn: Turn,
}

fn link(app: &App, one: &Subscription) -> String {
    format!("{}/subscription/{}", address(app), key(app, one.id))
}

/// The mail that asks whether it was meant: nothing comes before its link was opened and its button pressed.
pub async fn confirm(tx: &mut Tx, app: &App, one: &Subscription) -> Result<()> {
    let text = app.languages.text(&one.language);
    let team = app.profile.team.name.text(text.wanted());
    let body = text.fill("mail-confirm-text", &[("team", team.to_owned()), ("link", link(app, one))]);
    let letter = Letter {
        noun: "subscription",
        about: one.id,
        version: 1,
        basis: "subscription",
        label: Tlp::Clear,
        number: String::new(),
        subject: text.with("mail-confirm-subject", "team", team),
        text: body,
        language: text.shown().to_owned(),
        references: Vec::new(),
        headers: Vec::new(),
        turn: Turn::Letter,
    };
    send(tx, app, &Who::Public, one, letter).await?;
    Ok(())
}

/// Tells a subscription of a version, and notes that it was told.
pub async fn tell(tx: &mut Tx, app: &App, who: &Who, one: &Subscription, item: &Item) -> Result<()> {
    let Some(Said { subject, text, language }) = said::of(app, item, &one.language) else { return Ok(()) };
    let before = store::delivered(tx, one.id, item.id).await?;
    let headers = vec![
        ("X-Advisory-Id".to_owned(), item.name.clone()),
        ("X-Advisory-Version".to_owned(), item.called()),
        ("X-Advisory-Severity".to_owned(), item.content.severity.name().to_owned()),
    ];
    let letter = Letter {
        noun: "publication",
        about: item.id,
        version: item.version,
        basis: "subscription",
        label: item.content.label,
        number: item.name.clone(),
        subject,
        text,
        language,
        references: before.into_iter().map(|(_, message)| message).collect(),
        headers,
        turn: turn(item.kind),
    };
    let message = send(tx, app, who, one, letter).await?;
    store::deliver(tx, one.id, item.id, item.version, &message).await
}

/// What came since the last digest, in one mail.
pub async fn digest(tx: &mut Tx, app: &App, who: &Who, one: &Subscription, items: &[&Item]) -> Result<()> {
    let text = app.languages.text(&one.language);
    let entries: Vec<String> = items.iter().map(|item| said::entry(app, &text, item, &one.language)).filter(|entry| !entry.is_empty()).collect();
    let team = app.profile.team.short_name.text(text.wanted());
    let subject = text.fill("mail-digest-subject", &[("team", team.to_owned()), ("count", items.len().to_string())]);
    let letter = Letter {
        noun: "subscription",
        about: one.id,
        version: one.told_until.as_second(),
        basis: "subscription",
        label: Tlp::Clear,
        number: String::new(),
        subject,
        text: format!("{}\n\n{}\n", Tlp::Clear.marking(), entries.join("\n\n")),
        language: text.shown().to_owned(),
        references: Vec::new(),
        headers: Vec::new(),
        turn: Turn::Digest,
    };
    let message = send(tx, app, who, one, letter).await?;
    for item in items {
        store::deliver(tx, one.id, item.id, item.version, &message).await?;
    }
    Ok(())
}

/// Through the gate, into the outbox; gives the `Message-ID`.
async fn send(tx: &mut Tx, app: &App, who: &Who, one: &Subscription, letter: Letter) -> Result<String> {
    let text = app.languages.text(&one.language);
    let text_with_foot = with_foot(app, &one.language, &letter.text, &link(app, one));
    let wish = Wish { address: &one.address, choice: Choice::Sign, label: letter.label, answers_encrypted: false };
    let plan = protect::plan(tx, app, &wish).await?;
    let content = app.blobs.seal(format!("{}\n\n{}", letter.subject, letter.text).as_bytes())?;
    tx.keep(&content).await?;
    let leaving = Leaving {
        to: Recipient {
            key: format!("subscriber:{}", one.id),
            name: one.address.clone(),
            organisation: None,
            ceiling: Channel::Public.ceiling(&app.profile),
            address: one.address.clone(),
        },
        channel: Channel::Mail,
        noun: letter.noun,
        id: letter.about,
        about: letter.about,
        version: letter.version,
        label: letter.label,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: letter.basis.into(),
        against: Vec::new(),
        held: Vec::new(),
        protection: plan.protect.in_words(),
        content: content.hash,
    };
    let mail = Mail {
        about: letter.about,
        message: None,
        contact: None,
        thread: one.id,
        to_name: String::new(),
        to: one.address.clone(),
        subject: letter.subject,
        number: letter.number,
        text: text_with_foot,
        language: letter.language,
        in_reply_to: letter.references.first().cloned(),
        automatic: true,
        files: Vec::new(),
        protect: plan.protect,
        list: Some(List { headers: [letter.headers, headers(app, &text, one)?].concat(), references: letter.references }),
    };
    let passed = release::release(tx, &app.profile, who, &leaving, mail).await?;
    outbox::queue_in_turn(tx, app, passed, letter.turn).await
}

/// Alerts go before all else that is published.
pub fn turn(kind: press::Kind) -> Turn {
    if kind == press::Kind::Alert { Turn::Alert } else { Turn::Advisory }
}

/// What makes it a list for mail programs (RFC 2369, RFC 2919), and for those of readers one that its holder ends (RFC 8058).
fn headers(app: &App, text: &Text, one: &Subscription) -> Result<Vec<(String, String)>> {
    let own = [
        ("List-Help", format!("<{}>", link(app, one))),
        ("List-Subscribe", format!("<{}/subscribe?lang={}>", address(app), text.wanted())),
        ("List-Unsubscribe", format!("<{}/end>", link(app, one))),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
    ];
    let all = list_headers(app, "publications", "/latest").ok_or_else(|| Error::conflict("The team has no mail."))?;
    Ok(all.into_iter().chain(own.map(|(name, value)| (name.to_owned(), value))).collect())
}

/// What every list of ours says of itself: its name, who answers for it, where its mails are read again. None without mail.
pub fn list_headers(app: &App, list: &str, archive: &str) -> Option<Vec<(String, String)>> {
    let team = app.profile.mail.as_ref()?;
    let domain = team.from_address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let all = [
        ("Precedence", "list".to_owned()),
        ("List-Id", format!("<{list}.{domain}>")),
        ("List-Archive", format!("<{}{archive}>", address(app))),
        ("List-Owner", format!("<mailto:{}>", app.profile.team.report_address)),
        ("List-Post", "NO".to_owned()),
    ];
    Some(all.map(|(name, value)| (name.to_owned(), value)).into())
}

/// When a digest that was told at an instant is due again.
pub fn is_due(one: &Subscription, now: Timestamp) -> bool {
    let hours = if one.due == "weekly" { 7 * 24 } else { 24 };
    now.duration_since(one.told_until).as_hours() >= hours
}
