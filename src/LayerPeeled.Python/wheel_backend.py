"""Builds the wheel: the Python files and the native library, in a zip archive (PEP 517 and 427). It needs nothing but Python, and so no network.

The native library is what LAYERPEELED_LIBRARY says, or what build/native-library.sh has made.
"""
import base64
import hashlib
import os
import pathlib
import re
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGE = "layerpeeled"
LIBRARY = "liblayerpeeled.so"
BUILT = ROOT / "artifacts" / "native" / "lib" / LIBRARY
TAG = "py3-none-linux_x86_64"


def version():
    return re.search("<Version>(.*?)</Version>", (ROOT / "Directory.Build.props").read_text(encoding="utf-8")).group(1)


def library():
    path = pathlib.Path(os.environ.get("LAYERPEELED_LIBRARY", BUILT))
    if not path.is_file():
        raise SystemExit(f"layerpeeled: there is no native library at {path}; build/native-library.sh builds it, or LAYERPEELED_LIBRARY names one by its full path.")
    return path


def metadata():
    return "\n".join([
        "Metadata-Version: 2.1", f"Name: {PACKAGE}", f"Version: {version()}", "Summary: Certified optima of the Layer-Peeled Model", "License: MIT",
        "Requires-Python: >=3.9", "Requires-Dist: numpy", "Provides-Extra: plot", "Requires-Dist: matplotlib; extra == 'plot'",
        "Description-Content-Type: text/markdown", "", (HERE / "README.md").read_text(encoding="utf-8")])


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    files = {f"{PACKAGE}/{path.name}": path.read_bytes() for path in sorted((HERE / PACKAGE).iterdir()) if path.suffix == ".py" or path.name == "py.typed"}
    files[f"{PACKAGE}/{LIBRARY}"] = library().read_bytes()
    return write(wheel_directory, files)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    """A wheel that leads to this folder; the library has to be named by LAYERPEELED_LIBRARY then, or to lie in it."""
    return write(wheel_directory, {f"{PACKAGE}.pth": str(HERE).encode()})


def build_sdist(sdist_directory, config_settings=None):
    raise SystemExit("layerpeeled: there is no source archive; the sources are the repository.")


def write(folder, files):
    info = f"{PACKAGE}-{version()}.dist-info"
    files[f"{info}/METADATA"] = metadata().encode()
    files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: {PACKAGE}\nRoot-Is-Purelib: false\nTag: {TAG}\n".encode()
    files[f"{info}/LICENSE"] = (ROOT / "LICENSE").read_bytes()
    record = [f"{name},sha256={digest(content)},{len(content)}" for name, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    name = f"{PACKAGE}-{version()}-{TAG}.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            # The same files give the same bytes.
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return name


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
