//! A model as PyTorch prints it. A print lists modules in the order in which they were declared; what
//! `forward` does with them is not in it. So what follows on by itself is opened, and where something
//! must happen that the print does not tell, a node stands that says so.

use std::ops::Range;
use std::rc::Rc;

use super::interpreter::{Interpreter, Stop, Text};
use super::lexer::{Token, tokens};
use super::parser::{Parsed, Parser};
use super::program::{SourceError, SpannedLayer};
use super::syntax::{Argument, ArgumentKind};
use super::value::{ClassOf, Fault, MadeLayer, Scope, Value};
use crate::language::{Localized, Message};
use crate::network::notation::NotationError;
use crate::network::{Graph, GraphBuilder, Origin, ValueId};
use crate::op::{Layer, OperationKind};
use crate::says;
use crate::tensor::Shape;

/// Modules of one print, at most.
const MAX_MODULES: usize = 1 << 14;

/// A module of a print.
#[derive(Debug, Clone)]
struct Module {
    label: String,
    class: String,
    span: Range<usize>,
    arguments: Vec<Argument>,
    children: Vec<Module>,
}

/// A model as PyTorch prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedModel {
    source: String,
}

/// Whether a text is a printed model: whether it has a line such as `(conv1): Conv2d(`.
pub(super) fn is_printed(source: &str) -> bool {
    let code = |line: &str| {
        let line = line.trim_start();
        ["def ", "class ", "import ", "from ", "return ", ">>>"]
            .iter()
            .any(|word| line.starts_with(word))
    };
    if source.lines().any(code) {
        return false;
    }
    source.match_indices("): ").any(|(at, mark)| {
        let before = &source[..at];
        let Some(open) = before.rfind('(') else {
            return false;
        };
        let label = &before[open + 1..];
        let is_label = !label.is_empty()
            && label
                .chars()
                .all(|next| next.is_alphanumeric() || matches!(next, '_' | '-' | '.'));
        let stands_alone = before[..open]
            .chars()
            .next_back()
            .is_none_or(|last| last.is_whitespace() || matches!(last, '(' | ')' | ','));
        let rest = source[at + mark.len()..]
            .trim_start_matches(|next: char| next.is_ascii_digit() || next == ' ' || next == 'x');
        let name = rest
            .chars()
            .take_while(|next| next.is_alphanumeric() || matches!(next, '_' | '.'));
        let length: usize = name.map(char::len_utf8).sum();
        is_label && stands_alone && length > 0 && rest[length..].starts_with('(')
    })
}

