//! The declarations that editors and compilers read, compared with the built element and with the documentation.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::manifest::manifest;
use super::verdict::every_scenario;
use crate::page::{self, Page};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("contract declared",
    "attributes, properties and methods are those of the element" => element,
    "the defaults are those of a new element" => defaults,
    "exports, options and handle are those of the script and of mount()" => mounted,
    "a verdict and its fault have the declared members" => verdicts,
    "the parts are those of all states together" => parts,
);

const TYPES: &str = include_str!("../../../../../www/zoho-backup-status.d.ts");

fn set<T: Into<String>>(names: impl IntoIterator<Item = T>) -> BTreeSet<String> {
    names.into_iter().map(Into::into).collect()
}

/// Fails with the names that only one of the sets contains.
fn ensure_same(what: &str, declared: BTreeSet<String>, found: BTreeSet<String>) -> Result<()> {
    let only_declared: Vec<_> = declared.difference(&found).collect();
    let undeclared: Vec<_> = found.difference(&declared).collect();
    ensure!(only_declared.is_empty(), "{what}: declared, but not found: {only_declared:?}");
    ensure!(undeclared.is_empty(), "{what}: found, but not declared: {undeclared:?}");
    ensure!(!declared.is_empty(), "{what}: nothing is declared");
    Ok(())
}

/// The members of an interface in the `.d.ts`, which has one per line. A getter and its setter are one member.
fn members(interface: &str) -> BTreeSet<String> {
    let start = format!("export interface {interface} ");
    let lines = TYPES.lines().skip_while(|line| !line.starts_with(&start)).skip(1);
    let lines = lines.take_while(|line| *line != "}");
    // Members of nested types are indented further.
    let lines = lines
        .filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with([' ', '/', '*', '}'])));
    set(lines.filter_map(|line| {
        let words = ["readonly ", "get ", "set "];
        let line = words.iter().find_map(|word| line.strip_prefix(word)).unwrap_or(line);
        Some(line.split(['?', ':', '(']).next()?.trim_matches('"'))
    }))
}

/// The properties of the prototype, each with whether it has a setter, and the methods.
async fn prototype(session: &Session) -> Result<(Vec<(String, bool)>, Vec<String>)> {
    let accessors = session
        .eval(
            "Object.entries(Object.getOwnPropertyDescriptors(widget().constructor.prototype))
               .filter(([, { get }]) => get).map(([name, { set }]) => [name, Boolean(set)])",
        )
        .await?;
    let methods = session
        .eval(
            "Object.entries(Object.getOwnPropertyDescriptors(widget().constructor.prototype))
               .filter(([name, { value }]) => typeof value === 'function' && !/^constructor$|Callback$/.test(name))
               .map(([name]) => name)",
        )
        .await?;
    Ok((accessors, methods))
}

async fn element(session: &mut Session) -> Result<()> {
    session.open(Page::new("<zoho-backup-status></zoho-backup-status>")).await?;
    session.wait("customElements.get('zoho-backup-status')").await?;
    let manifest = manifest();

    let observed: Vec<String> = session.eval("widget().constructor.observedAttributes").await?;
    ensure_same("attributes", set(manifest.attributes.clone()), set(observed.clone()))?;
    ensure_same("attributes for JSX", members("ZohoBackupStatusAttributes"), set(observed))?;

    let (accessors, methods) = prototype(session).await?;
    let reflecting = manifest.reflecting.iter().map(|(property, _)| property.clone());
    let fields = set(reflecting.chain(manifest.properties.clone()));
    ensure_same("properties", fields.clone(), set(accessors.iter().map(|(name, _)| name.clone())))?;
    let read_only = accessors.iter().filter(|(_, can_be_set)| !can_be_set).map(|(name, _)| name.clone());
    ensure_same("read-only properties", set(manifest.read_only), set(read_only))?;
    ensure_same("methods", set(manifest.methods.clone()), set(methods))?;
    let in_types = members("ZohoBackupStatusElement");
    ensure_same("members of the element's type", in_types, set(fields.into_iter().chain(manifest.methods)))?;
    ensure_same("the event map", members("ZohoBackupStatusEventMap"), set(manifest.events))?;

    for (property, attribute) in manifest.reflecting {
        let reflects: bool = session
            .eval(&format!(
                "((element) => {{
                   element['{property}'] = '7';
                   const given = element.getAttribute('{attribute}');
                   element['{property}'] = null;
                   return given === '7' && !element.hasAttribute('{attribute}');
                 }})(document.createElement('zoho-backup-status'))"
            ))
            .await?;
        ensure!(reflects, "{property} does not reflect {attribute}");
    }
    session.no_errors().await
}

