//! A printed model as a graph: what follows on by itself is opened, and where something must happen that the
//! print does not tell, a node stands that says so.

use super::{BESIDE, Made, Part, SAME_SHAPE, SUMS, left_open, wanted};
use crate::language::{Localized, Message};
use crate::network::notation::NotationError;
use crate::network::python::interpreter::Interpreter;
use crate::network::python::modules;
use crate::network::python::value::MadeLayer;
use crate::network::{Graph, GraphBuilder, Origin, ValueId};
use crate::says;
use crate::tensor::Shape;

/// Labels of parts that make something of numbers of their own: a bias of positions.
const ASIDE: &[&str] = &["cpb_mlp"];

/// Labels of what gives a network's answer.
const HEADS: &[&str] = &["head", "heads", "fc", "classifier", "mlp_head"];

/// The graph of the parts of a print for an input of a shape without a batch axis, as far as the print tells it.
pub(super) fn opened(
    interpreter: &mut Interpreter,
    parts: &[(String, Part)],
    input: &Shape,
) -> Result<Graph, NotationError> {
    let mut axes = vec![1];
    axes.extend_from_slice(input.axes());
    let whole = Shape::new(&axes).unwrap_or(*input);
    let mut builder = GraphBuilder::new();
    let start = builder.input("input", whole, true);
    let mut opening = Opening {
        interpreter,
        builder,
        told: Told::default(),
    };
    let mut now = Flow::of(start);
    let several = parts.len() > 1;
    for (label, part) in parts {
        let path = if several { label.as_str() } else { "" };
        now = opening.open(part, path, now)?;
    }
    let end = opening.settled(now, None);
    for note in opening.told.notes(input) {
        opening.builder.note(note);
    }
    Ok(opening.builder.finish(&[end]))
}

/// The sentence on what a print is not, with the line that exports the model.
fn not_the_forward(input: &Shape) -> Localized<String> {
    let axes: Vec<String> = input.axes().iter().map(usize::to_string).collect();
    let axes = axes.join(", ");
    says!(
        en: "a printed model lists its modules in the order in which they are declared, not what forward does with them: \
             the order, sums, joins, parameters that are no module's, and modules that are used twice or not at all \
             are left out. For the whole: \
             torch.onnx.export(model, torch.randn(1, {axes}), \"model.onnx\")",
        ja: "表示されたモデルにあるのは宣言した順のモジュールだけで、forward の中身ではありません (順序、足し算、連結、\
             モジュールに属さないパラメータ、2 回使うものや使わないものは分かりません)。全体を開くには: \
             torch.onnx.export(model, torch.randn(1, {axes}), \"model.onnx\")"
    )
}

/// What is to be said of a print.
#[derive(Default)]
struct Told {
    own: bool,
    notes: Vec<Localized<String>>,
    /// Where the number of channels changes between modules: the first place, and how many there are.
    changed: Option<(Localized<String>, usize)>,
    /// Modules that do not fit behind what is not told: why the first does not, and how many there are.
    unfit: Option<(Localized<String>, usize)>,
    /// Whether a picture has become a row of tokens.
    tokens: bool,
}

impl Told {
    fn note(&mut self, note: Localized<String>) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn notes(&self, input: &Shape) -> Vec<Localized<String>> {
        let mut notes = Vec::new();
        if self.own {
            notes.push(not_the_forward(input));
        }
        if let Some((first, count)) = &self.changed {
            let (first, count) = (first.clone(), *count);
            notes.push(says!(
                with [first];
                en: "the number of channels changes between modules at {count} places, the first {first}: forward does that",
                ja: "モジュールの間でチャネル数が変わる箇所が {count} か所あります (最初は{first})。forward の中の処理です。"
            ));
        }
        notes.extend(self.notes.iter().cloned());
        if let Some((why, count)) = &self.unfit {
            let (why, count) = (why.clone(), *count);
            notes.push(says!(
                with [why];
                en: "{count} modules do not fit where the print has them, so their shapes are open; the first: {why}",
                ja: "表示の順では合わないモジュールが {count} 個あり、その形状は分かりません。最初のもの: {why}"
            ));
        }
        notes
    }
}

/// Where the tensor is on its way.
#[derive(Clone)]
struct Flow {
    at: ValueId,
    /// The last shape that was known.
    shape: Option<Shape>,
    /// Ends of branches that come together with it in a way that is not told, and where.
    open: Option<(Vec<ValueId>, String, String)>,
    /// Whether channels come last.
    channels_last: bool,
}

impl Flow {
    fn of(at: ValueId) -> Self {
        Self {
            at,
            shape: None,
            open: None,
            channels_last: false,
        }
    }
}

