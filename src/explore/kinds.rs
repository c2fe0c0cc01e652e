//! What the layers of a network cost by what they are, and what a unit of its map mostly is.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::network::Graph;
use crate::network::map::Unit;
use crate::op::{Cost, Family};

/// What each family of layers costs in a network, by a measure of cost, the most costly first. Those that cost nothing
/// are left out.
#[must_use]
pub fn sums(graph: &Graph, of: impl Fn(&Cost) -> u64) -> Vec<(Family, u64)> {
    let mut sums: BTreeMap<Family, u64> = BTreeMap::new();
    for (number, node) in graph.nodes().iter().enumerate() {
        if let Some(family) = family(graph, number) {
            let sum = sums.entry(family).or_default();
            *sum = sum.saturating_add(of(&graph.node_cost(node)));
        }
    }
    let mut sums: Vec<(Family, u64)> = sums.into_iter().filter(|(_, sum)| *sum > 0).collect();
    sums.sort_by_key(|&(family, sum)| (Reverse(sum), family));
    sums
}

/// The family of the layer of a unit that multiplies most; of its main one where none does.
#[must_use]
pub fn main_family(graph: &Graph, unit: &Unit) -> Option<Family> {
    let main = unit.main(graph);
    let layers = unit
        .nodes
        .iter()
        .enumerate()
        .filter_map(|(place, &number)| {
            let macs = graph.node_cost(graph.nodes().get(number)?).macs;
            let rank = (macs, place == main, Reverse(place));
            Some((rank, family(graph, number)?))
        });
    let most = layers.max_by_key(|&(rank, _)| rank);
    most.map(|(_, family)| family)
}

/// What a node is; `None` of one that is not known.
fn family(graph: &Graph, node: usize) -> Option<Family> {
    let plan = graph.nodes().get(node)?.plan()?;
    Some(plan.layer().kind().description().family)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Subject;
    use crate::tensor::Shape;

    #[test]
    fn families_are_summed_and_a_unit_is_what_multiplies_most() {
        let text = "nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(32, 10))";
        let shape = Shape::new(&[1, 6, 6]).unwrap();
        let graph = Subject::parse(text).unwrap().graph(&shape).unwrap();
        // 2 filters of 9 weights on 4 × 4 places, and 32 × 10.
        let macs = sums(&graph, |cost| cost.macs);
        assert_eq!(macs, [(Family::Product, 320), (Family::Convolution, 288)]);
        // With biases.
        let parameters = sums(&graph, |cost| cost.parameters);
        assert_eq!(
            parameters,
            [(Family::Product, 330), (Family::Convolution, 20)]
        );
        let map = crate::network::map::NetworkMap::new(&graph);
        let first = map.units.first().unwrap();
        assert_eq!(main_family(&graph, first), Some(Family::Convolution));
    }
}
