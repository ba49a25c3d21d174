//! Script and wasm together: neither keeps what the other does not use, and what they share gets short names.

use std::collections::HashSet;

use anyhow::Result;
use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use walrus::Module;

use crate::glue::words::Words;
use crate::glue::{find, rename, unused};
use crate::names::Names;
use crate::{locals, order, script, wasm};

/// Minifies the script, which contains wasm-bindgen's glue as the function `newInstance`, and its wasm.
///
/// The result depends on nothing but the two.
///
/// # Errors
/// When either cannot be parsed, or the glue is not what this version of wasm-bindgen writes.
pub fn minify(script: &str, wasm: &[u8]) -> Result<(String, Vec<u8>)> {
    let allocator = Allocator::default();
    let mut program = script::parse(&allocator, script)?;
    let mut module = wasm::parse(wasm)?;
    trim(&allocator, &mut program, &mut module)?;
    Ok((script::minified(&allocator, &mut program), order::sort(&locals::sort(&module.emit_wasm())?)?))
}

fn trim<'a>(allocator: &'a Allocator, program: &mut Program<'a>, module: &mut Module) -> Result<()> {
    let used_by_script = find::members_used_outside(program);
    let glue = find::statements(program)?;
    find::remove_loader(glue)?;
    loop {
        unused::remove_statements(glue, &used_by_script);
        wasm::remove_unused(module, &Words::of(glue).all());
        let imports: HashSet<_> = module.imports.iter().map(|import| import.name.as_str()).collect();
        // A function that goes may have been the only one to use an export.
        if !unused::remove_imports(glue, &imports) {
            break;
        }
    }
    let names = Names::shorten(module, &Words::of(glue).exports)?;
    rename::shorten(glue, &names, allocator)
}

#[cfg(test)]
mod tests {
    use oxc_codegen::{Codegen, CodegenOptions, CommentOptions};
    use walrus::{FunctionBuilder, ModuleConfig, RawCustomSection};

    use super::*;

    /// A script around glue as wasm-bindgen 0.2.130 writes it.
    const SCRIPT: &str = include_str!("../fixtures/script.js");

    const SOURCE: &str = "./widget_bg.js";
    const IMPORTS: [(&str, &str); 2] =
        [(SOURCE, "__wbindgen_init_externref_table"), (SOURCE, "__wbg_get_2080c49015e35254")];
    const EXPORTS: [&str; 5] =
        ["memory", "mount", "__wbg_handle_free", "__wbindgen_externrefs", "__wbindgen_start"];

    /// A module of a memory and of one function for each other export, which calls every import.
    fn module(imports: &[(&str, &str)], exports: &[&str]) -> Module {
        let mut module = Module::with_config(ModuleConfig::new().generate_producers_section(false).clone());
        let nothing = module.types.add(&[], &[]);
        let imported: Vec<_> =
            imports.iter().map(|(source, name)| module.add_import_func(source, name, nothing).0).collect();
        for name in exports {
            if *name == wasm::MEMORY {
                let memory = module.memories.add_local(false, false, 1, None, None);
                module.exports.add(name, memory);
                continue;
            }
            let mut function = FunctionBuilder::new(&mut module.types, &[], &[]);
            for import in &imported {
                function.func_body().call(*import);
            }
            let function = function.finish(vec![], &mut module.funcs);
            module.exports.add(name, function);
        }
        module
    }

    fn names(wasm: &[u8]) -> (Vec<String>, Vec<String>) {
        let module = Module::from_buffer(wasm).unwrap();
        let imports = module.imports.iter().map(|import| format!("{} {}", import.module, import.name));
        (imports.collect(), module.exports.iter().map(|export| export.name.clone()).collect())
    }

    /// Script and wasm after all that is done to them, but for the minifier's own work.
    fn trimmed(script: &str, mut module: Module) -> Result<(String, Vec<u8>)> {
        let allocator = Allocator::default();
        let mut program = script::parse(&allocator, script)?;
        trim(&allocator, &mut program, &mut module)?;
        let options = CodegenOptions { comments: CommentOptions::disabled(), ..CodegenOptions::default() };
        Ok((Codegen::new().with_options(options).build(&program).code, module.emit_wasm()))
    }

    #[test]
    fn both_sides_get_the_same_names_and_the_rest_stays() {
        let (script, wasm) = trimmed(SCRIPT, module(&IMPORTS, &EXPORTS)).unwrap();
        let (imports, exports) = names(&wasm);
        assert_eq!(
            (imports.join(", "), exports.join(", ")),
            ("w a, w b".into(), "memory, a, b, c, d".into())
        );
        for part in [
            "wasm.a(host, wasm.memory)",
            "wasm.b(ptr, 0)",
            "wasm.b(ptr, 1)",
            "const table = wasm.c;",
            "b: function(arg0, arg1)",
            "\"w\": import0",
            "a: function() {",
            "wasm.d()",
        ] {
            assert!(script.contains(part), "{part} is missing: {script}");
        }
    }

