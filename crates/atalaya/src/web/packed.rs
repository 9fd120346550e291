//! Bytes that many ask for: packed once, for those who take them so.

use std::io::Write;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::web::ctx::header_text;

/// Less is not worth packing.
const SMALL: usize = 600;

/// Bytes, and the same packed (gzip, RFC 1952).
#[derive(Clone, Debug)]
pub struct Packed {
    plain: Bytes,
    gzip: Option<Bytes>,
}

impl Packed {
    /// Packs what is worth it.
    pub fn new(plain: Vec<u8>) -> Self {
        let gzip = if plain.len() < SMALL { None } else { pack(&plain).filter(|packed| packed.len() < plain.len()) };
        Self { plain: plain.into(), gzip: gzip.map(Bytes::from) }
    }

    /// As they are.
    pub fn plain(&self) -> Bytes {
        self.plain.clone()
    }

    /// How many bytes all of it takes in memory.
    pub fn size(&self) -> usize {
        self.plain.len() + self.gzip.as_ref().map_or(0, Bytes::len)
    }

    /// An entity tag of them, with its quotes (RFC 9110 section 8.8.3): weak, as both forms have it.
    pub fn tag(&self) -> String {
        let digest: [u8; 32] = Sha256::digest(&self.plain).into();
        format!("W/\"{}\"", HEXLOWER.encode(digest.first_chunk::<12>().unwrap_or(&[0; 12])))
    }

    /// An answer with them.
    pub fn answer(&self, gzip: bool) -> Response {
        match self.gzip.as_ref().filter(|_| gzip) {
            Some(packed) => {
                let mut response = packed.clone().into_response();
                response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                response
            }
            None => self.plain.clone().into_response(),
        }
    }
}

fn pack(plain: &[u8]) -> Option<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::with_capacity(plain.len() / 3), Compression::best());
    packer.write_all(plain).ok()?;
    packer.finish().ok()
}

/// Whether whoever asks has what carries this entity tag, in whatever form (RFC 9110 section 13.1.2: compared weakly).
pub fn has(headers: &HeaderMap, tag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    header_text(headers, header::IF_NONE_MATCH.as_str()).split(',').any(|one| plain(one) == plain(tag))
}

/// Whether whoever asks takes gzip (RFC 9110 section 12.5.3).
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    header_text(headers, header::ACCEPT_ENCODING.as_str()).split(',').any(|wish| {
        let (name, weight) = wish.trim().split_once(';').unwrap_or((wish.trim(), ""));
        name.trim().eq_ignore_ascii_case("gzip") && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}
