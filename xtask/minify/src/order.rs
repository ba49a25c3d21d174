//! The order of a wasm's functions. They run the same in any; like beside like compresses better (3 % by brotli).

use std::collections::{HashMap, HashSet};

use anyhow::{Context, Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection};
use wasmparser::{CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef};

use crate::wasm::rewritten;

/// Puts like beside like: each function is followed by the one that has most in common with it.
///
/// # Errors
/// When the wasm cannot be read.
pub fn sort(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut sorted = Sorted::of(wasm).context("the wasm cannot be read")?;
    rewritten(wasm, &mut sorted)
}

/// The texts' indices, the first one first, each followed by the one of the rest that shares most pieces with it.
fn chain(texts: &[&[u8]]) -> Vec<usize> {
    // Three bytes are an instruction or two.
    let pieces: Vec<HashSet<&[u8]>> = texts.iter().map(|text| text.windows(3).collect()).collect();
    let mut owners: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (owner, pieces) in pieces.iter().enumerate() {
        for piece in pieces {
            owners.entry(piece).or_default().push(owner);
        }
    }
    let mut rest: Vec<usize> = (0..texts.len()).collect();
    let mut chain = Vec::new();
    let mut next = 0;
    while !rest.is_empty() {
        let last = rest.remove(next);
        chain.push(last);
        let mut shared = vec![0_u32; texts.len()];
        for owner in pieces[last].iter().flat_map(|piece| &owners[piece]) {
            shared[*owner] += 1;
        }
        // By the root alone, a long text would be like everything; by the length itself, a short one.
        let likeness =
            |index: &usize| f64::from(shared[*index]) / (pieces[*index].len() as f64 + 1.0).powf(0.75);
        next = 0;
        for (place, index) in rest.iter().enumerate() {
            if likeness(index) > likeness(&rest[next]) {
                next = place;
            }
        }
    }
    chain
}

/// Writes a module anew, with its functions in their new order.
struct Sorted<'a> {
    functions: Vec<(u32, FunctionBody<'a>)>,
    /// The new index of each function by its old one. Imported functions come first, and stay.
    new_indices: Vec<u32>,
}

impl<'a> Sorted<'a> {
    fn of(wasm: &'a [u8]) -> wasmparser::Result<Sorted<'a>> {
        let (mut imported, mut types, mut bodies) = (0, vec![], vec![]);
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::FunctionSection(section) => {
                    types = section.into_iter().collect::<wasmparser::Result<_>>()?;
                }
                Payload::CodeSectionEntry(body) => bodies.push(body),
                _ => {}
            }
        }
        let mut all: Vec<_> = (0_usize..).zip(types.into_iter().zip(bodies)).collect();
        all.sort_by_key(|(_, (of_type, body))| (*of_type, body.as_bytes()));
        let order = chain(&all.iter().map(|(_, (_, body))| body.as_bytes()).collect::<Vec<_>>());
        let chained: Vec<_> = order.iter().filter_map(|index| all.get(*index)).collect();
        let functions = chained.iter().map(|(_, function)| function.clone()).collect();
        let mut moved: Vec<_> = chained.iter().map(|(old, _)| old).zip(imported..).collect();
        moved.sort_unstable();
        let new_indices = (0..imported).chain(moved.into_iter().map(|(_, new)| new)).collect();
        Ok(Sorted { functions, new_indices })
    }
}

impl Reencode for Sorted<'_> {
    type Error = anyhow::Error;

    fn function_index(&mut self, old: u32) -> Result<u32, Error<Self::Error>> {
        let new = usize::try_from(old).ok().and_then(|old| self.new_indices.get(old));
        new.copied().ok_or_else(|| Error::UserError(anyhow!("there is no function {old}")))
    }

    fn parse_function_section(
        &mut self,
        section: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        for (of_type, _) in &self.functions {
            section.function(*of_type);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        section: &mut CodeSection,
        _: CodeSectionReader<'_>,
    ) -> Result<(), Error<Self::Error>> {
        for (_, body) in self.functions.clone() {
            self.parse_function_body(section, body)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use walrus::ir::Value;
    use walrus::{FunctionBuilder, Module as Walrus, ValType};

    use super::*;

    /// Functions that return these numbers, exported by name, and one that calls the first.
    fn module(numbers: &[i32]) -> Walrus {
        let mut module = Walrus::default();
        let nothing = module.types.add(&[], &[]);
        module.add_import_func("w", "imported", nothing);
        let mut first = None;
        for number in numbers {
            let mut function = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
            function.func_body().i32_const(*number);
            let function = function.finish(vec![], &mut module.funcs);
            module.exports.add(&number.to_string(), function);
            first.get_or_insert(function);
        }
        let mut caller = FunctionBuilder::new(&mut module.types, &[], &[]);
        if let Some(first) = first {
            caller.func_body().call(first).drop();
        }
        let caller = caller.finish(vec![], &mut module.funcs);
        module.exports.add("caller", caller);
        module
    }

    /// The number that each exported function returns, or that the one returns which it calls.
    fn returned(wasm: &[u8]) -> Vec<(String, i32)> {
        let module = Walrus::from_buffer(wasm).unwrap();
        let number = |function| {
            let mut function = module.funcs.get(function).kind.unwrap_local();
            loop {
                match &function.block(function.entry_block()).instrs[0].0 {
                    walrus::ir::Instr::Const(number) => match number.value {
                        Value::I32(number) => break number,
                        _ => panic!("no i32"),
                    },
                    walrus::ir::Instr::Call(call) => {
                        function = module.funcs.get(call.func).kind.unwrap_local()
                    }
                    other => panic!("{other:?}"),
                }
            }
        };
        let exports = module.exports.iter().filter_map(|export| match export.item {
            walrus::ExportItem::Function(function) => Some((export.name.clone(), number(function))),
            _ => None,
        });
        exports.collect()
    }

    #[test]
    fn every_name_and_call_finds_its_function_again() {
        let wasm = module(&[1_000_001, 2_000_000, 1_000_002]).emit_wasm();
        let sorted = sort(&wasm).unwrap();
        assert_ne!(sorted, wasm);
        assert_eq!(returned(&sorted), returned(&wasm));
    }

    #[test]
    fn each_text_is_followed_by_the_one_that_is_most_like_it() {
        let texts = ["load add store", "call drop", "load add call", "drop call drop", "load add store add"];
        let texts = texts.map(str::as_bytes);
        assert_eq!(chain(&texts), [0, 4, 2, 3, 1]);
        assert_eq!(chain(&[]), [0; 0]);
        assert_eq!(chain(&[b"a", b"", b"bc"]), [0, 1, 2], "what has nothing in common stays in its order");
    }

    #[test]
    fn what_is_no_wasm_is_refused() {
        assert!(sort(b"<html>").unwrap_err().to_string().contains("cannot be read"));
    }
}
