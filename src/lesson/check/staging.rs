//! What stands on the stage of a scene: an input with layers, sides to be compared, or a network.

use std::sync::Arc;

use super::Checker;
use crate::language::{Localized, Message, says};
use crate::lesson::diagnostic::NO_HELP;
use crate::lesson::schema::{RawInput, RawLesson, RawNetwork, RawScene, RawSide};
use crate::lesson::{Input, InputError, StagedNetwork, Staging, StagingError};
use crate::network::map::RunNetwork;
use crate::network::onnx::GivenInput;
use crate::network::{ChainError, OnnxNetwork, Subject};
use crate::op::Layer;
use crate::tensor::{ReadFile, Shape, Tensor};

impl Checker {
    /// What a scene calls its tensors.
    pub(super) fn tensor_names(&mut self, scene: &str, raw: &RawScene, staging: &mut Staging) {
        let path = format!("{scene}.names");
        for (number, name) in &raw.names {
            let count = staging.tensors.len();
            if *number >= count {
                self.error(
                    &path,
                    says!(
                        en: "there is no tensor {number}; the scene has {count}, counted from 0",
                        ja: "テンソル {number} はありません。シーンのテンソルは {count} 個で、0 から数えます"
                    ),
                    Localized::new(
                        "tensor 0 is the input; of a network, blocks have titles of their own",
                        "テンソル 0 は入力です。ネットワークのブロックには、初めから名前があります",
                    ),
                );
                continue;
            }
            if let Some(name) = self.text(&path, name) {
                staging.tensor_names.insert(*number, name);
            }
        }
    }

    /// The sides of a scene, planned and computed.
    pub(super) fn staging(
        &mut self,
        scene: &str,
        raw: &RawScene,
        lesson: &RawLesson,
    ) -> Option<Staging> {
        // What a scene does not have it takes from the lesson, and there its mistakes are shown.
        let own = |own: bool, field: &str| {
            if own {
                format!("{scene}.{field}")
            } else {
                field.to_owned()
            }
        };
        if let Some(network) = &raw.network {
            if raw.layers.is_some() || raw.compare.is_some() {
                self.error(
                    &format!("{scene}.network"),
                    Localized::new(
                        "a scene has `layers`, `compare` or `network`, only one of them",
                        "シーンに書けるのは `layers`、`compare`、`network` のどれかひとつです",
                    ),
                    Localized::new("remove the others", "ほかを取り除いてください"),
                );
                return None;
            }
            let Some(input) = raw.input.as_ref().or(lesson.input.as_ref()) else {
                self.no_input(scene);
                return None;
            };
            return self.network(&format!("{scene}.network"), network, input);
        }
        let input = self.input(scene, &own(raw.input.is_some(), "input"), raw, lesson);
        let mut staging = Staging::default();
        if let Some(sides) = &raw.compare {
            if raw.layers.is_some() {
                self.error(
                    &format!("{scene}.layers"),
                    Localized::new(
                        "a scene has either `layers` or `compare`, not both",
                        "シーンに書けるのは `layers` か `compare` のどちらか一方です",
                    ),
                    Localized::new(
                        "move these layers into a `Side(…)` of `compare`, or remove one of the two",
                        "この層を `compare` の `Side(…)` に移すか、どちらかを取り除いてください",
                    ),
                );
            }
            if sides.len() < 2 {
                self.error(
                    &format!("{scene}.compare"),
                    Localized::new(
                        "a comparison needs at least two sides",
                        "比較にはサイドが 2 つ以上必要です",
                    ),
                    Localized::new(
                        "add `Side(name: (en: \"…\", ja: \"…\"), layers: [ … ])`",
                        "`Side(name: (en: \"…\", ja: \"…\"), layers: [ … ])` を書き足してください",
                    ),
                );
                return None;
            }
            let mut whole = Some(());
            for (index, side) in sides.iter().enumerate() {
                let path = format!("{scene}.compare[{index}]");
                let named = self.text(&format!("{path}.name"), &side.name);
                let RawSide { layers, .. } = side;
                let layers_path = format!("{path}.layers");
                let added = input.clone().and_then(|input| {
                    self.side(&mut staging, &layers_path, named, layers, input, raw)
                });
                whole = whole.and(added);
            }
            whole?;
            return Some(staging);
        }
        let layers_path = own(raw.layers.is_some(), "layers");
        let Some(layers) = raw.layers.as_ref().or(lesson.layers.as_ref()) else {
            self.error(
                scene,
                Localized::new("the scene has no layers", "シーンに層がありません"),
                Localized::new(
                    "add `layers: [Conv2d(filters: 4, kernel: (3, 3))]` to it or to the lesson",
                    "シーンかレッスンに `layers: [Conv2d(filters: 4, kernel: (3, 3))]` のように書いてください",
                ),
            );
            return None;
        };
        self.side(&mut staging, &layers_path, None, layers, input?, raw)?;
        Some(staging)
    }

