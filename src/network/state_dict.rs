//! Weights by name: a whole `model.safetensors` given to the parameters of a network, as PyTorch's
//! `load_state_dict` does.

use std::collections::{BTreeMap, HashMap};

use super::graph::Graph;
use crate::language::{Localized, Message, message_error, says};
use crate::tensor::Shape;
use crate::tensor::files::{FileError, read_safetensors_of, safetensors_names};

/// Names that are written out in a message, at most.
const LISTED: usize = 8;

/// What came of giving a file's tensors to a network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateReport {
    /// How many parameters have their numbers from the file.
    pub loaded: usize,
    /// What stands before every name in the file and not in the network: `module.`
    pub prefix: String,
    /// Parameters that the file has not.
    pub missing: Vec<String>,
    /// Tensors of the file that the network has not.
    pub surplus: Vec<String>,
    /// Parameters that have another shape in the file: the network's, then the file's.
    pub misshapen: Vec<(String, Shape, Vec<usize>)>,
    /// Buffers that the source has worked into the network, and that have other numbers in the file.
    pub differing: Vec<String>,
}

/// Why a file does not give a network its weights.
#[derive(Debug, Clone, PartialEq)]
pub enum StateError {
    /// A file that is none.
    File(FileError),
    /// Names or shapes that do not fit.
    Names(StateReport),
}

/// Some names of a list, and how many more there are.
fn listed(names: &[String]) -> Localized<String> {
    let shown = names[..names.len().min(LISTED)].join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => Localized::same(shown),
        more => says!(en: "{shown} and {more} more", ja: "{shown} ほか {more} 個"),
    }
}

impl Message for StateReport {
    fn message(&self) -> Localized<String> {
        let mut parts = Vec::new();
        if !self.missing.is_empty() {
            let (count, names) = (self.missing.len(), listed(&self.missing));
            parts.push(says!(
                with [names];
                en: "missing in the file ({count}): {names}",
                ja: "ファイルにないもの ({count} 個): {names}"
            ));
        }
        if !self.misshapen.is_empty() {
            let count = self.misshapen.len();
            let names: Vec<String> = self
                .misshapen
                .iter()
                .map(|(name, wanted, given)| {
                    let given: Vec<String> = given.iter().map(usize::to_string).collect();
                    format!("{name} ({} → {wanted})", given.join(" × "))
                })
                .collect();
            let names = listed(&names);
            parts.push(says!(
                with [names];
                en: "of another shape, the file's → the network's ({count}): {names}",
                ja: "形状が違うもの、ファイル → ネットワーク ({count} 個): {names}"
            ));
        }
        if !self.differing.is_empty() {
            let (count, names) = (self.differing.len(), listed(&self.differing));
            parts.push(says!(
                with [names];
                en: "buffers with other numbers in the file than the source makes ({count}): {names}; export the model to ONNX instead",
                ja: "コードが作る値とファイルの値が違うバッファ ({count} 個): {names}。ONNX に書き出して開いてください"
            ));
        }
        if !self.surplus.is_empty() {
            let (count, names) = (self.surplus.len(), listed(&self.surplus));
            parts.push(says!(
                with [names];
                en: "in the file only ({count}): {names}",
                ja: "ファイルだけにあるもの ({count} 個): {names}"
            ));
        }
        if !self.prefix.is_empty() {
            let prefix = &self.prefix;
            parts.push(says!(
                en: "{prefix:?} before the file's names was left out",
                ja: "ファイルの名前の先頭の {prefix:?} は外しました"
            ));
        }
        Localized::join(parts, Localized::new("; ", "、"))
    }
}

impl Message for StateError {
    fn message(&self) -> Localized<String> {
        match self {
            Self::File(why) => why.message(),
            Self::Names(report) => {
                let what = report.message();
                says!(
                    with [what];
                    en: "the weights do not fit the network: {what}",
                    ja: "重みがネットワークに合いません: {what}"
                )
            }
        }
    }
}

message_error!(StateError { File(FileError) });

