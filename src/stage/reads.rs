//! What a step reads, wherever it stands: elements of the input and of a second one.

use std::sync::Arc;

use crate::op::{Step, TermSource};

/// The elements that a step reads, each once.
#[derive(Debug, Clone, PartialEq)]
pub struct Reads {
    /// Of the input, in order.
    first: Arc<[[usize; 3]]>,
    /// Of the second input, in order.
    second: Arc<[[usize; 3]]>,
}

impl Reads {
    /// Those of a step.
    #[must_use]
    pub fn of(step: &Step) -> Self {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for term in step.terms() {
            match term.source {
                TermSource::Element(at) | TermSource::Padding { from: Some(at) } => first.push(at),
                TermSource::Other { .. }
                | TermSource::Padding { from: None }
                | TermSource::Inserted
                | TermSource::Beyond => {}
            }
            second.extend(term.second());
        }
        let once = |mut elements: Vec<[usize; 3]>| {
            elements.sort_unstable();
            elements.dedup();
            elements.into()
        };
        Self {
            first: once(first),
            second: once(second),
        }
    }

    /// Those of the input, or of the second one.
    pub fn elements(&self, second: bool) -> impl Iterator<Item = [usize; 3]> + '_ {
        let elements = if second { &self.second } else { &self.first };
        elements.iter().copied()
    }

    /// Whether an element of the input, or of the second one, is among them.
    #[must_use]
    pub fn has(&self, at: [usize; 3], second: bool) -> bool {
        let elements = if second { &self.second } else { &self.first };
        elements.binary_search(&at).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Layer;

    #[test]
    fn a_step_reads_its_row_and_the_column_that_it_meets() {
        let layer: Layer = "MatMul()".parse().unwrap();
        let shape = "3x3".parse().unwrap();
        let plan = layer.plan(&shape).unwrap();
        // Row 1, column 2: rows of a matrix are its planes.
        let reads = Reads::of(&plan.step(5));
        let of = |second| reads.elements(second).collect::<Vec<_>>();
        assert_eq!(of(false), [[1, 0, 0], [1, 0, 1], [1, 0, 2]]);
        assert_eq!(of(true), [[0, 0, 2], [1, 0, 2], [2, 0, 2]]);
        assert!(reads.has([2, 0, 2], true) && !reads.has([2, 0, 2], false));
    }
}
