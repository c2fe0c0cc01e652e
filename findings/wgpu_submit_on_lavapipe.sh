#!/usr/bin/env bash
# wgpu's `queue.submit` waits, on Mesa's software driver, until what was submitted before has been computed.
#
# Version: wgpu 0.31.0 (PyPI; wgpu-native inside), mesa-vulkan-drivers 22.3.6 (lavapipe, Debian 12).
# Seen: of three submissions in a row, each of some tenth of a second, the first returns at once and each other
#   returns when the one before it is done.
# One would guess otherwise: a submission hands work over and returns, so that a program prepares the next frame
#   while one is drawn; a thread of the driver does execute it. But wgpu keeps its submissions in order by
#   binary semaphores, and where one of those is waited for this driver's queue first runs dry.
# Remedy: prepare what is next before submitting it, or submit on a thread of its own (Bevy's pipelined
#   rendering does), where drawing and preparing are to overlap on a machine without a GPU.
#
# Output seen:
#   | first: returns at once
#   | second: waits for the first
#   | third: waits for the second
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet wgpu==0.31.0
XDG_RUNTIME_DIR=$work "$work/venv/bin/python" - 2>"$work/noise" <<'PYTHON' | tee "$work/seen"
import statistics
import sys
import time

import wgpu

CODE = """
@group(0) @binding(0) var<storage, read_write> values: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    var x = values[id.x];
    for (var k = 0u; k < 4000u; k++) {
        x = fract(x * 1.7 + 0.3);
    }
    values[id.x] = x;
}
"""
COUNT = 1 << 16

adapters = wgpu.gpu.enumerate_adapters_sync()
adapter = next((one for one in adapters if "llvmpipe" in one.info["device"]), None)
if adapter is None:
    sys.exit("lavapipe is not installed: apt-get install mesa-vulkan-drivers")
print(adapter.info["description"], file=sys.stderr)
device = adapter.request_device_sync()
buffer = device.create_buffer(size=4 * COUNT, usage=wgpu.BufferUsage.STORAGE)
pipeline = device.create_compute_pipeline(
    layout="auto",
    compute={"module": device.create_shader_module(code=CODE), "entry_point": "main"},
)
entry = {"binding": 0, "resource": {"buffer": buffer, "offset": 0, "size": 4 * COUNT}}
group = device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[entry])


def commands():
    encoder = device.create_command_encoder()
    compute = encoder.begin_compute_pass()
    compute.set_pipeline(pipeline)
    compute.set_bind_group(0, group)
    compute.dispatch_workgroups(COUNT // 64)
    compute.end()
    return encoder.finish()


rounds = []
for _ in range(8):
    prepared = [commands() for _ in range(3)]
    times = [time.perf_counter()]
    for one in prepared:
        device.queue.submit([one])
        times.append(time.perf_counter())
    device.queue.on_submitted_work_done_sync()
    times.append(time.perf_counter())
    rounds.append([after - before for before, after in zip(times, times[1:])])
# The first rounds compile.
first, second, third, work = (statistics.median(column) for column in zip(*rounds[2:]))
print(f"{first:.4f} {second:.4f} {third:.4f} {work:.4f} s", file=sys.stderr)
for name, time_taken, before in [("first", first, None), ("second", second, "first"), ("third", third, "second")]:
    waits = time_taken > work / 2
    print(f"{name}: {f'waits for the {before}' if waits else 'returns at once'}")
PYTHON
cat "$work/noise" | grep -E " s$|Mesa" || true
diff <(sed -n 's/^#   | //p' "$0") "$work/seen"
