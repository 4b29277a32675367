//! What the variants of an enum are called in the database and on the screen.

/// Gives an enum its variants in order and their names: `words!(Priority { Low: "LOW", "Low"; High: "HIGH", "High"; })`.
#[macro_export]
macro_rules! words {
    ($name:ident { $($variant:ident: $word:literal, $label:literal;)+ }) => {
        impl $name {
            /// In the order in which they are offered.
            pub const ALL: [$name; [$($word),+].len()] = [$($name::$variant),+];

            /// Its name in the database, on the wire and in addresses.
            pub fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }

            /// Its name on the screen.
            pub fn label(self) -> &'static str {
                match self {
                    $($name::$variant => $label,)+
                }
            }

            /// Each by its word and its name on the screen.
            pub fn pairs() -> Vec<(&'static str, &'static str)> {
                $name::ALL.map(|one| (one.word(), one.label())).to_vec()
            }

            /// The same as the options of a field.
            pub fn options() -> Vec<(String, String)> {
                $name::ALL.map(|one| (one.word().to_owned(), one.label().to_owned())).to_vec()
            }

            /// Reads what `word` wrote.
            pub fn parse(word: &str) -> Option<$name> {
                $name::ALL.into_iter().find(|one| one.word() == word)
            }
        }
    };
}
