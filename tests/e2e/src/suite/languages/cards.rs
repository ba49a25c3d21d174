//! The full card of every state.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use zoho_backup_words::languages::ALL;
use zoho_backup_words::sentence::{Piece, joined};

use super::steps::texts;
use crate::session::Session;
use crate::suite::gallery;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("languages",
    "every card, in every language, holds no word of another" => of_one_language,
    "every schedule is said in every language" => schedules,
);

const VOCABULARY: &str = include_str!("vocabulary.js");

/// Each sentence of a language without its placeholders, but with every weekday: a form may grow together with that.
fn table(tag: &str) -> Value {
    let texts = texts(tag);
    let english = include_str!("../../../../../words/src/english.txt").lines();
    let keys = english.filter_map(|line| line.split_once(" = ")).map(|(key, _)| key);
    let own = keys.map(|key| joined(&texts.sentence(key, &|name| vec![Piece::Own(format!("{{{name}}}"))])));
    let forms =
        ALL.iter().find(|language| language.tag == tag).map_or("", |language| language.language.table());
    let weekdays: Vec<_> = (1..=7).map(|day| texts.plain(&format!("weekday.{day}"))).collect();
    let with_weekdays =
        |text: &str| weekdays.iter().map(|day| text.replace("{weekday}", day)).collect::<Vec<_>>().join(" ");
    let without = |text: &str| {
        let parts = text.split('{').map(|part| part.rsplit('}').next().unwrap_or_default());
        parts.collect::<Vec<_>>().join(" ")
    };
    own.chain(forms.lines().map(str::to_owned)).map(|text| without(&with_weekdays(&text))).collect()
}

/// The words in any card of the page that are not of this language, each with its card.
async fn foreign(session: &Session, tag: &str) -> Result<Vec<String>> {
    session
        .run(&format!(
            "{VOCABULARY}
             const [tag, table] = {};
             const main = widget('main');
             main.lang = tag;
             for (const it of main.querySelectorAll('zoho-backup-status')) {{
               for (const details of it.shadowRoot.querySelectorAll('details')) details.open = true;
             }}
             window.__foreign = () => {{
               const vocabulary = new Set([...table, ...textsOfIntl(tag)].flatMap((text) => wordsOf(tag, text)));
               return [...main.querySelectorAll('zoho-backup-status')]
                 .flatMap((it) => foreignWords(it, tag, vocabulary).map((word) => `${{it.id}}: ${{word}}`));
             }};",
            json!([tag, table(tag)])
        ))
        .await?;
    session.speaks(tag).await?;
    session.eval("__foreign()").await
}

async fn of_one_language(session: &mut Session) -> Result<()> {
    gallery::open(session).await?;
    for tag in ALL.iter().map(|language| language.tag).chain(["en"]) {
        let foreign = foreign(session, tag).await?;
        ensure!(foreign.is_empty(), "{tag}: {foreign:#?}");
        let length: usize = session
            .eval(
                "widget('main').querySelectorAll('zoho-backup-status').values()
            .map((it) => it.shadowRoot.textContent.length).reduce((sum, it) => sum + it)",
            )
            .await?;
        session.note(format!("{tag}: {length} characters"));
    }
    // It can fail.
    session.run("widget('#failed').shadowRoot.querySelector('.badge > span').textContent = 'Échec';").await?;
    let found: Vec<String> = session.eval("__foreign()").await?;
    ensure!(found == ["failed: échec"], "{found:?}");
    session.run("widget('#failed').remove();").await?;
    session.no_errors().await
}

/// Rules with every kind of part.
const RULES: [&str; 14] = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=2;COUNT=1",
    "FREQ=DAILY;INTERVAL=11;COUNT=2",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
    "FREQ=WEEKLY;INTERVAL=100;BYDAY=SU;COUNT=3",
    "FREQ=WEEKLY;INTERVAL=3;BYDAY=SA;UNTIL=20991224",
    "FREQ=MONTHLY;BYDAY=1MO,2TU,3WE,4TH,5FR",
    "FREQ=MONTHLY;BYDAY=-1SA,-2SU,-3MO,-4TU,-5WE",
    "FREQ=MONTHLY;INTERVAL=2;BYDAY=SA,SU",
    "FREQ=MONTHLY;BYMONTHDAY=1,2,11,31,-1",
    "FREQ=MONTHLY;INTERVAL=99;BYMONTHDAY=-2,-11;COUNT=9999",
    "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
    "FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=SU",
    "FREQ=YEARLY;INTERVAL=2",
];

async fn schedules(session: &mut Session) -> Result<()> {
    let body = RULES.map(|_| "<zoho-backup-status></zoho-backup-status>\n".to_owned()).concat();
    session.open_with_fake_clock([format!("<main>{body}</main>")]).await?;
    session
        .run(&format!(
            "const rules = {};
             for (const [index, it] of document.querySelectorAll('zoho-backup-status').entries()) {{
               it.id = `rule-${{index}}`;
               it.data = {{ backup: {{ status: 'SCHEDULED', rrule: rules[index], scheduled_date: '2031-05-05T21:58:45+05:30' }} }};
             }}",
            json!(RULES)
        ))
        .await?;
    for tag in ALL.iter().map(|language| language.tag).chain(["en"]) {
        let foreign = foreign(session, tag).await?;
        ensure!(foreign.is_empty(), "{tag}: {foreign:#?}");
        let said: Vec<String> = session
            .eval(
                "[...document.querySelectorAll('zoho-backup-status')]
                .map((it) => oneLine(parts(it, 'schedule')[0].querySelector('dd').firstChild.data ?? ''))",
            )
            .await?;
        session.note(format!("{tag}: {said:#?}"));
        for (rule, said) in RULES.iter().zip(&said) {
            ensure!(
                said.len() > 3 && !said.contains(['{', '}']) && !said.contains("FREQ"),
                "{tag}: {rule}: {said}"
            );
        }
    }
    session.no_errors().await
}
