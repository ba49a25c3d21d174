//! The widget's files.

use super::*;

const SCRIPT: &str = "export const widget = 'ø';\n";
const MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// A gateway that serves the widget's files from a folder with more files.
pub async fn with_widget() -> Running {
    let folder = Folder::new();
    folder.write("zoho-backup-status.js", SCRIPT);
    folder.write("widget_bg.wasm", MODULE);
    folder.write("index.html", "<h1>secret</h1>");
    serving(&folder).await
}

/// A gateway that serves the widget's files of this folder.
pub async fn serving(folder: &Folder) -> Running {
    let widget_files = Some(WidgetFiles::load(folder.path()).expect("widget files"));
    Running::start(Gateway::with_upstream(
        Settings { widget_files, ..settings("https://zoho.invalid") },
        FakeUpstream::scheduled(),
    ))
    .await
}

#[tokio::test]
async fn the_widgets_files_are_for_pages_of_every_origin() {
    let gateway = with_widget().await;
    // With the versions that the files of a build use for each other: the start of their SHA-384.
    for (path, media_type, content, own) in [
        ("/zoho-backup-status.js", "text/javascript; charset=utf-8", SCRIPT.as_bytes(), "?v=f006a146"),
        ("/widget_bg.wasm", "application/wasm", MODULE, "?v=a24c8757"),
    ] {
        for (query, caching) in [
            ("", "public, no-cache"),
            (own, "public, max-age=31536000, immutable"),
            ("?v=00000000", "public, no-cache"),
            ("?v=", "public, no-cache"),
            ("?", "public, no-cache"),
            ("?x=v=1", "public, no-cache"),
        ] {
            for headers in
                ["", "origin: https://evil.example\r\n", "origin: null\r\n", "sec-fetch-site: cross-site\r\n"]
            {
                let reply = gateway.send(request("GET", &format!("{path}{query}"), headers)).await;
                assert_eq!((reply.status, &*reply.body), (200, content), "{path}{query}");
                assert_eq!(reply.header("content-type"), Some(media_type), "{path}{query}");
                assert_eq!(reply.header("cache-control"), Some(caching), "{path}{query}");
                assert_eq!(cors(&reply), [("access-control-allow-origin", "*")], "{path}{query}");
                assert_eq!(reply.header("cross-origin-resource-policy"), Some("cross-origin"));
                assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
                assert!(reply.header("x-request-id").is_some());
                let tag = reply.header("etag").unwrap();

                let known = format!("if-none-match: {tag}\r\n{headers}");
                let reply = gateway.send(request("GET", &format!("{path}{query}"), &known)).await;
                assert_eq!((reply.status, reply.text(), reply.header("etag")), (304, "", Some(tag)));
                assert_eq!(reply.header("cache-control"), Some(caching), "{path}{query}");
                assert_eq!(cors(&reply), [("access-control-allow-origin", "*")], "{path}{query}");
            }
        }
    }
}

#[tokio::test]
async fn nothing_else_of_the_folder_is_served() {
    let gateway = with_widget().await;
    for path in [
        "/index.html",
        "/",
        "/widget_bg.wasm/",
        "//widget_bg.wasm",
        "/./widget_bg.wasm",
        "/x/../widget_bg.wasm",
        "/widget_bg%2Ewasm",
        "/Widget_bg.wasm",
        "/zoho-backup-status.js.map",
        "/../downstream/mod.rs",
        "/..%2fdownstream%2fmod.rs",
    ] {
        let reply = gateway.send(request("GET", path, "")).await;
        assert_eq!((reply.status, reply.envelope().as_str()), (404, "PATH_NOT_FOUND"), "{path}");
    }
    assert_eq!(gateway.send(get("")).await.status, 200, "the backup is");
}

#[tokio::test]
async fn a_refusal_at_a_widget_file_has_the_headers_of_every_refusal() {
    let gateway = with_widget().await;
    for (request, status, code) in [
        (request("POST", "/widget_bg.wasm", "content-length: 0\r\n"), 405, "METHOD_NOT_ALLOWED"),
        (downstream::bare("GET", "/widget_bg.wasm", "host: evil.example\r\n"), 403, "HOST_NOT_ALLOWED"),
        (downstream::bare("GET", "/widget_bg.wasm", ""), 400, "INVALID_HOST"),
    ] {
        let reply = gateway.send(request).await;
        assert_eq!((reply.status, reply.envelope().as_str()), (status, code));
        assert_eq!(cors(&reply), [], "{code}");
        for (header, value) in ALWAYS {
            assert_eq!(reply.header(header), Some(value), "{header} of {code}");
        }
    }
}
