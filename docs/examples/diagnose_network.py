"""Trains a small network on a long-tailed data set with NumPy alone, and lays it beside the optimum of the Layer-Peeled Model at its own class counts and budgets.

    python3 diagnose_network.py [FIGURE.png] [--data FOLDER]

FOLDER holds train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz of Fashion-MNIST: the Debian package dataset-fashion-mnist puts them into
/usr/share/datasets/fashion-mnist, which is read where it is there. Else the data are ten normal clouds. Needs the package layerpeeled, and matplotlib for the figure.
"""
import argparse
import gzip
import pathlib

import numpy as np

import layerpeeled

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("figure", nargs="?", help="the figure to write")
arguments.add_argument("--data", default="/usr/share/datasets/fashion-mnist", help="folder of the data set")
arguments.add_argument("--largest", type=int, default=500, help="examples of the largest class")
arguments.add_argument("--ratio", type=float, default=100, help="largest over smallest class")
arguments.add_argument("--epochs", type=int, default=150)
options = arguments.parse_args()
random = np.random.default_rng(0)
counts = layerpeeled.long_tail(10, options.largest, options.ratio).astype(int)


def fashion(folder):
    def read(name, header):
        with gzip.open(folder / name) as file:
            return np.frombuffer(file.read(), np.uint8, offset=header)

    images = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 28 * 28)
    labels = read("train-labels-idx1-ubyte.gz", 8)
    kept = np.concatenate([np.flatnonzero(labels == k)[:n] for k, n in enumerate(counts)])
    return images[kept].astype(np.float32) / 255, labels[kept].astype(np.int64)


def clouds():
    labels = np.repeat(np.arange(10), counts)
    return (2 * random.standard_normal((10, 50))[labels] + random.standard_normal((len(labels), 50))).astype(np.float32), labels


folder = pathlib.Path(options.data)
is_fashion = (folder / "train-images-idx3-ubyte.gz").is_file()
x, labels = fashion(folder) if is_fashion else clouds()

# Two hidden layers of 64, ReLU; stochastic gradient descent with momentum and weight decay.
sizes = [x.shape[1], 64, 64, 10]
weights = [(random.standard_normal((n, m)) * np.sqrt(2 / n)).astype(np.float32) for n, m in zip(sizes, sizes[1:])]
biases = [np.zeros(m, np.float32) for m in sizes[1:]]
speeds = [np.zeros_like(parameter) for parameter in weights + biases]


def layers(batch):
    """The input of each layer, and the logits behind the last one."""
    inputs = [batch]
    for w, b in zip(weights[:-1], biases[:-1]):
        inputs.append(np.maximum(inputs[-1] @ w + b, 0))
    return inputs, inputs[-1] @ weights[-1] + biases[-1]


for epoch in range(options.epochs):
    rate = 0.05 * (1 + np.cos(np.pi * epoch / options.epochs)) / 2
    for batch in np.array_split(random.permutation(len(x)), len(x) // 64):
        inputs, logits = layers(x[batch])
        slope = np.exp(logits - logits.max(axis=1, keepdims=True))
        slope /= slope.sum(axis=1, keepdims=True)
        slope[np.arange(len(batch)), labels[batch]] -= 1
        slope /= len(batch)
        gradients = [None] * 6
        for layer in (2, 1, 0):
            gradients[layer], gradients[3 + layer] = inputs[layer].T @ slope, slope.sum(axis=0)
            slope = (slope @ weights[layer].T) * (inputs[layer] > 0)
        for parameter, speed, gradient in zip(weights + biases, speeds, gradients):
            speed *= 0.9
            speed += gradient + 5e-3 * parameter
            parameter -= rate * speed

inputs, logits = layers(x)
print(f"{'Fashion-MNIST' if is_fashion else 'ten normal clouds'}: {len(x)} examples, training accuracy {(logits.argmax(axis=1) == labels).mean():.3f}")

# weights[-1] is p x K, the library has K x p: a view, no copy.
diagnosis = layerpeeled.diagnose(inputs[-1], labels, weights[-1].T, biases[-1])
print(diagnosis)
print(diagnosis.measurement)
for group in diagnosis.groups:
    print(f"{group.classes} classes of {group.smallest_count} to {group.largest_count} examples: mean cosine of their classifiers "
          f"{group.measured_classifier_cosines.mean:.3f}, at the optimum {group.predicted_classifier_cosines.mean:.3f}")
if options.figure:
    from layerpeeled import plot
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    plot.diagnosis(diagnosis, ax=left)
    plot.cosines(diagnosis.solution, ax=right)
    figure.savefig(options.figure)
