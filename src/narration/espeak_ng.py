"""English by the library of espeak-ng (src/narration/espeak_ng.rs). It sounds as the program does, and
tells when each word starts, which the program does not."""

import ctypes


def version():
    return library().espeak_Info(None).decode()


def library():
    def found():
        # What looks for it takes longer than all the rest.
        from ctypes.util import find_library

        return find_library("espeak-ng")

    for name in (lambda: "libespeak-ng.so.1", lambda: "libespeak-ng.1.dylib", found):
        try:
            espeak = ctypes.CDLL(name())
        except (OSError, TypeError):
            continue
        espeak.espeak_Info.restype = ctypes.c_char_p
        espeak.espeak_Info.argtypes = [ctypes.c_void_p]
        espeak.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
        size, number, pointer = ctypes.c_size_t, ctypes.c_uint, ctypes.c_void_p
        espeak.espeak_Synth.argtypes = [ctypes.c_char_p, size, number, ctypes.c_int, number, number, pointer, pointer]
        return espeak
    raise OSError("there is no library of espeak-ng")


class Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    ]


class VoiceWanted(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("unused", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    ]


SYNCHRONOUS = 2
WORD = 1
RATE, PITCH = 1, 3
CHARACTERS = 1
UTF8, END_PAUSE = 1, 0x1000
CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))


def load(settings):
    espeak = library()
    rate = espeak.espeak_Initialize(SYNCHRONOUS, 0, None, 0)
    if rate <= 0:
        raise OSError("the library of espeak-ng finds no data")
    # As the program does: a voice of this name, or else the best one for the language.
    name = settings["voice"].encode()
    wanted = VoiceWanted(languages=name)
    if espeak.espeak_SetVoiceByName(name) != 0 and espeak.espeak_SetVoiceByProperties(ctypes.byref(wanted)) != 0:
        raise ValueError(f"it has no voice `{settings['voice']}`")
    espeak.espeak_SetParameter(RATE, settings["rate"], 0)
    espeak.espeak_SetParameter(PITCH, settings["pitch"], 0)
    samples, starts = bytearray(), []

    @CALLBACK
    def receive(wave_part, count, events):
        if count > 0 and wave_part:
            samples.extend(ctypes.string_at(wave_part, 2 * count))
        index = 0
        while events[index].type != 0:
            event = events[index]
            if event.type == WORD:
                starts.append((event.text_position - 1, event.length, event.audio_position / 1000))
            index += 1
        return 0

    espeak.espeak_SetSynthCallback(receive)

    # `keep`: the library does not keep its callback alive.
    def speak(text, path, keep=receive):
        del samples[:], starts[:]
        plain = text.replace("[[", "[ ").replace("]]", "] ")
        code = plain.encode()
        done = espeak.espeak_Synth(code, len(code) + 1, 0, CHARACTERS, 0, UTF8 | END_PAUSE, None, None)
        if done != 0:
            raise OSError(f"espeak_Synth answered {done}")
        write_wav(path, bytes(samples), rate)
        # A word may be said as one with the next (`there are`), which then has no start of its own.
        heard = [(a, start) for a, length, start in starts if length > 0 and plain[a : a + length].strip()]
        heard.append((len(plain), len(samples) / 2 / rate))
        return [(a, b, start, end) for (a, start), (b, end) in zip(heard, heard[1:]) if a < b]

    return speak


sys.exit(serve(version, load))
