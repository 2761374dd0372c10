"""Metrics and diagnosis straight from arrays."""
import subprocess
import sys
import unittest

import numpy as np

import layerpeeled

COUNTS = [60, 60, 60, 6, 6]
LABELS = np.repeat(np.arange(5), COUNTS)


def network(noise=0.05):
    solution = layerpeeled.solve(COUNTS, ew=1, eh=5)
    features = solution.H.T[LABELS] + noise * np.random.default_rng(0).standard_normal((len(LABELS), 5))
    return features, solution.W


class Tensor:
    """What a tensor of PyTorch has, without it."""

    def __init__(self, array):
        self.array = array

    def detach(self):
        return self

    def __array__(self, dtype=None, copy=None):
        return self.array


class Capsule:
    """An array that speaks nothing but DLPack."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


class NetworkTests(unittest.TestCase):
    def test_diagnose_of_the_optimum_finds_it(self):
        features, weight = network(noise=0)
        diagnosis = layerpeeled.diagnose(features, LABELS, weight, global_mean="none")
        self.assertEqual(diagnosis.status, layerpeeled.Status.OPTIMAL)
        self.assertAlmostEqual(diagnosis.ew, 1, places=6)
        # The optimum at its own budgets is itself.
        for group in diagnosis.groups:
            self.assertAlmostEqual(group.measured_classifier_norms.mean, group.predicted_classifier_norms.mean, places=6)
            self.assertAlmostEqual(group.measured_mean_cosines.mean, group.predicted_mean_cosines.mean, places=6)
        self.assertEqual(len(diagnosis.groups), 2)
        self.assertEqual(diagnosis.solution.status, layerpeeled.Status.OPTIMAL)

    def test_metrics_are_those_of_numpy(self):
        features, weight = network()
        measured = layerpeeled.metrics(features, LABELS, weight)
        means = np.stack([features[LABELS == k].mean(axis=0) for k in range(5)])
        np.testing.assert_allclose(measured.class_means.T, means, atol=1e-12)
        np.testing.assert_allclose(measured.sample_mean, features.mean(axis=0), atol=1e-12)
        within = sum(((features[LABELS == k] - means[k]) ** 2).sum() for k in range(5)) / len(LABELS)
        self.assertAlmostEqual(measured.within_trace, within, places=12)
        self.assertAlmostEqual(measured.classifier_budget, (weight ** 2).sum() / 5, places=12)
        accuracy = (features @ weight.T).argmax(axis=1) == LABELS
        self.assertAlmostEqual(measured.classifier_accuracy, accuracy.mean(), places=12)
        self.assertEqual([c.count for c in measured.classes], COUNTS)

    def test_any_layout_gives_the_same_numbers(self):
        features, weight = network()
        expected = layerpeeled.metrics(features, LABELS, weight).metrics
        wide = np.zeros((len(LABELS), 10))
        wide[:, ::2] = features
        for other in (np.asfortranarray(features), wide[:, ::2], features[::-1][::-1], features[:, :, None, None], Tensor(features), Capsule(features)):
            found = layerpeeled.metrics(other, LABELS, weight).metrics
            self.assertEqual(found.nc1_pseudo_inverse, expected.nc1_pseudo_inverse)
            self.assertEqual(found.nc4_disagreement, expected.nc4_disagreement)

    def test_single_precision_is_that_of_its_numbers(self):
        features, weight = network()
        single = features.astype(np.float32)
        self.assertEqual(layerpeeled.metrics(single, LABELS, weight).within_trace, layerpeeled.metrics(single.astype(np.float64), LABELS, weight).within_trace)

    def test_labels_as_numbers_names_and_one_hot_are_the_same(self):
        features, weight = network()
        expected = layerpeeled.metrics(features, LABELS, weight).within_trace
        names = np.array(["ant", "bee", "cat", "dog", "emu"])
        for labels in (LABELS.astype(np.int32), LABELS.astype(np.uint8), LABELS.astype(float), np.eye(5)[LABELS], names[LABELS], Tensor(LABELS), list(LABELS)):
            self.assertEqual(layerpeeled.metrics(features, labels, weight).within_trace, expected)
        measured = layerpeeled.diagnose(features, names[LABELS], weight[::-1], class_labels=names[::-1]).measurement
        self.assertEqual([c.name for c in measured.classes], list(names[::-1]))
        self.assertEqual(measured.within_trace, expected)

    def test_bad_arrays_are_named(self):
        features, weight = network()
        for arguments, message in (
            ((features[:-1], LABELS, weight), "(?i)label|feature|sample|row"),
            ((features, LABELS + 0.5, weight), "labels has numbers that are not whole"),
            ((features, LABELS, weight[:, :4]), "(?i)weight|column|dimension"),
            ((np.stack([features, features]), LABELS, weight), r"features has the shape \(2, 192, 5\); a matrix is expected"),
            ((features, np.ones((len(LABELS), 5)), weight), "is not one-hot"),
            ((np.array([object()]), LABELS, weight), "features"),
        ):
            with self.subTest(message), self.assertRaisesRegex(layerpeeled.LayerPeeledError, message):
                layerpeeled.metrics(*arguments)

    def test_family_of_a_network_and_of_a_classifier_alone(self):
        features, weight = network()
        diagnosis = layerpeeled.diagnose(features, LABELS, weight)
        family = layerpeeled.diagnose_family(diagnosis, families="layer-peeled")
        self.assertTrue(family.members and family.verdict)
        self.assertTrue(family.solution().is_optimal)
        alone = layerpeeled.diagnose_family((COUNTS, weight), families="layer-peeled")
        self.assertLess(alone.members[0].misfit.total, 0.01)

    def test_features_are_not_copied_whole(self):
        # 10 000 x 512 in single precision: 20 MB; in a process of its own, as the peak of memory never falls.
        program = """
