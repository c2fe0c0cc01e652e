//! How many cubes a setup takes, and what would fit instead of one that takes too many.

use super::edit::cropped;
use super::parameters::allowed_groups;
use super::setup::Setup;
use crate::lesson::{ELEMENT_LIMIT, working_cubes};
use crate::network::Chain;
use crate::op::Parameter;

/// A way to bring a setup under the limit, or to fix it otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// What it changes.
    pub kind: OfferKind,
    /// The setup after it.
    pub setup: Setup,
}

/// What an offer changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferKind {
    /// Fewer rows and columns.
    Size {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// The first channels only.
    Channels(usize),
    /// At most so many channels and filters, and perhaps fewer rows and columns.
    Everything {
        /// Channels and filters at most.
        channels: usize,
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// Groups that divide.
    Groups(usize),
    /// Padding in numbers instead of `same`.
    Padding(usize),
    /// Channels that a shuffle divides.
    ShuffledChannels(usize),
}

/// Cubes that a chain takes on the stage: tensors, padding, and weights three times (waiting, at
/// work, as products).
#[must_use]
pub fn cubes(chain: &Chain) -> u128 {
    let layers = chain.plans().iter().map(|plan| {
        plan.output_shape().count() as u128
            + plan.padded_shape().count() as u128
            + working_cubes(plan) as u128
    });
    chain.input_shape().count() as u128 + layers.sum::<u128>()
}

/// Whether a setup can be planned and fits.
fn fits(setup: &Setup) -> bool {
    planned(setup).is_some_and(|cubes| cubes <= ELEMENT_LIMIT as u128)
}

fn planned(setup: &Setup) -> Option<u128> {
    let chain = Chain::plan(&setup.layers, &setup.shape().ok()?).ok()?;
    Some(cubes(&chain))
}

/// The setup on an input of another size.
fn resized(setup: &Setup, input: [usize; 3]) -> Setup {
    Setup {
        input,
        ..setup.clone()
    }
}

/// What would fit instead of a setup over the limit, the least loss first.
#[must_use]
pub fn offers(setup: &Setup) -> Vec<Offer> {
    let mut offers = Vec::new();
    if fits(setup) {
        return offers;
    }
    let mut offer = |kind: OfferKind, mut fitting: Setup| {
        cut_numbers(setup, &mut fitting);
        offers.push(Offer {
            kind,
            setup: fitting,
        });
    };
    let [channels, ..] = setup.input;
    if let Some(smaller) = smaller_size(setup) {
        let [_, rows, columns] = smaller.input;
        offer(OfferKind::Size { rows, columns }, smaller);
    }
    let slice = (1..channels)
        .rev()
        .take(4_096)
        .map(|count| {
            let mut sliced = setup.clone();
            sliced.input[0] = count;
            (count, sliced)
        })
        .find(|(_, sliced)| fits(sliced));
    if let Some((count, sliced)) = slice {
        offer(OfferKind::Channels(count), sliced);
    }
    if offers.is_empty() {
        let halves = std::iter::successors(Some(1024_usize), |most| (*most > 1).then(|| most / 2));
        let capped = halves
            .filter_map(|most| {
                let capped = capped(setup, most);
                if fits(&capped) {
                    Some((most, capped))
                } else {
                    smaller_size(&capped).map(|smaller| (most, smaller))
                }
            })
            .next();
        if let Some((most, mut capped)) = capped {
            let [_, rows, columns] = capped.input;
            cut_numbers(setup, &mut capped);
            offers.push(Offer {
                kind: OfferKind::Everything {
                    channels: most,
                    rows,
                    columns,
                },
                setup: capped,
            });
        }
    }
    offers
}

/// Numbers that are given are cut to what a smaller setup takes of them, and not asked for anew.
fn cut_numbers(setup: &Setup, smaller: &mut Setup) {
    if let Some(fill) = cropped(&setup.fill, &setup.input, &smaller.input) {
        smaller.fill = fill;
    }
    let planned = |setup: &Setup| Chain::plan(&setup.layers, &setup.shape().ok()?).ok();
    let (Some(before), Some(after)) = (planned(setup), planned(smaller)) else {
        return;
    };
    if after.plans().len() != smaller.layers.len() {
        return;
    }
    let plans = before.plans().iter().zip(after.plans());
    for (layer, (before, after)) in smaller.layers.iter_mut().zip(plans) {
        let operands = before.operand_list().iter().zip(after.operand_list());
        for (whole, part) in operands.filter(|(whole, part)| whole.shape != part.shape) {
            let fill = layer.fill(part.name);
            let cut = fill.and_then(|fill| cropped(fill, whole.shape.axes(), part.shape.axes()));
            if let Some(cut) = cut {
                layer.fill_with(part.name, cut);
            }
        }
    }
}

/// The largest input of the same proportions that fits; `None` where size alone does not help.
fn smaller_size(setup: &Setup) -> Option<Setup> {
    let [channels, rows, columns] = setup.input;
    let longest = rows.max(columns);
    let at = |length: usize| {
        let share = |axis: usize| (axis * length).div_ceil(longest.max(1)).max(1);
        resized(setup, [channels, share(rows), share(columns)])
    };
    // What cannot be planned at a small size counts as fitting, so that there is one border.
    let (mut low, mut high) = (0, longest);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if planned(&at(middle)).is_none_or(|cubes| cubes <= ELEMENT_LIMIT as u128) {
            low = middle;
        } else {
            high = middle;
        }
    }
    // A shuffle or a pool may need a size that divides: look a little further down.
    (low.saturating_sub(64)..=low)
        .rev()
        .filter(|length| *length > 0)
        .map(at)
        .find(fits)
}

