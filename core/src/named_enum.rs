//! Enums whose variants have a name outside Rust: in attributes, events, style sheets and message keys.

/// Defines such an enum with `ALL`, `name()`, `from_name()` and `Display`.
macro_rules! named_enum {
    ($(#[$about:meta])* pub enum $Enum:ident { $($(#[$meaning:meta])* $Variant:ident = $name:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $Enum { $($(#[$meaning])* $Variant,)+ }

        impl $Enum {
            /// Every variant, in the order of their definition.
            pub const ALL: &'static [Self] = &[$(Self::$Variant,)+];

            /// The name it has outside Rust, which is stable.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$Variant => $name,)+ }
            }

            /// The variant of that name, if there is one.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.name() == name)
            }
        }

        impl std::fmt::Display for $Enum {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
