//! The commands of LMTP (RFC 2033 section 4, RFC 5321 section 4.1), parsed from
//! one line. What is wrong with a line is told with the reply code that says so.

use crate::address;

/// One command of the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Lhlo,
    /// `None` is the null sender; the size is what SIZE declares (RFC 1870).
    Mail {
        from: Option<String>,
        size: Option<u64>,
    },
    Rcpt {
        to: String,
    },
    Data,
    Rset,
    Noop,
    Quit,
    Vrfy,
}

/// The longest sender that is taken, in bytes.
const LONGEST_SENDER: usize = 1000;

/// Why a line is no command: a reply with its enhanced code (RFC 3463).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complaint {
    /// Not known here.
    Unknown,
    /// LMTP has LHLO; SMTP's greetings are refused (RFC 2033 section 4.1).
    Greeting,
    Syntax,
    Parameter,
    BadAddress,
    NotAscii,
}

impl Complaint {
    pub fn reply(self) -> &'static str {
        match self {
            Self::Unknown => "500 5.5.1 Command not known",
            Self::Greeting => "500 5.5.1 This is LMTP: use LHLO",
            Self::Syntax => "501 5.5.4 Syntax error",
            Self::Parameter => "555 5.5.4 Parameter not known",
            Self::BadAddress => "553 5.1.3 Not an address",
            Self::NotAscii => "553 5.6.7 Addresses outside ASCII are not supported",
        }
    }
}

impl Command {
    /// Parses a line without its CRLF.
    pub fn parse(line: &[u8]) -> Result<Self, Complaint> {
        let text = std::str::from_utf8(line).map_err(|_| Complaint::Syntax)?;
        if text.chars().any(char::is_control) {
            return Err(Complaint::Syntax);
        }
        let text = text.trim_end();
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        let rest = rest.trim();
        match verb.to_ascii_uppercase().as_str() {
            "LHLO" if rest.is_empty() => Err(Complaint::Syntax),
            "LHLO" => Ok(Self::Lhlo),
            "HELO" | "EHLO" => Err(Complaint::Greeting),
            "MAIL" => mail(rest),
            "RCPT" => rcpt(rest),
            "DATA" if rest.is_empty() => Ok(Self::Data),
            "RSET" if rest.is_empty() => Ok(Self::Rset),
            "QUIT" if rest.is_empty() => Ok(Self::Quit),
            "DATA" | "RSET" | "QUIT" => Err(Complaint::Syntax),
            "NOOP" => Ok(Self::Noop),
            "VRFY" => Ok(Self::Vrfy),
            _ => Err(Complaint::Unknown),
        }
    }
}

fn mail(rest: &str) -> Result<Command, Complaint> {
    let (path, parameters) = path(rest, "FROM:")?;
    let mut size = None;
    for parameter in parameters.split_ascii_whitespace() {
        let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match (key.to_ascii_uppercase().as_str(), value.to_ascii_uppercase().as_str()) {
            ("SIZE", digits) if digits.len() <= 20 => {
                size = Some(digits.parse().map_err(|_| Complaint::Syntax)?);
            }
            ("BODY", "7BIT" | "8BITMIME") => {}
            _ => return Err(Complaint::Parameter),
        }
    }
    // Whose address it is decides nothing here, and the mail server before us took it: a sender
    // that we would not write to (RFC 6531, old gateways) is no reason to refuse the mail.
    let from = match path {
        "" => None,
        path if path.len() > LONGEST_SENDER => return Err(Complaint::BadAddress),
        path => Some(mailbox(path).unwrap_or_else(|_| path.to_owned())),
    };
    Ok(Command::Mail { from, size })
}

fn rcpt(rest: &str) -> Result<Command, Complaint> {
    let (path, parameters) = path(rest, "TO:")?;
    if !parameters.is_empty() {
        return Err(Complaint::Parameter);
    }
    // The one name that needs no domain (RFC 5321 section 4.1.1.3).
    if path.eq_ignore_ascii_case("postmaster") {
        return Ok(Command::Rcpt { to: "postmaster".to_owned() });
    }
    Ok(Command::Rcpt { to: mailbox(path)? })
}

