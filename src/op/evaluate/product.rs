//! The matrix product, by the `gemm` crate.

use super::threads::for_each_chunk;

/// A matrix in a slice: element (row, column) at `row · row_stride + column · column_stride`.
#[derive(Clone, Copy)]
pub(in crate::op) struct Matrix<'a> {
    pub data: &'a [f32],
    pub row_stride: usize,
    pub column_stride: usize,
}

impl Matrix<'_> {
    /// Whether every element of so many rows and columns lies in the data.
    fn holds(&self, rows: usize, columns: usize) -> bool {
        rows == 0
            || columns == 0
            || (rows - 1) * self.row_stride + (columns - 1) * self.column_stride < self.data.len()
    }
}

/// `out = left · right`, where `left` is `rows × depth`, `right` is `depth × columns` and `out` is
/// `rows × columns` in row-major order.
pub(in crate::op) fn multiply(
    left: Matrix<'_>,
    right: Matrix<'_>,
    out: &mut [f32],
    [rows, depth, columns]: [usize; 3],
) {
    assert!(left.holds(rows, depth) && right.holds(depth, columns));
    assert!(out.len() >= rows * columns);
    // SAFETY: the assertions keep every element that the sizes and strides name inside its slice,
    // and `out` is borrowed alone. It is written and not read (`read_dst` is false).
    #[expect(unsafe_code, reason = "the interface of gemm takes pointers")]
    unsafe {
        gemm::gemm(
            rows,
            columns,
            depth,
            out.as_mut_ptr(),
            1,
            columns as isize,
            false,
            left.data.as_ptr(),
            left.column_stride as isize,
            left.row_stride as isize,
            right.data.as_ptr(),
            right.column_stride as isize,
            right.row_stride as isize,
            0.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

/// The most rows for which every weight is read once from memory by dot products. With more, the
/// blocks of [`multiply`] read less.
const FEW_ROWS: usize = 4;

/// The fewest rows that are worth the packing of the matrix on the right by a thread of its own.
const ROWS_OF_A_CHUNK: usize = 32;

/// As [`multiply`], the rows shared out among the cores.
pub(in crate::op) fn multiply_shared(
    left: Matrix<'_>,
    right: Matrix<'_>,
    out: &mut [f32],
    [rows, depth, columns]: [usize; 3],
) {
    let each = rows.div_ceil(4).max(ROWS_OF_A_CHUNK);
    let work = rows * depth * columns;
    let out = &mut out[..rows * columns];
    for_each_chunk(out, each * columns, work, |number, out| {
        let first = number * each * left.row_stride;
        let left = Matrix {
            data: &left.data[first..],
            ..left
        };
        multiply(left, right, out, [out.len() / columns, depth, columns]);
    });
}

/// `out = left · rightᵀ`, where `left` is `rows × depth`, `right` is `columns × depth` and `out` is
/// `rows × columns`, each in row-major order. Shared out among the cores.
pub(in crate::op) fn times_transposed(
    left: &[f32],
    right: &[f32],
    out: &mut [f32],
    [rows, depth, columns]: [usize; 3],
) {
    if rows > FEW_ROWS {
        let (left, right) = row_major(left, right, depth);
        return multiply_shared(left, right, out, [rows, depth, columns]);
    }
    if rows == 1 {
        let each = columns.div_ceil(8).max(16);
        let work = depth * columns;
        return for_each_chunk(&mut out[..columns], each, work, |number, out| {
            let right = &right[number * each * depth..];
            times_transposed_alone(left, right, out, [1, depth, out.len()]);
        });
    }
    times_transposed_alone(left, right, out, [rows, depth, columns]);
}

/// A matrix in row-major order, and another one transposed.
fn row_major<'a>(left: &'a [f32], right: &'a [f32], depth: usize) -> (Matrix<'a>, Matrix<'a>) {
    let left = Matrix {
        data: left,
        row_stride: depth,
        column_stride: 1,
    };
    let right = Matrix {
        data: right,
        row_stride: 1,
        column_stride: depth,
    };
    (left, right)
}

/// As [`times_transposed`], on this thread.
pub(in crate::op) fn times_transposed_alone(
    left: &[f32],
    right: &[f32],
    out: &mut [f32],
    [rows, depth, columns]: [usize; 3],
) {
    if rows > FEW_ROWS {
        let (left, right) = row_major(left, right, depth);
        return multiply(left, right, out, [rows, depth, columns]);
    }
    for (column, weights) in right.chunks_exact(depth).take(columns).enumerate() {
        for (row, values) in left.chunks_exact(depth).take(rows).enumerate() {
            out[row * columns + column] = dot(values, weights);
        }
    }
}

/// The sum of products, in lanes side by side that the processor adds at once.
pub(in crate::op) fn dot(left: &[f32], right: &[f32]) -> f32 {
    const LANES: usize = 32;
    let mut sums = [0.0_f32; LANES];
    let (left_blocks, left_rest) = left.as_chunks::<LANES>();
    let (right_blocks, right_rest) = right.as_chunks::<LANES>();
    for (left, right) in left_blocks.iter().zip(right_blocks) {
        for lane in 0..LANES {
            sums[lane] += left[lane] * right[lane];
        }
    }
    let mut width = LANES;
    while width > 1 {
        width /= 2;
        for lane in 0..width {
            sums[lane] += sums[lane + width];
        }
    }
    let rest = left_rest.iter().zip(right_rest);
    sums[0] + rest.map(|(left, right)| left * right).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_and_many_give_the_same_product() {
        let (depth, columns) = (37, 5);
        let value = |place: usize| (place * 7 % 11) as f32 - 5.0;
        let left: Vec<f32> = (0..6 * depth).map(value).collect();
        let right: Vec<f32> = (0..columns * depth).map(|place| value(place + 3)).collect();
        let mut many = [f32::NAN; 30];
        times_transposed(&left, &right, &mut many, [6, depth, columns]);
        for row in 0..6 {
            let mut one = [f32::NAN; 5];
            let left = &left[row * depth..][..depth];
            times_transposed(left, &right, &mut one, [1, depth, columns]);
            assert_eq!(one, many[row * columns..][..columns]);
        }
    }

    #[test]
    fn a_product_reads_rows_and_columns_by_their_strides() {
        let left = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let right = [1.0, 0.0, 2.0, 1.0, 0.0, 3.0];
        let mut out = [f32::NAN; 4];
        let row_major = Matrix {
            data: &left,
            row_stride: 3,
            column_stride: 1,
        };
        let by_rows = Matrix {
            data: &right,
            row_stride: 2,
            column_stride: 1,
        };
        multiply(row_major, by_rows, &mut out, [2, 3, 2]);
        assert_eq!(out, [5.0, 11.0, 14.0, 23.0]);
        let transposed = Matrix {
            data: &left,
            row_stride: 1,
            column_stride: 2,
        };
        multiply(transposed, by_rows, &mut out, [2, 3, 2]);
        assert_eq!(out, [7.0, 18.0, 10.0, 22.0]);
    }
}
