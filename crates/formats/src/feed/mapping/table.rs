//! A table of mappings as it is written (TOML). Every mistake is noted with its line; a table with
//! mistakes is not used at all, so that nothing is read by half of one.

use super::problem::Notes;
use super::{Format, Mapping, Pattern, Problem, Rule, Target};
use crate::feed::events::KeyPart;
use crate::feed::normal::{time::Zone, value};
use crate::feed::row::Role;
use crate::rsit;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use toml::Spanned;

/// A table of mappings that was read and found right.
#[derive(Debug, Clone)]
pub struct Table {
    pub name: String,
    /// Grows with each change; events keep it.
    pub version: i32,
    /// Forms of file names that tell the report type.
    pub files: Vec<Pattern>,
    /// By report type.
    pub mappings: BTreeMap<String, Arc<Mapping>>,
    /// What several types share; no file is of it.
    pub(super) bases: BTreeMap<String, Arc<Mapping>>,
}

/// Names: a list, or one text with spaces between; `+name` stands for a set.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Names {
    Text(String),
    List(Vec<String>),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    version: i32,
    #[serde(default)]
    feed: String,
    #[serde(default)]
    files: Vec<Spanned<String>>,
    #[serde(default)]
    sets: BTreeMap<String, Names>,
    #[serde(default)]
    base: BTreeMap<String, Spanned<Entry>>,
    #[serde(default)]
    r#type: BTreeMap<String, Spanned<Entry>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    like: Option<Spanned<String>>,
    title: Option<String>,
    format: Option<Spanned<String>>,
    delimiter: Option<Spanned<String>>,
    comment: Option<Spanned<String>>,
    header: Option<Vec<String>>,
    columns: Option<Spanned<Names>>,
    required: Option<Spanned<Names>>,
    signature: Option<Spanned<Names>>,
    #[serde(default)]
    files: Vec<Spanned<String>>,
    #[serde(default)]
    fields: BTreeMap<String, Spanned<OneOrMore>>,
    #[serde(default)]
    words: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    when: Vec<Spanned<When>>,
    key: Option<Spanned<Vec<String>>>,
    zone: Option<Spanned<String>>,
    undated: Option<bool>,
    role: Option<Spanned<String>>,
    r#type: Option<Spanned<String>>,
    severity: Option<Spanned<String>>,
    confidence: Option<Spanned<i64>>,
    tlp: Option<Spanned<String>>,
    identifier: Option<String>,
    malware: Option<String>,
    product: Option<String>,
    application: Option<String>,
    transport: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct When {
    column: String,
    has: String,
    r#type: Option<String>,
    identifier: Option<String>,
    severity: Option<String>,
}

impl Table {
    /// Reads a table. `known` gives the mappings of tables before it, for `like`.
    pub fn parse(file: &str, text: &str, known: impl Fn(&str) -> Option<Arc<Mapping>>) -> Result<Self, Vec<Problem>> {
        let mut notes = Notes { file, text, found: Vec::new() };
        let written: Written = match toml::from_str(text) {
            Ok(written) => written,
            Err(error) => {
                notes.note(error.span().map_or(0, |span| span.start), "", error.message().replace('\n', ", "));
                return Err(notes.found);
            }
        };
        let files = patterns(&written.files, "files", &mut notes);
        let mut work = Work { written: &written, known: &known, done: BTreeMap::new(), notes };
        let bases = work.all("base", &written.base);
        let mappings = work.all("type", &written.r#type);
        let mut found = work.notes.found;
        if found.is_empty() {
            return Ok(Self { name: written.name, version: written.version, files, mappings, bases });
        }
        found.sort_by_key(|problem| problem.line);
        Err(found)
    }
}

fn patterns(written: &[Spanned<String>], at: &str, notes: &mut Notes) -> Vec<Pattern> {
    let mut read = Vec::new();
    for pattern in written {
        match Pattern::parse(pattern.get_ref()) {
            Ok(pattern) => read.push(pattern),
            Err(why) => notes.note(pattern.span().start, at, why),
        }
    }
    read
}

/// A table while its entries are put together.
struct Work<'a> {
    written: &'a Written,
    known: &'a dyn Fn(&str) -> Option<Arc<Mapping>>,
    /// None while it is being made: who asks for it then asks in a circle.
    done: BTreeMap<(&'static str, String), Option<Arc<Mapping>>>,
    notes: Notes<'a>,
}

impl Work<'_> {
    fn all(&mut self, part: &'static str, entries: &BTreeMap<String, Spanned<Entry>>) -> BTreeMap<String, Arc<Mapping>> {
        let made = entries.keys().filter_map(|name| Some((name.clone(), self.entry(part, name, entries)?)));
        made.collect()
    }

