//! The Reference Security Incident Taxonomy (RSIT), machine version 1003: 11 classes, 39 types.
//! Each incident has exactly one type; a class is the group that a type belongs to. Feeds and
//! partners exchange the machine names (`fraud`, `phishing`); people read the titles. A team's own
//! finer types hang below exactly one of these, so that figures stay comparable between teams.
//!
//! The taxonomy is in the public domain (CC0). Its identifiers are copied exactly; the descriptions
//! are shortened to what fits beside a choice on a form.

use std::fmt;

/// The machine version that the table below was made from.
pub const VERSION: &str = "1003";

/// One incident type of the taxonomy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RsitType {
    /// The machine name of its class: `fraud`.
    pub class: &'static str,
    /// Its own machine name: `phishing`.
    pub name: &'static str,
    /// Its name for people: `Phishing`.
    pub title: &'static str,
    /// One sentence that helps to choose it.
    pub description: &'static str,
}

impl RsitType {
    /// The machine tag of MISP: `rsit:fraud="phishing"`.
    pub fn tag(&self) -> String {
        format!("rsit:{}=\"{}\"", self.class, self.name)
    }

    /// The title of its class: `Fraud`.
    pub fn class_title(&self) -> &'static str {
        CLASSES.iter().find(|(id, _)| *id == self.class).map_or(self.class, |(_, title)| title)
    }
}

/// `fraud/phishing`, the short form for logs and addresses.
impl fmt::Display for RsitType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.class, self.name)
    }
}

/// The type with these two machine names.
pub fn find(class: &str, name: &str) -> Option<&'static RsitType> {
    TYPES.iter().find(|known| known.class == class && known.name == name)
}

/// The type of a machine tag as [`RsitType::tag`] writes it.
pub fn from_tag(tag: &str) -> Option<&'static RsitType> {
    let (class, name) = tag.trim().strip_prefix("rsit:")?.split_once('=')?;
    find(class, name.trim_matches('"'))
}

/// The types of a class in the taxonomy's order; none for an unknown class.
pub fn types_of(class: &str) -> impl Iterator<Item = &'static RsitType> + use<'_> {
    TYPES.iter().filter(move |known| known.class == class)
}

const fn row(class: &'static str, name: &'static str, title: &'static str, description: &'static str) -> RsitType {
    RsitType { class, name, title, description }
}

/// The classes: machine name and title, in the taxonomy's order.
pub const CLASSES: &[(&str, &str)] = &[
    ("abusive-content", "Abusive content"),
    ("malicious-code", "Malicious code"),
    ("information-gathering", "Information gathering"),
    ("intrusion-attempts", "Intrusion attempts"),
    ("intrusions", "Intrusions"),
    ("availability", "Availability"),
    ("information-content-security", "Information content security"),
    ("fraud", "Fraud"),
    ("vulnerable", "Vulnerable"),
    ("other", "Other"),
    ("test", "Test"),
];

