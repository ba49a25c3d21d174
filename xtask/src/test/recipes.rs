//! The recipes of docs/embedding.md for frameworks, word for word: the blocks of code that have the name of a file, as in
//! ```` ```tsx react/Backup.tsx ````.

use std::path::Path;

use anyhow::Result;

use crate::command::root;
use crate::disk;

/// What bundlers compile. Named blocks of a page (html, css, http) are for the tests of pages.
const COMPILED: [&str; 5] = ["js", "svelte", "ts", "tsx", "vue"];

const FENCE: &str = "\n```";

#[derive(Debug, PartialEq, Eq)]
struct Recipe<'a> {
    /// `react/Backup.tsx`
    file: &'a str,
    text: &'a str,
}

/// Writes each recipe to its file in this folder, and nothing else.
///
/// # Errors
/// When a file cannot be read or written.
pub fn write(folder: &Path) -> Result<()> {
    let document = disk::read(&root().join("docs/embedding.md"))?;
    disk::remove_folder(folder)?;
    recipes(&document).iter().try_for_each(|Recipe { file, text }| disk::write(&folder.join(file), text))
}

fn recipes(document: &str) -> Vec<Recipe<'_>> {
    // Text and blocks alternate, from text on.
    let blocks = document.split(FENCE).skip(1).step_by(2);
    blocks
        .filter_map(|block| {
            let (info, text) = block.split_once('\n')?;
            let (language, file) = info.split_once(' ')?;
            COMPILED.contains(&language).then_some(Recipe { file, text })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_recipe_is_a_compiled_block_with_a_name() {
        let document = "# Title\n\n```html page.html\n<b>bold</b>\n```\n\n```sh\nls\n```\n\n\
                        ```tsx react/Backup.tsx\nconst a = 1;\n\nconst b = 2;\n```\n\nText\n\n```js\nlet c;\n```\n\n\
                        ```vue vue/Backup.vue\n<template />\n```\n";
        let expected = [
            Recipe { file: "react/Backup.tsx", text: "const a = 1;\n\nconst b = 2;" },
            Recipe { file: "vue/Backup.vue", text: "<template />" },
        ];
        assert_eq!(recipes(document), expected);
    }

    #[test]
    fn every_recipe_of_the_document_is_rendered_by_a_test() {
        let document = fs::read_to_string(root().join("docs/embedding.md")).unwrap();
        let tests = root().join("tests/package/frameworks");
        let entries = fs::read_dir(tests.join("recipes")).unwrap().map(|entry| entry.unwrap().path());
        let sources: String = entries
            .chain([tests.join("vite.config.js")])
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        let recipes = recipes(&document);
        assert!(recipes.len() >= 6, "{recipes:?}");
        for Recipe { file, .. } in recipes {
            let module = file.strip_suffix(".tsx").or_else(|| file.strip_suffix(".ts")).unwrap_or(file);
            assert!(sources.contains(&format!("recipes/{module}\"")), "no test renders {file}");
        }
    }
}