/// The path between the angle brackets and what follows. A quoted local part
/// may hold a bracket, so quotes are minded.
fn path<'a>(rest: &'a str, keyword: &str) -> Result<(&'a str, &'a str), Complaint> {
    let head = rest.get(..keyword.len()).filter(|head| head.eq_ignore_ascii_case(keyword));
    let path = head.and(rest.get(keyword.len()..)).ok_or(Complaint::Syntax)?;
    let inner = path.trim_start().strip_prefix('<').ok_or(Complaint::Syntax)?;
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in inner.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '>' if !quoted => {
                let after = inner.get(at + 1..).unwrap_or("");
                if !after.is_empty() && !after.starts_with(' ') {
                    return Err(Complaint::Syntax);
                }
                return Ok((inner.get(..at).unwrap_or(""), after.trim()));
            }
            _ => {}
        }
    }
    Err(Complaint::Syntax)
}

/// An address; a source route before it is ignored (RFC 5321 appendix C).
fn mailbox(path: &str) -> Result<String, Complaint> {
    let mailbox = match path.strip_prefix('@') {
        Some(route) => route.split_once(':').map(|(_, mailbox)| mailbox).ok_or(Complaint::BadAddress)?,
        None => path,
    };
    match address::check(mailbox) {
        Ok(()) => Ok(mailbox.to_owned()),
        Err(address::AddressError::NotAscii) => Err(Complaint::NotAscii),
        Err(_) => Err(Complaint::BadAddress),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "reads better in the table")]
    fn check(line: &str, expect: Result<Command, Complaint>) {
        assert_eq!(Command::parse(line.as_bytes()), expect, "{line:?}");
    }

    #[test]
    fn commands_are_read_in_any_case_and_complaints_are_exact() {
        let from = |from: &str, size| Ok(Command::Mail { from: Some(from.to_owned()), size });
        let to = |to: &str| Ok(Command::Rcpt { to: to.to_owned() });
        check("lhlo mx.example", Ok(Command::Lhlo));
        check("LHLO", Err(Complaint::Syntax));
        check("EHLO mx.example", Err(Complaint::Greeting));
        check("MAIL FROM:<a@e.org> SIZE=12 BODY=8BITMIME", from("a@e.org", Some(12)));
        check("mail from: <a@e.org>", from("a@e.org", None));
        check("MAIL FROM:<>", Ok(Command::Mail { from: None, size: None }));
        check("MAIL FROM:<a@e.org> SIZE=99999999999999999999999", Err(Complaint::Parameter));
        check("MAIL FROM:<a@e.org> RET=FULL", Err(Complaint::Parameter));
        check("MAIL FROM:<josé@e.org>", from("josé@e.org", None));
        check("MAIL FROM:<first..last@e_x.org>", from("first..last@e_x.org", None));
        check("MAIL FROM:<IMCEAEX-_O=ORG@e.org>", from("IMCEAEX-_O=ORG@e.org", None));
        check(&format!("MAIL FROM:<{}@e.org>", "a".repeat(990)), from(&format!("{}@e.org", "a".repeat(990)), None));
        check(&format!("MAIL FROM:<{}@e.org>", "a".repeat(1000)), Err(Complaint::BadAddress));
        check("MAIL FROM:a@e.org", Err(Complaint::Syntax));
        check("MAIL FROM:<a@e.org>x", Err(Complaint::Syntax));
        check("RCPT TO:<@relay.example:b@e.org>", to("b@e.org"));
        check("RCPT TO:<\"a>b\"@e.org>", to("\"a>b\"@e.org"));
        check("RCPT TO:<Postmaster>", to("postmaster"));
        check("RCPT TO:<>", Err(Complaint::BadAddress));
        check("RCPT TO:<josé@e.org>", Err(Complaint::NotAscii));
        check("RCPT TO:<b@e.org>\nDATA", Err(Complaint::Syntax));
        check("BDAT 5", Err(Complaint::Unknown));
        check("", Err(Complaint::Unknown));
    }
}
