//! Reads a `security.txt` as it was served and says what is wrong with it. Whether its signature is good is
//! another's question: here only its form is looked at.

use super::finding::{Code, Finding};
use super::is_language;
use jiff::{Span, Timestamp, tz::TimeZone};
use std::collections::HashMap;

/// How many findings are told.
const TOLD: usize = 200;

/// The fields whose values are addresses.
const ADDRESSES: [&str; 7] = ["acknowledgments", "canonical", "contact", "encryption", "hiring", "policy", "csaf"];

/// What is wrong with a file, in order of lines, then what is missing from it. `at` is the address that it was
/// served under, if it was served: its Canonical must say the same.
pub fn check(bytes: &[u8], now: Timestamp, at: Option<&str>) -> Vec<Finding> {
    let mut reader = Reader { now, ..Reader::default() };
    let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => {
            reader.find(Code::Bom);
            rest
        }
        None => bytes,
    };
    let text = String::from_utf8_lossy(bytes);
    if std::str::from_utf8(bytes).is_err() {
        reader.find(Code::Utf8);
    }
    let lines: Vec<&str> = text.split('\n').collect();
    for (index, line) in lines.iter().enumerate() {
        reader.line = Some(index + 1);
        reader.read(line.trim_end());
    }
    reader.line = Some(lines.len());
    let empty = |line: Option<&&str>| line.is_some_and(|line| line.trim_end().is_empty());
    let mut from_last = lines.iter().rev();
    if !empty(from_last.next()) {
        reader.find(Code::NoLineEnd);
    } else if reader.part != Part::Open && empty(from_last.next()) {
        reader.find(Code::LineEndsAfterSignature);
    }
    reader.line = None;
    reader.missing(at);
    reader.findings
}

#[derive(Default, PartialEq, Eq, Clone, Copy)]
enum Part {
    /// Not signed, as far as is known.
    #[default]
    Open,
    Signed,
    Signature,
    /// Behind the signature.
    After,
}

#[derive(Default)]
struct Reader {
    now: Timestamp,
    findings: Vec<Finding>,
    line: Option<usize>,
    part: Part,
    /// The values of each field, by its name in small letters.
    values: HashMap<String, Vec<String>>,
}

impl Reader {
    fn find(&mut self, code: Code) {
        if self.findings.len() < TOLD {
            self.findings.push(Finding { code, line: self.line });
        }
    }

    fn read(&mut self, line: &str) {
        match self.part {
            Part::Signature if line == "-----END PGP SIGNATURE-----" => self.part = Part::After,
            Part::Signature => {}
            Part::After if line.is_empty() => {}
            Part::After => self.find(Code::DataAfterSignature),
            Part::Signed if line == "-----BEGIN PGP SIGNATURE-----" => self.part = Part::Signature,
            // Lines of a signed message that begin with a dash are escaped (RFC 9580, section 7.2).
            Part::Signed => self.content(line.strip_prefix("- ").unwrap_or(line)),
            Part::Open if line == "-----BEGIN PGP SIGNED MESSAGE-----" => {
                if self.line != Some(1) {
                    self.find(Code::SignedFormat);
                }
                self.part = Part::Signed;
            }
            Part::Open => self.content(line),
        }
    }

    fn content(&mut self, line: &str) {
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        let Some((name, value)) = line.split_once(':') else { return self.find(Code::InvalidLine) };
        let whole = name.trim_end().to_lowercase();
        if whole.len() != name.to_lowercase().len() {
            self.find(Code::SpaceBeforeColon);
        }
        if !value.is_empty() && !value.starts_with(' ') {
            self.find(Code::NoSpace);
        }
        let value = value.trim_start();
        if whole == "hash" && self.part == Part::Signed {
            return;
        }
        if whole.is_empty() {
            return self.find(Code::EmptyKey);
        }
        if value.is_empty() {
            return self.find(Code::EmptyValue);
        }
        self.field(&whole, value);
        self.values.entry(whole).or_default().push(value.to_owned());
    }

