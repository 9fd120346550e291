//! `atalaya verify`: checks the journal, its checkpoints and the blobs, without a server.

use clap::Args;
use store::{Blobs, Clock, Db};
use vault::key::InstanceKey;

use crate::commands::{Ended, Place, say};
use crate::journal;

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    place: Place,
    /// Check the journal only, not the blobs
    #[arg(long)]
    journal_only: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Verify {
    /// Ends with 0 when everything is as it was written, 1 with the first bad record's name.
    pub async fn run(self) -> Result<(), Ended> {
        let database = self.place.database_url()?;
        if !self.place.is_server()? && !std::path::Path::new(database.strip_prefix("sqlite:").unwrap_or(&database)).exists() {
            return Err(Ended { code: 2, text: format!("{database}: there is no database") });
        }
        let key = InstanceKey::load(self.place.key_file())?;
        let db = Db::open(&database, Clock::System).await?;
        let blobs = Blobs::open(&self.place.data.join("blobs"), key.clone())?;
        match journal::check(&db, &blobs, &key, !self.journal_only).await? {
            Ok(checked) => {
                let journal::Checked { entries, signed, erased, blobs, files } = checked;
                say(&if self.json {
                    serde_json::json!({ "sound": true, "entries": entries, "signed": signed, "erased": erased, "blobs": blobs, "files": files }).to_string()
                } else {
                    format!(
                        "Sound: {entries} journal entries ({signed} under a signed checkpoint, {erased} with erased particulars), {blobs} blobs ({files} of them files, the others in the database)."
                    )
                });
                Ok(())
            }
            Err(journal::Unsound { record, why }) => {
                if self.json {
                    say(&serde_json::json!({ "sound": false, "record": record, "why": why }).to_string());
                }
                Err(Ended { code: 1, text: format!("Not sound: {record}: {why}") })
            }
        }
    }
}
