//! The border between wasm and glue: no more than is used, and that under short names.
//!
//! wasm-bindgen calls what the two share `__wbg_createElement_de4a31ed2fb252be` and the like, in both files: bytes
//! that hardly compress, for names that no one reads in a release. And every library brings its exports along, used
//! or not.

use std::collections::{HashMap, HashSet};

use anyhow::{Context, Result, bail};
use walrus::{Module, ModuleConfig};

use crate::glue::{self, CHANGED};

/// What all imports of the shortened wasm come from.
const SOURCE: &str = "w";

/// The export that keeps its name: tools look for the memory under this one.
const MEMORY: &str = "memory";

/// `wasm` and `glue` without what neither uses of the other, and with short names for what they share; the wasm
/// without what only tools read (custom sections).
///
/// The result depends on nothing but the two.
///
/// # Errors
/// When `wasm` is no module, or the glue does not name an import the way wasm-bindgen writes it.
pub fn shorten(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let mut module = ModuleConfig::new()
        .generate_name_section(false)
        .generate_producers_section(false)
        .parse(wasm)
        .context("the wasm cannot be read")?;
    let glue = glue::without_unused_classes(glue);
    remove_unused(&mut module, &glue);
    let imported: HashSet<_> = module.imports.iter().map(|import| import.name.clone()).collect();
    let glue = glue::without_imports(&glue, |name| imported.contains(name));
    let mut names = Names::default();
    names.for_imports(&mut module)?;
    names.for_exports(&mut module, &glue);
    Ok((module.emit_wasm(), names.in_glue(&glue)?))
}

/// Removes the exports that the glue does not name, all that only they used, and custom sections.
fn remove_unused(module: &mut Module, glue: &str) {
    let named: HashSet<&str> = words(glue).map(|(_, word)| word).collect();
    let is_unused = |name: &str| name != MEMORY && !named.contains(name);
    let unused = module.exports.iter().filter(|export| is_unused(&export.name)).map(|export| export.id());
    for export in unused.collect::<Vec<_>>() {
        module.exports.delete(export);
    }
    let custom = module.customs.iter().map(|(id, _)| id);
    for section in custom.collect::<Vec<_>>() {
        module.customs.delete(section);
    }
    walrus::passes::gc::run(module);
}

/// The short names, by the long ones.
#[derive(Default)]
struct Names {
    source: Option<String>,
    imports: HashMap<String, String>,
    exports: HashMap<String, String>,
}

impl Names {
    /// Renames the imports.
    fn for_imports(&mut self, module: &mut Module) -> Result<()> {
        for import in module.imports.iter_mut() {
            let source = self.source.get_or_insert_with(|| import.module.clone());
            if import.module != *source {
                bail!(
                    "the wasm imports from both `{source}` and `{}`, and the glue's keys do not tell names of the one \
                     from names of the other: xtask/src/border.rs has to learn it",
                    import.module
                );
            }
            let next = short(self.imports.len());
            let name = self.imports.entry(import.name.clone()).or_insert(next);
            import.name.clone_from(name);
            SOURCE.clone_into(&mut import.module);
        }
        Ok(())
    }

    /// Renames the exports. Where the glue has an export's name in another place than after `wasm.`, it stays.
    fn for_exports(&mut self, module: &mut Module, glue: &str) {
        let used: HashSet<&str> =
            words(glue).filter(|(at, _)| is_member_of_wasm(glue, *at)).map(|(_, word)| word).collect();
        let is_used = |name: &str| name != MEMORY && used.contains(name);
        for export in module.exports.iter_mut().filter(|export| is_used(&export.name)) {
            let next = short(self.exports.len());
            let name = self.exports.entry(export.name.clone()).or_insert(next);
            export.name.clone_from(name);
        }
    }

