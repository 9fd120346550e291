//! The forms of this room: what was typed, what has to be asked again, and what somebody else saved
//! meanwhile.

use formats::label::Tlp;

use super::contact::{ContactDetails, FUNCTIONS, REACHES};
use super::organisation::{Details, STATUSES};
use super::{Held, Problem, Resource, days};
use crate::profile::Profile;
use crate::web::Fields;

/// One field of a form.
pub(super) struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    /// `text`, `date`, `select`, `area`, `options`.
    pub kind: &'static str,
    pub value: String,
    /// For selects and options: value, name, what it means.
    pub choices: Vec<(String, String, String)>,
    pub error: Option<String>,
    /// What somebody else saved meanwhile, when it differs.
    pub theirs: Option<String>,
}

impl Field {
    fn new(kind: &'static str, name: &'static str, label: &'static str, hint: &'static str, value: &str) -> Self {
        Self { name, label, hint, kind, value: value.to_owned(), choices: Vec::new(), error: None, theirs: None }
    }

    fn of(mut self, choices: Vec<(String, String, String)>) -> Self {
        self.choices = choices;
        self
    }
}

/// Puts the problems beside their fields.
pub(super) fn mark(fields: &mut [Field], problems: &[Problem]) {
    for field in fields {
        field.error = problems.iter().find(|problem| problem.field == field.name).map(|problem| problem.text.clone());
    }
}

/// Puts what somebody else saved beside what was typed.
pub(super) fn compare(fields: &mut [Field], saved: Vec<Field>) {
    for (field, saved) in fields.iter_mut().zip(saved) {
        field.theirs = (field.value != saved.value).then_some(saved.value);
    }
}

/// The languages of the team's pages, and the one that stands there already.
fn languages(profile: &Profile, value: &str) -> Vec<(String, String, String)> {
    let mut tags = profile.languages.clone();
    if !value.is_empty() && !tags.iter().any(|tag| tag == value) {
        tags.push(value.to_owned());
    }
    tags.into_iter().map(|tag| (tag.clone(), crate::text::own_name(&tag).to_owned(), String::new())).collect()
}

/// Id and title of the sectors.
pub(super) fn sectors(profile: &Profile) -> Vec<(String, String, String)> {
    profile.sectors.iter().map(|sector| (sector.id.clone(), sector.title.text("en").to_owned(), String::new())).collect()
}

/// The form of an organisation.
pub(super) fn organisation(profile: &Profile, details: &Details) -> Vec<Field> {
    let statuses = STATUSES.iter().map(|(id, name, means)| ((*id).to_owned(), (*name).to_owned(), (*means).to_owned())).collect();
    let mut sectors = sectors(profile);
    sectors.insert(0, (String::new(), "Choose …".into(), String::new()));
    let ceilings = Tlp::ALL.iter().map(|tlp| (tlp.as_str().to_owned(), tlp.marking().to_owned(), String::new())).collect();
    vec![
        Field::new("text", "name", "Name", "As it calls itself; no two organisations have the same", &details.name),
        Field::new("select", "sector", "Sector", "", &details.sector).of(sectors),
        Field::new("options", "status", "Status", "", &details.status).of(statuses),
        Field::new("short", "country", "Country", "Two letters, like LS; empty when it has none", &details.country),
        Field::new("select", "language", "Language", "It is written to in this language", &details.language).of(languages(profile, &details.language)),
        Field::new("select", "ceiling", "Highest label it may get", "The gate lets nothing above this leave to it", details.ceiling.as_str()).of(ceilings),
        Field::new("area", "note", "Note", "What the next colleague should know; never leaves the team", &details.note),
    ]
}

/// The form of a new one: with what it holds, so that events that nobody holds become its by one form.
pub(super) fn new_organisation(profile: &Profile, details: &Details, holds: &str) -> Vec<Field> {
    let hint = "AS numbers, prefixes and domains with spaces between: AS64501 203.0.113.0/24. More can be added later, each with its days";
    let mut fields = organisation(profile, details);
    fields.push(Field::new("text", "holds", "What it holds", hint, holds));
    fields
}

/// What was typed of what it holds: each is told by its look.
pub(super) fn holds_typed(text: &str) -> (Vec<Held>, Vec<Problem>) {
    let (mut holds, mut problems): (Vec<Held>, Vec<Problem>) = (Vec::new(), Vec::new());
    for word in text.split([' ', ',', ';', '\n']).filter(|word| !word.is_empty()) {
        match super::canonical("", word) {
            Ok((kind, value)) if !holds.iter().any(|known| known.value == value) => {
                holds.push(Held { kind: kind.into(), value, from: None, to: None, source: "console" });
            }
            Ok(_) => {}
            Err(text) => problems.push(Problem::new("holds", text)),
        }
    }
    (holds, problems)
}

