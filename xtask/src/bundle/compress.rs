//! Compression, once and as small as it gets: for files that a server sends as they are, and for the byte budget.

use std::io::Write;

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Compresses a whole file.
type Compress = fn(&[u8]) -> Result<Vec<u8>>;

/// The compressed forms of a file, by the extension that servers look for: `widget_bg.wasm.br`.
pub const FORMS: [(&str, Compress); 2] = [("br", brotli), ("gz", gzip)];

/// `bytes` as gzip, level 9.
///
/// # Errors
/// When the encoder fails.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// `bytes` as brotli, level 11, with a window of 4 MiB.
///
/// # Errors
/// When the encoder fails.
pub fn brotli(mut bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut bytes, &mut compressed, &parameters)?;
    Ok(compressed)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn compressed_forms_decompress_to_the_original() {
        let original = "repetition ".repeat(1_000).into_bytes();
        for (extension, compress) in FORMS {
            let compressed = compress(&original).unwrap();
            assert!(compressed.len() < 200, "{extension}: {}", compressed.len());
            let mut decompressed = Vec::new();
            match extension {
                "br" => brotli::Decompressor::new(&*compressed, 4_096).read_to_end(&mut decompressed),
                _ => flate2::read::GzDecoder::new(&*compressed).read_to_end(&mut decompressed),
            }
            .unwrap();
            assert_eq!(decompressed, original, "{extension}");
            assert_eq!(compress(&original).unwrap(), compressed, "{extension} of the same is the same");
        }
    }
}
