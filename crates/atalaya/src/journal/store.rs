//! Checkpoints and the ledger in SQL.

use std::collections::HashMap;

use ::store::{FromRow, Id, Reader, Result, Row, Statement, Tx, args};
use jiff::Timestamp;
use vault::blob::Hash;

use super::ledger::{Disclosure, Place, Wanted};
use super::outgoing::Outgoing;
use crate::access::{Noun, Verb, Who, may};
use crate::cases::{hidden_reports, push_visible, push_visible_report};
use crate::sealed;

pub async fn newest_checkpoint(reader: &mut Reader) -> Result<Option<(u64, Vec<u8>)>> {
    reader.row("select size, frontier from checkpoints order by size desc limit 1", vec![]).await
}

pub async fn newest_note(reader: &mut Reader) -> Result<Option<String>> {
    reader.value("select note from checkpoints order by size desc limit 1", vec![]).await
}

pub async fn checkpoint_notes(reader: &mut Reader) -> Result<Vec<String>> {
    Ok(reader.rows::<(String,)>("select note from checkpoints order by size", vec![]).await?.into_iter().map(|(note,)| note).collect())
}

pub async fn add_checkpoint(tx: &mut Tx, size: u64, note: &str, frontier: &[u8]) -> Result<()> {
    let now = tx.now();
    tx.execute("insert into checkpoints (size, note, frontier, at) values ($1, $2, $3, $4) on conflict (size) do nothing", args![size, note, frontier, now])
        .await?;
    Ok(())
}

/// Hashes of all blobs after one, in order.
pub async fn blobs_after(reader: &mut Reader, after: &[u8], limit: u32) -> Result<Vec<Hash>> {
    let rows: Vec<(Hash,)> = reader.rows("select hash from blobs where hash > $1 order by hash limit $2", args![after, limit]).await?;
    Ok(rows.into_iter().map(|(hash,)| hash).collect())
}

/// How many blobs are files; the others lie in the database.
pub async fn count_files(reader: &mut Reader) -> Result<i64> {
    reader.count("select count(*) from blobs where place = 'file'", vec![]).await
}

/// What names a blob, and how the missing one is found.
const NAMED: [(&str, &str); 13] = [
    ("mail", "select m.blob from mails m where not exists (select 1 from blobs b where b.hash = m.blob) limit 1"),
    ("report", "select r.raw from reports r where r.raw is not null and not exists (select 1 from blobs b where b.hash = r.raw) limit 1"),
    ("report's file", "select f.blob from report_files f where not exists (select 1 from blobs b where b.hash = f.blob) limit 1"),
    ("message", "select m.raw from messages m where m.raw is not null and not exists (select 1 from blobs b where b.hash = m.raw) limit 1"),
    ("message's file", "select f.blob from message_files f where not exists (select 1 from blobs b where b.hash = f.blob) limit 1"),
    ("mail on its way out", "select o.raw from outbox o where not exists (select 1 from blobs b where b.hash = o.raw) limit 1"),
    ("sealed envelope", "select e.body from sealed_envelopes e where e.told = 1 and not exists (select 1 from blobs b where b.hash = e.body) limit 1"),
    ("event file", "select e.sha256 from event_files e where e.let_go_at is null and not exists (select 1 from blobs b where b.hash = e.sha256) limit 1"),
    ("notice", "select n.content from notices n where not exists (select 1 from blobs b where b.hash = n.content) limit 1"),
    ("notice's list", "select n.csv from notices n where not exists (select 1 from blobs b where b.hash = n.csv) limit 1"),
    ("document taken over", "select p.raw from publication_origins p where not exists (select 1 from blobs b where b.hash = p.raw) limit 1"),
    ("warning", "select w.content from warnings w where w.content is not null and not exists (select 1 from blobs b where b.hash = w.content) limit 1"),
    (
        "what a holder was told",
        "select s.list from notice_standing s where s.list is not null and not exists (select 1 from blobs b where b.hash = s.list) limit 1",
    ),
];

/// A blob that something names and that has no row of its own, with what names it.
pub async fn missing_blob(reader: &mut Reader) -> Result<Option<(&'static str, Hash)>> {
    for (noun, text) in NAMED {
        if let Some(hash) = reader.value(text, vec![]).await? {
            return Ok(Some((noun, hash)));
        }
    }
    Ok(None)
}

