//! The way to the smarthost: TCP, TLS, greeting, login.
//!
//! The library's own way leaves Nagle's algorithm on. It writes a mail and its end apart, so that each mail would wait 40 ms for
//! the acknowledgement that the other side holds back.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::{SendError, Smarthost, Tls, classified};
use crate::tls;

/// Connects, agrees on TLS, and logs in.
pub async fn connect(smarthost: &Smarthost) -> Result<AsyncSmtpConnection, SendError> {
    let Smarthost { host, port, .. } = smarthost;
    let away = |error: io::Error| SendError::later(format!("{host}:{port} cannot be reached: {error}"));
    let stream = TcpStream::connect((host.as_str(), *port)).await.map_err(away)?;
    stream.set_nodelay(true).map_err(away)?;
    let stream: Box<dyn AsyncTokioStream> = match smarthost.tls {
        Tls::Wrapper => Box::new(Secured(tls::secure(host, smarthost.authority.as_deref(), stream).await.map_err(SendError::later)?)),
        _ => Box::new(stream),
    };
    let hello = ClientId::Domain(smarthost.hello.clone());
    let mut connection = AsyncSmtpConnection::connect_with_transport(stream, &hello).await.map_err(|error| classified(&error))?;
    let starts = match smarthost.tls {
        Tls::Required => true,
        Tls::Opportunistic => connection.can_starttls(),
        Tls::None | Tls::Wrapper => false,
    };
    if starts {
        connection.starttls(parameters(smarthost)?, &hello).await.map_err(|error| classified(&error))?;
    }
    if let (Some(user), Some(password)) = (&smarthost.user, &smarthost.password) {
        let login = Credentials::new(user.clone(), password.clone());
        connection.auth(DEFAULT_MECHANISMS, &login).await.map_err(|error| classified(&error))?;
    }
    Ok(connection)
}

/// What STARTTLS is agreed with.
pub fn parameters(smarthost: &Smarthost) -> Result<TlsParameters, SendError> {
    let unusable = |error| SendError::later(format!("TLS cannot be set up: {error}"));
    let mut parameters = TlsParameters::builder(smarthost.host.clone());
    if let Some(pem) = &smarthost.authority {
        parameters = parameters.add_root_certificate(Certificate::from_pem(pem.as_bytes()).map_err(unusable)?);
    }
    parameters.build().map_err(unusable)
}

/// TLS from the first byte, for a library that knows only its own.
#[derive(Debug)]
struct Secured(TlsStream<TcpStream>);

impl AsyncTokioStream for Secured {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().0.peer_addr()
    }
}

impl AsyncRead for Secured {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, into)
    }
}

impl AsyncWrite for Secured {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
