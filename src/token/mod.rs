//! Tokens: the keys by which programs come in.
