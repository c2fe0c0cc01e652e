"""Files of arrays, against NumPy's own reader and writer."""

import io
import tempfile
import unittest
from pathlib import Path

from tensorama import TensoramaError
from tensorama.arrays import npy_bytes, read_npz
from what_is_here import needs_numpy, needs_torch


@needs_numpy
class Arrays(unittest.TestCase):
    def test_numpy_reads_what_is_written_of_its_arrays(self) -> None:
        import numpy

        grid = numpy.arange(24).reshape(2, 3, 4)
        for array in [
            grid.astype("f4"),
            grid.astype("f8")[:, ::-1],
            grid.astype(">f4"),
            numpy.asfortranarray(grid.astype("f2")),
            grid.transpose(2, 0, 1),
            grid > 7,
            numpy.float32(1.5).reshape(()),
            numpy.zeros((0, 3), "f4"),
            numpy.zeros((1,) * 5, "u1"),
        ]:
            with self.subTest(dtype=array.dtype, shape=array.shape):
                read = numpy.load(io.BytesIO(npy_bytes(array)))
                self.assertEqual(read.dtype, array.dtype.newbyteorder("<"))
                numpy.testing.assert_array_equal(read, array)

    def test_what_is_no_number_is_refused(self) -> None:
        import numpy

        for array in [numpy.array(["a"]), numpy.array([1j]), numpy.array([None]), numpy.zeros(2, "longdouble")]:
            with self.assertRaisesRegex(TensoramaError, "convert it to float32"):
                npy_bytes(array)

    def test_what_numpy_writes_is_read(self) -> None:
        import numpy

        arrays = {"layer1.0.conv1": numpy.random.rand(2, 3).astype("f4"), "one": numpy.array([7], "f4"), "deep/er": numpy.zeros((1, 0), "f4")}
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "values.npz"
            numpy.savez(file, **arrays)
            read = {name: numpy.frombuffer(data, "f4").reshape(shape) for name, shape, data in read_npz(file)}
        self.assertEqual(list(read), list(arrays))
        for name, array in arrays.items():
            numpy.testing.assert_array_equal(read[name], array)

    @needs_torch
    def test_numpy_reads_what_is_written_of_tensors(self) -> None:
        import numpy
        import torch

        grid = torch.arange(24).reshape(2, 3, 4)
        for tensor in [
            grid.float(),
            grid.float()[:, 1:, ::2],
            grid.double().permute(2, 0, 1),
            grid.half(),
            grid > 7,
            grid.to(torch.uint8),
            torch.tensor(2.5, requires_grad=True),
            torch.zeros(0, 3),
        ]:
            with self.subTest(dtype=tensor.dtype, shape=tensor.shape):
                read = numpy.load(io.BytesIO(npy_bytes(tensor)))
                expected = tensor.detach().numpy()
                self.assertEqual(read.dtype, expected.dtype)
                numpy.testing.assert_array_equal(read, expected)

    @needs_torch
    def test_bfloat16_becomes_float32(self) -> None:
        import numpy
        import torch

        read = numpy.load(io.BytesIO(npy_bytes(torch.tensor([1.0, -0.15625], dtype=torch.bfloat16))))
        self.assertEqual((read.dtype, read.tolist()), (numpy.dtype("f4"), [1.0, -0.15625]))


if __name__ == "__main__":
    unittest.main()
