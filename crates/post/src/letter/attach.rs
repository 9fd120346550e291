//! Attachments: every part that is not the text itself, with the bytes that the
//! sender encoded. A text file is not re-coded, because its hash is evidence;
//! an attached mail is kept whole, because its header is what a report is about.

use mail_parser::decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode};
use mail_parser::{ContentType, Encoding, HeaderName, HeaderValue, Message, MessagePart, MimeHeaders, PartType};

use super::headers::first;
use super::{Attachment, Limits, one_line};

/// The attachment that this part is.
pub fn of_part(message: &Message<'_>, part: &MessagePart<'_>, limits: &Limits) -> Attachment {
    let content = content(message, part);
    let media_type = media_type(part);
    let name = match part.attachment_name() {
        Some(name) => safe_name(name, limits.name),
        None => made_up_name(part, &media_type, limits),
    };
    let inline = matches!(part.body, PartType::InlineBinary(_))
        || part.content_disposition().is_some_and(ContentType::is_inline)
        || (part.content_id().is_some() && part.content_disposition().is_none_or(|d| !d.is_attachment()));
    Attachment { name, media_type, size: content.len(), content, inline }
}

/// The bytes of a part, without its transfer encoding (RFC 2045 section 6).
fn content(message: &Message<'_>, part: &MessagePart<'_>) -> Vec<u8> {
    match &part.body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.to_vec(),
        PartType::Text(text) | PartType::Html(text) => exact(message, part).unwrap_or_else(|| text.as_bytes().to_vec()),
        PartType::Message(inner) if part.encoding != Encoding::None => inner.raw_message.to_vec(),
        PartType::Message(_) => span(message, part).to_vec(),
        PartType::Multipart(_) => Vec::new(),
    }
}

fn exact(message: &Message<'_>, part: &MessagePart<'_>) -> Option<Vec<u8>> {
    let encoded = span(message, part);
    match part.encoding {
        Encoding::None => Some(encoded.to_vec()),
        Encoding::Base64 => base64_decode(encoded),
        Encoding::QuotedPrintable => quoted_printable_decode(encoded),
    }
}

fn span<'a>(message: &'a Message<'_>, part: &MessagePart<'_>) -> &'a [u8] {
    let (from, to) = (part.offset_body as usize, part.offset_end as usize);
    message.raw_message.get(from..to).unwrap_or_default()
}

/// The claimed type in lower case (RFC 2045 section 5.1), or what the part is.
pub fn media_type(part: &MessagePart<'_>) -> String {
    let claimed = part.content_type().map(|claimed| {
        let subtype = claimed.subtype().unwrap_or("");
        format!("{}/{}", claimed.ctype(), subtype).to_ascii_lowercase()
    });
    let sound = |text: &String| {
        text.len() <= 127 && !text.starts_with('/') && !text.ends_with('/') && text.chars().all(|c| c.is_ascii_alphanumeric() || "/!#$&-^_.+".contains(c))
    };
    claimed.filter(sound).unwrap_or_else(|| {
        match part.body {
            PartType::Text(_) => "text/plain",
            PartType::Html(_) => "text/html",
            PartType::Message(_) => "message/rfc822",
            _ => "application/octet-stream",
        }
        .to_owned()
    })
}

fn made_up_name(part: &MessagePart<'_>, media_type: &str, limits: &Limits) -> String {
    if let PartType::Message(inner) = &part.body {
        let subject = inner.parts.first().and_then(|root| first(&root.headers, &HeaderName::Subject));
        let subject = subject.and_then(HeaderValue::as_text).map(|text| safe_name(text, limits.name.min(80)));
        return format!("{}.eml", subject.filter(|name| name != "file").unwrap_or_else(|| "mail".to_owned()));
    }
    let known = match media_type {
        "text/plain" => "text.txt",
        "text/html" => "text.html",
        "text/calendar" => "invitation.ics",
        "text/rfc822-headers" => "headers.txt",
        "message/delivery-status" => "delivery-status.txt",
        "application/pgp-signature" => "signature.asc",
        "application/pgp-encrypted" => "version.txt",
        _ => "file",
    };
    known.to_owned()
}

/// A file name without path, control characters, reading direction marks or
/// what Windows forbids (RFC 2183 section 2.3), at most `limit` characters with
/// its extension kept.
pub fn safe_name(name: &str, limit: usize) -> String {
    let last = name.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or("");
    let clean: String = one_line(last, usize::MAX).chars().map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let clean = clean.trim_start_matches(['.', ' ']).trim_end_matches(['.', ' ']);
    if clean.is_empty() {
        return "file".to_owned();
    }
    let length = clean.chars().count();
    if length <= limit {
        return clean.to_owned();
    }
    let extension = clean.rsplit_once('.').map(|(_, extension)| extension).filter(|e| e.len() <= 16 && e.len() < limit);
    match extension {
        Some(extension) => {
            let room = limit.saturating_sub(extension.chars().count() + 1);
            let stem: String = clean.chars().take(room).collect();
            format!("{stem}.{extension}")
        }
        None => clean.chars().take(limit).collect(),
    }
}

/// Bytes as base64 in JSON (RFC 4648 section 4).
pub mod base64 {
    use data_encoding::BASE64;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&BASE64.encode_display(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64.decode(text.as_bytes()).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn file_names_carry_no_path_and_no_trick() {
        for (name, safe) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\me\\log.txt", "log.txt"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("a\r\nb\0c.txt", "a  bc.txt"),
            ("..", "file"),
            (".htaccess", "htaccess"),
            ("", "file"),
            ("a<b>.html", "a_b_.html"),
        ] {
            assert_eq!(safe_name(name, 200), safe, "{name:?}");
        }
        assert_eq!(safe_name(&format!("{}.tar", "x".repeat(300)), 20), "xxxxxxxxxxxxxxxx.tar");
    }
}
