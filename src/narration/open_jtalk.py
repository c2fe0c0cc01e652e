"""Japanese by Open JTalk and its voice Mei (src/narration/open_jtalk.rs). Word times are exact: the
engine's own durations of the phonemes."""


# What the filter adds to a label's start until it is heard, as measured; in seconds.
DELAY = 0.05


def version():
    return versions("pyopenjtalk-plus")


def load(settings):
    import pyopenjtalk

    def speak(text, path):
        # The small model that reads 何 needs a package of 80 MB; the dictionary alone mostly does.
        reading = {"predict_nani": False}
        labels = pyopenjtalk.extract_fullcontext(text, **reading)
        samples, rate = pyopenjtalk.synthesize(labels)
        # Samples are on the scale of 16 bits, and can go beyond it.
        write_wav(path, samples / 32768.0, rate)
        # At the voice's own speed a label lasts the same alone as in its sentence.
        sounds, time = [], DELAY
        for label in labels:
            length = len(pyopenjtalk.synthesize([label])[0]) / rate
            sounds.append((label.split("-", 1)[1].split("+", 1)[0], time, time + length))
            time += length
        if abs(time - DELAY - len(samples) / rate) > 0.01:
            return []
        sounds = [sound for sound in sounds if sound[0] not in ("sil", "pau")]
        words = [
            (*node["char_span"], [p for p in node["phonemes"] if p not in ("pau", "sp")])
            for node in pyopenjtalk.g2p_mapping(text, **reading)
        ]
        return word_times(words, sounds)

    return speak


def sounds():
    import pyopenjtalk

    def tell(text):
        return pyopenjtalk.g2p(text, kana=True, predict_nani=False) if text.strip() else ""

    return tell


sys.exit(serve(version, load, sounds))
