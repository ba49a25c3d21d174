//! HTTPS with a certificate that each sandbox makes for itself.

use std::sync::Arc;

use anyhow::Context;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;

/// A certificate for `localhost` and `127.0.0.1`, and the authority that signed it.
#[derive(Clone, Debug)]
pub struct Tls {
    pub(crate) server: Arc<ServerConfig>,
    authority: String,
}

impl Tls {
    /// Makes the authority and the certificate. The authority's key is dropped at once, so it signs nothing else.
    ///
    /// # Errors
    /// When the system provides no random numbers.
    pub fn new() -> anyhow::Result<Self> {
        let mut authority = named("zoho-backup-status sandbox, for tests only", &[])?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;

        let key = KeyPair::generate()?;
        let certificate = named("localhost", &["localhost", "127.0.0.1"])?.signed_by(&key, &authority)?;
        // The provider is explicit, since another crate may have installed a different one for the process.
        let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.into()], key.into())
            .context("rustls rejects the certificate")?;
        Ok(Self { server: Arc::new(server), authority: authority.pem() })
    }

    /// The authority's certificate as PEM. A client must trust it.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }
}

fn named(name: &str, hosts: &[&str]) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(hosts.iter().map(|&host| host.to_owned()).collect::<Vec<_>>())?;
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(params)
}
