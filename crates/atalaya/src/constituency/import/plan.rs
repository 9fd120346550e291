//! What a file would do: each row held against what is known, without writing anything.

use std::collections::HashMap;

use ::store::{Id, Reader};
use data_encoding::HEXLOWER;
use formats::label::Tlp;
use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::sheet::{Fault, Row};
use crate::Result;
use crate::constituency::{Contact, ContactDetails, Details, Problem, Resource, canonical, contacts_of, days, every_resource_of, find_by_name};
use crate::profile::Profile;
use crate::text::one_line;

/// What happens to one line of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Line in the file.
    pub line: u64,
    /// The organisation that it speaks of.
    pub name: String,
    /// `added`, `changed`, `unchanged`.
    pub what: &'static str,
    /// What is new, each a short line.
    pub details: Vec<String>,
}

/// What a file would do.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Line by line.
    pub steps: Vec<Step>,
    /// What is wrong; with any of these nothing is imported.
    pub faults: Vec<Fault>,
    pub(super) organisations: Vec<Planned>,
}

impl Plan {
    /// How many lines add, change, and leave as it is.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |what| self.steps.iter().filter(|step| step.what == what).count();
        (count("added"), count("changed"), count("unchanged"))
    }

    /// A mark of just this plan, on top of what is known now: a page says by it what somebody has looked at.
    pub fn mark(&self) -> String {
        let mut hash = Sha256::new();
        for step in &self.steps {
            hash.update(format!("{step:?}"));
        }
        for one in &self.organisations {
            let contacts: Vec<_> = one.contacts.iter().filter_map(|contact| contact.known.as_ref()).map(|known| (known.id, known.version)).collect();
            hash.update(format!("{:?} {contacts:?}", one.known));
        }
        HEXLOWER.encode(&hash.finalize())
    }
}

/// An organisation as the file wants it.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// Id and version, if it is known.
    pub known: Option<(Id, i64)>,
    pub before: Option<Details>,
    pub details: Details,
    pub contacts: Vec<PlannedContact>,
    pub resources: Vec<PlannedResource>,
    line: u64,
    /// Which line set which field.
    said: HashMap<&'static str, u64>,
}

#[derive(Clone, Debug)]
pub(super) struct PlannedContact {
    pub known: Option<Contact>,
    pub details: ContactDetails,
    line: u64,
}

#[derive(Clone, Debug)]
pub(super) struct PlannedResource {
    pub known: Option<Resource>,
    pub kind: String,
    pub value: String,
    pub from: Timestamp,
    pub to: Option<Timestamp>,
    line: u64,
}

impl PlannedResource {
    /// Whether the file changes what is known.
    pub fn changed(&self) -> bool {
        self.known.as_ref().is_some_and(|known| known.valid_from != self.from || known.valid_to != self.to)
    }

    fn meets(&self, from: Timestamp, to: Option<Timestamp>) -> bool {
        to.is_none_or(|to| self.from < to) && self.to.is_none_or(|end| from < end)
    }
}

/// Holds the rows against what is known.
pub(super) async fn plan(reader: &mut Reader, profile: &Profile, rows: &[Row], faults: Vec<Fault>) -> Result<Plan> {
    let mut plan = Plan { faults, ..Plan::default() };
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let name = one_line(row.get("name").unwrap_or_default());
        if name.is_empty() {
            plan.faults.push(fault(row, "name", "Every line names its organisation"));
            continue;
        }
        let place = if let Some(place) = places.get(&name) {
            *place
        } else {
            plan.organisations.push(Planned::begin(reader, profile, &name, row.line).await?);
            places.insert(name.clone(), plan.organisations.len() - 1);
            plan.organisations.len() - 1
        };
        let Some(one) = plan.organisations.get_mut(place) else { continue };
        let first = one.line == row.line;
        let mut details = Vec::new();
        one.take_fields(row, &mut plan.faults);
        one.take_resources(row, &mut details, &mut plan.faults);
        one.take_contact(row, &mut details, &mut plan.faults);
        let what = if first && one.known.is_none() {
            "added"
        } else if details.is_empty() {
            "unchanged"
        } else {
            "changed"
        };
        plan.steps.push(Step { line: row.line, name, what, details });
    }
    for one in &plan.organisations {
        for problem in one.details.problems(profile) {
            plan.faults.push(one.fault(&problem));
        }
        let Some(before) = &one.before else { continue };
        let changes = before.changes(&one.details);
        if let Some(step) = plan.steps.iter_mut().find(|step| step.line == one.line)
            && !changes.is_empty()
        {
            step.what = "changed";
            step.details.splice(0..0, changes);
        }
    }
    plan.faults.sort_by_key(|fault| fault.line);
    Ok(plan)
}