/// What stands before the file's names so that most of a network's names are found: `""`, `module.`,
/// `model.` or what else there is.
fn prefix(wanted: &[(String, Shape)], given: &HashMap<&str, &[usize]>) -> String {
    let found = |prefix: &str| {
        let names = wanted.iter();
        names
            .filter(|(name, _)| given.contains_key(format!("{prefix}{name}").as_str()))
            .count()
    };
    let mut best = (found(""), String::new());
    let mut tried: BTreeMap<String, ()> = BTreeMap::new();
    for (name, _) in wanted.iter().take(4) {
        for given in given.keys() {
            if let Some(prefix) = given.strip_suffix(name.as_str())
                && prefix.ends_with('.')
                && tried.len() < 64
            {
                tried.insert(prefix.to_owned(), ());
            }
        }
    }
    for prefix in tried.into_keys() {
        let count = found(&prefix);
        if count > best.0 {
            best = (count, prefix);
        }
    }
    best.1
}

impl Graph {
    /// Gives its parameters the tensors of a `.safetensors` file that have their names.
    ///
    /// # Errors
    /// When the bytes are no such file, or a parameter is not in it or has another shape there. Then
    /// nothing is changed.
    pub fn load_state(&mut self, bytes: &[u8]) -> Result<StateReport, StateError> {
        let names = safetensors_names(bytes)?;
        let given: HashMap<&str, &[usize]> = names
            .iter()
            .map(|(name, axes)| (name.as_str(), axes.as_slice()))
            .collect();
        let wanted: Vec<(String, Shape)> = self
            .state_names()
            .filter_map(|(name, shape)| Some((name.to_owned(), shape?)))
            .collect();
        let mut report = StateReport {
            prefix: prefix(&wanted, &given),
            ..StateReport::default()
        };
        let mut used = Vec::new();
        for (name, shape) in &wanted {
            let whole = format!("{}{name}", report.prefix);
            match given.get(whole.as_str()) {
                None => report.missing.push(name.clone()),
                Some(axes) if *axes != shape.axes() => {
                    let axes = axes.to_vec();
                    report.misshapen.push((name.clone(), *shape, axes));
                }
                Some(_) => used.push((whole, *shape)),
            }
        }
        let known = |name: &str| {
            let inner = name.strip_prefix(report.prefix.as_str());
            inner.is_some_and(|inner| wanted.iter().any(|(own, _)| own == inner))
        };
        let surplus = names.iter().map(|(name, _)| name);
        report.surplus = surplus
            // A count of training steps, which nothing here uses.
            .filter(|name| !known(name) && !name.ends_with("num_batches_tracked"))
            .filter(|name| {
                let inner = name.strip_prefix(report.prefix.as_str());
                !inner.is_some_and(|inner| self.made_by_source().any(|(own, _)| own == inner))
            })
            .cloned()
            .collect();
        for (name, own) in self.made_by_source() {
            let whole = format!("{}{name}", report.prefix);
            let Some(axes) = given.get(whole.as_str()) else {
                continue;
            };
            let same = *axes == own.shape().axes() && {
                let read = read_safetensors_of(bytes, &[(whole, *own.shape())])?;
                read.first().is_some_and(|read| {
                    let pairs = read.data().iter().zip(own.data());
                    pairs.fold(true, |same, (one, two)| {
                        same && (one == two || (one - two).abs() <= 1e-5 * two.abs().max(1.0))
                    })
                })
            };
            if !same {
                report.differing.push(name.to_owned());
            }
        }
        let refused = !report.missing.is_empty()
            || !report.misshapen.is_empty()
            || !report.differing.is_empty();
        if refused {
            return Err(StateError::Names(report));
        }
        let tensors = read_safetensors_of(bytes, &used)?;
        for ((name, _), tensor) in used.iter().zip(tensors) {
            let own = name.strip_prefix(report.prefix.as_str()).unwrap_or(name);
            report.loaded += usize::from(self.set_parameter(own, tensor));
        }
        Ok(report)
    }

    /// Names and shapes of what PyTorch's `state_dict` would hold.
    fn state_names(&self) -> impl Iterator<Item = (&str, Option<Shape>)> {
        self.values().filter_map(|(_, value)| match value.source {
            super::graph::ValueSource::Parameter { .. } => Some((value.name.as_str(), value.shape)),
            _ => None,
        })
    }
}
