//! The people and organisations of the demonstration. All are invented; networks, AS numbers and
//! domains are those reserved for documentation (RFC 5737, 3849, 5398, 2606).

use jiff::civil::Date;
use store::Id;

use super::cast::Cast;
use crate::access::{Role, Who};
use crate::constituency::{self, ContactDetails, Details, Held};
use crate::people::{self, NewPerson};
use crate::{App, Result};

/// The password of every demonstration log-in.
pub const PASSWORD: &str = "watchtower-demo";

/// Login, name, role, whether it belongs to the first organisation.
pub const LOGINS: [(&str, &str, Role); 6] = [
    ("analyst", "Analyst 1", Role::Analyst),
    ("analyst2", "Analyst 2", Role::Analyst),
    ("lead", "Team lead", Role::Lead),
    ("admin", "Administrator", Role::Admin),
    ("auditor", "Auditor", Role::Auditor),
    ("member", "NOC of a member", Role::Member),
];

/// Whether a place that holds something holds a demonstration: its people have the invented names.
pub async fn is_one(app: &App) -> Result<bool> {
    let staff = people::named::staff(&mut app.db.read().await?).await?;
    Ok(LOGINS.iter().filter(|(_, _, role)| role.is_staff()).all(|(_, name, _)| staff.iter().any(|(_, known)| known == name)))
}

/// An organisation of the demonstration, in the order that stories count them.
#[derive(Clone, Debug)]
pub struct Org {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// Its network without the last part: `203.0.113.`
    pub net: &'static str,
    /// The first address of its share of that network.
    pub first: usize,
    /// Its contact for abuse.
    pub contact: Id,
    /// That contact's address.
    pub mail: String,
    /// The language it is written to in.
    pub language: String,
}

impl Org {
    /// A story's text, told about this organisation: `{net}N` becomes its Nth address.
    pub fn tell(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{net}") {
            let digits = after.chars().take_while(char::is_ascii_digit).count();
            let (number, after) = after.split_at(digits);
            let last = self.first + number.parse::<usize>().unwrap_or(1) % 16;
            out.push_str(before);
            out.push_str(&format!("{}{last}", self.net));
            rest = after;
        }
        out.push_str(rest);
        out.replace("{domain}", &self.domain).replace("{name}", &self.name)
    }
}

/// Makes the people. The member belongs to `first`.
pub async fn people(app: &App, first: Id) -> Result<Vec<Id>> {
    let mut ids = Vec::new();
    for (login, name, role) in LOGINS {
        let organisation = (role == Role::Member).then_some(first);
        let new = NewPerson { login: login.into(), name: name.into(), mail: None, role, organisation, language: app.languages.first().to_owned() };
        let id = people::add(app, &Who::Operator, new).await?;
        people::set_password(app, &Who::Operator, id, PASSWORD).await?;
        ids.push(id);
    }
    Ok(ids)
}

/// Makes the organisations of a cast with contacts and what they hold. No two hold the same.
pub async fn organisations(app: &App, cast: &Cast, since: Date) -> Result<Vec<Org>> {
    let sectors: Vec<&str> = app.profile.sectors.iter().map(|sector| sector.id.as_str()).collect();
    let mut all = Vec::new();
    for (place, (name, sector, language)) in cast.players.iter().enumerate() {
        let domain = format!("{}.example", slug(name));
        let language = if app.languages.offered().iter().any(|tag| tag == language) { (*language).to_owned() } else { app.languages.first().to_owned() };
        let count = cast.players.len();
        let status = match place {
            place if place < count * 2 / 3 => "registered",
            place if place < count * 5 / 6 => "unregistered",
            _ => "outside",
        };
        let details = Details {
            name: (*name).into(),
            sector: sectors
                .iter()
                .find(|known| *known == sector)
                .or_else(|| sectors.get(place % sectors.len().max(1)))
                .map_or_else(String::new, |id| (*id).to_owned()),
            status: status.into(),
            country: app.profile.team.country.clone(),
            language: language.clone(),
            ceiling: app.profile.labels.recipient,
            note: String::new(),
        };
        let id = constituency::add(app, &Who::Operator, details).await?;
        let mail = format!("abuse@{domain}");
        let contact = ContactDetails {
            name: format!("{name}, abuse"),
            function: "abuse".into(),
            mail: mail.clone(),
            phone: format!("+000 555 {:04}", 100 + place),
            language: language.clone(),
            hours: String::new(),
            reach: if place == 0 { "portal".into() } else { "mail".into() },
            key_fingerprint: String::new(),
            key_text: String::new(),
            from: Some(since),
            to: None,
        };
        let contact = constituency::add_contact(app, &Who::Operator, id, contact).await?;
        let (net, first) = net(place);
        for value in [format!("AS{}", asn(place)), format!("{net}{first}/28"), format!("2001:db8:{:x}::/48", 0x40 + place), domain.clone()] {
            let held = Held { kind: String::new(), value, from: Some(since), to: None, source: "demonstration" };
            constituency::add_resource(app, &Who::Operator, id, held).await?;
        }
        all.push(Org { id, name: (*name).into(), domain, net, first, contact, mail, language });
    }
    Ok(all)
}

/// Ten in each of the three documentation networks (RFC 5737), with sixteen addresses each.
fn net(place: usize) -> (&'static str, usize) {
    let net = match place / 10 {
        0 => "203.0.113.",
        1 => "198.51.100.",
        _ => "192.0.2.",
    };
    (net, place % 10 * 16)
}

/// The numbers for documentation (RFC 5398): sixteen short ones, then sixteen long ones.
pub(super) fn asn(place: usize) -> usize {
    if place < 16 { 64496 + place } else { 65536 + place - 16 }
}

/// A name as a domain has it: letters without their marks, and dashes.
fn slug(name: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'î' | 'ï' => 'i',
        'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        c if c.is_ascii_alphanumeric() => c,
        _ => '-',
    };
    let mapped: String = name.to_lowercase().chars().map(plain).collect();
    mapped.split('-').filter(|part| part.len() > 1).collect::<Vec<_>>().join("-")
}

/// People of the team who may own a case.
pub async fn owners(app: &App) -> Result<Vec<Id>> {
    let staff = people::staff(&mut app.db.read().await?).await?;
    Ok(staff.into_iter().map(|(id, _)| id).collect())
}