impl Parser<'_> {
    /// `(0-2): 3 x`, as the labels that it stands for.
    fn labels(&mut self) -> Option<Vec<String>> {
        if !self.is("(") {
            return None;
        }
        let mut ahead = 1;
        let mut label = String::new();
        loop {
            match self.peek(ahead)? {
                Token::Name(name) => label.push_str(name),
                Token::Integer(number) => label.push_str(&number.to_string()),
                Token::Real(number) => label.push_str(&number.to_string()),
                Token::Sign(")") => break,
                Token::Sign(sign) => label.push_str(sign),
                _ => return None,
            }
            ahead += 1;
            if ahead > 16 {
                return None;
            }
        }
        if label.is_empty() || !self.is_ahead(ahead + 1, ":") {
            return None;
        }
        self.next += ahead + 2;
        let repeated = matches!(self.peek(0), Some(Token::Integer(_)))
            && matches!(self.peek(1), Some(Token::Name(name)) if &**name == "x");
        if !repeated {
            return Some(vec![label]);
        }
        self.next += 2;
        let ends = label.split_once('-');
        let ends = ends
            .and_then(|(from, to)| Some((from.parse::<usize>().ok()?, to.parse::<usize>().ok()?)));
        Some(match ends {
            Some((from, to)) => (from..=to.min(from + MAX_MODULES))
                .map(|n| n.to_string())
                .collect(),
            None => vec![label],
        })
    }

    fn printed_module(&mut self, labels: Vec<String>, out: &mut Vec<Module>) -> Parsed<()> {
        let start = self.span().start;
        let mut class = String::new();
        while let Some(Token::Name(name)) = self.peek(0) {
            class = name.to_string();
            self.next += 1;
            if !self.skip(".") {
                break;
            }
        }
        let span = start..self.end_of_last();
        if class.is_empty() || !self.skip("(") {
            return self.error(says!(
                en: "a module such as Conv2d(3, 8, kernel_size=(3, 3)) is missing here",
                ja: "ここに Conv2d(3, 8, kernel_size=(3, 3)) のようなモジュールがありません。"
            ));
        }
        let mut module = Module {
            label: String::new(),
            class,
            span: span.clone(),
            arguments: Vec::new(),
            children: Vec::new(),
        };
        loop {
            if self.skip(")") {
                break;
            }
            if self.at_end() {
                let name = &module.class;
                let message = says!(
                    en: "{name} has no closing parenthesis",
                    ja: "{name} の閉じかっこがありません。"
                );
                return Err(NotationError::new(self.source, span, message));
            }
            if let Some(labels) = self.labels() {
                let children = &mut module.children;
                self.deeper(|parser| parser.printed_module(labels, children))?;
                self.skip(",");
                continue;
            }
            let start = self.span().start;
            let keyword = match self.peek(0) {
                Some(Token::Name(name)) if self.is_ahead(1, "=") => Some(name.clone()),
                _ => None,
            };
            let kind = match keyword {
                Some(keyword) => {
                    self.next += 2;
                    ArgumentKind::Keyword(keyword)
                }
                None => ArgumentKind::Positional,
            };
            let value = self.expression()?;
            let span = start..self.end_of_last();
            module.arguments.push(Argument { kind, value, span });
            if !self.skip(",") && !self.is(")") && !self.is("(") && !self.at_end() {
                return self.error(says!(
                    en: "a comma or a closing parenthesis is missing before this",
                    ja: "この前にコンマか閉じかっこがありません。"
                ));
            }
        }
        for label in labels {
            out.push(Module {
                label,
                ..module.clone()
            });
        }
        if out.len() > MAX_MODULES {
            return self.error(says!(
                en: "the print has more than {MAX_MODULES} modules",
                ja: "モジュールが {MAX_MODULES} 個を超えています。"
            ));
        }
        Ok(())
    }
}

fn parsed(source: &str) -> Parsed<Vec<Module>> {
    let mut tokens = tokens(source)?;
    tokens.retain(|placed| !matches!(placed.token, Token::Line | Token::Indent | Token::Dedent));
    let mut parser = Parser {
        source,
        tokens: &tokens,
        next: 0,
        depth: 0,
    };
    let mut modules = Vec::new();
    while !parser.at_end() {
        let labels = parser
            .labels()
            .unwrap_or_else(|| vec![modules.len().to_string()]);
        parser.printed_module(labels, &mut modules)?;
        while parser.skip(",") {}
    }
    Ok(modules)
}

/// A module with its layer made.
enum Made {
    Layer(MadeLayer),
    /// Its children run one after another: a `Sequential`, or a class of which that is known.
    Sequence(Vec<(String, Part)>),
    /// A class whose `forward` the print does not tell.
    Own(Vec<(String, Part)>),
    /// `MultiheadAttention`, by what its output layer says: the length of its vectors, and whether there
    /// are biases. How many heads it has is not printed.
    Attention(usize, bool),
    /// A module without children that no layer here is.
    Unknown,
}

struct Part {
    class: String,
    span: Range<usize>,
    made: Made,
}

/// Classes that are a `Sequential` by another name.
const SEQUENCES: &[&str] = &[
    "Sequential",
    "Conv2dNormActivation",
    "Conv3dNormActivation",
    "ConvNormActivation",
    "ConvBNReLU",
    "ConvBNActivation",
    "BasicConv2d",
    "MLP",
    "SimpleStemIN",
    "_Transition",
];

/// Classes that give a tensor of the shape that they take.
const SAME_SHAPE: &[&str] = &[
    "SqueezeExcitation",
    "SqueezeExcite",
    "SELayer",
    "SEModule",
    "CNBlock",
    "_MBConvSE",
];

/// Classes that add their input, or a branch of it, to what their parts give.
const SUMS: &[&str] = &[
    "BasicBlock",
    "Bottleneck",
    "ResBottleneckBlock",
    "InvertedResidual",
    "_InvertedResidual",
    "MBConv",
    "FusedMBConv",
    "ResidualBlock",
    "ResBlock",
    "Residual",
];

/// Labels of parts that make something of numbers of their own: a bias of positions.
const ASIDE: &[&str] = &["cpb_mlp"];