struct Opening<'a, 'b> {
    interpreter: &'a mut Interpreter<'b>,
    builder: GraphBuilder,
    told: Told,
}

impl Opening<'_, '_> {
    fn shape(&self, flow: &Flow) -> Option<Shape> {
        self.builder.shape(flow.at).copied().or(flow.shape)
    }

    fn not_told(
        &mut self,
        path: &str,
        class: &str,
        inputs: &[ValueId],
        shape: Option<Shape>,
    ) -> ValueId {
        let why = says!(
            en: "what happens here is in forward, which a print does not tell",
            ja: "ここで何が起きるかは forward に書かれていて、表示からは分かりません。"
        );
        let name = if path.is_empty() {
            class.to_owned()
        } else {
            path.to_owned()
        };
        let outputs = [(format!("{name} (forward)"), shape)];
        let made = self
            .builder
            .unknown(&name, inputs, &outputs, Origin::of(class), why);
        self.told.own = true;
        made[0]
    }

    /// The tensor where branches have come together; `channels` where what follows says how many.
    fn settled(&mut self, flow: Flow, channels: Option<usize>) -> ValueId {
        let Some((ends, path, class)) = &flow.open else {
            return flow.at;
        };
        let shapes: Vec<Option<Shape>> = ends
            .iter()
            .map(|&id| self.builder.shape(id).copied())
            .collect();
        let spatial = shapes.iter().flatten().next_back().copied();
        let sum = channels.or_else(|| {
            let all: Option<Vec<usize>> = shapes
                .iter()
                .map(|shape| shape.as_ref()?.axes().get(1).copied())
                .collect();
            all.map(|all| all.iter().sum())
        });
        let shape = match (spatial, sum) {
            (Some(shape), Some(channels)) => {
                let mut axes = shape.axes().to_vec();
                if let Some(own) = axes.get_mut(1) {
                    *own = channels;
                }
                Shape::new(&axes).ok()
            }
            _ => None,
        };
        let (path, class, ends) = (path.clone(), class.clone(), ends.clone());
        self.not_told(&path, &class, &ends, shape)
    }

    fn open(&mut self, part: &Part, path: &str, flow: Flow) -> Result<Flow, NotationError> {
        match &part.made {
            Made::Layer(layer) => self.layer(part, layer, path, flow),
            Made::Sequence(children) => {
                let mut now = flow;
                for (label, child) in children {
                    now = self.open(child, &joined(path, label), now)?;
                }
                Ok(now)
            }
            Made::Own(children) => self.own(part, children, path, flow),
            Made::Attention(length, bias) => self.attention(path, (*length, *bias), part, flow),
            Made::Unknown => {
                if part.class.starts_with("Identity") {
                    return Ok(flow);
                }
                let at = self.settled(flow.clone(), None);
                let shape = self.builder.shape(at).copied().or(flow.shape);
                let turned = if part.class == "Permute" {
                    shape.and_then(|shape| match *shape.axes() {
                        [n, c, h, w] if !flow.channels_last => Shape::new(&[n, h, w, c]).ok(),
                        [n, h, w, c] => Shape::new(&[n, c, h, w]).ok(),
                        _ => None,
                    })
                } else if part.class == "LayerNorm2d" {
                    shape
                } else {
                    None
                };
                let channels_last = flow.channels_last != (part.class == "Permute");
                let at = self.not_told(path, &part.class, &[at], turned);
                Ok(Flow {
                    shape: turned.or(shape),
                    channels_last,
                    ..Flow::of(at)
                })
            }
        }
    }

