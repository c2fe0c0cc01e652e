//! A model as PyTorch prints it. A print lists modules in the order in which they were declared; what
//! `forward` does with them is not in it. So what follows on by itself is opened, and where something
//! must happen that the print does not tell, a node stands that says so.

mod graph;

use std::ops::Range;
use std::rc::Rc;

use super::interpreter::{Interpreter, Stop, Text};
use super::lexer::{Token, tokens};
use super::parser::{Parsed, Parser};
use super::program::{SourceError, SpannedLayer};
use super::syntax::{Argument, ArgumentKind};
use super::value::{ClassOf, Fault, MadeLayer, Scope, Value};
use crate::language::Localized;
use crate::network::Graph;
use crate::network::notation::NotationError;
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
        let graph = self.with_parts(|interpreter, parts| graph::opened(interpreter, &parts, input));
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
