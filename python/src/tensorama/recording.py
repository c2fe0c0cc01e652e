"""Narrated videos."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional, Sequence, Union

from . import notebook
from .errors import ProgramFailed, TensoramaError
from .notebook import Video
from .program import find, plain_environment
from .subject import Size, size_word, words_of

if TYPE_CHECKING:
    from .subject import Inputs, Model


# What names of videos end with that are no pictures.
VIDEOS = (".mp4", ".webm")


def record(
    model: Model,
    x: Optional[Inputs] = None,
    file: Union[str, os.PathLike[str]] = "tour.mp4",
    *,
    language: Union[str, Sequence[str]] = "en",
    size: Optional[Size] = None,
    fps: Optional[int] = None,
    draft: bool = False,
    voice: Optional[str] = None,
    theme: str = "light",
    part: Optional[str] = None,
    start: Optional[float] = None,
    end: Optional[float] = None,
    overwrite: bool = False,
    options: Sequence[str] = (),
    progress: Optional[bool] = None,
) -> Video:
    """Records a narrated tour of a model, or of a layer, on its input; needs no screen.

    Args:
        model: a ``torch.nn.Module``; a layer as text, as ``"nn.Conv2d(3, 16, 3, padding=1)"``; the name of a file
            ``.onnx``, or of a lesson.
        x: an example input, as `show` takes it.
        file: the video: ``.mp4``, ``.webm``, ``.gif`` or ``.webp``. Captions lie beside it (``.srt``, ``.vtt``).
        language: ``"en"``, ``"ja"``, or several, which become tracks of one file.
        size: width and height in pixels, or ``"720p"``, ``"1080p"``, ``"1440p"``, ``"4k"``; 1920 by 1080 if not given.
        fps: frames a second; 30 if not given.
        draft: a quick preview of 640 by 360 pixels, 15 frames a second.
        voice: the voice; the best one that is installed if not given, and ``"none"`` for captions only.
        theme: ``"light"`` or ``"dark"``.
        part: the chain of layers that begins at this module, as ``"layer1.0.conv1"``, instead of the whole.
        start: where in the tour to begin, in seconds.
        end: where in the tour to end, in seconds.
        overwrite: whether a file of that name may be replaced.
        options: more words for the program's command ``record``, such as ``["--transcript"]``.
        progress: whether to say on standard error how far it is; by default on a terminal and in a notebook.

    Returns:
        The video; a notebook shows it, and its ``path`` is the file.

    Raises:
        NotTraced: the model's graph could not be found.
        ProgramFailed: the program refused it; its words are in the message.
    """
    if isinstance(x, (str, os.PathLike)) and Path(x).suffix.lower() in VIDEOS:
        raise TensoramaError(f"x is {os.fspath(x)!r}, the name of a video: write record(model, file={os.fspath(x)!r})")
    # Before a large model is exported in vain.
    find()
    path = Path(file).absolute()
    words = ["--output", str(path), "--theme", theme]
    words += ["--lang", language if isinstance(language, str) else ",".join(language)]
    given = {"--size": None if size is None else size_word(size), "--fps": fps, "--voice": voice, "--from": start, "--to": end}
    for option, value in given.items():
        if value is not None:
            words += [option, str(value)]
    words += [word for word, wanted in [("--draft", draft), ("--force", overwrite)] if wanted]
    if progress is None:
        progress = sys.stderr.isatty() or notebook.is_running()
    with tempfile.TemporaryDirectory(prefix="tensorama-") as folder:
        subject = words_of(model, x, Path(folder), part)
        _run(["record", *subject, *words, "--json", *options], _say if progress else lambda event: None)
    if progress:
        print(file=sys.stderr)
    return Video(path)


def _run(words: List[str], hear: Callable[[Dict[str, Any]], None]) -> None:
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            [str(find()), *words],
            env=plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            encoding="utf-8",
        )
        assert process.stdout is not None
        message = None
        try:
            for line in process.stdout:
                event = json.loads(line)
                if event["event"] == "error":
                    message = event["message"]
                hear(event)
        except KeyboardInterrupt:
            # The program hears of it too, and leaves what it has for --resume.
            process.wait()
            raise
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            process.stdout.close()
        if process.wait() != 0:
            said.seek(0)
            raise ProgramFailed(f"tensorama record failed: {message or said.read().strip()}")


def _say(event: Dict[str, Any]) -> None:
    if event["event"] == "voice":
        line = f"voice: {event['name']} ({event['licence']})\n"
    elif event["event"] == "spoken":
        line = f"\rspeaking {event['done']} of {event['of']}" + ("\n" if event["done"] == event["of"] else "")
    elif event["event"] == "frame":
        done, of = event["done"], event["of"]
        # Once for each hundredth: a notebook keeps every word.
        if done < of and 100 * done // of == 100 * (done - 1) // of:
            return
        line = f"\rframe {done} of {of}"
    else:
        return
    print(line, end="", file=sys.stderr, flush=True)