    fn side(
        &mut self,
        staging: &mut Staging,
        path: &str,
        name: Option<Localized<String>>,
        layers: &[Layer],
        input: Input,
        raw: &RawScene,
    ) -> Option<()> {
        let read = self.reader();
        let error = match staging.add_side(name, layers, input, raw.order, &read) {
            Ok(()) => return Some(()),
            Err(error) => error,
        };
        // Composite layers are taken apart: the one that is at fault may hold several.
        let position = match &error {
            StagingError::Chain(
                ChainError::Layer { position, .. }
                | ChainError::Skip { position, .. }
                | ChainError::Operands { position, .. },
            ) => {
                let mut parts = layers.iter().scan(0, |before, layer| {
                    *before += layer.flattened().len();
                    Some(*before)
                });
                parts.position(|end| *position < end)
            }
            StagingError::Unshown { .. } | StagingError::Operands(_) | StagingError::Tensor(_)
                if layers.len() == 1 =>
            {
                Some(0)
            }
            _ => None,
        };
        let path = match position {
            Some(position) => format!("{path}[{position}]"),
            None if layers.len() == 1 => format!("{path}[0]"),
            None => path.to_owned(),
        };
        // Of a single layer its own reason is enough.
        let message = match &error {
            StagingError::Chain(ChainError::Layer { why, .. }) if layers.len() == 1 => {
                why.message()
            }
            error => error.message(),
        };
        self.error(&path, message, error.help());
        None
    }

    fn no_input(&mut self, scene: &str) {
        self.error(
            scene,
            Localized::new("the scene has no input", "シーンに入力がありません"),
            Localized::new(
                "add `input: (shape: (3, 6, 6), fill: Ramp)` to it or to the lesson",
                "シーンかレッスンに `input: (shape: (3, 6, 6), fill: Ramp)` のように書いてください",
            ),
        );
    }

    /// A network on an input, run once for all scenes that show it.
    fn network(&mut self, path: &str, raw: &RawNetwork, input: &RawInput) -> Option<Staging> {
        let known = self.networks.iter().find(|(known, on, _)| {
            known.file == raw.file
                && known.inputs == raw.inputs
                && known.settings == raw.settings
                && on == input
        });
        let run = match known {
            Some((_, _, run)) => run.clone(),
            None => match run_network(raw, input, &self.reader()) {
                Ok(run) => {
                    self.networks
                        .push((raw.clone(), input.clone(), run.clone()));
                    run
                }
                Err(why) => {
                    self.error(&format!("{path}.file"), why, NO_HELP);
                    return None;
                }
            },
        };
        for (index, name) in raw.open.iter().enumerate() {
            let known = run.map.find(name);
            if known.is_none_or(|unit| unit.parts.is_empty()) {
                let names = run.map.units.iter().filter(|unit| !unit.parts.is_empty());
                let names: Vec<String> = names.map(|unit| format!("\"{}\"", unit.name)).collect();
                let names = names.join(", ");
                self.error(
                    &format!("{path}.open[{index}]"),
                    says!(en: "nothing that opens is called \"{name}\"", ja: "「{name}」という開ける部分はありません"),
                    says!(en: "these open: {names}", ja: "開けるのは {names} です"),
                );
                return None;
            }
        }
        let open = raw.open.iter().cloned().collect();
        Some(Staging {
            network: Some(Arc::new(StagedNetwork::new(run, &open))),
            ..Staging::default()
        })
    }

