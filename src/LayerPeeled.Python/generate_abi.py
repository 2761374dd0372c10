"""Writes layerpeeled/_abi.py, what ctypes has to know of the C interface, from the header of the native library.

    python3 generate_abi.py            # writes the file
    python3 generate_abi.py --check    # exit code 1 where the file is not that of the header
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
HEADER = HERE.parent / "LayerPeeled.Native" / "include" / "layerpeeled.h"
TARGET = HERE / "layerpeeled" / "_abi.py"

SCALARS = {"size_t": "c_size_t", "int32_t": "c_int32", "int64_t": "c_int64", "double": "c_double"}


def declarations(text):
    """Constants, structs, callbacks and functions of the header, in its order."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    constants = dict(re.findall(r"#define\s+(LP_\w+)\s+(\d+)", text))
    text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
    text = re.sub(r'extern "C" \{', "", text)
    text = re.sub(r"static inline .*?\n?\{.*?\}", "", text, flags=re.S)
    for body in re.findall(r"\benum\s*\{(.*?)\}", text, flags=re.S):
        constants.update(re.findall(r"(LP_\w+)\s*=\s*(-?\d+)", body))
    structs = re.findall(r"typedef struct (\w+)\s*\{(.*?)\}\s*\1\s*;", text, flags=re.S)
    opaque = re.findall(r"typedef struct (\w+) \1\s*;", text)
    callbacks = re.findall(r"typedef (\w+) \(\*(\w+)\)\((.*?)\);", text, flags=re.S)
    text = re.sub(r"typedef struct.*?;|enum\s*\{.*?\};", "", re.sub(r"typedef struct \w+\s*\{.*?\}\s*\w+\s*;", "", text, flags=re.S), flags=re.S)
    functions = re.findall(r"^((?:const )?\w+ \*?)(lp_\w+)\((.*?)\);", text, flags=re.S | re.M)
    return constants, structs, opaque, callbacks, functions


class Types:
    def __init__(self, structs, opaque, callbacks):
        self.structs = {name for name, _ in structs}
        self.opaque = set(opaque)
        self.callbacks = {name for _, name, _ in callbacks}

    def of(self, text):
        """The ctypes type of a C type."""
        base = " ".join(re.sub(r"\bconst\b|\*", " ", text).split())
        stars = text.count("*")
        if base in self.opaque or base == "void":
            kind, stars = "c_void_p", stars - 1
        elif base == "char":
            kind, stars = "c_char_p", stars - 1
        elif base in SCALARS:
            kind = SCALARS[base]
        elif base in self.structs or base in self.callbacks:
            kind = base
        else:
            raise ValueError(f"the type '{text}' is not known")
        for _ in range(stars):
            kind = f"POINTER({kind})"
        return kind


def split(declaration):
    """Type and name of 'const char *const *name'."""
    type_, name = re.fullmatch(r"(.*?)(\w+)", " ".join(declaration.split())).groups()
    return type_, name


def generate(header):
    constants, structs, opaque, callbacks, functions = declarations(header)
    types = Types(structs, opaque, callbacks)
    lines = ['"""The C interface of the library, as ctypes sees it. Written by generate_abi.py from layerpeeled.h."""',
             "from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_double, c_int32, c_int64, c_size_t, c_void_p", ""]
    lines += [f"{name} = {value}" for name, value in constants.items()] + [""]
    pending = list(callbacks)
    for name, body in structs:
        # A callback stands before the first struct that holds one.
        for callback in [c for c in pending if re.search(rf"\b{c[1]}\b", body)]:
            arguments = ", ".join(types.of(split(a)[0]) for a in callback[2].split(","))
            lines += ["", f"{callback[1]} = CFUNCTYPE({types.of(callback[0])}, {arguments})", ""]
            pending.remove(callback)
        lines += ["", f"class {name}(Structure):", "    _fields_ = ["]
        for field in filter(None, (f.strip() for f in body.split(";"))):
            type_, field_name = split(field)
            lines.append(f'        ("{field_name}", {types.of(type_)}),')
        lines += ["    ]", ""]
    lines += ["", "# name: (type of the result, types of the arguments)", "FUNCTIONS = {"]
    for result, name, arguments in functions:
        parsed = [] if arguments.strip() == "void" else [types.of(split(a)[0]) for a in arguments.split(",")]
        lines.append(f'    "{name}": ({types.of(result)}, [{", ".join(parsed)}]),')
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    text = generate(HEADER.read_text(encoding="utf-8"))
    if "--check" in sys.argv:
        sys.exit(0 if TARGET.read_text(encoding="utf-8") == text else f"{TARGET.name} is not that of {HEADER.name}: run generate_abi.py.")
    TARGET.write_text(text, encoding="utf-8")
