//! The widget's versions side by side, and whether the files of a folder belong together.

use std::path::Path;

use super::*;

/// The SHA-384 of [`WASM`].
const INTEGRITY: &str = "sha384-okyHV17AgVkZ4iL9gMeELR7Q1ISxRPcAHorFgvPJr/8CqM+btjXngbzNX3HOpqc/";
const WASM: &[u8] = b"\0asm\x01\0\0\0";

fn script(integrity: &str) -> String {
    format!("const wasm='widget_bg.wasm?v=0',integrity=\"{integrity}\";\n")
}

/// Writes the files of a version, or with an empty `at`, those of the folder itself.
fn write_build(folder: &Folder, at: &str, script: &str) {
    if !at.is_empty() {
        std::fs::create_dir_all(folder.path().join(at)).unwrap();
    }
    let name = |file: &str| if at.is_empty() { file.to_owned() } else { format!("{at}/{file}") };
    folder.write(&name("zoho-backup-status.js"), script);
    folder.write(&name("widget_bg.wasm"), WASM);
}

/// The sentences of two languages.
const GERMAN: &str = "Prüfung läuft\n";
const PORTUGUESE: &str = "Verificando\n";

/// A script that names both, each in another kind of quotes.
fn script_with_languages() -> String {
    "const L={\"de-Latn\":{url:()=>new URL(`./lang/de.txt?v=51c561ca`,import.meta.url),integrity:`sha256-Z2FGCWaErEImoPRq2EdDyPM6tjB8O25tMsMTkndpM8c=`},\
     \"pt-Latn\":{url:()=>new URL(\"./lang/pt-BR.txt?v=9c16aec7\",import.meta.url),integrity:\"sha256-sziWiDIrAxKNK43yV2CkfCs+iwj6aJW1vLdEpX8CUwk=\"}},w=\"the folder lang\";\n"
        .to_owned()
}

fn write_languages(folder: &Folder, at: &str, german: &str, portuguese: &str) {
    std::fs::create_dir_all(folder.path().join(at).join("lang")).unwrap();
    for (name, content) in [("lang/de.txt", german), ("lang/pt-BR.txt", portuguese)] {
        folder.write(Path::new(at).join(name).to_str().unwrap(), content);
    }
}

fn mistake(folder: &Folder) -> String {
    WidgetFiles::load(folder.path()).unwrap_err()
}

