//! Links between the Markdown files of the repository.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The links of a Markdown file that lead nowhere: to a missing file, or to a missing heading of a Markdown file.
pub fn broken_links(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let folder = file.parent().unwrap();
    let leads_somewhere = |link: &str| {
        let (path, heading) = link.split_once('#').unwrap_or((link, ""));
        let target = if path.is_empty() { file.to_owned() } else { folder.join(path) };
        if heading.is_empty() || target.extension().is_none_or(|extension| extension != "md") {
            return target.exists();
        }
        fs::read_to_string(&target).is_ok_and(|text| anchors(&text).contains(heading))
    };
    links(&text).into_iter().filter(|link| !leads_somewhere(link)).map(str::to_owned).collect()
}

/// The targets of links that are no URLs.
fn links(text: &str) -> Vec<&str> {
    let targets = prose(text).flat_map(|line| line.split("](").skip(1));
    let targets = targets.filter_map(|rest| rest.split([')', ' ']).next());
    targets.filter(|target| !target.is_empty() && !target.contains(':')).collect()
}

/// The anchors of the headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}

/// The lines outside code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        !in_code && !is_fence
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# What it is, and `why`
See [faults](docs/faults.md#the-list), [below](#how-it-works--in-short) and [Zoho](https://zoho.example/).
![](docs/widget.png \"the widget\")
```md
# No heading
[no](link)
```
## How it works – in short
";

    #[test]
    fn links_and_anchors_are_read_outside_code() {
        assert_eq!(links(TEXT), ["docs/faults.md#the-list", "#how-it-works--in-short", "docs/widget.png"]);
        let expected = ["how-it-works--in-short", "what-it-is-and-why"].map(str::to_owned);
        assert_eq!(anchors(TEXT), BTreeSet::from(expected));
    }
}
