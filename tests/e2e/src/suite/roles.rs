//! Role, name and description of the nodes that matter, in every state, as browsers compute them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use zoho_backup_core::reason::State;

use super::gallery::{BUSY, KEPT, LINKED, LOADING, Look, OLD, open, show};
use crate::accessibility::{Described, describe, role_and_name};
use crate::engine::Engine;
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("roles",
    "a card is a group with heading, button, timer, status and disclosures" => |session| roles(session, "card"),
    "a badge is a group with button, timer and status" => |session| roles(session, "badge"),
);

/// A widget for each state, then those that show more than their state.
const WIDGETS: [&str; 17] = [
    LOADING,
    "none",
    "no-permission",
    "stopped",
    "running",
    "failed",
    "missed-then-scheduled",
    "unknown-status",
    "one-off",
    "completed",
    "scheduled",
    "due",
    "overdue",
    OLD,
    KEPT,
    BUSY,
    LINKED,
];

const LABEL: &str = "Zoho CRM backup";

/// The nodes, each with the expression that finds it in the widget `it`.
const NODES: [(&str, &str); 10] = [
    ("opener", "it.shadowRoot.querySelector('[popovertarget]')"),
    ("card", "parts(it, 'card')[0]"),
    ("heading", "parts(it, 'label')[0]"),
    ("link", "it.shadowRoot.querySelector('a')"),
    ("refresh", "parts(it, 'refresh')[0]"),
    ("countdown", "parts(it, 'countdown')[0]"),
    ("said", "it.shadowRoot.querySelector('.said')"),
    ("past runs", "it.shadowRoot.querySelector('[part=past-runs] ol')"),
    ("upcoming", "it.shadowRoot.querySelector('[part=upcoming] > summary')"),
    ("details", "it.shadowRoot.querySelector('[part=details] > summary')"),
];

/// A node as assistive technology gets it.
struct Told {
    role: String,
    name: String,
    described: Option<Described>,
}

async fn roles(session: &mut Session, variant: &'static str) -> Result<()> {
    open(session).await?;
    show(session, Look { variant, theme: "light", lang: "en" }).await?;
    let (mut states, mut nodes) = (BTreeSet::new(), BTreeSet::new());
    for id in WIDGETS {
        let told = all_of(session, id).await?;
        session.note(line(id, &told));
        is_right(variant, &told).with_context(|| format!("{id} as {variant}"))?;
        nodes.extend(told.into_keys());
        states.insert(session.verdict(&format!("#{id}")).await?.state);
    }
    ensure!(states.len() == State::ALL.len(), "only these states were looked at: {states:?}");
    let seen: Vec<_> = NODES.iter().map(|(node, _)| *node).filter(|node| nodes.contains(node)).collect();
    let [opener, card @ ..] = NODES.map(|(node, _)| node);
    let expected: &[&str] = if variant == "card" { &card } else { &[opener, "card", "countdown", "said"] };
    ensure!(seen == expected, "{variant}: only these nodes were found: {seen:?}");
    Ok(())
}

async fn all_of(session: &Session, id: &str) -> Result<BTreeMap<&'static str, Told>> {
    let find = |expression: &str| format!("((it) => {expression})(widget('#{id}'))");
    let mut all = BTreeMap::new();
    for (node, expression) in NODES {
        let found: Value = session.eval(&format!("{} ?? null", find(expression))).await?;
        if found.is_null() {
            continue;
        }
        let (role, name) = role_and_name(session.web(), &found).await?;
        let described = match session.engine {
            Engine::Chromium => Some(describe(session.web(), &find(expression)).await?),
            Engine::Firefox | Engine::Webkit => None,
        };
        all.insert(node, Told { role, name, described });
    }
    Ok(all)
}

fn line(id: &str, told: &BTreeMap<&str, Told>) -> String {
    let cell = |(node, Told { role, name, described }): (&&str, &Told)| {
        let mut cell = format!("{node}: {role} {name:?}");
        if let Some(Described { description, level }) = described {
            cell += &level.map_or_else(String::new, |level| format!(" level {level}"));
            if !description.is_empty() {
                cell += &format!(" ({description})");
            }
        }
        cell
    };
    format!("{id} | {}", told.iter().map(cell).collect::<Vec<_>>().join(" | "))
}

/// The nodes of a card, each with its role and name. Summaries have no role in ARIA: engines differ.
const CARD: [(&str, Option<&str>, &str); 9] = [
    ("card", Some("group"), LABEL),
    ("heading", Some("heading"), LABEL),
    ("link", Some("link"), LABEL),
    ("refresh", Some("button"), "Check again"),
    ("countdown", Some("timer"), ""),
    ("said", Some("status"), ""),
    ("past runs", Some("list"), ""),
    ("upcoming", None, "Upcoming runs"),
    ("details", None, "Details"),
];

fn is_right(variant: &str, told: &BTreeMap<&str, Told>) -> Result<()> {
    let always: &[&str] =
        if variant == "card" { &["card", "heading", "refresh", "said"] } else { &["card", "opener", "said"] };
    for node in always {
        ensure!(told.contains_key(node), "no {node}");
    }
    for (node, role, name) in CARD {
        let Some(found) = told.get(node) else { continue };
        ensure!(role.is_none_or(|role| found.role == role), "the role of {node} is {}", found.role);
        ensure!(found.name == name, "the name of {node} is {:?}", found.name);
    }
    // As far as the engine tells.
    if let Some(Described { level, .. }) = told.get("heading").and_then(|heading| heading.described.as_ref())
    {
        ensure!(*level == Some(3), "the level of the heading is {level:?}");
    }
    if let Some(Described { description, .. }) = told["card"].described.as_ref() {
        ensure!(description.is_empty(), "the description of the group is {description:?}");
    }
    if let Some(Told { role, name, .. }) = told.get("opener") {
        let word = name.strip_prefix(LABEL).and_then(|rest| rest.strip_prefix(": "));
        ensure!(
            role == "button" && word.is_some_and(|word| !word.is_empty()),
            "the badge is a {role} named {name:?}"
        );
    }
    Ok(())
}
