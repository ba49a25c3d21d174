//! Compressed forms of the widget's files.

use std::io::Write;

use super::*;

const SCRIPT: &str = "export const widget = 'widget widget widget widget';\n";
const PATH: &str = "/zoho-backup-status.js";

pub fn brotli(content: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &brotli::enc::BrotliEncoderParams::default())
        .unwrap();
    compressed
}

pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A gateway whose folder has these compressed forms of the script: `br`, `gz`.
async fn with_forms(extensions: &[&str]) -> Running {
    let folder = Folder::new();
    folder.write("zoho-backup-status.js", SCRIPT);
    folder.write("widget_bg.wasm", "wasm");
    for extension in extensions {
        let compressed = if *extension == "br" { brotli(SCRIPT.as_bytes()) } else { gzip(SCRIPT.as_bytes()) };
        folder.write(&format!("zoho-backup-status.js.{extension}"), compressed);
    }
    widget_files::serving(&folder).await
}

fn accepting(accepted: &str) -> String {
    request("GET", PATH, &format!("accept-encoding: {accepted}\r\n"))
}

#[tokio::test]
async fn the_client_gets_the_coding_that_it_prefers() {
    let both = with_forms(&["br", "gz"]).await;
    for (accepted, coding) in [
        ("gzip, deflate, br, zstd", Some("br")),
        ("br", Some("br")),
        ("gzip", Some("gzip")),
        ("GZip", Some("gzip")),
        ("x-gzip", Some("gzip")),
        ("gzip, br;q=0.9", Some("gzip")),
        ("br;q=0.8, gzip;q=0.8", Some("br")),
        ("gzip;q=0.501 , br ; q=0.5", Some("gzip")),
        ("gzip;q=0.001", Some("gzip")),
        ("*", Some("br")),
        ("*;q=0.1", Some("br")),
        ("br;q=0, *", Some("gzip")),
        ("gzip, *;q=0", Some("gzip")),
        ("identity;q=0, *", Some("br")),
        ("identity;q=0.5, gzip;q=0.5", Some("gzip")),
        ("identity, gzip;q=0.5", None),
        ("br;q=0, gzip;q=0", None),
        ("*;q=0", None),
        ("identity", None),
        ("deflate, zstd", None),
        ("", None),
        // Not acceptable at all: the file as it is helps more than an error.
        ("identity;q=0", None),
        ("identity;q=0, zstd", None),
        // Not valid: as if it were not there.
        ("br;q=2, gzip", Some("gzip")),
        ("br;level=5, gzip", Some("gzip")),
        ("br;q=, gzip;q=x", None),
        (",, ;q=1,gzip", Some("gzip")),
        ("brotli", None),
    ] {
        let reply = both.send(accepting(accepted)).await;
        assert_eq!((reply.status, reply.header("content-encoding")), (200, coding), "{accepted:?}");
        let expected = match coding {
            Some("br") => brotli(SCRIPT.as_bytes()),
            Some(_) => gzip(SCRIPT.as_bytes()),
            None => SCRIPT.into(),
        };
        assert_eq!(reply.body, expected, "{accepted:?}");
        assert_eq!(reply.number("content-length"), Some(expected.len() as u64), "{accepted:?}");
        assert_eq!(reply.header("content-type"), Some("text/javascript; charset=utf-8"), "{accepted:?}");
        assert_eq!(reply.header("vary"), Some("Accept-Encoding"), "{accepted:?}");
    }
    let reply = both.send(request("GET", PATH, "")).await;
    assert_eq!((reply.text(), reply.header("content-encoding")), (SCRIPT, None), "without the header");
    let lines = "accept-encoding: deflate\r\naccept-encoding: gzip\r\n";
    let reply = both.send(request("GET", PATH, lines)).await;
    assert_eq!(reply.header("content-encoding"), Some("gzip"), "in the second of two headers");
}

#[tokio::test]
async fn only_forms_that_are_in_the_folder_are_served() {
    for (extensions, coding) in [(&["gz"][..], Some("gzip")), (&["br"], Some("br")), (&[], None)] {
        let gateway = with_forms(extensions).await;
        let reply = gateway.send(accepting("br, gzip")).await;
        assert_eq!((reply.status, reply.header("content-encoding")), (200, coding));
        assert_eq!(reply.header("vary"), Some("Accept-Encoding"), "a cache may get another one later");
        for form in ["/zoho-backup-status.js.br", "/zoho-backup-status.js.gz"] {
            assert_eq!(
                gateway.send(request("GET", form, "")).await.status,
                404,
                "{form} has no path of its own"
            );
        }
    }
}

#[tokio::test]
async fn every_coding_has_its_own_entity_tag() {
    let gateway = with_forms(&["br", "gz"]).await;
    let mut tags = Vec::new();
    for accepted in ["br", "gzip", "identity"] {
        let tag = gateway.send(accepting(accepted)).await.header("etag").unwrap().to_owned();
        assert!(tag.starts_with('"'), "{tag} is strong");
        tags.push((accepted, tag));
    }
    for (accepted, own) in &tags {
        for (of, tag) in &tags {
            let headers = format!("accept-encoding: {accepted}\r\nif-none-match: {tag}\r\n");
            let reply = gateway.send(request("GET", PATH, &headers)).await;
            let status = if accepted == of { 304 } else { 200 };
            assert_eq!(
                (reply.status, reply.header("etag")),
                (status, Some(own.as_str())),
                "{accepted} with the tag of {of}"
            );
            assert_eq!(reply.header("vary"), Some("Accept-Encoding"), "{accepted} with the tag of {of}");
        }
    }
}

#[test]
fn a_compressed_file_must_be_of_its_original() {
    let content = "wasm wasm wasm wasm";
    for (name, compressed) in [
        ("widget_bg.wasm.br", brotli(b"wasm of another build")),
        ("widget_bg.wasm.gz", gzip(b"wasm of another build")),
        ("widget_bg.wasm.br", brotli(b"wasm wasm")),
        ("widget_bg.wasm.gz", gzip(b"wasm wasm wasm wasm and more")),
        ("widget_bg.wasm.br", content.into()),
        ("widget_bg.wasm.gz", brotli(content.as_bytes())),
        ("zoho-backup-status.js.gz", gzip(SCRIPT.as_bytes())[..20].into()),
        ("zoho-backup-status.js.br", vec![]),
    ] {
        let folder = Folder::new();
        folder.write("zoho-backup-status.js", SCRIPT);
        folder.write("widget_bg.wasm", content);
        assert!(WidgetFiles::load(folder.path()).is_ok());
        folder.write(name, compressed);
        let mistake = WidgetFiles::load(folder.path()).unwrap_err();
        for part in [name, "does not decompress to", "copy both from one build, or remove it"] {
            assert!(mistake.contains(part), "{mistake}");
        }
    }
}
