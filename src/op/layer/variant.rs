//! Reading a [`Layer`] from a lesson: the name of the operation, then its arguments by name.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, EnumAccess, Visitor};

use super::{LAYER_NAMES, Layer, OperationKind, read_variant};

impl<'de> Deserialize<'de> for Layer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum("Layer", LAYER_NAMES, LayerVisitor)
    }
}

impl<'de> Deserialize<'de> for OperationKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = OperationKind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a layer")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<OperationKind, E> {
        OperationKind::named(name).ok_or_else(|| E::unknown_variant(name, LAYER_NAMES))
    }
}

struct LayerVisitor;

impl<'de> Visitor<'de> for LayerVisitor {
    type Value = Layer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a layer such as Conv2d(filters: 4, kernel: (3, 3))")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Layer, A::Error> {
        let (kind, variant) = access.variant()?;
        read_variant(kind, variant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> ron::Options {
        ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME)
    }

    #[test]
    fn a_layer_is_written_as_an_author_would() {
        for text in [
            "Conv2d(filters:4,kernel:(3,3),stride:(2,2),weights:SobelX)",
            "AdaptiveAvgPool2d(output:(None,2))",
            "Upsample(scale:(2.0,2.0),mode:Bilinear)",
            "Sequential([ReLU,Add(tensor:1),PixelShuffle(factor:2)])",
            "MaxPool2d(kernel:(2,2),stride:(1,1))",
            "BatchNorm2d(eps:0.1)",
        ] {
            let layer: Layer = options().from_str(text).unwrap();
            assert_eq!(options().to_string(&layer).unwrap(), text);
        }
    }

    #[test]
    fn every_operation_reads_back_as_it_was_written() {
        for kind in OperationKind::ALL {
            let layer = kind.layer();
            let text = options().to_string(&layer).unwrap();
            assert!(text.starts_with(kind.name()), "{text}");
            assert_eq!(options().from_str::<Layer>(&text).unwrap(), layer, "{text}");
        }
    }
}
