//! The border between wasm and glue, under short names.
//!
//! wasm-bindgen calls what the two share `__wbg_createElement_de4a31ed2fb252be` and the like, in both files: bytes
//! that hardly compress, for names that no one reads in a release.

use std::collections::{HashMap, HashSet};

use anyhow::{Context, Result, bail};
use wasm_encoder::{Encode, Module, RawSection, SectionId};
use wasmparser::{BinaryReader, ExternalKind, FromReader, Parser, Payload, TypeRef};

/// What all imports of the shortened wasm come from.
const SOURCE: &str = "w";

/// The export that keeps its name: tools look for the memory under this one.
const MEMORY: &str = "memory";

/// `wasm` and `glue` with short names for what they share; the wasm without what only tools read (custom sections)
/// and without the exports that the glue does not name.
///
/// Every other section is copied byte for byte. The result depends on nothing but the two.
///
/// # Errors
/// When `wasm` is no module, or the glue does not name an import the way wasm-bindgen writes it.
pub fn shorten(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let sections = sections(wasm).context("the wasm cannot be read")?;
    let mut names = Names::default();
    let mut shortened = Module::new();
    for (id, section) in sections {
        let section = match section {
            Section::Imports(imports) => names.for_imports(&imports)?,
            Section::Exports(exports) => names.for_exports(&exports, glue),
            Section::Other(bytes) => bytes.to_vec(),
        };
        shortened.section(&RawSection { id, data: &section });
    }
    Ok((shortened.finish(), names.in_glue(glue)?))
}

/// A section of the wasm, as far as it matters here.
enum Section<'a> {
    Imports(Vec<Import<'a>>),
    Exports(Vec<Export<'a>>),
    Other(&'a [u8]),
}

struct Import<'a> {
    source: &'a str,
    name: &'a str,
    /// What is imported, encoded.
    item: &'a [u8],
}

struct Export<'a> {
    name: &'a str,
    /// What is exported, encoded.
    item: &'a [u8],
}

/// The wasm's sections with their ids, without the custom ones.
fn sections(wasm: &[u8]) -> Result<Vec<(u8, Section<'_>)>> {
    let mut sections = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if matches!(payload, Payload::CustomSection(_)) {
            continue;
        }
        let Some((id, range)) = payload.as_section() else { continue };
        let bytes = &wasm[usize::try_from(range.start)?..usize::try_from(range.end)?];
        let section = if id == SectionId::Import as u8 {
            Section::Imports(entries(bytes, |reader| {
                let (source, name) = (reader.read_string()?, reader.read_string()?);
                Ok(Import { source, name, item: item::<TypeRef>(bytes, reader)? })
            })?)
        } else if id == SectionId::Export as u8 {
            Section::Exports(entries(bytes, |reader| {
                let name = reader.read_string()?;
                Ok(Export { name, item: item::<ExportedItem>(bytes, reader)? })
            })?)
        } else {
            Section::Other(bytes)
        };
        sections.push((id, section));
    }
    Ok(sections)
}

/// The entries of a section that is a list.
fn entries<'a, T>(
    section: &'a [u8],
    mut entry: impl FnMut(&mut BinaryReader<'a>) -> wasmparser::Result<T>,
) -> wasmparser::Result<Vec<T>> {
    let mut reader = BinaryReader::new(section, 0);
    let count = reader.read_var_u32()?;
    (0..count).map(|_| entry(&mut reader)).collect()
}

/// The bytes of the `T` that the reader comes to next.
fn item<'a, T: FromReader<'a>>(
    section: &'a [u8],
    reader: &mut BinaryReader<'a>,
) -> wasmparser::Result<&'a [u8]> {
    let start = reader.current_position();
    reader.read::<T>()?;
    Ok(&section[start..reader.current_position()])
}

/// An export's kind and index.
struct ExportedItem;

impl<'a> FromReader<'a> for ExportedItem {
    fn from_reader(reader: &mut BinaryReader<'a>) -> wasmparser::Result<Self> {
        reader.read::<ExternalKind>()?;
        reader.read_var_u32()?;
        Ok(Self)
    }
}

/// The short names, by the long ones.
#[derive(Default)]
struct Names<'a> {
    source: Option<&'a str>,
    imports: HashMap<&'a str, String>,
    exports: HashMap<&'a str, String>,
}