fn fault(row: &Row, column: &str, text: impl Into<String>) -> Fault {
    Fault { line: row.line, column: column.to_owned(), text: text.into() }
}

impl Planned {
    async fn begin(reader: &mut Reader, profile: &Profile, name: &str, line: u64) -> Result<Self> {
        let Some(known) = find_by_name(reader, name).await? else {
            let details = Details { name: name.to_owned(), ..Details::fresh(profile) };
            return Ok(Self { known: None, before: None, details, contacts: Vec::new(), resources: Vec::new(), line, said: HashMap::new() });
        };
        let details = Details::from(&known);
        let contacts = contacts_of(reader, &[known.id]).await?;
        let contacts = contacts.into_iter().map(|one| PlannedContact { details: ContactDetails::from(&one), known: Some(one), line: 0 }).collect();
        let resources = every_resource_of(reader, known.id).await?;
        let resources = resources
            .into_iter()
            .map(|one| PlannedResource { kind: one.kind.clone(), value: one.value.clone(), from: one.valid_from, to: one.valid_to, known: Some(one), line: 0 })
            .collect();
        Ok(Self { known: Some((known.id, known.version)), before: Some(details.clone()), details, contacts, resources, line, said: HashMap::new() })
    }

    fn fault(&self, problem: &Problem) -> Fault {
        Fault { line: self.said.get(problem.field).copied().unwrap_or(self.line), column: problem.field.to_owned(), text: problem.text.clone() }
    }

    fn take_fields(&mut self, row: &Row, faults: &mut Vec<Fault>) {
        for column in ["sector", "status", "country", "language", "ceiling", "note"] {
            let Some(cell) = row.get(column) else { continue };
            let before = self.details.clone();
            match column {
                "sector" => cell.clone_into(&mut self.details.sector),
                "status" => self.details.status = cell.to_lowercase(),
                "country" => self.details.country = cell.to_uppercase(),
                "language" => cell.clone_into(&mut self.details.language),
                "note" => cell.clone_into(&mut self.details.note),
                _ => match cell.parse::<Tlp>() {
                    Ok(ceiling) => self.details.ceiling = ceiling,
                    Err(_) => faults.push(fault(row, column, format!("“{cell}” is no TLP label: CLEAR, GREEN, AMBER, AMBER+STRICT or RED"))),
                },
            }
            match self.said.get(column) {
                Some(line) if self.details != before => faults.push(fault(row, column, format!("Line {line} says something else about the same organisation"))),
                Some(_) => {}
                None => {
                    self.said.insert(column, row.line);
                }
            }
        }
    }

    fn take_resources(&mut self, row: &Row, told: &mut Vec<String>, faults: &mut Vec<Fault>) {
        let mut day = |column| {
            days::read(row.get(column).unwrap_or_default()).unwrap_or_else(|text| {
                faults.push(fault(row, column, text));
                None
            })
        };
        let (from, to) = (day("from"), day("to"));
        if let (Some(first), Some(last)) = (from, to)
            && last < first
        {
            faults.push(fault(row, "to", format!("The last day, {last}, is before the first, {first}")));
            return;
        }
        for (column, kind) in [("asn", "asn"), ("prefixes", "prefix"), ("domains", "domain")] {
            let cell = row.get(column).unwrap_or_default();
            for written in cell.split(|c: char| c.is_whitespace() || c == ';' || c == ',').filter(|written| !written.is_empty()) {
                let taken = canonical(kind, written).and_then(|(kind, value)| self.take_resource(row.line, kind, value, from, to));
                match taken {
                    Ok(text) => told.extend(text),
                    Err(text) => faults.push(fault(row, column, text)),
                }
            }
        }
    }

