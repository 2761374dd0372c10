#!/usr/bin/env python3
"""Draws the icon of the packages, build/icon.svg and build/icon.png: a simplex of three classifiers on the last layer, peeled off those below.

    python3 build/icon.py          (needs matplotlib)
"""
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams["svg.hashsalt"] = "layerpeeled"
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyBboxPatch, Polygon

figure = plt.figure(figsize=(1.28, 1.28), dpi=100)
axes = figure.add_axes((0, 0, 1, 1))
axes.set(xlim=(0, 128), ylim=(0, 128))
axes.axis("off")
axes.add_patch(FancyBboxPatch((0, 0), 128, 128, boxstyle="round,pad=0,rounding_size=22", color="#17324d", linewidth=0))

# Layers in perspective, the lower ones close together, the last one lifted.
layer = np.array([[12, 0], [76, 0], [116, 30], [52, 30]])
for height, colour in ((14, "#2f6690"), (24, "#3a7ca5"), (34, "#5f9fc4")):
    axes.add_patch(Polygon(layer + (0, height), facecolor=colour, edgecolor="#17324d", linewidth=1.2))
axes.add_patch(Polygon(layer + (0, 74), facecolor="#f4f1de", edgecolor="#17324d", linewidth=1.2))

# A simplex equiangular tight frame of three vectors, in the plane of the last layer.
centre = np.array([64, 89])
for angle, colour in zip(np.radians((100, 220, 340)), ("#e07a5f", "#3d8b6e", "#8a5a9e")):
    end = centre + 0.6 * (np.cos(angle) * np.array([52, 0]) + np.sin(angle) * np.array([24, 22]))
    axes.annotate("", end, centre, arrowprops={"arrowstyle": "-|>", "color": colour, "linewidth": 3.2, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 10})

folder = Path(__file__).parent
figure.savefig(folder / "icon.svg", transparent=True, metadata={"Date": None})
figure.savefig(folder / "icon.png", transparent=True)