    fn field(&mut self, name: &str, value: &str) {
        match name {
            name if ADDRESSES.contains(&name) => match scheme(value).as_deref() {
                None => self.find(Code::NoUri),
                Some("http") => self.find(Code::NoHttps),
                Some(_) => {}
            },
            "expires" => self.expires(value),
            "preferred-languages" => {
                for _ in value.split(',').filter(|tag| !is_language(tag.trim())) {
                    self.find(Code::InvalidLanguage);
                }
            }
            _ => self.find(Code::UnknownField),
        }
    }

    fn expires(&mut self, value: &str) {
        let Some(expires) = instant(value) else { return self.find(Code::InvalidExpiry) };
        let in_a_year = self.now.to_zoned(TimeZone::UTC).checked_add(Span::new().years(1));
        if expires < self.now {
            self.find(Code::Expired);
        } else if in_a_year.is_ok_and(|limit| expires > limit.timestamp()) {
            self.find(Code::LongExpiry);
        }
    }

    /// What only the whole file shows.
    fn missing(&mut self, at: Option<&str>) {
        let values = std::mem::take(&mut self.values);
        let of = |name: &str| values.get(name).map_or(&[][..], Vec::as_slice);
        let signed = self.part != Part::Open;
        let canonical = of("canonical");
        let elsewhere = at.is_some_and(|at| !canonical.is_empty() && canonical.iter().all(|one| one != at));
        let csaf = of("csaf");
        let by_mail = of("contact").iter().any(|contact| contact.starts_with("mailto:"));
        let table = [
            (of("contact").is_empty(), Code::NoContact),
            (of("expires").is_empty(), Code::NoExpiry),
            (of("expires").len() > 1, Code::TwoExpiries),
            (of("preferred-languages").len() > 1, Code::TwoLanguages),
            (elsewhere, Code::NoCanonicalMatch),
            (csaf.iter().any(|one| !one.ends_with("provider-metadata.json")), Code::NoCsafFile),
            (csaf.len() > 1, Code::TwoCsaf),
            (by_mail && of("encryption").is_empty(), Code::NoEncryption),
            (!signed, Code::NotSigned),
            (signed && canonical.is_empty(), Code::NoCanonical),
            (signed && self.part != Part::After, Code::NoSignature),
        ];
        for (_, code) in table.into_iter().filter(|(is, _)| *is) {
            self.find(code);
        }
    }
}

/// The scheme of an address, in small letters (RFC 3986, section 3.1).
fn scheme(value: &str) -> Option<String> {
    let (scheme, _) = value.split_once(':')?;
    let fits = scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    fits.then(|| scheme.to_ascii_lowercase())
}

