"""The package itself: how it is found, its documentation, and its likeness to the C interface."""
import doctest
import importlib
import inspect
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import numpy as np

import layerpeeled
from layerpeeled import _library

FOLDER = pathlib.Path(__file__).resolve().parent.parent


class ImportTests(unittest.TestCase):
    """In processes of their own, with a copy of the package that has no library beside it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.site = self.folder / "site"
        shutil.copytree(pathlib.Path(layerpeeled.__file__).parent, self.site / "layerpeeled", ignore=shutil.ignore_patterns("*.so", "__pycache__"))

    def run_import(self, library, *emulator):
        environment = {k: v for k, v in os.environ.items() if k not in ("LAYERPEELED_LIBRARY", "PYTHONPATH")}
        environment["PYTHONPATH"] = str(self.site)
        if library is not None:
            environment["LAYERPEELED_LIBRARY"] = library
        return subprocess.run([*emulator, sys.executable, "-c", "import layerpeeled; print(layerpeeled.__file__)"], env=environment, cwd=self.folder, capture_output=True, text=True)

    def assert_one_line(self, run, message):
        self.assertNotEqual(run.returncode, 0)
        last = run.stderr.strip().splitlines()[-1]
        self.assertRegex(last, "^ImportError: layerpeeled: ")
        self.assertIn(message, last)
        self.assertNotIn("During handling", run.stderr)

    def test_missing_library_says_where_it_was_looked_for(self):
        run = self.run_import(None)
        self.assert_one_line(run, str(self.site / "layerpeeled" / "liblayerpeeled.so"))
        self.assert_one_line(run, "LAYERPEELED_LIBRARY is not set")

    def test_current_directory_is_not_looked_at(self):
        shutil.copy(_library._find(), self.folder / "liblayerpeeled.so")
        self.assert_one_line(self.run_import(None), "is missing")
        self.assert_one_line(self.run_import("liblayerpeeled.so"), "the full path")

    def test_named_library_is_loaded(self):
        self.assertEqual(self.run_import(_library._find()).returncode, 0)

    def test_library_beside_the_package_is_loaded(self):
        os.symlink(_library._find(), self.site / "layerpeeled" / "liblayerpeeled.so")
        run = self.run_import(None)
        self.assertEqual((run.returncode, run.stderr), (0, ""))

    @unittest.skipUnless(shutil.which("qemu-x86_64"), "qemu-x86_64 is not installed")
    def test_processor_without_avx2_is_named(self):
        # One library may be portable, which then loads.
        run = self.run_import(_library._find(), "qemu-x86_64", "-cpu", "Nehalem")
        if run.returncode != 0:
            self.assert_one_line(run, "needs a processor with AVX2")
        self.assertEqual(self.run_import(_library._find(), "qemu-x86_64", "-cpu", "max").returncode, 0)

    def test_foreign_file_is_refused(self):
        foreign = self.folder / "foreign.so"
        foreign.write_text("no library")
        self.assert_one_line(self.run_import(str(foreign)), "is not the native library")
        self.assert_one_line(self.run_import(str(self.folder / "none.so")), "there is no such file")


class DocumentationTests(unittest.TestCase):
    def modules(self):
        names = sorted(path.stem for path in pathlib.Path(layerpeeled.__file__).parent.glob("*.py"))
        return [importlib.import_module("layerpeeled." + name) for name in names if name not in ("__init__", "plot")] + [layerpeeled]

    def test_examples_are_true(self):
        count = 0
        for module in self.modules():
            result = doctest.testmod(module, extraglobs={"layerpeeled": layerpeeled, "np": np}, optionflags=doctest.ELLIPSIS)
            self.assertEqual(result.failed, 0, module.__name__)
            count += result.attempted
        self.assertGreater(count, 25)

    def test_everything_public_is_documented_and_hinted(self):
        for name in layerpeeled.__all__:
            thing = getattr(layerpeeled, name)
            self.assertTrue(thing.__doc__, name)
            if inspect.isfunction(thing):
                signature = inspect.signature(thing)
                self.assertIsNot(signature.return_annotation, inspect.Signature.empty, name)
                for parameter in signature.parameters.values():
                    self.assertIsNot(parameter.annotation, inspect.Parameter.empty, f"{name}: {parameter.name}")
                    self.assertIn(parameter.name, thing.__doc__, f"{name}: {parameter.name}")

    def test_version_is_that_of_the_library(self):
        self.assertRegex(layerpeeled.__version__, r"^\d+\.\d+\.\d+")


class InterfaceTests(unittest.TestCase):
    def test_declarations_are_those_of_the_header(self):
        generator = FOLDER / "generate_abi.py"
        if not generator.is_file() or not (FOLDER.parent / "LayerPeeled.Native" / "include").is_dir():
            self.skipTest("the header is not here")
        subprocess.run([sys.executable, generator, "--check"], check=True)


if __name__ == "__main__":
    unittest.main()
