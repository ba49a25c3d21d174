//! The secrets: environment variables and files.

use super::*;

#[test]
fn a_secret_comes_from_the_environment_or_from_a_readable_file() {
    let folder = Folder::new();
    let file = |name: &str, content: &str| folder.write(name, content).display().to_string();
    let good = file("good", SENTINEL);
    let empty = file("empty", "");
    let blank = file("blank", " \n\t\n");
    let words = file("words", "1000.sentinel 1000.sentinel");
    let unicode = file("unicode", "1000.sentinel…");
    let bytes = folder.write("bytes", b"1000.sentinel\xff").display().to_string();
    let missing = folder.path().join("missing").display().to_string();
    let of_folder = folder.path().display().to_string();
    for (name, file_name) in [(SECRET, SECRET_FILE), (TOKEN, TOKEN_FILE)] {
        let cases: &[(&str, Variables<'_>, &[&str])] = &[
            ("neither", &[], &[name, "is missing", file_name]),
            ("both", &[(name, SENTINEL), (file_name, &good)], &[name, file_name, "unset one of them"]),
            ("an empty one", &[(name, "")], &[name, "the environment", "is empty"]),
            ("a blank one", &[(name, " \n")], &[name, "is empty"]),
            ("two words", &[(name, "1000.sentinel x")], &[name, "one word of ASCII"]),
            ("Unicode", &[(name, "1000.sentinel…")], &[name, "one word of ASCII"]),
            ("two lines", &[(name, "1000.sentinel\nx")], &[name, "one word of ASCII"]),
            ("no such file", &[(file_name, &missing)], &[file_name, &missing, "cannot be read"]),
            ("a folder", &[(file_name, &of_folder)], &[file_name, &of_folder, "cannot be read"]),
            ("an empty file", &[(file_name, &empty)], &[file_name, &empty, "is empty"]),
            ("a blank file", &[(file_name, &blank)], &[file_name, &blank, "is empty"]),
            ("a file with two words", &[(file_name, &words)], &[file_name, &words, "one word of ASCII"]),
            ("a file in Unicode", &[(file_name, &unicode)], &[file_name, &unicode, "one word of ASCII"]),
            ("a file that is not text", &[(file_name, &bytes)], &[file_name, &bytes, "cannot be read"]),
            ("the secret in place of its path", &[(file_name, SENTINEL)], &[file_name, "cannot be read"]),
        ];
        for (case, variables, words) in cases {
            let mut environment = secrets();
            environment.remove(name);
            environment
                .extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
            assert_mistake(&format!("{case} of {name}"), &self::good(), &environment, words);
        }
    }
}

#[test]
fn a_secret_may_have_white_space_around_it() {
    let folder = Folder::new();
    let file = folder.write("secret", format!("{SENTINEL}\r\n"));
    let environment =
        environment([(SECRET_FILE, &file.display().to_string()), (TOKEN, &format!(" {SENTINEL} "))]);
    let settings = validate(&good(), &environment).unwrap();
    for source in [&settings.client_secret, &settings.refresh_token] {
        assert_eq!(source.read().unwrap().expose_secret(), SENTINEL);
    }
    folder.write("secret", "rotated");
    assert_eq!(settings.client_secret.read().unwrap().expose_secret(), "rotated", "without a restart");
}

#[cfg(unix)]
#[test]
fn a_secret_that_every_user_can_read_causes_a_warning() {
    let folder = Folder::new();
    let [secret, token] = ["secret", "token"].map(|name| folder.write(name, SENTINEL).display().to_string());
    let environment = environment([(SECRET_FILE, &secret), (TOKEN_FILE, &token)]);
    let settings = validate(&good(), &environment).unwrap();
    // Each once, unless it gets worse.
    for (mode, readers) in [
        (0o600, None),
        (0o440, Some("its group")),
        (0o640, None),
        (0o644, Some("every user")),
        (0o604, None),
        (0o440, None),
    ] {
        folder.allow("token", mode);
        let warnings = settings.warnings();
        assert_eq!(warnings.len(), usize::from(readers.is_some()), "{mode:o}: {warnings:?}");
        for warning in warnings {
            let readers = readers.expect("a warning");
            assert!([&token, "chmod 600", readers].iter().all(|part| warning.contains(*part)), "{warning}");
            assert!(!warning.contains(SENTINEL), "{warning}");
        }
    }
    folder.allow("secret", 0o644);
    assert_eq!(settings.warnings().len(), 1);
}

#[test]
fn a_path_is_shown_unless_it_may_be_the_secret_itself() {
    let problem = |path: &str| Source::file(PathBuf::from(path)).read().unwrap_err();
    assert!(problem("/nowhere/secret").starts_with("/nowhere/secret cannot be read"));
    assert!(!problem(SENTINEL).contains(SENTINEL), "the secret itself was set in place of its path");
}