    /// A class whose `forward` is not told: what fits the main path follows on, what takes the block's
    /// input is a branch.
    fn own(
        &mut self,
        part: &Part,
        children: &[(String, Part)],
        path: &str,
        flow: Flow,
    ) -> Result<Flow, NotationError> {
        self.told.own = true;
        let wanted = first_channels(&part.made);
        let start = self.settled(flow.clone(), wanted);
        let shape = self.builder.shape(start).copied().or(flow.shape);
        let input = Flow {
            shape,
            channels_last: flow.channels_last,
            ..Flow::of(start)
        };
        let channels = |shape: Option<Shape>| shape.and_then(|shape| shape.axes().get(1).copied());
        let mut main = input.clone();
        let mut children: Vec<&(String, Part)> = children.iter().collect();
        let merged = match shape.as_ref().map(Shape::axes) {
            Some(&[batch, rows, columns, channels]) if part.class.starts_with("PatchMerging") => {
                Shape::new(&[batch, rows.div_ceil(2), columns.div_ceil(2), 4 * channels]).ok()
            }
            _ => None,
        };
        if let Some(merged) = merged {
            // Four neighbours side by side; what takes them comes first.
            let at = self.not_told(&joined(path, "input"), "forward", &[start], Some(merged));
            main = Flow {
                shape: Some(merged),
                channels_last: true,
                ..Flow::of(at)
            };
            let four = merged.width();
            children.sort_by_key(|(_, child)| match &child.made {
                Made::Layer(layer) => self::wanted(layer) != Some(four),
                Made::Sequence(_) | Made::Own(_) | Made::Attention(..) | Made::Unknown => true,
            });
            children.sort_by_key(|(_, child)| match &child.made {
                Made::Layer(layer) => normalized(layer) != Some(four),
                Made::Sequence(_) | Made::Own(_) | Made::Attention(..) | Made::Unknown => true,
            });
        }
        // What the parts of the block gave, for branches that begin at one of them.
        let mut history = vec![input.clone()];
        let mut ends: Vec<ValueId> = Vec::new();
        let mut beside = false;
        let list = matches!(part.class.as_str(), "ModuleList" | "ModuleDict");
        for (label, child) in children {
            let inner = joined(path, label);
            if label.to_lowercase().starts_with("aux") {
                let at = self.settled(main.clone(), None);
                self.not_told(&inner, &child.class, &[at], None);
                let name = inner.clone();
                self.told.note(says!(
                    en: "{name} is taken for a head that only training uses",
                    ja: "{name} は学習時だけ使う枝とみなします。"
                ));
                continue;
            }
            if ASIDE.contains(&label.as_str()) {
                // It runs on numbers of its own, not on what goes through the network.
                let length = first_channels(&child.made).unwrap_or(1);
                let own = Shape::new(&[1, length]).ok();
                let at = self.not_told(&joined(&inner, "input"), "forward", &[start], own);
                let flow = Flow {
                    shape: own,
                    ..Flow::of(at)
                };
                let end = self.open(child, &inner, flow)?;
                ends.push(self.settled(end, None));
                continue;
            }
            // What an attention gives goes through its `proj`; elsewhere that is a branch.
            let is_last = label == "proj" && part.class.contains("Attention");
            if BESIDE.contains(&label.as_str()) && !is_last {
                let end = self.open(child, &inner, input.clone())?;
                ends.push(self.settled(end, None));
                beside = true;
                continue;
            }
            let wanted = first_channels(&child.made);
            let here = channels(self.shape(&main));
            // Of tokens, and where channels come last, what is read is the last axis.
            let fits = self.shape(&main).is_some_and(|shape| {
                let last = shape.axes().last().copied();
                (main.channels_last || shape.rank() == 3) && last == wanted
            });
            if main.open.is_none()
                && !list
                && !fits
                && main.at != input.at
                && wanted.is_some()
                && wanted != here
            {
                let mut earlier = history.iter().rev();
                let fork = earlier
                    .find(|flow| channels(self.shape(flow)) == wanted)
                    .cloned();
                if let Some(fork) = fork {
                    ends.push(self.settled(main, None));
                    main = fork;
                }
            }
            main = self.open(child, &inner, main)?;
            if main.open.is_none() {
                history.push(main.clone());
            }
        }
        if SAME_SHAPE.contains(&part.class.as_str()) {
            let end = self.settled(main, None);
            let at = self.not_told(path, &part.class, &[start, end], shape);
            return Ok(Flow {
                shape,
                channels_last: flow.channels_last,
                ..Flow::of(at)
            });
        }
        let main_end = self.settled(main.clone(), None);
        let main_shape = self.builder.shape(main_end).copied().or(main.shape);
        let sum = SUMS.contains(&part.class.as_str());
        if beside || sum && ends.is_empty() {
            let mut all = vec![start, main_end];
            all.extend(ends);
            let at = self.not_told(path, &part.class, &all, main_shape);
            return Ok(Flow {
                shape: main_shape,
                ..Flow::of(at)
            });
        }
        if ends.is_empty() {
            return Ok(Flow {
                at: main_end,
                shape: main_shape,
                open: None,
                channels_last: main.channels_last,
            });
        }
        ends.push(main_end);
        let class = part.class.clone();
        Ok(Flow {
            at: main_end,
            shape: main_shape,
            open: Some((ends, path.to_owned(), class)),
            channels_last: false,
        })
    }

