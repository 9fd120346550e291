//! What is reported in the demonstration: twenty different things, told about different networks.
//!
//! `{net}` is the beginning of an address in the network of the organisation it is about, `{domain}` its domain,
//! `{name}` its name.

/// One thing that happened.
#[derive(Clone, Copy, Debug)]
pub struct Story {
    /// Kind on the form.
    pub kind: &'static str,
    /// One line.
    pub title: &'static str,
    /// The report's text.
    pub body: &'static str,
    /// RSIT class and type, for the case that comes of it.
    pub class: (&'static str, &'static str),
    /// Our first message to whom it concerns.
    pub message: &'static str,
    /// What we recommend; the recipient decides.
    pub advice: &'static str,
    /// What comes back.
    pub answer: &'static str,
}

/// The stories, in the order of their first telling.
pub const STORIES: [Story; 16] = [
    Story {
        kind: "outage",
        title: "Router sends SYN floods since 04:10",
        body: "Since about 04:10 our transit sees SYN floods from {net}5 and {net}9 towards port 443 of a customer.\nWe think the firmware flaw CVE-2026-31337 is used.\nThe control server may be hxxp://update-cpe[.]example/x\nCan you reach the owner, and has anyone else seen this?",
        class: ("availability", "ddos"),
        message: "We confirm floods from your customer addresses {net}5 and {net}9. Could you look at what runs there, and tell us what you find?",
        advice: "Block port 7547 from outside and restart affected routers after the block.",
        answer: "Port 7547 is blocked since this morning on all access routers. Restarts run until 13:00. Two of the addresses are a customer's own routers; we called them.",
    },
    Story {
        kind: "impersonation",
        title: "\u{201c}Your parcel is held\u{201d} SMS asks for card numbers",
        body: "I got an SMS that my parcel is held and I must pay a fee. The link is hxxps://parcel-fee[.]example/pay and it looks like {name}. I did not pay. My neighbour got it too.",
        class: ("fraud", "phishing"),
        message: "A page at hxxps://parcel-fee[.]example/pay uses your name to ask for card numbers. Do you know of it, and have customers asked?",
        advice: "Put a warning on your own site and tell your call centre what to answer.",
        answer: "Yes, about forty customers called since yesterday. A warning is on our site. We asked the registrar for the domain's suspension.",
    },
    Story {
        kind: "weakness",
        title: "Exposed database on {net}7",
        body: "The database service on {net}7 port 27017 answers anybody without a password. We saw names of collections only and read nothing.",
        class: ("vulnerable", "potentially-unwanted-accessible"),
        message: "A database on {net}7 port 27017 answers without a password. We have not looked inside. Could you close it and check who read it?",
        advice: "Bind the service to an inner address and read its log for foreign clients since it was opened.",
        answer: "Closed. It was a test system of a supplier. The log shows two foreign clients; we send you the lines.",
    },
    Story {
        kind: "other",
        title: "Brute force against SSH from {net}11",
        body: "Our honeypots saw 21,400 tries against SSH from {net}11 in one night, names root, admin, oracle.",
        class: ("intrusion-attempts", "brute-force"),
        message: "{net}11 in your network tried some 21,400 passwords against SSH servers in one night. The host may be taken over.",
        advice: "Take the host off the network until somebody has looked at it.",
        answer: "It was a hosted server with a weak password. The customer rebuilds it.",
    },
    Story {
        kind: "intrusion",
        title: "Web shell on the shop of {name}",
        body: "There is a file /images/x.php on www.{domain} that runs commands. Hash of the file: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.",
        class: ("intrusions", "application-compromise"),
        message: "A file that runs commands stands on www.{domain} under /images/. Please keep a copy of the machine before you clean it.",
        advice: "Change all passwords of the shop and its database after the machine is rebuilt.",
        answer: "Confirmed, it came through an old plug-in. We keep an image and rebuild.",
    },
    Story {
        kind: "intrusion",
        title: "Mailbox of an accountant taken over",
        body: "Since Tuesday our accountant's mailbox sends invoices with another bank account to customers. Log-ins came from 198.51.100.200. Please help, we do not know what to do next.",
        class: ("intrusions", "unprivileged-account-compromise"),
        message: "We were told that invoices with a false bank account come from a mailbox at {domain}. Could you check its rules and log-ins?",
        advice: "End all sessions, remove forwarding rules, and tell recipients of the last week by phone.",
        answer: "Sessions ended, one forwarding rule found and removed. Eleven customers informed.",
    },
    Story {
        kind: "advice",
        title: "How should we answer a ransom note?",
        body: "We found a text file that asks for money. Most files still open. Should we switch everything off? Should we answer them?",
        class: ("other", "undetermined"),
        message: "Do not answer and do not pay in a hurry. Take the affected machines off the network but leave them on, and call us.",
        advice: "Keep an untouched copy of the note and of one affected disk.",
        answer: "Thank you. Three machines are off the network. The backup is from Sunday and looks good.",
    },
    Story {
        kind: "data",
        title: "List with passwords of {domain} for sale",
        body: "A list with about 2,300 addresses @{domain} and passwords is offered in a forum since last night. The sample that I saw has 20 lines.",
        class: ("information-content-security", "data-leak"),
        message: "A list with about 2,300 addresses of {domain} and passwords is offered for sale. We can give you the sample that we have.",
        advice: "Have the people on the list choose new passwords and look for log-ins from abroad.",
        answer: "We checked the sample: half of the accounts are still active. Reset is running.",
    },
    Story {
        kind: "weakness",
        title: "Time server on {net}13 amplifies",
        body: "{net}13 answers monlist queries with 200 times the bytes. It was used against us on Sunday.",
        class: ("vulnerable", "ddos-amplifier"),
        message: "The time server on {net}13 answers monlist and was used in a flood on Sunday.",
        advice: "Switch the monlist answer off or limit it to your own network.",
        answer: "Switched off.",
    },
    Story {
        kind: "impersonation",
        title: "False log-in page of {name}",
        body: "hxxps://login-{domain}[.]example shows a copy of the log-in page of {name}. It came in a mail from billing@{domain} which I think is false.",
        class: ("fraud", "phishing"),
        message: "A copy of your log-in page is used in mails that claim to come from billing@{domain}.",
        advice: "Publish a DMARC policy that asks others to refuse such mails.",
        answer: "We asked the host to take it down and will publish a stricter policy next week.",
    },
    Story {
        kind: "other",
        title: "Scans of port 23 from {net}17",
        body: "Port 23 is probed from {net}17 on all our networks since Friday, some 40 packets a second.",
        class: ("information-gathering", "scanner"),
        message: "{net}17 probes port 23 widely since Friday. It looks like a camera or router that was taken over.",
        advice: "Ask the customer to update the device and to change its password.",
        answer: "Customer informed, device is a camera. It is off now.",
    },
    Story {
        kind: "intrusion",
        title: "Control server of a bot network on {net}19",
        body: "Our sandbox saw samples (SHA-256 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae) call {net}19 port 8443.",
        class: ("malicious-code", "c2-server"),
        message: "Samples in our sandbox call {net}19 port 8443 as their control server. We would be glad of a copy before it is cleaned.",
        advice: "Keep the disk and the flow data of the last week.",
        answer: "Flow data are kept. The machine belongs to a reseller; they sent us an image.",
    },
    Story {
        kind: "other",
        title: "Spam for pills from {net}21",
        body: "We get about 600 mails an hour for pills from {net}21. Full headers are attached in text.",
        class: ("abusive-content", "spam"),
        message: "{net}21 sends some 600 unwanted mails an hour.",
        advice: "Limit outgoing mail per customer.",
        answer: "Account closed.",
    },
    Story {
        kind: "outage",
        title: "Name servers of {domain} do not answer",
        body: "ns1.{domain} and ns2.{domain} time out since 08:20 from three continents.",
        class: ("availability", "outage"),
        message: "Both name servers of {domain} time out since 08:20 from three continents. Is it known to you?",
        advice: "Place one of the name servers in another network.",
        answer: "A route was filtered by mistake. It is back since 09:05.",
    },
    Story {
        kind: "data",
        title: "Customer files open on a share of {name}",
        body: "A search engine shows scanned contracts under files.{domain}/scan/. I only looked at the list.",
        class: ("information-content-security", "data-leak"),
        message: "Scanned contracts can be listed under files.{domain}/scan/ without a password.",
        advice: "Close the folder, then ask search engines to forget it.",
        answer: "Closed. We are finding out since when it was open.",
    },
    Story {
        kind: "weakness",
        title: "Old mail gateway on mail.{domain}",
        body: "mail.{domain} says it is version 7.1.2, which has CVE-2026-30011. It is fixed in 7.2.4.",
        class: ("vulnerable", "vulnerable-system"),
        message: "Mail.{domain} runs a version with CVE-2026-30011, which is fixed in 7.2.4.",
        advice: "Update to 7.2.4 and look for the attachment names in the maker's notice.",
        answer: "Update is planned for tonight.",
    },
];
