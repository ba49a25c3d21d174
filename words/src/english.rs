//! The English sentences, which are those of the code.

/// Lines of `key = sentence`: one text compresses better than a table. From src/english.txt, without its comments: see
/// build.rs.
pub(crate) const ENGLISH: &str = include_str!(concat!(env!("OUT_DIR"), "/english.txt"));
