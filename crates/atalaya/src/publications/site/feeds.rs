//! Lists for programs: Atom, JSON Feed, CSV, iCalendar. They ask with the same filter as the pages.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use formats::icalendar::{self, Calendar, Event, Organizer, Status, When};
use formats::syndication::{Alternate, Author, Category, Entry, Feed, Particulars};
use formats::{atom, json_feed, markdown};
use press::{Content, Kind, State, Words};

use super::super::catalogue::{Catalogue, Item, Kept};
use super::super::particulars::{self, Ended};
use super::answer;
use super::filter::Filter;
use crate::text::Text;
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields};
use crate::{App, Error, Result};

/// So many entries a feed has; the CSV has all.
const ENTRIES: usize = 100;

/// `GET /feeds/{file}`: `alerts.atom`, `latest.json`, `calendar.ics`, `ATL-EV-2026-0001.ics`, ...
pub async fn feed(ctx: Ctx, headers: HeaderMap, asked: Asked, Path(file): Path<String>) -> Result<Response> {
    let (name, ending) = file.rsplit_once('.').ok_or(Error::NotFound)?;
    answer(&ctx, &headers, async |catalogue| made(&ctx, &catalogue, &asked, name, ending)).await
}

fn made(ctx: &Ctx, catalogue: &Catalogue, asked: &Asked, name: &str, ending: &str) -> Result<Kept> {
    let kind = Kind::at(name).filter(|kind| !kind.is_page());
    let one = catalogue.get(Kind::Calendar, name);
    if kind.is_none() && name != "latest" && one.is_none() {
        return Err(Error::NotFound);
    }
    let filter = Filter::of(asked, kind);
    let (zone, language) = (ctx.zone(), ctx.text.wanted());
    let fits = |item: &&Arc<Item>| one.is_none_or(|one| one.id == item.id) && filter.fits(item, language, &zone);
    let items: Vec<&Arc<Item>> = catalogue.items.iter().filter(fits).collect();
    match ending {
        "atom" if one.is_none() => Ok(Kept::new("application/atom+xml; charset=utf-8", atom::write(&feed_of(ctx, name, &filter, &items)))),
        "json" if one.is_none() => Ok(Kept::new("application/feed+json; charset=utf-8", json_feed::write(&feed_of(ctx, name, &filter, &items)))),
        "csv" if one.is_none() => Ok(Kept::new("text/csv; charset=utf-8", csv(ctx, &items)?)),
        "ics" if one.is_some() || kind == Some(Kind::Calendar) => {
            let items: Vec<&Item> = items.iter().map(AsRef::as_ref).collect();
            Ok(Kept::new("text/calendar; charset=utf-8", calendar(&ctx.app, &ctx.text, &items)))
        }
        _ => Err(Error::NotFound),
    }
}

/// The entry of something in the Atom feed of its kind, in a language: for a preview.
pub fn entry_as_atom(ctx: &Ctx, language: &str, item: &Item) -> String {
    let ctx = Ctx { text: ctx.app.languages.text(language), ..ctx.clone() };
    let feed = feed_of(&ctx, item.kind.path(), &Filter::of(&Fields::default(), Some(item.kind)), &[&Arc::new(item.clone())]);
    let written = String::from_utf8_lossy(&atom::write(&feed)).into_owned();
    let entry = written.find("<entry").and_then(|from| written.get(from..)).and_then(|rest| rest.split_once("</entry>"));
    entry.map(|(entry, _)| format!("{entry}</entry>")).unwrap_or_default()
}

fn site(ctx: &Ctx) -> &str {
    ctx.app.profile.web.public_url.trim_end_matches('/')
}

fn feed_of(ctx: &Ctx, name: &str, filter: &Filter, items: &[&Arc<Item>]) -> Feed {
    let (site, language, team) = (site(ctx), ctx.text.wanted(), &ctx.app.profile.team);
    let query = filter.query(name == "latest");
    let more = if query.is_empty() { String::new() } else { format!("&{query}") };
    let title = ctx.text.say(&format!("pub-list-{}", Kind::at(name).map_or("latest", Kind::name)));
    Feed {
        id: format!("{site}/feeds/{name}.atom?lang={language}{more}"),
        title: format!("{}: {title}", team.short_name.text(language)),
        subtitle: Some(ctx.text.say(&format!("pub-about-{}", Kind::at(name).map_or("latest", Kind::name)))),
        language: language.to_owned(),
        // An empty feed has not changed since anybody knows.
        updated: items.iter().map(|item| item.changed_at).max().unwrap_or(jiff::Timestamp::UNIX_EPOCH),
        link: format!("{site}{}?{}", ctx.path, ctx.query),
        alternate: format!("{site}/{name}?lang={language}{more}"),
        author: Author { name: team.name.text(language).to_owned(), mail: Some(team.report_address.clone()), page: Some(site.to_owned()) },
        entries: items.iter().take(ENTRIES).filter_map(|item| entry(ctx, item)).collect(),
    }
}

