"""One network of each family of torchvision's classifiers: each module gives what PyTorch's hooks see."""

import unittest

from what_is_here import needs_program, needs_torch, needs_torchvision


@needs_program
@needs_torch
@needs_torchvision
class Torchvision(unittest.TestCase):
    def test_every_module_gives_what_its_hook_sees(self) -> None:
        from hooked import compared
        from torchvision_models import SIZES, made

        for name in SIZES:
            with self.subTest(name):
                result = compared(*made(name))
                self.assertLess(result.worst, 1e-3, result.where)
                self.assertEqual(result.missing, [])
                self.assertGreater(result.count, 20)


if __name__ == "__main__":
    unittest.main()
