//! The certificates of the authorities that Zoho's servers are checked against: the system's, or those of
//! `SSL_CERT_FILE` and `SSL_CERT_DIR`.

/// Looks for certificates where TLS will.
///
/// # Errors
/// When there is none, or a named file or folder cannot be read. The message says what to do.
pub fn check_certificates() -> Result<(), String> {
    let found = rustls_native_certs::load_native_certs();
    let problems: Vec<_> = found.errors.iter().map(ToString::to_string).collect();
    match (found.certs.is_empty(), problems.as_slice()) {
        (false, _) => Ok(()),
        (true, []) => Err("there is no CA certificate, so no server can be trusted: install the system's \
                           (ca-certificates), or set SSL_CERT_FILE or SSL_CERT_DIR"
            .to_owned()),
        (true, problems) => Err(format!(
            "there is no CA certificate, so no server can be trusted: {}; correct SSL_CERT_FILE or SSL_CERT_DIR",
            problems.join("; ")
        )),
    }
}
