//! What a warning is about: a version as it left, or as it will leave.

use ::store::Reader;
use formats::label::Tlp;
use jiff::Timestamp;

use super::super::catalogue::{self, Item};
use super::super::readers::Mailing;
use super::super::{before, store as publications};
use crate::access::Who;
use crate::release::Channel;
use crate::{App, Result};

/// What is told.
pub struct Subject {
    /// The version, as pages and mails show it; its label is that under which it is told.
    pub item: Item,
    /// It is not out yet.
    pub ahead: bool,
    /// When it will be, if that is set.
    pub out_at: Option<Timestamp>,
    /// Whether everybody may read it.
    pub is_public: bool,
    /// Labels of what it was made from, and why it may carry less.
    pub contained: (Vec<Tlp>, String),
    /// What stands against it whoever is told, and what is held back.
    pub against: Vec<String>,
    pub held: Vec<String>,
}

impl Subject {
    /// What a mailing tells; nothing where it says something else by now, or a newer version took its place.
    pub async fn of(reader: &mut Reader, app: &App, mailing: &Mailing) -> Result<Option<Self>> {
        let Some(one) = publications::get(reader, mailing.publication).await? else { return Ok(None) };
        if mailing.ahead {
            let same = one.version + 1 == mailing.version && matches!(one.stage.as_str(), "approved" | "scheduled");
            if !same || before::content_hash(&one.content)?.to_string() != mailing.text {
                return Ok(None);
            }
            let leaving = before::before(reader, app, &Who::Job("mail_out"), &one).await?.leaving;
            // What everybody will read is not for everybody yet: until then it carries what the team's own things carry.
            let label = one.content.label.max(app.profile.labels.default);
            let contained = (leaving.containers, leaving.downgrade);
            let item = Item {
                id: one.id,
                kind: one.kind,
                name: one.name,
                version: mailing.version,
                number: String::new(),
                standing: "current".into(),
                content: press::Content { label, ..one.content },
                first_at: reader.now(),
                changed_at: reader.now(),
                superseded_by: None,
                translated: Vec::new(),
                history: Vec::new(),
            };
            return Ok(Some(Self { item, ahead: true, out_at: one.publish_at, is_public: false, contained, against: leaving.against, held: leaving.held }));
        }
        if one.version != mailing.version {
            return Ok(None);
        }
        let versions = publications::versions(reader, one.id).await?;
        let Some(version) = versions.first().filter(|version| version.version == mailing.version) else { return Ok(None) };
        let content = press::Content { label: version.label, ..version.content.clone() };
        let first_at = versions.last().map_or(version.at, |first| first.at);
        // What took its place may be for others only: then nobody is led there.
        let by = match one.superseded_by {
            Some(by) => catalogue::now(reader, app, by).await?.map(|other| other.path()),
            None => None,
        };
        let item = Item { content, first_at, superseded_by: by, ..Item::of(one.kind, &one.name, version.clone()) };
        let is_public = version.channel == Channel::Public.name();
        Ok(Some(Self { item, ahead: false, out_at: None, is_public, contained: (Vec::new(), String::new()), against: Vec::new(), held: Vec::new() }))
    }

    /// Where it can be read; nowhere while it is not out.
    pub fn page(&self, app: &App, language: &str) -> String {
        let site = app.profile.web.public_url.trim_end_matches('/');
        match (self.ahead, self.is_public) {
            (true, _) => String::new(),
            (false, true) => format!("{site}{}?lang={language}", self.item.path()),
            (false, false) => format!("{site}/member/publications{}", self.item.path()),
        }
    }
}