/// The types, class by class, in the taxonomy's order.
pub const TYPES: &[RsitType] = &[
    row("abusive-content", "spam", "Spam", "Unsolicited bulk mail, and the resources that make up its infrastructure."),
    row(
        "abusive-content",
        "harmful-speech",
        "Harmful speech",
        "Bullying, harassment or discrimination of somebody, such as cyber stalking, racism or threats.",
    ),
    row(
        "abusive-content",
        "violence",
        "(Child) sexual exploitation, sexual or violent content",
        "Child sexual exploitation, sexual content, glorification of violence.",
    ),
    row(
        "malicious-code",
        "infected-system",
        "Infected system",
        "A system infected with malware; most often seen by its connection to a sinkholed command and control server.",
    ),
    row("malicious-code", "c2-server", "C2 server", "A command and control server contacted by malware on infected systems."),
    row("malicious-code", "malware-distribution", "Malware distribution", "An address from which malware is distributed."),
    row(
        "malicious-code",
        "malware-configuration",
        "Malware configuration",
        "An address that hosts a malware configuration file, such as web injects for a banking trojan.",
    ),
    row(
        "information-gathering",
        "scanner",
        "Scanning",
        "Requests sent to a system to discover weaknesses or gather information on hosts, services and accounts.",
    ),
    row("information-gathering", "sniffing", "Sniffing", "Observing and recording network traffic."),
    row("information-gathering", "social-engineering", "Social engineering", "Gathering information from a person by lies, tricks, bribes or threats."),
    row(
        "intrusion-attempts",
        "ids-alert",
        "Exploitation of known vulnerabilities",
        "An attempt to compromise a system or disrupt a service through a vulnerability with a standard identifier such as a CVE.",
    ),
    row("intrusion-attempts", "brute-force", "Login attempts", "Many attempts to log in: guessing or cracking of passwords."),
    row("intrusion-attempts", "exploit", "New attack signature", "An attack that uses an unknown exploit."),
    row(
        "intrusions",
        "privileged-account-compromise",
        "Privileged account compromise",
        "Compromise of a system in which the attacker gained administrative rights.",
    ),
    row(
        "intrusions",
        "unprivileged-account-compromise",
        "Unprivileged account compromise",
        "Compromise of a system through an ordinary user or service account.",
    ),
    row(
        "intrusions",
        "application-compromise",
        "Application compromise",
        "Compromise of an application through a vulnerability in its software, such as SQL injection.",
    ),
    row("intrusions", "system-compromise", "System compromise", "Compromise of a system, such as unauthorised logins or commands, honeypots included."),
    row("intrusions", "burglary", "Burglary", "Physical intrusion, such as into an office building or data centre."),
    row("availability", "dos", "Denial of service", "Crafted requests that make an application crash or slow down."),
    row("availability", "ddos", "Distributed denial of service", "A flood from many sources, such as SYN floods or UDP reflection and amplification."),
    row(
        "availability",
        "misconfiguration",
        "Misconfiguration",
        "A configuration error that makes a service unavailable, such as a DNS server with an outdated root key.",
    ),
    row("availability", "sabotage", "Sabotage", "Physical sabotage, such as cut wires or arson."),
    row("availability", "outage", "Outage", "An outage caused by, for example, a failed air conditioning or a natural disaster."),
    row(
        "information-content-security",
        "unauthorised-information-access",
        "Unauthorised access to information",
        "Access by stolen login credentials, interception of traffic, or access to physical documents.",
    ),
    row(
        "information-content-security",
        "unauthorised-information-modification",
        "Unauthorised modification of information",
        "Modification by stolen login credentials or by ransomware; defacements too.",
    ),
    row("information-content-security", "data-loss", "Data loss", "Loss of data by, for example, hard disk failure or theft."),
    row(
        "information-content-security",
        "data-leak",
        "Leak of confidential information",
        "Leaked confidential information, such as credentials or personal data.",
    ),
    row(
        "fraud",
        "unauthorised-use-of-resources",
        "Unauthorised use of resources",
        "Use of resources for purposes that were not allowed, profit-making ones included, such as chain letters.",
    ),
    row("fraud", "copyright", "Copyright", "Offering or installing copies of unlicensed software or other protected material."),
    row("fraud", "masquerade", "Masquerade", "One entity impersonates another to benefit from it."),
    row("fraud", "phishing", "Phishing", "Posing as another entity to persuade somebody to reveal private credentials; most often a URL."),
    row(
        "vulnerable",
        "weak-crypto",
        "Weak cryptography",
        "A publicly accessible service with weak cryptography, such as a web server open to POODLE or FREAK.",
    ),
    row(
        "vulnerable",
        "ddos-amplifier",
        "DDoS amplifier",
        "A publicly accessible service that can be abused for reflection and amplification, such as an open DNS resolver.",
    ),
    row(
        "vulnerable",
        "potentially-unwanted-accessible",
        "Potentially unwanted accessible services",
        "A publicly accessible service that is perhaps not meant to be, such as Telnet, RDP or VNC.",
    ),
    row(
        "vulnerable",
        "information-disclosure",
        "Information disclosure",
        "A publicly accessible service that may disclose sensitive information, such as SNMP or Redis.",
    ),
    row(
        "vulnerable",
        "vulnerable-system",
        "Vulnerable system",
        "A system open to certain attacks, such as an outdated operating system or cross-site scripting.",
    ),
    row("other", "other", "Uncategorised", "An incident that fits no other class, or that is not categorised."),
    row("other", "undetermined", "Undetermined", "The category of the incident is unknown."),
    row("test", "test", "Test", "Meant for testing."),
];

#[cfg(test)]
mod tests {
    use super::{CLASSES, TYPES, find, from_tag, types_of};
    use std::collections::HashSet;

    #[test]
    fn the_table_is_whole() {
        assert_eq!((CLASSES.len(), TYPES.len()), (11, 39));
        let names: HashSet<_> = TYPES.iter().map(|t| t.name).collect();
        assert_eq!(names.len(), 39, "a type's name alone says which it is");
        let classes: HashSet<_> = CLASSES.iter().map(|c| c.0).collect();
        assert!(TYPES.iter().all(|t| classes.contains(t.class)));
        for (class, _) in CLASSES {
            assert!(types_of(class).next().is_some(), "{class}");
        }
        assert_eq!(CLASSES.iter().map(|c| types_of(c.0).count()).sum::<usize>(), 39);
    }

    #[test]
    fn a_type_is_found_by_names_and_by_tag() {
        let phishing = find("fraud", "phishing").unwrap();
        assert_eq!(phishing.tag(), "rsit:fraud=\"phishing\"");
        assert_eq!((phishing.class_title(), phishing.title), ("Fraud", "Phishing"));
        assert!(find("fraud", "spam").is_none());
        for known in TYPES {
            assert_eq!(from_tag(&known.tag()), Some(known));
            assert!(!known.description.is_empty() && known.description.len() < 130);
        }
        assert_eq!(from_tag("rsit:fraud"), None);
    }
}
