//! The window of a convolution or a pool as an ONNX node describes it.
//!
//! Source: <https://onnx.ai/onnx/operators/onnx__Conv.html> and its neighbours. What the file leaves
//! open is as in ONNX Runtime 1.32.

use crate::op::onnx::{OnnxNode, OnnxRefusal};
use crate::says;

/// A window over so many axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OnnxWindow<const N: usize> {
    pub kernel: [usize; N],
    pub stride: [usize; N],
    pub dilation: [usize; N],
    /// Padding at the starts.
    pub before: [usize; N],
    /// Padding at the ends.
    pub after: [usize; N],
    pub ceil_mode: bool,
}

/// Where padding comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AutoPad {
    /// From `pads`.
    Not,
    /// There is none.
    Valid,
    /// As much as makes the output `⌈input / stride⌉`; of an odd number the one over goes to the end.
    SameUpper,
    /// The same with the one over at the start.
    SameLower,
}

impl OnnxNode {
    /// One whole number of at least `least` for each axis.
    pub(super) fn per_axis<const N: usize>(
        &self,
        name: &'static str,
        default: usize,
        least: usize,
    ) -> Result<[usize; N], OnnxRefusal> {
        let sizes = self.sizes(name, N, default)?;
        if let Some(small) = sizes.iter().find(|size| **size < least) {
            return Err(OnnxRefusal::Unsupported(says!(
                en: "its {name} holds {small}; each must be at least {least}",
                ja: "{name} に {small} があります。どれも {least} 以上でなければなりません。"
            )));
        }
        sizes
            .try_into()
            .map_err(|_| OnnxRefusal::Attribute { name })
    }

    /// The lengths of an input behind batch and channels; `None` where it has another number.
    pub(super) fn lengths<const N: usize>(&self, input: usize) -> Option<[usize; N]> {
        let axes = &self.input(input)?.axes;
        axes.get(2..)?.try_into().ok()
    }

    /// `pads` at the starts and at the ends.
    pub(super) fn pads<const N: usize>(&self) -> Result<[[usize; N]; 2], OnnxRefusal> {
        if let Some(negative) = self
            .integers("pads")?
            .and_then(|pads| pads.into_iter().find(|pad| *pad < 0))
        {
            return Err(OnnxRefusal::Unsupported(says!(
                en: "its pads hold {negative}; padding cannot be negative",
                ja: "pads に {negative} があります。パディングは負にできません。"
            )));
        }
        let pads = self.sizes("pads", 2 * N, 0)?;
        Ok([
            std::array::from_fn(|axis| pads[axis]),
            std::array::from_fn(|axis| pads[N + axis]),
        ])
    }

    /// `auto_pad`.
    pub(super) fn auto_pad(&self) -> Result<AutoPad, OnnxRefusal> {
        Ok(match self.word("auto_pad", "NOTSET")? {
            "NOTSET" | "" => AutoPad::Not,
            "VALID" => AutoPad::Valid,
            "SAME_UPPER" => AutoPad::SameUpper,
            "SAME_LOWER" => AutoPad::SameLower,
            other => {
                return Err(OnnxRefusal::Unsupported(says!(
                    en: "its auto_pad is {other:?}; it is NOTSET, VALID, SAME_UPPER or SAME_LOWER",
                    ja: "auto_pad が {other:?} です。NOTSET、VALID、SAME_UPPER、SAME_LOWER のどれかです。"
                )));
            }
        })
    }

    /// Refuses `auto_pad` beside `pads`: ONNX Runtime does, tract obeys the one and OpenVINO the
    /// other.
    pub(super) fn pads_once(&self, auto_pad: AutoPad) -> Result<(), OnnxRefusal> {
        if auto_pad != AutoPad::Not && self.integers("pads")?.is_some() {
            return Err(OnnxRefusal::Unsupported(says!(
                en: "it has both auto_pad and pads, which runtimes read differently; remove one of them",
                ja: "auto_pad と pads の両方があり、実行環境によって解釈が違います。どちらかを外してください。"
            )));
        }
        Ok(())
    }

    /// `ceil_mode`.
    pub(super) fn ceil_mode(&self) -> Result<bool, OnnxRefusal> {
        Ok(self.integer("ceil_mode", 0)? != 0)
    }
}

impl<const N: usize> OnnxWindow<N> {
    /// The window of a `Conv`, whose kernel is that of its weights; `None` for another number of
    /// axes.
    pub fn of_convolution(node: &OnnxNode) -> Result<Option<Self>, OnnxRefusal> {
        if node.rank(0) != N + 2 {
            return Ok(None);
        }
        let kernel = convolution_kernel(node)?;
        let auto_pad = node.auto_pad()?;
        node.pads_once(auto_pad)?;
        Self::new(node, kernel, true, auto_pad).map(Some)
    }

