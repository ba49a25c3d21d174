//! The modules of one crate: which file each stands in, what it defines, and where a path leads.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use syn::{Attribute, Expr, Item, ItemMod, Lit, Meta, UseTree};

/// How many `use` declarations may lead to one another before a name counts as not found.
const MAX_REDIRECTS: u8 = 16;

/// One crate: a library, a program, a test or a bench.
pub struct Crate {
    /// The files, the root first.
    pub files: Vec<PathBuf>,
    /// The modules, the root first.
    modules: Vec<Module>,
    /// The parsed files, each with the module that it is.
    pub sources: Vec<(ModuleId, syn::File)>,
}

/// The index of a file in [`Crate::files`].
pub type FileId = usize;

/// The index of a module in its crate.
pub type ModuleId = usize;

const ROOT: ModuleId = 0;

struct Module {
    file: FileId,
    parent: ModuleId,
    children: BTreeMap<String, ModuleId>,
    /// The names of its own items, submodules and imports excepted.
    items: BTreeSet<String>,
    /// The path behind each name that a `use` brings in.
    imports: BTreeMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
}

/// One path of a `use` declaration.
pub struct UsePath {
    /// Its segments, without a final `self` or `*`.
    pub segments: Vec<String>,
    /// The name that it brings into scope; `None` for a glob.
    pub name: Option<String>,
    pub line: usize,
}

impl Crate {
    /// Parses the crate with this root file.
    ///
    /// # Errors
    /// When a file cannot be read or is no Rust.
    pub fn load(root: &Path) -> Result<Crate> {
        let mut loaded = Crate { files: Vec::new(), modules: Vec::new(), sources: Vec::new() };
        let folder = root.parent().unwrap_or(Path::new("")).to_owned();
        loaded.add_file(root, ROOT, &folder)?;
        Ok(loaded)
    }

    /// Adds a module that is a file; `folder` is where the files of its submodules lie.
    fn add_file(&mut self, file: &Path, parent: ModuleId, folder: &Path) -> Result<ModuleId> {
        let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
        let source = syn::parse_file(&text).with_context(|| format!("{} is no Rust", file.display()))?;
        let known = self.files.iter().position(|known| known == file);
        let file_id = known.unwrap_or_else(|| {
            self.files.push(file.to_owned());
            self.files.len() - 1
        });
        let module = self.add_module(file_id, parent);
        self.add_items(module, &source.items, folder, file.parent().unwrap_or(folder))?;
        self.sources.push((module, source));
        Ok(module)
    }

    fn add_module(&mut self, file: FileId, parent: ModuleId) -> ModuleId {
        self.modules.push(Module {
            file,
            parent,
            children: BTreeMap::new(),
            items: BTreeSet::new(),
            imports: BTreeMap::new(),
            globs: Vec::new(),
        });
        self.modules.len() - 1
    }

    /// `path_folder` is what a `#[path]` is relative to.
    fn add_items(
        &mut self,
        module: ModuleId,
        items: &[Item],
        folder: &Path,
        path_folder: &Path,
    ) -> Result<()> {
        for item in items {
            match item {
                Item::Mod(declaration) => self.add_submodule(module, declaration, folder, path_folder)?,
                Item::Use(declaration) if declaration.leading_colon.is_none() => {
                    for path in use_paths(&declaration.tree) {
                        let module = &mut self.modules[module];
                        match path.name {
                            Some(name) => drop(module.imports.insert(name, path.segments)),
                            None => module.globs.push(path.segments),
                        }
                    }
                }
                _ => self.modules[module].items.extend(name_of(item)),
            }
        }
        Ok(())
    }

    fn add_submodule(
        &mut self,
        parent: ModuleId,
        declaration: &ItemMod,
        folder: &Path,
        path_folder: &Path,
    ) -> Result<()> {
        let name = declaration.ident.to_string();
        let child = if let Some((_, items)) = &declaration.content {
            let child = self.add_module(self.modules[parent].file, parent);
            let inner = folder.join(&name);
            self.add_items(child, items, &inner, &inner)?;
            child
        } else if let Some(path) = path_attribute(&declaration.attrs) {
            let file = normalized(&path_folder.join(path));
            let folder = file.parent().unwrap_or(path_folder).to_owned();
            self.add_file(&file, parent, &folder)?
        } else {
            let inner = folder.join(&name);
            let nested = inner.join("mod.rs");
            let file = if nested.is_file() { nested } else { folder.join(format!("{name}.rs")) };
            self.add_file(&file, parent, &inner)?
        };
        self.modules[parent].children.insert(name, child);
        Ok(())
    }

    /// The file that a module stands in.
    pub fn file_of(&self, module: ModuleId) -> FileId {
        self.modules[module].file
    }

    /// The submodule of that name.
    pub fn child(&self, module: ModuleId, name: &str) -> Option<ModuleId> {
        self.modules[module].children.get(name).copied()
    }

    /// The file of this crate that a path leads to, seen from a module: the one of the longest prefix that is a module.
    /// `None` when it leads to another crate, or to a name that cannot be found, like that of a macro.
    ///
    /// A path to the root counts only where it leads to an item that the root file itself defines. What the root
    /// re-exports is followed to its own file: otherwise every `crate::Name` were a circle.
    pub fn file_behind(&self, from: ModuleId, path: &[String]) -> Option<FileId> {
        self.follow(from, path, MAX_REDIRECTS)
    }

