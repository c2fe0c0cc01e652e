//! The whole numbers of a setup, by name: those of its input, and those of the selected layer.

use super::Setup;
use crate::op::{Parameter, Setting};

/// The number of a setup; `None` where its selected layer has none of that name.
#[must_use]
pub fn number(setup: &Setup, parameter: Parameter) -> Option<usize> {
    let [channels, rows, columns] = setup.input;
    match parameter {
        Parameter::Channels => Some(channels),
        Parameter::Rows => Some(rows),
        Parameter::Columns => Some(columns),
        parameter => match setup.layer()?.setting(parameter)? {
            Setting::Number(number) | Setting::Optional(Some(number)) => Some(number),
            // As many as the layer's input has.
            Setting::Optional(None) => {
                let input = setup.selected_input();
                let axes = input
                    .as_ref()
                    .map_or(setup.input.as_slice(), |shape| shape.axes());
                let from_last = match parameter {
                    Parameter::TargetSlices => 2,
                    Parameter::TargetRows => 1,
                    _ => 0,
                };
                Some(axes.iter().nth_back(from_last).copied().unwrap_or(1))
            }
            Setting::Real(_)
            | Setting::Switch(_)
            | Setting::Choice(_)
            | Setting::Padding(_)
            | Setting::Fill(_) => None,
        },
    }
}

/// Writes a number of a setup; whether the selected layer has one of that name.
pub fn set_number(setup: &mut Setup, parameter: Parameter, value: usize) -> bool {
    match parameter {
        Parameter::Channels => setup.input[0] = value,
        Parameter::Rows => setup.input[1] = value,
        Parameter::Columns => setup.input[2] = value,
        parameter => {
            return setup
                .layers
                .get_mut(setup.selected)
                .is_some_and(|layer| layer.set(parameter, value));
        }
    }
    true
}

/// The groups that divide both channels and filters, from 1 (standard) up. The last one is a
/// depthwise convolution where it is the number of channels.
#[must_use]
pub fn allowed_groups(channels: usize, filters: usize) -> Vec<usize> {
    let (mut a, mut b) = (channels, filters);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    (1..=a).filter(|groups| a.is_multiple_of(*groups)).collect()
}

/// The groups that the selected layer may have, where it has groups.
#[must_use]
pub fn groups_of(setup: &Setup) -> Option<Vec<usize>> {
    number(setup, Parameter::Groups)?;
    let filters = number(setup, Parameter::Filters)?;
    Some(allowed_groups(setup.selected_input()?.channels(), filters))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explore::{Edit, Kind};
    use crate::network::Chain;
    use crate::op::Layer;
    use crate::tensor::{Fill, Shape};

    #[test]
    fn groups_stop_only_where_they_divide() {
        assert_eq!(allowed_groups(8, 12), [1, 2, 4]);
        assert_eq!(allowed_groups(8, 8), [1, 2, 4, 8]);
        assert_eq!(allowed_groups(3, 4), [1]);
        assert_eq!(allowed_groups(6, 12), [1, 2, 3, 6]);
        for groups in allowed_groups(24, 36) {
            assert!(24 % groups == 0 && 36 % groups == 0);
        }
    }

    #[test]
    fn every_number_of_every_kind_reads_back_as_it_was_written() {
        for kind in Kind::offered() {
            let mut setup = Setup::default();
            setup.layers[0] = kind.layer();
            for parameter in Parameter::NUMBERS {
                let Some(before) = number(&setup, parameter) else {
                    assert!(
                        !set_number(&mut setup, parameter, 2),
                        "{kind:?} {parameter:?}"
                    );
                    continue;
                };
                let value = before + 1;
                assert!(set_number(&mut setup, parameter, value));
                assert_eq!(
                    number(&setup, parameter),
                    Some(value),
                    "{kind:?} {parameter:?}"
                );
            }
        }
    }

    #[test]
    fn a_volume_has_numbers_along_its_depth() {
        let layer: Layer = "Conv3d(1, 2, 3)".parse().unwrap();
        let shape: Shape = "1x9x7x7".parse().unwrap();
        let mut setup = Setup::new(&[layer], &shape, Fill::Ramp).unwrap();
        for (name, value) in [
            (Parameter::KernelSlices, 5),
            (Parameter::StrideSlices, 2),
            (Parameter::DilationSlices, 2),
            (Parameter::PaddingFront, 1),
            (Parameter::PaddingBack, 2),
        ] {
            assert!(set_number(&mut setup, name, value));
            assert_eq!(number(&setup, name), Some(value), "{name:?}");
        }
        // PyTorch's formula: (9 + 1 + 2 − 2 · (5 − 1) − 1) / 2 + 1.
        let chain = Chain::plan(&setup.layers, &setup.shape().unwrap()).unwrap();
        assert_eq!(chain.output_shape().axes(), [2, 2, 5, 5]);
        Edit::Both(Parameter::KernelSlices, 1).apply(&mut setup);
        let kernel = [
            Parameter::KernelSlices,
            Parameter::KernelRows,
            Parameter::KernelColumns,
        ];
        assert_eq!(kernel.map(|name| number(&setup, name)), [Some(1); 3]);
    }

    #[test]
    fn an_adaptive_pool_of_a_volume_is_asked_for_a_depth() {
        let shape: Shape = "2x5x6x7".parse().unwrap();
        let target = [
            Parameter::TargetSlices,
            Parameter::TargetRows,
            Parameter::TargetColumns,
        ];
        for layer in [
            "AdaptiveAvgPool3d((None, None, None))",
            "AdaptiveMaxPool3d((None, None, None))",
        ] {
            let layer: Layer = layer.parse().unwrap();
            let mut setup = Setup::new(&[layer], &shape, Fill::Ramp).unwrap();
            let numbers = |setup: &Setup| target.map(|name| number(setup, name));
            // PyTorch: None keeps the length that the input has along that axis.
            assert_eq!(numbers(&setup), [Some(5), Some(6), Some(7)]);
            assert!(set_number(&mut setup, Parameter::TargetSlices, 3));
            let chain = Chain::plan(&setup.layers, &setup.shape().unwrap()).unwrap();
            assert_eq!(chain.output_shape().axes(), [2, 3, 6, 7]);
            Edit::Both(Parameter::TargetSlices, 2).apply(&mut setup);
            assert_eq!(numbers(&setup), [Some(2); 3]);
        }
    }

    #[test]
    fn one_side_of_a_padding_makes_sides_of_it() {
        let mut setup = Setup::default();
        set_number(&mut setup, Parameter::PaddingBottom, 2);
        let padding = setup.layers[0].setting(Parameter::Padding);
        let Some(Setting::Padding(padding)) = padding else {
            panic!("{padding:?}");
        };
        assert_eq!(padding.sides(), Some([0, 2, 0, 0]));
    }
}