/// At most so many channels and filters, with groups that still divide.
fn capped(setup: &Setup, most: usize) -> Setup {
    let mut capped = setup.clone();
    capped.input[0] = capped.input[0].min(most);
    let mut channels = capped.input[0];
    let mut before = setup.input[0];
    for layer in &mut capped.layers {
        let (Some(filters), Some(groups)) = (
            layer.number(Parameter::Filters),
            layer.number(Parameter::Groups),
        ) else {
            continue;
        };
        let depthwise = groups == before;
        before = filters;
        let fewer = if depthwise {
            channels * (filters / groups.max(1)).max(1)
        } else {
            filters.min(most)
        };
        let groups = if depthwise {
            channels
        } else {
            allowed_groups(channels, fewer)
                .into_iter()
                .rfind(|allowed| *allowed <= groups)
                .unwrap_or(1)
        };
        layer.set(Parameter::Filters, fewer);
        layer.set(Parameter::Groups, groups);
        channels = fewer;
    }
    capped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Conv2d;
    use crate::tensor::Fill;

    fn setup(input: [usize; 3], layer: Conv2d) -> Setup {
        Setup {
            input,
            layers: vec![layer.into()],
            ..Setup::default()
        }
    }

    #[test]
    fn what_fits_needs_no_offer() {
        assert!(offers(&Setup::default()).is_empty());
    }

    #[test]
    fn a_large_picture_is_offered_smaller_and_with_fewer_channels() {
        let large = setup([64, 224, 224], Conv2d::new(8, (3, 3)));
        let offers = offers(&large);
        let kinds: Vec<_> = offers.iter().map(|offer| offer.kind).collect();
        assert!(
            matches!(kinds[0], OfferKind::Size { rows, columns } if rows == columns && rows > 30)
        );
        for offer in &offers {
            assert!(fits(&offer.setup), "{:?}", offer.kind);
        }
        // The next larger one would not fit.
        let OfferKind::Size { rows, columns } = kinds[0] else {
            panic!("a size");
        };
        assert!(!fits(&resized(&large, [64, rows + 1, columns + 1])));
    }

    #[test]
    fn too_many_weights_are_offered_fewer_channels_and_filters() {
        let heavy = setup([512, 14, 14], Conv2d::new(512, (3, 3)));
        let offers = offers(&heavy);
        assert!(!offers.is_empty());
        for offer in &offers {
            assert!(fits(&offer.setup), "{:?}", offer.kind);
        }
    }

    #[test]
    fn a_depthwise_layer_stays_one() {
        let layer = Conv2d {
            groups: 4096,
            ..Conv2d::new(4096, (5, 5))
        };
        let deep = setup([4096, 7, 7], layer);
        for offer in offers(&deep) {
            let layer = &offer.setup.layers[0];
            assert_eq!(layer.number(Parameter::Groups), Some(offer.setup.input[0]));
            assert!(fits(&offer.setup));
        }
    }

    #[test]
    fn given_weights_are_cut_to_the_offer() {
        let count = 128 * 128 * 9;
        let heavy = setup(
            [128, 8, 8],
            Conv2d {
                weights: Fill::Values((0..count).map(|value| value as f32).collect()),
                ..Conv2d::new(128, (3, 3))
            },
        );
        let offers = offers(&heavy);
        assert!(!offers.is_empty());
        for offer in &offers {
            let Some(Fill::Values(values)) = offer.setup.layers[0].fill("weight") else {
                panic!("numbers");
            };
            // The first weight of the second filter, behind as many as the first filter has.
            let own = offer.setup.input[0] * 9;
            assert_eq!(values[own], 128.0 * 9.0);
            let chain = Chain::plan(&offer.setup.layers, &offer.setup.shape().unwrap()).unwrap();
            let input = offer
                .setup
                .fill
                .make(&offer.setup.shape().unwrap())
                .unwrap();
            assert!(chain.run(input).is_ok());
        }
    }

    #[test]
    fn given_numbers_are_cut_to_the_offer() {
        let mut large = setup([1, 600, 600], Conv2d::new(1, (3, 3)));
        large.fill = Fill::Values((0..360_000).map(|value| value as f32).collect());
        let offers = offers(&large);
        let OfferKind::Size { rows, columns } = offers[0].kind else {
            panic!("a size");
        };
        let Fill::Values(values) = &offers[0].setup.fill else {
            panic!("numbers");
        };
        assert_eq!(values.len(), rows * columns);
        assert_eq!(values[columns], 600.0);
    }
}
