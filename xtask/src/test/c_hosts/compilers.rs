//! The compilers that the programs are built with.

pub struct Compiler {
    pub c: &'static str,
    pub cpp: &'static str,
}

pub const COMPILERS: [Compiler; 2] =
    [Compiler { c: "gcc", cpp: "g++" }, Compiler { c: "clang", cpp: "clang++" }];
