//! `ChannelShuffle`, `SpaceToDepth` and `DepthToSpace`: channels in another order, and blocks of rows
//! and columns as channels.
//!
//! Sources: <https://pytorch.org/docs/stable/generated/torch.nn.ChannelShuffle.html>;
//! <https://onnx.ai/onnx/operators/onnx__SpaceToDepth.html>, `DepthToSpace`, whose order DCR is
//! TensorFlow's and CRD that of `PixelShuffle`.

use serde::{Deserialize, Serialize};

use crate::language::Localized;
use crate::op::call::{Form, Line};
use crate::op::error::{AxisName, LayerError};
use crate::op::formula::AxisFormula;
use crate::op::onnx::{OnnxForm, OnnxLayer, OnnxNode, OnnxRefusal};
use crate::op::operation::{Described, Description, Family};
use crate::op::setting::{Choice, Parameter, Settings};
use crate::says;

use super::PixelShuffle;
use super::arrangement::{Arrange, Arranged, Whole, arranged};
use super::defaults::is_default;

/// Channels of each group one after another in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelShuffle {
    /// Groups.
    pub groups: usize,
}

/// Blocks of rows and columns become channels: those of one place in the block together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpaceToDepth {
    /// Rows and columns of a block.
    pub block_size: usize,
}

/// Channels become blocks of rows and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepthToSpace {
    /// Rows and columns of a block.
    pub block_size: usize,
    /// What is taken apart in which order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mode: DepthOrder,
}

/// The order in which channels are taken apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum DepthOrder {
    /// Depth, column, row: first by the place in the block, then by the channel; TensorFlow's.
    #[default]
    Dcr,
    /// Column, row, depth: first by the channel, then by the place in the block; PyTorch's.
    Crd,
}

impl Choice for DepthOrder {
    const ALL: &'static [(Self, Localized<&'static str>)] = &[
        (Self::Dcr, Localized::new("DCR", "DCR")),
        (Self::Crd, Localized::new("CRD", "CRD")),
    ];
}

impl Described for ChannelShuffle {
    const DESCRIPTION: Description = Description {
        about: Localized::new("channels between groups", "グループ間のチャネル交換"),
        forms: &[Form {
            name: "ChannelShuffle",
            parameters: &["groups"],
            required: 1,
            make: |given| {
                let groups = given.size("groups", None, 1)?;
                Ok(ChannelShuffle { groups }.into())
            },
        }],
        example: || ChannelShuffle { groups: 2 }.into(),
        onnx: &[],
        family: Family::Shuffling,
        offered: true,
    };
}

/// A number that must divide an axis.
fn divides(whole: &Whole, axis: AxisName, count: usize, divisor: usize) -> Result<(), LayerError> {
    if count.is_multiple_of(divisor) {
        return Ok(());
    }
    Err(LayerError::Shuffle {
        layer: whole.layer,
        axis,
        count,
        divisor,
    })
}

impl Arrange for ChannelShuffle {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        let rank = whole.rank();
        if rank < 3 {
            return whole.unfit(says!(
                en: "it needs a batch of channels with at least one axis behind, at least 3 axes",
                ja: "バッチとチャネルの後ろにもう1つ以上の軸が要ります (3 軸以上)。"
            ));
        }
        if self.groups == 0 {
            return Err(LayerError::Zero {
                layer: whole.layer,
                argument: "groups",
            });
        }
        let channels = whole.lengths[1];
        divides(whole, AxisName::Channels, channels, self.groups)?;
        let mut view = whole.view();
        view.split(1, &[self.groups, channels / self.groups]);
        view.axes.swap(1, 2);
        view.join(1..3);
        Ok(whole.kept(view))
    }

    fn mixes(&self, _rank: usize) -> bool {
        false
    }

    fn written(&self, line: Line) -> Line {
        match line.style() {
            crate::op::call::Style::Printed => line.named("groups", self.groups),
            crate::op::call::Style::Source => line.value(self.groups),
        }
    }

    fn show(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Groups, &mut self.groups);
    }
}

arranged!(
    ChannelShuffle, Carry;
    "channel shuffle", "チャネルシャッフル",
    "The channels of its groups are dealt out in turn, like cards, so that each group gets some of every other.",
    "各グループのチャネルを、トランプを配るように順番に並べ直します。"
);

/// A batch of feature maps, and the square of a block.
fn planes(whole: &Whole, block: usize) -> Result<([usize; 4], usize), LayerError> {
    let &[batch, channels, height, width] = whole.lengths.as_slice() else {
        let rank = whole.rank();
        return whole.unfit(says!(
            en: "it needs a batch of channels, rows and columns, 4 axes; here are {rank}",
            ja: "バッチ、チャネル、行、列の 4 軸が要りますが、{rank} 軸です。"
        ));
    };
    if block == 0 {
        return Err(LayerError::Zero {
            layer: whole.layer,
            argument: "block_size",
        });
    }
    let square = block.checked_mul(block).filter(|&square| square <= 1 << 20);
    let square = square.ok_or(LayerError::TooLarge {
        layer: whole.layer,
        argument: "block_size",
        value: block as u128,
        limit: 1 << 10,
    })?;
    Ok(([batch, channels, height, width], square))
}

fn times(input: usize, factor: usize) -> AxisFormula {
    AxisFormula::Times {
        input,
        factor,
        result: input * factor,
    }
}

fn divided(input: usize, factor: usize) -> AxisFormula {
    AxisFormula::Divided {
        input,
        factor,
        result: input / factor,
    }
}