    fn entry(&mut self, part: &'static str, name: &str, entries: &BTreeMap<String, Spanned<Entry>>) -> Option<Arc<Mapping>> {
        let place = (part, name.to_owned());
        if let Some(made) = self.done.get(&place) {
            return made.clone();
        }
        let entry = entries.get(name)?;
        let at = format!("{part}.{name}");
        if !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            self.notes.note(entry.span().start, at.as_str(), "a name has lower-case letters, digits and _ only");
        }
        self.done.insert(place.clone(), None);
        let mut mapping = self.parent(entry.get_ref(), &at, name);
        mapping.kind = name.into();
        mapping.version = self.written.version;
        if !self.written.feed.is_empty() {
            mapping.feed = self.written.feed.as_str().into();
        }
        self.overlay(&mut mapping, entry.get_ref(), &at);
        if part == "type" {
            self.check(&mapping, entry.span().start, &at);
        }
        let made = Arc::new(mapping);
        self.done.insert(place, Some(Arc::clone(&made)));
        Some(made)
    }

    fn parent(&mut self, entry: &Entry, at: &str, name: &str) -> Mapping {
        let Some(like) = &entry.like else { return Mapping::default() };
        let written = self.written;
        let wanted = like.get_ref().as_str();
        let own = wanted != name || at.starts_with("base");
        let found = match (written.base.contains_key(wanted), written.r#type.contains_key(wanted) && own) {
            (true, _) => self.entry("base", wanted, &written.base),
            (_, true) => self.entry("type", wanted, &written.r#type),
            _ => (self.known)(wanted),
        };
        let Some(found) = found else {
            self.notes.note(like.span().start, format!("{at}.like"), format!("there is no \"{wanted}\" that it could be like"));
            return Mapping::default();
        };
        // File names and what tells a type by its header are one type's own.
        Mapping { files: Vec::new(), signature: Vec::new(), ..(*found).clone() }
    }

    fn overlay(&mut self, mapping: &mut Mapping, entry: &Entry, at: &str) {
        if let Some(title) = &entry.title {
            mapping.title.clone_from(title);
        }
        if let Some(format) = &entry.format {
            match Format::ALL.into_iter().find(|known| known.as_str() == format.get_ref()) {
                Some(known) => mapping.format = known,
                None => self.notes.note(format.span().start, format!("{at}.format"), "expected csv, json, fields or idea"),
            }
        }
        for (mark, place, key) in [(&entry.delimiter, 0, "delimiter"), (&entry.comment, 1, "comment")] {
            let Some(mark) = mark else { continue };
            match mark.get_ref().as_bytes() {
                [byte] if !matches!(byte, b'"' | b'\n' | b'\r' | 0x80..) && place == 0 => mapping.delimiter = *byte,
                [byte] if place == 1 => mapping.comment = Some(*byte),
                _ => self.notes.note(mark.span().start, format!("{at}.{key}"), "expected one ASCII character"),
            }
        }
        if let Some(header) = &entry.header {
            mapping.header.clone_from(header);
        }
        for (names, list, key) in [
            (&entry.columns, &mut mapping.columns, "columns"),
            (&entry.required, &mut mapping.required, "required"),
            (&entry.signature, &mut mapping.signature, "signature"),
        ] {
            if let Some(names) = names {
                if key != "columns" {
                    list.clear();
                }
                self.names(names.get_ref(), names.span().start, &format!("{at}.{key}"), list, 0);
            }
        }
        mapping.files.extend(patterns(&entry.files, &format!("{at}.files"), &mut self.notes));
        self.fields(mapping, entry, at);
        self.constants(mapping, entry, at);
        self.rules(mapping, entry, at);
    }

    fn names(&mut self, names: &Names, byte: usize, at: &str, list: &mut Vec<String>, depth: u8) {
        let words: Vec<&str> = match names {
            Names::Text(text) => text.split_whitespace().collect(),
            Names::List(list) => list.iter().map(String::as_str).collect(),
        };
        let written = self.written;
        for word in words {
            match word.strip_prefix('+').map(|set| (set, written.sets.get(set))) {
                None => list.push(word.to_owned()),
                Some((_, Some(set))) if depth < 4 => self.names(set, byte, at, list, depth + 1),
                Some((set, _)) => self.notes.note(byte, at, format!("there is no set \"{set}\", or it stands in itself")),
            }
        }
    }

    fn fields(&mut self, mapping: &mut Mapping, entry: &Entry, at: &str) {
        for (column, targets) in &entry.fields {
            let written = match targets.get_ref() {
                OneOrMore::One(one) => std::slice::from_ref(one),
                OneOrMore::More(more) => more,
            };
            let mut read = Vec::new();
            for target in written {
                match Target::parse(target) {
                    Ok(target) => read.push(target),
                    Err(why) => self.notes.note(targets.span().start, format!("{at}.fields.{column}"), why),
                }
            }
            mapping.fields.insert(column.clone(), read);
        }
        for (column, words) in &entry.words {
            let lower: HashMap<_, _> = words.iter().map(|(from, to)| (from.to_lowercase(), to.clone())).collect();
            mapping.words.entry(column.clone()).or_default().extend(lower);
        }
        if let Some(key) = &entry.key {
            let parts: Vec<_> = key.get_ref().iter().map(|name| KeyPart::from_name(name).ok_or(name)).collect();
            match parts.into_iter().collect::<Result<Vec<_>, _>>() {
                Ok(parts) => mapping.key = parts.into(),
                Err(name) => self.notes.note(key.span().start, format!("{at}.key"), format!("\"{name}\" is nothing that an event is told apart by")),
            }
        }
        if let Some(zone) = &entry.zone {
            match Zone::parse(zone.get_ref()) {
                Some(zone) => mapping.zone = zone,
                None => self.notes.note(zone.span().start, format!("{at}.zone"), "expected UTC, +02:00 or a name such as Europe/Vienna"),
            }
        }
        mapping.undated = entry.undated.unwrap_or(mapping.undated);
    }

    fn constants(&mut self, mapping: &mut Mapping, entry: &Entry, at: &str) {
        let row = &mut mapping.constants;
        if let Some(name) = &entry.r#type {
            match rsit_type(name.get_ref()) {
                Some(known) => (row.class, row.r#type) = (known.class.to_owned(), known.name.to_owned()),
                None => self.notes.note(name.span().start, format!("{at}.type"), format!("\"{}\" is no type of the RSIT", name.get_ref())),
            }
        }
        if let Some(word) = &entry.severity {
            match value::severity(word.get_ref()) {
                Some(level) => row.severity = level,
                None => self.notes.note(word.span().start, format!("{at}.severity"), "expected info, low, medium, high or critical"),
            }
        }
        if let Some(percent) = &entry.confidence {
            match i8::try_from(*percent.get_ref()).ok().filter(|percent| (0..=100).contains(percent)) {
                Some(percent) => row.confidence = percent,
                None => self.notes.note(percent.span().start, format!("{at}.confidence"), "expected 0 to 100"),
            }
        }
        if let Some(label) = &entry.tlp {
            match value::tlp(label.get_ref()) {
                Some(label) => row.tlp = label.as_str().to_owned(),
                None => self.notes.note(label.span().start, format!("{at}.tlp"), "expected CLEAR, GREEN, AMBER, AMBER+STRICT or RED"),
            }
        }
        if let Some(name) = &entry.role {
            match Role::from_name(name.get_ref()) {
                Some(role) => row.role = role,
                None => self.notes.note(name.span().start, format!("{at}.role"), "expected subject, peer, c2, target or intermediary"),
            }
        }
        for (from, to) in [
            (&entry.identifier, &mut row.identifier),
            (&entry.malware, &mut row.malware),
            (&entry.product, &mut row.product),
            (&entry.application, &mut row.application),
            (&entry.transport, &mut row.transport),
        ] {
            if let Some(from) = from {
                to.clone_from(from);
            }
        }
    }

    fn rules(&mut self, mapping: &mut Mapping, entry: &Entry, at: &str) {
        for when in &entry.when {
            let (byte, when) = (when.span().start, when.get_ref());
            let known = when.r#type.as_deref().map(|name| rsit_type(name).ok_or(name));
            let severity = when.severity.as_deref().map(|word| value::severity(word).ok_or(word));
            if let Some(Err(name)) = known {
                self.notes.note(byte, format!("{at}.when"), format!("\"{name}\" is no type of the RSIT"));
            }
            if let Some(Err(word)) = severity {
                self.notes.note(byte, format!("{at}.when"), format!("\"{word}\" is no severity"));
            }
            let known = known.and_then(Result::ok);
            mapping.rules.push(Rule {
                column: when.column.clone(),
                has: when.has.to_lowercase(),
                class: known.map_or("", |known| known.class).to_owned(),
                r#type: known.map_or("", |known| known.name).to_owned(),
                identifier: when.identifier.clone().unwrap_or_default(),
                severity: severity.and_then(Result::ok).unwrap_or(-1),
            });
        }
    }

    /// What a type must have so that its rows can be events.
    fn check(&mut self, mapping: &Mapping, byte: usize, at: &str) {
        if mapping.format == Format::Idea {
            return;
        }
        let goes = |wanted: &dyn Fn(super::Field) -> bool| mapping.fields.values().flatten().any(|target| wanted(target.field));
        if !mapping.undated && !goes(&|field| field == super::Field::Observed) {
            self.notes.note(byte, format!("{at}.fields"), "no column is \"observed\", and \"undated\" is not set");
        }
        if !goes(&super::Field::is_subject) {
            self.notes.note(byte, format!("{at}.fields"), "no column is ip, host, domain or url: what would its events be about?");
        }
        if mapping.constants.r#type.is_empty() && !goes(&|field| field == super::Field::Type) {
            self.notes.note(byte, format!("{at}.type"), "it has no type of the RSIT, neither fixed nor from a column");
        }
    }
}

/// A type by its name, or by class and name with a slash.
pub(in crate::feed) fn rsit_type(name: &str) -> Option<&'static rsit::RsitType> {
    match name.split_once('/') {
        Some((class, name)) => rsit::find(class, name),
        None => rsit::TYPES.iter().find(|known| known.name == name),
    }
}
