//! `Sub`, `Mul`, `Div`, `Fmod`, `Maximum`, `Minimum` and `Average`, comparisons (`Equal`, `Less` ...) and what combines
//! truths (`LogicalAnd` ...): tensors combined element by element, their shapes broadcast as in NumPy.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.sub.html>, `torch.mul`, `torch.div`,
//! `torch.fmod`, `torch.maximum`, `torch.minimum`, `torch.eq`, `torch.logical_and`; <https://keras.io/api/layers/merging_layers/average/>, which PyTorch
//! has as the mean of a stack.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line, Style};
use crate::op::code::LoopNest;
use crate::op::error::LayerError;
use crate::op::explain::Explanation;
use crate::op::geometry::{Combine, Relation};
use crate::op::onnx::OnnxForm;
use crate::op::operation::{
    BatchAxis, Described, Description, Family, Operation, Spoken, VisualStyle,
};
use crate::op::order::Schedule;
use crate::op::plan::Plan;
use crate::op::setting::{Parameter, Settings};
use crate::tensor::Shape;

use super::Layer;
use super::broadcast;
use super::defaults::is_default;
use super::function::bare;

/// Makes layers that combine tensors: what each is about, its operator of ONNX, how many inputs it
/// takes, whether the workbench offers it, its code, and its arithmetic from the numbers as they are
/// written.
macro_rules! arithmetic {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident {
            about: $en:literal, $ja:literal;
            spoken: $name_en:literal, $name_ja:literal, $does_en:literal, $does_ja:literal;
            onnx: [$($onnx:literal)?], offered: $offered:literal;
            combine: $combine:expr, by $plan:ident;
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
                onnx: &[$(OnnxForm {
                    op_type: $onnx,
                    make: |node| Ok(Some(broadcast::of_node($name::default(), node))),
                })?],
                family: Family::Arithmetic,
                offered: $offered,
            };
        }

        impl Operation for $name {
            fn plan(&self, layer: &Layer, input: &Shape) -> Result<Plan, LayerError> {
                broadcast::$plan($combine, layer, &[*input; 2])
            }

            fn plan_inputs(
                &self,
                layer: &Layer,
                inputs: &[Shape],
                _batch: BatchAxis,
            ) -> Result<Plan, LayerError> {
                broadcast::$plan($combine, layer, inputs)
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
                $combine.commutes()
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
        onnx: ["Sub"], offered: true;
        combine: Combine::Subtract, by plan_pair;
        code: |elements| elements.join(" - ");
        arithmetic: |numbers| numbers.join(" − ");
    }
    /// The input times an earlier tensor of the chain; in a network, times its second input.
    Mul {
        about: "product of elements", "要素ごとの積";
        spoken: "a multiplication", "掛け算",
            "Each element is multiplied by the one at the same place of an earlier tensor.",
            "前のテンソルの同じ場所の要素を、掛け合わせます。";
        onnx: ["Mul"], offered: true;
        combine: Combine::Multiply, by plan_pair;
        code: |elements| elements.join(" * ");
        arithmetic: |numbers| numbers.join(" × ");
    }
    /// The input divided by an earlier tensor of the chain; in a network, by its second input.
    Div {
        about: "quotient of elements", "要素ごとの商";
        spoken: "a division", "割り算",
            "Each element is divided by the one at the same place of an earlier tensor.",
            "前のテンソルの、同じ場所の要素で割ります。";
        onnx: ["Div"], offered: true;
        combine: Combine::Divide, by plan_pair;
        code: |elements| elements.join(" / ");
        arithmetic: |numbers| numbers.join(" ÷ ");
    }
    /// What is left where the input is divided by an earlier tensor of the chain, with the input's sign; in a
    /// network, by its second input.
    Fmod {
        about: "remainder of a division", "割り算の余り";
        spoken: "the remainder of a division", "割り算の余り",
            "Each element is divided by the one at the same place of an earlier tensor, and the remainder stays.",
            "前のテンソルの、同じ場所の要素で割り、余りを残します。";
        onnx: ["Fmod"], offered: false;
        combine: Combine::Remainder, by plan_pair;
        code: |elements| format!("fmod({})", elements.join(", "));
        arithmetic: |numbers| numbers.join(" mod ");
    }
    /// The larger of the elements at the same place.
    Maximum {
        about: "larger element", "大きい方の要素";
        spoken: "the larger of two", "大きい方",
            "Of two elements at the same place, the larger stays.",
            "同じ場所の2つの要素のうち、大きい方を残します。";
        onnx: ["Max"], offered: true;
        combine: Combine::Maximum, by plan;
        code: |elements| format!("max({})", elements.join(", "));
        arithmetic: |numbers| called("max", numbers);
    }
    /// The smaller of the elements at the same place.
    Minimum {
        about: "smaller element", "小さい方の要素";
        spoken: "the smaller of two", "小さい方",
            "Of two elements at the same place, the smaller stays.",
            "同じ場所の2つの要素のうち、小さい方を残します。";
        onnx: ["Min"], offered: true;
        combine: Combine::Minimum, by plan;
        code: |elements| format!("min({})", elements.join(", "));
        arithmetic: |numbers| called("min", numbers);
    }
    /// The mean of the elements at the same place.
    Average {
        about: "mean of tensors", "テンソルの平均";
        spoken: "the mean of two", "2つの平均",
            "Two elements at the same place become their mean.",
            "同じ場所の2つの要素を、平均します。";
        onnx: ["Mean"], offered: true;
        combine: Combine::Mean, by plan;
        code: |elements| mean(elements, '/');
        arithmetic: |numbers| mean(numbers, '÷');
    }
    /// Whether the element is that of an earlier tensor of the chain: 1 where it is, 0 where not.
    Equal {
        about: "equal elements", "等しいか";
        spoken: "a test for equality", "等しいかどうか",
            "One where two elements at the same place are equal, zero elsewhere.",
            "同じ場所の2つの要素が等しければ1、違えば0にします。";
        onnx: ["Equal"], offered: false;
        combine: Combine::Truth(Relation::Equal), by plan_pair;
        code: |elements| elements.join(" == ");
        arithmetic: |numbers| numbers.join(" = ");
    }
    /// Whether the element is another than that of an earlier tensor.
    NotEqual {
        about: "unequal elements", "異なるか";
        spoken: "a test for inequality", "異なるかどうか",
            "One where two elements at the same place differ, zero elsewhere.",
            "同じ場所の2つの要素が違えば1、等しければ0にします。";
        onnx: [], offered: false;
        combine: Combine::Truth(Relation::Unequal), by plan_pair;
        code: |elements| elements.join(" != ");
        arithmetic: |numbers| numbers.join(" ≠ ");
    }
    /// Whether the element is less than that of an earlier tensor.
    Less {
        about: "smaller elements", "より小さいか";
        spoken: "a comparison", "大小の比較",
            "One where an element is less than the one at the same place of an earlier tensor, zero elsewhere.",
            "前のテンソルの同じ場所の要素より小さければ1、そうでなければ0にします。";
        onnx: ["Less"], offered: false;
        combine: Combine::Truth(Relation::Less), by plan_pair;
        code: |elements| elements.join(" < ");
        arithmetic: |numbers| numbers.join(" < ");
    }
    /// Whether the element is at most that of an earlier tensor.
    LessEqual {
        about: "smaller or equal elements", "以下か";
        spoken: "a comparison", "大小の比較",
            "One where an element is at most the one at the same place of an earlier tensor, zero elsewhere.",
            "前のテンソルの同じ場所の要素以下なら1、そうでなければ0にします。";
        onnx: ["LessOrEqual"], offered: false;
        combine: Combine::Truth(Relation::LessOrEqual), by plan_pair;
        code: |elements| elements.join(" <= ");
        arithmetic: |numbers| numbers.join(" ≤ ");
    }
    /// Whether the element is greater than that of an earlier tensor.
    Greater {
        about: "greater elements", "より大きいか";
        spoken: "a comparison", "大小の比較",
            "One where an element is greater than the one at the same place of an earlier tensor, zero elsewhere.",
            "前のテンソルの同じ場所の要素より大きければ1、そうでなければ0にします。";
        onnx: ["Greater"], offered: false;
        combine: Combine::Truth(Relation::Greater), by plan_pair;
        code: |elements| elements.join(" > ");
        arithmetic: |numbers| numbers.join(" > ");
    }
    /// Whether the element is at least that of an earlier tensor.
    GreaterEqual {
        about: "greater or equal elements", "以上か";
        spoken: "a comparison", "大小の比較",
            "One where an element is at least the one at the same place of an earlier tensor, zero elsewhere.",
            "前のテンソルの同じ場所の要素以上なら1、そうでなければ0にします。";
        onnx: ["GreaterOrEqual"], offered: false;
        combine: Combine::Truth(Relation::GreaterOrEqual), by plan_pair;
        code: |elements| elements.join(" >= ");
        arithmetic: |numbers| numbers.join(" ≥ ");
    }
    /// Whether both elements are true; every number but 0 is.
    LogicalAnd {
        about: "both are true", "両方が真か";
        spoken: "a logical and", "論理積",
            "One where both elements at the same place are true, zero elsewhere.",
            "同じ場所の2つの要素が両方とも真なら1、そうでなければ0にします。";
        onnx: ["And"], offered: false;
        combine: Combine::Truth(Relation::And), by plan_pair;
        code: |elements| elements.join(" and ");
        arithmetic: |numbers| numbers.join(" and ");
    }
    /// Whether one of the elements is true, or both.
    LogicalOr {
        about: "one is true", "どちらかが真か";
        spoken: "a logical or", "論理和",
            "One where at least one of two elements at the same place is true, zero elsewhere.",
            "同じ場所の2つの要素の少なくとも一方が真なら1、そうでなければ0にします。";
        onnx: ["Or"], offered: false;
        combine: Combine::Truth(Relation::Or), by plan_pair;
        code: |elements| elements.join(" or ");
        arithmetic: |numbers| numbers.join(" or ");
    }
    /// Whether one of the elements is true, and not both.
    LogicalXor {
        about: "only one is true", "片方だけが真か";
        spoken: "an exclusive or", "排他的論理和",
            "One where exactly one of two elements at the same place is true, zero elsewhere.",
            "同じ場所の2つの要素の片方だけが真なら1、そうでなければ0にします。";
        onnx: ["Xor"], offered: false;
        combine: Combine::Truth(Relation::Xor), by plan_pair;
        code: |elements| format!("bool({})", elements.join(") != bool("));
        arithmetic: |numbers| numbers.join(" xor ");
    }
}
