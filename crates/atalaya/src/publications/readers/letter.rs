//! The mails to those who asked to be told: one to each, with the fields that mail programs know lists by.

use ::store::{Id, Tx};
use formats::label::Tlp;
use formats::markdown;
use jiff::Timestamp;

use super::super::catalogue::Item;
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
    references: Vec<String>,
    /// Headers for programs that read the mails.
    headers: Vec<(String, String)>,
    turn: Turn,
}

fn site(app: &App) -> &str {
    app.profile.web.public_url.trim_end_matches('/')
}

fn link(app: &App, one: &Subscription) -> String {
    format!("{}/subscription/{}", site(app), key(app, one.id))
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
        references: Vec::new(),
        headers: Vec::new(),
        turn: Turn::Letter,
    };
    send(tx, app, &Who::Public, one, letter).await?;
    Ok(())
}

/// Tells a subscription of a version, and notes that it was told.
pub async fn tell(tx: &mut Tx, app: &App, who: &Who, one: &Subscription, item: &Item) -> Result<()> {
    let Some((subject, text)) = words(app, item, &one.language) else { return Ok(()) };
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
        references: before.into_iter().map(|(_, message)| message).collect(),
        headers,
        turn: turn(item.kind),
    };
    let message = send(tx, app, who, one, letter).await?;
    store::deliver(tx, one.id, item.id, item.version, &message).await
}

/// Subject and text of the mail that tells of something in a language, as [`tell`] sends it, with its foot: for a preview.
pub fn written(app: &App, language: &str, item: &Item) -> (String, String) {
    let Some((subject, text)) = words(app, item, language) else { return (String::new(), String::new()) };
    (subject, with_foot(app, language, &text, &format!("{}/subscription/…", site(app))))
}

fn with_foot(app: &App, language: &str, text: &str, link: &str) -> String {
    format!("{}\n\n-- \n{}\n", text.trim_end(), app.languages.text(language).with("mail-foot", "link", link))
}

/// Subject and text of what is told.
fn words(app: &App, item: &Item, language: &str) -> Option<(String, String)> {
    let text = app.languages.text(language);
    let (words, _) = item.content.said(language)?;
    let severity = if item.kind.has_severity() { text.say(&format!("pub-severity-{}", item.content.severity.name())) } else { String::new() };
    let version = if item.version > 1 { format!("v{}", item.called()) } else { String::new() };
    let head = [item.content.label.marking(), severity.as_str(), &version];
    let subject = format!("{}: {}", head.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "), crate::text::one_line(&words.title));
    let page = format!("{}{}?lang={language}", site(app), item.path());
    Some((subject, body(app, &text, item, language, &page)))
}

/// The whole advisory, as text: a stub would make everybody open a browser at night. `page`: where it can be read.
pub fn body(app: &App, text: &Text, item: &Item, language: &str, page: &str) -> String {
    let Some((words, _)) = item.content.said(language) else { return String::new() };
    let mut out = format!("{}\n\n{}\n", item.content.label.marking(), words.title);
    if let Some(past) = item.history.first().filter(|past| !past.note.is_empty()) {
        out.push_str(&format!("\n{}: {}\n", text.with("pub-version", "number", item.called()), past.note));
    }
    let brief = [("pub-what", &words.summary), ("pub-affected", &words.affected), ("pub-act", &words.act)];
    for (key, said) in brief.into_iter().filter(|(_, said)| !said.is_empty()) {
        out.push_str(&format!("\n{}\n{}\n", text.say(key), markdown::plain(said, site(app))));
    }
    if !words.body.is_empty() {
        out.push_str(&format!("\n{}\n", markdown::plain(&words.body, site(app))));
    }
    if let Some(of) = &item.content.origin {
        let values = [("publisher", of.publisher.clone()), ("id", of.id.clone()), ("version", of.version.clone())];
        out.push_str(&format!("\n{} {}", text.fill("csaf-taken", &values), of.url));
    }
    for reference in &item.content.references {
        out.push_str(&format!("\n{} {}", reference.title, reference.url));
    }
    let page = if page.is_empty() { String::new() } else { format!("\n\n{page}") };
    out.push_str(&format!("{page}\n\n{}\n", text.say("pub-not-binding")));
    out
}

/// What came since the last digest, in one mail.
pub async fn digest(tx: &mut Tx, app: &App, who: &Who, one: &Subscription, items: &[&Item]) -> Result<()> {
    let text = app.languages.text(&one.language);
    let mut out = String::new();
    for item in items {
        let Some((words, _)) = item.content.said(&one.language) else { continue };
        let severity =
            if item.kind.has_severity() { format!(" [{}]", text.say(&format!("pub-severity-{}", item.content.severity.name()))) } else { String::new() };
        out.push_str(&format!(
            "{}{severity} {}\n{}\n{}{}?lang={}\n\n",
            text.say(&format!("pub-kind-{}", item.kind.name())),
            words.title,
            words.summary,
            site(app),
            item.path(),
            one.language
        ));
    }
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
        text: format!("TLP:CLEAR\n\n{out}"),
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
    let said = with_foot(app, &one.language, &letter.text, &link(app, one));
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
        text: said,
        language: one.language.clone(),
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

/// What makes it a list for mail programs (RFC 2369, RFC 2919, RFC 8058).
fn headers(app: &App, text: &Text, one: &Subscription) -> Result<Vec<(String, String)>> {
    let team = app.profile.mail.as_ref().ok_or_else(|| Error::conflict("The team has no mail."))?;
    let domain = team.from_address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let field = |name: &str, value: String| (name.to_owned(), value);
    Ok(vec![
        field("Precedence", "list".into()),
        field("List-Id", format!("<publications.{domain}>")),
        field("List-Help", format!("<{}>", link(app, one))),
        field("List-Subscribe", format!("<{}/subscribe?lang={}>", site(app), text.wanted())),
        field("List-Archive", format!("<{}/latest>", site(app))),
        field("List-Owner", format!("<mailto:{}>", app.profile.team.report_address)),
        field("List-Post", "NO".into()),
        field("List-Unsubscribe", format!("<{}/end>", link(app, one))),
        field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()),
    ])
}

/// When a digest that was told at an instant is due again.
pub fn is_due(one: &Subscription, now: Timestamp) -> bool {
    let hours = if one.due == "weekly" { 7 * 24 } else { 24 };
    now.duration_since(one.told_until).as_hours() >= hours
}
