//! The matrix product, by the `gemm` crate.

/// A matrix in a slice: element (row, column) at `row · row_stride + column · column_stride`.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a> {
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
pub(super) fn multiply(
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

#[cfg(test)]
mod tests {
    use super::*;

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
