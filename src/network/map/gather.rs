//! From a graph to its units: where only one value is on its way, the network can be cut, and what lies
//! between two cuts is one thing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Body, NetworkMap, Unit, UnitKind};
use crate::network::graph::{Graph, Node, ValueId, ValueSource};
use crate::op::{Cost, Family, Plan};
use crate::tensor::Shape;

/// Nodes between two cuts from which on they are looked at one by one, where sizes change between them
/// more than once: the two arms of a U.
const LARGE: usize = 12;

/// Fewer units than this are opened.
const FEW: usize = 3;

/// What is known of a graph's values.
struct Flow<'a> {
    graph: &'a Graph,
    /// Whether a value depends on an input of the network.
    live: Vec<bool>,
    /// How many nodes that depend on an input read a value.
    readers: Vec<usize>,
    /// Nodes that depend on no input, by the first node that does and reads what they make.
    fixed: HashMap<usize, Vec<usize>>,
}

pub(super) fn gather(graph: &Graph) -> NetworkMap {
    let flow = Flow::new(graph);
    let mut units = Vec::new();
    for segment in flow.segments() {
        match &segment[..] {
            [node] => units.push(flow.layer(*node)),
            nodes if flow.is_wide(nodes) => {
                let single = nodes.iter().map(|&node| flow.layer(node));
                units.extend(flow.joined(single.collect()));
            }
            nodes => units.push(flow.block(nodes)),
        }
    }
    let units = flow.joined(units);
    let units = flow.inverted(units);
    let mut units = flow.repeated(units);
    // What is all one thing is looked at from within.
    while units.len() < FEW
        && let Some(at) = units.iter().position(|unit| !unit.parts.is_empty())
    {
        let parts = std::mem::take(&mut units[at].parts);
        units.splice(at..=at, parts);
    }
    let mut names = BTreeMap::new();
    name_apart(&mut units, &mut names);
    NetworkMap {
        inputs: graph.inputs().to_vec(),
        units,
    }
}

impl<'a> Flow<'a> {
    fn new(graph: &'a Graph) -> Self {
        let count = graph.values().count();
        let mut flow = Self {
            graph,
            live: vec![false; count],
            readers: vec![0; count],
            fixed: HashMap::new(),
        };
        for (id, value) in graph.values() {
            flow.live[id.0] = matches!(value.source, ValueSource::Input);
        }
        // What computes a value that no input changes.
        let mut makers: HashMap<ValueId, Vec<usize>> = HashMap::new();
        for (number, node) in graph.nodes().iter().enumerate() {
            let read: Vec<ValueId> = flow.read(node).collect();
            let operands = node.operands.iter().map(|(_, id)| *id);
            let made = node.inputs.iter().copied().chain(operands);
            let mut before: Vec<usize> = Vec::new();
            for id in made {
                before.extend(makers.remove(&id).into_iter().flatten());
            }
            if read.is_empty() {
                before.push(number);
                if let Some(&output) = node.outputs.first() {
                    makers.insert(output, before);
                }
                continue;
            }
            if !before.is_empty() {
                flow.fixed.insert(number, before);
            }
            for id in read {
                flow.readers[id.0] += 1;
            }
            for output in &node.outputs {
                flow.live[output.0] = true;
            }
        }
        flow
    }

    /// What a node reads that depends on an input.
    fn read(&self, node: &'a Node) -> impl Iterator<Item = ValueId> {
        let operands = node.operands.iter().map(|(_, id)| *id);
        let all = node.inputs.iter().copied().chain(operands);
        all.filter(|id| self.live[id.0])
    }

    /// Each run of nodes between two places where only one value is on its way.
    fn segments(&self) -> Vec<Vec<usize>> {
        let nodes = self.graph.nodes();
        let mut last_use = HashMap::new();
        for (number, node) in nodes.iter().enumerate() {
            for id in self.read(node) {
                last_use.insert(id, number);
            }
        }
        let mut segments = Vec::new();
        let mut segment = Vec::new();
        let mut on_way: BTreeSet<ValueId> = self.graph.inputs().iter().copied().collect();
        for (number, node) in nodes.iter().enumerate() {
            if self.read(node).next().is_none() {
                continue;
            }
            segment.push(number);
            on_way.extend(node.outputs.iter().copied());
            on_way.retain(|id| last_use.get(id).is_some_and(|last| *last > number));
            let own = node.outputs.iter().filter(|id| on_way.contains(id)).count();
            if on_way.len() <= 1 && own == on_way.len() {
                segments.push(std::mem::take(&mut segment));
            }
        }
        if !segment.is_empty() {
            segments.push(segment);
        }
        segments
    }

