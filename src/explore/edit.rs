//! Changes of a setup.

use super::Kind;
use super::parameters::set_number;
use super::setup::Setup;
use crate::op::{LoopOrder, Parameter, Setting};
use crate::tensor::{Fill, Shape};

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// A number of the input or of the selected layer.
    Number(Parameter, usize),
    /// A number of all axes: of the first one, and the same of those behind it.
    Both(Parameter, usize),
    /// The size of the input.
    Input([usize; 3]),
    /// What the input holds.
    Fill(Fill),
    /// A setting of the selected layer.
    Set(Parameter, Setting),
    /// Another kind of layer in the place of the selected one.
    Kind(Kind),
    /// In which order the products are computed.
    Order(LoopOrder),
    /// Which layer of the chain is shown.
    Select(usize),
    /// A layer more, after the selected one.
    AddLayer(Kind),
    /// The selected layer goes; the last one stays.
    RemoveLayer,
    /// Everything anew: what was pasted, dropped or offered.
    Replace(Box<Setup>),
}

impl Edit {
    /// Whether this change continues another one, as a slider that is dragged on does.
    #[must_use]
    pub fn continues(&self, before: &Self) -> bool {
        match (self, before) {
            (Self::Number(a, _), Self::Number(b, _)) | (Self::Both(a, _), Self::Both(b, _)) => {
                a == b
            }
            (Self::Input(_), Self::Input(_)) | (Self::Fill(_), Self::Fill(_)) => true,
            (Self::Set(a, Setting::Fill(_) | Setting::Real(_)), Self::Set(b, _)) => a == b,
            _ => false,
        }
    }

    /// A setting of the selected layer.
    #[must_use]
    pub fn set(name: Parameter, value: impl Into<Setting>) -> Self {
        Self::Set(name, value.into())
    }

    /// Applies the change. What does not concern the selected layer changes nothing.
    pub fn apply(&self, setup: &mut Setup) {
        match self {
            Self::Number(parameter, value) => {
                resize_held(setup, |setup| {
                    set_number(setup, *parameter, *value);
                });
            }
            Self::Both(parameter, value) => resize_held(setup, |setup| {
                let axes = std::iter::successors(Some(*parameter), |axis| axis.across());
                for axis in axes {
                    set_number(setup, axis, *value);
                }
            }),
            Self::Input(input) => resize_held(setup, |setup| setup.input = *input),
            Self::Fill(fill) => setup.fill = fill.clone(),
            Self::Kind(kind) => {
                if let Some(layer) = setup.layers.get_mut(setup.selected) {
                    *layer = kind.instead_of(layer);
                }
            }
            Self::Order(order) => setup.order = *order,
            Self::Select(place) => setup.selected = (*place).min(setup.layers.len() - 1),
            Self::AddLayer(kind) => {
                let place = (setup.selected + 1).min(setup.layers.len());
                setup.layers.insert(place, kind.layer());
                setup.selected = place;
            }
            Self::RemoveLayer => {
                if setup.layers.len() > 1 && setup.selected < setup.layers.len() {
                    setup.layers.remove(setup.selected);
                    setup.selected = setup.selected.min(setup.layers.len() - 1);
                }
            }
            Self::Replace(other) => *setup = (**other).clone(),
            Self::Set(name, value) => {
                if let Some(layer) = setup.layers.get_mut(setup.selected) {
                    layer.set(*name, value.clone());
                }
            }
        }
    }
}

/// Changes the size of the input. Numbers that are given one by one are cut to the new size where
/// it is smaller, as a crop of a picture is.
fn resize_held(setup: &mut Setup, change: impl FnOnce(&mut Setup)) {
    let before = setup.input;
    change(setup);
    if setup.input != before
        && let Some(fill) = cropped(&setup.fill, &before, &setup.input)
    {
        setup.fill = fill;
    }
}

/// The first elements along each axis of numbers that come from a file or are given one by one; `None` of every
/// other fill, and where the new shape is not smaller.
#[must_use]
pub fn cropped(fill: &Fill, from: &[usize], to: &[usize]) -> Option<Fill> {
    let given = matches!(fill, Fill::Values(_) | Fill::File(_) | Fill::Named { .. });
    let smaller = from.len() == to.len() && to.iter().zip(from).all(|(to, from)| to <= from);
    if !given || !smaller {
        return None;
    }
    let tensor = fill.make(&Shape::new(from).ok()?).ok()?;
    let count = Shape::new(to).ok()?.count();
    let mut values = Vec::with_capacity(count);
    for place in 0..count {
        let (mut rest, mut at, mut step) = (place, 0, 1);
        for (to, from) in to.iter().zip(from).rev() {
            at += rest % to * step;
            rest /= to;
            step *= from;
        }
        values.push(*tensor.data().get(at)?);
    }
    Some(Fill::Values(values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_given_one_by_one_are_cut_with_the_input() {
        let mut setup = Setup {
            input: [2, 2, 3],
            fill: Fill::Values((0..12).map(|value| value as f32).collect()),
            ..Setup::default()
        };
        Edit::Number(Parameter::Columns, 2).apply(&mut setup);
        Edit::Number(Parameter::Channels, 1).apply(&mut setup);
        assert_eq!(setup.fill, Fill::Values(vec![0.0, 1.0, 3.0, 4.0]));
    }

    #[test]
    fn both_axes_change_together() {
        let mut setup = Setup::default();
        Edit::Both(Parameter::KernelRows, 5).apply(&mut setup);
        let layer = &setup.layers[0];
        assert_eq!(layer.number(Parameter::KernelRows), Some(5));
        assert_eq!(layer.number(Parameter::KernelColumns), Some(5));
    }

    #[test]
    fn the_last_layer_stays() {
        let mut setup = Setup::default();
        Edit::RemoveLayer.apply(&mut setup);
        assert_eq!(setup.layers.len(), 1);
        Edit::AddLayer(Kind::ReLU).apply(&mut setup);
        assert_eq!((setup.layers.len(), setup.selected), (2, 1));
        Edit::RemoveLayer.apply(&mut setup);
        assert_eq!((setup.layers.len(), setup.selected), (1, 0));
    }
}
