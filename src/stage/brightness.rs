//! One scale of brightness for all that is the same picture: as it was read, moved, enlarged, or with something
//! added to it. Where such pictures are compared, a value is as bright in one as in the others.

use super::pose::range;
use crate::lesson::{StagedLayer, Staging};
use crate::op::Family;

/// Of each tensor of a scene, the values that are shown darkest and brightest, where it is a picture.
pub(super) fn scales(staging: &Staging) -> Vec<(f32, f32)> {
    let own = staging.tensors.iter().map(|tensor| range(tensor.data()));
    let own: Vec<(f32, f32)> = own.collect();
    let same = same_picture(staging);
    let pictures = own.iter().zip(&same).filter(|(_, same)| **same);
    let shared = pictures.fold(range(&[]), |(low, high), ((lowest, highest), _)| {
        (low.min(*lowest), high.max(*highest))
    });
    let scales = own.iter().zip(&same);
    scales
        .map(|(own, same)| if *same { shared } else { *own })
        .collect()
}

/// Of each tensor, whether it is the picture that the sides of a scene read.
fn same_picture(staging: &Staging) -> Vec<bool> {
    let mut same = vec![false; staging.tensors.len()];
    for side in staging.sides.iter().filter(|side| side.is_picture()) {
        same[side.tensors.start] = true;
    }
    for layer in &staging.staged_layers {
        same[layer.output] = still_is_one(layer, &same);
    }
    same
}

/// Whether a layer makes the picture again of what it reads.
fn still_is_one(layer: &StagedLayer, same: &[bool]) -> bool {
    let alone = layer.plan.layer().operation().reads_second_alone();
    let first = Some(layer.input).filter(|_| !alone);
    let mut read = first.into_iter().chain(layer.other);
    match layer.plan.layer().kind().description().family {
        Family::Arrangement
        | Family::Shuffling
        | Family::Resampling
        | Family::Nothing
        | Family::Addition => read.any(|tensor| same[tensor]),
        Family::Joining => read.all(|tensor| same[tensor]),
        Family::Convolution
        | Family::Pooling
        | Family::Normalization
        | Family::Activation
        | Family::Product
        | Family::Lookup
        | Family::Arithmetic
        | Family::Reduction
        | Family::Sequence => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson;

    #[test]
    fn what_is_the_same_picture_has_one_scale_and_the_rest_its_own() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/lessons/trained-super-resolution.ron"
        );
        let source = std::fs::read_to_string(path).unwrap();
        let (lesson, _) = lesson::read(path, &source).unwrap();
        let title = "Beside the photograph";
        let mut scenes = lesson.scenes.iter();
        let scene = scenes.find(|scene| scene.title.en == title).unwrap();
        let scales = scales(&scene.staging);
        let own = |tensor: usize| range(scene.staging.tensors[tensor].data());
        // The photograph, bicubic and the network's picture, which differ in their ranges.
        let pictures = [0, 1, 14, 16, 18, 19, 20, 21];
        assert!(pictures.iter().all(|tensor| scales[*tensor] == scales[21]));
        assert!(own(19) != own(20) && own(20) != own(21));
        let (low, high) = scales[21];
        for tensor in pictures {
            let (lowest, highest) = own(tensor);
            assert!(low <= lowest && highest <= high, "{tensor}");
        }
        // What the convolutions make, and what they add, are no pictures of it.
        for tensor in [4, 10, 12, 17] {
            assert_eq!(scales[tensor], own(tensor), "{tensor}");
        }
    }
}
