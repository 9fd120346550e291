//! A report as the house knows it, and what belongs to it.

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, Value, args};
use formats::label::Tlp;
use jiff::Timestamp;
use subtle::ConstantTimeEq;
use vault::blob::Hash;

use super::receive::hash;
use crate::{App, Error, Result, release};

/// What somebody told us.
#[derive(Clone, Debug)]
pub struct Report {
    /// Id.
    pub id: Id,
    /// Public number.
    pub number: String,
    /// `form`, `mail`, `api`, `phone`.
    pub channel: String,
    /// When we had it for good.
    pub received_at: Timestamp,
    /// One of [`super::KINDS`].
    pub kind: String,
    /// One line.
    pub title: String,
    /// The reporter's words.
    pub body: String,
    /// The reporter's language.
    pub language: String,
    /// Marked urgent.
    pub urgent: bool,
    /// Help was asked for.
    pub help: bool,
    /// The reporter's name, or empty.
    pub reporter_name: String,
    /// The reporter's address, or empty.
    pub reporter_mail: String,
    /// The reporter's phone, or empty.
    pub reporter_phone: String,
    /// The reporter's organisation as written, or empty.
    pub reporter_org: String,
    /// The reporter's organisation in the registry.
    pub organisation: Option<Id>,
    /// The member who sent it.
    pub member: Option<Id>,
    /// The original.
    pub raw: Option<Hash>,
    /// Its media type.
    pub raw_type: String,
    /// What could not be read, a line each.
    pub problems: Vec<String>,
    /// Label.
    pub label: Tlp,
    /// `new`, `open`, `resolved`, `rejected`.
    pub state: String,
    /// `confirmed`, `not_an_incident`, `duplicate`, `undetermined`; none before somebody looked.
    pub verdict: Option<String>,
    /// `low`, `medium`, `high`.
    pub confidence: Option<String>,
    /// `in`, `out`, `unknown`.
    pub scope: String,
    /// Why.
    pub scope_reason: String,
    /// `case`, `advice`, `referred`, `rejected`.
    pub disposition: Option<String>,
    /// Why.
    pub disposition_reason: String,
    /// What it repeats.
    pub duplicate_of: Option<Id>,
    /// Who looks after it.
    pub owner: Option<Id>,
    /// `Message-ID` of the mail it came as.
    pub mail_message_id: Option<String>,
    /// Its earliest clock.
    pub due_at: Option<Timestamp>,
    /// Last change.
    pub updated_at: Timestamp,
    /// Counts changes.
    pub version: i64,
}

const COLUMNS: &str = "select id, number, channel, received_at, kind, title, body, language, urgent, help, reporter_name, reporter_mail, reporter_phone, \
    reporter_org, organisation_id, member_id, raw, raw_type, problems, label, state, verdict, confidence, scope, scope_reason, disposition, \
    disposition_reason, duplicate_of, owner_id, mail_message_id, due_at, updated_at, version from reports ";

impl FromRow for Report {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            number: row.get()?,
            channel: row.get()?,
            received_at: row.get()?,
            kind: row.get()?,
            title: row.get()?,
            body: row.get()?,
            language: row.get()?,
            urgent: row.get()?,
            help: row.get()?,
            reporter_name: row.get()?,
            reporter_mail: row.get()?,
            reporter_phone: row.get()?,
            reporter_org: row.get()?,
            organisation: row.get()?,
            member: row.get()?,
            raw: row.get()?,
            raw_type: row.get()?,
            problems: row.get::<String>()?.lines().map(str::to_owned).collect(),
            // A label that cannot be read is taken for the highest.
            label: row.get::<String>()?.parse().unwrap_or(Tlp::Red),
            state: row.get()?,
            verdict: row.get()?,
            confidence: row.get()?,
            scope: row.get()?,
            scope_reason: row.get()?,
            disposition: row.get()?,
            disposition_reason: row.get()?,
            duplicate_of: row.get()?,
            owner: row.get()?,
            mail_message_id: row.get()?,
            due_at: row.get()?,
            updated_at: row.get()?,
            version: row.get()?,
        })
    }
}

/// The report of a public number.
pub async fn find(reader: &mut Reader, number: &str) -> Result<Option<Report>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where number = ").bind(number.trim().to_ascii_uppercase());
    Ok(reader.select(statement).await?.into_iter().next())
}

