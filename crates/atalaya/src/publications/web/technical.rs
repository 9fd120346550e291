//! The technical part of an advisory, as people fill it in who need not know CSAF: products from the team's catalogue, and one
//! form a vulnerability.

use ::store::Id;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use csaf::advisory::{
    Cwe, Measure, Note, NoteCategory, Product, Release, Remediation, Score, Statuses, Threat, ThreatCategory, Vulnerability, is_cpe, is_purl,
};
use press::{Content, Key, Kind, Wanted};

use super::{judged, read, refused};
use crate::publications::item::{self, Publication};
use crate::publications::products::{self, Known};
use crate::publications::write::Part;
use crate::publications::{self, forms, known};
use crate::text::{one_line, short_line};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as};
use crate::{Error, Result};

/// The release of the list of weaknesses whose names are taken.
const CWE_VERSION: &str = "4.18";

/// What a product can be to a vulnerability: value, words.
const STATUSES: [(&str, &str); 5] =
    [("", "not spoken of"), ("affected", "affected"), ("fixed", "fixed"), ("not", "not affected"), ("unknown", "being looked into")];

#[derive(Template)]
#[template(path = "publications/pages/products.html")]
struct ProductsPage {
    shell: Shell,
    one: Publication,
    /// The catalogue.
    known: Vec<Known>,
    seen: String,
    refused: String,
    typed: Fields,
}

impl ProductsPage {
    async fn of(ctx: &Ctx, id: Id, refused: String, typed: Fields) -> Result<Self> {
        let mut reader = ctx.app.db.read().await?;
        let one = of_kind(item::get(&mut reader, &ctx.who, id).await?, &[Kind::Alert, Kind::Advisory])?;
        let known = products::offered(&mut reader).await?;
        drop(reader);
        let seen = forms::seen(&one, "facts")?;
        Ok(Self { shell: Shell::new(ctx, &format!("{}: products", one.called()), Room::Publishing).await?, one, known, seen, refused, typed })
    }
}

/// What has no such part has no such page.
fn of_kind(one: Publication, kinds: &[Kind]) -> Result<Publication> {
    if kinds.contains(&one.kind) { Ok(one) } else { Err(Error::NotFound) }
}

/// `GET /publishing/{id}/products`
pub async fn products(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    page(&ProductsPage::of(&ctx, read(&id)?, String::new(), Fields::default()).await?)
}

/// `POST /publishing/{id}/products`: adds one, or takes one out.
pub async fn save_products(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let id = read(&id)?;
    let one = of_kind(item::get(&mut ctx.app.db.read().await?, &ctx.who, id).await?, &[Kind::Alert, Kind::Advisory])?;
    match refused(changed(&ctx, &one, &fields).await)? {
        None => Ok(go(&format!("/publishing/{id}/products"), Some("Saved."))),
        Some((status, text)) => page_as(status, &ProductsPage::of(&ctx, id, text, fields).await?),
    }
}

async fn changed(ctx: &Ctx, one: &Publication, fields: &Fields) -> Result<()> {
    let mut content = one.content.clone();
    if fields.has("remove") {
        let gone = fields.get("remove");
        content.products.retain(|product| product.id != gone);
        content.prune();
    } else {
        let product = product(fields)?;
        if content.products.iter().any(|known| known.id == product.id) {
            return Err(Error::invalid("This release is there already."));
        }
        content.products.push(product);
    }
    keep(ctx, one, content, fields).await
}

async fn keep(ctx: &Ctx, one: &Publication, content: Content, fields: &Fields) -> Result<()> {
    publications::save(&ctx.app, &ctx.who, one.id, fields.get("seen"), Part::Facts(Box::new(content), one.note.clone())).await
}

