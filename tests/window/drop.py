"""Drops files on a window, as a file manager does (XDND, version 5).

usage: drop.py WINDOW X Y FILE...
"""

import pathlib
import sys
import time

from Xlib import X, Xatom, display
from Xlib.protocol import event

PATIENCE = 60.0


def main():
    number, x, y = (int(word, 0) for word in sys.argv[1:4])
    files = [pathlib.Path(name).resolve() for name in sys.argv[4:]]
    text = "".join(path.as_uri() + "\r\n" for path in files).encode()

    connection = display.Display()
    atom = connection.intern_atom
    root = connection.screen().root
    target = connection.create_resource_object("window", number)
    source = root.create_window(0, 0, 1, 1, 0, connection.screen().root_depth)
    kind = atom("text/uri-list")
    selection = atom("XdndSelection")
    source.set_selection_owner(selection, X.CurrentTime)

    def tell(name, data):
        message = event.ClientMessage(
            window=target, client_type=atom(name), data=(32, [source.id, *data])
        )
        target.send_event(message)
        connection.flush()

    def answer(request):
        request.requestor.change_property(request.property, kind, 8, text)
        request.requestor.send_event(
            event.SelectionNotify(
                time=request.time,
                requestor=request.requestor,
                selection=request.selection,
                target=request.target,
                property=request.property,
            )
        )
        connection.flush()

    def wait_for(name):
        """Answers whoever asks for the files, until the window says this."""
        end = time.monotonic() + PATIENCE
        answered = False
        while time.monotonic() < end:
            if not connection.pending_events():
                time.sleep(0.02)
                continue
            got = connection.next_event()
            if got.type == X.SelectionRequest:
                answer(got)
                answered = True
            elif got.type == X.ClientMessage and got.client_type == atom(name):
                return got.data[1], answered
        sys.exit(f"the window has not said {name}")

    version = [5 << 24, kind, X.NONE, X.NONE]
    tell("XdndEnter", version)
    tell("XdndPosition", [0, x << 16 | y, X.CurrentTime, atom("XdndActionCopy")])
    status, answered = wait_for("XdndStatus")
    if not status[1] & 1:
        sys.exit("the window takes no files")
    # It asks for them while they are over it.
    end = time.monotonic() + PATIENCE
    while not answered and time.monotonic() < end:
        if connection.pending_events():
            got = connection.next_event()
            if got.type == X.SelectionRequest:
                answer(got)
                answered = True
        else:
            time.sleep(0.02)
    time.sleep(0.5)
    tell("XdndDrop", [0, X.CurrentTime, X.NONE, X.NONE])
    wait_for("XdndFinished")


if __name__ == "__main__":
    main()