    /// One resource of a row: the same as known, other days for what is known, or new.
    fn take_resource(&mut self, line: u64, kind: &'static str, value: String, from: Option<Date>, to: Option<Date>) -> Result<Option<String>, String> {
        let (start, end) = (days::starts(from).map_err(|error| error.to_string())?, days::ends(to).map_err(|error| error.to_string())?);
        let same = |one: &PlannedResource| one.kind == kind && one.value == value;
        let all: Vec<usize> = self.resources.iter().enumerate().filter(|(_, one)| same(one)).map(|(place, _)| place).collect();
        let pick = |fits: &dyn Fn(&PlannedResource) -> bool| all.iter().copied().find(|place| self.resources.get(*place).is_some_and(fits));
        let picked = match from {
            Some(_) => pick(&|one| one.from == start).or_else(|| pick(&|one| one.from == days::UNKNOWN && one.meets(start, end))),
            None => pick(&|one| one.to.is_none()).or_else(|| pick(&|one| end.is_some() && one.to == end)),
        };
        let (start, end) = match picked.and_then(|place| self.resources.get(place)) {
            Some(one) => (from.map_or(one.from, |_| start), end.or(one.to)),
            None => (start, end),
        };
        for place in all.iter().copied().filter(|place| Some(*place) != picked) {
            let Some(other) = self.resources.get(place) else { continue };
            if other.meets(start, end) {
                let held = days::held(other.from, other.to);
                let hint = if from.is_none() { "; write a first day after that to say that it is held again" } else { "" };
                return Err(format!("It holds {value} already{held}{hint}"));
            }
        }
        let Some(one) = picked.and_then(|place| self.resources.get_mut(place)) else {
            let told = format!("{value} added{}", days::held(start, end));
            self.resources.push(PlannedResource { known: None, kind: kind.into(), value, from: start, to: end, line });
            return Ok(Some(told));
        };
        if one.from == start && one.to == end {
            return Ok(None);
        }
        if one.line != 0 {
            return Err(format!("Line {} gives {value} other days", one.line));
        }
        (one.from, one.to, one.line) = (start, end, line);
        Ok(Some(format!("{value} held{}", days::held(start, end))))
    }

    fn take_contact(&mut self, row: &Row, told: &mut Vec<String>, faults: &mut Vec<Fault>) {
        let cell = |column| row.get(column).unwrap_or_default();
        let (name, mail) = (cell("contact_name"), cell("contact_mail").to_lowercase());
        if name.is_empty() && mail.is_empty() {
            for column in ["contact_function", "contact_phone", "contact_language", "contact_hours", "contact_reach", "contact_fingerprint", "contact_key"] {
                if row.get(column).is_some() {
                    faults.push(fault(row, column, "A contact needs a contact_name or a contact_mail"));
                    return;
                }
            }
            return;
        }
        let function = match cell("contact_function").to_lowercase() {
            function if function.is_empty() => "abuse".to_owned(),
            function => function,
        };
        let place = self
            .contacts
            .iter()
            .position(|one| one.details.function == function && !name.is_empty() && one.details.name.eq_ignore_ascii_case(name))
            .or_else(|| self.contacts.iter().position(|one| one.details.function == function && !mail.is_empty() && one.details.mail == mail));
        let before = place.and_then(|place| self.contacts.get(place)).map(|one| one.details.clone());
        let mut details = before.clone().unwrap_or_else(|| ContactDetails {
            name: format!("{function} desk"),
            function,
            language: self.details.language.clone(),
            reach: if !mail.is_empty() {
                "mail"
            } else if row.get("contact_phone").is_some() {
                "phone"
            } else {
                "portal"
            }
            .into(),
            ..ContactDetails::default()
        });
        let set = |into: &mut String, value: &str| {
            if !value.is_empty() {
                value.clone_into(into);
            }
        };
        set(&mut details.name, name);
        set(&mut details.mail, &mail);
        set(&mut details.phone, cell("contact_phone"));
        set(&mut details.language, cell("contact_language"));
        set(&mut details.hours, cell("contact_hours"));
        set(&mut details.reach, &cell("contact_reach").to_lowercase());
        set(&mut details.key_fingerprint, cell("contact_fingerprint"));
        set(&mut details.key_text, cell("contact_key"));
        let details = details.tidy();
        for problem in details.problems() {
            let column = match problem.field {
                "contact_name" | "contact_language" => problem.field.to_owned(),
                "key_fingerprint" => "contact_fingerprint".into(),
                "key_text" => "contact_key".into(),
                field => format!("contact_{field}"),
            };
            faults.push(fault(row, &column, problem.text));
        }
        let Some(before) = before else {
            told.push(format!("{} contact {} added", details.function, details.name));
            self.contacts.push(PlannedContact { known: None, details, line: row.line });
            return;
        };
        let changes = before.changes(&details);
        if let Some(one) = place.and_then(|place| self.contacts.get_mut(place))
            && !changes.is_empty()
        {
            if one.line != 0 {
                faults.push(fault(row, "contact_name", format!("Line {} says something else about the same contact", one.line)));
            }
            told.push(format!("{} contact {}: {}", details.function, details.name, changes.join(", ")));
            (one.details, one.line) = (details, row.line);
        }
    }
}
