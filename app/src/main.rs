//! Entry point of the page: everything is in the library, where tests reach it.

fn main() {}
