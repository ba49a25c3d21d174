//! The parts of wasm-bindgen's glue that nothing uses. Told by the indentation that it writes.

use anyhow::{Result, ensure};

use crate::border::words;

/// What to do when the glue is not as expected.
pub const CHANGED: &str = "wasm-bindgen has changed what it writes, and xtask has to follow";

/// `glue` without the classes that nothing else in it mentions: a library's own, exported into every app.
pub fn without_unused_classes(glue: &str) -> String {
    let classes =
        glue.lines().filter_map(|line| line.trim_start().strip_prefix("class ")?.strip_suffix(" {"));
    let unused = classes.filter(|class| {
        let rest = without_class(glue, class);
        !words(&rest).any(|(_, word)| word == *class)
    });
    unused.fold(glue.to_owned(), |glue, class| without_class(&glue, class))
}

/// `glue` without this class, its export, and what frees its values.
fn without_class(glue: &str, class: &str) -> String {
    let (definition, finalization) = (format!("class {class} "), format!("const {class}Finalization = "));
    let (dispose, export) = (format!("if (Symbol.dispose) {class}."), format!("exports.{class} = "));
    without(glue, |line| {
        if line.starts_with(&definition) {
            Some("}")
        } else if line.starts_with(&finalization) {
            Some(";")
        } else {
            (line.starts_with(&dispose) || line.starts_with(&export)).then_some(";")
        }
    })
}

/// `glue` without the functions for imports that the wasm does not have.
pub fn without_imports(glue: &str, is_imported: impl Fn(&str) -> bool) -> String {
    without(glue, |line| {
        let (name, _) = line.split_once(": function(")?;
        (name.starts_with("__wb") && !is_imported(name)).then_some("},")
    })
}

/// `glue` without the part that fetches and compiles the wasm, which www/instance.js does itself.
///
/// # Errors
/// When the glue does not end the way wasm-bindgen writes it.
pub fn without_loader(glue: &str) -> Result<String> {
    const GIVES: &str = "Object.assign(__wbg_init, { initSync }, exports)";
    ensure!(glue.contains(GIVES), "the glue does not end with {GIVES}: {CHANGED}");
    let rest = without(glue, |line| {
        let is_loader =
            line.starts_with("async function __wbg_load(") || line.starts_with("async function __wbg_init");
        is_loader.then_some("}").or_else(|| (line == "let __wbg_init_promise;").then_some(";"))
    });
    Ok(rest.replace(GIVES, "Object.assign(exports, { initSync })"))
}

/// `text` without the statements that begin where `ends` says so, each to the next line of no deeper indentation that
/// ends as it says.
fn without<'e>(text: &str, ends: impl Fn(&str) -> Option<&'e str>) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut kept = String::with_capacity(text.len());
    let mut until: Option<(usize, &str)> = None;
    for line in text.split_inclusive('\n') {
        let code = line.trim();
        if until.is_none() {
            match ends(code) {
                Some(end) => until = Some((indent(line), end)),
                None => kept.push_str(line),
            }
        }
        // A finalization spreads over lines that are indented further, up to its semicolon.
        if let Some((depth, end)) = until
            && code.ends_with(end)
            && (indent(line) == depth || end == ";")
        {
            until = None;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "
    class Handle {
        free() {
            wasm.__wbg_handle_free(1);
        }
    }
    if (Symbol.dispose) Handle.prototype[Symbol.dispose] = Handle.prototype.free;
    exports.Handle = Handle;
    class Sink {
        close() {
            if (a) {
                wasm.sink_close(this.p);
            }
        }
    }
    if (Symbol.dispose) Sink.prototype[Symbol.dispose] = Sink.prototype.free;
    exports.Sink = Sink;
    function mount() {
        return Handle.__wrap(wasm.mount());
    }
    const import0 = {
        __proto__: null,
        __wbg_get_1: function(a) {
            return { a };
        },
        __wbg_close_2: function(a) { return handle(function (a) {
            a.close();
        }, arguments); },
    };
    const SinkFinalization = (typeof FinalizationRegistry === 'undefined')
        ? { register: () => {}, unregister: () => {} }
        : new FinalizationRegistry(ptr => wasm.__wbg_sink_free(ptr, 1));
    rest();
";

    #[test]
    fn a_class_that_nothing_mentions_goes_whole() {
        let trimmed = without_unused_classes(GLUE);
        assert!(!trimmed.contains("Sink") && !trimmed.contains("sink"), "{trimmed}");
        for part in
            ["class Handle {", "exports.Handle = Handle;", "Handle.__wrap", "import0", "    rest();\n"]
        {
            assert!(trimmed.contains(part), "{part} is gone: {trimmed}");
        }
    }

    #[test]
    fn the_loader_goes_and_the_rest_is_given_as_it_was() {
        let glue = "
    async function __wbg_load(module, imports) {
        if (a) {
            b();
        }
    }
    function initSync(module) {
        return module;
    }
    let __wbg_init_promise;
    async function __wbg_init(module_or_path) {
        return __wbg_init_promise;
    }
    return Object.assign(__wbg_init, { initSync }, exports);
";
        let expected = "
    function initSync(module) {
        return module;
    }
    return Object.assign(exports, { initSync });
";
        assert_eq!(without_loader(glue).unwrap(), expected);
        assert!(without_loader("return exports;").is_err());
    }

    #[test]
    fn the_function_for_an_import_goes_with_it() {
        let trimmed = without_imports(GLUE, |name| name == "__wbg_get_1");
        let expected = GLUE.replace(
            "        __wbg_close_2: function(a) { return handle(function (a) {\n            a.close();\n        }, arguments); },\n",
            "",
        );
        assert_eq!(trimmed, expected);
        assert_eq!(without_imports(GLUE, |_| true), GLUE);
    }
}
