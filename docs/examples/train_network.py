"""Trains a small classifier on long-tailed Fashion-MNIST and saves its last layer for `layerpeeled diagnose`.

    python3 train_network.py --data FOLDER network.npz

FOLDER holds train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz: the Debian package dataset-fashion-mnist puts them into
/usr/share/datasets/fashion-mnist, and https://github.com/zalandoresearch/fashion-mnist has them. Needs PyTorch and NumPy; a minute on a CPU.
"""
import argparse
import gzip
import os

import numpy
import torch

NAMES = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("network", help="the archive to write")
arguments.add_argument("--data", required=True, help="folder of the data set")
arguments.add_argument("--largest", type=int, default=1000, help="examples of the largest class")
arguments.add_argument("--ratio", type=float, default=100, help="largest over smallest class")
arguments.add_argument("--epochs", type=int, default=200)
arguments.add_argument("--weights", help="file of loss weights, one a class; default: all 1")
options = arguments.parse_args()
torch.manual_seed(0)


def read(name, header):
    with gzip.open(os.path.join(options.data, name)) as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=header)


# Class k keeps largest * ratio^(-k/9) examples.
images = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 28 * 28)
every = read("train-labels-idx1-ubyte.gz", 8)
counts = [round(options.largest * options.ratio ** (-k / 9)) for k in range(10)]
kept = numpy.concatenate([numpy.flatnonzero(every == k)[:n] for k, n in enumerate(counts)])
x = torch.from_numpy(images[kept].astype("float32") / 255)
labels = torch.from_numpy(every[kept].astype("int64"))


def layer(inputs, outputs):
    return torch.nn.Linear(inputs, outputs), torch.nn.BatchNorm1d(outputs), torch.nn.ReLU()


model = torch.nn.Sequential(*layer(28 * 28, 256), *layer(256, 256), *layer(256, 64), torch.nn.Linear(64, 10))
weights = torch.from_numpy(numpy.loadtxt(options.weights, dtype="float32")) if options.weights else torch.ones(10)
loss = torch.nn.CrossEntropyLoss(weight=weights)
descent = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-3)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(descent, options.epochs)
for epoch in range(options.epochs):
    for batch in torch.randperm(len(x)).split(128):
        descent.zero_grad()
        loss(model(x[batch]), labels[batch]).backward()
        descent.step()
    schedule.step()

# The features are what goes into the last linear layer.
collected = []
hook = model[-1].register_forward_hook(lambda module, inputs, output: collected.append(inputs[0].detach().cpu()))
model.eval()
with torch.no_grad():
    right = sum((model(x[batch]).argmax(dim=1) == labels[batch]).sum().item() for batch in torch.arange(len(x)).split(1024))
hook.remove()
print(f"{len(x)} examples of classes with {counts}; training accuracy {right / len(x):.4f}")
numpy.savez(
    options.network, features=torch.cat(collected).numpy(), labels=numpy.array(NAMES)[labels],
    weight=model[-1].weight.detach().numpy(), bias=model[-1].bias.detach().numpy(), row_labels=numpy.array(NAMES))
