//! How a mail leaves: signed with the mail key, encrypted to the recipient's, both or neither.
//!
//! Whoever writes may choose; otherwise the rule does: what was encrypted to us, what a verified key is
//! known for, and what the label demands goes out encrypted. A key that may not be used stops the mail,
//! with the reason, before anything leaves; nothing falls back to less in silence.

use ::store::{Reader, Tx};
use formats::label::Tlp;
use post::openpgp::protect::{Protection, autocrypt, protect, unaddressed};
use post::openpgp::{Certificate, Purpose, SecretKey};

use super::directory::{self, Entry};
use super::own::{self, MailKey};
use super::seen::Line;
use crate::{App, Error, Result};

/// How a writer wants a mail to leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// As the rule says.
    #[default]
    Rule,
    /// Encrypted and signed.
    Both,
    /// Encrypted only.
    Encrypt,
    /// Signed only.
    Sign,
    /// Neither.
    Clear,
}

impl Choice {
    /// Name and title of each, for forms.
    pub const ALL: [(&str, &str); 5] = [
        ("", "As the rule says"),
        ("both", "Encrypted and signed"),
        ("encrypt", "Encrypted, not signed"),
        ("sign", "Signed, not encrypted"),
        ("clear", "Neither encrypted nor signed"),
    ];

    /// The choice of that name; what is not known is the rule.
    pub fn named(name: &str) -> Self {
        match name {
            "both" => Self::Both,
            "encrypt" => Self::Encrypt,
            "sign" => Self::Sign,
            "clear" => Self::Clear,
            _ => Self::Rule,
        }
    }
}

/// How a mail leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Protect {
    /// Signed with the mail key: its fingerprint.
    pub sign: Option<String>,
    /// Encrypted to this key alone: fingerprint, and the certificate in armor.
    pub to: Option<(String, String)>,
}

impl Protect {
    /// Whether only the recipient can read it.
    pub fn encrypts(&self) -> bool {
        self.to.is_some()
    }

    /// As the ledger says it; empty when it is neither.
    pub fn in_words(&self) -> String {
        let sign = self.sign.as_ref().map(|key| format!("signed with {key}"));
        let to = self.to.as_ref().map(|(key, _)| format!("encrypted to {key}"));
        [to, sign].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// What the rule makes of a choice, and what stands against it.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// How it leaves.
    pub protect: Protect,
    /// For the page: what is protected from whom.
    pub lines: Vec<Line>,
    /// Why it may not leave like this, each a finished line.
    pub against: Vec<String>,
}

/// What a mail is weighed by.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// To which address.
    pub address: &'a str,
    /// What the writer chose.
    pub choice: Choice,
    /// The label that counts.
    pub label: Tlp,
    /// What it answers came encrypted.
    pub answers_encrypted: bool,
}

/// Whether a label may leave in clear by mail: RED never does, whatever the profile says.
pub fn must_encrypt(app: &App, label: Tlp) -> bool {
    label > app.profile.labels.ceiling.mail.min(Tlp::AmberStrict)
}

/// Why something of this label does not go onto a page whose link anybody on the way of a mail may have read.
pub fn open_link(page: &str, label: Tlp) -> String {
    let label = label.marking();
    format!(
        "The link to {page} went out in a mail that anybody on its way can read, and {label} may not be shown behind it: have that link ended, issue a new one and hand it over another way."
    )
}

/// Plans how a mail leaves, without letting anything out.
pub async fn plan(reader: &mut Reader, app: &App, wish: &Wish<'_>) -> Result<Plan> {
    let mut plan = Plan::default();
    let best = directory::of_address(reader, wish.address).await?.into_iter().find(|one| matches!(one.binding.state.as_str(), "verified" | "unverified"));
    let must = must_encrypt(app, wish.label);
    let wanted = match wish.choice {
        Choice::Both | Choice::Encrypt => true,
        Choice::Sign | Choice::Clear => false,
        Choice::Rule => must || wish.answers_encrypted || best.as_ref().is_some_and(|one| one.binding.state == "verified" || one.binding.is_entered()),
    };
    if wanted {
        encrypt(app, wish, best, must, &mut plan).await;
    } else if must {
        plan.against.push(format!("{} never leaves unencrypted by mail: encrypt it, or put it on the page.", wish.label.marking()));
    } else {
        plan.lines.push(Line { state: "held", text: "Not encrypted: whoever carries this mail can read it.".into() });
    }
    sign(reader, app, wish, &mut plan).await?;
    Ok(plan)
}