    fn input(
        &mut self,
        scene: &str,
        path: &str,
        raw: &RawScene,
        lesson: &RawLesson,
    ) -> Option<Input> {
        let Some(raw_input) = raw.input.as_ref().or(lesson.input.as_ref()) else {
            self.no_input(scene);
            return None;
        };
        let (channels, height, width) = raw_input.shape;
        let fill = raw_input.fill.clone();
        match Input::new([channels, height, width], fill, &self.reader()) {
            Ok(input) => Some(input),
            Err(error) => {
                let field = match error {
                    InputError::Shape(_) | InputError::TooLarge { .. } => "shape",
                    InputError::Fill(_) => "fill",
                };
                self.error(&format!("{path}.{field}"), error.message(), error.help());
                None
            }
        }
    }
}

/// Reads a network and runs it on its inputs: that of the scene is the first of those that are no settings.
fn run_network(
    raw: &RawNetwork,
    input: &RawInput,
    read: &ReadFile,
) -> Result<RunNetwork, Localized<String>> {
    let network = Subject::network_named(&raw.file, read).map_err(|why| why.message())?;
    let mut inputs = network.model.inputs.iter();
    let first = inputs.find(|one| !raw.settings.contains_key(&one.name));
    let first = first.map(|first| (first.name.as_str(), input));
    let further = raw.inputs.iter();
    let further = further.map(|(name, input)| (name.as_str(), input));
    let given = first.into_iter().chain(further);
    let given = given.map(|(name, input)| given_input(&network, name, input, read));
    let (mut given, mut tensors): (Vec<GivenInput>, Vec<Tensor>) =
        given.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    for (name, setting) in &raw.settings {
        let (setting, numbers) = given_input(&network, name, setting, read)?;
        given.push(GivenInput {
            tensor: Some(numbers.clone()),
            ..setting
        });
        tensors.push(numbers);
    }
    let graph = network.graph(&given).map_err(|why| why.message())?;
    let mut inputs = Vec::new();
    for &id in graph.inputs() {
        let value = graph.value(id);
        let Some(shape) = value.shape else {
            continue;
        };
        let own = given
            .iter()
            .position(|one| one.name.as_deref() == Some(value.name.as_str()));
        let tensor = match own.map(|own| tensors[own].clone()) {
            Some(tensor) => tensor.reshaped(shape).map_err(|why| why.message())?,
            // What is not named holds what the scene's input is filled with.
            None => {
                let made = input.fill.make_with(&shape, read);
                made.map_err(|why| why.message())?
            }
        };
        inputs.push((id, tensor));
    }
    RunNetwork::new(graph, &inputs).map_err(|why| why.message())
}

/// An input of a network, in the axes that its file declares, and its numbers. The network is opened without them:
/// only those that are named as such are its settings, and all of its other inputs stand on the map.
fn given_input(
    network: &OnnxNetwork,
    name: &str,
    input: &RawInput,
    read: &ReadFile,
) -> Result<(GivenInput, Tensor), Localized<String>> {
    let (channels, rows, columns) = input.shape;
    let planes = Shape::new(&[channels, rows, columns]).map_err(|why| why.message())?;
    let sample = input.fill.make_with(&planes, read);
    let sample = sample.map_err(|why| why.message())?;
    let shape = network.shape_of(name, &planes);
    // As many samples as the file asks for, all of them this one.
    let numbers = sample.data().repeat(shape.count() / planes.count());
    let tensor = Tensor::new(shape, numbers).map_err(|why| why.message())?;
    let given = GivenInput {
        name: Some(name.to_owned()),
        shape,
        tensor: None,
        empty: None,
    };
    Ok((given, tensor))
}
