//! Which mails go first, and how many to one domain in a minute.
//!
//! A receiving server slows down whoever floods it, and then slows down everything: so a domain gets so many mails a minute, and
//! the others wait their turn without holding up those to other domains. What is put off gets a minute of its own, so that no
//! mail is looked at again and again while ten thousand wait.

use ::store::{Tx, args};
use jiff::Timestamp;

/// Which mails go first where many wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    /// From one person to another, receipts, notices.
    #[default]
    Letter,
    /// Of alerts.
    Alert,
    /// Of advisories, and of all else that is published.
    Advisory,
    /// What came in a day or a week.
    Digest,
}

impl Turn {
    const ALL: [Self; 4] = [Self::Letter, Self::Alert, Self::Advisory, Self::Digest];

    /// The name in the database.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Alert => "alert",
            Self::Advisory => "advisory",
            Self::Digest => "digest",
        }
    }

    /// The turn of that name.
    pub(super) fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|turn| turn.name() == name).unwrap_or_default()
    }

    /// The job that sends one. The line of work takes these in the order in which they stand in `jobs.rs`.
    pub(super) fn job(self) -> &'static str {
        match self {
            Self::Letter => "send_mail",
            Self::Alert => "send_alert",
            Self::Advisory => "send_advisory",
            Self::Digest => "send_digest",
        }
    }
}

/// Minutes of domains that nobody wrote to for so long are forgotten.
const FORGOTTEN: i64 = 60 * 24;

/// Counts a mail to a domain in this minute; where that is full, until when it is put off.
pub async fn put_off(tx: &mut Tx, recipient: &str, turn: Turn, most: u32) -> ::store::Result<Option<Timestamp>> {
    let domain = recipient.rsplit_once('@').map_or(recipient, |(_, domain)| domain).to_lowercase();
    tx.alone(&format!("mail_pace:{domain}")).await?;
    let (minute, most) = (tx.now().as_second().div_euclid(60), i64::from(most));
    let known = "select minute, count from mail_pace where domain = $1 and turn = $2";
    let (at, sent): (i64, i64) = tx.row(known, args![&domain, ""]).await?.unwrap_or_default();
    let sent = if at == minute { sent } else { 0 };
    if sent < most {
        set(tx, &domain, "", minute, sent + 1).await?;
        return Ok(None);
    }
    let (at, waiting): (i64, i64) = tx.row(known, args![&domain, turn.name()]).await?.unwrap_or_default();
    let (at, waiting) = match () {
        () if at <= minute => (minute + 1, 1),
        () if waiting >= most => (at + 1, 1),
        () => (at, waiting + 1),
    };
    set(tx, &domain, turn.name(), at, waiting).await?;
    Ok(Timestamp::from_second(at * 60).ok())
}

async fn set(tx: &mut Tx, domain: &str, turn: &str, minute: i64, count: i64) -> ::store::Result<()> {
    // Now and then somebody sweeps.
    if tx.random::<1>() == [0] {
        tx.execute("delete from mail_pace where minute < $1", args![minute - FORGOTTEN]).await?;
    }
    let text = "insert into mail_pace (domain, turn, minute, count) values ($1, $2, $3, $4) on conflict (domain, turn) do update set minute = excluded.minute, count = excluded.count";
    tx.execute(text, args![domain, turn, minute, count]).await?;
    Ok(())
}
