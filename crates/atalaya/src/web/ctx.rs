//! Who asks and how: taken from the request once, given to every handler.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use formats::net::Prefix;
use jiff::tz::TimeZone;

use crate::access::{Person, Who};
use crate::once::Form;
use crate::people::Session;
use crate::text::Text;
use crate::web::Fields;
use crate::{App, Error, Result, keys};

/// The context of one request.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The program.
    pub app: App,
    /// Who asks.
    pub who: Who,
    /// The session, if somebody is logged in.
    pub session: Option<Session>,
    /// Words in the reader's language.
    pub text: Text,
    /// The path asked for.
    pub path: String,
    /// The query after `?`, without it.
    pub query: String,
    /// The language that the address asks for (`lang=`), so that its links go on in it.
    pub chosen: Option<String>,
    /// One line left by the page before.
    pub said: Option<String>,
    /// Whether there are keys of ours to show.
    pub keys: bool,
    /// Where the request came from; used for rate limits only, never kept.
    pub from: IpAddr,
    /// How far the journal was when the request came: what comes later, a page does not know yet.
    pub head: u64,
}

impl Ctx {
    /// The logged-in person, or a request to log in.
    pub fn person(&self) -> Result<&Person> {
        self.who.person().ok_or(Error::LogIn)
    }

    /// Who asks by a form that is to make something once, however often it is sent.
    pub fn sends(&self, fields: &Fields) -> Who {
        match &self.who {
            Who::Person(person) => Who::Person(Person { form: Some(Form::of(person.id, &self.path, fields)), ..person.clone() }),
            other => other.clone(),
        }
    }

    /// What the team says while it cannot keep up, and the language of these words.
    pub fn capacity_notice(&self) -> Option<(String, String)> {
        let (text, language) = self.app.profile.intake.capacity_notice.as_ref()?.get(self.text.wanted());
        Some((text.to_owned(), language.to_owned()))
    }

    /// The team's time zone.
    pub fn zone(&self) -> TimeZone {
        self.app.profile.calendar().zone().clone()
    }
}

/// What the guard found out about the request, left in its extensions.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who asks.
    pub who: Who,
    /// Their session.
    pub session: Option<Session>,
}

impl FromRequestParts<App> for Ctx {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let visitor = parts.extensions.get::<Visitor>().cloned().unwrap_or(Visitor { who: Who::Public, session: None });
        let from = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip());
        let chosen = chosen(app, parts.uri.query().unwrap_or_default());
        let language = chosen
            .clone()
            .or_else(|| cookie(&parts.headers, "language"))
            .or_else(|| visitor.session.as_ref().map(|session| session.language.clone()))
            .unwrap_or_else(|| app.languages.accepted(header_text(&parts.headers, header::ACCEPT_LANGUAGE.as_str())));
        Ok(Self {
            app: app.clone(),
            who: visitor.who,
            session: visitor.session,
            text: app.languages.text(&language),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            chosen,
            said: cookie(&parts.headers, "said").map(|text| percent_encoding::percent_decode_str(&text).decode_utf8_lossy().into_owned()),
            keys: keys::wkd::any(app).await,
            from: forwarded(&parts.headers, from, &app.profile.web.proxies),
            head: *app.db.watch().borrow(),
        })
    }
}

/// The language that a query asks for, if the team offers it.
fn chosen(app: &App, query: &str) -> Option<String> {
    let tag = query.split('&').find_map(|pair| pair.strip_prefix("lang="))?;
    app.languages.offered().iter().find(|offered| *offered == tag).cloned()
}

/// The value of a cookie.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name && !value.is_empty()).then(|| value.to_owned())
    })
}

/// A header as text, empty when absent or not text.
pub fn header_text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The visitor's address: behind our own proxies, the last hop that they named and that is none of them.
fn forwarded(headers: &HeaderMap, peer: IpAddr, proxies: &[Prefix]) -> IpAddr {
    let ours = |address: &IpAddr| address.is_loopback() || proxies.iter().any(|proxy| proxy.contains(*address));
    let mut from = peer.to_canonical();
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        match hop.trim().parse::<IpAddr>() {
            Ok(hop) if ours(&from) => from = hop.to_canonical(),
            _ => break,
        }
    }
    from
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::{HeaderMap, IpAddr, forwarded};

    fn seen(peer: &str, said: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in said {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let proxies: Vec<_> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        forwarded(&headers, peer.parse::<IpAddr>().unwrap(), &proxies).to_string()
    }

    #[test]
    fn a_visitor_is_whom_our_own_proxies_name_and_nobody_else_is_believed() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(seen("127.0.0.1", &["198.51.100.1"], &[]), "198.51.100.1");
        assert_eq!(seen("::ffff:127.0.0.1", &["192.0.2.66, 198.51.100.1"], &[]), "198.51.100.1");
        assert_eq!(seen("192.0.2.10", &["198.51.100.1, 192.0.2.11"], &["192.0.2.0/28"]), "198.51.100.1");
        assert_eq!(seen("127.0.0.1", &["198.51.100.1", "203.0.113.7"], &[]), "203.0.113.7");
        assert_eq!(seen("127.0.0.1", &["unknown"], &[]), "127.0.0.1");
    }
}
