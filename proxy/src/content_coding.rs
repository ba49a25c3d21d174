//! Content codings: compressed forms of a file, and which of them a client accepts (RFC 9110, section 12.5.3).

use std::io::{self, Read};

use axum::http::header::ACCEPT_ENCODING;
use axum::http::{HeaderMap, HeaderValue};
use brotli_decompressor::Decompressor;
use flate2::read::GzDecoder;

use crate::weighted::{entries, heaviest};

/// The buffer of brotli's decompressor, in bytes.
const BUFFER: usize = 4_096;

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentCoding {
    /// `br`.
    Brotli,
    /// `gzip`.
    Gzip,
}

impl ContentCoding {
    /// All of them. Where a client accepts several equally, the first is sent: it is smaller.
    pub const ALL: [ContentCoding; 2] = [ContentCoding::Brotli, ContentCoding::Gzip];

    /// The extension of compressed files, without its dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            ContentCoding::Brotli => "br",
            ContentCoding::Gzip => "gz",
        }
    }

    /// The value of `Content-Encoding`.
    #[must_use]
    pub fn header(self) -> HeaderValue {
        HeaderValue::from_static(self.name())
    }

    fn name(self) -> &'static str {
        match self {
            ContentCoding::Brotli => "br",
            ContentCoding::Gzip => "gzip",
        }
    }

    /// Whether `compressed` is `original` in this coding. Stops at the first byte too many.
    ///
    /// # Errors
    /// When it is not valid in this coding.
    pub fn is_form_of(self, compressed: &[u8], original: &[u8]) -> io::Result<bool> {
        let limit = original.len() as u64 + 1;
        let mut decompressed = Vec::with_capacity(original.len() + 1);
        match self {
            ContentCoding::Brotli => {
                Decompressor::new(compressed, BUFFER).take(limit).read_to_end(&mut decompressed)
            }
            ContentCoding::Gzip => GzDecoder::new(compressed).take(limit).read_to_end(&mut decompressed),
        }?;
        Ok(decompressed == original)
    }

    /// The coding to send out of these; `None` for the file as it is. That is also sent where the client accepts nothing
    /// that there is: RFC 9110 allows it (section 12.4.1), and a widget that loads helps more than an error.
    pub fn choose(
        available: impl Iterator<Item = ContentCoding>,
        request: &HeaderMap,
    ) -> Option<ContentCoding> {
        let accepted = Accepted::read(request);
        let weighed = available.map(|coding| (coding, accepted.weight(coding.name()).unwrap_or(0)));
        let identity = accepted.weight("identity").unwrap_or(0);
        heaviest(weighed).filter(|(_, weight)| *weight >= identity).map(|(coding, _)| coding)
    }
}

/// The entries of `Accept-Encoding`: names in lower case, with their weights in thousandths.
struct Accepted(Vec<(String, u16)>);

impl Accepted {
    fn read(request: &HeaderMap) -> Accepted {
        let name = |name: String| match &*name {
            // The older name (RFC 9110, section 8.4.1.3).
            "x-gzip" => ContentCoding::Gzip.name().to_owned(),
            _ => name,
        };
        Accepted(entries(request, &ACCEPT_ENCODING).map(|(entry, weight)| (name(entry), weight)).collect())
    }

    /// The weight of a coding: its own, or else that of `*`.
    fn weight(&self, name: &str) -> Option<u16> {
        let of = |name: &str| self.0.iter().find(|(entry, _)| entry == name).map(|(_, weight)| *weight);
        of(name).or_else(|| of("*"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_must_be_all_of_its_original() {
        // `printf hello | gzip -n`, and the same as brotli: one block that is not compressed.
        let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xcbH\xcd\xc9\xc9\x07\0\x86\xa6\x106\x05\0\0\0";
        let brotli = b"\x0b\x02\x80hello\x03";
        for (coding, compressed) in [(ContentCoding::Gzip, &gzip[..]), (ContentCoding::Brotli, brotli)] {
            let is_form_of = |original: &[u8]| coding.is_form_of(compressed, original);
            assert!(is_form_of(b"hello").unwrap(), "{coding:?}");
            for other in ["hell", "hello!", "Hello", ""] {
                assert!(!is_form_of(other.as_bytes()).unwrap(), "{coding:?} of {other:?}");
            }
            let cut = coding.is_form_of(&compressed[..compressed.len() - 1], b"hello");
            assert!(!cut.unwrap_or(false), "{coding:?} without its end");
            assert!(coding.is_form_of(b"hello", b"hello").is_err(), "{coding:?} of the original itself");
        }
    }
}