/// A product as a form names it. The same vendor, name and release are the same product wherever they are named.
fn product(fields: &Fields) -> Result<Product> {
    let (vendor, name) = (one_line(fields.get("vendor")), one_line(fields.get("name")));
    if vendor.is_empty() || name.is_empty() {
        return Err(Error::invalid("Write who makes it, and what it is called."));
    }
    let text = one_line(fields.get("release"));
    let release = match fields.get("which") {
        "all" => Release::Any,
        _ if text.is_empty() => return Err(Error::invalid("Write which release, such as 7.2.4, or choose all of them.")),
        // A range as the standard has it; what people write as words is read where it can be.
        "below" => Release::Range(format!("vers:generic/<{text}")),
        "until" => Release::Range(format!("vers:generic/<={text}")),
        "range" => Release::Range(range(&text)?),
        _ => Release::Version(text),
    };
    let some = |field: &str| Some(one_line(fields.get(field))).filter(|text| !text.is_empty());
    let (cpe, purl) = (some("cpe"), some("purl"));
    if let Some(cpe) = cpe.as_deref().filter(|cpe| !is_cpe(cpe)) {
        return Err(Error::invalid(format!("“{}” is no whole CPE 2.3 name, such as cpe:2.3:a:vendor:product:7.2:*:*:*:*:*:*:*.", short_line(cpe, 80))));
    }
    if let Some(purl) = purl.as_deref().filter(|purl| !is_purl(purl)) {
        return Err(Error::invalid(format!("“{}” is no package URL, such as pkg:npm/name@1.2.3.", short_line(purl, 80))));
    }
    let id = known::product_id(&vendor, &name, &release);
    Ok(Product { id, vendor, name, release, cpe, purl })
}

/// `7.0 - 7.2.3`, or a range as the standard has it.
fn range(text: &str) -> Result<String> {
    if text.starts_with("vers:") {
        return Ok(text.to_owned());
    }
    let ends = text.split_once(" - ").or_else(|| text.split_once('–')).map(|(from, to)| (from.trim(), to.trim()));
    match ends.filter(|(from, to)| !from.is_empty() && !to.is_empty()) {
        Some((from, to)) => Ok(format!("vers:generic/>={from}|<={to}")),
        None => Err(Error::invalid("Write a range as 7.0 - 7.2.3, or as vers:… (both ends are in it).")),
    }
}

#[derive(Template)]
#[template(path = "publications/pages/vulnerability.html")]
struct VulnerabilityPage {
    shell: Shell,
    one: Publication,
    /// Which of them, or `new`.
    place: String,
    typed: Typed,
    seen: String,
    refused: String,
    statuses: [(&'static str, &'static str); 5],
    weaknesses: &'static [(&'static str, &'static str)],
    /// What stands against it; none where nobody looked.
    found: Option<Vec<Wanted>>,
}

/// A vulnerability as its form has it.
#[derive(Clone, Debug, Default)]
struct Typed {
    cve: String,
    title: String,
    text: String,
    cwe: String,
    vectors: [String; 2],
    fix: String,
    fix_url: String,
    workaround: String,
    exploited: String,
    status: Vec<(String, String)>,
}

impl Typed {
    fn of(one: &Vulnerability) -> Self {
        let help = |measure: Measure| one.remediations.iter().find(|help| help.category == measure);
        let vector = |version: &str| one.scores.iter().find(|score| score.vector.starts_with(version)).map(|score| score.vector.clone()).unwrap_or_default();
        let mut status: Vec<(String, String)> = Vec::new();
        let lists = [
            ("affected", &one.statuses.known_affected),
            ("fixed", &one.statuses.fixed),
            ("not", &one.statuses.known_not_affected),
            ("unknown", &one.statuses.under_investigation),
        ];
        for (value, list) in lists {
            status.extend(list.iter().map(|id| (id.clone(), value.to_owned())));
        }
        Self {
            cve: one.cve.clone().unwrap_or_default(),
            title: one.title.clone().unwrap_or_default(),
            text: one.notes.first().map(|note| note.text.clone()).unwrap_or_default(),
            cwe: one.cwes.first().map(|cwe| format!("{} {}", cwe.id, cwe.name)).unwrap_or_default(),
            vectors: [vector("CVSS:3"), vector("CVSS:4")],
            fix: help(Measure::VendorFix).map(|help| help.details.clone()).unwrap_or_default(),
            fix_url: help(Measure::VendorFix).and_then(|help| help.url.clone()).unwrap_or_default(),
            workaround: help(Measure::Workaround).map(|help| help.details.clone()).unwrap_or_default(),
            exploited: one
                .threats
                .iter()
                .find(|threat| threat.category == ThreatCategory::ExploitStatus)
                .map(|threat| threat.details.clone())
                .unwrap_or_default(),
            status,
        }
    }

