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

# Labels as people save them: the classes are 0 2 1 2 0, or cat dog bird dog cat.
ids = np.array([0, 2, 1, 2, 0])
names = np.array(["cat", "dog", "Zürich 🐦"])
np.save(path("labels_column.npy"), ids.reshape(-1, 1))
np.save(path("labels_one_hot.npy"), np.eye(4, dtype="f4")[ids])
np.save(path("labels_one_hot_bool.npy"), np.asfortranarray(np.eye(4, dtype=bool)[ids]))
np.save(path("labels_text.npy"), names[ids])
np.save(path("labels_text_big.npy"), names[ids].astype(">U9").reshape(-1, 1))
np.save(path("labels_bytes.npy"), np.char.encode(names, "utf-8")[ids])
np.save(path("labels_numbers_as_text.npy"), np.array(["10", "9", "-1"]))
np.save(path("pooled.npy"), matrix.astype("f4").reshape(4, 3, 1, 1))
np.save(path("pooled_last.npy"), np.asfortranarray(matrix.astype("f4").reshape(4, 1, 1, 3)))

# Refused:
np.save(path("labels_logits.npy"), np.array([[0.0, 1.0], [0.9, 0.1]]))
np.save(path("labels_two_ones.npy"), np.array([[0, 1, 0], [1, 1, 0]]))
np.save(path("labels_latin1.npy"), np.array([b"caf\xe9"]))
np.save(path("bfloat16.npy"), np.zeros(3, "V2"))  # what NumPy writes of ml_dtypes.bfloat16
np.save(path("objects.npy"), np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
np.save(path("complex.npy"), np.zeros(2, complex))
np.save(path("records.npy"), np.zeros(2, dtype=[("x", "<f8"), ("y", "<i4")]))
np.save(path("labels_half.npy"), np.array([1.0, 2.5]))
np.save(path("labels_u8_large.npy"), np.array([1, 2**63], dtype="u8"))

np.savez(path("stored.npz"), features=matrix.astype("f4"), labels=np.arange(4), W=matrix.astype("f8"))
np.savez_compressed(path("compressed.npz"), features=matrix.astype("f4"), labels=np.arange(4), W=matrix.astype("f8"))

# Checkpoints in the two formats of PyTorch, made with PyTorch 1.13.
try:
    import torch
    torch.save({"fc.weight": torch.zeros(2, 3)}, path("checkpoint.pt"))
    torch.save({"fc.weight": torch.zeros(2, 3)}, path("checkpoint_old.pt"), _use_new_zipfile_serialization=False)
except ImportError:
    print("without PyTorch the checkpoints stay as they are")
