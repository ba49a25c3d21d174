//! The numbers of a function's local variables. Small ones for those that are used most compress better.

use std::cmp::Reverse;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, Function, Instruction};
use wasmparser::{FunctionBody, Operator, Parser, Payload, ValType};

use crate::wasm::rewritten;

/// Numbers the variables of each type anew, the ones that are used most first.
///
/// # Errors
/// When the wasm cannot be read.
pub fn sort(wasm: &[u8]) -> Result<Vec<u8>> {
    let parameters = parameters(wasm).context("the wasm cannot be read")?;
    rewritten(wasm, &mut Sorted { parameters: parameters.into_iter() })
}

/// How many parameters each function has. They come first among its variables, and stay.
fn parameters(wasm: &[u8]) -> wasmparser::Result<Vec<u32>> {
    let (mut of_types, mut of_functions) = (vec![], vec![]);
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::TypeSection(section) => {
                for function in section.into_iter_err_on_gc_types() {
                    of_types.push(function?.params().len() as u32);
                }
            }
            Payload::FunctionSection(section) => {
                for of_type in section {
                    of_functions.push(of_types.get(of_type? as usize).copied().unwrap_or_default());
                }
            }
            _ => {}
        }
    }
    Ok(of_functions)
}

/// Writes a module anew, with its variables sorted.
struct Sorted {
    /// Of the functions that are still to come.
    parameters: std::vec::IntoIter<u32>,
}

impl Reencode for Sorted {
    type Error = anyhow::Error;

    fn parse_function_body(
        &mut self,
        section: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error<Self::Error>> {
        let parameters = self.parameters.next().unwrap_or_default();
        let (new, types) = numbers(&body, parameters)?;
        let types: Vec<_> =
            types.into_iter().map(|of_type| self.val_type(of_type)).collect::<Result<_, _>>()?;
        let mut function = Function::new_with_locals_types(types);
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let at = |old: u32| new.get(old as usize).copied().unwrap_or(old);
            function.instruction(&match self.parse_instruction(&mut operators)? {
                Instruction::LocalGet(local) => Instruction::LocalGet(at(local)),
                Instruction::LocalSet(local) => Instruction::LocalSet(at(local)),
                Instruction::LocalTee(local) => Instruction::LocalTee(at(local)),
                other => other,
            });
        }
        section.function(&function);
        Ok(())
    }
}

/// The new number of each variable by its old one, and the types of those that are no parameters, in their new order.
fn numbers(body: &FunctionBody<'_>, parameters: u32) -> wasmparser::Result<(Vec<u32>, Vec<ValType>)> {
    let mut locals = vec![];
    for group in body.get_locals_reader()? {
        let (count, of_type) = group?;
        locals.extend((0..count).map(|_| (of_type, 0_usize)));
    }
    for operator in body.get_operators_reader()? {
        if let Operator::LocalGet { local_index }
        | Operator::LocalSet { local_index }
        | Operator::LocalTee { local_index } = operator?
            && let Some(index) = local_index.checked_sub(parameters)
            && let Some((_, uses)) = locals.get_mut(index as usize)
        {
            *uses += 1;
        }
    }
    let mut order: Vec<_> = (parameters..).zip(locals).collect();
    // One type after the other, as types are declared by their number.
    order.sort_by_key(|(_, (of_type, uses))| (format!("{of_type}"), Reverse(*uses)));
    let mut new: Vec<u32> = (0..parameters).collect();
    let mut moved: Vec<_> = order.iter().map(|(old, _)| *old).zip(parameters..).collect();
    moved.sort_unstable();
    new.extend(moved.into_iter().map(|(_, new)| new));
    Ok((new, order.into_iter().map(|(_, (of_type, _))| of_type).collect()))
}

#[cfg(test)]
mod tests {
    use walrus::ir::Instr;
    use walrus::{FunctionBuilder, Module as Walrus, ValType};

    use super::*;

    /// A function of two parameters and three variables, of which the last is used most.
    fn module() -> Vec<u8> {
        let mut module = Walrus::default();
        let [first, second] = [ValType::I32, ValType::F64].map(|of_type| module.locals.add(of_type));
        let [rare, other, frequent] =
            [ValType::I32, ValType::I64, ValType::I32].map(|of_type| module.locals.add(of_type));
        let mut function = FunctionBuilder::new(&mut module.types, &[ValType::I32, ValType::F64], &[]);
        let mut body = function.func_body();
        body.local_get(first).local_set(rare);
        body.i64_const(7).local_set(other).local_get(other).drop();
        for _ in 0..3 {
            body.local_get(rare).local_tee(frequent).drop().local_get(frequent).local_set(frequent);
        }
        body.local_get(second).drop();
        let function = function.finish(vec![first, second], &mut module.funcs);
        module.exports.add("f", function);
        module.emit_wasm()
    }

    /// The variables in the order in which they are used, by number, and each by the number of its first use.
    fn used(wasm: &[u8]) -> (Vec<u32>, Vec<usize>) {
        let mut numbers = vec![];
        for payload in Parser::new(0).parse_all(wasm) {
            let Payload::CodeSectionEntry(body) = payload.unwrap() else { continue };
            for operator in body.get_operators_reader().unwrap() {
                match operator.unwrap() {
                    Operator::LocalGet { local_index }
                    | Operator::LocalSet { local_index }
                    | Operator::LocalTee { local_index } => numbers.push(local_index),
                    _ => {}
                }
            }
        }
        let firsts = numbers.iter().map(|number| numbers.iter().position(|it| it == number).unwrap());
        (numbers.clone(), firsts.collect())
    }

    #[test]
    fn the_function_is_the_same_and_the_frequent_variable_the_first_one() {
        let wasm = module();
        let sorted = sort(&wasm).unwrap();
        assert_eq!(used(&sorted).1, used(&wasm).1);
        let (numbers, _) = used(&sorted);
        let frequent = numbers[5];
        assert!(numbers.iter().all(|number| *number < 2 || *number >= frequent), "{numbers:?}");
        // Valid only if every variable has kept its type.
        let walrus = Walrus::from_buffer(&sorted).unwrap();
        let function = walrus.funcs.iter_local().next().unwrap().1;
        let tees = function.block(function.entry_block()).instrs.iter();
        let is_i32 = |instr: &Instr| matches!(instr, Instr::LocalTee(it) if walrus.locals.get(it.local).ty() == ValType::I32);
        assert_eq!(tees.filter(|(instr, _)| is_i32(instr)).count(), 3);
        assert_eq!(sort(&sorted).unwrap(), sorted);
    }

    #[test]
    fn what_is_no_wasm_is_refused() {
        assert!(sort(b"<html>").unwrap_err().to_string().contains("cannot be read"));
    }
}
