//! Gives the glue's imports and exports their short names.

use std::collections::HashMap;

use anyhow::{Result, bail, ensure};
use oxc_allocator::Allocator;
use oxc_ast::ast::{ObjectProperty, PropertyKey, StaticMemberExpression};
use oxc_ast_visit::{VisitJsMut, walk_js_mut};
use oxc_str::Ident;

use super::words::{Words, declared};
use super::{CHANGED, Statements, WASM};
use crate::names::{Names, SOURCE};

/// Gives imports and exports their short names.
///
/// # Errors
/// When an import is not exactly one key of one object, or the object of imports is not where it was.
pub fn shorten<'a>(glue: &mut Statements<'a>, names: &Names, allocator: &'a Allocator) -> Result<()> {
    ensure!(
        glue.iter().any(|statement| declared(statement).contains(WASM)),
        "the glue declares no variable {WASM}: {CHANGED}"
    );
    let words = Words::of(glue);
    let mut rename = Rename { names, allocator, defined: HashMap::new(), sources: 0 };
    glue.iter_mut().for_each(|statement| rename.visit_statement(statement));
    let Rename { defined, sources, .. } = rename;
    let mut imports: Vec<_> = names.imports.keys().collect();
    imports.sort();
    for import in imports {
        match defined.get(import.as_str()) {
            None => bail!("the glue does not define the wasm's import `{import}`: {CHANGED}"),
            Some(1) if !words.identifiers.contains(import) => {}
            Some(_) => {
                bail!(
                    "the glue names the import `{import}` elsewhere than as one key of one object: {CHANGED}"
                )
            }
        }
    }
    match &names.source {
        Some(source) if sources != 1 => {
            bail!("the glue does not have exactly one key \"{source}\": for the wasm's imports: {CHANGED}")
        }
        _ => Ok(()),
    }
}

struct Rename<'n, 'a> {
    names: &'n Names,
    allocator: &'a Allocator,
    /// How many keys each import has.
    defined: HashMap<&'n str, usize>,
    /// How many keys the imports' module has.
    sources: usize,
}

impl<'a> VisitJsMut<'a> for Rename<'_, 'a> {
    fn visit_static_member_expression(&mut self, member: &mut StaticMemberExpression<'a>) {
        if member.object.is_specific_id(WASM)
            && let Some(short) = self.names.exports.get(member.property.name.as_str())
        {
            member.property.name = Ident::from_str_in(short, &self.allocator);
        }
        walk_js_mut::walk_static_member_expression(self, member);
    }

    fn visit_object_property(&mut self, property: &mut ObjectProperty<'a>) {
        match &mut property.key {
            PropertyKey::StaticIdentifier(key) => {
                if let Some((long, short)) = self.names.imports.get_key_value(key.name.as_str()) {
                    *self.defined.entry(long).or_default() += 1;
                    key.name = Ident::from_str_in(short, &self.allocator);
                }
            }
            PropertyKey::StringLiteral(key) if self.names.source.as_deref() == Some(key.value.as_str()) => {
                self.sources += 1;
                key.value = SOURCE.into();
                key.raw = None;
            }
            _ => {}
        }
        walk_js_mut::walk_object_property(self, property);
    }
}
