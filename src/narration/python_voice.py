"""What Tensorama's voices in Python share (src/narration/python_voice.rs); the engine's script follows.

A script is started as `python -I -c SCRIPT MODE SETTINGS`, the settings being a JSON object. In the mode
`version` it prints what its sound depends on, and speaks nothing. In the mode `speak` it reads requests
from standard input, a JSON object a line: {"text": ..., "wav": ...}. Each is written as a WAV file of
16-bit mono samples and answered {"done": number from 0, "words": [[from, to, start, end], ...]} on
standard output: places in the text in characters, times in seconds. The first failure is answered
{"failed": number, "why": ...} and ends it with status 1. In the mode `sounds`, which not every script has, each
request, {"text": ...}, is answered by a line with a JSON string: how the engine says it.
"""

import json
import os
import sys


def serve(version, load, sounds=None):
    """Runs the script: `version()` for a line of text, `load(settings)` for what speaks (text, path), and
    `sounds()` for what tells how (text) is said."""
    mode, settings = sys.argv[1], json.loads(sys.argv[2])
    if mode == "version":
        print(version())
        return 0
    # Answers keep standard output to themselves: what libraries print goes to standard error.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    requests = [json.loads(line) for line in sys.stdin.buffer if line.strip()]
    if mode == "sounds":
        tell = sounds()
        for request in requests:
            print(json.dumps(tell(request["text"])), file=answers, flush=True)
        return 0
    number = 0

    def answer(**what):
        print(json.dumps(what), file=answers, flush=True)

    try:
        speak = load(settings)
        for number, request in enumerate(requests):
            if request["text"].strip():
                words = speak(request["text"], request["wav"])
            else:
                write_wav(request["wav"], b"", 16000)
                words = []
            answer(done=number, words=[[int(a), int(b), float(s), float(e)] for a, b, s, e in words])
    except Exception as error:
        answer(failed=number, why=f"{type(error).__name__}: {error}")
        return 1
    return 0


def versions(*packages):
    """The packages' names with their versions; an exception where one is not installed."""
    from importlib.metadata import version

    return " ".join(f"{package} {version(package)}" for package in packages)


def write_wav(path, samples, rate):
    """Writes samples (bytes of 16-bit numbers, or a NumPy array on the scale of 1) as a WAV file."""
    import array
    import wave

    if not isinstance(samples, (bytes, bytearray)):
        # What is too loud is made quieter as a whole rather than cut.
        peak = float(abs(samples).max(initial=0.0))
        scale = 32767.0 * min(1.0, 0.98 / max(peak, 1e-9))
        samples = (samples * scale).round().astype("<i2").tobytes()
    elif sys.byteorder == "big":
        swapped = array.array("h", samples)
        swapped.byteswap()
        samples = swapped.tobytes()
    with wave.open(path, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(int(rate))
        out.writeframes(samples)


def word_times(words, sounds):
    """When each word is heard: [(from, to, start, end)] for words that were heard at all.

    `words` are (from, to, phonemes as if the word stood alone), `sounds` what was really spoken:
    (phoneme, start, end). Running speech joins and changes words, so both rows of phonemes are
    aligned for the fewest changes, and a word lasts from its first partner to its last.
    """
    row = [(phoneme, index) for index, (_, _, phonemes) in enumerate(words) for phoneme in phonemes]
    # costs[i][j]: the fewest changes that turn row[i:] into sounds[j:].
    rest = len(sounds)
    costs = [[0] * (rest + 1) for _ in range(len(row) + 1)]
    costs[len(row)] = [rest - j for j in range(rest + 1)]
    for i in range(len(row) - 1, -1, -1):
        below, here = costs[i + 1], costs[i]
        here[rest] = len(row) - i
        phoneme = row[i][0]
        for j in range(rest - 1, -1, -1):
            change = below[j + 1] + (phoneme != sounds[j][0])
            here[j] = min(change, below[j] + 1, here[j + 1] + 1)
    heard = {}
    i = j = 0
    while i < len(row) and j < rest:
        if costs[i][j] == costs[i + 1][j + 1] + (row[i][0] != sounds[j][0]):
            word = row[i][1]
            start = heard.get(word, sounds[j][1:])[0]
            heard[word] = (start, sounds[j][2])
            i, j = i + 1, j + 1
        elif costs[i][j] == costs[i + 1][j] + 1:
            i += 1
        else:
            j += 1
    return [(*words[word][:2], *times) for word, times in sorted(heard.items())]
