//! Who the team is, as RFC 2350 asks: made from the profile, the keys and the figures as they are now.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use press::Kind;
use vault::blob::Hash;

use super::super::catalogue::{Catalogue, Kept};
use super::super::store;
use super::{answer, html};
use crate::profile::AppliesTo;
use crate::web::{Ctx, Site, show};
use crate::{Result, clocks, keys};

/// A section: its number, its title, its lines.
struct Section {
    number: &'static str,
    title: String,
    lines: Vec<Line>,
}

/// A line: words, the language they are in, and where they lead. A figure moves by itself, and makes no other text of it.
struct Line {
    text: String,
    language: String,
    href: String,
    figure: bool,
}

#[derive(Template)]
#[template(path = "publications/pages/about.html")]
struct AboutPage {
    site: Site,
    sections: Vec<Section>,
}

/// `GET /about`
pub async fn about(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    answer(&ctx, &headers, async |catalogue| {
        let sections = sections(&ctx, &catalogue).await?;
        html(&AboutPage { site: Site::new(&ctx, &ctx.text.say("about-title")), sections })
    })
    .await
}

/// `GET /about.txt`: the same as text, signed with the mail address's key where there is one.
pub async fn about_text(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    answer(&ctx, &headers, async |catalogue| {
        let text = text(&ctx, &sections(&ctx, &catalogue).await?);
        let signed = keys::own::sign(&mut ctx.app.db.read().await?, &ctx.app, &text).await?;
        Ok(Kept::new("text/plain; charset=utf-8", signed.unwrap_or(text).into_bytes()))
    })
    .await
}

fn text(ctx: &Ctx, sections: &[Section]) -> String {
    let mut text = format!("{}\n{}\n\n", ctx.text.say("about-title"), ctx.app.profile.team.name.text(ctx.text.wanted()));
    for section in sections {
        text.push_str(&format!("{}. {}\n", section.number, section.title));
        for line in &section.lines {
            for (at, wrapped) in wrap(&line.text).into_iter().enumerate() {
                text.push_str(&format!("{}{wrapped}\n", if at == 0 { "   " } else { "     " }));
            }
            if !line.href.is_empty() && !line.text.contains(line.href.trim_start_matches("mailto:")) {
                text.push_str(&format!("     {}\n", line.href));
            }
        }
        text.push('\n');
    }
    text
}

