"""Solving, certificates, files, progress and interruption."""
import ctypes
import gc
import json
import os
import pathlib
import signal
import tempfile
import threading
import time
import unittest

import numpy as np

import layerpeeled
from layerpeeled import Status

TWO_GROUPS = [1000] * 5 + [10] * 5


def solve(counts=TWO_GROUPS, **options):
    return layerpeeled.solve(counts, **{"ew": 1, "eh": 5, **options})


def interrupt_when(condition):
    """Sends Ctrl-C to this process once the condition holds."""
    def wait():
        while not condition():
            time.sleep(0.001)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


class SolveTests(unittest.TestCase):
    def test_solve_two_groups_is_the_optimum_of_the_tool(self):
        solution = solve()
        self.assertEqual(solution.status, Status.OPTIMAL)
        self.assertEqual(f"{solution.objective:.9f}", "0.091299164")
        self.assertLess(solution.gap, 1e-10)
        self.assertLessEqual(solution.bound, solution.objective)
        self.assertEqual(list(solution.collapsed), [False, True])
        self.assertEqual(solution.classes_below_critical_size, 5)

    def test_solve_matrices_give_objective_norms_and_cosines(self):
        solution = solve()
        w, h, z = solution.W, solution.H, solution.Z
        self.assertEqual((w.shape, h.shape), ((10, 10), (10, 10)))
        np.testing.assert_allclose(z, w @ h, atol=1e-12)
        counts = np.array(TWO_GROUPS)
        losses = np.log(np.exp(z - np.diag(z)).sum(axis=0))
        self.assertAlmostEqual((counts * losses).sum() / counts.sum(), solution.objective, places=13)
        np.testing.assert_allclose(np.linalg.norm(w, axis=1)[[0, 5]], solution.norms.classifier, rtol=1e-12)
        np.testing.assert_allclose(np.linalg.norm(h, axis=0)[[0, 5]], solution.norms.feature, rtol=1e-12)
        cosine = w[0] @ w[5] / np.linalg.norm(w[0]) / np.linalg.norm(w[5])
        self.assertAlmostEqual(cosine, solution.cosines.classifier[0, 1], places=12)
        self.assertAlmostEqual(1, solution.cosines.classifier[1, 1], places=9)
        np.testing.assert_allclose(solution.classifier_gram, w @ w.T, atol=1e-12)

    def test_solve_any_layout_of_the_counts_is_the_same(self):
        expected = solve(np.array(TWO_GROUPS, np.float64)).objective
        every_other = np.repeat(np.array(TWO_GROUPS, np.float64), 2)[::2]
        for counts in (TWO_GROUPS, tuple(TWO_GROUPS), np.array(TWO_GROUPS, np.int32), np.array(TWO_GROUPS, np.uint16), np.array(TWO_GROUPS, np.float32), every_other,
                       np.array(TWO_GROUPS, ">f8"), np.array(TWO_GROUPS)[::-1][::-1], np.array(TWO_GROUPS).reshape(-1, 1)):
            self.assertEqual(solve(counts).objective, expected)

    def test_solve_equal_counts_without_strides_are_read(self):
        counts = np.broadcast_to(np.float64(7), (4,))
        self.assertEqual(solve(counts).objective, solve([7, 7, 7, 7]).objective)

    def test_solve_million_classes_costs_the_groups(self):
        solution = solve([50, 2], multiplicities=[300_000, 700_000])
        self.assertTrue(solution.is_optimal)
        self.assertEqual(solution.shape[0], 1_000_000)
        self.assertEqual(list(solution.groups["classes"]), [300_000, 700_000])

    def test_solve_penalties_and_bias(self):
        solution = layerpeeled.solve([100, 100, 10], lambda_w=5e-3, lambda_h=1e-4, lambda_b=0)
        self.assertTrue(solution.is_optimal)
        np.testing.assert_allclose(solution.Z, solution.W @ solution.H + solution.b[:, None], atol=1e-12)
        self.assertGreater(solution.objective, solution.loss)
        self.assertIsNone(solve().b)

    def test_solve_of_a_model_is_that_of_its_arguments(self):
        model = layerpeeled.Model(TWO_GROUPS, ew=1, eh=5, loss="la:tau=1")
        self.assertEqual(layerpeeled.solve(model).objective, solve(loss="la:tau=1").objective)
        with self.assertRaisesRegex(ValueError, "ew, eh: the model has its own"):
            solve(model)

    def test_matrices_are_read_only_and_outlive_the_solution(self):
        solution = solve()
        w = solution.W
        del solution
        gc.collect()
        self.assertAlmostEqual(np.sum(w ** 2) / 10, 1, places=9)
        with self.assertRaises(ValueError):
            w[0, 0] = 1

    def test_certify_of_the_optimum_closes_and_of_another_point_does_not(self):
        solution = solve()
        self.assertLess(layerpeeled.certify(TWO_GROUPS, solution.W, solution.H, ew=1, eh=5).relative_gap, 1e-9)
        loose = layerpeeled.certify(TWO_GROUPS, np.asfortranarray(solution.W), 0.9 * solution.H, ew=1, eh=5)
        self.assertGreater(loose.relative_gap, 1e-3)
        self.assertLessEqual(loose.lower_bound, solution.objective)

    def test_solve_from_many_threads_is_the_same(self):
        found = []
        threads = [threading.Thread(target=lambda: found.append(solve().objective)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, [solve().objective] * 4)

    def test_names_are_those_of_the_mapping(self):
        solution = solve({"cat": 100, "dog": 10, "ox": 10})
        self.assertEqual(json.loads(solution.to_json())["model"]["classNames"], ["cat", "dog", "ox"])

    def test_repr_reads(self):
        self.assertRegex(repr(solve()), r"^Solution\(Optimal, objective=0\.0912991\d+, gap=\d\.\de-\d+, W 10x10, reduced\)$")


class ArgumentTests(unittest.TestCase):
    def test_bad_arguments_are_named(self):
        for arguments, message in (
            ({"counts": [100, -1]}, "-1"),
            ({"counts": [[1, 2], [3, 4]]}, r"counts has the shape \(2, 2\); a vector is expected"),
            ({"counts": ["a", "b"]}, "counts has elements of the type <U1; numbers are expected"),
            ({"ew": 0}, "0"),
            ({"ew": None}, "eh=5 is given; either the budgets"),
            ({"lambda_w": 1}, "ew=1, eh=5, lambda_w=1 are given"),
            ({"method": "no-such"}, "no-such"),
            ({"loss": "no-such"}, "no-such"),
            ({"feature_norm": "none"}, "feature_norm is 'none'; per-class or per-sample"),
            ({"dimension": 0}, "dimension is 0"),
            ({"gap": 0}, "gap is 0"),
            ({"gap": 2}, "2"),
            ({"weights": [1, 2]}, "2"),
        ):
            with self.subTest(**arguments), self.assertRaisesRegex(ValueError, message) as caught:
                solve(**arguments)
            self.assertIsInstance(caught.exception, layerpeeled.InvalidArgumentError)

    def test_library_errors_have_the_kind_of_its_exception(self):
        with self.assertRaises(layerpeeled.LayerPeeledError) as caught:
            solve([100, -1])
        self.assertRegex(caught.exception.kind, "^Argument.*Exception$")

    def test_options_are_keywords(self):
        with self.assertRaises(TypeError):
            layerpeeled.solve(TWO_GROUPS, 1, 5)

    def test_memory_that_is_too_small_is_an_error_or_a_limit(self):
        with self.assertRaises(layerpeeled.LayerPeeledError):
            solve(np.arange(1, 3001), method="low-rank", memory=1_000_000)


class FileTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def test_save_load_verify_keep_every_digit(self):
        solution = solve([100, 100, 10], weights=[1, 2, 3])
        for name in ("solution.json", "solution.npz"):
            with self.subTest(name):
                path = pathlib.Path(self.folder.name) / name
                solution.save(path)
                loaded = layerpeeled.load(str(path))
                self.assertEqual(loaded.objective, solution.objective)
                np.testing.assert_array_equal(loaded.W, solution.W)
                np.testing.assert_array_equal(loaded.H, solution.H)
                np.testing.assert_array_equal(loaded.cosines.classifier, solution.cosines.classifier)
                verification = layerpeeled.verify(path)
                self.assertTrue(verification.holds and verification.certified)
                self.assertEqual(os.listdir(self.folder.name).count(name), 1)

    def test_convert_both_ways_keeps_every_byte(self):
        first, archive, last = (os.path.join(self.folder.name, name) for name in ("first.json", "archive.npz", "last.json"))
        solve([100, 100, 10]).save(first)
        layerpeeled.convert(first, archive)
        layerpeeled.convert(archive, last)
        self.assertEqual(pathlib.Path(last).read_bytes(), pathlib.Path(first).read_bytes())
        with self.assertRaisesRegex(layerpeeled.UnsupportedError, "last.txt"):
            layerpeeled.convert(first, "last.txt")

    def test_targets_are_saved_as_arrays(self):
        solution = layerpeeled.solve_targets([[8, 1], [1, 8], [1, 1]], ew=1, eh=1)
        path = os.path.join(self.folder.name, "targets.npz")
        solution.save(path)
        with np.load(path, allow_pickle=False) as arrays:
            np.testing.assert_allclose(arrays["classifier"] @ arrays["contexts"].T, solution.Z, atol=1e-12)
        with self.assertRaisesRegex(layerpeeled.UnsupportedError, r"\.npz"):
            solution.save(os.path.join(self.folder.name, "targets.json"))

    def test_npz_is_read_by_numpy_alone(self):
        solution = solve([100, 100, 10])
        path = os.path.join(self.folder.name, "solution.npz")
        solution.save(path)
        with np.load(path, allow_pickle=False) as arrays:
            np.testing.assert_array_equal(arrays["W"], solution.W)
            np.testing.assert_array_equal(arrays["H"], solution.H)
            np.testing.assert_allclose(arrays["Z"], solution.Z, atol=1e-12)
            self.assertEqual(float(arrays["objective"]), solution.objective)
            self.assertEqual([arrays[name].dtype for name in arrays.files if name != "solution.json"],
                             [np.float64] * (len(arrays.files) - 1))
            self.assertEqual(json.loads(arrays["solution.json"])["status"], "Optimal")

    def test_verify_changed_file_does_not_hold(self):
        path = os.path.join(self.folder.name, "solution.json")
        solve([100, 100, 10]).save(path)
        with open(path) as file:
            document = json.load(file)
        document["objective"] *= 0.999
        with open(path, "w") as file:
            json.dump(document, file)
        verification = layerpeeled.verify(path)
        self.assertFalse(verification.holds)
        self.assertIn("Fails", {check.outcome for check in verification.checks})

    def test_missing_and_foreign_files_are_typed_errors(self):
        with self.assertRaises(OSError):
            layerpeeled.load(os.path.join(self.folder.name, "none.json"))
        foreign = os.path.join(self.folder.name, "foreign.json")
        pathlib.Path(foreign).write_text("{}")
        with self.assertRaisesRegex(layerpeeled.FormatError, "formatVersion"):
            layerpeeled.load(foreign)


class ControlTests(unittest.TestCase):
    # It never closes a gap this small.
    ENDLESS = {"counts": np.arange(1, 41), "ew": 10, "eh": 10, "method": "frank-wolfe", "gap": 1e-15, "max_iterations": 100_000_000}

    def setUp(self):
        # Python leaves the signal alone where it was ignored at its start, as in jobs in the background.
        self.addCleanup(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))

    def test_progress_is_called_each_iteration_and_may_stop(self):
        seen = []
        solution = layerpeeled.solve(**self.ENDLESS, progress=lambda report: seen.append(report) or report.iteration >= 7)
        self.assertEqual(solution.status, Status.CANCELLED)
        self.assertEqual(seen[-1].iteration, 7)
        self.assertEqual([report.method for report in seen], ["frank-wolfe"] * len(seen))
        self.assertGreaterEqual(solution.objective, solution.bound)

    def test_error_in_progress_comes_through(self):
        def fail(report):
            raise KeyError("mine")
        with self.assertRaisesRegex(KeyError, "mine"):
            layerpeeled.solve(**self.ENDLESS, progress=fail)

    def test_interrupt_has_the_best_point(self):
        for progress in (None, lambda report: False):
            sender = interrupt_when(lambda: signal.getsignal(signal.SIGINT) is not signal.default_int_handler)
            with self.assertRaises(KeyboardInterrupt) as caught:
                layerpeeled.solve(**self.ENDLESS, progress=progress)
            sender.join()
            solution = caught.exception.result
            self.assertEqual(solution.status, Status.CANCELLED)
            self.assertTrue(np.isfinite(solution.objective) and solution.bound <= solution.objective)
            self.assertIs(signal.getsignal(signal.SIGINT), signal.default_int_handler)

    def test_interrupt_of_a_sweep_has_the_finished_rows(self):
        ratios = np.geomspace(1, 1e4, 100_000)
        sender = interrupt_when(lambda: any(thread.name == "layerpeeled" for thread in threading.enumerate()))
        with self.assertRaises(layerpeeled.Interrupted) as caught:
            layerpeeled.sweep(ratios, majority_classes=5, minority_classes=5, ew=1, eh=5)
        sender.join()
        self.assertIn(Status.NOT_SOLVED, caught.exception.result.statuses)

    def test_token_from_another_thread_stops(self):
        token = layerpeeled.CancelToken()
        timer = threading.Timer(0.1, token.cancel)
        timer.start()
        solution = layerpeeled.solve(**self.ENDLESS, cancel=token)
        timer.join()
        self.assertEqual(solution.status, Status.CANCELLED)
        self.assertTrue(token.is_cancelled)

    def test_trace_has_every_iteration(self):
        solution = solve(trace=True)
        self.assertEqual(len(solution.trace), solution.iterations)
        self.assertEqual(list(solve().trace), [])

    def test_time_limit_returns_a_point(self):
        self.assertEqual(layerpeeled.solve(**self.ENDLESS, time_limit=0.1).status, Status.TIME_LIMIT)