    /// `glue` with the short names.
    fn in_glue(&self, glue: &str) -> Result<String> {
        let mut renamed = String::with_capacity(glue.len());
        let mut copied = 0;
        let mut defined = HashSet::new();
        for (at, word) in words(glue) {
            let end = at + word.len();
            let short = if is_member_of_wasm(glue, at) {
                self.exports.get(word)
            } else {
                let short = self.imports.get(word);
                if short.is_some() && !(glue[end..].starts_with(':') && defined.insert(word)) {
                    bail!(
                        "the glue names the import `{word}` elsewhere than as one key of one object: {CHANGED}"
                    );
                }
                short
            };
            let Some(short) = short else { continue };
            renamed.push_str(&glue[copied..at]);
            renamed.push_str(short);
            copied = end;
        }
        renamed.push_str(&glue[copied..]);
        if let Some(missing) = self.imports.keys().filter(|name| !defined.contains(name.as_str())).min() {
            bail!("the glue does not define the wasm's import `{missing}`: {CHANGED}");
        }
        let Some(source) = &self.source else { return Ok(renamed) };
        let key = format!("\"{source}\":");
        if renamed.matches(&key).count() != 1 {
            bail!("the glue does not have exactly one key {key} for the wasm's imports: {CHANGED}");
        }
        Ok(renamed.replace(&key, &format!("\"{SOURCE}\":")))
    }
}

/// Every word of `glue` that may be a name, with its place.
pub fn words(glue: &str) -> impl Iterator<Item = (usize, &str)> {
    let separated = glue.split_inclusive(|c| !is_of_word(c)).scan(0, |next, piece| {
        let at = *next;
        *next += piece.len();
        Some((at, piece.trim_end_matches(|c| !is_of_word(c))))
    });
    separated.filter(|(_, word)| !word.is_empty())
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$')
}

/// Whether the word at `at` is the member of the glue's variable `wasm`, which holds the exports.
fn is_member_of_wasm(glue: &str, at: usize) -> bool {
    let before = glue[..at].strip_suffix("wasm.");
    before.is_some_and(|before| !before.ends_with(|c| is_of_word(c) || c == '.'))
}

/// The shortest names, in turn: a … z, A … Z, aa, ba …
fn short(mut index: usize) -> String {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut name = String::new();
    loop {
        name.push(char::from(LETTERS[index % LETTERS.len()]));
        index /= LETTERS.len();
        if index == 0 {
            return name;
        }
        index -= 1;
    }
}

#[cfg(test)]
mod tests {
    use walrus::{FunctionBuilder, RawCustomSection};

    use super::*;

    const GLUE: &str = r#"
class Handle {
    free() { wasm.__wbg_handle_free(this.__wbg_ptr, 0); }
}
function mount(a) { return new Handle(wasm.mount(a, wasm.memory)); } // not myWasm.mount, not its.wasm.mount
exports.mount = mount;
const import0 = {
    __wbg_get_2080c49015e35254: function(a) { return a; },
    __wbindgen_init_externref_table: function() { kept(); },
};
return { __proto__: null, "./widget_bg.js": import0 };
"#;

    const IMPORTS: [(&str, &str); 2] = [
        ("./widget_bg.js", "__wbindgen_init_externref_table"),
        ("./widget_bg.js", "__wbg_get_2080c49015e35254"),
    ];
    const EXPORTS: [&str; 4] = ["memory", "mount", "__wbg_handle_free", "kept"];

    /// A module of a memory and of one function for each other export, which calls every import.
    fn module(imports: &[(&str, &str)], exports: &[&str]) -> Module {
        let mut module = Module::with_config(ModuleConfig::new().generate_producers_section(false).clone());
        let nothing = module.types.add(&[], &[]);
        let imported: Vec<_> =
            imports.iter().map(|(source, name)| module.add_import_func(source, name, nothing).0).collect();
        for name in exports {
            if *name == MEMORY {
                let memory = module.memories.add_local(false, false, 1, None, None);
                module.exports.add(name, memory);
                continue;
            }
            let mut function = FunctionBuilder::new(&mut module.types, &[], &[]);
            for import in &imported {
                function.func_body().call(*import);
            }
            let function = function.finish(vec![], &mut module.funcs);
            module.exports.add(name, function);
        }
        module
    }