    fn sent(fields: &Fields, content: &Content) -> Self {
        let text = |name: &str| fields.exact(name).trim().to_owned();
        let status = |product: &Product| (product.id.clone(), fields.get(&format!("status-{}", product.id)).to_owned());
        Self {
            cve: one_line(fields.get("cve")),
            title: one_line(fields.get("title")),
            text: text("text"),
            cwe: one_line(fields.get("cwe")),
            vectors: [one_line(fields.get("cvss3")), one_line(fields.get("cvss4"))],
            fix: text("fix"),
            fix_url: one_line(fields.get("fix_url")),
            workaround: text("workaround"),
            exploited: text("exploited"),
            status: content.products.iter().map(status).filter(|(_, status)| !status.is_empty()).collect(),
        }
    }

    /// Over what was there. What the form does not ask stays, and so do the answers of which it shows the first alone (scores,
    /// helps, weaknesses of others' documents), as long as nobody changed them. All that cannot be read is said at once.
    fn over(&self, mut was: Vulnerability) -> std::result::Result<Vulnerability, Vec<Wanted>> {
        let shown = Self::of(&was);
        let mut wrong = Vec::new();
        let mut say = |field: &str, text: String| wrong.push(Wanted { field: field.to_owned(), text });
        was.cve = Key::read(&self.cve).and_then(|key| key.cve().map(str::to_owned));
        if was.cve.is_none() && !self.cve.is_empty() {
            say("cve", format!("“{}” is no CVE id.", short_line(&self.cve, 40)));
        }
        was.title = Some(self.title.clone()).filter(|text| !text.is_empty());
        let note = Note { category: NoteCategory::Description, title: None, audience: None, text: self.text.clone() };
        was.notes = Some(note).filter(|note| !note.text.is_empty()).into_iter().chain(was.notes.into_iter().skip(1)).collect();
        if self.cwe != shown.cwe {
            match weakness(&self.cwe) {
                Ok(cwe) => was.cwes = cwe.into_iter().collect(),
                Err(line) => say("cwe", line),
            }
        }
        if self.vectors != shown.vectors {
            was.scores = Vec::new();
        }
        let typed = ["cvss3", "cvss4"].into_iter().zip(&self.vectors);
        for (field, vector) in typed.filter(|(_, vector)| !vector.is_empty() && self.vectors != shown.vectors) {
            if csaf::write::rating(vector).is_none() {
                say(field, format!("“{}” is no whole CVSS vector.", short_line(vector, 120)));
            }
            was.scores.push(Score { vector: vector.clone(), products: Vec::new(), source: None });
        }
        if !self.fix_url.is_empty() && !press::wanted::is_web(&self.fix_url) {
            say("fix_url", format!("“{}” is no address that begins with https:// or http://.", short_line(&self.fix_url, 80)));
        }
        if self.fix.is_empty() && !self.fix_url.is_empty() {
            say("fix", "Write what the vendor's fix is, beside where to get it.".to_owned());
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let with = |value: &str| self.status.iter().filter(|(_, status)| status.as_str() == value).map(|(id, _)| id.clone()).collect::<Vec<_>>();
        was.statuses = Statuses {
            known_affected: with("affected"),
            fixed: with("fixed"),
            known_not_affected: with("not"),
            under_investigation: with("unknown"),
            ..was.statuses
        };
        if self.same_help(&shown) {
            return Ok(was);
        }
        was.remediations.retain(|help| !matches!(help.category, Measure::VendorFix | Measure::Workaround | Measure::NoneAvailable));
        // Where no product is affected yet, it names none: the document says it of those that it speaks of.
        let affected = was.statuses.affected();
        let mut help = |category, details: &str, url: &str| {
            if !details.is_empty() {
                let url = Some(url.to_owned()).filter(|url| !url.is_empty());
                was.remediations.push(Remediation { category, details: details.to_owned(), url, products: affected.clone(), date: None });
            }
        };
        help(Measure::VendorFix, &self.fix, &self.fix_url);
        help(Measure::Workaround, &self.workaround, "");
        was.threats.retain(|threat| threat.category != ThreatCategory::ExploitStatus);
        if !self.exploited.is_empty() {
            was.threats.push(Threat { category: ThreatCategory::ExploitStatus, details: self.exploited.clone(), products: affected, date: None });
        }
        Ok(was)
    }

    /// Whether nobody changed what helps, whom it is for, and whether it is exploited.
    fn same_help(&self, shown: &Self) -> bool {
        let words = |typed: &Self| [typed.fix.clone(), typed.fix_url.clone(), typed.workaround.clone(), typed.exploited.clone()];
        let sorted = |typed: &Self| typed.status.iter().cloned().collect::<std::collections::BTreeSet<_>>();
        words(self) == words(shown) && sorted(self) == sorted(shown)
    }

    fn is(&self, product: impl AsRef<str>, value: impl AsRef<str>) -> bool {
        let status = self.status.iter().find(|(id, _)| id == product.as_ref()).map_or("", |(_, status)| status.as_str());
        status == value.as_ref()
    }
}

/// `CWE-787 Out-of-bounds Write`, or the id alone where we know its name; else a line that says what to write.
fn weakness(text: &str) -> std::result::Result<Option<Cwe>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let (id, name) = text.split_once(' ').unwrap_or((text, ""));
    let id = id.to_ascii_uppercase();
    let id = if id.bytes().all(|byte| byte.is_ascii_digit()) { format!("CWE-{id}") } else { id };
    let name = match name.trim() {
        "" => known::WEAKNESSES.iter().find(|(known, _)| *known == id).map(|(_, name)| (*name).to_owned()),
        name => Some(name.to_owned()),
    };
    let name = name.ok_or_else(|| format!("Write the name after “{}”, as the list of weaknesses has it.", short_line(&id, 20)))?;
    Ok(Some(Cwe { id, name, version: CWE_VERSION.into() }))
}