import resource, numpy as np, layerpeeled
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
rng = np.random.default_rng(0)
labels = np.repeat(np.arange(10), 100)
layerpeeled.diagnose(rng.standard_normal((1000, 512), np.float32), labels, rng.standard_normal((10, 512), np.float32))
features = np.empty((40_000, 512), np.float32)
for block in np.split(features, 40):
    block[:] = rng.standard_normal(block.shape, np.float32)
weight, labels = rng.standard_normal((10, 512), np.float32), np.arange(40_000) % 10
before = peak()
layerpeeled.diagnose(features, labels, weight)
print((peak() - before) / features.nbytes)
"""
        share = float(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout)
        self.assertLess(share, 1)

    def test_torch_tensors_are_read(self):
        try:
            import torch
        except ImportError:
            self.skipTest("PyTorch is not installed")
        features, weight = network()
        found = layerpeeled.metrics(torch.from_numpy(features).requires_grad_(), torch.from_numpy(LABELS), torch.nn.Parameter(torch.from_numpy(weight.copy())))
        self.assertEqual(found.within_trace, layerpeeled.metrics(features, LABELS, weight).within_trace)


class PlotTests(unittest.TestCase):
    def test_figures_are_drawn(self):
        try:
            import matplotlib
        except ImportError:
            self.skipTest("matplotlib is not installed")
        matplotlib.use("Agg")
        from layerpeeled import plot
        features, weight = network()
        curve = layerpeeled.sweep([2, 10, 50], majority_classes=5, minority_classes=5, ew=1, eh=5)
        axes = plot.cosines(layerpeeled.solve(COUNTS, ew=1, eh=5))
        self.assertEqual(axes.images[0].get_array().shape, (2, 2))
        axes = plot.sweep(curve, threshold=12.19)
        np.testing.assert_array_equal(axes.lines[1].get_ydata(), curve.rows["classifier"]["minority_cosine"])
        axes = plot.diagnosis(layerpeeled.diagnose(features, LABELS, weight))
        self.assertEqual(axes.get_xscale(), "log")


if __name__ == "__main__":
    unittest.main()
