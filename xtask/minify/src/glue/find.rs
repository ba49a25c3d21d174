//! Where the glue is in the script, and what the two use of each other.

use std::collections::HashSet;

use anyhow::{Context, Result, bail};
use oxc_ast::ast::{Argument, Expression, Function, Program, Statement};

use super::words::Words;
use super::{CHANGED, EXPORTS, Statements};

/// The function that xtask puts around the glue.
const NEW_INSTANCE: &str = "newInstance";
/// The variable that holds what the glue's function returns.
const NAMESPACE: &str = "wasm_bindgen";
/// The function that fetches and compiles the wasm. www/instance.js does that itself.
const LOADER: &str = "__wbg_init";

/// The statements of the glue's function.
///
/// # Errors
/// When the script has no glue where it is expected.
pub fn statements<'g, 'a>(program: &'g mut Program<'a>) -> Result<&'g mut Statements<'a>> {
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

fn is_new_instance(function: &Function<'_>) -> bool {
    function.id.as_ref().is_some_and(|id| id.name == NEW_INSTANCE)
}

/// The names of all members that the rest of the script reads.
pub fn members_used_outside(program: &Program<'_>) -> HashSet<String> {
    let mut words = Words::default();
    for statement in &program.body {
        let is_glue =
            matches!(statement, Statement::FunctionDeclaration(function) if is_new_instance(function));
        if !is_glue {
            words.add(statement);
        }
    }
    words.members
}

/// Removes the loader from what the glue's function returns; the code itself is unused then.
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
