#!/usr/bin/env python3
"""Times our TFLite files beside those that Google's converter makes of our SavedModel.

Usage: speed.py EXPORT [EXPORT_OF_INTEGERS]

The first folder holds tflite and savedmodel of a float model; the second, if given, tflite of the
same model in 8-bit integers, which is timed beside the converter's own int8 file, calibrated on the
golden inputs. Both files of a pair are run in turn, in one process, on one thread, and the median of
each round's times is compared; the ratio is the median over the rounds. Needs numpy, tensorflow and
ai-edge-litert.
"""
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from golden import golden, last

ROUNDS = 15
RUNS = 200


class File:
    def __init__(self, content, inputs):
        self.size = len(content)
        self.interpreter = Interpreter(model_content=content, num_threads=1)
        self.interpreter.allocate_tensors()
        fed = self.interpreter.get_input_details()[0]
        self.read = self.interpreter.get_output_details()[0]
        x = last(next(iter(inputs.values()))[:1])
        if fed["dtype"] != np.float32:
            scale, zero = fed["quantization"]
            limits = np.iinfo(fed["dtype"])
            x = np.clip(np.rint(x / scale) + zero, limits.min, limits.max).astype(fed["dtype"])
        self.interpreter.set_tensor(fed["index"], x)

    def round(self):
        spent = np.empty(RUNS)
        for i in range(RUNS):
            start = time.perf_counter()
            self.interpreter.invoke()
            spent[i] = time.perf_counter() - start
        return 1e3 * float(np.median(spent))


def compare(what, ours, theirs, inputs):
    a, b = File(ours, inputs), File(theirs, inputs)
    a.round(), b.round()
    pairs = []
    for turn in range(ROUNDS):
        if turn % 2:
            pairs.append((a.round(), b.round()))
        else:
            other = b.round()
            pairs.append((a.round(), other))
    mine, other = np.median(np.array(pairs), axis=0)
    speed = float(np.median([b / a for a, b in pairs]))
    print(f"{what:6} ours {a.size:>9,} bytes {mine:.4f} ms   converter's {b.size:>9,} bytes {other:.4f} ms"
          f"   size {a.size / b.size:.3f}, speed {speed:.2f}", flush=True)


def converted(folder, inputs, integers):
    import tensorflow as tf
    converter = tf.lite.TFLiteConverter.from_saved_model(
        os.path.join(folder, "savedmodel"), signature_keys=["serving_default"])
    if integers:
        name, values = next(iter(inputs.items()))
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ({name: last(x[None])} for x in values)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.int8
        converter.inference_output_type = tf.int8
    return converter.convert()


def content(folder):
    with open(os.path.join(folder, "tflite", "model.tflite"), "rb") as file:
        return file.read()


def main():
    inputs, _ = golden(os.path.join(sys.argv[1], "golden.safetensors"))
    compare("float", content(sys.argv[1]), converted(sys.argv[1], inputs, False), inputs)
    if len(sys.argv) > 2:
        compare("int8", content(sys.argv[2]), converted(sys.argv[1], inputs, True), inputs)


main()
