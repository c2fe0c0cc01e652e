//! What layers that are one function of each element have in common.

use crate::op::onnx::{OnnxNode, OnnxRefusal};

/// A number without the parentheses that it has where it is negative: for a place of its own, as in
/// `max(0, −2)`.
pub(super) fn bare(number: String) -> String {
    let inner = number
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    inner.map(str::to_owned).unwrap_or(number)
}

/// A number of a layer as a formula writes it: `0.25`, `(−1)`.
pub(super) fn constant(value: f64) -> String {
    if value < 0.0 {
        format!("(−{})", -value)
    } else {
        value.to_string()
    }
}

/// A number of single precision as it was meant: 0.01, not 0.009999999776482582.
pub(super) fn decimal(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

/// An attribute that is one real number, as it was meant.
pub(super) fn attribute(
    node: &OnnxNode,
    name: &'static str,
    default: f64,
) -> Result<f64, OnnxRefusal> {
    if node.attributes.contains_key(name) {
        node.float(name, 0.0).map(decimal)
    } else {
        Ok(default)
    }
}

/// How an operator of ONNX makes a layer without arguments: always, or as a function says.
macro_rules! made {
    ($name:ident) => {
        |_| Ok(Some($crate::op::onnx::OnnxLayer::new($name)))
    };
    ($name:ident $make:path) => {
        $make
    };
}
pub(super) use made;

/// Makes layers of functions without arguments: what each is about, what a voice says of it, the
/// parameters of its call and whether the workbench offers it, its operators of ONNX, its PyTorch name with what it makes of an
/// element, its code, and its arithmetic from an element and a way to write numbers.
macro_rules! functions {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident {
            about: $en:literal, $ja:literal;
            spoken: $name_en:literal, $name_ja:literal, $does_en:literal, $does_ja:literal;
            call: $parameters:expr, offered: $offered:literal, family: $family:ident;
            onnx: [$($onnx:literal $(if $make:path)?),*];
            function: $torch:literal, $phases:expr, $apply:expr;
            code: $code:literal;
            arithmetic: $arithmetic:expr;
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ::serde::Serialize, ::serde::Deserialize)]
        pub struct $name;

        impl $crate::op::operation::Described for $name {
            const DESCRIPTION: $crate::op::operation::Description =
                $crate::op::operation::Description {
                    about: $crate::language::Localized::new($en, $ja),
                    forms: &[$crate::op::call::Form {
                        name: stringify!($name),
                        parameters: $parameters,
                        required: 0,
                        make: |given| given.truth("inplace", false).map(|_| $name.into()),
                    }],
                    example: || $name.into(),
                    onnx: &[$($crate::op::onnx::OnnxForm {
                        op_type: $onnx,
                        make: $crate::op::layer::function::made!($name $($make)?),
                    }),*],
                    family: $crate::op::operation::Family::$family,
                    offered: $offered,
                };
        }

        impl $crate::op::operation::Operation for $name {
            fn plan(
                &self,
                layer: &$crate::op::layer::Layer,
                input: &$crate::tensor::Shape,
            ) -> Result<$crate::op::plan::Plan, $crate::op::error::LayerError> {
                let function =
                    $crate::op::geometry::function!($torch, [0.0; 2], $phases, |value, _, _| {
                        let apply: fn(f32) -> f32 = $apply;
                        apply(value)
                    });
                $crate::op::layer::elementwise::plan(function, layer, input, Vec::new())
            }

            fn call(&self, _: &$crate::tensor::Shape, style: $crate::op::call::Style) -> String {
                $crate::op::call::Line::new(stringify!($name), style).end()
            }

            fn spoken(&self) -> Option<$crate::op::operation::Spoken> {
                Some($crate::op::operation::Spoken::of(
                    $crate::language::Localized::new($name_en, $name_ja),
                    $crate::language::Localized::new($does_en, $does_ja),
                ))
            }

            fn visual_style(&self) -> Option<$crate::op::operation::VisualStyle> {
                Some($crate::op::operation::VisualStyle::Copy)
            }

            fn code(
                &self,
                plan: &$crate::op::plan::Plan,
                _: &$crate::op::order::Schedule,
            ) -> $crate::op::code::LoopNest {
                $crate::op::code::LoopNest::elementwise(plan, $code)
            }

            fn settings(&mut self, _: &mut dyn $crate::op::setting::Settings) {}

            fn arithmetic(
                &self,
                step: &$crate::op::explain::Explanation,
                number: &dyn Fn(f32) -> String,
            ) -> $crate::language::Localized<String> {
                let arithmetic: fn(f32, &dyn Fn(f32) -> String) -> String = $arithmetic;
                $crate::language::Localized::same(arithmetic(step.first_input(), number))
            }
        }
    )+};
}
pub(super) use functions;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_single_precision_is_written_as_it_was_meant() {
        assert_eq!(decimal(0.01), 0.01);
        assert_eq!(decimal(1.0 / 6.0), 0.166_666_67);
        assert_eq!(bare("(−2)".to_owned()), "−2");
        assert_eq!(bare("2".to_owned()), "2");
        assert_eq!(constant(-0.5), "(−0.5)");
    }
}
