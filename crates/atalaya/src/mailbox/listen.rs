//! The LMTP listener behind the team's own mail server: 250 only after the commit.

use std::fs::Permissions;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;

use post::lmtp::{self, Config, Delivery, Listener, Verdict};
use tokio::net::{TcpListener, UnixListener};
use tokio::task::JoinHandle;

use super::{Delivered, Kept, keep};
use crate::profile::{Listen, Mail};
use crate::{App, Error, Result};

/// A listener that runs.
#[derive(Debug)]
pub struct Mailbox {
    /// Where it listens, if that is a network address.
    pub address: Option<SocketAddr>,
    /// Ends when the program is told to stop and every session has finished its mail.
    pub task: JoinHandle<()>,
}

/// Starts to listen, if the profile says where.
pub async fn listen(app: &App, stop: impl Future<Output = ()> + Send + 'static) -> Result<Option<Mailbox>> {
    let Some((mail, place)) = app.profile.mail.as_ref().and_then(|mail| Some((mail, mail.listen.as_ref()?))) else { return Ok(None) };
    let (listener, address): (Listener, _) = match place {
        Listen::Address(at) => {
            let listener = TcpListener::bind(at).await.map_err(|error| Error::fault(format!("{at}: {error}")))?;
            let address = listener.local_addr().ok();
            (listener.into(), address)
        }
        Listen::Socket(path) => {
            // What a killed process left behind would be in the way.
            let _ = std::fs::remove_file(path);
            let said = |error: std::io::Error| Error::fault(format!("{}: {error}", path.display()));
            let listener = UnixListener::bind(path).map_err(said)?;
            // The mail server comes as another user of the socket's group.
            std::fs::set_permissions(path, Permissions::from_mode(0o660)).map_err(said)?;
            (listener.into(), None)
        }
    };
    let recipients = known(mail);
    let config = Config::new(&mail.hello, move |to| accepts(&recipients, to));
    let app = app.clone();
    let handler = move |delivery| {
        let app = app.clone();
        async move { take(&app, delivery).await }
    };
    let task = tokio::spawn(lmtp::serve(listener, config, stop, handler));
    Ok(Some(Mailbox { address, task }))
}

/// The addresses that are ours.
pub(super) fn known(mail: &Mail) -> Vec<String> {
    mail.recipients.iter().chain([&mail.from_address]).map(|address| address.to_ascii_lowercase()).collect()
}

/// Our own addresses, with or without the `+...` by which an answer finds its thread.
pub(super) fn accepts(recipients: &[String], to: &str) -> bool {
    let to = to.to_ascii_lowercase();
    let Some((local, domain)) = to.rsplit_once('@') else { return false };
    let plain = local.split_once('+').map_or(local, |(plain, _)| plain);
    let plain = format!("{plain}@{domain}");
    recipients.iter().any(|known| *known == to || *known == plain)
}

async fn take(app: &App, delivery: Delivery) -> Verdict {
    let mail = Delivered { from: delivery.from.unwrap_or_default(), to: delivery.to, raw: delivery.raw, via: "lmtp" };
    match keep(app, mail).await {
        Ok(Kept::New(id)) => Verdict::Kept(format!("kept as {id}")),
        Ok(Kept::Duplicate) => Verdict::Kept("known already".to_owned()),
        Err(Error::Full) => Verdict::Full,
        Err(error) => {
            tracing::error!(%error, "a mail could not be kept; it comes again");
            Verdict::TryLater("it cannot be kept now".to_owned())
        }
    }
}