fn entry(ctx: &Ctx, item: &Item) -> Option<Entry> {
    let (site, wanted, content) = (site(ctx), ctx.text.wanted(), &item.content);
    let (words, language) = content.said(wanted)?;
    let page = format!("{site}{}", item.path());
    let ended = particulars::ended(site, &ctx.text, item);
    let others = content.words.keys().filter(|tag| *tag != language && content.state(tag) != State::Missing);
    let category = |scheme: &str, term: &str| Category { scheme: Some(scheme.to_owned()), term: term.to_owned(), label: None };
    let about = content.about().into_iter().map(|key| {
        let (scheme, term) = key.parts();
        category(scheme_of(scheme), term)
    });
    let kind = Category { scheme: None, term: item.kind.name().into(), label: Some(ctx.text.say(&format!("pub-kind-{}", item.kind.name()))) };
    Some(Entry {
        id: format!("urn:uuid:{}", item.id),
        title: title(ctx, item, words),
        published: item.first_at,
        updated: item.changed_at,
        link: format!("{page}?lang={language}"),
        alternates: others.map(|tag| Alternate { link: format!("{page}?lang={tag}"), language: Some(tag.clone()), media: "text/html".into() }).collect(),
        categories: std::iter::once(kind).chain(about).collect(),
        summary: Some(ended.as_ref().map_or_else(|| words.summary.clone(), Ended::lines)).filter(|text| !text.is_empty()),
        content: Some(body(ctx, content, words, ended.as_ref())),
        language: language.to_owned(),
        rights: None,
        particulars: Particulars {
            kind: item.kind.name().into(),
            number: item.name.clone(),
            version: item.called(),
            label: content.label,
            severity: item.kind.has_severity().then(|| content.severity.name().to_owned()),
        },
    })
}

fn scheme_of(scheme: &str) -> &'static str {
    match scheme {
        "cve" => "https://www.cve.org/",
        "attack" => "https://attack.mitre.org/",
        _ => "urn:rsit",
    }
}

/// What no longer holds says so where a reader of feeds looks first.
fn title(ctx: &Ctx, item: &Item, words: &Words) -> String {
    if item.is_current() { words.title.clone() } else { format!("[{}] {}", ctx.text.say(&format!("pub-state-{}", item.standing)), words.title) }
}

/// The three answers before the text and all that is known besides, as on the page; of what no longer holds that it does not, and why.
fn body(ctx: &Ctx, content: &Content, words: &Words, ended: Option<&Ended>) -> String {
    let options = markdown::Options { heading: 3, anchor: "s-", site: site(ctx), absolute: true };
    if let Some(ended) = ended {
        return markdown::html(&ended.markdown(), &options);
    }
    let brief = [("pub-what", &words.summary), ("pub-affected", &words.affected), ("pub-act", &words.act)];
    let mut text = String::new();
    for (key, said) in brief.into_iter().filter(|(_, said)| content.kind.has_brief() && !said.is_empty()) {
        text.push_str(&format!("**{}:** {said}\n\n", ctx.text.say(key)));
    }
    let parts =
        [particulars::facts(&ctx.text, content), words.body.clone(), particulars::technical(&ctx.text, content), particulars::further(&ctx.text, content)];
    text.push_str(&parts.join("\n\n"));
    markdown::html(&text, &options)
}

fn csv(ctx: &Ctx, items: &[&Arc<Item>]) -> Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let head =
        ["kind", "number", "version", "standing", "title", "language", "severity", "exploited", "about", "sectors", "tlp", "first_at", "changed_at", "url"];
    out.write_record(head).map_err(Error::fault)?;
    for item in items {
        let content = &item.content;
        let Some((words, language)) = content.said(ctx.text.wanted()) else { continue };
        let about: Vec<String> = content.about().iter().map(ToString::to_string).collect();
        let row = [
            item.kind.name(),
            &item.name,
            &item.called(),
            &item.standing,
            &words.title,
            language,
            content.severity.name(),
            &content.exploited.state,
            &about.join(" "),
            &content.sectors.join(" "),
            content.label.as_str(),
            &item.first_at.to_string(),
            &item.changed_at.to_string(),
            &format!("{}{}", site(ctx), item.path()),
        ]
        .map(crate::web::show::cell);
        out.write_record(row).map_err(Error::fault)?;
    }
    out.into_inner().map_err(|error| Error::fault(error.error()))
}

/// Calendar items for calendar programs, in a reader's language.
pub fn calendar(app: &App, text: &Text, items: &[&Item]) -> Vec<u8> {
    let team = &app.profile.team;
    let language = text.wanted();
    icalendar::write(&Calendar {
        name: format!("{}: {}", team.short_name.text(language), text.say("pub-list-calendar")),
        description: Some(text.say("pub-about-calendar")),
        language: language.to_owned(),
        product: format!("-//{}//Calendar//{}", team.short_name.text(language), language.to_uppercase()),
        refresh: 12,
        events: items.iter().filter_map(|item| event(app, text, item)).collect(),
    })
}

fn event(app: &App, text: &Text, item: &Item) -> Option<Event> {
    let content = &item.content;
    let (words, language) = content.said(text.wanted())?;
    let meeting = content.meeting.as_ref()?;
    let (starts, ends) = meeting.instants()?;
    let site = app.profile.web.public_url.trim_end_matches('/');
    let said = if words.summary.is_empty() { words.body.clone() } else { format!("{}\n\n{}", words.summary, words.body) };
    // What no longer holds says so, and why, and nothing more.
    let said = particulars::ended(site, text, item).map_or(said, |ended| ended.markdown());
    Some(Event {
        uid: format!("{}@{}", item.id, site.split_once("://").map_or(site, |(_, host)| host)),
        stamp: item.changed_at,
        when: When::Instants(starts, ends),
        summary: words.title.clone(),
        description: Some(markdown::plain(&said, site)),
        location: Some(words.place.clone()).filter(|place| !place.is_empty()),
        url: Some(format!("{site}{}", item.path())),
        categories: Vec::new(),
        organizer: Organizer { name: app.profile.team.name.text(language).to_owned(), mail: app.profile.team.report_address.clone() },
        status: if meeting.cancelled || !item.is_current() { Status::Cancelled } else { Status::Confirmed },
        sequence: u32::try_from(item.version - 1).unwrap_or_default(),
        language: language.to_owned(),
    })
}
