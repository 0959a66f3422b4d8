"""The reference workload in PyTorch, to be run beside `./distill4j bench distill` on the same machine.

    python3 pytorch_distill.py --images train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz \
        --n 12000 --epochs 5 --threads 2

Images 28x28, NCHW floats in 0..1, batch 128, Adam 1e-3, T 4, 0.1 x cross-entropy + 0.9 x KL x T^2. The teacher is
untrained. Labelling is eager under inference_mode after a warm-up; the first training epoch is discarded; medians.
Prints one JSON line.
"""

import argparse
import gzip
import json
import statistics
import struct
import time
import warnings

warnings.filterwarnings("ignore")

import torch
from torch import nn
from torch.nn import functional as F

BATCH, TEMPERATURE, HARD, SOFT = 128, 4.0, 0.1, 0.9


def conv(inputs, filters):
    return [nn.Conv2d(inputs, filters, 3, padding=1), nn.ReLU()]


def teacher():
    layers = conv(1, 32) + conv(32, 64) + [nn.MaxPool2d(2)] + conv(64, 128) + [nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(6272, 128), nn.ReLU(), nn.Linear(128, 10))


def student():
    layers = conv(1, 8) + [nn.MaxPool2d(2)] + conv(8, 16) + [nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))


def read(images, labels, n):
    with gzip.open(images) as f:
        _, count, rows, columns = struct.unpack(">4i", f.read(16))
        n = min(n, count)
        pixels = torch.frombuffer(bytearray(f.read(n * rows * columns)), dtype=torch.uint8)
    with gzip.open(labels) as f:
        f.read(8)
        classes = torch.frombuffer(bytearray(f.read(n)), dtype=torch.uint8)
    return pixels.view(n, 1, rows, columns), classes.long()


def labelling(net, x):
    net.eval()
    with torch.inference_mode():
        for _ in range(3):
            net(x[:BATCH].float() / 255)
        start = time.perf_counter()
        logits = [net(x[i : i + BATCH].float() / 255) for i in range(0, len(x), BATCH)]
        seconds = time.perf_counter() - start
    return torch.cat(logits).clone(), len(x) / seconds


def step(net, optimizer, x, y, t):
    optimizer.zero_grad(set_to_none=True)
    logits = net(x)
    soft = F.kl_div(
        F.log_softmax(logits / TEMPERATURE, 1),
        F.log_softmax(t / TEMPERATURE, 1),
        reduction="batchmean",
        log_target=True,
    )
    loss = HARD * F.cross_entropy(logits, y) + SOFT * TEMPERATURE**2 * soft
    loss.backward()
    optimizer.step()


def epoch(net, optimizer, x, y, t):
    order = torch.randperm(len(x))
    steps = len(x) // BATCH
    start = time.perf_counter()
    for i in range(steps):
        rows = order[i * BATCH : (i + 1) * BATCH]
        step(net, optimizer, x[rows].float() / 255, y[rows], t[rows])
    return steps * BATCH / (time.perf_counter() - start)


def bare(net, optimizer, x, y, t, steps):
    x, y, t = x[:BATCH].float() / 255, y[:BATCH], t[:BATCH]
    start = time.perf_counter()
    for _ in range(steps):
        step(net, optimizer, x, y, t)
    return steps * BATCH / (time.perf_counter() - start)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", required=True)
    parser.add_argument("--labels", required=True)
    parser.add_argument("--n", type=int, default=12000)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    x, y = read(options.images, options.labels, options.n)
    total = time.perf_counter()
    logits, labelled = labelling(teacher(), x)
    net = student()
    optimizer = torch.optim.Adam(net.parameters(), 1e-3)
    speeds = [epoch(net, optimizer, x, y, logits) for _ in range(options.epochs)]
    total = time.perf_counter() - total
    net = student()
    optimizer = torch.optim.Adam(net.parameters(), 1e-3)
    bare(net, optimizer, x, y, logits, 10)
    bares = [bare(net, optimizer, x, y, logits, len(x) // BATCH) for _ in range(3)]
    print(
        json.dumps(
            {
                "labelling_images_per_s": round(labelled),
                "student_images_per_s": round(statistics.median(speeds[1:] or speeds)),
                "bare_step_images_per_s": round(statistics.median(bares)),
                "total_s": round(total, 2),
                "n": len(x),
                "epochs": options.epochs,
                "threads": options.threads,
            }
        )
    )


if __name__ == "__main__":
    main()