#[tokio::test]
async fn versions_are_served_below_their_names_and_cached_for_ever() {
    let folder = Folder::new();
    write_build(&folder, "", "// newest\n");
    write_build(&folder, "0.1.0", "// first\n");
    write_build(&folder, "1.0.0-beta.2", "// second\n");
    folder.write("0.1.0/zoho-backup-status.js.gz", codings::gzip(b"// first\n"));
    folder.write("0.1.0/other.js", "");
    let gateway = widget_files::serving(&folder).await;
    for (path, content) in [
        ("/0.1.0/zoho-backup-status.js", "// first\n".as_bytes()),
        ("/0.1.0/zoho-backup-status.js?x", b"// first\n"),
        ("/0.1.0/widget_bg.wasm", WASM),
        ("/0.1.0/widget_bg.wasm?v=a24c8757", WASM),
        ("/1.0.0-beta.2/zoho-backup-status.js", b"// second\n"),
    ] {
        let reply = gateway.send(request("GET", path, "origin: https://any.example\r\n")).await;
        assert_eq!((reply.status, &*reply.body), (200, content), "{path}");
        assert_eq!(reply.header("cache-control"), Some("public, max-age=31536000, immutable"), "{path}");
        assert_eq!(cors(&reply), [("access-control-allow-origin", "*")], "{path}");
    }
    let reply = gateway.send(request("GET", "/zoho-backup-status.js", "")).await;
    assert_eq!((reply.text(), reply.header("cache-control")), ("// newest\n", Some("public, no-cache")));
    let compressed = request("GET", "/0.1.0/zoho-backup-status.js", "accept-encoding: gzip\r\n");
    assert_eq!(gateway.send(compressed).await.header("content-encoding"), Some("gzip"));
    for path in ["/0.1.0", "/0.1.0/", "/0.1.0/other.js", "/0.2.0/widget_bg.wasm", "/0.1.0/../widget_bg.wasm"]
    {
        assert_eq!(gateway.send(request("GET", path, "")).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn versions_need_no_build_beside_them() {
    let folder = Folder::new();
    write_build(&folder, "0.1.0", "// first\n");
    let gateway = widget_files::serving(&folder).await;
    assert_eq!(gateway.send(request("GET", "/0.1.0/widget_bg.wasm", "")).await.status, 200);
    assert_eq!(gateway.send(request("GET", "/widget_bg.wasm", "")).await.status, 404);
    folder.write("widget_bg.wasm", WASM);
    assert!(mistake(&folder).contains("zoho-backup-status.js cannot be read"), "half a build");
}

#[test]
fn the_log_has_one_name_for_all_versions() {
    let folder = Folder::new();
    write_build(&folder, "", "");
    write_build(&folder, "0.1.0", "");
    write_build(&folder, "0.2.0", "");
    let files = WidgetFiles::load(folder.path()).unwrap();
    for (path, name) in [
        ("/widget_bg.wasm", "/widget_bg.wasm"),
        ("/0.1.0/widget_bg.wasm", "/{version}/widget_bg.wasm"),
        ("/0.2.0/widget_bg.wasm", "/{version}/widget_bg.wasm"),
        ("/0.2.0/zoho-backup-status.js", "/{version}/zoho-backup-status.js"),
        ("/0.3.0/widget_bg.wasm", "other"),
        ("/{version}/widget_bg.wasm", "other"),
    ] {
        assert_eq!(Route::parse(path, Some(&files)).name(), name, "{path}");
    }
}

#[test]
fn files_that_are_read_again_are_those_of_the_same_folder() {
    let folder = Folder::new();
    write_build(&folder, "", "");
    let files = WidgetFiles::load(folder.path()).unwrap();
    write_build(&folder, "0.1.0", "");
    let again = files.reload().unwrap();
    let path = "/0.1.0/widget_bg.wasm";
    assert!(files.find(path).is_none() && again.find(path).is_some());
}

#[test]
fn folders_of_other_names_are_no_versions() {
    let folder = Folder::new();
    write_build(&folder, "", "");
    for name in ["v0.1.0", "latest", "0.1"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    folder.write("0.2.0", "a file");
    assert!(WidgetFiles::load(folder.path()).is_ok());
}

#[test]
fn a_version_must_have_both_files() {
    let folder = Folder::new();
    write_build(&folder, "", "");
    std::fs::create_dir(folder.path().join("0.1.0")).unwrap();
    for missing in ["zoho-backup-status.js", "widget_bg.wasm"] {
        let mistake = mistake(&folder);
        for part in ["has the version 0.1.0", missing, "cannot be read"] {
            assert!(mistake.contains(part), "{mistake}");
        }
        folder.write("0.1.0/zoho-backup-status.js", "");
    }
}

#[test]
fn a_version_must_have_the_script_whose_integrity_is_noted() {
    let noted = "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn";
    let folder = Folder::new();
    write_build(&folder, "0.1.0", "abc");
    for note in [noted.to_owned(), format!("{noted}\n"), format!("{noted}\r\n")] {
        folder.write("0.1.0/integrity.txt", note);
        assert!(WidgetFiles::load(folder.path()).is_ok());
    }
    for (script, note) in [("abcd", noted), ("abc", "sha384-x"), ("abc", "")] {
        write_build(&folder, "0.1.0", script);
        folder.write("0.1.0/integrity.txt", note);
        let mistake = mistake(&folder);
        for part in
            ["has the version 0.1.0, which has changed", "integrity.txt", note, "from its package again"]
        {
            assert!(mistake.contains(part), "{mistake}");
        }
    }
}

#[test]
fn script_and_wasm_must_be_of_one_build() {
    let other = INTEGRITY.replace("okyH", "okyI");
    for at in ["", "0.1.0"] {
        let folder = Folder::new();
        for good in [script(INTEGRITY), script("%WASM_INTEGRITY%"), script(""), script(&INTEGRITY[..30])] {
            write_build(&folder, at, &good);
            assert!(WidgetFiles::load(folder.path()).is_ok(), "{good}");
        }
        write_build(&folder, at, &script(&other));
        let mistake = mistake(&folder);
        for part in [
            "has files of two builds",
            "zoho-backup-status.js",
            &other,
            "widget_bg.wasm",
            INTEGRITY,
            "copy all files",
        ] {
            assert!(mistake.contains(part), "{mistake}");
        }
    }
}

#[tokio::test]
async fn the_languages_that_a_script_names_are_served_with_it() {
    let folder = Folder::new();
    for at in ["", "0.1.0"] {
        write_build(&folder, at, &script_with_languages());
        write_languages(&folder, at, GERMAN, PORTUGUESE);
        folder.write(Path::new(at).join("lang/xx.txt").to_str().unwrap(), "no script names it");
        folder
            .write(Path::new(at).join("lang/de.txt.gz").to_str().unwrap(), codings::gzip(GERMAN.as_bytes()));
    }
    let gateway = widget_files::serving(&folder).await;
    let (revalidated, kept) = ("public, no-cache", "public, max-age=31536000, immutable");
    for (path, content, caching) in [
        ("/lang/de.txt", GERMAN, revalidated),
        ("/lang/de.txt?v=00000000", GERMAN, revalidated),
        ("/lang/de.txt?v=51c561ca", GERMAN, kept),
        ("/lang/pt-BR.txt?v=9c16aec7", PORTUGUESE, kept),
        ("/0.1.0/lang/de.txt", GERMAN, kept),
        ("/0.1.0/lang/pt-BR.txt", PORTUGUESE, kept),
    ] {
        let reply = gateway.send(request("GET", path, "origin: https://any.example\r\n")).await;
        assert_eq!((reply.status, reply.text()), (200, content), "{path}");
        assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"), "{path}");
        assert_eq!(reply.header("cache-control"), Some(caching), "{path}");
        assert_eq!(reply.header("cross-origin-resource-policy"), Some("cross-origin"), "{path}");
        assert_eq!(cors(&reply), [("access-control-allow-origin", "*")], "{path}");
        assert_eq!(reply.header("vary"), Some("Accept-Encoding"), "{path}");
        let coded = gateway.send(request("GET", path, "accept-encoding: gzip\r\n")).await;
        let expected = path.contains("de.txt").then_some("gzip");
        assert_eq!(coded.header("content-encoding"), expected, "{path}");
    }
    for path in
        ["/lang/xx.txt", "/lang/", "/lang/de", "/lang/DE.txt", "/lang/de.txt.gz", "/0.2.0/lang/de.txt"]
    {
        assert_eq!(gateway.send(request("GET", path, "")).await.status, 404, "{path}");
    }
    let files = WidgetFiles::load(folder.path()).unwrap();
    for (path, name) in [
        ("/lang/de.txt", "/lang/{language}.txt"),
        ("/lang/pt-BR.txt", "/lang/{language}.txt"),
        ("/0.1.0/lang/de.txt", "/{version}/lang/{language}.txt"),
        ("/lang/xx.txt", "other"),
    ] {
        assert_eq!(Route::parse(path, Some(&files)).name(), name, "{path}");
    }
}

#[test]
fn the_languages_must_be_there_and_of_the_build_of_the_script() {
    for at in ["", "0.1.0"] {
        let folder = Folder::new();
        write_build(&folder, at, &script_with_languages());
        let missing = mistake(&folder);
        for part in
            ["lang/de.txt cannot be read", "zoho-backup-status.js names it", "copy the folder lang, too"]
        {
            assert!(missing.contains(part), "{missing}");
        }
        write_languages(&folder, at, GERMAN, PORTUGUESE);
        assert!(WidgetFiles::load(folder.path()).is_ok(), "{at}");
        write_languages(&folder, at, GERMAN, "");
        let other = mistake(&folder);
        for part in [
            "has files of two builds",
            "another lang/pt-BR.txt",
            "sha256-47DEQpj8",
            "the folder lang of the same build",
        ] {
            assert!(other.contains(part), "{other}");
        }
        write_languages(&folder, at, GERMAN, PORTUGUESE);
        folder.write(Path::new(at).join("lang/de.txt.gz").to_str().unwrap(), codings::gzip(b"another"));
        assert!(mistake(&folder).contains("does not decompress to lang/de.txt"));
    }
}

/// What is no path of a language file leads nowhere, whatever the script says.
#[test]
fn only_tags_are_names_of_languages() {
    for named in ["../secret", "a/b", "", "d e", "%2e", "de.txt"] {
        let folder = Folder::new();
        write_build(&folder, "", &format!("`./lang/{named}.txt?v=0`"));
        assert!(WidgetFiles::load(folder.path()).is_ok(), "{named}");
    }
}
