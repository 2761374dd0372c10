"""Writes the arrays of this folder. Made with NumPy 1.24.2: python3 generate.py

Every numeric array holds a[i, j] = 10*i + j - 3 (2-D) or i - 3 (1-D), except unsigned and bool, which hold 10*i + j, i, i % 2.
"""
import io, os
import numpy as np
from numpy.lib import format as npy

here = os.path.dirname(os.path.abspath(__file__))
path = lambda name: os.path.join(here, name)
matrix = np.add.outer(10 * np.arange(4), np.arange(3)) - 3

for order in "<>":
    for kind in ("f2", "f4", "f8", "i2", "i4", "i8"):
        np.save(path(f"{'little' if order == '<' else 'big'}_{kind}.npy"), matrix.astype(order + kind))
    for kind in ("u2", "u4", "u8"):
        np.save(path(f"{'little' if order == '<' else 'big'}_{kind}.npy"), (matrix + 3).astype(order + kind))
np.save(path("i1.npy"), matrix.astype("i1"))
np.save(path("u1.npy"), (matrix + 3).astype("u1"))
np.save(path("bool.npy"), np.arange(7) % 2 == 1)
np.save(path("fortran_f4.npy"), np.asfortranarray(matrix.astype("<f4")))
np.save(path("fortran_big_i8.npy"), np.asfortranarray(matrix.astype(">i8")))
np.save(path("labels_i8.npy"), np.arange(7) - 3)
np.save(path("labels_f8.npy"), np.arange(7.0) - 3)
np.save(path("scalar.npy"), np.float64(2.5))
np.save(path("empty.npy"), np.zeros((0, 5)))
np.save(path("cube.npy"), np.arange(24.0).reshape(2, 3, 4))
for version in ((2, 0), (3, 0)):
    with open(path(f"version{version[0]}.npy"), "wb") as f:
        npy.write_array(f, matrix.astype("<f8"), version=version)

# Refused:
np.save(path("objects.npy"), np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
np.save(path("complex.npy"), np.zeros(2, complex))
np.save(path("text.npy"), np.array(["a", "bc"]))
np.save(path("records.npy"), np.zeros(2, dtype=[("x", "<f8"), ("y", "<i4")]))
np.save(path("labels_half.npy"), np.array([1.0, 2.5]))
np.save(path("labels_u8_large.npy"), np.array([1, 2**63], dtype="u8"))

np.savez(path("stored.npz"), features=matrix.astype("f4"), labels=np.arange(4), W=matrix.astype("f8"))
np.savez_compressed(path("compressed.npz"), features=matrix.astype("f4"), labels=np.arange(4), W=matrix.astype("f8"))