/// Labels of what gives a network's answer.
const HEADS: &[&str] = &["head", "heads", "fc", "classifier", "mlp_head"];

/// Labels of branches beside the main path.
const BESIDE: &[&str] = &[
    "downsample",
    "shortcut",
    "skip",
    "identity",
    "residual",
    "proj",
];

fn part(interpreter: &mut Interpreter, scope: &Rc<Scope>, module: Module) -> Result<Part, Stop> {
    let known = super::modules::is_layer_name(&module.class);
    let mut children = Vec::new();
    for child in module.children {
        children.push((child.label.clone(), part(interpreter, scope, child)?));
    }
    // torchvision's own, over channels that come first; a print does not tell that.
    let made = if module.class == "LayerNorm2d" {
        Made::Unknown
    } else if SEQUENCES.contains(&module.class.as_str()) {
        Made::Sequence(children)
    } else if let ("MultiheadAttention", Some((length, bias))) =
        (module.class.as_str(), attention(&children))
    {
        Made::Attention(length, bias)
    } else if !children.is_empty() {
        Made::Own(children)
    } else if module.class == "Permute" && module.arguments.is_empty() {
        Made::Unknown
    } else if known
        && !matches!(
            module.class.as_str(),
            "ModuleList" | "ModuleDict" | "Module"
        )
    {
        let given = interpreter.arguments(&module.arguments, scope)?;
        let made = interpreter.make_module(&module.class, given, &module.span, &module.span)?;
        match made {
            Value::Object(object) => match &object.class {
                ClassOf::Layer(layer) => Made::Layer(MadeLayer {
                    name: layer.name.clone(),
                    form: layer.form,
                    arguments: layer.arguments.clone(),
                    lazy: layer.lazy,
                }),
                ClassOf::Own(_) | ClassOf::Container(_) => Made::Unknown,
            },
            _ => Made::Unknown,
        }
    } else if super::foreign::layer(&module.class, false, &[]).is_some() {
        let message = super::foreign::layer(&module.class, false, &[]).unwrap_or_default();
        return interpreter.fault(&module.span, message);
    } else if module.arguments.is_empty()
        || matches!(module.class.as_str(), "ModuleList" | "ModuleDict")
    {
        Made::Unknown
    } else if crate::language::nearest(&module.class, OperationKind::forms().map(|form| form.name))
        .is_some()
    {
        // A slip of the pen is told as one.
        let given = interpreter.arguments(&module.arguments, scope)?;
        interpreter.make_module(&module.class, given, &module.span, &module.span)?;
        Made::Unknown
    } else {
        Made::Unknown
    };
    Ok(Part {
        class: module.class,
        span: module.span,
        made,
    })
}

/// The length of an attention's vectors, and whether there are biases: those of its last layer.
fn attention(children: &[(String, Part)]) -> Option<(usize, bool)> {
    let (_, last) = children.iter().find(|(label, _)| label == "out_proj")?;
    let Made::Layer(layer) = &last.made else {
        return None;
    };
    let mut arguments = layer.arguments.iter();
    let bias = arguments
        .any(|(name, given, _)| *name == "bias" && *given == crate::op::Value::Bool(false));
    Some((wanted(layer)?, !bias))
}

