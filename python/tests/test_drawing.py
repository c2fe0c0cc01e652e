"""Pictures and videos, as other programs read them."""

import json
import shutil
import struct
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path

import tensorama
from what_is_here import needs_program, needs_torch


def size_of(png: bytes) -> "tuple[int, int]":
    """Width and height in the head of a PNG file whose parts are whole."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n", png[:8]
    width, height = struct.unpack(">II", png[16:24])
    assert zlib.crc32(png[12:29]) == struct.unpack(">I", png[29:33])[0]
    assert png[-8:-4] == b"IEND"
    return width, height


@needs_program
class Drawing(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_a_layer_as_text(self) -> None:
        light = tensorama.picture("nn.Conv2d(3, 4, 3)", (3, 7, 7), size=(640, 360))
        self.assertEqual(size_of(light), (640, 360))
        self.assertEqual(light._repr_png_(), bytes(light))
        self.assertEqual(str(light), f"<tensorama.Picture of {len(light)} bytes>")
        self.assertEqual(light.save(self.folder / "layer.png").read_bytes(), light)
        dark = tensorama.picture("nn.Conv2d(3, 4, 3)", (3, 7, 7), size=(640, 360), theme="dark")
        self.assertNotEqual(light, dark)

    def test_what_it_is_asked_is_told_in_the_program_s_words(self) -> None:
        with self.assertRaisesRegex(tensorama.ProgramFailed, "no closing parenthesis"):
            tensorama.picture("nn.Conv2d(3, 4")

    @needs_torch
    def test_a_model_its_parts_and_its_layers(self) -> None:
        import torch
        from small_models import Network

        torch.manual_seed(0)
        model, x = Network(), torch.rand(1, 3, 8, 8)
        pictures = [
            tensorama.picture(model, x, size=(640, 360)),
            tensorama.picture(model, x, size=(640, 360), part="layer1.0.conv1"),
            tensorama.picture(model, x, size=(640, 360), at=25),
            tensorama.picture(model.fc, size=(640, 360)),
        ]
        for picture in pictures:
            self.assertEqual(size_of(picture), (640, 360))
        self.assertEqual(len(set(pictures)), len(pictures))

    @needs_torch
    def test_a_tour_is_a_video_of_the_length_that_is_asked_for(self) -> None:
        import torch
        from small_models import Network

        torch.manual_seed(0)
        file = self.folder / "tour.mp4"
        arguments = (Network(), torch.rand(1, 3, 8, 8), file)
        options = {"draft": True, "end": 2, "voice": "none", "progress": False}
        video = tensorama.record(*arguments, **options)
        self.assertEqual((video.path, Path(video)), (file, file))
        self.assertIn("<video src=\"data:video/mp4;base64,", video._repr_html_())
        with self.assertRaisesRegex(tensorama.ProgramFailed, "already exists"):
            tensorama.record(*arguments, **options)
        tensorama.record(*arguments, **options, overwrite=True, language="ja")
        if shutil.which("ffprobe") is None:
            self.skipTest("ffprobe is not installed; apt-get install ffmpeg")
        probe = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(file)]
        told = json.loads(subprocess.run(probe, check=True, capture_output=True, text=True).stdout)
        picture = next(stream for stream in told["streams"] if stream["codec_type"] == "video")
        self.assertEqual((picture["codec_name"], picture["width"], picture["height"]), ("h264", 640, 360))
        self.assertAlmostEqual(float(told["format"]["duration"]), 2, delta=0.3)
        self.assertIn("jpn", [stream.get("tags", {}).get("language") for stream in told["streams"]])


if __name__ == "__main__":
    unittest.main()
