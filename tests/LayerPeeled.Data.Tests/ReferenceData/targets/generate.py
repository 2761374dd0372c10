"""Writes the files in this folder: python3 generate.py (NumPy 1.24, SciPy 1.10). Every one but those of kinds that are refused holds the same matrix."""
import numpy as np
import scipy.io
import scipy.sparse as sp

A = np.array([[3, 0, 0, 1], [0, 2, 0, 0], [0.5, 0, 0, 4], [0, 0, 0, 0], [1, 0, 7, 0]])

sp.save_npz("csc.npz", sp.csc_matrix(A))
sp.save_npz("csc_stored.npz", sp.csc_matrix(A), compressed=False)
sp.save_npz("csr.npz", sp.csr_matrix(A))
sp.save_npz("csr_array_f4.npz", sp.csr_array(A.astype(np.float32)))

# Rows not in order, an entry in two parts, an explicit zero, room behind the last entry that is not used, 64-bit indices.
loose = sp.csc_matrix((5, 4))
loose.data = np.array([1, 0.5, 2, 1, 2, 0, 7, 4, 1, 9, 9.0])
loose.indices = np.array([4, 2, 0, 0, 1, 3, 4, 2, 0, 1, 1], dtype=np.int64)
loose.indptr = np.array([0, 4, 5, 7, 9], dtype=np.int64)
sp.save_npz("csc_loose.npz", loose)

coo = sp.coo_matrix(([1, 2, 2, 1, 0.5, 7, 4, 1], ([0, 0, 1, 4, 2, 4, 2, 0], [0, 0, 1, 0, 0, 2, 3, 3])), shape=(5, 4))
sp.save_npz("coo.npz", coo)
np.savez("coo_coords.npz", format=b"coo", shape=(5, 4), data=coo.data, coords=(coo.row, coo.col))  # as SciPy announces it
np.savez("csc_text.npz", format="csc", shape=(5, 4), data=sp.csc_matrix(A).data, indices=sp.csc_matrix(A).indices, indptr=sp.csc_matrix(A).indptr)

sp.save_npz("refused_bsr.npz", sp.bsr_matrix(A))
sp.save_npz("refused_dia.npz", sp.dia_matrix(A))

scipy.io.mmwrite("real.mtx", sp.csc_matrix(A), comment="a comment\nin two lines")
scipy.io.mmwrite("array.mtx", A)
np.save("c.npy", A)
np.save("fortran.npy", np.asfortranarray(A))
np.save("f2_big.npy", A.astype(">f2"))

# Another matrix: whole numbers, symmetric.
S = np.array([[2, 1, 0], [1, 0, 5], [0, 5, 3]])
scipy.io.mmwrite("symmetric.mtx", sp.csc_matrix(S))
scipy.io.mmwrite("symmetric_array.mtx", S)
scipy.io.mmwrite("pattern.mtx", sp.csc_matrix(S != 0), field="pattern", symmetry="general")
