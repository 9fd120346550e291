//! Cases: what we coordinate.

use store::{Id, Kept, Reader, Tx};

use crate::access::Who;
use crate::{App, Result};

/// How many open cases this viewer may see; counted up to 1001.
pub async fn count_open(reader: &mut Reader, who: &Who) -> Result<i64> {
    let _ = who;
    Ok(reader.count("select count(*) from (select 1 as one from cases where state = 'open' limit 1001) open_cases", vec![]).await?)
}

/// An answer from outside on its way into a party's thread.
#[derive(Clone, Debug)]
pub struct Answer {
    /// `mail`, `portal`, `phone`.
    pub channel: &'static str,
    /// Subject, or empty.
    pub subject: String,
    /// The new words, without what they quote.
    pub body: String,
    /// The original.
    pub raw: Option<Kept>,
    /// Its `Message-ID`.
    pub mail_message_id: Option<String>,
    /// What it answers.
    pub in_reply_to: Option<String>,
    /// Attachments.
    pub files: Vec<crate::reports::NewFile>,
    /// An automatic reply: shown, but nobody is woken.
    pub automatic: bool,
}

/// Puts an answer into the thread of a party. Says the message's id.
pub async fn receive_answer(tx: &mut Tx, app: &App, party: Id, answer: Answer) -> Result<Id> {
    let _ = (tx, app, party, answer);
    Err(crate::Error::fault("not built"))
}
