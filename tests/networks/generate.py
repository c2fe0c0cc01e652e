#!/usr/bin/env python3
"""What PyTorch gives for the networks in this folder, for tests/source.rs; and whether a program agrees.

    generate.py                      writes expected.jsonl: shapes of outputs and number of parameters
    generate.py --against PROGRAM [NAME ...]    opens each file in the program, shapes and parameters, then the numbers
                                     with weights that are given by name as one .safetensors file

Needs torch, einops and safetensors (python3 -m pip install torch einops safetensors). Each file names its input
in its first line. Opened is what the file makes at its end, or else its last class that needs no arguments.
"""
import argparse
import contextlib
import io
import json
import subprocess
import sys
import tempfile
import types
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).resolve().parent


def stand_ins():
    """Of timm, only what the files here import; drop paths do nothing in inference."""

    class DropPath(nn.Module):
        def __init__(self, p=0.0):
            super().__init__()

        def forward(self, x):
            return x

    for name in ["timm", "timm.models", "timm.models.layers", "timm.layers"]:
        module = types.ModuleType(name)
        module.DropPath = DropPath
        module.trunc_normal_ = nn.init.trunc_normal_
        module.to_2tuple = lambda x: x if isinstance(x, tuple) else (x, x)
        sys.modules.setdefault(name, module)
    for name in ["torchvision.datasets", "torchvision.transforms"]:
        if "torchvision" not in sys.modules:
            with contextlib.suppress(ImportError):
                __import__(name)


def opened(path):
    """The network of a file, and the shape of its input without the batch."""
    source = path.read_text()
    first = source.splitlines()[0]
    shape = [int(n) for n in first.rsplit("Input: ", 1)[1].split("x")]
    trains = "DataLoader" in source
    space = types.ModuleType("network")
    space.__dict__["__name__"] = "network" if trains else "__main__"
    sys.modules["network"] = space
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, str(path), "exec"), space.__dict__)
    found = vars(space).values()
    made = [value for value in found if isinstance(value, nn.Module) and not type(value).__name__.endswith("Loss")]
    if not made:
        for value in reversed(list(found)):
            if isinstance(value, type) and issubclass(value, nn.Module) and value.__module__ in ("network", "__main__"):
                with contextlib.suppress(TypeError):
                    made = [value()]
                    break
    model = made[-1].eval()
    for part in model.modules():
        if isinstance(part, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            part.running_mean.uniform_(-0.5, 0.5)
            part.running_var.uniform_(0.5, 2)
    for own in model.parameters():
        if own.ndim < 2 or own.abs().max() == 0:
            own.data += 0.1 * torch.randn_like(own)
    return model, shape


def outputs_of(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    return [one for part in value for one in outputs_of(part)]


def run(model, shape):
    inputs = model.forward.__code__.co_argcount - 1 - len(model.forward.__defaults__ or ())
    x = torch.randn(1, *shape)
    with torch.no_grad():
        return x, outputs_of(model(*[x.clone() for _ in range(max(inputs, 1))]))


def against(program, path):
    model, shape = opened(path)
    x, outputs = run(model, shape)
    words = [program, "shape", str(path), "--input", "x".join(map(str, shape)), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    if done.returncode:
        return "refused", done.stderr.strip()
    report = json.loads(done.stdout)
    parameters = sum(p.numel() for p in model.parameters())
    said = []
    if report["output"] != list(outputs[0].shape[1:]):
        said.append(f"output {report['output']}, PyTorch {list(outputs[0].shape[1:])}")
    if report["total"]["parameters"] != parameters:
        said.append(f"{report['total']['parameters']} parameters, PyTorch {parameters}")
    if said:
        return "WRONG", "; ".join(said)
    import numpy
    from safetensors.torch import save_file

    with tempfile.TemporaryDirectory() as folder:
        state = {f"module.{name}": value.clone().contiguous() for name, value in model.state_dict().items()}
        save_file(state, f"{folder}/w.safetensors")
        numpy.save(f"{folder}/x.npy", x[0].numpy())
        words = [program, "eval", str(path), "--input", f"{folder}/x.npy", "--weight", f"{folder}/w.safetensors"]
        done = subprocess.run([*words, "-o", f"{folder}/y.npy", "--json"], capture_output=True, text=True, timeout=600)
        if done.returncode:
            return "refused", "shapes as PyTorch; " + done.stderr.strip()
        shapes = [value["shape"] for value in json.loads(done.stdout)["outputs"]]
        if shapes != [list(one.shape) for one in outputs]:
            return "WRONG", f"outputs {shapes}, PyTorch {[list(one.shape) for one in outputs]}"
        ours = torch.from_numpy(numpy.load(f"{folder}/y.npy"))
        off = ((ours - outputs[0]).abs().max() / outputs[0].abs().max()).item()
        said = done.stderr.strip()
    return ("ok" if off < 1e-4 else "WRONG"), f"off by {off:.0e} of the largest; {said}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--against", metavar="PROGRAM")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    stand_ins()
    files = sorted(path for path in HERE.glob("*.py") if path.name != "generate.py")
    files = [path for path in files if not options.names or path.stem in options.names]
    if options.against:
        tally = {}
        for path in files:
            verdict, told = against(options.against, path)
            tally[verdict] = tally.get(verdict, 0) + 1
            print(f"{path.stem:24} {verdict:8} {told}")
        print(tally)
        return
    with open(HERE / "expected.jsonl", "w") as out:
        for path in files:
            model, shape = opened(path)
            _, outputs = run(model, shape)
            row = {
                "file": path.name,
                "input": shape,
                "outputs": [list(one.shape) for one in outputs],
                "parameters": sum(p.numel() for p in model.parameters()),
            }
            out.write(json.dumps(row) + "\n")


main()