impl PrintedModel {
    pub(super) fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
        }
    }

    fn with_parts<T>(
        &self,
        use_parts: impl FnOnce(&mut Interpreter, Vec<(String, Part)>) -> Result<T, NotationError>,
    ) -> Result<T, NotationError> {
        let modules = parsed(&self.source)?;
        let reader = |_: &str| None;
        let mut interpreter = Interpreter::new(&reader);
        interpreter.bare = true;
        interpreter.texts.push(Text {
            name: None,
            source: self.source.clone(),
            prelude: false,
        });
        let scope = Rc::new(Scope::default());
        let mut parts = Vec::new();
        for module in modules {
            let label = module.label.clone();
            match part(&mut interpreter, &scope, module) {
                Ok(part) => parts.push((label, part)),
                Err(Stop::Fault(fault)) => return Err(interpreter.told(&fault)),
                Err(_) => {}
            }
        }
        use_parts(&mut interpreter, parts)
    }

    /// Its layers, where they may follow on from one another as they are declared; and whether that
    /// order is only the print's. `None` where a class is known to do something else.
    pub(in crate::network) fn layers(
        &self,
    ) -> Result<Option<(Vec<SpannedLayer>, bool)>, NotationError> {
        self.with_parts(|interpreter, parts| {
            let mut layers = Vec::new();
            let mut own = false;
            for (_, part) in &parts {
                match flat(interpreter, part, &mut layers, &mut own) {
                    Ok(true) => {}
                    Ok(false) => return Ok(None),
                    Err(fault) => return Err(interpreter.told(&fault)),
                }
            }
            Ok((!layers.is_empty()).then_some((layers, own)))
        })
    }

    /// Its graph for an input of a shape without a batch axis, as far as the print tells it.
    ///
    /// # Errors
    /// With the line of what is mistaken.
    pub fn graph(&self, input: &Shape) -> Result<Graph, SourceError> {
        let graph = self.with_parts(|interpreter, parts| {
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
            for (label, part) in &parts {
                let path = if several { label.as_str() } else { "" };
                now = opening.open(part, path, now)?;
            }
            let end = opening.settled(now, None);
            for note in opening.told.notes(input) {
                opening.builder.note(note);
            }
            Ok(opening.builder.finish(&[end]))
        });
        graph.map_err(SourceError::At)
    }
}

/// Adds the layers of a part, in the order of the print; whether all of it is layers.
fn flat(
    interpreter: &Interpreter,
    part: &Part,
    out: &mut Vec<SpannedLayer>,
    own: &mut bool,
) -> Result<bool, Fault> {
    match &part.made {
        Made::Layer(layer) if layer.form.is_none() || layer.lazy => Ok(false),
        Made::Layer(layer) => {
            let made = interpreter.layer_of(layer, &part.span, None)?;
            let places = layer.arguments.iter();
            let arguments: Vec<_> = places
                .map(|(name, _, span)| (*name, span.clone()))
                .collect();
            for layer in made.flattened() {
                out.push(SpannedLayer {
                    layer,
                    span: part.span.clone(),
                    arguments: arguments.clone(),
                });
            }
            Ok(true)
        }
        Made::Sequence(children) => all_flat(interpreter, children, out, own),
        Made::Own(children) => {
            *own = true;
            let known =
                SUMS.contains(&part.class.as_str()) || SAME_SHAPE.contains(&part.class.as_str());
            if known && part.class != "Bottleneck" && part.class != "InvertedResidual" {
                return Ok(false);
            }
            all_flat(interpreter, children, out, own)
        }
        Made::Attention(..) | Made::Unknown => Ok(false),
    }
}

fn all_flat(
    interpreter: &Interpreter,
    children: &[(String, Part)],
    out: &mut Vec<SpannedLayer>,
    own: &mut bool,
) -> Result<bool, Fault> {
    for (label, child) in children {
        if BESIDE.contains(&label.as_str()) || !flat(interpreter, child, out, own)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What a print leaves open in a layer, where it does.
pub(in crate::network) fn left_open(layer: &Layer) -> Option<Localized<String>> {
    let name = layer.name();
    if matches!(name, "AvgPool1d" | "AvgPool2d" | "AvgPool3d") {
        return Some(says!(
            en: "a printed {name} does not say ceil_mode and count_include_pad; PyTorch's defaults are taken (False and True)",
            ja: "{name} の表示には ceil_mode と count_include_pad が出ません。PyTorch の既定値 (False と True) とみなします。"
        ));
    }
    let smooth = format!("{layer:?}");
    if name == "Upsample"
        && !smooth.contains("mode: Nearest")
        && !smooth.contains("align_corners: true")
    {
        return Some(says!(
            en: "a printed Upsample does not say align_corners; PyTorch's default is taken (False)",
            ja: "Upsample の表示には align_corners が出ません。PyTorch の既定値 (False) とみなします。"
        ));
    }
    None
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
            self.told.note(super::modules::not_shown(&name));
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
            let flatten = super::modules::form("Flatten");
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

/// The channels that a layer asks for.
fn wanted(layer: &MadeLayer) -> Option<usize> {
    let first = layer.form?.parameters.first()?;
    if !matches!(*first, "in_channels" | "in_features" | "num_features") || layer.lazy {
        return None;
    }
    let mut arguments = layer.arguments.iter();
    match arguments.find(|(name, ..)| name == first)?.1 {
        crate::op::Value::Integer(count) => usize::try_from(count).ok(),
        _ => None,
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
