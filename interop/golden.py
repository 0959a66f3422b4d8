"""Reads the golden inputs and outputs of an export."""
import json
import struct

import numpy as np

TYPES = {"F32": np.float32, "I64": np.int64, "I32": np.int32}


def golden(path):
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        data = file.read()
    arrays = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            array = np.frombuffer(data[begin:end], TYPES[entry["dtype"]])
            arrays[name] = array.reshape(entry["shape"])
    inputs = {n[6:]: a for n, a in arrays.items() if n.startswith("input.")}
    outputs = {n[7:]: a for n, a in arrays.items() if n.startswith("output.")}
    return inputs, outputs


def last(array, taken=()):
    """Channels last, as TensorFlow's formats hold maps, unless the model takes none in that order."""
    if array.ndim != 4:
        return array
    moved = np.moveaxis(array, 1, -1)
    fits = all(size in (None, -1, own) for size, own in zip(list(taken)[1:], moved.shape[1:]))
    return np.ascontiguousarray(moved) if fits else array