/// What the form of an organisation sent.
pub(super) fn organisation_typed(profile: &Profile, fields: &Fields) -> Details {
    let text = |name| fields.get(name).to_owned();
    let ceiling = fields.get("ceiling").parse().unwrap_or(profile.labels.recipient);
    let details = Details {
        name: text("name"),
        sector: text("sector"),
        status: text("status"),
        country: text("country"),
        language: text("language"),
        ceiling,
        note: text("note"),
    };
    details.tidy()
}

/// The form of a contact.
pub(super) fn contact(profile: &Profile, details: &ContactDetails) -> Vec<Field> {
    let functions = FUNCTIONS.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned(), String::new())).collect();
    let reaches = REACHES.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned(), String::new())).collect();
    vec![
        Field::new("text", "contact_name", "Name", "A person, or better a desk that outlives its people", &details.name),
        Field::new("select", "function", "Function", "Messages about an incident go to abuse, then security, then network operations", &details.function)
            .of(functions),
        Field::new("select", "reach", "Reached", "", &details.reach).of(reaches),
        Field::new("text", "mail", "Mail address", "", &details.mail),
        Field::new("text", "phone", "Phone", "With the country's code, like +266 2200 0000", &details.phone),
        Field::new("select", "contact_language", "Language", "", &details.language).of(languages(profile, &details.language)),
        Field::new("text", "hours", "Hours", "When somebody answers, as they say it: Mon to Fri, 8 to 17", &details.hours),
        Field::new(
            "text",
            "key_fingerprint",
            "OpenPGP fingerprint",
            "40 hexadecimal digits; compare them by phone before you rely on them",
            &details.key_fingerprint,
        ),
        Field::new(
            "area",
            "key_text",
            "OpenPGP public key",
            "It goes into the directory of keys, unverified until somebody compares the fingerprint",
            &details.key_text,
        ),
        Field::new("date", "from", "First day", "Empty when it is not known", &days::typed(details.from)),
        Field::new("date", "to", "Last day", "Empty while it is right", &days::typed(details.to)),
    ]
}

/// What the form of a contact sent, and which days could not be read.
pub(super) fn contact_typed(fields: &Fields) -> (ContactDetails, Vec<Problem>) {
    let text = |name| fields.get(name).to_owned();
    let (from, to, problems) = days_typed(fields);
    let details = ContactDetails {
        name: text("contact_name"),
        function: text("function"),
        mail: text("mail"),
        phone: text("phone"),
        language: text("contact_language"),
        hours: text("hours"),
        reach: text("reach"),
        key_fingerprint: text("key_fingerprint"),
        key_text: text("key_text"),
        from,
        to,
    };
    (details.tidy(), problems)
}

/// First and last day as typed, and what could not be read.
pub(super) fn days_typed(fields: &Fields) -> (Option<jiff::civil::Date>, Option<jiff::civil::Date>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut day = |name| {
        days::read(fields.get(name)).unwrap_or_else(|text| {
            problems.push(Problem::new(name, text));
            None
        })
    };
    let (from, to) = (day("from"), day("to"));
    (from, to, problems)
}

/// The form of what is held already, as it stands.
pub(super) fn days_of(held: &Resource) -> Vec<Field> {
    let (from, to) = held.days();
    resource(true, "", "", &from, &to)
}

/// The form of a resource; what is held already has only its days.
pub(super) fn resource(known: bool, kind: &str, value: &str, from: &str, to: &str) -> Vec<Field> {
    let kinds = [("", "Tell it by its look"), ("asn", "AS number"), ("prefix", "Address prefix"), ("domain", "Domain")];
    let kinds = kinds.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned(), String::new())).collect();
    let mut fields = Vec::new();
    if !known {
        fields.push(Field::new(
            "text",
            "value",
            "What it holds",
            "An AS number, a prefix of IPv4 or IPv6, or a domain: AS64501, 203.0.113.0/24, a.example",
            value,
        ));
        fields.push(Field::new("select", "kind", "Kind", "", kind).of(kinds));
    }
    fields.push(Field::new("date", "from", "First day", "Empty when it is not known: then it matches every earlier date", from));
    fields.push(Field::new(
        "date",
        "to",
        "Last day",
        "Empty while it is held. Write it when the resource is given up or moves; then add it to the new holder from the day after",
        to,
    ));
    fields
}