async fn defaults(session: &mut Session) -> Result<()> {
    session.open(Page::new("<zoho-backup-status></zoho-backup-status>")).await?;
    session.wait("customElements.get('zoho-backup-status')").await?;
    for (property, declared) in manifest().defaults {
        let found: Value =
            session.eval(&format!("document.createElement('zoho-backup-status')['{property}']")).await?;
        let declared: Value = serde_json::from_str(&declared)?;
        ensure!(found == declared, "{property} is {found} instead of {declared}");
    }
    Ok(())
}

async fn mounted(session: &mut Session) -> Result<()> {
    session.open(Page::new("<div id=target></div>").without_widget()).await?;
    let exports: Vec<String> =
        session.eval("Object.keys(await import('{files}/zoho-backup-status.js'))").await?;
    let declared = TYPES.lines().filter_map(|line| {
        let line = line.strip_prefix("export function ").or_else(|| line.strip_prefix("export const "))?;
        line.split(['(', ':']).next()
    });
    ensure_same("exports", set(declared), set(exports))?;

    let options = members("Options");
    let names = serde_json::to_string(&options)?;
    session
        .run(&format!(
            "const {{ mount }} = await import('{{files}}/zoho-backup-status.js');
             const options = Object.fromEntries({names}.map((name) => [name, null]));
             window.handle = await mount(document.querySelector('#target'), {{ ...options, data: {{ backup: null }} }});"
        ))
        .await?;
    let console = session.console().await?;
    ensure!(console.is_empty(), "options that are declared, but unknown: {console:?}");
    let settable = manifest().reflecting.into_iter().map(|(property, _)| property);
    let settable = settable.chain(["data", "messages", "lang"].map(str::to_owned));
    ensure_same("options", options, set(settable))?;
    let handle: Vec<String> = session.eval("Object.keys(handle)").await?;
    ensure_same("members of the handle", members("Handle"), set(handle))?;

    session.run("handle.update({ proxyURL: '/x' }); handle.update({ proxyURL: '/y' });").await?;
    let console = session.console().await?;
    ensure!(console.len() == 1 && console[0].contains("\"proxyURL\""), "{console:?}");
    session.no_errors().await
}

async fn verdicts(session: &mut Session) -> Result<()> {
    session.open(Page::of("no-permission")).await?;
    session.settled("#no-permission").await?;
    let verdict: Vec<String> = session.eval("Object.keys(widget().verdict)").await?;
    ensure_same("members of a verdict", members("Verdict"), set(verdict))?;
    let fault: Vec<String> = session.eval("Object.keys(widget().verdict.fault)").await?;
    ensure_same("members of a fault", members("Fault"), set(fault))
}

