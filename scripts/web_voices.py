"""Has lessons spoken in both languages for the page, by the best installed voices. scripts/web runs it.

    web_voices.py OUT [LESSON ...]     writes OUT/voices/LESSON/LANG.json, and one sound for each beat with words;
                                       of all lessons unless some are named

The sounds are AAC, which every browser plays. A lesson whose narration is as it was is left alone.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "ja")
RATE = "64k"


def narrated(lesson, language, folder):
    """The narration that the program writes, and what it tells of the voice."""
    command = [ROOT / "scripts/run", "narrate", lesson, "--lang", language, "--page", folder]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{lesson}, {language}: {done.stderr.strip()}")
    return json.loads((folder / "narration.json").read_text(encoding="utf-8")), done.stdout.strip().splitlines()[-1:]


def encode(wav, sound):
    command = ["ffmpeg", "-loglevel", "error", "-y", "-i", wav, "-ac", "1", "-c:a", "aac", "-b:a", RATE,
               "-movflags", "+faststart", "-map_metadata", "-1", "-fflags", "+bitexact", sound]  # fmt: skip
    subprocess.run(command, check=True)


def speak(lesson, language, out):
    voices = out / "voices" / lesson
    sounds = voices / language
    place = voices / f"{language}.json"
    with tempfile.TemporaryDirectory() as made:
        made = Path(made)
        narration, told = narrated(lesson, language, made)
        beats = [beat for scene in narration["beats"] for beat in scene if beat]
        state = hashlib.sha256(json.dumps(narration, sort_keys=True).encode())
        for beat in beats:
            state.update((made / beat["file"]).read_bytes())
        if place.exists() and json.loads(place.read_text(encoding="utf-8")).get("state") == state.hexdigest():
            return told
        shutil.rmtree(sounds, ignore_errors=True)
        sounds.mkdir(parents=True)
        pairs = []
        for beat in beats:
            sound = sounds / Path(beat["file"]).with_suffix(".m4a").name
            pairs.append((made / beat["file"], sound))
            beat["file"] = sound.relative_to(out).as_posix()
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda pair: encode(*pair), pairs))
        narration["state"] = state.hexdigest()
        narration["credits"] = told
        place.write_text(json.dumps(narration, ensure_ascii=False), encoding="utf-8")
    return told


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    out = Path(sys.argv[1])
    lessons = sys.argv[2:] or sorted(path.stem for path in (ROOT / "lessons").glob("*.ron"))
    if not shutil.which("ffmpeg"):
        sys.exit("ffmpeg is not installed; scripts/setup installs it")
    for lesson in lessons:
        for language in LANGUAGES:
            told = speak(lesson, language, out)
            print(f"tensorama: {lesson}, {language}: {' '.join(told)}", file=sys.stderr)
    credits = []
    for place in sorted((out / "voices").glob("*/*.json")):
        told = json.loads(place.read_text(encoding="utf-8"))["credits"]
        credits += [f"{place.parent.name}, {place.stem}: {line}" for line in told]
    (out / "voices/voices.txt").write_text("\n".join(credits) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
