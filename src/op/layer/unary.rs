//! Functions of each element that stand in exported graphs: `Abs`, `Sqrt`, `Exp` and others, named as
//! `torch.abs`, `torch.sqrt`, `torch.exp`.
//!
//! Source: <https://pytorch.org/docs/stable/torch.html#pointwise-ops>.

use crate::op::elementary::{erf, exp};
use crate::op::geometry::{CLIP, COMPUTE};

use super::function::{bare, functions};

/// 1, −1, or 0; 0 for NaN, as in PyTorch.
fn sign(value: f32) -> f32 {
    f32::from(value > 0.0) - f32::from(value < 0.0)
}

functions! {
    /// The absolute value.
    Abs {
        about: "absolute value", "絶対値";
        spoken: "the absolute value", "絶対値",
            "Every minus sign falls away.",
            "マイナスの符号を取ります。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Abs"];
        function: "abs", CLIP, |value| value.abs();
        code: "abs(a[f, y, x])";
        arithmetic: |value, number| format!("|{}|", bare(number(value)));
    }
    /// The opposite number.
    Neg {
        about: "opposite number", "符号を反転";
        spoken: "the opposite", "符号の反転",
            "Every number changes its sign.",
            "すべての数の、符号を変えます。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Neg"];
        function: "neg", COMPUTE, |value| -value;
        code: "-a[f, y, x]";
        arithmetic: |value, number| format!("−{}", number(value));
    }
    /// The square root; NaN of negative elements.
    Sqrt {
        about: "square root", "平方根";
        spoken: "the square root", "平方根",
            "It takes the square root of each number.",
            "それぞれの数の、平方根を取ります。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Sqrt"];
        function: "sqrt", COMPUTE, |value| value.sqrt();
        code: "sqrt(a[f, y, x])";
        arithmetic: |value, number| format!("√{}", number(value));
    }
    /// One over the square root.
    Rsqrt {
        about: "1 over the square root", "平方根の逆数";
        spoken: "one over the square root", "平方根の逆数",
            "It divides one by the square root of each number.",
            "1を、それぞれの数の平方根で割ります。";
        call: &[], offered: false, family: Arithmetic;
        onnx: [];
        function: "rsqrt", COMPUTE, |value| 1.0 / value.sqrt();
        code: "1 / sqrt(a[f, y, x])";
        arithmetic: |value, number| format!("1 ÷ √{}", number(value));
    }
    /// One over the element.
    Reciprocal {
        about: "1 over the element", "逆数";
        spoken: "the reciprocal", "逆数",
            "It divides one by each number.",
            "1を、それぞれの数で割ります。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Reciprocal"];
        function: "reciprocal", COMPUTE, |value| 1.0 / value;
        code: "1 / a[f, y, x]";
        arithmetic: |value, number| format!("1 ÷ {}", number(value));
    }
    /// e to the power of the element.
    Exp {
        about: "e to the power", "eの累乗";
        spoken: "the exponential", "指数関数",
            "It raises e to the power of each number.",
            "eを、それぞれの数だけ累乗します。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Exp"];
        function: "exp", COMPUTE, exp;
        code: "exp(a[f, y, x])";
        arithmetic: |value, number| format!("e^{}", number(value));
    }
    /// The natural logarithm; NaN of negative elements.
    Log {
        about: "natural logarithm", "自然対数";
        spoken: "the natural logarithm", "自然対数",
            "It takes the natural logarithm of each number.",
            "それぞれの数の、自然対数を取ります。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Log"];
        function: "log", COMPUTE, |value| value.ln();
        code: "log(a[f, y, x])";
        arithmetic: |value, number| format!("ln {}", number(value));
    }
    /// The error function, 2 ÷ √π times the integral of e^(−t²) from 0 to the element.
    Erf {
        about: "error function", "誤差関数";
        spoken: "the error function", "誤差関数",
            "It is a smooth step from minus 1 to 1.",
            "マイナス1から1への、なめらかな階段です。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Erf"];
        function: "erf", COMPUTE, erf;
        code: "erf(a[f, y, x])";
        arithmetic: |value, number| format!("erf({})", bare(number(value)));
    }
    /// 1 of positive elements, −1 of negative ones, 0 of 0.
    Sign {
        about: "1, 0 or −1", "1・0・−1";
        spoken: "the sign", "符号",
            "Positive numbers become 1, negative ones minus 1, and 0 stays 0.",
            "正の数は1、負の数はマイナス1になり、{0|ゼロ}は{0|ゼロ}のままです。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Sign"];
        function: "sign", CLIP, sign;
        code: "(a[f, y, x] > 0) - (a[f, y, x] < 0)";
        arithmetic: |value, number| format!("sign({})", bare(number(value)));
    }
    /// The next whole number below.
    Floor {
        about: "whole number below", "切り捨て";
        spoken: "rounding down", "切り捨て",
            "Each number becomes the next whole number below it.",
            "それぞれの数を、下の整数にします。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Floor"];
        function: "floor", CLIP, |value| value.floor();
        code: "floor(a[f, y, x])";
        arithmetic: |value, number| format!("⌊{}⌋", bare(number(value)));
    }
    /// The next whole number above.
    Ceil {
        about: "whole number above", "切り上げ";
        spoken: "rounding up", "切り上げ",
            "Each number becomes the next whole number above it.",
            "それぞれの数を、上の整数にします。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Ceil"];
        function: "ceil", CLIP, |value| value.ceil();
        code: "ceil(a[f, y, x])";
        arithmetic: |value, number| format!("⌈{}⌉", bare(number(value)));
    }
    /// The nearest whole number; of two, the even one.
    Round {
        about: "nearest whole number", "最も近い整数";
        spoken: "rounding", "丸め",
            "Each number becomes the nearest whole number.",
            "それぞれの数を、いちばん近い整数にします。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Round"];
        function: "round", CLIP, |value| value.round_ties_even();
        code: "round(a[f, y, x])";
        arithmetic: |value, number| format!("round({})", bare(number(value)));
    }
    /// The sine of an angle in radians.
    Sin {
        about: "sine", "正弦";
        spoken: "the sine", "サイン",
            "It takes the sine of each number.",
            "それぞれの数の、サインを取ります。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Sin"];
        function: "sin", COMPUTE, |value| value.sin();
        code: "sin(a[f, y, x])";
        arithmetic: |value, number| format!("sin({})", bare(number(value)));
    }
    /// The cosine of an angle in radians.
    Cos {
        about: "cosine", "余弦";
        spoken: "the cosine", "コサイン",
            "It takes the cosine of each number.",
            "それぞれの数の、コサインを取ります。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Cos"];
        function: "cos", COMPUTE, |value| value.cos();
        code: "cos(a[f, y, x])";
        arithmetic: |value, number| format!("cos({})", bare(number(value)));
    }
    /// The tangent of an angle in radians.
    Tan {
        about: "tangent", "正接";
        spoken: "the tangent", "タンジェント",
            "It takes the tangent of each number.",
            "それぞれの数の、タンジェントを取ります。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Tan"];
        function: "tan", COMPUTE, |value| value.tan();
        code: "tan(a[f, y, x])";
        arithmetic: |value, number| format!("tan({})", bare(number(value)));
    }
    /// 1 of 0, which is false, and 0 of every other number.
    LogicalNot {
        about: "1 of 0, 0 of the rest", "0を1に、ほかを0に";
        spoken: "a logical not", "否定",
            "Zero becomes one, and every other number becomes zero.",
            "0は1に、ほかの数は0になります。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["Not"];
        function: "logical_not", CLIP, |value| f32::from(value == 0.0);
        code: "a[f, y, x] == 0";
        arithmetic: |value, number| format!("{} = 0", number(value));
    }
    /// 1 of NaN, 0 of every number.
    IsNaN {
        about: "1 of NaN", "NaNを1に";
        spoken: "a test for numbers that are none", "非数かどうか",
            "One where there is no number, zero elsewhere.",
            "非数なら1、数なら0にします。";
        call: &[], offered: false, family: Arithmetic;
        onnx: ["IsNaN"];
        function: "isnan", CLIP, |value| f32::from(value.is_nan());
        code: "isnan(a[f, y, x])";
        arithmetic: |value, number| format!("isnan({})", bare(number(value)));
    }
}
