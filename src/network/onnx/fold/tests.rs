use std::collections::BTreeMap;

use super::*;

fn fold(
    op_type: &str,
    inputs: &[Constant],
    attributes: &[(&str, OnnxAttribute)],
) -> Option<Folded> {
    let attributes: BTreeMap<String, OnnxAttribute> = attributes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    Folding {
        op_type,
        attributes: &attributes,
        inputs: inputs.iter().map(Some).collect(),
        axes: inputs.iter().map(|one| Some(one.axes.clone())).collect(),
        given: vec![true; inputs.len()],
    }
    .fold()
}

fn list(numbers: &[i64]) -> Constant {
    Constant::list(numbers.to_vec())
}

/// Axes and whole numbers of a result.
fn whole(folded: Option<Folded>) -> (Vec<usize>, Vec<i64>) {
    let constant = folded.unwrap().unwrap();
    let numbers = constant.as_integers().unwrap().to_vec();
    (constant.axes, numbers)
}

#[test]
fn a_reshape_that_an_exporter_writes_becomes_numbers() {
    // x.view(x.shape[0], -1) of 2 × 3 × 4: Shape, Gather, Unsqueeze, Concat.
    let attributes = BTreeMap::new();
    let shape = Folding {
        op_type: "Shape",
        attributes: &attributes,
        inputs: vec![None],
        axes: vec![Some(vec![2, 3, 4])],
        given: vec![true],
    };
    let shape = shape.fold().unwrap().unwrap();
    assert_eq!(shape.as_integers(), Some(&[2, 3, 4][..]));
    let zero = Constant::integers(Vec::new(), vec![0]);
    let first = fold("Gather", &[shape, zero], &[]).unwrap().unwrap();
    assert!(first.axes.is_empty());
    let first = fold("Unsqueeze", &[first, list(&[0])], &[])
        .unwrap()
        .unwrap();
    let axis = [("axis", OnnxAttribute::Integer(0))];
    let joined = fold("Concat", &[first, list(&[-1])], &axis);
    assert_eq!(whole(joined), (vec![2], vec![2, -1]));
}

#[test]
fn whole_numbers_are_calculated_as_onnx_runtime_does() {
    let of = |op_type, a: i64, b: i64| whole(fold(op_type, &[list(&[a]), list(&[b])], &[])).1[0];
    assert_eq!(of("Div", -7, 2), -3);
    assert_eq!(of("Mod", -7, 2), 1);
    assert_eq!(of("Mod", 7, -3), -2);
    assert_eq!(of("Pow", 2, 10), 1024);
    assert_eq!(of("Equal", 3, 3), 1);
    assert_eq!(of("Min", 3, -1), -1);
    assert!(
        fold("Div", &[list(&[1]), list(&[0])], &[])
            .unwrap()
            .is_err()
    );
}

#[test]
fn slices_go_both_ways_and_past_the_ends() {
    let slice = |start, end, step| {
        let numbers: Vec<i64> = (0..5).collect();
        let [start, end, axis, step] = [start, end, 0, step].map(|number| list(&[number]));
        whole(fold(
            "Slice",
            &[list(&numbers), start, end, axis, step],
            &[],
        ))
        .1
    };
    // numpy: a[1:4], a[-2:], a[::-1], a[3:0:-2], a[7:]
    assert_eq!(slice(1, 4, 1), [1, 2, 3]);
    assert_eq!(slice(-2, i64::MAX, 1), [3, 4]);
    assert_eq!(slice(-1, i64::MIN, -1), [4, 3, 2, 1, 0]);
    assert_eq!(slice(3, 0, -2), [3, 1]);
    assert_eq!(slice(7, 9, 1), [0; 0]);
}

#[test]
fn numbers_move_and_spread() {
    let grid = Constant::integers(vec![2, 3], (0..6).collect());
    assert_eq!(
        whole(fold("Transpose", std::slice::from_ref(&grid), &[])),
        (vec![3, 2], vec![0, 3, 1, 4, 2, 5])
    );
    let open = fold("Reshape", &[grid.clone(), list(&[0, -1, 1])], &[]);
    assert_eq!(whole(open).0, [2, 3, 1]);
    let row = Constant::integers(vec![1, 2], vec![7, 8]);
    assert_eq!(
        whole(fold("Expand", &[row.clone(), list(&[2, 1])], &[])),
        (vec![2, 2], vec![7, 8, 7, 8])
    );
    assert_eq!(
        whole(fold("Tile", &[row, list(&[2, 2])], &[])),
        (vec![2, 4], vec![7, 8, 7, 8, 7, 8, 7, 8])
    );
    let keep = [
        ("axes", OnnxAttribute::Integers(vec![-1])),
        ("keepdims", OnnxAttribute::Integer(0)),
    ];
    assert_eq!(
        whole(fold("ReduceProd", std::slice::from_ref(&grid), &keep)),
        (vec![2], vec![0, 60])
    );
    assert_eq!(
        whole(fold("NonZero", &[list(&[0, 5, 0, 1])], &[])),
        (vec![1, 2], vec![1, 3])
    );
    // What does not follow is told, and what asks for too much takes no memory.
    assert!(
        fold("Reshape", &[grid, list(&[4, 2])], &[])
            .unwrap()
            .is_err()
    );
    let huge = list(&[1 << 40, 1 << 40]);
    assert!(fold("ConstantOfShape", &[huge], &[]).unwrap().is_err());
    let ends = [0, i64::MAX, 1].map(|number| Constant::integers(Vec::new(), vec![number]));
    assert!(fold("Range", &ends, &[]).unwrap().is_err());
}

#[test]
fn large_floats_are_left_to_the_graph() {
    let weights = Constant::floats(vec![300, 300], vec![1.0; 90_000]);
    assert!(fold("Transpose", std::slice::from_ref(&weights), &[]).is_none());
    let viewed = fold("Reshape", &[weights, list(&[-1])], &[])
        .unwrap()
        .unwrap();
    assert_eq!(viewed.axes, [90_000]);
    let half = Constant::floats(vec![1], vec![2.7]);
    let to = [("to", OnnxAttribute::Integer(7))];
    assert_eq!(whole(fold("Cast", &[half], &to)).1, [2]);
}
