//! Which file of a crate imports which: every path in the source counts, in a `use` declaration or anywhere else.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ItemMod, ItemUse, Macro, Meta, UseTree, VisRestricted};

use crate::module_tree::{Crate, FileId, ModuleId, use_paths};

/// A path in one file that leads to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    pub from: FileId,
    pub to: FileId,
    pub line: usize,
    /// The path as written, `use` trees unfolded.
    pub path: String,
}

/// All imports between files of the crate, in the order of files and lines.
///
/// `mod name;` is none, nor is a path in a visibility or in documentation. Code under `#[cfg(test)]` counts.
pub fn imports(of: &Crate) -> Vec<Import> {
    let mut found = Vec::new();
    for (module, source) in &of.sources {
        let mut reader = Reader { of, module: *module, nested: 0, found: &mut found };
        reader.visit_file(source);
    }
    found.sort();
    found.dedup();
    found
}

struct Reader<'c> {
    of: &'c Crate,
    /// The module that is being read.
    module: ModuleId,
    /// How many modules deep below it, in a function or a macro, where modules have no entry in the tree.
    nested: usize,
    found: &'c mut Vec<Import>,
}

impl Reader<'_> {
    fn note(&mut self, path: &[String], line: usize) {
        let written = path.join("::");
        // From within nested modules the first `super` leads no further than to the module that is known.
        let is_super = |name: &&String| *name == "super";
        let inner = path.iter().take_while(is_super).count().min(self.nested);
        let path = &path[inner..];
        if inner > 0 && path.is_empty() {
            return;
        }
        let from = self.of.file_of(self.module);
        if let Some(to) = self.of.file_behind(self.module, path).filter(|to| *to != from) {
            self.found.push(Import { from, to, line, path: written });
        }
    }

    fn note_use(&mut self, prefix: &[String], tree: &UseTree) {
        for path in use_paths(tree) {
            self.note(&[prefix, &path.segments].concat(), path.line);
        }
    }

    /// Notes the paths that can be seen in tokens of which only a macro knows the meaning.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += match token {
                TokenTree::Group(group) => {
                    self.read_tokens(group.stream());
                    1
                }
                TokenTree::Ident(name) if *name == "mod" => self.read_module(&tokens[at..]),
                TokenTree::Ident(_) => self.read_path(&tokens[at..]),
                TokenTree::Literal(literal) => {
                    self.read_literal(literal);
                    1
                }
                TokenTree::Punct(_) => 1,
            };
        }
    }

    /// Reads `mod name { … }`, also with `$name`. Returns how many tokens that were.
    fn read_module(&mut self, tokens: &[TokenTree]) -> usize {
        for (at, token) in tokens.iter().enumerate().skip(1).take(3) {
            if let TokenTree::Group(group) = token
                && group.delimiter() == Delimiter::Brace
            {
                self.nested += 1;
                self.read_tokens(group.stream());
                self.nested -= 1;
                return at + 1;
            }
        }
        1
    }

    /// Reads `a::b::c` or `a::{…}`. Returns how many tokens that were.
    fn read_path(&mut self, tokens: &[TokenTree]) -> usize {
        let line = tokens[0].span().start().line;
        let mut path = Vec::new();
        let mut at = 0;
        while let Some(TokenTree::Ident(name)) = tokens.get(at) {
            path.push(name.to_string());
            at += 1;
            if !is_path_separator(tokens, at) {
                break;
            }
            at += 2;
            if let Some(TokenTree::Group(group)) = tokens.get(at) {
                if let Ok(tree) = syn::parse2::<UseTree>(TokenTree::Group(group.clone()).into()) {
                    self.note_use(&path, &tree);
                    return at + 1;
                }
                break;
            }
        }
        if path.len() > 1 {
            self.note(&path, line);
        }
        at
    }

    /// Reads a text like `"crate::date"`, which attributes have in the place of a path.
    fn read_literal(&mut self, literal: &proc_macro2::Literal) {
        let text = literal.to_string();
        let text = text.trim_matches('"');
        if ["crate::", "super::", "self::"].iter().any(|start| text.starts_with(start)) {
            let path: Vec<_> = text.split("::").map(str::to_owned).collect();
            self.note(&path, literal.span().start().line);
        }
    }
}

fn is_path_separator(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize| match tokens.get(at) {
        Some(TokenTree::Punct(punct)) if punct.as_char() == ':' => Some(punct.spacing()),
        _ => None,
    };
    colon(at) == Some(Spacing::Joint) && colon(at + 1).is_some()
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, declaration: &'ast ItemMod) {
        let Some((_, items)) = &declaration.content else { return };
        let outer = self.module;
        let child = self.of.child(outer, &declaration.ident.to_string()).filter(|_| self.nested == 0);
        match child {
            Some(child) => self.module = child,
            None => self.nested += 1,
        }
        items.iter().for_each(|item| self.visit_item(item));
        match child {
            Some(_) => self.module = outer,
            None => self.nested -= 1,
        }
    }

    fn visit_item_use(&mut self, declaration: &'ast ItemUse) {
        if declaration.leading_colon.is_none() {
            self.note_use(&[], &declaration.tree);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        // A name alone is no module.
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.note(&segments, path.segments[0].ident.span().start().line);
        }
        visit::visit_path(self, path);
    }

    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.visit_path(&called.path);
        self.read_tokens(called.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") || pair.path.is_ident("path") => {}
            Meta::List(list) => {
                self.visit_path(&list.path);
                self.read_tokens(list.tokens.clone());
            }
            meta => self.visit_meta(meta),
        }
    }
}
