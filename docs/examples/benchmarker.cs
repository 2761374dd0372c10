#:project ../../src/LayerPeeled.Solver/LayerPeeled.Solver.csproj

// How good is a method of one's own? This program writes one, plain gradient descent with momentum on both budgets' spheres, and holds it against the methods of
// the library on the same long tail. What counts is the certificate, which knows nothing of the method: it is computed from W and H̄ alone.
using System.Diagnostics;
using LayerPeeled.Solver.Certificates;
using LayerPeeled.Solver.Model;
using LayerPeeled.Solver.Programs;
using LayerPeeled.Solver.Solvers;
using MathNet.Numerics.LinearAlgebra;

double[] counts = [.. Enumerable.Range(0, 10).Select(k => Math.Round(1000 * Math.Pow(100, -k / 9.0)))];
var model = LayerPeeledModel.FromClassCounts(counts, classifierBudget: 1, featureBudget: 5);
double[] gaps = [1e-2, 1e-4, 1e-6, 1e-8];

Console.WriteLine("iterations until the gap is     " + string.Concat(gaps.Select(gap => $"{gap,8:0e0}")) + "  final gap");
foreach (string name in new[] { "reduced", "low-rank", "nuclear-norm", "projected-gradient" })
{
    SolverEntry entry = SolverCatalog.Find(name)!;
    string row = "";
    double last = 1;
    foreach (double gap in gaps)
    {
        LayerPeeledSolution solution = entry.Create(entry.Defaults with { RelativeGapTolerance = gap, MaxIterations = 20_000 }).Solve(model);
        row += solution.Status == SolverStatus.Optimal ? $"{solution.Iterations,8}" : "       -";
        last = solution.Certificate.RelativeGap;
    }

    Console.WriteLine($"{name,-32}{row}  {last:0e-0}");
}

(string ownRow, double ownGap) = Descend(model, gaps, step: 0.5, momentum: 0.9, iterations: 20_000);
Console.WriteLine($"{"momentum on the spheres (own)",-32}{ownRow}  {ownGap:0e-0}");

// x ← retract(x + v), v ← μ·v − η·∇f(x), for x = (W, H̄), each scaled back to the norm that its budget allows.
static (string Row, double Gap) Descend(LayerPeeledModel model, double[] gaps, double step, double momentum, int iterations)
{
    int classes = model.ClassCount;
    double share = 1 / model.EffectiveTotal;
    var start = new Random(1);
    Matrix<double> w = OnSphere(Matrix<double>.Build.Dense(classes, classes, (_, _) => start.NextDouble() - 0.5), model.ClassifierBudget);
    Matrix<double> h = OnSphere(Matrix<double>.Build.Dense(classes, classes, (_, _) => start.NextDouble() - 0.5), model.FeatureBudget);
    Matrix<double> speedW = Matrix<double>.Build.Dense(classes, classes), speedH = speedW.Clone();
    string row = "";
    double gap = 1;
    for (int iteration = 1, reached = 0; iteration <= iterations && reached < gaps.Length; iteration++)
    {
        // ∂f/∂z_jk = ω_k·(softmax(z_k)_j − [j = k])
        Matrix<double> slope = w * h;
        for (int k = 0; k < classes; k++)
        {
            Vector<double> logits = slope.Column(k);
            Vector<double> p = (logits - logits.Maximum()).PointwiseExp();
            p /= p.Sum();
            p[k] -= 1;
            slope.SetColumn(k, p * (share * model.Groups[model.GroupOfClass[k]].Count));
        }

        speedW = (momentum * speedW) - (step * (slope * h.Transpose()));
        speedH = (momentum * speedH) - (step * (w.Transpose() * slope));
        w = OnSphere(w + speedW, model.ClassifierBudget);
        h = OnSphere(h + speedH, model.FeatureBudget);
        if (iteration % 10 == 0)
        {
            gap = DualityGap.Certify(model, w, h).RelativeGap;
            for (; reached < gaps.Length && gap <= gaps[reached]; reached++)
            {
                row += $"{iteration,8}";
            }
        }
    }

    return (row.PadRight(8 * gaps.Length), gap);
}

static Matrix<double> OnSphere(Matrix<double> vectors, double budget) => vectors * Math.Sqrt(vectors.RowCount * budget) / vectors.FrobeniusNorm();
