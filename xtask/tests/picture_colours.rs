//! The picture has the colours of the widget: those of `src/view/style.css`.

use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::knowledge::Knowledge;
use zoho_backup_core::options::Theme;
use zoho_backup_core::policy::Policy;
use zoho_backup_core::reason::Tone;
use zoho_backup_core::verdict::{Verdict, verdict};
use zoho_backup_picture::Picture;

const STYLE_SHEET: &str = include_str!("../../src/view/style.css");

/// The declarations of the first rule with this selector.
fn rule(selector: &str) -> &'static str {
    let (_, rule) = STYLE_SHEET.split_once(&format!("{selector} {{")).expect(selector);
    rule.split_once('}').expect(selector).0
}

/// The colour that a picture in this tone and theme has for a custom property.
fn of_picture(tone: Tone, theme: Theme, property: &str) -> String {
    let now = Timestamp::from_millis(1_795_633_000_000);
    let verdict = Verdict { tone, ..verdict(&Knowledge::default(), now, &Policy::default()) };
    let style = Picture { verdict: &verdict, now, theme, language: None }.style();
    let (_, value) = style.split_once(&format!("{property}:")).expect(property);
    value.split([';', '}']).next().unwrap().to_owned()
}

fn assert_alike(tone: Tone, property: &str, rule: &str) {
    let [light, dark] = [Theme::Light, Theme::Dark].map(|theme| of_picture(tone, theme, property));
    let value = format!("light-dark({light}, {dark})");
    let mut declarations = rule.lines().filter(|line| line.trim().starts_with(&format!("{property}: ")));
    assert!(declarations.any(|line| line.contains(&value)), "{tone}, {property}: {value} is not in {rule}");
}

#[test]
fn each_tone_has_the_colours_of_the_widget() {
    for tone in Tone::ALL {
        let rule = rule(&format!("[data-tone=\"{tone}\"]"));
        for property in ["--tone", "--wash"] {
            assert_alike(*tone, property, rule);
        }
    }
}

#[test]
fn texts_and_background_have_the_colours_of_the_card() {
    let card = rule(".card,\n.line,\n.skeleton");
    for property in ["--ink", "--quiet", "--paper"] {
        assert_alike(Tone::Neutral, property, card);
    }
}