/// The reports of these numbers as they are written, in this order; one that is not there is left out.
pub async fn find_all(reader: &mut Reader, numbers: &[String]) -> Result<Vec<Report>> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(COLUMNS);
    statement.push("where number in (").bind_list(numbers.iter().map(Value::from)).push(")");
    let mut reports: Vec<Report> = reader.select(statement).await?;
    reports.sort_by_key(|report| numbers.iter().position(|number| *number == report.number));
    Ok(reports)
}

/// The report of an id.
pub async fn get(reader: &mut Reader, id: Id) -> Result<Option<Report>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// The report of a number for whoever holds its secret. A wrong secret and an unknown number look
/// the same and take the same time.
pub async fn follow(reader: &mut Reader, app: &App, number: &str, secret: &str) -> Result<Option<Report>> {
    let text = "select id, secret from reports where number = $1 and link_ended = 0";
    let known: Option<(Id, [u8; 32])> = reader.row(text, args![number.trim().to_ascii_uppercase()]).await?;
    let (id, kept) = known.unwrap_or((Id([0; 16]), [0; 32]));
    let of_receipt = kept.ct_eq(&hash(secret));
    let of_mail = hash(&secret_in_mail(app, id, kept)).ct_eq(&hash(secret));
    if known.is_some() && bool::from(of_receipt | of_mail) { find(reader, number).await } else { Ok(None) }
}

/// The secret that stands in the links of our later mails. The receipt's own is kept nowhere, so this
/// one is made from what is kept of it: it opens the same page, and ends with it when it is revoked.
fn secret_in_mail(app: &App, id: Id, kept: [u8; 32]) -> String {
    let mac = app.key.mac("report's page", &[&id.0, &kept]);
    data_encoding::BASE32_NOPAD.encode(mac.get(..16).unwrap_or(&mac)).to_ascii_lowercase()
}

/// The address of the report's page for its reporter, for mails to them; none while its link is ended.
pub async fn link(reader: &mut Reader, app: &App, id: Id) -> Result<Option<String>> {
    let known: Option<(String, [u8; 32], bool)> = reader.row("select number, secret, link_ended from reports where id = $1", args![id]).await?;
    let (number, kept, ended) = known.ok_or(Error::NotFound)?;
    Ok((!ended).then(|| format!("{}/status/{number}?secret={}", app.profile.web.public_url, secret_in_mail(app, id, kept))))
}

/// The highest label of what the report's page shows, and of the report itself: every answer carries that.
pub async fn page_label(reader: &mut Reader, app: &App, id: Id) -> Result<Tlp> {
    let own: Option<String> = reader.value("select label from reports where id = $1", args![id]).await?;
    let parties: Vec<(Id,)> = reader.rows("select id from parties where report_id = $1", args![id]).await?;
    let recipients: Vec<String> = std::iter::once(format!("reporter:{id}")).chain(parties.iter().map(|(party,)| format!("party:{party}"))).collect();
    let told = release::highest(reader, &app.profile, &recipients).await?;
    Ok(told.max(own.and_then(|label| label.parse().ok()).unwrap_or(Tlp::Red)))
}

/// Whether the link to the report's page went out in a mail that anybody on its way can read.
pub async fn link_is_in_clear(reader: &mut Reader, id: Id) -> Result<bool> {
    Ok(reader.value("select link_in_clear from reports where id = $1", args![id]).await?.unwrap_or(true))
}

/// Writes down that it does.
pub async fn link_went_in_clear_in(tx: &mut Tx, id: Id) -> Result<()> {
    tx.execute("update reports set link_in_clear = 1 where id = $1", args![id]).await?;
    Ok(())
}

/// [`link`] for the receipt: with the receipt's own secret, unless that one was ended and another issued meanwhile.
pub(super) async fn link_of_receipt(reader: &mut Reader, app: &App, number: &str, id: Id, secret: &str) -> Result<Option<String>> {
    let Some(link) = link(reader, app, id).await? else { return Ok(None) };
    let own = follow(reader, app, number, secret).await?.is_some();
    Ok(Some(if own { format!("{}/status/{number}?secret={secret}", app.profile.web.public_url) } else { link }))
}

/// Id and number of the report that a request with this key made.
pub async fn by_idempotency(reader: &mut Reader, key: &str) -> Result<Option<(Id, String)>> {
    Ok(reader.row("select id, number from reports where idempotency = $1", args![key]).await?)
}

