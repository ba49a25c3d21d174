//! The widget's files, which both send compressed: the gateway from memory, nginx with `gzip_static` and `sendfile`.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::in_turn;
use crate::program::Program;

/// The size of the wasm, in bytes. Of an alphabet of ten bytes by chance, it compresses about as well.
const WASM_SIZE: usize = 270_000;

const PATH: &str = "/widget_bg.wasm";

/// Compares the gateway with nginx, and prints the result.
///
/// # Errors
/// When one of them does not run.
pub async fn compare(folder: &Path) -> Result<()> {
    let widget = folder.join("widget");
    fs::create_dir_all(&widget)?;
    let compressed = write_files(&widget)?;
    let directory = widget.display().to_string();
    let gateway = Program::gateway(
        &["--data-center", "eu", "--client-id", "1000.X", "--widget-dir", &directory],
        &[("ZOHO_BACKUP_CLIENT_SECRET", "none"), ("ZOHO_BACKUP_REFRESH_TOKEN", "none")],
    )
    .await?;
    let http = "sendfile on; tcp_nopush on; open_file_cache max=16; types { application/wasm wasm; }";
    let nginx = Program::nginx(folder, http, &format!("root {directory}; gzip_static on;")).await?;

    println!("a file of {compressed} bytes of gzip, with");
    let programs = [("zoho-backup-proxy", &gateway), ("nginx, gzip_static", &nginx)];
    in_turn::compare("files/s", programs, PATH, &["Accept-Encoding: gzip"]).await
}

/// Writes the two files, and the wasm as gzip. Returns the size of the latter.
fn write_files(folder: &Path) -> Result<usize> {
    let mut state: u32 = 1;
    let wasm: Vec<u8> = (0..WASM_SIZE)
        .map(|_| {
            // A linear congruential generator (Numerical Recipes): the same bytes every time.
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            b"0123456789"[(state >> 16) as usize % 10]
        })
        .collect();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&wasm)?;
    let compressed = encoder.finish()?;
    fs::write(folder.join("zoho-backup-status.js"), "export {};\n")?;
    fs::write(folder.join("widget_bg.wasm"), wasm)?;
    fs::write(folder.join("widget_bg.wasm.gz"), &compressed)?;
    Ok(compressed.len())
}
