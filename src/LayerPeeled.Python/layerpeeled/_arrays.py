"""Arrays of NumPy, PyTorch and others as the library takes them: views of the same memory wherever its layout allows."""
from __future__ import annotations

import ctypes
from typing import Any, Optional, Tuple

import numpy as np

from . import _abi
from ._library import check, library
from .errors import InvalidArgumentError

_CODES = {
    np.dtype(np.float64): _abi.LP_FLOAT64,
    np.dtype(np.float32): _abi.LP_FLOAT32,
    np.dtype(np.int64): _abi.LP_INT64,
    np.dtype(np.int32): _abi.LP_INT32,
}
_SIZE = ctypes.sizeof(_abi.lp_array)


def as_array(value: Any, name: str) -> np.ndarray:
    """The array of a value, without a copy where it has one: NumPy's, or what speaks ``__array__`` or DLPack."""
    if isinstance(value, np.ndarray):
        return value
    detach = getattr(value, "detach", None)  # a tensor that gradients flow through
    if detach is not None:
        value = detach()
    try:
        if not hasattr(value, "__array__") and hasattr(value, "__dlpack__"):
            return np.from_dlpack(value)
        return np.asarray(value)
    except Exception as error:
        raise InvalidArgumentError(f"{name} cannot be read as an array: {error}") from error


def numbers(value: Any, name: str, axes: int) -> np.ndarray:
    """An array of numbers with so many axes and of a type that the library takes."""
    array = as_array(value, name)
    if array.dtype not in _CODES:
        array = _converted(array, name)
    if array.ndim != axes:
        array = _with_axes(array, name, axes)
    return array


def integers(value: Any, name: str) -> np.ndarray:
    """A vector of whole numbers."""
    array = numbers(value, name, 1)
    if array.dtype.kind == "f":
        whole = array.astype(np.int64)
        if not np.array_equal(whole, array):
            raise InvalidArgumentError(f"{name} has numbers that are not whole.")
        array = whole
    return array


def view(array: np.ndarray) -> Any:
    """The library's view of the memory of an array that `numbers` made. It is valid as long as the array is."""
    if array.ndim == 1:
        rows, columns = array.shape[0], 1
        row_stride, column_stride = array.strides[0], array.itemsize
    else:
        rows, columns = array.shape
        row_stride, column_stride = array.strides
    if row_stride == 0 and column_stride == 0:
        # Both zero stand for C order.
        array = np.ascontiguousarray(array)
        row_stride, column_stride = array.strides
    result = _abi.lp_array(_SIZE, array.__array_interface__["data"][0], _CODES[array.dtype], 0, rows, columns, row_stride, column_stride)
    result.array = array
    return result


def optional_view(value: Any, name: str, axes: int) -> Optional[Any]:
    return None if value is None else view(numbers(value, name, axes))


def pointer(result: Optional[Any]) -> Any:
    """A pointer to a view for a field of a struct; the struct has to keep the view."""
    return None if result is None else ctypes.pointer(result)


def matrix(get_shape: Any, get_matrix: Any, handle: Any, which: int) -> Optional[np.ndarray]:
    """A matrix of an object of the library, read-only; None where there is none."""
    shape = shape_of(get_shape, handle, which)
    if shape is None:
        return None
    result = np.empty(shape)
    check(get_matrix(handle, which, ctypes.byref(view(result))))
    result.flags.writeable = False
    return result


def shape_of(get_shape: Any, handle: Any, which: int) -> Optional[Tuple[int, int]]:
    rows, columns = ctypes.c_int64(), ctypes.c_int64()
    check(get_shape(handle, which, ctypes.byref(rows), ctypes.byref(columns)))
    return None if rows.value == 0 or columns.value == 0 else (rows.value, columns.value)


def long_tail(classes: int, largest: float, ratio: float) -> np.ndarray:
    """Class counts of a long-tailed data set: ``floor(largest * ratio ** (-k / (classes - 1)))``.

    Parameters
    ----------
    classes : int
        Number of classes, at least 2.
    largest : float
        Examples of the first class, at least 1.
    ratio : float
        Largest over smallest class, at least 1.

    Returns
    -------
    ndarray of shape (classes,)

    Examples
    --------
    >>> layerpeeled.long_tail(5, 1000, 100)
    array([1000.,  316.,  100.,   31.,   10.])
    """
    counts = np.empty(classes)
    check(library.lp_long_tail(largest, ratio, ctypes.byref(view(counts))))
    return counts


def _converted(array: np.ndarray, name: str) -> np.ndarray:
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind == "f":
        return array.astype(np.float32 if size < 4 else np.float32 if size == 4 else np.float64)
    if kind in "iub":
        if kind == "u" and size == 8 and array.size and array.max() > np.iinfo(np.int64).max:
            raise InvalidArgumentError(f"{name} has whole numbers beyond 64 bits with a sign.")
        return array.astype(np.int64)
    raise InvalidArgumentError(f"{name} has elements of the type {array.dtype}; numbers are expected.")


def _with_axes(array: np.ndarray, name: str, axes: int) -> np.ndarray:
    # (N, p, 1, 1) of a pooling layer is (N, p), a column (K, 1) is (K,).
    shape = list(array.shape)
    for axis in range(len(shape) - 1, -1, -1):
        if len(shape) > axes and shape[axis] == 1:
            del shape[axis]
    if len(shape) != axes:
        what = "a vector" if axes == 1 else "a matrix"
        raise InvalidArgumentError(f"{name} has the shape {array.shape}; {what} is expected.")
    return array.reshape(shape)