/// Lines of 70 letters at most, where words allow it.
fn wrap(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(line) = lines.last_mut() else { break };
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > 70 {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

/// The seven sections of RFC 2350 appendix D.
async fn sections(ctx: &Ctx, catalogue: &Catalogue) -> Result<Vec<Section>> {
    let section = |number, key: &str, lines: Vec<Line>| Section { number, title: ctx.text.say(key), lines };
    let mut all = vec![
        section("2", "about-contact", contact(ctx).await?),
        section("3", "about-charter", charter(ctx)),
        section("4", "about-policies", policies(ctx)),
        section("5", "about-services", services(ctx, catalogue).await?),
        section("6", "about-forms", forms(ctx)),
        section("7", "about-disclaimers", vec![said(ctx, "about-disclaimer")]),
    ];
    let since = store::said_since(&ctx.app, ctx.text.wanted(), hash(&all)).await?;
    all.insert(0, section("1", "about-document", document(ctx, since)));
    Ok(all)
}

/// What identifies the text, its figures aside.
fn hash(sections: &[Section]) -> Hash {
    let lines = sections.iter().flat_map(|section| &section.lines).filter(|line| !line.figure);
    Hash::of(lines.flat_map(|line| [line.text.as_str(), "\n", &line.href, "\n"]).collect::<String>().as_bytes())
}

fn line(ctx: &Ctx, text: impl Into<String>) -> Line {
    Line { text: text.into(), language: ctx.text.shown().to_owned(), href: String::new(), figure: false }
}

fn said(ctx: &Ctx, key: &str) -> Line {
    line(ctx, ctx.text.say(key))
}

fn link(ctx: &Ctx, text: String, href: String) -> Line {
    Line { href, ..line(ctx, text) }
}

/// The team's own words, in the language that they are in.
fn own(ctx: &Ctx, texts: &crate::profile::Texts) -> Line {
    let (text, language) = texts.get(ctx.text.wanted());
    Line { text: text.to_owned(), language: language.to_owned(), ..line(ctx, "") }
}

fn at(ctx: &Ctx, path: &str) -> String {
    format!("{}{path}", ctx.app.profile.web.public_url.trim_end_matches('/'))
}

fn document(ctx: &Ctx, since: Timestamp) -> Vec<Line> {
    let day = show::day(since, &ctx.zone(), &ctx.text);
    let address = at(ctx, "/about");
    vec![
        line(ctx, ctx.text.with("about-date", "day", day)),
        said(ctx, "about-distribution"),
        link(ctx, ctx.text.with("about-location", "address", &address), address.clone()),
        link(ctx, ctx.text.say("about-authenticity"), at(ctx, "/about.txt")),
        line(ctx, "TLP:CLEAR"),
    ]
}

async fn contact(ctx: &Ctx) -> Result<Vec<Line>> {
    let (team, profile) = (&ctx.app.profile.team, &ctx.app.profile);
    let mut lines = vec![own(ctx, &team.name), own(ctx, &team.host)];
    lines.extend(team.address.as_ref().map(|address| own(ctx, address)));
    lines.push(line(ctx, ctx.text.with("about-zone", "zone", ctx.zone().iana_name().unwrap_or("UTC"))));
    lines.extend(team.phone.as_ref().map(|phone| line(ctx, ctx.text.with("about-phone", "phone", phone))));
    lines.extend(team.urgent_phone.as_ref().map(|words| own(ctx, words)));
    lines.extend(team.night_phone.as_ref().map(|words| own(ctx, words)));
    lines.push(link(ctx, team.report_address.clone(), format!("mailto:{}", team.report_address)));
    if let Some(key) = keys::own::current(&mut ctx.app.db.read().await?).await? {
        lines.push(link(ctx, ctx.text.with("about-key", "fingerprint", key.grouped()), at(ctx, "/openpgp")));
    }
    lines.push(line(
        ctx,
        ctx.text.with("about-speaks", "languages", profile.languages.iter().map(|tag| crate::text::own_name(tag)).collect::<Vec<_>>().join(", ")),
    ));
    Ok(lines)
}

fn charter(ctx: &Ctx) -> Vec<Line> {
    let team = &ctx.app.profile.team;
    let mut lines = vec![own(ctx, &team.mandate), own(ctx, &team.community)];
    if !ctx.app.profile.sectors.is_empty() {
        let sectors: Vec<&str> = ctx.app.profile.sectors.iter().map(|sector| sector.title.text(ctx.text.wanted())).collect();
        lines.push(line(ctx, ctx.text.with("about-sectors", "sectors", sectors.join(", "))));
    }
    lines.push(own(ctx, &team.established_by));
    lines
}

fn policies(ctx: &Ctx) -> Vec<Line> {
    let labels = &ctx.app.profile.labels;
    vec![
        said(ctx, "about-support"),
        line(ctx, ctx.text.with("about-label", "label", labels.default.marking())),
        said(ctx, "about-disclosure"),
        said(ctx, "about-communication"),
    ]
}

/// What the team does, what it promises, and how that was kept lately: figures of today.
async fn services(ctx: &Ctx, catalogue: &Catalogue) -> Result<Vec<Line>> {
    let mut services: Vec<_> = catalogue.of(Kind::Service).filter(|item| item.is_current()).collect();
    services.sort_by_key(|item| item.content.order);
    let mut lines = Vec::new();
    for (words, language) in services.iter().filter_map(|item| item.content.said(ctx.text.wanted())) {
        lines.push(Line { language: language.to_owned(), ..line(ctx, format!("{}: {}", words.title, words.summary)) });
    }
    for promise in ctx.app.profile.promises.iter().filter(|promise| promise.applies_to.contains(&AppliesTo::Any)) {
        lines.push(own(ctx, &promise.title));
        let share = clocks::share_lately(&ctx.app, &promise.id).await?;
        if let Some(percent) = share.percent().filter(|_| share.judged() >= super::super::ENOUGH) {
            let values = [("share", percent.to_string()), ("count", share.judged().to_string()), ("target", promise.target_percent.to_string())];
            lines.push(Line { figure: true, ..line(ctx, ctx.text.fill("about-kept", &values)) });
        }
    }
    Ok(lines)
}

fn forms(ctx: &Ctx) -> Vec<Line> {
    vec![link(ctx, ctx.text.say("about-form"), at(ctx, "/report")), link(ctx, ctx.text.say("about-status"), at(ctx, "/status"))]
}
