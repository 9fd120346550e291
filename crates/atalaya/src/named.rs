//! Which rows name a blob. The same bytes are kept once, whoever brought them: a room that lets go of its own asks here
//! whether they are somebody else's, too.

use store::{Reader, Result, Statement};
use vault::blob::Hash;

/// What names blobs. Not all of it can be checked (what a ledger row's hash was made of is not kept), and not all is
/// evidence (keys, pages).
const NAMES: [&str; 16] = [
    "select blob from mails where blob in (",
    "select raw from reports where raw in (",
    "select blob from report_files where blob in (",
    "select raw from messages where raw in (",
    "select blob from message_files where blob in (",
    "select raw from outbox where raw in (",
    "select body from sealed_envelopes where body in (",
    "select content from ledger where content in (",
    "select page from sealed_pages where page in (",
    "select secret from openpgp_mail_keys where secret in (",
    "select sha256 from event_files where let_go_at is null and sha256 in (",
    "select content from notices where content in (",
    "select csv from notices where csv in (",
    "select content from warnings where content in (",
    "select list from notice_standing where list in (",
    "select raw from publication_origins where raw in (",
];

/// Which of these blobs a row names.
pub async fn named(reader: &mut Reader, hashes: &[Hash]) -> Result<Vec<Hash>> {
    among(reader, &NAMES, hashes).await
}

/// The same, and those that came for something unsent: the sweep asks for these.
pub async fn held(reader: &mut Reader, hashes: &[Hash]) -> Result<Vec<Hash>> {
    let mut held = named(reader, hashes).await?;
    held.extend(among(reader, &["select hash from loose_blobs where hash in ("], hashes).await?);
    Ok(held)
}

async fn among(reader: &mut Reader, texts: &[&'static str], hashes: &[Hash]) -> Result<Vec<Hash>> {
    let mut found = Vec::new();
    for text in texts.iter().filter(|_| !hashes.is_empty()) {
        let mut statement = Statement::new(text);
        statement.bind_list(hashes.iter().map(|hash| (*hash).into())).push(")");
        found.extend(reader.select::<(Hash,)>(statement).await?.into_iter().map(|(hash,)| hash));
    }
    Ok(found)
}