/// Which of these files a row of the blobs names, or an envelope that has none yet.
pub async fn in_files(reader: &mut Reader, hashes: &[Hash]) -> Result<Vec<Hash>> {
    let mut statement = Statement::new("select hash from blobs where place = 'file' and hash in (");
    statement.bind_list(hashes.iter().map(|hash| (*hash).into())).push(") union select body from sealed_envelopes where body in (");
    statement.bind_list(hashes.iter().map(|hash| (*hash).into())).push(")");
    Ok(reader.select::<(Hash,)>(statement).await?.into_iter().map(|(hash,)| hash).collect())
}

/// Blobs that came for a draft and have lain since `before`.
pub async fn loose(reader: &mut Reader, before: Timestamp) -> Result<Vec<Hash>> {
    Ok(reader.rows::<(Hash,)>("select hash from loose_blobs where at < $1", args![before]).await?.into_iter().map(|(hash,)| hash).collect())
}

/// A blob that came for a draft has found its place.
pub async fn settle(tx: &mut Tx, hash: Hash, before: Timestamp) -> Result<()> {
    tx.execute("delete from loose_blobs where hash = $1 and at < $2", args![hash, before]).await.map(drop)
}

impl FromRow for Disclosure {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.get()?,
            at: row.get()?,
            who: row.get()?,
            recipient: row.get()?,
            name: String::new(),
            organisation: row.get()?,
            about: row.get()?,
            number: row.get::<Option<String>>()?.unwrap_or_default(),
            page: None,
            noun: row.get()?,
            label: row.get()?,
            basis: row.get()?,
            channel: row.get()?,
            protection: row.get()?,
            address: row.get()?,
            content: row.get()?,
        })
    }
}

/// Ledger rows, newest first. Each wish has an index in the order of the list.
pub async fn disclosures(reader: &mut Reader, who: &Who, wanted: &Wanted, before: Place, limit: u32) -> Result<Vec<Disclosure>> {
    let mut rows = page(reader, who, wanted, before, limit).await?;
    if let Wanted::About(id) = wanted {
        // Of what was merged into it too: what was told of the one was told of the other. Each has its own order.
        for (merged,) in reader.rows::<(Id,)>("select id from cases where merged_into = $1", args![*id]).await? {
            rows.extend(page(reader, who, &Wanted::About(merged), before, limit).await?);
        }
        rows.sort_by_key(|row| std::cmp::Reverse((row.at, row.id)));
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    name(reader, &mut rows).await?;
    let ids: Vec<Id> = rows.iter().filter(|row| row.noun == "publication").map(|row| row.about).collect();
    let published = published(reader, who, &ids).await?;
    for row in &mut rows {
        if let Some((called, page)) = published.get(&row.about) {
            (row.number, row.page) = (called.clone(), page.clone());
        }
    }
    Ok(rows)
}

/// What publications are called, and their pages: whoever works on them knows them by number or title; others know the numbers
/// of those that everybody could read.
async fn published(reader: &mut Reader, who: &Who, ids: &[Id]) -> Result<HashMap<Id, (String, Option<String>)>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut statement = Statement::new(
        "select p.id, p.name, p.title, (select count(*) from (select 1 from publication_versions v where v.publication_id = p.id and v.channel = 'public' limit 1) w) \
         from publications p where p.id in (",
    );
    statement.bind_list(ids.iter().map(|id| (*id).into())).push(")");
    let works = may(who, Verb::See, Noun::Publication);
    let called = |(id, name, title, public): (Id, String, String, i64)| {
        let title = if name.is_empty() && works { crate::text::short_line(&title, 80) } else { name };
        let known = if works || public > 0 { title } else { String::new() };
        (id, (known, works.then(|| format!("/publishing/{id}"))))
    };
    Ok(reader.select::<(Id, String, String, i64)>(statement).await?.into_iter().map(called).collect())
}

/// What parties and reporters are called now: not all of them were told by an address.
async fn name(reader: &mut Reader, rows: &mut [Disclosure]) -> Result<()> {
    for (kind, text) in [("party:", "select id, name from parties where id in ("), ("reporter:", "select id, reporter_name from reports where id in (")] {
        let of = |row: &Disclosure| row.recipient.strip_prefix(kind).and_then(|id| id.parse::<Id>().ok());
        let ids: Vec<Id> = rows.iter().filter_map(of).collect();
        if ids.is_empty() {
            continue;
        }
        let mut statement = Statement::new(text);
        statement.bind_list(ids.iter().map(|id| (*id).into())).push(")");
        let names: HashMap<Id, String> = reader.select::<(Id, String)>(statement).await?.into_iter().collect();
        for row in rows.iter_mut() {
            if let Some(name) = of(row).and_then(|id| names.get(&id)) {
                row.name.clone_from(name);
            }
        }
    }
    Ok(())
}