    fn names(wasm: &[u8]) -> (Vec<String>, Vec<String>) {
        let module = Module::from_buffer(wasm).unwrap();
        let imports = module.imports.iter().map(|import| format!("{} {}", import.module, import.name));
        (imports.collect(), module.exports.iter().map(|export| export.name.clone()).collect())
    }

    #[test]
    fn both_sides_get_the_same_names_and_the_rest_stays() {
        let (wasm, glue) = shorten(&module(&IMPORTS, &EXPORTS).emit_wasm(), GLUE).unwrap();
        let expected = (vec!["w a", "w b"], vec!["memory", "a", "b", "kept"]);
        let (imports, exports) = names(&wasm);
        assert_eq!(
            (imports.iter().map(String::as_str).collect(), exports.iter().map(String::as_str).collect()),
            expected
        );
        let expected = GLUE
            .replace("__wbindgen_init_externref_table", "a")
            .replace("__wbg_get_2080c49015e35254", "b")
            .replace("./widget_bg.js", "w")
            .replace("(wasm.mount(", "(wasm.a(")
            .replace("wasm.__wbg_handle_free", "wasm.b");
        assert_eq!(glue, expected);
    }

    #[test]
    fn what_nothing_uses_goes() {
        let mut bloated = module(&IMPORTS, &EXPORTS);
        // An export that the glue does not know, the import that it alone calls, a section for tools.
        let nothing = bloated.types.add(&[], &[]);
        let (import, _) = bloated.add_import_func("./widget_bg.js", "__wbg_enqueue_1", nothing);
        let mut function = FunctionBuilder::new(&mut bloated.types, &[], &[]);
        function.func_body().call(import);
        let function = function.finish(vec![], &mut bloated.funcs);
        bloated.exports.add("main", function);
        bloated.customs.add(RawCustomSection { name: "tools".to_owned(), data: vec![1, 2, 3] });
        let plain = shorten(&module(&IMPORTS, &EXPORTS).emit_wasm(), GLUE).unwrap();
        assert_eq!(shorten(&bloated.emit_wasm(), GLUE).unwrap(), plain);
    }

    #[test]
    fn what_does_not_fit_together_is_named() {
        let cases = [
            ("no such import", vec![("./widget_bg.js", "__wbg_set_1")], GLUE.to_owned(), "`__wbg_set_1`"),
            (
                "an import used elsewhere",
                IMPORTS.to_vec(),
                format!("{GLUE}f(__wbg_get_2080c49015e35254);"),
                "`__wbg_get_2080c49015e35254`",
            ),
            (
                "an import defined twice",
                IMPORTS.to_vec(),
                format!("{GLUE}({{__wbg_get_2080c49015e35254: 1}});"),
                "`__wbg_get_2080c49015e35254`",
            ),
            ("two sources", vec![("a", "x"), ("b", "y")], GLUE.to_owned(), "both `a` and `b`"),
            (
                "no such source",
                vec![("env", "__wbg_get_2080c49015e35254")],
                GLUE.to_owned(),
                "one key \"env\":",
            ),
        ];
        for (name, imports, glue, part) in cases {
            let error = shorten(&module(&imports, &EXPORTS).emit_wasm(), &glue).unwrap_err();
            assert!(error.to_string().contains(part), "{name}: {error}");
        }
        assert!(shorten(b"<html>", GLUE).is_err());
    }

    #[test]
    fn names_are_as_short_as_can_be_and_differ() {
        assert_eq!([0, 25, 26, 51, 52, 53, 104].map(short), ["a", "z", "A", "Z", "aa", "ba", "ab"]);
        let names: HashSet<String> = (0..10_000).map(short).collect();
        assert_eq!(names.len(), 10_000);
    }
}