    /// An attention: its projections, and between them what the number of heads decides.
    fn attention(
        &mut self,
        path: &str,
        (length, bias): (usize, bool),
        part: &Part,
        flow: Flow,
    ) -> Result<Flow, NotationError> {
        let at = self.settled(flow.clone(), None);
        let shape = self.builder.shape(at).copied().or(flow.shape);
        let line = self.interpreter.line_of(0, &part.span);
        let origin = |operator: &str| Origin {
            operator: operator.to_owned(),
            line,
            note: None,
            differences: Vec::new(),
        };
        self.told.note(says!(
            en: "a printed MultiheadAttention does not say how many heads it has, so its numbers are not computed",
            ja: "MultiheadAttention の表示にはヘッドの数が出ないため、値は計算しません。"
        ));
        let refused = |error: crate::network::GraphError| {
            NotationError::new(&part.class, 0..0, error.message())
        };
        let fits = shape.is_some_and(|shape| shape.axes().last() == Some(&length));
        if !fits || self.builder.shape(at).is_none() {
            let at = self.not_told(path, &part.class, &[at], shape);
            return Ok(Flow {
                shape,
                ..Flow::of(at)
            });
        }
        let mut operands = Vec::new();
        let mut weights =
            |name: &'static str, whole: String, axes: &[usize], opening: &mut Self| {
                if let Ok(shape) = Shape::new(axes) {
                    let fill = crate::tensor::Fill::Random { seed: 1 };
                    let id = opening.builder.parameter(whole, shape, fill, true);
                    operands.push((name, id));
                }
            };
        weights(
            "weight",
            joined(path, "in_proj_weight"),
            &[3 * length, length],
            self,
        );
        if bias {
            weights("bias", joined(path, "in_proj_bias"), &[3 * length], self);
        }
        let linear = |out: usize| crate::op::Linear {
            in_features: Some(length),
            bias,
            ..crate::op::Linear::new(out)
        };
        let name = joined(path, "in_proj");
        let three = self
            .builder
            .node(
                name,
                linear(3 * length),
                &[at],
                &operands,
                origin("nn.MultiheadAttention"),
            )
            .map_err(refused)?;
        let name = joined(path, "heads");
        let joined_heads = self.not_told(&name, "MultiheadAttention", &[three], shape);
        let out = joined(path, "out_proj");
        let end = self
            .builder
            .module(&out, linear(length), &[joined_heads], origin("nn.Linear"))
            .map_err(refused)?;
        Ok(Flow {
            shape: self.builder.shape(end).copied(),
            ..Flow::of(end)
        })
    }

    fn layer(
        &mut self,
        part: &Part,
        layer: &MadeLayer,
        path: &str,
        flow: Flow,
    ) -> Result<Flow, NotationError> {
        let wanted = wanted(layer);
        let at = self.settled(flow.clone(), wanted);
        let shape = self.builder.shape(at).copied().or(flow.shape);
        let axes = shape.map(|shape| shape.axes().to_vec());
        let name = part.class.clone();
        let stuck = |opening: &mut Self, at: ValueId, shape: Option<Shape>| Flow {
            shape,
            channels_last: flow.channels_last,
            ..Flow::of(opening.not_told(path, &name, &[at], None))
        };
        if layer.form.is_none() {
            let name = layer.name.clone();
            self.told.note(modules::not_shown(&name));
            return Ok(stuck(self, at, shape));
        }
        let made = match self
            .interpreter
            .layer_of(layer, &part.span, axes.as_deref())
        {
            Ok(made) => made,
            Err(fault) => return Err(self.interpreter.told(&fault)),
        };
        if let Some(note) = left_open(&made) {
            self.told.note(note);
        }
        let line = self.interpreter.line_of(0, &part.span);
        let origin = || Origin {
            operator: format!("nn.{name}"),
            line,
            ..Origin::default()
        };
        let mut at = at;
        let length = normalized(layer);
        if let (Some(&[batch, channels, rows, columns]), Some(length)) = (axes.as_deref(), length)
            && channels == length
            && columns != length
        {
            // A picture of which each place is a token.
            let count = rows * columns;
            self.told.note(says!(
                en: "before {path} the {rows} × {columns} places are taken for {count} tokens; those that forward adds, such as a class token, are not printed",
                ja: "{path} の前で {rows} × {columns} の各位置を {count} 個のトークンとみなします。クラストークンなど forward が加えるものは表示に出ません。"
            ));
            self.told.tokens = true;
            let inner = joined(path, "input");
            at = self.not_told(
                &inner,
                "forward",
                &[at],
                Shape::new(&[batch, count, length]).ok(),
            );
        }
        let linear = layer.form.is_some_and(|form| form.name == "Linear");
        let top = path.split('.').next().unwrap_or(path);
        let is_head = HEADS.contains(&top);
        if let (true, true, true, Some(&[batch, _, _]), Some(wanted)) =
            (linear, is_head, self.told.tokens, axes.as_deref(), wanted)
        {
            let before = joined(path, "input");
            at = self.not_told(&before, "forward", &[at], Shape::new(&[batch, wanted]).ok());
        } else if let (true, Some(axes), Some(wanted)) = (linear, &axes, wanted)
            && axes.last() != Some(&wanted)
            && (flow.channels_last || axes.len() == 3)
            && axes.iter().skip(1).product::<usize>() != wanted
        {
            // Something between that keeps the places: an attention behind its projection, say.
            let mut axes = axes.clone();
            if let Some(last) = axes.last_mut() {
                *last = wanted;
            }
            let before = joined(path, "input");
            at = self.not_told(&before, "forward", &[at], Shape::new(&axes).ok());
        } else if let (true, Some(axes), Some(wanted)) = (linear, &axes, wanted)
            && axes.len() > 2
            && axes.last() != Some(&wanted)
        {
            let count: usize = axes[1..].iter().product();
            let flat = Shape::new(&[1, wanted]).ok();
            let flatten = modules::form("Flatten");
            let made = flatten.and_then(|form| (form.make)(&Default::default()).ok());
            let before = joined(path, "flatten");
            at = match (count == wanted, made) {
                (true, Some(made)) => {
                    self.told.note(says!(
                        en: "before {path} all numbers are put into one row: the shapes leave no other way",
                        ja: "{path} の前では、形状から見て全要素が一列に並べられます。"
                    ));
                    let node = self
                        .builder
                        .node(before, made, &[at], &[], Origin::of("flatten"));
                    node.map_err(|error| NotationError::new("", 0..0, error.message()))?
                }
                _ => self.not_told(&before, "forward", &[at], flat),
            };
        } else if let (Some(axes), Some(wanted), false) = (&axes, wanted, linear)
            && axes.get(1).is_some_and(|own| *own != wanted)
            && axes.len() > 2
        {
            let mut axes = axes.clone();
            let before = axes[1];
            axes[1] = wanted;
            let place = says!(
                en: "before {path}, from {before} to {wanted}",
                ja: "{path} の前で {before} から {wanted}"
            );
            self.told.changed.get_or_insert((place, 0)).1 += 1;
            let inner = joined(path, "input");
            at = self.not_told(&inner, "forward", &[at], Shape::new(&axes).ok());
        }
        let mut parts = made.flattened();
        if parts.len() < 2 {
            parts = vec![made];
        }
        for made in parts {
            match self.builder.module(path, made, &[at], origin()) {
                Ok(output) => at = output,
                Err(error) => {
                    let known = self.builder.shape(at).is_some();
                    if known && self.told.notes.is_empty() && !self.told.own {
                        let fault = self.interpreter.graph_fault(error, path, &[], &part.span);
                        return Err(self.interpreter.told(&fault));
                    }
                    if known {
                        let first = || (error.message(), 0);
                        self.told.unfit.get_or_insert_with(first).1 += 1;
                    }
                    return Ok(stuck(self, at, shape));
                }
            }
        }
        Ok(Flow {
            shape: self.builder.shape(at).copied(),
            channels_last: flow.channels_last,
            ..Flow::of(at)
        })
    }
}

