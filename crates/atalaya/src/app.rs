//! The program's parts, put together once at start and handed to everything that runs.

use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use store::{Blobs, Clock, Db, Migration};
use tokio::sync::watch;
use vault::key::InstanceKey;
use vault::log::Checkpoint;

use crate::profile::Profile;
use crate::text::Languages;
use crate::{Error, Result};

/// The schema's steps, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "0001_start", text: include_str!("../migrations/0001_start.sql") },
    Migration { name: "0002_indexes", text: include_str!("../migrations/0002_indexes.sql") },
    Migration { name: "0003_mends", text: include_str!("../migrations/0003_mends.sql") },
    Migration { name: "0004_mails_unplaced", text: include_str!("../migrations/0004_mails_unplaced.sql") },
    Migration { name: "0005_outgoing", text: include_str!("../migrations/0005_outgoing.sql") },
    Migration { name: "0006_unread", text: include_str!("../migrations/0006_unread.sql") },
    Migration { name: "0007_covering", text: include_str!("../migrations/0007_covering.sql") },
    Migration { name: "0008_links", text: include_str!("../migrations/0008_links.sql") },
    Migration { name: "0010_sealed", text: include_str!("../migrations/0010_sealed.sql") },
    Migration { name: "0011_quick", text: include_str!("../migrations/0011_quick.sql") },
    Migration { name: "0012_sealed_pages", text: include_str!("../migrations/0012_sealed_pages.sql") },
    Migration { name: "0013_openpgp", text: include_str!("../migrations/0013_openpgp.sql") },
    Migration { name: "0014_sealed_sums", text: include_str!("../migrations/0014_sealed_sums.sql") },
    Migration { name: "0015_loose_blobs", text: include_str!("../migrations/0015_loose_blobs.sql") },
    Migration { name: "0016_said", text: include_str!("../migrations/0016_said.sql") },
    Migration { name: "0017_doubts", text: include_str!("../migrations/0017_doubts.sql") },
    Migration { name: "0018_journal", text: include_str!("../migrations/0018_journal.sql") },
    Migration { name: "0019_link_in_clear", text: include_str!("../migrations/0019_link_in_clear.sql") },
    Migration { name: "0021_sightings_key", text: include_str!("../migrations/0021_sightings_key.sql") },
    Migration { name: "0022_reading", text: include_str!("../migrations/0022_reading.sql") },
    Migration { name: "0023_bounds", text: include_str!("../migrations/0023_bounds.sql") },
    Migration { name: "0024_parties", text: include_str!("../migrations/0024_parties.sql") },
    Migration { name: "0025_owner", text: include_str!("../migrations/0025_owner.sql") },
    Migration { name: "0026_watched", text: include_str!("../migrations/0026_watched.sql") },
    Migration { name: "0027_once", text: include_str!("../migrations/0027_once.sql") },
    Migration { name: "0030_events", text: include_str!("../migrations/0030_events.sql") },
    Migration { name: "0031_notices", text: include_str!("../migrations/0031_notices.sql") },
    Migration { name: "0032_event_mends", text: include_str!("../migrations/0032_event_mends.sql") },
    Migration { name: "0033_after_end", text: include_str!("../migrations/0033_after_end.sql") },
    Migration { name: "0035_sealed_waits", text: include_str!("../migrations/0035_sealed_waits.sql") },
    Migration { name: "0037_event_table", text: include_str!("../migrations/0037_event_table.sql") },
    Migration { name: "0038_event_originals", text: include_str!("../migrations/0038_event_originals.sql") },
    Migration { name: "0039_held_resources", text: include_str!("../migrations/0039_held_resources.sql") },
    Migration { name: "0040_queue", text: include_str!("../migrations/0040_queue.sql") },
    Migration { name: "0041_unread", text: include_str!("../migrations/0041_unread.sql") },
    Migration { name: "0042_placed", text: include_str!("../migrations/0042_placed.sql") },
    Migration { name: "0043_asked", text: include_str!("../migrations/0043_asked.sql") },
    Migration { name: "0045_sealed_to", text: include_str!("../migrations/0045_sealed_to.sql") },
    Migration { name: "0050_event_mends", text: include_str!("../migrations/0050_event_mends.sql") },
    Migration { name: "0055_addresses", text: include_str!("../migrations/0055_addresses.sql") },
    Migration { name: "0056_reads", text: include_str!("../migrations/0056_reads.sql") },
    Migration { name: "0057_names", text: include_str!("../migrations/0057_names.sql") },
    Migration { name: "0058_unread_sealed", text: include_str!("../migrations/0058_unread_sealed.sql") },
    Migration { name: "0059_calendars", text: include_str!("../migrations/0059_calendars.sql") },
    Migration { name: "0060_phone", text: include_str!("../migrations/0060_phone.sql") },
    Migration { name: "0061_ranges", text: include_str!("../migrations/0061_ranges.sql") },
    Migration { name: "0062_publications", text: include_str!("../migrations/0062_publications.sql") },
    Migration { name: "0063_sealed_mends", text: include_str!("../migrations/0063_sealed_mends.sql") },
    Migration { name: "0064_readers", text: include_str!("../migrations/0064_readers.sql") },
    Migration { name: "0065_registrations", text: include_str!("../migrations/0065_registrations.sql") },
    Migration { name: "0066_warnings", text: include_str!("../migrations/0066_warnings.sql") },
    Migration { name: "0067_mail_turns", text: include_str!("../migrations/0067_mail_turns.sql") },
    Migration { name: "0068_csaf", text: include_str!("../migrations/0068_csaf.sql") },
    Migration { name: "0070_made_from_events", text: include_str!("../migrations/0070_made_from_events.sql") },
    Migration { name: "0071_reader_mends", text: include_str!("../migrations/0071_reader_mends.sql") },
    Migration { name: "0072_given_reasons", text: include_str!("../migrations/0072_given_reasons.sql") },
    Migration { name: "0073_event_totals", text: include_str!("../migrations/0073_event_totals.sql") },
    Migration { name: "0075_ended_readers", text: include_str!("../migrations/0075_ended_readers.sql") },
    Migration { name: "0076_source_holders", text: include_str!("../migrations/0076_source_holders.sql") },
    Migration { name: "0082_product_names", text: include_str!("../migrations/0082_product_names.sql") },
    Migration { name: "0083_about", text: include_str!("../migrations/0083_about.sql") },
    Migration { name: "0084_untold", text: include_str!("../migrations/0084_untold.sql") },
    Migration { name: "0085_case_selections", text: include_str!("../migrations/0085_case_selections.sql") },
    Migration { name: "0086_claim_severity", text: include_str!("../migrations/0086_claim_severity.sql") },
    Migration { name: "0087_said_kind", text: include_str!("../migrations/0087_said_kind.sql") },
    Migration { name: "0088_arrivals_known", text: include_str!("../migrations/0088_arrivals_known.sql") },
];

