using MathNet.Numerics.LinearAlgebra;

namespace LayerPeeled.Solver.Tests.Support;

/// <summary>
/// The optimum of two groups by Newton's method on its four scalars, independent of the library, where losses are so small that log(1 + x) = x:
/// Z = a_A·Π_A + a_B·Π_B + u·vᵀ, so that f = Σ_i w_i·exp(−ℓ_i) with four linear ℓ_i, over (K_A − 1)a_A + (K_B − 1)a_B + ‖v‖ = r.
/// </summary>
internal static class TwoGroupOptimum
{
    /// <summary>log f at the optimum.</summary>
    public static double LogObjective(int majority, int minority, double majorityCount, double minorityCount, double budgetProduct)
    {
        double ka = majority, kb = minority, k = ka + kb, r = k * Math.Sqrt(budgetProduct), u = Math.Sqrt(ka * kb / k), gap = u * ((1 / ka) + (1 / kb));
        double total = (ka * majorityCount) + (kb * minorityCount);
        double[] logWeights =
        [
            Math.Log(ka * majorityCount * (ka - 1) / total), Math.Log(ka * majorityCount * kb / total),
            Math.Log(kb * minorityCount * (kb - 1) / total), Math.Log(kb * minorityCount * ka / total),
        ];
        Matrix<double> slopes = Matrix<double>.Build.DenseOfArray(new[,]
        {
            { 1, 0, 0, 0 }, { 1 - (1 / ka), 0, gap, 0 }, { 0, 1, 0, 0 }, { 0, 1 - (1 / kb), 0, gap },
        });
        // from the balanced optimum
        double margin = r / (k - 1), multiplier = 0, value = 0;
        Vector<double> x = Vector<double>.Build.Dense([margin, margin, margin * u / ka, margin * u / kb]);
        for (int step = 0; step < 100; step++)
        {
            Vector<double> terms = Vector<double>.Build.Dense(logWeights) - (slopes * x);
            double top = terms.Maximum();
            Vector<double> shares = (terms - top).PointwiseExp();
            value = top + Math.Log(shares.Sum());
            shares /= shares.Sum();
            Vector<double> gradient = -slopes.TransposeThisAndMultiply(shares);
            Matrix<double> hessian = slopes.TransposeThisAndMultiply(Matrix<double>.Build.DenseOfDiagonalVector(shares) - shares.OuterProduct(shares)) * slopes;
            double norm = Math.Sqrt((ka * x[2] * x[2]) + (kb * x[3] * x[3]));
            Vector<double> normal = Vector<double>.Build.Dense([ka - 1, kb - 1, ka * x[2] / norm, kb * x[3] / norm]);
            Vector<double> across = Vector<double>.Build.Dense([0, 0, ka * x[2], kb * x[3]]);
            Matrix<double> curvature = (Matrix<double>.Build.DenseOfDiagonalArray([0, 0, ka, kb]) / norm) - (across.OuterProduct(across) / Math.Pow(norm, 3));
            multiplier = step == 0 ? -(gradient * x) / r : multiplier;
            Matrix<double> system = Matrix<double>.Build.Dense(5, 5);
            system.SetSubMatrix(0, 0, hessian + (multiplier * curvature));
            system.SetSubMatrix(0, 4, normal.ToColumnMatrix());
            system.SetSubMatrix(4, 0, normal.ToRowMatrix());
            Vector<double> residual = Vector<double>.Build.Dense(5);
            residual.SetSubVector(0, 4, -gradient - (multiplier * normal));
            residual[4] = r - ((ka - 1) * x[0]) - ((kb - 1) * x[1]) - norm;
            Vector<double> change = system.Solve(residual);
            double length = Math.Min(1, 2 / change.SubVector(0, 4).AbsoluteMaximum());
            x += length * change.SubVector(0, 4);
            multiplier += length * change[4];
        }

        return value;
    }
}
