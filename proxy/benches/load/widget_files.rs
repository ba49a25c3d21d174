//! The widget's files, which both send compressed: the gateway from memory, nginx with `gzip_static` and `sendfile`.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::program::Program;
use crate::wrk::{CONNECTIONS, load};

/// How often each is loaded, in turn, and how long, in seconds.
const ROUNDS: usize = 7;
const SECONDS: u64 = 3;

/// The size of the wasm, in bytes. Of an alphabet of ten bytes by chance, it compresses about as well.
const WASM_SIZE: usize = 270_000;

const PATH: &str = "/widget_bg.wasm";

/// Compares the gateway with nginx in turn, so that a change of the machine's speed affects both, and prints the result.
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

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (program, rates) in [(&gateway, &mut ours), (&nginx, &mut theirs)] {
            let url = format!("http://127.0.0.1:{}{PATH}", program.port);
            rates.push(load(&url, &["Accept-Encoding: gzip"], SECONDS).await?.per_second);
        }
    }
    let mut ratios: Vec<_> = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs).collect();
    println!(
        "{compressed} bytes of gzip, {CONNECTIONS} connections, {ROUNDS} runs of {SECONDS} s each, in turn\n\n\
         {:<20} {:>10} {:>17} {:>10}",
        "", "files/s", "least to most", "memory"
    );
    for (name, program, rates) in
        [("zoho-backup-proxy", &gateway, &mut ours), ("nginx, gzip_static", &nginx, &mut theirs)]
    {
        let Spread { least, median, most } = spread(rates);
        let (range, memory) = (format!("{least:.0} to {most:.0}"), format!("{:.1} MiB", program.memory()?));
        println!("{name:<20} {median:>10.0} {range:>17} {memory:>10}");
    }
    let Spread { least, median, most } = spread(&mut ratios);
    println!("\nratio {median:.2} of nginx ({least:.2} to {most:.2})");
    Ok(())
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

struct Spread {
    least: f64,
    median: f64,
    most: f64,
}

fn spread(values: &mut [f64]) -> Spread {
    values.sort_by(f64::total_cmp);
    Spread { least: values[0], median: values[values.len() / 2], most: values[values.len() - 1] }
}