/// Whether this report was handed in by `who`, as the journal writes it.
pub async fn was_made_by(reader: &mut Reader, report: Id, who: &str) -> Result<bool> {
    let found: Option<i64> =
        reader.value("select seq from journal where about = $1 and verb = 'report.received' and who = $2 limit 1", args![report, who]).await?;
    Ok(found.is_some())
}

/// A file that came with a report or with an answer to it.
#[derive(Clone, Debug)]
pub struct File {
    /// Id.
    pub id: Id,
    /// The answer that it came with; none for the report itself.
    pub message: Option<Id>,
    /// Name, safe to show.
    pub name: String,
    /// Media type as claimed.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Its content.
    pub blob: Hash,
}

impl FromRow for File {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { id: row.get()?, message: row.get()?, name: row.get()?, media_type: row.get()?, size: row.get()?, blob: row.get()? })
    }
}

impl File {
    /// The size in words.
    pub fn size_word(&self) -> String {
        crate::web::show::size(self.size)
    }

    /// Whether it came with this answer.
    pub fn is_of(&self, message: &Id) -> bool {
        self.message == Some(*message)
    }
}

/// The files of a report and of its thread, in order.
pub async fn files(reader: &mut Reader, report: Id) -> Result<Vec<File>> {
    let text = "select id, message_id, name, media_type, size, blob from report_files where report_id = $1 order by place, id";
    Ok(reader.rows(text, args![report]).await?)
}

struct CameWith(Id, File);

impl FromRow for CameWith {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self(row.get()?, File::from_row(row)?))
    }
}

/// The files that came with these reports themselves, each with its report.
pub(super) async fn files_that_came(reader: &mut Reader, reports: &[Value]) -> Result<Vec<(Id, File)>> {
    let mut statement =
        Statement::new("select report_id, id, message_id, name, media_type, size, blob from report_files where message_id is null and report_id in (");
    statement.bind_list(reports.iter().cloned()).push(") order by report_id, place, id");
    let rows: Vec<CameWith> = reader.select(statement).await?;
    Ok(rows.into_iter().map(|row| (row.0, row.1)).collect())
}

/// One file, with its report.
pub async fn file(reader: &mut Reader, file: Id) -> Result<Option<(Id, File)>> {
    let Some(report) = reader.value::<Id>("select report_id from report_files where id = $1", args![file]).await? else { return Ok(None) };
    Ok(files(reader, report).await?.into_iter().find(|one| one.id == file).map(|one| (report, one)))
}

/// An observable of a report, with who held it then.
#[derive(Clone, Debug)]
pub struct Observed {
    /// Id of the observable.
    pub id: Id,
    /// Its kind.
    pub kind: String,
    /// Its value.
    pub value: String,
    /// Organisations that held it, the most specific first.
    pub owners: Vec<Owner>,
}

/// Who held an observable when the report came in.
#[derive(Clone, Debug)]
pub struct Owner {
    /// The organisation.
    pub organisation: Id,
    /// Its name.
    pub name: String,
    /// `registered`, `unregistered`, `outside`.
    pub status: String,
    /// What matched.
    pub resource: String,
    /// Why.
    pub reason: String,
}

struct OwnerRow(Id, Owner);

impl FromRow for OwnerRow {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        let id = row.get()?;
        Ok(Self(id, Owner { organisation: row.get()?, name: row.get()?, status: row.get()?, resource: row.get()?, reason: row.get()? }))
    }
}

/// What a report speaks of, with owners.
pub async fn observables(reader: &mut Reader, report: Id) -> Result<Vec<Observed>> {
    let text = "select o.id, o.kind, o.value from sightings s join observables o on o.id = s.observable_id where s.about = $1 order by o.kind, o.value";
    let seen: Vec<(Id, String, String)> = reader.rows(text, args![report]).await?;
    let text = "select m.observable_id, m.organisation_id, o.name, o.status, m.resource, m.reason from matches m \
                join organisations o on o.id = m.organisation_id where m.about = $1 order by m.place, o.name";
    let owners: Vec<OwnerRow> = reader.rows(text, args![report]).await?;
    Ok(seen
        .into_iter()
        .map(|(id, kind, value)| {
            let owners = owners.iter().filter(|owner| owner.0 == id).map(|owner| owner.1.clone()).collect();
            Observed { id, kind, value, owners }
        })
        .collect())
}
