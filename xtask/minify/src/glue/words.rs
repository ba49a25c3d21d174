//! The names in the glue.

use std::collections::HashSet;

use oxc_ast::ast::{
    AssignmentTarget, BindingIdentifier, Expression, IdentifierName, IdentifierReference, Statement,
    StaticMemberExpression, StringLiteral,
};
use oxc_ast_visit::VisitJs;
use oxc_ast_visit::walk_js::walk_static_member_expression;

use super::{EXPORTS, Statements, WASM};

/// The names in a piece of script.
#[derive(Default)]
pub struct Words {
    /// Names of variables, functions and classes.
    pub identifiers: HashSet<String>,
    /// Names of members and of properties.
    pub members: HashSet<String>,
    /// Members of `wasm`.
    pub exports: HashSet<String>,
    /// String literals.
    pub texts: HashSet<String>,
}

impl Words {
    /// Those of the glue.
    pub fn of(glue: &Statements<'_>) -> Words {
        let mut words = Words::default();
        glue.iter().for_each(|statement| words.add(statement));
        words
    }

    /// Adds those of a statement.
    pub fn add(&mut self, statement: &Statement<'_>) {
        self.visit_statement(statement);
    }

    /// Every word that may be the name of an export of the wasm.
    pub fn all(self) -> HashSet<String> {
        [self.identifiers, self.members, self.texts].into_iter().flatten().collect()
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

/// The names that a statement declares.
pub fn declared(statement: &Statement<'_>) -> HashSet<String> {
    let name = |id: &Option<BindingIdentifier<'_>>| id.iter().map(|id| id.name.to_string()).collect();
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
pub fn exported(statement: &Statement<'_>) -> Option<String> {
    let Statement::ExpressionStatement(statement) = statement else { return None };
    let Expression::AssignmentExpression(assignment) = &statement.expression else { return None };
    let AssignmentTarget::StaticMemberExpression(member) = &assignment.left else { return None };
    member.object.is_specific_id(EXPORTS).then(|| member.property.name.to_string())
}
