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

/// By value, the nodes that read it, in order.
type Uses = BTreeMap<ValueId, Vec<usize>>;

pub(super) fn gather(graph: &Graph) -> NetworkMap {
    let flow = Flow::new(graph);
    let mut segments = Vec::new();
    for segment in flow.segments() {
        if flow.is_wide(&segment) {
            segments.extend(flow.within(&segment));
        } else {
            segments.push(segment);
        }
    }
    let mut units = flow.folded(&segments);
    // What is all one thing is looked at from within.
    let mut is_new = false;
    while units.len() < FEW
        && let Some(at) = units.iter().position(|unit| !unit.parts.is_empty())
    {
        is_new |= !matches!(units[at].kind, UnitKind::Repeat { .. });
        let parts = std::mem::take(&mut units[at].parts);
        units.splice(at..=at, parts);
    }
    if is_new && units.len() > LARGE {
        let folded = flow.repeated(units.clone());
        if folded.len() >= FEW {
            units = folded;
        }
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
        let all = 0..self.graph.nodes().len();
        let live = all.filter(|&number| self.read(self.node(number)).next().is_some());
        let nodes: Vec<usize> = live.collect();
        self.cut(&nodes, &self.uses(&nodes))
    }

    /// Which of some nodes read each value.
    fn uses(&self, nodes: &[usize]) -> Uses {
        let mut uses = Uses::new();
        for &number in nodes {
            for id in self.read(self.node(number)) {
                uses.entry(id).or_default().push(number);
            }
        }
        uses
    }

    /// Nodes in order, parted where only one value is on its way to those that read it.
    fn cut(&self, nodes: &[usize], uses: &Uses) -> Vec<Vec<usize>> {
        let mut segments = Vec::new();
        let mut segment = Vec::new();
        let mut on_way = self.entering(nodes);
        for &number in nodes {
            let outputs = &self.node(number).outputs;
            segment.push(number);
            on_way.extend(outputs.iter().copied());
            on_way.retain(|id| {
                let readers = uses.get(id);
                readers.is_some_and(|readers| readers.last().is_some_and(|last| *last > number))
            });
            let own = outputs.iter().filter(|id| on_way.contains(id)).count();
            if on_way.len() <= 1 && own == on_way.len() {
                segments.push(std::mem::take(&mut segment));
            }
        }
        if !segment.is_empty() {
            segments.push(segment);
        }
        segments
    }

    /// What nodes read that none of them makes.
    fn entering(&self, nodes: &[usize]) -> BTreeSet<ValueId> {
        let outputs = |&node: &usize| self.node(node).outputs.iter().copied();
        let made: BTreeSet<ValueId> = nodes.iter().flat_map(outputs).collect();
        let read = nodes.iter().flat_map(|&node| self.read(self.node(node)));
        read.filter(|id| !made.contains(id)).collect()
    }

    /// The runs of nodes within what is no one thing, as the two arms of a U: cut where only one value is on its
    /// way, but for those that lead farthest around.
    fn within(&self, nodes: &[usize]) -> Vec<Vec<usize>> {
        let single = |nodes: &[usize]| nodes.iter().map(|&node| vec![node]).collect::<Vec<_>>();
        let mut made: HashMap<ValueId, usize> = HashMap::new();
        for &number in nodes {
            for &output in &self.node(number).outputs {
                made.insert(output, number);
            }
        }
        let Some(&first) = nodes.first() else {
            return Vec::new();
        };
        let mut uses = self.uses(nodes);
        loop {
            let far = uses
                .iter_mut()
                .filter(|(_, readers)| readers.len() > 1)
                .max_by_key(|(id, readers)| {
                    let from = made.get(*id).copied().unwrap_or(first);
                    readers.last().map_or(0, |last| last.saturating_sub(from))
                });
            let Some((_, readers)) = far else {
                return single(nodes);
            };
            readers.pop();
            let parts = self.cut(nodes, &uses);
            if parts.len() == 1 {
                continue;
            }
            let part = |part: Vec<usize>| {
                if part.len() == 1 {
                    vec![part]
                } else if self.enlarges(&part) || self.is_wide(&part) {
                    self.within(&part)
                } else if self.entering(&part).len() > 1 {
                    // Where a long way ends.
                    single(&part)
                } else {
                    vec![part]
                }
            };
            return parts.into_iter().flat_map(part).collect();
        }
    }

    /// Whether maps become larger among nodes.
    fn enlarges(&self, nodes: &[usize]) -> bool {
        let maps = nodes.iter().filter(|node| self.makes_maps(**node));
        maps.filter_map(|&node| self.plan(node)).any(|plan| {
            let [_, rows, _] = plan.input_shape().as_chw();
            let [_, more, _] = plan.output_shape().as_chw();
            rows > 1 && more > rows
        })
    }

    /// The units of runs of nodes, with those that belong together as one.
    fn folded(&self, segments: &[Vec<usize>]) -> Vec<Unit> {
        let units = segments.iter().map(|segment| match segment[..] {
            [node] => self.layer(node),
            ref nodes => self.block(nodes),
        });
        let units = self.joined(units.collect());
        let units = self.inverted(units);
        let units = self.squeezed(units);
        self.repeated(units)
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

    /// Whether a node is a layer from maps to maps that may be of another size.
    fn makes_maps(&self, node: usize) -> bool {
        match self.family(node) {
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
        }
    }

    /// Whether nodes are many, and make maps of more than two sizes, or larger ones of smaller ones. A number for each
    /// channel is no map.
    fn is_wide(&self, nodes: &[usize]) -> bool {
        let maps = nodes.iter().filter(|node| self.makes_maps(**node));
        let extents = maps.filter_map(|&node| self.extent(node));
        let extents = extents.filter(|extent| *extent != [1, 1]);
        let sizes = extents.collect::<BTreeSet<_>>().len();
        nodes.len() > LARGE && (sizes > 2 || self.enlarges(nodes))
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
        let kind = self.kind(nodes);
        let parts = match kind {
            // One way round many blocks.
            UnitKind::Residual { .. } if nodes.len() > LARGE => {
                let parts = self.within(nodes);
                let is_block = |part: &&Vec<usize>| {
                    let kind = self.kind(part);
                    part.len() > 1 && matches!(kind, UnitKind::Residual { .. })
                };
                let blocks = parts.iter().filter(is_block).count();
                (blocks > 1).then(|| self.folded(&parts))
            }
            _ => None,
        };
        let parts = parts.unwrap_or_else(|| {
            let single = nodes.iter().map(|&node| self.layer(node)).collect();
            self.joined(single)
        });
        self.unit(kind, nodes.to_vec(), parts)
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
        let entering = joined.iter().any(|id| !own.contains(id));
        let families: Vec<Family> = before
            .iter()
            .filter_map(|&node| self.family(node))
            .collect();
        match self.family(last) {
            Some(Family::Addition) => UnitKind::Residual {
                body: self.body(before),
                projected: !entering,
            },
            Some(Family::Arithmetic)
                if families
                    .iter()
                    .any(|family| matches!(family, Family::Pooling | Family::Reduction)) =>
            {
                UnitKind::Gate
            }
            Some(Family::Joining) if entering => UnitKind::Dense,
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
            // Those of a gate work on a number for each channel.
            .filter(|node| self.extent(**node) != Some([1, 1]))
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
                Some(before)
                    if self.refines(&unit)
                        && (matches!(before.kind, UnitKind::Layer(_))
                            || self.keeps_shape(&unit))
                        && self.reads_alone(&unit, input) =>
                {
                    if let UnitKind::Layer(Family::Normalization | Family::Activation) = unit.kind
                        && self.only_moves(before)
                    {
                        before.kind = unit.kind;
                    }
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

    /// Whether what a unit makes has the shape of what it reads.
    fn keeps_shape(&self, unit: &Unit) -> bool {
        let shape = |id: ValueId| self.graph.value(id).shape;
        match unit.inputs[..] {
            [input] => shape(input).is_some() && shape(input) == shape(unit.output),
            _ => false,
        }
    }

    /// Whether a unit is named together with the one before: a layer that only refines what that has made, or
    /// several that do so together, as an activation that an exporter has taken apart.
    fn refines(&self, unit: &Unit) -> bool {
        let keeps_shape = self.keeps_shape(unit);
        unit.nodes.iter().all(|&node| match self.family(node) {
            Some(Family::Normalization | Family::Activation | Family::Nothing) => true,
            Some(Family::Arrangement) => unit.nodes.len() == 1,
            // By one number, by a number for each channel, or by what is made of each number itself; and channels
            // in another order.
            Some(Family::Arithmetic | Family::Addition | Family::Shuffling) => keeps_shape,
            Some(
                Family::Convolution
                | Family::Pooling
                | Family::Product
                | Family::Lookup
                | Family::Reduction
                | Family::Joining
                | Family::Resampling
                | Family::Sequence,
            )
            | None => false,
        })
    }

    /// Whether a unit does no more than to set all numbers in another order.
    fn only_moves(&self, unit: &Unit) -> bool {
        let keeps_count = |plan: &Plan| plan.input_shape().count() == plan.output_shape().count();
        unit.kind == UnitKind::Layer(Family::Arrangement)
            && self.main_plan(unit).is_some_and(keeps_count)
    }

    /// The main layer of a unit.
    fn main_plan(&self, unit: &Unit) -> Option<&'a Plan> {
        match unit.kind {
            UnitKind::Layer(_) => self.plan(*unit.nodes.get(unit.main(self.graph))?),
            _ => None,
        }
    }

    fn is_pointwise(&self, unit: &Unit) -> bool {
        self.main_plan(unit).is_some_and(|plan| {
            unit.kind == UnitKind::Layer(Family::Convolution)
                && plan
                    .weight_shape()
                    .is_some_and(|shape| shape.as_chw()[1..] == [1, 1])
                && plan.groups() == 1
        })
    }

    /// Branches with the convolution before them that makes the channels few, each as one unit.
    fn squeezed(&self, units: Vec<Unit>) -> Vec<Unit> {
        let squeezes = |before: &Unit, unit: &Unit| {
            let narrows =
                |plan: &Plan| plan.output_shape().channels() < plan.input_shape().channels();
            matches!(unit.kind, UnitKind::Branches(_))
                && unit.inputs == [before.output]
                && self.is_pointwise(before)
                && self.main_plan(before).is_some_and(narrows)
                && self.reads_alone(unit, before.output)
        };
        let mut all: Vec<Unit> = Vec::new();
        for unit in units {
            let is_squeezed = all.last().is_some_and(|before| squeezes(before, &unit));
            match all.pop_if(|_| is_squeezed) {
                Some(before) => {
                    let nodes = before.nodes.iter().chain(&unit.nodes).copied().collect();
                    let mut parts = vec![before];
                    parts.extend(unit.parts);
                    all.push(self.unit(UnitKind::Fire, nodes, parts));
                }
                None => all.push(unit),
            }
        }
        all
    }

    /// Narrow, wide, narrow again, and depthwise separable convolutions, each as one unit.
    fn inverted(&self, units: Vec<Unit>) -> Vec<Unit> {
        let is_pointwise = |unit: &Unit| self.is_pointwise(unit);
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
            let titles: Vec<String> = run.iter().map(|unit| unit.title(self.graph).en).collect();
            // What refines all of them is joined to the last.
            let same = |at: usize, before: usize| {
                if at + 1 == like.len() {
                    like[at].starts_with(&like[before])
                } else {
                    like[at] == like[before]
                }
            };
            // The first often changes the size, and is built a little differently.
            let found = (1..=run.len() / 2).find(|&period| {
                run.len().is_multiple_of(period)
                    && (period..like.len()).all(|at| titles[at] == titles[at - period])
                    && (2 * period..like.len()).all(|at| same(at, at - period))
                    && (period..2 * period).all(|at| {
                        like[at].len() <= like[at - period].len() || same(at, at - period)
                    })
            });
            // A block of a transformer is two blocks; of several, some may shift the windows in which they look.
            let is_transformers = run.len().is_multiple_of(2) && run.chunks(2).all(is_transformer);
            let found = found.or(is_transformers.then_some(2));
            let equal = found.is_some();
            let period = found.unwrap_or(1);
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
            UnitKind::Layer(_) => Some(unit.title(self.graph).en),
            _ => None,
        };
        let is_run = |unit: &Unit| matches!(unit.kind, UnitKind::Repeat { .. });
        unit.inputs == [last.output]
            && !is_run(last)
            && !is_run(unit)
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

/// Whether units are one block of a transformer: attention, and linear layers behind it.
#[must_use]
pub fn is_transformer(units: &[Unit]) -> bool {
    let body = |unit: &Unit| match unit.kind {
        UnitKind::Residual { body, .. } => Some(body),
        _ => None,
    };
    let [first, second] = units else {
        return false;
    };
    [body(first), body(second)] == [Some(Body::Attention), Some(Body::Linear)]
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
