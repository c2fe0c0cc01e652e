//! Reading a [`Layer`] from a lesson: the name of the operation, then its arguments by name.
//!
//! In RON an enum variant that wraps a struct needs two pairs of parentheses; here each variant
//! reads its struct's fields directly, so that a lesson says `Conv2d(filters: 4, kernel: (3, 3))`.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, EnumAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::op::presets::Preset;

use super::Layer;

impl<'de> Deserialize<'de> for Layer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum("Layer", NAMES, LayerVisitor)
    }
}

const NAMES: &[&str] = &[
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "Depthwise",
    "Pointwise",
    "DepthwiseSeparable",
    "ConvTranspose2d",
    "MaxPool2d",
    "AvgPool2d",
    "AdaptiveAvgPool2d",
    "AdaptiveMaxPool2d",
    "PixelShuffle",
    "PixelUnshuffle",
    "Upsample",
    "Add",
    "GlobalAvgPool2d",
    "GlobalMaxPool2d",
    "ReLU",
    "ReLU6",
    "Sequential",
    "Preset",
];

#[derive(serde::Deserialize)]
enum Name {
    Conv1d,
    Conv2d,
    Conv3d,
    Depthwise,
    Pointwise,
    DepthwiseSeparable,
    ConvTranspose2d,
    MaxPool2d,
    AvgPool2d,
    AdaptiveAvgPool2d,
    AdaptiveMaxPool2d,
    PixelShuffle,
    PixelUnshuffle,
    Upsample,
    Add,
    GlobalAvgPool2d,
    GlobalMaxPool2d,
    ReLU,
    ReLU6,
    Sequential,
    Preset,
}

struct LayerVisitor;

impl<'de> Visitor<'de> for LayerVisitor {
    type Value = Layer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a layer such as Conv2d(filters: 4, kernel: (3, 3))")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Layer, A::Error> {
        let (name, variant) = access.variant::<Name>()?;
        match name {
            Name::Conv1d => Deserialize::deserialize(Fields(variant)).map(Layer::Conv1d),
            Name::Conv2d => Deserialize::deserialize(Fields(variant)).map(Layer::Conv2d),
            Name::Conv3d => Deserialize::deserialize(Fields(variant)).map(Layer::Conv3d),
            Name::Depthwise => Deserialize::deserialize(Fields(variant)).map(Layer::Depthwise),
            Name::Pointwise => Deserialize::deserialize(Fields(variant)).map(Layer::Pointwise),
            Name::DepthwiseSeparable => {
                Deserialize::deserialize(Fields(variant)).map(Layer::DepthwiseSeparable)
            }
            Name::ConvTranspose2d => {
                Deserialize::deserialize(Fields(variant)).map(Layer::ConvTranspose2d)
            }
            Name::MaxPool2d => Deserialize::deserialize(Fields(variant)).map(Layer::MaxPool2d),
            Name::AvgPool2d => Deserialize::deserialize(Fields(variant)).map(Layer::AvgPool2d),
            Name::AdaptiveAvgPool2d => {
                Deserialize::deserialize(Fields(variant)).map(Layer::AdaptiveAvgPool2d)
            }
            Name::AdaptiveMaxPool2d => {
                Deserialize::deserialize(Fields(variant)).map(Layer::AdaptiveMaxPool2d)
            }
            Name::PixelShuffle => {
                Deserialize::deserialize(Fields(variant)).map(Layer::PixelShuffle)
            }
            Name::PixelUnshuffle => {
                Deserialize::deserialize(Fields(variant)).map(Layer::PixelUnshuffle)
            }
            Name::Upsample => Deserialize::deserialize(Fields(variant)).map(Layer::Upsample),
            Name::Add => Deserialize::deserialize(Fields(variant)).map(Layer::Add),
            Name::GlobalAvgPool2d => variant.unit_variant().map(|()| Layer::GlobalAvgPool2d),
            Name::GlobalMaxPool2d => variant.unit_variant().map(|()| Layer::GlobalMaxPool2d),
            Name::ReLU => variant.unit_variant().map(|()| Layer::ReLU),
            Name::ReLU6 => variant.unit_variant().map(|()| Layer::ReLU6),
            Name::Preset => {
                let name: String = variant.newtype_variant()?;
                let preset = Preset::find(&name).and_then(Preset::layer);
                preset.map_err(de::Error::custom)
            }
            Name::Sequential => variant.newtype_variant().map(Layer::Sequential),
        }
    }
}

/// A variant's content, read as the struct of the same name.
struct Fields<A>(A);

impl<'de, A: VariantAccess<'de>> Deserializer<'de> for Fields<A> {
    type Error = A::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.struct_variant(fields, visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, A::Error> {
        Err(de::Error::custom(
            "a layer's arguments are fields with names",
        ))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