impl Described for SpaceToDepth {
    const DESCRIPTION: Description = Description {
        about: Localized::new("blocks to channels", "ブロックをチャネルへ"),
        forms: &[Form {
            name: "SpaceToDepth",
            parameters: &["block_size"],
            required: 1,
            make: |given| {
                let block_size = given.size("block_size", None, 1)?;
                Ok(SpaceToDepth { block_size }.into())
            },
        }],
        example: || SpaceToDepth { block_size: 2 }.into(),
        onnx: &[OnnxForm {
            op_type: "SpaceToDepth",
            make: |node| {
                let block_size = block_size(node)?;
                // Later opsets have PyTorch's order too.
                if node.word("mode", "DCR")? == "CRD" {
                    let factor = block_size;
                    return Ok(Some(OnnxLayer::new(super::PixelUnshuffle { factor })));
                }
                Ok(Some(OnnxLayer::new(SpaceToDepth { block_size })))
            },
        }],
        family: Family::Shuffling,
        offered: true,
    };
}

fn block_size(node: &OnnxNode) -> Result<usize, OnnxRefusal> {
    let name = "blocksize";
    let size = node.integer(name, 0)?;
    let size = usize::try_from(size).ok().filter(|size| *size > 0);
    size.ok_or(OnnxRefusal::Attribute { name })
}

impl Arrange for SpaceToDepth {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        let block = self.block_size;
        let ([_, channels, height, width], square) = planes(whole, block)?;
        divides(whole, AxisName::Rows, height, block)?;
        divides(whole, AxisName::Columns, width, block)?;
        let mut view = whole.view();
        view.split(3, &[width / block, block]);
        view.split(2, &[height / block, block]);
        // N, C, H/b, b, W/b, b to N, b, b, C, H/b, W/b.
        view.permute(&[0, 3, 5, 1, 2, 4]);
        view.join(1..4);
        let mut arranged = whole.kept(view);
        arranged.formula[1] = times(channels, square);
        arranged.formula[2] = divided(height, block);
        arranged.formula[3] = divided(width, block);
        Ok(arranged)
    }

    fn mixes(&self, _rank: usize) -> bool {
        false
    }

    fn written(&self, line: Line) -> Line {
        line.value(self.block_size)
    }

    fn show(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Factor, &mut self.block_size);
    }
}

arranged!(
    SpaceToDepth, Carry;
    "space to depth", "{space to depth|スペーストゥデプス}",
    "Every block of rows and columns becomes a stack of channels.",
    "行と列のブロックを、チャネルに積み替えます。"
);

/// The order CRD is a pixel shuffle.
fn of_node(node: &OnnxNode) -> Result<Option<OnnxLayer>, OnnxRefusal> {
    let block_size = block_size(node)?;
    match node.word("mode", "DCR")? {
        "DCR" => Ok(Some(OnnxLayer::new(DepthToSpace {
            block_size,
            mode: DepthOrder::Dcr,
        }))),
        "CRD" => Ok(Some(OnnxLayer::new(PixelShuffle { factor: block_size }))),
        _ => Err(OnnxRefusal::Attribute { name: "mode" }),
    }
}

impl Described for DepthToSpace {
    const DESCRIPTION: Description = Description {
        about: Localized::new("channels to blocks", "チャネルをブロックへ"),
        forms: &[Form {
            name: "DepthToSpace",
            parameters: &["block_size", "mode"],
            required: 1,
            make: |given| {
                const MODES: [(&str, DepthOrder); 2] =
                    [("DCR", DepthOrder::Dcr), ("CRD", DepthOrder::Crd)];
                Ok(DepthToSpace {
                    block_size: given.size("block_size", None, 1)?,
                    mode: given.word("mode", &MODES, DepthOrder::Dcr)?,
                }
                .into())
            },
        }],
        example: || {
            DepthToSpace {
                block_size: 2,
                mode: DepthOrder::Dcr,
            }
            .into()
        },
        onnx: &[OnnxForm {
            op_type: "DepthToSpace",
            make: of_node,
        }],
        family: Family::Shuffling,
        offered: true,
    };
}

impl Arrange for DepthToSpace {
    fn arrange(&self, whole: &Whole) -> Result<Arranged, LayerError> {
        let block = self.block_size;
        let ([_, channels, height, width], square) = planes(whole, block)?;
        divides(whole, AxisName::Channels, channels, square)?;
        let fewer = channels / square;
        let mut view = whole.view();
        match self.mode {
            // N, b, b, C, H, W to N, C, H, b, W, b.
            DepthOrder::Dcr => {
                view.split(1, &[block, block, fewer]);
                view.permute(&[0, 3, 4, 1, 5, 2]);
            }
            // N, C, b, b, H, W to the same.
            DepthOrder::Crd => {
                view.split(1, &[fewer, block, block]);
                view.permute(&[0, 1, 4, 2, 5, 3]);
            }
        }
        view.join(4..6);
        view.join(2..4);
        let mut arranged = whole.kept(view);
        arranged.formula[1] = divided(channels, square);
        arranged.formula[2] = times(height, block);
        arranged.formula[3] = times(width, block);
        Ok(arranged)
    }

    fn mixes(&self, _rank: usize) -> bool {
        false
    }

    fn written(&self, line: Line) -> Line {
        let line = line.value(self.block_size);
        match self.mode {
            DepthOrder::Dcr => line,
            DepthOrder::Crd => line.word("mode", "CRD"),
        }
    }

    fn show(&mut self, settings: &mut dyn Settings) {
        settings.number(Parameter::Factor, &mut self.block_size);
        settings.word(Parameter::Mode, &mut self.mode);
    }
}

arranged!(
    DepthToSpace, Carry;
    "depth to space", "{depth to space|デプストゥスペース}",
    "Channels become blocks of rows and columns.",
    "チャネルを、行と列のブロックに並べます。"
);
