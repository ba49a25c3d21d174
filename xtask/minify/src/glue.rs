//! wasm-bindgen's glue, as the parsed statements of its function.
//!
//! It declares classes, functions and variables; assigns what it exports to the members of `exports`; and calls the
//! exports of the wasm as members of `wasm`.

use std::collections::{HashMap, HashSet};

use anyhow::{Context, Result, bail, ensure};
use oxc_allocator::{Allocator, Vec as ArenaVec};
use oxc_ast::ast::{
    Argument, AssignmentTarget, Expression, IdentifierName, IdentifierReference, ObjectExpression,
    ObjectProperty, ObjectPropertyKind, Program, PropertyKey, Statement, StaticMemberExpression,
    StringLiteral,
};
use oxc_ast_visit::walk_js::walk_static_member_expression;
use oxc_ast_visit::{VisitJs, VisitJsMut, walk_js_mut};
use oxc_str::Ident;

use crate::names::{Names, SOURCE};

/// What to do when the glue is not as expected.
const CHANGED: &str = "wasm-bindgen has changed what it writes, and xtask/minify/src/glue.rs has to follow";

/// The function that xtask puts around the glue.
const NEW_INSTANCE: &str = "newInstance";
/// The variable that holds what the glue's function returns.
const NAMESPACE: &str = "wasm_bindgen";
/// The glue's variable for the exports of the wasm.
const WASM: &str = "wasm";
/// The parameter of the glue's function whose members are its exports.
const EXPORTS: &str = "exports";
/// The function that fetches and compiles the wasm. www/instance.js does that itself.
const LOADER: &str = "__wbg_init";

type Statements<'a> = ArenaVec<'a, Statement<'a>>;

/// The statements of the glue's function.
///
/// # Errors
/// When the script has no glue where it is expected.
pub fn find<'g, 'a>(program: &'g mut Program<'a>) -> Result<&'g mut Statements<'a>> {
    let around = program.body.iter_mut().find_map(|statement| match statement {
        Statement::FunctionDeclaration(function) if is_new_instance(function) => function.body.as_mut(),
        _ => None,
    });
    let around = around.with_context(|| format!("the script has no function {NEW_INSTANCE}"))?;
    let namespace = around.statements.iter_mut().find_map(|statement| match statement {
        Statement::VariableDeclaration(variables) => variables
            .declarations
            .iter_mut()
            .find(|it| it.id.get_identifier_name().is_some_and(|name| name == NAMESPACE)),
        _ => None,
    });
    let call = match namespace.and_then(|namespace| namespace.init.as_mut()) {
        Some(Expression::CallExpression(call)) => call,
        _ => bail!("the glue does not set {NAMESPACE} to the result of a function: {CHANGED}"),
    };
    match &mut call.callee {
        Expression::FunctionExpression(function) => match &mut function.body {
            Some(body) => Ok(&mut body.statements),
            None => bail!("the glue's function has no body: {CHANGED}"),
        },
        _ => bail!("the glue does not set {NAMESPACE} to the result of a function: {CHANGED}"),
    }
}

fn is_new_instance(function: &oxc_ast::ast::Function<'_>) -> bool {
    function.id.as_ref().is_some_and(|id| id.name == NEW_INSTANCE)
}

/// The names of all members that the rest of the script reads.
pub fn members_used_outside(program: &Program<'_>) -> HashSet<String> {
    let mut words = Words::default();
    for statement in &program.body {
        let is_glue =
            matches!(statement, Statement::FunctionDeclaration(function) if is_new_instance(function));
        if !is_glue {
            words.visit_statement(statement);
        }
    }
    words.members
}

/// Removes the loader from what the glue's function returns; [`remove_unused`] removes its code.
///
/// # Errors
/// When the glue does not return what wasm-bindgen makes it return.
pub fn remove_loader(glue: &mut Statements<'_>) -> Result<()> {
    let returned = glue.iter_mut().find_map(|statement| match statement {
        Statement::ReturnStatement(statement) => statement.argument.as_mut(),
        _ => None,
    });
    if let Some(Expression::CallExpression(call)) = returned
        && is_loader(call.arguments.first())
    {
        call.arguments.remove(0);
        return Ok(());
    }
    bail!("the glue does not end with Object.assign({LOADER}, {{ initSync }}, {EXPORTS}): {CHANGED}");
}

fn is_loader(argument: Option<&Argument<'_>>) -> bool {
    matches!(argument, Some(Argument::Identifier(identifier)) if identifier.name == LOADER)
}

/// Removes the statements that nothing else in the glue needs, but for exports that the script uses.
///
/// wasm-bindgen declares without side effects. A statement that declares nothing, like `cachedTextDecoder.decode();`,
/// belongs to the declarations that it names and goes with them.
pub fn remove_unused(glue: &mut Statements<'_>, used_exports: &HashSet<String>) {
    let statements: Vec<_> = glue.iter().map(|statement| Outline::of(statement)).collect();
    let declared: HashSet<_> = statements.iter().flat_map(|it| it.declares.clone()).collect();
    let mut needed: HashSet<String> = HashSet::new();
    let mut kept = vec![false; statements.len()];
    loop {
        let before = kept.clone();
        for (statement, is_kept) in statements.iter().zip(&mut kept) {
            let names = if statement.declares.is_empty() { &statement.mentions } else { &statement.declares };
            let is_needed = match &statement.exports {
                Some(name) => used_exports.contains(name),
                None => statement.returns || !names.is_disjoint(&needed) || names.is_disjoint(&declared),
            };
            if is_needed && !*is_kept {
                *is_kept = true;
                needed.extend(statement.mentions.intersection(&declared).cloned());
            }
        }
        if kept == before {
            break;
        }
    }
    let mut kept = kept.into_iter();
    glue.retain(|_| kept.next() == Some(true));
}

