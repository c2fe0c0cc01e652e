//! The parts of Python that a network is written in, as a tree with places.

use std::ops::Range;
use std::rc::Rc;

/// Bytes of the text.
pub(in crate::network) type Span = Range<usize>;

#[derive(Debug, Clone)]
pub(in crate::network) struct Expr {
    pub span: Span,
    pub kind: ExprKind,
}

#[derive(Debug, Clone)]
pub(in crate::network) enum ExprKind {
    None,
    Bool(bool),
    Integer(i64),
    Real(f64),
    Text(Rc<str>),
    /// `f"layer{number}"`: literal pieces and expressions.
    Formatted(Vec<Piece>),
    /// `...`
    Ellipsis,
    Name(Rc<str>),
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    Set(Vec<Expr>),
    /// A key is `None` for `**other`.
    Dict(Vec<(Option<Expr>, Expr)>),
    Unary(Unary, Box<Expr>),
    Binary(Binary, Box<Expr>, Box<Expr>, Span),
    Compare(Box<Expr>, Vec<(Comparison, Expr)>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Choice {
        test: Box<Expr>,
        then: Box<Expr>,
        other: Box<Expr>,
    },
    Call {
        function: Box<Expr>,
        arguments: Vec<Argument>,
    },
    Attribute(Box<Expr>, Rc<str>),
    Index(Box<Expr>, Box<Expr>),
    Slice(Option<Box<Expr>>, Option<Box<Expr>>, Option<Box<Expr>>),
    Lambda(Rc<FunctionDef>),
    Comprehension(Rc<Comprehension>),
    Starred(Box<Expr>),
    /// `name := value`
    Walrus(Rc<str>, Box<Expr>),
    /// What is read and not followed: `await`, `yield`.
    Unfollowed(&'static str),
}

#[derive(Debug, Clone)]
pub(in crate::network) enum Piece {
    Text(String),
    Value(Expr),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::network) enum Unary {
    Not,
    Minus,
    Plus,
    Invert,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::network) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
    MatMul,
    And,
    Or,
    Xor,
    ShiftLeft,
    ShiftRight,
}

impl Binary {
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::FloorDivide => "//",
            Self::Remainder => "%",
            Self::Power => "**",
            Self::MatMul => "@",
            Self::And => "&",
            Self::Or => "|",
            Self::Xor => "^",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::network) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
    Is,
    IsNot,
}

#[derive(Debug, Clone)]
pub(in crate::network) struct Comprehension {
    pub collection: Collection,
    /// The element, or key and value of a dictionary.
    pub element: Expr,
    pub value: Option<Expr>,
    /// Target, what is gone through, and conditions.
    pub clauses: Vec<(Expr, Expr, Vec<Expr>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::network) enum Collection {
    List,
    Generator,
    Set,
    Dict,
}

#[derive(Debug, Clone)]
pub(in crate::network) struct Argument {
    pub kind: ArgumentKind,
    pub value: Expr,
    /// Where keyword and value are.
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::network) enum ArgumentKind {
    Positional,
    Keyword(Rc<str>),
    /// `*values`
    List,
    /// `**values`
    Dict,
}

#[derive(Debug, Clone)]
pub(in crate::network) struct FunctionDef {
    pub name: Rc<str>,
    pub parameters: Vec<ParameterDef>,
    pub body: Body,
    /// The dotted names of its decorators.
    pub decorators: Vec<String>,
}

#[derive(Debug, Clone)]
pub(in crate::network) enum Body {
    Block(Vec<Stmt>),
    /// Of a lambda.
    Value(Expr),
}

#[derive(Debug, Clone)]
pub(in crate::network) struct ParameterDef {
    pub name: Rc<str>,
    pub kind: ParameterKind,
    pub default: Option<Expr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::network) enum ParameterKind {
    Usual,
    KeywordOnly,
    /// `*args`
    List,
    /// `**kwargs`
    Dict,
}

#[derive(Debug, Clone)]
pub(in crate::network) struct ClassDef {
    pub name: Rc<str>,
    pub span: Span,
    pub bases: Vec<Expr>,
    pub body: Vec<Stmt>,
    /// The dotted names of its decorators.
    pub decorators: Vec<String>,
}

#[derive(Debug, Clone)]
pub(in crate::network) struct Stmt {
    pub span: Span,
    pub kind: StmtKind,
}

#[derive(Debug, Clone)]
pub(in crate::network) enum StmtKind {
    Expr(Expr),
    /// `a = b = value`
    Assign(Vec<Expr>, Expr),
    /// `a: hint = value`; without a value nothing happens.
    Annotated(Expr, Option<Expr>),
    Augmented(Expr, Binary, Expr),
    Function(Rc<FunctionDef>),
    Class(Rc<ClassDef>),
    Return(Option<Expr>),
    If(Vec<(Expr, Vec<Stmt>)>, Vec<Stmt>),
    For {
        target: Expr,
        over: Expr,
        body: Vec<Stmt>,
        otherwise: Vec<Stmt>,
    },
    While(Expr, Vec<Stmt>),
    With(Vec<(Expr, Option<Expr>)>, Vec<Stmt>),
    Try {
        body: Vec<Stmt>,
        otherwise: Vec<Stmt>,
        finally: Vec<Stmt>,
    },
    /// `import a.b as c`: what is imported, and its name here.
    Import(Vec<(String, Option<Rc<str>>)>),
    /// `from ..a import b as c`: dots, module, names.
    ImportFrom(usize, String, Vec<(Rc<str>, Rc<str>)>),
    Raise(Option<Expr>),
    Assert(Expr),
    Break,
    Continue,
    Pass,
}
