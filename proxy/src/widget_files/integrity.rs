//! Integrity as pages and scripts state it: `sha384-` or, for the files of languages, `sha256-`, and the hash in base64.

use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use sha2::{Digest, Sha256, Sha384};

const PREFIX: &str = "sha384-";
/// The length of a SHA-384 in base64.
const LENGTH: usize = 64;

/// The integrity of this content.
pub fn integrity(content: &[u8]) -> String {
    format!("{PREFIX}{}", BASE64.encode(Sha384::digest(content)))
}

/// The shorter integrity of this content, as scripts state it of the files of languages.
pub fn short_integrity(content: &[u8]) -> String {
    format!("sha256-{}", BASE64.encode(Sha256::digest(content)))
}

/// Every integrity of SHA-384 in a script.
pub fn stated(script: &str) -> impl Iterator<Item = &str> {
    script.match_indices(PREFIX).filter_map(|(at, _)| {
        let stated = script.get(at..at + PREFIX.len() + LENGTH)?;
        let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        stated.bytes().skip(PREFIX.len()).all(is_base64).then_some(stated)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_ABC: &str = "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn";

    #[test]
    fn integrity_is_of_sha_384() {
        assert_eq!(integrity(b"abc"), OF_ABC);
    }

    #[test]
    fn the_shorter_integrity_is_of_sha_256() {
        assert_eq!(short_integrity(b"abc"), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }

    #[test]
    fn only_a_whole_integrity_is_stated() {
        let cut = &OF_ABC[..OF_ABC.len() - 1];
        for (script, expected) in [
            (format!("a=\"{OF_ABC}\",b=1"), vec![OF_ABC]),
            (format!("{OF_ABC}`;'{OF_ABC}"), vec![OF_ABC; 2]),
            (format!("a=\"{cut}\",b=1"), vec![]),
            (format!("{cut}ø"), vec![]),
            ("sha384-%WASM_INTEGRITY%".to_owned(), vec![]),
            ("sha384-".to_owned(), vec![]),
            (String::new(), vec![]),
        ] {
            assert_eq!(stated(&script).collect::<Vec<_>>(), expected, "{script}");
        }
    }
}
