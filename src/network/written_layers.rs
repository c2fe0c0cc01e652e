//! Layers as a lesson writes them: operations, and besides them presets by their names.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, EnumAccess, VariantAccess, Visitor};

use super::presets::Preset;
use crate::language::custom;
use crate::op::{LAYER_NAMES, Layer, OperationKind, Sequential, read_variant};

/// The name by which a lesson takes a preset.
const PRESET: &str = "Preset";

/// Every name that a lesson may write for a layer.
pub const WRITTEN_NAMES: &[&str] = &{
    let mut names = [PRESET; LAYER_NAMES.len() + 1];
    let mut place = 0;
    while place < LAYER_NAMES.len() {
        names[place] = LAYER_NAMES[place];
        place += 1;
    }
    names
};

/// Reads a list of layers of a lesson. For `#[serde(deserialize_with)]`.
///
/// # Errors
/// At a name that no operation and no preset has, and at arguments that an operation does not take.
pub fn read_layers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Layer>, D::Error> {
    let written = Vec::<Written>::deserialize(deserializer)?;
    Ok(written.into_iter().map(|written| written.0).collect())
}

/// A layer, whether written out or a preset.
struct Written(Layer);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum("Layer", WRITTEN_NAMES, WrittenVisitor)
    }
}

/// An operation, or a preset.
enum Name {
    Operation(OperationKind),
    Preset,
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl Visitor<'_> for NameVisitor {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a layer")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
                if name == PRESET {
                    return Ok(Name::Preset);
                }
                OperationKind::named(name)
                    .map(Name::Operation)
                    .ok_or_else(|| E::unknown_variant(name, WRITTEN_NAMES))
            }
        }

        deserializer.deserialize_identifier(NameVisitor)
    }
}

struct WrittenVisitor;

impl<'de> Visitor<'de> for WrittenVisitor {
    type Value = Written;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a layer such as Conv2d(filters: 4, kernel: (3, 3))")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Written, A::Error> {
        let (name, variant) = access.variant()?;
        match name {
            // Its layers may be presets too.
            Name::Operation(OperationKind::Sequential) => {
                let layers: Vec<Written> = variant.newtype_variant()?;
                let layers = layers.into_iter().map(|written| written.0).collect();
                Ok(Written(Sequential(layers).into()))
            }
            Name::Operation(kind) => read_variant(kind, variant).map(Written),
            Name::Preset => {
                let name: String = variant.newtype_variant()?;
                let preset = Preset::find(&name).and_then(Preset::layer);
                preset.map(Written).map_err(custom)
            }
        }
    }
}
