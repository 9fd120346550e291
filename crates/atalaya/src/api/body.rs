//! The JSON of a report: read field by field, so that every fault is told at once.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use formats::label::Tlp;
use serde_json::{Map, Value as Json};

use crate::reports::{KINDS, NewFile, NewReport};
use crate::{App, Result};

/// What is wrong with a request: field and one plain line.
pub type Faults = BTreeMap<String, String>;

/// Longest texts, in characters.
const TITLE: usize = 300;
const SHORT: usize = 300;
const DESCRIPTION: usize = 1_000_000;

/// The fields of a report and of its parts; others are told, not dropped in silence.
const FIELDS: [&str; 9] = ["kind", "title", "description", "language", "urgent", "help", "label", "reporter", "files"];
const REPORTER: [&str; 4] = ["name", "mail", "phone", "organisation"];
const FILE: [&str; 3] = ["name", "media_type", "content"];

/// Reads a request's body. Its bytes are kept as the report's original.
pub fn read(app: &App, raw: &[u8]) -> Result<Result<NewReport, Faults>> {
    let parsed = serde_json::from_slice::<Json>(raw);
    let fields = match parsed {
        Ok(Json::Object(fields)) => fields,
        Ok(_) => return Ok(Err(one("body", "expected a JSON object"))),
        Err(error) => return Ok(Err(one("body", &format!("is not JSON: {error}")))),
    };
    let mut form = Form { path: "", fields: &fields, faults: Faults::new() };
    form.only(&FIELDS);
    let kind = form.text("kind", SHORT);
    if kind.is_empty() || !KINDS.contains(&kind.as_str()) {
        form.fault("kind", &format!("expected one of {}", KINDS.join(", ")));
    }
    let (title, body) = (form.text("title", TITLE), form.text("description", DESCRIPTION));
    if title.trim().is_empty() {
        form.fault("title", "is missing: one line that says what happened");
    }
    if body.trim().is_empty() {
        form.fault("description", "is missing: tell what happened");
    }
    let language = form.text("language", 35);
    let (urgent, help) = (form.flag("urgent"), form.flag("help"));
    let label = match form.text("label", 30).as_str() {
        "" => None,
        text => text.parse::<Tlp>().map_err(|_| form.fault("label", "expected TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT or TLP:RED")).ok(),
    };
    let reporter = form.part("reporter", &REPORTER);
    let mail = reporter.get("mail").cloned().unwrap_or_default();
    if !mail.is_empty()
        && let Err(error) = post::address::normalise(&mail)
    {
        form.fault("reporter.mail", &error.to_string());
    }
    let files = form.files(app)?;
    if !form.faults.is_empty() {
        return Ok(Err(form.faults));
    }
    let said = |name: &str| reporter.get(name).cloned().unwrap_or_default();
    Ok(Ok(NewReport {
        channel: "api",
        kind,
        title,
        body,
        attached: String::new(),
        language,
        urgent,
        help,
        reporter_name: said("name"),
        reporter_mail: mail,
        reporter_phone: said("phone"),
        reporter_org: said("organisation"),
        organisation: None,
        member: None,
        raw: app.blobs.seal(raw)?,
        raw_type: "application/json",
        problems: Vec::new(),
        label,
        idempotency: None,
        mail_message_id: None,
        acknowledge: true,
        files,
    }))
}

fn one(field: &str, says: &str) -> Faults {
    Faults::from([(field.to_owned(), says.to_owned())])
}

struct Form<'a> {
    path: &'a str,
    fields: &'a Map<String, Json>,
    faults: Faults,
}

impl Form<'_> {
    fn fault(&mut self, field: &str, says: &str) {
        self.faults.entry(format!("{}{field}", self.path)).or_insert_with(|| says.to_owned());
    }

    fn only(&mut self, known: &[&str]) {
        let strange: Vec<String> = self.fields.keys().filter(|key| !known.contains(&key.as_str())).cloned().collect();
        for key in strange {
            self.fault(&key, &format!("is not known; the fields are {}", known.join(", ")));
        }
    }

    fn text(&mut self, field: &str, most: usize) -> String {
        match self.fields.get(field) {
            None | Some(Json::Null) => String::new(),
            Some(Json::String(text)) if text.chars().count() <= most => text.clone(),
            Some(Json::String(_)) => {
                self.fault(field, &format!("is longer than {most} characters"));
                String::new()
            }
            Some(_) => {
                self.fault(field, "expected a text");
                String::new()
            }
        }
    }

    fn flag(&mut self, field: &str) -> bool {
        match self.fields.get(field) {
            None | Some(Json::Null) => false,
            Some(Json::Bool(flag)) => *flag,
            Some(_) => {
                self.fault(field, "expected true or false");
                false
            }
        }
    }

    /// The texts of an object inside.
    fn part(&mut self, field: &str, known: &[&str]) -> BTreeMap<String, String> {
        match self.fields.get(field) {
            None | Some(Json::Null) => BTreeMap::new(),
            Some(Json::Object(fields)) => {
                let path = format!("{field}.");
                let mut inner = Form { path: &path, fields, faults: Faults::new() };
                inner.only(known);
                let texts = known.iter().map(|name| ((*name).to_owned(), inner.text(name, SHORT))).collect();
                let faults = inner.faults;
                self.faults.extend(faults);
                texts
            }
            Some(_) => {
                self.fault(field, "expected an object");
                BTreeMap::new()
            }
        }
    }

    fn files(&mut self, app: &App) -> Result<Vec<NewFile>> {
        let intake = &app.profile.intake;
        let list = match self.fields.get("files") {
            None | Some(Json::Null) => return Ok(Vec::new()),
            Some(Json::Array(list)) => list,
            Some(_) => {
                self.fault("files", "expected a list");
                return Ok(Vec::new());
            }
        };
        if list.len() > intake.max_files as usize {
            self.fault("files", &format!("are more than {}", intake.max_files));
            return Ok(Vec::new());
        }
        let mut contents = Vec::new();
        for (at, file) in list.iter().enumerate() {
            let path = format!("files[{at}].");
            let Json::Object(fields) = file else {
                self.fault(&format!("files[{at}]"), "expected an object");
                continue;
            };
            let mut form = Form { path: &path, fields, faults: Faults::new() };
            form.only(&FILE);
            let (name, media_type) = (form.text("name", 200), form.text("media_type", 127));
            let content = form.text("content", usize::MAX);
            let bytes = BASE64.decode(content.as_bytes()).map_err(|error| form.fault("content", &format!("is not base64: {error}")));
            if bytes.as_ref().is_ok_and(|bytes| bytes.len() as u64 > intake.max_file_bytes) {
                form.fault("content", &format!("is larger than {} bytes", intake.max_file_bytes));
            }
            let faults = form.faults;
            self.faults.extend(faults);
            let media_type = if media_type.is_empty() { "application/octet-stream".to_owned() } else { media_type };
            contents.extend(bytes.ok().map(|bytes| (post::letter::safe_name(&name, 120), media_type, bytes)));
        }
        if !self.faults.is_empty() {
            return Ok(Vec::new());
        }
        // Sealed only when nothing is wrong: a refused request leaves nothing behind.
        contents.into_iter().map(|(name, media_type, bytes)| Ok(NewFile { name, media_type, kept: app.blobs.seal(&bytes)? })).collect()
    }
}
