"""Speaks Japanese by Open JTalk for Tensorama's narration (src/narration/open_jtalk.rs).

Reads requests from standard input, a JSON object a line: {"text": ..., "wav": ...}. Writes each as a
WAV file of 16-bit mono samples and answers {"done": number of the request, from 0} on standard output.
The first failure is answered {"failed": number, "why": ...} and ends it with status 1.
With --version it prints the package's version, and speaks nothing.
"""

import json
import os
import sys
import wave

PACKAGE = "pyopenjtalk-plus"
SPEED = 1.0


def version():
    from importlib.metadata import version as package_version

    return package_version(PACKAGE)


def speak(engine, text, path):
    samples, rate = engine.tts(text, speed=SPEED, predict_nani=False)
    # Samples are on the scale of 16 bits, and can go beyond it.
    peak = abs(samples).max(initial=0.0)
    if peak > 32000.0:
        samples = samples * (32000.0 / peak)
    with wave.open(path, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(int(rate))
        out.writeframes(samples.round().astype("<i2").tobytes())


def main():
    if sys.argv[1:] == ["--version"]:
        print(version())
        return 0
    # Answers keep standard output to themselves: what libraries print goes to standard error.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    requests = [json.loads(line) for line in sys.stdin.buffer if line.strip()]
    import pyopenjtalk

    for number, request in enumerate(requests):
        try:
            speak(pyopenjtalk, request["text"], request["wav"])
        except Exception as error:
            print(json.dumps({"failed": number, "why": f"{type(error).__name__}: {error}"}), file=answers, flush=True)
            return 1
        print(json.dumps({"done": number}), file=answers, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
