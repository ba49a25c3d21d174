//! The recipes of docs/embedding.md, word for word: the blocks of code that have a name, as in ```` ```html page.html ````.

use anyhow::{Context, Result};

const TEXT: &str = include_str!("../../../docs/embedding.md");

/// A block of code of the documentation.
struct Block {
    /// The text of its fence: `html page.html`.
    info: &'static str,
    text: &'static str,
}

impl Block {
    fn name(&self) -> Option<&'static str> {
        self.info.split_once(' ').map(|(_, name)| name)
    }
}

/// The recipe of this name.
pub fn recipe(name: &str) -> Result<&'static str> {
    let block = blocks().into_iter().find(|block| block.name() == Some(name));
    Ok(block.with_context(|| format!("docs/embedding.md has no block named {name}"))?.text)
}

/// The value of this header in the recipe of this name.
pub fn header(name: &str, header: &str) -> Result<&'static str> {
    let lines = recipe(name)?.lines();
    let mut fields = lines.filter_map(|line| line.split_once(": "));
    let field = fields.find(|(field, _)| field.eq_ignore_ascii_case(header));
    Ok(field.with_context(|| format!("{name} has no header {header}"))?.1)
}

fn blocks() -> Vec<Block> {
    // Text and fences alternate, from text on.
    let parts: Vec<_> = TEXT.split("\n```").collect();
    let code = parts.iter().skip(1).step_by(2);
    code.filter_map(|part| part.split_once('\n')).map(|(info, text)| Block { info, text }).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The languages of blocks that are of a page. Frameworks' code is tested with the frameworks.
    const OF_PAGES: [&str; 3] = ["html", "http", "css"];

    /// Blocks whose sections are tested otherwise: the tag that `cargo xtask package` prints.
    const PRINTED: [&str; 1] = ["src=\"https://portal.example/widgets/0.1.0/zoho-backup-status.js\""];

    fn of_pages() -> impl Iterator<Item = Block> {
        blocks().into_iter().filter(|block| {
            let language = block.info.split(' ').next().unwrap_or_default();
            OF_PAGES.contains(&language) && !PRINTED.iter().any(|printed| block.text.contains(printed))
        })
    }

    /// The sources of all tests of pages.
    fn sources(folder: &Path) -> String {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries
            .map(|path| if path.is_dir() { sources(&path) } else { fs::read_to_string(&path).unwrap() })
            .collect()
    }

    #[test]
    fn every_block_of_a_page_has_a_name_of_its_own() {
        let mut names: Vec<_> = of_pages()
            .map(|block| block.name().unwrap_or_else(|| panic!("a block without a name:\n{}", block.text)))
            .collect();
        assert!(names.len() > 10, "{names:?}");
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all, "two blocks have one name: {names:?}");
    }

    #[test]
    fn every_block_of_a_page_is_run_by_a_test() {
        let tests = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/suite"));
        let unused: Vec<_> = of_pages()
            .filter_map(|block| block.name())
            .filter(|name| !tests.contains(&format!("\"{name}\"")))
            .collect();
        assert!(unused.is_empty(), "no test runs {unused:?}: add one to tests/e2e/src/suite/recipes");
    }

    #[test]
    fn a_block_is_its_text_without_the_fences() {
        let expected = "<script type=\"module\" src=\"/widgets/zoho-backup-status.js\"></script>\n\
                        <zoho-backup-status proxy-url=\"/crm/bulk/v6/backup\"></zoho-backup-status>";
        assert_eq!(recipe("page.html").unwrap(), expected);
        assert!(recipe("no.html").is_err());
        assert!(
            header("policy.http", "content-security-policy").unwrap().starts_with("default-src 'none'; ")
        );
    }
}
