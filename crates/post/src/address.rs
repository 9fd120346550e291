//! Mail addresses: whether one may be written into a header or an SMTP command,
//! its one spelling, and the signed ids by which an answer finds its thread.
//! Only ASCII addresses pass; internationalised ones (RFC 6531) are told apart
//! in the error, so that the person who typed one knows why.

mod thread;

use std::net::{Ipv4Addr, Ipv6Addr};

pub use thread::{ThreadKey, subject_tag, tags_in_subject};

/// Why this is no address. The text can be shown to whoever typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("an address has the form name@domain")]
    NoAt,
    #[error("the part before @ is empty or longer than 64 characters")]
    LocalLength,
    #[error("the part before @ has a character that is not allowed")]
    LocalCharacter,
    #[error("the domain is empty or longer than 253 characters")]
    DomainLength,
    #[error("the domain is not a host name")]
    Domain,
    #[error("the address is longer than 254 characters")]
    Length,
    #[error("addresses with letters outside ASCII are not supported")]
    NotAscii,
}

/// Checks an address without angle brackets (RFC 5321 section 4.1.2 and the
/// lengths of 4.5.3.1). What passes cannot break out of a header or command.
pub fn check(address: &str) -> Result<(), AddressError> {
    if !address.is_ascii() {
        return Err(AddressError::NotAscii);
    }
    let (local, domain) = address.rsplit_once('@').ok_or(AddressError::NoAt)?;
    check_local(local)?;
    check_domain(domain)?;
    if address.len() > 254 { Err(AddressError::Length) } else { Ok(()) }
}

/// The one spelling of an address: the domain in lower case (RFC 5321 section
/// 2.4); the part before `@` belongs to the other side and stays as it is.
pub fn normalise(address: &str) -> Result<String, AddressError> {
    let address = address.trim();
    check(address)?;
    let (local, domain) = address.rsplit_once('@').ok_or(AddressError::NoAt)?;
    Ok(format!("{local}@{}", domain.to_ascii_lowercase()))
}

fn check_local(local: &str) -> Result<(), AddressError> {
    if local.is_empty() || local.len() > 64 {
        return Err(AddressError::LocalLength);
    }
    if let Some(quoted) = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return check_quoted(quoted);
    }
    let atoms = local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atext));
    if atoms { Ok(()) } else { Err(AddressError::LocalCharacter) }
}

/// `qcontentSMTP`: printable, with `"` and `\` escaped by `\`.
fn check_quoted(quoted: &str) -> Result<(), AddressError> {
    let mut bytes = quoted.bytes();
    while let Some(byte) = bytes.next() {
        let fine = match byte {
            b'\\' => bytes.next().is_some_and(|next| (b' '..=b'~').contains(&next)),
            b'"' => false,
            other => (b' '..=b'~').contains(&other),
        };
        if !fine {
            return Err(AddressError::LocalCharacter);
        }
    }
    Ok(())
}

fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn check_domain(domain: &str) -> Result<(), AddressError> {
    if domain.is_empty() || domain.len() > 253 {
        return Err(AddressError::DomainLength);
    }
    if let Some(literal) = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let six = literal.get(..5).filter(|tag| tag.eq_ignore_ascii_case("IPv6:")).and(literal.get(5..));
        let fine = match six {
            Some(six) => six.parse::<Ipv6Addr>().is_ok(),
            None => literal.parse::<Ipv4Addr>().is_ok(),
        };
        return if fine { Ok(()) } else { Err(AddressError::Domain) };
    }
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if domain.split('.').all(label) { Ok(()) } else { Err(AddressError::Domain) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_can_be_written_pass() {
        for good in [
            "a@example.org",
            "first.last+tag@sub.example.org",
            "\"a b\\\"c\"@example.org",
            "x@localhost",
            "x@[192.0.2.1]",
            "x@[IPv6:2001:db8::1]",
            "o'hara@xn--bcher-kva.example",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn addresses_that_break_out_or_break_limits_do_not() {
        let long_local = format!("{}@example.org", "a".repeat(65));
        let long_domain = format!("a@{}", ["b".repeat(60).as_str(); 5].join("."));
        for bad in [
            "",
            "a",
            "@example.org",
            "a@",
            "a b@example.org",
            "a@ex ample.org",
            "a@example.org\r\nBcc: x@y",
            "a\r\n@example.org",
            "\"a\r\nb\"@example.org",
            "a..b@example.org",
            ".a@example.org",
            "a@-x.org",
            "a@x..org",
            "a@[192.0.2.300]",
            "a@b@example.org",
            "<a@example.org>",
            "a@example.org>",
            "josé@example.org",
            long_local.as_str(),
            long_domain.as_str(),
        ] {
            assert!(check(bad).is_err(), "{bad:?}");
        }
        assert_eq!(normalise(" Ana@Example.ORG "), Ok("Ana@example.org".to_owned()));
    }
}