fn joined(path: &str, label: &str) -> String {
    if path.is_empty() {
        label.to_owned()
    } else {
        format!("{path}.{label}")
    }
}

/// The length that a layer norm over one axis asks for.
fn normalized(layer: &MadeLayer) -> Option<usize> {
    let form = layer.form?;
    if !matches!(form.name, "LayerNorm" | "RMSNorm") {
        return None;
    }
    let mut arguments = layer.arguments.iter();
    let (_, shape, _) = arguments.find(|(name, ..)| *name == "normalized_shape")?;
    let length = match shape {
        crate::op::Value::Integer(length) => *length,
        crate::op::Value::List(axes) => match axes.as_slice() {
            [crate::op::Value::Integer(length)] => *length,
            _ => return None,
        },
        _ => return None,
    };
    usize::try_from(length).ok()
}

/// The channels that the first layer of a part asks for.
fn first_channels(made: &Made) -> Option<usize> {
    match made {
        Made::Layer(layer) => wanted(layer),
        Made::Sequence(children) | Made::Own(children) => {
            for (_, child) in children {
                if let Some(channels) = first_channels(&child.made) {
                    return Some(channels);
                }
                if let Made::Unknown = child.made {
                    return None;
                }
            }
            None
        }
        Made::Attention(..) | Made::Unknown => None,
    }
}
