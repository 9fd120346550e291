//! Who may do what: one table.
//!
//! Every route names a verb and a noun; a route whose pair has no row here lets nobody in, and a
//! test walks every route with every role. Need to know (restricted cases, a member's own
//! organisation, a party's own thread) is decided by the verbs themselves, on top of this table.

use store::Id;

use crate::once::Form;

/// What a person is in the team, or to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Handles reports and cases.
    Analyst,
    /// Also decides, approves and looks at the workload.
    Lead,
    /// Also keeps people and settings.
    Admin,
    /// Reads the journal and nothing else.
    Auditor,
    /// A constituent: its own organisation only.
    Member,
}

impl Role {
    /// All roles, for forms and tests.
    pub const ALL: [Self; 5] = [Self::Analyst, Self::Lead, Self::Admin, Self::Auditor, Self::Member];

    /// The name as the database and the command line have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Analyst => "analyst",
            Self::Lead => "lead",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
            Self::Member => "member",
        }
    }

    /// The role of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether this role works in the console.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Analyst | Self::Lead | Self::Admin)
    }
}

/// What is done. Few words on purpose: the noun says the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Look at it.
    See,
    /// Make a new one, or change one.
    Change,
    /// Decide what a second look is wanted for: restrict, waive, override, merge.
    Decide,
    /// Let it out of the house.
    Release,
    /// Keep the installation: people, tokens, settings.
    Keep,
}

/// What it is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Noun {
    /// Reports and the inbox.
    Report,
    /// Cases with their parties, tasks, notes.
    Case,
    /// Messages to parties.
    Message,
    /// Organisations, contacts, resources.
    Organisation,
    /// Clocks and promises.
    Clock,
    /// Search and saved views.
    Search,
    /// The journal and the disclosure ledger.
    Journal,
    /// Feeds, event files, events and notices.
    Event,
    /// Alerts, advisories, guidance, the calendar, and the site's pages.
    Publication,
    /// Sealed reports: what may be known of them without a key.
    Sealed,
    /// Mail on its way out, of all threads.
    Outgoing,
    /// People, groups, tokens.
    People,
    /// One's own log-in: password, second factor, sessions.
    Account,
    /// A member's own organisation.
    Membership,
}

use Role::{Admin, Analyst, Auditor, Lead, Member};

/// The table. What has no row, nobody may.
const TABLE: &[(Verb, Noun, &[Role])] = &[
    (Verb::See, Noun::Report, &[Analyst, Lead, Admin]),
    (Verb::Change, Noun::Report, &[Analyst, Lead, Admin]),
    (Verb::Decide, Noun::Report, &[Lead, Admin]),
    (Verb::See, Noun::Case, &[Analyst, Lead, Admin]),
    (Verb::Change, Noun::Case, &[Analyst, Lead, Admin]),
    (Verb::Decide, Noun::Case, &[Analyst, Lead, Admin]),
    (Verb::See, Noun::Message, &[Analyst, Lead, Admin]),
    (Verb::Change, Noun::Message, &[Analyst, Lead, Admin]),
    (Verb::Decide, Noun::Message, &[Lead, Admin]),
    (Verb::Release, Noun::Message, &[Analyst, Lead, Admin]),
    (Verb::See, Noun::Organisation, &[Analyst, Lead, Admin]),
    (Verb::Change, Noun::Organisation, &[Analyst, Lead, Admin]),
    (Verb::See, Noun::Event, &[Analyst, Lead, Admin]),
    (Verb::Change, Noun::Event, &[Analyst, Lead, Admin]),
    (Verb::Decide, Noun::Event, &[Lead, Admin]),
    (Verb::See, Noun::Publication, &[Analyst, Lead, Admin]),
    (Verb::Change, Noun::Publication, &[Analyst, Lead, Admin]),
    (Verb::Decide, Noun::Publication, &[Analyst, Lead, Admin]),
    (Verb::Release, Noun::Publication, &[Lead, Admin]),
    (Verb::Keep, Noun::Publication, &[Admin]),
    (Verb::See, Noun::Clock, &[Analyst, Lead, Admin]),
    (Verb::Change, Noun::Clock, &[Analyst, Lead, Admin]),
    (Verb::See, Noun::Search, &[Analyst, Lead, Admin]),
    (Verb::Change, Noun::Search, &[Analyst, Lead, Admin]),
    (Verb::See, Noun::Journal, &[Lead, Admin, Auditor]),
    (Verb::See, Noun::Outgoing, &[Lead, Admin]),
    (Verb::Change, Noun::Outgoing, &[Lead, Admin]),
    (Verb::Keep, Noun::Outgoing, &[Admin]),
    (Verb::See, Noun::Sealed, &[Analyst, Lead, Admin]),
    (Verb::Change, Noun::Sealed, &[Analyst, Lead, Admin]),
    (Verb::Decide, Noun::Sealed, &[Lead, Admin]),
    (Verb::Keep, Noun::Sealed, &[Admin]),
    (Verb::See, Noun::People, &[Lead, Admin]),
    (Verb::Keep, Noun::People, &[Admin]),
    (Verb::See, Noun::Account, &[Analyst, Lead, Admin, Auditor, Member]),
    (Verb::Change, Noun::Account, &[Analyst, Lead, Admin, Auditor, Member]),
    (Verb::See, Noun::Membership, &[Member]),
    (Verb::Change, Noun::Membership, &[Member]),
];

