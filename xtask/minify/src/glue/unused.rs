//! Removes what is unused from the glue.

use std::collections::HashSet;

use oxc_ast::ast::{Expression, ObjectExpression, ObjectPropertyKind, Statement};
use oxc_ast_visit::{VisitJsMut, walk_js_mut};

use super::Statements;
use super::words::{Words, declared, exported};

/// Removes the statements that nothing else in the glue needs, but for exports that the script uses.
///
/// wasm-bindgen declares without side effects. A statement that declares nothing, like `cachedTextDecoder.decode();`,
/// belongs to the declarations that it names and goes with them.
pub fn remove_statements(glue: &mut Statements<'_>, used_exports: &HashSet<String>) {
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
        words.add(statement);
        Outline {
            declares: declared(statement),
            mentions: words.identifiers,
            exports: exported(statement),
            returns: matches!(statement, Statement::ReturnStatement(_)),
        }
    }
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