impl VulnerabilityPage {
    /// The vector of CVSS 4.0, or 3.1.
    fn vector(&self, four: bool) -> &str {
        let [three, newer] = &self.typed.vectors;
        if four { newer } else { three }
    }

    /// Its score, in words.
    fn score(&self, four: bool) -> String {
        let rating = csaf::write::rating(self.vector(four));
        rating.map(|(tenths, severity)| format!("{}.{} {}", tenths / 10, tenths % 10, severity.as_str().to_lowercase())).unwrap_or_default()
    }

    async fn of(ctx: &Ctx, id: Id, place: &str, typed: Option<(Typed, String)>) -> Result<Self> {
        let one = of_kind(item::get(&mut ctx.app.db.read().await?, &ctx.who, id).await?, &[Kind::Advisory])?;
        let there = at(&one.content, place)?;
        let (typed, refused) = typed.unwrap_or_else(|| (there.as_ref().map(Typed::of).unwrap_or_default(), String::new()));
        let seen = forms::seen(&one, "facts")?;
        let shell = Shell::new(ctx, &format!("{}: vulnerability", one.called()), Room::Publishing).await?;
        Ok(Self { shell, one, place: place.to_owned(), typed, seen, refused, statuses: STATUSES, weaknesses: known::WEAKNESSES, found: None })
    }
}

