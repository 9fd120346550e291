//! Fetches mail from a hosted mailbox (`IMAP4rev1`, RFC 3501). A mail is looked at without
//! being marked; marking or moving it is a verb of its own, for when it is kept. The server is
//! a stranger: its answers are bounded in size and time, and whatever goes wrong is one line.
//!
//! Only the dozen answers that this needs are understood, by their words, without recursion.
//! An answer that the server cut short or refused is never taken for an empty one.

mod connect;
pub(crate) mod wire;
pub(crate) mod words;

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout, timeout_at};

use self::wire::{Response, Wire};
use self::words::{is_about, number_after, quoted, shown};

pub use self::connect::{Server, Tls, connect};

/// For one command and its answer.
const COMMAND: Duration = Duration::from_mins(1);
/// For the whole of one mail.
const MAIL: Duration = Duration::from_mins(15);
/// An IDLE is asked for anew after this; firewalls forget what is silent for longer.
const IDLE: Duration = Duration::from_mins(9);
/// Bytes of an answer that holds no mail.
const SMALL: usize = 256 * 1024;
/// Bytes of a list of mails: some 400,000 of them.
const LIST: usize = 4 * 1024 * 1024;

/// Something went wrong with the server, in one line. `refused`: it understood and said no; the
/// session goes on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Trouble {
    pub refused: bool,
    pub text: String,
}

type Result<T> = std::result::Result<T, Trouble>;

impl Trouble {
    fn away(text: impl Into<String>) -> Self {
        Self { refused: false, text: text.into() }
    }
}

/// A folder as it was when it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folder {
    /// UIDVALIDITY: with another value, numbers mean other mails.
    pub validity: u32,
    /// UIDNEXT: what comes later has this number or a higher one. Not every server says it.
    pub next: Option<u32>,
}

/// A connection that is logged in.
pub struct Session {
    wire: Wire,
    tags: u32,
    /// What the server can do, in capitals.
    abilities: Vec<String>,
    /// Whether a mail was announced since the last list.
    news: bool,
    /// Between two looks at a server that does not know IDLE.
    poll: Duration,
}

/// What a command brought: the lines that came with it, and the words of its end.
struct Answer {
    rows: Vec<Response>,
    said: String,
}

impl Session {
    /// Opens a folder to read and mark.
    pub async fn select(&mut self, folder: &str) -> Result<Folder> {
        let answer = self.ask(&format!("SELECT {}", quoted(folder)), SMALL, COMMAND).await?;
        if answer.said.to_ascii_uppercase().contains("[READ-ONLY]") {
            return Err(Trouble::away(format!("the folder {folder:?} may only be read, and mails in it must be marked")));
        }
        let said = |name| answer.rows.iter().find_map(|row| number_after(&row.text, name));
        let validity = said("[UIDVALIDITY").ok_or_else(|| Trouble::away(format!("the folder {folder:?} has no UIDVALIDITY")))?;
        Ok(Folder { validity, next: said("[UIDNEXT") })
    }

    /// The numbers (UID) of mails that came after this one, ascending.
    pub async fn after(&mut self, uid: u32) -> Result<Vec<u32>> {
        // The star is the last mail, which comes even if it is older than that.
        let mut found = self.search(&format!("UID {}:*", uid.saturating_add(1))).await?;
        found.retain(|one| *one > uid);
        Ok(found)
    }

    /// The numbers of mails that nobody has seen, ascending.
    pub async fn unseen(&mut self) -> Result<Vec<u32>> {
        self.search("UNSEEN").await
    }