    /// The window of a pool; `None` for another number of axes. `dilated` where the operator has
    /// dilations.
    pub fn of_pool(node: &OnnxNode, dilated: bool) -> Result<Option<Self>, OnnxRefusal> {
        if node.rank(0) != N + 2 {
            return Ok(None);
        }
        if node.integers("kernel_shape")?.is_none() {
            return Err(OnnxRefusal::Attribute {
                name: "kernel_shape",
            });
        }
        let kernel = node.per_axis("kernel_shape", 1, 1)?;
        let auto_pad = node.auto_pad()?;
        let window = Self::new(node, kernel, dilated, auto_pad)?;
        let same = matches!(auto_pad, AutoPad::SameUpper | AutoPad::SameLower);
        if same && window.dilation != [1; N] {
            return Err(OnnxRefusal::Unsupported(says!(
                en: "it has auto_pad SAME with dilations, for which runtimes pad differently; give pads",
                ja: "auto_pad の SAME と dilations が一緒にあり、実行環境によってパディングが違います。pads を指定してください。"
            )));
        }
        Ok(Some(window))
    }

    fn new(
        node: &OnnxNode,
        kernel: [usize; N],
        dilated: bool,
        auto_pad: AutoPad,
    ) -> Result<Self, OnnxRefusal> {
        let stride: [usize; N] = node.per_axis("strides", 1, 1)?;
        let dilation: [usize; N] = if dilated {
            node.per_axis("dilations", 1, 1)?
        } else {
            [1; N]
        };
        let (before, after) = match auto_pad {
            AutoPad::Not => {
                let [before, after] = node.pads()?;
                (before, after)
            }
            AutoPad::Valid => ([0; N], [0; N]),
            AutoPad::SameUpper | AutoPad::SameLower => {
                let lengths = node.lengths::<N>(0).unwrap_or([1; N]);
                let needed: [usize; N] = std::array::from_fn(|axis| {
                    let (length, stride) = (lengths[axis], stride[axis]);
                    let reach = dilation[axis]
                        .saturating_mul(kernel[axis].saturating_sub(1))
                        .saturating_add(1);
                    let covered = (length.div_ceil(stride).max(1) - 1) * stride;
                    covered.saturating_add(reach)
                });
                if needed
                    .iter()
                    .zip(lengths)
                    .any(|(needed, length)| needed.saturating_add(1) < length)
                {
                    return Err(OnnxRefusal::Unsupported(says!(
                        en: "its auto_pad is SAME, but its stride skips so much that ONNX Runtime would cut off the input at the start and others at the end; give pads",
                        ja: "auto_pad が SAME ですが、ストライドの飛ばす幅が大きく、ONNX Runtime は入力の先頭を、他は末尾を切り落とします。pads を指定してください。"
                    )));
                }
                let total: [usize; N] =
                    std::array::from_fn(|axis| needed[axis].saturating_sub(lengths[axis]));
                let less = total.map(|total| total / 2);
                let more = total.map(|total| total - total / 2);
                if auto_pad == AutoPad::SameUpper {
                    (less, more)
                } else {
                    (more, less)
                }
            }
        };
        Ok(Self {
            kernel,
            stride,
            dilation,
            before,
            after,
            ceil_mode: node.ceil_mode()?,
        })
    }

    /// Padding at the start and at the end of each axis.
    pub fn sides(&self) -> [(usize, usize); N] {
        std::array::from_fn(|axis| (self.before[axis], self.after[axis]))
    }

    /// Whether both sides of every axis have the same padding.
    pub fn is_even(&self) -> bool {
        self.before == self.after
    }
}

/// Channels, filters and groups of a `Conv`.
pub(super) struct OnnxChannels {
    pub in_channels: usize,
    pub out_channels: usize,
    pub groups: usize,
    pub bias: bool,
}

impl OnnxChannels {
    pub fn of(node: &OnnxNode) -> Result<Self, OnnxRefusal> {
        let length = |input: usize, axis: usize| {
            let input = node.input(input);
            input
                .and_then(|input| input.axes.get(axis).copied())
                .unwrap_or(1)
        };
        Ok(Self {
            in_channels: length(0, 1),
            out_channels: length(1, 0),
            groups: group(node)?,
            bias: node.input(2).is_some(),
        })
    }
}

/// `group`, at least 1.
pub(super) fn group(node: &OnnxNode) -> Result<usize, OnnxRefusal> {
    let group = node.integer("group", 1)?;
    usize::try_from(group)
        .ok()
        .filter(|group| *group > 0)
        .ok_or(OnnxRefusal::Attribute { name: "group" })
}

/// The kernel of a convolution: the last axes of its weights, and what `kernel_shape` says.
pub(super) fn convolution_kernel<const N: usize>(
    node: &OnnxNode,
) -> Result<[usize; N], OnnxRefusal> {
    let Some(kernel) = node.lengths::<N>(1) else {
        return Err(OnnxRefusal::Unsupported(says!(
            en: "its weights (input 1) have another number of axes than its input",
            ja: "重み (入力 1) の軸の数が入力と違います。"
        )));
    };
    let stated = node.integers("kernel_shape")?;
    let same = stated.as_ref().is_none_or(|stated| {
        stated
            .iter()
            .map(|&length| usize::try_from(length).ok())
            .eq(kernel.iter().map(|&length| Some(length)))
    });
    if !same {
        let stated = stated.unwrap_or_default();
        return Err(OnnxRefusal::Unsupported(says!(
            en: "its kernel_shape is {stated:?}, but its weights have a kernel of {kernel:?}",
            ja: "kernel_shape が {stated:?} ですが、重みのカーネルは {kernel:?} です。"
        )));
    }
    Ok(kernel)
}
