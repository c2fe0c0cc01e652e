//! `Sub`, `Mul`, `Div`, `Maximum`, `Minimum` and `Average`: tensors combined element by element, their
//! shapes broadcast as in NumPy.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.sub.html>, `torch.mul`, `torch.div`,
//! `torch.maximum`, `torch.minimum`; <https://keras.io/api/layers/merging_layers/average/>, which PyTorch
//! has as the mean of a stack.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::Combine;
use crate::op::onnx::OnnxForm;
use crate::op::operation::{BatchAxis, Described, Description, Operation, Spoken, VisualStyle};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::tensor::Shape;

use super::Layer;
use super::broadcast;
use super::defaults::is_default;
use super::function::bare;

/// Makes layers that combine tensors: what each is about, its operator of ONNX, how many inputs it
/// takes, its code, and its arithmetic from the numbers as they are written.
macro_rules! arithmetic {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident {
            about: $en:literal, $ja:literal;
            spoken: $name_en:literal, $name_ja:literal, $does_en:literal, $does_ja:literal;
            onnx: $onnx:literal;
            combine: $combine:ident by $plan:ident;
            code: $code:expr;
            arithmetic: $arithmetic:expr;
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Which tensor of the chain is the second input: 0 is the chain's input, 1 the output of
            /// its first layer, and so on.
            #[serde(default, skip_serializing_if = "is_default")]
            pub tensor: usize,
        }

        impl Described for $name {
            const DESCRIPTION: Description = Description {
                about: Localized::new($en, $ja),
                forms: &[Form {
                    name: stringify!($name),
                    parameters: &["tensor"],
                    required: 0,
                    make: |given| {
                        let tensor = given.size("tensor", Some(0), 0)?;
                        Ok($name { tensor }.into())
                    },
                }],
                example: || $name::default().into(),
                onnx: &[OnnxForm {
                    op_type: $onnx,
                    make: |node| Ok(Some(broadcast::of_node($name::default(), node))),
                }],
                offered: true,
            };
        }

        impl Operation for $name {
            fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
                broadcast::$plan(Combine::$combine, layer, &[*input; 2])
            }

            fn plan_inputs(
                &self,
                layer: &Layer,
                inputs: &[Shape],
                _batch: BatchAxis,
            ) -> Result<Plan, LayerError> {
                broadcast::$plan(Combine::$combine, layer, inputs)
            }

            fn call(&self, _input: &Shape, style: Style) -> String {
                Line::new(stringify!($name), style).value(self.tensor).end()
            }

            fn spoken(&self) -> Option<Spoken> {
                Some(Spoken::of(
                    Localized::new($name_en, $name_ja),
                    Localized::new($does_en, $does_ja),
                ))
            }

            fn visual_style(&self) -> Option<VisualStyle> {
                Some(VisualStyle::Copy)
            }

            fn code(&self, plan: &Plan, _schedule: &Schedule) -> LoopNest {
                let code: fn(Vec<String>) -> String = $code;
                LoopNest::elementwise(plan, &code(broadcast::elements(plan)))
            }

            fn settings(&mut self, settings: &mut dyn Settings) {
                settings.number(Parameter::Tensor, &mut self.tensor);
            }

            fn arithmetic(
                &self,
                step: &Explanation,
                number: &dyn Fn(f32) -> String,
            ) -> Localized<String> {
                let numbers = broadcast::numbers(step);
                let arithmetic: fn(Vec<String>) -> String = $arithmetic;
                Localized::same(arithmetic(numbers.into_iter().map(number).collect()))
            }

            fn second_input(&self) -> Option<usize> {
                Some(self.tensor)
            }

            fn commutes(&self) -> bool {
                Combine::$combine.commutes()
            }
        }
    )+};
}

/// `max(3, −2)`.
fn called(name: &str, numbers: Vec<String>) -> String {
    let numbers: Vec<String> = numbers.into_iter().map(bare).collect();
    format!("{name}({})", numbers.join(", "))
}

fn mean(numbers: Vec<String>, divided: char) -> String {
    let count = numbers.len();
    format!("({}) {divided} {count}", numbers.join(" + "))
}

arithmetic! {
    /// The input less an earlier tensor of the chain; in a network, less its second input.
    Sub {
        about: "difference of tensors", "テンソルの差";
        spoken: "a subtraction", "引き算",
            "An earlier tensor is taken away, element by element.",
            "前のテンソルを、要素ごとに引きます。";
        onnx: "Sub";
        combine: Subtract by plan_pair;
        code: |elements| elements.join(" - ");
        arithmetic: |numbers| numbers.join(" − ");
    }
    /// The input times an earlier tensor of the chain; in a network, times its second input.
    Mul {
        about: "product of elements", "要素ごとの積";
        spoken: "a multiplication", "掛け算",
            "Each element is multiplied by the one at the same place of an earlier tensor.",
            "前のテンソルの同じ場所の要素を、掛け合わせます。";
        onnx: "Mul";
        combine: Multiply by plan_pair;
        code: |elements| elements.join(" * ");
        arithmetic: |numbers| numbers.join(" × ");
    }
    /// The input divided by an earlier tensor of the chain; in a network, by its second input.
    Div {
        about: "quotient of elements", "要素ごとの商";
        spoken: "a division", "割り算",
            "Each element is divided by the one at the same place of an earlier tensor.",
            "前のテンソルの、同じ場所の要素で割ります。";
        onnx: "Div";
        combine: Divide by plan_pair;
        code: |elements| elements.join(" / ");
        arithmetic: |numbers| numbers.join(" ÷ ");
    }
    /// The larger of the elements at the same place.
    Maximum {
        about: "larger element", "大きい方の要素";
        spoken: "the larger of two", "大きい方",
            "Of two elements at the same place, the larger stays.",
            "同じ場所の2つの要素のうち、大きい方を残します。";
        onnx: "Max";
        combine: Maximum by plan;
        code: |elements| format!("max({})", elements.join(", "));
        arithmetic: |numbers| called("max", numbers);
    }
    /// The smaller of the elements at the same place.
    Minimum {
        about: "smaller element", "小さい方の要素";
        spoken: "the smaller of two", "小さい方",
            "Of two elements at the same place, the smaller stays.",
            "同じ場所の2つの要素のうち、小さい方を残します。";
        onnx: "Min";
        combine: Minimum by plan;
        code: |elements| format!("min({})", elements.join(", "));
        arithmetic: |numbers| called("min", numbers);
    }
    /// The mean of the elements at the same place.
    Average {
        about: "mean of tensors", "テンソルの平均";
        spoken: "the mean of two", "2つの平均",
            "Two elements at the same place become their mean.",
            "同じ場所の2つの要素を、平均します。";
        onnx: "Mean";
        combine: Mean by plan;
        code: |elements| mean(elements, '/');
        arithmetic: |numbers| mean(numbers, '÷');
    }
}