class TargetTests(unittest.TestCase):
    TABLE = np.array([[8.0, 1, 0], [1, 8, 2], [1, 1, 5], [0, 3, 3]])

    class Sparse:
        """What scipy.sparse has, without it."""

        def __init__(self, table, layout):
            self.format, self.shape, self.has_canonical_format = layout, table.shape, True
            columns = table.T if layout == "csc" else table
            self.indptr = np.cumsum([0, *[np.count_nonzero(c) for c in columns]]).astype(np.int32)
            self.indices = np.concatenate([np.flatnonzero(c) for c in columns]).astype(np.int32)
            self.data = np.concatenate([c[c != 0] for c in columns])

    def test_targets_are_certified_and_have_the_loss_of_their_logits(self):
        solution = layerpeeled.solve_targets(self.TABLE, ew=1, eh=1)
        self.assertTrue(solution.is_optimal)
        logits = solution.Z
        shares = self.TABLE / self.TABLE.sum()
        losses = np.log(np.exp(logits).sum(axis=0)) - logits
        self.assertAlmostEqual((shares * losses).sum(), solution.objective, places=12)
        self.assertAlmostEqual(solution.objective - solution.entropy_floor, solution.excess, places=12)

    def test_sparse_tables_are_the_dense_one(self):
        expected = layerpeeled.solve_targets(self.TABLE, ew=1, eh=1).objective
        for layout in ("csc", "csr"):
            self.assertEqual(layerpeeled.solve_targets(self.Sparse(self.TABLE, layout), ew=1, eh=1).objective, expected)

    def test_real_sparse_tables_are_the_dense_one(self):
        try:
            import scipy.sparse
        except ImportError:
            self.skipTest("SciPy is not installed")
        expected = layerpeeled.solve_targets(self.TABLE, ew=1, eh=1).objective
        for kind in (scipy.sparse.csc_matrix, scipy.sparse.csr_matrix, scipy.sparse.coo_matrix):
            self.assertEqual(layerpeeled.solve_targets(kind(self.TABLE), ew=1, eh=1).objective, expected)

    def test_fortran_order_and_context_weights(self):
        weighted = layerpeeled.solve_targets(np.asfortranarray(self.TABLE), ew=1, eh=1, context_weights=self.TABLE.sum(axis=0))
        self.assertEqual(weighted.objective, layerpeeled.solve_targets(self.TABLE, ew=1, eh=1).objective)

    def test_diagnose_targets_of_the_optimum_gains_everything(self):
        solution = layerpeeled.solve_targets(self.TABLE, ew=1, eh=1)
        found = layerpeeled.diagnose_targets(self.TABLE, solution.W, solution.H)
        self.assertAlmostEqual(found.share_gained, 1, places=6)