/// What the program is started with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The team profile.
    pub profile: Profile,
    /// The folder that holds everything but the key.
    pub data: PathBuf,
    /// The instance's key file, outside of `data`.
    pub key: PathBuf,
    /// The database, if it is not the embedded one in `data`.
    pub database: Option<String>,
    /// Where time comes from.
    pub clock: Clock,
    /// The program that reads mail as a child; this one, if it is not said.
    pub program: Option<PathBuf>,
}

/// Types of RSIT as `fraud/phishing`, and the address of a page for everybody about each.
pub type Guides = std::collections::BTreeMap<String, String>;

/// The running program. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What [`App`] points to.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Raw originals, attachments, mails.
    pub blobs: Blobs,
    /// Files of reports that are still being written: sealed, and gone after an hour.
    pub uploads: vault::blob::Store,
    /// The instance's key.
    pub key: InstanceKey,
    /// The team.
    pub profile: Profile,
    /// Texts in every language.
    pub languages: Languages,
    /// The folder that holds everything but the key.
    pub data: PathBuf,
    /// How promises were kept, until something changes or a minute passes.
    pub shares: crate::clocks::Shares,
    /// Whether there are keys of ours to show, and since when that is known.
    pub own_keys: std::sync::Mutex<Option<(jiff::Timestamp, bool)>>,
    /// How often programs called.
    pub callers: crate::api::Callers,
    /// The way that mails go.
    pub outbox: crate::outbox::Memory,
    /// What is public, and pages made from it.
    pub publications: crate::publications::Memory,
    /// Uploads of sealed reports, and how many there were.
    pub sealed: crate::sealed::Memory,
    /// The lake of events, once it is open.
    pub events: crate::events::lake::Memory,
    /// Reads hostile mail in child processes.
    pub reader: post::child::Reader,
    /// Takes hostile OpenPGP apart in the same child processes.
    pub opener: post::child::Opener,
    /// Reads the keys of correspondents and wraps for them, in children of its own: who waits for one holds the database.
    pub sealer: post::child::Opener,
    /// Becomes true when the program ends.
    pub stop: watch::Sender<bool>,
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("db", &self.0.db).finish_non_exhaustive()
    }
}

