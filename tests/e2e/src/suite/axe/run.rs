//! A run of axe-core over the page.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::session::Session;

/// Rules with one of these tags run: WCAG 2.2 at level AA, and what axe-core calls best practice. Those that axe-core
/// leaves out by default run, too, unless it has replaced them by others.
const TAGS: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']";

/// The start of the line of a rule that cannot decide.
const HIDDEN_CONTENT: &str = "hidden-content: ";

/// What axe-core reports.
#[derive(Debug, Deserialize)]
pub struct Findings {
    /// How many rules ran.
    pub rules: usize,
    /// How many of them found something to check.
    pub applied: usize,
    /// What is wrong: a line for each rule, with the nodes.
    pub violations: Vec<String>,
    /// The same, where axe-core cannot decide.
    pub undecided: Vec<String>,
}

/// Loads axe-core into the page.
pub async fn load(session: &Session) -> Result<()> {
    session
        .run("await import('{files}/axe-core/axe.min.js');")
        .await
        .context("axe-core does not load: `cargo xtask test e2e axe` fetches it")
}

/// Runs every rule over the whole page.
pub async fn check(session: &Session) -> Result<Findings> {
    let (expected, findings) = check_in(session, "document").await?;
    ensure!(findings.rules == expected, "{} of {expected} rules ran", findings.rules);
    Ok(findings)
}

/// Runs every rule over what this expression gives, but for those about whole pages. Also returns how many there are.
async fn check_in(session: &Session, context: &str) -> Result<(usize, Findings)> {
    session
        .eval(&format!(
            "(async () => {{
               const rules = axe.getRules({TAGS}).filter(({{ tags }}) => !tags.includes('deprecated'));
               const values = rules.map(({{ ruleId }}) => ruleId);
               let results, failure;
               axe.run({context}, {{ runOnly: {{ type: 'rule', values }} }})
                 .then((it) => {{ results = it; }}, (error) => {{ failure = error; }});
               // Its timers are the page's, whose clock stands still.
               while (!results && !failure) await __clock.advance(0);
               if (failure) throw failure;
               const {{ passes, violations, incomplete, inapplicable }} = results;
               const lines = (rules) => rules.map(({{ id, nodes }}) => {{
                 const places = nodes.slice(0, 5).map(({{ target }}) => target.flat().join(' ')).join('; ');
                 return `${{id}}: ${{oneLine(nodes[0].failureSummary)}} ${{nodes.length}} nodes: ${{places}}`;
               }});
               const ids = (...lists) => new Set(lists.flat().map(({{ id }}) => id)).size;
               return [values.length, {{
                 rules: ids(passes, violations, incomplete, inapplicable),
                 applied: ids(passes, violations, incomplete),
                 violations: lines(violations),
                 undecided: lines(incomplete),
               }}];
             }})()"
        ))
        .await
}

/// Runs every rule, notes the figures, and fails where axe-core finds or suspects a mistake.
pub async fn has_no_violation(session: &Session, name: &str, widgets: usize) -> Result<()> {
    let findings = check(session).await?;
    let Findings { rules, applied, violations, undecided } = &findings;
    let (wrong, open) = (violations.len(), undecided.len());
    session.note(format!(
        "{name}: {widgets} widgets, {rules} rules, {applied} apply: {wrong} violations, {open} undecided"
    ));
    judge(&findings)
}

/// Fails where axe-core finds or suspects a mistake in the widget of this id.
pub async fn has_no_violation_in(session: &Session, id: &str) -> Result<()> {
    let (_, findings) = check_in(session, &format!("widget('#{id}')")).await?;
    judge(&findings)
}

fn judge(Findings { violations, undecided, .. }: &Findings) -> Result<()> {
    ensure!(violations.is_empty(), "violations: {violations:#?}");
    // Whatever is hidden is a case for people to this rule. It is the refresh button where nothing is fetched.
    let open: Vec<_> = undecided.iter().filter(|line| !line.starts_with(HIDDEN_CONTENT)).collect();
    ensure!(open.is_empty(), "axe-core cannot decide: {open:#?}");
    Ok(())
}
