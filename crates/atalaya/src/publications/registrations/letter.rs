//! The mails to those who come: one to each, through the gate. What a stranger typed stands in none before its mailbox confirmed
//! it, so that nobody has us send their words to others.

use ::store::Tx;
use press::{News, Seat, State};
use vault::blob::Hash;

use super::super::catalogue::Item;
use super::super::site;
use super::{Registration, key, store};
use crate::access::Who;
use crate::keys::Choice;
use crate::keys::protect::{self, Wish};
use crate::outbox::{self, List, Mail, Turn};
use crate::release::{self, Channel, Leaving, Recipient};
use crate::text::{Text, one_line};
use crate::web::show;
use crate::{App, Result};

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// Was it meant?
    Ask,
    /// You have a place.
    Coming,
    /// You are on the waiting list.
    Waiting,
    /// A place became free for you.
    MovedUp,
    /// You were registered already.
    Again,
    /// You are not registered any more, as you said.
    Cancelled,
    /// The same, as the team said.
    Removed,
    /// A newer version says something else; with when and where it was before.
    News(News, String),
}

impl Says {
    fn name(&self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Coming => "coming",
            Self::Waiting => "waiting",
            Self::MovedUp => "moved-up",
            Self::Again => "again",
            Self::Cancelled => "cancelled",
            Self::Removed => "removed",
            Self::News(News::Off, _) => "off",
            Self::News(News::On, _) => "on",
            Self::News(News::Moved, _) => "changed",
        }
    }

    /// Whether it says how the registration stands, and leads to its page.
    fn stands(&self) -> bool {
        !matches!(self, Self::Ask | Self::Cancelled | Self::Removed | Self::News(News::Off, _))
    }
}

fn home(app: &App) -> &str {
    app.profile.web.public_url.trim_end_matches('/')
}

/// The page of a registration, in the language of its holder.
fn link(app: &App, one: &Registration) -> String {
    format!("{}/registration/{}?lang={}", home(app), key(app, one.id), one.language)
}

/// When and where, for a reader of this language, a line each.
pub(super) fn place_lines(text: &Text, content: &press::Content) -> String {
    let Some(meeting) = &content.meeting else { return String::new() };
    // A translation that is older than its original may still name the place before.
    let own = content.own();
    let words = content.said(text.wanted()).map(|(words, _)| words).filter(|_| content.state(text.wanted()) != State::Outdated).unwrap_or(&own);
    let (when, zone, place) = site::takes_place(text, meeting, &words.place);
    let place = if place.is_empty() { String::new() } else { format!("\n{}: {}", text.say("pub-where"), one_line(&place)) };
    format!("{}: {when} ({zone}){place}", text.say("pub-when"))
}

/// What a mail says, below its label.
async fn body(tx: &mut Tx, app: &App, text: &Text, one: &Registration, item: &Item, says: &Says) -> Result<String> {
    let mut parts = vec![text.with(&format!("mail-registration-{}-text", says.name()), "team", app.profile.team.name.text(text.wanted()))];
    if says.stands() && one.seat == Seat::Waiting {
        let number = store::waiting_up_to(tx, one.publication, one.turn).await?;
        parts.push(text.with("mail-registration-number", "number", number));
    } else if says.stands() && !matches!(says, Says::Coming | Says::MovedUp) {
        parts.push(text.say("mail-registration-coming-text"));
    }
    let title = item.content.said(text.wanted()).map(|(words, _)| one_line(&words.title)).unwrap_or_default();
    parts.push(format!("{title}\n{}\n{}{}?lang={}", place_lines(text, &item.content), home(app), item.path(), one.language));
    if let Says::News(news, was) = says {
        if *news == News::Moved {
            parts.push(format!("{}\n{was}", text.say("mail-registration-was")));
        }
        parts.extend(item.history.first().map(|past| past.note.trim().to_owned()).filter(|note| !note.is_empty()));
    }
    if *says == Says::Ask {
        let zone = item.content.meeting.as_ref().and_then(|meeting| jiff::tz::TimeZone::get(&meeting.zone).ok()).unwrap_or(jiff::tz::TimeZone::UTC);
        let until = item.content.meeting.as_ref().and_then(press::Meeting::closing).map(|at| show::in_full(at, &zone, text)).unwrap_or_default();
        parts.push(text.fill("mail-registration-how", &[("until", until), ("link", link(app, one))]));
    } else if says.stands() {
        parts.push(text.with("mail-registration-foot", "link", link(app, one)));
    }
    Ok(parts.join("\n\n"))
}

