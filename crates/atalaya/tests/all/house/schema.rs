//! The schema, made once on each database and copied for each house: its steps take longer than most stories.

use std::path::Path;
use std::sync::OnceLock;

use atalaya::app::MIGRATIONS;
use store::{Clock, Db};

use super::postgres;

/// The database that others are copied from.
const SCHEMA: &str = "schema";
static FILE: OnceLock<Vec<u8>> = OnceLock::new();
static MADE: OnceLock<()> = OnceLock::new();

/// The embedded database in this folder, which is made.
pub fn begin_in(folder: &Path) {
    let file = FILE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (made, copied) = (folder.path().join("made.db").display().to_string(), folder.path().join("copied.db").display().to_string());
        let whole = copied.clone();
        apart(async move {
            let db = migrated(&made).await;
            db.copy_to(&whole).await.expect("a whole copy");
            db.close().await;
        });
        std::fs::read(copied).expect("the copy")
    });
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join("atalaya.db"), file).expect("the embedded database");
}

/// The address of a new database of the server that has the schema and nothing in it.
pub fn new_database() -> String {
    let server = postgres::server();
    MADE.get_or_init(|| {
        let address = server.database_of(SCHEMA, "template1");
        // Nobody is connected to it afterwards, or it could not be copied.
        apart(async move { migrated(&address).await.close().await });
    });
    server.copy_of(SCHEMA)
}

async fn migrated(address: &str) -> Db {
    let db = Db::open(address, Clock::manual(super::instant(super::MORNING))).await.expect("a database");
    db.migrate(MIGRATIONS).await.expect("the schema");
    db
}

/// On a thread of its own: whichever story comes first makes it for all others.
fn apart(work: impl Future<Output = ()> + Send + 'static) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    std::thread::spawn(move || runtime.block_on(work)).join().expect("the schema is made");
}
