//! Smooth activations without arguments: `Sigmoid`, `LogSigmoid`, `Tanh`, `SiLU`, `Mish` and `Softsign`.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.nn.SiLU.html> and its neighbours; S. Elfwing
//! et al., "Sigmoid-weighted linear units for neural network function approximation" (2017); D. Misra,
//! "Mish: a self regularized non-monotonic activation function" (2019).

use crate::op::elementary::{exp, tanh};
use crate::op::geometry::COMPUTE;
use crate::op::onnx::{OnnxLayer, OnnxNode, OnnxRefusal};
use crate::says;

use super::function::{bare, functions};

/// 1 ÷ (1 + e^−x), which is 0 where the power is too large for a number.
pub(super) fn sigmoid(value: f32) -> f32 {
    1.0 / (1.0 + exp(-value))
}

/// ln(1 + e^−x), without overflow.
fn log_sigmoid(value: f32) -> f32 {
    let small = exp(-value.abs()).ln_1p();
    (if value < 0.0 { value } else { 0.0 }) - small
}

/// x · tanh(ln(1 + e^x)), which is x · w ÷ (w + 2) with w = e^x · (e^x + 2).
fn mish(value: f32) -> f32 {
    // From 20 on the quotient is 1, and the power must not become infinite.
    let power = exp(if value > 20.0 { 20.0 } else { value });
    let product = power * (power + 2.0);
    value * (product / (product + 2.0))
}

/// `Swish` of ONNX, whose sigmoid may be of a multiple.
fn swish(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let alpha = node.float("alpha", 1.0)?;
    if alpha == 1.0 {
        return Ok(Some(OnnxLayer::new(SiLU)));
    }
    Err(OnnxRefusal::Unsupported(says!(
        en: "its alpha is {alpha}, and only 1 is SiLU; write it as Mul and Sigmoid",
        ja: "alpha が {alpha} です。SiLU になるのは 1 だけです。Mul と Sigmoid で書いてください。"
    )))
}

functions! {
    /// Between 0 and 1: 1 ÷ (1 + e^−x).
    Sigmoid {
        about: "between 0 and 1", "0から1の間へ";
        spoken: "the sigmoid", "シグモイド",
            "It squeezes every number between 0 and 1.",
            "どんな数も、{0|ゼロ}と1の間に収めます。";
        call: &[], offered: true, family: Activation;
        onnx: ["Sigmoid"];
        function: "sigmoid", COMPUTE, sigmoid;
        code: "1 / (1 + exp(-a[f, y, x]))";
        arithmetic: |value, number| format!("1 ÷ (1 + e^{})", number(-value));
    }
    /// The logarithm of the sigmoid: −ln(1 + e^−x).
    LogSigmoid {
        about: "logarithm of the sigmoid", "シグモイドの対数";
        spoken: "the log sigmoid", "シグモイドの対数",
            "It takes the logarithm of a share between 0 and 1, so its values are below 0.",
            "{0|ゼロ}と1の間の割合の、対数を取ります。値は{0|ゼロ}より下です。";
        call: &[], offered: true, family: Activation;
        onnx: [];
        function: "log_sigmoid", COMPUTE, log_sigmoid;
        code: "-log(1 + exp(-a[f, y, x]))";
        arithmetic: |value, number| format!("−ln(1 + e^{})", number(-value));
    }
    /// Between −1 and 1: (e^x − e^−x) ÷ (e^x + e^−x).
    Tanh {
        about: "between −1 and 1", "−1から1の間へ";
        spoken: "tanh", "{tanh|タンエイチ}",
            "It squeezes every number between minus 1 and 1.",
            "どんな数も、マイナス1と1の間に収めます。";
        call: &[], offered: true, family: Activation;
        onnx: ["Tanh"];
        function: "tanh", COMPUTE, tanh;
        code: "tanh(a[f, y, x])";
        arithmetic: |value, number| {
            let (up, down) = (number(value), number(-value));
            format!("(e^{up} − e^{down}) ÷ (e^{up} + e^{down})")
        };
    }
    /// Times its sigmoid: x ÷ (1 + e^−x), also called Swish.
    SiLU {
        about: "times its sigmoid (Swish)", "シグモイドを掛ける (Swish)";
        spoken: "SiLU", "{SiLU|エスアイエルユー}",
            "Each number is multiplied by its own sigmoid, a share between 0 and 1. Large numbers pass, negative ones fade out.",
            "それぞれの数に、自分のシグモイド、つまり{0|ゼロ}と1の間の割合を掛けます。大きい数は通り、負の数は消えていきます。";
        call: &["inplace"], offered: true, family: Activation;
        onnx: ["Swish" if swish];
        function: "silu", COMPUTE, |value| value / (1.0 + exp(-value));
        code: "a[f, y, x] / (1 + exp(-a[f, y, x]))";
        arithmetic: |value, number| format!("{} ÷ (1 + e^{})", number(value), number(-value));
    }
    /// Times the tanh of its softplus: x · tanh(ln(1 + e^x)).
    Mish {
        about: "times tanh of its softplus", "ソフトプラスのtanhを掛ける";
        spoken: "Mish", "{Mish|ミッシュ}",
            "Each number is multiplied by a share that grows smoothly up to 1. Large numbers pass, negative ones fade out.",
            "それぞれの数に、なめらかに1まで増える割合を掛けます。大きい数は通り、負の数は消えていきます。";
        call: &["inplace"], offered: true, family: Activation;
        onnx: ["Mish"];
        function: "mish", COMPUTE, mish;
        code: "a[f, y, x] * tanh(log(1 + exp(a[f, y, x])))";
        arithmetic: |value, number| {
            let value = number(value);
            format!("{value} × tanh(ln(1 + e^{value}))")
        };
    }
    /// Between −1 and 1: x ÷ (1 + |x|).
    Softsign {
        about: "between −1 and 1, slowly", "ゆるやかに−1から1の間へ";
        spoken: "softsign", "ソフトサイン",
            "It squeezes every number between minus 1 and 1, slowly.",
            "どんな数も、ゆるやかにマイナス1と1の間に収めます。";
        call: &[], offered: true, family: Activation;
        onnx: ["Softsign"];
        function: "softsign", COMPUTE, |value| value / (1.0 + value.abs());
        code: "a[f, y, x] / (1 + abs(a[f, y, x]))";
        arithmetic: |value, number| {
            let value = number(value);
            format!("{value} ÷ (1 + |{}|)", bare(value.clone()))
        };
    }
}