/// Sends it through the gate, if there is an address; notes in the registration what its holder was told. The caller keeps that.
pub async fn send(tx: &mut Tx, app: &App, who: &Who, one: &mut Registration, item: &Item, says: &Says) -> Result<()> {
    // Whoever is on the list already is told by a mail of its own what a newer version changes, and not beside something else.
    if !matches!(says, Says::Again | Says::MovedUp) {
        one.told_version = item.version;
    }
    if one.address.is_empty() || app.profile.mail.is_none() {
        return Ok(());
    }
    let text = app.languages.text(&one.language);
    let title = item.content.said(text.wanted()).map(|(words, _)| one_line(&words.title)).unwrap_or_default();
    let subject = text.with(&format!("mail-registration-{}-subject", says.name()), "title", title);
    let said = format!("{}\n\n{}\n", item.content.label.marking(), body(tx, app, &text, one, item, says).await?);
    let wish = Wish { address: &one.address, choice: Choice::Sign, label: item.content.label, answers_encrypted: false };
    let plan = protect::plan(tx, app, &wish).await?;
    let leaving = Leaving {
        to: Recipient {
            key: format!("registration:{}", one.id),
            name: one.address.clone(),
            organisation: None,
            ceiling: Channel::Public.ceiling(&app.profile),
            address: one.address.clone(),
        },
        channel: Channel::Mail,
        noun: "registration",
        id: one.id,
        about: one.publication,
        version: item.version,
        label: item.content.label,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: "registration".into(),
        // Where there is no key it goes unsigned: whoever registered has to hear of it all the same.
        against: Vec::new(),
        held: Vec::new(),
        protection: plan.protect.in_words(),
        // What was said to a person goes when the registration goes: the ledger keeps its hash.
        content: Hash::of(format!("{subject}\n\n{said}").as_bytes()),
    };
    let mail = Mail {
        about: one.publication,
        message: None,
        contact: None,
        thread: one.id,
        to_name: if one.confirmed_at.is_some() { one.name.clone() } else { String::new() },
        to: one.address.clone(),
        subject,
        number: item.name.clone(),
        text: said,
        language: one.language.clone(),
        in_reply_to: Some(one.message_id.clone()).filter(|id| !id.is_empty()),
        automatic: true,
        files: files(app, &text, one, item, says),
        protect: plan.protect,
        list: Some(List { headers: Vec::new(), references: Some(one.message_id.clone()).into_iter().filter(|id| !id.is_empty()).collect() }),
    };
    let passed = release::release(tx, &app.profile, who, &leaving, mail).await?;
    // What goes to a whole list lets letters go first.
    let turn = if matches!(says, Says::News(..)) { Turn::Advisory } else { Turn::Letter };
    let message_id = outbox::queue_in_turn(tx, app, passed, turn).await?;
    if one.message_id.is_empty() {
        one.message_id = message_id;
    }
    Ok(())
}

/// The event for the calendar of whoever has a place; who waits has nothing to enter yet.
fn files(app: &App, text: &Text, one: &Registration, item: &Item, says: &Says) -> Vec<(String, String, Vec<u8>)> {
    if one.seat != Seat::Coming || *says == Says::Ask {
        return Vec::new();
    }
    vec![(format!("{}.ics", item.name), "text/calendar".into(), site::calendar(app, text, &[item]))]
}
