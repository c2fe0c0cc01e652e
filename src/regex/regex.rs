//! `regex-lite`, whose interface is that of `regex`: no tables of Unicode, no automata to build before the first search.

pub use regex_lite::*;
