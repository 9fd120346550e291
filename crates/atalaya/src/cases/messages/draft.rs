//! Drafts: a person's own words to a party, saved while they are typed.

use formats::label::Tlp;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Id, Reader};
use vault::blob::Hash;

use crate::access::{Noun, Verb, Who, require};
use crate::cases::message_store;
use crate::cases::parties::{self, Party};
use crate::{App, Error, Result, reports};

/// A draft of a message to a party.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Subject without tags.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Label; the team's default when none is chosen.
    pub label: Option<Tlp>,
    /// Why the label may be lower than the case's; empty when it is not.
    pub downgrade: String,
    /// Why observables of others may be told all the same; empty when they may not.
    pub told: String,
    /// For what that was said, a line each, as the page had it. Without it, for whatever is found: no form leaves it out.
    pub told_of: Option<String>,
    /// Whether it counts as a response.
    pub substantive: bool,
    /// `mail` or `portal`.
    pub channel: String,
    /// How it is protected on its way by mail: a name of [`crate::keys::Choice`].
    pub protect: String,
    /// The template that it began with; empty when none was chosen.
    pub template: String,
    /// Attachments.
    pub files: Vec<DraftFile>,
    /// How many messages had gone out to the party when the draft was begun.
    pub base: i64,
}

impl Draft {
    /// Whether its reason was given for this, too: one that nobody had seen by then is not excused.
    pub fn excuses(&self, what: &str) -> bool {
        !self.told.trim().is_empty() && self.told_of.as_deref().is_none_or(|of| of.lines().any(|line| line.trim() == what.trim()))
    }
}

/// A file of a draft.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DraftFile {
    /// Name.
    pub name: String,
    /// Media type as given.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Hash of the content, in hexadecimal digits.
    pub blob: String,
}

impl DraftFile {
    /// The size in words.
    pub fn size_word(&self) -> String {
        crate::web::show::size(self.size)
    }

    /// The content's hash.
    pub fn hash(&self) -> Result<Hash> {
        let bytes = data_encoding::HEXLOWER.decode(self.blob.as_bytes()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes.map(Hash::from_bytes).ok_or_else(|| Error::fault("a draft's file without a hash"))
    }
}

/// A draft as the page needs it.
#[derive(Clone, Debug)]
pub struct Drafted {
    /// The words.
    pub draft: Draft,
    /// When it was last saved.
    pub saved_at: Option<Timestamp>,
    /// Others who write to the same party: person, since when, their text.
    pub others: Vec<(Id, Timestamp, String)>,
    /// How many messages went out since the draft was begun.
    pub newer: i64,
}

/// This person's draft to a party, and who else is writing.
pub async fn draft(reader: &mut Reader, app: &App, who: &Who, party: &Party) -> Result<Drafted> {
    let me = who.person().ok_or(Error::LogIn)?.id;
    let sent = message_store::sent_count(reader, party.id).await?;
    let channel = if party.reach == "mail" && party.mail.is_some() { "mail" } else { "portal" };
    let fresh = Draft { channel: channel.to_owned(), substantive: true, base: sent, label: Some(app.profile.labels.default), ..Draft::default() };
    let mut drafted = Drafted { draft: fresh, saved_at: None, others: Vec::new(), newer: 0 };
    for kept in message_store::drafts(reader, party.id).await? {
        let mut draft: Draft = serde_json::from_str(&kept.fields).map_err(Error::fault)?;
        draft.base = kept.base;
        // A draft of before this was kept excuses nothing until somebody says so again.
        draft.told_of.get_or_insert_default();
        if kept.person == me {
            drafted.newer = sent - kept.base;
            drafted.draft = draft;
            drafted.saved_at = Some(kept.at);
        } else if !draft.body.trim().is_empty() {
            drafted.others.push((kept.person, kept.at, draft.body));
        }
    }
    Ok(drafted)
}

/// What happens to the files of a draft while its words are kept.
#[derive(Clone, Debug, Default)]
pub struct Moving {
    /// Those that come.
    pub new: Vec<DraftFile>,
    /// The content of one that goes, or empty.
    pub gone: String,
}

/// Keeps a draft: these words, with the files that it has by then. `begun` is when the form with the words was sent, where
/// files came along and that took a while: what was typed and kept since is newer, and stays.
pub async fn save_draft(app: &App, who: &Who, party: Id, draft: &Draft, begun: Option<Timestamp>, moving: &Moving) -> Result<()> {
    require(who, Verb::Change, Noun::Message)?;
    let me = who.person().ok_or(Error::LogIn)?.id;
    let mut reader = app.db.read().await?;
    parties::get(&mut reader, who, party).await?;
    drop(reader);
    app.db
        .keep_house(async |tx| {
            tx.alone(&format!("draft:{me}:{party}")).await?;
            let kept = message_store::drafts(tx, party).await?.into_iter().find(|kept| kept.person == me);
            let mut left = draft.clone();
            if let Some(kept) = kept {
                let now: Draft = serde_json::from_str(&kept.fields).map_err(|_| store::Error::Shape("a draft"))?;
                left.files.clone_from(&now.files);
                if begun.is_some_and(|begun| kept.at > begun) {
                    left = Draft { base: kept.base, ..now };
                }
            }
            left.files.retain(|file| file.blob != moving.gone);
            left.files.extend(moving.new.iter().cloned());
            let fields = serde_json::to_string(&left).map_err(|_| store::Error::Shape("a draft"))?;
            message_store::keep_draft(tx, me, party, &fields, left.base).await
        })
        .await?;
    Ok(())
}

/// Throws a draft away.
pub async fn drop_draft(app: &App, who: &Who, party: Id) -> Result<()> {
    let me = who.person().ok_or(Error::LogIn)?.id;
    app.db.keep_house(async |tx| message_store::drop_draft(tx, me, party).await).await?;
    Ok(())
}

/// The files of everybody's drafts.
pub async fn drafted(reader: &mut Reader) -> Result<Vec<Hash>> {
    let mut hashes = Vec::new();
    for fields in message_store::all_drafts(reader).await? {
        let draft: Draft = serde_json::from_str(&fields).map_err(Error::fault)?;
        hashes.extend(draft.files.iter().map(DraftFile::hash).collect::<Result<Vec<_>>>()?);
    }
    Ok(hashes)
}

/// Seals files for a draft; they are kept with it.
pub async fn keep_files(app: &App, files: Vec<reports::NewFile>) -> Result<Vec<DraftFile>> {
    app.db
        .keep_house(async |tx| {
            for file in &files {
                tx.keep_loosely(&file.kept).await?;
            }
            Ok(())
        })
        .await?;
    Ok(files
        .into_iter()
        .map(|file| DraftFile {
            name: file.name,
            media_type: file.media_type,
            size: file.kept.size,
            blob: data_encoding::HEXLOWER.encode(file.kept.hash.as_bytes()),
        })
        .collect())
}
