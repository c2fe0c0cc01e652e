import subprocess
import sys
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"


class Import(unittest.TestCase):
    def test_it_takes_nothing_but_the_standard_library(self) -> None:
        # -S: without the folder of what pip installs.
        code = (
            "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules); import tensorama; "
            "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
        )
        command = [sys.executable, "-I", "-S", "-c", code, str(SOURCE)]
        loaded = set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
        self.assertIn("tensorama", loaded)
        if sys.version_info >= (3, 10):
            self.assertLessEqual(loaded - {"tensorama"}, sys.stdlib_module_names)

    def test_it_is_quick(self) -> None:
        command = [sys.executable, "-I", "-X", "importtime", "-c", f"import sys; sys.path.insert(0, {str(SOURCE)!r}); import tensorama"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
        line = next(line for line in said.splitlines() if line.endswith("| tensorama"))
        # Microseconds; a hundred times what it takes would be felt.
        self.assertLess(int(line.split("|")[1]), 1_500_000)


if __name__ == "__main__":
    unittest.main()