async fn page(reader: &mut Reader, who: &Who, wanted: &Wanted, before: Place, limit: u32) -> Result<Vec<Disclosure>> {
    let mut statement = Statement::new(
        "select l.id, l.at, l.who, l.recipient, o.name, l.about, coalesce(c.number, r.number, n.number), l.noun, l.label, l.basis, l.channel, l.protection, l.address, l.content \
         from ledger l left join organisations o on o.id = l.organisation_id left join cases c on c.id = l.about left join reports r on r.id = l.about \
         left join notices n on n.id = l.noun_id left join sealed_dialogues s on s.id = l.about where (l.at, l.id) < (",
    );
    statement.bind(before.at).push(", ").bind(before.id).push(") and (c.id is null or c.restricted = 0 or ");
    push_visible(&mut statement, who);
    statement.push(") and ");
    push_visible_report(&mut statement, who, "l.about");
    statement.push(" and ");
    sealed::push_known(&mut statement, who, "s.intake");
    match wanted {
        Wanted::All => {}
        Wanted::About(id) => {
            statement.push(" and l.about = ").bind(id);
        }
        Wanted::Organisation(id) => {
            statement.push(" and l.organisation_id = ").bind(id);
        }
        Wanted::Recipient(key) => {
            statement.push(" and l.recipient = ").bind(key);
        }
    }
    statement.push(" order by l.at desc, l.id desc limit ").bind(limit);
    reader.select(statement).await
}

impl FromRow for Outgoing {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.get()?,
            state: row.get()?,
            recipient: row.get()?,
            subject: row.get::<Option<String>>()?.unwrap_or_default(),
            noun: row.get::<Option<String>>()?.unwrap_or_default(),
            basis: row.get::<Option<String>>()?.unwrap_or_default(),
            number: row.get::<Option<String>>()?.unwrap_or_default(),
            page: None,
            queued_at: row.get()?,
            sent_at: row.get()?,
            attempts: row.get()?,
            answer: row.get()?,
            raw: row.get()?,
            about: row.get()?,
        })
    }
}

/// Outgoing mail, newest first, as far as the viewer may know of what it is about.
pub async fn outgoing(reader: &mut Reader, who: &Who, state: &str, one: Option<Id>, before: Place, limit: u32) -> Result<Vec<Outgoing>> {
    let mut statement = Statement::new(
        "select x.id, x.state, x.recipient, coalesce(m.subject, n.subject), l.noun, l.basis, coalesce(c.number, r.number, n.number), x.queued_at, x.sent_at, x.attempts, x.answer, x.raw, x.about \
         from outbox x left join messages m on m.id = x.message_id left join ledger l on l.id = x.ledger_id left join cases c on c.id = x.about \
         left join reports r on r.id = x.about left join notices n on n.id = l.noun_id where (x.queued_at, x.id) < (",
    );
    statement.bind(before.at).push(", ").bind(before.id).push(") and (c.id is null or c.restricted = 0 or ");
    push_visible(&mut statement, who);
    statement.push(") and ");
    push_visible_report(&mut statement, who, "x.about");
    if !state.is_empty() {
        statement.push(" and x.state = ").bind(state);
    }
    if let Some(id) = one {
        statement.push(" and x.id = ").bind(id);
    }
    statement.push(" order by x.queued_at desc, x.id desc limit ").bind(limit);
    let mut rows: Vec<Outgoing> = reader.select(statement).await?;
    let ids: Vec<Id> = rows.iter().filter(|row| row.noun == "publication").map(|row| row.about).collect();
    let published = published(reader, who, &ids).await?;
    for row in &mut rows {
        if let Some((called, page)) = published.get(&row.about) {
            (row.number, row.page) = (called.clone(), page.clone());
        }
    }
    Ok(rows)
}

