//! The style sheet, minified by lightningcss.

use anyhow::{Result, anyhow};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet};

/// `css` with the fewest bytes. What it means stays the same in every browser, as no targets are given.
///
/// # Errors
/// When it cannot be parsed; the error has the line.
pub fn minify(css: &str) -> Result<String> {
    let mut sheet = StyleSheet::parse(css, ParserOptions::default())
        .map_err(|error| anyhow!("the style sheet cannot be parsed: {error}"))?;
    sheet
        .minify(MinifyOptions::default())
        .map_err(|error| anyhow!("the style sheet cannot be minified: {error}"))?;
    let options = PrinterOptions { minify: true, ..PrinterOptions::default() };
    let printed = sheet.to_css(options);
    Ok(printed.map_err(|error| anyhow!("the style sheet cannot be printed: {error}"))?.code)
}

#[cfg(test)]
mod tests {
    use super::minify;

    #[test]
    fn what_means_nothing_goes_and_the_rest_stays() {
        let cases = [
            ("indentation and lines", "a {\n  color: red;\n  top: 0;\n}\n", "a{color:red;top:0}"),
            ("carriage returns", "a {\r\n\tcolor: red;\r\n}\r\n", "a{color:red}"),
            ("selector lists", "a ,\n b > c { top: 0 }", "a,b>c{top:0}"),
            ("descendants", ".a  .b :hover{top:0}", ".a .b :hover{top:0}"),
            ("values over lines", "a{grid-area:\n  auto\n  / b}", "a{grid-area:auto/b}"),
            ("calc", "a{width:calc( 100% + 2px )}", "a{width:calc(100% + 2px)}"),
            ("a comment alone", "/* one */\na{top:0}\n/* two */", "a{top:0}"),
            ("a comment at the end of a line", "a{top:0; /* why */\n left:0}", "a{top:0;left:0}"),
            ("a comment between spaces", "a{margin:1px /* x */ 2px}", "a{margin:1px 2px}"),
            ("a comment before a brace", "a /* x */ {top:0}", "a{top:0}"),
            ("a comment between words", "a{margin:1px/* x */2px}", "a{margin:1px 2px}"),
            ("a comment without end", "a{top:0}/* x", "a{top:0}"),
            ("strings", "a{content:\"  ;  /* no */ \\\" } \"}", "a{content:\"  ;  /* no */ \\\" } \"}"),
            ("single quotes", "a::before { content: ' , ' ; }", "a:before{content:\" , \"}"),
            ("unquoted addresses", "a{background:url(data:x;y,/*z*/)}", "a{background:url(data:x;y,/*z*/)}"),
            ("quoted addresses", "a{background:url( \"d ; e\" )}", "a{background:url(\"d ; e\")}"),
            ("escapes", ".a\\:b{top:0}", ".a\\:b{top:0}"),
            ("other letters", "a{content:\"…  é\"} /* ü */", "a{content:\"…  é\"}"),
            (
                "media",
                "@media (width < 10em) and (hover) {\n  a { top: 0 }\n}",
                "@media (width<10em) and (hover){a{top:0}}",
            ),
            (
                "custom properties",
                "a{--gap:  .5em ;margin:var(--gap,1px)}",
                "a{--gap:.5em;margin:var(--gap,1px)}",
            ),
            ("light and dark", "a{color:light-dark(#ffffff,#000000)}", "a{color:light-dark(#fff,#000)}"),
            ("a flag in a selector", ":host([a=\"b\" i]){top:0}", ":host([a=b i]){top:0}"),
            ("nothing", "", ""),
        ];
        for (name, css, expected) in cases {
            assert_eq!(minify(css).unwrap(), expected, "{name}");
        }
    }

    #[test]
    fn minifying_twice_changes_nothing() {
        let once = minify("a , b {\n  /* x */\n  margin : 1px/* y */2px ; content: \"  \" }").unwrap();
        assert_eq!(minify(&once).unwrap(), once);
    }

    #[test]
    fn a_mistake_is_reported() {
        assert!(minify("a { color: red; } }").unwrap_err().to_string().contains("parsed"));
    }
}