/// What matters of a statement of the glue.
struct Outline {
    declares: HashSet<String>,
    /// Every name in it, its own included.
    mentions: HashSet<String>,
    /// The export that it assigns.
    exports: Option<String>,
    returns: bool,
}

impl Outline {
    fn of(statement: &Statement<'_>) -> Outline {
        let mut words = Words::default();
        words.visit_statement(statement);
        Outline {
            declares: declared(statement),
            mentions: words.identifiers,
            exports: exported(statement),
            returns: matches!(statement, Statement::ReturnStatement(_)),
        }
    }
}

fn declared(statement: &Statement<'_>) -> HashSet<String> {
    let name =
        |id: &Option<oxc_ast::ast::BindingIdentifier<'_>>| id.iter().map(|id| id.name.to_string()).collect();
    match statement {
        Statement::FunctionDeclaration(function) => name(&function.id),
        Statement::ClassDeclaration(class) => name(&class.id),
        Statement::VariableDeclaration(variables) => {
            let names = variables.declarations.iter().filter_map(|it| it.id.get_identifier_name());
            names.map(|name| name.to_string()).collect()
        }
        _ => HashSet::new(),
    }
}

/// The name in `exports.name = …`.
fn exported(statement: &Statement<'_>) -> Option<String> {
    let Statement::ExpressionStatement(statement) = statement else { return None };
    let Expression::AssignmentExpression(assignment) = &statement.expression else { return None };
    let AssignmentTarget::StaticMemberExpression(member) = &assignment.left else { return None };
    member.object.is_specific_id(EXPORTS).then(|| member.property.name.to_string())
}

/// Removes the functions for imports that the wasm does not have. Returns whether there were any.
pub fn remove_imports(glue: &mut Statements<'_>, imported: &HashSet<&str>) -> bool {
    struct Remove<'i> {
        imported: &'i HashSet<&'i str>,
        has_removed: bool,
    }

    impl<'a> VisitJsMut<'a> for Remove<'_> {
        fn visit_object_expression(&mut self, object: &mut ObjectExpression<'a>) {
            let before = object.properties.len();
            object.properties.retain(|property| match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    let is_function = matches!(property.value, Expression::FunctionExpression(_));
                    let name = property.key.static_name().unwrap_or_default();
                    !(is_function && name.starts_with("__wb") && !self.imported.contains(&*name))
                }
                ObjectPropertyKind::SpreadProperty(_) => true,
            });
            self.has_removed |= object.properties.len() < before;
            walk_js_mut::walk_object_expression(self, object);
        }
    }

    let mut remove = Remove { imported, has_removed: false };
    glue.iter_mut().for_each(|statement| remove.visit_statement(statement));
    remove.has_removed
}

/// Every word of the glue that may be the name of an export of the wasm.
pub fn words(glue: &Statements<'_>) -> HashSet<String> {
    let words = Words::of(glue);
    [words.identifiers, words.members, words.texts].into_iter().flatten().collect()
}

/// The members of `wasm` that the glue uses.
pub fn exports_used(glue: &Statements<'_>) -> HashSet<String> {
    Words::of(glue).exports
}

/// The names in a piece of script.
#[derive(Default)]
struct Words {
    identifiers: HashSet<String>,
    /// Names of members and of properties.
    members: HashSet<String>,
    /// Members of `wasm`.
    exports: HashSet<String>,
    texts: HashSet<String>,
}

impl Words {
    fn of(glue: &Statements<'_>) -> Words {
        let mut words = Words::default();
        glue.iter().for_each(|statement| words.visit_statement(statement));
        words
    }
}

impl<'a> VisitJs<'a> for Words {
    fn visit_identifier_reference(&mut self, identifier: &IdentifierReference<'a>) {
        self.identifiers.insert(identifier.name.to_string());
    }

    fn visit_identifier_name(&mut self, name: &IdentifierName<'a>) {
        self.members.insert(name.name.to_string());
    }

    fn visit_static_member_expression(&mut self, member: &StaticMemberExpression<'a>) {
        if member.object.is_specific_id(WASM) {
            self.exports.insert(member.property.name.to_string());
        }
        walk_static_member_expression(self, member);
    }

    fn visit_string_literal(&mut self, text: &StringLiteral<'a>) {
        self.texts.insert(text.value.to_string());
    }
}

/// Gives imports and exports their short names.
///
/// # Errors
/// When an import is not exactly one key of one object, or the object of imports is not where it was.
pub fn rename<'a>(glue: &mut Statements<'a>, names: &Names, allocator: &'a Allocator) -> Result<()> {
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