impl App {
    /// Opens the data folder (made if it is not there), the key and the database, and brings the schema up to date.
    pub async fn open(settings: Settings) -> Result<Self> {
        own_folder(&settings.data).map_err(|error| Error::fault(format!("{}: {error}", settings.data.display())))?;
        let url = settings.database.clone().unwrap_or_else(|| settings.data.join("atalaya.db").display().to_string());
        let db = Db::open(&url, settings.clock.clone()).await?;
        db.migrate(MIGRATIONS).await?;
        let head = db.read().await?.journal_head().await?;
        if head == 0 {
            InstanceKey::load_or_create(&settings.key)?;
        }
        let key = key_of(&db, &settings.key, &settings.data).await?;
        let blobs = Blobs::open(&settings.data.join("blobs"), key.clone())?;
        let uploads = vault::blob::Store::open(settings.data.join("uploads"), key.clone())?;
        let program = settings.program.map_or_else(std::env::current_exe, Ok).map_err(Error::fault)?;
        let authserv_id = settings.profile.mail.as_ref().and_then(|mail| mail.authserv_id.clone());
        let limits = post::letter::Limits { authserv_id, ..post::letter::Limits::default() };
        let pool = |workers| Arc::new(post::child::Pool::new(program.clone(), vec!["opener".into()], workers));
        let (children, sealers) = (pool(3), pool(2));
        let reader = post::child::Reader::over(children.clone()).with_limits(limits);
        let opener = post::child::Opener::over(children);
        let sealer = post::child::Opener::over(sealers).with_patience(Duration::from_secs(5));
        let languages = Languages::load(&settings.profile.languages);
        let parts = Parts {
            db,
            blobs,
            uploads,
            key,
            languages,
            profile: settings.profile,
            data: settings.data,
            shares: crate::clocks::Shares::default(),
            own_keys: std::sync::Mutex::default(),
            callers: crate::api::Callers::default(),
            outbox: crate::outbox::Memory::default(),
            publications: crate::publications::Memory::default(),
            sealed: crate::sealed::Memory::default(),
            events: crate::events::lake::Memory::default(),
            reader,
            opener,
            sealer,
            stop: watch::Sender::new(false),
        };
        let app = Self(Arc::new(parts));
        app.db.announce(head);
        Ok(app)
    }

    /// Where everybody reads the team's guidance, for each type of RSIT that has some: for rooms that publications look at, and that
    /// may not look back.
    pub async fn guides(&self) -> Result<Guides> {
        crate::publications::guides(self).await
    }

    /// Now, as the program's clock says.
    pub fn now(&self) -> jiff::Timestamp {
        self.db.clock().now()
    }
}

/// The key of this installation. It is made at the first start and never again: with another key nothing that
/// is kept could be opened, and what is written from then on would be lost with the right one.
pub(crate) async fn key_of(db: &Db, file: &Path, data: &Path) -> Result<InstanceKey> {
    let (key, data) = (file.display(), data.display());
    if !file.exists() {
        return Err(Error::fault(format!("the key file {key} is not there, and what {data} holds was sealed with it: put it back, or name it with --key")));
    }
    let own = InstanceKey::load(file)?;
    if let Some(note) = crate::journal::newest_note(db).await?
        && Checkpoint::parse_and_verify(&note, &own.public_line(crate::journal::ORIGIN)?).is_err()
    {
        return Err(Error::fault(format!("{key} is the key of another installation than {data}: name the right one with --key")));
    }
    Ok(own)
}

/// A folder that only the user of the program can look into, whatever its files allow.
fn own_folder(path: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    let mode = std::fs::metadata(path)?.permissions().mode();
    let own = mode & !0o077;
    if mode == own { Ok(()) } else { std::fs::set_permissions(path, std::fs::Permissions::from_mode(own)) }
}
