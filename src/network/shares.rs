//! The numbers of an output as shares of a whole.

use crate::tensor::Tensor;

/// The numbers of a list as shares of one, from the largest down: with softmax, where it has not been
/// applied by the network itself. `None` of what is no list; one with a batch of one is.
#[must_use]
pub fn shares(tensor: &Tensor) -> Option<Vec<(usize, f32)>> {
    let ([_] | [1, _]) = tensor.shape().axes() else {
        return None;
    };
    let values = tensor.data();
    let sum: f32 = values.iter().sum();
    let is_share =
        values.iter().all(|value| (0.0..=1.0).contains(value)) && (sum - 1.0).abs() < 1e-3;
    let largest = values.iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f32> = values.iter().map(|value| (value - largest).exp()).collect();
    let whole: f32 = powers.iter().sum();
    let all = values.iter().zip(&powers);
    let all = all.map(|(value, power)| if is_share { *value } else { power / whole });
    let mut all: Vec<(usize, f32)> = all.enumerate().collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Shape;

    fn of(axes: &[usize], numbers: &[f32]) -> Option<Vec<(usize, f32)>> {
        let shape = Shape::new(axes).unwrap();
        shares(&Tensor::new(shape, numbers.to_vec()).unwrap())
    }

    #[test]
    fn scores_become_shares_and_shares_stay() {
        let all = of(&[1, 3], &[0.0, 2.0_f32.ln(), 0.0]).unwrap();
        assert_eq!(all[0].0, 1);
        assert!((all[0].1 - 0.5).abs() < 1e-6);
        // Equal ones stay in their order.
        assert_eq!([all[1].0, all[2].0], [0, 2]);
        let all = of(&[3], &[0.2, 0.1, 0.7]).unwrap();
        assert_eq!(all, [(2, 0.7), (0, 0.2), (1, 0.1)]);
        assert_eq!(of(&[3, 1], &[0.2, 0.1, 0.7]), None);
    }
}