/// Which of these are cases, or reports, parties or mails of cases, or sealed reports, that the viewer may not know of.
pub async fn hidden(reader: &mut Reader, who: &Who, about: &[Id]) -> crate::Result<Vec<Id>> {
    if about.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select c.id from cases c where c.restricted = 1 and not (");
    push_visible(&mut statement, who);
    statement.push(") and c.id in (").bind_list(about.iter().map(|id| (*id).into())).push(")");
    let mut hidden: Vec<Id> = reader.select::<(Id,)>(statement).await?.into_iter().map(|(id,)| id).collect();
    hidden.extend(hidden_reports(reader, who, about).await?);
    hidden.extend(hidden_mails(reader, who, about).await?);
    hidden.extend(hidden_dialogues(reader, who, about).await?);
    Ok(hidden)
}

/// Which of these are sealed reports that only holders of other keys know of, or that nobody was told of.
async fn hidden_dialogues(reader: &mut Reader, who: &Who, about: &[Id]) -> crate::Result<Vec<Id>> {
    let mut statement = Statement::new("select d.id from sealed_dialogues d where (d.state in ('arrived', 'withdrawn') or not (");
    sealed::push_known(&mut statement, who, "d.intake");
    statement.push(")) and d.id in (").bind_list(about.iter().map(|id| (*id).into())).push(")");
    Ok(reader.select::<(Id,)>(statement).await?.into_iter().map(|(id,)| id).collect())
}

/// Which of these are parties of cases that the viewer may not know of, or mails that belong there: a line
/// about a mail stands under the mail's own id, or under the thread in which it was read.
async fn hidden_mails(reader: &mut Reader, who: &Who, about: &[Id]) -> crate::Result<Vec<Id>> {
    let ids = || about.iter().map(|id| (*id).into());
    let mut statement = Statement::new("select p.id from parties p join cases c on c.id = p.case_id where c.restricted = 1 and not (");
    push_visible(&mut statement, who);
    statement
        .push(") and p.id in (")
        .bind_list(ids())
        .push(") union select m.id from mails m join parties p on p.id = m.noun_id join cases c on c.id = p.case_id ");
    statement.push("where c.restricted = 1 and not (");
    push_visible(&mut statement, who);
    statement
        .push(") and m.id in (")
        .bind_list(ids())
        .push(") union select m.id from mails m join cases c on c.id = m.noun_id where c.restricted = 1 and not (");
    push_visible(&mut statement, who);
    statement.push(") and m.id in (").bind_list(ids()).push(") union select m.id from mails m where m.noun_id is not null and not ");
    push_visible_report(&mut statement, who, "m.noun_id");
    statement.push(" and m.id in (").bind_list(ids()).push(")");
    Ok(reader.select::<(Id,)>(statement).await?.into_iter().map(|(id,)| id).collect())
}

/// Where something that the journal speaks of stands.
pub struct Numbered {
    /// Its public number.
    pub number: String,
    /// The first part of its address.
    pub room: &'static str,
    /// What one must be allowed to see to go there.
    pub noun: Noun,
    /// Whether the viewer may.
    pub open: bool,
}

/// The numbers of what these are: reports, cases, sealed reports, parties of cases, mails that became one of them.
pub async fn numbers(reader: &mut Reader, ids: &[Id]) -> crate::Result<HashMap<Id, Numbered>> {
    let mut numbers = HashMap::new();
    if ids.is_empty() {
        return Ok(numbers);
    }
    for (text, room, noun) in [
        ("select id, number from reports where id in (", "/inbox", Noun::Report),
        ("select m.id, r.number from mails m join reports r on r.id = m.noun_id where m.id in (", "/inbox", Noun::Report),
        ("select id, number from cases where id in (", "/cases", Noun::Case),
        ("select p.id, c.number from parties p join cases c on c.id = p.case_id where p.id in (", "/cases", Noun::Case),
        ("select m.id, c.number from mails m join parties p on p.id = m.noun_id join cases c on c.id = p.case_id where m.id in (", "/cases", Noun::Case),
        ("select id, number from sealed_dialogues where id in (", "/dialogues", Noun::Sealed),
    ] {
        let mut statement = Statement::new(text);
        statement.bind_list(ids.iter().map(|id| (*id).into())).push(")");
        let found: Vec<(Id, String)> = reader.select(statement).await?;
        numbers.extend(found.into_iter().map(|(id, number)| (id, Numbered { number, room, noun, open: false })));
    }
    Ok(numbers)
}

pub async fn about_number(reader: &mut Reader, number: &str) -> Result<Option<Id>> {
    // What the team was not told of is not there: else asking for its number would say when it came.
    const SEALED: &str = "select id from sealed_dialogues where number = $1 and state not in ('arrived', 'withdrawn')";
    // Those that have numbers; pages are called by words.
    const PUBLISHED: &str = "select id from publications where kind in ('alert', 'advisory', 'calendar') and name = $1";
    for text in ["select id from cases where number = $1", "select id from reports where number = $1", SEALED, PUBLISHED] {
        if let Some(id) = reader.value(text, args![number]).await? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

pub async fn organisation_named(reader: &mut Reader, name: &str) -> Result<Option<Id>> {
    reader.value("select id from organisations where name = $1", args![name]).await
}