    fn follow(&self, from: ModuleId, path: &[String], redirects: u8) -> Option<FileId> {
        let redirects = redirects.checked_sub(1)?;
        let (module, rest) = match self.start(from, path) {
            Some(start) => start,
            None => {
                // Not a keyword and no submodule: a name that a `use` of this module brings in, or another crate's.
                let (name, rest) = path.split_first()?;
                let behind = self.behind_name(from, name)?;
                return self.follow(from, &[behind, rest].concat(), redirects);
            }
        };
        let (module, rest) = self.descend(module, rest);
        if module != ROOT {
            return Some(self.file_of(module));
        }
        let root = &self.modules[ROOT];
        let Some((name, rest)) = rest.split_first() else {
            return (!root.items.is_empty()).then_some(root.file);
        };
        if root.items.contains(name) {
            return Some(root.file);
        }
        if let Some(behind) = root.imports.get(name) {
            return self.follow(ROOT, &[behind, rest].concat(), redirects);
        }
        let globs = root.globs.iter().filter_map(|glob| self.module_at(ROOT, glob));
        let mut holders = globs.filter(|module| {
            let module = &self.modules[*module];
            module.items.contains(name) || module.imports.contains_key(name)
        });
        holders.next().map(|module| self.file_of(module))
    }

    /// The module that a path begins in, and what is left of the path.
    fn start<'p>(&self, from: ModuleId, path: &'p [String]) -> Option<(ModuleId, &'p [String])> {
        let (first, mut rest) = path.split_first()?;
        let mut module = match first.as_str() {
            "crate" => ROOT,
            "self" => from,
            "super" => self.modules[from].parent,
            name => self.child_in_scope(from, name)?,
        };
        while let Some((_, after)) = rest.split_first().filter(|(first, _)| *first == "super") {
            module = self.modules[module].parent;
            rest = after;
        }
        Some((module, rest))
    }

    fn descend<'p>(&self, mut module: ModuleId, mut rest: &'p [String]) -> (ModuleId, &'p [String]) {
        while let Some((name, after)) = rest.split_first() {
            let Some(child) = self.child(module, name) else { break };
            (module, rest) = (child, after);
        }
        (module, rest)
    }

    /// The module that is exactly at a path.
    fn module_at(&self, from: ModuleId, path: &[String]) -> Option<ModuleId> {
        let (module, rest) = self.start(from, path)?;
        let (module, rest) = self.descend(module, rest);
        rest.is_empty().then_some(module)
    }

    /// The submodule of that name, also when it is seen through `use super::*`.
    fn child_in_scope(&self, module: ModuleId, name: &str) -> Option<ModuleId> {
        self.scopes(module).find_map(|scope| self.child(scope, name))
    }

    fn behind_name(&self, module: ModuleId, name: &str) -> Option<&[String]> {
        self.scopes(module).find_map(|scope| self.modules[scope].imports.get(name)).map(Vec::as_slice)
    }

    /// The module, and its parent if `use super::*` brings that one's names in.
    fn scopes(&self, module: ModuleId) -> impl Iterator<Item = ModuleId> {
        let Module { globs, parent, .. } = &self.modules[module];
        let sees_parent = globs.iter().any(|glob| *glob == ["super"]);
        std::iter::once(module).chain(sees_parent.then_some(*parent))
    }
}

/// Every path of a `use` declaration.
pub fn use_paths(tree: &UseTree) -> Vec<UsePath> {
    let mut paths = Vec::new();
    collect(tree, &[], &mut paths);
    paths
}

fn collect(tree: &UseTree, prefix: &[String], paths: &mut Vec<UsePath>) {
    let extended = |name: String| [prefix, &[name]].concat();
    match tree {
        UseTree::Path(path) => collect(&path.tree, &extended(path.ident.to_string()), paths),
        UseTree::Group(group) => group.items.iter().for_each(|tree| collect(tree, prefix, paths)),
        UseTree::Glob(glob) => {
            let line = glob.star_token.spans[0].start().line;
            paths.push(UsePath { segments: prefix.to_vec(), name: None, line });
        }
        UseTree::Name(name) => paths.push(named(prefix, &name.ident, &name.ident)),
        UseTree::Rename(rename) => paths.push(named(prefix, &rename.ident, &rename.rename)),
    }
}

fn named(prefix: &[String], last: &syn::Ident, name: &syn::Ident) -> UsePath {
    let line = last.span().start().line;
    let (last, name) = (last.to_string(), name.to_string());
    match prefix.last() {
        // `module::{self}` brings in the module under its own name.
        Some(module) if last == "self" => {
            let name = if name == "self" { module.clone() } else { name };
            UsePath { segments: prefix.to_vec(), name: Some(name), line }
        }
        _ => UsePath { segments: [prefix, &[last]].concat(), name: Some(name), line },
    }
}

/// The name of an item that paths may lead to.
fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// The value of `#[path = "…"]`.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}

/// `path` without `..`, so that a file has one name however a module leads to it.
fn normalized(path: &Path) -> PathBuf {
    let mut normalized = PathBuf::new();
    for component in path.components() {
        match component {
            std::path::Component::ParentDir => drop(normalized.pop()),
            other => normalized.push(other),
        }
    }
    normalized
}