/// The vulnerability at a place of the list; none for a new one.
fn at(content: &Content, place: &str) -> Result<Option<Vulnerability>> {
    if place == "new" {
        return Ok(None);
    }
    let place: usize = place.parse().map_err(|_| Error::NotFound)?;
    content.vulnerabilities.get(place).cloned().map(Some).ok_or(Error::NotFound)
}

/// `GET /publishing/{id}/vulnerabilities/{place}?cvss3=&cvss4=`: with a vector that was put together, if one comes along.
pub async fn vulnerability(ctx: Ctx, Path((id, place)): Path<(String, String)>, asked: Asked) -> Result<Response> {
    let mut form = VulnerabilityPage::of(&ctx, read(&id)?, &place, None).await?;
    let [three, four] = &mut form.typed.vectors;
    for (name, vector) in [("cvss3", three), ("cvss4", four)] {
        if csaf::write::rating(asked.get(name)).is_some() {
            asked.get(name).clone_into(vector);
        }
    }
    page(&form)
}

/// `POST /publishing/{id}/vulnerabilities/{place}`
pub async fn save_vulnerability(ctx: Ctx, Path((id, place)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let id = read(&id)?;
    let one = of_kind(item::get(&mut ctx.app.db.read().await?, &ctx.who, id).await?, &[Kind::Advisory])?;
    let typed = Typed::sent(&fields, &one.content);
    if fields.has("look") {
        let found = looked(&ctx, one, &place, &typed).await?;
        return page(&VulnerabilityPage { found: Some(found), ..VulnerabilityPage::of(&ctx, id, &place, Some((typed, String::new()))).await? });
    }
    let kept = put(&ctx, &one, &place, &typed, &fields).await;
    let at = *kept.as_ref().unwrap_or(&0);
    match refused(kept)? {
        None if fields.has("then") => Ok(go(&format!("/publishing/cvss?version={}&for={id}/{at}", super::cvss::version(fields.get("then"))), Some("Saved."))),
        None => Ok(go(&format!("/publishing/{id}"), Some("Saved."))),
        Some((status, text)) => page_as(status, &VulnerabilityPage::of(&ctx, id, &place, Some((typed, text))).await?),
    }
}

/// What stands against it as it is typed, and against all else as it is.
async fn looked(ctx: &Ctx, mut one: Publication, place: &str, typed: &Typed) -> Result<Vec<Wanted>> {
    let was = at(&one.content, place)?.unwrap_or_default();
    match typed.over(was) {
        Err(wrong) => Ok(wrong),
        Ok(now) => {
            set(&mut one.content, place, now);
            judged::against(ctx, &one).await
        }
    }
}

/// Puts it into its place; gives that.
fn set(content: &mut Content, place: &str, now: Vulnerability) -> usize {
    let place = place.parse().unwrap_or(content.vulnerabilities.len());
    match content.vulnerabilities.get_mut(place) {
        Some(there) => *there = now,
        None => content.vulnerabilities.push(now),
    }
    place
}

/// Keeps it, or takes it out; gives its place in the list.
async fn put(ctx: &Ctx, one: &Publication, place: &str, typed: &Typed, fields: &Fields) -> Result<usize> {
    let mut content = one.content.clone();
    let was = at(&content, place)?;
    if fields.has("remove") {
        if let Some(at) = place.parse::<usize>().ok().filter(|at| *at < content.vulnerabilities.len()) {
            content.vulnerabilities.remove(at);
        }
        return keep(ctx, one, content, fields).await.map(|()| 0);
    }
    let mut now = typed.over(was.unwrap_or_default()).map_err(|wrong| Error::invalid(forms::lines(&wrong)))?;
    known::enrich(&mut ctx.app.db.read().await?, &mut now).await?;
    let place = set(&mut content, place, now);
    keep(ctx, one, content, fields).await.map(|()| place)
}
