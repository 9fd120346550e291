//! TLS of a connection from its first byte (RFC 8314 section 3), with a certificate that fits the server's name.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Agrees with the server on TLS. `authority` is in PEM, beside the public ones. The error is one line for people.
pub async fn secure<S: AsyncRead + AsyncWrite + Unpin>(host: &str, authority: Option<&str>, stream: S) -> Result<TlsStream<S>, String> {
    let (config, name) = prepare(host, authority).map_err(|error| format!("TLS cannot be set up: {error}"))?;
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| format!("no TLS with {host}: {error}"))
}

fn prepare(host: &str, authority: Option<&str>) -> Result<(ClientConfig, ServerName<'static>), Box<dyn std::error::Error + Send + Sync>> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in CertificateDer::pem_slice_iter(authority.unwrap_or_default().as_bytes()) {
        roots.add(certificate?)?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions()?;
    Ok((config.with_root_certificates(roots).with_no_client_auth(), ServerName::try_from(host.to_owned())?))
}