    async fn search(&mut self, what: &str) -> Result<Vec<u32>> {
        self.news = false;
        let answer = self.ask(&format!("UID SEARCH {what}"), LIST, COMMAND).await?;
        let lists = answer.rows.iter().filter_map(|row| row.text.strip_prefix("SEARCH"));
        let mut found: Vec<u32> = lists.flat_map(|list| list.split_ascii_whitespace().filter_map(|word| word.parse().ok())).collect();
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// How large a mail is, as the server says. `None`: it is there no more.
    pub async fn size(&mut self, uid: u32) -> Result<Option<usize>> {
        let answer = self.ask(&format!("UID FETCH {uid} (UID RFC822.SIZE)"), SMALL, COMMAND).await?;
        let Some(row) = answer.rows.iter().find(|row| is_about(&row.text, uid)) else { return Ok(None) };
        let size = number_after(&row.text, "RFC822.SIZE").and_then(|size: u64| usize::try_from(size).ok());
        size.map(Some).ok_or_else(|| Trouble::away(format!("the server does not say how large the mail {uid} is")))
    }

    /// The first `most` bytes of a mail, unmarked. `None`: it is there no more.
    pub async fn mail(&mut self, uid: u32, most: usize) -> Result<Option<Vec<u8>>> {
        self.bytes(uid, &format!("BODY.PEEK[]<0.{most}>"), most).await
    }

    /// The first `most` bytes of a mail's header, unmarked.
    pub async fn header(&mut self, uid: u32, most: usize) -> Result<Option<Vec<u8>>> {
        self.bytes(uid, &format!("BODY.PEEK[HEADER]<0.{most}>"), most).await
    }

    async fn bytes(&mut self, uid: u32, part: &str, most: usize) -> Result<Option<Vec<u8>>> {
        let answer = self.ask(&format!("UID FETCH {uid} (UID {part})"), most.saturating_add(SMALL), MAIL).await?;
        // A change of marks may be told of the same mail, in a line of its own.
        let mut rows = answer.rows.into_iter().filter(|row| is_about(&row.text, uid)).peekable();
        if rows.peek().is_none() {
            return Ok(None);
        }
        let bytes = rows.find_map(Response::bytes).filter(|bytes| bytes.len() <= most);
        bytes.map(Some).ok_or_else(|| Trouble { refused: true, text: format!("the server does not hand out the mail {uid}") })
    }

    /// Marks a mail as seen.
    pub async fn mark_seen(&mut self, uid: u32) -> Result<()> {
        self.ask(&format!("UID STORE {uid} +FLAGS.SILENT (\\Seen)"), SMALL, COMMAND).await.map(drop)
    }

    /// Moves a mail to another folder, which is made if it is missing.
    pub async fn move_to(&mut self, uid: u32, folder: &str) -> Result<()> {
        let folder = quoted(folder);
        let verb = if self.can("MOVE") { "MOVE" } else { "COPY" };
        let command = format!("UID {verb} {uid} {folder}");
        match self.ask(&command, SMALL, COMMAND).await {
            Err(trouble) if trouble.refused && trouble.text.contains("[TRYCREATE]") => {
                self.ask(&format!("CREATE {folder}"), SMALL, COMMAND).await?;
                self.ask(&command, SMALL, COMMAND).await?;
            }
            other => drop(other?),
        }
        if verb == "COPY" {
            self.ask(&format!("UID STORE {uid} +FLAGS.SILENT (\\Deleted)"), SMALL, COMMAND).await?;
            // Without UIDPLUS only all deleted mails can be expunged, those of others too.
            if self.can("UIDPLUS") {
                self.ask(&format!("UID EXPUNGE {uid}"), SMALL, COMMAND).await?;
            }
        }
        Ok(())
    }

    /// Waits until the folder is worth another look: a mail was announced, or some time went by.
    pub async fn wait(&mut self) -> Result<()> {
        if self.news {
            return Ok(());
        }
        if !self.can("IDLE") {
            sleep(self.poll).await;
            return Ok(());
        }
        let tag = self.begin("IDLE").await?;
        let begun = async {
            let mut room = SMALL;
            loop {
                let response = self.wire.response(&mut room).await?;
                if response.text.starts_with('+') {
                    return Ok(());
                }
                if response.text.starts_with(&tag) {
                    return Err(Trouble::away(format!("the server refuses IDLE: {}", shown(&response.text))));
                }
                self.news |= announces(&response);
            }
        };
        in_time(COMMAND, begun).await?;
        let until = Instant::now() + IDLE;
        // Whether something comes is asked apart from reading it: no half line is lost at the end.
        while !self.news && Instant::now() < until && timeout_at(until, self.wire.ready()).await.is_ok() {
            let response = in_time(COMMAND, self.wire.response(&mut { SMALL })).await?;
            if let Some(bye) = goodbye(&response) {
                return Err(bye);
            }
            self.news |= announces(&response);
        }
        in_time(COMMAND, async {
            self.wire.send("DONE").await?;
            self.answer(&tag, SMALL).await.map(drop)
        })
        .await
    }

    fn can(&self, ability: &str) -> bool {
        self.abilities.iter().any(|known| known == ability)
    }

    async fn ask(&mut self, command: &str, room: usize, limit: Duration) -> Result<Answer> {
        in_time(limit, async {
            let tag = self.begin(command).await?;
            self.answer(&tag, room).await
        })
        .await
    }

    async fn begin(&mut self, command: &str) -> Result<String> {
        self.tags = self.tags.wrapping_add(1);
        let tag = format!("a{} ", self.tags);
        self.wire.send(&format!("{tag}{command}")).await?;
        Ok(tag)
    }

    /// Reads up to the line that ends the command with this tag.
    async fn answer(&mut self, tag: &str, mut room: usize) -> Result<Answer> {
        let mut rows = Vec::new();
        loop {
            let mut response = self.wire.response(&mut room).await?;
            if let Some(end) = response.text.strip_prefix(tag) {
                let (word, said) = end.split_once(' ').unwrap_or((end, ""));
                return match word.to_ascii_uppercase().as_str() {
                    "OK" => Ok(Answer { rows, said: said.to_owned() }),
                    "NO" | "BAD" => Err(Trouble { refused: true, text: format!("the server says: {}", shown(said)) }),
                    _ => Err(Trouble::away(format!("the server does not speak IMAP: {}", shown(end)))),
                };
            }
            if let Some(bye) = goodbye(&response) {
                return Err(bye);
            }
            self.news |= announces(&response);
            if let Some(row) = response.text.strip_prefix("* ") {
                response.text = row.to_owned();
                rows.push(response);
            }
        }
    }
}

/// `* 5 EXISTS`: the folder has so many mails now.
fn announces(response: &Response) -> bool {
    response.text.starts_with("* ") && response.text.to_ascii_uppercase().ends_with(" EXISTS")
}

fn goodbye(response: &Response) -> Option<Trouble> {
    let said = response.text.strip_prefix("* BYE")?;
    Some(Trouble::away(format!("the server ends the session: {}", shown(said.trim()))))
}

/// No wait is without an end.
async fn in_time<T>(limit: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    timeout(limit, work).await.unwrap_or_else(|_| Err(Trouble::away(format!("the server did not answer within {} seconds", limit.as_secs()))))
}
