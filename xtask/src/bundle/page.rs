//! The demo page as Trunk leaves it.

/// `page` without `<link data-trunk …>`: with `inject_scripts = false` Trunk leaves its own in place.
pub fn without_trunk_links(page: &str) -> String {
    let mut kept = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(start) = rest.find("<link") {
        let Some(length) = rest[start..].find('>').map(|end| end + 1) else { break };
        let (before, link) = rest.split_at(start);
        let (link, after) = link.split_at(length);
        if link.contains("data-trunk") {
            // The line goes with it when nothing else is on it.
            kept.push_str(before.trim_end_matches([' ', '\t']));
            rest = after;
            if kept.is_empty() || kept.ends_with('\n') {
                rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')).unwrap_or(rest);
            }
        } else {
            kept.push_str(before);
            kept.push_str(link);
            rest = after;
        }
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunk_links_go_with_their_line() {
        let cases = [
            (
                "alone on a line",
                "<head>\n  <link data-trunk rel=\"rust\" href=\"../Cargo.toml\">\n  <title>x</title>\n",
                "<head>\n  <title>x</title>\n",
            ),
            (
                "between others",
                "<head><link rel=icon><link rel=rust data-trunk /><b>",
                "<head><link rel=icon><b>",
            ),
            ("none", "<link rel=icon>\n<p>", "<link rel=icon>\n<p>"),
            ("unfinished", "<p><link data-trunk", "<p><link data-trunk"),
        ];
        for (name, page, expected) in cases {
            assert_eq!(without_trunk_links(page), expected, "{name}");
        }
    }
}