    #[test]
    fn what_nothing_uses_goes_from_the_script() {
        let (script, _) = trimmed(SCRIPT, module(&IMPORTS, &EXPORTS)).unwrap();
        let gone = [
            // A class of a library that is exported into every app, with what frees its values.
            "Sink",
            "sink",
            // The functions for imports that the wasm does not have, and what only they used.
            "__wbg_close_2",
            "__wbg_decode_3",
            "handleError",
            "TextDecoder",
            "cachedTextDecoder",
            "exn_store",
            // The loader.
            "__wbg_load",
            "__wbg_init",
            "__wbg_init_promise",
            "__wbg_init_once",
            "script_src",
            "instantiateStreaming",
            // Exports that the rest of the script does not use.
            "unused_export",
            "exports.Handle",
        ];
        for name in gone {
            assert!(!script.contains(name), "{name} is still there: {script}");
        }
        for name in ["class Handle", "HandleFinalization", "exports.mount = mount", "initSync }, exports)"] {
            assert!(script.contains(name), "{name} is gone: {script}");
        }
    }

    #[test]
    fn what_nothing_uses_goes_from_the_wasm() {
        let mut bloated = module(&IMPORTS, &EXPORTS);
        // An export that the glue does not know, the import that it alone calls, a section for tools.
        let nothing = bloated.types.add(&[], &[]);
        let (import, _) = bloated.add_import_func(SOURCE, "__wbg_enqueue_1", nothing);
        let mut function = FunctionBuilder::new(&mut bloated.types, &[], &[]);
        function.func_body().call(import);
        let function = function.finish(vec![], &mut bloated.funcs);
        bloated.exports.add("main", function);
        // One that only a class calls that goes.
        bloated.exports.add("__wbg_sink_free", function);
        bloated.customs.add(RawCustomSection { name: "tools".to_owned(), data: vec![1, 2, 3] });
        let plain = minify(SCRIPT, &module(&IMPORTS, &EXPORTS).emit_wasm()).unwrap();
        assert_eq!(minify(SCRIPT, &bloated.emit_wasm()).unwrap(), plain);
    }

    #[test]
    fn the_script_is_minified_and_keeps_its_exports_and_placeholders() {
        let (script, _) = minify(SCRIPT, &module(&IMPORTS, &EXPORTS).emit_wasm()).unwrap();
        assert!(script.len() < SCRIPT.len() / 3, "{script}");
        assert!(script.contains("export function mount(") && script.contains("%WASM%"), "{script}");
        for long in ["newInstance", "wasm_bindgen", "HandleFinalization", "//", "\n    "] {
            assert!(!script.contains(long), "{long} is still there: {script}");
        }
    }

    #[test]
    fn the_same_input_gives_the_same_output() {
        let wasm = module(&IMPORTS, &EXPORTS).emit_wasm();
        assert_eq!(minify(SCRIPT, &wasm).unwrap(), minify(SCRIPT, &wasm).unwrap());
    }

    #[test]
    fn what_does_not_fit_together_is_named() {
        let with = |old: &str, new: &str| {
            assert!(SCRIPT.contains(old), "{old}");
            SCRIPT.replace(old, new)
        };
        let ours = IMPORTS.to_vec();
        let cases = [
            (
                "no such import",
                vec![(SOURCE, "__wbg_set_1")],
                SCRIPT.to_owned(),
                "define the wasm's import `__wbg_set_1`",
            ),
            (
                "an import used elsewhere",
                ours.clone(),
                with("exports.mount = mount;", "exports.mount = mount; f(__wbg_get_2080c49015e35254);"),
                "`__wbg_get_2080c49015e35254`",
            ),
            (
                "an import defined twice",
                ours.clone(),
                with(
                    "exports.mount = mount;",
                    "exports.mount = mount; f({ __wbg_get_2080c49015e35254: 1 });",
                ),
                "`__wbg_get_2080c49015e35254`",
            ),
            ("two sources", vec![("a", "x"), ("b", "y")], SCRIPT.to_owned(), "both `a` and `b`"),
            (
                "no such source",
                vec![("env", "__wbg_get_2080c49015e35254")],
                SCRIPT.to_owned(),
                "one key \"env\":",
            ),
            ("no function around the glue", ours.clone(), with("newInstance", "anew"), "newInstance"),
            ("no namespace", ours.clone(), with("let wasm_bindgen", "let bindgen"), "wasm_bindgen"),
            ("no function", ours.clone(), with("})({ __proto__: null });", "});"), "wasm_bindgen"),
            (
                "another end",
                ours.clone(),
                with("Object.assign(__wbg_init, ", "Object.assign(load, "),
                "__wbg_init",
            ),
            (
                "another variable",
                ours.clone(),
                with("wasmInstance, wasm;", "wasmInstance; var wasm2;"),
                "variable wasm",
            ),
            ("no JavaScript", ours, "function {".to_owned(), "parsed"),
        ];
        for (name, imports, script, part) in cases {
            let error = minify(&script, &module(&imports, &EXPORTS).emit_wasm()).unwrap_err();
            assert!(error.to_string().contains(part), "{name}: {error}");
        }
        assert!(minify(SCRIPT, b"<html>").is_err());
    }
}
