//! The backup details, which both cache. The gateway counts for its metrics, and serves them.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use sandbox::{Account, Options, Sandbox, Tls};

use crate::in_turn::{self, ROUNDS, SECONDS};
use crate::program::Program;

/// How long answers are cached.
const CACHE_SECONDS: u64 = 2;

const PATH: &str = "/crm/bulk/v6/backup";

/// Compares the gateway with nginx, and prints the result.
///
/// # Errors
/// When one of them does not run, and when the gateway sends more requests to Zoho than its cache allows.
pub async fn compare(folder: &Path) -> Result<()> {
    let (gateway, our_zoho) = gateway(folder).await?;
    let (nginx, their_zoho) = nginx(folder).await?;
    println!("the backup details, cached for {CACHE_SECONDS} s, with");
    let programs = [("zoho-backup-proxy", &gateway), ("nginx, proxy_cache", &nginx)];
    in_turn::compare("answers/s", programs, PATH, &[]).await?;
    let [ours, theirs] = [our_zoho, their_zoho].map(|zoho| zoho.record().count("scheduled"));
    println!("{ours} and {theirs} requests to Zoho");
    // Each run begins with an answer that may be old.
    let most = ROUNDS * (SECONDS / CACHE_SECONDS + 2) as usize;
    ensure!(ours <= most, "{ours} requests to Zoho, but at most {most} are expected");
    Ok(())
}

/// The program connects to Zoho by https only.
async fn gateway(folder: &Path) -> Result<(Program, Sandbox)> {
    let (account, tls) = (Account::default(), Tls::new()?);
    let authority = folder.join("ca.pem");
    fs::write(&authority, tls.authority())?;
    let Account { client_id, client_secret, refresh_token, .. } = account.clone();
    let zoho = Sandbox::start_with(0, Options { account: Some(account), tls: Some(tls) }).await?;
    let origin = zoho.origin();
    let admin = format!("unix:{}", folder.join("admin").display());
    let program = Program::gateway(
        &[
            "--api-domain",
            &origin,
            "--accounts-server",
            &origin,
            "--client-id",
            &client_id,
            "--cache-seconds",
            &CACHE_SECONDS.to_string(),
            "--admin-listen",
            &admin,
        ],
        &[
            ("ZOHO_BACKUP_CLIENT_SECRET", &client_secret),
            ("ZOHO_BACKUP_REFRESH_TOKEN", &refresh_token),
            ("SSL_CERT_FILE", &authority.display().to_string()),
        ],
    )
    .await?;
    Ok((program, zoho))
}

async fn nginx(folder: &Path) -> Result<(Program, Sandbox)> {
    let zoho = Sandbox::start(0).await?;
    let cache = format!("proxy_cache_path {}/cache keys_zone=zoho:1m;", folder.display());
    let location = format!(
        "location = {PATH} {{
           proxy_pass {};
           proxy_cache zoho; proxy_cache_valid 200 {CACHE_SECONDS}s; proxy_cache_lock on;
           proxy_cache_use_stale updating;
         }}",
        zoho.origin()
    );
    Ok((Program::nginx(folder, &cache, &location).await?, zoho))
}