/// An instant as RFC 3339, section 5.6 writes it; jiff alone would read more than that.
fn instant(value: &str) -> Option<Timestamp> {
    let (date, rest) = value.split_at_checked(10)?;
    let (time, zone) = rest.split_at_checked(9)?;
    let fits =
        |text: &str, form: &str| text.len() == form.len() && text.chars().zip(form.chars()).all(|(c, f)| if f == '0' { c.is_ascii_digit() } else { c == f });
    let digits = zone.strip_prefix('.').map_or(0, |rest| rest.chars().take_while(char::is_ascii_digit).count());
    let zone = zone.strip_prefix('.').filter(|_| digits > 0).and_then(|rest| rest.get(digits..)).unwrap_or(zone);
    let zoned = zone.eq_ignore_ascii_case("z") || fits(zone, "+00:00") || fits(zone, "-00:00");
    let time = time.strip_prefix(['T', 't', ' '])?;
    let shaped = fits(date, "0000-00-00") && fits(time, "00:00:00") && zoned;
    shaped.then(|| format!("{date}T{}", rest.get(1..).unwrap_or_default()).parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{check, instant};

    const NOW: &str = "2026-03-24T12:00:00Z";

    #[track_caller]
    fn codes(text: &str, expect: &[&str]) {
        let found = check(text.as_bytes(), NOW.parse().unwrap(), Some("https://a.example/.well-known/security.txt"));
        let found: Vec<&str> = found.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(found, expect, "{text:?}");
    }

    #[test]
    fn what_is_missing_is_told() {
        let fine = "Contact: https://a.example/report\nExpires: 2026-12-31T23:59:59Z\n";
        codes(fine, &["not_signed"]);
        codes("", &["no_contact", "no_expire", "not_signed"]);
        codes(&fine.replace("https://a.example/report", "mailto:a@a.example"), &["no_encryption", "not_signed"]);
        codes(fine.trim_end(), &["no_line_separators", "not_signed"]);
        codes(&format!("{fine}Canonical: https://b.example/\n"), &["no_canonical_match", "not_signed"]);
        codes(
            &format!("{fine}CSAF: https://a.example/\nCSAF: https://a.example/provider-metadata.json\n"),
            &["no_csaf_file", "multiple_csaf_fields", "not_signed"],
        );
        codes(&format!("\u{feff}{fine}"), &["bom_in_file", "not_signed"]);
    }

    #[test]
    fn the_expiry_lies_within_a_year() {
        for (expires, code) in [
            ("2026-03-24T11:59:59Z", "expired"),
            ("2027-03-24T12:00:01Z", "long_expiry"),
            ("2026-12-31", "invalid_expiry"),
            ("2026-12-31T00:00:00", "invalid_expiry"),
            ("31 Dec 2026 00:00:00 +0000", "invalid_expiry"),
            ("2026-13-31T00:00:00Z", "invalid_expiry"),
        ] {
            codes(&format!("Contact: tel:+1-201-555-0123\nExpires: {expires}\n"), &[code, "not_signed"]);
        }
        for fine in ["2026-12-31t00:00:00z", "2026-12-31 00:00:00.5+02:00", "2027-03-24T12:00:00-00:00"] {
            assert!(instant(fine).is_some(), "{fine}");
        }
        for wrong in ["2026-12-31T00:00:00Z[UTC]", "2026-12-31T00:00:00.Z", "é026-12-31T00:00:00Z", ""] {
            assert!(instant(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn lines_are_fields_or_comments() {
        let rest = "Expires: 2026-12-31T23:59:59Z\n";
        codes(&format!("# hello\ncontact : a@a.example\n{rest}"), &["prec_ws", "no_uri", "not_signed"]);
        codes(
            &format!("CONTACT:http://a.example\r\n{rest}: x\nPolicy:\nhello\n"),
            &["no_space", "no_https", "empty_key", "empty_value", "invalid_line", "not_signed"],
        );
        codes(&format!("Contact: tel:1\nColour: red\n{rest}{rest}"), &["unknown_field", "multi_expire", "not_signed"]);
        codes(
            &format!("Contact: tel:1\n{rest}Preferred-Languages: en, e\nPreferred-Languages: x_y\n"),
            &["invalid_lang", "invalid_lang", "multi_lang", "not_signed"],
        );
    }

    #[test]
    fn a_signed_file_is_one_message() {
        let signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nContact: tel:1\nExpires: 2026-12-31T23:59:59Z\n- - x\n- Hiring: https://a.example/jobs\nCanonical: https://a.example/.well-known/security.txt\n-----BEGIN PGP SIGNATURE-----\n\nabc=\n=abcd\n-----END PGP SIGNATURE-----\n";
        codes(signed, &["invalid_line"]);
        let signed = signed.replace("- - x\n", "");
        codes(&signed, &[]);
        codes(&format!("{signed}\n"), &["too_many_line_separators"]);
        codes(&format!("{signed}Contact: tel:666\n"), &["data_after_sig"]);
        codes(&format!("# x\n{signed}"), &["signed_format_issue"]);
        codes(signed.split_once("\n=abcd").unwrap().0, &["no_line_separators", "pgp_data_error"]);
        assert_eq!(check(&b"x\n".repeat(100_000), NOW.parse().unwrap(), None).len(), super::TOLD);
    }
}
