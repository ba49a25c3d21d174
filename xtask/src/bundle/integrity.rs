//! Hashes of the files, as URLs and pages state them.

use std::fmt::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use sha2::{Digest, Sha256, Sha384};

/// The first 8 hex digits of the SHA-384 of `bytes`.
pub fn short_hash(bytes: &[u8]) -> String {
    hexadecimal(&Sha384::digest(bytes)[..4])
}

/// The SHA-256 of `bytes`, in hex digits.
pub fn sha_256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The value of a script tag's `integrity` for `bytes`.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", BASE64.encode(Sha384::digest(bytes)))
}

/// The integrity of a file of sentences. Ten of these are in every script: the shortest hash that browsers accept.
pub fn short_integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", BASE64.encode(Sha256::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_and_integrity_are_of_sha_384() {
        assert_eq!(short_hash(b"abc"), "cb00753f");
        let expected = "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn";
        assert_eq!(integrity(b"abc"), expected);
    }
}
