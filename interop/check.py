#!/usr/bin/env python3
"""Runs every form of an export in its maker's Python runtime on the export's golden inputs.

Usage: check.py EXPORT_FOLDER

Needs: numpy, onnx, onnxruntime, tensorflow, ai-edge-litert. Prints one line a form; ends with 1 if
one answers otherwise than the golden outputs say.
"""
import os
import sys
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
from golden import golden, last

failed = False


def report(form, runtime, answers, expected, allowed=1e-3):
    global failed
    first = next(iter(expected))
    got = np.concatenate([np.asarray(a).reshape(1, -1) for a in answers])
    want = expected[first].reshape(len(got), -1)
    apart = float(np.abs(got - want).max())
    same = int((got.argmax(1) == want.argmax(1)).sum())
    good = apart <= allowed * max(1.0, float(np.abs(want).max())) or allowed == np.inf
    failed |= not good or same < 0.99 * len(got)
    print(f"{form:34} {runtime:34} largest difference {apart:.2g}, same answer {same} of {len(got)}"
          + ("" if good else "  DIFFERS"), flush=True)


def onnx_form(folder, inputs, outputs, allowed):
    import onnx
    import onnxruntime
    file = os.path.join(folder, "onnx", "model.onnx")
    onnx.checker.check_model(file, full_check=True)
    print(f"{'onnx':34} onnx.checker {onnx.__version__}: accepted", flush=True)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    count = len(next(iter(inputs.values())))
    answers = [session.run(None, {n: a[i:i + 1] for n, a in inputs.items()})[0]
               for i in range(count)]
    report("onnx", f"onnxruntime {onnxruntime.__version__}", answers, outputs, allowed)


def tflite(form, content, inputs, outputs, allowed=1e-3):
    from ai_edge_litert.interpreter import Interpreter
    import importlib.metadata
    interpreter = Interpreter(model_content=content, num_threads=1)
    interpreter.allocate_tensors()
    fed = interpreter.get_input_details()[0]
    read = interpreter.get_output_details()[0]
    answers = []
    spent = []
    for one in next(iter(inputs.values())):
        x = last(one[None], fed["shape_signature"])
        if fed["dtype"] != np.float32:
            scale, zero = fed["quantization"]
            limits = np.iinfo(fed["dtype"])
            x = np.clip(np.rint(x / scale) + zero, limits.min, limits.max).astype(fed["dtype"])
        interpreter.set_tensor(fed["index"], x)
        start = time.perf_counter()
        interpreter.invoke()
        spent.append(time.perf_counter() - start)
        y = interpreter.get_tensor(read["index"])
        if read["dtype"] != np.float32:
            scale, zero = read["quantization"]
            y = (y.astype(np.float32) - zero) * scale
        answers.append(y)
    version = importlib.metadata.version("ai-edge-litert")
    report(form, f"ai-edge-litert {version}", answers, outputs, allowed)
    print(f"{'':34} {len(content):,} bytes, median {1e3 * float(np.median(spent)):.3f} ms", flush=True)


def saved_model(folder, inputs, outputs, allowed):
    import tensorflow as tf
    path = os.path.join(folder, "savedmodel")
    model = tf.saved_model.load(path)
    call = model.signatures["serving_default"]
    name, values = next(iter(inputs.items()))
    taken = call.structured_input_signature[1][name].shape
    answers = [list(call(**{name: tf.constant(last(x[None], taken))}).values())[0].numpy()
               for x in values]
    report("savedmodel", f"tensorflow {tf.__version__}", answers, outputs, allowed)
    print(f"{'':34} signatures {sorted(model.signatures)}", flush=True)
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        meta = tf.compat.v1.saved_model.load(session, ["serve"], path)
        for key, signature in meta.signature_def.items():
            for end in list(signature.inputs.values()) + list(signature.outputs.values()):
                session.graph.get_tensor_by_name(end.name)
        print(f"{'':34} opens in a session too, {len(meta.signature_def)} signatures", flush=True)
    converter = tf.lite.TFLiteConverter.from_saved_model(path, signature_keys=["serving_default"])
    tflite("savedmodel, converted to tflite", converter.convert(), inputs, outputs, allowed)


def main():
    folder = sys.argv[1]
    inputs, outputs = golden(os.path.join(folder, "golden.safetensors"))
    files = {}
    for form in ("tflite", "tflite-micro"):
        file = os.path.join(folder, form, "model.tflite")
        if os.path.exists(file):
            with open(file, "rb") as content:
                files[form] = content.read()
    allowed = np.inf if any(b"_int8" in content for content in files.values()) else 1e-3
    if os.path.isdir(os.path.join(folder, "onnx")):
        onnx_form(folder, inputs, outputs, allowed)
    for form, content in files.items():
        tflite(form, content, inputs, outputs, allowed)
    if os.path.isdir(os.path.join(folder, "savedmodel")):
        saved_model(folder, inputs, outputs, allowed)
    sys.exit(1 if failed else 0)


main()