async fn encrypt(app: &App, wish: &Wish<'_>, best: Option<Entry>, must: bool, plan: &mut Plan) {
    let why = if must {
        format!(" {} never leaves unencrypted by mail.", wish.label.marking())
    } else if wish.answers_encrypted && wish.choice == Choice::Rule {
        " What it answers came encrypted; if it may go in clear, choose that.".to_owned()
    } else {
        String::new()
    };
    let Some(one) = best else {
        plan.against.push(format!("No OpenPGP key of {} is known, so nothing can be encrypted to it.{why}", wish.address));
        return;
    };
    if let Err(error) = usable(app, &one.key.armored).await {
        plan.against.push(format!(
            "Nothing can be encrypted to {}: {error} ({}).{why} Take in a newer key under Keys, or put the message on its page.",
            wish.address,
            one.key.grouped()
        ));
        return;
    }
    let verified = one.binding.state == "verified";
    if must && !verified && !one.binding.is_entered() {
        plan.against.push(format!(
            "The key of {} came by itself with a mail, and nobody has compared its fingerprint ({}): verify it before {} goes there.",
            wish.address,
            one.key.grouped(),
            wish.label.marking()
        ));
        return;
    }
    let known = if verified { format!("verified: {}", one.binding.note) } else { format!("not verified, {}", one.binding.source_word()) };
    let text = format!("Encrypted: text, subject and files can be read by the holder of the key {} alone ({known}).", one.key.grouped());
    plan.lines.push(Line { state: if verified { "ok" } else { "held" }, text });
    let outside = "On the way anybody sees from whom, to whom and when it goes, its size, and the number in the subject.";
    plan.lines.push(Line { state: "held", text: outside.into() });
    plan.protect.to = Some((one.key.fingerprint, one.key.armored));
}

/// Whether something can be encrypted to a correspondent's key now; why not. A stranger made it: another process reads it,
/// and tries.
async fn usable(app: &App, armored: &str) -> Result<(), String> {
    let found = app.sealer.keys(armored.as_bytes(), app.now()).await.map_err(|error| error.to_string())?;
    match found.first() {
        Some(key) if key.not_to.is_empty() => Ok(()),
        Some(key) => Err(format!("the key of {} {}", key.name, key.not_to)),
        None => Err("its key cannot be read".into()),
    }
}

async fn sign(reader: &mut Reader, app: &App, wish: &Wish<'_>, plan: &mut Plan) -> Result<()> {
    let asked = matches!(wish.choice, Choice::Both | Choice::Sign);
    if matches!(wish.choice, Choice::Encrypt | Choice::Clear) {
        return Ok(());
    }
    let Some(key) = own::current(reader).await? else {
        if asked {
            plan.against.push("The server holds no mail key, so nothing can be signed.".into());
        }
        return Ok(());
    };
    let trouble = trouble(&key, app);
    if trouble.is_empty() {
        plan.lines.push(Line { state: "ok", text: format!("Signed with our mail key {}, which the server holds.", key.grouped()) });
        plan.protect.sign = Some(key.fingerprint);
    } else if asked {
        plan.against.push(format!("Nothing can be signed: {trouble}."));
    } else {
        plan.lines.push(Line { state: "held", text: format!("Not signed: {trouble}.") });
    }
    Ok(())
}

/// Why our key may not sign now; empty when it may.
fn trouble(key: &MailKey, app: &App) -> String {
    let usable = Certificate::read_one(key.armored.as_bytes()).and_then(|cert| cert.must(Purpose::Sign, app.now()));
    usable.err().map(|error| error.to_string()).unwrap_or_default()
}

/// A composed mail as it leaves: with our key for whoever wants to answer (Autocrypt), protected as planned.
/// `outside` is the subject that anybody may read.
pub async fn seal(tx: &mut Tx, app: &App, mail: Vec<u8>, how: &Protect, outside: &str) -> Result<Vec<u8>> {
    let keys = own::all(tx).await?;
    let mut mail = mail;
    if let Some(current) = keys.iter().find(|key| key.is_current())
        && let Some(team) = &app.profile.mail
    {
        let cert = Certificate::read_one(current.armored.as_bytes()).map_err(Error::fault)?;
        let field = format!("Autocrypt: {}\r\n", autocrypt(&team.from_address, &cert).map_err(Error::fault)?);
        mail.splice(..0, field.into_bytes());
    }
    let key = match &how.sign {
        Some(fingerprint) => {
            let held = keys.iter().find(|key| key.fingerprint == *fingerprint).ok_or_else(|| Error::conflict("The mail key was taken away meanwhile."))?;
            Some(SecretKey::read(own::secret(tx, app, held).await?.as_bytes()).map_err(Error::fault)?)
        }
        None => None,
    };
    let (at, seed) = (tx.now(), tx.random());
    let stopped = |error: &dyn std::fmt::Display| Error::conflict(format!("Nothing left the house: {error}."));
    let sign = key.as_ref().map(|key| (key, ""));
    let Some((_, armored)) = &how.to else {
        return protect(&mail, &Protection { sign, ..Protection::default() }, at, seed).map_err(|error| stopped(&error));
    };
    let open = unaddressed(&mail, sign, outside, at, seed).map_err(|error| stopped(&error))?;
    // The recipient's key is a stranger's: only a process of its own takes it apart, and gets the key of this one mail.
    let head = app.sealer.apart().wrap(open.session_key(), armored, at, open.seed()).await.map_err(|error| stopped(&error))?;
    Ok(open.addressed(&head))
}
