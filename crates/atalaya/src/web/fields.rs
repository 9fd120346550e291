//! The fields of a form as they were sent: nothing is lost when a page has to ask again.

use axum::extract::{FromRequest, FromRequestParts, Multipart, RawForm, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;

use crate::web::ctx::header_text;
use crate::web::upload::{self, Limits};
use crate::{App, Error, Result};

/// Names and values in the order sent. Names may repeat.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded`.
    pub fn parse(text: &[u8]) -> Self {
        let decode = |part: &[u8]| {
            let spaced: Vec<u8> = part.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
            percent_encoding::percent_decode(&spaced).decode_utf8_lossy().replace("\r\n", "\n")
        };
        let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let mut halves = pair.splitn(2, |byte| *byte == b'=');
                    (decode(halves.next().unwrap_or_default()), decode(halves.next().unwrap_or_default()))
                })
                .collect(),
        )
    }

    /// The first value of a name, trimmed; empty when absent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// The first value as it was sent, with its white space.
    pub fn exact(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// All values of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// Whether a box was ticked or a button pressed.
    pub fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// A value that must be there.
    pub fn need(&self, name: &str, says: &str) -> Result<&str> {
        let value = self.get(name);
        if value.is_empty() { Err(Error::invalid(says)) } else { Ok(value) }
    }

    /// A value parsed; absent is `None`, nonsense is an error with what was expected.
    pub fn parsed<T: std::str::FromStr>(&self, name: &str, expected: &str) -> Result<Option<T>> {
        let value = self.get(name);
        if value.is_empty() {
            return Ok(None);
        }
        value.parse().map(Some).map_err(|_| Error::invalid(format!("“{value}” is not {expected}")))
    }

    /// Replaces a value.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(key, _)| key != name);
        self.0.push((name.to_owned(), value.into()));
    }
}

impl FromRequest<App> for Fields {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self> {
        // Programs may send a form either way, such as a mail program that ends a subscription (RFC 8058 section 3.2).
        if header_text(request.headers(), CONTENT_TYPE.as_str()).to_lowercase().starts_with("multipart/form-data") {
            let form = Multipart::from_request(request, app).await.map_err(|_| Error::invalid("error-said-too-much"))?;
            return Ok(upload::take(form, Limits { files: 0, bytes: 0 }, || Ok(std::io::sink())).await?.fields);
        }
        let RawForm(bytes) = RawForm::from_request(request, app).await.map_err(too_much)?;
        Ok(Self::parse(&bytes))
    }
}

/// The one thing that can be wrong with such a body: its size, or a line that broke.
fn too_much(error: axum::extract::rejection::RawFormRejection) -> Error {
    tracing::debug!(%error, "a form did not come in");
    Error::invalid("This is more text than we can take at once, or the line broke off. Please send less, or try again.")
}

/// The fields of the query after `?`.
#[derive(Clone, Debug, Default)]
pub struct Asked(pub Fields);

impl std::ops::Deref for Asked {
    type Target = Fields;
    fn deref(&self) -> &Fields {
        &self.0
    }
}

impl FromRequestParts<App> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        Ok(Self(Fields::parse(parts.uri.query().unwrap_or_default().as_bytes())))
    }
}