/// Somebody or something that acts.
#[derive(Clone, Debug, PartialEq)]
pub enum Who {
    /// A person with a log-in.
    Person(Person),
    /// Whoever holds the secret link of a report.
    Reporter(Id),
    /// Whoever answers in a party's thread, by mail or by a link from a mail.
    Party(Id),
    /// A program with a token.
    Token {
        /// The token's id.
        id: Id,
        /// The organisation it speaks for, if it is a member's.
        organisation: Option<Id>,
    },
    /// A visitor without a log-in.
    Public,
    /// The program itself, in a job of that name.
    Job(&'static str),
    /// Whoever runs the command line on the machine.
    Operator,
}

/// A person with a log-in.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// Id.
    pub id: Id,
    /// What others see.
    pub name: String,
    /// Role.
    pub role: Role,
    /// A member's organisation.
    pub organisation: Option<Id>,
    /// Groups for restricted cases.
    pub groups: Vec<Id>,
    /// The form by which they ask, where it is to make something once.
    pub form: Option<Form>,
}

impl std::fmt::Display for Who {
    /// As the journal writes it: an id, never a name.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(person) => write!(f, "person:{}", person.id),
            Self::Reporter(report) => write!(f, "reporter:{report}"),
            Self::Party(party) => write!(f, "party:{party}"),
            Self::Token { id, .. } => write!(f, "token:{id}"),
            Self::Public => f.write_str("public"),
            Self::Job(name) => write!(f, "job:{name}"),
            Self::Operator => f.write_str("operator"),
        }
    }
}

impl Who {
    /// The person, if one is logged in.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) => Some(person),
            _ => None,
        }
    }

    /// The form by which a person asks.
    pub fn form(&self) -> Option<Form> {
        self.person().and_then(|person| person.form)
    }

    /// Whether this is somebody of the team (or the program working for it).
    pub fn is_staff(&self) -> bool {
        match self {
            Self::Person(person) => person.role.is_staff(),
            Self::Job(_) | Self::Operator => true,
            _ => false,
        }
    }

    /// The organisation that this viewer belongs to, if it is a member.
    pub fn organisation(&self) -> Option<Id> {
        match self {
            Self::Person(Person { role: Member, organisation, .. }) | Self::Token { organisation, .. } => *organisation,
            _ => None,
        }
    }
}

/// The roles of a row, if the table has one.
pub fn roles(verb: Verb, noun: Noun) -> Option<&'static [Role]> {
    TABLE.iter().find(|(v, n, _)| *v == verb && *n == noun).map(|(_, _, roles)| *roles)
}

/// Whether `who` may do `verb` to `noun` at all.
pub fn may(who: &Who, verb: Verb, noun: Noun) -> bool {
    match who {
        Who::Person(person) => roles(verb, noun).is_some_and(|roles| roles.contains(&person.role)),
        Who::Job(_) | Who::Operator => true,
        Who::Reporter(_) | Who::Party(_) | Who::Token { .. } | Who::Public => false,
    }
}

/// [`may`], as a rule at the top of a verb. Who may not is told that there is nothing.
pub fn require(who: &Who, verb: Verb, noun: Noun) -> crate::Result<()> {
    if may(who, verb, noun) { Ok(()) } else { Err(crate::Error::NotFound) }
}
