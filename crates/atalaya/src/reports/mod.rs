//! Reports: what somebody told us, whatever the channel.
//!
//! [`receive`] takes one in; the verbs judge it, refer it, answer it and close it; [`linked`] is what its
//! cases know of it and do to it. Every verb checks the right, checks the rule, changes and records.

mod acknowledge;
mod addresses;
mod alike;
mod answer;
mod answered;
mod automatic;
mod closed;
mod for_cases;
mod hit;
mod left;
pub mod linked;
mod list;
mod lookup;
mod placed;
mod receive;
mod report;
pub mod scope;
mod sender;
pub mod sightings;
mod states;
mod store;
mod verbs;
mod verdict;

pub use acknowledge::acknowledge;
pub use addresses::place_addresses;
pub use addresses::span_of;
pub use alike::{Alike, alike, likely_duplicates, related};
pub use answer::{Preview, Said, answer, preview, thread};
pub use answered::{Answer, accept_answer, marked, receive_answer, receive_placed, refuse_answer, sent_before};
pub use closed::tell_closed;
pub use for_cases::{Reported, Seen, given_title, given_titles, of_organisation, one_of_organisation, reported, seen, seen_in_messages};
pub use hit::{Hit, hit};
pub use left::{leave_ended, newest_answer, taken_up_by};
pub use list::{Asked, Row, count_waiting, everything, list, statement, statement as list_statement};
pub use lookup::{Line, lines, seen_among, seen_in, sighted};
pub use placed::{Told, follow_in, is_placed, place_in, unplace_in};
pub use receive::{mailable, receive, receive_in};
pub use report::{
    File, Observed, Owner, Report, by_idempotency, file, files, find, find_all, follow, get, link, link_is_in_clear, link_went_in_clear_in, observables,
    page_label, was_made_by,
};
pub use sender::{claimed, vouch};
pub use verbs::{
    Facts, asked_again_in, assign, issue_link, preview_referral, refer, refresh_due, reject, reopen, reopen_in, revoke_link_in, set_facts, set_facts_in,
    set_scope_in, undo_reject,
};
pub use verdict::set_verdict;

use ::store::{Id, Kept, Upload};

use crate::Result;
use crate::web::upload;

/// What a report may be about; `advice` asks for an opinion, not for help.
pub const KINDS: [&str; 7] = ["impersonation", "intrusion", "outage", "data", "weakness", "other", "advice"];

/// A report on its way in, whatever the channel.
#[derive(Clone, Debug)]
pub struct NewReport {
    /// `form`, `mail`, `api`, `phone`.
    pub channel: &'static str,
    /// `impersonation`, `intrusion`, `outage`, `data`, `weakness`, `other`, or `advice`.
    pub kind: String,
    /// One line.
    pub title: String,
    /// The text, as the reporter wrote it.
    pub body: String,
    /// Text of attached mails: looked through like the text itself, shown as files.
    pub attached: String,
    /// Language tag.
    pub language: String,
    /// Marked urgent.
    pub urgent: bool,
    /// Help was asked for.
    pub help: bool,
    /// Name, or empty.
    pub reporter_name: String,
    /// Mail address, or empty.
    pub reporter_mail: String,
    /// Phone, or empty.
    pub reporter_phone: String,
    /// The organisation as the reporter wrote it, or empty.
    pub reporter_org: String,
    /// The reporter's organisation in the registry, if known.
    pub organisation: Option<Id>,
    /// The member who sent it, if one is logged in.
    pub member: Option<Id>,
    /// The original, byte for byte.
    pub raw: Kept,
    /// Its media type (`message/rfc822`, `application/json`, `application/x-www-form-urlencoded`).
    pub raw_type: &'static str,
    /// What could not be read, each a plain line.
    pub problems: Vec<String>,
    /// TLP that the reporter asked for; the team's default otherwise.
    pub label: Option<formats::label::Tlp>,
    /// Key that makes a repeated request the same report.
    pub idempotency: Option<String>,
    /// `Message-ID` of the mail it came as.
    pub mail_message_id: Option<String>,
    /// Whether an acknowledgement may be sent (not to automatic mail).
    pub acknowledge: bool,
    /// Attachments.
    pub files: Vec<NewFile>,
}

impl NewReport {
    /// A report that says nothing yet: all that it has is its original.
    pub fn of(channel: &'static str, raw: Kept, raw_type: &'static str) -> Self {
        Self {
            channel,
            kind: "other".to_owned(),
            title: String::new(),
            body: String::new(),
            attached: String::new(),
            language: String::new(),
            urgent: false,
            help: false,
            reporter_name: String::new(),
            reporter_mail: String::new(),
            reporter_phone: String::new(),
            reporter_org: String::new(),
            organisation: None,
            member: None,
            raw,
            raw_type,
            problems: Vec::new(),
            label: None,
            idempotency: None,
            mail_message_id: None,
            acknowledge: false,
            files: Vec::new(),
        }
    }
}

/// An attachment on its way in.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Name as given, made safe.
    pub name: String,
    /// Media type as given.
    pub media_type: String,
    /// The bytes.
    pub kept: Kept,
}

/// A file that is not finished: it goes when nobody wants it.
pub type Coming = upload::File<Upload>;

/// Finishes files that are wanted.
pub async fn finish(files: Vec<Coming>) -> Result<Vec<NewFile>> {
    upload::on_disk(move || {
        let finish = |file: Coming| Ok(NewFile { name: file.name, media_type: file.media_type, kept: file.writer.finish()? });
        files.into_iter().map(finish).collect()
    })
    .await
}

/// What the reporter gets.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Id.
    pub id: Id,
    /// Public number, `R-2026-000412`.
    pub number: String,
    /// 128 random bits in base32 (26 letters), or empty when this was a repeated request.
    pub secret: String,
}

/// What a report turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It happened.
    Confirmed,
    /// It did not, or it is none.
    NotAnIncident,
    /// It repeats that report.
    DuplicateOf(Id),
    /// We cannot tell.
    Undetermined,
}

impl Verdict {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::NotAnIncident => "not_an_incident",
            Self::DuplicateOf(_) => "duplicate",
            Self::Undetermined => "undetermined",
        }
    }
}