class AnalysisTests(unittest.TestCase):
    def test_threshold_is_where_the_sweep_collapses(self):
        found = layerpeeled.threshold(5, 5, ew=1, eh=5)
        self.assertEqual(f"{found.ratio:.6f}", "12.192447")
        curve = layerpeeled.sweep([found.ratio * 0.99, found.ratio * 1.01], majority_classes=5, minority_classes=5, ew=1, eh=5)
        self.assertTrue(curve.is_optimal)
        self.assertEqual(list(curve.rows["collapsed"]), [0, 1])
        self.assertLess(curve.rows["classifier"]["minority_cosine"][0], 1 - 1e-6)
        back = layerpeeled.threshold(5, 5, ratio=found.ratio)
        self.assertAlmostEqual(back.budget_product, 5, places=9)

    def test_mitigate_rules_losses_and_the_weakest_power(self):
        rule = layerpeeled.Rule.custom([1] * 5 + [100] * 5, "mine")
        found = layerpeeled.mitigate(TWO_GROUPS, ew=1, eh=5, rules=[layerpeeled.Rule.none(), rule], losses=["la:tau=1"], weakest_power=True)
        self.assertEqual([row.kind for row in found], ["rule", "rule", "loss", "weakest power"])
        self.assertEqual(found[1].name, "mine")
        self.assertEqual(list(found[1].weights[:1] * 100), list(found[1].weights[5:6]))
        self.assertEqual(found[0].classes_below_critical_size, 5)
        self.assertTrue(found[3].separates and 0 < found[3].value < 1)
        self.assertTrue(found.solution(0).is_optimal)

    def test_compare_members(self):
        found = layerpeeled.compare([50, 50, 5, 5], ew=1, eh=5, members=["layer-peeled", "unconstrained-features"])
        self.assertEqual([member.kind for member in found], ["layer-peeled", "unconstrained-features"])
        self.assertAlmostEqual(found[0].objective, solve([50, 50, 5, 5]).objective, places=9)
        with self.assertRaisesRegex(ValueError, "members is 'no-such'; one of layer-peeled"):
            layerpeeled.compare([50, 50], ew=1, eh=5, members=["no-such"])

    def test_long_tail_methods_losses(self):
        self.assertEqual(list(layerpeeled.long_tail(3, 100, 100)), [100, 10, 1])
        self.assertIn("auto", layerpeeled.methods())
        self.assertTrue(any(name.startswith("cross-entropy") for name in layerpeeled.losses()))


class MemoryTests(unittest.TestCase):
    def test_pointers_in_structs_keep_their_arrays(self):
        from layerpeeled import _abi, _arrays
        network = _abi.lp_network()
        network.features = _arrays.pointer(_arrays.view(np.full((3, 2), 7.0)))
        gc.collect()
        view = network.features.contents
        self.assertEqual(ctypes.cast(view.data, ctypes.POINTER(ctypes.c_double))[5], 7.0)


if __name__ == "__main__":
    unittest.main()