    fn node(&self, number: usize) -> &'a Node {
        &self.graph.nodes()[number]
    }

    fn plan(&self, number: usize) -> Option<&'a Plan> {
        self.node(number).plan()
    }

    fn family(&self, number: usize) -> Option<Family> {
        let plan = self.plan(number)?;
        Some(plan.layer().kind().description().family)
    }

    /// Rows and columns of what a node gives.
    fn extent(&self, number: usize) -> Option<[usize; 2]> {
        let [_, rows, columns] = self.plan(number)?.output_shape().as_chw();
        Some([rows, columns])
    }

    /// Whether nodes are many, and make maps of more than two sizes.
    fn is_wide(&self, nodes: &[usize]) -> bool {
        let maps = nodes.iter().filter(|node| match self.family(**node) {
            Some(
                Family::Convolution | Family::Pooling | Family::Resampling | Family::Shuffling,
            ) => true,
            Some(
                Family::Normalization
                | Family::Activation
                | Family::Product
                | Family::Lookup
                | Family::Addition
                | Family::Arithmetic
                | Family::Reduction
                | Family::Joining
                | Family::Arrangement
                | Family::Nothing
                | Family::Sequence,
            )
            | None => false,
        });
        let extents = maps.filter_map(|&node| self.extent(node));
        nodes.len() > LARGE && extents.collect::<BTreeSet<_>>().len() > 2
    }

    /// A unit of nodes in order.
    fn unit(&self, kind: UnitKind, nodes: Vec<usize>, parts: Vec<Unit>) -> Unit {
        let own: BTreeSet<ValueId> = nodes
            .iter()
            .flat_map(|&node| self.node(node).outputs.iter().copied())
            .collect();
        let mut inputs = Vec::new();
        for &node in &nodes {
            for id in self.read(self.node(node)) {
                if !own.contains(&id) && !inputs.contains(&id) {
                    inputs.push(id);
                }
            }
        }
        let last = nodes
            .last()
            .and_then(|&node| self.node(node).outputs.first());
        let fixed = nodes.iter().filter_map(|node| self.fixed.get(node));
        let fixed: Vec<usize> = fixed.flatten().copied().collect();
        let costs = nodes
            .iter()
            .chain(&fixed)
            .map(|&node| self.graph.node_cost(self.node(node)));
        Unit {
            name: self.name(&nodes),
            kind,
            inputs,
            output: last.copied().unwrap_or(ValueId(0)),
            cost: costs.fold(Cost::default(), |sum, cost| sum + cost),
            nodes,
            fixed,
            parts,
        }
    }

    /// What the names of nodes, and of no others, have in common up to a separator: `layer1.0`; else the
    /// names of the first and the last.
    fn name(&self, nodes: &[usize]) -> String {
        let name = |number: usize| self.node(number).name.as_str();
        let (Some(&first), Some(&last)) = (nodes.first(), nodes.last()) else {
            return String::new();
        };
        let (first, last) = (name(first), name(last));
        if nodes.len() == 1 {
            return first.to_owned();
        }
        let common = nodes.iter().fold(first.len(), |length, &node| {
            let same = first.bytes().zip(name(node).bytes());
            length.min(same.take_while(|(a, b)| a == b).count())
        });
        let prefix = first.get(..common).unwrap_or_default();
        let prefix = prefix.rfind(['.', '/']).map_or("", |end| &prefix[..=end]);
        let all = 0..self.graph.nodes().len();
        let of_others = all
            .filter(|node| !nodes.contains(node))
            .any(|node| name(node).starts_with(prefix));
        if of_others {
            format!("{first} … {last}")
        } else {
            prefix.trim_matches(['.', '/']).to_owned()
        }
    }

    fn layer(&self, node: usize) -> Unit {
        let family = self.family(node).unwrap_or(Family::Sequence);
        self.unit(UnitKind::Layer(family), vec![node], Vec::new())
    }

    /// The nodes between two cuts, as one unit.
    fn block(&self, nodes: &[usize]) -> Unit {
        let single = nodes.iter().map(|&node| self.layer(node)).collect();
        let parts = self.joined(single);
        self.unit(self.kind(nodes), nodes.to_vec(), parts)
    }

    /// What nodes between two cuts are.
    fn kind(&self, nodes: &[usize]) -> UnitKind {
        let Some((&last, before)) = nodes.split_last() else {
            return UnitKind::Block;
        };
        let own: BTreeSet<ValueId> = before
            .iter()
            .flat_map(|&node| self.node(node).outputs.iter().copied())
            .collect();
        let joined: Vec<ValueId> = self.read(self.node(last)).collect();
        let from_outside = joined.iter().any(|id| !own.contains(id));
        let families: Vec<Family> = before
            .iter()
            .filter_map(|&node| self.family(node))
            .collect();
        match self.family(last) {
            Some(Family::Addition) => UnitKind::Residual {
                body: self.body(before),
                projected: !from_outside,
            },
            Some(Family::Arithmetic)
                if families
                    .iter()
                    .any(|family| matches!(family, Family::Pooling | Family::Reduction)) =>
            {
                UnitKind::Gate
            }
            Some(Family::Joining) if from_outside => UnitKind::Dense,
            Some(Family::Joining)
                if before
                    .iter()
                    .any(|&node| self.family(node) == Some(Family::Joining)) =>
            {
                UnitKind::Dense
            }
            Some(Family::Joining) => UnitKind::Branches(joined.len()),
            _ => UnitKind::Block,
        }
    }

    /// What a residual block does before the sum.
    fn body(&self, nodes: &[usize]) -> Body {
        let meets = |node: &usize| {
            self.family(*node) == Some(Family::Product) && self.read(self.node(*node)).count() > 1
        };
        if nodes.iter().any(meets) {
            return Body::Attention;
        }
        let convolutions: Vec<&Plan> = nodes
            .iter()
            .filter(|node| self.family(**node) == Some(Family::Convolution))
            .filter_map(|&node| self.plan(node))
            .collect();
        if convolutions.is_empty() {
            return Body::Linear;
        }
        let Some(input) = convolutions
            .first()
            .map(|plan| plan.input_shape().channels())
        else {
            return Body::Plain;
        };
        let widths = || {
            convolutions
                .iter()
                .map(|plan| plan.output_shape().channels())
        };
        let depthwise = convolutions.iter().any(|plan| is_depthwise(plan));
        if depthwise && widths().any(|width| width > input) {
            Body::Inverted
        } else if convolutions.len() > 2
            && widths()
                .next_back()
                .is_some_and(|last| widths().any(|width| width < last))
        {
            Body::Bottleneck
        } else {
            Body::Plain
        }
    }

    /// Layers that only refine what the one before has made, joined to it.
    fn joined(&self, units: Vec<Unit>) -> Vec<Unit> {
        let mut all: Vec<Unit> = Vec::new();
        for unit in units {
            let [input] = unit.inputs[..] else {
                all.push(unit);
                continue;
            };
            let before = all.iter_mut().find(|before| before.output == input);
            match before {
                Some(before) if self.refines(&unit) && self.reads_alone(&unit, input) => {
                    before.nodes.extend(unit.nodes.iter().copied());
                    before.fixed.extend(unit.fixed.iter().copied());
                    before.output = unit.output;
                    before.cost = before.cost + unit.cost;
                    if !before.parts.is_empty() {
                        let parts = std::mem::take(&mut before.parts).into_iter();
                        before.parts = self.joined(parts.chain([unit]).collect());
                    }
                }
                _ => all.push(unit),
            }
        }
        all
    }

    /// Whether a unit is all that reads a value.
    fn reads_alone(&self, unit: &Unit, value: ValueId) -> bool {
        let own = unit
            .nodes
            .iter()
            .flat_map(|&node| self.read(self.node(node)));
        own.filter(|id| *id == value).count() == self.readers[value.0]
    }

    /// Whether a unit is named together with the one before: a layer that only refines what that has made, or
    /// several that do so together, as an activation that an exporter has taken apart.
    fn refines(&self, unit: &Unit) -> bool {
        let shape = |id: ValueId| self.graph.value(id).shape;
        let keeps_shape = match unit.inputs[..] {
            [input] => shape(input).is_some() && shape(input) == shape(unit.output),
            _ => false,
        };
        unit.nodes.iter().all(|&node| match self.family(node) {
            Some(Family::Normalization | Family::Activation | Family::Nothing) => true,
            Some(Family::Arrangement) => unit.nodes.len() == 1,
            // By one number, by a number for each channel, or by what is made of each number itself.
            Some(Family::Arithmetic | Family::Addition) => keeps_shape,
            Some(
                Family::Convolution
                | Family::Pooling
                | Family::Product
                | Family::Lookup
                | Family::Reduction
                | Family::Joining
                | Family::Shuffling
                | Family::Resampling
                | Family::Sequence,
            )
            | None => false,
        })
    }

    /// The main layer of a unit.
    fn main_plan(&self, unit: &Unit) -> Option<&'a Plan> {
        match unit.kind {
            UnitKind::Layer(_) => self.plan(*unit.nodes.first()?),
            _ => None,
        }
    }

    /// Narrow, wide, narrow again, and depthwise separable convolutions, each as one unit.
    fn inverted(&self, units: Vec<Unit>) -> Vec<Unit> {
        let is_pointwise = |unit: &Unit| {
            self.main_plan(unit).is_some_and(|plan| {
                unit.kind == UnitKind::Layer(Family::Convolution)
                    && plan
                        .weight_shape()
                        .is_some_and(|shape| shape.as_chw()[1..] == [1, 1])
                    && plan.groups() == 1
            })
        };
        let is_depthwise = |unit: &Unit| {
            unit.kind == UnitKind::Layer(Family::Convolution)
                && self.main_plan(unit).is_some_and(is_depthwise)
        };
        let mut all: Vec<Unit> = Vec::new();
        for unit in units {
            let ends = is_pointwise(&unit);
            let gated = usize::from(all.last().is_some_and(|last| last.kind == UnitKind::Gate));
            let at = all.len().checked_sub(1 + gated);
            let alone = |from: usize| {
                let outputs = all[from..].iter().map(|part| part.output);
                outputs
                    .zip(all[from + 1..].iter().chain([&unit]))
                    .all(|(output, next)| next.inputs == [output] && self.reads_alone(next, output))
            };
            let Some(at) = at.filter(|at| ends && is_depthwise(&all[*at]) && alone(*at)) else {
                all.push(unit);
                continue;
            };
            let wide = at.checked_sub(1).filter(|before| {
                let widens =
                    |plan: &Plan| plan.output_shape().channels() > plan.input_shape().channels();
                alone(*before)
                    && is_pointwise(&all[*before])
                    && self.main_plan(&all[*before]).is_some_and(widens)
            });
            let (from, kind) = match wide {
                Some(from) => (from, UnitKind::Inverted),
                None => (at, UnitKind::Separable),
            };
            let mut parts = all.split_off(from);
            parts.push(unit);
            let nodes = parts
                .iter()
                .flat_map(|part| part.nodes.iter().copied())
                .collect();
            all.push(self.unit(kind, nodes, parts));
        }
        all
    }

    /// Units that follow each other and keep a shape, as one.
    fn repeated(&self, units: Vec<Unit>) -> Vec<Unit> {
        let mut runs: Vec<Vec<Unit>> = Vec::new();
        for unit in units {
            match runs.last_mut() {
                Some(run) if self.continues(run, &unit) => run.push(unit),
                _ => runs.push(vec![unit]),
            }
        }
        let one = |mut run: Vec<Unit>| {
            if run.len() == 1 {
                return run.remove(0);
            }
            let like: Vec<Vec<Option<&str>>> =
                run.iter().map(|unit| self.signature(unit)).collect();
            // The first often changes the size, and is built a little differently.
            let period = (1..=run.len() / 2).find(|period| {
                run.len().is_multiple_of(*period)
                    && (2 * period..like.len()).all(|at| like[at] == like[at - period])
                    && (*period..2 * period).all(|at| like[at].len() <= like[at - period].len())
            });
            let equal = period.is_some();
            let period = period.unwrap_or(1);
            let kind = UnitKind::Repeat {
                times: run.len() / period,
                period,
                equal,
            };
            let nodes = run
                .iter()
                .flat_map(|part| part.nodes.iter().copied())
                .collect();
            self.unit(kind, nodes, run)
        };
        runs.into_iter().map(one).collect()
    }

    /// Whether a unit goes on from a run, as something of the same sort with an output of the same shape.
    fn continues(&self, run: &[Unit], unit: &Unit) -> bool {
        let Some(last) = run.last() else {
            return false;
        };
        let shape = |unit: &Unit| {
            let shape = self.graph.value(unit.output).shape;
            // Of what grows by channels, only rows and columns stay.
            match unit.kind {
                UnitKind::Dense => shape.and_then(|shape| Shape::new(&shape.as_chw()[1..]).ok()),
                _ => shape,
            }
        };
        let sort = |unit: &Unit| match unit.kind {
            UnitKind::Layer(family) => Some(family),
            _ => None,
        };
        unit.inputs == [last.output]
            && shape(last).is_some()
            && shape(last) == shape(unit)
            && sort(last) == sort(unit)
            && (last.kind == UnitKind::Dense) == (unit.kind == UnitKind::Dense)
            && self.reads_alone(unit, last.output)
    }

    /// What the layers of a unit are called, in order.
    fn signature(&self, unit: &Unit) -> Vec<Option<&'a str>> {
        let name = |&node: &usize| self.plan(node).map(|plan| plan.layer().name());
        unit.nodes.iter().map(name).collect()
    }
}

/// Whether each channel has filters of its own.
fn is_depthwise(plan: &Plan) -> bool {
    let channels = plan.input_shape().channels();
    channels > 1 && plan.groups() == channels
}

/// Gives units of the same name numbers: `layer1`, `layer1 (2)`.
fn name_apart(units: &mut [Unit], names: &mut BTreeMap<String, usize>) {
    for unit in units {
        let count = names.entry(unit.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            unit.name = format!("{} ({count})", unit.name);
        }
        name_apart(&mut unit.parts, names);
    }
}