impl<'a> Names<'a> {
    /// Names the imports, and encodes their section.
    fn for_imports(&mut self, imports: &[Import<'a>]) -> Result<Vec<u8>> {
        let mut section = Vec::new();
        imports.len().encode(&mut section);
        for import in imports {
            let source = *self.source.get_or_insert(import.source);
            if import.source != source {
                bail!(
                    "the wasm imports from both `{source}` and `{}`, and the glue's keys do not tell names of the one \
                     from names of the other: xtask/src/border.rs has to learn it",
                    import.source
                );
            }
            let next = short(self.imports.len());
            SOURCE.encode(&mut section);
            self.imports.entry(import.name).or_insert(next).as_str().encode(&mut section);
            section.extend(import.item);
        }
        Ok(section)
    }

    /// Names the exports that the glue uses, and encodes their section. Where the glue has an export's name in
    /// another place than after `wasm.`, it stays.
    fn for_exports(&mut self, exports: &[Export<'a>], glue: &str) -> Vec<u8> {
        let named: HashSet<&str> = words(glue).map(|(_, word)| word).collect();
        let used: HashSet<&str> =
            words(glue).filter(|(at, _)| is_member_of_wasm(glue, *at)).map(|(_, word)| word).collect();
        let mut entries = Vec::new();
        let mut count = 0_usize;
        for export in exports.iter().filter(|export| export.name == MEMORY || named.contains(export.name)) {
            let name = if export.name == MEMORY || !used.contains(export.name) {
                export.name
            } else {
                let next = short(self.exports.len());
                self.exports.entry(export.name).or_insert(next)
            };
            name.encode(&mut entries);
            entries.extend(export.item);
            count += 1;
        }
        let mut section = Vec::new();
        count.encode(&mut section);
        section.extend(entries);
        section
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
        if let Some(missing) = self.imports.keys().filter(|name| !defined.contains(*name)).min() {
            bail!("the glue does not define the wasm's import `{missing}`: {CHANGED}");
        }
        let Some(source) = self.source else { return Ok(renamed) };
        let key = format!("\"{source}\":");
        if renamed.matches(&key).count() != 1 {
            bail!("the glue does not have exactly one key {key} for the wasm's imports: {CHANGED}");
        }
        Ok(renamed.replace(&key, &format!("\"{SOURCE}\":")))
    }
}

const CHANGED: &str = "wasm-bindgen has changed what it writes, and xtask/src/border.rs has to follow";

/// Every word of `glue` that may be a name, with its place.
fn words(glue: &str) -> impl Iterator<Item = (usize, &str)> {
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
    use wasm_encoder::{
        CodeSection, CustomSection, EntityType, ExportKind, ExportSection, Function, FunctionSection,
        ImportSection, MemorySection, MemoryType, TypeSection,
    };

    use super::*;

    const GLUE: &str = r#"
class Handle {
    free() { wasm.__wbg_handle_free(this.__wbg_ptr, 0); }
}
function mount(a) { return wasm.mount(a, wasm.memory); } // not myWasm.mount, not its.wasm.mount
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
    const EXPORTS: [&str; 5] = ["memory", "mount", "main", "__wbg_handle_free", "kept"];

    /// A module of one memory and one function of its own, which is exported under every name but the memory's.
    fn module(imports: &[(&str, &str)], exports: &[&str], custom: bool) -> Vec<u8> {
        let own = u32::try_from(imports.len()).unwrap();
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        module.section(&types);
        let mut section = ImportSection::new();
        for (source, name) in imports {
            section.import(source, name, EntityType::Function(0));
        }
        module.section(&section);
        module.section(FunctionSection::new().function(0));
        let memory =
            MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
        module.section(MemorySection::new().memory(memory));
        let mut section = ExportSection::new();
        for name in exports {
            match *name {
                "memory" => section.export(name, ExportKind::Memory, 0),
                _ => section.export(name, ExportKind::Func, own),
            };
        }
        module.section(&section);
        let mut body = Function::new([]);
        body.instructions().call(0).end();
        module.section(CodeSection::new().function(&body));
        if custom {
            module.section(&CustomSection { name: "producers".into(), data: [1, 2, 3].as_slice().into() });
        }
        module.finish()
    }

    #[test]
    fn both_sides_get_the_same_names_and_the_rest_stays() {
        let (wasm, glue) = shorten(&module(&IMPORTS, &EXPORTS, true), GLUE).unwrap();
        let expected = module(&[("w", "a"), ("w", "b")], &["memory", "a", "b", "kept"], false);
        assert_eq!(wasm, expected);
        let expected = GLUE
            .replace("__wbindgen_init_externref_table", "a")
            .replace("__wbg_get_2080c49015e35254", "b")
            .replace("./widget_bg.js", "w")
            .replace(" wasm.mount(", " wasm.a(")
            .replace("wasm.__wbg_handle_free", "wasm.b");
        assert_eq!(glue, expected);
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
            let error = shorten(&module(&imports, &EXPORTS, false), &glue).unwrap_err();
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