async fn parts(session: &mut Session) -> Result<()> {
    session.open(Page::new(every_scenario().map(page::element).collect::<String>()).fake_clock()).await?;
    session.wait("[...document.querySelectorAll('zoho-backup-status')].every((w) => w.verdict)").await?;
    // Longer than every deadline, so that the slowest scenario has its verdict.
    session.advance(20_000).await?;
    session
        .wait("[...document.querySelectorAll('zoho-backup-status')].every((w) => w.verdict.state !== 'loading')")
        .await
        .context("a scenario is still loading")?;
    session.run("widget().shadowRoot.querySelector('[part=refresh]').click();").await?;
    let parts = "[...document.querySelectorAll('zoho-backup-status')]
        .flatMap((w) => [...w.shadowRoot.querySelectorAll('[part]')])
        .flatMap((element) => [...element.part])";
    let mut found: Vec<String> = session.eval(parts).await?;
    // A badge whose answer is old.
    session.open_with_fake_clock([page::element_with("w", "scheduled", "variant=badge")]).await?;
    session.settled("#w").await?;
    session.respond_as("scheduled", "internal-error")?;
    session.pass(1_200_000).await?;
    found.extend(session.eval::<Vec<String>>(parts).await?);
    ensure_same("parts", set(manifest().parts), set(found))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use zoho_backup_core::countdown::CountdownMode;
    use zoho_backup_core::fault::FaultKind;
    use zoho_backup_core::options::{Credentials, HourCycle, Theme, Variant};
    use zoho_backup_core::reason::{Reason, State, Tone};

    use super::*;
    use crate::suite::contract::manifest::names;

    /// The members of a string union in the `.d.ts`.
    fn union(name: &str) -> BTreeSet<String> {
        let definition = TYPES.split_once(&format!("export type {name} =")).map_or("", |(_, rest)| rest);
        let definition = definition.split(';').next().unwrap_or_default();
        set(definition.split('"').skip(1).step_by(2))
    }

    fn words(words: &[impl ToString]) -> BTreeSet<String> {
        set(words.iter().map(ToString::to_string))
    }

    #[test]
    fn the_unions_of_the_types_are_the_enums_of_core() {
        for (name, known) in [
            ("State", words(State::ALL)),
            ("Tone", words(Tone::ALL)),
            ("ReasonCode", words(Reason::ALL)),
            ("FaultKind", words(FaultKind::ALL)),
            ("Countdown", words(CountdownMode::ALL)),
            ("HourCycle", words(HourCycle::ALL)),
            ("Theme", words(Theme::ALL)),
            ("Variant", words(Variant::ALL)),
            ("Credentials", words(Credentials::ALL)),
        ] {
            assert_eq!(union(name), known, "{name}");
        }
    }

    #[test]
    fn the_custom_states_are_cores_and_stale() {
        let mut states = words(State::ALL);
        states.insert("stale".to_owned());
        assert_eq!(set(manifest().states), states);
    }

    #[test]
    fn the_page_of_faults_has_each_fault_with_the_sentences_shown() {
        let page = include_str!("../../../../../docs/faults.md");
        // kind | what happened | what to do
        let rows = page.lines().filter_map(|line| {
            let (kind, sentences) = line.strip_prefix("| `")?.split_once('|')?;
            Some(format!("{}:{sentences}", kind.split('`').next()?))
        });
        let sentences: BTreeMap<_, _> = include_str!("../../../../../words/src/english.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(" = "))
            .collect();
        let faults = sentences.keys().filter_map(|key| key.strip_prefix("cause."));
        let expected = faults.map(|fault| {
            let [cause, remedy] =
                ["cause", "remedy"].map(|part| sentences[format!("{part}.{fault}").as_str()]);
            let kind =
                if fault == "supplied" { "malformed" } else { fault.split('.').next().unwrap_or_default() };
            format!("{kind}: {cause} | {remedy} |")
        });
        assert_eq!(set(rows), set(expected));
        for kind in FaultKind::ALL {
            assert!(page.contains(&format!("| `{kind}`")), "{kind} is not on the page");
        }
    }

    #[test]
    fn the_reference_has_every_row() {
        let page = include_str!("../../../../../docs/reference.md");
        let manifest = manifest();
        let rows =
            [manifest.attributes, manifest.properties, manifest.methods, manifest.events, manifest.states];
        for row in rows.concat() {
            let named = [format!("`{row}`"), format!("`{row}()`")].iter().any(|name| page.contains(name));
            assert!(named, "the reference does not name {row}");
        }
        let parts = page.split_once("Parts for `::part()`:").map_or("", |(_, rest)| rest);
        let parts = parts.split('`').nth(1).unwrap_or_default();
        assert_eq!(set(parts.split_whitespace()), set(manifest.parts));
    }

    #[test]
    fn the_custom_properties_are_those_of_the_style_sheet() {
        let style = include_str!("../../../../../src/view/style.css");
        let used = style.split("--zoho-backup-").skip(1).filter_map(|rest| {
            rest.split(|letter: char| letter != '-' && !letter.is_ascii_alphabetic()).next()
        });
        let used = set(used.filter(|name| !name.is_empty()).map(|name| format!("--zoho-backup-{name}")));
        assert_eq!(set(names("cssProperties")), used);
    }
}
