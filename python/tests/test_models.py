"""Models of PyTorch: what each module computes, as its hooks see it, and what a model is asked that cannot be."""

import unittest
import warnings
from typing import Any

import tensorama
from tensorama import NotTraced, TensoramaError, TensoramaWarning
from what_is_here import needs_numpy, needs_program, needs_torch


@needs_program
@needs_torch
class Models(unittest.TestCase):
    def setUp(self) -> None:
        import torch

        torch.manual_seed(0)

    def check(self, model: Any, x: Any, *missing: str) -> None:
        from hooked import compared

        result = compared(model, x)
        self.assertLess(result.worst, 1e-4, result.where)
        self.assertEqual(result.missing, list(missing))
        self.assertGreater(result.count, 1)

    def test_a_module_that_runs_again_and_works_in_place(self) -> None:
        import torch
        from small_models import Network, seeded

        model = seeded(Network())
        self.check(model, torch.rand(2, 3, 8, 8))
        self.assertIn("layer1.1.relu@2", tensorama.values(model, torch.rand(1, 3, 8, 8)))

    def test_a_model_stays_as_it_was(self) -> None:
        import torch
        from small_models import Network

        model = Network()
        model.stem.eval()
        x = torch.rand(1, 3, 8, 8)
        before = {name: value.clone() for name, value in model.state_dict().items()}
        kept = x.clone()
        tensorama.values(model, x)
        self.assertEqual([each.training for each in model.modules()][:3], [True, False, False])
        self.assertTrue(model.layer1.training)
        self.assertTrue(torch.equal(x, kept))
        for name, value in model.state_dict().items():
            self.assertTrue(torch.equal(value, before[name]), name)

    @needs_numpy
    def test_numpy_s_arrays_and_arguments_by_name(self) -> None:
        import numpy
        import torch
        from small_models import Network, seeded

        model = seeded(Network()).eval()
        x, scale = numpy.random.rand(1, 3, 8, 8), numpy.arange(5)
        with torch.no_grad():
            expected = model(torch.from_numpy(x).float())
        for given in [x, (x,), {"x": x}]:
            self.assertTrue(torch.allclose(tensorama.values(model, given)["fc"], expected, atol=1e-5))
        for given in [(x, scale), {"scale": scale, "x": x}]:
            self.assertTrue(torch.allclose(tensorama.values(model, given)["fc"], expected, atol=1e-5))

    def test_several_inputs_and_a_module_on_each(self) -> None:
        import torch
        from small_models import Shared

        self.check(Shared(), (torch.rand(2, 6), torch.rand(2, 6)))
        self.check(Shared(), {"right": torch.rand(1, 6), "left": torch.rand(1, 6)})

    def test_convolutions_without_a_bias(self) -> None:
        import torch

        video = torch.nn.Sequential(torch.nn.Conv3d(1, 4, 3, bias=False), torch.nn.BatchNorm3d(4), torch.nn.ReLU())
        self.check(video, torch.rand(1, 1, 4, 6, 6))
        picture = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3, bias=False), torch.nn.ConvTranspose2d(4, 2, 2, bias=False))
        self.check(picture, torch.rand(1, 1, 6, 6))

    def test_a_list_is_one_argument(self) -> None:
        import torch

        class Pyramid(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.sides = torch.nn.ModuleList([torch.nn.Conv2d(channels, 4, 1) for channels in (2, 3)])

            def forward(self, levels: "list[torch.Tensor]") -> "list[torch.Tensor]":
                return [side(level) for side, level in zip(self.sides, levels)]

        model, levels = Pyramid(), [torch.rand(1, 2, 4, 4), torch.rand(1, 3, 4, 4)]
        found = tensorama.values(model, levels)
        with torch.no_grad():
            for name, expected in zip(["sides.0", "sides.1"], model(levels)):
                self.assertTrue(torch.allclose(found[name], expected, atol=1e-5), name)

    def test_a_dict_as_an_argument_and_an_object_as_the_result(self) -> None:
        import torch
        from small_models import Heads

        with warnings.catch_warnings():
            # By the exporter, and not by tracing.
            warnings.simplefilter("error", TensoramaWarning)
            self.check(Heads(), ({"x": torch.rand(2, 4), "shift": torch.rand(4)},))

    def test_what_is_traced_has_its_names_too(self) -> None:
        import torch
        from small_models import Deciding

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", TensoramaWarning)
            self.check(Deciding(), torch.rand(1, 4))

    def test_the_value_of_the_model_itself(self) -> None:
        import torch

        class Functional(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.kernel = torch.nn.Parameter(torch.rand(4, 3, 3, 3))

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return torch.nn.functional.conv2d(x, self.kernel, padding=1).relu()

        model, x = Functional(), torch.rand(1, 3, 6, 6)
        with torch.no_grad():
            self.assertTrue(torch.allclose(tensorama.values(model, x)[""], model(x), atol=1e-5))

    def test_what_a_model_keeps_is_of_nobody_s_run(self) -> None:
        import torch
        from small_models import Remembering

        model, x = Remembering(), torch.rand(1, 3)
        found = tensorama.values(model, x)["fc"]
        self.assertEqual((model.last, float(model.runs)), (None, 0))
        with torch.no_grad():
            self.assertTrue(torch.allclose(found, model.fc(x), atol=1e-5))

    def test_torchscript_and_exported_graphs(self) -> None:
        import torch

        plain = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Sequential(torch.nn.Tanh())).eval()
        x = torch.rand(1, 4)
        with torch.no_grad():
            expected = plain(x)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            models = [torch.jit.script(plain), torch.jit.trace(plain, x), torch.export.export(plain, (x,)).module()]
            for model in models:
                with self.subTest(type(model).__name__):
                    found = tensorama.values(model, x)
                    self.assertTrue(torch.allclose(found["1"], expected, atol=1e-5))
                    self.assertIn("0", found)

    def test_words_by_their_numbers_and_attention(self) -> None:
        import torch
        from small_models import Attention

        self.check(Attention(), torch.tensor([[3, 1, 4, 1, 5]]))

    def test_a_single_layer_half_precision_and_a_compiled_model(self) -> None:
        import torch
        from small_models import Network

        x = torch.rand(1, 3, 8, 8)
        layer = torch.nn.Conv2d(3, 2, 3)
        found = tensorama.values(torch.nn.Sequential(layer), x)["0"]
        self.assertTrue(torch.allclose(found, layer(x), atol=1e-5))
        half = torch.nn.Sequential(torch.nn.Linear(4, 3).half(), torch.nn.ReLU())
        given = torch.rand(1, 4).half()
        self.assertTrue(torch.allclose(tensorama.values(half, given)["1"], half(given).float(), atol=2e-3))
        model = Network().eval()
        compiled = torch.compile(model)
        with torch.no_grad():
            self.assertTrue(torch.allclose(tensorama.values(compiled, x)["fc"], model(x), atol=1e-5))

    def test_what_decides_by_its_numbers_is_traced_and_told(self) -> None:
        import torch
        from small_models import Halving

        model, x = torch.nn.Sequential(torch.nn.Linear(3, 3), Halving()), torch.ones(1, 3) * 9
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            found = tensorama.values(model, x)
        told = [str(each.message) for each in heard if each.category is TensoramaWarning]
        self.assertEqual(len(told), 1, told)
        self.assertRegex(told[0], r"Sequential was found by tracing.*small_models\.py:\d+")
        with torch.no_grad():
            self.assertTrue(torch.allclose(found["1"], model(x), atol=1e-5))

    def test_what_cannot_be_traced_is_named(self) -> None:
        import torch
        from small_models import Foreign

        inner = torch.nn.Sequential(torch.nn.ReLU(), Foreign())
        model = torch.nn.Sequential(torch.nn.Linear(3, 3), inner)
        with self.assertRaises(NotTraced) as caught:
            tensorama.values(model, torch.rand(1, 3))
        self.assertEqual(caught.exception.module, "1.1")
        self.assertRegex(str(caught.exception), r"the module 1\.1 \(Foreign\) could not be traced.*torch\.onnx\.export says")

    def test_what_the_program_does_not_compute_is_named(self) -> None:
        import torch

        model = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.GRU(4, 3, batch_first=True))
        with self.assertRaisesRegex(TensoramaError, r"node `1\.gru` is not shown"):
            tensorama.values(model, torch.rand(1, 5, 4))

    def test_what_cannot_be_given_is_told(self) -> None:
        import torch
        from small_models import Halving, Network

        model = Network()
        for x, words in [
            (torch.rand(1, 4, 8, 8), r"does not run on this example input \(\(1, 4, 8, 8\) torch.float32\).*4 channels"),
            ((torch.rand(1),) * 3, r"forward\(x.*too many positional arguments.*a dict gives them by name"),
            ({"y": torch.rand(1)}, r"forward\(x.*does not take the example input"),
            ("cat.png", r"holds no tensor and no array"),
        ]:
            with self.subTest(words=words), self.assertRaisesRegex(TensoramaError, words):
                tensorama.values(model, x)
        for layer in [model, Halving(), torch.nn.MultiheadAttention(4, 2)]:
            with self.assertRaisesRegex(TensoramaError, "give an example of one as x"):
                tensorama.picture(layer)
        exported = torch.export.export(torch.nn.ReLU(), (torch.rand(1),))
        for thing, words in [(torch.nn.ReLU, "made by calling it"), (exported, r"ExportedProgram \(its module\(\) is one\)")]:
            with self.assertRaisesRegex(TensoramaError, words):
                tensorama.values(thing, torch.rand(1))
        with self.assertRaisesRegex(TensoramaError, "neither a torch.nn.Module"):
            tensorama.show(3)

    def test_weights_without_numbers_are_told(self) -> None:
        import torch

        for layer, words in [
            (torch.nn.LazyConv2d(4, 3), "weight of .* has neither shape nor numbers yet"),
            (torch.nn.Conv2d(3, 4, 3, device="meta"), "weight of .* is on the device meta.*to_empty"),
        ]:
            with self.subTest(words=words), self.assertRaisesRegex(TensoramaError, words):
                tensorama.values(torch.nn.Sequential(layer), torch.rand(1, 3, 6, 6))
            with self.subTest(words=words), self.assertRaisesRegex(TensoramaError, words):
                tensorama.picture(layer)

    def test_a_layer_s_own_weights_are_in_what_is_shown_of_it(self) -> None:
        import tempfile
        from pathlib import Path

        import numpy
        import torch
        from tensorama.program import run
        from tensorama.subject import words_of

        layer = torch.nn.Conv2d(2, 3, 2)
        with tempfile.TemporaryDirectory() as folder:
            x = torch.rand(2, 3, 3)
            numpy.save(Path(folder) / "x.npy", x.numpy())
            output = Path(folder) / "y.npy"
            words = words_of(layer, None, Path(folder))
            run(["eval", *words, "--input", str(Path(folder) / "x.npy"), "-o", str(output)])
            ours = torch.from_numpy(numpy.load(output))
        self.assertTrue(torch.allclose(ours, layer(x), atol=1e-5))


if __name__ == "__main__":
    unittest.main()
