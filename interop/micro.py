#!/usr/bin/env python3
"""Runs an export's tflite-micro form in TFLite Micro itself, on the export's golden inputs.

Usage: micro.py EXPORT_FOLDER

Needs: numpy, tflite-micro. Prints the agreement and what the interpreter took of its arena.
"""
import importlib.metadata
import os
import sys

import numpy as np
from golden import golden, last
from tflite_micro import runtime

ARENA = 4 << 20


def main():
    folder = sys.argv[1]
    inputs, outputs = golden(os.path.join(folder, "golden.safetensors"))
    with open(os.path.join(folder, "tflite-micro", "model.tflite"), "rb") as file:
        content = file.read()
    interpreter = runtime.Interpreter.from_bytes(content, arena_size=ARENA)
    fed, read = interpreter.get_input_details(0), interpreter.get_output_details(0)
    expected = next(iter(outputs.values()))
    same, apart = 0, 0.0
    values = next(iter(inputs.values()))
    for x, want in zip(values, expected):
        x = last(x[None])
        if fed["dtype"] != np.float32:
            q = fed["quantization_parameters"]
            limits = np.iinfo(fed["dtype"])
            x = np.clip(np.rint(x / q["scales"][0]) + q["zero_points"][0], limits.min, limits.max)
            x = x.astype(fed["dtype"])
        interpreter.set_input(x, 0)
        interpreter.invoke()
        y = interpreter.get_output(0)
        if read["dtype"] != np.float32:
            q = read["quantization_parameters"]
            y = (y.astype(np.float32) - q["zero_points"][0]) * q["scales"][0]
        same += int(y.argmax() == want.argmax())
        apart = max(apart, float(np.abs(y.reshape(-1) - want.reshape(-1)).max()))
    print(f"tflite-micro {importlib.metadata.version('tflite-micro')}: {len(content):,} bytes, "
          f"largest difference {apart:.2g}, same answer {same} of {len(values)}", flush=True)
    interpreter.print_allocations()


main()
