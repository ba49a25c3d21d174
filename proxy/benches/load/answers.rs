//! The backup details, which both cache.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use sandbox::{Account, Options, Sandbox, Tls};

use crate::program::Program;
use crate::wrk::{CONNECTIONS, Load, load};

/// How long each is loaded, in seconds, and how long answers are cached.
const SECONDS: u64 = 10;
const CACHE_SECONDS: u64 = 2;

const PATH: &str = "/crm/bulk/v6/backup";

struct Measured {
    load: Load,
    /// Resident memory at the end, in MiB.
    memory: f64,
    /// Requests for the backup details that reached Zoho.
    upstream: usize,
}

/// Compares the gateway with nginx, and prints the result.
///
/// # Errors
/// When one of them does not run, and when the gateway sends more requests to Zoho than its cache allows.
pub async fn compare(folder: &Path) -> Result<()> {
    let gateway = gateway(folder).await?;
    let nginx = nginx(folder).await?;
    println!(
        "{CONNECTIONS} connections for {SECONDS} s, answers cached for {CACHE_SECONDS} s\n\n\
         {:<20} {:>12} {:>10} {:>10} {:>18}",
        "", "answers/s", "p99", "memory", "requests to Zoho"
    );
    for (name, measured) in [("zoho-backup-proxy", &gateway), ("nginx, proxy_cache", &nginx)] {
        let Measured { load, memory, upstream } = measured;
        let memory = format!("{memory:.1} MiB");
        println!("{name:<20} {:>12.0} {:>10} {memory:>10} {upstream:>18}", load.per_second, load.p99);
    }
    println!("\nratio {:.2} of nginx", gateway.load.per_second / nginx.load.per_second);
    let most = (SECONDS / CACHE_SECONDS + 1) as usize;
    ensure!(
        gateway.upstream <= most,
        "{} requests to Zoho, but at most {most} are expected",
        gateway.upstream
    );
    Ok(())
}

/// The program connects to Zoho by https only.
async fn gateway(folder: &Path) -> Result<Measured> {
    let (account, tls) = (Account::default(), Tls::new()?);
    let authority = folder.join("ca.pem");
    fs::write(&authority, tls.authority())?;
    let Account { client_id, client_secret, refresh_token, .. } = account.clone();
    let zoho = Sandbox::start_with(0, Options { account: Some(account), tls: Some(tls) }).await?;
    let origin = zoho.origin();
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
        ],
        &[
            ("ZOHO_BACKUP_CLIENT_SECRET", &client_secret),
            ("ZOHO_BACKUP_REFRESH_TOKEN", &refresh_token),
            ("SSL_CERT_FILE", &authority.display().to_string()),
        ],
    )
    .await?;
    measure(&program, &zoho).await
}

async fn nginx(folder: &Path) -> Result<Measured> {
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
    let program = Program::nginx(folder, &cache, &location).await?;
    measure(&program, &zoho).await
}

async fn measure(program: &Program, zoho: &Sandbox) -> Result<Measured> {
    let load = load(&format!("http://127.0.0.1:{}{PATH}", program.port), &[], SECONDS).await?;
    Ok(Measured { load, memory: program.memory()?, upstream: zoho.record().count("scheduled") })
}
