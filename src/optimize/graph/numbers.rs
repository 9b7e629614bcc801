//! Sums and single numbers within a graph.

use crate::graph::{Attribute, GraphBuilder};

/// One number of a list.
pub(super) fn element(g: &mut GraphBuilder, list: &str, index: usize, name: &str) -> String {
    let at = g.integers(&format!("{name}_at"), &[index as i64]);
    let number = g.node("Gather", &format!("{name}_list"), &[list, &at], &[]);
    let scalar = g.integers(&format!("{name}_shape"), &[]);
    g.node("Reshape", name, &[&number, &scalar], &[])
}

/// The sum of numbers; 0 for none.
pub(super) fn sum(g: &mut GraphBuilder, terms: &[String], name: &str) -> String {
    let Some((first, rest)) = terms.split_first() else {
        return g.constant(name, &[], &[0.0]);
    };
    let mut so_far = first.clone();
    for (k, term) in rest.iter().enumerate() {
        so_far = g.node("Add", &format!("{name}_with_{k}"), &[&so_far, term], &[]);
    }
    g.node("Identity", name, &[&so_far], &[])
}

/// The sum of squares, rows first: runtimes add up single floats one after the other, and over
/// millions of them lose a hundred-thousandth.
pub(super) fn squares(g: &mut GraphBuilder, values: &str, name: &str) -> String {
    let row = [("axes", Attribute::Ints(&[-1])), ("keepdims", Attribute::Int(0))];
    let rows = g.node("ReduceSumSquare", &format!("{name}_rows"), &[values], &row);
    g.node("ReduceSum", name, &[&rows], &[("keepdims", Attribute::Int(0))])
}
