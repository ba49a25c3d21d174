//! SIGHUP: the widget's files are read again, and nothing else changes.

use nix::sys::signal::Signal;

use crate::program::{PATH, Place, Program, Zoho};

const SCRIPT: &str = "/zoho-backup-status.js";
const WASM: &str = "/widget_bg.wasm";

fn write(zoho: &Zoho, build: &str) {
    zoho.folder.write("zoho-backup-status.js", format!("script of {build}"));
    zoho.folder.write("widget_bg.wasm", format!("wasm of {build}"));
}

fn served(place: &Place) -> [String; 2] {
    [SCRIPT, WASM].map(|path| place.get(path).text().to_owned())
}

fn of(build: &str) -> [String; 2] {
    [format!("script of {build}"), format!("wasm of {build}")]
}

#[test]
fn a_reload_serves_the_new_files_and_keeps_the_token_and_the_answer() {
    let zoho = Zoho::start();
    write(&zoho, "one");
    let mut command = zoho.program();
    command.args(["--listen", "127.0.0.1:0", "--widget-dir"]).arg(zoho.folder.path());
    let (program, place) = Program::start(command);
    let first = place.get(PATH);
    assert_eq!((first.status, served(&place)), (200, of("one")));

    write(&zoho, "two");
    assert_eq!(served(&place), of("one"), "they are not read without the signal");
    program.signal(Signal::SIGHUP);
    program.wait_for("the widget's files were read again");
    assert_eq!(served(&place), of("two"));

    let second = place.get(PATH);
    assert_eq!((second.status, second.header("date")), (200, first.header("date")), "the same answer");
    assert_eq!(zoho.sandbox.record().all().len(), 2, "a token and an answer");
}

#[test]
fn a_reload_that_fails_keeps_the_old_files_and_says_why() {
    let zoho = Zoho::start();
    write(&zoho, "one");
    let mut command = zoho.program();
    command.args(["--listen", "127.0.0.1:0", "--widget-dir"]).arg(zoho.folder.path());
    let (program, place) = Program::start(command);

    write(&zoho, "two");
    let wasm = zoho.path("widget_bg.wasm");
    std::fs::remove_file(&wasm).expect("it is there");
    program.signal(Signal::SIGHUP);
    let line = program.wait_for("the old files are served on");
    assert!(line.contains("--widget-dir") && line.contains(wasm.to_str().expect("text")), "{line}");
    assert_eq!(served(&place), of("one"), "neither of them is replaced");

    write(&zoho, "three");
    program.signal(Signal::SIGHUP);
    program.wait_for("the widget's files were read again");
    assert_eq!(served(&place), of("three"));
}

#[test]
fn a_reload_without_files_changes_nothing() {
    let zoho = Zoho::start();
    let mut command = zoho.program();
    command.args(["--listen", "127.0.0.1:0"]);
    let (program, place) = Program::start(command);
    for number in 1..=3 {
        program.signal(Signal::SIGHUP);
        program.wait_for_nth("nothing to reload", number);
    }
    assert_eq!((place.get(PATH).status, place.get(SCRIPT).status), (200, 404));
    program.signal(Signal::SIGTERM);
    let (status, log) = program.wait();
    assert!(status.success(), "{log:#?}");
}
